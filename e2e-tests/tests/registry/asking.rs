//! How little a registry asks: each contract at most once, and none that cannot change the answer.

use hostile::Behaviour;
use patronage::contracts as suite;
use patronage_chain::Receipt;
use patronage_interfaces::{
    patronage::Standing,
    registry::{
        Access, Audience, Condition, ContentId, ContentRegistry, Grant, Missing, RegistryError, Shortfall, MAX_CHECKS,
    },
    AccountId,
};
use test_kit::{
    access::{answers, any_of, asked, by_rule, holds, subscribed, subscription},
    World,
};

/// A registry, and who its contracts were asked by.
struct Library {
    world: World,
    registry: AccountId,
}

impl Library {
    fn new() -> Self {
        let mut world = World::default();
        Self { registry: world.registry(), world }
    }

    fn publish(&mut self, rules: &[&[Condition]]) -> ContentId {
        self.world.publish(self.registry, any_of(rules))
    }

    /// Access of ana, and which contracts `has_access` and `check` asked for it.
    fn decide(&mut self, id: ContentId) -> (Access, Vec<AccountId>, Vec<AccountId>) {
        let (ana, messages) = (self.world.ana, suite::registry(self.registry));
        let has_access: Receipt<bool> = self.world.call(ana, 0, messages.has_access(id, ana));
        let check = self.world.call(ana, 0, suite::registry(self.registry).check(id, ana));
        let (by_has_access, by_check) = (asked(&has_access), asked(&check));
        let access = check.value.unwrap();
        assert_eq!(has_access.value, access.is_granted());
        (access, by_has_access, by_check)
    }
}

/// The one lack in each rule.
fn lacks(access: &Access) -> Vec<Vec<Shortfall>> {
    let Access::Denied(rules) = access else { panic!("{access:?}") };
    rules.iter().map(|rule| rule.iter().map(|missing: &Missing| missing.shortfall).collect()).collect()
}

#[test]
fn a_contract_is_asked_once_however_many_conditions_name_it() {
    let mut library = Library::new();
    let now = library.world.chain.now();
    let token = library.world.hostile(&answers(5_u128));
    let standing = Standing { tipped: 3, staked: 2, ..subscription(1, now, now + 10) };
    let vault = library.world.hostile(&answers(standing));
    let mut rules = Vec::new();
    for extra in 1..=8 {
        rules.push(vec![
            holds(token, 5 + extra),
            Condition::HoldsOrStaked { token, vault, amount: 7 + extra },
            Condition::Staked { vault, amount: 2 + extra },
            Condition::Tipped { vault, amount: 3 + extra },
            Condition::Subscribed { vault, level: 2, grace: extra as u64 },
            Condition::SubscribedFor { vault, level: 1, lasting: extra as u64 },
            holds(token, 6 + extra),
            holds(token, 7 + extra),
        ]);
    }
    let id = library.publish(&rules.iter().map(Vec::as_slice).collect::<Vec<_>>());
    let (access, by_has_access, by_check) = library.decide(id);
    assert_eq!(by_check, [token, vault]);
    // The token alone says no to every rule.
    assert_eq!(by_has_access, [token]);
    let no_level = |wait| Shortfall::Subscription { level: 1, ended: None, wait };
    for (extra, found) in (1..=8).zip(lacks(&access)) {
        let amount = |have, more: u128| Shortfall::Amount { have, short_by: extra as u128 + more };
        let amounts = [amount(5, 0), amount(7, 0), amount(2, 0), amount(3, 0)];
        let rest = [no_level(0), no_level(extra), amount(5, 1), amount(5, 2)];
        assert_eq!(found, [amounts, rest].concat());
    }
}

#[test]
fn one_contract_named_as_token_and_as_vault_is_asked_each_question_once() {
    let mut library = Library::new();
    // A good answer to the one question, and too long for the other.
    let both = library.world.hostile(&answers(subscription(1, 0, u64::MAX)));
    let id = library.publish(&[&[subscribed(both, 2)], &[holds(both, 1), subscribed(both, 1)], &[holds(both, 2)]]);
    let (access, by_has_access, by_check) = library.decide(id);
    let low = Shortfall::Subscription { level: 1, ended: None, wait: 0 };
    let unavailable = Shortfall::Unavailable { contract: both };
    assert_eq!(lacks(&access), [[low], [unavailable], [unavailable]]);
    assert_eq!(by_has_access, vec![both; 2]);
    assert_eq!(by_check, vec![both; 2]);
}

#[test]
fn no_contract_is_asked_when_a_rule_without_any_holds() {
    let mut library = Library::new();
    let token = library.world.hostile(&answers(u128::MAX));
    let open = Condition::NotBefore { time: library.world.chain.now() };
    let id = library.publish(&[&[holds(token, 1)], &[holds(token, 1), open], &[open]]);
    assert_eq!(library.decide(id), (by_rule(2), vec![], vec![]));
}

#[test]
fn a_contract_is_not_asked_when_a_rule_without_it_holds() {
    let mut library = Library::new();
    let token = library.world.hostile(&answers(10_u128));
    let other = library.world.hostile(&answers(10_u128));
    let both = &[holds(other, 10), holds(token, 10)];
    let one = &[holds(token, 10)];
    for rules in [[&both[..], &one[..]], [&one[..], &both[..]]] {
        let id = library.publish(&rules);
        let (access, by_has_access, by_check) = library.decide(id);
        assert!(access.is_granted());
        assert_eq!(by_has_access, vec![token]);
        assert_eq!(by_check, vec![token]);
    }
}

#[test]
fn a_defeated_rule_asks_nothing_more_unless_reasons_are_wanted() {
    let mut library = Library::new();
    let token = library.world.hostile(&answers(10_u128));
    let other = library.world.hostile(&answers(10_u128));
    let later = Condition::NotBefore { time: library.world.chain.now() + 1 };
    let id = library.publish(&[&[holds(token, 10), later], &[holds(token, 11), holds(other, 1)]]);
    let (access, by_has_access, by_check) = library.decide(id);
    assert_eq!(by_has_access, [token]);
    // A denial says of every condition what it lacks, and so has to know.
    assert_eq!(by_check, [token, other]);
    assert_eq!(lacks(&access), [[Shortfall::Time { wait: 1 }], [Shortfall::Amount { have: 10, short_by: 1 }]]);
}

#[test]
fn the_vault_is_not_asked_for_a_stake_when_the_tokens_held_are_enough() {
    let mut library = Library::new();
    let token = library.world.hostile(&answers(10_u128));
    let vault = library.world.hostile(&answers(Standing { staked: 1, ..Standing::default() }));
    let id = library.publish(&[&[Condition::HoldsOrStaked { token, vault, amount: 10 }]]);
    assert_eq!(library.decide(id), (by_rule(0), vec![token], vec![token]));
    let id = library.publish(&[&[Condition::HoldsOrStaked { token, vault, amount: 11 }]]);
    assert_eq!(library.decide(id), (by_rule(0), vec![token, vault], vec![token, vault]));
    let id = library.publish(&[&[Condition::HoldsOrStaked { token, vault, amount: 12 }]]);
    let (access, ..) = library.decide(id);
    assert_eq!(lacks(&access), [[Shortfall::Amount { have: 11, short_by: 1 }]]);
}

#[test]
fn a_contract_that_failed_is_not_asked_again() {
    let mut library = Library::new();
    let (ana, registry) = (library.world.ana, library.registry);
    let broken = library.world.hostile(&Behaviour::Trap);
    let once = library.publish(&[&[holds(broken, 1)]]);
    let often = library.publish(&[&[holds(broken, 1), holds(broken, 2)], &[holds(broken, 3)], &[holds(broken, 4)]]);
    let mut weight = |id| {
        let receipt = library.world.call(ana, 0, suite::registry(registry).check(id, ana));
        assert!(!receipt.value.unwrap().is_granted());
        receipt.weight.ref_time()
    };
    // Its code, which is loaded for each question, is dearer than all that more conditions cost.
    let load = 6_000 * 33_471;
    let (once, often) = (weight(once), weight(often));
    assert!(often < once + load, "{often} against {once}");
}

#[test]
fn many_checks_ask_each_contract_once_for_all_of_them() {
    let mut library = Library::new();
    let (ana, registry) = (library.world.ana, library.registry);
    let token = library.world.hostile(&answers(5_u128));
    let vault = library.world.hostile(&answers(subscription(1, 0, u64::MAX)));
    let ids = [
        library.publish(&[&[holds(token, 5)]]),
        library.publish(&[&[holds(token, 6)]]),
        library.publish(&[&[subscribed(vault, 1)], &[holds(token, 5), subscribed(vault, 2)]]),
        library.world.publish(registry, Audience::Everyone),
        99,
    ];
    let receipt = library.world.call(ana, 0, suite::registry(registry).check_many(ids.to_vec(), ana));
    let few = Missing { condition: holds(token, 6), shortfall: Shortfall::Amount { have: 5, short_by: 1 } };
    let expected = [
        Some(by_rule(0)),
        Some(Access::Denied(vec![vec![few]])),
        Some(by_rule(0)),
        Some(Access::Granted(Grant::Everyone)),
        None,
    ];
    assert_eq!(asked(&receipt), [token, vault]);
    assert_eq!(receipt.value, Ok(expected.to_vec()));
    for (id, expected) in ids.into_iter().zip(expected) {
        assert_eq!(library.world.ask(suite::registry(registry).check(id, ana)).ok(), expected);
    }
}

#[test]
fn many_checks_are_as_many_as_are_allowed_and_fit_into_an_answer() {
    let mut library = Library::new();
    let (ana, registry) = (library.world.ana, library.registry);
    let most = MAX_CHECKS as usize;
    let check = |library: &mut Library, ids| library.world.ask(suite::registry(registry).check_many(ids, ana));
    assert_eq!(check(&mut library, vec![]), Ok(vec![]));
    assert_eq!(check(&mut library, vec![7; most]), Ok(vec![None; most]));
    let too_many = RegistryError::TooManyAtOnce { most: MAX_CHECKS };
    assert_eq!(check(&mut library, vec![7; most + 1]), Err(too_many.into()));

    let later = Condition::NotBefore { time: u64::MAX };
    let large = library.publish(&[&[later; 8][..]; 8]);
    let small = library.publish(&[&[later]]);
    let Err(error) = check(&mut library, vec![large, small, large, large]) else { panic!("they do not fit") };
    let RegistryError::AnswerTooLong { fit } = *error else { panic!("{error:?}") };
    assert_eq!(fit, 3);
    assert!(check(&mut library, vec![large, small, large]).is_ok_and(|answers| answers.len() == 3));
    // The largest that there can be, as often as is allowed.
    assert_eq!(check(&mut library, vec![large; most]), Err(RegistryError::AnswerTooLong { fit: 2 }.into()));
}

#[test]
fn what_the_registry_is_told_can_be_asked_of_it() {
    let mut library = Library::new();
    let (ana, registry) = (library.world.ana, library.registry);
    let standing = Standing { tipped: 3, staked: 2, ..subscription(1, 4, 5) };
    let (token, vault) = (library.world.hostile(&answers(5_u128)), library.world.hostile(&answers(standing)));
    assert_eq!(library.world.ask(suite::registry(registry).balance_at(token, ana)), Some(5));
    assert_eq!(library.world.ask(suite::registry(registry).standing_at(vault, ana)), Some(standing));
    assert_eq!(library.world.ask(suite::registry(registry).balance_at(vault, ana)), None);
    assert_eq!(library.world.ask(suite::registry(registry).standing_at(ana, ana)), None);
}
