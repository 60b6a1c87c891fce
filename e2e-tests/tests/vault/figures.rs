//! The weight of the vault, compared with recorded weights. Weights are equal on every machine. `cargo test --test
//! vault figures -- --nocapture` prints them.

use patronage::bundle;

use super::*;

/// Prints the ref_time of a call, and asserts that it is at most `most` millions of ps.
fn hold<R>(name: &str, receipt: &Receipt<R>, most: u64) {
    let weight = receipt.weight.ref_time();
    println!("{name:<32} {weight:>13} {:>9}", receipt.weight.proof_size());
    assert!(weight <= most * 1_000_000, "{name}: {weight}");
}

#[test]
fn a_call_stays_within_its_weight() {
    let code = bundle::code("patronage_vault").expect("the bundle is built").len();
    println!("code: {code} bytes");
    assert!(code <= 15_300, "{code} bytes");

    let mut fixture = VaultFixture::default();
    let (ana, ben, creator, vault) = (fixture.env.ana, fixture.env.ben, fixture.env.creator, fixture.vault);
    hold("tip, the first of a fan", &fixture.tip(ana, UNIT, b"thanks"), 1_170);
    hold("tip, another", &fixture.tip(ana, UNIT, b"thanks"), 1_170);
    hold("subscribe", &fixture.subscribe(ana, 0, PRICE), 1_690);
    hold("subscribe, a gift", &fixture.gift(creator, ben, 0, PRICE), 1_690);
    hold("top_up", &fixture.send(ana, PRICE, contracts::vault(vault).top_up(ana, 0, 0, PRICE)), 1_600);
    hold("switch_tier", &fixture.send(ana, 0, contracts::vault(vault).switch_tier(1, 0, u128::MAX)), 3_250);
    fixture.wait(DAY);
    hold("collect, a day", &fixture.collect(0, 10), 1_320);
    hold("claim", &fixture.claim(creator), 2_750);
    hold("cancel", &fixture.cancel(ana), 2_250);
    hold("standing_of", &fixture.env.call(ana, 0, contracts::patronage(vault).standing_of(ben)), 600);
}
