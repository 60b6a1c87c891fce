//! Tiers and those who hold them: terms, seats, and one record per fan.

use crate::streams::{Earnings, Stream, MAX_DURATION, MAX_PRICE, MIN_PERIOD};

/// Why terms do not make a tier, or a tier has no room.
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
}

/// What a vault keeps of a tier in one record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "codec", derive(parity_scale_codec::Encode, parity_scale_codec::Decode))]
#[cfg_attr(all(feature = "codec", feature = "std"), derive(scale_info::TypeInfo))]
pub struct Tier {
    /// Price of a period for the next subscription.
    pub price: u128,
    /// What its subscribers are on the creator's scale.
    pub level: u8,
    /// How many can hold it at once; `None` for no limit.
    pub seats: Option<u32>,
    /// How many hold it now.
    pub taken: u32,
    /// The accounts of its streams.
    pub earnings: Earnings,
}

impl Tier {
    /// A new tier, at time `now` (ms).
    pub fn new(price: u128, period: u64, level: u8, seats: Option<u32>, now: u64) -> Result<Self, TierError> {
        if price == 0 || price > MAX_PRICE {
            return Err(TierError::PriceOutOfRange);
        }
        if !(MIN_PERIOD..=MAX_DURATION).contains(&period) {
            return Err(TierError::PeriodOutOfRange);
        }
        if level == 0 {
            return Err(TierError::ZeroLevel);
        }
        if seats == Some(0) {
            return Err(TierError::ZeroSeats);
        }
        Ok(Self { price, level, seats, taken: 0, earnings: Earnings::new(period, now) })
    }

    /// One more holds it.
    pub fn take_seat(&mut self) -> Result<(), TierError> {
        // Without a limit of its own a tier still counts in 32 bits.
        if self.taken >= self.seats.unwrap_or(u32::MAX) {
            return Err(TierError::SoldOut);
        }
        // Below a u32.
        self.taken = self.taken.wrapping_add(1);
        Ok(())
    }

    /// One who held it does no more.
    pub fn free_seat(&mut self) {
        // Only who has taken a seat frees it.
        self.taken = self.taken.saturating_sub(1);
    }
}

/// A fan's subscription. It holds a seat of its tier for as long as it is kept, running or expired.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "codec", derive(parity_scale_codec::Encode, parity_scale_codec::Decode))]
#[cfg_attr(all(feature = "codec", feature = "std"), derive(scale_info::TypeInfo))]
pub struct Subscription {
    /// Number of the tier.
    pub tier: u32,
    /// Level of the tier, which never changes: kept here so that a fan's standing is one record.
    pub level: u8,
    /// When the fan's time began, in ms. A stream may have started later, after a switch.
    pub since: u64,
    /// The money.
    pub stream: Stream,
}

/// All that a vault keeps of a fan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "codec", derive(parity_scale_codec::Encode, parity_scale_codec::Decode))]
#[cfg_attr(all(feature = "codec", feature = "std"), derive(scale_info::TypeInfo))]
pub struct Fan {
    /// All that was ever tipped in native planck.
    pub tipped: u128,
    /// The last subscription, until it is cancelled.
    pub subscription: Option<Subscription>,
}

impl Fan {
    /// Whether there is nothing to keep.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: u64 = 86_400_000;

    #[test]
    fn terms_at_the_bounds_make_a_tier_and_beyond_them_do_not() {
        let new = |price, period, level, seats| Tier::new(price, period, level, seats, 0).map(|_| ());
        assert_eq!(new(1, MIN_PERIOD, 1, Some(1)), Ok(()));
        assert_eq!(new(MAX_PRICE, MAX_DURATION, u8::MAX, None), Ok(()));
        assert_eq!(new(0, DAY, 1, None), Err(TierError::PriceOutOfRange));
        assert_eq!(new(MAX_PRICE + 1, DAY, 1, None), Err(TierError::PriceOutOfRange));
        assert_eq!(new(1, MIN_PERIOD - 1, 1, None), Err(TierError::PeriodOutOfRange));
        assert_eq!(new(1, MAX_DURATION + 1, 1, None), Err(TierError::PeriodOutOfRange));
        assert_eq!(new(1, DAY, 0, None), Err(TierError::ZeroLevel));
        assert_eq!(new(1, DAY, 1, Some(0)), Err(TierError::ZeroSeats));
    }

    #[test]
    fn a_tier_has_as_many_seats_as_its_terms_say_and_a_freed_one_can_be_taken_again() {
        let mut tier = Tier::new(1, DAY, 1, Some(2), 0).unwrap();
        assert_eq!(tier.take_seat(), Ok(()));
        assert_eq!(tier.take_seat(), Ok(()));
        assert_eq!(tier.take_seat(), Err(TierError::SoldOut));
        tier.free_seat();
        assert_eq!(tier.take_seat(), Ok(()));
        assert_eq!(tier.taken, 2);
    }

    #[test]
    fn a_tier_without_limit_never_counts_beyond_its_counter() {
        let mut tier = Tier::new(1, DAY, 1, None, 0).unwrap();
        tier.taken = u32::MAX;
        assert_eq!(tier.take_seat(), Err(TierError::SoldOut));
        assert_eq!(tier.taken, u32::MAX);
    }
}
