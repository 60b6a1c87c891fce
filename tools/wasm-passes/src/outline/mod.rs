//! Outlining: runs of instructions that occur often become functions.
//!
//! Two runs are equal if they differ in nothing but which locals they use, and in constants. What a run reads of the locals
//! becomes parameters, as do constants that differ. What it leaves on the operand stack, or the one local that it sets and that is
//! read later, becomes the result.
//!
//! # What must hold
//!
//! - A run is entered at its first instruction only, and left after its last one or never: each block that begins in it ends in it, no
//!   branch goes to a label outside, and it does not return from its function (`window`).
//! - A local is a parameter unless each path from the beginning of the run to each read of it sets it first. A local that is set and
//!   read later (`liveness`) is the result; where a path does not set it, it is a parameter too, and the value from before is given
//!   back.
//! - Values that the run takes from the operand stack are computed before it and after it alike, in the same order.
//! - Constants that differ by the same amount are one argument, to which the function adds the differences (`constants`). Where such a
//!   constant is the address of a load or store, its difference goes into the offset instead. All these constants are below 2^30, so the
//!   sum of address and offset is the same.
//! - Loads and stores may differ in their offset if the address is a parameter and has no other use: the caller adds the difference. The
//!   sum of an address and an offset has 33 bits for a load, and 32 bits for an addition. So this is done only where the address
//!   is proved to be below 2^31 (`small`), and the difference is below 2^31, too.
//! - Nothing else is moved: all instructions run in the same order as before, and trap in the same places.
//!
//! A call needs an entry on the engine's own stack, which has a limit. [`crate::run`] leaves the pass out where a chain of calls becomes
//! too long. In a module whose functions can call themselves, a run with a call is left alone, so no chain gets longer by more than one
//! call. How much of the engine's stack and of its fuel a call takes is not kept.
//!
//! # What pays
//!
//! The size is an estimate, as later passes change it. An outlined call costs a few instructions more. On `pallet-contracts` one byte
//! of code costs as much as 13 instructions, on each call of the contract. So a run pays even if it saves a single byte, unless
//! it is done many times: runs within loops are left alone.

mod constants;
mod find;
mod liveness;
mod select;
mod small;
mod window;

use crate::graph::Calls;
use crate::module::Module;
use crate::Error;

/// Bounds of the search.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// The most instructions of a run.
    pub longest: usize,
    /// The fewest bytes of a run.
    pub smallest: usize,
    /// The fewest bytes that a new function must save. Tests let functions take more than they save.
    pub gain: isize,
    /// How often the search is repeated on what it has made.
    pub rounds: usize,
    /// The most parameters that constants become.
    pub constants: usize,
    /// Whether runs with calls are left alone.
    pub leaves_only: bool,
    /// Whether runs within loops are outlined, too.
    pub in_loops: bool,
}

impl Default for Limits {
    fn default() -> Self {
        Self { longest: 70, smallest: 3, gain: 1, rounds: 12, constants: 3, leaves_only: false, in_loops: false }
    }
}

/// What the pass did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Outlined {
    /// The new functions.
    pub functions: usize,
    /// The calls of them.
    pub calls: usize,
}

/// Outlines until nothing more is found that pays.
///
/// # Errors
///
/// If there are more functions than a module can number.
pub fn run(module: &mut Module, limits: &Limits) -> Result<Outlined, Error> {
    let recursive = Calls::of(module).is_err();
    let limits = &Limits { leaves_only: limits.leaves_only || recursive, ..*limits };
    let mut outlined = Outlined::default();
    for _ in 0..limits.rounds {
        let small = small::find(module);
        let groups = find::find(module, &small, limits);
        let round = select::replace(module, groups, limits)?;
        outlined.functions += round.functions;
        outlined.calls += round.calls;
        if round.functions == 0 {
            break;
        }
    }
    Ok(outlined)
}
