use super::TierId;
use crate::{patronage::PayError, Timestamp};
use patronage_core::{
    splits::SplitsError,
    streams::{StreamError, MAX_DURATION, MAX_PRICE, MIN_PERIOD},
    tiers::TierError,
};

/// Why a vault refused. Nothing has changed when one of these is returned.
///
/// Amounts are in planck, or in smallest units where the tier or the message is about a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
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
    AlreadySubscribed { until: Timestamp },
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
    NotExpired { from: Timestamp },
    /// Earnings of `tier` from before today would change owners: `collect` them first.
    CollectFirst { tier: TierId },
    /// The splits are locked until `until` (ms). A lock can be made longer only.
    SplitsLocked { until: Timestamp },
    /// The vault was created without a creator token.
    NoToken,
    /// A cooldown is at most `most` ms.
    CooldownTooLong { most: u64 },
    /// From 1 to `staked` smallest units can be unstaked.
    InsufficientStake { staked: u128 },
    /// What was unstaked can be taken out from `ready` (ms) on.
    CoolingDown { ready: Timestamp },
    /// Only the proposed owner may accept.
    NotProposed,
}

impl From<SplitsError> for VaultError {
    fn from(error: SplitsError) -> Self {
        Self::Splits(error)
    }
}

impl From<TierError> for VaultError {
    fn from(error: TierError) -> Self {
        match error {
            TierError::PriceOutOfRange => Self::PriceOutOfRange { most: MAX_PRICE },
            TierError::PeriodOutOfRange => Self::PeriodOutOfRange { least: MIN_PERIOD, most: MAX_DURATION },
            TierError::ZeroLevel => Self::ZeroLevel,
            TierError::ZeroSeats => Self::ZeroSeats,
            TierError::SoldOut => Self::SoldOut,
            TierError::Closed => Self::TierClosed,
            TierError::PriceTooHigh { price } => Self::PriceTooHigh { price },
            TierError::Payment(StreamError::PaymentTooSmall { least }) => Self::PaymentTooSmall { least },
            TierError::Payment(StreamError::PaymentTooLarge { most }) => Self::PaymentTooLarge { most },
            TierError::EndsInPast => Self::EndsInPast,
            TierError::TooMany => Self::Overflow,
        }
    }
}

impl From<VaultError> for PayError {
    /// For the few that a payment can meet.
    fn from(error: VaultError) -> Self {
        match error {
            VaultError::NothingSent => Self::NothingSent,
            VaultError::Paused => Self::Paused,
            _ => Self::Overflow,
        }
    }
}
