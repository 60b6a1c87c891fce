//! Chooses which runs become functions, and puts calls in their place.

use std::collections::BTreeSet;

use crate::module::{FuncType, Module};
use crate::op::{code, Op, Ty};
use crate::outline::constants::{alike, classes, Class};
use crate::outline::find::{Group, Pattern, Run};
use crate::outline::window::shift_size;
use crate::outline::{Limits, Outlined};
use crate::Error;

/// The most parameters of a function. A call with more does not pay.
const MOST_PARAMS: usize = 7;

/// Some runs of a group that become one function.
struct Candidate {
    group: usize,
    runs: Vec<usize>,
    gain: isize,
}

/// Replaces the runs that save most first, each instruction at most once.
///
/// # Errors
///
/// If there are more functions than a module can number.
pub fn replace(module: &mut Module, groups: Vec<Group>, limits: &Limits) -> Result<Outlined, Error> {
    let mut candidates = Vec::new();
    for (index, group) in groups.iter().enumerate() {
        for runs in alike(&group.runs, limits.constants) {
            let runs = apart(group, runs, &[]);
            candidates.extend(worth(group, &runs, limits).map(|gain| Candidate { group: index, runs, gain }));
        }
    }
    let place = |candidate: &Candidate| {
        let run = &groups[candidate.group].runs[candidate.runs[0]];
        (run.function, run.start, run.end, candidate.runs.len())
    };
    candidates.sort_by(|a, b| b.gain.cmp(&a.gain).then_with(|| place(a).cmp(&place(b))));

    let mut taken: Vec<Vec<(usize, usize)>> = vec![Vec::new(); module.functions.len()];
    let mut edits: Vec<Vec<(usize, usize, Vec<Op>)>> = vec![Vec::new(); module.functions.len()];
    let mut outlined = Outlined::default();
    for candidate in candidates {
        let group = &groups[candidate.group];
        let runs = apart(group, candidate.runs, &taken);
        // Where others have taken much of it, there may be something better in the next round.
        let Some(_) = worth(group, &runs, limits).filter(|gain| *gain >= candidate.gain - candidate.gain.abs() / 2)
        else {
            continue;
        };
        let differing = Differing::of(group, &runs);
        let function = push_function(module, group, &runs, &differing)?;
        for run in runs {
            let run = &group.runs[run];
            taken[run.function].push((run.start, run.end));
            edits[run.function].push((run.start, run.end, call(&group.pattern, run, &differing, function)));
            outlined.calls += 1;
        }
        outlined.functions += 1;
    }
    for (function, mut edits) in module.functions.iter_mut().zip(edits) {
        edits.sort_by_key(|edit| std::cmp::Reverse(edit.0));
        for (start, end, ops) in edits {
            function.body.splice(start..end, ops);
        }
    }
    Ok(outlined)
}

/// The runs of a set that overlap neither with each other nor with what is taken, as many as possible.
fn apart(group: &Group, mut runs: Vec<usize>, taken: &[Vec<(usize, usize)>]) -> Vec<usize> {
    runs.sort_by_key(|run| (group.runs[*run].function, group.runs[*run].end));
    let mut last: Option<&Run> = None;
    runs.retain(|run| {
        let run = &group.runs[*run];
        let free =
            taken.get(run.function).is_none_or(|taken| taken.iter().all(|(a, b)| run.end <= *a || *b <= run.start));
        let apart = last.is_none_or(|last| last.function != run.function || last.end <= run.start);
        if free && apart {
            last = Some(run);
        }
        free && apart
    });
    runs
}

/// What is passed to a function beside values of the operand stack.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Argument {
    /// The parameter of the pattern with this index.
    Local(usize),
    /// The constants of the class with this index.
    Class(usize),
}

/// What differs between runs that become one function.
struct Differing {
    /// For each parameter, the shift that all runs have in common.
    shifts: Vec<Option<u32>>,
    /// The constants that are parameters.
    classes: Vec<Class>,
    /// All arguments with their types. Reading a local or a constant has no effect, so any order is right. By type, few types of
    /// functions are needed.
    arguments: Vec<(Argument, Ty)>,
}

impl Differing {
    fn of(group: &Group, runs: &[usize]) -> Self {
        let runs: Vec<&Run> = runs.iter().map(|run| &group.runs[*run]).collect();
        let first = runs[0];
        let shift = |(at, shift): (usize, &u32)| runs.iter().all(|run| run.shifts[at] == *shift).then_some(*shift);
        let classes = classes(&runs);
        let Pattern { types, shape, .. } = &group.pattern;
        let constant_type = |at: usize| if matches!(first.constants[at], Op::I32Const(_)) { Ty::I32 } else { Ty::I64 };
        let locals = shape.params.iter().enumerate().map(|(at, param)| (Argument::Local(at), types[*param]));
        let mut arguments: Vec<_> = locals.collect();
        arguments
            .extend(classes.iter().enumerate().map(|(at, class)| (Argument::Class(at), constant_type(class.base))));
        arguments.sort_by_key(|(_, ty)| *ty);
        Self { shifts: first.shifts.iter().enumerate().map(shift).collect(), classes, arguments }
    }

    /// The class of the constant at a place, and what is added to its argument there. `None` if the constant does not differ.
    fn class(&self, at: usize) -> Option<(usize, u32)> {
        self.classes.iter().enumerate().find_map(|(class, Class { members, .. })| {
            members.iter().find(|(member, _)| *member == at).map(|(_, difference)| (class, *difference))
        })
    }

    /// What the offset of the load or store at a place gets more, because its address is a constant that gets less. Constants of a
    /// class with several are below 2^30, and so is their difference. The sum of address and offset, which has 33 bits, does not change.
    fn moved(&self, pattern: &Pattern, place: usize) -> u32 {
        let constant = pattern.constant_addresses.iter().find(|(_, at)| *at == place).map(|(constant, _)| *constant);
        constant.and_then(|constant| self.moved_to_offset(pattern, constant)).unwrap_or_default()
    }

    /// The difference of a constant, if an offset can take it.
    fn moved_to_offset(&self, pattern: &Pattern, constant: usize) -> Option<u32> {
        let (_, difference) = self.class(constant)?;
        let (_, place) = pattern.constant_addresses.iter().find(|(known, _)| *known == constant)?;
        match pattern.ops[*place] {
            Op::Memory { offset, .. } => offset.checked_add(difference).map(|_| difference),
            _ => None,
        }
    }

    /// What takes the place of the constant at a place; `None` if it does not differ.
    fn constant(&self, pattern: &Pattern, at: usize) -> Option<Vec<Op>> {
        let (class, difference) = self.class(at)?;
        let argument = Op::LocalGet(self.number(pattern.inputs.len(), Argument::Class(class))?);
        if difference == 0 || self.moved_to_offset(pattern, at).is_some() {
            return Some(vec![argument]);
        }
        // Below 2^30.
        Some(vec![argument, Op::I32Const(difference as i32), Op::Plain(code::I32_ADD)])
    }

    /// The number of an argument in the function, whose first parameters are `inputs` values of the operand stack.
    fn number(&self, inputs: usize, argument: Argument) -> Option<u32> {
        let at = self.arguments.iter().position(|(known, _)| *known == argument)?;
        // A module's locals have 32 bits.
        Some((inputs + at) as u32)
    }

    fn call_size(&self, pattern: &Pattern, run: &Run) -> usize {
        let shifts = self.shifts.iter().zip(&run.shifts).map(|(common, shift)| match common {
            None => 2 + shift_size(*shift),
            Some(_) => 2,
        });
        let constants = self.classes.iter().map(|class| run.constants[class.base].size());
        let rest = 2 + if run.out.is_some() { 2 } else { 0 } + usize::from(pattern.diverges);
        shifts.chain(constants).sum::<usize>() + rest
    }
}

/// The bytes that a function for these runs saves, if they are worth it.
fn worth(group: &Group, runs: &[usize], limits: &Limits) -> Option<isize> {
    let Group { pattern, .. } = group;
    if runs.len() < 2 {
        return None;
    }
    let differing = Differing::of(group, runs);
    let params = pattern.shape.params.len() + pattern.inputs.len() + differing.classes.len();
    if differing.classes.len() > limits.constants || params > MOST_PARAMS {
        return None;
    }
    let types: BTreeSet<_> = pattern.types.iter().collect();
    let mut first = group.runs[runs[0]].size;
    for (at, constant) in group.runs[runs[0]].constants.iter().enumerate() {
        if let Some(ops) = differing.constant(pattern, at) {
            first = first - constant.size() + ops.iter().map(Op::size).sum::<usize>();
        }
    }
    // The function's type, size and end, its locals, the values from the stack, and the result that is a local.
    let body =
        first + 6 + 2 * (types.len() / 2) + 2 * pattern.inputs.len() + if pattern.shape.out.is_some() { 2 } else { 0 };
    let (mut before, mut after) = (0, body);
    for run in runs {
        let run = &group.runs[*run];
        before += run.size;
        after += differing.call_size(pattern, run);
    }
    // Sizes of a module, which has 32 bits.
    let gain = before as isize - after as isize;
    (gain >= limits.gain).then_some(gain)
}

/// Appends the function for some runs of a group, and gives its number.
fn push_function(module: &mut Module, group: &Group, runs: &[usize], differing: &Differing) -> Result<u32, Error> {
    let Pattern { ops, types, inputs, shape, diverges, addresses, .. } = &group.pattern;
    let first = &group.runs[runs[0]];
    let mut params = inputs.clone();
    params.extend(differing.arguments.iter().map(|(_, ty)| *ty));
    // Numbers of locals in the new function. A module's locals have 32 bits.
    let mut numbers = vec![0; types.len()];
    for (at, param) in shape.params.iter().enumerate() {
        numbers[*param] = differing.number(inputs.len(), Argument::Local(at)).unwrap_or_default();
    }
    let mut others: Vec<usize> = (0..types.len()).filter(|local| !shape.params.contains(local)).collect();
    others.sort_by_key(|local| types[*local]);
    others.iter().enumerate().for_each(|(at, local)| numbers[*local] = (params.len() + at) as u32);

    let mut body: Vec<Op> = (0..inputs.len() as u32).map(Op::LocalGet).collect();
    let mut constants = first.constants.iter().enumerate();
    // A shift that all runs have goes back into the offsets.
    let shifts = |at: usize| {
        let param = addresses.iter().find(|(place, _)| *place == at).map(|(_, param)| *param);
        param.and_then(|param| differing.shifts[param]).unwrap_or_default()
    };
    for (at, op) in ops.iter().enumerate() {
        if matches!(op, Op::I32Const(_) | Op::I64Const(_)) {
            // There are as many constants as there are instructions for them.
            if let Some((place, constant)) = constants.next() {
                body.extend(differing.constant(&group.pattern, place).unwrap_or_else(|| vec![constant.clone()]));
            }
            continue;
        }
        body.push(match op {
            Op::LocalGet(local) => Op::LocalGet(numbers[*local as usize]),
            Op::LocalSet(local) => Op::LocalSet(numbers[*local as usize]),
            Op::LocalTee(local) => Op::LocalTee(numbers[*local as usize]),
            // The first sum is an offset that was there before, the second one was looked at.
            Op::Memory { code, align, offset } => {
                let offset = offset.wrapping_add(shifts(at)).wrapping_add(differing.moved(&group.pattern, at));
                Op::Memory { code: *code, align: *align, offset }
            }
            op => op.clone(),
        });
    }
    body.extend(shape.out.map(|out| Op::LocalGet(numbers[out])));
    body.push(Op::End);
    let result = if *diverges { None } else { shape.out.map(|out| types[out]).or(shape.result) };
    let others: Vec<Ty> = others.iter().map(|local| types[*local]).collect();
    module.push(FuncType { params, result }, &others, body)
}

/// The call that takes the place of a run.
fn call(pattern: &Pattern, run: &Run, differing: &Differing, function: u32) -> Vec<Op> {
    let mut ops = Vec::new();
    for (argument, _) in &differing.arguments {
        match *argument {
            Argument::Class(class) => ops.push(run.constants[differing.classes[class].base].clone()),
            Argument::Local(at) => {
                ops.push(Op::LocalGet(run.params[at]));
                let shift = run.shifts[at];
                if differing.shifts[at].is_none() && shift > 0 {
                    // Below 2^31, as the pass requires.
                    ops.extend([Op::I32Const(shift as i32), Op::Plain(code::I32_ADD)]);
                }
            }
        }
    }
    ops.push(Op::Call(function));
    ops.extend(run.out.map(Op::LocalSet));
    if pattern.diverges {
        ops.push(Op::Unreachable);
    }
    ops
}
