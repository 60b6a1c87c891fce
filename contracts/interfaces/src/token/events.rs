//! Events of the creator token, beside PSP22's `Transfer` and `Approval`.

use crate::AccountId;
use patronage_core::vesting::Schedule;

/// Tokens were bought.
///
/// Only the signature is a topic, as each topic costs as much as storing a value. The recipient is a topic of the
/// `Transfer` of the same call.
#[ink::event]
pub struct Bought {
    /// Account that paid.
    pub buyer: AccountId,
    /// Account that received the tokens.
    pub recipient: AccountId,
    /// Account that gets a share of the fee.
    pub referrer: Option<AccountId>,
    /// Smallest units bought.
    pub tokens: u128,
    /// Amount paid, in planck, fee included.
    pub paid: u128,
    /// Fee within `paid`, in planck, the referrer's share included.
    pub fee: u128,
}

/// Tokens were sold back. Only the signature is a topic, as for [`Bought`].
#[ink::event]
pub struct Sold {
    /// Account that sold and was paid.
    pub seller: AccountId,
    /// Smallest units sold.
    pub tokens: u128,
    /// Amount paid out, in planck, after the fee.
    pub payout: u128,
    /// Fee, in planck.
    pub fee: u128,
}

/// Fees were paid out.
#[ink::event]
pub struct Claimed {
    /// Account that was paid.
    #[ink(topic)]
    pub account: AccountId,
    /// Amount, in planck.
    pub amount: u128,
}

/// Tokens were put under a vesting schedule. The `Transfer` of the same call has the grantor as a topic.
#[ink::event]
pub struct VestingStarted {
    /// Account that the tokens came from.
    pub grantor: AccountId,
    /// Account that receives them.
    #[ink(topic)]
    pub beneficiary: AccountId,
    /// Smallest units.
    pub tokens: u128,
    /// When the tokens vest.
    pub schedule: Schedule,
}

/// Vested tokens were released. The `Transfer` of the same call has the beneficiary as a topic.
#[ink::event]
pub struct VestingReleased {
    /// Account that the tokens came from.
    pub grantor: AccountId,
    /// Account that received them.
    pub beneficiary: AccountId,
    /// Smallest units.
    pub tokens: u128,
}

/// The creator's fees for later trades.
#[ink::event]
pub struct FeesLowered {
    /// Fee on top of a buy, in basis points.
    pub buy_fee_bp: u16,
    /// Fee out of a sale, in basis points.
    pub sell_fee_bp: u16,
}

/// Buying was suspended or resumed.
#[ink::event]
pub struct PauseChanged {
    /// Whether buying is suspended from now on.
    pub paused: bool,
}

/// The recipient of the creator's fees changed.
#[ink::event]
pub struct FeeRecipientChanged {
    /// Recipient from now on.
    pub recipient: AccountId,
}
