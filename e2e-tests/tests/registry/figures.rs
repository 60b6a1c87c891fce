//! The weight of the registry, compared with the least weight of its question on this chain. Weights are equal on every
//! machine. `cargo test --test registry figures -- --nocapture` prints them.

use patronage::{bundle, contracts};
use patronage_chain::Width;
use patronage_interfaces::registry::ContentRegistry;
use test_kit::{
    access::{any_of, holds, subscribed},
    tier_terms, token_terms, vault_terms, TestEnv, UNIT,
};

/// Weights of loading a byte of code, reading a record and calling a contract: ref_time in ps of pallet-contracts 31. A
/// call is charged as two reads, two writes and the chain's work (`seal_call`), whatever the callee does.
const LOAD: u64 = 33_471;
const READ: u64 = 30_200_000;
const CALL: u64 = 250_370_283 + 2 * 25_000_000 + 2 * 100_000_000;

/// Reads of a question about one token and one vault: the registry's entry, the token's balance, and the vault's record
/// of the fan.
const READS: u64 = 3;

#[test]
fn a_question_stays_within_its_weight() {
    let size = |name| bundle::code(name).expect("the bundle is built").len() as u64;
    let code = size("content_registry");
    println!("code: {code} bytes");
    assert!(code <= 9_300, "{code} bytes");

    let mut env = TestEnv::default();
    let ana = env.ana;
    let token = env.token(&token_terms());
    let vault = env.vault(&vault_terms(vec![tier_terms(UNIT, 1)], &[]));
    let registry = env.registry_for(Some(vault));
    let id = env.publish(registry, any_of(&[&[holds(token, 1), subscribed(vault, 1)]]));
    env.buy_tokens(ana, token, 1);
    env.subscribe(ana, vault, 0, 0);

    let bare = (code + size("creator_token") + size("patronage_vault")) * LOAD + READS * READ;
    let least = bare + 2 * CALL;
    let has_access = env.call(ana, 0, contracts::registry(registry).has_access(id, ana));
    assert!(has_access.value);
    let check = env.call(ana, 0, contracts::registry(registry).check(id, ana));
    assert!(check.value.is_ok_and(|access| access.is_granted()));
    let percent = |name: &str, cost: u64| {
        println!("{name:<34} {cost:>13}  {:.3}", cost as f64 / least as f64);
        (cost * 100).div_ceil(least)
    };
    percent("three codes, three records", bare);
    percent("least: the reads, and two calls", least);
    assert!(percent("has_access, of the least", has_access.weight.ref_time()) <= 105);
    // Is in the cold code, and calls its own code for each of the two, which loads it once more.
    let cold = bundle::codes_for("content_registry", Width::U128)
        .expect("the bundle is built")
        .cold
        .map_or(0, |cold| cold.len() as u64);
    let isolated = least + CALL + cold * LOAD + 2 * (CALL + code * LOAD);
    assert!(check.weight.ref_time() <= isolated + isolated / 10);
    percent("check, of the least", check.weight.ref_time());
}
