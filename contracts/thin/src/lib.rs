//! What an ink! contract needs of ink! while it runs on a chain, in a fraction of the code.
//!
//! A contract pays for every byte of its code on every call, its own and those of other contracts to it. ink! generates code
//! that is right for any contract: for each message a decoder, a copy of each argument, a reader and a writer of the
//! contract's state and an encoder of the answer; for each storage field and each event once more. This crate does the same
//! work by routines that are there once:
//!
//! - [`entry_points!`]: `call` and `deploy`, with the contract's own list of messages. What a message is called, takes, returns
//!   and whether it takes money stays where ink! has it: in the traits and in `#[ink(message)]`. The list names them by
//!   ink!'s labels, and does not compile with a wrong one.
//! - [`Amounts`], [`Record`] and [`Records`]: ink!'s own `Mapping` and `Lazy` with other readers and writers. The layout of the
//!   storage, and so the metadata, is ink!'s.
//! - [`emit`]: ink!'s own events, with their topics as `#[ink(topic)]` says.
//! - [`host`]: the caller, the money sent, the time, payments; and [`calls`] to other contracts.
//!
//! The contract is an ink! contract as any other: `#[ink::contract]`, `#[ink(storage)]`, `#[ink::event]`,
//! `#[ink::trait_definition]`, and its metadata is ink!'s. Without the feature that brings in the entry points ink!'s own take
//! their place, so the official tool builds the same contract, only larger; with `std` everything goes through ink!'s test
//! engine.
//!
//! **The state.** A contract with these entry points keeps no state in its root: every field is a `Mapping` or a `Lazy`, so a
//! call reads and writes no more than it uses. With ink!'s entry points each call reads the root, and each message that is
//! `&mut self` writes it.
#![cfg_attr(not(feature = "std"), no_std)]

pub mod calls;
#[doc(hidden)]
pub mod entry;
mod events;
pub mod host;
mod storage;
mod writer;

/// `len` bytes of zeros, for as long as the call lasts. Memory of a call is not freed before its end, and new memory is zero
/// without anyone writing it.
pub fn memory(len: usize) -> &'static mut [u8] {
    ink::prelude::vec![0; len].leak()
}

pub use events::emit;
pub use patronage_wire::{put, read, Read, Reader};
pub use storage::{Amounts, Record, Records};

#[cfg(test)]
mod tests;
