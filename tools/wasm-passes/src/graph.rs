//! Which functions call which.

use crate::module::Module;
use crate::op::Op;

/// The calls of a module whose functions cannot call themselves.
pub struct Calls {
    /// All functions, each after those that call it.
    pub order: Vec<usize>,
    callees: Vec<Vec<usize>>,
}

impl Calls {
    /// Lists the calls between the module's own functions.
    ///
    /// # Errors
    ///
    /// If a function can call itself, directly, through others or through the table, or if the host could put other functions
    /// into the table.
    pub fn of(module: &Module) -> Result<Self, String> {
        let indirect = |op: &Op| matches!(op, Op::CallIndirect(_));
        if module.table_shared && module.functions.iter().any(|function| function.body.iter().any(indirect)) {
            return Err("the host sees the table of indirect calls".into());
        }
        let callees: Vec<Vec<usize>> = module
            .functions
            .iter()
            .map(|function| {
                let mut callees: Vec<_> = function.body.iter().flat_map(|op| module.callees(op)).collect();
                callees.sort_unstable();
                callees.dedup();
                callees
            })
            .collect();
        Ok(Self { order: callers_first(&callees)?, callees })
    }

    /// The most functions that are active at the same time.
    pub fn depth(&self) -> usize {
        let mut depths = vec![1_usize; self.callees.len()];
        for caller in &self.order {
            for callee in &self.callees[*caller] {
                depths[*callee] = depths[*callee].max(depths[*caller].saturating_add(1));
            }
        }
        depths.into_iter().max().unwrap_or_default()
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Mark {
    New,
    Open,
    Done,
}

fn callers_first(callees: &[Vec<usize>]) -> Result<Vec<usize>, String> {
    let mut marks = vec![Mark::New; callees.len()];
    let mut order = Vec::with_capacity(callees.len());
    for root in 0..callees.len() {
        // A stack of its own, as chains of calls may be long.
        let mut path = vec![(root, 0)];
        while let Some((function, next)) = path.pop() {
            if next == 0 {
                match marks[function] {
                    Mark::Done => continue,
                    Mark::Open => return Err(format!("function {function} can call itself")),
                    Mark::New => marks[function] = Mark::Open,
                }
            }
            match callees[function].get(next) {
                Some(callee) => path.extend([(function, next + 1), (*callee, 0)]),
                None => {
                    marks[function] = Mark::Done;
                    order.push(function);
                }
            }
        }
    }
    order.reverse();
    Ok(order)
}
