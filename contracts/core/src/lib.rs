//! The rules of the contracts as plain Rust, without ink! and without storage: values in, values out.
//!
//! Each module has one topic, with its unit and property tests. The contracts add storage, messages and events.
#![no_std]

extern crate alloc;
#[cfg(test)]
extern crate std;

pub mod access;
pub mod bp;
pub mod content;
pub mod curve;
pub mod error;
pub mod ledger;
pub mod limits;
pub mod ownership;
pub mod query_limits;
pub mod sale;
pub mod splits;
pub mod stake_income;
pub mod stakes;
pub mod streams;
pub mod text;
pub mod tiers;
pub mod vault_terms;
pub mod vesting;
pub mod wide;

#[cfg(test)]
mod testing;
