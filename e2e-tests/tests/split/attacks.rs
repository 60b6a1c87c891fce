//! Attacks on a split contract: one code's duties cannot be reached from the other code, from outside, or through other
//! contracts.

use ink::{primitives::AccountId, scale::Encode, selector_bytes as selector};
use patronage_chain::{ChainError, Outcome};
use split_probe::ProbeError;
use test_kit::TestEnv;

use crate::{
    forms::{answer, codes, hash, input, instantiate, send, upload, Form, UNREADABLE},
    probe::{count_of, probe, PROBE},
};

const RICH: [u8; 4] = [0xFA, 0x7A, 0xDA, 0x7A];

fn failed() -> Vec<u8> {
    Ok::<Result<Vec<u8>, ProbeError>, ()>(Err(ProbeError::Failed)).encode()
}

fn constructors() -> [Vec<u8>; 2] {
    [input(selector!("new"), 1u64), input(RICH, 1u32)]
}

/// Owner of a probe.
fn owner_of(env: &mut TestEnv, probe: AccountId) -> AccountId {
    let ana = env.ana;
    answer(&send(env, ana, probe, 0, &selector!("owner")).expect("it answers"))
}

#[test]
fn the_constructor_of_an_existing_contract_cannot_be_called() {
    let mut env = TestEnv::default();
    let (creator, ana) = (env.creator, env.ana);
    let victim = probe(&mut env, Form::Split, 5);
    let attacker = probe(&mut env, Form::Split, 6);
    let before = env.chain.storage_of(&victim);
    for constructor in constructors() {
        let direct = send(&mut env, ana, victim, 0, &constructor).expect("it answers");
        assert!(direct.reverted);
        assert_eq!(&direct.output[..], UNREADABLE);
        // Through another contract, from either code.
        for through in ["hot_call", "cold_call"] {
            let through = if through == "hot_call" { selector!("hot_call") } else { selector!("cold_call") };
            let called = send(&mut env, ana, attacker, 0, &input(through, (victim, &constructor))).expect("it answers");
            assert!(called.reverted);
            assert_eq!(called.output, failed());
        }
        // Through the contract's own calls to itself, from either code.
        for through in [selector!("hot_isolated"), selector!("cold_isolated")] {
            let called = send(&mut env, ana, victim, 0, &input(through, &constructor)).expect("it answers");
            assert!(called.reverted);
            assert_eq!(called.output, failed());
        }
    }
    assert_eq!(env.chain.storage_of(&victim), before);
    assert_eq!(owner_of(&mut env, victim), creator);
}

#[test]
fn running_the_cold_code_as_own_code_changes_only_own_storage() {
    let mut env = TestEnv::default();
    let (creator, ana) = (env.creator, env.ana);
    let victim = probe(&mut env, Form::Split, 5);
    let attacker = probe(&mut env, Form::Split, 6);
    let before = env.chain.storage_of(&victim);
    let cold = hash(&codes(Form::Split, PROBE).cold.expect("it is split"));
    for constructor in constructors() {
        let run = input(selector!("run"), (cold, &constructor));
        let done = send(&mut env, ana, attacker, 0, &run).expect("it answers");
        assert!(!done.reverted);
    }
    assert_eq!(owner_of(&mut env, attacker), ana, "its own account took the caller for who makes it");
    assert_eq!(env.chain.storage_of(&victim), before);
    assert_eq!(owner_of(&mut env, victim), creator);
}

#[test]
fn no_contract_can_be_instantiated_from_the_cold_code() {
    let mut env = TestEnv::default();
    let cold = codes(Form::Split, PROBE).cold.expect("it is split");
    for constructor in constructors() {
        let made = instantiate(&mut env, &cold, 0, &constructor).expect("it answers");
        // It reports the constructor's answer, and reverts.
        assert!(made.reverted);
        assert_eq!(made.contract, None);
        assert_eq!(made.output, Ok::<Result<(), ()>, ()>(Ok(())).encode());
    }
    let refused = instantiate(&mut env, &cold, 0, &input(selector!("new"), 13u64)).expect("it answers");
    assert!(refused.reverted);
    assert_eq!(refused.contract, None);
    assert_eq!(refused.output, Ok::<Result<(), ProbeError>, ()>(Err(ProbeError::Wanted(13))).encode());
    let message = instantiate(&mut env, &cold, 0, &input(selector!("Counter::raise"), 1u64)).expect("it answers");
    assert!(message.reverted);
    assert_eq!(&message.output[..], UNREADABLE);
}

#[test]
fn a_message_is_not_a_constructor() {
    let mut env = TestEnv::default();
    let creator = env.creator;
    let built = codes(Form::Split, PROBE);
    upload(&mut env, creator, &built.cold.expect("it is split")).expect("it is taken");
    let (hot, cold) = (selector!("hot_money").to_vec(), input(selector!("Counter::raise"), 1u64));
    for data in [hot, cold, vec![0; 4], vec![1, 2, 3], Vec::new()] {
        let made = instantiate(&mut env, &built.code, 0, &data).expect("it answers");
        assert!(made.reverted, "{data:?}");
        assert_eq!(made.contract, None, "{data:?}");
        assert_eq!(&made.output[..], UNREADABLE, "{data:?}");
    }
}

#[test]
fn hot_messages_are_not_in_the_cold_code() {
    let mut env = TestEnv::default();
    let ana = env.ana;
    let attacker = probe(&mut env, Form::Split, 6);
    let cold = hash(&codes(Form::Split, PROBE).cold.expect("it is split"));
    for data in [selector!("owner").to_vec(), selector!("Counter::count").to_vec(), selector!("hot_money").to_vec()] {
        let run = send(&mut env, ana, attacker, 0, &input(selector!("run"), (cold, &data))).expect("it answers");
        assert!(run.reverted, "{data:?}");
        assert_eq!(run.output, failed(), "{data:?}");
    }
    // A cold message is in the cold code.
    let raise = input(selector!("Counter::raise"), 1u64);
    let run = send(&mut env, ana, attacker, 0, &input(selector!("run"), (cold, &raise))).expect("it answers");
    assert!(!run.reverted);
    assert_eq!(count_of(&mut env, attacker), 7);
}

#[test]
fn cold_messages_that_are_not_payable_refuse_value() {
    let mut env = TestEnv::default();
    let ana = env.ana;
    let probe = probe(&mut env, Form::Split, 5);
    let before = env.balance(probe);
    for data in [input(selector!("cold_failure"), false), input([0xC0, 0x1D, 0xC0, 0xDE], 8u32)] {
        assert!(send(&mut env, ana, probe, 1, &data).is_err());
    }
    // A hot message refuses it too, and so does an unknown selector.
    assert!(send(&mut env, ana, probe, 1, &selector!("owner")).is_err());
    assert!(send(&mut env, ana, probe, 1, &[9; 4]).is_err());
    assert_eq!(env.balance(probe), before);
    assert_eq!(count_of(&mut env, probe), 5);
}

#[test]
fn malformed_arguments_of_a_cold_message_are_refused() {
    let mut env = TestEnv::default();
    let ana = env.ana;
    let probe = probe(&mut env, Form::Split, 5);
    for length in 0..8 {
        let data = [&selector!("Counter::raise")[..], &vec![1; length]].concat();
        let refused = send(&mut env, ana, probe, 0, &data).expect("it answers");
        assert!(refused.reverted, "{length} of 8 bytes");
        assert_eq!(&refused.output[..], UNREADABLE, "{length} of 8 bytes");
    }
    assert_eq!(count_of(&mut env, probe), 5);
}

/// Results of a call that the contract sends to `to` from each of its codes.
fn calls(env: &mut TestEnv, contract: AccountId, to: AccountId, data: &[u8]) -> [Result<Outcome, ChainError>; 2] {
    let ana = env.ana;
    [selector!("hot_call"), selector!("cold_call")]
        .map(|through| send(env, ana, contract, 0, &input(through, (to, data.to_vec()))))
}

#[test]
fn a_waiting_contract_cannot_be_reentered() {
    let mut env = TestEnv::default();
    let one = probe(&mut env, Form::Split, 5);
    let other = probe(&mut env, Form::Split, 6);
    let raise = input(selector!("Counter::raise"), 1u64);
    let count = selector!("Counter::count");
    for data in [&raise[..], &count[..]] {
        // By itself: the chain ends the call.
        for called in calls(&mut env, one, one, data) {
            assert!(called.is_err(), "{called:?}");
        }
        // By another contract that it calls: the chain ends that contract's call.
        for back in [selector!("hot_call"), selector!("cold_call")] {
            for called in calls(&mut env, one, other, &input(back, (one, data.to_vec()))) {
                let called = called.expect("it answers");
                assert!(called.reverted);
                assert_eq!(called.output, failed());
            }
        }
    }
    assert_eq!(count_of(&mut env, one), 5);
    assert_eq!(count_of(&mut env, other), 6);
}

#[test]
fn another_contract_calls_cold_messages_as_it_calls_hot_ones() {
    let mut env = TestEnv::default();
    let ana = env.ana;
    let one = probe(&mut env, Form::Split, 5);
    let other = probe(&mut env, Form::Split, 6);
    let raise = input(selector!("Counter::raise"), 1u64);
    for (through, count) in [(selector!("hot_call"), 7_u64), (selector!("cold_call"), 8)] {
        let called = send(&mut env, ana, one, 0, &input(through, (other, &raise))).expect("it answers");
        let inner = Ok::<Result<Vec<u8>, ProbeError>, ()>(Ok(Ok::<u64, ()>(count).encode())).encode();
        assert_eq!(called.output, inner);
        // The caller that the cold code sees is the contract, not who sent the transaction.
        let event = called.events.iter().find(|event| event.contract == other).expect("it tells");
        assert_eq!(event.data, (one, count).encode());
        // Garbage behind the selector changes nothing, and is the other contract's refusal.
        let garbage = [&selector!("Counter::raise")[..], &[1; 3]].concat();
        let refused = send(&mut env, ana, one, 0, &input(through, (other, &garbage))).expect("it answers");
        assert!(refused.reverted);
        assert_eq!(refused.output, failed());
    }
    assert_eq!(count_of(&mut env, other), 8);
    assert_eq!(count_of(&mut env, one), 5);
}
