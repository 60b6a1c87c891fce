use std::{collections::BTreeSet, vec, vec::Vec};

use proptest::prelude::*;

use super::*;
use crate::testing::config;

/// The definition, with all facts at hand: any rule of which all conditions hold.
fn naive_condition(condition: &Condition<Id>, facts: &Facts, now: u64) -> bool {
    let balance = |token| facts.balances.get(token);
    let standing = |vault| facts.standings.get(vault);
    match condition {
        Condition::Holds { token, amount } => balance(token).is_some_and(|held| held >= amount),
        Condition::Staked { vault, amount } => standing(vault).is_some_and(|s| s.staked >= *amount),
        Condition::HoldsOrStaked { token, vault, amount } => {
            let held = balance(token).copied().unwrap_or(0);
            held.saturating_add(standing(vault).map_or(0, |s| s.staked)) >= *amount
        }
        Condition::Subscribed { vault, level, grace } => standing(vault)
            .is_some_and(|s| s.level >= *level && u128::from(now) < u128::from(s.until) + u128::from(*grace)),
        Condition::SubscribedFor { vault, level, lasting } => {
            standing(vault).is_some_and(|s| s.level >= *level && now < s.until && now >= s.since + lasting)
        }
        Condition::Tipped { vault, amount } => standing(vault).is_some_and(|s| s.tipped >= *amount),
        Condition::NotBefore { time } => now >= *time,
        Condition::Bought { content } => facts.bought.contains(content),
        Condition::Listed { list } => facts.lists.contains(list),
    }
}

fn naive_rule(rule: &Rule<Id>, facts: &Facts, now: u64) -> bool {
    rule.iter().all(|condition| naive_condition(condition, facts, now))
}

pub(super) fn naive(audience: &Audience<Id>, facts: &Facts, now: u64) -> bool {
    match audience {
        Audience::Everyone => true,
        Audience::Nobody => false,
        Audience::AnyOf(rules) => rules.iter().any(|rule| naive_rule(rule, facts, now)),
    }
}

fn token() -> impl Strategy<Value = Id> {
    0u8..3
}

fn vault() -> impl Strategy<Value = Id> {
    10u8..13
}

// Small ranges, so that conditions share contracts and amounts hit their bounds; sometimes the extremes.
fn amount() -> impl Strategy<Value = u128> {
    prop_oneof![8 => 1u128..6, 1 => Just(u128::MAX)]
}

fn grace() -> impl Strategy<Value = u64> {
    prop_oneof![4 => Just(0u64), 4 => 1u64..5, 1 => Just(u64::MAX)]
}

// At most the age of the test's standings, so that some standing can always satisfy it.
fn lasting() -> impl Strategy<Value = u64> {
    prop_oneof![4 => Just(0u64), 4 => 1u64..8, 1 => Just(NOW)]
}

fn condition() -> impl Strategy<Value = Condition<Id>> {
    prop_oneof![
        (token(), amount()).prop_map(|(token, amount)| Condition::Holds { token, amount }),
        (vault(), amount()).prop_map(|(vault, amount)| Condition::Staked { vault, amount }),
        (token(), vault(), amount()).prop_map(|(token, vault, amount)| Condition::HoldsOrStaked {
            token,
            vault,
            amount
        }),
        (vault(), 1u8..4, grace()).prop_map(|(vault, level, grace)| Condition::Subscribed { vault, level, grace }),
        (vault(), 1u8..4, lasting()).prop_map(|(vault, level, lasting)| Condition::SubscribedFor {
            vault,
            level,
            lasting
        }),
        (vault(), amount()).prop_map(|(vault, amount)| Condition::Tipped { vault, amount }),
        (NOW - 3..NOW + 3).prop_map(|time| Condition::NotBefore { time }),
        (0u32..3).prop_map(|content| Condition::Bought { content }),
        (0u32..3).prop_map(|list| Condition::Listed { list }),
    ]
}

pub(super) fn audience() -> impl Strategy<Value = Audience<Id>> {
    let rules = prop::collection::vec(prop::collection::vec(condition(), 1..=4), 1..=4);
    prop_oneof![1 => Just(Audience::Everyone), 1 => Just(Audience::Nobody), 30 => rules.prop_map(Audience::AnyOf)]
}

/// A standing as vaults return it: without a subscription, or with one that began before its end and not in the future.
fn standing() -> impl Strategy<Value = Standing> {
    let subscription = prop_oneof![
        1 => Just((0, 0, 0)),
        4 => (1u8..4, NOW - 5..=NOW, 1u64..8).prop_map(|(level, since, length)| (level, since, since + length)),
    ];
    (subscription, 0u128..6, 0u128..6).prop_map(|((level, since, until), tipped, staked)| Standing {
        level,
        since,
        until,
        tipped,
        staked,
        staked_since: 0,
    })
}

/// Bought content, and lists that the account is on. All content is for sale.
fn own_records() -> impl Strategy<Value = (BTreeSet<ContentId>, BTreeSet<ListId>)> {
    let some = || prop::collection::btree_set(0u32..3, 0..3);
    (some(), some())
}

pub(super) fn available_facts() -> impl Strategy<Value = Facts> {
    (prop::collection::vec(0u128..6, 3), prop::collection::vec(standing(), 3), own_records()).prop_map(
        |(balances, standings, (bought, lists))| Facts {
            balances: (0..).zip(balances).collect(),
            standings: (10..).zip(standings).collect(),
            bought,
            prices: (0..3).chain([THIS]).map(|content| (content, 100 + u128::from(content))).collect(),
            lists,
        },
    )
}

/// Facts of which every contract may be unavailable.
pub(super) fn facts() -> impl Strategy<Value = Facts> {
    (available_facts(), prop::collection::vec(prop::bool::weighted(0.25), 6)).prop_map(|(mut facts, gone)| {
        facts.balances.retain(|token, _| !gone[usize::from(*token)]);
        facts.standings.retain(|vault, _| !gone[usize::from(*vault - 7)]);
        facts
    })
}

/// `facts` with only the contracts in `asked`.
fn restricted(facts: &Facts, asked: &[Asked]) -> Facts {
    let mut known = facts.clone();
    known.balances.retain(|token, _| asked.contains(&Asked::Balance(*token)));
    known.standings.retain(|vault, _| asked.contains(&Asked::Standing(*vault)));
    known
}

/// `facts` with the best possible answer of every contract that is not in `asked`.
fn hopeful(facts: &Facts, asked: &[Asked]) -> Facts {
    let best =
        Standing { level: u8::MAX, since: 0, until: u64::MAX, tipped: u128::MAX, staked: u128::MAX, staked_since: 0 };
    let mut hoped = restricted(facts, asked);
    for token in (0..3).filter(|token| !asked.contains(&Asked::Balance(*token))) {
        hoped.balances.insert(token, u128::MAX);
    }
    for vault in (10..13).filter(|vault| !asked.contains(&Asked::Standing(*vault))) {
        hoped.standings.insert(vault, best);
    }
    hoped
}

fn asks(condition: &Condition<Id>, question: Asked) -> bool {
    match (condition, question) {
        (Condition::Holds { token, .. } | Condition::HoldsOrStaked { token, .. }, Asked::Balance(id)) => *token == id,
        (
            Condition::Staked { vault, .. }
            | Condition::HoldsOrStaked { vault, .. }
            | Condition::Subscribed { vault, .. }
            | Condition::SubscribedFor { vault, .. }
            | Condition::Tipped { vault, .. },
            Asked::Standing(id),
        ) => *vault == id,
        _ => false,
    }
}

/// Does what a denial asks for `rule`, and extends the subscriptions that counted. Returns the time when it is done.
pub(super) fn satisfy(rule: &Rule<Id>, missing: &[Missing<Id>], facts: &mut Facts) -> u64 {
    let counted = rule.iter().filter(|condition| naive_condition(condition, facts, NOW));
    let mut kept_up: Vec<Id> = counted
        .filter_map(|condition| match condition {
            Condition::Subscribed { vault, .. } | Condition::SubscribedFor { vault, .. } => Some(*vault),
            _ => None,
        })
        .collect();
    let mut now = NOW;
    for Missing { condition, shortfall } in missing {
        match (condition, shortfall) {
            (Condition::Holds { token, .. }, Shortfall::Amount { have, short_by }) => {
                let held = facts.balances.entry(*token).or_default();
                *held = (*held).max(have + short_by);
            }
            (Condition::Staked { vault, .. }, Shortfall::Amount { have, short_by }) => {
                let staked = &mut facts.standings.entry(*vault).or_default().staked;
                *staked = (*staked).max(have + short_by);
            }
            (Condition::HoldsOrStaked { token, .. }, Shortfall::Amount { short_by, .. }) => {
                let held = facts.balances.entry(*token).or_default();
                *held = held.saturating_add(*short_by);
            }
            (Condition::Tipped { vault, .. }, Shortfall::Amount { have, short_by }) => {
                let tipped = &mut facts.standings.entry(*vault).or_default().tipped;
                *tipped = (*tipped).max(have + short_by);
            }
            (
                Condition::Subscribed { vault, level: needed, .. }
                | Condition::SubscribedFor { vault, level: needed, .. },
                Shortfall::Subscription { level, wait, .. },
            ) => {
                let standing = facts.standings.entry(*vault).or_default();
                if *level == 0 && standing.since < NOW {
                    // A new subscription, at the level at which the old one must be extended, if any.
                    standing.since = NOW;
                    standing.level = if kept_up.contains(vault) { standing.level } else { 0 };
                }
                standing.level = standing.level.max(*needed);
                kept_up.push(*vault);
                now = now.max(NOW + wait);
            }
            (Condition::NotBefore { .. }, Shortfall::Time { wait }) => now = now.max(NOW + wait),
            (Condition::Bought { content }, Shortfall::Purchase { price }) => {
                assert_eq!(*price, facts.prices.get(content).copied());
                facts.bought.insert(*content);
            }
            (Condition::Listed { list }, Shortfall::NotListed) => drop(facts.lists.insert(*list)),
            _ => panic!("{shortfall:?} says nothing about {condition:?}"),
        }
    }
    for vault in kept_up {
        let standing = facts.standings.entry(vault).or_default();
        standing.until = standing.until.max(now + 1);
    }
    now
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn grants_exactly_what_the_definition_grants(audience in audience(), facts in facts()) {
        prop_assert_eq!(grant(&audience, &facts, NOW).0.is_some(), naive(&audience, &facts, NOW));
    }

    #[test]
    fn the_rule_named_by_a_grant_holds(audience in audience(), facts in facts()) {
        if let (Some(Grant::Rule(index)), Audience::AnyOf(rules)) = (grant(&audience, &facts, NOW).0, &audience) {
            prop_assert!(naive_rule(&rules[usize::from(index)], &facts, NOW));
        }
    }

    #[test]
    fn check_grants_exactly_when_grant_does(audience in audience(), facts in facts()) {
        let (granted, _) = grant(&audience, &facts, NOW);
        match (check(&audience, &facts, NOW).0, granted) {
            (Access::Granted(checked), granted) => prop_assert_eq!(Some(checked), granted),
            (Access::Denied(_), granted) => prop_assert_eq!(granted, None),
        }
    }

    #[test]
    fn a_denial_lists_exactly_the_conditions_that_do_not_hold(audience in audience(), facts in facts()) {
        if let (Access::Denied(missing), Audience::AnyOf(rules)) = (check(&audience, &facts, NOW).0, &audience) {
            let counts: Vec<usize> = missing.iter().map(Vec::len).collect();
            let unmet = |rule: &Rule<Id>| rule.iter().filter(|c| !naive_condition(c, &facts, NOW)).count();
            prop_assert_eq!(counts, rules.iter().map(unmet).collect::<Vec<_>>());
        }
    }

    #[test]
    fn doing_what_a_denial_says_for_any_one_rule_grants(audience in audience(), facts in available_facts()) {
        if let (Access::Denied(missing), Audience::AnyOf(rules)) = (check(&audience, &facts, NOW).0, &audience) {
            for (rule, missing) in rules.iter().zip(missing) {
                let mut improved = facts.clone();
                let now = satisfy(rule, &missing, &mut improved);
                let only = Audience::AnyOf(vec![rule.clone()]);
                prop_assert!(grant(&only, &improved, now).0.is_some(), "{:?} at {}", improved, now);
                prop_assert!(grant(&audience, &improved, now).0.is_some());
            }
        }
    }

    #[test]
    fn having_more_never_loses_access(
        audience in audience(),
        facts in facts(),
        token in token(),
        vault in vault(),
        more in 0u128..4,
        longer in 0u64..4,
    ) {
        let mut richer = facts.clone();
        richer.balances.entry(token).and_modify(|held| *held += more);
        richer.standings.entry(vault).and_modify(|standing| {
            standing.staked += more;
            standing.tipped += more;
            standing.until += longer;
            standing.since = standing.since.saturating_sub(longer);
            standing.level = standing.level.saturating_add(u8::try_from(more).unwrap());
        });
        if grant(&audience, &facts, NOW).0.is_some() {
            prop_assert!(grant(&audience, &richer, NOW).0.is_some());
        }
    }

    #[test]
    fn no_contract_is_asked_the_same_twice(first in audience(), second in audience(), facts in facts()) {
        let (first, second) = (entry(&first), entry(&second));
        let (mut evaluator, log) = evaluator(&facts, NOW);
        evaluator.check(0, &first);
        evaluator.check(1, &second);
        evaluator.grant(2, &first);
        let mut asked = log.take();
        let count = asked.len();
        asked.sort();
        asked.dedup();
        prop_assert_eq!(asked.len(), count);
    }

    #[test]
    fn a_contract_is_asked_only_while_the_answer_can_matter(audience in audience(), facts in facts()) {
        let (_, log) = grant(&audience, &facts, NOW);
        let foreign: Vec<_> = log.iter().enumerate().filter(|(_, asked)| asked.is_foreign()).collect();
        for (count, question) in foreign {
            let before = &log[..count];
            prop_assert!(!naive(&audience, &restricted(&facts, before), NOW), "a rule held without {question:?}");
            let Audience::AnyOf(rules) = &audience else { panic!("nothing to ask") };
            let hopeful = hopeful(&facts, before);
            let matters = |rule: &Rule<Id>| {
                naive_rule(rule, &hopeful, NOW) && rule.iter().any(|condition| asks(condition, *question))
            };
            prop_assert!(rules.iter().any(matters), "no rule that can hold depends on {question:?}");
        }
    }

    #[test]
    fn an_audience_within_the_bounds_is_valid(audience in audience()) {
        prop_assert_eq!(audience.validate(), Ok(()));
    }
}
