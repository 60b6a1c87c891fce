//! Ownership of a contract, the same for all contracts of the suite.

use crate::AccountId;
pub use patronage_core::ownership::OwnershipError;

/// Two-step ownership: the owner proposes an account, and that account accepts.
#[ink::trait_definition]
pub trait Ownable {
    /// Proposes `candidate` as the new owner. This replaces an earlier proposal. The ownership changes when the candidate
    /// accepts. Only the owner.
    ///
    /// # Errors
    /// `NotOwner`.
    ///
    /// # Events
    /// `OwnerProposed`.
    #[ink(message)]
    fn propose_owner(&mut self, candidate: AccountId) -> Result<(), OwnershipError>;

    /// Makes the caller the owner. Only the account that the owner has proposed.
    ///
    /// A new owner of a creator token gets the fees from then on if the previous owner was their recipient; fees earned before
    /// stay with the previous owner. A vault keeps its splits. A registry loses its managers.
    ///
    /// # Errors
    /// `NotProposed`.
    ///
    /// # Events
    /// `OwnerChanged`. A creator token then emits `FeeRecipientChanged` if the fees move too.
    #[ink(message)]
    fn accept_ownership(&mut self) -> Result<(), OwnershipError>;

    /// Returns the owner: the creator.
    #[ink(message)]
    fn owner(&self) -> AccountId;

    /// Returns the account that can accept the ownership, if the owner has proposed one.
    #[ink(message)]
    fn pending_owner(&self) -> Option<AccountId>;
}

/// The owner proposed a new owner.
#[ink::event]
pub struct OwnerProposed {
    /// The owner.
    pub owner: AccountId,
    /// The account that can accept.
    pub candidate: AccountId,
}

/// The proposed owner accepted.
#[ink::event]
pub struct OwnerChanged {
    /// The owner before.
    pub previous: AccountId,
    /// The owner from now on.
    pub owner: AccountId,
}
