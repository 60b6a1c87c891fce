use crate::AccountId;
use ink::prelude::vec::Vec;
use patronage_core::{access, content};

/// Who may open content without buying it: everyone, nobody, or accounts that meet any of at most 8 rules.
pub type Audience = access::Audience<AccountId>;
/// Conditions, at most 8, all of which must hold.
pub type Rule = access::Rule<AccountId>;
/// One condition of a rule.
pub type Condition = access::Condition<AccountId>;
/// Terms on which content may be opened: rules, price, release, retirement.
pub type Terms = content::Terms<AccountId>;
/// Record of a piece of content, with all that access depends on.
pub type Entry = content::Entry<AccountId>;
/// Answer of [`ContentRegistry::check`](super::ContentRegistry::check).
pub type Access = access::Access<AccountId>;
/// A condition that does not hold, and what is missing.
pub type Missing = access::Missing<AccountId>;
/// What an account lacks to meet a condition.
pub type Shortfall = access::Shortfall<AccountId>;

/// A published file. A chain keeps no secrets, so the file is encrypted before it is published.
#[derive(Debug, Clone, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
#[cfg_attr(feature = "std", derive(ink::storage::traits::StorageLayout))]
#[derive(ink_lite::Decode)]
pub struct Content {
    /// URI of the encrypted file (UTF-8): 1 to 256 bytes.
    pub uri: Vec<u8>,
    /// Hash of the encrypted file. The creator's tools choose the function; the command uses SHA-256.
    pub hash: [u8; 32],
    /// X25519 public key that the file is encrypted to. It lets fans verify the secret key that they are given.
    pub public_key: [u8; 32],
}
