//! Passes that make a WebAssembly module smaller after a general optimiser has done its work.
//!
//! They are for modules whose bytes cost more than their instructions, such as contracts on a chain that charges each call for loading
//! the code. They know nothing of the language or of the chain. Each pass says in its module's documentation what must hold for
//! it to be right, proves it, and otherwise leaves the module alone:
//!
//! - [`memory`] puts fast routines in the place of `memcpy` and `memset`,
//! - [`frames`] gives locals that lie in memory fixed addresses,
//! - [`outline`] makes functions of instructions that occur often.
//!
//! [`run`] does the last two, with the general optimiser in between. What comes out is valid, and the same each time.

pub mod frames;
mod graph;
pub mod memory;
pub mod module;
pub mod op;
pub mod outline;

use std::error::Error as StdError;

use crate::frames::Frames;
use crate::graph::Calls;
use crate::module::Module;
use crate::outline::{Limits, Outlined};

/// The version of the passes: with another one, the code may be another.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The source of everything that decides what comes out, so that builders can tell whether it has changed.
pub const SOURCES: [&str; 16] = [
    include_str!("frames/layout.rs"),
    include_str!("frames/mod.rs"),
    include_str!("frames/rewrite.rs"),
    include_str!("frames/scan.rs"),
    include_str!("graph.rs"),
    include_str!("lib.rs"),
    include_str!("memory.rs"),
    include_str!("module.rs"),
    include_str!("op.rs"),
    include_str!("outline/constants.rs"),
    include_str!("outline/find.rs"),
    include_str!("outline/liveness.rs"),
    include_str!("outline/mod.rs"),
    include_str!("outline/select.rs"),
    include_str!("outline/small.rs"),
    include_str!("outline/window.rs"),
];

/// The longest chain of calls that outlining may make. Engines have a limit: that of `pallet-contracts` 31 is 1,024.
const DEEPEST: usize = 256;
/// The most values that all locals and operands may take. That of `pallet-contracts` 31 has room for 131,072.
const MOST_VALUES: usize = 1 << 16;
/// How often the module is searched for runs to outline, with the optimiser in between, which makes more runs equal.
const SEARCHES: usize = 3;

/// Why a pass cannot work on a module.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The module is not valid WebAssembly 1.0 with sign extension, or has floats.
    #[error("the module is not valid: {0}")]
    Invalid(#[from] wasmparser::BinaryReaderError),
    /// The module has something that the passes do not know.
    #[error("the passes do not know {0}")]
    Unsupported(String),
    /// The general optimiser failed.
    #[error("the optimiser failed: {0}")]
    Optimiser(Box<dyn StdError + Send + Sync>),
}

/// What the general optimiser shall do between the passes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tidy {
    /// Simplify for size. Functions that are called more than once must not be put in the place of their calls, as outlining makes them.
    Simplify,
    /// The same, and give the functions that are called most often the smallest numbers.
    Finish,
}

/// The general optimiser: takes a module and gives one that does the same.
pub type Optimiser<'a> = &'a dyn Fn(&[u8], Tidy) -> Result<Vec<u8>, Box<dyn StdError + Send + Sync>>;

/// What [`run`] needs to know.
pub struct Options<'a> {
    /// The size of the stack in memory, in bytes, as it was linked.
    pub stack: u32,
    /// What runs between the passes.
    pub optimiser: Optimiser<'a>,
}

/// What [`run`] did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// The static frames, or why there are none.
    pub frames: Result<Frames, String>,
    /// What was outlined.
    pub outlined: Outlined,
    /// The bytes of the module before and after.
    pub bytes: (usize, usize),
}

/// Makes a module smaller. A pass that cannot prove what it needs is left out, and a result that is not smaller is left out, too.
///
/// Frames come first. The other order was measured: equal runs are found more often while frames are addressed through locals, but
/// after them the stack pointer is often no longer known, and where it is, the result is about 1 % larger.
///
/// # Errors
///
/// If the module is not valid, or the optimiser fails.
pub fn run(bytes: &[u8], options: &Options<'_>) -> Result<(Vec<u8>, Report), Error> {
    let optimise = |module: &Module, tidy| (options.optimiser)(&module.write()?, tidy).map_err(Error::Optimiser);
    let mut module = Module::read(bytes)?;
    let frames = frames::run(&mut module, options.stack);
    let mut outlined = Outlined::default();
    for _ in 0..SEARCHES {
        module = Module::read(&optimise(&module, Tidy::Simplify)?)?;
        let mut smaller = module.clone();
        let found = outline::run(&mut smaller, &Limits::default())?;
        // Where functions can call themselves, only runs without calls are outlined, which adds one call to any chain.
        if Calls::of(&smaller).is_ok_and(|calls| calls.depth() > DEEPEST || values(&smaller) > MOST_VALUES) {
            break;
        }
        outlined.functions += found.functions;
        outlined.calls += found.calls;
        module = smaller;
    }
    let after = optimise(&module, Tidy::Finish)?;
    // What comes from outside is checked, too.
    Module::read(&after)?;
    let after = if after.len() < bytes.len() { after } else { bytes.to_vec() };
    let sizes = (bytes.len(), after.len());
    Ok((after, Report { frames, outlined, bytes: sizes }))
}

/// As many values as all functions together can have, if each is active once: an instruction leaves one at most.
fn values(module: &Module) -> usize {
    module.functions.iter().map(|function| function.locals.len().saturating_add(function.body.len())).sum()
}
