//! Malformed input: unknown, truncated, trailing and oversized. All forms of each contract answer the same.

use ink::scale::Encode;
use patronage_chain::{Call, Chain, Outcome, Target};
use patronage_interfaces::AccountId;
use test_kit::{tier_terms, token_terms, vault_terms, TestEnv, UNIT};

use crate::{
    forms::{deploy, input, Form, FORMS, UNREADABLE},
    interface::Interface,
};

/// One contract of each kind in this form.
fn contracts(env: &mut TestEnv, form: Form) -> [(&'static str, AccountId); 3] {
    let new = |terms: Vec<u8>| [&ink::selector_bytes!("new")[..], &terms].concat();
    let creator = env.creator;
    let terms = vault_terms(vec![tier_terms(UNIT, 1)], &[(creator, 10_000)]);
    [
        ("creator_token", new(token_terms().encode())),
        ("patronage_vault", new(terms.encode())),
        ("content_registry", input(ink::selector_bytes!("new"), None::<AccountId>)),
    ]
    .map(|(name, data)| (name, deploy(env, form, name, &data)))
}

/// Answer of a contract in a dry run, in short.
fn asked(env: &mut TestEnv, contract: AccountId, data: &[u8]) -> Result<(bool, Vec<u8>), String> {
    let ana = env.ana;
    let call = Call { target: Target::Contract(contract), value: 0, data };
    match env.chain.dry_run(&ana, &call) {
        Ok(Outcome { reverted, output, .. }) => Ok((reverted, output)),
        Err(error) => Err(error.to_string()),
    }
}

#[test]
fn an_unknown_selector_is_unreadable() {
    for form in FORMS {
        let mut env = TestEnv::default();
        for (name, contract) in contracts(&mut env, form) {
            let known: Vec<_> = Interface::of(name).messages.iter().map(|message| message.selector).collect();
            for number in 0..200u32 {
                let selector = number.wrapping_mul(0x9E37_79B1).to_be_bytes();
                if known.contains(&selector) {
                    continue;
                }
                let data = [&selector[..], &[0; 64]].concat();
                assert_eq!(asked(&mut env, contract, &data), Ok((true, UNREADABLE.to_vec())), "{form:?} {name}");
            }
        }
    }
}

#[test]
fn less_than_a_selector_is_unreadable() {
    for form in FORMS {
        let mut env = TestEnv::default();
        for (name, contract) in contracts(&mut env, form) {
            for length in 0..4 {
                let answer = asked(&mut env, contract, &[7; 4][..length]);
                assert_eq!(answer, Ok((true, UNREADABLE.to_vec())), "{form:?} {name} {length}");
            }
        }
    }
}

#[test]
fn a_constructor_is_unreadable_to_a_contract_that_exists() {
    for form in FORMS {
        let mut env = TestEnv::default();
        for (name, contract) in contracts(&mut env, form) {
            for constructor in Interface::of(name).constructors {
                let data = [&constructor.selector[..], &[0; 200]].concat();
                let answer = asked(&mut env, contract, &data);
                assert_eq!(answer, Ok((true, UNREADABLE.to_vec())), "{form:?} {name} {}", constructor.label);
            }
        }
    }
}

#[test]
fn truncated_and_trailing_arguments_are_handled_as_in_ink() {
    let mut envs = FORMS.map(|_| TestEnv::default());
    let mut made = Vec::new();
    for (form, env) in FORMS.into_iter().zip(&mut envs) {
        made.push(contracts(env, form));
    }
    let mut unreadable = 0;
    for (number, name) in ["creator_token", "patronage_vault", "content_registry"].into_iter().enumerate() {
        for message in Interface::of(name).messages {
            for length in [0, 1, 2, 3, 4, 8, 12, 15, 16, 17, 31, 32, 33, 36, 47, 48, 63, 64, 65, 80, 96, 97, 128, 256] {
                let data = [&message.selector[..], &vec![0; length]].concat();
                let answers: Vec<_> =
                    envs.iter_mut().zip(&made).map(|(env, made)| asked(env, made[number].1, &data)).collect();
                assert_eq!(answers[0], answers[1], "{} with {length} bytes", message.label);
                assert_eq!(answers[0], answers[2], "{} with {length} bytes", message.label);
                unreadable += u32::from(answers[0] == Ok((true, UNREADABLE.to_vec())));
            }
        }
    }
    assert!(unreadable > 300, "only {unreadable} were too short");
}

#[test]
fn oversized_input_ends_the_call() {
    for form in FORMS {
        let mut env = TestEnv::default();
        for (name, contract) in contracts(&mut env, form) {
            for message in Interface::of(name).messages {
                let data = [&message.selector[..], &vec![0; 1 << 14]].concat();
                let answer = asked(&mut env, contract, &data);
                assert!(answer.is_err(), "{form:?} {name} {}: {answer:?}", message.label);
            }
        }
    }
}
