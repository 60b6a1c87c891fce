//! PSP22 as the contracts of the suite call it: <https://github.com/w3f/PSPs/blob/master/PSPs/psp-22.md>.
//!
//! The crate `psp22` has the whole standard. Its events would appear in the metadata of each contract that links it.

use crate::AccountId;
use ink::prelude::vec::Vec;

/// The messages of PSP22 that the contracts call. Selectors and arguments are those of the standard.
#[ink::trait_definition]
pub trait PSP22 {
    /// Returns the balance of `owner`, in smallest units.
    #[ink(message)]
    fn balance_of(&self, owner: AccountId) -> u128;

    /// Transfers `value` smallest units from the caller to `to`. The error is not decoded.
    ///
    /// # Errors
    /// Those of the token.
    #[ink(message)]
    fn transfer(&mut self, to: AccountId, value: u128, data: Vec<u8>) -> Result<(), ()>;

    /// Transfers `value` smallest units from `from` to `to`, out of the caller's allowance. The error is not decoded.
    ///
    /// # Errors
    /// Those of the token.
    #[ink(message)]
    fn transfer_from(&mut self, from: AccountId, to: AccountId, value: u128, data: Vec<u8>) -> Result<(), ()>;
}
