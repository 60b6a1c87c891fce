//! What the vault tells indexers and wallets.

use super::{Asset, TierId, TierTerms};
use crate::{AccountId, Timestamp};
use ink::prelude::vec::Vec;
use patronage_core::splits::Share;

/// A fan gave a tip.
#[ink::event]
pub struct Tipped {
    /// Who gave it.
    #[ink(topic)]
    pub fan: AccountId,
    /// What it is in.
    pub asset: Asset,
    /// How much arrived, in planck or smallest units.
    pub amount: u128,
    /// What the fan said with it.
    pub memo: Vec<u8>,
}

/// Another contract paid income in: by `pay`, or the creator token by `collect_sale_fees`.
#[ink::event]
pub struct Paid {
    /// The contract.
    #[ink(topic)]
    pub payer: AccountId,
    /// What it was for, in the payer's own numbering; 0 for the creator token's fees.
    pub purpose: u64,
    /// How much, in planck.
    pub amount: u128,
}

/// A fan has a new subscription, in place of the one before, if there was one.
#[ink::event]
pub struct Subscribed {
    /// Who has it.
    #[ink(topic)]
    pub fan: AccountId,
    /// Its tier.
    #[ink(topic)]
    pub tier: TierId,
    /// Who paid: the fan, someone who made a gift, or the owner who granted it.
    pub payer: AccountId,
    /// Agreed price of one period, in planck or smallest units; 0 for a grant.
    pub price: u128,
    /// What was paid now.
    pub paid: u128,
    /// What was left of the subscription before and went into this one.
    pub carried: u128,
    /// How much of `paid` and `carried` the fan does not get back by cancelling, however early.
    pub minimum: u128,
    /// The first millisecond in which it does not run.
    pub until: Timestamp,
}

/// A running subscription was paid further ahead.
#[ink::event]
pub struct ToppedUp {
    /// Whose it is.
    #[ink(topic)]
    pub fan: AccountId,
    /// Who paid.
    pub payer: AccountId,
    /// What was paid, in planck or smallest units.
    pub paid: u128,
    /// The first millisecond in which it does not run now.
    pub until: Timestamp,
}

/// A subscription is gone, and its seat is free.
#[ink::event]
pub struct Ended {
    /// Whose it was.
    #[ink(topic)]
    pub fan: AccountId,
    /// Its tier.
    #[ink(topic)]
    pub tier: TierId,
    /// Who ended it: the fan, who cancelled; the owner; or anyone, when it had expired and was pruned.
    pub by: AccountId,
    /// What goes back to the fan, in planck or smallest units.
    pub refund: u128,
    /// Whether the refund waits for the fan to `withdraw` it, and was not paid at once.
    pub credited: bool,
}

/// Earned money of a tier became income of the recipients.
#[ink::event]
pub struct Collected {
    /// The tier.
    #[ink(topic)]
    pub tier: TierId,
    /// How much, in planck or smallest units of what the tier is paid in.
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

/// A fan took refunds that waited.
#[ink::event]
pub struct Withdrawn {
    /// Who took it.
    #[ink(topic)]
    pub fan: AccountId,
    /// What it is in.
    pub asset: Asset,
    /// How much, in planck or smallest units.
    pub amount: u128,
}

/// A fan staked, unstaked or took unstaked tokens out. All fields are the state after it, in the creator token's smallest
/// units.
#[ink::event]
pub struct StakeChanged {
    /// Whose stake it is.
    #[ink(topic)]
    pub fan: AccountId,
    /// What is staked.
    pub staked: u128,
    /// What waits to be taken out.
    pub unstaking: u128,
    /// From when on that can be taken out, in ms; 0 if nothing waits.
    pub ready: Timestamp,
}

/// Someone claimed what a stake has earned of the income, or settled days for others.
#[ink::event]
pub struct StakeIncomeClaimed {
    /// Who claimed.
    #[ink(topic)]
    pub fan: AccountId,
    /// What it is in.
    pub asset: Asset,
    /// How much was paid, in planck or smallest units; 0 where only days were settled.
    pub amount: u128,
    /// Whether there is more to settle or to claim, for another call.
    pub more: bool,
}

/// The stakers' part of a day became income of the other recipients, as nobody staked until the day's end.
#[ink::event]
pub struct StakeIncomeReturned {
    /// What it is in.
    pub asset: Asset,
    /// Version of the splits that it belongs to.
    pub version: u32,
    /// How much, in planck or smallest units.
    pub amount: u128,
}

/// A tier is offered on these terms from now on: it is new, or its terms have changed.
#[ink::event]
pub struct TierOffered {
    /// Its number.
    #[ink(topic)]
    pub tier: TierId,
    /// Its terms.
    pub terms: TierTerms,
    /// Whether it takes new subscriptions.
    pub open: bool,
}

/// The income of a vault is split in a new way from now on.
#[ink::event]
pub struct SplitsChanged {
    /// Version of the new splits.
    pub version: u32,
    /// Who gets which part.
    pub shares: Vec<Share<AccountId>>,
    /// The part of those who stake, in basis points.
    pub stakers: u16,
}

/// The splits can't be changed before this time.
#[ink::event]
pub struct SplitsLocked {
    /// The first millisecond in which they can be changed.
    pub until: Timestamp,
}

/// New money was suspended or goes on.
#[ink::event]
pub struct PauseChanged {
    /// Whether new money is suspended from now on.
    pub paused: bool,
}

/// The owner proposed a new owner.
#[ink::event]
pub struct OwnerProposed {
    /// Who can accept.
    pub candidate: AccountId,
}

/// The proposed owner accepted.
#[ink::event]
pub struct OwnerChanged {
    /// The owner from now on.
    pub owner: AccountId,
}
