//! Errors of the token and of the vault. Rules and messages share one list for each contract.

use crate::{sale::TermsError, splits::SplitsError};

/// Why a message of the token failed. Nothing has changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "codec", derive(parity_scale_codec::Decode))]
#[cfg_attr(all(feature = "codec", feature = "std"), derive(scale_info::TypeInfo))]
pub enum TokenError {
    /// The terms of the token are not valid, or a fee would rise.
    InvalidTerms(TermsError),
    /// The owner has suspended buying.
    Paused,
    /// More tokens are asked for than are left below the cap, or none are left.
    CapReached {
        /// Smallest units that are left.
        available: u128,
    },
    /// The money buys fewer tokens than demanded, or none.
    TooFewTokens {
        /// Smallest units that it buys now.
        tokens: u128,
    },
    /// The tokens cost more than was sent.
    PaymentTooSmall {
        /// Price of the tokens now, in planck, fee included.
        least: u128,
    },
    /// Buyer or recipient would exceed the limit of the launch guard.
    LaunchLimit {
        /// Smallest units that this account can still buy until the guard ends.
        room: u128,
    },
    /// The referrer is the buyer or the recipient.
    SelfReferral,
    /// Insufficient balance.
    InsufficientBalance {
        /// Balance in smallest units, after the transfers before if there are several.
        balance: u128,
    },
    /// Selling pays less than demanded, or nothing.
    PayoutTooLow {
        /// Planck that it pays now.
        payout: u128,
    },
    /// The caller has nothing to claim.
    NothingToClaim,
    /// The chain refused the transfer.
    TransferFailed,
    /// The times of the schedule are out of order or more than 100 years ahead, or there are no tokens.
    InvalidSchedule,
    /// The caller already has a vesting for this beneficiary.
    AlreadyVesting,
    /// No tokens to release.
    NothingToRelease,
    /// Only the owner can do that.
    NotOwner,
    /// The launch guard has not ended, so its counts are still needed.
    GuardActive,
}

impl From<TermsError> for TokenError {
    fn from(error: TermsError) -> Self {
        Self::InvalidTerms(error)
    }
}

#[cfg(feature = "codec")]
impl TokenError {
    /// The number of the variant in SCALE: its position.
    fn number(&self) -> u8 {
        match self {
            Self::InvalidTerms(_) => 0,
            Self::Paused => 1,
            Self::CapReached { .. } => 2,
            Self::TooFewTokens { .. } => 3,
            Self::PaymentTooSmall { .. } => 4,
            Self::LaunchLimit { .. } => 5,
            Self::SelfReferral => 6,
            Self::InsufficientBalance { .. } => 7,
            Self::PayoutTooLow { .. } => 8,
            Self::NothingToClaim => 9,
            Self::TransferFailed => 10,
            Self::InvalidSchedule => 11,
            Self::AlreadyVesting => 12,
            Self::NothingToRelease => 13,
            Self::NotOwner => 14,
            Self::GuardActive => 15,
        }
    }
}

/// Encodes as the derived implementation does, in half of the code: fields of the same type share one branch.
#[cfg(feature = "codec")]
impl parity_scale_codec::Encode for TokenError {
    fn encode_to<T: parity_scale_codec::Output + ?Sized>(&self, to: &mut T) {
        to.push_byte(self.number());
        match self {
            Self::CapReached { available: value }
            | Self::TooFewTokens { tokens: value }
            | Self::PaymentTooSmall { least: value }
            | Self::LaunchLimit { room: value }
            | Self::InsufficientBalance { balance: value }
            | Self::PayoutTooLow { payout: value } => value.encode_to(to),
            Self::InvalidTerms(error) => error.encode_to(to),
            _ => {}
        }
    }
}

#[cfg(feature = "codec")]
impl parity_scale_codec::EncodeLike for TokenError {}

/// Why a message of the vault failed. Nothing has changed.
///
/// Amounts are in planck, or in smallest units if the tier or the message is about a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "codec", derive(parity_scale_codec::Decode))]
#[cfg_attr(all(feature = "codec", feature = "std"), derive(scale_info::TypeInfo))]
pub enum VaultError {
    /// Only the owner can do that.
    NotOwner,
    /// There is no tier with that number.
    UnknownTier,
    /// The price of a tier is 0 or exceeds `most`.
    PriceOutOfRange {
        /// The greatest value that is valid.
        most: u128,
    },
    /// The period of a tier is below `least` or above `most` ms.
    PeriodOutOfRange {
        /// The smallest value that is valid.
        least: u64,
        /// The greatest value that is valid.
        most: u64,
    },
    /// The level of a tier is 0, which means "not subscribed".
    ZeroLevel,
    /// A tier has no seats. For no limit, `seats` is `None`.
    ZeroSeats,
    /// A URI is longer than `most` bytes.
    UriTooLong {
        /// The greatest value that is valid.
        most: u32,
    },
    /// A vault can have at most `most` tiers, now or at its creation.
    TooManyTiers {
        /// The greatest value that is valid.
        most: u32,
    },
    /// The splits are not valid.
    Splits(SplitsError),
    /// A memo is longer than `most` bytes.
    MemoTooLong {
        /// The greatest value that is valid.
        most: u32,
    },
    /// No money was sent, or the token transferred nothing.
    NothingSent,
    /// The price is `price` per period, above the caller's limit.
    PriceTooHigh {
        /// The price now.
        price: u128,
    },
    /// At least `least` must be paid, so that together with the carried amount it lasts for one period.
    PaymentTooSmall {
        /// The smallest value that is valid.
        least: u128,
    },
    /// At most `most` can be paid now, as nobody can pay for more than 100 years ahead. With 0 already the carried amount
    /// exceeds that.
    PaymentTooLarge {
        /// The greatest value that is valid.
        most: u128,
    },
    /// The fan has a paid subscription that runs until `until` (ms).
    AlreadySubscribed {
        /// Time of the end, in ms.
        until: u64,
    },
    /// All seats of the tier are held.
    SoldOut,
    /// The fan has no subscription of the required kind.
    NotSubscribed,
    /// The caller has nothing to claim.
    NothingToClaim,
    /// The chain refused the transfer. For example, the amount is below the existential deposit and the account does not
    /// exist.
    TransferFailed,
    /// A number would overflow.
    Overflow,
    /// The vault accepts no new money now.
    Paused,
    /// Money was sent for a tier in tokens, or tokens were named for a tier in native money.
    WrongAsset,
    /// The token refused, trapped, or returned malformed data.
    TokenFailed,
    /// The tier accepts no new subscriptions.
    TierClosed,
    /// The end of a grant is not in the future.
    EndsInPast,
    /// The seat can be freed from `from` (ms) on.
    NotExpired {
        /// From when on, in ms.
        from: u64,
    },
    /// Earnings of `tier` from before today would go to other recipients: call `collect` first.
    CollectFirst {
        /// Number of the tier.
        tier: u32,
    },
    /// The splits are locked until `until` (ms). A lock can only be extended.
    SplitsLocked {
        /// Time of the end, in ms.
        until: u64,
    },
    /// The vault was created without a creator token.
    NoToken,
    /// A cooldown is longer than `most` ms.
    CooldownTooLong {
        /// The greatest value that is valid.
        most: u64,
    },
    /// The amount to unstake is 0 or exceeds the stake of `staked` smallest units.
    InsufficientStake {
        /// The whole stake, in smallest units.
        staked: u128,
    },
    /// The unstaked tokens can be withdrawn from `ready` (ms) on.
    CoolingDown {
        /// From when on, in ms.
        ready: u64,
    },
    /// The fan's subscription is in `tier`, not in the named tier.
    OtherTier {
        /// Number of the tier.
        tier: u32,
    },
    /// The minimum stay is longer than one period, which is `most` ms.
    MinimumStayTooLong {
        /// The greatest value that is valid.
        most: u64,
    },
    /// Stakers can have a part of the income only in a vault that was created with a creator token, as nobody can stake in others.
    NothingToStake,
}

impl From<SplitsError> for VaultError {
    fn from(error: SplitsError) -> Self {
        Self::Splits(error)
    }
}

#[cfg(feature = "codec")]
impl VaultError {
    /// The number of the variant in SCALE: its position.
    fn number(&self) -> u8 {
        match self {
            Self::NotOwner => 0,
            Self::UnknownTier => 1,
            Self::PriceOutOfRange { .. } => 2,
            Self::PeriodOutOfRange { .. } => 3,
            Self::ZeroLevel => 4,
            Self::ZeroSeats => 5,
            Self::UriTooLong { .. } => 6,
            Self::TooManyTiers { .. } => 7,
            Self::Splits(_) => 8,
            Self::MemoTooLong { .. } => 9,
            Self::NothingSent => 10,
            Self::PriceTooHigh { .. } => 11,
            Self::PaymentTooSmall { .. } => 12,
            Self::PaymentTooLarge { .. } => 13,
            Self::AlreadySubscribed { .. } => 14,
            Self::SoldOut => 15,
            Self::NotSubscribed => 16,
            Self::NothingToClaim => 17,
            Self::TransferFailed => 18,
            Self::Overflow => 19,
            Self::Paused => 20,
            Self::WrongAsset => 21,
            Self::TokenFailed => 22,
            Self::TierClosed => 23,
            Self::EndsInPast => 24,
            Self::NotExpired { .. } => 25,
            Self::CollectFirst { .. } => 26,
            Self::SplitsLocked { .. } => 27,
            Self::NoToken => 28,
            Self::CooldownTooLong { .. } => 29,
            Self::InsufficientStake { .. } => 30,
            Self::CoolingDown { .. } => 31,
            Self::OtherTier { .. } => 32,
            Self::MinimumStayTooLong { .. } => 33,
            Self::NothingToStake => 34,
        }
    }
}

/// Encodes as the derived implementation does, in half of the code: fields of the same type share one branch.
#[cfg(feature = "codec")]
impl parity_scale_codec::Encode for VaultError {
    fn encode_to<T: parity_scale_codec::Output + ?Sized>(&self, to: &mut T) {
        to.push_byte(self.number());
        match self {
            Self::PriceOutOfRange { most: value }
            | Self::PriceTooHigh { price: value }
            | Self::PaymentTooSmall { least: value }
            | Self::PaymentTooLarge { most: value }
            | Self::InsufficientStake { staked: value } => value.encode_to(to),
            Self::AlreadySubscribed { until: value }
            | Self::NotExpired { from: value }
            | Self::SplitsLocked { until: value }
            | Self::CooldownTooLong { most: value }
            | Self::CoolingDown { ready: value }
            | Self::MinimumStayTooLong { most: value } => value.encode_to(to),
            Self::UriTooLong { most: value }
            | Self::TooManyTiers { most: value }
            | Self::MemoTooLong { most: value }
            | Self::CollectFirst { tier: value }
            | Self::OtherTier { tier: value } => value.encode_to(to),
            Self::PeriodOutOfRange { least, most } => (least, most).encode_to(to),
            Self::Splits(error) => error.encode_to(to),
            _ => {}
        }
    }
}

#[cfg(feature = "codec")]
impl parity_scale_codec::EncodeLike for VaultError {}

#[cfg(all(test, feature = "codec"))]
mod tests {
    use super::*;
    use ink_lite::testing::assert_variants_written;
    use parity_scale_codec::{Decode, Encode};

    /// Decoding is derived, so it knows each number and each field from the definition alone.
    #[test]
    fn every_error_is_written_as_the_derived_decoder_reads_it() {
        let vault = assert_variants_written(|bytes| VaultError::decode(bytes).ok(), Encode::encode);
        assert!(vault.into_iter().eq(0..35));
        let token = assert_variants_written(|bytes| TokenError::decode(bytes).ok(), Encode::encode);
        assert!(token.into_iter().eq(0..16));
        let terms = assert_variants_written(|bytes| TermsError::decode(bytes).ok(), Encode::encode);
        assert!(terms.into_iter().eq(0..8));
    }
}
