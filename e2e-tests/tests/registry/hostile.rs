//! Contracts that give no valid answer: each makes its own conditions unavailable and nothing else.

use hostile::Behaviour;
use ink::{primitives::LangError, scale::Encode, selector_bytes};
use patronage::contracts;
use patronage_chain::{ChainError, Messages};
use patronage_interfaces::{
    patronage::Standing,
    registry::{Condition, ContentRegistry, Missing, Shortfall},
    AccountId,
};
use test_kit::{
    access::{answer, answers, any_of, asked, by_rule, denied, holds, subscribed, subscription},
    token_terms, vault_terms, TestEnv,
};

/// Maximum computing time of a contract for its answer, in ps.
const LIMIT: u64 = 10_000_000_000;

/// The message `has_access`, as another contract sends it to a registry.
fn has_access(id: u32, account: AccountId) -> Vec<u8> {
    [selector_bytes!("ContentRegistry::has_access").to_vec(), (id, account).encode()].concat()
}

/// All ways to give no valid answer except an endless loop, which is slow and has its own tests.
fn behaviours(registry: AccountId, ana: AccountId) -> Vec<Behaviour> {
    let error: Result<u128, LangError> = Err(LangError::CouldNotReadInput);
    vec![
        Behaviour::Trap,
        Behaviour::Revert(vec![]),
        Behaviour::Revert(error.encode()),
        Behaviour::Revert(vec![9; 17]),
        Behaviour::Terminate,
        Behaviour::Answer(vec![]),
        Behaviour::Answer(vec![0]),
        Behaviour::Answer(vec![2; 70]),
        Behaviour::Answer(error.encode()),
        // One byte too short for a balance, and one too long for a standing, though a balance would fit.
        Behaviour::AnswerZeros(16),
        Behaviour::AnswerZeros(67),
        // Reentrancy into the registry.
        Behaviour::Ask { contract: registry, input: has_access(0, ana) },
        // An account without a contract.
        Behaviour::Ask { contract: [7; 32].into(), input: vec![1, 2, 3, 4] },
    ]
}

/// Asserts that the contract of `make` is unavailable as a token and as a vault, and that a rule without it still
/// grants access.
#[track_caller]
fn assert_unavailable(what: &str, make: impl Fn(&mut TestEnv, AccountId) -> AccountId) {
    let mut env = TestEnv::default();
    let (ana, registry) = (env.ana, env.registry());
    let token = env.hostile(&answers(1_u128));
    let vault = env.hostile(&answers(subscription(1, 0, u64::MAX)));
    let broken = make(&mut env, registry);
    for condition in [
        holds(broken, 1),
        subscribed(broken, 1),
        Condition::SubscribedFor { vault: broken, level: 1, lasting: 0 },
        Condition::Tipped { vault: broken, amount: 1 },
        Condition::Staked { vault: broken, amount: 1 },
        Condition::HoldsOrStaked { token, vault: broken, amount: 2 },
        Condition::HoldsOrStaked { token: broken, vault, amount: 1 },
    ] {
        let id = env.publish(registry, any_of(&[&[condition]]));
        // In dry runs, as some behave so only once.
        let may = env.chain.preview(&ana, 0, contracts::registry(registry).has_access(id, ana)).unwrap();
        assert!(!may.value, "{what}: {condition:?}");
        let check = env.chain.preview(&ana, 0, contracts::registry(registry).check(id, ana)).unwrap();
        assert_eq!(check.value, Ok(denied(condition, Shortfall::Unavailable { contract: broken })), "{what}");

        // The failing contract is called first, then those of the other rule.
        let id = env.publish(registry, any_of(&[&[condition], &[subscribed(vault, 1), holds(token, 1)]]));
        let may = env.chain.preview(&ana, 0, contracts::registry(registry).has_access(id, ana)).unwrap();
        assert!(may.value, "{what}: {condition:?}");
        let check = env.chain.preview(&ana, 0, contracts::registry(registry).check(id, ana)).unwrap();
        assert_eq!(check.value, Ok(by_rule(1)), "{what}: {condition:?}");
        let asked = asked(&check);
        assert!(asked.contains(&vault) && asked.contains(&token), "{what}: {asked:?}");
    }
}

#[test]
fn a_contract_without_a_valid_answer_does_not_stop_other_rules() {
    let count = behaviours([1; 32].into(), [1; 32].into()).len();
    for index in 0..count {
        let what = format!("{:?}", behaviours([1; 32].into(), [1; 32].into())[index]);
        assert_unavailable(&what, |env, registry| {
            let behaviour = &behaviours(registry, env.ana)[index];
            env.hostile(behaviour)
        });
    }
}

#[test]
fn an_account_without_code_does_not_stop_other_rules() {
    assert_unavailable("nobody", |_, _| [0; 32].into());
    assert_unavailable("a person", |env, _| env.ben);
    assert_unavailable("who asks", |env, _| env.ana);
}

#[test]
fn a_contract_without_the_message_does_not_stop_other_rules() {
    assert_unavailable("another registry", |env, _| env.registry());
    let mut env = TestEnv::default();
    let (ana, token, vault) = (env.ana, env.token(&token_terms()), env.vault(&vault_terms(vec![], &[])));
    for (condition, contract) in [(holds(vault, 1), vault), (subscribed(token, 1), token)] {
        let access = env.access_by(any_of(&[&[condition]]), ana);
        assert_eq!(access, denied(condition, Shortfall::Unavailable { contract }));
    }
}

#[test]
fn one_of_two_answers_is_enough_if_it_meets_the_condition() {
    let mut env = TestEnv::default();
    let (ana, broken) = (env.ana, env.hostile(&Behaviour::Trap));
    let token = env.hostile(&answers(5_u128));
    let vault = env.hostile(&answers(Standing { staked: 5, ..Standing::default() }));
    for (token, vault) in [(token, broken), (broken, vault)] {
        let enough = Condition::HoldsOrStaked { token, vault, amount: 5 };
        assert_eq!(env.access_by(any_of(&[&[enough]]), ana), by_rule(0));
        let more = Condition::HoldsOrStaked { token, vault, amount: 6 };
        let unavailable = Shortfall::Unavailable { contract: broken };
        assert_eq!(env.access_by(any_of(&[&[more]]), ana), denied(more, unavailable));
    }
}

#[test]
fn an_endless_loop_costs_its_limit_and_no_more() {
    let mut env = TestEnv::default();
    let (ana, registry) = (env.ana, env.registry());
    let (burner, honest) = (env.hostile(&Behaviour::BurnGas), env.hostile(&answers(0_u128)));
    let ids = [burner, honest].map(|token| env.publish(registry, any_of(&[&[holds(token, 1)]])));
    let [burnt, usual] =
        ids.map(|id| env.call(ana, 0, contracts::registry(registry).has_access(id, ana)).weight.ref_time());
    // Both load the same code and reach their behaviour. The answer itself costs little.
    let cost = burnt.saturating_sub(usual);
    assert!((LIMIT - LIMIT / 10..=LIMIT).contains(&cost), "{cost}");
    let [burnt, usual] = ids.map(|id| env.call(ana, 0, contracts::registry(registry).check(id, ana)).weight.ref_time());
    let cost = burnt.saturating_sub(usual);
    assert!((LIMIT - LIMIT / 10..=LIMIT).contains(&cost), "{cost}");
}

#[test]
fn endless_loops_in_all_other_rules_do_not_stop_a_rule_that_holds() {
    let mut env = TestEnv::default();
    let ana = env.ana;
    let burners: Vec<_> = (0..3).map(|_| env.hostile(&Behaviour::BurnGas)).collect();
    let token = env.hostile(&answers(1_u128));
    let mut rules: Vec<_> = burners.iter().map(|burner| vec![holds(*burner, 1)]).collect();
    rules.push(vec![holds(token, 1)]);
    let audience = any_of(&rules.iter().map(Vec::as_slice).collect::<Vec<_>>());
    assert_eq!(env.access_by(audience, ana), by_rule(3));
}

#[test]
fn the_largest_answers_are_evaluated_without_a_trap() {
    let mut env = TestEnv::default();
    let (ana, top) = (env.ana, u64::MAX);
    let largest =
        Standing { level: u8::MAX, since: 0, until: top, tipped: u128::MAX, staked: u128::MAX, staked_since: top };
    let token = env.hostile(&answers(u128::MAX));
    let vault = env.hostile(&answers(largest));
    let all = [
        holds(token, u128::MAX),
        Condition::Staked { vault, amount: u128::MAX },
        Condition::HoldsOrStaked { token, vault, amount: u128::MAX },
        Condition::Subscribed { vault, level: u8::MAX, grace: top },
        Condition::SubscribedFor { vault, level: u8::MAX, lasting: 1 },
        Condition::Tipped { vault, amount: u128::MAX },
    ];
    assert_eq!(env.access_by(any_of(&[&all]), ana), by_rule(0));

    // A subscription that starts in the future, or after its end, has lasted 0 ms.
    let now = env.chain.now();
    for (since, until) in [(now + 1, top), (top, now + 1)] {
        let vault = env.hostile(&answers(subscription(1, since, until)));
        let condition = Condition::SubscribedFor { vault, level: 1, lasting: 5 };
        let shortfall = Shortfall::Subscription { level: 1, ended: None, wait: 5 };
        assert_eq!(env.access_by(any_of(&[&[condition]]), ana), denied(condition, shortfall));
    }
}

#[test]
fn another_contract_can_query_access() {
    let mut env = TestEnv::default();
    let (ana, ben, registry) = (env.ana, env.ben, env.registry());
    let token = env.token(&token_terms());
    let id = env.publish(registry, any_of(&[&[holds(token, 1)]]));
    env.make_up_for(
        registry,
        ana,
        &[Missing { condition: holds(token, 1), shortfall: Shortfall::Amount { have: 0, short_by: 1 } }],
    );
    for (fan, may) in [(ana, true), (ben, false)] {
        let club = env.hostile(&Behaviour::Ask { contract: registry, input: has_access(id, fan) });
        // It passes on the registry's answer to any message.
        assert_eq!(env.ask(contracts::registry(club).has_access(0, fan)), may);
    }
}

#[test]
fn a_caller_named_by_a_rule_is_unavailable_and_stops_no_other_rule() {
    let mut env = TestEnv::default();
    let (ana, registry) = (env.ana, env.registry());
    let caller = env.hostile(&Behaviour::Ask { contract: registry, input: has_access(0, ana) });
    let token = env.hostile(&answers(1_u128));
    let id = env.publish(registry, any_of(&[&[holds(caller, 1)], &[subscribed(caller, 1)], &[holds(token, 1)]]));
    assert_eq!(id, 0);
    assert!(env.ask(contracts::registry(caller).has_access(0, ana)));

    // Without another rule, access is denied.
    let caller = env.hostile(&Behaviour::Ask { contract: registry, input: has_access(1, ana) });
    let id = env.publish(registry, any_of(&[&[holds(caller, 1)], &[subscribed(caller, 1)]]));
    assert_eq!(id, 1);
    assert!(!env.ask(contracts::registry(caller).has_access(0, ana)));
}

#[test]
fn a_revert_with_valid_answer_bytes_is_not_an_answer() {
    let mut env = TestEnv::default();
    let (ana, reverting) = (env.ana, env.hostile(&Behaviour::Revert(answer(5_u128))));
    let condition = holds(reverting, 5);
    let unavailable = denied(condition, Shortfall::Unavailable { contract: reverting });
    assert_eq!(env.access_by(any_of(&[&[condition]]), ana), unavailable);
}

// Some answers end the caller's call. In `check` they count as unavailable; `has_access` fails as a whole. The trait's
// documentation promises this, and these tests verify it.

/// Content with a second rule that grants access without `what`. Queries it directly, and by another contract.
#[track_caller]
fn assert_stops_has_access_alone(env: &mut TestEnv, registry: AccountId, what: AccountId) {
    let (ana, token) = (env.ana, env.hostile(&answers(1_u128)));
    let id = env.publish(registry, any_of(&[&[holds(what, 1)], &[holds(token, 1)]]));
    let may = env.chain.query(contracts::registry(registry).has_access(id, ana));
    assert!(matches!(may, Err(ChainError::Refused(_))), "{may:?}");
    assert_eq!(env.ask(contracts::registry(registry).check(id, ana)), Ok(by_rule(1)));

    let condition = holds(what, 1);
    let id = env.publish(registry, any_of(&[&[condition]]));
    let unavailable = denied(condition, Shortfall::Unavailable { contract: what });
    assert_eq!(env.ask(contracts::registry(registry).check(id, ana)), Ok(unavailable.clone()));
    let both = env.ask(contracts::registry(registry).check_many(vec![id, id], ana));
    assert_eq!(both, Ok(vec![Some(unavailable.clone()), Some(unavailable)]));
}

#[test]
fn an_answer_above_16_kib_is_unavailable_and_fails_has_access() {
    let mut env = TestEnv::default();
    let (ana, registry) = (env.ana, env.registry());
    let large = env.hostile(&Behaviour::AnswerZeros(16 * 1024));
    let condition = holds(large, 1);
    let unavailable = denied(condition, Shortfall::Unavailable { contract: large });
    assert_eq!(env.access_by(any_of(&[&[condition]]), ana), unavailable);

    for bytes in [16 * 1024 + 1, 60_000, 900_000] {
        let too_large = env.hostile(&Behaviour::AnswerZeros(bytes));
        assert_stops_has_access_alone(&mut env, registry, too_large);
        // A rule without it that needs no other contract is evaluated first.
        let now = Condition::NotBefore { time: 0 };
        let id = env.publish(registry, any_of(&[&[holds(too_large, 1)], &[now]]));
        assert_eq!(env.access(registry, id, ana), by_rule(1));
        let balance = env.chain.query(contracts::registry(registry).balance_at(too_large, ana));
        assert!(matches!(balance, Err(ChainError::Refused(_))), "{balance:?}");
    }
}

/// Queries the registry through `depth` contracts that call each other, about content 0 and ana.
fn asked_from(env: &mut TestEnv, registry: AccountId, depth: usize, message: [u8; 4]) -> AccountId {
    let input = [message.to_vec(), (0_u32, env.ana).encode()].concat();
    let mut last = env.hostile(&Behaviour::Ask { contract: registry, input });
    for _ in 1..depth {
        last = env.hostile(&Behaviour::Ask { contract: last, input: vec![0; 4] });
    }
    last
}

#[test]
fn a_contract_up_the_stack_is_unavailable_and_fails_has_access() {
    for (message, check) in
        [(selector_bytes!("ContentRegistry::has_access"), false), (selector_bytes!("ContentRegistry::check"), true)]
    {
        let mut env = TestEnv::default();
        let (ana, registry) = (env.ana, env.registry());
        let far = asked_from(&mut env, registry, 2, message);
        let token = env.hostile(&answers(1_u128));
        env.publish(registry, any_of(&[&[holds(far, 1)], &[holds(token, 1)]]));
        if check {
            assert_eq!(env.ask(contracts::registry(far).check(0, ana)), Ok(by_rule(1)));
        } else {
            let answer = env.chain.query(contracts::registry(far).has_access(0, ana));
            assert!(matches!(answer, Err(ChainError::Refused(_))), "{answer:?}");
        }
    }
}

#[test]
fn a_stack_at_full_depth_gives_no_wrong_answer_and_no_access() {
    let mut env = TestEnv::default();
    let (ana, registry) = (env.ana, env.registry());
    let token = env.hostile(&answers(1_u128));
    env.publish(registry, any_of(&[&[holds(token, 1)]]));
    let (mut may, mut granted) = (Vec::new(), Vec::new());
    for depth in 1..6 {
        let last = asked_from(&mut env, registry, depth, selector_bytes!("ContentRegistry::has_access"));
        may.push(env.chain.query(contracts::registry(last).has_access(0, ana)).ok());
        let last = asked_from(&mut env, registry, depth, selector_bytes!("ContentRegistry::check"));
        granted.push(
            env.chain.query(contracts::registry(last).check(0, ana)).ok().map(|access| access.unwrap().is_granted()),
        );
    }
    // Every answer is right. From some depth on there is none.
    assert_eq!(may[0], Some(true));
    assert_eq!(granted[0], Some(true));
    let deep = may.iter().position(Option::is_none).expect("a chain limits its stack");
    assert!(may[..deep].iter().all(|answer| *answer == Some(true)), "{may:?}");
    assert!(may[deep..].iter().all(Option::is_none), "{may:?}");
    // `check` needs one more frame. If that is too many, the contract is unavailable.
    let deep = granted.iter().position(|granted| *granted != Some(true)).expect("a chain limits its stack");
    assert!(granted[deep..].iter().all(|answer| *answer != Some(true)), "{granted:?}");
}

#[test]
fn a_called_contract_cannot_charge_storage_to_the_sender() {
    let mut env = TestEnv::default();
    let (ana, registry) = (env.ana, env.registry());
    let greedy = env.hostile(&Behaviour::Store { bytes: 1_000, answer: answer(1_u128) });
    let honest = env.hostile(&answers(1_u128));
    let id = env.publish(registry, any_of(&[&[holds(greedy, 1)]]));
    let other = env.publish(registry, any_of(&[&[holds(greedy, 1)], &[holds(honest, 1)]]));
    let before = env.balance(ana);
    for (id, access) in [(id, false), (other, true)] {
        let asked = env.chain.send(&ana.into(), 0, contracts::registry(registry).has_access(id, ana));
        assert!(matches!(&asked, Err(ChainError::Refused(why)) if why == "StorageDepositLimitExhausted"), "{asked:?}");
        let receipt = env.call(ana, 0, contracts::registry(registry).check(id, ana));
        assert_eq!(receipt.value.unwrap().is_granted(), access);
        assert_eq!(receipt.deposit, 0);
    }
    assert_eq!(env.balance(ana), before);
}
