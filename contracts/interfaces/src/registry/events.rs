//! Events of the registry.

use super::{ContentId, ListId};
use crate::{AccountId, Timestamp};
use ink::prelude::vec::Vec;

/// Content was published.
#[ink::event]
pub struct Published {
    /// Number of the content.
    #[ink(topic)]
    pub id: ContentId,
    /// Account that published it.
    pub publisher: AccountId,
    /// URI of the encrypted file.
    pub uri: Vec<u8>,
    /// Hash of the encrypted file.
    pub hash: [u8; 32],
    /// Public key that the file is encrypted to.
    pub public_key: [u8; 32],
    /// Price of permanent access, in planck; `None` if it is not for sale.
    pub price: Option<u128>,
    /// The first millisecond in which it can be opened.
    pub release: Timestamp,
    /// Whether it is retired.
    pub retired: bool,
}

/// The file of content was replaced.
#[ink::event]
pub struct FileReplaced {
    /// Number of the content.
    #[ink(topic)]
    pub id: ContentId,
    /// URI of the encrypted file from now on.
    pub uri: Vec<u8>,
    /// Hash of the encrypted file.
    pub hash: [u8; 32],
    /// Public key that the file is encrypted to.
    pub public_key: [u8; 32],
}

/// The terms of content changed. The message `terms` returns the rules.
#[ink::event]
pub struct TermsChanged {
    /// Number of the content.
    #[ink(topic)]
    pub id: ContentId,
    /// Price of permanent access, in planck; `None` if it is not for sale.
    pub price: Option<u128>,
    /// The first millisecond in which it can be opened.
    pub release: Timestamp,
    /// Whether it is retired.
    pub retired: bool,
}

/// Content was bought.
#[ink::event]
pub struct Purchased {
    /// Number of the content.
    #[ink(topic)]
    pub id: ContentId,
    /// Account that can open it from now on.
    #[ink(topic)]
    pub recipient: AccountId,
    /// Account that paid: the recipient, or the giver of a gift.
    pub payer: AccountId,
    /// Amount paid to the vault, in planck.
    pub price: u128,
}

/// Accounts were added to a list of the creator, or removed.
#[ink::event]
pub struct ListChanged {
    /// The list.
    #[ink(topic)]
    pub list: ListId,
    /// The accounts.
    pub accounts: Vec<AccountId>,
    /// Whether they are on the list from now on.
    pub listed: bool,
}

/// A manager was appointed or dismissed.
#[ink::event]
pub struct ManagerChanged {
    /// The account.
    pub account: AccountId,
    /// Whether the account is a manager from now on.
    pub appointed: bool,
}

/// The limits of a call to another contract changed.
#[ink::event]
pub struct QuestionLimitsChanged {
    /// Computing time in picoseconds.
    pub ref_time: u64,
    /// Size of the proof in bytes.
    pub proof_size: u64,
}

/// The vault that receives the money for purchases changed.
#[ink::event]
pub struct VaultChanged {
    /// The vault from now on; with `None` nothing can be bought.
    pub vault: Option<AccountId>,
}
