//! What the registry tells indexers and wallets.

use super::{ContentId, ListId};
use crate::{AccountId, Timestamp};
use ink::prelude::vec::Vec;

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
    /// The key that it is encrypted to.
    pub public_key: [u8; 32],
    /// Price of access for good, in planck; `None` for not for sale.
    pub price: Option<u128>,
    /// The first millisecond in which it can be opened.
    pub release: Timestamp,
    /// Whether only those who have bought it may open it.
    pub retired: bool,
}

/// The file of content was replaced, or its key.
#[ink::event]
pub struct FileReplaced {
    /// The content's number.
    #[ink(topic)]
    pub id: ContentId,
    /// Where the encrypted file is from now on.
    pub uri: Vec<u8>,
    /// Hash of the encrypted file.
    pub hash: [u8; 32],
    /// The key that it is encrypted to.
    pub public_key: [u8; 32],
}

/// Content can be opened on these terms from now on. What its rules are says `terms`.
#[ink::event]
pub struct TermsChanged {
    /// The content's number.
    #[ink(topic)]
    pub id: ContentId,
    /// Price of access for good, in planck; `None` for not for sale.
    pub price: Option<u128>,
    /// The first millisecond in which it can be opened.
    pub release: Timestamp,
    /// Whether only those who have bought it may open it.
    pub retired: bool,
}

/// Content was bought.
#[ink::event]
pub struct Purchased {
    /// The content's number.
    #[ink(topic)]
    pub id: ContentId,
    /// Whose it is.
    #[ink(topic)]
    pub recipient: AccountId,
    /// Who paid: the recipient, or someone who made a gift.
    pub payer: AccountId,
    /// What was paid to the vault, in planck.
    pub price: u128,
}

/// Accounts were put on a list of the creator's, or taken off it.
#[ink::event]
pub struct ListChanged {
    /// The list.
    #[ink(topic)]
    pub list: ListId,
    /// Who is concerned.
    pub accounts: Vec<AccountId>,
    /// Whether they are on the list from now on.
    pub listed: bool,
}

/// A manager was appointed or dismissed.
#[ink::event]
pub struct ManagerChanged {
    /// Who.
    pub account: AccountId,
    /// Whether the account is a manager from now on.
    pub appointed: bool,
}

/// What a question to another contract may cost was changed.
#[ink::event]
pub struct QuestionLimitsChanged {
    /// Computing time in picoseconds.
    pub ref_time: u64,
    /// Size of the proof in bytes.
    pub proof_size: u64,
}

/// Another vault gets the money for what is bought.
#[ink::event]
pub struct VaultChanged {
    /// The vault from now on; with `None` nothing can be bought.
    pub vault: Option<AccountId>,
}

/// The owner proposed a new owner.
#[ink::event]
pub struct OwnerProposed {
    /// Who can accept.
    pub candidate: AccountId,
}

/// The proposed owner accepted. The registry has no managers from then on.
#[ink::event]
pub struct OwnerChanged {
    /// The owner from now on.
    pub owner: AccountId,
}
