//! The content registry: what a creator has published, and who may open it.

use crate::AccountId;
use ink::prelude::vec::Vec;
use patronage_core::access;
pub use patronage_core::access::{Grant, InvalidAudience, MAX_CONDITIONS, MAX_RULES};

/// Number of a piece of content in its registry, counted from 0.
pub type ContentId = u32;

/// Greatest length of a URI, in bytes.
pub const MAX_URI: u32 = 256;

/// Whom content is for: everyone, nobody, or whoever meets any one of at most 8 rules.
pub type Audience = access::Audience<AccountId>;
/// At most 8 conditions that must all hold.
pub type Rule = access::Rule<AccountId>;
/// One thing that a rule demands.
pub type Condition = access::Condition<AccountId>;
/// The answer of [`ContentRegistry::check`].
pub type Access = access::Access<AccountId>;
/// A condition that does not hold, and what it lacks.
pub type Missing = access::Missing<AccountId>;
/// How far an account is from meeting a condition.
pub type Lack = access::Lack<AccountId>;

/// A published file. The chain hides nothing, so the file itself is encrypted before it is published.
#[derive(Debug, Clone, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
#[cfg_attr(feature = "std", derive(ink::storage::traits::StorageLayout))]
pub struct Content {
    /// Where the encrypted file is (UTF-8): 1 to 256 bytes.
    pub uri: Vec<u8>,
    /// Hash of the encrypted file; the creator's tools say which (the command line uses SHA-256).
    pub hash: [u8; 32],
    /// X25519 public key that the file is encrypted to. Who is given the secret key can check that it is the right one.
    pub public_key: [u8; 32],
}

/// What `publish` takes.
#[derive(Debug, Clone, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
pub struct NewContent {
    /// The file.
    pub content: Content,
    /// Who may open it.
    pub audience: Audience,
}

/// Why a registry refused. Nothing has changed when one of these is returned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
pub enum RegistryError {
    /// Only the owner may do that.
    NotOwner,
    /// There is no content with that number.
    UnknownContent,
    /// Content needs a URI.
    UriEmpty,
    /// A URI is at most `most` bytes long.
    UriTooLong { most: u32 },
    /// The public key is all zeros, which nothing can be encrypted to.
    InvalidKey,
    /// The rules are not valid.
    Audience(InvalidAudience),
    /// A rule names the registry itself as a token or a vault. It is neither.
    NamesRegistry,
    /// All numbers are used up.
    TooManyContents,
}

impl From<InvalidAudience> for RegistryError {
    fn from(error: InvalidAudience) -> Self {
        Self::Audience(error)
    }
}

/// A registry of content that answers, for anyone and on the chain, who may open what.
///
/// **Asking other contracts.** Conditions name PSP22 tokens, which are asked `PSP22::balance_of`, and vaults, which are
/// asked [`Patronage::standing_of`](crate::patronage::Patronage::standing_of). Any contract with these messages will do. Each
/// is asked at most once in a call, and only while no rule is known to hold and the answer can matter.
///
/// A contract that does not exist, traps, runs out of the gas it is given, lacks the message or answers what cannot be
/// decoded (as a revert with an error does) is "unavailable": its own conditions do not hold, every other rule is decided
/// as usual. A call with too little gas fails or denies, as a contract that ran out of gas looks like any other that
/// failed; it never grants.
///
/// **What a chain with `pallet-contracts` gives no means against**, so that publishing a rule means trusting the contracts
/// it names this far:
/// - an answer of more than about 16 KiB fails the whole call;
/// - so does asking a contract that is already waiting for this very call further up the stack (the direct caller of the
///   registry excepted: it counts as unavailable), and a stack that is already at the chain's limit of depth;
/// - a contract that reverts with exactly the bytes of a good answer is taken to have answered: ink! hands both out alike;
/// - when the question is part of a submitted transaction, the asked contract can store data at the submitter's deposit,
///   up to the transaction's own storage deposit limit. Nothing is stored when the question is a dry run.
#[ink::trait_definition]
pub trait ContentRegistry {
    /// Publishes content and returns its number. Only the owner.
    ///
    /// # Errors
    /// `NotOwner`, `UriEmpty`, `UriTooLong`, `InvalidKey`, `Audience` with what is wrong with the rules, `NamesRegistry`,
    /// `TooManyContents`.
    ///
    /// # Events
    /// `Published`.
    #[ink(message)]
    fn publish(&mut self, new: NewContent) -> Result<ContentId, RegistryError>;

    /// The published file; `None` for an unknown number.
    #[ink(message)]
    fn content(&self, id: ContentId) -> Option<Content>;

    /// Who may open it; `None` for an unknown number.
    #[ink(message)]
    fn audience(&self, id: ContentId) -> Option<Audience>;

    /// How much content there is; the numbers are below this.
    #[ink(message)]
    fn content_count(&self) -> u32;

    /// Whether `account` may open the content now. Unknown content is nobody's.
    #[ink(message)]
    fn has_access(&self, id: ContentId, account: AccountId) -> bool;

    /// Whether `account` may open the content now, and why; or, for each rule, every condition that does not hold and by
    /// how much. Grants exactly when `has_access` says true.
    ///
    /// # Errors
    /// `UnknownContent`.
    #[ink(message)]
    fn check(&self, id: ContentId, account: AccountId) -> Result<Access, RegistryError>;

    /// Who may publish.
    #[ink(message)]
    fn owner(&self) -> AccountId;
}

/// Content was published.
#[ink::event]
pub struct Published {
    /// Its number.
    #[ink(topic)]
    pub id: ContentId,
    /// Who published it.
    pub publisher: AccountId,
    /// Where the encrypted file is.
    pub uri: Vec<u8>,
    /// Hash of the encrypted file.
    pub hash: [u8; 32],
}
