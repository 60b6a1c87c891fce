//! Small entry points, decoding, storage and events for ink! 5 contracts.
//!
//! A contract pays for every byte of its code on every call, its own and those of other contracts to it. ink! generates code
//! that is right for any contract: for each message a decoder, a copy of each argument, a reader and a writer of the
//! contract's state and an encoder of the answer; for each storage field and each event once more. This crate does the same
//! work by routines that exist once:
//!
//! - [`contract`](macro@contract): an attribute over `#[ink::contract]` that makes `call` and `deploy`. It finds messages and
//!   constructors itself. What each is called, takes and returns comes from ink!'s own description of the contract.
//! - [`Decode`](trait@Decode): SCALE that is decoded without a `Result` for every field.
//! - [`Amounts`], [`Record`] and [`Records`]: ink!'s own `Mapping` and `Lazy` with other readers and writers. The layout of the
//!   storage, and so the metadata, is ink!'s.
//! - [`emit`]: ink!'s own events, with their topics as `#[ink(topic)]` says.
//! - [`env`](mod@env): the caller, the money sent, the time, payments; and [`calls`] to other contracts.
//!
//! The contract is an ink! contract as any other: `#[ink(storage)]`, `#[ink::event]`, `#[ink::trait_definition]`, and its metadata
//! is ink!'s. Which entry points the code has is decided by features of the contract:
//!
//! | feature of the contract | code |
//! |---|---|
//! | none | ink!'s entry points, as `cargo contract build` makes them |
//! | `lite` | one code with all messages |
//! | `lite-hot` | the code of the contract: messages that are not `#[ink_lite(cold)]`; it forwards everything else to the cold code |
//! | `lite-cold` | the code with the other messages and the constructors |
//!
//! With `std` everything goes through ink!'s test engine.
//!
//! **Hot and cold.** The hot code names the cold one by its hash, a constant that the builder gives in the environment variable
//! `INK_LITE_COLD_CODE_HASH`. So the hash of the hot code covers both, nothing is stored, and nothing can be replaced. The hot
//! code calls the cold one by a delegate call, in the contract's own storage and account. Constructors run in the cold code,
//! which `deploy` of the hot one calls after it has locked it as a dependency. A delegate call always enters `call`, so `call` of
//! the cold code takes the constructor's selector, and `call` of the hot code refuses it: the constructor of a contract that
//! exists can't be called. `deploy` of the cold code always reverts, so no contract is made of that code by itself.
//!
//! **The state.** A contract with these entry points keeps no state in its root: every field is a `Mapping` or a `Lazy`, so a
//! call reads and writes no more than it uses. With ink!'s entry points each call reads the root, and each message that is
//! `&mut self` writes it.
#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;
// Derived code names this crate as others do.
extern crate self as ink_lite;

mod decode;
#[cfg(any(test, feature = "std"))]
pub mod testing;

pub use decode::{longest, put, Decode, MaxEncodedLen, Reader};
pub use ink_lite_macros::{Decode, MaxEncodedLen};

/// Makes the entry points of an ink! contract, and hands the module to `#[ink::contract]` with the same configuration.
///
/// `#[ink_lite(cold)]` on a message puts it into the cold code. On an implementation block it does so for all its messages
/// but those with `#[ink_lite(hot)]`.
///
/// Every field of the contract must be a `Mapping` or a `Lazy`. Wildcard selectors are not supported. Neither is a
/// constructor with the selector of a message.
#[cfg(feature = "contract")]
pub use ink_lite_macros::contract;

#[cfg(feature = "contract")]
pub mod calls;
#[cfg(feature = "contract")]
#[doc(hidden)]
pub mod dispatch;
#[cfg(feature = "contract")]
pub mod env;
#[cfg(feature = "contract")]
mod events;
#[cfg(feature = "contract")]
mod storage;
#[cfg(feature = "contract")]
mod writer;

#[cfg(feature = "contract")]
pub use events::emit;
#[cfg(feature = "contract")]
pub use storage::{Amounts, Record, Records};

/// `len` bytes of zeros, for as long as the call lasts. Memory of a call is not freed before its end, and new memory is zero
/// without anyone writing it.
pub fn alloc_zeroed(len: usize) -> &'static mut [u8] {
    alloc::vec![0; len].leak()
}

#[cfg(all(test, feature = "contract"))]
mod tests;
