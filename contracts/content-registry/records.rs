use ink::primitives::AccountId;
use patronage_core::ownership::Ownership;

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
