//! What the contracts of the suite promise each other and everyone who calls them.
//!
//! Each contract's messages are one trait here, with its errors, events and types beside it. A contract implements the
//! trait; callers (other contracts, the command line, tests) use `ink::contract_ref!(Trait, PatronageEnvironment)` and
//! need not depend on the contract. PSP22 itself comes from the crate `psp22`.
#![cfg_attr(not(feature = "std"), no_std, no_main)]

mod env;
mod stored;

pub mod patronage;
#[cfg(feature = "registry")]
pub mod registry;
#[cfg(feature = "token")]
pub mod token;
#[cfg(feature = "vault")]
pub mod vault;

pub use env::{balance_to_u128, try_into_balance, Balance, PatronageEnvironment};
pub use stored::Stored;

/// Account of a person or of a contract, 32 bytes.
pub type AccountId = ink::primitives::AccountId;

/// Block time in milliseconds since 1970, as `pallet-timestamp` gives it.
pub type Timestamp = u64;
