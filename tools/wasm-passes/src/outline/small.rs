//! Which locals hold addresses that stay below 2^31, whatever happens.

use crate::module::{Function, Module};
use crate::op::{code, Op, Ty};
use crate::outline::find::Small;

/// What counts as small: a shift of at most 2^20 added to it stays far below 2^32.
const BOUND: i32 = 1 << 30;

/// Finds the small locals of all functions. A local is small if each value that it may get is a small constant, a small local's value,
/// a result of a load of less than 32 bits, or the sum of a constant and a local that is set to constants only.
///
/// First all locals are taken for small, then those are struck out that get another value, until none is left to strike out. By
/// induction over the steps of any execution, the locals that remain hold nothing but small values.
pub fn find(module: &Module) -> Small {
    let mut facts = Facts {
        small: module.functions.iter().map(|function| vec![true; function.locals.len()]).collect(),
        constant: module.functions.iter().map(constant_locals).collect(),
        results: vec![true; module.functions.len()],
    };
    for (function, small) in module.functions.iter().zip(&mut facts.small) {
        for (ty, small) in function.locals.iter().zip(small) {
            *small = *ty == Ty::I32;
        }
    }
    // Whoever calls these gives what it likes.
    let exported = module.exports.iter().map(|(_, number)| number).chain(&module.table).chain(&module.start);
    for own in exported.filter_map(|number| module.own(*number)) {
        let params = module.functions.get(own).map(|function| module.params(function).len()).unwrap_or_default();
        facts.small[own][..params].fill(false);
    }
    loop {
        let mut changed = false;
        for (index, function) in module.functions.iter().enumerate() {
            changed |= facts.strike_out(module, index, function);
        }
        if !changed {
            return facts.small;
        }
    }
}

struct Facts {
    small: Small,
    /// Locals that are set to small constants only, and are no parameters.
    constant: Vec<Vec<bool>>,
    results: Vec<bool>,
}

/// A value on the operand stack.
#[derive(Clone, Copy, PartialEq)]
enum Value {
    Unknown,
    Small,
    Constant,
    /// A constant, or a local that is set to constants only.
    ConstantLocal,
}

impl Value {
    fn is_small(self) -> bool {
        self != Self::Unknown
    }
}

fn is_small(value: i32) -> bool {
    (0..BOUND / 2).contains(&value)
}

fn constant_locals(function: &Function) -> Vec<bool> {
    let mut constant = vec![true; function.locals.len()];
    for (at, op) in function.body.iter().enumerate() {
        if let Op::LocalSet(local) | Op::LocalTee(local) = op {
            let before = at.checked_sub(1).and_then(|at| function.body.get(at));
            constant[*local as usize] &= matches!(before, Some(Op::I32Const(value)) if is_small(*value));
        }
    }
    constant
}

impl Facts {
    /// Strikes out what a function contradicts. Says whether there was anything.
    fn strike_out(&mut self, module: &Module, index: usize, function: &Function) -> bool {
        let params = module.params(function).len();
        let mut changed = false;
        let mut stack: Vec<Value> = Vec::new();
        // The height of the operand stack at the beginning of each open block, and the block's result.
        let mut blocks = vec![(0_usize, module.result(function))];
        let mut give = |fact: &mut bool, value: Value| {
            if *fact && !value.is_small() {
                *fact = false;
                changed = true;
            }
        };
        for op in &function.body {
            // Where code is not reached, there may be too few values: what comes of that is never done.
            let mut pop = |count: usize| {
                let from = stack.len().saturating_sub(count).max(blocks.last().map_or(0, |block| block.0));
                let mut values = stack.split_off(from);
                while values.len() < count {
                    values.insert(0, Value::Small);
                }
                values
            };
            match op {
                Op::Block(ty) | Op::Loop(ty) => blocks.push((stack.len(), *ty)),
                Op::If(ty) => {
                    pop(1);
                    blocks.push((stack.len(), *ty));
                }
                Op::Else => stack.truncate(blocks.last().map_or(0, |block| block.0)),
                Op::End => {
                    let (height, ty) = blocks.pop().unwrap_or_default();
                    if blocks.is_empty() && ty.is_some() && stack.len() > height {
                        give(&mut self.results[index], stack[stack.len() - 1]);
                    }
                    stack.truncate(height);
                    stack.extend(ty.map(|_| Value::Unknown));
                }
                Op::Br(_) | Op::BrIf(_) | Op::BrTable(_) | Op::Return => {
                    if matches!(op, Op::BrIf(_) | Op::BrTable(_)) {
                        pop(1);
                    }
                    let leaves =
                        *op == Op::Return || op.labels().iter().any(|label| *label as usize + 1 >= blocks.len());
                    if leaves && module.result(function).is_some() {
                        give(&mut self.results[index], stack.last().copied().unwrap_or(Value::Small));
                    }
                    if op.diverts() {
                        stack.truncate(blocks.last().map_or(0, |block| block.0));
                    }
                }
                Op::Unreachable => stack.truncate(blocks.last().map_or(0, |block| block.0)),
                Op::LocalGet(local) => {
                    let local = *local as usize;
                    stack.push(match self.small[index][local] {
                        _ if local >= params && self.constant[index][local] => Value::ConstantLocal,
                        true => Value::Small,
                        false => Value::Unknown,
                    });
                }
                Op::LocalSet(local) => {
                    let value = pop(1)[0];
                    give(&mut self.small[index][*local as usize], value);
                }
                Op::LocalTee(local) => {
                    let value = pop(1)[0];
                    give(&mut self.small[index][*local as usize], value);
                    stack.push(value);
                }
                Op::Drop => {
                    pop(1);
                }
                Op::Select => {
                    let values = pop(3);
                    stack.push(if values[0].is_small() && values[1].is_small() {
                        Value::Small
                    } else {
                        Value::Unknown
                    });
                }
                Op::GlobalGet(_) => stack.push(Value::Unknown),
                Op::GlobalSet(_) => {
                    pop(1);
                }
                Op::I32Const(value) => stack.push(if is_small(*value) { Value::Constant } else { Value::Unknown }),
                Op::Call(_) | Op::CallIndirect(_) => {
                    let ty = match op {
                        Op::Call(callee) => module.type_of(*callee),
                        Op::CallIndirect(ty) => module.types.get(*ty as usize),
                        _ => None,
                    };
                    let (count, result) = ty.map_or((0, None), |ty| (ty.params.len(), ty.result));
                    if matches!(op, Op::CallIndirect(_)) {
                        pop(1);
                    }
                    let values = pop(count);
                    let own = if let Op::Call(callee) = op { module.own(*callee) } else { None };
                    if let Some(own) = own {
                        for (param, value) in values.into_iter().enumerate() {
                            give(&mut self.small[own][param], value);
                        }
                    }
                    let small = result == Some(Ty::I32) && own.is_some_and(|own| self.results[own]);
                    stack.extend(result.map(|_| if small { Value::Small } else { Value::Unknown }));
                }
                _ => {
                    let (operands, result) = op.signature().unwrap_or((&[], None));
                    let values = pop(operands.len());
                    stack.extend(result.map(|_| of_result(op, &values)));
                }
            }
        }
        changed
    }
}

/// What the result of an instruction is, by its operands.
fn of_result(op: &Op, operands: &[Value]) -> Value {
    use Value::{Constant, ConstantLocal, Small, Unknown};
    match (op, operands) {
        // Both are below half of the bound.
        (Op::Plain(code::I32_ADD), [ConstantLocal | Constant, Constant] | [Constant, ConstantLocal]) => Small,
        // Loads of 8 and 16 bits without a sign.
        (Op::Memory { code: 0x2d | 0x2f, .. }, _) => Small,
        _ => Unknown,
    }
}
