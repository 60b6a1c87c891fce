//! The content registry: what a creator has published, who may open it, and who has bought it.

mod error;
mod events;
#[cfg(test)]
mod tests;
mod types;

use crate::{patronage::Standing, AccountId, Timestamp};
use ink::prelude::{boxed::Box, vec::Vec};
pub use patronage_core::access::{
    ContentId, Grant, InvalidAudience, ListId, QuestionLimits, MAX_CONDITIONS, MAX_RULES,
};

pub use error::RegistryError;
pub use events::{
    FileReplaced, ListChanged, ManagerChanged, OwnerChanged, OwnerProposed, Published, Purchased,
    QuestionLimitsChanged, TermsChanged, VaultChanged,
};
pub use types::{Access, Audience, Condition, Content, Entry, Shortfall, Missing, Rule, Terms};

/// Greatest length of a URI, in bytes.
pub const MAX_URI: u32 = 256;

/// Most accounts that one call can put on a list, or take off it.
pub const MAX_LISTED: u32 = 100;

/// Most pieces of content that one call of `check_many` looks at.
pub const MAX_CHECKS: u32 = 32;

/// A registry of content that answers, for anyone and on the chain, who may open what.
///
/// **Access** is granted when any rule of the content's audience holds, or when the account has bought it, and never before
/// its release. What was bought stays accessible for good: changed rules, a changed price and retirement concern those only
/// who have not bought it.
///
/// **Asking other contracts.** Conditions name PSP22 tokens, which are asked `PSP22::balance_of`, and vaults, which are
/// asked [`Patronage::standing_of`](crate::patronage::Patronage::standing_of). Any contract with these messages will do. Each
/// is asked at most once in a call, and only while no rule is known to hold and the answer can matter.
///
/// A contract that does not exist, traps, reverts, runs out of the gas it is given, lacks the message or answers what can't
/// be decoded is "unavailable": its own conditions do not hold, every other rule is decided as usual. A call with too little
/// gas fails or denies, as a contract that ran out of gas looks like any other that failed; it never grants.
///
/// `check` and `check_many` ask each contract in a frame of its own, by calling the registry's own `balance_at` and
/// `standing_at`, so that nothing a contract does can stop them. `has_access` is the cheap question for other contracts and
/// asks without that frame, which would cost one more load of this contract's code for each of them. What `pallet-contracts`
/// then gives no means against makes `has_access` fail as a whole, which opens nothing:
/// - an answer of more than 16 KiB, which no ink! contract can give;
/// - a contract that stores something while it is asked: no deposit of the sender's is spent on an answer;
/// - a contract that is already waiting for this very call further up the stack (the direct caller of the registry excepted:
///   it is unavailable), and a stack that is already at the chain's limit of depth.
///
/// An asked contract can store nothing at the deposit of who sends the question.
///
/// **Buying.** A price sells access for good, beside the rules. The money goes to the vault that the registry names, by
/// [`Patronage::pay`](crate::patronage::Patronage::pay) with the content's number as its purpose, and so through its splits;
/// the registry itself keeps none.
///
/// **Who may do what.** The owner appoints managers, names the vault, and hands over. Owner and managers publish, replace
/// files, change terms, and keep the lists. Nobody can take a purchase away.
#[ink::trait_definition]
pub trait ContentRegistry {
    /// Publishes content on these terms and returns its number. Owner and managers.
    ///
    /// # Errors
    /// `NotManager`, `UriEmpty`, `UriTooLong`, `InvalidKey`, `Audience` with what is wrong with the rules, `NamesRegistry`,
    /// `PriceOutOfRange`, `NoVault` with a price, `TooManyContents`.
    ///
    /// # Events
    /// `Published`.
    #[ink(message)]
    fn publish(&mut self, content: Content, terms: Terms) -> Result<ContentId, Box<RegistryError>>;

    /// Replaces the file of content: where it is, its hash, and the key that it is encrypted to. A new key does not shut out
    /// anyone who had the old one from the old file; whoever has access gets the new one. Owner and managers.
    ///
    /// # Errors
    /// `NotManager`, `UnknownContent`, `UriEmpty`, `UriTooLong`, `InvalidKey`.
    ///
    /// # Events
    /// `FileReplaced`.
    #[ink(message)]
    fn replace_file(&mut self, id: ContentId, content: Content) -> Result<(), Box<RegistryError>>;

    /// Replaces the terms of content: rules, price, release, and whether it is retired. Nobody who has bought it loses it. Once
    /// it was sold its release can't be moved to a later time. Owner and managers.
    ///
    /// # Errors
    /// `NotManager`, `UnknownContent`, `Audience` with what is wrong with the rules, `NamesRegistry`, `PriceOutOfRange`,
    /// `NoVault` with a price, `ReleaseSold`.
    ///
    /// # Events
    /// `TermsChanged`.
    #[ink(message)]
    fn change_terms(&mut self, id: ContentId, terms: Terms) -> Result<(), Box<RegistryError>>;

    /// The published file; `None` for an unknown number.
    #[ink(message)]
    fn content(&self, id: ContentId) -> Option<Content>;

    /// On which terms it may be opened; `None` for an unknown number.
    #[ink(message)]
    fn terms(&self, id: ContentId) -> Option<Terms>;

    /// How much content there is; the numbers are below this.
    #[ink(message)]
    fn content_count(&self) -> u32;

    /// Whether `account` may open the content now. Unknown content is nobody's.
    #[ink(message)]
    fn has_access(&self, id: ContentId, account: AccountId) -> bool;

    /// Whether `account` may open the content now, and why; or, for each way in, every condition that does not hold and by
    /// how much. Grants exactly when `has_access` says true.
    ///
    /// # Errors
    /// `UnknownContent`.
    #[ink(message)]
    fn check(&self, id: ContentId, account: AccountId) -> Result<Access, Box<RegistryError>>;

    /// `check` for each of `ids`, at most 32, with each contract asked once for all of them; `None` for an unknown number.
    ///
    /// # Errors
    /// `TooManyAtOnce`; `AnswerTooLong` with how many of the first fit into one answer.
    #[ink(message)]
    fn check_many(&self, ids: Vec<ContentId>, account: AccountId) -> Result<Vec<Option<Access>>, Box<RegistryError>>;

    /// What the PSP22 token says that `account` holds, in smallest units; `None` where it is unavailable. Fails where
    /// `has_access` would.
    #[ink(message)]
    fn balance_at(&self, token: AccountId, account: AccountId) -> Option<u128>;

    /// What the vault says that `account` is to its creator; `None` where it is unavailable. Fails where `has_access` would.
    #[ink(message)]
    fn standing_at(&self, vault: AccountId, account: AccountId) -> Option<Standing>;

    /// Buys the content for `recipient`, for good: pays its price, at most `max_price` planck, to the vault, and returns the
    /// rest of what was sent to the caller. It can be bought before its release, which is at `latest_release` (ms) or before,
    /// and opened from then on; the release can't be moved to a later time any more.
    ///
    /// # Errors
    /// `UnknownContent`, `NotForSale` also when it is retired, `PriceTooHigh`, `ReleasedTooLate`, `PaymentTooSmall`,
    /// `AlreadyBought`, `NoVault`, `Refused` with the vault's reason, `VaultFailed`, `TransferFailed`.
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

    /// Puts `accounts`, at most 100, on a list of the creator's, or takes them off it. Those who are there already, or are not,
    /// stay as they are. A list is there as soon as someone is on it. Owner and managers.
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

    /// Whether the present owner has appointed `account`. The owner may do all that managers may, and need not be one.
    #[ink(message)]
    fn is_manager(&self, account: AccountId) -> bool;

    /// How many managers there are: 0 for a new owner.
    #[ink(message)]
    fn manager_count(&self) -> u32;

    /// Sets what a question to another contract may cost from now on, for chains that change what computing and storage weigh.
    /// Each limit is from that of [`QuestionLimits::LEAST`] to that of [`QuestionLimits::MOST`]. Only the owner.
    ///
    /// # Errors
    /// `NotOwner`, `LimitsOutOfRange`.
    ///
    /// # Events
    /// `QuestionLimitsChanged`.
    #[ink(message)]
    fn set_question_limits(&mut self, limits: QuestionLimits) -> Result<(), Box<RegistryError>>;

    /// What a question to another contract may cost.
    #[ink(message)]
    fn question_limits(&self) -> QuestionLimits;

    /// Names the vault that gets the money for what is bought from now on; with `None` nothing can be bought. Only the owner.
    ///
    /// # Errors
    /// `NotOwner`, `NamesRegistry`.
    ///
    /// # Events
    /// `VaultChanged`.
    #[ink(message)]
    fn set_vault(&mut self, vault: Option<AccountId>) -> Result<(), Box<RegistryError>>;

    /// The vault that gets the money for what is bought.
    #[ink(message)]
    fn vault(&self) -> Option<AccountId>;

    /// Offers the ownership to `candidate`, in place of any offer before. It changes when the candidate accepts. Only the
    /// owner.
    ///
    /// # Errors
    /// `NotOwner`.
    ///
    /// # Events
    /// `OwnerProposed`.
    #[ink(message)]
    fn propose_owner(&mut self, candidate: AccountId) -> Result<(), Box<RegistryError>>;

    /// Makes the caller, whom the owner has proposed, the owner. Whom the old owner has appointed is no manager any more.
    ///
    /// # Errors
    /// `NotProposed`.
    ///
    /// # Events
    /// `OwnerChanged`.
    #[ink(message)]
    fn accept_ownership(&mut self) -> Result<(), Box<RegistryError>>;

    /// The creator.
    #[ink(message)]
    fn owner(&self) -> AccountId;

    /// Who can accept the ownership.
    #[ink(message)]
    fn pending_owner(&self) -> Option<AccountId>;
}
