//! The rules of the suite as plain Rust: no ink!, no storage, values in and values out.
//!
//! Each module is one topic with its unit and property tests beside it. Contracts are thin shells over these.
#![no_std]

extern crate alloc;
#[cfg(test)]
extern crate std;

pub mod access;
pub mod bp;
pub mod curve;
pub mod ledger;
pub mod ownership;
pub mod error;
pub mod sale;
pub mod splits;
pub mod stake_income;
pub mod stakes;
pub mod streams;
pub mod tiers;
pub mod vesting;
pub mod wide;

#[cfg(test)]
mod testing;
