use patronage_chain::{ChainError, Messages};
use patronage_core::streams::MAX_DURATION;
use patronage_interfaces::vault::{Ended, Subscribed};
use test_kit::{assert_events, event, field_topic, tier_terms, DAY};

use super::*;

fn subscribed(
    fan: AccountId,
    tier: TierId,
    payer: AccountId,
    price: u128,
    paid: u128,
    until: Timestamp,
) -> (Vec<[u8; 32]>, Vec<u8>) {
    let event_of = Subscribed { fan, tier, payer, price, paid, carried: 0, minimum: 0, until };
    event(&event_of, &[field_topic(&fan), field_topic(&tier)])
}

fn cancelled(fan: AccountId, tier: TierId, refund: u128) -> (Vec<[u8; 32]>, Vec<u8>) {
    let event_of = Ended { fan, tier, by: fan, refund, credited: false };
    event(&event_of, &[field_topic(&fan), field_topic(&tier)])
}

#[test]
fn subscribing_and_cancelling_emit_events_and_leave_no_record() {
    let mut scene = Scene::default();
    let (fan, start) = (scene.world.ana, scene.now());
    let until = start + 45 * DAY;
    let receipt = scene.subscribe(fan, 1, 3 * PRICE);
    assert_eq!(receipt.value, Ok(until));
    assert_events(&receipt, scene.vault, &[subscribed(fan, 1, fan, 2 * PRICE, 3 * PRICE, until)]);
    let stream = Stream { price: 2 * PRICE, start, end: until, paid: 3 * PRICE, minimum: 0 };
    let kept = Subscription { tier: 1, level: 2, since: start, stream };
    assert_eq!(scene.subscription(fan), Some(kept));
    assert_eq!(scene.standing(fan), Standing { level: 2, since: start, until, ..Standing::default() });
    assert_eq!(scene.obligations(), Obligations { streams: 3 * PRICE, unclaimed: 0, ..Obligations::default() });
    let tier = scene.tier(1).unwrap();
    assert_eq!(tier.taken, 1);
    assert_eq!(tier.unsettled, 1);
    assert_eq!(scene.tier(0).unwrap().taken, 0);

    scene.wait(DAY);
    let before = scene.world.balance(fan);
    let left = scene.cancel(fan);
    assert_eq!(left.value, Ok(88 * UNIT));
    assert_events(&left, scene.vault, &[cancelled(fan, 1, 88 * UNIT)]);
    // The fan's record and the bucket of its end are deleted. Their deposit and the refund are returned to the fan.
    assert_returned(receipt.deposit, &[left.deposit]);
    assert_eq!(scene.world.balance(fan), before + 88 * UNIT + left.deposit.unsigned_abs());
    assert_eq!(scene.subscription(fan), None);
    assert_eq!(scene.standing(fan), Standing::default());
    let tier = scene.tier(1).unwrap();
    assert_eq!(tier.taken, 0);
    assert_eq!(tier.unsettled, 0);
    assert_eq!(scene.refund(fan), 0);
    assert_eq!(scene.cancel(fan).value, Err(VaultError::NotSubscribed.into()));
}

/// Refund of the fan of `paid` at `price` per `period` after `elapsed` ms, by a formula that differs from the
/// contract's.
fn naive_refund(price: u128, period: u64, paid: u128, elapsed: u64) -> u128 {
    paid.saturating_sub((price * u128::from(elapsed)).div_ceil(period.into()))
}

#[test]
fn refunds_are_exact_to_the_planck_at_extreme_times() {
    let tier = |price, period| TierTerms { period, ..tier_terms(price, 1) };
    // A planck a month, a prime price for a calendar year, the shortest period with more and with less than a planck
    // per ms, and a price at which every day is whole.
    let tiers = [
        tier(1, 30 * DAY),
        tier(999_999_999_989, 31_556_952_000),
        tier(7 * UNIT + 1, MINUTE),
        tier(7, MINUTE),
        tier(PRICE, 30 * DAY),
    ];
    let mut scene = Scene::of(tiers.to_vec());
    let fan = scene.world.ana;
    for (id, terms) in (0..).zip(&tiers) {
        for paid in [terms.price, terms.price * 3 / 2, terms.price * 2 + 1] {
            let lasts = (paid * u128::from(terms.period) / terms.price) as u64;
            let to_midnight = DAY - scene.now() % DAY;
            let times =
                [0, 1, terms.period - 1, terms.period, to_midnight - 1, to_midnight, lasts - 1, lasts, lasts + DAY];
            for elapsed in times {
                let start = scene.now();
                let receipt = scene.subscribe(fan, id, paid);
                assert_eq!(receipt.value, Ok(start + lasts));
                scene.wait(elapsed);
                let refund = if elapsed < lasts { naive_refund(terms.price, terms.period, paid, elapsed) } else { 0 };
                assert_eq!(scene.refund(fan), refund, "{paid} of {terms:?} after {elapsed} ms");
                assert_eq!(scene.cancel(fan).value, Ok(refund));
                // The next one starts at another time of the day.
                scene.wait(12_345_678);
            }
        }
        // Everything that the fan did not get back is earned, to the planck.
        scene.wait(DAY);
        while scene.collect(id, 1_000).value.unwrap().more {}
        assert_eq!(scene.obligations().streams, 0);
    }
}

#[test]
fn an_end_is_the_first_unpaid_millisecond() {
    let mut scene = Scene::default();
    let fan = scene.world.ana;
    let until = scene.subscribe(fan, 0, PRICE + 1).value.unwrap();
    assert_eq!(until, scene.now() + 30 * DAY, "a planck is less than a millisecond costs");
    scene.wait(30 * DAY - 1);
    assert_eq!(scene.subscribe(fan, 0, PRICE).value, Err(VaultError::AlreadySubscribed { until }.into()));
    // 11,574.07.. planck for the last millisecond, and the rest of a planck.
    assert_eq!(scene.refund(fan), 11_575);
    scene.wait(1);
    assert_eq!(scene.refund(fan), 0);
    assert_eq!(scene.standing(fan), Standing { level: 1, since: until - 30 * DAY, until, ..Standing::default() });
    assert!(scene.subscribe(fan, 0, PRICE).value.is_ok());
}

#[test]
fn refused_subscriptions_name_the_bound_that_was_missed() {
    let mut scene = Scene::default();
    let (fan, vault) = (scene.world.ana, scene.vault);
    let mut subscribe =
        |paid, tier, max_price| scene.send(fan, paid, suite::vault(vault).subscribe(tier, fan, 0, max_price)).value;
    assert_eq!(subscribe(PRICE, 2, u128::MAX), Err(VaultError::UnknownTier.into()));
    assert_eq!(subscribe(PRICE, u32::MAX, u128::MAX), Err(VaultError::UnknownTier.into()));
    assert_eq!(subscribe(PRICE, 0, PRICE - 1), Err(VaultError::PriceTooHigh { price: PRICE }.into()));
    assert_eq!(subscribe(PRICE - 1, 0, PRICE), Err(VaultError::PaymentTooSmall { least: PRICE }.into()));
    assert_eq!(subscribe(0, 0, PRICE), Err(VaultError::PaymentTooSmall { least: PRICE }.into()));
    // 100 years of 365.25 days at a unit a day, plus what does not reach the next millisecond.
    let most = 36_525 * UNIT + 11_574;
    assert_eq!(subscribe(most + 1, 0, PRICE), Err(VaultError::PaymentTooLarge { most }.into()));
    let until = scene.now() + MAX_DURATION;
    let longest = scene.send(fan, most, suite::vault(vault).subscribe(0, fan, 0, PRICE));
    assert_eq!(longest.value, Ok(until));
    assert_eq!(scene.cancel(fan).value, Ok(most));
}

#[test]
fn a_gift_belongs_to_the_fan_and_cannot_be_replaced_while_it_runs() {
    let mut scene = Scene::default();
    let (giver, fan) = (scene.world.ben, scene.world.ana);
    let until = scene.now() + 30 * DAY;
    let receipt = scene.gift(giver, fan, 0, PRICE);
    assert_eq!(receipt.value, Ok(until));
    assert_events(&receipt, scene.vault, &[subscribed(fan, 0, giver, PRICE, PRICE, until)]);
    assert_eq!(scene.standing(fan).level, 1);
    assert_eq!(scene.standing(giver), Standing::default());
    assert_eq!(scene.refund(fan), PRICE);
    assert_eq!(scene.refund(giver), 0);

    assert_eq!(scene.cancel(giver).value, Err(VaultError::NotSubscribed.into()));
    let refused = Err(VaultError::AlreadySubscribed { until }.into());
    for tier in [0, 1] {
        assert_eq!(scene.gift(giver, fan, tier, 100 * PRICE).value, refused);
        assert_eq!(scene.gift(scene.world.creator, fan, tier, 100 * PRICE).value, refused);
        assert_eq!(scene.subscribe(fan, tier, 100 * PRICE).value, refused);
    }
    scene.wait(10 * DAY);
    let (giver_had, fan_had) = (scene.world.balance(giver), scene.world.balance(fan));
    let left = scene.cancel(fan);
    assert_eq!(left.value, Ok(20 * UNIT));
    // The storage deposit is part of the gift.
    assert_returned(receipt.deposit, &[left.deposit]);
    assert_eq!(scene.world.balance(giver), giver_had);
    assert_eq!(scene.world.balance(fan), fan_had + 20 * UNIT + left.deposit.unsigned_abs());
}

#[test]
fn a_gift_to_an_account_without_funds_can_be_refunded_in_full() {
    let mut scene = Scene::default();
    let giver = scene.world.ben;
    let [at_once, late, expired] = [stranger(1), stranger(2), stranger(3)];
    let mut record = 0;
    for fan in [at_once, late, expired] {
        // The first one also pays for the bucket of that day, which all of them use.
        record = scene.gift(giver, fan, 0, PRICE).deposit;
        assert_eq!(scene.world.balance(fan), 0);
        assert_eq!(scene.standing(fan).level, 1);
    }
    let cancel = |scene: &mut Scene, fan, refund| {
        let receipt = scene.cancel(fan);
        assert_eq!(receipt.value, Ok(refund));
        assert_returned(record, &[receipt.deposit]);
        assert_eq!(scene.world.balance(fan), refund + receipt.deposit.unsigned_abs());
    };
    cancel(&mut scene, at_once, PRICE);
    scene.wait(30 * DAY - 1);
    cancel(&mut scene, late, naive_refund(PRICE, 30 * DAY, PRICE, 30 * DAY - 1));
    scene.wait(1);
    cancel(&mut scene, expired, 0);
    // Whoever collects gets the bucket of the expired one.
    scene.wait(DAY);
    assert!(scene.collect(0, 40).deposit < 0);
}

#[test]
fn a_refund_of_one_planck_creates_an_account() {
    let mut scene = Scene::of(vec![tier_terms(2, 1)]);
    let fan = stranger(1);
    assert!(scene.tip(scene.world.ben, 1, b"").value.is_ok());
    assert!(scene.gift(scene.world.ben, fan, 0, 2).value.is_ok());
    scene.wait(1);
    // A planck is earned in 15 days, and a part of a planck counts as one. The chain's existential deposit is one
    // planck.
    assert_eq!(scene.cancel(fan).value, Ok(1));
}

#[test]
fn a_subscription_after_the_end_starts_anew() {
    let mut scene = Scene::default();
    let fan = scene.world.ana;
    let first = scene.subscribe(fan, 0, PRICE);
    let end = first.value.unwrap();
    scene.wait(40 * DAY);
    // The same tier: the seat is the same, and the time starts again. The end is in another bucket, whose deposit is
    // due.
    let again = scene.subscribe(fan, 0, PRICE);
    assert_eq!(again.value, Ok(end + 40 * DAY));
    assert!(again.deposit > 0 && again.deposit < first.deposit);
    assert_eq!(scene.standing(fan).since, end + 10 * DAY);
    let tier = scene.tier(0).unwrap();
    assert_eq!(tier.taken, 1);
    assert_eq!(tier.unsettled, 2);
    // Another tier, as a gift: the seat in the first is free.
    scene.wait(30 * DAY);
    assert!(scene.gift(scene.world.ben, fan, 1, 2 * PRICE).value.is_ok());
    assert_eq!(scene.tier(0).unwrap().taken, 0);
    assert_eq!(scene.tier(1).unwrap().taken, 1);
    assert_eq!(scene.standing(fan).level, 2);
    assert_eq!(scene.cancel(fan).value, Ok(2 * PRICE));
    // The creator gets exactly what was earned before.
    scene.wait(DAY);
    assert_eq!(scene.collect(0, 1_000).value.unwrap().amount, 2 * PRICE);
    assert_eq!(scene.collect(1, 1_000).value.unwrap().amount, 0);
    assert_eq!(scene.obligations(), Obligations { streams: 0, unclaimed: 2 * PRICE, ..Obligations::default() });
}

#[test]
fn a_seat_is_held_until_its_subscription_is_cancelled_or_replaced() {
    let mut scene = Scene::of(vec![TierTerms { seats: Some(2), ..tier_terms(PRICE, 1) }, tier_terms(PRICE, 2)]);
    let World { ana, ben, cleo, creator, .. } = scene.world;
    assert!(scene.subscribe(ana, 0, PRICE).value.is_ok());
    assert!(scene.subscribe(ben, 0, PRICE).value.is_ok());
    assert_eq!(scene.subscribe(cleo, 0, PRICE).value, Err(VaultError::SoldOut.into()));
    assert_eq!(scene.cancel(ana).value, Ok(PRICE));
    assert!(scene.subscribe(cleo, 0, PRICE).value.is_ok());
    // Expired subscriptions still hold their seats, and can be renewed in a full tier.
    scene.wait(31 * DAY);
    assert_eq!(scene.subscribe(ana, 0, PRICE).value, Err(VaultError::SoldOut.into()));
    assert!(scene.subscribe(ben, 0, PRICE).value.is_ok());
    assert_eq!(scene.tier(0).unwrap().taken, 2);
    assert!(scene.subscribe(cleo, 1, PRICE).value.is_ok());
    assert!(scene.subscribe(creator, 0, PRICE).value.is_ok());
    assert_eq!(scene.tier(0).unwrap().taken, 2);
    scene.wait(30 * DAY);
    assert_eq!(scene.cancel(ben).value, Ok(0));
    assert_eq!(scene.tier(0).unwrap().taken, 1);
}

#[test]
fn an_expired_subscription_can_be_cancelled_for_its_deposit() {
    let mut scene = Scene::default();
    let fan = scene.world.ana;
    let paid = scene.subscribe(fan, 0, PRICE).deposit;
    scene.wait(400 * DAY);
    let receipt = scene.cancel(fan);
    assert_eq!(receipt.value, Ok(0));
    assert_events(&receipt, scene.vault, &[cancelled(fan, 0, 0)]);
    let swept = scene.collect(0, 1_000);
    assert_eq!(swept.value.unwrap().amount, PRICE);
    assert!(receipt.deposit < 0 && swept.deposit < 0);
    assert_returned(paid, &[receipt.deposit, swept.deposit]);
}

#[test]
fn value_sent_with_a_message_that_is_not_payable_is_refused() {
    let mut scene = Scene::default();
    let fan = scene.world.ana;
    assert!(scene.subscribe(fan, 0, PRICE).value.is_ok());
    let before = scene.world.balance(fan);
    let chain = &mut scene.world.chain;
    let vault = || suite::vault(scene.vault);
    let answers = [
        chain.send(&fan.into(), 1, vault().cancel()).err(),
        chain.send(&fan.into(), 1, vault().collect(0, 1)).err(),
        chain.send(&fan.into(), 1, vault().claim(Asset::Native, 0)).err(),
        chain.send(&fan.into(), 1, vault().add_tier(tier_terms(1, 1))).err(),
        chain.send(&fan.into(), 1, vault().refund_of(fan)).err(),
    ];
    for answer in answers {
        assert!(matches!(answer, Some(ChainError::Refused(_))), "{answer:?}");
    }
    assert_eq!(scene.world.balance(fan), before);
    scene.assert_covered();
}
