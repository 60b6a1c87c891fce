//! The cold code on the chain: missing, locked, removed and restored.

use ink::selector_bytes as selector;
use patronage_chain::Chain;
use test_kit::TestEnv;

use crate::{
    forms::{answer, codes, hash, input, instantiate, send, upload, Form},
    probe::{count_of, probe, PROBE},
};

#[test]
fn no_contract_is_instantiated_while_the_cold_code_is_missing() {
    let mut env = TestEnv::default();
    let creator = env.creator;
    let built = codes(Form::Split, PROBE);
    let new = input(selector!("new"), 5u64);
    assert!(instantiate(&mut env, &built.code, 0, &new).is_err());
    upload(&mut env, creator, &built.cold.expect("it is split")).expect("it is taken");
    assert!(instantiate(&mut env, &built.code, 0, &new).expect("it answers").contract.is_some());
}

#[test]
fn the_chain_keeps_the_cold_code_while_a_contract_needs_it() {
    let mut env = TestEnv::default();
    let creator = env.creator;
    let cold = codes(Form::Split, PROBE).cold.expect("it is split");
    upload(&mut env, creator, &cold).expect("it is taken");
    // No contract depends on it yet.
    env.chain.remove_code(&creator, &hash(&cold)).expect("it is the creator's");
    assert!(!env.chain.has_code(&hash(&cold)).expect("the chain tells"));
    let probe = probe(&mut env, Form::Split, 5);
    let error = env.chain.remove_code(&creator, &hash(&cold)).expect_err("a contract needs it");
    assert!(error.to_string().contains("CodeInUse"), "{error}");
    assert_eq!(count_of(&mut env, probe), 5);
}

#[test]
fn uploading_the_cold_code_again_changes_and_costs_nothing() {
    let mut env = TestEnv::default();
    let (ana, ben) = (env.ana, env.ben);
    let cold = codes(Form::Split, PROBE).cold.expect("it is split");
    let first = upload(&mut env, ana, &cold).expect("it is taken");
    assert!(first.deposit > 0);
    let before = env.balance(ben);
    let again = upload(&mut env, ben, &cold).expect("it is there");
    assert_eq!(again.deposit, 0);
    assert_eq!(env.balance(ben), before);
}

#[test]
fn hot_messages_work_without_the_cold_code() {
    let mut env = TestEnv::default();
    let (creator, ana) = (env.creator, env.ana);
    let probe = probe(&mut env, Form::Split, 5);
    let cold = codes(Form::Split, PROBE).cold.expect("it is split");
    // No transaction can remove it while it is locked as a dependency.
    env.chain.forget_code(&hash(&cold));
    let raise = input(selector!("Counter::raise"), 1u64);
    assert!(send(&mut env, ana, probe, 3, &raise).is_err());
    assert_eq!(count_of(&mut env, probe), 5);
    // Anyone can upload it again, and no other code takes its place.
    upload(&mut env, creator, &cold).expect("it is taken");
    assert_eq!(answer::<u64>(&send(&mut env, ana, probe, 3, &raise).expect("it answers")), 6);
}
