//! The accounts against a model that knows each subscription and nothing else: no lines, no buckets, no epochs but in the
//! one sentence about what `collect` must give.

use super::*;
use crate::testing::{any_size, config};
use primitive_types::U512;
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::vec::Vec;

const DAY: u64 = EPOCH;
const YEAR: u64 = 365 * DAY;
const T0: u64 = 1_700_000_000_000;

impl Buckets for BTreeMap<u64, Bucket> {
    fn get(&self, epoch: u64) -> Bucket {
        BTreeMap::get(self, &epoch).copied().unwrap_or_default()
    }

    fn set(&mut self, epoch: u64, bucket: &Bucket) {
        match bucket.ends {
            0 => drop(self.remove(&epoch)),
            _ => drop(self.insert(epoch, *bucket)),
        }
    }
}

/// A signed sum of scaled money, without any limit that matters.
#[derive(Clone, Copy, Default)]
struct Signed {
    plus: U512,
    minus: U512,
}

impl Signed {
    fn planck(self, period: u64) -> u128 {
        ((self.plus.saturating_sub(self.minus)) / period).as_u128()
    }
}

/// One subscription as its fan sees it.
#[derive(Clone, Copy, Debug)]
struct Naive {
    price: u128,
    start: u64,
    paid: u128,
    /// What the fan got back, if the fan left.
    refunded: Option<u128>,
}

impl Naive {
    fn scaled(self, at: u64) -> U512 {
        U512::from(self.price) * U512::from(at - self.start)
    }

    fn end(self, period: u64) -> u64 {
        self.start + (U512::from(self.paid) * U512::from(period) / U512::from(self.price)).as_u64()
    }

    /// What it has truly earned at `now`, in planck times ms.
    fn earned(self, period: u64, now: u64) -> U512 {
        match self.refunded {
            Some(refund) => U512::from(self.paid - refund) * U512::from(period),
            None if now >= self.end(period) => U512::from(self.paid) * U512::from(period),
            None => self.scaled(now),
        }
    }

    fn refund(self, period: u64, now: u64) -> u128 {
        if self.refunded.is_some() {
            return 0;
        }
        let earned = self.earned(period, now);
        let up = (earned + U512::from(period - 1)) / U512::from(period);
        self.paid - up.as_u128()
    }
}

/// A tier with its accounts, what has moved, and all that ever subscribed to it.
struct World {
    period: u64,
    earnings: Earnings,
    buckets: BTreeMap<u64, Bucket>,
    streams: Vec<(Stream, Naive)>,
    paid: u128,
    refunded: u128,
    collected: u128,
}

impl World {
    fn new(period: u64, now: u64) -> Self {
        let earnings = Earnings::new(period, now);
        let (buckets, streams) = (BTreeMap::new(), Vec::new());
        Self { period, earnings, buckets, streams, paid: 0, refunded: 0, collected: 0 }
    }

    fn running(&self, now: u64) -> Vec<usize> {
        let runs = |(stream, naive): &(Stream, Naive)| naive.refunded.is_none() && stream.runs(now);
        (0..self.streams.len()).filter(|&i| runs(&self.streams[i])).collect()
    }

    fn subscribe(&mut self, price: u128, paid: u128, now: u64) {
        let Some(sum) = self.paid.checked_add(paid) else { return };
        let Ok(stream) = Stream::new(price, self.period, now, paid) else { return };
        let naive = Naive { price, start: now, paid, refunded: None };
        assert_eq!(stream.end, naive.end(self.period));
        self.paid = sum;
        self.earnings.open(&stream, now, &mut self.buckets).unwrap();
        self.streams.push((stream, naive));
    }

    fn top_up(&mut self, index: usize, more: u128) {
        let Some(sum) = self.paid.checked_add(more) else { return };
        let (stream, naive) = &mut self.streams[index];
        let Ok(after) = stream.extended(self.period, more) else { return };
        self.earnings.extend(stream, &after, &mut self.buckets);
        *stream = after;
        naive.paid += more;
        self.paid = sum;
        assert_eq!(stream.end, naive.end(self.period));
    }

    /// The fan of a running subscription leaves; what comes back.
    fn cancel(&mut self, index: usize, now: u64) -> u128 {
        let (stream, naive) = &mut self.streams[index];
        let refund = stream.refund(self.period, now);
        self.earnings.close(stream, refund, &mut self.buckets);
        naive.refunded = Some(refund);
        self.refunded += refund;
        refund
    }

    /// Collects, and compares with what the sum over all subscriptions says must come out.
    fn collect(&mut self, now: u64, max_epochs: u32) -> bool {
        let Sweep { amount, more } = self.earnings.collect(now, max_epochs, &mut self.buckets);
        // Epochs before `next` are swept. A subscription counts fully if it was cancelled or ended in one of these.
        // Otherwise it counts up to now; up to midnight if it ends today; up to the midnight that was reached if more
        // is left. Whoever started after that midnight counts as much less.
        let next = self.earnings.next;
        let midnight = next * DAY;
        let mut sum = Signed::default();
        for (_, naive) in &self.streams {
            let epoch = naive.end(self.period) / DAY;
            if naive.refunded.is_some() || epoch < next {
                sum.plus += naive.earned(self.period, now);
                continue;
            }
            let at = if more || epoch == next { midnight } else { now };
            match at >= naive.start {
                true => sum.plus += naive.scaled(at),
                false => sum.minus += U512::from(naive.price) * U512::from(naive.start - at),
            }
        }
        let due = sum.planck(self.period);
        assert_eq!(self.collected + amount, due.max(self.collected), "collected is not what was earned");
        assert_eq!(more, next < now / DAY, "`more` is wrong");
        self.collected += amount;
        more
    }

    /// What must hold at any time.
    fn check(&self, now: u64) {
        let earned = self.streams.iter().fold(U512::zero(), |sum, (_, naive)| sum + naive.earned(self.period, now));
        assert!(U512::from(self.collected) * U512::from(self.period) <= earned, "more was collected than earned");
        let mut refunds = 0;
        for (stream, naive) in &self.streams {
            if naive.refunded.is_none() {
                assert_eq!(stream.refund(self.period, now), naive.refund(self.period, now));
                refunds += stream.refund(self.period, now);
            }
        }
        assert!(self.paid - self.refunded - self.collected >= refunds, "a refund is not covered");
        // The totals are kept exactly, and there is no record without a reason.
        let ends: u32 = self.buckets.values().map(|bucket| bucket.ends).sum();
        assert_eq!(ends, self.earnings.unswept);
        assert!(self.buckets.values().all(|bucket| bucket.ends > 0));
    }

    /// Time passes until everything has ended: all that came in went out again, and nothing is kept.
    fn finish(mut self, now: u64) {
        let last = self.streams.iter().map(|(stream, _)| stream.end).max().unwrap_or(now).max(now);
        let now = last + DAY;
        while self.collect(now, 10_000) {}
        self.check(now);
        assert_eq!(self.collected + self.refunded, self.paid, "not to the unit");
        assert!(self.buckets.is_empty());
        let Earnings { unswept, rate, offset, .. } = self.earnings;
        assert_eq!((unswept, rate, offset), (0, 0, U256::ZERO));
    }
}

/// Something that happens.
#[derive(Clone, Debug)]
enum Step {
    /// Time passes, in ms.
    Wait(u64),
    /// Time passes to `.0` days after the last midnight, and `.1` ms more or less.
    Midnight(u64, i64),
    /// Time passes to the end of a running subscription, and `.1` ms more or less.
    End(usize, i64),
    /// Someone subscribes in tier `.0` at the price `.1`, with `.2` periods and something more, in 1/65,536 of a period.
    Subscribe(bool, u128, u128, u16),
    /// A running subscription gets more time: so many 1/256 of a period.
    TopUp(bool, usize, u128),
    /// The fan of a running subscription leaves.
    Cancel(bool, usize),
    /// The fan of a running subscription takes what is left to the other tier, at this price.
    Switch(bool, usize, u128),
    /// Someone collects.
    Collect(bool, u32),
}

fn price() -> impl Strategy<Value = u128> {
    prop_oneof![
        4 => any_size().prop_map(|price| (price & MAX_PRICE).max(1)),
        1 => Just(1),
        1 => Just(MAX_PRICE),
        // Whole planck per ms, so that streams end to the ms, on the border of an epoch if they start on one.
        2 => (1u128..1_000).prop_map(|per_ms| per_ms * u128::from(DAY)),
    ]
}

fn period() -> impl Strategy<Value = u64> {
    prop_oneof![
        Just(MIN_PERIOD),
        Just(DAY),
        Just(30 * DAY),
        Just(MAX_DURATION),
        MIN_PERIOD..40 * DAY,
        (MIN_PERIOD..=MAX_DURATION, 0u32..26).prop_map(|(period, shift)| (period >> shift).max(MIN_PERIOD)),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    let near = prop_oneof![Just(-1i64), Just(0), Just(1)];
    prop_oneof![
        2 => prop_oneof![Just(0), Just(1), 0..DAY, 0..40 * DAY, 0..3 * YEAR].prop_map(Step::Wait),
        2 => (1u64..40, near.clone()).prop_map(|(days, ms)| Step::Midnight(days, ms)),
        2 => (any::<usize>(), near).prop_map(|(index, ms)| Step::End(index, ms)),
        6 => (any::<bool>(), price(), prop_oneof![Just(1u128), 1u128..50], prop_oneof![2 => Just(0), 1 => any::<u16>()])
            .prop_map(|(tier, price, periods, part)| Step::Subscribe(tier, price, periods, part)),
        2 => (any::<bool>(), any::<usize>(), 0u128..10_000).prop_map(|(tier, index, part)| Step::TopUp(tier, index, part)),
        3 => (any::<bool>(), any::<usize>()).prop_map(|(tier, index)| Step::Cancel(tier, index)),
        1 => (any::<bool>(), any::<usize>(), price()).prop_map(|(tier, index, price)| Step::Switch(tier, index, price)),
        4 => (any::<bool>(), prop_oneof![Just(0u32), Just(1), 0u32..100, Just(u32::MAX)])
            .prop_map(|(tier, max)| Step::Collect(tier, max)),
    ]
}

/// One of the running subscriptions, if there is one.
fn pick(world: &World, index: usize, now: u64) -> Option<usize> {
    let running = world.running(now);
    index.checked_rem(running.len()).map(|index| running[index])
}

/// One step, with two tiers of different periods. Returns the time after it.
fn take(worlds: &mut [World; 2], step: &Step, now: u64) -> u64 {
    match *step {
        Step::Wait(ms) => return now + ms,
        Step::Midnight(days, ms) => return ((now / DAY + days) * DAY).checked_add_signed(ms).unwrap(),
        Step::End(index, ms) => {
            let ends: Vec<u64> =
                worlds.iter().flat_map(|w| w.running(now).into_iter().map(|i| w.streams[i].0.end)).collect();
            let end = index.checked_rem(ends.len()).map_or(now, |index| ends[index]);
            return end.checked_add_signed(ms).unwrap().max(now);
        }
        Step::Subscribe(tier, price, periods, part) => {
            worlds[usize::from(tier)].subscribe(price, price * periods + ((price * u128::from(part)) >> 16), now);
        }
        Step::TopUp(tier, index, part) => {
            let world = &mut worlds[usize::from(tier)];
            if let Some(index) = pick(world, index, now) {
                let more = (world.streams[index].1.price * part) >> 8;
                world.top_up(index, more);
            }
        }
        Step::Cancel(tier, index) => {
            let world = &mut worlds[usize::from(tier)];
            if let Some(index) = pick(world, index, now) {
                world.cancel(index, now);
            }
        }
        Step::Switch(tier, index, price) => {
            if let Some(index) = pick(&worlds[usize::from(tier)], index, now) {
                let left = worlds[usize::from(tier)].cancel(index, now);
                worlds[usize::from(!tier)].subscribe(price, left, now);
            }
        }
        Step::Collect(tier, max) => drop(worlds[usize::from(tier)].collect(now, max)),
    }
    now
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn any_history_adds_up_to_the_unit(
        periods in (period(), period()),
        begin in 0..DAY,
        steps in prop::collection::vec(step(), 1..60),
    ) {
        let mut now = T0 + begin;
        let mut worlds = [World::new(periods.0, now), World::new(periods.1, now)];
        for step in &steps {
            now = take(&mut worlds, step, now);
            worlds.iter().for_each(|world| world.check(now));
        }
        worlds.into_iter().for_each(|world| world.finish(now));
    }

    #[test]
    fn a_stream_takes_from_one_period_to_100_years_and_says_how_much_that_is(
        price in price(), period in period(), paid in any_size(),
    ) {
        match Stream::new(price, period, T0, paid) {
            Ok(stream) => {
                prop_assert!(paid >= price);
                let lasts = U512::from(paid) * U512::from(period);
                let run = |ms: u64| U512::from(price) * U512::from(ms);
                prop_assert!(run(stream.end - T0) <= lasts && lasts < run(stream.end - T0 + 1));
                prop_assert!(stream.end - T0 >= period && stream.end - T0 <= MAX_DURATION);
            }
            Err(StreamError::PaymentTooSmall { least }) => {
                prop_assert!(paid < price && least == price);
                prop_assert!(Stream::new(price, period, T0, least).is_ok());
            }
            Err(StreamError::PaymentTooLarge { most }) => {
                prop_assert!(most < paid);
                prop_assert!(Stream::new(price, period, T0, most).is_ok());
                prop_assert!(Stream::new(price, period, T0, most + 1).is_err());
            }
        }
    }
}

#[test]
fn the_longest_stream_lasts_100_years_to_the_ms() {
    let a_planck_per_ms = |paid| Stream::new(DAY.into(), DAY, T0, paid);
    let most = u128::from(MAX_DURATION);
    assert_eq!(a_planck_per_ms(most).map(|stream| stream.end), Ok(T0 + MAX_DURATION));
    assert_eq!(a_planck_per_ms(most + 1), Err(StreamError::PaymentTooLarge { most }));
}

#[test]
fn a_month_at_thirty_is_one_a_day() {
    let mut world = World::new(30 * DAY, T0);
    world.subscribe(30_000, 60_000, T0);
    assert_eq!(world.streams[0].0.end, T0 + 60 * DAY);
    world.collect(T0 + 10 * DAY, 100);
    assert_eq!(world.collected, 10_000);
    assert_eq!(world.cancel(0, T0 + 15 * DAY), 45_000);
    world.collect(T0 + 15 * DAY, 100);
    assert_eq!(world.collected, 15_000);
    world.finish(T0 + 15 * DAY);
}

#[test]
fn collecting_looks_at_as_many_days_as_have_passed_and_not_at_fans() {
    struct Counting(BTreeMap<u64, Bucket>, core::cell::Cell<u32>, u32);
    impl Buckets for Counting {
        fn get(&self, epoch: u64) -> Bucket {
            self.1.set(self.1.get() + 1);
            Buckets::get(&self.0, epoch)
        }
        fn set(&mut self, epoch: u64, bucket: &Bucket) {
            self.2 += 1;
            Buckets::set(&mut self.0, epoch, bucket);
        }
    }
    let records = |fans: u64| {
        let mut buckets = Counting(BTreeMap::new(), 0.into(), 0);
        let mut earnings = Earnings::new(DAY, T0);
        for fan in 0..fans {
            let stream = Stream::new(1_000, DAY, T0, 1_000 + u128::from(fan % 10) * 1_000).unwrap();
            earnings.open(&stream, T0, &mut buckets).unwrap();
        }
        (buckets.1, buckets.2) = (0.into(), 0);
        let sweep = earnings.collect(T0 + 2 * YEAR, u32::MAX, &mut buckets);
        assert!(!sweep.more);
        (buckets.1.get(), buckets.2)
    };
    // Ten days with ends and the day before them, today, and nothing of the two years after.
    assert_eq!(records(10), (12, 10));
    assert_eq!(records(10_000), (12, 10));
}

#[test]
fn a_late_collect_works_in_steps_that_each_give_something() {
    let mut world = World::new(DAY, T0);
    world.subscribe(1_000, 730_000, T0);
    let now = T0 + 2 * YEAR + DAY;
    let mut steps = 0;
    while world.collect(now, 100) {
        steps += 1;
        assert!(world.collected >= u128::from(world.earnings.next * DAY - T0) / u128::from(DAY) * 1_000);
    }
    assert_eq!(steps, 7);
    assert_eq!(world.collected, 730_000);
}

#[test]
fn nobody_earns_from_a_subscription_that_is_cancelled_at_once() {
    let mut world = World::new(DAY, T0);
    world.subscribe(1_000, 1_500, T0);
    assert_eq!(world.cancel(0, T0), 1_500);
    assert!(world.buckets.is_empty());
    world.finish(T0);
}
