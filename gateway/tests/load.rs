//! Many fans at once. `cargo test -p patronage-gateway --test load -- --ignored --nocapture` prints figures.

mod common;

use std::{
    collections::HashSet,
    sync::{Arc, Barrier},
    time::{Duration, Instant},
};

use common::{Fan, GatewayFixture};

/// How long unlocking took.
struct Load {
    /// Until all were done.
    all: Duration,
    /// Each, from the least to the most.
    times: Vec<Duration>,
}

/// Lets `fans` open content 0 with `threads` at a time.
///
/// Nothing may be lost: every fan gets the key, the registry is asked once about each fan and about nobody else.
fn run(fixture: &GatewayFixture, fans: &[Fan], threads: usize) -> Load {
    let asked_before = fixture.registry.asked();
    let counts: Vec<_> = fans.iter().map(|fan| fixture.registry.asked_about(&fan.account())).collect();
    let barrier = Arc::new(Barrier::new(threads));
    let begin = Instant::now();
    let workers: Vec<_> = (0..threads)
        .map(|worker| {
            let jobs: Vec<_> = fans
                .iter()
                .skip(worker)
                .step_by(threads)
                .map(|fan| (fan.clone(), fixture.unlock_request(0, fan)))
                .collect();
            let (client, barrier) = (fixture.client(), barrier.clone());
            let job = move || {
                barrier.wait();
                jobs.into_iter()
                    .map(|(fan, request)| {
                        let begin = Instant::now();
                        let key = client.key(&request, fan.signer()).unwrap();
                        assert_eq!(key.public().unwrap().to_bytes(), request.info.public_key);
                        (fan.account(), begin.elapsed())
                    })
                    .collect::<Vec<_>>()
            };
            std::thread::Builder::new().stack_size(1 << 20).spawn(job).unwrap()
        })
        .collect();
    let done: Vec<_> = workers.into_iter().flat_map(|worker| worker.join().unwrap()).collect();
    let all = begin.elapsed();

    let served: HashSet<_> = done.iter().map(|(account, _)| *account).collect();
    let lost = fans.iter().filter(|fan| !served.contains(&fan.account())).count();
    assert_eq!(lost, 0, "fans without a key");
    assert_eq!(done.len(), fans.len(), "no fan is served twice");
    for (fan, before) in fans.iter().zip(counts) {
        assert_eq!(fixture.registry.asked_about(&fan.account()), before + 1, "the chain is asked once about each fan");
    }
    assert_eq!(fixture.registry.asked(), asked_before + fans.len(), "the chain is asked about nobody else");
    let mut times: Vec<_> = done.into_iter().map(|(_, time)| time).collect();
    times.sort();
    Load { all, times }
}

fn fans(fixture: &GatewayFixture, count: usize) -> Vec<Fan> {
    (0..count)
        .map(|number| {
            let mut seed = [1; 32];
            seed[..8].copy_from_slice(&(number as u64).to_le_bytes());
            let secret = schnorrkel::MiniSecretKey::from_bytes(&seed).unwrap();
            let pair = secret.expand_to_keypair(schnorrkel::ExpansionMode::Ed25519);
            let fan = Fan::Sr25519(Box::new(pair));
            fixture.registry.grant(0, fan.account());
            fan
        })
        .collect()
}

#[test]
fn of_a_thousand_concurrent_unlocks_none_is_lost() {
    let fixture = GatewayFixture::new();
    fixture.publish(0, b"words");
    run(&fixture, &fans(&fixture, 1000), 1000);
}

#[test]
#[ignore = "prints figures, takes a minute"]
fn figures() {
    let fixture = GatewayFixture::new();
    fixture.publish(0, b"words");
    for (count, threads) in [(200, 1), (1000, 16), (1000, 256), (1000, 1000)] {
        let Load { all, times } = run(&fixture, &fans(&fixture, count), threads);
        let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize].as_millis();
        println!(
            "{count} unlocks, {threads} at a time: {:.0} a second; half within {} ms, 99 of 100 within {} ms, all within {} ms",
            count as f64 / all.as_secs_f64(),
            at(0.5),
            at(0.99),
            at(1.0)
        );
    }
}
