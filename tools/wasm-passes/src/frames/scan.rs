//! Where the stack pointer is at each instruction of a function, relative to where it is at the function's entry.

use crate::module::{Function, Module};
use crate::op::{code, Op, Ty};

/// Sizes of frames beyond this are refused, which keeps all arithmetic on them far from its limits.
const MOST: i32 = 1 << 24;
/// What compilers for WebAssembly align frames to.
const ALIGNMENT: i32 = 16;

/// What is known about a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Value {
    /// Nothing.
    Other,
    /// It is this constant.
    Const(i32),
    /// It is the stack pointer at the function's entry plus this number, which is never positive.
    Stack(i32),
}

/// What was found out about a function.
#[derive(Debug, Clone, Default)]
pub struct Scan {
    /// For each instruction that is reached, the stack pointer before it, relative to the function's entry. Where paths with different
    /// pointers meet, the lowest of them. Nothing reads it there, and no path from there returns.
    pub pointer: Vec<Option<i32>>,
    /// For each instruction that leaves a value which is an address in the frame, that address relative to the function's entry.
    pub address: Vec<Option<i32>>,
    /// The lowest address that is computed from the stack pointer, relative to the function's entry.
    pub lowest: i32,
}

/// Scans all functions of a module. `global` is the stack pointer.
///
/// # Errors
///
/// Names the first function whose stack pointer is not known everywhere, and why.
pub fn scan(module: &Module, global: u32) -> Result<Vec<Scan>, String> {
    let identities: Vec<_> = module.functions.iter().map(|function| returned_param(module, function)).collect();
    let scan = |(index, function): (usize, &Function)| {
        let locals = vec![Value::Other; function.locals.len()];
        let mut walk = Walk {
            module,
            global,
            identities: &identities,
            state: Some(State { pointer: 0, exact: true, locals, stack: Vec::new() }),
            blocks: vec![Block::new(Kind::Plain, module.result(function).is_some(), 0)],
            dead: 0,
            scan: Scan::default(),
        };
        walk.function(&function.body).map_err(|reason| format!("function {index}: {reason}"))?;
        Ok(walk.scan)
    };
    module.functions.iter().enumerate().map(scan).collect()
}

#[derive(Debug, Clone)]
struct State {
    /// Where the stack pointer is, or the lowest place where it may be.
    pointer: i32,
    /// Whether it is known to be there.
    exact: bool,
    locals: Vec<Value>,
    stack: Vec<Value>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Plain,
    If,
    Loop,
}

struct Block {
    kind: Kind,
    has_result: bool,
    /// Values on the stack below those of the block.
    height: usize,
    /// What is known at the end of the block, from branches to it.
    after: Option<State>,
    /// For an `if`, what is known at its beginning. For a loop, too.
    begin: Option<State>,
}

impl Block {
    fn new(kind: Kind, has_result: bool, height: usize) -> Self {
        Self { kind, has_result, height, after: None, begin: None }
    }
}

struct Walk<'a> {
    module: &'a Module,
    global: u32,
    /// For each function, the parameter that it always returns, if there is one.
    identities: &'a [Option<usize>],
    /// `None` where the code is not reached.
    state: Option<State>,
    blocks: Vec<Block>,
    /// How many blocks are open that began in code that is not reached.
    dead: usize,
    scan: Scan,
}

type Step = Result<(), String>;

/// A validated module never gives this.
fn malformed() -> String {
    "the operands do not add up".into()
}

impl Walk<'_> {
    fn function(&mut self, body: &[Op]) -> Step {
        self.scan.pointer = vec![None; body.len()];
        self.scan.address = vec![None; body.len()];
        for (at, op) in body.iter().enumerate() {
            self.scan.pointer[at] = self.state.as_ref().map(|state| state.pointer);
            match op {
                Op::Block(_) | Op::Loop(_) | Op::If(_) if self.state.is_none() => self.dead += 1,
                Op::Block(ty) => self.open(Kind::Plain, *ty, &[])?,
                Op::If(ty) => self.open(Kind::If, *ty, &[])?,
                Op::Loop(ty) => self.open(Kind::Loop, *ty, &body[at..])?,
                Op::Else if self.dead == 0 => self.alternative()?,
                Op::End if self.dead == 0 => self.close()?,
                Op::End => self.dead -= 1,
                _ if self.state.is_some() => self.plain(op)?,
                _ => {}
            }
            let top = self.state.as_ref().and_then(|state| state.stack.last());
            if let (Some(Value::Stack(address)), false) = (top, op.opens()) {
                self.scan.address[at] = Some(*address);
            }
        }
        Ok(())
    }

    fn state(&mut self) -> Result<&mut State, String> {
        self.state.as_mut().ok_or_else(malformed)
    }

    fn pop(&mut self) -> Result<Value, String> {
        self.state()?.stack.pop().ok_or_else(malformed)
    }

    fn push(&mut self, value: Value) -> Step {
        if let Value::Stack(address) = value {
            if address > 0 {
                return Err("it computes an address above its frame".into());
            }
            if address < -MOST {
                return Err("its frame is too large".into());
            }
            self.scan.lowest = self.scan.lowest.min(address);
        }
        self.state()?.stack.push(value);
        Ok(())
    }

    fn open(&mut self, kind: Kind, ty: Option<Ty>, rest: &[Op]) -> Step {
        if kind == Kind::If {
            self.pop()?;
        }
        let state = self.state()?;
        // What a later round of the loop finds in a local that is set in it is not known.
        let mut depth = 0_usize;
        for op in rest {
            match op {
                Op::LocalSet(local) | Op::LocalTee(local) => state.locals[*local as usize] = Value::Other,
                // Within the function there are as many of one as of the other.
                Op::End => depth -= 1,
                op if op.opens() => depth += 1,
                _ => {}
            }
            if depth == 0 {
                break;
            }
        }
        let mut block = Block::new(kind, ty.is_some(), state.stack.len());
        block.begin = (kind != Kind::Plain).then(|| state.clone());
        self.blocks.push(block);
        Ok(())
    }

    fn alternative(&mut self) -> Step {
        self.arrive(0)?;
        self.state = self.blocks.last_mut().and_then(|block| block.begin.take());
        Ok(())
    }

    fn close(&mut self) -> Step {
        self.arrive_at_end()?;
        let block = self.blocks.pop().ok_or_else(malformed)?;
        self.state = block.after;
        if self.blocks.is_empty() {
            if let Some(state) = self.state.take() {
                returns_balanced(&state)?;
            }
        }
        Ok(())
    }

    /// What falls through to the end of the innermost block, with the path of an `if` that has no `else`.
    fn arrive_at_end(&mut self) -> Step {
        let block = self.blocks.last_mut().ok_or_else(malformed)?;
        let skipped = if block.kind == Kind::If { block.begin.take() } else { None };
        // The end of a loop is no label: branches to the loop go to its beginning.
        block.kind = Kind::Plain;
        self.arrive(0)?;
        if skipped.is_some() {
            self.state = skipped;
            self.arrive(0)?;
        }
        Ok(())
    }

    /// Joins what is known here with what is known at a label.
    fn arrive(&mut self, label: u32) -> Step {
        let Some(here) = &self.state else { return Ok(()) };
        let index = self.blocks.len().checked_sub(1 + label as usize).ok_or_else(malformed)?;
        let block = &mut self.blocks[index];
        if block.kind == Kind::Loop {
            let begin = block.begin.as_ref().ok_or_else(malformed)?;
            return match (begin.pointer, begin.exact) == (here.pointer, here.exact) {
                true => Ok(()),
                false => Err("the stack pointer differs between the rounds of a loop".into()),
            };
        }
        let mut stack = here.stack.get(..block.height).ok_or_else(malformed)?.to_vec();
        if block.has_result {
            stack.push(*here.stack.last().ok_or_else(malformed)?);
        }
        let Some(after) = &mut block.after else {
            block.after = Some(State { pointer: here.pointer, exact: here.exact, locals: here.locals.clone(), stack });
            return Ok(());
        };
        // Optimisers make one end of several that call what never returns, whatever the pointer is there. Frames of what is called
        // lie below the lowest. Who reads the pointer, or returns, is refused.
        after.exact &= here.exact && after.pointer == here.pointer;
        after.pointer = after.pointer.min(here.pointer);
        let known = after.locals.iter_mut().chain(&mut after.stack);
        for (known, value) in known.zip(here.locals.iter().chain(&stack)) {
            if known != value {
                *known = Value::Other;
            }
        }
        Ok(())
    }

    fn plain(&mut self, op: &Op) -> Step {
        match op {
            Op::Br(_) | Op::BrIf(_) | Op::BrTable(_) => {
                if !matches!(op, Op::Br(_)) {
                    self.pop()?;
                }
                for label in op.labels() {
                    self.arrive(*label)?;
                }
            }
            Op::Return => returns_balanced(self.state()?)?,
            Op::GlobalGet(global) if *global == self.global => {
                let &mut State { pointer, exact, .. } = self.state()?;
                if !exact {
                    return Err("the stack pointer differs between two paths".into());
                }
                self.push(Value::Stack(pointer))?;
            }
            Op::GlobalGet(_) => self.push(Value::Other)?,
            Op::GlobalSet(global) => match self.pop()? {
                Value::Stack(address) if *global == self.global => {
                    if address % ALIGNMENT != 0 {
                        return Err(format!("a frame is not a multiple of {ALIGNMENT} bytes"));
                    }
                    let state = self.state()?;
                    (state.pointer, state.exact) = (address, true);
                }
                _ => return Err("the stack pointer is set to a value that is not known".into()),
            },
            Op::LocalGet(local) => {
                let value = self.state()?.locals[*local as usize];
                self.push(value)?;
            }
            Op::LocalSet(local) => {
                let value = self.pop()?;
                self.state()?.locals[*local as usize] = value;
            }
            Op::LocalTee(local) => {
                let value = self.pop()?;
                self.state()?.locals[*local as usize] = value;
                self.push(value)?;
            }
            Op::Drop => {
                self.pop()?;
            }
            Op::Select => {
                self.pop()?;
                let (b, a) = (self.pop()?, self.pop()?);
                self.push(if a == b { a } else { Value::Other })?;
            }
            Op::I32Const(value) => self.push(Value::Const(*value))?,
            Op::Plain(code::I32_ADD | code::I32_SUB) => {
                let (b, a) = (self.pop()?, self.pop()?);
                self.push(sum(a, b, *op == Op::Plain(code::I32_ADD)))?;
            }
            Op::Call(_) | Op::CallIndirect(_) => {
                let ty = match op {
                    Op::Call(function) => self.module.type_of(*function),
                    Op::CallIndirect(ty) => self.module.types.get(*ty as usize),
                    _ => None,
                };
                let (params, result) = ty.map(|ty| (ty.params.len(), ty.result)).ok_or_else(malformed)?;
                let own = if let Op::Call(function) = op { self.module.own(*function) } else { None };
                let returned = own.and_then(|own| self.identities.get(own).copied().flatten());
                if matches!(op, Op::CallIndirect(_)) {
                    // The index into the table.
                    self.pop()?;
                }
                let mut value = Value::Other;
                for param in (0..params).rev() {
                    let operand = self.pop()?;
                    if returned == Some(param) {
                        value = operand;
                    }
                }
                if result.is_some() {
                    self.push(value)?;
                }
            }
            _ => {
                // `unreachable` has no operands, and nothing follows it.
                let (params, result) = op.signature().unwrap_or((&[], None));
                for _ in params {
                    self.pop()?;
                }
                if result.is_some() {
                    self.push(Value::Other)?;
                }
            }
        }
        if op.diverts() {
            self.state = None;
        }
        Ok(())
    }
}

/// The parameter that a function always returns, as `memcpy` does: it is never set, and each return gives it.
fn returned_param(module: &Module, function: &Function) -> Option<usize> {
    module.result(function)?;
    let [rest @ .., Op::LocalGet(param), Op::End] = &*function.body else { return None };
    let mut depth = 0_u32;
    for (at, op) in rest.iter().enumerate() {
        match op {
            Op::LocalSet(local) | Op::LocalTee(local) if local == param => return None,
            Op::Return if at == 0 || rest[at - 1] != Op::LocalGet(*param) => return None,
            // A branch to the function's own label returns, too.
            op if op.labels().iter().any(|label| *label >= depth) => return None,
            Op::End => depth = depth.checked_sub(1)?,
            op if op.opens() => depth += 1,
            _ => {}
        }
    }
    let param = *param as usize;
    (param < module.params(function).len()).then_some(param)
}

fn sum(a: Value, b: Value, add: bool) -> Value {
    match (a, b) {
        (Value::Const(a), Value::Const(b)) => Value::Const(if add { a.wrapping_add(b) } else { a.wrapping_sub(b) }),
        // An address is within [`MOST`]; a sum that is beyond an integer's limits is no address in a frame.
        (Value::Stack(a), Value::Const(b)) => {
            let sum = if add { a.checked_add(b) } else { a.checked_sub(b) };
            sum.map_or(Value::Other, Value::Stack)
        }
        (Value::Const(a), Value::Stack(b)) if add => a.checked_add(b).map_or(Value::Other, Value::Stack),
        _ => Value::Other,
    }
}

fn returns_balanced(state: &State) -> Step {
    match state {
        State { pointer: 0, exact: true, .. } => Ok(()),
        State { exact: false, .. } => Err("the stack pointer differs between two paths that return".into()),
        _ => Err("it does not put the stack pointer back before it returns".into()),
    }
}
