//! Top-ups, and switches to another tier.

use patronage_core::streams::MAX_DURATION;
use patronage_interfaces::{
    registry::{Condition, Shortfall},
    vault::{Subscribed, ToppedUp},
};
use test_kit::{
    access::{any_of, by_rule, denied},
    assert_events, event, field_topic,
};

use super::*;

/// `payer` tops up the subscription of `fan` in tier 0, at any agreed price.
fn top_up(
    fixture: &mut VaultFixture,
    payer: AccountId,
    fan: AccountId,
    paid: u128,
) -> Receipt<Result<Timestamp, Box<VaultError>>> {
    fixture.send(payer, paid, contracts::vault(fixture.vault).top_up(fan, 0, 0, u128::MAX))
}

fn switch(
    fixture: &mut VaultFixture,
    fan: AccountId,
    tier: TierId,
    paid: u128,
    max_price: u128,
) -> Receipt<Result<Timestamp, Box<VaultError>>> {
    fixture.send(fan, paid, contracts::vault(fixture.vault).switch_tier(tier, 0, max_price))
}

#[test]
fn anyone_can_top_up_a_subscription_at_the_agreed_price() {
    let mut fixture = VaultFixture::default();
    let (ana, ben, start) = (fixture.env.ana, fixture.env.ben, fixture.now());
    fixture.subscribe(ana, 0, PRICE).value.unwrap();
    fixture.wait(29 * DAY);
    let receipt = top_up(&mut fixture, ben, ana, 3 * UNIT / 2);
    let until = start + 63 * DAY / 2;
    assert_eq!(receipt.value, Ok(until));
    let topped_up = ToppedUp { fan: ana, payer: ben, paid: 3 * UNIT / 2, until };
    assert_events(&receipt, fixture.vault, &[event(&topped_up, &[field_topic(&ana)])]);
    let stream = Stream { price: PRICE, start, end: until, paid: PRICE + 3 * UNIT / 2, minimum: 0 };
    let kept = Subscription { tier: 0, level: 1, since: start, stream };
    assert_eq!(fixture.subscription(ana), Some(kept));
    assert_eq!(fixture.refund(ana), 5 * UNIT / 2);
    assert_eq!(fixture.refund(ben), 0);
    // A planck is less than a millisecond, and is not lost.
    assert_eq!(top_up(&mut fixture, ana, ana, 1).value, Ok(until));
    assert_eq!(fixture.cancel(ana).value, Ok(5 * UNIT / 2 + 1));
}

#[test]
fn impossible_top_ups_are_refused() {
    let mut fixture = VaultFixture::default();
    let (ana, ben, vault) = (fixture.env.ana, fixture.env.ben, fixture.vault);
    assert_eq!(top_up(&mut fixture, ana, ana, PRICE).value, Err(VaultError::NotSubscribed.into()));
    let end = fixture.subscribe(ana, 0, PRICE).value.unwrap();
    assert_eq!(top_up(&mut fixture, ana, ben, PRICE).value, Err(VaultError::NotSubscribed.into()));
    assert_eq!(top_up(&mut fixture, ana, ana, 0).value, Err(VaultError::NothingSent.into()));
    let in_tokens = contracts::vault(vault).top_up(ana, 0, 1, PRICE);
    assert_eq!(fixture.send(ana, 0, in_tokens).value, Err(VaultError::WrongAsset.into()));
    // 100 years at a unit a day plus what does not reach the next millisecond, less what was paid before.
    let most = 36_525 * UNIT + 11_574 - PRICE;
    assert_eq!(top_up(&mut fixture, ana, ana, most + 1).value, Err(VaultError::PaymentTooLarge { most }.into()));
    assert_eq!(top_up(&mut fixture, ana, ana, most).value, Ok(end - 30 * DAY + MAX_DURATION));
    assert_eq!(top_up(&mut fixture, ana, ana, 1).value, Err(VaultError::PaymentTooLarge { most: 0 }.into()));
    fixture.cancel(ana).value.unwrap();
    let end = fixture.subscribe(ana, 0, PRICE).value.unwrap();
    fixture.wait(end - fixture.now());
    assert_eq!(top_up(&mut fixture, ana, ana, PRICE).value, Err(VaultError::NotSubscribed.into()));
}

#[test]
fn a_switch_carries_the_rest_over_and_the_caller_pays_the_difference() {
    let mut fixture = VaultFixture::default();
    let (ana, start) = (fixture.env.ana, fixture.now());
    fixture.subscribe(ana, 0, PRICE).value.unwrap();
    fixture.wait(10 * DAY);
    // 20 are left, and a period costs 60.
    let small = Box::new(VaultError::PaymentTooSmall { least: 40 * UNIT });
    assert_eq!(switch(&mut fixture, ana, 1, 40 * UNIT - 1, u128::MAX).value, Err(small.clone()));
    assert_eq!(switch(&mut fixture, ana, 1, 0, u128::MAX).value, Err(small.clone()));
    let high = VaultError::PriceTooHigh { price: 2 * PRICE };
    assert_eq!(switch(&mut fixture, ana, 1, 40 * UNIT, 2 * PRICE - 1).value, Err(high.into()));
    let receipt = switch(&mut fixture, ana, 1, 40 * UNIT, 2 * PRICE);
    let until = start + 40 * DAY;
    assert_eq!(receipt.value, Ok(until));
    let (paid, carried) = (40 * UNIT, 20 * UNIT);
    let subscribed = Subscribed { fan: ana, tier: 1, payer: ana, price: 2 * PRICE, paid, carried, minimum: 0, until };
    assert_events(&receipt, fixture.vault, &[event(&subscribed, &[field_topic(&ana), field_topic(&1u32)])]);
    assert_eq!([0, 1].map(|tier| fixture.tier(tier).unwrap().taken), [0, 1]);
    assert_eq!([0, 1].map(|tier| fixture.collect(tier, 99).value.unwrap().amount), [10 * UNIT, 0]);
    fixture.wait(DAY);
    assert_eq!(fixture.cancel(ana).value, Ok(58 * UNIT));
    assert_eq!([0, 1].map(|tier| fixture.collect(tier, 99).value.unwrap().amount), [0, 2 * UNIT]);
    assert_eq!(fixture.obligations().streams, 0);
}

#[test]
fn impossible_switches_are_refused() {
    let full = TierTerms { seats: Some(1), ..tier_terms(PRICE, 2) };
    let cheap = TierTerms { period: 3_155_760_000_000, ..tier_terms(1, 1) };
    let (mut fixture, token) = {
        let mut env = TestEnv::default();
        let token = env.foreign_token(1_000 * TOKEN);
        let in_tokens = TierTerms { asset: Asset::Psp22(token), ..tier_terms(TOKEN, 1) };
        (VaultFixture::on(env, &vault_terms(vec![tier_terms(PRICE, 1), full, cheap, in_tokens], &[])), token)
    };
    let (ana, ben, vault) = (fixture.env.ana, fixture.env.ben, fixture.vault);
    fixture.env.allow_all(token, vault);
    fixture.tokens = vec![token];
    assert_eq!(switch(&mut fixture, ana, 0, PRICE, u128::MAX).value, Err(VaultError::NotSubscribed.into()));
    fixture.subscribe(ben, 1, PRICE).value.unwrap();
    let end = fixture.subscribe(ana, 0, 2 * PRICE).value.unwrap();
    assert_eq!(switch(&mut fixture, ana, 4, 0, u128::MAX).value, Err(VaultError::UnknownTier.into()));
    assert_eq!(switch(&mut fixture, ana, 1, 0, u128::MAX).value, Err(VaultError::SoldOut.into()));
    // One planck lasts 100 years there.
    assert_eq!(switch(&mut fixture, ana, 2, 0, u128::MAX).value, Err(VaultError::PaymentTooLarge { most: 0 }.into()));
    let with_tokens = contracts::vault(vault).switch_tier(0, 1, u128::MAX);
    assert_eq!(fixture.send(ana, 0, with_tokens).value, Err(VaultError::WrongAsset.into()));
    // Native money does not become tokens.
    let to_tokens = contracts::vault(vault).switch_tier(3, TOKEN, u128::MAX);
    assert_eq!(fixture.send(ana, 0, to_tokens).value, Err(VaultError::WrongAsset.into()));
    assert_eq!(fixture.subscription(ana).map(|held| (held.tier, held.stream.end)), Some((0, end)));
    fixture.wait(60 * DAY);
    assert_eq!(switch(&mut fixture, ana, 0, PRICE, u128::MAX).value, Err(VaultError::NotSubscribed.into()));
}

#[test]
fn switching_to_the_same_tier_agrees_to_todays_price_and_keeps_the_seat() {
    let mut fixture = VaultFixture::of(vec![TierTerms { seats: Some(1), ..tier_terms(PRICE, 1) }]);
    let (ana, creator, vault, start) = (fixture.env.ana, fixture.env.creator, fixture.vault, fixture.now());
    fixture.subscribe(ana, 0, 2 * PRICE).value.unwrap();
    fixture.send(creator, 0, contracts::vault(vault).update_tier(0, PRICE / 2, Some(1), true, vec![])).value.unwrap();
    fixture.wait(30 * DAY);
    let until = start + 90 * DAY;
    assert_eq!(switch(&mut fixture, ana, 0, 0, PRICE / 2).value, Ok(until));
    let stream = Stream { price: PRICE / 2, start: start + 30 * DAY, end: until, paid: PRICE, minimum: 0 };
    let kept = Subscription { tier: 0, level: 1, since: start, stream };
    assert_eq!(fixture.subscription(ana), Some(kept));
    assert_eq!(fixture.tier(0).unwrap().taken, 1);
    fixture.wait(60 * DAY);
    assert_eq!(fixture.cancel(ana).value, Ok(0));
    fixture.wait(DAY);
    assert_eq!(fixture.collect(0, 99).value.unwrap().amount, 2 * PRICE);
}

#[test]
fn time_on_a_lower_level_does_not_count_on_a_higher_one() {
    let mut fixture = VaultFixture::default();
    let (ana, vault, start) = (fixture.env.ana, fixture.vault, fixture.now());
    let year = 365 * DAY;
    let a_year_at = |level| any_of(&[&[Condition::SubscribedFor { vault, level, lasting: year }]]);
    fixture.subscribe(ana, 0, 40 * PRICE).value.unwrap();
    fixture.wait(year);
    assert_eq!(fixture.env.access_by(a_year_at(1), ana), by_rule(0));
    switch(&mut fixture, ana, 1, 0, u128::MAX).value.unwrap();
    let since = start + year;
    assert_eq!(fixture.standing(ana).level, 2);
    assert_eq!(fixture.standing(ana).since, since);
    let condition = Condition::SubscribedFor { vault, level: 2, lasting: year };
    let shortfall = Shortfall::Subscription { level: 2, ended: None, wait: year };
    assert_eq!(fixture.env.access_by(a_year_at(2), ana), denied(condition, shortfall));
    // After a switch back, time on the higher level counts on the lower one.
    fixture.wait(10 * DAY);
    switch(&mut fixture, ana, 0, 0, u128::MAX).value.unwrap();
    assert_eq!(fixture.standing(ana).level, 1);
    assert_eq!(fixture.standing(ana).since, since);
    top_up(&mut fixture, ana, ana, 12 * PRICE).value.unwrap();
    assert_eq!(fixture.standing(ana).since, since);
    fixture.wait(355 * DAY);
    assert_eq!(fixture.env.access_by(a_year_at(1), ana), by_rule(0));
}
