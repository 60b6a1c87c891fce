//! Small entry points, decoding, storage and events for ink! 5 contracts.
//!
//! A contract pays for every byte of its code on every call, and so do other contracts that call it. ink! generates
//! code that works for any contract: for each message a decoder, a copy of each argument, code that reads and writes
//! the contract's state, and an encoder of the answer; and code for each storage field and each event. This crate does
//! the same work by routines that exist once:
//!
//! - [`contract`](macro@contract): an attribute over `#[ink::contract]` that generates `call` and `deploy`. It finds
//!   messages and constructors itself. Their selectors, arguments and return types come from ink!'s own description of
//!   the contract.
//! - [`Decode`](trait@Decode): decodes SCALE without a `Result` for every field.
//! - [`Amounts`], [`Record`] and [`Records`]: other methods for ink!'s own `Mapping` and `Lazy`. The storage layout,
//!   and so the metadata, is ink!'s.
//! - [`emit`]: emits ink!'s own events, with their `#[ink(topic)]` fields as topics.
//! - [`env`](mod@env): the caller, the transferred value, the time, payments; and [`calls`] to other contracts.
//!
//! The contract is an ordinary ink! contract: `#[ink(storage)]`, `#[ink::event]`, `#[ink::trait_definition]`. Its
//! metadata is ink!'s. Features of the contract select the entry points of the code:
//!
//! | feature of the contract | code |
//! |---|---|
//! | none | ink!'s entry points, as `cargo contract build` makes them |
//! | `lite` | one code with all messages |
//! | `lite-hot` | the code of the contract: messages that are not `#[ink_lite(cold)]`; it forwards everything else to the cold code |
//! | `lite-cold` | the code with the other messages and the constructors |
//!
//! With `std` everything uses ink!'s test environment.
//!
//! **Hot and cold.** The hot code names the cold one by its hash, a constant that the builder passes in the environment
//! variable `INK_LITE_COLD_CODE_HASH`. So the hash of the hot code covers both codes, nothing is stored, and nothing
//! can be replaced. The hot code runs the cold one by a delegate call, with the contract's own storage and account.
//! Constructors run in the cold code: `deploy` of the hot code locks it as a dependency, and then calls it. A delegate
//! call always enters `call`. So `call` of the cold code accepts the constructor's selector, and `call` of the hot code
//! refuses it: the constructor of an existing contract cannot be called. `deploy` of the cold code always reverts, so
//! no contract can be instantiated from it.
//!
//! **The state.** A contract with these entry points has no state in its root: every field is a `Mapping` or a `Lazy`,
//! so a call reads and writes only what it uses. With ink!'s entry points each call reads the root, and each message
//! with `&mut self` writes it.
#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;
// Derived code uses this name of the crate.
extern crate self as ink_lite;

mod decode;
#[cfg(any(test, feature = "std"))]
pub mod testing;

pub use decode::{longest, put, Decode, MaxEncodedLen, Reader};
pub use ink_lite_macros::{Decode, MaxEncodedLen};

/// Generates the entry points of an ink! contract, and passes the module to `#[ink::contract]` with the same
/// configuration.
///
/// `#[ink_lite(cold)]` on a message puts it into the cold code. On an implementation block it applies to all messages
/// except those with `#[ink_lite(hot)]`.
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

/// Returns `len` zero bytes that live until the end of the call. Memory is not freed before, and new memory is zero
/// without being written.
pub fn alloc_zeroed(len: usize) -> &'static mut [u8] {
    alloc::vec![0; len].leak()
}

#[cfg(all(test, feature = "contract"))]
mod tests;
