//! Events of the vault.

use super::{Asset, TierId, TierTerms};
use crate::{AccountId, Timestamp};
use ink::prelude::vec::Vec;
use patronage_core::splits::Share;

/// A fan gave a tip.
#[ink::event]
pub struct Tipped {
    /// The fan.
    #[ink(topic)]
    pub fan: AccountId,
    /// Asset of the tip.
    pub asset: Asset,
    /// Amount that arrived, in planck or smallest units.
    pub amount: u128,
    /// The fan's memo.
    pub memo: Vec<u8>,
}

/// Another contract paid income: by `pay`, or the creator token by `collect_sale_fees`.
#[ink::event]
pub struct Paid {
    /// The contract.
    #[ink(topic)]
    pub payer: AccountId,
    /// Number that the payer chose; 0 for the creator token's fees.
    pub purpose: u64,
    /// Amount, in planck.
    pub amount: u128,
}

/// A fan has a new subscription. It replaces the previous one, if any.
#[ink::event]
pub struct Subscribed {
    /// The fan.
    #[ink(topic)]
    pub fan: AccountId,
    /// The tier.
    #[ink(topic)]
    pub tier: TierId,
    /// Account that paid: the fan, the giver of a gift, or the owner for a grant.
    pub payer: AccountId,
    /// Agreed price of one period, in planck or smallest units; 0 for a grant.
    pub price: u128,
    /// Amount paid now.
    pub paid: u128,
    /// Amount carried over from the previous subscription.
    pub carried: u128,
    /// Part of `paid` and `carried` that the fan does not get back by cancelling, however early.
    pub minimum: u128,
    /// The first millisecond in which the subscription does not run.
    pub until: Timestamp,
}

/// A running subscription was extended.
#[ink::event]
pub struct ToppedUp {
    /// The fan.
    #[ink(topic)]
    pub fan: AccountId,
    /// Account that paid.
    pub payer: AccountId,
    /// Amount paid, in planck or smallest units.
    pub paid: u128,
    /// The first millisecond in which the subscription does not run.
    pub until: Timestamp,
}

/// A subscription ended, and its seat is free.
#[ink::event]
pub struct Ended {
    /// The fan.
    #[ink(topic)]
    pub fan: AccountId,
    /// The tier.
    #[ink(topic)]
    pub tier: TierId,
    /// Account that ended it: the fan who cancelled, the owner, or the caller who pruned it after expiry.
    pub by: AccountId,
    /// Refund to the fan, in planck or smallest units.
    pub refund: u128,
    /// Whether the refund waits for the fan's `withdraw` instead of being paid at once.
    pub credited: bool,
}

/// Earnings of a tier became income.
#[ink::event]
pub struct Collected {
    /// The tier.
    #[ink(topic)]
    pub tier: TierId,
    /// Amount, in planck or smallest units of the tier's asset.
    pub amount: u128,
    /// Version of the splits that the income belongs to.
    pub version: u32,
}

/// A recipient claimed income.
#[ink::event]
pub struct Claimed {
    /// The recipient.
    #[ink(topic)]
    pub recipient: AccountId,
    /// Asset of the income.
    pub asset: Asset,
    /// Version of the splits that the income belongs to.
    pub version: u32,
    /// Amount, in planck or smallest units.
    pub amount: u128,
}

/// A fan withdrew refunds.
#[ink::event]
pub struct Withdrawn {
    /// The fan.
    #[ink(topic)]
    pub fan: AccountId,
    /// Asset of the refunds.
    pub asset: Asset,
    /// Amount, in planck or smallest units.
    pub amount: u128,
}

/// A fan staked, unstaked or withdrew. The fields are the state afterwards, in smallest units of the creator token.
#[ink::event]
pub struct StakeChanged {
    /// The fan.
    #[ink(topic)]
    pub fan: AccountId,
    /// Staked tokens.
    pub staked: u128,
    /// Unstaked tokens that were not withdrawn.
    pub unstaking: u128,
    /// Time from which they can be withdrawn, in ms; 0 if there are none.
    pub ready: Timestamp,
}

/// An account claimed stake income, or settled days.
#[ink::event]
pub struct StakeIncomeClaimed {
    /// The account that claimed.
    #[ink(topic)]
    pub fan: AccountId,
    /// The asset.
    pub asset: Asset,
    /// Amount paid, in planck or smallest units; 0 if only days were settled.
    pub amount: u128,
    /// Whether more is left for another call.
    pub more: bool,
}

/// The stakers' part of a day became income of the recipients, as no stake counted until the day's end.
#[ink::event]
pub struct StakeIncomeReturned {
    /// The asset.
    pub asset: Asset,
    /// Version of the splits that it belongs to.
    pub version: u32,
    /// The amount, in planck or smallest units.
    pub amount: u128,
}

/// A tier is offered on these terms: it is new, or its terms have changed.
#[ink::event]
pub struct TierOffered {
    /// Number of the tier.
    #[ink(topic)]
    pub tier: TierId,
    /// Its terms.
    pub terms: TierTerms,
    /// Whether it accepts new subscriptions.
    pub open: bool,
}

/// The splits changed.
#[ink::event]
pub struct SplitsChanged {
    /// Version of the new splits.
    pub version: u32,
    /// Recipients and their parts.
    pub shares: Vec<Share<AccountId>>,
    /// The stakers' part, in basis points.
    pub stakers: u16,
}

/// The splits were locked.
#[ink::event]
pub struct SplitsLocked {
    /// The first millisecond in which they can be changed.
    pub until: Timestamp,
}

/// New money was suspended or resumed.
#[ink::event]
pub struct PauseChanged {
    /// Whether new money is suspended from now on.
    pub paused: bool,
}
