//! The interfaces of the contracts: what they promise each other and everyone who calls them.
//!
//! The messages of each contract are a trait here, beside its errors, events and types. A contract implements the trait.
//! Callers (other contracts, the command line, tests) use `ink::contract_ref!(Trait, PatronageEnvironment)` and need not
//! depend on the contract. [`calls`] has the calls between contracts. PSP22 itself comes from the crate `psp22`.
//!
//! The features `token`, `vault` and `registry` add the events of that contract. A contract's metadata lists all events that it
//! links, so each contract enables its own feature only.
#![cfg_attr(not(feature = "std"), no_std, no_main)]

mod env;
mod stored;

pub mod calls;
pub mod ownable;
pub mod patronage;
pub mod psp22;
pub mod registry;
pub mod token;
pub mod vault;

pub use env::{balance_to_u128, try_into_balance, Balance, PatronageEnvironment, LIMITS};
pub use stored::Stored;

/// Account of a person or of a contract, 32 bytes.
pub type AccountId = ink::primitives::AccountId;

/// Block time in milliseconds since 1970, as in `pallet-timestamp`.
pub type Timestamp = u64;
