//! Rules over a real token and a real vault, and that a denial says exactly what is missing: who makes up for it gets in.

use patronage::contracts as suite;
use patronage_interfaces::{
    registry::{Access, Audience, Condition, Grant, Missing, Shortfall, Terms},
    vault::{PatronageVault, VaultTerms},
    AccountId,
};
use proptest::{prelude::*, sample::subsequence, test_runner::Config};
use psp22::PSP22;
use test_kit::{
    access::{any_of, by_rule, denied, holds, rules, subscribed},
    tier_terms, token_terms, vault_terms, World, DAY, TOKEN, UNIT,
};

const MONTH: u64 = 30 * DAY;

struct Suite {
    world: World,
    token: AccountId,
    vault: AccountId,
    registry: AccountId,
}

/// Levels 1 to 3 for 5, 10 and 15 native units a month.
fn suite_of_three() -> Suite {
    let mut world = World::default();
    let tiers = (1..=3).map(|level| tier_terms(5 * UNIT * u128::from(level), level)).collect();
    let token = world.token(&token_terms());
    let vault = world.vault(&VaultTerms { token: Some(token), ..vault_terms(tiers, &[]) });
    let registry = world.registry_for(Some(vault));
    // Content 0 is sold, for rules that ask for it.
    world.publish_on(registry, Terms { price: Some(UNIT), ..Audience::Nobody.into() });
    Suite { token, vault, registry, world }
}

impl Suite {
    fn publish(&mut self, rules: &[&[Condition]]) -> u32 {
        self.world.publish(self.registry, any_of(rules))
    }

    fn access(&mut self, id: u32, who: AccountId) -> Access {
        self.world.access(self.registry, id, who)
    }

    fn subscribe(&mut self, fan: AccountId, tier: u32, lasting: u64) -> u64 {
        self.world.subscribe(fan, self.vault, tier, lasting)
    }

    /// Buys exactly `tokens` smallest units.
    fn buy(&mut self, fan: AccountId, tokens: u128) {
        self.world.buy_tokens(fan, self.token, tokens);
    }
}

fn subscription_shortfall(level: u8, ended: Option<u64>, wait: u64) -> Shortfall {
    Shortfall::Subscription { level, ended, wait }
}

#[test]
fn buying_exactly_the_missing_tokens_opens_and_one_unit_less_does_not() {
    let mut suite = suite_of_three();
    let (ana, ben, need) = (suite.world.ana, suite.world.ben, 10 * TOKEN + 7);
    let condition = holds(suite.token, need);
    let id = suite.publish(&[&[condition]]);
    assert_eq!(suite.access(id, ana), denied(condition, Shortfall::Amount { have: 0, short_by: need }));
    suite.buy(ana, 3 * TOKEN);
    assert_eq!(
        suite.access(id, ana),
        denied(condition, Shortfall::Amount { have: 3 * TOKEN, short_by: need - 3 * TOKEN })
    );
    suite.buy(ana, need - 3 * TOKEN - 1);
    assert_eq!(suite.access(id, ana), denied(condition, Shortfall::Amount { have: need - 1, short_by: 1 }));
    suite.buy(ana, 1);
    assert_eq!(suite.access(id, ana), by_rule(0));

    // Access goes with the token.
    let gift = suite::psp22(suite.token).transfer(ben, 1, vec![]);
    suite.world.call(ana, 0, gift).value.unwrap();
    assert_eq!(suite.access(id, ana), denied(condition, Shortfall::Amount { have: need - 1, short_by: 1 }));
    assert_eq!(suite.access(id, ben), denied(condition, Shortfall::Amount { have: 1, short_by: need - 1 }));
}

#[test]
fn a_subscription_opens_what_its_level_and_every_lower_one_opens() {
    let mut suite = suite_of_three();
    let (ana, vault) = (suite.world.ana, suite.vault);
    let ids: Vec<_> = (1..=3).map(|level| suite.publish(&[&[subscribed(vault, level)]])).collect();
    let nothing = subscription_shortfall(0, None, 0);
    assert_eq!(suite.access(ids[0], ana), denied(subscribed(vault, 1), nothing));
    suite.subscribe(ana, 1, 0);
    assert_eq!(suite.access(ids[0], ana), by_rule(0));
    assert_eq!(suite.access(ids[1], ana), by_rule(0));
    assert_eq!(suite.access(ids[2], ana), denied(subscribed(vault, 3), subscription_shortfall(2, None, 0)));
    suite.subscribe(ana, 2, 0);
    assert_eq!(suite.access(ids[2], ana), by_rule(0));
}

#[test]
fn a_grace_is_exact_and_only_follows_an_end_that_was_not_chosen() {
    let mut suite = suite_of_three();
    let (ana, ben) = (suite.world.ana, suite.world.ben);
    let graced = Condition::Subscribed { vault: suite.vault, level: 2, grace: 500 };
    let strict = subscribed(suite.vault, 2);
    let (late, prompt) = (suite.publish(&[&[graced]]), suite.publish(&[&[strict]]));
    let end = suite.subscribe(ana, 1, 0);
    suite.subscribe(ben, 1, 0);
    suite.world.chain.advance(MONTH - 1);
    assert_eq!(suite.access(prompt, ana), by_rule(0));

    // The last millisecond has begun; ben leaves in it and takes nothing with him.
    suite.world.call(ben, 0, suite::vault(suite.vault).cancel()).value.unwrap();
    for (id, condition) in [(prompt, strict), (late, graced)] {
        assert_eq!(suite.access(id, ben), denied(condition, subscription_shortfall(0, None, 0)));
    }

    suite.world.chain.advance(1);
    assert_eq!(end, suite.world.chain.now());
    assert_eq!(suite.access(prompt, ana), denied(strict, subscription_shortfall(0, Some(end), 0)));
    assert_eq!(suite.access(late, ana), by_rule(0));
    suite.world.chain.advance(499);
    assert_eq!(suite.access(late, ana), by_rule(0));
    suite.world.chain.advance(1);
    assert_eq!(suite.access(late, ana), denied(graced, subscription_shortfall(0, Some(end), 0)));

    // Giving an expired subscription back leaves no trace of it.
    suite.world.call(ana, 0, suite::vault(suite.vault).cancel()).value.unwrap();
    assert_eq!(suite.access(late, ana), denied(graced, subscription_shortfall(0, None, 0)));
}

#[test]
fn loyalty_is_counted_without_a_gap_and_to_the_millisecond() {
    let mut suite = suite_of_three();
    let ana = suite.world.ana;
    let condition = Condition::SubscribedFor { vault: suite.vault, level: 1, lasting: MONTH };
    let id = suite.publish(&[&[condition]]);
    assert_eq!(suite.access(id, ana), denied(condition, subscription_shortfall(0, None, MONTH)));

    // A month alone never is enough: when it has lasted a month, it is over.
    let end = suite.subscribe(ana, 0, 0);
    suite.world.chain.advance(MONTH - 1);
    assert_eq!(suite.access(id, ana), denied(condition, subscription_shortfall(1, None, 1)));
    suite.world.chain.advance(1);
    assert_eq!(suite.access(id, ana), denied(condition, subscription_shortfall(0, Some(end), MONTH)));

    // A new subscription in the millisecond of the end starts anew, as it is another one.
    let end = suite.subscribe(ana, 0, MONTH);
    assert_eq!(suite.access(id, ana), denied(condition, subscription_shortfall(1, None, MONTH)));
    suite.world.chain.advance(MONTH);
    assert_eq!(suite.access(id, ana), by_rule(0));
    suite.world.chain.advance(MONTH - 1);
    assert_eq!(suite.access(id, ana), by_rule(0));
    suite.world.chain.advance(1);
    assert_eq!(suite.access(id, ana), denied(condition, subscription_shortfall(0, Some(end), MONTH)));
}

#[test]
fn tips_add_up_and_stay_after_a_subscription_is_cancelled() {
    let mut suite = suite_of_three();
    let (ana, vault) = (suite.world.ana, suite.vault);
    let condition = Condition::Tipped { vault, amount: 10 };
    let id = suite.publish(&[&[condition]]);
    suite.subscribe(ana, 0, 0);
    for (tip, have) in [(4, 4), (5, 9)] {
        suite.world.call(ana, tip, suite::vault(vault).tip(vec![])).value.unwrap();
        assert_eq!(suite.access(id, ana), denied(condition, Shortfall::Amount { have, short_by: 10 - have }));
    }
    suite.world.call(ana, 1, suite::vault(vault).tip(vec![])).value.unwrap();
    assert_eq!(suite.access(id, ana), by_rule(0));
    suite.world.call(ana, 0, suite::vault(vault).cancel()).value.unwrap();
    assert_eq!(suite.access(id, ana), by_rule(0));
    assert!(!suite.access(id, suite.world.ben).is_granted());
}

#[test]
fn staked_tokens_count_where_they_are_and_once() {
    let mut suite = suite_of_three();
    let (ana, token, vault) = (suite.world.ana, suite.token, suite.vault);
    let (staked, held) = (Condition::Staked { vault, amount: 5 }, holds(token, 5));
    let either = Condition::HoldsOrStaked { token, vault, amount: 12 };
    let ids = [staked, held, either].map(|condition| suite.publish(&[&[condition]]));
    suite.buy(ana, 5);
    suite.world.make_up_for(
        suite.registry,
        ana,
        &[Missing { condition: staked, shortfall: Shortfall::Amount { have: 0, short_by: 6 } }],
    );
    assert_eq!(suite.access(ids[0], ana), by_rule(0));
    assert_eq!(suite.access(ids[1], ana), by_rule(0));
    assert_eq!(suite.access(ids[2], ana), denied(either, Shortfall::Amount { have: 11, short_by: 1 }));
    suite.buy(ana, 1);
    assert_eq!(suite.access(ids[2], ana), by_rule(0));
    // What is on its way out counts nowhere.
    suite.world.call(ana, 0, suite::vault(vault).unstake(2)).value.unwrap();
    assert_eq!(suite.access(ids[0], ana), denied(staked, Shortfall::Amount { have: 4, short_by: 1 }));
    assert_eq!(suite.access(ids[2], ana), denied(either, Shortfall::Amount { have: 10, short_by: 2 }));
}

#[test]
fn without_stakes_in_a_vault_held_tokens_count_alone() {
    let mut suite = suite_of_three();
    let (ana, token) = (suite.world.ana, suite.token);
    let vault = suite.world.vault(&vault_terms(vec![], &[]));
    let staked = Condition::Staked { vault, amount: 5 };
    let either = Condition::HoldsOrStaked { token, vault, amount: 5 };
    let (by_stake, by_both) = (suite.publish(&[&[staked]]), suite.publish(&[&[either]]));
    suite.buy(ana, 4);
    assert_eq!(suite.access(by_stake, ana), denied(staked, Shortfall::Amount { have: 0, short_by: 5 }));
    assert_eq!(suite.access(by_both, ana), denied(either, Shortfall::Amount { have: 4, short_by: 1 }));
    suite.buy(ana, 1);
    assert_eq!(suite.access(by_both, ana), by_rule(0));
    assert!(!suite.access(by_stake, ana).is_granted());
}

#[test]
fn a_denial_lists_only_what_does_not_hold_of_every_rule() {
    let mut suite = suite_of_three();
    let (ana, token, vault, now) = (suite.world.ana, suite.token, suite.vault, suite.world.chain.now());
    let (later, past) = (Condition::NotBefore { time: now + 7 }, Condition::NotBefore { time: now });
    let tipped = Condition::Tipped { vault, amount: 3 };
    let first = [past, holds(token, 10), tipped];
    let second = [subscribed(vault, 1), later];
    let id = suite.publish(&[&first, &second]);
    suite.world.call(ana, 3, suite::vault(vault).tip(vec![])).value.unwrap();
    let missing = |condition, shortfall| Missing { condition, shortfall };
    let expected = vec![
        vec![missing(holds(token, 10), Shortfall::Amount { have: 0, short_by: 10 })],
        vec![
            missing(subscribed(vault, 1), subscription_shortfall(0, None, 0)),
            missing(later, Shortfall::Time { wait: 7 }),
        ],
    ];
    assert_eq!(suite.access(id, ana), Access::Denied(expected));
}

/// A condition that a fan can meet in this suite.
fn condition(token: AccountId, vault: AccountId, now: u64) -> impl Strategy<Value = Condition> {
    let times = prop_oneof![0..10_u64, MONTH - 2..MONTH + 2, 0..4 * MONTH];
    prop_oneof![
        (1..20 * TOKEN).prop_map(move |amount| holds(token, amount)),
        (1..20 * TOKEN).prop_map(move |amount| Condition::HoldsOrStaked { token, vault, amount }),
        (1..4_u8, times.clone()).prop_map(move |(level, grace)| Condition::Subscribed { vault, level, grace }),
        (1..4_u8, times.clone()).prop_map(move |(level, lasting)| Condition::SubscribedFor { vault, level, lasting }),
        (1..UNIT).prop_map(move |amount| Condition::Tipped { vault, amount }),
        times.prop_map(move |wait| Condition::NotBefore { time: now + wait }),
        (1..20 * TOKEN).prop_map(move |amount| Condition::Staked { vault, amount }),
        Just(Condition::Bought { content: 0 }),
        (0..2_u32).prop_map(|list| Condition::Listed { list }),
    ]
}

/// Whatever the conditions, doing what a denial says of one rule opens, at once where nothing has to be waited for. A rule
/// has one condition of each kind here, as making up for two of them one after the other would do too much.
#[test]
fn doing_what_a_denial_says_opens_whatever_the_rules_are() {
    let mut runner = proptest::test_runner::TestRunner::new(Config { cases: 12, ..Config::default() });
    let Suite { token, vault, world, .. } = suite_of_three();
    let now = world.chain.now();
    let kinds = condition(token, vault, now);
    let rule = prop::collection::vec(kinds, 1..6).prop_map(|mut rule: Vec<Condition>| {
        let mut kinds = std::collections::BTreeSet::new();
        rule.retain(|condition| {
            kinds.insert(match condition {
                Condition::Holds { .. } | Condition::HoldsOrStaked { .. } | Condition::Staked { .. } => 0,
                Condition::Subscribed { .. } | Condition::SubscribedFor { .. } => 1,
                Condition::Tipped { .. } => 2,
                Condition::NotBefore { .. } => 3,
                Condition::Bought { .. } => 4,
                Condition::Listed { list } => 5 + list,
            })
        });
        rule
    });
    let audience = prop::collection::vec(rule, 1..5).prop_map(Audience::AnyOf);
    let audience = prop_oneof![1 => Just(Audience::Nobody), 9 => audience];
    let release = prop_oneof![2 => Just(0), 1 => now..now + MONTH];
    let price = prop_oneof![Just(None), (1..UNIT).prop_map(Some)];
    let terms = (audience, price, release).prop_map(|(audience, price, release)| Terms {
        audience,
        price,
        release,
        retired: false,
    });
    let history = subsequence(vec![0, 1, 2, 3], 0..4);
    runner
        .run(&(terms, history, any::<prop::sample::Index>()), |(terms, history, choice)| {
            // Every case has a chain of its own; the addresses are the same, as everything on it is.
            let mut suite = suite_of_three();
            assert_eq!(suite.token, token);
            assert_eq!(suite.vault, vault);
            let ana = suite.world.ana;
            for step in history {
                match step {
                    0 => suite.buy(ana, 2 * TOKEN),
                    1 => drop(suite.world.call(ana, 17, suite::vault(vault).tip(vec![]))),
                    2 => drop(suite.subscribe(ana, 1, 0)),
                    _ => suite.world.chain.advance(MONTH + 1),
                }
            }
            let id = suite.world.publish_on(suite.registry, terms.clone());
            for round in 0.. {
                let Access::Denied(denied) = suite.access(id, ana) else { break };
                prop_assert_eq!(denied.len(), rules(&terms.audience).len() + usize::from(terms.price.is_some()));
                if denied.is_empty() {
                    return Ok(());
                }
                let missing = &denied[choice.index(denied.len())];
                prop_assert!(!missing.is_empty());
                let before = suite.world.chain.now();
                suite.world.make_up_for(suite.registry, ana, missing);
                if suite.world.chain.now() == before {
                    let access = suite.access(id, ana);
                    prop_assert!(
                        matches!(access, Access::Granted(Grant::Rule(_) | Grant::Purchase)),
                        "{:?} after {:?}",
                        access,
                        missing
                    );
                }
                // While the fan waits, a subscription can run out; and one at a higher level begins anew.
                prop_assert!(round < 3, "still {:?}", missing);
            }
            Ok(())
        })
        .unwrap();
}
