//! What other contracts ask of a vault. Any vault can implement it.

use crate::AccountId;
pub use patronage_core::access::Standing;

/// Why a vault does not accept a payment. Nothing has changed, and the payer keeps the money.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
pub enum PayError {
    /// No money was sent.
    NothingSent,
    /// The vault accepts no new money now.
    Paused,
    /// The sum of all income would overflow.
    Overflow,
}

impl PayError {
    /// The error with this number in SCALE.
    pub(crate) fn from_code(code: u8) -> Option<Self> {
        Some(match code {
            0 => Self::NothingSent,
            1 => Self::Paused,
            2 => Self::Overflow,
            _ => return None,
        })
    }
}

/// What other contracts ask of a vault. Implement it to let a vault of your own decide about access and receive the money
/// for purchases.
#[ink::trait_definition]
pub trait Patronage {
    /// Returns the standing of `fan` at this vault. Never fails. For an unknown fan every field is 0.
    #[ink(message)]
    fn standing_of(&self, fan: AccountId) -> Standing;

    /// Pays income that another contract has earned, in planck, to the creator's recipients. `purpose` is a number that the
    /// payer chooses. A registry uses the number of the content.
    ///
    /// # Errors
    /// `NothingSent`, `Paused`, `Overflow`.
    ///
    /// # Events
    /// An event of the vault's own.
    #[ink(message, payable)]
    fn pay(&mut self, purpose: u64) -> Result<(), PayError>;
}
