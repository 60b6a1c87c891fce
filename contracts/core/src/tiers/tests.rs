//! Holders of tiers and the earnings, compared with a model that knows each subscription and nothing else: no lines, no
//! buckets, and epochs only in the rule for the result of `collect`.

mod model;
mod staying;

use super::*;
use crate::{
    streams::tests::{period, price, DAY, T0, YEAR},
    testing::many_cases,
};
use model::Model;
use proptest::prelude::*;
use std::{collections::BTreeMap, vec, vec::Vec};

/// An event, mostly in one of two tiers.
#[derive(Clone, Debug)]
enum Step {
    /// Time passes, in ms.
    Wait(u64),
    /// Time passes to `.0` days after the last midnight, and `.1` ms more or less.
    Midnight(u64, i64),
    /// Time passes to the end of a running subscription, and `.1` ms more or less.
    End(usize, i64),
    /// The creator changes the price.
    Price(bool, u128),
    /// Someone subscribes for `.1` periods and a fraction, in 1/65,536 of a period.
    Subscribe(bool, u128, u16),
    /// The creator grants a seat for so many ms.
    Grant(bool, u64),
    /// A running subscription is extended by so many 1/256 of a period.
    TopUp(bool, usize, u128),
    /// The fan of a running subscription cancels it (true), or the creator ends it.
    Leave(bool, usize, bool),
    /// A grant is revoked, or an expired subscription is cancelled, replaced or pruned.
    Vacate(bool, usize),
    /// The fan of a running subscription moves the rest to the other tier and adds so many of its periods.
    Switch(bool, usize, u128),
    /// Someone collects.
    Collect(bool, u32),
}

fn step() -> impl Strategy<Value = Step> {
    let near = prop_oneof![Just(-1i64), Just(0), Just(1)];
    let (tier, index) = (any::<bool>, any::<usize>);
    prop_oneof![
        2 => prop_oneof![Just(0), Just(1), 0..DAY, 0..40 * DAY, 0..3 * YEAR].prop_map(Step::Wait),
        2 => (1u64..40, near.clone()).prop_map(|(days, ms)| Step::Midnight(days, ms)),
        2 => (index(), near).prop_map(|(index, ms)| Step::End(index, ms)),
        3 => (tier(), price()).prop_map(|(tier, price)| Step::Price(tier, price)),
        6 => (tier(), prop_oneof![Just(1u128), 1u128..50], prop_oneof![2 => Just(0), 1 => any::<u16>()])
            .prop_map(|(tier, periods, part)| Step::Subscribe(tier, periods, part)),
        1 => (tier(), 0..90 * DAY).prop_map(|(tier, ms)| Step::Grant(tier, ms)),
        2 => (tier(), index(), 0u128..10_000).prop_map(|(tier, index, part)| Step::TopUp(tier, index, part)),
        3 => (tier(), index(), any::<bool>())
            .prop_map(|(tier, index, early)| Step::Leave(tier, index, early)),
        1 => (tier(), index()).prop_map(|(tier, index)| Step::Vacate(tier, index)),
        2 => (tier(), index(), 0u128..3).prop_map(|(tier, index, periods)| Step::Switch(tier, index, periods)),
        4 => (tier(), prop_oneof![Just(0u32), Just(1), 0u32..100, Just(u32::MAX)])
            .prop_map(|(tier, max)| Step::Collect(tier, max)),
    ]
}

/// One of the running subscriptions, if there is one.
fn pick(model: &Model, index: usize, now: u64) -> Option<usize> {
    let running = model.running(now);
    index.checked_rem(running.len()).map(|index| running[index])
}

/// One step, with two tiers of different periods. Returns the time after it.
fn execute(models: &mut [Model; 2], step: &Step, now: u64) -> u64 {
    match *step {
        Step::Wait(ms) => return now + ms,
        Step::Midnight(days, ms) => return ((now / DAY + days) * DAY).checked_add_signed(ms).unwrap(),
        Step::End(index, ms) => {
            let ends: Vec<u64> =
                models.iter().flat_map(|w| w.running(now).into_iter().map(|i| w.streams[i].0.end)).collect();
            let end = index.checked_rem(ends.len()).map_or(now, |index| ends[index]);
            return end.checked_add_signed(ms).unwrap().max(now);
        }
        Step::Price(tier, price) => {
            let Tier { seats, open, .. } = models[usize::from(tier)].tier;
            models[usize::from(tier)].tier.offer(price, seats, open).unwrap();
        }
        Step::Subscribe(tier, periods, part) => {
            let model = &mut models[usize::from(tier)];
            let price = model.tier.price;
            model.subscribe(price * periods + ((price * u128::from(part)) >> 16), now);
        }
        Step::Grant(tier, ms) => models[usize::from(tier)].grant(now, now + ms),
        Step::TopUp(tier, index, part) => {
            let model = &mut models[usize::from(tier)];
            if let Some(index) = pick(model, index, now) {
                let more = (model.streams[index].1.price * part) >> 8;
                model.top_up(index, more);
            }
        }
        Step::Leave(tier, index, early) => {
            let model = &mut models[usize::from(tier)];
            if let Some(index) = pick(model, index, now) {
                model.leave(index, now, early);
            }
        }
        Step::Vacate(tier, index) => models[usize::from(tier)].vacate(index, now),
        Step::Switch(tier, index, periods) => {
            let [first, second] = models;
            let (from, to) = if tier { (second, first) } else { (first, second) };
            if let Some(index) = pick(from, index, now) {
                let added = to.tier.price * periods;
                from.switch(to, index, added, now);
            }
        }
        Step::Collect(tier, max) => drop(models[usize::from(tier)].collect(now, max)),
    }
    now
}

proptest! {
    #![proptest_config(many_cases())]

    #[test]
    fn any_history_adds_up_to_the_unit(
        prices in (price(), price()),
        periods in (period(), period()),
        seats in (prop::option::weighted(0.2, 1..20u32), prop::option::weighted(0.2, 1..20u32)),
        stays in ((any::<u8>(), 1..3u8), (any::<u8>(), 1..3u8)),
        begin in 0..DAY,
        steps in prop::collection::vec(step(), 1..60),
    ) {
        let mut now = T0 + begin;
        let mut models = [
            Model::new(prices.0, periods.0, seats.0, now).staying(stays.0.0, stays.0.1),
            Model::new(prices.1, periods.1, seats.1, now).staying(stays.1.0, stays.1.1),
        ];
        for step in &steps {
            let later = execute(&mut models, step, now);
            models.iter_mut().for_each(|model| model.pass(now, later));
            now = later;
            models.iter().for_each(|model| model.check(now));
        }
        models.into_iter().for_each(|model| model.finish(now));
    }

    #[test]
    fn a_newcomer_never_lowers_what_others_have_earned(
        prices in (price(), price()),
        period in period(),
        begin in 0..DAY,
        steps in prop::collection::vec(step(), 1..30),
        price in price(),
        periods in 1u128..50,
        later in prop_oneof![Just(0u64), Just(1), 0..2 * DAY],
    ) {
        let mut now = T0 + begin;
        let mut models = [Model::new(prices.0, period, None, now), Model::new(prices.1, period, None, now)];
        for step in &steps {
            let later = execute(&mut models, step, now);
            models.iter_mut().for_each(|model| model.pass(now, later));
            now = later;
        }
        let [model, _] = models;
        // The result of one call that settles everything.
        let collect = |tier: &Tier<()>, buckets: &BTreeMap<_, _>, now| {
            let mut buckets: BTreeMap<_, _> = buckets.clone();
            tier.earnings.clone().collect(now, u32::MAX, u128::MAX, &mut buckets).amount
        };
        let (mut tier, mut buckets) = (model.tier, model.buckets.clone());
        tier.offer(price, None, true).unwrap();
        if let Ok(stream) = tier.subscribe(price, None, 0, price.saturating_mul(periods), now, &mut buckets) {
            let then = now + later;
            prop_assert!(collect(&tier, &buckets, now) >= collect(&model.tier, &model.buckets, now));
            prop_assert!(collect(&tier, &buckets, then) >= collect(&model.tier, &model.buckets, then));
            if stream.runs(then) {
                tier.leave(&stream, then, true, &mut buckets);
                prop_assert!(collect(&tier, &buckets, then) >= collect(&model.tier, &model.buckets, then));
            }
        }
    }
}

/// A tier for 30 days at 30,000, without a limit of seats.
fn month() -> Model {
    Model::new(30_000, 30 * DAY, None, T0)
}

#[test]
fn a_month_at_thirty_is_one_a_day() {
    let mut model = month();
    assert!(model.subscribe(60_000, T0));
    assert_eq!(model.streams[0].0.end, T0 + 60 * DAY);
    model.collect(T0 + 10 * DAY, 100);
    assert_eq!(model.collected, 10_000);
    assert_eq!(model.leave(0, T0 + 15 * DAY, true), 45_000);
    model.collect(T0 + 15 * DAY, 100);
    assert_eq!(model.collected, 15_000);
    model.finish(T0 + 15 * DAY);
}

#[test]
fn a_late_collect_works_in_steps_that_each_give_something() {
    let mut model = Model::new(1_000, DAY, None, T0);
    assert!(model.subscribe(730_000, T0));
    let now = T0 + 2 * YEAR + DAY;
    let mut steps = 0;
    while model.collect(now, 100) {
        steps += 1;
        assert!(model.collected >= u128::from(model.tier.earnings.next * DAY - T0) / u128::from(DAY) * 1_000);
    }
    assert_eq!(steps, 7);
    assert_eq!(model.collected, 730_000);
}

#[test]
fn what_is_not_taken_out_stays_to_be_collected() {
    let mut model = month();
    assert!(model.subscribe(30_000, T0));
    let mut collect = |days, most| model.tier.earnings.collect(T0 + days * DAY, 100, most, &mut model.buckets).amount;
    assert_eq!(
        [collect(10, 4_000), collect(10, 0), collect(20, 9_000), collect(20, u128::MAX)],
        [4_000, 0, 9_000, 7_000]
    );
    assert_eq!(collect(40, 9_999), 9_999);
    assert_eq!(collect(40, 9_999), 1);
}

#[test]
fn a_stream_within_one_day_takes_nothing_from_what_others_have_earned() {
    const HOUR: u64 = DAY / 24;
    let begin = T0 / DAY * DAY;
    let mut model = Model::new(1_000, HOUR, None, begin);
    assert!(model.subscribe(720_000, begin));
    let now = begin + 20 * DAY + 22 * HOUR;
    model.tier.offer(30_000, None, true).unwrap();
    assert!(model.subscribe(30_000, now));
    model.collect(now, 100);
    assert_eq!(model.collected, 502_000);
    assert_eq!(model.leave(1, now, true), 30_000);
    model.finish(now);
}

#[test]
fn nobody_earns_from_a_subscription_that_is_left_at_once() {
    let mut model = Model::new(1_000, DAY, None, T0);
    assert!(model.subscribe(1_500, T0));
    assert_eq!(model.leave(0, T0, true), 1_500);
    assert!(model.buckets.is_empty());
    model.finish(T0);
}

#[test]
fn what_is_carried_over_counts_and_what_must_be_added_is_the_rest() {
    let mut model = month();
    let mut subscribe = |carried, paid| model.tier.subscribe(30_000, None, carried, paid, T0, &mut model.buckets);
    let small = |least| Err(VaultError::PaymentTooSmall { least }.into());
    assert_eq!(subscribe(10_000, 19_999), small(20_000));
    assert_eq!(subscribe(0, 29_999), small(30_000));
    assert_eq!(subscribe(10_000, 20_000).map(|stream| (stream.paid, stream.end)), Ok((30_000, T0 + 30 * DAY)));
}

#[test]
fn a_price_is_agreed_to_and_a_later_one_binds_new_subscriptions_only() {
    let mut model = month();
    assert!(model.subscribe(30_000, T0));
    model.tier.offer(60_000, None, true).unwrap();
    let high = model.tier.subscribe(59_999, None, 0, 60_000, T0, &mut model.buckets);
    assert_eq!(high, Err(VaultError::PriceTooHigh { price: 60_000 }.into()));
    model.top_up(0, 30_000);
    assert_eq!(model.streams[0].0.end, T0 + 60 * DAY);
    assert_eq!(model.leave(0, T0 + 30 * DAY, true), 30_000);
}

#[test]
fn a_closed_tier_can_be_granted_and_topped_up_but_not_subscribed_to() {
    let mut model = month();
    assert!(model.subscribe(30_000, T0));
    model.tier.offer(30_000, None, false).unwrap();
    let closed = model.tier.subscribe(30_000, None, 0, 30_000, T0, &mut model.buckets);
    assert_eq!(closed, Err(VaultError::TierClosed.into()));
    model.top_up(0, 30_000);
    model.grant(T0, T0 + DAY);
    assert_eq!(model.streams[0].1.paid, 60_000);
    assert_eq!(model.grants.len(), 1);
}

#[test]
fn terms_at_the_bounds_make_a_tier_and_beyond_them_do_not() {
    let new = |price, period, level, seats| {
        let earnings = Earnings::new(period, 0);
        let (open, taken, minimum_stay) = (true, 0, 0);
        Tier::<()> { asset: Asset::Native, price, level, seats, open, taken, minimum_stay, earnings }.check()
    };
    assert_eq!(new(1, MIN_PERIOD, 1, Some(1)), Ok(()));
    assert_eq!(new(MAX_PRICE, MAX_DURATION, u8::MAX, None), Ok(()));
    assert_eq!(new(0, DAY, 1, None), Err(VaultError::PriceOutOfRange { most: MAX_PRICE }.into()));
    assert_eq!(new(MAX_PRICE + 1, DAY, 1, None), Err(VaultError::PriceOutOfRange { most: MAX_PRICE }.into()));
    assert_eq!(
        new(1, MIN_PERIOD - 1, 1, None),
        Err(VaultError::PeriodOutOfRange { least: MIN_PERIOD, most: MAX_DURATION }.into())
    );
    assert_eq!(
        new(1, MAX_DURATION + 1, 1, None),
        Err(VaultError::PeriodOutOfRange { least: MIN_PERIOD, most: MAX_DURATION }.into())
    );
    assert_eq!(new(1, DAY, 0, None), Err(VaultError::ZeroLevel.into()));
    assert_eq!(new(1, DAY, 1, Some(0)), Err(VaultError::ZeroSeats.into()));
    let mut tier = month().tier;
    assert_eq!(tier.offer(0, None, true), Err(VaultError::PriceOutOfRange { most: MAX_PRICE }.into()));
    assert_eq!(tier.offer(1, Some(0), false), Err(VaultError::ZeroSeats.into()));
    assert_eq!(tier.offer(2, Some(3), false), Ok(()));
    assert_eq!(tier.price, 2);
    assert_eq!(tier.seats, Some(3));
    assert!(!tier.open);
}

#[test]
fn a_tier_has_as_many_seats_as_agreed_and_reuses_left_ones() {
    let mut model = Model::new(1, DAY, Some(2), T0);
    assert!(model.subscribe(1, T0));
    model.grant(T0, T0 + DAY);
    assert!(!model.subscribe(1, T0));
    assert_eq!(model.tier.grant(T0, T0 + DAY), Err(VaultError::SoldOut.into()));
    model.vacate(0, T0);
    assert!(model.subscribe(1, T0));
    // With fewer seats than are held the tier is full, and no holder loses a seat.
    model.tier.offer(1, Some(1), true).unwrap();
    model.leave(0, T0, true);
    assert!(!model.subscribe(1, T0));
    model.leave(1, T0, true);
    assert!(model.subscribe(1, T0));
}

#[test]
fn a_tier_without_limit_never_counts_beyond_its_counters() {
    let mut tier = month().tier;
    tier.taken = u32::MAX;
    assert_eq!(tier.grant(T0, T0 + 1), Err(VaultError::SoldOut.into()));
    assert_eq!(tier.taken, u32::MAX);
    let mut tier = month().tier;
    tier.earnings.unsettled = u32::MAX;
    assert_eq!(tier.subscribe(30_000, None, 0, 30_000, T0, &mut BTreeMap::new()), Err(VaultError::Overflow.into()));
}

#[test]
fn loyalty_counts_on_at_the_same_or_a_lower_level_only() {
    let held = |stream, since| {
        let subscription = Some(Subscription { tier: 0, level: 2, since, stream });
        Fan { subscription, ..Fan::default() }
    };
    let (paid, grant) = (Stream::new(30, DAY, T0, 30).unwrap(), month().tier.grant(T0, T0 + DAY).unwrap());
    assert_eq!(Fan::default().since(1, T0), T0);
    for stream in [paid, grant] {
        let fan = held(stream, T0 - 5);
        let (last, end) = (T0 + DAY - 1, T0 + DAY);
        assert_eq!([1, 2, 3, u8::MAX].map(|level| fan.since(level, last)), [T0 - 5, T0 - 5, last, last]);
        assert_eq!([1, 2, 3].map(|level| fan.since(level, end)), [end; 3]);
    }
    let (paid, granted) = (held(paid, T0), held(grant, T0));
    assert_eq!(paid.paid_at(T0 + DAY - 1), paid.subscription.as_ref());
    assert_eq!(paid.paid_at(T0 + DAY), None);
    assert_eq!(granted.paid_at(T0), None);
    assert_eq!(granted.running_at(T0), granted.subscription.as_ref());
    assert_eq!(granted.running_at(T0 + DAY - 1), granted.subscription.as_ref());
    assert_eq!(granted.running_at(T0 + DAY), None);
    let [paid, granted] = [paid, granted].map(|fan| fan.subscription.unwrap());
    assert!(!paid.is_grant());
    assert!(granted.is_grant());
}

#[test]
fn an_expired_seat_is_kept_a_week_or_a_shorter_period_if_full() {
    let from = |period, seats, taken| {
        let tier = Tier { seats, taken, ..Model::new(1, period, None, T0).tier };
        tier.prunable_from(&Stream { price: 1, start: T0, end: T0 + 1, paid: 1, minimum: 0 }) - (T0 + 1)
    };
    for (period, when_full) in
        [(MIN_PERIOD, MIN_PERIOD), (DAY, DAY), (PRUNE_AFTER + 1, PRUNE_AFTER), (MAX_DURATION, PRUNE_AFTER)]
    {
        assert_eq!(from(period, None, 3), PRUNE_AFTER);
        assert_eq!(from(period, Some(3), 2), PRUNE_AFTER);
        assert_eq!(from(period, Some(3), 3), when_full);
        // The owner may have lowered the number of seats below the held ones.
        assert_eq!(from(period, Some(3), 4), when_full);
    }
    assert_eq!(
        month().tier.prunable_from(&Stream { price: 1, start: T0, end: u64::MAX, paid: 1, minimum: 0 }),
        u64::MAX
    );
}

#[test]
fn a_fan_is_stored_who_tipped_or_subscribed_or_staked() {
    let held = Subscription {
        tier: 0,
        level: 1,
        since: 0,
        stream: Stream { price: 0, start: 0, end: 1, paid: 0, minimum: 0 },
    };
    assert!(Fan::default().is_empty());
    assert!(!Fan { tipped: 1, ..Fan::default() }.is_empty());
    assert!(!Fan { subscription: Some(held), ..Fan::default() }.is_empty());
    assert!(!Fan { stake: Some(Stake::default()), ..Fan::default() }.is_empty());
}
