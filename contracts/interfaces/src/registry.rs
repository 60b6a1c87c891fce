//! The content registry: published content, the rules for access, and purchases.

mod error;
#[cfg(feature = "registry")]
mod events;
#[cfg(test)]
mod tests;
mod types;

use crate::{patronage::Standing, AccountId, Timestamp};
use ink::prelude::{boxed::Box, vec::Vec};
pub use patronage_core::{
    access::{Grant, InvalidAudience, ListId, MAX_CONDITIONS, MAX_RULES},
    content::{ContentId, MAX_URI},
    query_limits::QuestionLimits,
};

pub use error::RegistryError;
#[cfg(feature = "registry")]
pub use events::{
    FileReplaced, ListChanged, ManagerChanged, Published, Purchased, QuestionLimitsChanged, TermsChanged, VaultChanged,
};
pub use types::{Access, Audience, Condition, Content, Entry, Missing, Rule, Shortfall, Terms};

/// The maximum number of accounts that one call can add to a list, or remove from it.
pub const MAX_LISTED: u32 = 100;

/// The maximum number of pieces of content that one call of `check_many` looks at.
pub const MAX_CHECKS: u32 = 32;

/// A registry of content that tells everyone, on the chain, which account may open what.
///
/// **Access** is granted if any rule of the content's audience holds, or if the account has bought the content, and never
/// before the release. A purchase is permanent: new rules, a new price and retirement affect only accounts that have not
/// bought.
///
/// **Other contracts.** Conditions name PSP22 tokens and vaults. The registry calls `PSP22::balance_of` and
/// [`Patronage::standing_of`](crate::patronage::Patronage::standing_of) there. Any contract with these messages works. Each
/// contract is called at most once per call, and only while no rule is known to hold and the answer can matter.
///
/// A contract is "unavailable" if it does not exist, traps, reverts, exceeds its gas limit, lacks the message, or returns
/// malformed data. Its conditions then do not hold. All other rules are evaluated as usual. A call with too little gas
/// fails or denies access, because a contract that runs out of gas looks like any other failure. It never grants.
///
/// `check` and `check_many` call each contract in a frame of its own, through the registry's own messages `balance_at` and
/// `standing_at`. So nothing that a contract does can stop them. `has_access` is the cheap query for other contracts. It
/// uses no such frame, which would load the registry's code once more for each contract. So these cases make `has_access`
/// fail as a whole, which grants nothing:
/// - return data of more than 16 KiB, which no ink! contract can produce;
/// - a contract that stores something during the call: the sender pays no deposit for an answer;
/// - a contract that is already waiting further up the call stack, other than the direct caller of the registry, which is
///   unavailable;
/// - a call stack at the chain's depth limit.
///
/// **Purchases.** A price sells permanent access, independent of the rules. The money goes to the registry's vault by
/// [`Patronage::pay`](crate::patronage::Patronage::pay), with the content's number as the purpose, and so into the vault's
/// splits. The registry keeps no money.
///
/// **Roles.** The owner appoints managers, sets the vault, and transfers the ownership
/// ([`Ownable`](crate::ownable::Ownable)). Owner and managers publish, replace files, change terms, and edit lists. Nobody
/// can undo a purchase.
#[ink::trait_definition]
pub trait ContentRegistry {
    /// Publishes content on these terms and returns its number. Owner and managers.
    ///
    /// # Errors
    /// `NotManager`, `UriEmpty`, `UriTooLong`, `InvalidKey`, `Audience`, `NamesRegistry`, `PriceOutOfRange`, `NoVault`
    /// (with a price), `TooManyContents`.
    ///
    /// # Events
    /// `Published`.
    #[ink(message)]
    fn publish(&mut self, content: Content, terms: Terms) -> Result<ContentId, Box<RegistryError>>;

    /// Replaces the file of the content: URI, hash, and the key that the file is encrypted to. Accounts that have the old
    /// key can still open the old file. Accounts with access get the new key. Owner and managers.
    ///
    /// # Errors
    /// `NotManager`, `UnknownContent`, `UriEmpty`, `UriTooLong`, `InvalidKey`.
    ///
    /// # Events
    /// `FileReplaced`.
    #[ink(message)]
    fn replace_file(&mut self, id: ContentId, content: Content) -> Result<(), Box<RegistryError>>;

    /// Replaces the terms of the content: rules, price, release, retirement. Buyers keep their access. After the first sale
    /// the release cannot move to a later time. Owner and managers.
    ///
    /// # Errors
    /// `NotManager`, `UnknownContent`, `Audience`, `NamesRegistry`, `PriceOutOfRange`, `NoVault` (with a price),
    /// `ReleaseSold`.
    ///
    /// # Events
    /// `TermsChanged`.
    #[ink(message)]
    fn change_terms(&mut self, id: ContentId, terms: Terms) -> Result<(), Box<RegistryError>>;

    /// Returns the file; `None` for an unknown number.
    #[ink(message)]
    fn content(&self, id: ContentId) -> Option<Content>;

    /// Returns the terms; `None` for an unknown number.
    #[ink(message)]
    fn terms(&self, id: ContentId) -> Option<Terms>;

    /// Returns the number of pieces of content. They are numbered from 0.
    #[ink(message)]
    fn content_count(&self) -> u32;

    /// Whether `account` may open the content now. False for an unknown number.
    #[ink(message)]
    fn has_access(&self, id: ContentId, account: AccountId) -> bool;

    /// Whether `account` may open the content now, and why. If not, lists for each way to get access the conditions that do
    /// not hold, and by how much. Grants exactly if `has_access` returns true.
    ///
    /// # Errors
    /// `UnknownContent`.
    #[ink(message)]
    fn check(&self, id: ContentId, account: AccountId) -> Result<Access, Box<RegistryError>>;

    /// `check` for each of `ids`, at most 32. Each contract is called once for all of them. An unknown number gives `None`.
    ///
    /// # Errors
    /// `TooManyAtOnce`; `AnswerTooLong` with the number of leading ids whose answers fit.
    #[ink(message)]
    fn check_many(&self, ids: Vec<ContentId>, account: AccountId) -> Result<Vec<Option<Access>>, Box<RegistryError>>;

    /// Returns the balance of `account` in the PSP22 token, in smallest units; `None` if the token is unavailable. Fails if
    /// `has_access` would.
    #[ink(message)]
    fn balance_at(&self, token: AccountId, account: AccountId) -> Option<u128>;

    /// Returns the standing of `account` at the vault; `None` if the vault is unavailable. Fails if `has_access` would.
    #[ink(message)]
    fn standing_at(&self, vault: AccountId, account: AccountId) -> Option<Standing>;

    /// Buys permanent access for `recipient`. Pays the price, at most `max_price` planck, to the vault and returns the
    /// change to the caller. Content can be bought before its release, which must be at `latest_release` (ms) or before.
    /// After that the release cannot move to a later time.
    ///
    /// # Errors
    /// `UnknownContent`, `NotForSale` (also if retired), `PriceTooHigh`, `ReleasedTooLate`, `PaymentTooSmall`,
    /// `AlreadyBought`, `NoVault`, `Refused` with the vault's error, `VaultFailed`, `TransferFailed`.
    ///
    /// # Events
    /// `Purchased`, then those of the vault.
    #[ink(message, payable)]
    fn purchase(
        &mut self,
        id: ContentId,
        recipient: AccountId,
        max_price: u128,
        latest_release: Timestamp,
    ) -> Result<(), Box<RegistryError>>;

    /// Whether the content was bought for `account`.
    #[ink(message)]
    fn has_bought(&self, id: ContentId, account: AccountId) -> bool;

    /// Adds `accounts`, at most 100, to a list of the creator, or removes them. Accounts that are already there, or are
    /// not, do not change. A list exists as soon as an account is on it. Owner and managers.
    ///
    /// # Errors
    /// `NotManager`, `TooManyAtOnce`.
    ///
    /// # Events
    /// `ListChanged`.
    #[ink(message)]
    fn set_listed(&mut self, list: ListId, accounts: Vec<AccountId>, listed: bool) -> Result<(), Box<RegistryError>>;

    /// Whether `account` is on the list.
    #[ink(message)]
    fn is_listed(&self, list: ListId, account: AccountId) -> bool;

    /// Appoints a manager, or dismisses one. Only the owner.
    ///
    /// # Errors
    /// `NotOwner`.
    ///
    /// # Events
    /// `ManagerChanged`.
    #[ink(message)]
    fn set_manager(&mut self, account: AccountId, appointed: bool) -> Result<(), Box<RegistryError>>;

    /// Whether the present owner has appointed `account`. The owner has all rights of a manager without being one.
    #[ink(message)]
    fn is_manager(&self, account: AccountId) -> bool;

    /// Returns the number of managers: 0 for a new owner.
    #[ink(message)]
    fn manager_count(&self) -> u32;

    /// Sets the limits of a call to another contract, for chains that change what computing and storage weigh. Each limit
    /// is from that of [`QuestionLimits::LEAST`] to that of [`QuestionLimits::MOST`]. Only the owner.
    ///
    /// # Errors
    /// `NotOwner`, `LimitsOutOfRange`.
    ///
    /// # Events
    /// `QuestionLimitsChanged`.
    #[ink(message)]
    fn set_question_limits(&mut self, limits: QuestionLimits) -> Result<(), Box<RegistryError>>;

    /// Returns the limits of a call to another contract.
    #[ink(message)]
    fn question_limits(&self) -> QuestionLimits;

    /// Sets the vault that receives the money for purchases from now on. With `None` nothing can be bought. Only the owner.
    ///
    /// # Errors
    /// `NotOwner`, `NamesRegistry`.
    ///
    /// # Events
    /// `VaultChanged`.
    #[ink(message)]
    fn set_vault(&mut self, vault: Option<AccountId>) -> Result<(), Box<RegistryError>>;

    /// Returns the vault that receives the money for purchases.
    #[ink(message)]
    fn vault(&self) -> Option<AccountId>;
}
