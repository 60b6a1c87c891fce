//! Unsigned 256-bit integers, with only the operations that the contracts need.
//!
//! The aim is small code: a contract pays for every byte of its code on every call, and for an instruction only when it
//! runs. So one routine works bit by bit, [`U256::solve`], and division is a case of it.

use core::cmp::Ordering;

/// An unsigned 256-bit integer.
///
/// It encodes as 32 bytes in little endian, like every SCALE integer.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "codec", derive(parity_scale_codec::Encode, parity_scale_codec::Decode))]
#[cfg_attr(all(feature = "codec", feature = "std"), derive(scale_info::TypeInfo))]
#[cfg_attr(feature = "codec", derive(ink_lite::Decode))]
pub struct U256 {
    lo: u128,
    hi: u128,
}

impl U256 {
    /// The smallest value.
    pub const ZERO: Self = Self { lo: 0, hi: 0 };
    /// The largest value.
    pub const MAX: Self = Self { lo: u128::MAX, hi: u128::MAX };

    /// Returns `hi * 2^128 + lo`.
    pub const fn new(hi: u128, lo: u128) -> Self {
        Self { lo, hi }
    }

    /// Returns the full product of two 128-bit integers.
    pub fn product(a: u128, b: u128) -> Self {
        let (a_lo, a_hi) = (a & LOW, a >> 64);
        let (b_lo, b_hi) = (b & LOW, b >> 64);
        // Factors below 2^64 have products of at most 2^128 - 2^65 + 1, so two more numbers below 2^64 fit on top.
        let low = a_lo.wrapping_mul(b_lo);
        let cross = a_hi.wrapping_mul(b_lo).wrapping_add(low >> 64);
        let cross_lo = a_lo.wrapping_mul(b_hi).wrapping_add(cross & LOW);
        let high = a_hi.wrapping_mul(b_hi).wrapping_add(cross >> 64).wrapping_add(cross_lo >> 64);
        Self { lo: (cross_lo << 64) | (low & LOW), hi: high }
    }

    /// Returns the value in 128 bits; `None` if it does not fit.
    pub fn to_u128(self) -> Option<u128> {
        (self.hi == 0).then_some(self.lo)
    }

    /// Returns the quotient by 2^128, rounded down.
    pub fn upper(self) -> u128 {
        self.hi
    }

    /// Returns the remainder by 2^128.
    pub fn lower(self) -> u128 {
        self.lo
    }

    /// Returns the sum modulo 2^256, and whether it overflowed.
    fn overflowing_add(self, other: Self) -> (Self, bool) {
        let (lo, carry) = self.lo.overflowing_add(other.lo);
        let (hi, over) = self.hi.overflowing_add(other.hi);
        let (hi, over_by_carry) = hi.overflowing_add(carry.into());
        (Self { lo, hi }, over | over_by_carry)
    }

    /// Returns the difference modulo 2^256, and whether it underflowed.
    fn overflowing_sub(self, other: Self) -> (Self, bool) {
        let (lo, borrow) = self.lo.overflowing_sub(other.lo);
        let (hi, under) = self.hi.overflowing_sub(other.hi);
        let (hi, under_by_borrow) = hi.overflowing_sub(borrow.into());
        (Self { lo, hi }, under | under_by_borrow)
    }

    /// Returns the sum; `None` on overflow.
    pub fn checked_add(self, other: Self) -> Option<Self> {
        let (sum, over) = self.overflowing_add(other);
        (!over).then_some(sum)
    }

    /// Returns the difference; `None` if it is negative.
    pub fn checked_sub(self, other: Self) -> Option<Self> {
        let (difference, under) = self.overflowing_sub(other);
        (!under).then_some(difference)
    }

    /// Adds modulo 2^256, in place and without inlining. Where it is needed often, it takes a tenth of the code of
    /// [`Self::wrapping_add`].
    #[inline(never)]
    pub fn add(&mut self, other: &Self) {
        *self = self.wrapping_add(*other);
    }

    /// Subtracts modulo 2^256, as [`Self::add`].
    #[inline(never)]
    pub fn sub(&mut self, other: &Self) {
        *self = self.wrapping_sub(*other);
    }

    /// Returns the product; `None` on overflow.
    pub fn checked_mul(self, factor: u128) -> Option<Self> {
        let upper = Self::product(self.hi, factor).to_u128()?;
        Self::product(self.lo, factor).checked_add(Self { lo: 0, hi: upper })
    }

    /// Returns the product modulo 2^256.
    pub fn wrapping_mul(self, factor: u128) -> Self {
        let mut product = Self::product(self.lo, factor);
        product.hi = product.hi.wrapping_add(self.hi.wrapping_mul(factor));
        product
    }

    /// Returns the sum modulo 2^256.
    pub fn wrapping_add(self, other: Self) -> Self {
        self.overflowing_add(other).0
    }

    /// Returns the difference modulo 2^256.
    pub fn wrapping_sub(self, other: Self) -> Self {
        self.overflowing_sub(other).0
    }

    /// Returns the value times 2 to the power of `BITS` (1 to 127); `None` on overflow.
    fn raised<const BITS: u32>(self) -> Option<Self> {
        let over = self.hi >> (128 - BITS);
        (over == 0).then_some(Self { lo: self.lo << BITS, hi: (self.hi << BITS) | (self.lo >> (128 - BITS)) })
    }

    /// Returns the value divided by 2 to the power of `BITS` (1 to 127), rounded down.
    fn lowered<const BITS: u32>(self) -> Self {
        Self { lo: (self.lo >> BITS) | (self.hi << (128 - BITS)), hi: self.hi >> BITS }
    }

    /// Returns the largest `n` with `linear * n + square * n^2 <= self`, and the rest of `self`.
    ///
    /// `None` if `n` needs more than 128 bits, which includes that both factors are 0. With a `square` above 0, `self` must
    /// be below 2^254.
    ///
    /// This is long division with a divisor that grows. `n` is built from its highest bit down. Adding the bit `2^i` to it
    /// adds `(linear + 2 * square * n) * 2^i + square * 4^i` to the left side. Both terms are updated and shifted in each
    /// step, so there is no multiplication, no square root and no estimate to correct.
    pub fn solve(self, linear: Self, square: Self) -> Option<(u128, Self)> {
        let (mut linear, mut square) = (linear, square);
        let mut bits = 0u8;
        while let Some((wider, wider_square)) = grown(linear, square, self) {
            (linear, square) = (wider, wider_square);
            if bits == 127 {
                return None;
            }
            // At most 127.
            bits = bits.wrapping_add(1);
        }
        let (mut n, mut rest) = (0u128, self);
        loop {
            let (step, over) = linear.overflowing_add(square);
            let (less, under) = rest.overflowing_sub(step);
            if !over && !under {
                rest = less;
                n |= 1;
                // Now (linear + 2 * square * n) * 2^i. It is at most twice of what was already taken off `self`, so below
                // 2^255.
                linear = step.wrapping_add(square);
            }
            if bits == 0 {
                return Some((n, rest));
            }
            bits = bits.wrapping_sub(1);
            linear = linear.lowered::<1>();
            square = square.lowered::<2>();
            n <<= 1;
        }
    }

    /// Returns the quotient, rounded down, and the remainder; `None` if the quotient needs more than 128 bits or the
    /// divisor is 0.
    pub fn div_rem(self, divisor: Self) -> Option<(u128, Self)> {
        self.solve(divisor, Self::ZERO)
    }

    /// Returns the quotient, rounded down; the largest `u128` if it needs more than 128 bits or the divisor is 0.
    pub fn div_floor(self, divisor: Self) -> u128 {
        self.div_rem(divisor).map_or(u128::MAX, |(quotient, _)| quotient)
    }

    /// Returns the quotient, rounded up; the largest `u128` as for [`U256::div_floor`].
    pub fn div_ceil(self, divisor: Self) -> u128 {
        self.div_rem(divisor).map_or(u128::MAX, |(quotient, rest)| quotient.saturating_add((rest != Self::ZERO).into()))
    }
}

/// The lower half of a `u128`.
const LOW: u128 = u64::MAX as u128;

/// Returns `linear * 2` and `square * 4` while their sum is at most `limit`.
fn grown(linear: U256, square: U256, limit: U256) -> Option<(U256, U256)> {
    let (linear, square) = (linear.raised::<1>()?, square.raised::<2>()?);
    let (sum, over) = linear.overflowing_add(square);
    let (_, above) = limit.overflowing_sub(sum);
    (!over && !above).then_some((linear, square))
}

impl From<u128> for U256 {
    fn from(value: u128) -> Self {
        Self { lo: value, hi: 0 }
    }
}

impl PartialOrd for U256 {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for U256 {
    fn cmp(&self, other: &Self) -> Ordering {
        self.hi.cmp(&other.hi).then(self.lo.cmp(&other.lo))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{any_size, many_cases};
    use primitive_types::{U256 as Oracle, U512};
    use proptest::prelude::*;

    fn oracle(value: U256) -> Oracle {
        (Oracle::from(value.hi) << 128) | Oracle::from(value.lo)
    }

    fn wide(value: Oracle) -> U256 {
        U256::new((value >> 128).low_u128(), value.low_u128())
    }

    prop_compose! {
        fn any_wide()(hi in prop_oneof![Just(0), any_size()], lo in any_size()) -> U256 { U256::new(hi, lo) }
    }

    proptest! {
        #![proptest_config(many_cases())]

        #[test]
        fn products_are_exact(a in any_size(), b in any_size()) {
            prop_assert_eq!(oracle(U256::product(a, b)), Oracle::from(a) * Oracle::from(b));
        }

        #[test]
        fn sums_and_differences_agree_with_the_oracle(a in any_wide(), b in any_wide()) {
            let (x, y) = (oracle(a), oracle(b));
            prop_assert_eq!(a.checked_add(b), x.checked_add(y).map(wide));
            prop_assert_eq!(a.checked_sub(b), x.checked_sub(y).map(wide));
            prop_assert_eq!(a.wrapping_add(b), wide(x.overflowing_add(y).0));
            prop_assert_eq!(a.wrapping_sub(b), wide(x.overflowing_sub(y).0));
            prop_assert_eq!(a.cmp(&b), x.cmp(&y));
        }

        #[test]
        fn multiplication_by_128_bits_agrees_with_the_oracle(a in any_wide(), b in any_size()) {
            prop_assert_eq!(a.checked_mul(b), oracle(a).checked_mul(b.into()).map(wide));
        }

        #[test]
        fn division_agrees_with_the_oracle(a in any_wide(), b in any_wide()) {
            let (x, y) = (oracle(a), oracle(b));
            let expected = x.checked_div(y).filter(|quotient| quotient.bits() <= 128);
            prop_assert_eq!(a.div_floor(b), expected.map_or(u128::MAX, |quotient| quotient.low_u128()));
            let remainder = expected.map(|_| wide(x % y));
            prop_assert_eq!(a.div_rem(b).map(|(_, rest)| rest), remainder);
            let up = expected.map(|quotient| quotient + Oracle::from(u8::from(x % y != Oracle::zero())));
            let up = up.filter(|up| up.bits() <= 128);
            prop_assert_eq!(a.div_ceil(b), up.map_or(u128::MAX, |up| up.low_u128()));
        }

        #[test]
        fn the_solution_is_the_largest_that_fits(
            target in any_wide(),
            linear in any_wide(),
            square in any_size().prop_map(|square| square.max(1)),
        ) {
            let target = target.lowered::<2>();
            let left = |n: u128| {
                let n = U512::from(n);
                U512::from(oracle(linear)) * n + U512::from(square) * n * n
            };
            match target.solve(linear, square.into()) {
                Some((n, rest)) => {
                    prop_assert_eq!(left(n) + U512::from(oracle(rest)), U512::from(oracle(target)));
                    prop_assert!(n == u128::MAX || left(n + 1) > U512::from(oracle(target)));
                }
                None => prop_assert!(left(u128::MAX) < U512::from(oracle(target))),
            }
        }
    }

    #[test]
    fn nothing_divides_by_zero() {
        assert_eq!(U256::MAX.div_rem(U256::ZERO), None);
        assert_eq!([U256::ZERO.div_floor(U256::ZERO), U256::ZERO.div_ceil(U256::ZERO)], [u128::MAX; 2]);
    }

    #[test]
    fn a_quotient_of_exactly_129_bits_is_refused_and_one_less_is_not() {
        let two_128 = U256::new(1, 0);
        assert_eq!(two_128.div_rem(1.into()), None);
        assert_eq!(two_128.wrapping_sub(1.into()).div_rem(1.into()), Some((u128::MAX, U256::ZERO)));
        assert_eq!(U256::MAX.div_rem(two_128), Some((u128::MAX, u128::MAX.into())));
        assert_eq!([U256::MAX.div_floor(two_128), U256::MAX.div_ceil(two_128)], [u128::MAX; 2]);
        assert_eq!([two_128.div_floor(1.into()), two_128.div_ceil(1.into())], [u128::MAX; 2]);
    }

    /// Each sum that a carry passes through, once with the carry and once without.
    #[test]
    fn carries_pass_through_every_part_of_a_product() {
        const HALF: u128 = 1 << 64;
        let product = |a, b| {
            let U256 { lo, hi } = U256::product(a, b);
            (hi, lo)
        };
        assert_eq!(product(u128::MAX, u128::MAX), (u128::MAX - 1, 1));
        assert_eq!(product(LOW, LOW), (0, u128::MAX - 2 * LOW));
        assert_eq!(product(HALF, HALF), (1, 0));
        assert_eq!(product(HALF, LOW), (0, LOW << 64));
        assert_eq!(product(LOW, HALF), (0, LOW << 64));
        // Only the sum of the cross products and the upper half of the lower product reaches the upper half.
        assert_eq!(product(HALF | LOW, HALF | LOW), (3, ((LOW - 3) << 64) | 1));
        assert_eq!(product(HALF + 1, LOW), (0, (LOW << 64) | LOW));
        assert_eq!(product(u128::MAX, 2), (1, u128::MAX - 1));
        assert_eq!(product(2, u128::MAX), (1, u128::MAX - 1));
        assert_eq!(product(u128::MAX, HALF), (LOW, LOW << 64));
        assert_eq!(product(HALF, u128::MAX), (LOW, LOW << 64));
    }

    /// The carry alone can overflow the upper half, and so can the upper halves alone.
    #[test]
    fn a_carry_alone_overflows_and_so_do_the_upper_halves_alone() {
        let (one, low) = (U256::from(1), U256::from(u128::MAX));
        let upper = U256::new(u128::MAX, 0);
        assert_eq!(low.checked_add(one), Some(U256::new(1, 0)));
        assert_eq!(U256::MAX.checked_add(one), None);
        assert_eq!(U256::MAX.wrapping_add(one), U256::ZERO);
        assert_eq!(upper.checked_add(low), Some(U256::MAX));
        assert_eq!(upper.checked_add(U256::new(1, 0)), None);
        assert_eq!(upper.wrapping_add(U256::new(2, 5)), U256::new(1, 5));
        assert_eq!(U256::new(1, 0).checked_sub(one), Some(low));
        assert_eq!(U256::ZERO.checked_sub(one), None);
        assert_eq!(U256::ZERO.wrapping_sub(one), U256::MAX);
        assert_eq!(U256::new(1, 0).checked_sub(U256::new(1, 1)), None);
        assert_eq!(U256::new(1, 0).checked_sub(U256::new(2, 0)), None);
        assert_eq!(U256::new(2, 0).checked_sub(U256::new(1, 1)), Some(low));
        let (mut sum, mut difference) = (low, U256::new(1, 0));
        sum.add(&one);
        difference.sub(&one);
        assert_eq!(sum, U256::new(1, 0));
        assert_eq!(difference, low);
    }

    #[test]
    fn a_product_of_a_wide_integer_carries_into_its_upper_half() {
        assert_eq!(U256::new(1, u128::MAX).checked_mul(2), Some(U256::new(3, u128::MAX - 1)));
        assert_eq!(U256::new(u128::MAX, u128::MAX).checked_mul(1), Some(U256::MAX));
        assert_eq!(U256::new(u128::MAX / 2, u128::MAX).checked_mul(2), Some(U256::new(u128::MAX, u128::MAX - 1)));
        assert_eq!(U256::new(u128::MAX / 2 + 1, 0).checked_mul(2), None);
        assert_eq!(U256::new(1, u128::MAX).wrapping_mul(3), U256::new(5, u128::MAX - 2));
        assert_eq!(U256::new(u128::MAX, 0).wrapping_mul(2), U256::new(u128::MAX - 1, 0));
        assert_eq!(U256::new(7, 9).upper(), 7);
        assert_eq!(U256::new(7, 9).lower(), 9);
    }

    #[cfg(feature = "codec")]
    #[test]
    fn encodes_like_a_little_endian_integer() {
        use parity_scale_codec::{DecodeAll, Encode};
        let value = U256::new(7, 9);
        let bytes = value.encode();
        assert_eq!(bytes, [9u128.to_le_bytes(), 7u128.to_le_bytes()].concat());
        assert_eq!(U256::decode_all(&mut &bytes[..]), Ok(value));
    }
}
