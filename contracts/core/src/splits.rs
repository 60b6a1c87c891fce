//! Division of income among recipients. No message walks a list when income comes in.
//!
//! Income adds to a total. A recipient with `bp` of all recipients' `sum` basis points is due `t * bp / sum` of a total `t`,
//! rounded down, less what the recipient has claimed. So all recipients together are never due more than `t`. What a
//! recipient is due depends on the total alone, so no recipient can block another.
//!
//! The difference of the sum to 10,000 basis points is the stakers' part. It is taken from each income before the rest
//! is added to the total: see [`crate::stake_income`].

use crate::{bp, wide::U256};

/// The maximum number of recipients of a vault.
pub const MAX_RECIPIENTS: usize = 16;

/// Part of one recipient.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "codec", derive(parity_scale_codec::Encode, parity_scale_codec::Decode))]
#[cfg_attr(all(feature = "codec", feature = "std"), derive(scale_info::TypeInfo))]
#[cfg_attr(feature = "codec", derive(ink_lite::Decode))]
pub struct Share<A> {
    /// The recipient.
    pub recipient: A,
    /// The part, in basis points (hundredths of a percent).
    pub bp: u16,
}

/// Why shares are not valid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "codec", derive(parity_scale_codec::Encode, parity_scale_codec::Decode))]
#[cfg_attr(all(feature = "codec", feature = "std"), derive(scale_info::TypeInfo))]
pub enum SplitsError {
    /// There are more than `most` recipients.
    TooMany {
        /// The maximum number of recipients.
        most: u8,
    },
    /// A part is 0.
    ZeroShare,
    /// A recipient occurs twice.
    Duplicate,
    /// The parts sum to `sum_bp` basis points instead of 10,000.
    NotWhole {
        /// The sum, with the stakers' part.
        sum_bp: u32,
    },
    /// The stakers cannot have everything: while nobody is staked, a recipient must get the income.
    OnlyStakers,
}

/// Checks that `shares` and the `stakers`' part, in basis points, divide the whole among at most 16 different
/// recipients, each with a part above 0, and the stakers.
///
/// # Examples
/// ```
/// use patronage_core::splits::{check, Share, SplitsError};
///
/// let shares = |ana, ben| [Share { recipient: "ana", bp: ana }, Share { recipient: "ben", bp: ben }];
/// assert_eq!(check(&shares(8_000, 2_000), 0), Ok(()));
/// // The stakers have the rest.
/// assert_eq!(check(&shares(8_000, 1_000), 1_000), Ok(()));
/// assert_eq!(check(&shares(8_000, 1_000), 0), Err(SplitsError::NotWhole { sum_bp: 9_000 }));
/// ```
pub fn check<A: PartialEq>(shares: &[Share<A>], stakers: u16) -> Result<(), SplitsError> {
    if stakers >= bp::WHOLE {
        return Err(SplitsError::OnlyStakers);
    }
    if shares.len() > MAX_RECIPIENTS {
        return Err(SplitsError::TooMany { most: MAX_RECIPIENTS as u8 });
    }
    let mut sum_bp = u32::from(stakers);
    let mut rest = shares;
    while let [share, others @ ..] = rest {
        if share.bp == 0 {
            return Err(SplitsError::ZeroShare);
        }
        if others.iter().any(|other| other.recipient == share.recipient) {
            return Err(SplitsError::Duplicate);
        }
        // At most 17 * 65,535.
        sum_bp = sum_bp.wrapping_add(share.bp.into());
        rest = others;
    }
    if sum_bp != u32::from(bp::WHOLE) {
        return Err(SplitsError::NotWhole { sum_bp });
    }
    Ok(())
}

/// Returns the stakers' part, in basis points, of splits with these `shares`; 0 without shares.
pub fn stakers<A>(shares: &[Share<A>]) -> u16 {
    match sum(shares) {
        0 => 0,
        // At most the whole, as `check` says.
        sum => bp::WHOLE.saturating_sub(sum),
    }
}

/// Returns the sum of all recipients' basis points.
fn sum<A>(shares: &[Share<A>]) -> u16 {
    // At most the whole, as `check` says.
    shares.iter().fold(0, |sum, share| sum.wrapping_add(share.bp))
}

/// Returns what `who` can claim of the recipients' income, `total`, if `who` has already claimed `claimed`.
///
/// # Examples
/// ```
/// use patronage_core::splits::{claimable, Share};
///
/// let shares = [Share { recipient: "ana", bp: 6_667 }, Share { recipient: "ben", bp: 3_333 }];
/// // Rounded down, so all claims together never exceed the total.
/// assert_eq!(claimable(&shares, &"ana", 100, 0), 66);
/// assert_eq!(claimable(&shares, &"ana", 100, 66), 0);
/// assert_eq!(claimable(&shares, &"ben", 100, 0), 33);
/// assert_eq!(claimable(&shares, &"cleo", 100, 0), 0);
/// ```
pub fn claimable<A: PartialEq>(shares: &[Share<A>], who: &A, total: u128, claimed: u128) -> u128 {
    let Some(share) = shares.iter().find(|share| share.recipient == *who) else { return 0 };
    // Totals only grow, so `claimed` is not above the part. A share is a part of the sum, so this is at most the total.
    U256::product(total, share.bp.into()).div_floor(u128::from(sum(shares)).into()).saturating_sub(claimed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{any_size, config};
    use proptest::prelude::*;
    use std::vec::Vec;

    fn splits(parts: &[u16]) -> Vec<Share<usize>> {
        parts.iter().enumerate().map(|(recipient, &bp)| Share { recipient, bp }).collect()
    }

    #[test]
    fn parts_that_sum_to_the_whole_are_valid() {
        assert_eq!(check(&splits(&[10_000]), 0), Ok(()));
        assert_eq!(check(&splits(&[625; 16]), 0), Ok(()));
        assert_eq!(check(&splits(&[1, 9_999]), 0), Ok(()));
    }

    #[test]
    fn parts_that_do_not_make_the_whole_are_refused_with_the_reason() {
        assert_eq!(check::<usize>(&[], 0), Err(SplitsError::NotWhole { sum_bp: 0 }));
        assert_eq!(check(&splits(&[10_001]), 0), Err(SplitsError::NotWhole { sum_bp: 10_001 }));
        assert_eq!(check(&splits(&[9_999]), 0), Err(SplitsError::NotWhole { sum_bp: 9_999 }));
        assert_eq!(check(&splits(&[u16::MAX; 16]), 0), Err(SplitsError::NotWhole { sum_bp: 1_048_560 }));
        assert_eq!(check(&splits(&[588; 17]), 0), Err(SplitsError::TooMany { most: 16 }));
        assert_eq!(check(&splits(&[10_000, 0]), 0), Err(SplitsError::ZeroShare));
        let twice =
            [Share { recipient: 7, bp: 5_000 }, Share { recipient: 8, bp: 1 }, Share { recipient: 7, bp: 4_999 }];
        assert_eq!(check(&twice, 0), Err(SplitsError::Duplicate));
    }

    #[test]
    fn stakers_can_have_a_part_and_not_the_whole() {
        assert_eq!(check(&splits(&[1]), 9_999), Ok(()));
        assert_eq!(check(&splits(&[9_000, 500]), 500), Ok(()));
        assert_eq!(check(&splits(&[9_000, 500]), 501), Err(SplitsError::NotWhole { sum_bp: 10_001 }));
        assert_eq!(check::<usize>(&[], 500), Err(SplitsError::NotWhole { sum_bp: 500 }));
        for stakers in [10_000, u16::MAX] {
            assert_eq!(check::<usize>(&[], stakers), Err(SplitsError::OnlyStakers));
            assert_eq!(check(&splits(&[1]), stakers), Err(SplitsError::OnlyStakers));
        }
        assert_eq!([stakers(&splits(&[9_000, 500])), stakers(&splits(&[10_000])), stakers(&splits(&[]))], [500, 0, 0]);
    }

    #[test]
    fn others_get_nothing() {
        assert_eq!(claimable(&splits(&[4_000, 6_000]), &2, 1_000, 0), 0);
    }

    proptest! {
        #![proptest_config(config())]

        /// Income and claims in any order: each recipient is due its exact part, rounded down once, whatever the others
        /// have claimed.
        #[test]
        fn recipients_are_independent_and_never_due_more_than_came_in(
            cuts in prop::collection::btree_set(1u16..10_000, 0..16),
            with_stakers: bool,
            steps in prop::collection::vec((0usize..17, any_size()), 1..40),
        ) {
            let edges: Vec<u16> = [0].into_iter().chain(cuts).chain([10_000]).collect();
            let mut parts: Vec<u16> = edges.windows(2).map(|edge| edge[1] - edge[0]).collect();
            // The last part is the stakers', which is never added to the total.
            let stakers = if with_stakers && parts.len() > 1 { parts.pop().unwrap_or(0) } else { 0 };
            let shares = splits(&parts);
            prop_assert_eq!(check(&shares, stakers), Ok(()));
            let mut total = 0u128;
            let mut taken = [0u128; 17];
            for (who, amount) in steps {
                let Some(sum) = total.checked_add(amount) else { continue };
                total = sum;
                taken[who] += claimable(&shares, &who, total, taken[who]);
                prop_assert_eq!(claimable(&shares, &who, total, taken[who]), 0);
            }
            for share in &shares {
                let who = share.recipient;
                let due = taken[who] + claimable(&shares, &who, total, taken[who]);
                let exact = primitive_types::U256::from(total) * primitive_types::U256::from(share.bp) / (10_000 - stakers);
                prop_assert_eq!(primitive_types::U256::from(due), exact);
                taken[who] = due;
            }
            let all: u128 = taken.iter().sum();
            prop_assert!(all <= total && total - all < shares.len() as u128);
        }
    }
}
