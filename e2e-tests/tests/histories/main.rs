//! Random histories of the whole suite: token, vault and registry, eight people, and three assets, one of which is hostile.
//!
//! `PATRONAGE_CALLS` sets the number of calls and `PATRONAGE_SEED` the seed. A run prints seed, calls and rate, and how often
//! each message succeeded and was refused. A counterexample is shrunk and printed as a test for `found.rs`.

mod access;
mod act;
mod books;
mod check;
mod found;
mod steps;
mod world;

use std::{cell::Cell, time::Instant};

use proptest::{
    prelude::*,
    test_runner::{Config, RngAlgorithm, TestError, TestRng, TestRunner},
};

use steps::{history, Step};
use world::{Tally, World};

/// Number of calls of a run that does not set `PATRONAGE_CALLS`.
const CALLS: u64 = 800;
/// Number of steps of a history.
const LENGTH: usize = 150;

fn number(name: &str, default: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

/// Plays a history. Panics where the contracts break a promise.
fn play(steps: &[Step]) -> Tally {
    let mut world = World::new();
    for step in steps {
        world.act(step);
    }
    world.check_all();
    world.everyone_leaves();
    world.tally
}

#[test]
fn no_history_of_the_suite_breaks_a_promise() {
    let (calls, seed) = (number("PATRONAGE_CALLS", CALLS), number("PATRONAGE_SEED", 20_260_101));
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    let config = Config {
        cases: u32::MAX,
        max_shrink_iters: 1_000,
        max_shrink_time: 30_000,
        failure_persistence: None,
        ..Config::default()
    };
    let mut runner = TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &bytes));
    let (total, started) = (Cell::new(Tally::default()), Instant::now());
    let mut histories = 0;
    while total_calls(&total) < calls {
        let tree = history(LENGTH).new_tree(&mut runner).expect("the strategy rejects nothing");
        let result = runner.run_one(tree, |steps| {
            let mut sum = total.take();
            sum.add(&play(&steps.0));
            total.set(sum);
            Ok(())
        });
        match result {
            Ok(_) => {}
            Err(TestError::Fail(reason, steps)) => {
                panic!("seed {seed}, history {histories}: {reason}\nAs a test for found.rs:\n{steps:?}")
            }
            Err(error) => panic!("{error}"),
        }
        histories += 1;
    }
    let (tally, seconds) = (total.take(), started.elapsed().as_secs_f64());
    let sent = tally.calls();
    println!(
        "seed {seed}: {sent} calls in {histories} histories, {seconds:.0} s, {:.0} calls a second",
        sent as f64 / seconds
    );
    println!("{tally}");
}

fn total_calls(total: &Cell<Tally>) -> u64 {
    let tally = total.take();
    let calls = tally.calls();
    total.set(tally);
    calls
}
