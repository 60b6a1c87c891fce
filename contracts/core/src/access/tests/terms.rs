//! Purchases, releases and retirement, beside the rules.

use super::{
    properties::{audience, available_facts, facts, naive, satisfy},
    *,
};
use crate::{content::InvalidTerms, limits::Limits, testing::config};
use proptest::prelude::*;

const FREE: Terms<Id> = Terms { audience: Audience::Everyone, price: None, release: 0, retired: false };
const SOLD_ONLY: Terms<Id> = Terms { audience: Audience::Nobody, price: Some(PRICE), release: 0, retired: false };
/// Price of the content, in the facts of the properties too.
const PRICE: u128 = 100 + THIS as u128;
const BUY: Missing<Id> =
    Missing { condition: Condition::Bought { content: THIS }, shortfall: Shortfall::Purchase { price: Some(PRICE) } };

fn access(terms: &Terms<Id>, sold: bool, facts: &Facts) -> (Access<Id>, Vec<Asked>) {
    let entry = Entry { terms: terms.clone(), sold };
    let (mut evaluator, log) = evaluator(facts, NOW);
    let access = evaluator.check(THIS, &entry);
    (access, log.take())
}

fn buyer() -> Facts {
    Facts { bought: [THIS].into(), ..Facts::default() }
}

fn wait(wait: u64) -> Missing<Id> {
    Missing { condition: Condition::NotBefore { time: NOW + wait }, shortfall: Shortfall::Time { wait } }
}

#[test]
fn what_is_for_sale_says_what_it_costs_and_opens_to_who_has_bought_it() {
    let stranger = Facts::default();
    assert_eq!(access(&SOLD_ONLY, false, &stranger), (Access::Denied(vec![vec![BUY]]), vec![]));
    assert_eq!(access(&SOLD_ONLY, true, &stranger), (Access::Denied(vec![vec![BUY]]), vec![Asked::Bought(THIS)]));
    assert_eq!(access(&SOLD_ONLY, true, &buyer()), (Access::Granted(Grant::Purchase), vec![Asked::Bought(THIS)]));
}

#[test]
fn to_buy_it_is_the_last_way_in() {
    let terms = Terms { audience: Audience::AnyOf(vec![vec![holds(0, 5)]]), ..SOLD_ONLY };
    let rule = vec![lacks(holds(0, 5), Shortfall::Amount { have: 4, short_by: 1 })];
    assert_eq!(access(&terms, false, &facts_with(&[(0, 4)], &[])).0, Access::Denied(vec![rule, vec![BUY]]));
    assert_eq!(access(&terms, false, &facts_with(&[(0, 5)], &[])).0, Access::Granted(Grant::Rule(0)));
}

#[test]
fn unreleased_content_is_closed_and_says_how_long_it_takes() {
    let facts = facts_with(&[(0, 5)], &[]);
    let both = Audience::AnyOf(vec![vec![holds(0, 6)], vec![holds(0, 5)]]);
    for (terms, sold, facts, ways) in [
        (Terms { audience: Audience::Everyone, ..FREE }, false, &facts, vec![vec![wait(3)]]),
        (Terms { audience: Audience::Nobody, ..FREE }, false, &facts, vec![]),
        (SOLD_ONLY, true, &facts, vec![vec![BUY, wait(3)]]),
        (SOLD_ONLY, true, &buyer(), vec![vec![wait(3)]]),
        (
            Terms { audience: both, ..FREE },
            false,
            &facts,
            vec![vec![lacks(holds(0, 6), Shortfall::Amount { have: 5, short_by: 1 }), wait(3)], vec![wait(3)]],
        ),
    ] {
        let terms = Terms { release: NOW + 3, ..terms };
        assert_eq!(access(&terms, sold, facts).0, Access::Denied(ways));
    }
    let terms = Terms { release: NOW, ..FREE };
    assert_eq!(access(&terms, false, &facts).0, Access::Granted(Grant::Everyone));
}

#[test]
fn retired_content_is_left_to_who_has_bought_it() {
    for terms in [FREE, SOLD_ONLY, Terms { audience: Audience::AnyOf(vec![vec![holds(0, 5)]]), ..SOLD_ONLY }] {
        let retired = Terms { retired: true, ..terms };
        let holder = facts_with(&[(0, 5)], &[]);
        assert_eq!(access(&retired, true, &holder).0, Access::Denied(vec![]));
        assert_eq!(access(&retired, false, &holder), (Access::Denied(vec![]), vec![]));
        assert_eq!(access(&retired, true, &buyer()).0, Access::Granted(Grant::Purchase));
        assert_eq!(retired.sell(u128::MAX, u64::MAX, u128::MAX), Err(PurchaseError::NotForSale));
    }
}

#[test]
fn a_rule_can_ask_for_other_content_that_was_bought_and_for_a_list() {
    let rule = [Condition::Bought { content: 1 }, Condition::Listed { list: 2 }];
    let album = Audience::AnyOf(vec![rule.to_vec()]);
    let missing =
        |price| vec![vec![lacks(rule[0], Shortfall::Purchase { price }), lacks(rule[1], Shortfall::NotListed)]];
    let mut facts = Facts::default();
    assert_eq!(check(&album, &facts, NOW).0, Access::Denied(missing(None)));
    facts.prices.insert(1, 5);
    assert_eq!(check(&album, &facts, NOW).0, Access::Denied(missing(Some(5))));
    facts.bought.insert(1);
    assert_eq!(grant(&album, &facts, NOW).0, None);
    facts.lists.insert(2);
    assert_eq!(grant(&album, &facts, NOW).0, Some(Grant::Rule(0)));
}

#[test]
fn no_contract_is_asked_before_the_own_books_and_none_when_these_decide() {
    let listed = Condition::Listed { list: 2 };
    let audience = Audience::AnyOf(vec![vec![holds(0, 5)], vec![holds(0, 5), listed], vec![listed]]);
    let on_list = Facts { lists: [2].into(), ..Facts::default() };
    assert_eq!(grant(&audience, &on_list, NOW), (Some(Grant::Rule(2)), vec![Asked::Listed(2)]));
    let audience = Audience::AnyOf(vec![vec![holds(0, 5), listed]]);
    assert_eq!(grant(&audience, &Facts::default(), NOW), (None, vec![Asked::Listed(2)]));
}

#[test]
fn a_price_is_taken_exactly_and_at_most_what_was_agreed() {
    assert_eq!(SOLD_ONLY.sell(PRICE, 0, PRICE), Ok((PRICE, 0)));
    assert_eq!(SOLD_ONLY.sell(u128::MAX, 0, PRICE + 5), Ok((PRICE, 5)));
    assert_eq!(SOLD_ONLY.sell(PRICE - 1, 0, u128::MAX), Err(PurchaseError::PriceTooHigh { price: PRICE }));
    assert_eq!(SOLD_ONLY.sell(PRICE, 0, PRICE - 1), Err(PurchaseError::PaymentTooSmall { least: PRICE }));
    assert_eq!(FREE.sell(u128::MAX, 0, u128::MAX), Err(PurchaseError::NotForSale));
    let later = Terms { release: 9, ..SOLD_ONLY };
    assert_eq!(later.sell(PRICE, 9, PRICE), Ok((PRICE, 0)));
    assert_eq!(later.sell(PRICE, 8, PRICE), Err(PurchaseError::ReleasedTooLate { release: 9 }));
}

#[test]
fn a_price_is_from_one_to_the_largest_balance() {
    let limits = Limits { max_balance: 9 };
    let validate = |price| Terms { price, ..FREE }.validate(&limits);
    for price in [None, Some(1), Some(9)] {
        assert_eq!(validate(price), Ok(()));
    }
    for price in [0, 10] {
        assert_eq!(validate(Some(price)), Err(InvalidTerms::PriceOutOfRange { most: 9 }));
    }
    let terms = Terms { audience: Audience::AnyOf(vec![]), ..FREE };
    assert_eq!(terms.validate(&limits), Err(InvalidTerms::Audience(InvalidAudience::NoRules)));
}

prop_compose! {
    fn terms()(
        audience in audience(),
        price in prop_oneof![Just(None), Just(Some(PRICE))],
        release in prop_oneof![2 => Just(0), 1 => NOW - 3..NOW + 3],
        retired in prop::bool::weighted(0.2),
    ) -> Terms<Id> {
        Terms { audience, price, release, retired }
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn access_is_the_release_and_then_the_purchase_or_the_rules(terms in terms(), facts in facts(), bought in any::<bool>()) {
        let mut facts = facts;
        if bought {
            facts.bought.insert(THIS);
        }
        let by_rules = !terms.retired && naive(&terms.audience, &facts, NOW);
        let expected = NOW >= terms.release && (bought || by_rules);
        let entry = Entry { terms: terms.clone(), sold: bought };
        let (mut evaluator, _) = evaluator(&facts, NOW);
        prop_assert_eq!(evaluator.grant(THIS, &entry).is_some(), expected);
        prop_assert_eq!(evaluator.check(THIS, &entry).is_granted(), expected);
    }

    #[test]
    fn every_denied_rule_names_shortfalls_and_opens_once_they_are_met(terms in terms(), facts in available_facts()) {
        let Access::Denied(ways) = access(&terms, false, &facts).0 else { return Ok(()) };
        let rules = match &terms.audience {
            Audience::AnyOf(rules) if !terms.retired => rules.clone(),
            _ => vec![],
        };
        for (index, way) in ways.iter().enumerate() {
            prop_assert!(!way.is_empty());
            let mut improved = facts.clone();
            let rule = rules.get(index).cloned().unwrap_or_default();
            let now = satisfy(&rule, way, &mut improved);
            let entry = Entry { terms: terms.clone(), sold: improved.bought.contains(&THIS) };
            let (mut evaluator, _) = evaluator(&improved, now);
            prop_assert!(evaluator.grant(THIS, &entry).is_some(), "{:?}", way);
        }
    }

    #[test]
    fn what_was_bought_stays_whatever_becomes_of_the_terms(terms in terms(), facts in facts()) {
        let mut facts = facts;
        facts.bought.insert(THIS);
        let now = NOW.max(terms.release);
        let entry = Entry { terms, sold: true };
        let (mut evaluator, _) = evaluator(&facts, now);
        prop_assert_eq!(evaluator.grant(THIS, &entry), Some(Grant::Purchase));
    }
}

#[test]
fn the_release_of_what_was_sold_is_never_moved_to_a_later_time() {
    let entry = |sold| Entry { terms: Terms { release: 9, ..FREE }, sold };
    assert_eq!(entry(true).latest_release(), 9);
    assert_eq!(entry(false).latest_release(), u64::MAX);
}
