//! The patronage vault: tips, streaming subscriptions, stakes and the income of a creator and collaborators.
//!
//! [`PatronageVault`] is what fans, creators and collaborators do with this suite's vault. What other contracts ask of a vault
//! is [`Patronage`](crate::patronage::Patronage), which it implements too.

mod events;
#[cfg(test)]
mod tests;
mod types;

use crate::{patronage::PayError, AccountId, Timestamp};
use ink::prelude::{boxed::Box, vec::Vec};
pub use patronage_core::{
    ledger::Obligations,
    error::VaultError,
    splits::{Share, SplitsError},
    stakes::Stake,
    streams::{Stream, Settlement},
    tiers::{Fan, Subscription, PRUNE_AFTER},
};

pub use events::{
    Claimed, Collected, Ended, OwnerChanged, OwnerProposed, Paid, PauseChanged, SplitsChanged, SplitsLocked,
    StakeChanged, Subscribed, TierOffered, Tipped, ToppedUp, Withdrawn,
};
pub use types::{Asset, Settings, Tier, TierTerms, VaultTerms};

/// Number of a tier in its vault, counted from 0.
pub type TierId = u32;

/// Greatest length of a tip's memo and of a tier's URI, in bytes.
pub const MAX_TEXT: u32 = 256;

/// Most tiers that a vault is created with; the owner can add more later, one at a time.
pub const MAX_INITIAL_TIERS: u32 = 16;

/// Most tiers that a vault can ever have. A change of the splits goes through all of them.
pub const MAX_TIERS: u32 = 64;

/// Longest cooldown of unstaked tokens in ms: 90 days.
pub const MAX_COOLDOWN: u64 = 7_776_000_000;

/// A vault that takes tips and streaming subscriptions, keeps stakes, and shares the income among its recipients.
///
/// **Streams.** Money for a subscription stays the fan's until time has earned it: `price / period` per ms from the start, to
/// the planck, with no renewal and no keeper. The end is when what was paid runs out. What is not yet earned goes back to the
/// fan by `cancel`, at any time and at once, less what is left of the minimum stay. A seat is held until its subscription is ended, replaced or pruned.
///
/// **Minimum stay.** A tier can have one, at most a period long. Who joins, by a gift too, or moves up to a higher level agrees to
/// `price * minimum_stay / period`, rounded up, as the subscription's `Stream::minimum`: a fan who cancels gets back what was paid
/// less the greater of what time has earned and the minimum. It never changes for a tier, so `max_price` bounds it too. Topping up
/// and moving to the same or a lower level add none; a switch takes along what is left of the one before. The minimum becomes
/// income as time earns it, or when the fan cancels before. An ending by the owner refunds all that time has not earned.
///
/// **Income.** Tips are income at once, subscriptions when someone calls `collect`. Income belongs to the recipients of the
/// splits of the version that was valid when it came in, for ever, and waits for each of them until `claim`. A change of the
/// splits collects every tier first, so that what was earned until then is theirs to whom it was promised; only what
/// subscriptions that end on that very day (UTC) have earned since midnight is collected later, and so under the new splits.
/// Of each version rounding leaves less than one unit per recipient and asset in the vault.
///
/// **Assets.** A tier is paid in the chain's own token or in one PSP22 token, which is taken by allowance: messages that take
/// money have a parameter `tokens`, 0 for a native tier (the money is sent along) and the smallest units to take for another.
/// What counts is what arrives. Everything is counted for each asset on its own, so a token that charges for transfers, fails
/// or lies concerns those who use it and nobody else. A token that uses up all gas stops
/// the call that needs it, and so does one that is asked for a balance and answers with more than 16 KiB.
///
/// **The owner** can offer tiers and change what new subscriptions get, end a subscription (the fan gets the rest back), give
/// seats away, change the splits unless they are locked, suspend new money, and hand over. It can not touch refunds, stakes,
/// income that came in, the price that someone agreed to, or keep anyone from leaving.
#[ink::trait_definition]
pub trait PatronageVault {
    /// Gives the payment to the creator, with a `memo` of at most 256 bytes that is kept in the event only.
    ///
    /// # Errors
    /// `MemoTooLong`, `NothingSent`, `Paused`, `Overflow`.
    ///
    /// # Events
    /// `Tipped`.
    #[ink(message, payable)]
    fn tip(&mut self, memo: Vec<u8>) -> Result<(), Box<VaultError>>;

    /// Gives `amount` smallest units of `token`, which the caller has allowed the vault to take, to the creator. Returns how
    /// many arrived. They do not count into `Standing::tipped`.
    ///
    /// # Errors
    /// `MemoTooLong`, `NothingSent` also if nothing arrives, `Paused`, `TokenFailed`, `Overflow`.
    ///
    /// # Events
    /// `Tipped`.
    #[ink(message)]
    fn tip_token(&mut self, token: AccountId, amount: u128, memo: Vec<u8>) -> Result<u128, Box<VaultError>>;

    /// All that `fan` ever tipped in `asset`, in planck or smallest units.
    #[ink(message)]
    fn tipped_of(&self, fan: AccountId, asset: Asset) -> u128;

    /// Subscribes `fan` to `tier`, and returns the first millisecond in which it will not run.
    ///
    /// Any amount from the price of one period up buys `payment * period / price` ms, rounded down, at today's price. The
    /// caller may be someone else than `fan`: then it is a gift, and all rights to it, the refund too, are the fan's. It
    /// replaces a subscription of the fan that has expired, and where the fan pays, a grant too; while that still runs, the
    /// time in which it was held counts on, unless the new level is higher. `max_price` is the highest price per period that
    /// the caller agrees to. What the tier's minimum stay costs at the agreed price is not refunded to a fan who cancels early.
    ///
    /// # Errors
    /// `UnknownTier`, `AlreadySubscribed`, `WrongAsset`, `Paused`, `TokenFailed`, `TierClosed`, `PriceTooHigh`,
    /// `PaymentTooSmall`, `PaymentTooLarge`, `SoldOut`, `Overflow`.
    ///
    /// # Events
    /// `Subscribed`.
    #[ink(message, payable)]
    fn subscribe(
        &mut self,
        tier: TierId,
        fan: AccountId,
        tokens: u128,
        max_price: u128,
    ) -> Result<Timestamp, Box<VaultError>>;

    /// Pays the running subscription of `fan` to `tier` further ahead, at the price that was agreed to, which must be at most
    /// `max_price`, and returns the first millisecond in which it will not run then. Anyone may; it is the fan's. Tier and price
    /// are the caller's protection: the fan may have moved to another tier meanwhile.
    ///
    /// # Errors
    /// `NotSubscribed` also for a grant and for one that has expired, `OtherTier`, `PriceTooHigh`, `WrongAsset`, `Paused`,
    /// `TokenFailed`, `NothingSent`, `PaymentTooLarge`, `Overflow`.
    ///
    /// # Events
    /// `ToppedUp`.
    #[ink(message, payable)]
    fn top_up(
        &mut self,
        fan: AccountId,
        tier: TierId,
        tokens: u128,
        max_price: u128,
    ) -> Result<Timestamp, Box<VaultError>>;

    /// Moves the caller's running subscription to `tier`, of the same asset, at its price today: what time has not earned, and
    /// what is paid beside it, is a new stream there, of at least one period. Returns the first millisecond in which it will
    /// not run. `Standing::since` stays, unless the new level is higher: then it is now. With the same tier it agrees to today's
    /// price. What is left of a minimum moves along: what is not refundable then is the greater of that and, where the new level is
    /// higher, the new tier's own minimum stay.
    ///
    /// # Errors
    /// `NotSubscribed` also for a grant and for one that has expired, and those of `subscribe`: `WrongAsset` also if the tier
    /// is paid in something else, `PaymentTooSmall` and `PaymentTooLarge` with what must be or can be paid beside.
    ///
    /// # Events
    /// `Subscribed`.
    #[ink(message, payable)]
    fn switch_tier(&mut self, tier: TierId, tokens: u128, max_price: u128) -> Result<Timestamp, Box<VaultError>>;

    /// Ends the caller's subscription, frees its seat and pays back what was paid less the greater of what time has earned and the
    /// agreed minimum. Returns the refund. Where it can't be delivered the subscription ends all the same, and the refund waits for `withdraw`.
    ///
    /// # Errors
    /// `NotSubscribed`.
    ///
    /// # Events
    /// `Ended`.
    #[ink(message)]
    fn cancel(&mut self) -> Result<u128, Box<VaultError>>;

    /// Ends the subscription of `fan`; all that time has not earned, which is returned, waits for the fan's `withdraw`: no minimum
    /// stay binds here. Only the owner.
    ///
    /// # Errors
    /// `NotOwner`, `NotSubscribed`.
    ///
    /// # Events
    /// `Ended`.
    #[ink(message)]
    fn end_subscription(&mut self, fan: AccountId) -> Result<u128, Box<VaultError>>;

    /// Gives `fan` a seat in `tier`, open or closed, without money until `until` (ms). It replaces a grant, and a subscription
    /// that has expired. Only the owner.
    ///
    /// # Errors
    /// `NotOwner`, `UnknownTier`, `AlreadySubscribed`, `EndsInPast`, `SoldOut`.
    ///
    /// # Events
    /// `Subscribed`, with price and payment 0.
    #[ink(message)]
    fn grant(&mut self, fan: AccountId, tier: TierId, until: Timestamp) -> Result<(), Box<VaultError>>;

    /// Takes a grant of `fan` back. Never ends what is paid for. Only the owner.
    ///
    /// # Errors
    /// `NotOwner`, `NotSubscribed` also if it is no grant.
    ///
    /// # Events
    /// `Ended`.
    #[ink(message)]
    fn revoke_grant(&mut self, fan: AccountId) -> Result<(), Box<VaultError>>;

    /// Deletes a subscription or grant of `fan` that has ended, and frees its seat: from 7 days after its end on; in a full tier
    /// from one period after its end on, where that is sooner. Anyone may, and whoever does gets the storage deposit.
    ///
    /// # Errors
    /// `NotSubscribed`, `NotExpired`.
    ///
    /// # Events
    /// `Ended`.
    #[ink(message)]
    fn prune(&mut self, fan: AccountId) -> Result<(), Box<VaultError>>;

    /// What `cancel` would give `fan` now, with regard to the minimum; 0 without a subscription.
    #[ink(message)]
    fn refund_of(&self, fan: AccountId) -> u128;

    /// What the vault keeps of `account`: the subscription, running or expired, the stake, and what was tipped in the chain's own
    /// token. For someone unknown the default.
    #[ink(message)]
    fn fan(&self, account: AccountId) -> Fan;

    /// Pays the caller the refunds in `asset` that wait, and returns how much (planck or smallest units).
    ///
    /// # Errors
    /// `NothingToClaim`, `TransferFailed`, `TokenFailed`.
    ///
    /// # Events
    /// `Withdrawn`.
    #[ink(message)]
    fn withdraw(&mut self, asset: Asset) -> Result<u128, Box<VaultError>>;

    /// What `withdraw` would pay `who`, in planck or smallest units.
    #[ink(message)]
    fn credit_of(&self, who: AccountId, asset: Asset) -> u128;

    /// Locks `amount` smallest units of the creator token, which the caller has allowed the vault to take. Returns how many
    /// arrived. From now on the whole stake counts as staked since now.
    ///
    /// # Errors
    /// `NoToken`, `NothingSent` also if nothing arrives, `Paused`, `TokenFailed`, `Overflow`.
    ///
    /// # Events
    /// `StakeChanged`.
    #[ink(message)]
    fn stake(&mut self, amount: u128) -> Result<u128, Box<VaultError>>;

    /// Begins to unlock `amount` smallest units of the caller's stake, and returns from when on `withdraw_stake` pays them, in
    /// ms. They no longer count as staked. What has been unstaked before and not taken out waits for the same time.
    ///
    /// # Errors
    /// `InsufficientStake` also for 0.
    ///
    /// # Events
    /// `StakeChanged`.
    #[ink(message)]
    fn unstake(&mut self, amount: u128) -> Result<Timestamp, Box<VaultError>>;

    /// Pays the caller all unstaked tokens when their cooldown is over, and returns how many smallest units.
    ///
    /// # Errors
    /// `NothingToClaim`, `CoolingDown`, `TokenFailed`.
    ///
    /// # Events
    /// `StakeChanged`.
    #[ink(message)]
    fn withdraw_stake(&mut self) -> Result<u128, Box<VaultError>>;

    /// Offers a new tier and returns its number. Only the owner.
    ///
    /// # Errors
    /// `NotOwner`, `TooManyTiers`, `PriceOutOfRange`, `PeriodOutOfRange`, `ZeroLevel`, `ZeroSeats`, `MinimumStayTooLong`,
    /// `UriTooLong`.
    ///
    /// # Events
    /// `TierOffered`.
    #[ink(message)]
    fn add_tier(&mut self, terms: TierTerms) -> Result<TierId, Box<VaultError>>;

    /// Changes what new subscriptions to `tier` get: price of a period, seats, whether it can be subscribed to, and where it is
    /// described. Those who have it keep it, as they agreed to it. Only the owner.
    ///
    /// # Errors
    /// `NotOwner`, `UnknownTier`, `PriceOutOfRange`, `ZeroSeats`, `UriTooLong`.
    ///
    /// # Events
    /// `TierOffered`.
    #[ink(message)]
    fn update_tier(
        &mut self,
        tier: TierId,
        price: u128,
        seats: Option<u32>,
        open: bool,
        uri: Vec<u8>,
    ) -> Result<(), Box<VaultError>>;

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
    fn collect(&mut self, tier: TierId, max_epochs: u32) -> Result<Settlement, Box<VaultError>>;

    /// Has the creator token pay the vault the fees that wait for it there, which are income, and returns how much arrived
    /// (planck). The first time also accepts that the fees go to the vault, so that the token's owner can no longer take those
    /// that wait. Anyone may call.
    ///
    /// # Errors
    /// `NoToken`, `NothingToClaim`, `Overflow`.
    ///
    /// # Events
    /// `Paid`.
    #[ink(message)]
    fn collect_sale_fees(&mut self) -> Result<u128, Box<VaultError>>;

    /// Pays the caller everything that waits for it in `asset` under the splits of `version`, and returns how much (planck
    /// or smallest units). Rounding leaves less than one unit per recipient waiting for the next income.
    ///
    /// # Errors
    /// `NothingToClaim`, `TransferFailed`, `TokenFailed`.
    ///
    /// # Events
    /// `Claimed`.
    #[ink(message)]
    fn claim(&mut self, asset: Asset, version: u32) -> Result<u128, Box<VaultError>>;

    /// What `claim` would pay `who` now, in planck or smallest units.
    #[ink(message)]
    fn claimable_of(&self, who: AccountId, asset: Asset, version: u32) -> u128;

    /// Shares income from now on in a new way: at most 16 recipients, parts in basis points that sum to 10,000. What tiers have
    /// earned until now is collected under the splits before. Only the owner.
    ///
    /// # Errors
    /// `NotOwner`, `SplitsLocked`, `Splits`, `CollectFirst` for a tier that has whole days to sweep before today.
    ///
    /// # Events
    /// `Collected` for each tier that has earned something, then `SplitsChanged`.
    #[ink(message)]
    fn set_splits(&mut self, shares: Vec<Share<AccountId>>) -> Result<(), Box<VaultError>>;

    /// Promises not to change the splits before `time` (ms), which must be later than what was promised before. Only the
    /// owner, and nobody can take it back.
    ///
    /// # Errors
    /// `NotOwner`, `SplitsLocked` with what was promised.
    ///
    /// # Events
    /// `SplitsLocked`.
    #[ink(message)]
    fn lock_splits_until(&mut self, time: Timestamp) -> Result<(), Box<VaultError>>;

    /// Who gets which part of the income of `version`; empty if there is no such version.
    #[ink(message)]
    fn splits(&self, version: u32) -> Vec<Share<AccountId>>;

    /// The version of the splits that new income belongs to. The first is 0; each change adds 1.
    #[ink(message)]
    fn splits_version(&self) -> u32;

    /// Everything the vault owes in `asset`. Its balance is never below, as long as a token does not take from it.
    #[ink(message)]
    fn obligations(&self, asset: Asset) -> Obligations;

    /// Suspends new money (tips, subscribing, topping up, paying when switching, staking, `pay`), or lets it go on. Everything
    /// else always goes on. Only the owner.
    ///
    /// # Errors
    /// `NotOwner`.
    ///
    /// # Events
    /// `PauseChanged`.
    #[ink(message)]
    fn set_paused(&mut self, paused: bool) -> Result<(), Box<VaultError>>;

    /// What is set for the whole vault.
    #[ink(message)]
    fn settings(&self) -> Settings;

    /// Offers the ownership to `candidate`, in place of any offer before. It changes when the candidate accepts. Only the
    /// owner.
    ///
    /// # Errors
    /// `NotOwner`.
    ///
    /// # Events
    /// `OwnerProposed`.
    #[ink(message)]
    fn propose_owner(&mut self, candidate: AccountId) -> Result<(), Box<VaultError>>;

    /// Makes the caller, whom the owner has proposed, the owner. The splits stay as they are.
    ///
    /// # Errors
    /// `NotProposed`.
    ///
    /// # Events
    /// `OwnerChanged`.
    #[ink(message)]
    fn accept_ownership(&mut self) -> Result<(), Box<VaultError>>;

    /// The creator.
    #[ink(message)]
    fn owner(&self) -> AccountId;

    /// Who can accept the ownership.
    #[ink(message)]
    fn pending_owner(&self) -> Option<AccountId>;
}

impl From<Box<VaultError>> for PayError {
    /// For the few that a payment can meet.
    fn from(error: Box<VaultError>) -> Self {
        match *error {
            VaultError::NothingSent => Self::NothingSent,
            VaultError::Paused => Self::Paused,
            _ => Self::Overflow,
        }
    }
}
