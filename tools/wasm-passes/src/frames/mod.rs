//! Static stack frames: locals that lie in memory get fixed addresses, and nothing moves a stack pointer any more.
//!
//! A compiler keeps what does not fit into WebAssembly's locals on a stack in memory. A function that needs such memory moves a
//! global, the stack pointer, down when it begins and up again before it returns. Where no function can call itself, not even
//! through others, no function is active twice at the same time. So its frame can always be in the same place, below the frames
//! of all functions that may have called it. The stack pointer is then a constant at each instruction: every read of it becomes
//! that constant, and every write is left out.
//!
//! # What must hold
//!
//! The pass proves the following, or leaves the module as it is:
//!
//! - There is one mutable global that begins with a 32-bit constant and is set anywhere: the stack pointer. The host does not see it.
//! - Each function returns with the stack pointer that it was called with, on all paths. By induction over the calls, the pointer at
//!   each instruction is the one at the function's entry less a constant (`scan`). At the head of a loop this constant is the same in
//!   each round, so no loop uses up the stack. Paths with different constants may meet where nothing reads the pointer and nothing
//!   returns any more; what is called there is below all of them.
//! - No function can reach itself through calls, direct ones or through the table. A host that sees the table could change it, and so
//!   the pass refuses indirect calls then.
//! - The longest chain of frames fits into the stack that the linker provided (`layout`), and no data lie there.
//! - All frames are multiples of 16 bytes, so addresses keep their alignment.
//!
//! It relies on what every compiler for WebAssembly guarantees:
//!
//! - A function uses memory of the stack only between the lowest address that it computes from the stack pointer and the pointer at
//!   its entry. What is below the stack pointer does not survive a call.
//! - The result does not depend on which addresses locals have, or on memory that was not written before it is read.
//! - The host does not call an export while another call of the same instance is active.
//!
//! # What is refused
//!
//! Modules with a function that calls itself, with a frame whose size depends on values, with a stack pointer that goes
//! through memory or is different on two paths to a place where it is read, or that are compiled for a larger stack than was provided.

mod layout;
mod rewrite;
mod scan;

use crate::module::Module;

/// What the pass did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frames {
    /// The bytes that the longest chain of frames takes, which is proved to be the most that any call uses.
    pub depth: u32,
    /// The functions that have a frame.
    pub functions: usize,
}

/// Gives all frames fixed addresses. `stack` is the size of the stack in bytes, as it was linked.
///
/// # Errors
///
/// Says why the module has to be left as it is. The module is unchanged then.
pub fn run(module: &mut Module, stack: u32) -> Result<Frames, String> {
    // Without a stack, there is nothing to do.
    let Some(pointer) = stack_pointer(module)? else { return Ok(Frames { depth: 0, functions: 0 }) };
    let scans = scan::scan(module, pointer.global)?;
    let layout = layout::lay_out(module, &scans, pointer.top, stack)?;
    let functions = scans.iter().filter(|scan| scan.lowest < 0).count();
    rewrite::rewrite(module, &scans, &layout, pointer.global);
    Ok(Frames { depth: layout.depth, functions })
}

struct StackPointer {
    global: u32,
    /// What it begins with: the end of the stack.
    top: u32,
}

/// The one global that can be set. A module with none has no stack.
fn stack_pointer(module: &Module) -> Result<Option<StackPointer>, String> {
    let mut found = None;
    for (global, ty) in module.globals.iter().enumerate().filter(|(_, ty)| ty.mutable) {
        if ty.shared {
            return Err(format!("the host sees the mutable global {global}"));
        }
        if found.is_some() {
            return Err("there is more than one mutable global".into());
        }
        let top = ty.init.ok_or_else(|| format!("the global {global} does not begin with a 32-bit constant"))?;
        // As it is an address, it has no sign.
        found =
            Some(StackPointer { global: u32::try_from(global).map_err(|error| error.to_string())?, top: top as u32 });
    }
    Ok(found)
}
