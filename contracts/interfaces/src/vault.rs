//! The patronage vault: tips, streaming subscriptions, stakes, and the income of a creator and collaborators.
//!
//! [`PatronageVault`] has the messages for fans, creators and collaborators. [`Patronage`](crate::patronage::Patronage) has
//! those for other contracts. The vault implements both.

#[cfg(feature = "vault")]
mod events;
#[cfg(test)]
mod tests;
mod types;

use crate::{patronage::PayError, AccountId, Timestamp};
use ink::prelude::{boxed::Box, vec::Vec};
pub use patronage_core::{
    error::VaultError,
    ledger::Obligations,
    splits::{Share, SplitsError},
    stakes::Stake,
    streams::{Settlement, Stream},
    tiers::{Fan, Subscription, PRUNE_AFTER},
    vault_terms::{validate_uri, MAX_COOLDOWN, MAX_INITIAL_TIERS, MAX_TEXT, MAX_TIERS},
};

#[cfg(feature = "vault")]
pub use events::{
    Claimed, Collected, Ended, Paid, PauseChanged, SplitsChanged, SplitsLocked, StakeChanged, StakeIncomeClaimed,
    StakeIncomeReturned, Subscribed, TierOffered, Tipped, ToppedUp, Withdrawn,
};
pub use types::{Asset, Settings, Splits, Tier, TierTerms, VaultTerms};

/// Number of a tier in its vault, counted from 0.
pub type TierId = u32;

/// A vault that takes tips and streaming subscriptions, holds stakes, and divides the income among its recipients.
///
/// **Streams.** The money of a subscription belongs to the fan until time has earned it: `price / period` per ms from the
/// start, with no renewal and no keeper. The subscription ends when the payment is used up. `cancel` refunds what is not
/// yet earned at any time and at once, less the rest of the minimum stay. A fan holds a seat until the subscription is
/// ended, replaced or pruned.
///
/// **Minimum stay.** A tier can have a minimum stay of at most one period. A fan who joins, or moves to a higher level,
/// agrees to `price * minimum_stay / period`, rounded up, as the subscription's `Stream::minimum`. This includes gifts. A
/// fan who cancels gets back the payment less the greater of the earned amount and the minimum. A tier's minimum stay never
/// changes, so `max_price` bounds the minimum too. Top-ups and moves to the same or a lower level add no minimum. A switch
/// keeps the rest of the present minimum. The minimum becomes income as time earns it, or when the fan cancels. If the
/// owner ends a subscription, all that is not earned is refunded.
///
/// **Income.** Tips are income at once, subscriptions when someone calls `collect`. Income belongs to the recipients of the
/// splits that were valid when it came in, and waits for each of them until `claim`. A change of the splits collects every
/// tier first, so income earned before goes to the recipients of that time. The exception is what subscriptions that end on
/// the day of the change (UTC) have earned since midnight: it is collected later, under the new splits. For each version of
/// the splits, rounding leaves less than one unit per recipient and asset in the vault.
///
/// **Stakers' share.** Splits can give a part of the income to those who stake. On each UTC day a stake counts with the
/// least amount that was staked at any moment of it. So it counts from the midnight after staking on, and no longer on
/// the day of unstaking. The stakes that counted on a day share the stakers' part of its income once the day is over,
/// in each asset separately. Each staker claims alone. While no stake counts, the recipients get all income. If all
/// counting stakes are unstaked before a day ends, its part becomes income of the recipients as soon as anyone calls
/// `claim_stake_income`.
///
/// **Assets.** A tier is paid in the native token or in one PSP22 token, which the vault transfers out of an allowance.
/// Messages that take a payment have a parameter `tokens`: 0 for a native tier, where the value is sent with the call,
/// and otherwise the smallest units to transfer. Only the amount that arrives counts. Each asset is counted separately,
/// so a token that charges for transfers, fails or lies affects only the fans who use it. A token that uses up all gas
/// ends the call that needs it. So does a token that answers a query for a balance with more than 16 KiB.
///
/// **The owner** can offer tiers, change what new subscriptions get, end a subscription with a refund, grant seats, change
/// the splits unless they are locked, suspend new money, and transfer the ownership ([`Ownable`](crate::ownable::Ownable)).
/// The owner cannot touch refunds, stakes, income that has come in, or an agreed price. The owner cannot stop anyone from
/// leaving.
#[ink::trait_definition]
pub trait PatronageVault {
    /// Gives the sent money to the creator. The `memo`, at most 256 bytes, is kept in the event only.
    ///
    /// # Errors
    /// `MemoTooLong`, `NothingSent`, `Paused`, `Overflow`.
    ///
    /// # Events
    /// `Tipped`.
    #[ink(message, payable)]
    fn tip(&mut self, memo: Vec<u8>) -> Result<(), Box<VaultError>>;

    /// Gives `amount` smallest units of `token`, out of the caller's allowance for the vault, to the creator. Returns the
    /// number that arrived. They do not count in `Standing::tipped`.
    ///
    /// # Errors
    /// `MemoTooLong`, `NothingSent` (also if nothing arrives), `Paused`, `TokenFailed`, `Overflow`.
    ///
    /// # Events
    /// `Tipped`.
    #[ink(message)]
    fn tip_token(&mut self, token: AccountId, amount: u128, memo: Vec<u8>) -> Result<u128, Box<VaultError>>;

    /// Returns the sum of all tips of `fan` in `asset`, in planck or smallest units.
    #[ink(message)]
    fn tipped_of(&self, fan: AccountId, asset: Asset) -> u128;

    /// Subscribes `fan` to `tier`. Returns the first millisecond in which the subscription does not run.
    ///
    /// The payment must be at least the price of one period. It buys `payment * period / price` ms, rounded down, at the
    /// present price. If the caller is not `fan`, it is a gift: all rights, including the refund, are the fan's. It
    /// replaces an expired subscription, and a grant if the fan pays. If the grant still runs and the new level is not
    /// higher, its time counts in `Standing::since`. `max_price` is the highest price per period that the caller accepts. A
    /// fan who cancels early gets no refund for the tier's minimum stay.
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

    /// Extends the running subscription of `fan` to `tier` at its agreed price, which must be at most `max_price`. Returns
    /// the first millisecond in which it does not run. Anyone can call it. `tier` and `max_price` protect the caller: the
    /// fan may have moved to another tier.
    ///
    /// # Errors
    /// `NotSubscribed` (also for a grant and after expiry), `OtherTier`, `PriceTooHigh`, `WrongAsset`, `Paused`,
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

    /// Moves the caller's running subscription to `tier`, which must have the same asset, at its present price. The
    /// unearned money and the new payment become a new stream of at least one period. Returns the first millisecond in
    /// which it does not run. `Standing::since` becomes now if the new level is higher, and stays otherwise. With the same
    /// tier the caller agrees to the present price. The amount that is not refundable becomes the greater of the rest of
    /// the present minimum and, for a higher level, the new tier's minimum stay.
    ///
    /// # Errors
    /// `NotSubscribed` (also for a grant and after expiry), and those of `subscribe`. `WrongAsset` also if the tier has
    /// another asset. `PaymentTooSmall` and `PaymentTooLarge` carry the amount to add.
    ///
    /// # Events
    /// `Subscribed`.
    #[ink(message, payable)]
    fn switch_tier(&mut self, tier: TierId, tokens: u128, max_price: u128) -> Result<Timestamp, Box<VaultError>>;

    /// Ends the caller's subscription, frees its seat, and refunds the payment less the greater of the earned amount and
    /// the minimum. Returns the refund. If the refund cannot be paid, the subscription ends all the same and the refund
    /// waits for `withdraw`.
    ///
    /// # Errors
    /// `NotSubscribed`.
    ///
    /// # Events
    /// `Ended`.
    #[ink(message)]
    fn cancel(&mut self) -> Result<u128, Box<VaultError>>;

    /// Ends the subscription of `fan`. Everything that is not earned waits for the fan's `withdraw`, without regard to a
    /// minimum stay. Returns that amount. Only the owner.
    ///
    /// # Errors
    /// `NotOwner`, `NotSubscribed`.
    ///
    /// # Events
    /// `Ended`.
    #[ink(message)]
    fn end_subscription(&mut self, fan: AccountId) -> Result<u128, Box<VaultError>>;

    /// Grants `fan` a seat in `tier`, open or closed, without payment until `until` (ms). It replaces a grant, and an
    /// expired subscription. Only the owner.
    ///
    /// # Errors
    /// `NotOwner`, `UnknownTier`, `AlreadySubscribed`, `EndsInPast`, `SoldOut`.
    ///
    /// # Events
    /// `Subscribed`, with price and payment 0.
    #[ink(message)]
    fn grant(&mut self, fan: AccountId, tier: TierId, until: Timestamp) -> Result<(), Box<VaultError>>;

    /// Revokes a grant of `fan`. It never ends a paid subscription. Only the owner.
    ///
    /// # Errors
    /// `NotOwner`, `NotSubscribed` (also if it is not a grant).
    ///
    /// # Events
    /// `Ended`.
    #[ink(message)]
    fn revoke_grant(&mut self, fan: AccountId) -> Result<(), Box<VaultError>>;

    /// Deletes an expired subscription or grant of `fan` and frees its seat. That is possible 7 days after its end; in a
    /// full tier after one period, if that is shorter. Anyone can call it; the caller gets the storage deposit.
    ///
    /// # Errors
    /// `NotSubscribed`, `NotExpired`.
    ///
    /// # Events
    /// `Ended`.
    #[ink(message)]
    fn prune(&mut self, fan: AccountId) -> Result<(), Box<VaultError>>;

    /// Returns what `cancel` would refund to `fan` now; 0 without a subscription.
    #[ink(message)]
    fn refund_of(&self, fan: AccountId) -> u128;

    /// Returns the record of `account`: subscription (running or expired), stake, and sum of native tips. For an unknown
    /// account it is the default.
    #[ink(message)]
    fn fan(&self, account: AccountId) -> Fan;

    /// Pays the caller the refunds that wait in `asset`. Returns the amount, in planck or smallest units.
    ///
    /// # Errors
    /// `NothingToClaim`, `TransferFailed`, `TokenFailed`.
    ///
    /// # Events
    /// `Withdrawn`.
    #[ink(message)]
    fn withdraw(&mut self, asset: Asset) -> Result<u128, Box<VaultError>>;

    /// Returns what `withdraw` would pay `who`, in planck or smallest units.
    #[ink(message)]
    fn credit_of(&self, who: AccountId, asset: Asset) -> u128;

    /// Stakes `amount` smallest units of the creator token, out of the caller's allowance for the vault. Returns the number
    /// that arrived. From now on the whole stake counts as staked since now. For the stakers' share of the income the stake
    /// before counts on, and `amount` counts from the next UTC midnight on. The vault stores a record for each day on which a
    /// stake changed.
    ///
    /// # Errors
    /// `NoToken`, `NothingSent` (also if nothing arrives), `Paused`, `TokenFailed`, `Overflow`.
    ///
    /// # Events
    /// `StakeChanged`.
    #[ink(message)]
    fn stake(&mut self, amount: u128) -> Result<u128, Box<VaultError>>;

    /// Starts the cooldown of `amount` smallest units of the caller's stake. Returns the time (ms) from which
    /// `withdraw_stake` pays them. They no longer count as staked, and for the stakers' share of the income have not counted
    /// since the last UTC midnight. Tokens that were unstaked before and not withdrawn wait until the same time.
    ///
    /// # Errors
    /// `InsufficientStake` (also for 0).
    ///
    /// # Events
    /// `StakeChanged`.
    #[ink(message)]
    fn unstake(&mut self, amount: u128) -> Result<Timestamp, Box<VaultError>>;

    /// Pays the caller all unstaked tokens after their cooldown. Returns the number of smallest units.
    ///
    /// # Errors
    /// `NothingToClaim`, `CoolingDown`, `TokenFailed`.
    ///
    /// # Events
    /// `StakeChanged`.
    #[ink(message)]
    fn withdraw_stake(&mut self) -> Result<u128, Box<VaultError>>;

    /// Pays the caller what its stake has earned in `asset` on past UTC days. Returns the amount, in planck or smallest
    /// units. Anyone can call it, also without a stake. It settles at most 32 past days: it deletes their records,
    /// which returns the deposits to the caller, and adds parts without a counting stake to the recipients' income. It
    /// reads at most 16 records of the caller's stake. The event says whether more is left for another call.
    ///
    /// # Errors
    /// `NothingToClaim` also if there is no day to settle, `TransferFailed`, `TokenFailed`.
    ///
    /// # Events
    /// `StakeIncomeReturned` for each settled day without a counting stake, then `StakeIncomeClaimed`.
    #[ink(message)]
    fn claim_stake_income(&mut self, asset: Asset) -> Result<u128, Box<VaultError>>;

    /// Returns what `claim_stake_income` would pay `who` now, in planck or smallest units.
    #[ink(message)]
    fn stake_income_of(&self, who: AccountId, asset: Asset) -> u128;

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

    /// Changes what new subscriptions to `tier` get: price, seats, whether it is open, and the URI of its description.
    /// Present subscriptions stay as agreed. Only the owner.
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

    /// Returns terms and state of a tier; `None` for an unknown number.
    #[ink(message)]
    fn tier(&self, id: TierId) -> Option<Tier>;

    /// Returns the number of tiers. They are numbered from 0.
    #[ink(message)]
    fn tier_count(&self) -> u32;

    /// Moves the earnings of `tier` into the income, after settling at most `max_epochs` whole days. Anyone can call it.
    ///
    /// The cost does not depend on the number of fans: a day is one record, and a day without an end of a subscription is
    /// one read. The caller gets the storage deposits of the settled days. While days are left (`more`), only what was
    /// certainly earned before them is moved. After that everything earned up to now is moved, except that a subscription
    /// that ends today (UTC) counts up to the last midnight only.
    ///
    /// # Errors
    /// `UnknownTier`, `Overflow`.
    ///
    /// # Events
    /// `Collected`, if there was something to collect.
    #[ink(message)]
    fn collect(&mut self, tier: TierId, max_epochs: u32) -> Result<Settlement, Box<VaultError>>;

    /// Claims the vault's fees from the creator token, as income. Returns the amount that arrived, in planck. The first
    /// call accepts the fees, so that the token's owner can no longer take back those that wait. Anyone can call it.
    ///
    /// # Errors
    /// `NoToken`, `NothingToClaim`, `Overflow`.
    ///
    /// # Events
    /// `Paid`.
    #[ink(message)]
    fn collect_sale_fees(&mut self) -> Result<u128, Box<VaultError>>;

    /// Pays the caller its income in `asset` under the splits of `version`. Returns the amount, in planck or smallest
    /// units: of the income that is not the stakers', the caller's part in the parts of all recipients. Rounding leaves less
    /// than one unit per recipient for the next income.
    ///
    /// # Errors
    /// `NothingToClaim`, `TransferFailed`, `TokenFailed`.
    ///
    /// # Events
    /// `Claimed`.
    #[ink(message)]
    fn claim(&mut self, asset: Asset, version: u32) -> Result<u128, Box<VaultError>>;

    /// Returns what `claim` would pay `who` now, in planck or smallest units.
    #[ink(message)]
    fn claimable_of(&self, who: AccountId, asset: Asset, version: u32) -> u128;

    /// Sets the splits of later income: at most 16 recipients and the `stakers`, with parts in basis points that sum to 10,000.
    /// The stakers' part can be 0. What tiers have earned until now is collected under the present splits. Only the owner.
    ///
    /// # Errors
    /// `NotOwner`, `SplitsLocked`, `Splits`, `NothingToStake`, `CollectFirst` for a tier that has whole days before today to
    /// settle.
    ///
    /// # Events
    /// `Collected` for each tier that has earned something, then `SplitsChanged`.
    #[ink(message)]
    fn set_splits(&mut self, shares: Vec<Share<AccountId>>, stakers: u16) -> Result<(), Box<VaultError>>;

    /// Locks the splits until `time` (ms), which must be later than the present lock. Nobody can undo that. Only the owner.
    ///
    /// # Errors
    /// `NotOwner`, `SplitsLocked` with the present lock.
    ///
    /// # Events
    /// `SplitsLocked`.
    #[ink(message)]
    fn lock_splits_until(&mut self, time: Timestamp) -> Result<(), Box<VaultError>>;

    /// Returns the splits of `version`; empty for an unknown version.
    #[ink(message)]
    fn splits(&self, version: u32) -> Splits;

    /// Returns the version of the present splits. The first is 0; each change adds 1.
    #[ink(message)]
    fn splits_version(&self) -> u32;

    /// Returns everything that the vault owes in `asset`. Its balance is never lower, unless a token takes from it.
    #[ink(message)]
    fn obligations(&self, asset: Asset) -> Obligations;

    /// Suspends or resumes new money: tips, subscriptions, top-ups, payments of a switch, stakes, and `pay`. Everything
    /// else is always possible. Only the owner.
    ///
    /// # Errors
    /// `NotOwner`.
    ///
    /// # Events
    /// `PauseChanged`.
    #[ink(message)]
    fn set_paused(&mut self, paused: bool) -> Result<(), Box<VaultError>>;

    /// Returns the settings of the vault.
    #[ink(message)]
    fn settings(&self) -> Settings;
}

impl From<Box<VaultError>> for PayError {
    /// Converts the errors that a payment can cause.
    fn from(error: Box<VaultError>) -> Self {
        match *error {
            VaultError::NothingSent => Self::NothingSent,
            VaultError::Paused => Self::Paused,
            _ => Self::Overflow,
        }
    }
}
