//! Tiers and those who hold them: terms, seats, and one record per fan.
//!
//! Whoever holds a tier has a seat of it, paid for or granted, running or expired, until they leave it. [`Tier::leave`] is the
//! one way out, whoever asks for it and why: it settles the money, if there is any left, and frees the seat.

use crate::{
    ledger::Asset,
    stakes::Stake,
    streams::{Buckets, Earnings, Stream, StreamError, MAX_DURATION, MAX_PRICE, MIN_PERIOD},
};

#[cfg(test)]
mod tests;

/// Time from the end of a subscription until anyone can free its seat, in ms: 7 days, so that access rules can grant a grace
/// up to that.
pub const PRUNE_AFTER: u64 = 604_800_000;

/// Why terms do not make a tier, or someone can't hold it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TierError {
    /// The price is 0, or above what can be counted.
    PriceOutOfRange,
    /// The period is too short or too long.
    PeriodOutOfRange,
    /// Level 0 is what someone without a subscription has.
    ZeroLevel,
    /// Nobody could ever hold it.
    ZeroSeats,
    /// All seats are held.
    SoldOut,
    /// It takes no new subscriptions.
    Closed,
    /// The price is now `price`, above the limit.
    PriceTooHigh { price: u128 },
    /// The payment is too small or too large.
    Payment(StreamError),
    /// A grant has to end after now.
    EndsInPast,
    /// It has as many streams as can be counted.
    TooMany,
}

impl From<StreamError> for TierError {
    fn from(error: StreamError) -> Self {
        Self::Payment(error)
    }
}

/// What a vault keeps of a tier in one record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "codec", derive(parity_scale_codec::Encode, parity_scale_codec::Decode))]
#[cfg_attr(all(feature = "codec", feature = "std"), derive(scale_info::TypeInfo))]
pub struct Tier<A> {
    /// What it is paid in, for its life.
    pub asset: Asset<A>,
    /// Price of a period for the next subscription.
    pub price: u128,
    /// What its subscribers are on the creator's scale, for its life.
    pub level: u8,
    /// How many can hold it at once; `None` for no limit. It can be below `taken`: then it is full.
    pub seats: Option<u32>,
    /// Whether it can be subscribed to. A closed one can be granted, and topped up by those who have it.
    pub open: bool,
    /// How many hold it now.
    pub taken: u32,
    /// The accounts of its streams.
    pub earnings: Earnings,
}

impl<A> Tier<A> {
    /// A new tier, open, at time `now` (ms).
    pub fn new(
        asset: Asset<A>,
        price: u128,
        period: u64,
        level: u8,
        seats: Option<u32>,
        now: u64,
    ) -> Result<Self, TierError> {
        let earnings = Earnings::new(period, now);
        let mut tier = Self { asset, price, level, seats, open: true, taken: 0, earnings };
        tier.offer(price, seats, true)?;
        if !(MIN_PERIOD..=MAX_DURATION).contains(&period) {
            return Err(TierError::PeriodOutOfRange);
        }
        if level == 0 {
            return Err(TierError::ZeroLevel);
        }
        Ok(tier)
    }

    /// New terms for new subscriptions. On an error nothing has changed.
    pub fn offer(&mut self, price: u128, seats: Option<u32>, open: bool) -> Result<(), TierError> {
        if price == 0 || price > MAX_PRICE {
            return Err(TierError::PriceOutOfRange);
        }
        if seats == Some(0) {
            return Err(TierError::ZeroSeats);
        }
        (self.price, self.seats, self.open) = (price, seats, open);
        Ok(())
    }

    /// A new stream, at the present price if that is at most `max_price`, of what is `carried` over from the subscription that
    /// it replaces and of what is `paid` beside it. After an error neither tier nor buckets must be kept.
    pub fn subscribe(
        &mut self,
        max_price: u128,
        carried: u128,
        paid: u128,
        now: u64,
        buckets: &mut impl Buckets,
    ) -> Result<Stream, TierError> {
        if !self.open {
            return Err(TierError::Closed);
        }
        if self.price > max_price {
            return Err(TierError::PriceTooHigh { price: self.price });
        }
        let stream = Stream::with(self.price, self.earnings.period, now, carried, paid)?;
        self.take_seat()?;
        self.earnings.open(&stream, now, buckets).ok_or(TierError::TooMany)?;
        Ok(stream)
    }

    /// A stream without money, until `until` (ms). On an error nothing has changed.
    pub fn grant(&mut self, now: u64, until: u64) -> Result<Stream, TierError> {
        if until <= now {
            return Err(TierError::EndsInPast);
        }
        self.take_seat()?;
        Ok(Stream { price: 0, start: now, end: until, paid: 0 })
    }

    /// The same `stream`, which must run, with `more` paid, at the price that was agreed to. On an error nothing has changed.
    pub fn top_up(&self, stream: &Stream, more: u128, buckets: &mut impl Buckets) -> Result<Stream, TierError> {
        let after = stream.extended(self.earnings.period, more)?;
        self.earnings.extend(stream, &after, buckets);
        Ok(after)
    }

    /// Who holds `stream` leaves at `now`, and gets this back.
    pub fn leave(&mut self, stream: &Stream, now: u64, buckets: &mut impl Buckets) -> u128 {
        let refund = self.refund(stream, now);
        // One that has ended is in the bucket of its end, and all earned. A grant is in none.
        if stream.runs(now) && stream.paid > 0 {
            self.earnings.close(stream, refund, buckets);
        }
        // Only who has taken a seat leaves one.
        self.taken = self.taken.saturating_sub(1);
        refund
    }

    /// What who holds `stream` would get back by leaving at `now`.
    pub fn refund(&self, stream: &Stream, now: u64) -> u128 {
        stream.refund(self.earnings.period, now)
    }

    /// One more holds it.
    fn take_seat(&mut self) -> Result<(), TierError> {
        // Without a limit of its own a tier still counts in 32 bits.
        if self.taken >= self.seats.unwrap_or(u32::MAX) {
            return Err(TierError::SoldOut);
        }
        // Below a u32.
        self.taken = self.taken.wrapping_add(1);
        Ok(())
    }
}

/// A fan's subscription, paid for or granted. It holds a seat of its tier for as long as it is kept, running or expired.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "codec", derive(parity_scale_codec::Encode, parity_scale_codec::Decode))]
#[cfg_attr(all(feature = "codec", feature = "std"), derive(scale_info::TypeInfo))]
pub struct Subscription {
    /// Number of the tier.
    pub tier: u32,
    /// Level of the tier, which never changes: kept here so that a fan's standing is one record.
    pub level: u8,
    /// Since when the fan has held `level` or a higher one without a gap, in ms. The stream may have started later: see
    /// [`Fan::since`].
    pub since: u64,
    /// The money. A grant has none.
    pub stream: Stream,
}

impl Subscription {
    /// Whether it was granted, and so costs nothing.
    pub fn is_grant(&self) -> bool {
        self.stream.paid == 0
    }

    /// From when on anyone can free its seat, in ms.
    pub fn prunable_from(&self) -> u64 {
        self.stream.end.saturating_add(PRUNE_AFTER)
    }
}

/// All that a vault keeps of a fan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "codec", derive(parity_scale_codec::Encode, parity_scale_codec::Decode))]
#[cfg_attr(all(feature = "codec", feature = "std"), derive(scale_info::TypeInfo))]
pub struct Fan {
    /// All that was ever tipped in native planck.
    pub tipped: u128,
    /// The last subscription, until it is left.
    pub subscription: Option<Subscription>,
    /// Tokens that are staked or on their way out.
    pub stake: Option<Stake>,
}

impl Fan {
    /// Whether there is nothing to keep.
    pub fn is_empty(&self) -> bool {
        self.tipped == 0 && self.subscription.is_none() && self.stake.is_none()
    }

    /// The subscription or grant that runs at `now`. Nobody can give the fan another one in its place.
    pub fn running_at(&self, now: u64) -> Option<Subscription> {
        self.subscription.filter(|held| held.stream.runs(now))
    }

    /// The subscription that is paid for and runs at `now`: money of the fan's is in it, so only fan and creator can end it.
    pub fn paid_at(&self, now: u64) -> Option<Subscription> {
        self.running_at(now).filter(|held| !held.is_grant())
    }

    /// Since when a fan who gets a subscription at `level` at `now` has held that level or a higher one: the time of what it
    /// replaces counts, if that runs until now and is not lower. Otherwise a year on the lowest tier and a moment on the
    /// highest would pass for a year on the highest.
    pub fn since(&self, level: u8, now: u64) -> u64 {
        self.running_at(now).filter(|held| held.level >= level).map_or(now, |held| held.since)
    }
}
