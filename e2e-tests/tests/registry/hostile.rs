//! Contracts that do anything but answer: each makes its own conditions unavailable and nothing else.

use hostile::Behaviour;
use ink::{primitives::LangError, scale::Encode, selector_bytes};
use patronage::contracts as suite;
use patronage_chain::{ChainError, Messages};
use patronage_interfaces::{
    patronage::Standing,
    registry::{Condition, ContentRegistry, Missing, Shortfall},
    AccountId,
};
use test_kit::{
    access::{answer, answers, any_of, asked, by_rule, denied, holds, subscribed, subscription},
    token_terms, vault_terms, World,
};

/// Most computing time that one contract gets for its answer, in ps.
const LIMIT: u64 = 10_000_000_000;

/// The message `has_access` of a registry, as another contract sends it.
fn has_access(id: u32, account: AccountId) -> Vec<u8> {
    [selector_bytes!("ContentRegistry::has_access").to_vec(), (id, account).encode()].concat()
}

/// Every way to give no answer, but to compute for ever, which takes long to test and has tests of its own.
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
        // One byte too short for a balance, and one too long for a standing, in which a balance would fit.
        Behaviour::AnswerZeros(16),
        Behaviour::AnswerZeros(67),
        // Reentrancy: the registry is asked what it is about to answer.
        Behaviour::Ask { contract: registry, input: has_access(0, ana) },
        // Nobody is there to ask.
        Behaviour::Ask { contract: [7; 32].into(), input: vec![1, 2, 3, 4] },
    ]
}

/// Asserts that what `make` gives is unavailable, as a token and as a vault, and that a rule without it grants as if it
/// were not there.
#[track_caller]
fn assert_unavailable(what: &str, make: impl Fn(&mut World, AccountId) -> AccountId) {
    let mut world = World::default();
    let (ana, registry) = (world.ana, world.registry());
    let token = world.hostile(&answers(1_u128));
    let vault = world.hostile(&answers(subscription(1, 0, u64::MAX)));
    let broken = make(&mut world, registry);
    for condition in [
        holds(broken, 1),
        subscribed(broken, 1),
        Condition::SubscribedFor { vault: broken, level: 1, lasting: 0 },
        Condition::Tipped { vault: broken, amount: 1 },
        Condition::Staked { vault: broken, amount: 1 },
        Condition::HoldsOrStaked { token, vault: broken, amount: 2 },
        Condition::HoldsOrStaked { token: broken, vault, amount: 1 },
    ] {
        let id = world.publish(registry, any_of(&[&[condition]]));
        // In dry runs, as some behave so only once.
        let may = world.chain.preview(&ana, 0, suite::registry(registry).has_access(id, ana)).unwrap();
        assert!(!may.value, "{what}: {condition:?}");
        let check = world.chain.preview(&ana, 0, suite::registry(registry).check(id, ana)).unwrap();
        assert_eq!(check.value, Ok(denied(condition, Shortfall::Unavailable { contract: broken })), "{what}");

        // Asked first, and in vain: the other rule's contracts are asked then.
        let id = world.publish(registry, any_of(&[&[condition], &[subscribed(vault, 1), holds(token, 1)]]));
        let may = world.chain.preview(&ana, 0, suite::registry(registry).has_access(id, ana)).unwrap();
        assert!(may.value, "{what}: {condition:?}");
        let check = world.chain.preview(&ana, 0, suite::registry(registry).check(id, ana)).unwrap();
        assert_eq!(check.value, Ok(by_rule(1)), "{what}: {condition:?}");
        let asked = asked(&check);
        assert!(asked.contains(&vault) && asked.contains(&token), "{what}: {asked:?}");
    }
}

#[test]
fn a_contract_without_an_answer_is_unavailable_and_stops_no_other_rule() {
    let count = behaviours([1; 32].into(), [1; 32].into()).len();
    for index in 0..count {
        let what = format!("{:?}", behaviours([1; 32].into(), [1; 32].into())[index]);
        assert_unavailable(&what, |world, registry| {
            let behaviour = &behaviours(registry, world.ana)[index];
            world.hostile(behaviour)
        });
    }
}

#[test]
fn an_account_without_code_is_unavailable_and_stops_no_other_rule() {
    assert_unavailable("nobody", |_, _| [0; 32].into());
    assert_unavailable("a person", |world, _| world.ben);
    assert_unavailable("who asks", |world, _| world.ana);
}

#[test]
fn a_contract_without_the_message_is_unavailable_and_stops_no_other_rule() {
    assert_unavailable("another registry", |world, _| world.registry());
    let mut world = World::default();
    let (ana, token, vault) = (world.ana, world.token(&token_terms()), world.vault(&vault_terms(vec![], &[])));
    for (condition, contract) in [(holds(vault, 1), vault), (subscribed(token, 1), token)] {
        let access = world.access_by(any_of(&[&[condition]]), ana);
        assert_eq!(access, denied(condition, Shortfall::Unavailable { contract }));
    }
}

#[test]
fn half_an_answer_is_enough_where_half_is_all_that_is_needed() {
    let mut world = World::default();
    let (ana, broken) = (world.ana, world.hostile(&Behaviour::Trap));
    let token = world.hostile(&answers(5_u128));
    let vault = world.hostile(&answers(Standing { staked: 5, ..Standing::default() }));
    for (token, vault) in [(token, broken), (broken, vault)] {
        let enough = Condition::HoldsOrStaked { token, vault, amount: 5 };
        assert_eq!(world.access_by(any_of(&[&[enough]]), ana), by_rule(0));
        let more = Condition::HoldsOrStaked { token, vault, amount: 6 };
        let unavailable = Shortfall::Unavailable { contract: broken };
        assert_eq!(world.access_by(any_of(&[&[more]]), ana), denied(more, unavailable));
    }
}

#[test]
fn a_gas_burner_costs_its_allowance_and_no_more() {
    let mut world = World::default();
    let (ana, registry) = (world.ana, world.registry());
    let (burner, honest) = (world.hostile(&Behaviour::BurnGas), world.hostile(&answers(0_u128)));
    let ids = [burner, honest].map(|token| world.publish(registry, any_of(&[&[holds(token, 1)]])));
    let [burnt, usual] =
        ids.map(|id| world.call(ana, 0, suite::registry(registry).has_access(id, ana)).weight.ref_time());
    // Both load the same code and get as far as their behaviour; to answer costs little.
    let cost = burnt.saturating_sub(usual);
    assert!((LIMIT - LIMIT / 10..=LIMIT).contains(&cost), "{cost}");
    let [burnt, usual] = ids.map(|id| world.call(ana, 0, suite::registry(registry).check(id, ana)).weight.ref_time());
    let cost = burnt.saturating_sub(usual);
    assert!((LIMIT - LIMIT / 10..=LIMIT).contains(&cost), "{cost}");
}

#[test]
fn burners_in_every_other_rule_do_not_stop_the_one_that_holds() {
    let mut world = World::default();
    let ana = world.ana;
    let burners: Vec<_> = (0..3).map(|_| world.hostile(&Behaviour::BurnGas)).collect();
    let token = world.hostile(&answers(1_u128));
    let mut rules: Vec<_> = burners.iter().map(|burner| vec![holds(*burner, 1)]).collect();
    rules.push(vec![holds(token, 1)]);
    let audience = any_of(&rules.iter().map(Vec::as_slice).collect::<Vec<_>>());
    assert_eq!(world.access_by(audience, ana), by_rule(3));
}

#[test]
fn the_largest_figures_a_contract_can_name_are_counted_without_a_trap() {
    let mut world = World::default();
    let (ana, top) = (world.ana, u64::MAX);
    let largest =
        Standing { level: u8::MAX, since: 0, until: top, tipped: u128::MAX, staked: u128::MAX, staked_since: top };
    let token = world.hostile(&answers(u128::MAX));
    let vault = world.hostile(&answers(largest));
    let all = [
        holds(token, u128::MAX),
        Condition::Staked { vault, amount: u128::MAX },
        Condition::HoldsOrStaked { token, vault, amount: u128::MAX },
        Condition::Subscribed { vault, level: u8::MAX, grace: top },
        Condition::SubscribedFor { vault, level: u8::MAX, lasting: 1 },
        Condition::Tipped { vault, amount: u128::MAX },
    ];
    assert_eq!(world.access_by(any_of(&[&all]), ana), by_rule(0));

    // A subscription that begins after now, or after its end, has not lasted at all.
    let now = world.chain.now();
    for (since, until) in [(now + 1, top), (top, now + 1)] {
        let vault = world.hostile(&answers(subscription(1, since, until)));
        let condition = Condition::SubscribedFor { vault, level: 1, lasting: 5 };
        let shortfall = Shortfall::Subscription { level: 1, ended: None, wait: 5 };
        assert_eq!(world.access_by(any_of(&[&[condition]]), ana), denied(condition, shortfall));
    }
}

#[test]
fn another_contract_can_ask_for_access() {
    let mut world = World::default();
    let (ana, ben, registry) = (world.ana, world.ben, world.registry());
    let token = world.token(&token_terms());
    let id = world.publish(registry, any_of(&[&[holds(token, 1)]]));
    world.make_up_for(
        registry,
        ana,
        &[Missing { condition: holds(token, 1), shortfall: Shortfall::Amount { have: 0, short_by: 1 } }],
    );
    for (fan, may) in [(ana, true), (ben, false)] {
        let club = world.hostile(&Behaviour::Ask { contract: registry, input: has_access(id, fan) });
        // Its answer to any message is the registry's.
        assert_eq!(world.ask(suite::registry(club).has_access(0, fan)), may);
    }
}

#[test]
fn a_caller_that_a_rule_names_is_unavailable_and_stops_no_other_rule() {
    let mut world = World::default();
    let (ana, registry) = (world.ana, world.registry());
    let caller = world.hostile(&Behaviour::Ask { contract: registry, input: has_access(0, ana) });
    let token = world.hostile(&answers(1_u128));
    let id = world.publish(registry, any_of(&[&[holds(caller, 1)], &[subscribed(caller, 1)], &[holds(token, 1)]]));
    assert_eq!(id, 0);
    assert!(world.ask(suite::registry(caller).has_access(0, ana)));

    // Alone, it does not hold.
    let caller = world.hostile(&Behaviour::Ask { contract: registry, input: has_access(1, ana) });
    let id = world.publish(registry, any_of(&[&[holds(caller, 1)], &[subscribed(caller, 1)]]));
    assert_eq!(id, 1);
    assert!(!world.ask(suite::registry(caller).has_access(0, ana)));
}

#[test]
fn a_revert_with_the_very_bytes_of_an_answer_is_none() {
    let mut world = World::default();
    let (ana, reverting) = (world.ana, world.hostile(&Behaviour::Revert(answer(5_u128))));
    let condition = holds(reverting, 5);
    let unavailable = denied(condition, Shortfall::Unavailable { contract: reverting });
    assert_eq!(world.access_by(any_of(&[&[condition]]), ana), unavailable);
}

// What ends the call of whoever asks is a failure to answer in `check`, and fails `has_access` as a whole: the trait's
// documentation says it, and these tests hold the documentation to it.

/// Content that `what` can stop, and that opens by a second rule. Asks both ways, directly or by another contract that asks.
#[track_caller]
fn assert_stops_has_access_alone(world: &mut World, registry: AccountId, what: AccountId) {
    let (ana, token) = (world.ana, world.hostile(&answers(1_u128)));
    let id = world.publish(registry, any_of(&[&[holds(what, 1)], &[holds(token, 1)]]));
    let may = world.chain.query(suite::registry(registry).has_access(id, ana));
    assert!(matches!(may, Err(ChainError::Refused(_))), "{may:?}");
    assert_eq!(world.ask(suite::registry(registry).check(id, ana)), Ok(by_rule(1)));

    let condition = holds(what, 1);
    let id = world.publish(registry, any_of(&[&[condition]]));
    let unavailable = denied(condition, Shortfall::Unavailable { contract: what });
    assert_eq!(world.ask(suite::registry(registry).check(id, ana)), Ok(unavailable.clone()));
    let both = world.ask(suite::registry(registry).check_many(vec![id, id], ana));
    assert_eq!(both, Ok(vec![Some(unavailable.clone()), Some(unavailable)]));
}

#[test]
fn an_answer_of_more_than_16_kib_is_none_to_check_and_fails_has_access() {
    let mut world = World::default();
    let (ana, registry) = (world.ana, world.registry());
    let large = world.hostile(&Behaviour::AnswerZeros(16 * 1024));
    let condition = holds(large, 1);
    let unavailable = denied(condition, Shortfall::Unavailable { contract: large });
    assert_eq!(world.access_by(any_of(&[&[condition]]), ana), unavailable);

    for bytes in [16 * 1024 + 1, 60_000, 900_000] {
        let too_large = world.hostile(&Behaviour::AnswerZeros(bytes));
        assert_stops_has_access_alone(&mut world, registry, too_large);
        // A rule that does not name it is decided before it is asked where it needs no more contracts.
        let now = Condition::NotBefore { time: 0 };
        let id = world.publish(registry, any_of(&[&[holds(too_large, 1)], &[now]]));
        assert_eq!(world.access(registry, id, ana), by_rule(1));
        let balance = world.chain.query(suite::registry(registry).balance_at(too_large, ana));
        assert!(matches!(balance, Err(ChainError::Refused(_))), "{balance:?}");
    }
}

/// Asks the registry by contracts that ask each other, `depth` of them, what content 0 is to ana.
fn asked_from(world: &mut World, registry: AccountId, depth: usize, message: [u8; 4]) -> AccountId {
    let input = [message.to_vec(), (0_u32, world.ana).encode()].concat();
    let mut last = world.hostile(&Behaviour::Ask { contract: registry, input });
    for _ in 1..depth {
        last = world.hostile(&Behaviour::Ask { contract: last, input: vec![0; 4] });
    }
    last
}

#[test]
fn a_contract_up_the_stack_is_unavailable_and_fails_has_access() {
    for (message, check) in
        [(selector_bytes!("ContentRegistry::has_access"), false), (selector_bytes!("ContentRegistry::check"), true)]
    {
        let mut world = World::default();
        let (ana, registry) = (world.ana, world.registry());
        let far = asked_from(&mut world, registry, 2, message);
        let token = world.hostile(&answers(1_u128));
        world.publish(registry, any_of(&[&[holds(far, 1)], &[holds(token, 1)]]));
        if check {
            assert_eq!(world.ask(suite::registry(far).check(0, ana)), Ok(by_rule(1)));
        } else {
            let answer = world.chain.query(suite::registry(far).has_access(0, ana));
            assert!(matches!(answer, Err(ChainError::Refused(_))), "{answer:?}");
        }
    }
}

#[test]
fn a_stack_at_full_depth_gives_no_wrong_answer_and_no_access() {
    let mut world = World::default();
    let (ana, registry) = (world.ana, world.registry());
    let token = world.hostile(&answers(1_u128));
    world.publish(registry, any_of(&[&[holds(token, 1)]]));
    let (mut may, mut granted) = (Vec::new(), Vec::new());
    for depth in 1..6 {
        let last = asked_from(&mut world, registry, depth, selector_bytes!("ContentRegistry::has_access"));
        may.push(world.chain.query(suite::registry(last).has_access(0, ana)).ok());
        let last = asked_from(&mut world, registry, depth, selector_bytes!("ContentRegistry::check"));
        granted.push(
            world.chain.query(suite::registry(last).check(0, ana)).ok().map(|access| access.unwrap().is_granted()),
        );
    }
    // Right or not at all, and not at all from some depth on.
    assert_eq!(may[0], Some(true));
    assert_eq!(granted[0], Some(true));
    let deep = may.iter().position(Option::is_none).expect("a chain limits its stack");
    assert!(may[..deep].iter().all(|answer| *answer == Some(true)), "{may:?}");
    assert!(may[deep..].iter().all(Option::is_none), "{may:?}");
    // A check needs a frame more: where that is one too many, the contract is unavailable.
    let deep = granted.iter().position(|granted| *granted != Some(true)).expect("a chain limits its stack");
    assert!(granted[deep..].iter().all(|answer| *answer != Some(true)), "{granted:?}");
}

#[test]
fn an_asked_contract_stores_nothing_at_the_deposit_of_who_asks() {
    let mut world = World::default();
    let (ana, registry) = (world.ana, world.registry());
    let greedy = world.hostile(&Behaviour::Store { bytes: 1_000, answer: answer(1_u128) });
    let honest = world.hostile(&answers(1_u128));
    let id = world.publish(registry, any_of(&[&[holds(greedy, 1)]]));
    let other = world.publish(registry, any_of(&[&[holds(greedy, 1)], &[holds(honest, 1)]]));
    let before = world.balance(ana);
    for (id, access) in [(id, false), (other, true)] {
        let asked = world.chain.send(&ana.into(), 0, suite::registry(registry).has_access(id, ana));
        assert!(matches!(&asked, Err(ChainError::Refused(why)) if why == "StorageDepositLimitExhausted"), "{asked:?}");
        let receipt = world.call(ana, 0, suite::registry(registry).check(id, ana));
        assert_eq!(receipt.value.unwrap().is_granted(), access);
        assert_eq!(receipt.deposit, 0);
    }
    assert_eq!(world.balance(ana), before);
}
