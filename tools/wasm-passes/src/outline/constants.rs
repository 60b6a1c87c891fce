//! Which constants of equal runs differ, and which of them differ together.
//!
//! Frames with fixed addresses make most constants addresses of one frame. Two runs that work on two frames differ in many
//! constants, but all by the same amount. So constants whose difference is the same in all runs are one class. The function gets one
//! argument for a class, its smallest constant, and adds the differences itself.

use std::collections::{BTreeMap, BTreeSet};

use crate::op::Op;
use crate::outline::find::Run;

/// Constants of a class are from zero to below this, so that neither their differences nor the sums of an address with an offset
/// get beyond their types.
const BOUND: i32 = 1 << 30;
/// How many runs are compared with each other. More would take long and find the same.
const COMPARED: usize = 48;

/// Constants that are one argument.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Class {
    /// The place of the smallest constant among those of a run, which is the argument.
    pub base: usize,
    /// The places of all, each with what has to be added.
    pub members: Vec<(usize, u32)>,
}

/// For each constant the number of its class; 0 if it does not differ.
type Labels = Vec<usize>;

/// The constant, where it can be one of several in a class.
fn linkable(op: &Op) -> Option<i32> {
    match op {
        Op::I32Const(value) if (0..BOUND).contains(value) => Some(*value),
        _ => None,
    }
}

/// The classes of the constants that differ between these runs, by their first places.
pub fn classes(runs: &[&Run]) -> Vec<Class> {
    let Some((first, others)) = runs.split_first() else { return Vec::new() };
    let mut linked: BTreeMap<Vec<i32>, usize> = BTreeMap::new();
    let mut classes: Vec<Vec<usize>> = Vec::new();
    for (at, constant) in first.constants.iter().enumerate() {
        if others.iter().all(|run| run.constants[at] == *constant) {
            continue;
        }
        // By how much it differs in each run. Both are below the bound.
        let differences: Option<Vec<i32>> = linkable(constant).and_then(|value| {
            others.iter().map(|run| linkable(&run.constants[at]).map(|other| other - value)).collect()
        });
        let next = classes.len();
        match differences.map(|differences| *linked.entry(differences).or_insert(next)).filter(|class| *class < next) {
            Some(class) => classes[class].push(at),
            None => classes.push(vec![at]),
        }
    }
    classes.into_iter().map(|members| class(&first.constants, &members)).collect()
}

fn class(constants: &[Op], members: &[usize]) -> Class {
    let value = |at: usize| linkable(&constants[at]).unwrap_or_default();
    let base = members.iter().copied().min_by_key(|at| value(*at)).unwrap_or_default();
    // No member is below the smallest.
    let members = members.iter().map(|at| (*at, value(*at).abs_diff(value(base)))).collect();
    Class { base, members }
}

/// Sets of runs whose constants differ in at most `most` classes.
pub fn alike(runs: &[Run], most: usize) -> BTreeSet<Vec<usize>> {
    let count = runs.first().map_or(0, |run| run.constants.len());
    let mut found: BTreeSet<Labels> = BTreeSet::from([vec![0; count]]);
    let compared = &runs[..runs.len().min(COMPARED)];
    // What differs between any two, and what is still linked in all of them.
    let mut all: Labels = vec![0; count];
    for (index, a) in compared.iter().enumerate() {
        for b in &compared[index + 1..] {
            let labels = labels(a, b);
            if labels.iter().max().is_none_or(|classes| *classes <= most) {
                all = refined(&all, &labels);
                found.insert(labels);
            }
        }
    }
    if all.iter().max().is_none_or(|classes| *classes <= most) {
        found.insert(all);
    }
    let mut sets = BTreeSet::new();
    for labels in found {
        let mut same: BTreeMap<Vec<&Op>, BTreeMap<Vec<i32>, Vec<usize>>> = BTreeMap::new();
        for (index, run) in runs.iter().enumerate() {
            let Some((fixed, differences)) = key(run, &labels) else { continue };
            same.entry(fixed).or_default().entry(differences).or_default().push(index);
        }
        sets.extend(same.into_values().flat_map(BTreeMap::into_values).filter(|runs| runs.len() > 1));
    }
    sets
}

/// The classes of what differs between two runs, numbered from 1.
fn labels(a: &Run, b: &Run) -> Labels {
    let mut linked: BTreeMap<i32, usize> = BTreeMap::new();
    let mut classes = 0;
    let pairs = a.constants.iter().zip(&b.constants);
    pairs
        .map(|(a, b)| {
            if a == b {
                return 0;
            }
            let label = match linkable(a).zip(linkable(b)) {
                Some((a, b)) => *linked.entry(b - a).or_insert(classes + 1),
                None => classes + 1,
            };
            classes = classes.max(label);
            label
        })
        .collect()
}

/// Labels by which two constants are in a class only if both of the given ones say so.
fn refined(a: &Labels, b: &Labels) -> Labels {
    let mut numbers = BTreeMap::from([((0, 0), 0)]);
    a.iter()
        .zip(b)
        .map(|(a, b)| {
            let next = numbers.len();
            *numbers.entry((*a, *b)).or_insert(next)
        })
        .collect()
}

/// What runs that are alike by these labels have in common: the constants that do not differ, and in each class the differences from
/// its first constant. `None` if a class has several constants and one of them can't be.
fn key<'a>(run: &'a Run, labels: &Labels) -> Option<(Vec<&'a Op>, Vec<i32>)> {
    let mut fixed = Vec::new();
    let mut differences = Vec::new();
    let mut firsts: BTreeMap<usize, &Op> = BTreeMap::new();
    for (constant, label) in run.constants.iter().zip(labels) {
        if *label == 0 {
            fixed.push(constant);
        } else if let Some(first) = firsts.get(label) {
            differences.push(linkable(constant)? - linkable(first)?);
        } else {
            firsts.insert(*label, constant);
        }
    }
    Some((fixed, differences))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(constants: &[i32]) -> Run {
        Run {
            function: 0,
            start: 0,
            end: 0,
            size: 0,
            params: Vec::new(),
            shifts: Vec::new(),
            constants: constants.iter().map(|value| Op::I32Const(*value)).collect(),
            out: None,
        }
    }

    #[test]
    fn constants_that_differ_by_the_same_are_one_class() {
        let runs = [run(&[24, 5, 16, 7]), run(&[124, 5, 116, 9]), run(&[44, 5, 36, 7])];
        let classes = classes(&runs.iter().collect::<Vec<_>>());
        assert_eq!(classes.len(), 2);
        assert_eq!(classes[0], Class { base: 2, members: vec![(0, 8), (2, 0)] });
        assert_eq!(classes[1], Class { base: 3, members: vec![(3, 0)] });
        let sets = alike(&runs, 1);
        assert!(sets.contains(&vec![0, 2]) && !sets.contains(&vec![0, 1, 2]), "{sets:?}");
        assert!(alike(&runs, 2).contains(&vec![0, 1, 2]));
    }

    #[test]
    fn what_is_no_address_is_a_class_of_its_own() {
        for other in [-1, BOUND] {
            let runs = [run(&[8, 16]), run(&[other, other.wrapping_add(8)])];
            assert_eq!(classes(&runs.iter().collect::<Vec<_>>()).len(), 2, "{other}");
            assert!(alike(&runs, 1).is_empty(), "{other}");
        }
    }
}
