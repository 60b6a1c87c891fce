//! Puts constants in the place of the stack pointer.

use crate::frames::{layout::Layout, scan::Scan};
use crate::module::Module;
use crate::op::{code, Op};

/// Rewrites all functions. `global` is the stack pointer.
pub fn rewrite(module: &mut Module, scans: &[Scan], layout: &Layout, global: u32) {
    for ((function, scan), entry) in module.functions.iter_mut().zip(scans).zip(&layout.entry) {
        let body = std::mem::take(&mut function.body);
        function.body = body_with_constants(body, scan, *entry, global);
    }
}

fn body_with_constants(body: Vec<Op>, scan: &Scan, entry: u32, global: u32) -> Vec<Op> {
    // The layout keeps every address of the stack above zero and below its end.
    let constant = |relative: i32| Op::I32Const(entry.wrapping_add_signed(relative) as i32);
    let mut new: Vec<Op> = Vec::with_capacity(body.len());
    for (at, op) in body.into_iter().enumerate() {
        match op {
            // Where code is not reached, any value will do.
            Op::GlobalGet(number) if number == global => new.push(constant(scan.pointer[at].unwrap_or_default())),
            Op::GlobalSet(number) if number == global => discard(&mut new),
            Op::Plain(code::I32_ADD | code::I32_SUB) => match (scan.address[at], &*new) {
                // Both operands are these instructions, as each leaves one value and takes none.
                (Some(address), [.., Op::LocalGet(_) | Op::I32Const(_), Op::LocalGet(_) | Op::I32Const(_)]) => {
                    new.truncate(new.len() - 2);
                    new.push(constant(address));
                }
                _ => new.push(op),
            },
            op => new.push(op),
        }
    }
    new
}

/// Drops the value on top of the stack, with what computes it where that is one instruction.
fn discard(new: &mut Vec<Op>) {
    match new.pop() {
        Some(Op::LocalGet(_) | Op::I32Const(_)) => {}
        Some(Op::LocalTee(local)) => new.push(Op::LocalSet(local)),
        other => {
            new.extend(other);
            new.push(Op::Drop);
        }
    }
}
