//! What the vault costs, held against what it cost when this was written. Weights are the same on every machine;
//! `cargo test --test vault figures -- --nocapture` prints them.

use patronage::bundle;

use super::*;

/// The weight of a call in ps of ref_time, printed with its name. It may be at most `most` million.
fn hold<R>(name: &str, receipt: &Receipt<R>, most: u64) {
    let weight = receipt.weight.ref_time();
    println!("{name:<32} {weight:>13} {:>9}", receipt.weight.proof_size());
    assert!(weight <= most * 1_000_000, "{name}: {weight}");
}

#[test]
fn a_call_costs_no_more_than_this() {
    let code = bundle::code("patronage_vault").expect("the bundle is built").len();
    println!("code: {code} bytes");
    assert!(code <= 15_300, "{code} bytes");

    let mut scene = Scene::default();
    let (ana, ben, creator, vault) = (scene.world.ana, scene.world.ben, scene.world.creator, scene.vault);
    hold("tip, the first of a fan", &scene.tip(ana, UNIT, b"thanks"), 1_170);
    hold("tip, another", &scene.tip(ana, UNIT, b"thanks"), 1_170);
    hold("subscribe", &scene.subscribe(ana, 0, PRICE), 1_690);
    hold("subscribe, a gift", &scene.gift(creator, ben, 0, PRICE), 1_690);
    hold("top_up", &scene.send(ana, PRICE, suite::vault(vault).top_up(ana, 0, 0, PRICE)), 1_600);
    hold("switch_tier", &scene.send(ana, 0, suite::vault(vault).switch_tier(1, 0, u128::MAX)), 3_250);
    scene.wait(DAY);
    hold("collect, a day", &scene.collect(0, 10), 1_320);
    hold("claim", &scene.claim(creator), 2_750);
    hold("cancel", &scene.cancel(ana), 2_250);
    hold("standing_of", &scene.world.call(ana, 0, suite::patronage(vault).standing_of(ben)), 600);
}
