use std::{
    cell::RefCell,
    collections::{BTreeMap, BTreeSet},
    rc::Rc,
    vec,
    vec::Vec,
};

use super::*;
use crate::content::{ContentId, Entry, PurchaseError, Terms};

mod properties;
mod terms;

// Contracts are single bytes here: tokens 0..3, vaults 10..13.
type Id = u8;

const NOW: u64 = 1_000;

/// The facts about one account. A contract that is not in a map is unavailable.
#[derive(Debug, Clone, Default, PartialEq)]
struct Facts {
    balances: BTreeMap<Id, u128>,
    standings: BTreeMap<Id, Standing>,
    bought: BTreeSet<ContentId>,
    prices: BTreeMap<ContentId, u128>,
    lists: BTreeSet<ListId>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Asked {
    Balance(Id),
    Standing(Id),
    Bought(ContentId),
    Listed(ListId),
}

impl Asked {
    /// Whether another contract was asked.
    fn is_foreign(&self) -> bool {
        matches!(self, Asked::Balance(_) | Asked::Standing(_))
    }
}

/// An oracle that answers from facts and logs its queries, in order.
struct RecordingOracle<'a> {
    facts: &'a Facts,
    log: Rc<RefCell<Vec<Asked>>>,
}

impl AccessOracle<Id> for RecordingOracle<'_> {
    fn balance_of(&mut self, token: &Id) -> Option<u128> {
        self.log.borrow_mut().push(Asked::Balance(*token));
        self.facts.balances.get(token).copied()
    }

    fn standing_of(&mut self, vault: &Id) -> Option<Standing> {
        self.log.borrow_mut().push(Asked::Standing(*vault));
        self.facts.standings.get(vault).copied()
    }

    fn has_bought(&mut self, content: ContentId) -> bool {
        self.log.borrow_mut().push(Asked::Bought(content));
        self.facts.bought.contains(&content)
    }

    fn price_of(&mut self, content: ContentId) -> Option<u128> {
        self.facts.prices.get(&content).copied()
    }

    fn is_listed(&mut self, list: ListId) -> bool {
        self.log.borrow_mut().push(Asked::Listed(list));
        self.facts.lists.contains(&list)
    }
}

/// Content 7, for this audience at once, and never sold.
const THIS: ContentId = 7;

fn entry(audience: &Audience<Id>) -> Entry<Id> {
    Entry { terms: audience.clone().into(), sold: false }
}

fn evaluator<'e>(facts: &Facts, now: u64) -> (Evaluator<'e, Id, RecordingOracle<'_>>, Rc<RefCell<Vec<Asked>>>) {
    let log = Rc::default();
    (Evaluator::new(RecordingOracle { facts, log: Rc::clone(&log) }, now), log)
}

fn grant(audience: &Audience<Id>, facts: &Facts, now: u64) -> (Option<Grant>, Vec<Asked>) {
    let entry = entry(audience);
    let (mut evaluator, log) = evaluator(facts, now);
    let grant = evaluator.grant(THIS, &entry);
    (grant, log.take())
}

fn check(audience: &Audience<Id>, facts: &Facts, now: u64) -> (Access<Id>, Vec<Asked>) {
    let entry = entry(audience);
    let (mut evaluator, log) = evaluator(facts, now);
    let access = evaluator.check(THIS, &entry);
    (access, log.take())
}

fn holds(token: Id, amount: u128) -> Condition<Id> {
    Condition::Holds { token, amount }
}

fn subscribed(vault: Id, level: u8) -> Condition<Id> {
    Condition::Subscribed { vault, level, grace: 0 }
}

fn lacks(condition: Condition<Id>, shortfall: Shortfall<Id>) -> Missing<Id> {
    Missing { condition, shortfall }
}

/// What is missing for the one condition of a denial.
fn shortfall(access: Access<Id>) -> Shortfall<Id> {
    match access {
        Access::Denied(missing) => missing[0][0].shortfall,
        Access::Granted(grant) => panic!("granted: {grant:?}"),
    }
}

fn facts_with(balances: &[(Id, u128)], standings: &[(Id, Standing)]) -> Facts {
    let (balances, standings) = (balances.iter().copied().collect(), standings.iter().copied().collect());
    Facts { balances, standings, ..Facts::default() }
}

fn subscription(level: u8, since: u64, until: u64) -> Standing {
    Standing { level, since, until, ..Standing::default() }
}

#[test]
fn everyone_and_nobody_ask_no_contract() {
    let facts = facts_with(&[], &[]);
    assert_eq!(check(&Audience::Everyone, &facts, NOW), (Access::Granted(Grant::Everyone), vec![]));
    assert_eq!(check(&Audience::Nobody, &facts, NOW), (Access::Denied(vec![]), vec![]));
}

#[test]
fn the_rule_that_needs_fewer_contracts_goes_first() {
    let audience = Audience::AnyOf(vec![vec![subscribed(10, 1), holds(0, 5)], vec![holds(0, 5)]]);
    let facts = facts_with(&[(0, 5)], &[(10, subscription(1, 0, NOW + 1))]);
    assert_eq!(grant(&audience, &facts, NOW), (Some(Grant::Rule(1)), vec![Asked::Balance(0)]));
}

#[test]
fn a_rule_that_has_failed_asks_nothing_further() {
    let too_early = Condition::NotBefore { time: NOW + 1 };
    let audience = Audience::AnyOf(vec![vec![holds(0, 5), subscribed(10, 1)], vec![holds(1, 1), too_early]]);
    assert_eq!(grant(&audience, &facts_with(&[(0, 4)], &[]), NOW), (None, vec![Asked::Balance(0)]));
}

#[test]
fn a_denial_says_by_how_much_each_condition_is_missed() {
    let audience = Audience::AnyOf(vec![
        vec![holds(0, 5), subscribed(10, 2)],
        vec![
            Condition::Staked { vault: 10, amount: 7 },
            Condition::HoldsOrStaked { token: 0, vault: 10, amount: 9 },
            Condition::Tipped { vault: 10, amount: 3 },
            Condition::NotBefore { time: NOW + 60 },
            holds(0, 1),
        ],
    ]);
    let standing = Standing { level: 1, since: 10, until: NOW + 1, tipped: 1, staked: 3, staked_since: 0 };
    let Audience::AnyOf(rules) = &audience else { unreachable!() };
    let missing = vec![
        vec![
            lacks(rules[0][0], Shortfall::Amount { have: 4, short_by: 1 }),
            lacks(rules[0][1], Shortfall::Subscription { level: 1, ended: None, wait: 0 }),
        ],
        vec![
            lacks(rules[1][0], Shortfall::Amount { have: 3, short_by: 4 }),
            lacks(rules[1][1], Shortfall::Amount { have: 7, short_by: 2 }),
            lacks(rules[1][2], Shortfall::Amount { have: 1, short_by: 2 }),
            lacks(rules[1][3], Shortfall::Time { wait: 60 }),
        ],
    ];
    assert_eq!(
        check(&audience, &facts_with(&[(0, 4)], &[(10, standing)]), NOW),
        (Access::Denied(missing), vec![Asked::Balance(0), Asked::Standing(10)])
    );
}

#[test]
fn a_contract_that_does_not_answer_fails_only_its_own_conditions() {
    let audience = Audience::AnyOf(vec![vec![holds(0, 1)], vec![subscribed(10, 1), holds(1, 5)]]);
    let fan = subscription(1, 0, NOW + 1);
    assert_eq!(grant(&audience, &facts_with(&[(1, 5)], &[(10, fan)]), NOW).0, Some(Grant::Rule(1)));
    assert_eq!(
        check(&audience, &facts_with(&[(1, 3)], &[]), NOW).0,
        Access::Denied(vec![
            vec![lacks(holds(0, 1), Shortfall::Unavailable { contract: 0 })],
            vec![
                lacks(subscribed(10, 1), Shortfall::Unavailable { contract: 10 }),
                lacks(holds(1, 5), Shortfall::Amount { have: 3, short_by: 2 }),
            ],
        ])
    );
}

#[test]
fn either_half_of_a_sum_is_enough_while_the_other_is_unavailable() {
    let audience = Audience::AnyOf(vec![vec![Condition::HoldsOrStaked { token: 0, vault: 10, amount: 5 }]]);
    let staker = Standing { staked: 5, ..Standing::default() };
    assert_eq!(grant(&audience, &facts_with(&[], &[(10, staker)]), NOW).0, Some(Grant::Rule(0)));
    assert_eq!(grant(&audience, &facts_with(&[(0, 5)], &[]), NOW), (Some(Grant::Rule(0)), vec![Asked::Balance(0)]));
    let (denied, _) = check(&audience, &facts_with(&[(0, 4)], &[]), NOW);
    assert_eq!(shortfall(denied), Shortfall::Unavailable { contract: 10 });
}

#[test]
fn a_subscription_counts_until_its_end_and_through_its_grace() {
    let facts = facts_with(&[], &[(10, subscription(2, NOW - 10, NOW))]);
    let with_grace = |grace| Audience::AnyOf(vec![vec![Condition::Subscribed { vault: 10, level: 2, grace }]]);
    assert_eq!(grant(&with_grace(0), &facts, NOW - 1).0, Some(Grant::Rule(0)));
    let lapsed = Shortfall::Subscription { level: 0, ended: Some(NOW), wait: 0 };
    assert_eq!(shortfall(check(&with_grace(0), &facts, NOW).0), lapsed);
    assert_eq!(grant(&with_grace(5), &facts, NOW + 4).0, Some(Grant::Rule(0)));
    assert_eq!(shortfall(check(&with_grace(5), &facts, NOW + 5).0), lapsed);
    assert_eq!(grant(&with_grace(u64::MAX), &facts, u64::MAX - 1).0, Some(Grant::Rule(0)));
}

#[test]
fn loyalty_says_how_long_it_still_takes() {
    let audience = Audience::AnyOf(vec![vec![Condition::SubscribedFor { vault: 10, level: 1, lasting: 30 }]]);
    let lack_at = |facts, now| shortfall(check(&audience, facts, now).0);
    let running = facts_with(&[], &[(10, subscription(1, NOW - 20, NOW + 100))]);
    assert_eq!(lack_at(&running, NOW), Shortfall::Subscription { level: 1, ended: None, wait: 10 });
    assert_eq!(grant(&audience, &running, NOW + 10).0, Some(Grant::Rule(0)));
    let lapsed = Shortfall::Subscription { level: 0, ended: Some(NOW + 100), wait: 30 };
    assert_eq!(lack_at(&running, NOW + 100), lapsed);
    let stranger = facts_with(&[], &[(10, Standing::default())]);
    assert_eq!(lack_at(&stranger, NOW), Shortfall::Subscription { level: 0, ended: None, wait: 30 });
}

#[test]
fn validate_names_what_is_wrong_and_where() {
    let any_of = |rules: &[Rule<Id>]| Audience::AnyOf(rules.to_vec()).validate();
    let fine = vec![holds(0, 1)];
    assert_eq!(any_of(&[]), Err(InvalidAudience::NoRules));
    assert_eq!(any_of(&vec![fine.clone(); 8]), Ok(()));
    assert_eq!(any_of(&vec![fine.clone(); 9]), Err(InvalidAudience::TooManyRules));
    assert_eq!(any_of(&[fine.clone(), vec![]]), Err(InvalidAudience::EmptyRule { rule: 1 }));
    assert_eq!(any_of(&[vec![holds(0, 1); 8]]), Ok(()));
    assert_eq!(any_of(&[vec![holds(0, 1); 9]]), Err(InvalidAudience::TooManyConditions { rule: 0 }));
    for zero in [
        holds(0, 0),
        Condition::Staked { vault: 10, amount: 0 },
        Condition::HoldsOrStaked { token: 0, vault: 10, amount: 0 },
        Condition::Tipped { vault: 10, amount: 0 },
    ] {
        assert_eq!(any_of(&[fine.clone(), vec![holds(0, 1), zero]]), Err(InvalidAudience::ZeroAmount { rule: 1 }));
    }
    let loyal_to_nothing = Condition::SubscribedFor { vault: 10, level: 0, lasting: 1 };
    for zero in [subscribed(10, 0), loyal_to_nothing] {
        assert_eq!(any_of(&[vec![holds(0, 1), zero]]), Err(InvalidAudience::ZeroLevel { rule: 0 }));
    }
}

#[test]
fn an_audience_names_the_contracts_of_its_conditions_only() {
    for (condition, named) in [
        (holds(1, 1), &[1][..]),
        (Condition::Staked { vault: 10, amount: 1 }, &[10]),
        (Condition::HoldsOrStaked { token: 1, vault: 10, amount: 1 }, &[1, 10]),
        (subscribed(10, 1), &[10]),
        (Condition::SubscribedFor { vault: 10, level: 1, lasting: 1 }, &[10]),
        (Condition::Tipped { vault: 10, amount: 1 }, &[10]),
        (Condition::NotBefore { time: 1 }, &[]),
        (Condition::Bought { content: 1 }, &[]),
        (Condition::Listed { list: 1 }, &[]),
    ] {
        let audience = Audience::AnyOf(vec![vec![Condition::NotBefore { time: 0 }], vec![condition]]);
        let found: Vec<Id> = (0..20).filter(|id| audience.names(id)).collect();
        assert_eq!(found, named);
    }
    assert!(!Audience::Everyone.names(&0));
}

#[test]
fn of_rules_that_are_as_easy_the_first_is_asked_first() {
    let audience = Audience::AnyOf(vec![vec![holds(1, 5)], vec![holds(2, 5)], vec![subscribed(10, 1)]]);
    let facts = Facts { balances: [(1, 5), (2, 5)].into(), ..Facts::default() };
    let (granted, asked) = grant(&audience, &facts, NOW);
    assert_eq!(granted, Some(Grant::Rule(0)));
    assert_eq!(asked, [Asked::Balance(1)]);
}

/// The contract counts with this bound whether its answer still fits. It is exact but for the lengths of lists.
#[cfg(feature = "codec")]
#[test]
fn no_answer_is_longer_than_its_bound() {
    use parity_scale_codec::Encode;
    type Account = [u8; 32];
    let account: Account = [7; 32];
    let longest = Missing {
        condition: Condition::HoldsOrStaked { token: account, vault: account, amount: u128::MAX },
        shortfall: Shortfall::Amount { have: u128::MAX, short_by: u128::MAX },
    };
    for rules in 0..=MAX_RULES {
        let access = Access::Denied(vec![vec![longest; MAX_CONDITIONS]; rules]);
        assert!(access.encoded_size() <= access.most_bytes());
        assert!(access.most_bytes() - access.encoded_size() <= 4 + 3 * rules);
    }
    for grant in [Grant::Rule(u8::MAX), Grant::Everyone, Grant::Purchase] {
        let access = Access::<Account>::Granted(grant);
        assert!(access.encoded_size() <= access.most_bytes());
    }
}

#[cfg(feature = "codec")]
#[test]
fn every_invalid_audience_is_written_as_the_derived_decoder_reads_it() {
    use parity_scale_codec::{Decode, Encode};
    let seen = ink_lite::testing::assert_variants_written(|bytes| InvalidAudience::decode(bytes).ok(), Encode::encode);
    assert!(seen.into_iter().eq(0..6));
}
