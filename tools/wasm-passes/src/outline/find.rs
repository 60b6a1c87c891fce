//! Finds runs of instructions that are equal but for locals and constants.

use crate::module::{in_loop, Function, Module};
use crate::op::{Op, Ty};
use crate::outline::liveness::Liveness;
use crate::outline::window::{shift_size, Shape, Window};
use crate::outline::Limits;

/// A run of instructions of one function, as a call of the function that takes its place.
#[derive(Debug, Clone)]
pub struct Run {
    /// The function that the run is in.
    pub function: usize,
    /// Its first instruction.
    pub start: usize,
    /// The instruction after its last one.
    pub end: usize,
    /// Its bytes.
    pub size: usize,
    /// The locals that are passed.
    pub params: Vec<u32>,
    /// What is added to each of them.
    pub shifts: Vec<u32>,
    /// Its constants, in the order in which they occur.
    pub constants: Vec<Op>,
    /// The local that takes the result.
    pub out: Option<u32>,
}

/// What runs have in common that can be one function.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern {
    /// The instructions. Locals have the numbers in which they first occur, constants are zero, offsets are less the shifts.
    pub ops: Vec<Op>,
    /// The types of the locals.
    pub types: Vec<Ty>,
    /// The types of the values from the operand stack, the lowest first.
    pub inputs: Vec<Ty>,
    /// What it takes and gives.
    pub shape: Shape,
    /// Whether it never lets the next instruction run.
    pub diverges: bool,
    /// The loads and stores whose address is a parameter with no other use: their place, and which parameter it is.
    pub addresses: Vec<(usize, usize)>,
    /// The loads and stores whose address is a constant: its place among the constants, and theirs.
    pub constant_addresses: Vec<(usize, usize)>,
}

/// Equal runs.
pub struct Group {
    /// What they have in common.
    pub pattern: Pattern,
    /// The runs, in the order of the module.
    pub runs: Vec<Run>,
}

/// Locals of all functions that can't become an address beyond 32 bits when a shift is added.
pub type Small = Vec<Vec<bool>>;

/// Where a run is, with a hash of what makes it equal to others.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Found {
    key: (u64, u64),
    function: u32,
    start: u32,
    end: u32,
    size: u32,
    /// The fewest bytes of a call that takes its place.
    call: u32,
}

/// Finds all groups of equal runs that may pay, in an order that depends on nothing but the module.
pub fn find(module: &Module, small: &Small, limits: &Limits) -> Vec<Group> {
    let mut all = Vec::new();
    let mut liveness = Vec::with_capacity(module.functions.len());
    for (index, function) in module.functions.iter().enumerate() {
        let live = Liveness::of(function);
        list(module, index, function, &live, &small[index], limits, &mut all);
        liveness.push(live);
    }
    all.sort_unstable();
    let mut groups = Vec::new();
    for found in all.chunk_by(|a, b| a.key == b.key) {
        // The most that can be saved, before the costs of the function and of constants that differ.
        let saved: usize = found.iter().map(|found| found.size.saturating_sub(found.call) as usize).sum();
        if found.len() < 2 || (saved as isize) - (found[0].size as isize) < limits.gain {
            continue;
        }
        let described = found.iter().filter_map(|found| {
            let (function, start, end) = (found.function as usize, found.start as usize, found.end as usize);
            describe(module, function, start, end, &liveness[function], &small[function])
        });
        // Equal hashes of runs that are not equal are possible.
        let mut equal: Option<Group> = None;
        for (pattern, run) in described {
            match &mut equal {
                None => equal = Some(Group { pattern, runs: vec![run] }),
                Some(group) if group.pattern == pattern => group.runs.push(run),
                Some(_) => {}
            }
        }
        groups.extend(equal);
    }
    groups
}

/// Lists the runs of a function.
fn list(
    module: &Module,
    index: usize,
    function: &Function,
    live: &Liveness,
    small: &[bool],
    limits: &Limits,
    all: &mut Vec<Found>,
) {
    let calls = |op: &Op| matches!(op, Op::Call(_) | Op::CallIndirect(_));
    let body = &function.body;
    let loops = in_loop(body);
    let hashes: Vec<_> = body.iter().map(|op| hash(&common(op))).collect();
    // The last `end` is that of the function.
    let last = body.len().saturating_sub(1);
    for start in 0..last {
        // What a loop does is done many times, and a call costs more instructions: only a loop as a whole.
        if !Window::may_begin(&body[start]) || (loops[start] && !limits.in_loops && !matches!(body[start], Op::Loop(_)))
        {
            continue;
        }
        let mut window = Window::new();
        let mut sum = Sum::default();
        for end in start + 1..=last.min(start + limits.longest) {
            let op = &body[end - 1];
            if (limits.leaves_only && calls(op)) || window.extend(module, function, op).is_none() {
                break;
            }
            sum.add(hashes[end - 1], window.length);
            if let Op::LocalGet(local) | Op::LocalSet(local) | Op::LocalTee(local) = op {
                let number = window.locals.iter().position(|known| known == local).unwrap_or_default();
                sum.add((number as u64, window.types[number] as u64), window.length);
            }
            if window.size < limits.smallest {
                continue;
            }
            let Some(shape) = window.shape(|local| live.before(end, local)) else { continue };
            let mut sum = sum;
            let mut call = 2 + usize::from(window.diverges);
            for param in &shape.params {
                let shift = shift(&window, *param, small);
                call += 2 + shift_size(shift);
                for address in window.addresses.iter().filter(|address| shift > 0 && address.local == *param) {
                    // As if the run had the smaller offset.
                    let op = &body[start + address.at];
                    sum.remove(hashes[start + address.at], address.at + 1);
                    sum.add(hash(&common(&shifted(op, shift))), address.at + 1);
                }
                sum.add((*param as u64, 1), limits.longest + 1);
            }
            call += if shape.out.is_some() { 2 } else { 0 };
            let out = shape.out.map_or(0, |out| out as u64 + 1);
            let inputs = window.inputs.iter().fold(1, |inputs, ty| inputs * 3 + *ty as u64);
            let result = shape.result.map_or(0, |ty| ty as u64 + 1);
            sum.add((out, inputs * 4 + result), limits.longest + 2);
            // All of these are below the size of a module, which has 32 bits.
            all.push(Found {
                key: sum.0,
                function: index as u32,
                start: start as u32,
                end: end as u32,
                size: window.size as u32,
                call: call as u32,
            });
        }
    }
}

fn shift(window: &Window, local: usize, small: &[bool]) -> u32 {
    match small.get(window.locals[local] as usize) {
        Some(true) => window.shift(local),
        _ => 0,
    }
}

/// Describes a run that was found.
fn describe(
    module: &Module,
    function: usize,
    start: usize,
    end: usize,
    live: &Liveness,
    small: &[bool],
) -> Option<(Pattern, Run)> {
    let parent = &module.functions[function];
    let ops = &parent.body[start..end];
    let mut window = Window::new();
    for op in ops {
        window.extend(module, parent, op)?;
    }
    let shape = window.shape(|local| live.before(end, local))?;
    let shifts: Vec<u32> = shape.params.iter().map(|param| shift(&window, *param, small)).collect();
    let number = |local: &u32| window.locals.iter().position(|known| known == local).map(|number| number as u32);
    let mut constants = Vec::new();
    let mut pattern: Vec<Op> = Vec::with_capacity(ops.len());
    for op in ops {
        pattern.push(match op {
            Op::LocalGet(local) => Op::LocalGet(number(local)?),
            Op::LocalSet(local) => Op::LocalSet(number(local)?),
            Op::LocalTee(local) => Op::LocalTee(number(local)?),
            Op::I32Const(_) | Op::I64Const(_) => {
                constants.push(op.clone());
                common(op)
            }
            op => common(op),
        });
    }
    for (param, shift) in shape.params.iter().zip(&shifts) {
        for address in window.addresses.iter().filter(|address| address.local == *param) {
            pattern[address.at] = shifted(&pattern[address.at], *shift);
        }
    }
    let run = Run {
        function,
        start,
        end,
        size: window.size,
        params: shape.params.iter().map(|param| window.locals[*param]).collect(),
        shifts,
        constants,
        out: shape.out.map(|out| window.locals[out]),
    };
    let mut addresses = Vec::new();
    for (index, param) in shape.params.iter().enumerate().filter(|(_, param)| window.only_address(**param)) {
        let uses = window.addresses.iter().filter(|address| address.local == *param);
        addresses.extend(uses.map(|address| (address.at, index)));
    }
    window.inputs.reverse();
    let Window { types, inputs, diverges, constant_addresses, .. } = window;
    Some((Pattern { ops: pattern, types, inputs, shape, diverges, addresses, constant_addresses }, run))
}

/// An instruction without what may differ between equal runs. The alignment is only a hint.
fn common(op: &Op) -> Op {
    match *op {
        Op::I32Const(_) => Op::I32Const(0),
        Op::I64Const(_) => Op::I64Const(0),
        Op::LocalGet(_) => Op::LocalGet(0),
        Op::LocalSet(_) => Op::LocalSet(0),
        Op::LocalTee(_) => Op::LocalTee(0),
        Op::Memory { code, offset, .. } => Op::Memory { code, align: 0, offset },
        _ => op.clone(),
    }
}

fn shifted(op: &Op, shift: u32) -> Op {
    match *op {
        // A shift is the least of the offsets.
        Op::Memory { code, offset, .. } => Op::Memory { code, align: 0, offset: offset.wrapping_sub(shift) },
        _ => op.clone(),
    }
}

/// A sum of hashes of instructions at their places, from which one can be taken out again.
#[derive(Clone, Copy, Default)]
struct Sum((u64, u64));

impl Sum {
    fn add(&mut self, hash: (u64, u64), place: usize) {
        let (a, b) = at_place(hash, place);
        self.0 = (self.0 .0.wrapping_add(a), self.0 .1.wrapping_add(b));
    }

    fn remove(&mut self, hash: (u64, u64), place: usize) {
        let (a, b) = at_place(hash, place);
        self.0 = (self.0 .0.wrapping_sub(a), self.0 .1.wrapping_sub(b));
    }
}

fn at_place((a, b): (u64, u64), place: usize) -> (u64, u64) {
    let place = (place as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (mix(a ^ place), mix(mix(b).wrapping_add(place) ^ a.rotate_left(17)))
}

/// A hash of an instruction, the same on every machine.
fn hash(op: &Op) -> (u64, u64) {
    let mut bytes = Vec::with_capacity(12);
    op.write(&mut bytes);
    bytes.iter().fold((0x51_7c_c1_b7, 0x27_22_0a_95), |(a, b), byte| {
        (mix(a ^ u64::from(*byte)), mix(b.wrapping_add(u64::from(*byte)).rotate_left(9)))
    })
}

/// The finaliser of SplitMix64.
fn mix(mut value: u64) -> u64 {
    value = (value ^ value >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    value = (value ^ value >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    value ^ value >> 31
}
