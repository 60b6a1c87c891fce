//! Tests of one stream and of `collect`. The sum of many streams is tested in `tiers`, which opens and closes them.

use super::*;
use crate::testing::{any_size, config};
use primitive_types::U512;
use proptest::prelude::*;
use std::collections::BTreeMap;

pub const DAY: u64 = EPOCH;
pub const YEAR: u64 = 365 * DAY;
pub const T0: u64 = 1_700_000_000_000;

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

pub fn price() -> impl Strategy<Value = u128> {
    prop_oneof![
        4 => any_size().prop_map(|price| (price & MAX_PRICE).max(1)),
        1 => Just(1),
        1 => Just(MAX_PRICE),
        // Whole planck per ms, so that streams end at a whole ms, and at the border of an epoch if they start at one.
        2 => (1u128..1_000).prop_map(|per_ms| per_ms * u128::from(DAY)),
    ]
}

pub fn period() -> impl Strategy<Value = u64> {
    prop_oneof![
        Just(MIN_PERIOD),
        Just(DAY),
        Just(30 * DAY),
        Just(MAX_DURATION),
        MIN_PERIOD..40 * DAY,
        (MIN_PERIOD..=MAX_DURATION, 0u32..26).prop_map(|(period, shift)| (period >> shift).max(MIN_PERIOD)),
    ]
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn a_stream_takes_from_one_period_to_100_years_and_says_how_much_that_is(
        price in price(), period in period(), paid in any_size(),
    ) {
        match Stream::new(price, period, T0, paid).map_err(|error| *error) {
            Ok(stream) => {
                prop_assert!(paid >= price);
                let lasts = U512::from(paid) * U512::from(period);
                let run = |ms: u64| U512::from(price) * U512::from(ms);
                prop_assert!(run(stream.end - T0) <= lasts && lasts < run(stream.end - T0 + 1));
                prop_assert!(stream.end - T0 >= period && stream.end - T0 <= MAX_DURATION);
            }
            Err(VaultError::PaymentTooSmall { least }) => {
                prop_assert!(paid < price && least == price);
                prop_assert!(Stream::new(price, period, T0, least).is_ok());
            }
            Err(VaultError::PaymentTooLarge { most }) => {
                prop_assert!(most < paid);
                prop_assert!(Stream::new(price, period, T0, most).is_ok());
                prop_assert!(Stream::new(price, period, T0, most + 1).is_err());
            }
            Err(error) => prop_assert!(false, "{error:?}"),
        }
    }

    #[test]
    fn what_must_be_paid_beside_what_is_there_is_the_difference(
        price in price(), period in period(), had in any_size(), more in any_size(),
    ) {
        // No stream begins with more than can be paid ahead.
        let had = match Stream::new(price, period, T0, had).map_err(|error| *error) {
            Err(VaultError::PaymentTooLarge { most }) => most,
            _ => had,
        };
        match Stream::with(price, period, T0, had, more).map_err(|error| *error) {
            Ok(stream) => prop_assert_eq!(Stream::new(price, period, T0, had + more), Ok(stream)),
            Err(VaultError::PaymentTooSmall { least }) => {
                prop_assert!(more < least);
                prop_assert!(Stream::with(price, period, T0, had, least).is_ok());
                prop_assert!(Stream::with(price, period, T0, had, least - 1).is_err());
            }
            Err(VaultError::PaymentTooLarge { most }) => {
                prop_assert!(most < more);
                prop_assert!(Stream::with(price, period, T0, had, most).is_ok());
                prop_assert!(Stream::with(price, period, T0, had, most + 1).is_err());
            }
            Err(error) => prop_assert!(false, "{error:?}"),
        }
    }
}

#[test]
fn the_longest_stream_lasts_100_years_to_the_ms() {
    let a_planck_per_ms = |paid| Stream::new(DAY.into(), DAY, T0, paid);
    let most = u128::from(MAX_DURATION);
    assert_eq!(a_planck_per_ms(most).map(|stream| stream.end), Ok(T0 + MAX_DURATION));
    assert_eq!(a_planck_per_ms(most + 1), Err(VaultError::PaymentTooLarge { most }.into()));
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
        let sweep = earnings.collect(T0 + 2 * YEAR, u32::MAX, u128::MAX, &mut buckets);
        assert!(!sweep.more);
        (buckets.1.get(), buckets.2)
    };
    // Ten days with ends and the day before them, then today, and none of the two years after.
    assert_eq!(records(10), (12, 10));
    assert_eq!(records(10_000), (12, 10));
}

#[test]
fn who_has_more_than_can_be_paid_ahead_can_add_nothing() {
    let had = u128::from(MAX_DURATION) + 1;
    let error = VaultError::PaymentTooLarge { most: 0 };
    assert_eq!(Stream::with(DAY.into(), DAY, T0, had, 0), Err(error.into()));
    assert_eq!(Stream::with(DAY.into(), DAY, T0, had, u128::MAX), Err(error.into()));
}

/// The sizes at the head of the module depend on it.
#[test]
fn the_highest_price_is_the_largest_number_of_96_bits() {
    assert_eq!(MAX_PRICE, 79_228_162_514_264_337_593_543_950_335);
}
