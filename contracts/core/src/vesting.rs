//! Linear vesting: tokens that are locked and become available over time.

use crate::{streams::MAX_DURATION, wide::U256};

/// When tokens vest. All times are block times in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "codec", derive(parity_scale_codec::Encode, parity_scale_codec::Decode))]
#[cfg_attr(all(feature = "codec", feature = "std"), derive(scale_info::TypeInfo))]
#[cfg_attr(feature = "codec", derive(ink_lite::Decode))]
pub struct Schedule {
    /// Start of the line, where nothing is vested.
    pub start: u64,
    /// Cliff: nothing vests before this time; from then on the line counts. Equal to `start` for no cliff.
    pub cliff: u64,
    /// End of the line, where everything is vested.
    pub end: u64,
}

impl Schedule {
    /// Whether the schedule is valid at `now`: the times are in order, and the end is at most 100 years away. The limit
    /// catches typing errors.
    pub fn is_possible(&self, now: u64) -> bool {
        self.start < self.end
            && (self.start..=self.end).contains(&self.cliff)
            && self.end.saturating_sub(now) <= MAX_DURATION
    }
}

/// Tokens under a schedule, in smallest units.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "codec", derive(parity_scale_codec::Encode, parity_scale_codec::Decode))]
#[cfg_attr(all(feature = "codec", feature = "std"), derive(scale_info::TypeInfo))]
#[cfg_attr(feature = "codec", derive(ink_lite::Decode))]
pub struct Vesting {
    /// All tokens under the schedule.
    pub tokens: u128,
    /// Tokens that the beneficiary has received.
    pub released: u128,
    /// When the tokens vest.
    pub schedule: Schedule,
}

impl Vesting {
    /// Returns the tokens that are vested at `now`, released or not: `tokens * (now - start) / (end - start)`, rounded
    /// down.
    pub fn vested(&self, now: u64) -> u128 {
        let Schedule { start, cliff, end } = self.schedule;
        if now >= end {
            return self.tokens;
        }
        if now < cliff {
            return 0;
        }
        // A valid schedule starts no later than its cliff, and `now` is from there to before the end.
        let (passed, whole) = (now.wrapping_sub(start), end.wrapping_sub(start));
        // The passed time is less than the whole, so the quotient is below `tokens`.
        U256::product(self.tokens, passed.into()).div_floor(u128::from(whole).into())
    }

    /// Returns the tokens that can be released at `now`.
    pub fn releasable(&self, now: u64) -> u128 {
        // Block times and so vested tokens only grow, and no more than that is ever released.
        self.vested(now).saturating_sub(self.released)
    }

    /// Releases everything that can be released at `now`. Returns the number of smallest units.
    pub fn release(&mut self, now: u64) -> u128 {
        let tokens = self.releasable(now);
        // At most `tokens`.
        self.released = self.released.wrapping_add(tokens);
        tokens
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{any_size, bounded, many_cases};
    use primitive_types::U256 as Oracle;
    use proptest::prelude::*;

    fn any_time() -> impl Strategy<Value = u64> {
        // The upper half of 128 bits of any size.
        any_size().prop_map(|size| (size >> 64) as u64)
    }

    prop_compose! {
        fn any_vesting()(tokens in any_size(), mut times in proptest::array::uniform3(any_time())) -> Vesting {
            times.sort_unstable();
            let [start, cliff, end] = times;
            // The largest time is rare.
            let end = end.max(start.saturating_add(1));
            Vesting { tokens, released: 0, schedule: Schedule { start: start.min(end - 1), cliff, end } }
        }
    }

    proptest! {
        #![proptest_config(many_cases())]

        #[test]
        fn what_is_free_is_the_line_rounded_down(vesting in any_vesting(), now in any_time()) {
            let Schedule { start, cliff, end } = vesting.schedule;
            let expected = if now < cliff {
                0.into()
            } else {
                Oracle::from(vesting.tokens) * Oracle::from(now.min(end) - start) / Oracle::from(end - start)
            };
            // At a cliff at the very end, everything is vested.
            prop_assert_eq!(Oracle::from(vesting.vested(now)), expected);
        }

        #[test]
        fn releasing_often_gives_what_releasing_once_gives(
            vesting in any_vesting(),
            mut times in proptest::collection::vec(any_time(), 1..8),
        ) {
            times.sort_unstable();
            let (mut often, mut sum) = (vesting, 0u128);
            for now in &times {
                let before = often.released;
                sum += often.release(*now);
                prop_assert!(often.released >= before && often.released <= vesting.tokens);
            }
            let mut once = vesting;
            prop_assert_eq!(once.release(times[times.len() - 1]), sum);
            prop_assert_eq!(often, once);
            often.release(u64::MAX);
            prop_assert_eq!(often.released, vesting.tokens);
        }

        #[cfg(feature = "codec")]
        #[test]
        fn a_contract_reads_the_vesting_that_it_wrote(vesting in any_vesting(), now in any_time()) {
            use parity_scale_codec::Encode;
            let mut vesting = vesting;
            vesting.release(now);
            ink_lite::testing::assert_read_back(&vesting, &vesting.encode());
            ink_lite::testing::assert_read_back(&vesting.schedule, &vesting.schedule.encode());
        }

        #[test]
        fn a_schedule_is_possible_when_its_times_are_in_order_and_near(
            [start, cliff, end] in proptest::array::uniform3(any_time()),
            now in any_time(),
        ) {
            let end = start.saturating_add(bounded(end.into(), 2 * u128::from(MAX_DURATION)) as u64);
            let in_order = start < end && start <= cliff && cliff <= end;
            let near = u128::from(end) <= u128::from(now) + u128::from(MAX_DURATION);
            prop_assert_eq!(Schedule { start, cliff, end }.is_possible(now), in_order && near);
        }
    }

    #[test]
    fn a_year_with_a_cliff_of_a_quarter() {
        let schedule = Schedule { start: 1_000, cliff: 1_250, end: 2_000 };
        assert!(schedule.is_possible(0));
        let mut vesting = Vesting { tokens: 100, released: 0, schedule };
        assert_eq!([1_000, 1_249, 1_250, 1_259, 1_999, 2_000].map(|now| vesting.vested(now)), [0, 0, 25, 25, 99, 100]);
        assert_eq!(vesting.release(1_249), 0);
        assert_eq!(vesting.release(1_259), 25);
        assert_eq!(vesting.release(1_259), 0);
        assert_eq!(vesting.release(2_000), 75);
        assert_eq!(vesting.released, 100);
    }
}
