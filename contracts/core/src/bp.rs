//! Shares in basis points (hundredths of a percent).

use crate::wide::U256;

/// The whole, in basis points.
pub const WHOLE: u16 = 10_000;

/// Returns `bp` basis points of `amount`, rounded up. `bp` above the whole counts as the whole.
pub fn share_up(amount: u128, bp: u16) -> u128 {
    U256::product(amount, bp.min(WHOLE).into()).div_ceil(u128::from(WHOLE).into())
}

/// Returns `bp` basis points of `amount`, rounded down. `bp` above the whole counts as the whole.
pub fn share_down(amount: u128, bp: u16) -> u128 {
    U256::product(amount, bp.min(WHOLE).into()).div_floor(u128::from(WHOLE).into())
}

/// Returns the largest part of `total` that leaves room for `bp` basis points of itself on top, rounded up.
///
/// For whole numbers `part + part * bp / 10,000 <= total` holds exactly if `part <= total * 10,000 / (10,000 + bp)`. This
/// includes a share that is rounded up, because `total - part` is whole.
pub fn without_surcharge(total: u128, bp: u16) -> u128 {
    let divisor = u128::from(WHOLE).wrapping_add(bp.into());
    // The divisor is not below the factor, so the quotient is at most `total`.
    U256::product(total, WHOLE.into()).div_floor(divisor.into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{any_size, many_cases};
    use primitive_types::U256 as Oracle;
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(many_cases())]

        #[test]
        fn shares_agree_with_the_oracle(amount in any_size(), bp in 0..=WHOLE) {
            let exact = Oracle::from(amount) * Oracle::from(bp);
            prop_assert_eq!(Oracle::from(share_down(amount, bp)), exact / 10_000);
            prop_assert_eq!(Oracle::from(share_up(amount, bp)), (exact + 9_999) / 10_000);
        }

        #[test]
        fn the_part_without_surcharge_is_the_largest(total in any_size(), bp in 0..=WHOLE) {
            let with = |part: u128| Oracle::from(part) + Oracle::from(share_up(part, bp));
            let part = without_surcharge(total, bp);
            prop_assert!(with(part) <= total.into());
            prop_assert!(part == u128::MAX || with(part + 1) > total.into());
        }
    }

    #[test]
    fn more_than_the_whole_is_the_whole() {
        assert_eq!(share_up(u128::MAX, u16::MAX), u128::MAX);
        assert_eq!(share_down(7, WHOLE + 1), 7);
    }
}
