//! The minimum stay: an early leaver does not get it back, and no sequence of calls avoids it. Also payments for a fan
//! who may have switched.

use patronage_interfaces::vault::{Ended, Subscribed};
use test_kit::{assert_events, event, field_topic};

use super::*;

/// The cost of 7 days at [`PRICE`].
const WEEK: u128 = 7 * UNIT;

fn staying(price: u128, level: u8) -> TierTerms {
    TierTerms { minimum_stay: 7 * DAY, ..tier_terms(price, level) }
}

/// Tiers of three levels at one, two and one times [`PRICE`]. The last one has no minimum stay.
fn fixture() -> VaultFixture {
    VaultFixture::of(vec![staying(PRICE, 1), staying(2 * PRICE, 2), tier_terms(PRICE, 3)])
}

fn switch(fixture: &mut VaultFixture, fan: AccountId, tier: TierId, paid: u128) {
    fixture.send(fan, paid, contracts::vault(fixture.vault).switch_tier(tier, 0, u128::MAX)).value.unwrap();
}

fn minimum(fixture: &mut VaultFixture, fan: AccountId) -> u128 {
    fixture.subscription(fan).unwrap().stream.minimum
}

#[test]
fn nobody_unlocks_everything_and_leaves_with_all_the_money() {
    let mut fixture = fixture();
    let (ana, vault) = (fixture.env.ana, fixture.vault);
    let receipt = fixture.subscribe(ana, 0, 90 * UNIT);
    let (price, paid, until) = (PRICE, 90 * UNIT, fixture.now() + 90 * DAY);
    let subscribed = Subscribed { fan: ana, tier: 0, payer: ana, price, paid, carried: 0, minimum: WEEK, until };
    assert_events(&receipt, vault, &[event(&subscribed, &[field_topic(&ana), field_topic(&0u32)])]);
    assert_eq!(fixture.standing(ana).level, 1);
    assert_eq!(fixture.refund(ana), 83 * UNIT);
    // Nothing is collected before time has earned it.
    assert_eq!(fixture.collect(0, 9).value.unwrap().amount, 0);
    let receipt = fixture.cancel(ana);
    assert_eq!(receipt.value, Ok(83 * UNIT));
    let ended = Ended { fan: ana, tier: 0, by: ana, refund: 83 * UNIT, credited: false };
    assert_events(&receipt, vault, &[event(&ended, &[field_topic(&ana), field_topic(&0u32)])]);
    assert_eq!(fixture.collect(0, 9).value.unwrap().amount, WEEK);
    assert_eq!(fixture.obligations(), Obligations { unclaimed: WEEK, ..Obligations::default() });
}

#[test]
fn after_the_minimum_stay_the_refund_is_the_unearned_rest() {
    for (days, refund) in [(1, 23), (6, 23), (7, 23), (8, 22), (29, 1), (30, 0)] {
        let mut fixture = fixture();
        let ana = fixture.env.ana;
        fixture.subscribe(ana, 0, PRICE).value.unwrap();
        fixture.wait(days * DAY);
        assert_eq!(fixture.refund(ana), refund * UNIT, "after {days} days");
        assert_eq!(fixture.cancel(ana).value, Ok(refund * UNIT));
        fixture.wait(DAY);
        assert_eq!(fixture.collect(0, 99).value.unwrap().amount, PRICE - refund * UNIT);
    }
}

#[test]
fn an_ending_by_the_owner_refunds_the_whole_unearned_rest() {
    let mut fixture = fixture();
    let (ana, creator, vault) = (fixture.env.ana, fixture.env.creator, fixture.vault);
    fixture.subscribe(ana, 0, PRICE).value.unwrap();
    fixture.wait(DAY);
    assert_eq!(fixture.send(creator, 0, contracts::vault(vault).end_subscription(ana)).value, Ok(29 * UNIT));
    assert_eq!(fixture.credit(ana, Asset::Native), 29 * UNIT);
    assert_eq!(fixture.collect(0, 9).value.unwrap().amount, UNIT);
}

#[test]
fn a_gift_has_a_minimum_stay_and_so_has_a_new_subscription() {
    let mut fixture = fixture();
    let (ana, ben) = (fixture.env.ana, fixture.env.ben);
    fixture.gift(ben, ana, 0, 2 * PRICE).value.unwrap();
    assert_eq!(fixture.refund(ana), 53 * UNIT);
    fixture.wait(60 * DAY);
    fixture.gift(ben, ana, 0, PRICE).value.unwrap();
    assert_eq!(fixture.refund(ana), 23 * UNIT);
    assert_eq!(fixture.cancel(ana).value, Ok(23 * UNIT));
    fixture.subscribe(ana, 0, PRICE).value.unwrap();
    assert_eq!(fixture.refund(ana), 23 * UNIT);
}

#[test]
fn a_grant_has_no_minimum_stay_but_a_payment_replacing_it_has() {
    let mut fixture = fixture();
    let (ana, creator, vault) = (fixture.env.ana, fixture.env.creator, fixture.vault);
    let until = fixture.now() + 9 * DAY;
    fixture.send(creator, 0, contracts::vault(vault).grant(ana, 1, until)).value.unwrap();
    assert_eq!(minimum(&mut fixture, ana), 0);
    fixture.subscribe(ana, 0, PRICE).value.unwrap();
    assert_eq!(minimum(&mut fixture, ana), WEEK);
    assert_eq!(fixture.refund(ana), 23 * UNIT);
}

#[test]
fn top_ups_and_price_changes_keep_the_agreed_minimum() {
    let mut fixture = fixture();
    let (ana, ben, creator, vault) = (fixture.env.ana, fixture.env.ben, fixture.env.creator, fixture.vault);
    fixture.subscribe(ana, 0, PRICE).value.unwrap();
    fixture.send(creator, 0, contracts::vault(vault).update_tier(0, 3 * PRICE, None, true, vec![])).value.unwrap();
    assert_eq!(fixture.tier(0).unwrap().terms.minimum_stay, 7 * DAY);
    fixture.send(ben, 60 * UNIT, contracts::vault(vault).top_up(ana, 0, 0, PRICE)).value.unwrap();
    assert_eq!(minimum(&mut fixture, ana), WEEK);
    assert_eq!(fixture.refund(ana), 83 * UNIT);
    fixture.subscribe(ben, 0, 3 * PRICE).value.unwrap();
    assert_eq!(minimum(&mut fixture, ben), 3 * WEEK);
}

#[test]
fn switching_neither_loses_money_nor_avoids_the_minimum() {
    let mut fixture = fixture();
    let ana = fixture.env.ana;
    fixture.subscribe(ana, 0, 90 * UNIT).value.unwrap();
    fixture.wait(2 * DAY);
    // Up: with the whole unearned rest, and the minimum of the higher tier.
    switch(&mut fixture, ana, 1, 0);
    let stream = fixture.subscription(ana).unwrap().stream;
    assert_eq!(stream.paid, 88 * UNIT);
    assert_eq!(stream.minimum, 2 * WEEK);
    // Down and back in one block: the rest of the minimum stays.
    fixture.wait(2 * DAY);
    for _ in 0..2 {
        switch(&mut fixture, ana, 0, 0);
        let stream = fixture.subscription(ana).unwrap().stream;
        assert_eq!(stream.paid, 84 * UNIT);
        assert_eq!(fixture.refund(ana), 74 * UNIT);
        switch(&mut fixture, ana, 0, 0);
        assert_eq!(fixture.refund(ana), 74 * UNIT);
    }
    // Up to a tier without a minimum stay, and back.
    switch(&mut fixture, ana, 2, 0);
    assert_eq!(minimum(&mut fixture, ana), 10 * UNIT);
    assert_eq!(fixture.refund(ana), 74 * UNIT);
    fixture.wait(4 * DAY);
    switch(&mut fixture, ana, 0, 0);
    assert_eq!(minimum(&mut fixture, ana), 6 * UNIT);
    assert_eq!(fixture.refund(ana), 74 * UNIT);
    // Time earns the rest of the minimum. After that, refunds are as without it.
    fixture.wait(7 * DAY);
    assert_eq!(fixture.cancel(ana).value, Ok(73 * UNIT));
    let income: u128 = [0, 1, 2].into_iter().map(|tier| fixture.collect(tier, 99).value.unwrap().amount).sum();
    assert_eq!(income, 17 * UNIT);
}

#[test]
fn moving_up_again_adds_the_higher_minimum_each_time() {
    let mut fixture = fixture();
    let ana = fixture.env.ana;
    fixture.subscribe(ana, 0, 90 * UNIT).value.unwrap();
    for _ in 0..3 {
        switch(&mut fixture, ana, 1, 0);
        assert_eq!(minimum(&mut fixture, ana), 2 * WEEK);
        switch(&mut fixture, ana, 0, 0);
        assert_eq!(minimum(&mut fixture, ana), 2 * WEEK);
    }
    assert_eq!(fixture.cancel(ana).value, Ok(76 * UNIT));
}

#[test]
fn a_payment_for_another_fan_applies_only_to_the_named_tier() {
    let mut fixture = VaultFixture::default();
    let (ana, ben, vault) = (fixture.env.ana, fixture.env.ben, fixture.vault);
    fixture.subscribe(ana, 0, 2 * PRICE).value.unwrap();
    // The fan switches between the payer's query and the payment.
    switch(&mut fixture, ana, 1, 0);
    let gift = |tier, most| contracts::vault(vault).top_up(ana, tier, 0, most);
    assert_eq!(fixture.send(ben, PRICE, gift(0, PRICE)).value, Err(VaultError::OtherTier { tier: 1 }.into()));
    let high = VaultError::PriceTooHigh { price: 2 * PRICE };
    assert_eq!(fixture.send(ben, PRICE, gift(1, 2 * PRICE - 1)).value, Err(high.into()));
    assert_eq!(fixture.send(ben, PRICE, gift(7, u128::MAX)).value, Err(VaultError::OtherTier { tier: 1 }.into()));
    assert_eq!(fixture.send(ben, PRICE, gift(1, 2 * PRICE)).value, Ok(fixture.now() + 45 * DAY));
}
