//! The fixture `split-probe` in all forms: messages of each kind behave the same.

use ink::{scale::Encode, selector_bytes as selector};
use patronage_interfaces::AccountId;
use split_probe::ProbeError;
use test_kit::{TestEnv, UNIT};

use crate::forms::{answer, codes, deploy, input, instantiate, send, upload, Form, FORMS};

pub const PROBE: &str = "split_probe";

/// Deploys a probe that counts from `count`.
pub fn probe(env: &mut TestEnv, form: Form, count: u64) -> AccountId {
    deploy(env, form, PROBE, &input(selector!("new"), count))
}

/// Count of a probe.
#[track_caller]
pub fn count_of(env: &mut TestEnv, probe: AccountId) -> u64 {
    let asked = send(env, env.ana, probe, 0, &selector!("Counter::count")).expect("it answers");
    answer(&asked)
}

#[test]
fn messages_of_each_kind_answer_in_each_form() {
    for form in FORMS {
        let mut env = TestEnv::default();
        let (creator, ana) = (env.creator, env.ana);
        let probe = probe(&mut env, form, 5);
        let mut ask = |value: u128, data: &[u8]| send(&mut env, ana, probe, value, data).expect("it answers");
        // Cold, payable, of a trait.
        let raised = ask(3, &input(selector!("Counter::raise"), 4u64));
        assert_eq!(answer::<u64>(&raised), 9, "{form:?}");
        assert_eq!(raised.events.len(), 1);
        assert_eq!(raised.events[0].contract, probe);
        assert_eq!(raised.events[0].data, (ana, 9u64).encode());
        // Hot, of a trait.
        assert_eq!(answer::<u64>(&ask(0, &selector!("Counter::count"))), 9);
        // Cold, with a given selector, of a trait with a namespace. Then a hot one of that trait.
        answer::<()>(&ask(0, &input([0xC0, 0x1D, 0xC0, 0xDE], 8u32)));
        assert_eq!(answer::<u32>(&ask(0, &selector!("probe::Named::name"))), 8);
        // Hot and inherent.
        assert_eq!(answer::<AccountId>(&ask(0, &selector!("owner"))), creator);
        assert_eq!(answer::<u128>(&ask(2, &selector!("hot_money"))), 2);
    }
}

#[test]
fn both_codes_see_the_same_caller_account_and_money() {
    let mut env = TestEnv::default();
    let ben = env.ben;
    let probe = probe(&mut env, Form::Split, 0);
    let mut view = |data: [u8; 4]| {
        let seen = send(&mut env, ben, probe, UNIT, &data).expect("it answers");
        answer::<(AccountId, AccountId, u128, u128)>(&seen)
    };
    let hot = view(selector!("hot_view"));
    let cold = view(selector!("cold_view"));
    assert_eq!(hot.0, ben);
    assert_eq!(hot.1, probe);
    assert_eq!(hot.2, UNIT);
    assert_eq!(cold.0, ben);
    assert_eq!(cold.1, probe);
    assert_eq!(cold.2, UNIT);
    assert_eq!(cold.3, hot.3 + UNIT);
}

#[test]
fn an_error_of_a_cold_message_reverts_its_changes() {
    for form in FORMS {
        let mut env = TestEnv::default();
        let ana = env.ana;
        let probe = probe(&mut env, form, 5);
        let failed = send(&mut env, ana, probe, 0, &input(selector!("cold_failure"), true)).expect("it answers");
        let expected = Ok::<Result<u64, ProbeError>, ()>(Err(ProbeError::Wanted(7))).encode();
        assert!(failed.reverted, "{form:?}");
        assert_eq!(&failed.output, &expected, "{form:?}");
        assert_eq!(failed.events, []);
        assert_eq!(count_of(&mut env, probe), 5);
        let done = send(&mut env, ana, probe, 0, &input(selector!("cold_failure"), false)).expect("it answers");
        assert_eq!(answer::<Result<u64, ProbeError>>(&done), Ok(99));
        assert!(send(&mut env, ana, probe, 0, &selector!("cold_trap")).is_err());
        assert_eq!(count_of(&mut env, probe), 99);
    }
}

#[test]
fn constructors_run_in_the_cold_code() {
    for form in FORMS {
        let mut env = TestEnv::default();
        let creator = env.creator;
        let built = codes(form, PROBE);
        if let Some(cold) = &built.cold {
            upload(&mut env, creator, cold).expect("it is taken");
        }
        let refused = instantiate(&mut env, &built.code, 0, &input(selector!("new"), 13u64)).expect("it answers");
        assert!(refused.reverted && refused.contract.is_none(), "{form:?}");
        assert_eq!(refused.output, Ok::<Result<(), ProbeError>, ()>(Err(ProbeError::Wanted(13))).encode());
        let unpaid = instantiate(&mut env, &built.code, 1, &input(selector!("new"), 1u64));
        assert!(unpaid.is_err(), "a constructor that takes no money: {unpaid:?}");
        let rich = instantiate(&mut env, &built.code, 9, &input([0xFA, 0x7A, 0xDA, 0x7A], 77u32)).expect("it answers");
        let rich = rich.contract.expect("it takes money and can't fail");
        let name = send(&mut env, creator, rich, 0, &selector!("probe::Named::name")).expect("it answers");
        assert_eq!(answer::<u32>(&name), 77);
        assert!(env.balance(rich) >= 9);
    }
}

#[test]
fn an_isolated_call_works_from_both_codes() {
    let mut env = TestEnv::default();
    let ana = env.ana;
    let probe = probe(&mut env, Form::Split, 5);
    for through in [selector!("hot_isolated"), selector!("cold_isolated")] {
        let mut isolated = |data: Vec<u8>| {
            let done = send(&mut env, ana, probe, 0, &input(through, data)).expect("it answers");
            (done.reverted, done.output)
        };
        let inner = |answer: Vec<u8>| (false, Ok::<Result<Vec<u8>, ProbeError>, ()>(Ok(answer)).encode());
        assert_eq!(isolated(selector!("Counter::count").to_vec()), inner(Ok::<u64, ()>(5).encode()));
        assert_eq!(isolated(input([0xC0, 0x1D, 0xC0, 0xDE], 8u32)), inner(Ok::<(), ()>(()).encode()));
        // A trap in its own frame ends nothing else.
        let failed = (true, Ok::<Result<Vec<u8>, ProbeError>, ()>(Err(ProbeError::Failed)).encode());
        assert_eq!(isolated(selector!("cold_trap").to_vec()), failed);
    }
}
