//! The suite on the most extreme terms that the contracts take.

use patronage::contracts as suite;
use patronage_interfaces::{
    registry::{Audience, Condition, Shortfall},
    token::{CreatorToken, TokenTerms},
    vault::{Asset, PatronageVault, TierTerms},
    AccountId,
};
use psp22::PSP22;
use test_kit::{
    access::{any_of, by_rule, denied, holds, subscribed},
    tier_terms, token_terms, vault_terms, World,
};

/// About the most that a chain with balances of 128 bits can hold at all.
const FORTUNE: u128 = u128::MAX / 16;
/// The highest price of a tier.
const DEAREST: u128 = (1 << 96) - 1;
/// 100 years of 365.25 days.
const CENTURY: u64 = 3_155_760_000_000;

#[test]
fn the_dearest_subscription_lasts_a_century_and_pays_back() {
    let mut world = World::default();
    let ana = world.ana;
    world.chain.fund(&ana, FORTUNE).unwrap();
    let tier = |price, period| TierTerms { period, ..tier_terms(price, u8::MAX) };
    let vault = world.vault(&vault_terms(vec![tier(DEAREST, CENTURY), tier(DEAREST, 60_000)], &[]));
    let registry = world.registry();
    let strict = subscribed(vault, u8::MAX);
    let ever = Condition::Subscribed { vault, level: u8::MAX, grace: u64::MAX };
    let never = Condition::SubscribedFor { vault, level: 1, lasting: u64::MAX };
    let ids = [strict, ever, never].map(|condition| world.publish(registry, any_of(&[&[condition]])));

    let end = world.call(ana, DEAREST, suite::vault(vault).subscribe(0, ana, 0, DEAREST)).value.unwrap();
    assert_eq!(end, world.chain.now() + CENTURY);
    world.chain.advance(CENTURY - 1);
    assert_eq!(ids.map(|id| world.access(registry, id, ana).is_granted()), [true, true, false]);
    world.chain.advance(1);
    assert_eq!(ids.map(|id| world.access(registry, id, ana).is_granted()), [false, true, false]);
    assert_eq!(world.call(ana, 0, suite::vault(vault).cancel()).value, Ok(0));
    assert_eq!(ids.map(|id| world.access(registry, id, ana).is_granted()), [false; 3]);

    world.call(ana, DEAREST, suite::vault(vault).subscribe(1, ana, 0, DEAREST)).value.unwrap();
    assert_eq!(world.access(registry, ids[0], ana), by_rule(0));
    world.chain.advance(1);
    let refund = world.call(ana, 0, suite::vault(vault).cancel()).value.unwrap();
    // A minute less a millisecond is left, rounded down.
    assert_eq!(refund, DEAREST * 59_999 / 60_000);
    let owed = world.ask(suite::vault(vault).obligations(Asset::Native)).total();
    assert!(world.balance(vault) >= owed);
}

#[test]
fn the_finest_token_and_the_dearest_token_open_at_their_units() {
    let mut world = World::default();
    let ana = world.ana;
    world.chain.fund(&ana, FORTUNE).unwrap();
    // A hundred units for a planck, and a trillion native units for one unit.
    let cheap = TokenTerms { decimals: 24, base_price: 1, slope: 0, cap: None, buy_fee_bp: 0, ..token_terms() };
    let dear = TokenTerms {
        decimals: 0,
        base_price: 1 << 80,
        slope: 1 << 70,
        cap: None,
        buy_fee_bp: 1_000,
        sell_fee_bp: 1_000,
        ..token_terms()
    };
    for (terms, payment) in [(cheap, 1_000), (dear, 1 << 90)] {
        let token = world.token(&terms);
        let registry = world.registry();
        let bought = world.call(ana, payment, suite::sale(token).buy(ana, 1, None)).value.unwrap().tokens;
        assert_eq!(world.ask(suite::psp22(token).balance_of(ana)), bought);
        let (enough, more) = (holds(token, bought), holds(token, bought + 1));
        let open = world.publish(registry, any_of(&[&[enough]]));
        let closed = world.publish(registry, any_of(&[&[more]]));
        assert_eq!(world.access(registry, open, ana), by_rule(0));
        let shortfall = Shortfall::Amount { have: bought, short_by: 1 };
        assert_eq!(world.access(registry, closed, ana), denied(more, shortfall));
        world.call(ana, 0, suite::sale(token).sell(bought, 0)).value.unwrap();
        assert_eq!(world.access(registry, open, ana), denied(enough, Shortfall::Amount { have: 0, short_by: bought }));
    }
}

#[test]
fn conditions_that_nobody_can_meet_say_how_far_they_are() {
    let mut world = World::default();
    let (ana, token, vault) = (world.ana, world.token(&token_terms()), world.vault(&vault_terms(vec![], &[])));
    let most = u128::MAX;
    let now = world.chain.now();
    let subscription = |wait| Shortfall::Subscription { level: 0, ended: None, wait };
    for (condition, shortfall) in [
        (holds(token, most), Shortfall::Amount { have: 0, short_by: most }),
        (Condition::Tipped { vault, amount: most }, Shortfall::Amount { have: 0, short_by: most }),
        (Condition::Staked { vault, amount: most }, Shortfall::Amount { have: 0, short_by: most }),
        (Condition::HoldsOrStaked { token, vault, amount: most }, Shortfall::Amount { have: 0, short_by: most }),
        (subscribed(vault, u8::MAX), subscription(0)),
        (Condition::Subscribed { vault, level: 1, grace: u64::MAX }, subscription(0)),
        (Condition::SubscribedFor { vault, level: 1, lasting: u64::MAX }, subscription(u64::MAX)),
        (Condition::NotBefore { time: u64::MAX }, Shortfall::Time { wait: u64::MAX - now }),
    ] {
        assert_eq!(world.access_by(any_of(&[&[condition]]), ana), denied(condition, shortfall));
    }
}

#[test]
fn one_registry_serves_tokens_and_vaults_of_several_creators() {
    let mut world = World::default();
    let (ana, registry) = (world.ana, world.registry());
    let tokens: Vec<AccountId> = (0..4).map(|_| world.token(&token_terms())).collect();
    let vaults: Vec<AccountId> = (0..4).map(|_| world.vault(&vault_terms(vec![tier_terms(30, 1)], &[]))).collect();
    let rules = (0..4).map(|i| vec![holds(tokens[i], 1), subscribed(vaults[i], 1)]).collect();
    let id = world.publish(registry, Audience::AnyOf(rules));
    let price = world.price(tokens[2], 1);
    for token in [tokens[2], tokens[3]] {
        world.call(ana, price, suite::sale(token).buy(ana, 1, None)).value.unwrap();
    }
    world.subscribe(ana, vaults[1], 0, 0);
    assert!(!world.access(registry, id, ana).is_granted());
    world.subscribe(ana, vaults[3], 0, 0);
    assert_eq!(world.access(registry, id, ana), by_rule(3));
}
