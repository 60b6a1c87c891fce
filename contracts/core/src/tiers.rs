//! Tiers and those who hold them: terms, seats, and one record per fan.
//!
//! Whoever holds a tier has a seat of it, paid for or granted, running or expired, until they leave it. [`Tier::leave`] is the
//! one way out, whoever asks for it and why: it settles the money, if there is any left, and frees the seat.

use crate::{
    ledger::Asset,
    error::VaultError,
    stakes::Stake,
    streams::{self, Buckets, Earnings, Stream, MAX_DURATION, MAX_PRICE, MIN_PERIOD},
};
use alloc::boxed::Box;

#[cfg(test)]
mod tests;

/// Longest time from the end of a subscription until anyone can free its seat, in ms: 7 days, so that access rules can grant a
/// grace up to that. In a full tier it is one period where that is shorter: see [`Tier::prunable_from`].
pub const PRUNE_AFTER: u64 = 604_800_000;

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
    /// For how long, in ms, who joins pays in any case: what that costs is not refunded to a fan who leaves early. At most a
    /// period, for its life.
    pub minimum_stay: u64,
    /// The accounts of its streams.
    pub earnings: Earnings,
}

impl<A> Tier<A> {
    /// Whether its terms are possible.
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

    /// New terms for new subscriptions. After an error the tier must not be kept.
    pub fn offer(&mut self, price: u128, seats: Option<u32>, open: bool) -> Result<(), Box<VaultError>> {
        (self.price, self.seats, self.open) = (price, seats, open);
        self.check()
    }

    /// A new stream, at the present price if that is at most `max_price`, of what is `carried` over from the running paid
    /// subscription that it replaces, `held`, and of what is `paid` beside it. After an error neither tier nor buckets must be
    /// kept.
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
        // A stream has at least the price of a period and all that is carried over, so this is at most what was paid.
        stream.minimum = minimum(stay, self.level, held, carried);
        self.take_seat()?;
        self.earnings.open(&stream, now, buckets).ok_or(VaultError::Overflow)?;
        Ok(stream)
    }

    /// A stream without money, until `until` (ms). On an error nothing has changed.
    pub fn grant(&mut self, now: u64, until: u64) -> Result<Stream, Box<VaultError>> {
        if until <= now {
            return Err(Box::new(VaultError::EndsInPast));
        }
        self.take_seat()?;
        Ok(Stream { price: 0, start: now, end: until, paid: 0, minimum: 0 })
    }

    /// Pays `more` for a `stream` that runs, at the price that was agreed to. After an error the buckets must not be kept.
    pub fn top_up(&self, stream: &mut Stream, more: u128, buckets: &mut impl Buckets) -> Result<(), Box<VaultError>> {
        self.earnings.extend(stream, more, buckets)
    }

    /// Who holds `stream` leaves at `now`, and this is left of the money: `early`, by the fan's own will, what is refunded with
    /// regard to the minimum; otherwise all that time has not earned.
    pub fn leave(&mut self, stream: &Stream, now: u64, early: bool, buckets: &mut impl Buckets) -> u128 {
        let refund = stream.left(self.earnings.period, now, early);
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

    /// From when on anyone can free the seat that is held with `stream`, in ms: [`PRUNE_AFTER`] after its end. In a full tier,
    /// where the seat keeps others out, it is one period after the end where that is sooner.
    pub fn prunable_from(&self, stream: &Stream) -> u64 {
        prunable_from(stream, self.earnings.period, self.is_full())
    }

    /// Whether no seat is free. Without a limit of its own a tier still counts in 32 bits.
    fn is_full(&self) -> bool {
        self.taken >= self.seats.unwrap_or(u32::MAX)
    }

    /// One more holds it.
    fn take_seat(&mut self) -> Result<(), Box<VaultError>> {
        if self.is_full() {
            return Err(Box::new(VaultError::SoldOut));
        }
        // Below a u32.
        self.taken = self.taken.wrapping_add(1);
        Ok(())
    }
}

/// From when on anyone can free the seat that is held with `stream` in a tier with this `period` (ms), in ms:
/// [`PRUNE_AFTER`] after its end, or a period where that is shorter and the tier is `full`.
pub fn prunable_from(stream: &Stream, period: u64, full: bool) -> u64 {
    let kept = if full { period.min(PRUNE_AFTER) } else { PRUNE_AFTER };
    stream.end.saturating_add(kept)
}

/// What a fan who leaves early does not get back of a new stream at `level`, of which so much is `carried` over from `held`:
/// `stay`, the price of the minimum stay, unless `held` is at that level or above; and no less than what is left of the minimum of
/// `held`.
pub fn minimum(stay: u128, level: u8, held: Option<&Subscription>, carried: u128) -> u128 {
    let Some(held) = held else { return stay };
    // What is carried over is a part of what was paid, and time has earned the rest.
    let earned = held.stream.paid.wrapping_sub(carried);
    let own = if held.level < level { stay } else { 0 };
    held.stream.minimum.saturating_sub(earned).max(own)
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

    /// Whether it is paid for and runs at `now`: money of the fan's is in it, so only fan and creator can end it.
    pub fn is_paid_at(&self, now: u64) -> bool {
        self.stream.runs(now) && !self.is_grant()
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
    pub fn running_at(&self, now: u64) -> Option<&Subscription> {
        self.subscription.as_ref().filter(|held| held.stream.runs(now))
    }

    /// The subscription that is paid for and runs at `now`.
    pub fn paid_at(&self, now: u64) -> Option<&Subscription> {
        self.subscription.as_ref().filter(|held| held.is_paid_at(now))
    }

    /// Since when a fan who gets a subscription at `level` at `now` has held that level or a higher one: the time of what it
    /// replaces counts, if that runs until now and is not lower. Otherwise a year on the lowest tier and a moment on the
    /// highest would pass for a year on the highest.
    pub fn since(&self, level: u8, now: u64) -> u64 {
        self.running_at(now).filter(|held| held.level >= level).map_or(now, |held| held.since)
    }
}

patronage_wire::read!(
    struct Tier<A> {
        asset: Asset<A>,
        price: u128,
        level: u8,
        seats: Option<u32>,
        open: bool,
        taken: u32,
        minimum_stay: u64,
        earnings: Earnings,
    }
);
patronage_wire::read!(
    struct Subscription {
        tier: u32,
        level: u8,
        since: u64,
        stream: Stream,
    }
);
patronage_wire::read!(
    struct Fan {
        tipped: u128,
        subscription: Option<Subscription>,
        stake: Option<Stake>,
    }
);
