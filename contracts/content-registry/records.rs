use ink::primitives::AccountId;
use patronage_core::{
    access::{ContentId, ListId},
    ownership::Ownership,
};

/// Who may do what, and who is paid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
pub struct Roles {
    /// The creator.
    pub ownership: Ownership<AccountId>,
    /// The vault that gets the money for what is bought.
    pub vault: Option<AccountId>,
    /// How often the ownership has changed. Managers are those of this term.
    pub term: u32,
    /// How many managers there are.
    pub managers: u32,
}

patronage_thin::read!(
    struct Roles {
        ownership: Ownership<AccountId>,
        vault: Option<AccountId>,
        term: u32,
        managers: u32,
    }
);

/// What can be said of an account, as a number that takes little code to make a key of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
pub struct Flag(u64);

impl Flag {
    /// The owner of this term has appointed it.
    pub fn manager(term: u32) -> Self {
        Self(u64::from(term))
    }

    /// It has bought this content. Kept for good.
    pub fn buyer(id: ContentId) -> Self {
        Self(1 << 32 | u64::from(id))
    }

    /// It is on this list.
    pub fn listed(list: ListId) -> Self {
        Self(2 << 32 | u64::from(list))
    }
}
