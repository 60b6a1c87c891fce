//! Calls of a registry to other contracts: each contract at most once, and none that cannot change the answer.

use hostile::Behaviour;
use patronage::contracts;
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
    TestEnv,
};

/// A registry, and the contracts that it calls.
struct CallFixture {
    env: TestEnv,
    registry: AccountId,
}

impl CallFixture {
    fn new() -> Self {
        let mut env = TestEnv::default();
        Self { registry: env.registry(), env }
    }

    fn publish(&mut self, rules: &[&[Condition]]) -> ContentId {
        self.env.publish(self.registry, any_of(rules))
    }

    /// Access of ana, and the contracts that `has_access` and `check` called.
    fn decide(&mut self, id: ContentId) -> (Access, Vec<AccountId>, Vec<AccountId>) {
        let (ana, messages) = (self.env.ana, contracts::registry(self.registry));
        let has_access: Receipt<bool> = self.env.call(ana, 0, messages.has_access(id, ana));
        let check = self.env.call(ana, 0, contracts::registry(self.registry).check(id, ana));
        let (by_has_access, by_check) = (asked(&has_access), asked(&check));
        let access = check.value.unwrap();
        assert_eq!(has_access.value, access.is_granted());
        (access, by_has_access, by_check)
    }
}

/// The only shortfall in each rule.
fn shortfalls(access: &Access) -> Vec<Vec<Shortfall>> {
    let Access::Denied(rules) = access else { panic!("{access:?}") };
    rules.iter().map(|rule| rule.iter().map(|missing: &Missing| missing.shortfall).collect()).collect()
}

#[test]
fn a_contract_is_called_once_however_many_conditions_name_it() {
    let mut fixture = CallFixture::new();
    let now = fixture.env.chain.now();
    let token = fixture.env.hostile(&answers(5_u128));
    let standing = Standing { tipped: 3, staked: 2, ..subscription(1, now, now + 10) };
    let vault = fixture.env.hostile(&answers(standing));
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
    let id = fixture.publish(&rules.iter().map(Vec::as_slice).collect::<Vec<_>>());
    let (access, by_has_access, by_check) = fixture.decide(id);
    assert_eq!(by_check, [token, vault]);
    // Every rule fails by the token alone.
    assert_eq!(by_has_access, [token]);
    let no_level = |wait| Shortfall::Subscription { level: 1, ended: None, wait };
    for (extra, found) in (1..=8).zip(shortfalls(&access)) {
        let amount = |have, more: u128| Shortfall::Amount { have, short_by: extra as u128 + more };
        let amounts = [amount(5, 0), amount(7, 0), amount(2, 0), amount(3, 0)];
        let rest = [no_level(0), no_level(extra), amount(5, 1), amount(5, 2)];
        assert_eq!(found, [amounts, rest].concat());
    }
}

#[test]
fn a_contract_named_as_token_and_vault_is_called_once_for_each() {
    let mut fixture = CallFixture::new();
    // A valid answer to one query, and too long for the other.
    let both = fixture.env.hostile(&answers(subscription(1, 0, u64::MAX)));
    let id = fixture.publish(&[&[subscribed(both, 2)], &[holds(both, 1), subscribed(both, 1)], &[holds(both, 2)]]);
    let (access, by_has_access, by_check) = fixture.decide(id);
    let low = Shortfall::Subscription { level: 1, ended: None, wait: 0 };
    let unavailable = Shortfall::Unavailable { contract: both };
    assert_eq!(shortfalls(&access), [[low], [unavailable], [unavailable]]);
    assert_eq!(by_has_access, vec![both; 2]);
    assert_eq!(by_check, vec![both; 2]);
}

#[test]
fn no_contract_is_called_when_a_rule_without_contracts_holds() {
    let mut fixture = CallFixture::new();
    let token = fixture.env.hostile(&answers(u128::MAX));
    let open = Condition::NotBefore { time: fixture.env.chain.now() };
    let id = fixture.publish(&[&[holds(token, 1)], &[holds(token, 1), open], &[open]]);
    assert_eq!(fixture.decide(id), (by_rule(2), vec![], vec![]));
}

#[test]
fn a_contract_is_not_called_when_a_rule_without_it_holds() {
    let mut fixture = CallFixture::new();
    let token = fixture.env.hostile(&answers(10_u128));
    let other = fixture.env.hostile(&answers(10_u128));
    let both = &[holds(other, 10), holds(token, 10)];
    let one = &[holds(token, 10)];
    for rules in [[&both[..], &one[..]], [&one[..], &both[..]]] {
        let id = fixture.publish(&rules);
        let (access, by_has_access, by_check) = fixture.decide(id);
        assert!(access.is_granted());
        assert_eq!(by_has_access, vec![token]);
        assert_eq!(by_check, vec![token]);
    }
}

#[test]
fn a_failed_rule_calls_no_more_contracts_unless_reasons_are_needed() {
    let mut fixture = CallFixture::new();
    let token = fixture.env.hostile(&answers(10_u128));
    let other = fixture.env.hostile(&answers(10_u128));
    let later = Condition::NotBefore { time: fixture.env.chain.now() + 1 };
    let id = fixture.publish(&[&[holds(token, 10), later], &[holds(token, 11), holds(other, 1)]]);
    let (access, by_has_access, by_check) = fixture.decide(id);
    assert_eq!(by_has_access, [token]);
    // `check` needs the answer to every condition for its reasons.
    assert_eq!(by_check, [token, other]);
    assert_eq!(shortfalls(&access), [[Shortfall::Time { wait: 1 }], [Shortfall::Amount { have: 10, short_by: 1 }]]);
}

#[test]
fn the_vault_is_not_called_for_a_stake_when_held_tokens_are_enough() {
    let mut fixture = CallFixture::new();
    let token = fixture.env.hostile(&answers(10_u128));
    let vault = fixture.env.hostile(&answers(Standing { staked: 1, ..Standing::default() }));
    let id = fixture.publish(&[&[Condition::HoldsOrStaked { token, vault, amount: 10 }]]);
    assert_eq!(fixture.decide(id), (by_rule(0), vec![token], vec![token]));
    let id = fixture.publish(&[&[Condition::HoldsOrStaked { token, vault, amount: 11 }]]);
    assert_eq!(fixture.decide(id), (by_rule(0), vec![token, vault], vec![token, vault]));
    let id = fixture.publish(&[&[Condition::HoldsOrStaked { token, vault, amount: 12 }]]);
    let (access, ..) = fixture.decide(id);
    assert_eq!(shortfalls(&access), [[Shortfall::Amount { have: 11, short_by: 1 }]]);
}

#[test]
fn a_contract_that_failed_is_not_called_again() {
    let mut fixture = CallFixture::new();
    let (ana, registry) = (fixture.env.ana, fixture.registry);
    let broken = fixture.env.hostile(&Behaviour::Trap);
    let once = fixture.publish(&[&[holds(broken, 1)]]);
    let often = fixture.publish(&[&[holds(broken, 1), holds(broken, 2)], &[holds(broken, 3)], &[holds(broken, 4)]]);
    let mut weight = |id| {
        let receipt = fixture.env.call(ana, 0, contracts::registry(registry).check(id, ana));
        assert!(!receipt.value.unwrap().is_granted());
        receipt.weight.ref_time()
    };
    // Loading its code for each call would cost more than many conditions.
    let load = 6_000 * 33_471;
    let (once, often) = (weight(once), weight(often));
    assert!(often < once + load, "{often} against {once}");
}

#[test]
fn check_many_calls_each_contract_once_for_all_contents() {
    let mut fixture = CallFixture::new();
    let (ana, registry) = (fixture.env.ana, fixture.registry);
    let token = fixture.env.hostile(&answers(5_u128));
    let vault = fixture.env.hostile(&answers(subscription(1, 0, u64::MAX)));
    let ids = [
        fixture.publish(&[&[holds(token, 5)]]),
        fixture.publish(&[&[holds(token, 6)]]),
        fixture.publish(&[&[subscribed(vault, 1)], &[holds(token, 5), subscribed(vault, 2)]]),
        fixture.env.publish(registry, Audience::Everyone),
        99,
    ];
    let receipt = fixture.env.call(ana, 0, contracts::registry(registry).check_many(ids.to_vec(), ana));
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
        assert_eq!(fixture.env.ask(contracts::registry(registry).check(id, ana)).ok(), expected);
    }
}

#[test]
fn check_many_is_limited_in_number_and_length_of_the_answer() {
    let mut fixture = CallFixture::new();
    let (ana, registry) = (fixture.env.ana, fixture.registry);
    let most = MAX_CHECKS as usize;
    let check = |fixture: &mut CallFixture, ids| fixture.env.ask(contracts::registry(registry).check_many(ids, ana));
    assert_eq!(check(&mut fixture, vec![]), Ok(vec![]));
    assert_eq!(check(&mut fixture, vec![7; most]), Ok(vec![None; most]));
    let too_many = RegistryError::TooManyAtOnce { most: MAX_CHECKS };
    assert_eq!(check(&mut fixture, vec![7; most + 1]), Err(too_many.into()));

    let later = Condition::NotBefore { time: u64::MAX };
    let large = fixture.publish(&[&[later; 8][..]; 8]);
    let small = fixture.publish(&[&[later]]);
    let Err(error) = check(&mut fixture, vec![large, small, large, large]) else { panic!("they do not fit") };
    let RegistryError::AnswerTooLong { fit } = *error else { panic!("{error:?}") };
    assert_eq!(fit, 3);
    assert!(check(&mut fixture, vec![large, small, large]).is_ok_and(|answers| answers.len() == 3));
    // The largest answers, as many as are allowed.
    assert_eq!(check(&mut fixture, vec![large; most]), Err(RegistryError::AnswerTooLong { fit: 2 }.into()));
}

#[test]
fn queries_of_the_registry_are_also_public_messages() {
    let mut fixture = CallFixture::new();
    let (ana, registry) = (fixture.env.ana, fixture.registry);
    let standing = Standing { tipped: 3, staked: 2, ..subscription(1, 4, 5) };
    let (token, vault) = (fixture.env.hostile(&answers(5_u128)), fixture.env.hostile(&answers(standing)));
    assert_eq!(fixture.env.ask(contracts::registry(registry).balance_at(token, ana)), Some(5));
    assert_eq!(fixture.env.ask(contracts::registry(registry).standing_at(vault, ana)), Some(standing));
    assert_eq!(fixture.env.ask(contracts::registry(registry).balance_at(vault, ana)), None);
    assert_eq!(fixture.env.ask(contracts::registry(registry).standing_at(ana, ana)), None);
}
