//! One paid subscription, as its fan sees it.

use test_kit::{DAY, TOKEN};

use super::{MINUTE, PRICE};

/// Each tier's asset (0 is native, 1 the token), first price, period, level, seats and minimum stay.
pub const TIERS: [(usize, u128, u64, u8, Option<u32>, u64); 5] = [
    (0, 1, 30 * DAY, 1, None, 0),
    (0, 7_777_777_777, MINUTE, 2, None, MINUTE),
    (0, PRICE, 30 * DAY, 3, Some(2), 7 * DAY),
    (1, 30 * TOKEN, 30 * DAY, 1, Some(3), 30 * DAY),
    (1, 7, DAY, 2, Some(2), 1),
];

/// Prices are below 2^60 and times below 2^42, so that their signed products fit in an i128.
pub type Scaled = i128;

/// A paid subscription, as its fan sees it.
pub struct Paid {
    pub tier: usize,
    pub price: u128,
    pub start: u64,
    pub end: u64,
    pub paid: u128,
    /// The part that an early leaver does not get back.
    pub minimum: u128,
    /// The refund, if it ended early.
    pub refunded: Option<u128>,
}

impl Paid {
    pub fn period(&self) -> u64 {
        TIERS[self.tier].2
    }

    pub fn running(&self, now: u64) -> bool {
        self.refunded.is_none() && now < self.end
    }

    /// Earnings from the start to `time` (ms) while it runs, in smallest units times ms of the period. Negative before
    /// the start.
    pub fn line(&self, time: u64) -> Scaled {
        self.price as Scaled * (Scaled::from(time) - Scaled::from(self.start))
    }

    /// Earnings at `now` (ms), in the same unit.
    pub fn earned(&self, now: u64) -> Scaled {
        if self.running(now) {
            return self.line(now);
        }
        (self.paid - self.refunded.unwrap_or(0)) as Scaled * Scaled::from(self.period())
    }

    /// As `earned`, but an end on the day of `now` counts up to midnight, and as nothing if it started after that. The
    /// vault promises to collect this amount.
    pub fn surely_earned(&self, now: u64) -> Scaled {
        if self.refunded.is_none() && self.end / DAY == now / DAY {
            return self.line(now - now % DAY).max(0);
        }
        self.earned(now)
    }

    /// Earnings, rounded up.
    pub fn earned_up(&self, now: u64) -> u128 {
        (self.earned(now) as u128).div_ceil(self.period().into())
    }

    /// Refund of the fan who cancels.
    pub fn refund(&self, now: u64) -> u128 {
        if !self.running(now) {
            return 0;
        }
        self.paid - self.earned_up(now).max(self.minimum)
    }

    /// The unearned rest.
    pub fn unearned(&self, now: u64) -> u128 {
        if !self.running(now) {
            return 0;
        }
        self.paid - self.earned_up(now)
    }
}
