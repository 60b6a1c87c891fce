//! The patronage vault: tips, streaming subscriptions and the income of a creator and collaborators.
//!
//! [`PatronageVault`] is what fans, creators and collaborators do with this suite's vault. What other contracts ask of a vault
//! is [`Patronage`](crate::patronage::Patronage), which it implements too.

use crate::{AccountId, Balance, Timestamp};
use ink::prelude::vec::Vec;
pub use patronage_core::{
    splits::{Share, SplitsError},
    streams::Sweep,
};
use patronage_core::{
    streams::{StreamError, MAX_DURATION, MAX_PRICE, MIN_PERIOD},
    tiers::TierError,
};

/// Number of a tier in its vault, counted from 0.
pub type TierId = u32;

/// Greatest length of a tip's memo and of a tier's URI, in bytes.
pub const MAX_TEXT: u32 = 256;

/// Most tiers that a vault is created with; the owner can add more later, one at a time.
pub const MAX_INITIAL_TIERS: u32 = 16;

/// What is held, earned and claimed is counted for each asset on its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
pub enum Asset {
    /// The chain's own token, in planck.
    Native,
    /// The PSP22 token of this contract, in its smallest units.
    Psp22(AccountId),
}

/// Terms on which a tier is offered.
#[derive(Debug, Clone, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
pub struct TierTerms {
    /// Price of one period, in planck: at least 1 and below 2^96.
    pub price: u128,
    /// Length of a period in ms, from a minute to 100 years. It never changes.
    pub period: u64,
    /// What a subscriber of the tier is on the creator's scale, from 1; access rules ask for "at least level L". It never
    /// changes.
    pub level: u8,
    /// How many fans can hold the tier at once; `None` for no limit. A seat is held until its subscription is cancelled or
    /// replaced, also when it has expired.
    pub seats: Option<u32>,
    /// Where the tier is described to people (UTF-8, at most 256 bytes); may be empty.
    pub uri: Vec<u8>,
}

/// A tier as it is now.
#[derive(Debug, Clone, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
pub struct Tier {
    /// Terms that the next subscription gets.
    pub terms: TierTerms,
    /// Seats that are held now.
    pub taken: u32,
    /// Subscriptions, running or ended, whose end `collect` has not yet swept; 0 means that nothing is left to sweep.
    pub unswept: u32,
    /// `collect` has swept everything that ended before this time, in ms.
    pub swept_until: Timestamp,
}

/// A fan's subscription, running or expired.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
pub struct Subscription {
    /// Tier that it is for.
    pub tier: TierId,
    /// Price of one period that the fan agreed to, in planck.
    pub price: u128,
    /// All that was paid for it, in planck.
    pub paid: u128,
    /// When it began, in ms.
    pub since: Timestamp,
    /// The first millisecond in which it does not run.
    pub until: Timestamp,
}

/// Everything a vault owes in one asset. It holds at least [`Obligations::total`] of it, always.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
pub struct Obligations {
    /// Paid for subscriptions and neither refunded nor collected: all refunds, and what is earned but not yet collected.
    pub streams: u128,
    /// Income that its recipients have not claimed yet.
    pub unclaimed: u128,
}

impl Obligations {
    /// The sum of all that is owed.
    pub fn total(&self) -> u128 {
        // The parts are counted with checked arithmetic from money that really came in, which one u128 can count.
        self.streams.saturating_add(self.unclaimed)
    }
}

/// Terms on which a vault is created.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
pub struct VaultTerms {
    /// Who gets which part of the income: at most 16 recipients, parts in basis points that sum to 10,000. Empty for "all
    /// to the owner".
    pub splits: Vec<Share<AccountId>>,
    /// The first tiers, at most 16.
    pub tiers: Vec<TierTerms>,
}

/// Why a vault refused. Nothing has changed when one of these is returned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
pub enum VaultError {
    /// Only the owner may do that.
    NotOwner,
    /// There is no tier with that number.
    UnknownTier,
    /// A tier's price must be from 1 to `most` planck.
    PriceOutOfRange { most: u128 },
    /// A tier's period must be from `least` to `most` ms.
    PeriodOutOfRange { least: u64, most: u64 },
    /// A tier's level must be at least 1: level 0 is what someone without a subscription has.
    ZeroLevel,
    /// A tier needs at least one seat, or no limit.
    ZeroSeats,
    /// A URI is at most `most` bytes long.
    UriTooLong { most: u32 },
    /// A vault is created with at most `most` tiers.
    TooManyTiers { most: u32 },
    /// The splits of the income are not valid.
    Splits(SplitsError),
    /// A memo is at most `most` bytes long.
    MemoTooLong { most: u32 },
    /// A tip needs an amount.
    NothingSent,
    /// The price is now `price` planck per period, which is above the caller's limit.
    PriceTooHigh { price: u128 },
    /// A subscription needs at least the price of one period, `least` planck.
    PaymentTooSmall { least: u128 },
    /// Nobody can pay ahead for more than 100 years: `most` planck can be paid now.
    PaymentTooLarge { most: u128 },
    /// The fan has a subscription that runs until `until` (ms).
    AlreadySubscribed { until: Timestamp },
    /// All seats of the tier are held.
    SoldOut,
    /// The fan has no subscription.
    NotSubscribed,
    /// There is nothing that the caller can claim now.
    NothingToClaim,
    /// The chain refused to transfer, for example an amount below the existential deposit to an account that does not
    /// exist yet.
    TransferFailed,
    /// A number would be too large for the vault to count.
    Overflow,
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
        }
    }
}

impl From<StreamError> for VaultError {
    fn from(error: StreamError) -> Self {
        match error {
            StreamError::PaymentTooSmall { least } => Self::PaymentTooSmall { least },
            StreamError::PaymentTooLarge { most } => Self::PaymentTooLarge { most },
        }
    }
}

/// A vault that takes tips and streaming subscriptions and shares the income among its recipients.
///
/// **Streams.** Money for a subscription stays the fan's until time has earned it: `price / period` planck per ms from the
/// start, to the planck, with no renewal and no keeper. The end is when what was paid runs out. What is not yet earned
/// goes back to the fan by `cancel`, at any time and at once.
///
/// **Income.** Tips are income at once, subscriptions when someone calls `collect`. Income belongs to the recipients of
/// the splits that were valid when it came in, and waits for each of them until `claim`.
#[ink::trait_definition]
pub trait PatronageVault {
    /// Gives the payment to the creator, with a `memo` of at most 256 bytes that is kept in the event only.
    ///
    /// # Errors
    /// `NothingSent` without a payment, `MemoTooLong`, `Overflow`.
    ///
    /// # Events
    /// `Tipped`.
    #[ink(message, payable)]
    fn tip(&mut self, memo: Vec<u8>) -> Result<(), VaultError>;

    /// Subscribes `fan` to `tier` with the payment, in planck, and returns the first millisecond in which it will not run.
    ///
    /// Any amount from the price of one period up buys `payment * period / price` ms, rounded down, at today's price. The
    /// caller may be someone else than `fan`: then it is a gift, and all rights to it, the refund too, are the fan's. It
    /// replaces a subscription of the fan that has expired. `max_price` is the highest price per period, in planck, that
    /// the caller agrees to.
    ///
    /// # Errors
    /// `UnknownTier`, `PriceTooHigh`, `PaymentTooSmall`, `PaymentTooLarge`, `AlreadySubscribed`, `SoldOut`, `Overflow`.
    ///
    /// # Events
    /// `Subscribed`.
    #[ink(message, payable)]
    fn subscribe(&mut self, tier: TierId, fan: AccountId, max_price: u128) -> Result<Timestamp, VaultError>;

    /// Ends the caller's subscription, frees its seat and pays back what is not yet earned, which is returned (planck).
    ///
    /// An expired subscription can be cancelled too: that pays nothing back, but the storage deposit.
    ///
    /// # Errors
    /// `NotSubscribed`, `TransferFailed`.
    ///
    /// # Events
    /// `Cancelled`.
    #[ink(message)]
    fn cancel(&mut self) -> Result<u128, VaultError>;

    /// What `cancel` would pay `fan` now, in planck; 0 without a subscription.
    #[ink(message)]
    fn refund_of(&self, fan: AccountId) -> u128;

    /// The subscription of `fan`, running or expired.
    #[ink(message)]
    fn subscription_of(&self, fan: AccountId) -> Option<Subscription>;

    /// Offers a new tier and returns its number. Only the owner.
    ///
    /// # Errors
    /// `NotOwner`, `PriceOutOfRange`, `PeriodOutOfRange`, `ZeroLevel`, `ZeroSeats`, `UriTooLong`, `Overflow`.
    ///
    /// # Events
    /// `TierAdded`.
    #[ink(message)]
    fn add_tier(&mut self, terms: TierTerms) -> Result<TierId, VaultError>;

    /// A tier's terms and state.
    #[ink(message)]
    fn tier(&self, id: TierId) -> Option<Tier>;

    /// How many tiers there are; their numbers are below this.
    #[ink(message)]
    fn tier_count(&self) -> u32;

    /// Moves what `tier` has earned into the income, sweeping at most `max_epochs` whole days. Anyone may call.
    ///
    /// What it costs does not depend on how many fans there are: a day is one record, and a day in which no subscription
    /// ended is one read. Who calls gets the storage deposits of the swept days. While days are left (`more`), only what
    /// was surely earned before them is moved. When none is left, everything earned up to this millisecond is moved,
    /// except that a subscription that ends today (UTC) counts up to last midnight only.
    ///
    /// # Errors
    /// `UnknownTier`, `Overflow`.
    ///
    /// # Events
    /// `Collected`, unless there was nothing to collect.
    #[ink(message)]
    fn collect(&mut self, tier: TierId, max_epochs: u32) -> Result<Sweep, VaultError>;

    /// Pays the caller everything that waits for it in `asset` under the splits of `version`, and returns how much (planck
    /// or smallest units). Rounding leaves less than one unit per recipient waiting for the next income.
    ///
    /// # Errors
    /// `NothingToClaim`, `TransferFailed`.
    ///
    /// # Events
    /// `Claimed`.
    #[ink(message)]
    fn claim(&mut self, asset: Asset, version: u32) -> Result<u128, VaultError>;

    /// What `claim` would pay `who` now, in planck or smallest units.
    #[ink(message)]
    fn claimable_of(&self, who: AccountId, asset: Asset, version: u32) -> u128;

    /// Who gets which part of the income of `version`; empty if there is no such version.
    #[ink(message)]
    fn splits(&self, version: u32) -> Vec<Share<AccountId>>;

    /// The version of the splits that new income belongs to. The first is 0; each change adds 1.
    #[ink(message)]
    fn splits_version(&self) -> u32;

    /// Everything the vault owes in `asset`. Its balance is never below.
    #[ink(message)]
    fn obligations(&self, asset: Asset) -> Obligations;

    /// Who may add tiers.
    #[ink(message)]
    fn owner(&self) -> AccountId;
}

/// A fan gave a tip.
#[ink::event]
pub struct Tipped {
    /// Who gave it.
    #[ink(topic)]
    pub fan: AccountId,
    /// How much, in planck.
    pub amount: Balance,
    /// What the fan said with it.
    pub memo: Vec<u8>,
}

/// A fan has a new subscription.
#[ink::event]
pub struct Subscribed {
    /// Who has it.
    #[ink(topic)]
    pub fan: AccountId,
    /// Its tier.
    #[ink(topic)]
    pub tier: TierId,
    /// Who paid: the fan, or someone who made a gift.
    pub payer: AccountId,
    /// Agreed price of one period, in planck.
    pub price: u128,
    /// What was paid, in planck.
    pub paid: u128,
    /// The first millisecond in which it does not run.
    pub until: Timestamp,
}

/// A subscription was cancelled, or an expired one was given back.
#[ink::event]
pub struct Cancelled {
    /// Whose it was.
    #[ink(topic)]
    pub fan: AccountId,
    /// Its tier.
    #[ink(topic)]
    pub tier: TierId,
    /// What went back to the fan, in planck.
    pub refund: u128,
}

/// Earned money of a tier became income of the recipients.
#[ink::event]
pub struct Collected {
    /// The tier.
    #[ink(topic)]
    pub tier: TierId,
    /// How much, in planck.
    pub amount: u128,
    /// Version of the splits that it belongs to.
    pub version: u32,
}

/// A recipient took a part of the income.
#[ink::event]
pub struct Claimed {
    /// Who took it.
    #[ink(topic)]
    pub recipient: AccountId,
    /// What it is in.
    pub asset: Asset,
    /// Version of the splits that it came from.
    pub version: u32,
    /// How much, in planck or smallest units.
    pub amount: u128,
}

/// The vault offers a new tier.
#[ink::event]
pub struct TierAdded {
    /// Its number.
    #[ink(topic)]
    pub tier: TierId,
    /// Its terms.
    pub terms: TierTerms,
}

/// The income of a vault is split in a new way from now on.
#[ink::event]
pub struct SplitsChanged {
    /// Version of the new splits.
    pub version: u32,
    /// Who gets which part.
    pub shares: Vec<Share<AccountId>>,
}
