//! Which locals a function still reads, at each instruction.

use crate::module::{matching, Function};
use crate::op::Op;

/// For each instruction, the locals whose values at that point may be read later.
pub struct Liveness {
    words: usize,
    live: Vec<u64>,
}

impl Liveness {
    /// Finds the live locals of a function.
    pub fn of(function: &Function) -> Self {
        let body = &function.body;
        let words = function.locals.len().div_ceil(64);
        // One more, for what follows the last instruction: nothing is live there.
        let mut liveness = Self { words, live: vec![0; words * (body.len() + 1)] };
        let next = successors(body);
        loop {
            let mut changed = false;
            for at in (0..body.len()).rev() {
                changed |= liveness.update(at, &body[at], &next[at]);
            }
            if !changed {
                return liveness;
            }
        }
    }

    /// Whether the value of `local` before the instruction `at` may be read later.
    pub fn before(&self, at: usize, local: u32) -> bool {
        let local = local as usize;
        self.live[at * self.words + local / 64] >> (local % 64) & 1 == 1
    }

    fn update(&mut self, at: usize, op: &Op, next: &[usize]) -> bool {
        let mut changed = false;
        for word in 0..self.words {
            let mut live = next.iter().fold(0, |live, next| live | self.live[next * self.words + word]);
            match op {
                Op::LocalGet(local) if *local as usize / 64 == word => live |= 1 << (local % 64),
                Op::LocalSet(local) | Op::LocalTee(local) if *local as usize / 64 == word => {
                    live &= !(1 << (local % 64))
                }
                _ => {}
            }
            let slot = &mut self.live[at * self.words + word];
            changed |= *slot != live;
            *slot = live;
        }
        changed
    }
}

/// The instructions that may follow each instruction. The end of the body stands for the return to the caller.
fn successors(body: &[Op]) -> Vec<Vec<usize>> {
    let matches = matching(body);
    let end_of = |begin: usize| matches[begin].unwrap_or(body.len());
    let mut alternatives = vec![None; body.len()];
    let mut open: Vec<usize> = Vec::new();
    for (at, op) in body.iter().enumerate() {
        match op {
            Op::Else => alternatives[open.last().copied().unwrap_or_default()] = Some(at),
            Op::End => {
                open.pop();
            }
            op if op.opens() => open.push(at),
            _ => {}
        }
    }
    let mut open: Vec<usize> = Vec::new();
    let mut all = Vec::with_capacity(body.len());
    for (at, op) in body.iter().enumerate() {
        let target = |label: u32| match open.len().checked_sub(1 + label as usize) {
            Some(index) if matches!(body[open[index]], Op::Loop(_)) => open[index],
            Some(index) => end_of(open[index]),
            None => body.len(),
        };
        let mut next: Vec<usize> = op.labels().iter().map(|label| target(*label)).collect();
        match op {
            Op::If(_) => next.extend([at + 1, alternatives[at].map_or(end_of(at), |at| at + 1)]),
            // Reached from the end of the branch before it.
            Op::Else => next.extend(open.last().map(|begin| end_of(*begin))),
            op if op.diverts() => {}
            _ => next.push(at + 1),
        }
        all.push(next);
        if op.opens() {
            open.push(at);
        } else if *op == Op::End {
            open.pop();
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::module::Module;

    fn liveness(code: &str) -> (Function, Liveness) {
        let module = Module::read(&wat::parse_str(format!("(module {code})")).unwrap()).unwrap();
        let function = module.functions[0].clone();
        let liveness = Liveness::of(&function);
        (function, liveness)
    }

    #[test]
    fn a_loop_keeps_alive_what_its_next_round_reads() {
        let (function, live) = liveness(
            "(func (param $n i32) (local $x i32)
                (local.set $x (i32.const 1))
                (loop
                    (drop (local.get $x))
                    (local.set $x (i32.const 2))
                    (br_if 0 (local.get $n))))",
        );
        let set = function.body.iter().rposition(|op| matches!(op, Op::LocalSet(1))).unwrap();
        assert!(!live.before(set, 1), "it is overwritten");
        assert!(live.before(set + 1, 1), "the next round reads it");
        assert!(live.before(set, 0) && live.before(0, 0));
        assert!(!live.before(function.body.len() - 1, 0));
    }

    #[test]
    fn an_if_without_else_leaves_the_value_from_before() {
        let (function, live) = liveness(
            "(func (param $c i32) (result i32) (local $x i32)
                (local.set $x (i32.const 1))
                (if (local.get $c) (then (local.set $x (i32.const 2))))
                (local.get $x))",
        );
        let first = function.body.iter().position(|op| matches!(op, Op::LocalSet(1))).unwrap();
        assert!(live.before(first + 1, 1));
        let second = function.body.iter().rposition(|op| matches!(op, Op::LocalSet(1))).unwrap();
        assert!(!live.before(second, 1) && live.before(second + 1, 1));
    }

    #[test]
    fn branches_carry_liveness_to_their_label() {
        let (function, live) = liveness(
            "(func (param $c i32) (param $x i32) (result i32)
                (block (block (br_table 0 1 (local.get $c))) (return (i32.const 0)))
                (local.get $x))",
        );
        assert!(live.before(0, 1));
        let leave = function.body.iter().position(|op| *op == Op::Return).unwrap();
        assert!(!live.before(leave, 1));
    }
}
