//! A split contract under attack: what one code does alone is out of reach from the other, from outside, and through others.

use ink::{primitives::AccountId, scale::Encode, selector_bytes as selector};
use patronage_chain::{ChainError, Outcome};
use split_probe::ProbeError;
use test_kit::World;

use crate::{
    lab::{answer, codes, hash, input, instantiate, send, upload, Form, UNREADABLE},
    probe::{count_of, probe, PROBE},
};

const RICH: [u8; 4] = [0xFA, 0x7A, 0xDA, 0x7A];

fn failed() -> Vec<u8> {
    Ok::<Result<Vec<u8>, ProbeError>, ()>(Err(ProbeError::Failed)).encode()
}

fn constructors() -> [Vec<u8>; 2] {
    [input(selector!("new"), 1u64), input(RICH, 1u32)]
}

/// The owner of a probe.
fn owner_of(world: &mut World, probe: AccountId) -> AccountId {
    let ana = world.ana;
    answer(&send(world, ana, probe, 0, &selector!("owner")).expect("it answers"))
}

#[test]
fn the_constructor_of_a_contract_that_exists_is_unreachable() {
    let mut world = World::default();
    let (creator, ana) = (world.creator, world.ana);
    let victim = probe(&mut world, Form::Split, 5);
    let attacker = probe(&mut world, Form::Split, 6);
    let before = world.chain.storage_of(&victim);
    for constructor in constructors() {
        let direct = send(&mut world, ana, victim, 0, &constructor).expect("it answers");
        assert!(direct.reverted);
        assert_eq!(&direct.output[..], UNREADABLE);
        // Through another contract, from either of its codes.
        for through in ["hot_call", "cold_call"] {
            let through = if through == "hot_call" { selector!("hot_call") } else { selector!("cold_call") };
            let called =
                send(&mut world, ana, attacker, 0, &input(through, (victim, &constructor))).expect("it answers");
            assert!(called.reverted);
            assert_eq!(called.output, failed());
        }
        // Through the contract's own calls of itself, from either code.
        for through in [selector!("hot_isolated"), selector!("cold_isolated")] {
            let called = send(&mut world, ana, victim, 0, &input(through, &constructor)).expect("it answers");
            assert!(called.reverted);
            assert_eq!(called.output, failed());
        }
    }
    assert_eq!(world.chain.storage_of(&victim), before);
    assert_eq!(owner_of(&mut world, victim), creator);
}

#[test]
fn who_runs_the_cold_code_as_their_own_changes_only_their_own() {
    let mut world = World::default();
    let (creator, ana) = (world.creator, world.ana);
    let victim = probe(&mut world, Form::Split, 5);
    let attacker = probe(&mut world, Form::Split, 6);
    let before = world.chain.storage_of(&victim);
    let cold = hash(&codes(Form::Split, PROBE).cold.expect("it is split"));
    for constructor in constructors() {
        let run = input(selector!("run"), (cold, &constructor));
        let done = send(&mut world, ana, attacker, 0, &run).expect("it answers");
        assert!(!done.reverted);
    }
    assert_eq!(owner_of(&mut world, attacker), ana, "its own account took the caller for who makes it");
    assert_eq!(world.chain.storage_of(&victim), before);
    assert_eq!(owner_of(&mut world, victim), creator);
}

#[test]
fn no_contract_is_made_of_the_cold_code() {
    let mut world = World::default();
    let cold = codes(Form::Split, PROBE).cold.expect("it is split");
    for constructor in constructors() {
        let made = instantiate(&mut world, &cold, 0, &constructor).expect("it answers");
        // It says what the constructor would answer, for who wants to try it.
        assert!(made.reverted);
        assert_eq!(made.contract, None);
        assert_eq!(made.output, Ok::<Result<(), ()>, ()>(Ok(())).encode());
    }
    let refused = instantiate(&mut world, &cold, 0, &input(selector!("new"), 13u64)).expect("it answers");
    assert!(refused.reverted);
    assert_eq!(refused.contract, None);
    assert_eq!(refused.output, Ok::<Result<(), ProbeError>, ()>(Err(ProbeError::Wanted(13))).encode());
    let message = instantiate(&mut world, &cold, 0, &input(selector!("Counter::raise"), 1u64)).expect("it answers");
    assert!(message.reverted);
    assert_eq!(&message.output[..], UNREADABLE);
}

#[test]
fn a_message_is_no_constructor() {
    let mut world = World::default();
    let creator = world.creator;
    let built = codes(Form::Split, PROBE);
    upload(&mut world, creator, &built.cold.expect("it is split")).expect("it is taken");
    let (hot, cold) = (selector!("hot_money").to_vec(), input(selector!("Counter::raise"), 1u64));
    for data in [hot, cold, vec![0; 4], vec![1, 2, 3], Vec::new()] {
        let made = instantiate(&mut world, &built.code, 0, &data).expect("it answers");
        assert!(made.reverted, "{data:?}");
        assert_eq!(made.contract, None, "{data:?}");
        assert_eq!(&made.output[..], UNREADABLE, "{data:?}");
    }
}

#[test]
fn hot_messages_are_not_in_the_cold_code() {
    let mut world = World::default();
    let ana = world.ana;
    let attacker = probe(&mut world, Form::Split, 6);
    let cold = hash(&codes(Form::Split, PROBE).cold.expect("it is split"));
    for data in [selector!("owner").to_vec(), selector!("Counter::count").to_vec(), selector!("hot_money").to_vec()] {
        let run = send(&mut world, ana, attacker, 0, &input(selector!("run"), (cold, &data))).expect("it answers");
        assert!(run.reverted, "{data:?}");
        assert_eq!(run.output, failed(), "{data:?}");
    }
    // A cold message is there.
    let raise = input(selector!("Counter::raise"), 1u64);
    let run = send(&mut world, ana, attacker, 0, &input(selector!("run"), (cold, &raise))).expect("it answers");
    assert!(!run.reverted);
    assert_eq!(count_of(&mut world, attacker), 7);
}

#[test]
fn cold_messages_that_take_no_money_refuse_it() {
    let mut world = World::default();
    let ana = world.ana;
    let probe = probe(&mut world, Form::Split, 5);
    let before = world.balance(probe);
    for data in [input(selector!("cold_failure"), false), input([0xC0, 0x1D, 0xC0, 0xDE], 8u32)] {
        assert!(send(&mut world, ana, probe, 1, &data).is_err());
    }
    // Neither does a hot one, nor what is no message.
    assert!(send(&mut world, ana, probe, 1, &selector!("owner")).is_err());
    assert!(send(&mut world, ana, probe, 1, &[9; 4]).is_err());
    assert_eq!(world.balance(probe), before);
    assert_eq!(count_of(&mut world, probe), 5);
}

#[test]
fn garbage_behind_a_cold_selector_is_refused() {
    let mut world = World::default();
    let ana = world.ana;
    let probe = probe(&mut world, Form::Split, 5);
    for length in 0..8 {
        let data = [&selector!("Counter::raise")[..], &vec![1; length]].concat();
        let refused = send(&mut world, ana, probe, 0, &data).expect("it answers");
        assert!(refused.reverted, "{length} of 8 bytes");
        assert_eq!(&refused.output[..], UNREADABLE, "{length} of 8 bytes");
    }
    assert_eq!(count_of(&mut world, probe), 5);
}

/// What came of a call that the contract sends to `to` from either of its codes.
fn calls(world: &mut World, contract: AccountId, to: AccountId, data: &[u8]) -> [Result<Outcome, ChainError>; 2] {
    let ana = world.ana;
    [selector!("hot_call"), selector!("cold_call")]
        .map(|through| send(world, ana, contract, 0, &input(through, (to, data.to_vec()))))
}

#[test]
fn nobody_gets_back_in_while_the_contract_waits() {
    let mut world = World::default();
    let one = probe(&mut world, Form::Split, 5);
    let other = probe(&mut world, Form::Split, 6);
    let raise = input(selector!("Counter::raise"), 1u64);
    let count = selector!("Counter::count");
    for data in [&raise[..], &count[..]] {
        // By itself: the chain ends the call.
        for called in calls(&mut world, one, one, data) {
            assert!(called.is_err(), "{called:?}");
        }
        // By another contract, which the first one calls: that one's call ends.
        for back in [selector!("hot_call"), selector!("cold_call")] {
            for called in calls(&mut world, one, other, &input(back, (one, data.to_vec()))) {
                let called = called.expect("it answers");
                assert!(called.reverted);
                assert_eq!(called.output, failed());
            }
        }
    }
    assert_eq!(count_of(&mut world, one), 5);
    assert_eq!(count_of(&mut world, other), 6);
}

#[test]
fn another_contract_calls_cold_messages_as_it_calls_hot_ones() {
    let mut world = World::default();
    let ana = world.ana;
    let one = probe(&mut world, Form::Split, 5);
    let other = probe(&mut world, Form::Split, 6);
    let raise = input(selector!("Counter::raise"), 1u64);
    for (through, count) in [(selector!("hot_call"), 7_u64), (selector!("cold_call"), 8)] {
        let called = send(&mut world, ana, one, 0, &input(through, (other, &raise))).expect("it answers");
        let inner = Ok::<Result<Vec<u8>, ProbeError>, ()>(Ok(Ok::<u64, ()>(count).encode())).encode();
        assert_eq!(called.output, inner);
        // The caller that the cold code sees is the contract, not who sent the transaction.
        let event = called.events.iter().find(|event| event.contract == other).expect("it tells");
        assert_eq!(event.data, (one, count).encode());
        // Garbage behind the selector changes nothing, and is the other contract's refusal.
        let garbage = [&selector!("Counter::raise")[..], &[1; 3]].concat();
        let refused = send(&mut world, ana, one, 0, &input(through, (other, &garbage))).expect("it answers");
        assert!(refused.reverted);
        assert_eq!(refused.output, failed());
    }
    assert_eq!(count_of(&mut world, other), 8);
    assert_eq!(count_of(&mut world, one), 5);
}
