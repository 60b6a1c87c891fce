//! Streaming subscriptions: money paid ahead, which time earns by the millisecond.
//!
//! **One stream.** A fan pays `paid` planck at a `price` per `period` ms. Each ms earns `price / period` planck, which is
//! rarely a whole number. So everything here is counted in planck times ms of the period ("scaled"). A running stream has
//! earned `price * (t - start)`, and runs until that would exceed `paid * period`. Then, at `end`, all of `paid` is earned.
//! A stream that is cancelled before has earned what was not refunded, a whole number of planck. So a closed stream of
//! either kind has earned exactly `planck * period`, and rounding loses nothing.
//!
//! **All streams of a tier.** The earnings of a running stream are a straight line over time, `rate * t + offset` with
//! `rate = price` and `offset = -price * start`. A closed stream is a line too, with `rate = 0` and `offset = planck *
//! period`. So the sum over all streams is one line, [`Earnings`], for any number of streams. A start adds a line. A
//! cancellation replaces one line by another.
//!
//! **Ends** need no call. They are scheduled in a [`Bucket`] for each epoch (a day): the change of the line when all
//! streams that end in that epoch are closed. [`Earnings::collect`] adds the buckets of past epochs in order. A call by a
//! fan changes the line and one bucket, never more.
//!
//! **Never too much.** As long as the buckets of epochs from some midnight on are not added, the line at that midnight is
//! at most what has been earned by now. Streams that ended later had earned that much at that midnight, streams that
//! started later count negative, and cancelled streams are closed. When only today is left, the streams outside today's
//! bucket count to the millisecond, and those in it up to midnight.
//!
//! **No loss through others.** A stream that starts and ends today is in today's bucket and would count negative at
//! midnight, against the earnings of others. The bucket keeps the sum of these amounts (`Bucket::late`), and `collect`
//! adds it again. So such a stream counts as 0 until it is closed.
//!
//! **Minimum.** A stream can have an amount that is not refunded to a fan who leaves early, [`Stream::minimum`]. The line
//! does not include it: a running stream counts by time alone, so its line is never above what cannot be refunded. A fan
//! who leaves before time has earned the minimum closes the stream with the minimum, which is more than the line counted
//! until then.
//!
//! **Sizes.** Prices are below 2^96, and there are fewer than 2^32 streams whose end was not added, so a rate is below
//! 2^128. Times are below 2^64, and the sum of payments that were not collected is below 2^128 planck. So no line is
//! outside +-2^194 at any time. Sums modulo 2^256 are therefore exact in any order, and a negative line is a number above
//! 2^255.

use crate::{error::VaultError, wide::U256};
use alloc::boxed::Box;

#[cfg(test)]
pub(crate) mod tests;

/// Length of an epoch in ms: one day. Epochs begin at midnight UTC.
pub const EPOCH: u64 = 86_400_000;

/// The maximum price of a period.
pub const MAX_PRICE: u128 = (1 << 96) - 1;

/// The minimum period, in ms.
pub const MIN_PERIOD: u64 = 60_000;

/// The maximum period, and the maximum time that can be paid ahead, in ms: 100 years of 365.25 days.
pub const MAX_DURATION: u64 = 3_155_760_000_000;

/// Returns the epoch of `time` (ms).
pub const fn epoch_of(time: u64) -> u64 {
    time / EPOCH
}

/// Money paid ahead, and the time in which it is earned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "codec", derive(parity_scale_codec::Encode, parity_scale_codec::Decode))]
#[cfg_attr(all(feature = "codec", feature = "std"), derive(scale_info::TypeInfo))]
#[cfg_attr(feature = "codec", derive(ink_lite::Decode))]
pub struct Stream {
    /// Price of one period.
    pub price: u128,
    /// Start, in ms.
    pub start: u64,
    /// The first ms in which it does not run, unless it is cancelled.
    pub end: u64,
    /// Everything that was paid.
    pub paid: u128,
    /// Part of `paid` that is not refunded to a fan who leaves early.
    pub minimum: u128,
}

impl Stream {
    /// A stream without a minimum from `start` (ms) that `paid` lasts for, at `price` (1 to [`MAX_PRICE`]) per `period`
    /// ([`MIN_PERIOD`] to [`MAX_DURATION`]).
    ///
    /// # Examples
    /// ```
    /// use patronage_core::streams::Stream;
    ///
    /// const DAY: u64 = 86_400_000;
    /// // Two periods of 30 days at 300 planck, from day 100 on.
    /// let stream = Stream::new(300, 30 * DAY, 100 * DAY, 600).unwrap();
    /// assert_eq!(stream.end, 160 * DAY);
    /// assert!(stream.runs(159 * DAY));
    /// assert!(!stream.runs(160 * DAY));
    /// // Less than a period is too little.
    /// assert!(Stream::new(300, 30 * DAY, 100 * DAY, 299).is_err());
    /// ```
    pub fn new(price: u128, period: u64, start: u64, paid: u128) -> Result<Self, Box<VaultError>> {
        Self::with(price, period, start, 0, paid)
    }

    /// As [`Stream::new`], with `had` of the money already there. Errors carry the amount to pay beside it.
    pub fn with(price: u128, period: u64, start: u64, had: u128, more: u128) -> Result<Self, Box<VaultError>> {
        let end = end_of(price, period, start, had, more)?;
        // It lasts for at most `MAX_DURATION`, so it is far below 2^128.
        Ok(Self { price, start, end, paid: had.wrapping_add(more), minimum: 0 })
    }

    /// Pays `more` for the same stream at the same price. After an error nothing has changed.
    pub fn extend(&mut self, period: u64, more: u128) -> Result<(), Box<VaultError>> {
        self.end = end_of(self.price, period, self.start, self.paid, more)?;
        // As in `with`.
        self.paid = self.paid.wrapping_add(more);
        Ok(())
    }

    /// Whether it runs at `now` (ms).
    pub fn runs(&self, now: u64) -> bool {
        now < self.end
    }

    /// What a fan gets back who leaves at `now` (ms): what was paid, less the greater of what time has earned and the minimum.
    ///
    /// # Examples
    /// ```
    /// use patronage_core::streams::Stream;
    ///
    /// const DAY: u64 = 86_400_000;
    /// let mut stream = Stream::new(300, 30 * DAY, 0, 300).unwrap();
    /// assert_eq!(stream.refund(30 * DAY, 10 * DAY), 200);
    /// // A minimum of half the month: who leaves before gets back what is beyond it.
    /// stream.minimum = 150;
    /// assert_eq!(stream.refund(30 * DAY, 10 * DAY), 150);
    /// assert_eq!(stream.refund(30 * DAY, 20 * DAY), 100);
    /// ```
    pub fn refund(&self, period: u64, now: u64) -> u128 {
        self.left(period, now, true)
    }

    /// Returns what time has not earned at `now` (ms). The earned amount is rounded up, by less than one planck.
    pub fn unearned(&self, period: u64, now: u64) -> u128 {
        self.left(period, now, false)
    }

    /// Returns what is left of the money at `now` (ms): [`Stream::refund`] if the fan leaves `early`, else
    /// [`Stream::unearned`].
    #[inline(never)]
    pub fn left(&self, period: u64, now: u64, early: bool) -> u128 {
        if !self.runs(now) {
            return 0;
        }
        let earned = cost(self.price, period, now.saturating_sub(self.start));
        // Up to the end `price * (now - start) <= paid * period`, so the earned amount is at most `paid`, even rounded up.
        let kept = if early { earned.max(self.minimum) } else { earned };
        self.paid.saturating_sub(kept)
    }

    /// Returns how much the offset of the line grows when the stream is closed with `earned` planck. It undoes the stream's
    /// own offset.
    fn settlement(&self, period: u64, earned: u128) -> U256 {
        let mut settlement = U256::product(self.price, self.start.into());
        settlement.add(&U256::product(earned, period.into()));
        settlement
    }
}

/// Returns the price of `time` ms at `price` per `period` ms, rounded up.
#[inline(never)]
pub fn cost(price: u128, period: u64, time: u64) -> u128 {
    U256::product(price, time.into()).div_ceil(u128::from(period).into())
}

/// Returns the end of a stream from `start` for which `more` is paid beside what it `had`. Errors carry the amount to pay
/// beside that.
#[inline(never)]
fn end_of(price: u128, period: u64, start: u64, had: u128, more: u128) -> Result<u64, Box<VaultError>> {
    // Nobody can pay so much ahead. A sum above 128 bits gives the error that the true sum would.
    let paid = had.saturating_add(more);
    if paid < price {
        return Err(Box::new(VaultError::PaymentTooSmall { least: price.saturating_sub(had) }));
    }
    // It runs for more than MAX_DURATION exactly if `paid * period >= price * (MAX_DURATION + 1)`.
    let limit = U256::product(price, u128::from(MAX_DURATION).wrapping_add(1));
    let scaled = U256::product(paid, period.into());
    if scaled >= limit {
        let most = limit.wrapping_sub(1.into()).div_floor(u128::from(period).into());
        return Err(Box::new(VaultError::PaymentTooLarge { most: most.saturating_sub(had) }));
    }
    // At most MAX_DURATION, so it fits.
    let duration = scaled.div_floor(price.into()) as u64;
    // A time at the very end of u64 would give an early end. As at any end, everything that was paid is earned then.
    Ok(start.saturating_add(duration))
}

/// The streams that end in one epoch: the change of the line when all of them are closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "codec", derive(parity_scale_codec::Encode, parity_scale_codec::Decode))]
#[cfg_attr(all(feature = "codec", feature = "std"), derive(scale_info::TypeInfo))]
#[cfg_attr(feature = "codec", derive(ink_lite::Decode))]
pub struct Bucket {
    /// Number of streams.
    pub ends: u32,
    /// Sum of their prices, by which the rate falls.
    rate: u128,
    /// Growth of the offset.
    offset: U256,
    /// Sum of `price * (start - midnight)` of the streams that also start in this epoch: how far they pull the line below 0
    /// at midnight.
    late: U256,
}

/// Storage of the buckets of a tier.
pub trait Buckets {
    /// Returns the bucket of `epoch`; the default if none is stored.
    fn get(&self, epoch: u64) -> Bucket;
    /// Stores `bucket` for `epoch`, or deletes it if nothing ends there.
    fn set(&mut self, epoch: u64, bucket: &Bucket);
}

/// Result of [`Earnings::collect`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "codec", derive(parity_scale_codec::Encode, parity_scale_codec::Decode))]
#[cfg_attr(all(feature = "codec", feature = "std"), derive(scale_info::TypeInfo))]
pub struct Settlement {
    /// Earnings that are now collected, in planck (or smallest units of the tier's token).
    pub amount: u128,
    /// Whether whole epochs are left for a further call.
    pub more: bool,
}

/// Earnings of all streams of one tier that were not collected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "codec", derive(parity_scale_codec::Encode, parity_scale_codec::Decode))]
#[cfg_attr(all(feature = "codec", feature = "std"), derive(scale_info::TypeInfo))]
#[cfg_attr(feature = "codec", derive(ink_lite::Decode))]
pub struct Earnings {
    /// Length of the tier's period, in ms.
    pub period: u64,
    /// The first epoch whose bucket was not added.
    pub next: u64,
    /// Number of streams in the buckets from `next` on.
    pub unsettled: u32,
    /// Sum of the prices of those streams.
    rate: u128,
    /// Value of the line at time 0, less what was collected.
    offset: U256,
}

impl Earnings {
    /// A tier without streams.
    pub const fn new(period: u64, now: u64) -> Self {
        Self { period, next: epoch_of(now), unsettled: 0, rate: 0, offset: U256::ZERO }
    }

    /// Starts a new `stream` at `now`, which is its start. `None`, without a change, if there are too many.
    pub fn open(&mut self, stream: &Stream, now: u64, buckets: &mut impl Buckets) -> Option<()> {
        if self.unsettled == 0 {
            // No bucket can be missed.
            self.next = epoch_of(now);
        }
        self.unsettled = self.unsettled.checked_add(1)?;
        self.rate = self.rate.wrapping_add(stream.price);
        self.offset.sub(&stream.settlement(self.period, 0));
        self.schedule_end(stream, buckets);
        Some(())
    }

    /// Closes a running `stream`: everything but the `refund` is earned.
    pub fn close(&mut self, stream: &Stream, refund: u128, buckets: &mut impl Buckets) {
        self.cancel_end(stream, buckets);
        // A refund is a part of the payment.
        let earned = stream.paid.saturating_sub(refund);
        // It was counted when it was opened, and its end is not settled, as that is in the future.
        self.unsettled = self.unsettled.saturating_sub(1);
        self.rate = self.rate.wrapping_sub(stream.price);
        self.offset.add(&stream.settlement(self.period, earned));
    }

    /// Pays `more` for a running `stream`. After an error the buckets must not be stored.
    pub fn extend(&self, stream: &mut Stream, more: u128, buckets: &mut impl Buckets) -> Result<(), Box<VaultError>> {
        self.cancel_end(stream, buckets);
        stream.extend(self.period, more)?;
        self.schedule_end(stream, buckets);
        Ok(())
    }

    /// Adds at most `max_epochs` buckets of past epochs. Takes out what has certainly been earned by `now`, at most `most`.
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
        // Not after today's midnight. If time ran backwards, the result would only be too small.
        let midnight = self.next.saturating_mul(EPOCH);
        let (at, ending) = if more { (midnight, Bucket::default()) } else { (now, buckets.get(today)) };
        let mut line = U256::product(self.rate, at.into());
        line.sub(&U256::product(ending.rate, at.saturating_sub(midnight).into()));
        line.add(&ending.late);
        line.add(&self.offset);
        // A quotient that does not fit belongs to a negative line, which is above 2^255, as a period is below 2^42.
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

    /// Adds the end of `stream` to its bucket.
    fn schedule_end(&self, stream: &Stream, buckets: &mut impl Buckets) {
        self.change(stream, U256::add, 1, stream.price, buckets);
    }

    /// Undoes [`Self::schedule_end`].
    fn cancel_end(&self, stream: &Stream, buckets: &mut impl Buckets) {
        self.change(stream, U256::sub, u32::MAX, stream.price.wrapping_neg(), buckets);
    }

    /// Adds to the bucket of the end of `stream`, or subtracts from it by `apply`. `ends` and `rate` are subtracted by
    /// adding their complements, modulo their width.
    #[inline(never)]
    fn change(&self, stream: &Stream, apply: fn(&mut U256, &U256), ends: u32, rate: u128, buckets: &mut impl Buckets) {
        let epoch = epoch_of(stream.end);
        let mut bucket = buckets.get(epoch);
        // At most `unsettled`, which is checked. A cancelled end was scheduled, and its epoch is not past.
        bucket.ends = bucket.ends.wrapping_add(ends);
        bucket.rate = bucket.rate.wrapping_add(rate);
        apply(&mut bucket.offset, &stream.settlement(self.period, stream.paid));
        // An epoch begins at or before each of its times.
        let late = stream.start.saturating_sub(epoch.wrapping_mul(EPOCH));
        apply(&mut bucket.late, &U256::product(stream.price, late.into()));
        buckets.set(epoch, &bucket);
    }
}
