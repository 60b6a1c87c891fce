//! Streaming subscriptions: money paid ahead that time earns by the millisecond.
//!
//! **One stream.** A fan pays `paid` planck at a `price` per `period` ms. Per ms that earns `price / period` planck, which
//! is rarely a whole number, so everything here is counted in planck times ms of the period ("scaled"): a running stream
//! has earned `price * (t - start)`, and it runs until that would pass `paid * period`. Then, at `end`, all of `paid` is
//! earned. A stream that is cancelled before has earned what was not refunded, a whole number of planck. So a settled
//! stream of either kind has earned exactly `planck * period`, and no fraction of a planck is ever lost or made.
//!
//! **All streams of a tier.** What a running stream has earned is a straight line over time, `rate * t + offset` with
//! `rate = price` and `offset = -price * start`. A settled one is a straight line too, with `rate = 0` and
//! `offset = planck * period`. So the sum over all streams is one line, [`Earnings`], whatever their number: a start adds
//! a line, a cancellation replaces one by another.
//!
//! **Ends** come without anyone calling. They are noted ahead in a [`Bucket`] for each epoch (a day): the sum of what the
//! line changes by when all streams that end in that epoch are settled. [`Earnings::collect`] adds the buckets of past
//! epochs in order. A fan's call changes the line and one bucket, never more.
//!
//! **Never too much.** Before the buckets of epochs from some midnight on are added, the line at that midnight is at most
//! what has been earned by now: streams that ended later had earned that much at that midnight, streams that started
//! later count negative, cancelled ones are settled already. When only today is left, the streams outside today's bucket
//! count to the millisecond, and those in it up to midnight.
//!
//! **Never less by others.** A stream that starts and ends today is in today's bucket and would count negative at midnight,
//! against what others have earned. The bucket keeps the sum of these amounts ([`Bucket::late`]), which is added again, so
//! that such a stream counts as nothing until it is settled.
//!
//! **A minimum.** A stream can have an amount that who leaves early does not get back, [`Stream::minimum`]. The line knows nothing of
//! it: a running stream counts by time alone, so its line is never above what cannot be refunded. Who leaves before time has
//! earned the minimum settles the stream with the minimum, which is more than the line counted for it until then.
//!
//! **Sizes.** Prices are below 2^96 and there are fewer than 2^32 streams whose end was not added, so a rate is below
//! 2^128. Times are below 2^64, and all that was paid and not collected is below 2^128 planck, so no line is outside
//! +-2^194 at any time. Sums modulo 2^256 are therefore exact, in whatever order they are formed, and a line that is
//! negative is one above 2^255.

use crate::{error::VaultError, wide::U256};
use alloc::boxed::Box;

#[cfg(test)]
pub(crate) mod tests;

/// Length of an epoch in ms: one day, so that epochs begin at midnight UTC.
pub const EPOCH: u64 = 86_400_000;

/// Highest price of a period.
pub const MAX_PRICE: u128 = (1 << 96) - 1;

/// Shortest period in ms.
pub const MIN_PERIOD: u64 = 60_000;

/// Longest period, and longest time that can be paid ahead, in ms: 100 years of 365.25 days.
pub const MAX_DURATION: u64 = 3_155_760_000_000;

/// The epoch that `time` (ms) is in.
pub const fn epoch_of(time: u64) -> u64 {
    time / EPOCH
}

/// Money paid ahead, and the time in which it is earned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "codec", derive(parity_scale_codec::Encode, parity_scale_codec::Decode))]
#[cfg_attr(all(feature = "codec", feature = "std"), derive(scale_info::TypeInfo))]
pub struct Stream {
    /// What one period costs.
    pub price: u128,
    /// When it started, in ms.
    pub start: u64,
    /// The first ms in which it does not run, if nothing comes between.
    pub end: u64,
    /// All that was paid for it.
    pub paid: u128,
    /// How much of that a fan who leaves early does not get back, at most `paid`.
    pub minimum: u128,
}

impl Stream {
    /// A stream without a minimum from `start` (ms) that `paid` lasts for, at `price` (1 to [`MAX_PRICE`]) per `period`
    /// ([`MIN_PERIOD`] to [`MAX_DURATION`]).
    pub fn new(price: u128, period: u64, start: u64, paid: u128) -> Result<Self, Box<VaultError>> {
        Self::with(price, period, start, 0, paid)
    }

    /// As [`Stream::new`] where `had` of the money is there already: an error says what can be paid beside it.
    pub fn with(price: u128, period: u64, start: u64, had: u128, more: u128) -> Result<Self, Box<VaultError>> {
        let end = end_of(price, period, start, had, more)?;
        // No more than lasts for `MAX_DURATION`, as just seen, which is far below 2^128.
        Ok(Self { price, start, end, paid: had.wrapping_add(more), minimum: 0 })
    }

    /// Pays `more` for the same stream, at the same price. On an error nothing has changed.
    pub fn extend(&mut self, period: u64, more: u128) -> Result<(), Box<VaultError>> {
        self.end = end_of(self.price, period, self.start, self.paid, more)?;
        // As in `with`.
        self.paid = self.paid.wrapping_add(more);
        Ok(())
    }

    /// Whether it still runs at `now` (ms).
    pub fn runs(&self, now: u64) -> bool {
        now < self.end
    }

    /// What a fan gets back who leaves at `now` (ms): what was paid, less the greater of what time has earned and the minimum.
    pub fn refund(&self, period: u64, now: u64) -> u128 {
        self.left(period, now, true)
    }

    /// What time has not earned at `now` (ms). What was earned is rounded up, by less than one planck.
    pub fn unearned(&self, period: u64, now: u64) -> u128 {
        self.left(period, now, false)
    }

    /// What is left of the money at `now` (ms): for who leaves `early`, by their own will, [`Stream::refund`]; else
    /// [`Stream::unearned`].
    #[inline(never)]
    pub fn left(&self, period: u64, now: u64, early: bool) -> u128 {
        if !self.runs(now) {
            return 0;
        }
        let earned = cost(self.price, period, now.saturating_sub(self.start));
        // `price * (now - start) <= paid * period` up to the end, so what is earned is at most `paid`, rounded up too.
        let kept = if early { earned.max(self.minimum) } else { earned };
        self.paid.saturating_sub(kept)
    }

    /// What the offset of the line grows by when the stream is settled with `earned` planck: its own offset is undone.
    fn settlement(&self, period: u64, earned: u128) -> U256 {
        let mut settlement = U256::product(self.price, self.start.into());
        settlement.add(&U256::product(earned, period.into()));
        settlement
    }
}

/// What `time` ms cost at `price` per `period` ms, rounded up.
#[inline(never)]
pub fn cost(price: u128, period: u64, time: u64) -> u128 {
    U256::product(price, time.into()).div_ceil(u128::from(period).into())
}

/// When a stream from `start` ends, if `more` is paid for it beside what it `had`. Errors say what can be paid beside that.
#[inline(never)]
fn end_of(price: u128, period: u64, start: u64, had: u128, more: u128) -> Result<u64, Box<VaultError>> {
    // Nobody can pay so much ahead, so a sum that leaves 128 bits gives the error that the true sum would.
    let paid = had.saturating_add(more);
    if paid < price {
        return Err(Box::new(VaultError::PaymentTooSmall { least: price.saturating_sub(had) }));
    }
    // It runs for more than MAX_DURATION exactly when `paid * period >= price * (MAX_DURATION + 1)`.
    let limit = U256::product(price, u128::from(MAX_DURATION).wrapping_add(1));
    let scaled = U256::product(paid, period.into());
    if scaled >= limit {
        let most = limit.wrapping_sub(1.into()).div_floor(u128::from(period).into());
        return Err(Box::new(VaultError::PaymentTooLarge { most: most.saturating_sub(had) }));
    }
    // At most MAX_DURATION, as just seen, so it fits.
    let duration = scaled.div_floor(price.into()) as u64;
    // Where time itself ended there would be an early end, at which, as at any end, all that was paid is earned.
    Ok(start.saturating_add(duration))
}

/// The streams that end in one epoch: what the line changes by when all of them are settled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "codec", derive(parity_scale_codec::Encode, parity_scale_codec::Decode))]
#[cfg_attr(all(feature = "codec", feature = "std"), derive(scale_info::TypeInfo))]
pub struct Bucket {
    /// How many they are.
    pub ends: u32,
    /// The sum of their prices, which the rate falls by.
    rate: u128,
    /// What the offset grows by.
    offset: U256,
    /// The sum of `price * (start - midnight)` of those that start in this epoch too: how far the line is below zero for
    /// them at midnight.
    late: U256,
}

/// Where the buckets of a tier are kept.
pub trait Buckets {
    /// The bucket of `epoch`; the default if none is kept.
    fn get(&self, epoch: u64) -> Bucket;
    /// Keeps `bucket` for `epoch`, or deletes what is kept if nothing ends in it.
    fn set(&mut self, epoch: u64, bucket: &Bucket);
}

/// What a [`Earnings::collect`] did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "codec", derive(parity_scale_codec::Encode, parity_scale_codec::Decode))]
#[cfg_attr(all(feature = "codec", feature = "std"), derive(scale_info::TypeInfo))]
pub struct Settlement {
    /// What was earned and is now collected, in planck (or the smallest units of the tier's token).
    pub amount: u128,
    /// Whether whole epochs are left, which a further call can sweep.
    pub more: bool,
}

/// What all streams of one tier together have earned and nobody has collected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "codec", derive(parity_scale_codec::Encode, parity_scale_codec::Decode))]
#[cfg_attr(all(feature = "codec", feature = "std"), derive(scale_info::TypeInfo))]
pub struct Earnings {
    /// Length of the tier's period in ms.
    pub period: u64,
    /// The first epoch whose bucket was not added.
    pub next: u64,
    /// How many streams are noted in the buckets from `next` on.
    pub unsettled: u32,
    /// The sum of the prices of those streams.
    rate: u128,
    /// What the line is at time 0, minus what was collected.
    offset: U256,
}

impl Earnings {
    /// A tier that has no stream yet.
    pub const fn new(period: u64, now: u64) -> Self {
        Self { period, next: epoch_of(now), unsettled: 0, rate: 0, offset: U256::ZERO }
    }

    /// A new `stream` starts at `now`, which is its start. `None`, and nothing changed, if there are too many.
    pub fn open(&mut self, stream: &Stream, now: u64, buckets: &mut impl Buckets) -> Option<()> {
        if self.unsettled == 0 {
            // There is no bucket that could be missed.
            self.next = epoch_of(now);
        }
        self.unsettled = self.unsettled.checked_add(1)?;
        self.rate = self.rate.wrapping_add(stream.price);
        self.offset.sub(&stream.settlement(self.period, 0));
        self.schedule_end(stream, buckets);
        Some(())
    }

    /// A `stream` that runs is settled: all of it is earned but what goes back, its `refund`.
    pub fn close(&mut self, stream: &Stream, refund: u128, buckets: &mut impl Buckets) {
        self.cancel_end(stream, buckets);
        // A refund is a part of what was paid.
        let earned = stream.paid.saturating_sub(refund);
        // It was counted when it was opened, and no epoch after now has been swept.
        self.unsettled = self.unsettled.saturating_sub(1);
        self.rate = self.rate.wrapping_sub(stream.price);
        self.offset.add(&stream.settlement(self.period, earned));
    }

    /// Pays `more` for a `stream` that runs. On an error nothing has changed.
    pub fn extend(&self, stream: &mut Stream, more: u128, buckets: &mut impl Buckets) -> Result<(), Box<VaultError>> {
        self.cancel_end(stream, buckets);
        stream.extend(self.period, more)?;
        self.schedule_end(stream, buckets);
        Ok(())
    }

    /// Adds at most `max_epochs` buckets of past epochs, and takes out what has surely been earned by `now`, as far as it is not
    /// more than `most`.
    pub fn collect(&mut self, now: u64, max_epochs: u32, most: u128, buckets: &mut impl Buckets) -> Settlement {
        let today = epoch_of(now);
        let mut left = max_epochs;
        while self.next < today && self.unsettled > 0 && left > 0 {
            self.settle(buckets);
            // Above 0.
            left = left.wrapping_sub(1);
        }
        if self.unsettled == 0 {
            self.next = self.next.max(today);
        }
        let more = self.next < today;
        // Not after today's midnight, unless time ran backwards, and then what is wrong here is only too small.
        let midnight = self.next.saturating_mul(EPOCH);
        let (at, ending) = if more { (midnight, Bucket::default()) } else { (now, buckets.get(today)) };
        let mut line = U256::product(self.rate, at.into());
        line.sub(&U256::product(ending.rate, at.saturating_sub(midnight).into()));
        line.add(&ending.late);
        line.add(&self.offset);
        // A quotient that does not fit is that of a negative line, which is above 2^255 while a period is below 2^42.
        let amount = line.div_rem(u128::from(self.period).into()).map_or(0, |(amount, _)| amount).min(most);
        self.offset.sub(&U256::product(amount, self.period.into()));
        Settlement { amount, more }
    }

    /// Adds the bucket of the next epoch.
    fn settle(&mut self, buckets: &mut impl Buckets) {
        let bucket = buckets.get(self.next);
        if bucket.ends > 0 {
            buckets.set(self.next, &Bucket::default());
            // The buckets hold `unsettled` ends in all.
            self.unsettled = self.unsettled.saturating_sub(bucket.ends);
            self.rate = self.rate.wrapping_sub(bucket.rate);
            self.offset.add(&bucket.offset);
        }
        // Below today's epoch.
        self.next = self.next.wrapping_add(1);
    }

    /// Notes the end of `stream`.
    fn schedule_end(&self, stream: &Stream, buckets: &mut impl Buckets) {
        self.change(stream, U256::add, 1, stream.price, buckets);
    }

    /// Undoes [`Self::schedule_end`].
    fn cancel_end(&self, stream: &Stream, buckets: &mut impl Buckets) {
        self.change(stream, U256::sub, u32::MAX, stream.price.wrapping_neg(), buckets);
    }

    /// Adds to the bucket of the end of `stream`, or subtracts from it, as `apply` does it, modulo what it counts in: `ends` and
    /// `rate` are subtracted by adding their complements.
    #[inline(never)]
    fn change(&self, stream: &Stream, apply: fn(&mut U256, &U256), ends: u32, rate: u128, buckets: &mut impl Buckets) {
        let epoch = epoch_of(stream.end);
        let mut bucket = buckets.get(epoch);
        // At most `unsettled`, which is checked. What is undone was noted, and its epoch is not past.
        bucket.ends = bucket.ends.wrapping_add(ends);
        bucket.rate = bucket.rate.wrapping_add(rate);
        apply(&mut bucket.offset, &stream.settlement(self.period, stream.paid));
        // The epoch of a time begins at or before it.
        let late = stream.start.saturating_sub(epoch.wrapping_mul(EPOCH));
        apply(&mut bucket.late, &U256::product(stream.price, late.into()));
        buckets.set(epoch, &bucket);
    }
}

patronage_wire::read!(
    struct Stream {
        price: u128,
        start: u64,
        end: u64,
        paid: u128,
        minimum: u128,
    }
);
patronage_wire::read!(
    struct Bucket {
        ends: u32,
        rate: u128,
        offset: U256,
        late: U256,
    }
);
patronage_wire::read!(
    struct Earnings {
        period: u64,
        next: u64,
        unsettled: u32,
        rate: u128,
        offset: U256,
    }
);
