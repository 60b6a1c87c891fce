//! The model: a tier as its holders see it.

use crate::{
    error::VaultError,
    ledger::Asset,
    streams::{
        tests::{DAY, YEAR},
        Bucket, Earnings, Settlement, Stream,
    },
    tiers::{Subscription, Tier},
};
// Wide enough for every possible sum of scaled money.
use primitive_types::U256 as Wide;
use std::{collections::BTreeMap, vec::Vec};

/// A signed sum of scaled money.
#[derive(Clone, Copy, Default)]
struct Signed {
    plus: Wide,
    minus: Wide,
}

impl Signed {
    fn planck(self, period: u64) -> u128 {
        ((self.plus.saturating_sub(self.minus)) / period).as_u128()
    }
}

/// A subscription as its fan sees it.
#[derive(Clone, Copy, Debug)]
pub struct Naive {
    pub price: u128,
    pub start: u64,
    pub end: u64,
    pub paid: u128,
    /// Part of the payment that the fan does not get back, however early.
    pub minimum: u128,
    /// Refund, if the fan left.
    pub refunded: Option<u128>,
}

impl Naive {
    fn scaled(self, at: u64) -> Wide {
        Wide::from(self.price) * Wide::from(at - self.start)
    }

    /// With `more` paid, which makes its end later.
    fn with(self, more: u128, period: u64) -> Self {
        let paid = self.paid + more;
        let end = self.start + (Wide::from(paid) * Wide::from(period) / Wide::from(self.price)).as_u64();
        Self { paid, end, ..self }
    }

    /// The exact earned amount at `now`, in planck times ms.
    fn earned(self, period: u64, now: u64) -> Wide {
        match self.refunded {
            Some(refund) => Wide::from(self.paid - refund) * Wide::from(period),
            None if now >= self.end => Wide::from(self.paid) * Wide::from(period),
            None => self.scaled(now),
        }
    }

    /// The earned amount, rounded up.
    fn earned_up(self, period: u64, now: u64) -> u128 {
        up(self.earned(period, now), period)
    }

    /// The rest of the money: what time has not earned, or less if the minimum applies.
    fn left(self, period: u64, now: u64, early: bool) -> u128 {
        if self.refunded.is_some() {
            return 0;
        }
        let earned = self.earned_up(period, now);
        self.paid - if early { earned.max(self.minimum) } else { earned }
    }
}

/// Planck for planck times ms, rounded up.
fn up(scaled: Wide, period: u64) -> u128 {
    ((scaled + Wide::from(period - 1)) / Wide::from(period)).as_u128()
}

/// A tier with its earnings, the money that moved, and everyone who ever held it.
pub struct Model {
    period: u64,
    pub tier: Tier<()>,
    pub buckets: BTreeMap<u64, Bucket>,
    pub streams: Vec<(Stream, Naive)>,
    pub grants: Vec<Stream>,
    /// Numbers of the streams that have ended and whose seats are still held.
    expired: Vec<usize>,
    pub paid: u128,
    pub refunded: u128,
    pub collected: u128,
}

impl Model {
    pub fn new(price: u128, period: u64, seats: Option<u32>, now: u64) -> Self {
        let earnings = Earnings::new(period, now);
        let (open, taken, minimum_stay) = (true, 0, 0);
        let tier = Tier { asset: Asset::Native, price, level: 1, seats, open, taken, minimum_stay, earnings };
        assert_eq!(tier.check(), Ok(()));
        let (buckets, streams, grants, expired) = (BTreeMap::new(), Vec::new(), Vec::new(), Vec::new());
        Self { period, tier, buckets, streams, grants, expired, paid: 0, refunded: 0, collected: 0 }
    }

    /// With a minimum stay of so many 1/256 of a period, at this level.
    pub fn staying(mut self, part: u8, level: u8) -> Self {
        self.tier.minimum_stay = (u128::from(self.period) * u128::from(part) / 255) as u64;
        self.tier.level = level;
        assert_eq!(self.tier.check(), Ok(()));
        self
    }

    pub fn running(&self, now: u64) -> Vec<usize> {
        let runs = |naive: &Naive| naive.refunded.is_none() && now < naive.end;
        (0..self.streams.len()).filter(|&i| runs(&self.streams[i].1)).collect()
    }

    /// Held seats.
    fn seats(&self, now: u64) -> usize {
        self.running(now).len() + self.expired.len() + self.grants.len()
    }

    /// A fan subscribes. Returns whether it worked.
    pub fn subscribe(&mut self, paid: u128, now: u64) -> bool {
        self.move_in(None, 0, 0, paid, now)
    }

    /// The fan of a running subscription moves the rest to `other` and pays something beside it.
    pub fn switch(&mut self, other: &mut Self, index: usize, paid: u128, now: u64) {
        let (stream, naive) = self.streams[index];
        // The rest of the minimum as the fan sees it: what time has earned is a part of it.
        let rest = naive.minimum.saturating_sub(naive.earned_up(self.period, now));
        let held = Subscription { tier: 0, level: self.tier.level, since: stream.start, stream };
        let carried = self.leave(index, now, false);
        other.move_in(Some(&held), rest, carried, paid, now);
    }

    /// A new subscription, with money that is already there and money beside it.
    fn move_in(&mut self, held: Option<&Subscription>, rest: u128, carried: u128, paid: u128, now: u64) -> bool {
        let Some(sum) = self.paid.checked_add(carried + paid) else { return false };
        let (mut tier, mut buckets) = (self.tier, self.buckets.clone());
        let result = tier.subscribe(self.tier.price, held, carried, paid, now, &mut buckets);
        let full = self.tier.seats.is_some_and(|seats| self.seats(now) as u32 >= seats);
        let Ok(stream) = result else {
            let error = *result.unwrap_err();
            let by_payment = matches!(error, VaultError::PaymentTooSmall { .. } | VaultError::PaymentTooLarge { .. });
            assert!(full || by_payment, "{error:?}");
            return false;
        };
        assert!(!full);
        (self.tier, self.buckets) = (tier, buckets);
        let stay = up(Wide::from(self.tier.price) * Wide::from(self.tier.minimum_stay), self.period);
        let joins = held.is_none_or(|held| held.level < self.tier.level);
        let minimum = if joins { rest.max(stay) } else { rest };
        let naive = Naive { price: self.tier.price, start: now, end: now, paid: 0, minimum, refunded: None };
        let naive = naive.with(carried + paid, self.period);
        assert_eq!(stream.end, naive.end);
        assert_eq!(stream.minimum, minimum);
        assert!(minimum <= carried + paid);
        self.paid = sum;
        self.streams.push((stream, naive));
        true
    }

    pub fn grant(&mut self, now: u64, until: u64) {
        let full = self.tier.seats.is_some_and(|seats| self.seats(now) as u32 >= seats);
        match self.tier.grant(now, until) {
            Ok(stream) => self.grants.push(stream),
            Err(error) => {
                assert!(full && *error == VaultError::SoldOut || until <= now && *error == VaultError::EndsInPast)
            }
        }
    }

    pub fn top_up(&mut self, index: usize, more: u128) {
        let Some(sum) = self.paid.checked_add(more) else { return };
        let (stream, naive) = &mut self.streams[index];
        let (before, mut buckets) = (*stream, self.buckets.clone());
        if self.tier.top_up(stream, more, &mut buckets).is_err() {
            assert_eq!(*stream, before);
            return;
        }
        self.buckets = buckets;
        *naive = naive.with(more, self.period);
        self.paid = sum;
        assert_eq!(stream.end, naive.end);
    }

    /// A fan with a running subscription leaves `early`, or the owner ends it. Returns the refund.
    pub fn leave(&mut self, index: usize, now: u64, early: bool) -> u128 {
        let (stream, naive) = &mut self.streams[index];
        let refund = self.tier.leave(stream, now, early, &mut self.buckets);
        assert_eq!(refund, naive.left(self.period, now, early));
        naive.refunded = Some(refund);
        self.refunded += refund;
        refund
    }

    /// A seat without money becomes free: a grant is revoked, left or expired, or a subscription has expired.
    pub fn vacate(&mut self, index: usize, now: u64) {
        let held: Vec<Stream> =
            self.expired.iter().map(|&i| self.streams[i].0).chain(self.grants.iter().copied()).collect();
        let Some(index) = index.checked_rem(held.len()) else { return };
        let before = (self.tier.earnings, self.buckets.clone());
        assert_eq!(self.tier.leave(&held[index], now, index % 2 == 0, &mut self.buckets), 0);
        assert_eq!(self.tier.earnings, before.0);
        assert_eq!(self.buckets, before.1);
        match index.checked_sub(self.expired.len()) {
            None => drop(self.expired.swap_remove(index)),
            Some(index) => drop(self.grants.swap_remove(index)),
        }
    }

    /// Time has passed from `before` to `now`.
    pub fn pass(&mut self, before: u64, now: u64) {
        let ended = self.running(before).into_iter().filter(|&i| self.streams[i].1.end <= now);
        self.expired.extend(ended.collect::<Vec<_>>());
    }

    /// Collects, and compares with the sum over all subscriptions.
    pub fn collect(&mut self, now: u64, max_epochs: u32) -> bool {
        let Settlement { amount, more } = self.tier.earnings.collect(now, max_epochs, u128::MAX, &mut self.buckets);
        // Epochs before `next` are settled. A subscription counts fully if it was cancelled or ended in one of these.
        // Otherwise it counts up to now, up to midnight if it ends today, and up to the midnight that was reached if epochs
        // are left. A start after that midnight counts negative if epochs are left, and 0 otherwise.
        let next = self.tier.earnings.next;
        let midnight = next * DAY;
        let mut sum = Signed::default();
        for (_, naive) in &self.streams {
            let epoch = naive.end / DAY;
            if naive.refunded.is_some() || epoch < next {
                sum.plus += naive.earned(self.period, now);
                continue;
            }
            let at = if more || epoch == next { midnight } else { now };
            match at >= naive.start {
                true => sum.plus += naive.scaled(at),
                false if !more => {}
                false => sum.minus += Wide::from(naive.price) * Wide::from(naive.start - at),
            }
        }
        let due = sum.planck(self.period);
        assert_eq!(self.collected + amount, due.max(self.collected), "collected is not what was earned");
        assert_eq!(more, next < now / DAY, "`more` is wrong");
        self.collected += amount;
        more
    }

    /// Invariants at any time.
    pub fn check(&self, now: u64) {
        let earned = self.streams.iter().fold(Wide::zero(), |sum, (_, naive)| sum + naive.earned(self.period, now));
        assert!(Wide::from(self.collected) * Wide::from(self.period) <= earned, "more was collected than earned");
        let mut refunds = 0;
        for (stream, naive) in &self.streams {
            if naive.refunded.is_none() {
                assert_eq!(self.tier.refund(stream, now), naive.left(self.period, now, true));
                // The owner can end all of them at any time.
                refunds += naive.left(self.period, now, false);
            }
        }
        assert!(self.paid - self.refunded - self.collected >= refunds, "a refund is not covered");
        // The totals are exact, and every record has a reason.
        let ends: u32 = self.buckets.values().map(|bucket| bucket.ends).sum();
        assert_eq!(ends, self.tier.earnings.unsettled);
        assert!(self.buckets.values().all(|bucket| bucket.ends > 0));
        assert_eq!(self.tier.taken as usize, self.seats(now));
    }

    /// Time passes until everything has ended: all money that came in went out again, and nothing is stored.
    pub fn finish(mut self, now: u64) {
        let last = self.streams.iter().map(|(stream, _)| stream.end).max().unwrap_or(now).max(now);
        let before = now;
        let now = last + DAY;
        self.pass(before, now);
        while self.seats(now) > 0 {
            self.vacate(0, now);
        }
        while self.collect(now, 10_000) {}
        self.check(now);
        assert_eq!(self.collected + self.refunded, self.paid, "not to the unit");
        assert!(self.buckets.is_empty());
        assert_eq!(self.tier.taken, 0);
        // The line is back at 0: nothing is earned in the next thousand years.
        let Earnings { unsettled, .. } = self.tier.earnings;
        let nothing = Settlement { amount: 0, more: false };
        assert_eq!(unsettled, 0);
        assert_eq!(self.tier.earnings.collect(now + 1_000 * YEAR, 0, u128::MAX, &mut self.buckets), nothing);
    }
}
