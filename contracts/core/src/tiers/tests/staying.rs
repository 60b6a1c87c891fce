//! The minimum stay: what a fan who leaves early does not get back, whatever moves come before.

use super::*;
use crate::streams::Bucket;

/// A tier for 30 days at 30,000 with a minimum stay of 7 days.
fn week() -> Model {
    let mut model = month();
    model.tier.minimum_stay = 7 * DAY;
    model
}

#[test]
fn a_minimum_stay_is_from_nothing_to_a_period() {
    let mut tier = month().tier;
    for (stay, answer) in [
        (0, Ok(())),
        (30 * DAY, Ok(())),
        (30 * DAY + 1, Err(VaultError::MinimumStayTooLong { most: 30 * DAY }.into())),
        (u64::MAX, Err(VaultError::MinimumStayTooLong { most: 30 * DAY }.into())),
    ] {
        tier.minimum_stay = stay;
        assert_eq!(tier.check(), answer);
    }
}

#[test]
fn leaving_refunds_all_but_the_greater_of_minimum_and_earned() {
    for (day, refund) in [(0, 83_000), (1, 83_000), (7, 83_000), (8, 82_000), (89, 1_000)] {
        let mut model = week();
        assert!(model.subscribe(90_000, T0));
        assert_eq!(model.leave(0, T0 + day * DAY, true), refund);
        model.check(T0 + day * DAY);
        model.finish(T0 + day * DAY);
    }
}

#[test]
fn the_minimum_is_collected_as_time_earns_it_or_when_the_fan_leaves() {
    let mut model = week();
    assert!(model.subscribe(90_000, T0));
    model.collect(T0 + DAY, 100);
    assert_eq!(model.collected, 1_000);
    model.leave(0, T0 + DAY, true);
    model.collect(T0 + DAY, 100);
    assert_eq!(model.collected, 7_000);
}

#[test]
fn an_ending_by_the_owner_refunds_all_that_time_has_not_earned() {
    let mut model = week();
    assert!(model.subscribe(90_000, T0));
    assert_eq!(model.leave(0, T0 + DAY, false), 89_000);
    model.finish(T0 + DAY);
}

#[test]
fn topping_up_adds_no_minimum_and_a_later_price_changes_none() {
    let mut model = week();
    assert!(model.subscribe(30_000, T0));
    model.tier.offer(90_000, None, true).unwrap();
    model.top_up(0, 60_000);
    assert_eq!(model.leave(0, T0, true), 83_000);
}

#[test]
fn a_minimum_is_rounded_up_and_never_above_a_period() {
    let minimum = |price, stay| {
        let mut tier = month().tier;
        (tier.price, tier.minimum_stay) = (price, stay);
        let stream = tier.subscribe(price, None, 0, price, T0, &mut BTreeMap::new()).unwrap();
        stream.minimum
    };
    assert_eq!([minimum(1, 1), minimum(7, 1), minimum(7, 30 * DAY), minimum(7, 0)], [1, 1, 7, 0]);
    assert_eq!(minimum(MAX_PRICE, 30 * DAY), MAX_PRICE);
}

#[test]
fn moving_up_has_a_minimum_of_its_own_and_moving_elsewhere_has_not() {
    let minimum = |from_level, to_level, days| {
        let (mut from, mut to) = (week(), week());
        (from.tier.level, to.tier.level) = (from_level, to_level);
        (to.tier.price, to.tier.minimum_stay) = (60_000, 14 * DAY);
        assert!(from.subscribe(90_000, T0));
        from.switch(&mut to, 0, 60_000, T0 + days * DAY);
        to.streams[0].0.minimum
    };
    // 14 days at 2,000, which is above the rest of 7 days at 1,000.
    assert_eq!([0, 3, 20].map(|days| minimum(1, 2, days)), [28_000; 3]);
    for (from, to) in [(2, 2), (2, 1)] {
        assert_eq!([0, 3, 7, 20].map(|days| minimum(from, to, days)), [7_000, 4_000, 0, 0]);
    }
}

/// A tier at a price per period, with a minimum stay and a level.
fn tier() -> impl Strategy<Value = Tier<()>> {
    let period = prop_oneof![Just(MIN_PERIOD), Just(DAY), Just(30 * DAY), MIN_PERIOD..40 * DAY];
    let part = prop_oneof![Just(0), Just(256), 0..=256u64];
    (1u128..1_000_000, period, part, 1..4u8).prop_map(|(price, period, part, level)| {
        let mut tier = Model::new(price, period, None, T0).tier;
        (tier.level, tier.minimum_stay) = (level, period * part / 256);
        tier.check().unwrap();
        tier
    })
}

proptest! {
    #![proptest_config(many_cases())]

    /// A fan does not get back the greater of two amounts: what time has earned of all streams, and each agreed minimum
    /// with what was earned before it.
    #[test]
    fn no_chain_of_switches_loses_money_or_sheds_a_minimum(
        tiers in prop::collection::vec(tier(), 2..5),
        moves in prop::collection::vec(
            (any::<prop::sample::Index>(), prop_oneof![Just(0), 0..1_000u64], 0u128..3, 0u128..2), 1..20,
        ),
    ) {
        let mut tiers = tiers;
        let mut buckets: Vec<BTreeMap<u64, Bucket>> = vec![BTreeMap::new(); tiers.len()];
        let mut now = T0;
        let stay = |tier: &Tier<()>| {
            (tier.price * u128::from(tier.minimum_stay)).div_ceil(tier.earnings.period.into())
        };
        let mut paid = tiers[0].price * 3;
        let stream = tiers[0].subscribe(u128::MAX, None, 0, paid, now, &mut buckets[0]).unwrap();
        let mut held = Subscription { tier: 0, level: tiers[0].level, since: now, stream };
        let (mut agreed, mut before) = (stay(&tiers[0]), 0);
        for (index, wait, periods, more) in moves {
            now += held.stream.end.saturating_sub(now) / 1_000 * wait;
            let number = held.tier as usize;
            let earned = before + held.stream.paid - held.stream.unearned(tiers[number].earnings.period, now);
            prop_assert_eq!(paid - tiers[number].refund(&held.stream, now), agreed.max(earned));
            // Someone pays ahead.
            let ahead = held.stream.price * more;
            if tiers[number].top_up(&mut held.stream, ahead, &mut buckets[number]).is_ok() {
                paid += ahead;
            }
            let next = index.index(tiers.len());
            let (mut after, mut ends) = (tiers.clone(), buckets.clone());
            let carried = after[number].leave(&held.stream, now, false, &mut ends[number]);
            prop_assert_eq!(carried, paid - earned);
            let added = after[next].price * periods;
            let moved = after[next].subscribe(u128::MAX, Some(&held), carried, added, now, &mut ends[next]);
            let Ok(stream) = moved else { continue };
            (tiers, buckets, before) = (after, ends, earned);
            paid += added;
            if tiers[next].level > held.level {
                agreed = agreed.max(earned + stay(&tiers[next]));
            }
            held = Subscription { tier: next as u32, level: tiers[next].level, since: now, stream };
        }
        // In the end everything is earned, and no minimum is above that.
        prop_assert!(agreed <= paid);
        prop_assert_eq!(tiers[held.tier as usize].refund(&held.stream, held.stream.end), 0);
    }
}
