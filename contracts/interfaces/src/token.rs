//! The creator token: a PSP22 token that is sold, and bought back, on a bonding curve.

mod events;
#[cfg(test)]
mod tests;

use crate::AccountId;
pub use events::{
    Bought, Claimed, FeeRecipientChanged, FeesLowered, OwnerChanged, OwnerProposed, PauseChanged, Sold,
    VestingReleased, VestingStarted,
};
use ink::prelude::{boxed::Box, vec::Vec};
use patronage_core::sale::SaleTerms;
pub use patronage_core::{
    curve::{Curve, MAX_DECIMALS},
    sale::{LaunchGuard, Sale, TokenError, TermsError, Trade, MAX_FEE_BP, MAX_NAME},
    vesting::{Schedule, Vesting},
};

/// What the creator decides once, when the token is created.
#[derive(Debug, Clone, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
pub struct TokenTerms {
    /// Name that wallets show, not empty and at most 256 bytes.
    pub name: Utf8Bytes,
    /// Ticker that wallets show, not empty and at most 256 bytes.
    pub symbol: Utf8Bytes,
    /// Decimals, at most 24.
    pub decimals: u8,
    /// Planck per whole token before anything is sold.
    pub base_price: u128,
    /// How much the price of a whole token rises, in planck, with each whole token sold. Zero is a fixed price.
    pub slope: u128,
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
    pub launch_guard: LaunchGuard,
}

patronage_wire::read!(
    struct TokenTerms {
        name: Utf8Bytes,
        symbol: Utf8Bytes,
        decimals: u8,
        base_price: u128,
        slope: u128,
        cap: Option<u128>,
        buy_fee_bp: u16,
        sell_fee_bp: u16,
        referral_bp: u16,
        launch_guard: LaunchGuard,
    }
);

impl TokenTerms {
    /// The terms of the sale alone.
    pub fn sale(&self) -> SaleTerms {
        SaleTerms {
            decimals: self.decimals,
            base_price: self.base_price,
            slope: self.slope,
            cap: self.cap,
            buy_fee_bp: self.buy_fee_bp,
            sell_fee_bp: self.sell_fee_bp,
            referral_bp: self.referral_bp,
            launch_guard: self.launch_guard,
        }
    }
}

/// Utf8Bytes as wallets show it. In SCALE and in the metadata it is a `str`, but nothing here pays for checking that it is UTF-8:
/// whoever creates a token says how it is called, and only its own name is spoiled by anything else.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[ink::scale_derive(Encode, Decode)]
pub struct Utf8Bytes(pub Vec<u8>);

#[cfg(feature = "std")]
impl core::fmt::Display for Utf8Bytes {
    fn fmt(&self, to: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        to.write_str(&std::string::String::from_utf8_lossy(&self.0))
    }
}

impl From<&str> for Utf8Bytes {
    fn from(text: &str) -> Self {
        Self(text.as_bytes().to_vec())
    }
}

#[cfg(feature = "std")]
impl ink::scale_info::TypeInfo for Utf8Bytes {
    type Identity = str;

    fn type_info() -> ink::scale_info::Type {
        str::type_info()
    }
}

impl patronage_wire::Read for Utf8Bytes {
    const MAX: usize = <Vec<u8> as patronage_wire::Read>::MAX;

    fn read(from: &mut patronage_wire::Reader<'_>) -> Self {
        Self(patronage_wire::Read::read(from))
    }
}

/// PSP22's optional metadata, <https://github.com/w3f/PSPs/blob/master/PSPs/psp-22.md>. The same messages, selectors and types
/// as the trait of the crate `psp22`, but for [`Utf8Bytes`].
#[ink::trait_definition]
pub trait PSP22Metadata {
    /// The token's name.
    #[ink(message)]
    fn token_name(&self) -> Option<Utf8Bytes>;

    /// The token's ticker.
    #[ink(message)]
    fn token_symbol(&self) -> Option<Utf8Bytes>;

    /// How many decimals a whole token has.
    #[ink(message)]
    fn token_decimals(&self) -> u8;
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
    /// `Paused`, `CapReached`, `TooFewTokens`, `LaunchLimit`, `SelfReferral`, `TransferFailed`.
    ///
    /// # Events
    /// `Transfer` from nobody to the recipient, then `Bought`.
    #[ink(message, payable)]
    fn buy(
        &mut self,
        recipient: AccountId,
        min_tokens: u128,
        referrer: Option<AccountId>,
    ) -> Result<Trade, Box<TokenError>>;

    /// Buys exactly `tokens` smallest units for `recipient` and returns to the caller what they do not cost. What is sent is
    /// therefore the most that the caller agrees to pay. `referrer` gets a share of the creator's fee.
    ///
    /// # Errors
    /// `Paused`, `CapReached`, `TooFewTokens` for none, `LaunchLimit`, `SelfReferral`, `PaymentTooSmall`, `TransferFailed`.
    ///
    /// # Events
    /// `Transfer` from nobody to the recipient, then `Bought`.
    #[ink(message, payable)]
    fn buy_exact(
        &mut self,
        recipient: AccountId,
        tokens: u128,
        referrer: Option<AccountId>,
    ) -> Result<Trade, Box<TokenError>>;

    /// Sells `tokens` smallest units of the caller's back to the curve and pays the caller, at least `min_payout` planck.
    ///
    /// # Errors
    /// `InsufficientBalance`, `PayoutTooLow`, `TransferFailed`.
    ///
    /// # Events
    /// `Transfer` from the caller to nobody, then `Sold`.
    #[ink(message)]
    fn sell(&mut self, tokens: u128, min_payout: u128) -> Result<Trade, Box<TokenError>>;

    /// What `buy` with `value` planck would do where the launch guard limits neither buyer nor recipient.
    ///
    /// # Errors
    /// `Paused`, `CapReached`, `TooFewTokens` when it buys nothing.
    #[ink(message)]
    fn quote_buy(&self, value: u128) -> Result<Trade, Box<TokenError>>;

    /// What `buy_exact` of `tokens` smallest units would do where the launch guard limits neither buyer nor recipient.
    ///
    /// # Errors
    /// `Paused`, `CapReached`, `TooFewTokens` for none.
    #[ink(message)]
    fn quote_buy_exact(&self, tokens: u128) -> Result<Trade, Box<TokenError>>;

    /// What `sell` with `tokens` smallest units would do for a caller who has them.
    ///
    /// # Errors
    /// `InsufficientBalance` when fewer tokens exist, `PayoutTooLow` when it brings nothing.
    #[ink(message)]
    fn quote_sell(&self, tokens: u128) -> Result<Trade, Box<TokenError>>;

    /// Moves tokens of the caller to many accounts, all of them or none: each pair is a recipient and smallest units, and
    /// counts as a PSP22 `transfer`. How many there can be is a matter of gas alone.
    ///
    /// # Errors
    /// `InsufficientBalance` with what was left for the transfer that failed.
    ///
    /// # Events
    /// `Transfer` for each, but not for nothing and not to oneself.
    #[ink(message)]
    fn transfer_many(&mut self, transfers: Vec<(AccountId, u128)>) -> Result<(), Box<TokenError>>;

    /// Pays the caller all that waits for it: the creator's fees if it is their recipient, its shares as a referrer, and what
    /// it earned as an earlier recipient. Returns the planck paid. The recipient of the fees accepts them by its first
    /// claim.
    ///
    /// # Errors
    /// `NothingToClaim`, `TransferFailed`.
    ///
    /// # Events
    /// `Claimed`.
    #[ink(message)]
    fn claim(&mut self) -> Result<u128, Box<TokenError>>;

    /// What `claim` would pay `account`, in planck.
    #[ink(message)]
    fn claimable(&self, account: AccountId) -> u128;

    /// Planck per whole token for the next smallest unit, rounded up, fee not included.
    #[ink(message)]
    fn spot_price(&self) -> u128;

    /// Planck that are held for buying tokens back. Fees that wait to be claimed are not in it.
    #[ink(message)]
    fn reserve(&self) -> u128;

    /// Terms and state of the sale, all at once.
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
    fn vest(&mut self, beneficiary: AccountId, tokens: u128, schedule: Schedule) -> Result<(), Box<TokenError>>;

    /// Gives `beneficiary` what is free of the tokens that `grantor` vests for it, and returns how many smallest units. Anyone
    /// may call. With the last of them the record goes, and whoever calls gets its storage deposit.
    ///
    /// # Errors
    /// `NothingToRelease`.
    ///
    /// # Events
    /// `Transfer` from the contract to the beneficiary, then `VestingReleased`.
    #[ink(message)]
    fn release(&mut self, grantor: AccountId, beneficiary: AccountId) -> Result<u128, Box<TokenError>>;

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
    fn lower_fees(&mut self, buy_fee_bp: u16, sell_fee_bp: u16) -> Result<(), Box<TokenError>>;

    /// Suspends buying, or lets it go on. Everything else always goes on. Only the owner.
    ///
    /// # Errors
    /// `NotOwner`.
    ///
    /// # Events
    /// `PauseChanged`.
    #[ink(message)]
    fn set_paused(&mut self, paused: bool) -> Result<(), Box<TokenError>>;

    /// Says who gets the creator's fees that are earned from now on, for example a patronage vault, which collects them by
    /// `claim`. Those earned before stay whose they are. A recipient that has not claimed yet perhaps can't: what has been earned
    /// for it is the owner's again when the owner names another, so that no fees are lost. Naming the
    /// recipient that there is changes nothing. Only the owner.
    ///
    /// # Errors
    /// `NotOwner`.
    ///
    /// # Events
    /// `FeeRecipientChanged`, if it changes.
    #[ink(message)]
    fn set_fee_recipient(&mut self, recipient: AccountId) -> Result<(), Box<TokenError>>;

    /// Who gets the creator's fees: the owner, unless the owner has named another.
    #[ink(message)]
    fn fee_recipient(&self) -> AccountId;

    /// Deletes the count of what `account` has bought under the launch guard, once that has ended. Anyone may, and whoever does
    /// gets the storage deposit. Without a count nothing happens.
    ///
    /// # Errors
    /// `GuardActive`.
    #[ink(message)]
    fn prune_bought(&mut self, account: AccountId) -> Result<(), Box<TokenError>>;

    /// Offers the ownership to `candidate`, in place of any offer before. It changes when the candidate accepts. Only the
    /// owner.
    ///
    /// # Errors
    /// `NotOwner`.
    ///
    /// # Events
    /// `OwnerProposed`.
    #[ink(message)]
    fn propose_owner(&mut self, candidate: AccountId) -> Result<(), Box<TokenError>>;

    /// Makes the caller, whom the owner has proposed, the owner. Where the old owner got the fees, the new one gets those
    /// that are earned from now on; what was earned before stays the old owner's to claim.
    ///
    /// # Errors
    /// `NotProposed`.
    ///
    /// # Events
    /// `OwnerChanged`, then `FeeRecipientChanged` if the fees go along.
    #[ink(message)]
    fn accept_ownership(&mut self) -> Result<(), Box<TokenError>>;

    /// The creator.
    #[ink(message)]
    fn owner(&self) -> AccountId;

    /// Who can accept the ownership.
    #[ink(message)]
    fn pending_owner(&self) -> Option<AccountId>;
}
