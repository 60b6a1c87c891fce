//! What a vault refuses, and why: its rules and its messages have one list of errors.

use crate::splits::SplitsError;

/// Why a vault refused. Nothing has changed when one of these is returned.
///
/// Amounts are in planck, or in smallest units where the tier or the message is about a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "codec", derive(parity_scale_codec::Decode))]
#[cfg_attr(all(feature = "codec", feature = "std"), derive(scale_info::TypeInfo))]
pub enum VaultError {
    /// Only the owner may do that.
    NotOwner,
    /// There is no tier with that number.
    UnknownTier,
    /// A tier's price must be from 1 to `most`.
    PriceOutOfRange { most: u128 },
    /// A tier's period must be from `least` to `most` ms.
    PeriodOutOfRange { least: u64, most: u64 },
    /// A tier's level must be at least 1: level 0 is what someone without a subscription has.
    ZeroLevel,
    /// A tier needs at least one seat, or no limit.
    ZeroSeats,
    /// A URI is at most `most` bytes long.
    UriTooLong { most: u32 },
    /// A vault can have at most `most` tiers, or at most `most` to begin with.
    TooManyTiers { most: u32 },
    /// The splits of the income are not valid.
    Splits(SplitsError),
    /// A memo is at most `most` bytes long.
    MemoTooLong { most: u32 },
    /// That needs an amount, or a token that was asked for some delivered nothing.
    NothingSent,
    /// The price is now `price` per period, which is above the caller's limit.
    PriceTooHigh { price: u128 },
    /// At least `least` must be paid, so that with what is carried over it is one period.
    PaymentTooSmall { least: u128 },
    /// Nobody can pay ahead for more than 100 years: `most` can be paid now, beside what was paid before. With 0 there is
    /// more to carry over than the tier can take.
    PaymentTooLarge { most: u128 },
    /// The fan has a subscription that is paid for and runs until `until` (ms).
    AlreadySubscribed { until: u64 },
    /// All seats of the tier are held.
    SoldOut,
    /// The fan has no subscription that this could be done to.
    NotSubscribed,
    /// There is nothing that the caller can take now.
    NothingToClaim,
    /// The chain refused to transfer, for example an amount below the existential deposit to an account that does not
    /// exist yet.
    TransferFailed,
    /// A number would be too large for the vault to count.
    Overflow,
    /// The vault takes no new money now.
    Paused,
    /// Money was sent where tokens are asked for, or tokens were named where money is: the tier says what it is paid in.
    WrongAsset,
    /// The token refused, trapped, or gave an answer that is none.
    TokenFailed,
    /// The tier takes no new subscriptions.
    TierClosed,
    /// A grant has to end later than now.
    EndsInPast,
    /// The subscription's seat can be freed from `from` (ms) on.
    NotExpired { from: u64 },
    /// Earnings of `tier` from before today would change owners: `collect` them first.
    CollectFirst { tier: u32 },
    /// The splits are locked until `until` (ms). A lock can be made longer only.
    SplitsLocked { until: u64 },
    /// The vault was created without a creator token.
    NoToken,
    /// A cooldown is at most `most` ms.
    CooldownTooLong { most: u64 },
    /// From 1 to `staked` smallest units can be unstaked.
    InsufficientStake { staked: u128 },
    /// What was unstaked can be taken out from `ready` (ms) on.
    CoolingDown { ready: u64 },
    /// Only the proposed owner may accept.
    NotProposed,
    /// The fan's subscription is in `tier`, and another one was named.
    OtherTier { tier: u32 },
    /// A minimum stay is at most one period of the tier, which is `most` ms.
    MinimumStayTooLong { most: u64 },
}

impl From<SplitsError> for VaultError {
    fn from(error: SplitsError) -> Self {
        Self::Splits(error)
    }
}

#[cfg(feature = "codec")]
impl VaultError {
    /// Its number on the wire: its place in the list.
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
            Self::NotProposed => 32,
            Self::OtherTier { .. } => 33,
            Self::MinimumStayTooLong { .. } => 34,
        }
    }
}

/// As derived, in half of the code: what is written after the number is there once for each type.
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
    use parity_scale_codec::{Decode, Encode};

    /// Decoding is derived, so it knows each number and each field by the definition alone.
    #[test]
    fn every_error_is_written_as_the_derived_decoder_reads_it() {
        // No variant has more behind its number than this.
        let fields = [0xa5; 16];
        let mut seen = 0;
        for number in 0..=u8::MAX {
            let bytes = [&[number][..], &fields[..]].concat();
            // The one field that is an enum has no variant 0xa5.
            for second in [0xa5, 0, 1, 2, 3] {
                let mut bytes = bytes.clone();
                bytes[1] = second;
                let mut rest = &bytes[..];
                let Ok(error) = VaultError::decode(&mut rest) else { continue };
                assert_eq!(error.encode(), bytes[..bytes.len() - rest.len()], "{error:?}");
                seen += 1;
            }
        }
        // Five ways to fill the fields of each of 34, and four of the one that is an enum.
        assert_eq!(seen, 34 * 5 + 4);
    }
}
