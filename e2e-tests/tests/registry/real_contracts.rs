//! Rules about a real token and a real vault: a denial says exactly what is missing, and whoever supplies it gets
//! access.

use patronage::contracts;
use patronage_interfaces::{
    registry::{Access, Audience, Condition, Grant, Missing, Shortfall, Terms},
    vault::{PatronageVault, VaultTerms},
    AccountId,
};
use proptest::{prelude::*, sample::subsequence, test_runner::Config};
use psp22::PSP22;
use test_kit::{
    access::{any_of, by_rule, denied, holds, rules, subscribed},
    tier_terms, token_terms, vault_terms, TestEnv, DAY, TOKEN, UNIT,
};

const MONTH: u64 = 30 * DAY;

struct Suite {
    env: TestEnv,
    token: AccountId,
    vault: AccountId,
    registry: AccountId,
}

/// A vault with levels 1 to 3 for 5, 10 and 15 native units a month, a token and a registry.
fn suite_of_three() -> Suite {
    let mut env = TestEnv::default();
    let tiers = (1..=3).map(|level| tier_terms(5 * UNIT * u128::from(level), level)).collect();
    let token = env.token(&token_terms());
    let vault = env.vault(&VaultTerms { token: Some(token), ..vault_terms(tiers, &[]) });
    let registry = env.registry_for(Some(vault));
    // Content 0 is for sale, for rules that require its purchase.
    env.publish_on(registry, Terms { price: Some(UNIT), ..Audience::Nobody.into() });
    Suite { token, vault, registry, env }
}

impl Suite {
    fn publish(&mut self, rules: &[&[Condition]]) -> u32 {
        self.env.publish(self.registry, any_of(rules))
    }

    fn access(&mut self, id: u32, who: AccountId) -> Access {
        self.env.access(self.registry, id, who)
    }

    fn subscribe(&mut self, fan: AccountId, tier: u32, lasting: u64) -> u64 {
        self.env.subscribe(fan, self.vault, tier, lasting)
    }

    /// Buys exactly `tokens` smallest units.
    fn buy(&mut self, fan: AccountId, tokens: u128) {
        self.env.buy_tokens(fan, self.token, tokens);
    }
}

fn subscription_shortfall(level: u8, ended: Option<u64>, wait: u64) -> Shortfall {
    Shortfall::Subscription { level, ended, wait }
}

#[test]
fn the_missing_tokens_open_content_and_one_unit_less_does_not() {
    let mut suite = suite_of_three();
    let (ana, ben, need) = (suite.env.ana, suite.env.ben, 10 * TOKEN + 7);
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

    // Access moves with the token.
    let gift = contracts::psp22(suite.token).transfer(ben, 1, vec![]);
    suite.env.call(ana, 0, gift).value.unwrap();
    assert_eq!(suite.access(id, ana), denied(condition, Shortfall::Amount { have: need - 1, short_by: 1 }));
    assert_eq!(suite.access(id, ben), denied(condition, Shortfall::Amount { have: 1, short_by: need - 1 }));
}

#[test]
fn a_subscription_opens_content_of_its_level_and_below() {
    let mut suite = suite_of_three();
    let (ana, vault) = (suite.env.ana, suite.vault);
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
fn a_grace_is_exact_and_follows_only_an_expiry() {
    let mut suite = suite_of_three();
    let (ana, ben) = (suite.env.ana, suite.env.ben);
    let graced = Condition::Subscribed { vault: suite.vault, level: 2, grace: 500 };
    let strict = subscribed(suite.vault, 2);
    let (late, prompt) = (suite.publish(&[&[graced]]), suite.publish(&[&[strict]]));
    let end = suite.subscribe(ana, 1, 0);
    suite.subscribe(ben, 1, 0);
    suite.env.chain.advance(MONTH - 1);
    assert_eq!(suite.access(prompt, ana), by_rule(0));

    // In the last millisecond of the grace. Ben cancels then and keeps no access.
    suite.env.call(ben, 0, contracts::vault(suite.vault).cancel()).value.unwrap();
    for (id, condition) in [(prompt, strict), (late, graced)] {
        assert_eq!(suite.access(id, ben), denied(condition, subscription_shortfall(0, None, 0)));
    }

    suite.env.chain.advance(1);
    assert_eq!(end, suite.env.chain.now());
    assert_eq!(suite.access(prompt, ana), denied(strict, subscription_shortfall(0, Some(end), 0)));
    assert_eq!(suite.access(late, ana), by_rule(0));
    suite.env.chain.advance(499);
    assert_eq!(suite.access(late, ana), by_rule(0));
    suite.env.chain.advance(1);
    assert_eq!(suite.access(late, ana), denied(graced, subscription_shortfall(0, Some(end), 0)));

    // Cancelling an expired subscription removes the grace.
    suite.env.call(ana, 0, contracts::vault(suite.vault).cancel()).value.unwrap();
    assert_eq!(suite.access(late, ana), denied(graced, subscription_shortfall(0, None, 0)));
}

#[test]
fn the_time_of_a_subscription_counts_without_a_gap_and_to_the_ms() {
    let mut suite = suite_of_three();
    let ana = suite.env.ana;
    let condition = Condition::SubscribedFor { vault: suite.vault, level: 1, lasting: MONTH };
    let id = suite.publish(&[&[condition]]);
    assert_eq!(suite.access(id, ana), denied(condition, subscription_shortfall(0, None, MONTH)));

    // One month is never enough: after a month the subscription has ended.
    let end = suite.subscribe(ana, 0, 0);
    suite.env.chain.advance(MONTH - 1);
    assert_eq!(suite.access(id, ana), denied(condition, subscription_shortfall(1, None, 1)));
    suite.env.chain.advance(1);
    assert_eq!(suite.access(id, ana), denied(condition, subscription_shortfall(0, Some(end), MONTH)));

    // A subscription from the millisecond of the end is a new one.
    let end = suite.subscribe(ana, 0, MONTH);
    assert_eq!(suite.access(id, ana), denied(condition, subscription_shortfall(1, None, MONTH)));
    suite.env.chain.advance(MONTH);
    assert_eq!(suite.access(id, ana), by_rule(0));
    suite.env.chain.advance(MONTH - 1);
    assert_eq!(suite.access(id, ana), by_rule(0));
    suite.env.chain.advance(1);
    assert_eq!(suite.access(id, ana), denied(condition, subscription_shortfall(0, Some(end), MONTH)));
}

#[test]
fn tips_add_up_and_stay_after_a_cancelled_subscription() {
    let mut suite = suite_of_three();
    let (ana, vault) = (suite.env.ana, suite.vault);
    let condition = Condition::Tipped { vault, amount: 10 };
    let id = suite.publish(&[&[condition]]);
    suite.subscribe(ana, 0, 0);
    for (tip, have) in [(4, 4), (5, 9)] {
        suite.env.call(ana, tip, contracts::vault(vault).tip(vec![])).value.unwrap();
        assert_eq!(suite.access(id, ana), denied(condition, Shortfall::Amount { have, short_by: 10 - have }));
    }
    suite.env.call(ana, 1, contracts::vault(vault).tip(vec![])).value.unwrap();
    assert_eq!(suite.access(id, ana), by_rule(0));
    suite.env.call(ana, 0, contracts::vault(vault).cancel()).value.unwrap();
    assert_eq!(suite.access(id, ana), by_rule(0));
    assert!(!suite.access(id, suite.env.ben).is_granted());
}

#[test]
fn staked_tokens_count_at_the_vault_and_not_in_the_balance() {
    let mut suite = suite_of_three();
    let (ana, token, vault) = (suite.env.ana, suite.token, suite.vault);
    let (staked, held) = (Condition::Staked { vault, amount: 5 }, holds(token, 5));
    let either = Condition::HoldsOrStaked { token, vault, amount: 12 };
    let ids = [staked, held, either].map(|condition| suite.publish(&[&[condition]]));
    suite.buy(ana, 5);
    suite.env.make_up_for(
        suite.registry,
        ana,
        &[Missing { condition: staked, shortfall: Shortfall::Amount { have: 0, short_by: 6 } }],
    );
    assert_eq!(suite.access(ids[0], ana), by_rule(0));
    assert_eq!(suite.access(ids[1], ana), by_rule(0));
    assert_eq!(suite.access(ids[2], ana), denied(either, Shortfall::Amount { have: 11, short_by: 1 }));
    suite.buy(ana, 1);
    assert_eq!(suite.access(ids[2], ana), by_rule(0));
    // Unstaked tokens in their cooldown count nowhere.
    suite.env.call(ana, 0, contracts::vault(vault).unstake(2)).value.unwrap();
    assert_eq!(suite.access(ids[0], ana), denied(staked, Shortfall::Amount { have: 4, short_by: 1 }));
    assert_eq!(suite.access(ids[2], ana), denied(either, Shortfall::Amount { have: 10, short_by: 2 }));
}

#[test]
fn held_tokens_count_alone_if_the_vault_takes_no_stakes() {
    let mut suite = suite_of_three();
    let (ana, token) = (suite.env.ana, suite.token);
    let vault = suite.env.vault(&vault_terms(vec![], &[]));
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
fn a_denial_lists_the_unmet_conditions_of_every_rule() {
    let mut suite = suite_of_three();
    let (ana, token, vault, now) = (suite.env.ana, suite.token, suite.vault, suite.env.chain.now());
    let (later, past) = (Condition::NotBefore { time: now + 7 }, Condition::NotBefore { time: now });
    let tipped = Condition::Tipped { vault, amount: 3 };
    let first = [past, holds(token, 10), tipped];
    let second = [subscribed(vault, 1), later];
    let id = suite.publish(&[&first, &second]);
    suite.env.call(ana, 3, contracts::vault(vault).tip(vec![])).value.unwrap();
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

/// A condition that a fan can meet with these contracts.
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

/// For random rules, doing what a denial says of one rule grants access, at once or after the waiting time. A rule has
/// one condition of each kind here, because one remedy could serve two conditions of the same kind.
#[test]
fn doing_what_a_denial_says_grants_access_for_any_rules() {
    let mut runner = proptest::test_runner::TestRunner::new(Config { cases: 12, ..Config::default() });
    let Suite { token, vault, env, .. } = suite_of_three();
    let now = env.chain.now();
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
            // Every case has its own chain. The addresses are equal, as the chains are.
            let mut suite = suite_of_three();
            assert_eq!(suite.token, token);
            assert_eq!(suite.vault, vault);
            let ana = suite.env.ana;
            for step in history {
                match step {
                    0 => suite.buy(ana, 2 * TOKEN),
                    1 => drop(suite.env.call(ana, 17, contracts::vault(vault).tip(vec![]))),
                    2 => drop(suite.subscribe(ana, 1, 0)),
                    _ => suite.env.chain.advance(MONTH + 1),
                }
            }
            let id = suite.env.publish_on(suite.registry, terms.clone());
            for round in 0.. {
                let Access::Denied(denied) = suite.access(id, ana) else { break };
                prop_assert_eq!(denied.len(), rules(&terms.audience).len() + usize::from(terms.price.is_some()));
                if denied.is_empty() {
                    return Ok(());
                }
                let missing = &denied[choice.index(denied.len())];
                prop_assert!(!missing.is_empty());
                let before = suite.env.chain.now();
                suite.env.make_up_for(suite.registry, ana, missing);
                if suite.env.chain.now() == before {
                    let access = suite.access(id, ana);
                    prop_assert!(
                        matches!(access, Access::Granted(Grant::Rule(_) | Grant::Purchase)),
                        "{:?} after {:?}",
                        access,
                        missing
                    );
                }
                // A subscription can expire during the waiting time, and one of a higher level starts anew.
                prop_assert!(round < 3, "still {:?}", missing);
            }
            Ok(())
        })
        .unwrap();
}
