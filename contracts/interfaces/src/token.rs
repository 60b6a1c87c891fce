//! The creator token: a PSP22 token that is sold, and bought back, on a bonding curve.

mod events;

use crate::{from_balance, to_balance, AccountId, Balance};
pub use events::{
    Bought, Claimed, FeeRecipientChanged, FeesLowered, OwnerChanged, OwnerProposed, PauseChanged, Sold,
    VestingReleased, VestingStarted,
};
use ink::prelude::{string::String, vec::Vec};
use patronage_core::sale::{self, SaleTerms};
pub use patronage_core::{
    curve::{Curve, MAX_DECIMALS},
    sale::{LaunchGuard, Sale, TermsError, MAX_FEE_BP},
    vesting::{Schedule, Vesting},
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
    /// The most smallest token units that can be sold and not sold back, burned ones included; `None` for as many as the
    /// arithmetic carries.
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
    /// The terms of the token are not possible, or a fee would rise.
    InvalidTerms(TermsError),
    /// The owner has suspended buying.
    Paused,
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
    /// The tokens cost more than was sent.
    PaymentTooSmall {
        /// Planck they cost now, fee included.
        least: Balance,
    },
    /// The recipient would hold more than the launch guard allows.
    LaunchLimit {
        /// Smallest units the recipient can still buy until the guard ends.
        room: u128,
    },
    /// Buyer and recipient cannot refer themselves.
    SelfReferral,
    /// The caller does not have that many tokens.
    InsufficientBalance {
        /// Smallest units the caller has, or has left after the transfers before.
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
    /// The schedule's times are out of order or more than 100 years ahead, or there is nothing to vest.
    InvalidSchedule,
    /// The caller already vests tokens for this beneficiary.
    AlreadyVesting,
    /// Nothing of the vesting is free that was not released already, or there is none.
    NothingToRelease,
    /// Only the owner may do that.
    NotOwner,
    /// Only the proposed owner may accept.
    NotProposed,
}

impl From<TermsError> for SaleError {
    fn from(error: TermsError) -> Self {
        Self::InvalidTerms(error)
    }
}

/// A token whose whole supply comes from its own sale.
///
/// **Price.** The price of a whole token is `base_price + slope * sold`, `sold` in whole tokens; buying costs the area under
/// that line rounded up, selling brings it rounded down. The contract holds at all times what buying back every token takes.
/// Every `quote_*` gives, to the unit, what the call gives when nothing happens in between.
///
/// **Burning.** PSP22, PSP22Metadata and PSP22Burnable are on the same contract. `burn` takes tokens out of the supply but
/// not out of `sold`: no price moves, and everyone else can sell for exactly what they could before. What the burned tokens
/// would have brought is nobody's: the lowest part of the curve, as long as their number, can no longer be sold, its area
/// stays in the reserve for good, and the price never falls below the price there. Burned tokens keep their room under the
/// cap: they can't be bought again.
///
/// **Vesting.** Anyone can put own tokens under a linear schedule for a beneficiary. Nobody can take that back. The tokens
/// are then on the contract's own account, where `vesting_of` shows whose they become and when.
///
/// **The owner** can lower the fees, suspend buying, say to whom the fees go, and hand over. It can not raise a fee, stop
/// selling, transfers, releases or claims, make tokens, or touch the reserve.
#[ink::trait_definition]
pub trait CreatorToken {
    /// Buys as many tokens for `recipient` as the money sent pays for, fee included, and returns the change to the caller.
    ///
    /// `min_tokens` (smallest units) is the least that is acceptable. `referrer` gets a share of the creator's fee.
    ///
    /// # Errors
    /// `Paused`, `CapReached`, `TooFewTokens`, `SelfReferral`, `LaunchLimit`, `TransferFailed`.
    ///
    /// # Events
    /// `Transfer` from nobody to the recipient, then `Bought`.
    #[ink(message, payable)]
    fn buy(&mut self, recipient: AccountId, min_tokens: u128, referrer: Option<AccountId>) -> Result<Trade, SaleError>;

    /// Buys exactly `tokens` smallest units for `recipient` and returns to the caller what they do not cost. What is sent is
    /// therefore the most that the caller agrees to pay. `referrer` gets a share of the creator's fee.
    ///
    /// # Errors
    /// `Paused`, `CapReached`, `TooFewTokens` for none, `SelfReferral`, `LaunchLimit`, `PaymentTooSmall`, `TransferFailed`.
    ///
    /// # Events
    /// `Transfer` from nobody to the recipient, then `Bought`.
    #[ink(message, payable)]
    fn buy_exact(
        &mut self,
        recipient: AccountId,
        tokens: u128,
        referrer: Option<AccountId>,
    ) -> Result<Trade, SaleError>;

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
    /// `Paused`, `CapReached`, `TooFewTokens` when it buys nothing.
    #[ink(message)]
    fn quote_buy(&self, value: Balance) -> Result<Trade, SaleError>;

    /// What `buy_exact` of `tokens` smallest units would do for a recipient whom the launch guard does not limit.
    ///
    /// # Errors
    /// `Paused`, `CapReached`, `TooFewTokens` for none.
    #[ink(message)]
    fn quote_buy_exact(&self, tokens: u128) -> Result<Trade, SaleError>;

    /// What `sell` with `tokens` smallest units would do for a caller who has them.
    ///
    /// # Errors
    /// `InsufficientBalance` when fewer tokens exist, `PayoutTooLow` when it brings nothing.
    #[ink(message)]
    fn quote_sell(&self, tokens: u128) -> Result<Trade, SaleError>;

    /// Moves tokens of the caller to many accounts, all of them or none: each pair is a recipient and smallest units, and
    /// counts as a PSP22 `transfer`. How many there can be is a matter of gas alone.
    ///
    /// # Errors
    /// `InsufficientBalance` with what was left for the transfer that failed.
    ///
    /// # Events
    /// `Transfer` for each, but not for nothing and not to oneself.
    #[ink(message)]
    fn transfer_many(&mut self, transfers: Vec<(AccountId, u128)>) -> Result<(), SaleError>;

    /// Pays the caller all that waits for it: the creator's fees if it is their recipient, its shares as a referrer, and what
    /// it earned as an earlier recipient. Returns the planck paid.
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

    /// Puts `tokens` smallest units of the caller's away for `beneficiary`, who gets them as they become free by `schedule`.
    /// Nobody can change or end that. A caller has one vesting at a time for each beneficiary, so no one can stand in the way
    /// of another's.
    ///
    /// # Errors
    /// `InvalidSchedule`, `AlreadyVesting`, `InsufficientBalance`.
    ///
    /// # Events
    /// `Transfer` from the caller to the contract, then `VestingStarted`.
    #[ink(message)]
    fn vest(&mut self, beneficiary: AccountId, tokens: u128, schedule: Schedule) -> Result<(), SaleError>;

    /// Gives `beneficiary` what is free of the tokens that `grantor` vests for it, and returns how many smallest units. Anyone
    /// may call. With the last of them the record goes, and whoever calls gets its storage deposit.
    ///
    /// # Errors
    /// `NothingToRelease`.
    ///
    /// # Events
    /// `Transfer` from the contract to the beneficiary, then `VestingReleased`.
    #[ink(message)]
    fn release(&mut self, grantor: AccountId, beneficiary: AccountId) -> Result<u128, SaleError>;

    /// The tokens that `grantor` vests for `beneficiary`; `None` when there are none, or no longer.
    #[ink(message)]
    fn vesting_of(&self, grantor: AccountId, beneficiary: AccountId) -> Option<Vesting>;

    /// Sets both fees (basis points) for trades from now on, neither above what it is. Only the owner.
    ///
    /// # Errors
    /// `NotOwner`, `InvalidTerms(FeeTooHigh)` with the present fee.
    ///
    /// # Events
    /// `FeesLowered`.
    #[ink(message)]
    fn lower_fees(&mut self, buy_fee_bp: u16, sell_fee_bp: u16) -> Result<(), SaleError>;

    /// Suspends buying, or lets it go on. Everything else always goes on. Only the owner.
    ///
    /// # Errors
    /// `NotOwner`.
    ///
    /// # Events
    /// `PauseChanged`.
    #[ink(message)]
    fn set_paused(&mut self, paused: bool) -> Result<(), SaleError>;

    /// Says who gets the creator's fees that are earned from now on, for example a patronage vault, which collects them by
    /// `claim`. Those earned before stay whose they are. Only the owner.
    ///
    /// # Errors
    /// `NotOwner`.
    ///
    /// # Events
    /// `FeeRecipientChanged`.
    #[ink(message)]
    fn set_fee_recipient(&mut self, recipient: AccountId) -> Result<(), SaleError>;

    /// Who gets the creator's fees: the owner, unless the owner has named another.
    #[ink(message)]
    fn fee_recipient(&self) -> AccountId;

    /// Offers the ownership to `candidate`, in place of any offer before. It changes when the candidate accepts. Only the
    /// owner.
    ///
    /// # Errors
    /// `NotOwner`.
    ///
    /// # Events
    /// `OwnerProposed`.
    #[ink(message)]
    fn propose_owner(&mut self, candidate: AccountId) -> Result<(), SaleError>;

    /// Makes the caller, whom the owner has proposed, the owner. Where the old owner got the fees, the new one gets those
    /// that are earned from now on; what was earned before stays the old owner's to claim.
    ///
    /// # Errors
    /// `NotProposed`.
    ///
    /// # Events
    /// `OwnerChanged`, then `FeeRecipientChanged` if the fees go along.
    #[ink(message)]
    fn accept_ownership(&mut self) -> Result<(), SaleError>;

    /// The creator.
    #[ink(message)]
    fn owner(&self) -> AccountId;

    /// Who can accept the ownership.
    #[ink(message)]
    fn pending_owner(&self) -> Option<AccountId>;
}
