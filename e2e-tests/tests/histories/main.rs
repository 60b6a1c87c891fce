//! Random histories of the whole suite: token, vault and registry, eight people, and three assets, one of which is hostile.
//!
//! `PATRONAGE_CALLS` sets the number of calls and `PATRONAGE_SEED` the seed. Half of them are played on a chain with native balances of
//! 128 bits with this seed, half on one with 64 bits with the next seed, at the same time. A run prints seed, calls and rate, and how
//! often each message succeeded and was refused. A counterexample is shrunk and printed as a test for `found.rs`.

mod access;
mod act;
mod books;
mod check;
mod create;
mod found;
mod rights;
mod steps;
mod world;

use std::{
    panic::{catch_unwind, AssertUnwindSafe},
    time::{Duration, Instant},
};

use proptest::{
    strategy::{Strategy, ValueTree},
    test_runner::{Config, RngAlgorithm, TestRng, TestRunner},
};

use patronage_chain::Width;
use steps::{history, History, Step};
use world::{Tally, World};

/// Number of calls of a run that does not set `PATRONAGE_CALLS`.
const CALLS: u64 = 20_000;
/// Number of steps of a history. In longer ones so many days pass that settling them takes most of the time.
const LENGTH: usize = 120;

fn number(name: &str, default: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

/// Plays a history that begins at `start`. Panics where the contracts break a promise.
fn play(start: &mut World, steps: &[Step]) -> Tally {
    let mut world = start.fork();
    for step in steps {
        world.act(step);
    }
    world.check_all();
    world.everyone_leaves();
    world.tally
}

/// Whether `steps` break a promise.
fn breaks(start: &mut World, steps: &[Step]) -> bool {
    catch_unwind(AssertUnwindSafe(|| play(start, steps))).is_err()
}

/// Leaves out steps, first many and then one at a time, for as long as the rest still breaks a promise and there is time.
fn shrunk(begin: &mut World, mut steps: Vec<Step>, time: Duration) -> Vec<Step> {
    let started = Instant::now();
    let mut chunk = steps.len();
    while chunk > 0 {
        let mut end = steps.len();
        // From the end: what follows the broken promise goes first.
        while end > 0 && started.elapsed() < time {
            let start = end.saturating_sub(chunk);
            let rest = [&steps[..start], &steps[end..]].concat();
            if breaks(begin, &rest) {
                steps = rest;
            }
            end = start;
        }
        chunk /= 2;
    }
    steps
}

#[test]
fn no_history_breaks_a_promise_with_balances_of_128_bits() {
    campaign(Width::U128, 0);
}

#[test]
fn no_history_breaks_a_promise_with_balances_of_64_bits() {
    campaign(Width::U64, 1);
}

/// Plays half of the calls with the seed that is `further` than the first one.
fn campaign(width: Width, further: u64) {
    let (calls, seed) = (number("PATRONAGE_CALLS", CALLS) / 2, number("PATRONAGE_SEED", 20_260_101) + further);
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    let mut runner = TestRunner::new_with_rng(Config::default(), TestRng::from_seed(RngAlgorithm::ChaCha, &bytes));
    let mut start = World::new(width);
    let (mut tally, started, mut histories) = (Tally::default(), Instant::now(), 0);
    while tally.calls() < calls {
        let tree = history(LENGTH).new_tree(&mut runner).expect("the strategy rejects nothing");
        let History(steps) = tree.current();
        match catch_unwind(AssertUnwindSafe(|| play(&mut start, &steps))) {
            Ok(played) => tally.add(&played),
            Err(_) => {
                let steps = History(shrunk(&mut start, steps, Duration::from_secs(90)));
                panic!("{}, seed {seed}, history {histories}, as a test for found.rs:\n{steps:?}", width.name());
            }
        }
        histories += 1;
    }
    let (sent, seconds) = (tally.calls(), started.elapsed().as_secs_f64());
    let rate = sent as f64 / seconds;
    let width = width.name();
    println!("{width}, seed {seed}: {sent} calls in {histories} histories, {seconds:.0} s, {rate:.0} calls a second");
    println!("{tally}");
}
