//! The creator token: a PSP22 token that is sold, and bought back, on a bonding curve.

use crate::{from_balance, to_balance, AccountId, Balance};
use ink::prelude::string::String;
use patronage_core::sale::{self, SaleTerms};
pub use patronage_core::{
    curve::{Curve, MAX_DECIMALS},
    sale::{LaunchGuard, Sale, TermsError, MAX_FEE_BP},
};

/// What the creator decides once, when the token is created.
#[derive(Debug, Clone, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
pub struct TokenTerms {
    /// Name that wallets show, not empty.
    pub name: String,
    /// Ticker that wallets show, not empty.
    pub symbol: String,
    /// Decimals, at most 24.
    pub decimals: u8,
    /// Planck per whole token before anything is sold.
    pub base_price: Balance,
    /// How much the price of a whole token rises, in planck, with each whole token sold. Zero is a fixed price.
    pub slope: Balance,
    /// The most smallest token units that can be in holders' hands; `None` for as many as the arithmetic carries.
    pub cap: Option<u128>,
    /// Creator's fee on top of the price of a buy, in basis points of that price, at most 1,000 (10 %).
    pub buy_fee_bp: u16,
    /// Creator's fee out of what selling brings, in basis points of that, at most 1,000 (10 %).
    pub sell_fee_bp: u16,
    /// A referrer's share of the creator's fee on a buy, in basis points of the fee.
    pub referral_bp: u16,
    /// The limit per account for the first hours, against snipers.
    pub launch_guard: Option<LaunchGuard>,
}

impl TokenTerms {
    /// The terms of the sale alone.
    pub fn sale(&self) -> SaleTerms {
        SaleTerms {
            decimals: self.decimals,
            base_price: from_balance(self.base_price),
            slope: from_balance(self.slope),
            cap: self.cap,
            buy_fee_bp: self.buy_fee_bp,
            sell_fee_bp: self.sell_fee_bp,
            referral_bp: self.referral_bp,
            launch_guard: self.launch_guard,
        }
    }
}

/// What a buy or a sale did, or would do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
pub struct Trade {
    /// Smallest token units bought or sold.
    pub tokens: u128,
    /// Planck that the buyer pays or the seller gets, all told.
    pub amount: Balance,
    /// The creator's fee in planck, which `amount` has in it (buying) or was made smaller by (selling).
    pub fee: Balance,
}

impl Trade {
    /// A buy as its buyer sees it; `None` where an amount does not fit the chain's balances.
    pub fn bought(trade: &sale::Trade) -> Option<Self> {
        Self::of(trade, trade.paid())
    }

    /// A sale as its seller sees it; `None` where an amount does not fit the chain's balances.
    pub fn sold(trade: &sale::Trade) -> Option<Self> {
        Self::of(trade, trade.payout())
    }

    fn of(trade: &sale::Trade, amount: u128) -> Option<Self> {
        Some(Self { tokens: trade.tokens, amount: to_balance(amount)?, fee: to_balance(trade.fee)? })
    }
}

/// Why the token refused. Nothing has changed when one of these is returned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
pub enum SaleError {
    /// The terms of the token are not possible.
    InvalidTerms(TermsError),
    /// All tokens up to the cap are sold, or more are asked for than are left.
    CapReached {
        /// Smallest units that are left.
        available: u128,
    },
    /// The money sent buys fewer tokens than demanded, or none.
    TooFewTokens {
        /// Smallest units it would buy now.
        tokens: u128,
    },
    /// The recipient would hold more than the launch guard allows.
    LaunchLimit {
        /// Smallest units the recipient can still buy until the guard ends.
        room: u128,
    },
    /// Buyer and recipient cannot refer themselves.
    SelfReferral,
    /// The seller does not have that many tokens.
    InsufficientBalance {
        /// Smallest units the seller has.
        balance: u128,
    },
    /// Selling brings less than demanded, or nothing.
    PayoutTooLow {
        /// Planck it would bring now.
        payout: Balance,
    },
    /// Nothing waits for the caller.
    NothingToClaim,
    /// The chain refused to move the money.
    TransferFailed,
}

impl From<TermsError> for SaleError {
    fn from(error: TermsError) -> Self {
        Self::InvalidTerms(error)
    }
}

/// A token whose whole supply comes from its own sale.
///
/// The price of a whole token is `base_price + slope * sold`, `sold` in whole tokens; buying costs the area under that line
/// rounded up, selling brings it rounded down. The contract holds at all times what buying back every token takes.
/// PSP22, PSP22Metadata are on the same contract.
///
/// Every `quote_*` gives, to the unit, what the call gives when nothing happens in between.
#[ink::trait_definition]
pub trait CreatorToken {
    /// Buys as many tokens for `recipient` as the money sent pays for, fee included, and returns the change to the caller.
    ///
    /// `min_tokens` (smallest units) is the least that is acceptable. `referrer` gets a share of the creator's fee.
    ///
    /// # Errors
    /// `SelfReferral`, `CapReached`, `TooFewTokens`, `LaunchLimit`, `TransferFailed`.
    ///
    /// # Events
    /// `Transfer` from nobody to the recipient, then `Bought`.
    #[ink(message, payable)]
    fn buy(&mut self, recipient: AccountId, min_tokens: u128, referrer: Option<AccountId>) -> Result<Trade, SaleError>;

    /// Sells `tokens` smallest units of the caller's back to the curve and pays the caller, at least `min_payout` planck.
    ///
    /// # Errors
    /// `InsufficientBalance`, `PayoutTooLow`, `TransferFailed`.
    ///
    /// # Events
    /// `Transfer` from the caller to nobody, then `Sold`.
    #[ink(message)]
    fn sell(&mut self, tokens: u128, min_payout: Balance) -> Result<Trade, SaleError>;

    /// What `buy` with `value` planck would do for a recipient whom the launch guard does not limit.
    ///
    /// # Errors
    /// `CapReached`, `TooFewTokens` when it buys nothing.
    #[ink(message)]
    fn quote_buy(&self, value: Balance) -> Result<Trade, SaleError>;

    /// What `sell` with `tokens` smallest units would do for a caller who has them.
    ///
    /// # Errors
    /// `InsufficientBalance` when fewer tokens exist, `PayoutTooLow` when it brings nothing.
    #[ink(message)]
    fn quote_sell(&self, tokens: u128) -> Result<Trade, SaleError>;

    /// Pays the caller all that waits for it: the creator's fees if it is the owner, its shares as a referrer. Returns the
    /// planck paid.
    ///
    /// # Errors
    /// `NothingToClaim`, `TransferFailed`.
    ///
    /// # Events
    /// `Claimed`.
    #[ink(message)]
    fn claim(&mut self) -> Result<Balance, SaleError>;

    /// What `claim` would pay `account`, in planck.
    #[ink(message)]
    fn claimable(&self, account: AccountId) -> Balance;

    /// Planck per whole token for the next smallest unit, rounded up, fee not included.
    #[ink(message)]
    fn spot_price(&self) -> Balance;

    /// Planck that are held for buying tokens back. Fees that wait to be claimed are not in it.
    #[ink(message)]
    fn reserve(&self) -> Balance;

    /// Terms and state of the sale, all at once. Native amounts in it are 128 bits wide on every chain.
    #[ink(message)]
    fn curve(&self) -> Sale;

    /// The creator, to whom the fees belong.
    #[ink(message)]
    fn owner(&self) -> AccountId;
}

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
    pub paid: Balance,
    /// The fee in it, the referrer's share included.
    pub fee: Balance,
}

/// Tokens were sold back. Only the signature is a topic, as for [`Bought`].
#[ink::event]
pub struct Sold {
    /// Who sold and was paid.
    pub seller: AccountId,
    /// Smallest units sold.
    pub tokens: u128,
    /// Planck paid out, after the fee.
    pub payout: Balance,
    /// The fee in planck.
    pub fee: Balance,
}

/// Fees were paid out.
#[ink::event]
pub struct Claimed {
    /// Who was paid.
    #[ink(topic)]
    pub account: AccountId,
    /// Planck.
    pub amount: Balance,
}
