//! What other contracts ask of a vault. Any vault can implement it; this suite's does.

use crate::AccountId;
pub use patronage_core::access::Standing;

/// Why a vault does not take a payment. Nothing has changed, and the payment is the payer's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
pub enum PayError {
    /// A payment needs an amount.
    NothingSent,
    /// The vault takes no new money now.
    Paused,
    /// The sum of all income would be too large for the vault to count.
    Overflow,
}

/// What other contracts ask of a vault. Implement this to let a vault of your own decide about access, and take what content
/// is sold for.
#[ink::trait_definition]
pub trait Patronage {
    /// What `fan` is to this vault's creator. Never fails; for someone unknown everything is 0.
    #[ink(message)]
    fn standing_of(&self, fan: AccountId) -> Standing;

    /// Gives the payment, in planck, to the creator's recipients: income that another contract has made. `purpose` is what it
    /// is for, in the payer's own numbering (a registry's content, for example).
    ///
    /// # Errors
    /// `NothingSent`, `Paused`, `Overflow`.
    ///
    /// # Events
    /// A vault tells it by an event of its own.
    #[ink(message, payable)]
    fn pay(&mut self, purpose: u64) -> Result<(), PayError>;
}
