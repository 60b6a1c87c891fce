//! What the creator token tells indexers and wallets, beside PSP22's `Transfer` and `Approval`.

use crate::AccountId;
use patronage_core::vesting::Schedule;

/// Tokens were bought.
///
/// Only the signature is a topic: the recipient is one of the `Transfer` of the same call, and each topic costs as much as
/// storing a value.
#[ink::event]
pub struct Bought {
    /// Who paid.
    pub buyer: AccountId,
    /// Who got the tokens.
    pub recipient: AccountId,
    /// Who gets a share of the fee.
    pub referrer: Option<AccountId>,
    /// Smallest units bought.
    pub tokens: u128,
    /// Planck paid, fee included.
    pub paid: u128,
    /// The fee in it, the referrer's share included.
    pub fee: u128,
}

/// Tokens were sold back. Only the signature is a topic, as for [`Bought`].
#[ink::event]
pub struct Sold {
    /// Who sold and was paid.
    pub seller: AccountId,
    /// Smallest units sold.
    pub tokens: u128,
    /// Planck paid out, after the fee.
    pub payout: u128,
    /// The fee in planck.
    pub fee: u128,
}

/// Fees were paid out.
#[ink::event]
pub struct Claimed {
    /// Who was paid.
    #[ink(topic)]
    pub account: AccountId,
    /// Planck.
    pub amount: u128,
}

/// Tokens were put under a vesting schedule. The `Transfer` of the same call has the grantor as a topic.
#[ink::event]
pub struct VestingStarted {
    /// Whose tokens they were.
    pub grantor: AccountId,
    /// Who gets them.
    #[ink(topic)]
    pub beneficiary: AccountId,
    /// Smallest units.
    pub tokens: u128,
    /// When they become free.
    pub schedule: Schedule,
}

/// Tokens that have become free were paid out. The `Transfer` of the same call has the beneficiary as a topic.
#[ink::event]
pub struct VestingReleased {
    /// Whose tokens they were.
    pub grantor: AccountId,
    /// Who got them.
    pub beneficiary: AccountId,
    /// Smallest units.
    pub tokens: u128,
}

/// The creator's fees for trades from now on.
#[ink::event]
pub struct FeesLowered {
    /// On top of a buy, in basis points.
    pub buy_fee_bp: u16,
    /// Out of a sale, in basis points.
    pub sell_fee_bp: u16,
}

/// Buying was suspended or goes on.
#[ink::event]
pub struct PauseChanged {
    /// Whether buying is suspended from now on.
    pub paused: bool,
}

/// The creator's fees that are earned from now on go to someone else.
#[ink::event]
pub struct FeeRecipientChanged {
    /// To whom they go.
    pub recipient: AccountId,
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
