//! What the registry costs, held against the least that its question can cost on this chain. Weights are the same on every
//! machine; `cargo test --test registry figures -- --nocapture` prints them.

use patronage::{bundle, suite};
use patronage_chain::Width;
use patronage_interfaces::registry::ContentRegistry;
use test_kit::{
    access::{any_of, holds, subscribed},
    tier_terms, token_terms, vault_terms, World, UNIT,
};

/// Loading a byte of code, reading a record, and calling a contract: ref_time in ps of pallet-contracts 31. A call is charged
/// for as two reads and two writes and the work of the chain (`seal_call`), whatever the callee does.
const LOAD: u64 = 33_471;
const READ: u64 = 30_200_000;
const CALL: u64 = 250_370_283 + 2 * 25_000_000 + 2 * 100_000_000;

/// What a question about one token and one vault has to read: the registry's entry, the token's balance, and the vault's
/// record of the fan.
const READS: u64 = 3;

#[test]
fn a_question_costs_no_more_than_this() {
    let size = |name| bundle::code(name).expect("the bundle is built").len() as u64;
    let code = size("content_registry");
    println!("code: {code} bytes");
    assert!(code <= 9_300, "{code} bytes");

    let mut world = World::default();
    let ana = world.ana;
    let token = world.token(&token_terms());
    let vault = world.vault(&vault_terms(vec![tier_terms(UNIT, 1)], &[]));
    let registry = world.registry_for(Some(vault));
    let id = world.publish(registry, any_of(&[&[holds(token, 1), subscribed(vault, 1)]]));
    world.buy_tokens(ana, token, 1);
    world.subscribe(ana, vault, 0, 0);

    let bare = (code + size("creator_token") + size("patronage_vault")) * LOAD + READS * READ;
    let floor = bare + 2 * CALL;
    let has_access = world.call(ana, 0, suite::registry(registry).has_access(id, ana));
    assert!(has_access.value);
    let check = world.call(ana, 0, suite::registry(registry).check(id, ana));
    assert!(check.value.is_ok_and(|access| access.is_granted()));
    let percent = |name: &str, cost: u64| {
        println!("{name:<34} {cost:>13}  {:.3}", cost as f64 / floor as f64);
        (cost * 100).div_ceil(floor)
    };
    percent("three codes, three records", bare);
    percent("floor: these, and two calls", floor);
    assert!(percent("has_access, of the floor", has_access.weight.ref_time()) <= 105);
    // Is in the cold code, and calls its own code for each of the two, which loads it once more.
    let cold = bundle::codes_for("content_registry", Width::U128)
        .expect("the bundle is built")
        .cold
        .map_or(0, |cold| cold.len() as u64);
    let apart = floor + CALL + cold * LOAD + 2 * (CALL + code * LOAD);
    assert!(check.weight.ref_time() <= apart + apart / 10);
    percent("check, of the floor", check.weight.ref_time());
}
