//! Tiers and their holders: terms, seats, and one record per fan.
//!
//! Each fan in a tier holds a seat, paid or granted, running or expired, until the fan leaves it. [`Tier::leave`] is the
//! only way out: it settles the rest of the money and frees the seat.

use crate::{
    error::VaultError,
    ledger::Asset,
    stakes::Stake,
    streams::{self, Buckets, Earnings, Stream, MAX_DURATION, MAX_PRICE, MIN_PERIOD},
};
use alloc::boxed::Box;

#[cfg(test)]
mod tests;

/// The maximum time from the end of a subscription until anyone can free its seat, in ms: 7 days. So access rules can grant
/// a grace of up to 7 days. In a full tier it is one period, if that is shorter: see [`Tier::prunable_from`].
pub const PRUNE_AFTER: u64 = 604_800_000;

/// Record of a tier.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "codec", derive(parity_scale_codec::Encode, parity_scale_codec::Decode))]
#[cfg_attr(all(feature = "codec", feature = "std"), derive(scale_info::TypeInfo))]
#[cfg_attr(feature = "codec", derive(ink_lite::Decode))]
pub struct Tier<A> {
    /// Asset of its payments. It never changes.
    pub asset: Asset<A>,
    /// Price of a period for the next subscription.
    pub price: u128,
    /// Level of its subscribers. It never changes.
    pub level: u8,
    /// The maximum number of held seats; `None` for no limit. It can be below `taken`; then the tier is full.
    pub seats: Option<u32>,
    /// Whether it accepts new subscriptions. A closed tier can still be granted, and its holders can top up.
    pub open: bool,
    /// Number of held seats.
    pub taken: u32,
    /// Minimum stay in ms, at most a period: a fan who leaves early gets no refund for this time. It never changes.
    pub minimum_stay: u64,
    /// Earnings of its streams.
    pub earnings: Earnings,
}

impl<A> Tier<A> {
    /// Validates the terms.
    ///
    /// # Errors
    /// `PriceOutOfRange`, `ZeroSeats`, `PeriodOutOfRange`, `MinimumStayTooLong`, `ZeroLevel`.
    #[inline(never)]
    pub fn check(&self) -> Result<(), Box<VaultError>> {
        if self.price == 0 || self.price > MAX_PRICE {
            return Err(Box::new(VaultError::PriceOutOfRange { most: MAX_PRICE }));
        }
        if self.seats == Some(0) {
            return Err(Box::new(VaultError::ZeroSeats));
        }
        if !(MIN_PERIOD..=MAX_DURATION).contains(&self.earnings.period) {
            return Err(Box::new(VaultError::PeriodOutOfRange { least: MIN_PERIOD, most: MAX_DURATION }));
        }
        if self.minimum_stay > self.earnings.period {
            return Err(Box::new(VaultError::MinimumStayTooLong { most: self.earnings.period }));
        }
        if self.level == 0 {
            return Err(Box::new(VaultError::ZeroLevel));
        }
        Ok(())
    }

    /// Changes the terms of new subscriptions. After an error the tier must not be stored.
    pub fn offer(&mut self, price: u128, seats: Option<u32>, open: bool) -> Result<(), Box<VaultError>> {
        (self.price, self.seats, self.open) = (price, seats, open);
        self.check()
    }

    /// Creates a stream at the present price, which must be at most `max_price`. Its money is what is `carried` over from
    /// the running paid subscription that it replaces, `held`, and what is `paid` beside it. After an error neither tier
    /// nor buckets must be stored.
    pub fn subscribe(
        &mut self,
        max_price: u128,
        held: Option<&Subscription>,
        carried: u128,
        paid: u128,
        now: u64,
        buckets: &mut impl Buckets,
    ) -> Result<Stream, Box<VaultError>> {
        if !self.open {
            return Err(Box::new(VaultError::TierClosed));
        }
        if self.price > max_price {
            return Err(Box::new(VaultError::PriceTooHigh { price: self.price }));
        }
        let mut stream = Stream::with(self.price, self.earnings.period, now, carried, paid)?;
        let stay = streams::cost(self.price, self.earnings.period, self.minimum_stay);
        // A stream has at least the price of a period and everything carried over, so the minimum is at most `paid`.
        stream.minimum = minimum(stay, self.level, held, carried);
        self.take_seat()?;
        self.earnings.open(&stream, now, buckets).ok_or(VaultError::Overflow)?;
        Ok(stream)
    }

    /// Creates a stream without money until `until` (ms). After an error nothing has changed.
    pub fn grant(&mut self, now: u64, until: u64) -> Result<Stream, Box<VaultError>> {
        if until <= now {
            return Err(Box::new(VaultError::EndsInPast));
        }
        self.take_seat()?;
        Ok(Stream { price: 0, start: now, end: until, paid: 0, minimum: 0 })
    }

    /// Pays `more` for a running `stream`, at its agreed price. After an error the buckets must not be stored.
    pub fn top_up(&self, stream: &mut Stream, more: u128, buckets: &mut impl Buckets) -> Result<(), Box<VaultError>> {
        self.earnings.extend(stream, more, buckets)
    }

    /// The holder of `stream` leaves at `now`. Returns what is left of the money: if the fan leaves `early`, the refund
    /// with regard to the minimum; otherwise everything that time has not earned.
    pub fn leave(&mut self, stream: &Stream, now: u64, early: bool, buckets: &mut impl Buckets) -> u128 {
        let refund = stream.left(self.earnings.period, now, early);
        // An expired stream is in the bucket of its end, and all earned. A grant is in no bucket.
        if stream.runs(now) && stream.paid > 0 {
            self.earnings.close(stream, refund, buckets);
        }
        // A seat is left only after it was taken.
        self.taken = self.taken.saturating_sub(1);
        refund
    }

    /// Returns the refund to the holder of `stream` who leaves at `now`.
    pub fn refund(&self, stream: &Stream, now: u64) -> u128 {
        stream.refund(self.earnings.period, now)
    }

    /// Returns the time (ms) from which anyone can free the seat of `stream`: [`PRUNE_AFTER`] after its end. In a full
    /// tier, where the seat keeps others out, it is one period after the end if that is shorter.
    pub fn prunable_from(&self, stream: &Stream) -> u64 {
        prunable_from(stream, self.earnings.period, self.is_full())
    }

    /// Whether no seat is free. A tier without a limit counts up to the largest u32.
    fn is_full(&self) -> bool {
        self.taken >= self.seats.unwrap_or(u32::MAX)
    }

    /// Takes a seat.
    fn take_seat(&mut self) -> Result<(), Box<VaultError>> {
        if self.is_full() {
            return Err(Box::new(VaultError::SoldOut));
        }
        // Below the largest u32.
        self.taken = self.taken.wrapping_add(1);
        Ok(())
    }
}

/// Returns the time (ms) from which anyone can free the seat of `stream` in a tier with this `period` (ms): [`PRUNE_AFTER`]
/// after its end, or a period if that is shorter and the tier is `full`.
pub fn prunable_from(stream: &Stream, period: u64, full: bool) -> u64 {
    let kept = if full { period.min(PRUNE_AFTER) } else { PRUNE_AFTER };
    stream.end.saturating_add(kept)
}

/// Returns the minimum of a new stream at `level`, with `carried` taken over from `held`. It is the greater of two amounts:
/// `stay`, the price of the minimum stay, unless `held` is at that level or above; and the rest of the minimum of `held`.
pub fn minimum(stay: u128, level: u8, held: Option<&Subscription>, carried: u128) -> u128 {
    let Some(held) = held else { return stay };
    // The carried amount is a part of the payment, and time has earned the rest.
    let earned = held.stream.paid.wrapping_sub(carried);
    let own = if held.level < level { stay } else { 0 };
    held.stream.minimum.saturating_sub(earned).max(own)
}

/// Subscription of a fan, paid or granted. It holds a seat of its tier as long as it exists, running or expired.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "codec", derive(parity_scale_codec::Encode, parity_scale_codec::Decode))]
#[cfg_attr(all(feature = "codec", feature = "std"), derive(scale_info::TypeInfo))]
#[cfg_attr(feature = "codec", derive(ink_lite::Decode))]
pub struct Subscription {
    /// Number of the tier.
    pub tier: u32,
    /// Level of the tier, which never changes. It is copied here so that a standing is one record.
    pub level: u8,
    /// The time since which the fan has held `level` or a higher one without a gap, in ms. The stream can have started
    /// later: see [`Fan::since`].
    pub since: u64,
    /// The money. A grant has none.
    pub stream: Stream,
}

impl Subscription {
    /// Whether it was granted, without payment.
    pub fn is_grant(&self) -> bool {
        self.stream.paid == 0
    }

    /// Whether it is paid and runs at `now`. Only the fan and the owner can end it then, as it holds money of the fan.
    pub fn is_paid_at(&self, now: u64) -> bool {
        self.stream.runs(now) && !self.is_grant()
    }
}

/// Record of a fan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "codec", derive(parity_scale_codec::Encode, parity_scale_codec::Decode))]
#[cfg_attr(all(feature = "codec", feature = "std"), derive(scale_info::TypeInfo))]
#[cfg_attr(feature = "codec", derive(ink_lite::Decode))]
pub struct Fan {
    /// Sum of all native tips, in planck.
    pub tipped: u128,
    /// The last subscription, until the fan leaves it.
    pub subscription: Option<Subscription>,
    /// Staked tokens, and those in their cooldown.
    pub stake: Option<Stake>,
}

impl Fan {
    /// Whether there is nothing to store.
    pub fn is_empty(&self) -> bool {
        self.tipped == 0 && self.subscription.is_none() && self.stake.is_none()
    }

    /// Returns the subscription or grant that runs at `now`. Nobody else can replace it.
    pub fn running_at(&self, now: u64) -> Option<&Subscription> {
        self.subscription.as_ref().filter(|held| held.stream.runs(now))
    }

    /// Returns the paid subscription that runs at `now`.
    pub fn paid_at(&self, now: u64) -> Option<&Subscription> {
        self.subscription.as_ref().filter(|held| held.is_paid_at(now))
    }

    /// Returns the time since which a fan who gets a subscription at `level` at `now` has held that level or a higher one.
    /// The time of the replaced subscription counts if it still runs and is not lower. Otherwise a year on the lowest tier
    /// and a moment on the highest would count as a year on the highest.
    pub fn since(&self, level: u8, now: u64) -> u64 {
        self.running_at(now).filter(|held| held.level >= level).map_or(now, |held| held.since)
    }
}
