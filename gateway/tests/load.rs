//! Many fans at once. `cargo test -p patronage-gateway --test load -- --ignored --nocapture` prints figures.

mod common;

use std::{
    sync::{Arc, Barrier},
    time::{Duration, Instant},
};

use common::{Fan, House};

/// Lets `fans` open content 0, `threads` at a time. Returns the times in ascending order.
fn run(house: &House, fans: Vec<Fan>, threads: usize) -> (Duration, Vec<Duration>) {
    let barrier = Arc::new(Barrier::new(threads));
    let begin = Instant::now();
    let workers: Vec<_> = (0..threads)
        .map(|worker| {
            let jobs: Vec<_> = fans
                .iter()
                .skip(worker)
                .step_by(threads)
                .map(|fan| (fan.clone(), house.unlock_request(0, fan)))
                .collect();
            let (client, barrier) = (house.client(), barrier.clone());
            let job = move || {
                barrier.wait();
                jobs.into_iter()
                    .map(|(fan, request)| {
                        let begin = Instant::now();
                        let key = client.key(&request, fan.signer()).unwrap();
                        assert_eq!(key.public().unwrap().to_bytes(), request.info.public_key);
                        begin.elapsed()
                    })
                    .collect::<Vec<_>>()
            };
            std::thread::Builder::new().stack_size(1 << 20).spawn(job).unwrap()
        })
        .collect();
    let mut times: Vec<_> = workers.into_iter().flat_map(|worker| worker.join().unwrap()).collect();
    let all = begin.elapsed();
    times.sort();
    (all, times)
}

fn fans(house: &House, count: usize) -> Vec<Fan> {
    (0..count)
        .map(|number| {
            let mut seed = [1; 32];
            seed[..8].copy_from_slice(&(number as u64).to_le_bytes());
            let secret = schnorrkel::MiniSecretKey::from_bytes(&seed).unwrap();
            let pair = secret.expand_to_keypair(schnorrkel::ExpansionMode::Ed25519);
            let fan = Fan::Sr25519(Box::new(pair));
            house.registry.grant(0, fan.account());
            fan
        })
        .collect()
}

#[test]
fn of_a_thousand_concurrent_unlocks_none_is_lost() {
    let house = House::new();
    house.publish(0, b"words");
    let fans = fans(&house, 1000);
    let (_, times) = run(&house, fans, 1000);
    assert_eq!(times.len(), 1000);
    assert_eq!(house.registry.asked(), 1000, "the chain is asked once for each");
}

#[test]
#[ignore = "prints figures, takes a minute"]
fn figures() {
    let house = House::new();
    house.publish(0, b"words");
    for (count, threads) in [(200, 1), (1000, 16), (1000, 256), (1000, 1000)] {
        let (all, times) = run(&house, fans(&house, count), threads);
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
