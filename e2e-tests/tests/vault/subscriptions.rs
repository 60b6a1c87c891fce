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
    let mut fixture = VaultFixture::default();
    let (fan, start) = (fixture.env.ana, fixture.now());
    let until = start + 45 * DAY;
    let receipt = fixture.subscribe(fan, 1, 3 * PRICE);
    assert_eq!(receipt.value, Ok(until));
    assert_events(&receipt, fixture.vault, &[subscribed(fan, 1, fan, 2 * PRICE, 3 * PRICE, until)]);
    let stream = Stream { price: 2 * PRICE, start, end: until, paid: 3 * PRICE, minimum: 0 };
    let kept = Subscription { tier: 1, level: 2, since: start, stream };
    assert_eq!(fixture.subscription(fan), Some(kept));
    assert_eq!(fixture.standing(fan), Standing { level: 2, since: start, until, ..Standing::default() });
    assert_eq!(fixture.obligations(), Obligations { streams: 3 * PRICE, unclaimed: 0, ..Obligations::default() });
    let tier = fixture.tier(1).unwrap();
    assert_eq!(tier.taken, 1);
    assert_eq!(tier.unsettled, 1);
    assert_eq!(fixture.tier(0).unwrap().taken, 0);

    fixture.wait(DAY);
    let before = fixture.env.balance(fan);
    let left = fixture.cancel(fan);
    assert_eq!(left.value, Ok(88 * UNIT));
    assert_events(&left, fixture.vault, &[cancelled(fan, 1, 88 * UNIT)]);
    // The fan's record and the bucket of its end are deleted. Their deposit and the refund are returned to the fan.
    assert_returned(receipt.deposit, &[left.deposit]);
    assert_eq!(fixture.env.balance(fan), before + 88 * UNIT + left.deposit.unsigned_abs());
    assert_eq!(fixture.subscription(fan), None);
    assert_eq!(fixture.standing(fan), Standing::default());
    let tier = fixture.tier(1).unwrap();
    assert_eq!(tier.taken, 0);
    assert_eq!(tier.unsettled, 0);
    assert_eq!(fixture.refund(fan), 0);
    assert_eq!(fixture.cancel(fan).value, Err(VaultError::NotSubscribed.into()));
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
    let mut fixture = VaultFixture::of(tiers.to_vec());
    let fan = fixture.env.ana;
    for (id, terms) in (0..).zip(&tiers) {
        for paid in [terms.price, terms.price * 3 / 2, terms.price * 2 + 1] {
            let lasts = (paid * u128::from(terms.period) / terms.price) as u64;
            let to_midnight = DAY - fixture.now() % DAY;
            let times =
                [0, 1, terms.period - 1, terms.period, to_midnight - 1, to_midnight, lasts - 1, lasts, lasts + DAY];
            for elapsed in times {
                let start = fixture.now();
                let receipt = fixture.subscribe(fan, id, paid);
                assert_eq!(receipt.value, Ok(start + lasts));
                fixture.wait(elapsed);
                let refund = if elapsed < lasts { naive_refund(terms.price, terms.period, paid, elapsed) } else { 0 };
                assert_eq!(fixture.refund(fan), refund, "{paid} of {terms:?} after {elapsed} ms");
                assert_eq!(fixture.cancel(fan).value, Ok(refund));
                // The next one starts at another time of the day.
                fixture.wait(12_345_678);
            }
        }
        // Everything that the fan did not get back is earned, to the planck.
        fixture.wait(DAY);
        while fixture.collect(id, 1_000).value.unwrap().more {}
        assert_eq!(fixture.obligations().streams, 0);
    }
}

#[test]
fn an_end_is_the_first_unpaid_millisecond() {
    let mut fixture = VaultFixture::default();
    let fan = fixture.env.ana;
    let until = fixture.subscribe(fan, 0, PRICE + 1).value.unwrap();
    assert_eq!(until, fixture.now() + 30 * DAY, "a planck is less than a millisecond costs");
    fixture.wait(30 * DAY - 1);
    assert_eq!(fixture.subscribe(fan, 0, PRICE).value, Err(VaultError::AlreadySubscribed { until }.into()));
    // 11,574.07.. planck for the last millisecond, and the rest of a planck.
    assert_eq!(fixture.refund(fan), 11_575);
    fixture.wait(1);
    assert_eq!(fixture.refund(fan), 0);
    assert_eq!(fixture.standing(fan), Standing { level: 1, since: until - 30 * DAY, until, ..Standing::default() });
    assert!(fixture.subscribe(fan, 0, PRICE).value.is_ok());
}

#[test]
fn refused_subscriptions_name_the_bound_that_was_missed() {
    let mut fixture = VaultFixture::default();
    let (fan, vault) = (fixture.env.ana, fixture.vault);
    let mut subscribe = |paid, tier, max_price| {
        fixture.send(fan, paid, contracts::vault(vault).subscribe(tier, fan, 0, max_price)).value
    };
    assert_eq!(subscribe(PRICE, 2, u128::MAX), Err(VaultError::UnknownTier.into()));
    assert_eq!(subscribe(PRICE, u32::MAX, u128::MAX), Err(VaultError::UnknownTier.into()));
    assert_eq!(subscribe(PRICE, 0, PRICE - 1), Err(VaultError::PriceTooHigh { price: PRICE }.into()));
    assert_eq!(subscribe(PRICE - 1, 0, PRICE), Err(VaultError::PaymentTooSmall { least: PRICE }.into()));
    assert_eq!(subscribe(0, 0, PRICE), Err(VaultError::PaymentTooSmall { least: PRICE }.into()));
    // 100 years of 365.25 days at a unit a day, plus what does not reach the next millisecond.
    let most = 36_525 * UNIT + 11_574;
    assert_eq!(subscribe(most + 1, 0, PRICE), Err(VaultError::PaymentTooLarge { most }.into()));
    let until = fixture.now() + MAX_DURATION;
    let longest = fixture.send(fan, most, contracts::vault(vault).subscribe(0, fan, 0, PRICE));
    assert_eq!(longest.value, Ok(until));
    assert_eq!(fixture.cancel(fan).value, Ok(most));
}

#[test]
fn a_gift_belongs_to_the_fan_and_cannot_be_replaced_while_it_runs() {
    let mut fixture = VaultFixture::default();
    let (giver, fan) = (fixture.env.ben, fixture.env.ana);
    let until = fixture.now() + 30 * DAY;
    let receipt = fixture.gift(giver, fan, 0, PRICE);
    assert_eq!(receipt.value, Ok(until));
    assert_events(&receipt, fixture.vault, &[subscribed(fan, 0, giver, PRICE, PRICE, until)]);
    assert_eq!(fixture.standing(fan).level, 1);
    assert_eq!(fixture.standing(giver), Standing::default());
    assert_eq!(fixture.refund(fan), PRICE);
    assert_eq!(fixture.refund(giver), 0);

    assert_eq!(fixture.cancel(giver).value, Err(VaultError::NotSubscribed.into()));
    let refused = Err(VaultError::AlreadySubscribed { until }.into());
    for tier in [0, 1] {
        assert_eq!(fixture.gift(giver, fan, tier, 100 * PRICE).value, refused);
        assert_eq!(fixture.gift(fixture.env.creator, fan, tier, 100 * PRICE).value, refused);
        assert_eq!(fixture.subscribe(fan, tier, 100 * PRICE).value, refused);
    }
    fixture.wait(10 * DAY);
    let (giver_had, fan_had) = (fixture.env.balance(giver), fixture.env.balance(fan));
    let left = fixture.cancel(fan);
    assert_eq!(left.value, Ok(20 * UNIT));
    // The storage deposit is part of the gift.
    assert_returned(receipt.deposit, &[left.deposit]);
    assert_eq!(fixture.env.balance(giver), giver_had);
    assert_eq!(fixture.env.balance(fan), fan_had + 20 * UNIT + left.deposit.unsigned_abs());
}

#[test]
fn a_gift_to_an_account_without_funds_can_be_refunded_in_full() {
    let mut fixture = VaultFixture::default();
    let giver = fixture.env.ben;
    let [at_once, late, expired] = [stranger(1), stranger(2), stranger(3)];
    let mut record = 0;
    for fan in [at_once, late, expired] {
        // The first one also pays for the bucket of that day, which all of them use.
        record = fixture.gift(giver, fan, 0, PRICE).deposit;
        assert_eq!(fixture.env.balance(fan), 0);
        assert_eq!(fixture.standing(fan).level, 1);
    }
    let cancel = |fixture: &mut VaultFixture, fan, refund| {
        let receipt = fixture.cancel(fan);
        assert_eq!(receipt.value, Ok(refund));
        assert_returned(record, &[receipt.deposit]);
        assert_eq!(fixture.env.balance(fan), refund + receipt.deposit.unsigned_abs());
    };
    cancel(&mut fixture, at_once, PRICE);
    fixture.wait(30 * DAY - 1);
    cancel(&mut fixture, late, naive_refund(PRICE, 30 * DAY, PRICE, 30 * DAY - 1));
    fixture.wait(1);
    cancel(&mut fixture, expired, 0);
    // Whoever collects gets the bucket of the expired one.
    fixture.wait(DAY);
    assert!(fixture.collect(0, 40).deposit < 0);
}

#[test]
fn a_refund_of_one_planck_creates_an_account() {
    let mut fixture = VaultFixture::of(vec![tier_terms(2, 1)]);
    let fan = stranger(1);
    assert!(fixture.tip(fixture.env.ben, 1, b"").value.is_ok());
    assert!(fixture.gift(fixture.env.ben, fan, 0, 2).value.is_ok());
    fixture.wait(1);
    // A planck is earned in 15 days, and a part of a planck counts as one. The chain's existential deposit is one
    // planck.
    assert_eq!(fixture.cancel(fan).value, Ok(1));
}

#[test]
fn a_subscription_after_the_end_starts_anew() {
    let mut fixture = VaultFixture::default();
    let fan = fixture.env.ana;
    let first = fixture.subscribe(fan, 0, PRICE);
    let end = first.value.unwrap();
    fixture.wait(40 * DAY);
    // The same tier: the seat is the same, and the time starts again. The end is in another bucket, whose deposit is
    // due.
    let again = fixture.subscribe(fan, 0, PRICE);
    assert_eq!(again.value, Ok(end + 40 * DAY));
    assert!(again.deposit > 0 && again.deposit < first.deposit);
    assert_eq!(fixture.standing(fan).since, end + 10 * DAY);
    let tier = fixture.tier(0).unwrap();
    assert_eq!(tier.taken, 1);
    assert_eq!(tier.unsettled, 2);
    // Another tier, as a gift: the seat in the first is free.
    fixture.wait(30 * DAY);
    assert!(fixture.gift(fixture.env.ben, fan, 1, 2 * PRICE).value.is_ok());
    assert_eq!(fixture.tier(0).unwrap().taken, 0);
    assert_eq!(fixture.tier(1).unwrap().taken, 1);
    assert_eq!(fixture.standing(fan).level, 2);
    assert_eq!(fixture.cancel(fan).value, Ok(2 * PRICE));
    // The creator gets exactly what was earned before.
    fixture.wait(DAY);
    assert_eq!(fixture.collect(0, 1_000).value.unwrap().amount, 2 * PRICE);
    assert_eq!(fixture.collect(1, 1_000).value.unwrap().amount, 0);
    assert_eq!(fixture.obligations(), Obligations { streams: 0, unclaimed: 2 * PRICE, ..Obligations::default() });
}

#[test]
fn a_seat_is_held_until_its_subscription_is_cancelled_or_replaced() {
    let mut fixture =
        VaultFixture::of(vec![TierTerms { seats: Some(2), ..tier_terms(PRICE, 1) }, tier_terms(PRICE, 2)]);
    let TestEnv { ana, ben, cleo, creator, .. } = fixture.env;
    assert!(fixture.subscribe(ana, 0, PRICE).value.is_ok());
    assert!(fixture.subscribe(ben, 0, PRICE).value.is_ok());
    assert_eq!(fixture.subscribe(cleo, 0, PRICE).value, Err(VaultError::SoldOut.into()));
    assert_eq!(fixture.cancel(ana).value, Ok(PRICE));
    assert!(fixture.subscribe(cleo, 0, PRICE).value.is_ok());
    // Expired subscriptions still hold their seats, and can be renewed in a full tier.
    fixture.wait(31 * DAY);
    assert_eq!(fixture.subscribe(ana, 0, PRICE).value, Err(VaultError::SoldOut.into()));
    assert!(fixture.subscribe(ben, 0, PRICE).value.is_ok());
    assert_eq!(fixture.tier(0).unwrap().taken, 2);
    assert!(fixture.subscribe(cleo, 1, PRICE).value.is_ok());
    assert!(fixture.subscribe(creator, 0, PRICE).value.is_ok());
    assert_eq!(fixture.tier(0).unwrap().taken, 2);
    fixture.wait(30 * DAY);
    assert_eq!(fixture.cancel(ben).value, Ok(0));
    assert_eq!(fixture.tier(0).unwrap().taken, 1);
}

#[test]
fn an_expired_subscription_can_be_cancelled_for_its_deposit() {
    let mut fixture = VaultFixture::default();
    let fan = fixture.env.ana;
    let paid = fixture.subscribe(fan, 0, PRICE).deposit;
    fixture.wait(400 * DAY);
    let receipt = fixture.cancel(fan);
    assert_eq!(receipt.value, Ok(0));
    assert_events(&receipt, fixture.vault, &[cancelled(fan, 0, 0)]);
    let swept = fixture.collect(0, 1_000);
    assert_eq!(swept.value.unwrap().amount, PRICE);
    assert!(receipt.deposit < 0 && swept.deposit < 0);
    assert_returned(paid, &[receipt.deposit, swept.deposit]);
}

#[test]
fn value_sent_with_a_message_that_is_not_payable_is_refused() {
    let mut fixture = VaultFixture::default();
    let fan = fixture.env.ana;
    assert!(fixture.subscribe(fan, 0, PRICE).value.is_ok());
    let before = fixture.env.balance(fan);
    let chain = &mut fixture.env.chain;
    let vault = || contracts::vault(fixture.vault);
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
    assert_eq!(fixture.env.balance(fan), before);
    fixture.assert_covered();
}
