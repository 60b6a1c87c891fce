//! The contracts on the most extreme terms that they accept.

use patronage::contracts;
use patronage_interfaces::{
    registry::{Audience, Condition, Shortfall},
    token::{CreatorToken, TokenTerms},
    vault::{Asset, PatronageVault, TierTerms},
    AccountId,
};
use psp22::PSP22;
use test_kit::{
    access::{any_of, by_rule, denied, holds, subscribed},
    tier_terms, token_terms, vault_terms, TestEnv,
};

/// About the highest balance on a chain with balances of 128 bits.
const FORTUNE: u128 = u128::MAX / 16;
/// Maximum price of a tier.
const DEAREST: u128 = (1 << 96) - 1;
/// 100 years of 365.25 days.
const CENTURY: u64 = 3_155_760_000_000;

#[test]
fn the_highest_price_lasts_a_century_and_is_refunded() {
    let mut env = TestEnv::default();
    let ana = env.ana;
    env.chain.fund(&ana, FORTUNE).unwrap();
    let tier = |price, period| TierTerms { period, ..tier_terms(price, u8::MAX) };
    let vault = env.vault(&vault_terms(vec![tier(DEAREST, CENTURY), tier(DEAREST, 60_000)], &[]));
    let registry = env.registry();
    let strict = subscribed(vault, u8::MAX);
    let ever = Condition::Subscribed { vault, level: u8::MAX, grace: u64::MAX };
    let never = Condition::SubscribedFor { vault, level: 1, lasting: u64::MAX };
    let ids = [strict, ever, never].map(|condition| env.publish(registry, any_of(&[&[condition]])));

    let end = env.call(ana, DEAREST, contracts::vault(vault).subscribe(0, ana, 0, DEAREST)).value.unwrap();
    assert_eq!(end, env.chain.now() + CENTURY);
    env.chain.advance(CENTURY - 1);
    assert_eq!(ids.map(|id| env.access(registry, id, ana).is_granted()), [true, true, false]);
    env.chain.advance(1);
    assert_eq!(ids.map(|id| env.access(registry, id, ana).is_granted()), [false, true, false]);
    assert_eq!(env.call(ana, 0, contracts::vault(vault).cancel()).value, Ok(0));
    assert_eq!(ids.map(|id| env.access(registry, id, ana).is_granted()), [false; 3]);

    env.call(ana, DEAREST, contracts::vault(vault).subscribe(1, ana, 0, DEAREST)).value.unwrap();
    assert_eq!(env.access(registry, ids[0], ana), by_rule(0));
    env.chain.advance(1);
    let refund = env.call(ana, 0, contracts::vault(vault).cancel()).value.unwrap();
    // One minute less a millisecond is left, rounded down.
    assert_eq!(refund, DEAREST * 59_999 / 60_000);
    let owed = env.ask(contracts::vault(vault).obligations(Asset::Native)).total();
    assert!(env.balance(vault) >= owed);
}

#[test]
fn the_finest_and_the_dearest_token_open_content_at_their_units() {
    let mut env = TestEnv::default();
    let ana = env.ana;
    env.chain.fund(&ana, FORTUNE).unwrap();
    // A hundred smallest units for a planck, and a trillion native units for one smallest unit.
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
        let token = env.token(&terms);
        let registry = env.registry();
        let bought = env.call(ana, payment, contracts::sale(token).buy(ana, 1, None)).value.unwrap().tokens;
        assert_eq!(env.ask(contracts::psp22(token).balance_of(ana)), bought);
        let (enough, more) = (holds(token, bought), holds(token, bought + 1));
        let open = env.publish(registry, any_of(&[&[enough]]));
        let closed = env.publish(registry, any_of(&[&[more]]));
        assert_eq!(env.access(registry, open, ana), by_rule(0));
        let shortfall = Shortfall::Amount { have: bought, short_by: 1 };
        assert_eq!(env.access(registry, closed, ana), denied(more, shortfall));
        env.call(ana, 0, contracts::sale(token).sell(bought, 0)).value.unwrap();
        assert_eq!(env.access(registry, open, ana), denied(enough, Shortfall::Amount { have: 0, short_by: bought }));
    }
}

#[test]
fn conditions_that_nobody_can_meet_say_how_much_is_missing() {
    let mut env = TestEnv::default();
    let (ana, token, vault) = (env.ana, env.token(&token_terms()), env.vault(&vault_terms(vec![], &[])));
    let most = u128::MAX;
    let now = env.chain.now();
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
        assert_eq!(env.access_by(any_of(&[&[condition]]), ana), denied(condition, shortfall));
    }
}

#[test]
fn one_registry_serves_tokens_and_vaults_of_several_creators() {
    let mut env = TestEnv::default();
    let (ana, registry) = (env.ana, env.registry());
    let tokens: Vec<AccountId> = (0..4).map(|_| env.token(&token_terms())).collect();
    let vaults: Vec<AccountId> = (0..4).map(|_| env.vault(&vault_terms(vec![tier_terms(30, 1)], &[]))).collect();
    let rules = (0..4).map(|i| vec![holds(tokens[i], 1), subscribed(vaults[i], 1)]).collect();
    let id = env.publish(registry, Audience::AnyOf(rules));
    let price = env.price(tokens[2], 1);
    for token in [tokens[2], tokens[3]] {
        env.call(ana, price, contracts::sale(token).buy(ana, 1, None)).value.unwrap();
    }
    env.subscribe(ana, vaults[1], 0, 0);
    assert!(!env.access(registry, id, ana).is_granted());
    env.subscribe(ana, vaults[3], 0, 0);
    assert_eq!(env.access(registry, id, ana), by_rule(3));
}
