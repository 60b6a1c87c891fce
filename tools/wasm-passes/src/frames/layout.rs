//! Where each function's frame lies.

use crate::frames::scan::Scan;
use crate::graph::Calls;
use crate::module::Module;

/// A compiler takes the address zero for "no address", so nothing lies there.
const LOWEST: u32 = 16;

/// The places of all frames.
pub struct Layout {
    /// The stack pointer at the entry of each function.
    pub entry: Vec<u32>,
    /// The bytes that the longest chain of frames takes.
    pub depth: u32,
}

/// Puts each function's frame below the frames of all functions that may call it. The linker's stack goes from `top` down for
/// `stack` bytes.
///
/// # Errors
///
/// If a function can call itself, or the stack is too small.
pub fn lay_out(module: &Module, scans: &[Scan], top: u32, stack: u32) -> Result<Layout, String> {
    let mut depths = vec![0_u32; module.functions.len()];
    let mut depth = 0;
    for caller in Calls::of(module)?.order {
        let scan = &scans[caller];
        depth = depth.max(depths[caller].saturating_add(scan.lowest.unsigned_abs()));
        for (op, pointer) in module.functions[caller].body.iter().zip(&scan.pointer) {
            // What is not reached calls nothing.
            let Some(pointer) = pointer else { continue };
            for callee in module.callees(op) {
                depths[callee] = depths[callee].max(depths[caller].saturating_add(pointer.unsigned_abs()));
            }
        }
    }
    // A frame that nothing is called from may end anywhere.
    let depth = depth.checked_next_multiple_of(16).ok_or("the frames are too large")?;
    let bottom = top.checked_sub(stack).ok_or("the stack is larger than the memory below its pointer")?;
    // At the lower end, where addresses take fewer bytes.
    let begin = bottom.max(LOWEST).checked_next_multiple_of(16).and_then(|begin| begin.checked_add(depth));
    let begin = begin.filter(|begin| *begin <= top && top.is_multiple_of(16));
    let begin = begin.ok_or_else(|| format!("the frames take {depth} bytes, and the stack has {stack}"))?;
    if let Some(data) = module.data.iter().find(|data| data.start < u64::from(top) && u64::from(bottom) < data.end) {
        return Err(format!("data lie in the stack, at {}", data.start));
    }
    // No entry is deeper than the deepest frame.
    let entry = depths.iter().map(|depth| begin - depth).collect();
    Ok(Layout { entry, depth })
}
