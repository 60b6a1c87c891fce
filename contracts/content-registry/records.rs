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
}

patronage_thin::read!(
    struct Roles {
        ownership: Ownership<AccountId>,
        vault: Option<AccountId>,
    }
);

/// What can be said of an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
pub enum Mark {
    /// It has bought the content with this number. Kept for good.
    Buyer(ContentId),
    /// It is on the list with this number.
    Listed(ListId),
    /// The owner has appointed it.
    Manager,
}
