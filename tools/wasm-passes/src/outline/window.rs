//! A run of instructions of a function as it would be as a function of its own.

use crate::module::{Function, Module};
use crate::op::{signed_size, Op, Ty};

/// The most parameters that a run may need, without constants. More do not pay.
const MOST_PARAMS: usize = 6;
/// The most values of the operand stack that a run may take.
const MOST_INPUTS: usize = 2;
/// The largest shift.
const MOST_SHIFT: u32 = 1 << 20;
/// The most locals that a run may use, which lets sets of them be a number.
const MOST_LOCALS: usize = 64;

/// A value on the operand stack.
#[derive(Debug, Clone, Copy)]
struct Slot {
    ty: Ty,
    /// The local that it was read from by the instruction before, by its number in the run.
    from: Option<usize>,
    /// The constant that it is, by its place among those of the run.
    constant: Option<usize>,
}

impl Slot {
    fn of(ty: Ty) -> Self {
        Self { ty, from: None, constant: None }
    }
}

#[derive(Debug, Clone, Copy)]
struct Block {
    result: Option<Ty>,
    height: usize,
}

/// A use of a local as an address.
#[derive(Debug, Clone, Copy)]
pub struct AddressUse {
    /// The local, by its number in the run.
    pub local: usize,
    /// The position of the load or store in the run.
    pub at: usize,
    /// Its offset.
    pub offset: u32,
}

/// What a run of instructions takes and gives, extended by one instruction at a time.
#[derive(Debug, Default)]
pub struct Window {
    /// The function's locals that the run uses, in the order in which they first occur. A run's own numbers of locals are indices here.
    pub locals: Vec<u32>,
    /// Types of these locals.
    pub types: Vec<Ty>,
    /// The locals, by their number in the run, that must have their values from before.
    pub params: Vec<usize>,
    /// Values that the run takes from the operand stack, the top first.
    pub inputs: Vec<Ty>,
    /// Locals that are set on some path.
    written: u64,
    /// For the run and each open block, the locals that are set on every path to here since its beginning.
    definite: Vec<u64>,
    stack: Vec<Slot>,
    blocks: Vec<Block>,
    /// The bytes of the run.
    pub size: usize,
    /// How often each local is read.
    reads: Vec<usize>,
    /// Uses of locals as addresses.
    pub addresses: Vec<AddressUse>,
    /// How many constants there are.
    constants: usize,
    /// Uses of constants as addresses: the place among the constants, and that of the load or store in the run.
    pub constant_addresses: Vec<(usize, usize)>,
    /// How many instructions the run has.
    pub length: usize,
    /// Whether the rest of the innermost block is not reached.
    dead: bool,
    /// Whether the run ends with an instruction that never lets the next one run.
    pub diverges: bool,
}

/// What a finished run gives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shape {
    /// The locals that are parameters, by their number in the run.
    pub params: Vec<usize>,
    /// The local whose new value is the result, by its number in the run.
    pub out: Option<usize>,
    /// The type of the value that is left on the operand stack.
    pub result: Option<Ty>,
}

impl Window {
    /// An empty run.
    pub fn new() -> Self {
        Self { definite: vec![0], ..Self::default() }
    }

    /// Whether a run may begin with an instruction.
    pub fn may_begin(op: &Op) -> bool {
        !matches!(op, Op::End | Op::Else | Op::Drop | Op::BrIf(_)) && !op.diverts()
    }

    /// Extends the run by an instruction. `None` where no run goes on over that instruction.
    pub fn extend(&mut self, module: &Module, function: &Function, op: &Op) -> Option<()> {
        if self.diverges || (self.dead && !matches!(op, Op::End | Op::Else)) {
            return None;
        }
        match op {
            Op::Block(ty) | Op::Loop(ty) => self.open(*ty),
            Op::If(ty) => {
                self.pop(Some(Ty::I32))?;
                self.open(*ty);
            }
            Op::Else => {
                let block = *self.blocks.last()?;
                self.stack.truncate(block.height);
                *self.definite.last_mut()? = 0;
                self.dead = false;
            }
            Op::End => {
                let block = self.blocks.pop()?;
                self.definite.pop();
                self.stack.truncate(block.height);
                self.stack.extend(block.result.map(Slot::of));
                self.dead = false;
            }
            Op::Br(_) | Op::BrIf(_) | Op::BrTable(_) => {
                // Only to labels within the run.
                if op.labels().iter().any(|label| *label as usize >= self.blocks.len()) {
                    return None;
                }
                if !matches!(op, Op::Br(_)) {
                    self.pop(Some(Ty::I32))?;
                }
                self.dead = op.diverts();
            }
            Op::I32Const(_) | Op::I64Const(_) => {
                let ty = if matches!(op, Op::I32Const(_)) { Ty::I32 } else { Ty::I64 };
                self.stack.push(Slot { constant: Some(self.constants), ..Slot::of(ty) });
                self.constants += 1;
            }
            Op::Return => return None,
            Op::Unreachable => match self.blocks.is_empty() {
                true => self.diverges = true,
                false => self.dead = true,
            },
            Op::Drop => {
                // A value from before the run has a type that is not known here.
                self.pop(None)?;
            }
            Op::Select => {
                self.pop(Some(Ty::I32))?;
                let ty = self.pop(None)?.ty;
                self.pop(Some(ty))?;
                self.push(ty);
            }
            Op::LocalGet(local) => {
                let number = self.number(function, *local)?;
                if self.definite.iter().all(|set| set >> number & 1 == 0) && !self.params.contains(&number) {
                    self.params.push(number);
                }
                self.reads[number] += 1;
                self.stack.push(Slot { from: Some(number), ..Slot::of(self.types[number]) });
            }
            Op::LocalSet(local) | Op::LocalTee(local) => {
                let number = self.number(function, *local)?;
                let ty = self.types[number];
                self.pop(Some(ty))?;
                self.written |= 1 << number;
                *self.definite.last_mut()? |= 1 << number;
                if matches!(op, Op::LocalTee(_)) {
                    self.push(ty);
                }
            }
            Op::GlobalGet(_) | Op::GlobalSet(_) => self.global(module, op)?,
            Op::Call(_) | Op::CallIndirect(_) => self.call(module, op)?,
            Op::Memory { offset, .. } => {
                let (operands, result) = op.signature()?;
                let mut address = None;
                for ty in operands.iter().rev() {
                    address = Some(self.pop(Some(*ty))?);
                }
                let address = address?;
                if let Some(constant) = address.constant {
                    self.constant_addresses.push((constant, self.length));
                }
                if let Some(local) = address.from {
                    self.addresses.push(AddressUse { local, at: self.length, offset: *offset });
                }
                result.into_iter().for_each(|ty| self.push(ty));
            }
            _ => {
                let (operands, result) = op.signature()?;
                for ty in operands.iter().rev() {
                    self.pop(Some(*ty))?;
                }
                result.into_iter().for_each(|ty| self.push(ty));
            }
        }
        // The optimiser gives small numbers to functions that are called often.
        self.size += if matches!(op, Op::Call(_)) { 2 } else { op.size() };
        self.length += 1;
        (self.inputs.len() <= MOST_INPUTS).then_some(())
    }

    fn open(&mut self, result: Option<Ty>) {
        self.blocks.push(Block { result, height: self.stack.len() });
        self.definite.push(0);
    }

    fn push(&mut self, ty: Ty) {
        self.stack.push(Slot::of(ty));
    }

    /// Takes a value: one of the run, or one from before it if its type is known.
    fn pop(&mut self, ty: Option<Ty>) -> Option<Slot> {
        match self.blocks.last() {
            // A valid block takes no values from before it.
            Some(block) if self.stack.len() <= block.height => None,
            _ => self.stack.pop().or_else(|| {
                let ty = ty?;
                self.inputs.push(ty);
                Some(Slot::of(ty))
            }),
        }
    }

    /// The number of a local in the run.
    fn number(&mut self, function: &Function, local: u32) -> Option<usize> {
        if let Some(number) = self.locals.iter().position(|known| *known == local) {
            return Some(number);
        }
        self.locals.push(local);
        self.types.push(*function.locals.get(local as usize)?);
        self.reads.push(0);
        (self.locals.len() <= MOST_LOCALS).then_some(self.locals.len() - 1)
    }

    fn global(&mut self, module: &Module, op: &Op) -> Option<()> {
        match op {
            Op::GlobalGet(global) => self.push(module.globals.get(*global as usize)?.ty?),
            Op::GlobalSet(global) => {
                self.pop(Some(module.globals.get(*global as usize)?.ty?))?;
            }
            _ => {}
        }
        Some(())
    }

    fn call(&mut self, module: &Module, op: &Op) -> Option<()> {
        let ty = match op {
            Op::Call(function) => module.type_of(*function)?,
            Op::CallIndirect(ty) => {
                self.pop(Some(Ty::I32))?;
                module.types.get(*ty as usize)?
            }
            _ => return None,
        };
        for param in ty.params.iter().rev() {
            self.pop(Some(*param))?;
        }
        ty.result.into_iter().for_each(|ty| self.push(ty));
        Some(())
    }

    /// What the run takes and gives if it ends here; `live` says whether a local of the function is read later. `None` if it can't be
    /// a function: a block is open, or it gives more than one value.
    pub fn shape(&self, live: impl Fn(u32) -> bool) -> Option<Shape> {
        if !self.blocks.is_empty() {
            return None;
        }
        let mut params = self.params.clone();
        if self.diverges {
            // Nothing follows, so nothing is given. What is left on the stack is of no use.
            return (params.len() + self.inputs.len() <= MOST_PARAMS).then_some(Shape {
                params,
                out: None,
                result: None,
            });
        }
        let out = |number: &usize| self.written >> number & 1 == 1 && live(self.locals[*number]);
        let mut outs = (0..self.locals.len()).filter(out);
        let out = outs.next();
        if outs.next().is_some() || self.stack.len() + usize::from(out.is_some()) > 1 {
            return None;
        }
        // Where it is not set on all paths, the value from before is given back.
        if let Some(out) = out.filter(|out| self.definite[0] >> out & 1 == 0 && !params.contains(out)) {
            params.push(out);
        }
        let fits = params.len() + self.inputs.len() <= MOST_PARAMS;
        fits.then(|| Shape { params, out, result: self.stack.first().map(|slot| slot.ty) })
    }

    /// Whether every use of a local is as an address, and it is not set.
    pub fn only_address(&self, local: usize) -> bool {
        let uses = self.addresses.iter().filter(|address| address.local == local).count();
        self.written >> local & 1 == 0 && uses == self.reads[local]
    }

    /// The number that can be added to a parameter in the caller, in place of the offsets of all loads and stores that it is the
    /// address of. Zero if it has another use.
    pub fn shift(&self, local: usize) -> u32 {
        let offsets = self.addresses.iter().filter(|address| address.local == local).map(|address| address.offset);
        let shift = offsets.min().unwrap_or_default();
        // More would not keep the sum with an address below 2^32.
        if self.only_address(local) && shift <= MOST_SHIFT {
            shift
        } else {
            0
        }
    }
}

/// The bytes by which a caller adds a shift to a parameter.
pub fn shift_size(shift: u32) -> usize {
    match shift {
        0 => 0,
        // The constant, and the addition.
        shift => 2 + signed_size(i64::from(shift)),
    }
}
