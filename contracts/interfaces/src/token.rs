//! The creator token: a PSP22 token that is sold and bought back on a bonding curve.

#[cfg(feature = "token")]
mod events;
#[cfg(test)]
mod tests;

use crate::AccountId;
#[cfg(feature = "token")]
pub use events::{
    Bought, Claimed, FeeRecipientChanged, FeesLowered, PauseChanged, Sold, VestingReleased, VestingStarted,
};
use ink::prelude::{boxed::Box, vec::Vec};
pub use patronage_core::{
    curve::{Curve, MAX_DECIMALS},
    error::TokenError,
    sale::{LaunchGuard, Sale, TermsError, TokenTerms, Trade, MAX_FEE_BP, MAX_NAME},
    text::Utf8Bytes,
    vesting::{Schedule, Vesting},
};

/// PSP22's optional metadata, <https://github.com/w3f/PSPs/blob/master/PSPs/psp-22.md>. Messages and selectors are those of
/// the trait in the crate `psp22`. Texts are [`Utf8Bytes`], which has the same encoding.
#[ink::trait_definition]
pub trait PSP22Metadata {
    /// Returns the token's name.
    #[ink(message)]
    fn token_name(&self) -> Option<Utf8Bytes>;

    /// Returns the token's ticker.
    #[ink(message)]
    fn token_symbol(&self) -> Option<Utf8Bytes>;

    /// Returns the number of decimals.
    #[ink(message)]
    fn token_decimals(&self) -> u8;
}

/// A token whose whole supply comes from its own sale.
///
/// **Price.** The price of a whole token is `base_price + slope * sold`, with `sold` in whole tokens. Buying costs the area
/// under that line, rounded up. Selling pays the area, rounded down. The contract always holds enough to buy every token
/// back. Every `quote_*` returns exactly what the call does if nothing happens in between.
///
/// **Burning.** The contract also implements PSP22, PSP22Metadata and PSP22Burnable. `burn` takes tokens out of the supply
/// but not out of `sold`. So no price changes, and everyone else can sell for exactly as much as before. The lowest part of
/// the curve, as long as the number of burned tokens, can no longer be sold. Its area stays in the reserve for good, and
/// the price never falls below the price there. Burned tokens still count against the cap.
///
/// **Vesting.** Anyone can put their own tokens under a linear schedule for a beneficiary. Nobody can undo that. The
/// contract's account then holds the tokens; `vesting_of` shows the beneficiary's schedule.
///
/// **The owner** can lower the fees, suspend buying, set the recipient of the fees, and transfer the ownership
/// ([`Ownable`](crate::ownable::Ownable)). The owner cannot raise a fee, stop selling, transfers, releases or claims, mint
/// tokens, or use the reserve.
#[ink::trait_definition]
pub trait CreatorToken {
    /// Buys as many tokens for `recipient` as the sent money pays for, fee included. Returns the change to the caller.
    ///
    /// Fails if it buys fewer than `min_tokens` smallest units. `referrer` gets a share of the creator's fee.
    ///
    /// # Errors
    /// `Paused`, `CapReached`, `TooFewTokens`, `LaunchLimit`, `SelfReferral`, `TransferFailed`.
    ///
    /// # Events
    /// `Transfer` from `None` to the recipient, then `Bought`.
    #[ink(message, payable)]
    fn buy(
        &mut self,
        recipient: AccountId,
        min_tokens: u128,
        referrer: Option<AccountId>,
    ) -> Result<Trade, Box<TokenError>>;

    /// Buys exactly `tokens` smallest units for `recipient`. Returns the change to the caller, so the sent money is the
    /// most that the caller pays. `referrer` gets a share of the creator's fee.
    ///
    /// # Errors
    /// `Paused`, `CapReached`, `TooFewTokens` (for 0), `LaunchLimit`, `SelfReferral`, `PaymentTooSmall`, `TransferFailed`.
    ///
    /// # Events
    /// `Transfer` from `None` to the recipient, then `Bought`.
    #[ink(message, payable)]
    fn buy_exact(
        &mut self,
        recipient: AccountId,
        tokens: u128,
        referrer: Option<AccountId>,
    ) -> Result<Trade, Box<TokenError>>;

    /// Sells `tokens` smallest units of the caller back to the curve. Pays the caller at least `min_payout` planck.
    ///
    /// # Errors
    /// `InsufficientBalance`, `PayoutTooLow`, `TransferFailed`.
    ///
    /// # Events
    /// `Transfer` from the caller to `None`, then `Sold`.
    #[ink(message)]
    fn sell(&mut self, tokens: u128, min_payout: u128) -> Result<Trade, Box<TokenError>>;

    /// Returns what `buy` with `value` planck would do, if the launch guard limits neither buyer nor recipient.
    ///
    /// # Errors
    /// `Paused`, `CapReached`, `TooFewTokens` (if it buys nothing).
    #[ink(message)]
    fn quote_buy(&self, value: u128) -> Result<Trade, Box<TokenError>>;

    /// Returns what `buy_exact` of `tokens` smallest units would do, if the launch guard limits neither buyer nor
    /// recipient.
    ///
    /// # Errors
    /// `Paused`, `CapReached`, `TooFewTokens` (for 0).
    #[ink(message)]
    fn quote_buy_exact(&self, tokens: u128) -> Result<Trade, Box<TokenError>>;

    /// Returns what `sell` of `tokens` smallest units would do for a caller who has them.
    ///
    /// # Errors
    /// `InsufficientBalance` if fewer tokens exist, `PayoutTooLow` if it pays nothing.
    #[ink(message)]
    fn quote_sell(&self, tokens: u128) -> Result<Trade, Box<TokenError>>;

    /// Transfers tokens of the caller to many accounts: all transfers or none. Each pair is a recipient and smallest units,
    /// and has the effects of a PSP22 `transfer`. Only gas limits their number.
    ///
    /// # Errors
    /// `InsufficientBalance` with the balance that was left for the failed transfer.
    ///
    /// # Events
    /// `Transfer` for each transfer, except of 0 and to the caller.
    #[ink(message)]
    fn transfer_many(&mut self, transfers: Vec<(AccountId, u128)>) -> Result<(), Box<TokenError>>;

    /// Pays the caller everything that it can claim: the creator's fees if the caller is their recipient, its shares as a
    /// referrer, and fees that it earned as an earlier recipient. Returns the amount in planck. The first claim of a
    /// recipient accepts the fees.
    ///
    /// # Errors
    /// `NothingToClaim`, `TransferFailed`.
    ///
    /// # Events
    /// `Claimed`.
    #[ink(message)]
    fn claim(&mut self) -> Result<u128, Box<TokenError>>;

    /// Returns what `claim` would pay `account`, in planck.
    #[ink(message)]
    fn claimable(&self, account: AccountId) -> u128;

    /// Returns the price of the next smallest unit, in planck per whole token, rounded up, without the fee.
    #[ink(message)]
    fn spot_price(&self) -> u128;

    /// Returns the money that is held to buy tokens back, in planck. Unclaimed fees are not included.
    #[ink(message)]
    fn reserve(&self) -> u128;

    /// Returns terms and state of the sale.
    #[ink(message)]
    fn curve(&self) -> Sale;

    /// Puts `tokens` smallest units of the caller under `schedule` for `beneficiary`. Nobody can change or end that. A
    /// caller has at most one vesting for each beneficiary, so nobody can block another's.
    ///
    /// # Errors
    /// `InvalidSchedule`, `AlreadyVesting`, `InsufficientBalance`.
    ///
    /// # Events
    /// `Transfer` from the caller to the contract, then `VestingStarted`.
    #[ink(message)]
    fn vest(&mut self, beneficiary: AccountId, tokens: u128, schedule: Schedule) -> Result<(), Box<TokenError>>;

    /// Pays `beneficiary` the vested tokens of the vesting by `grantor` that were not released before. Returns the number
    /// of smallest units. Anyone can call it. The last release deletes the record, and its caller gets the storage deposit.
    ///
    /// # Errors
    /// `NothingToRelease`.
    ///
    /// # Events
    /// `Transfer` from the contract to the beneficiary, then `VestingReleased`.
    #[ink(message)]
    fn release(&mut self, grantor: AccountId, beneficiary: AccountId) -> Result<u128, Box<TokenError>>;

    /// Returns the vesting by `grantor` for `beneficiary`; `None` if there is none, or after the last release.
    #[ink(message)]
    fn vesting_of(&self, grantor: AccountId, beneficiary: AccountId) -> Option<Vesting>;

    /// Sets both fees, in basis points, for later trades. Neither can rise. Only the owner.
    ///
    /// # Errors
    /// `NotOwner`, `InvalidTerms(FeeTooHigh)` with the present fee.
    ///
    /// # Events
    /// `FeesLowered`.
    #[ink(message)]
    fn lower_fees(&mut self, buy_fee_bp: u16, sell_fee_bp: u16) -> Result<(), Box<TokenError>>;

    /// Suspends or resumes buying. Everything else is always possible. Only the owner.
    ///
    /// # Errors
    /// `NotOwner`.
    ///
    /// # Events
    /// `PauseChanged`.
    #[ink(message)]
    fn set_paused(&mut self, paused: bool) -> Result<(), Box<TokenError>>;

    /// Sets the recipient of the creator's fees that are earned from now on, for example a vault, which collects them by
    /// `claim`. Fees earned before stay with the recipient of that time if it has ever claimed. Otherwise they return to
    /// the owner, as a recipient that never claimed may not be able to. The present recipient changes nothing. Only the
    /// owner.
    ///
    /// # Errors
    /// `NotOwner`.
    ///
    /// # Events
    /// `FeeRecipientChanged`, if it changes.
    #[ink(message)]
    fn set_fee_recipient(&mut self, recipient: AccountId) -> Result<(), Box<TokenError>>;

    /// Returns the recipient of the creator's fees: the owner, unless the owner has set another.
    #[ink(message)]
    fn fee_recipient(&self) -> AccountId;

    /// Deletes the launch guard's count for `account`, after the guard has ended. Anyone can call it; the caller gets the
    /// storage deposit. Does nothing without a count.
    ///
    /// # Errors
    /// `GuardActive`.
    #[ink(message)]
    fn prune_bought(&mut self, account: AccountId) -> Result<(), Box<TokenError>>;
}
