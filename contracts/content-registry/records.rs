use ink::primitives::AccountId;
use patronage_core::{access::ListId, content::ContentId, ownership::Ownership};

/// Roles, and the vault that receives the money.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
#[derive(ink_lite::Decode)]
pub struct Roles {
    /// Owner, and proposed owner.
    pub ownership: Ownership<AccountId>,
    /// Vault that receives the money for purchases.
    pub vault: Option<AccountId>,
    /// How often the ownership has changed. Managers belong to the term in which they were appointed.
    pub term: u32,
    /// Number of managers.
    pub managers: u32,
}

/// A fact about an account. It is a number, as that takes little code in a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
#[derive(ink_lite::MaxEncodedLen)]
pub struct Flag(u64);

impl Flag {
    /// A manager, appointed in this term.
    pub fn manager(term: u32) -> Self {
        Self(u64::from(term))
    }

    /// A buyer of this content. Never deleted.
    pub fn buyer(id: ContentId) -> Self {
        Self(1 << 32 | u64::from(id))
    }

    /// A member of this list.
    pub fn listed(list: ListId) -> Self {
        Self(2 << 32 | u64::from(list))
    }
}
