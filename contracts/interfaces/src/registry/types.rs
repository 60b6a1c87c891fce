use crate::AccountId;
use ink::prelude::vec::Vec;
use patronage_core::access;

/// Whom content is for: everyone, nobody, or whoever meets any one of at most 8 rules.
pub type Audience = access::Audience<AccountId>;
/// At most 8 conditions that must all hold.
pub type Rule = access::Rule<AccountId>;
/// One thing that a rule demands.
pub type Condition = access::Condition<AccountId>;
/// On which terms content may be opened: rules, price, release, and whether it is retired.
pub type Terms = access::Terms<AccountId>;
/// What a registry keeps to decide about access to content.
pub type Entry = access::Entry<AccountId>;
/// The answer of [`ContentRegistry::check`](super::ContentRegistry::check).
pub type Access = access::Access<AccountId>;
/// A condition that does not hold, and what it lacks.
pub type Missing = access::Missing<AccountId>;
/// How far an account is from meeting a condition.
pub type Shortfall = access::Shortfall<AccountId>;

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

patronage_wire::read!(
    struct Content {
        uri: Vec<u8>,
        hash: [u8; 32],
        public_key: [u8; 32],
    }
);
