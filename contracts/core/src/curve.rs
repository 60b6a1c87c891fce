//! The bonding curve: a price that rises in a straight line with the number of tokens sold.
//!
//! The price of a whole token at position `s` (tokens sold and not sold back) is `base_price + slope * s`. The cost of
//! tokens is the area under the line. With `s` and `n` in smallest units, and `unit` of them in a whole token, the area
//! from `s` to `s + n` is
//!
//! ```text
//! base_price * n / unit + slope * ((s + n)^2 - s^2) / (2 * unit^2)
//!     = n * (2 * unit * base_price + slope * (2 * s + n)) / (2 * unit^2)
//! ```
//!
//! The fraction is rounded once: up for buyers, down for sellers. So the reserve is always at least the exact area under
//! everything sold, in any order and in any pieces. Selling everything back never takes more.

use crate::wide::U256;

/// The maximum number of decimals of a token.
pub const MAX_DECIMALS: u8 = 24;

/// A straight price line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "codec", derive(parity_scale_codec::Encode, parity_scale_codec::Decode))]
#[cfg_attr(all(feature = "codec", feature = "std"), derive(scale_info::TypeInfo))]
#[cfg_attr(feature = "codec", derive(ink_lite::Decode))]
pub struct Curve {
    /// Price of a whole token before anything is sold, in planck.
    pub base_price: u128,
    /// How much the price of a whole token rises with each whole token sold, in planck.
    pub slope: u128,
    /// Smallest units in a whole token: ten to the power of the decimals, of which there are at most [`MAX_DECIMALS`].
    pub unit: u128,
}

/// Upper bound of the numerators of areas, so that [`U256::solve`] does not overflow.
const MAX_NUMERATOR: U256 = U256::new(u128::MAX >> 2, u128::MAX);

impl Curve {
    /// The line for a token with this many decimals, `None` for more than [`MAX_DECIMALS`].
    ///
    /// # Examples
    /// ```
    /// use patronage_core::curve::Curve;
    ///
    /// // 100 planck for the first whole token, 10 more for each one sold; a whole token is 1,000 smallest units.
    /// let curve = Curve::new(100, 10, 3).unwrap();
    /// assert_eq!(curve.price(0), 100);
    /// assert_eq!(curve.price(5_000), 150);
    /// assert!(Curve::new(100, 10, 200).is_none());
    /// ```
    pub fn new(base_price: u128, slope: u128, decimals: u8) -> Option<Self> {
        if decimals > MAX_DECIMALS {
            return None;
        }
        // 10^24 is below 2^80.
        let unit = (0..decimals).fold(1u128, |unit, _| unit.wrapping_mul(10));
        Some(Self { base_price, slope, unit })
    }

    /// What the next `tokens` cost at position `sold`, rounded up; `sold + tokens` is at most [`Curve::max_position`].
    ///
    /// # Examples
    /// ```
    /// use patronage_core::curve::Curve;
    ///
    /// let curve = Curve::new(100, 10, 3).unwrap();
    /// // Two whole tokens from the start: the area under the line from 100 to 120.
    /// assert_eq!(curve.cost(0, 2_000), 220);
    /// // Buying costs at least what selling the same tokens brings.
    /// assert_eq!(curve.cost(0, 1), 1);
    /// assert_eq!(curve.worth(1, 1), 0);
    /// ```
    pub fn cost(&self, sold: u128, tokens: u128) -> u128 {
        self.numerator(sold, tokens).div_ceil(self.scale())
    }

    /// Returns the value of the last `tokens` below position `sold`, rounded down. `sold` must be at most
    /// [`Curve::max_position`].
    pub fn worth(&self, sold: u128, tokens: u128) -> u128 {
        // No more tokens are sold back than were sold.
        self.numerator(sold.saturating_sub(tokens), tokens).div_floor(self.scale())
    }

    /// The most of the next `available` tokens that `budget` planck buy at position `sold`: the largest count whose
    /// [`Curve::cost`] is at most `budget`; `sold + available` is at most [`Curve::max_position`].
    ///
    /// # Examples
    /// ```
    /// use patronage_core::curve::Curve;
    ///
    /// let curve = Curve::new(100, 10, 3).unwrap();
    /// let tokens = curve.tokens_for(0, 10_000, 220);
    /// assert!(curve.cost(0, tokens) <= 220);
    /// assert!(curve.cost(0, tokens + 1) > 220);
    /// // No more than there are.
    /// assert_eq!(curve.tokens_for(0, 500, u128::MAX), 500);
    /// ```
    pub fn tokens_for(&self, sold: u128, available: u128, budget: u128) -> u128 {
        // A fraction rounded up is at most a whole number exactly if the fraction is. A budget that reaches beyond
        // `max_position` buys all available tokens, whatever its size.
        let target = self.area(budget);
        target.solve(self.linear(sold), self.slope.into()).map_or(available, |(tokens, _)| tokens.min(available))
    }

    /// Returns the price at position `sold`, in planck per whole token, rounded up. `sold` must be at most
    /// [`Curve::max_position`].
    pub fn price(&self, sold: u128) -> u128 {
        self.linear(sold).div_ceil(self.twice_unit().into())
    }

    /// Returns the highest position at which neither the whole area below nor the price of a whole token exceeds `limit`
    /// planck; `None` if they do at position 0. Up to that position no function of the curve overflows.
    pub fn max_position(&self, limit: u128) -> Option<u128> {
        let by_area =
            self.area(limit).solve(self.linear(0), self.slope.into()).map_or(u128::MAX, |(position, _)| position);
        let rise = U256::product(limit.checked_sub(self.base_price)?, self.unit);
        // A quotient above 128 bits, or a slope of 0, sets no bound.
        Some(rise.div_floor(self.slope.into()).min(by_area))
    }

    /// Returns `money` planck in parts of `1 / scale`, at most [`MAX_NUMERATOR`].
    fn area(&self, money: u128) -> U256 {
        self.scale().checked_mul(money).map_or(MAX_NUMERATOR, |area| area.min(MAX_NUMERATOR))
    }

    /// Returns `2 * unit * base_price + 2 * slope * sold`: the price of a whole token in parts of `1 / (2 * unit)` planck.
    fn linear(&self, sold: u128) -> U256 {
        // Up to `max_position` prices are below 2^127 planck. `2 * unit` is below 2^81.
        let price = U256::product(self.unit, self.base_price).wrapping_add(U256::product(self.slope, sold));
        price.wrapping_add(price)
    }

    /// Returns the area from `sold` over `tokens` in parts of `1 / scale`.
    fn numerator(&self, sold: u128, tokens: u128) -> U256 {
        // Below `MAX_NUMERATOR` up to `max_position`.
        self.linear(sold).wrapping_add(U256::product(self.slope, tokens)).wrapping_mul(tokens)
    }

    /// Returns `2 * unit^2`.
    fn scale(&self) -> U256 {
        U256::product(self.unit, self.twice_unit())
    }

    /// Returns `2 * unit`, which is below 2^81.
    fn twice_unit(&self) -> u128 {
        self.unit << 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{any_size, area, bounded, many_cases, up};
    use primitive_types::U512;
    use proptest::prelude::*;

    fn oracle(value: U256) -> U512 {
        let (high, low) = value.div_rem(U256::new(1, 0)).unwrap();
        (U512::from(high) << 128) + U512::from(low.to_u128().unwrap())
    }

    /// The number in 128 bits; larger numbers become the largest.
    fn saturated(number: U512) -> u128 {
        number.min(u128::MAX.into()).low_u128()
    }

    prop_compose! {
        /// A line of any slope, a limit, the highest position for it, and a position up to there.
        fn any_curve()(
            base_price in any_size(),
            slope in any_size(),
            decimals in 0..=MAX_DECIMALS,
            limit in prop_oneof![Just(u128::MAX >> 1), Just(u128::from(u64::MAX >> 1)), any_size()],
            position in any_size(),
        ) -> (Curve, u128, u128, u128) {
            let curve = Curve::new(bounded(base_price, limit), slope, decimals).unwrap();
            let max = curve.max_position(limit).unwrap();
            (curve, limit, max, bounded(position, max))
        }
    }

    proptest! {
        #![proptest_config(many_cases())]

        #[test]
        fn up_to_the_highest_position_nothing_wraps((curve, limit, max, sold) in any_curve(), tokens in any_size()) {
            let tokens = bounded(tokens, max - sold);
            let (numerator, scale) = area(&curve, sold, tokens);
            prop_assert_eq!(oracle(curve.scale()), scale);
            prop_assert_eq!(oracle(curve.numerator(sold, tokens)), numerator);
            prop_assert!(curve.numerator(0, max) <= MAX_NUMERATOR);
            let price = U512::from(curve.unit) * U512::from(curve.base_price) + U512::from(curve.slope) * U512::from(sold);
            prop_assert_eq!(oracle(curve.linear(sold)), price * 2);
            prop_assert_eq!(oracle(curve.area(limit)), (scale * U512::from(limit)).min(oracle(MAX_NUMERATOR)));
        }

        #[test]
        fn cost_is_the_exact_area_rounded_up_and_worth_the_same_rounded_down(
            (curve, limit, max, sold) in any_curve(),
            tokens in any_size(),
        ) {
            let tokens = bounded(tokens, max - sold);
            let exact = area(&curve, sold, tokens);
            let cost = curve.cost(sold, tokens);
            prop_assert_eq!(U512::from(cost), up(exact));
            prop_assert!(cost <= limit);
            prop_assert_eq!(U512::from(curve.worth(sold + tokens, tokens)), exact.0 / exact.1);
        }

        #[test]
        fn tokens_for_a_budget_are_the_most_it_pays_for(
            (curve, _, max, sold) in any_curve(),
            available in any_size(),
            budget in any_size(),
        ) {
            let available = bounded(available, max - sold);
            let tokens = curve.tokens_for(sold, available, budget);
            prop_assert!(tokens <= available);
            prop_assert!(up(area(&curve, sold, tokens)) <= budget.into());
            prop_assert!(tokens == available || up(area(&curve, sold, tokens + 1)) > budget.into());
        }

        #[test]
        fn price_is_the_line_rounded_up_and_never_falls((curve, limit, max, sold) in any_curve(), step in any_size()) {
            let price = curve.price(sold);
            let rise = (U512::from(curve.slope) * U512::from(sold), U512::from(curve.unit));
            prop_assert_eq!(U512::from(price), U512::from(curve.base_price) + up(rise));
            prop_assert!(price <= limit);
            prop_assert!(curve.price(sold + bounded(step, max - sold)) >= price);
        }

        #[test]
        fn the_highest_position_is_the_last_within_the_limit((curve, limit, max, _) in any_curve()) {
            prop_assert!(up(area(&curve, 0, max)) <= limit.into());
            if let Some(next) = max.checked_add(1) {
                let rise = up((U512::from(curve.slope) * U512::from(next), curve.unit.into()));
                let beyond = area(&curve, 0, next);
                prop_assert!(
                    up(beyond) > limit.into()
                        || U512::from(curve.base_price) + rise > limit.into()
                        || beyond.0 >= U512::one() << 254
                );
            }
        }

        #[test]
        fn no_input_at_all_traps_and_what_does_not_fit_is_the_largest_number(
            base_price in any_size(), slope in any_size(), decimals in any::<u8>(),
            sold in any_size(), tokens in any_size(), budget in any_size(),
        ) {
            let Some(curve) = Curve::new(base_price, slope, decimals) else {
                prop_assert!(decimals > MAX_DECIMALS);
                return Ok(());
            };
            let (cost, worth, price) = (curve.cost(sold, tokens), curve.worth(sold, tokens), curve.price(sold));
            let wide = U512::one() << 256;
            let exact = area(&curve, sold, tokens);
            if exact.0 < wide {
                prop_assert_eq!(cost, saturated(up(exact)));
            }
            let exact = area(&curve, sold.saturating_sub(tokens), tokens);
            if exact.0 < wide {
                prop_assert_eq!(worth, saturated(exact.0 / exact.1));
            }
            let rise = U512::from(slope) * U512::from(sold);
            if (rise + U512::from(curve.unit) * U512::from(base_price)) * 2 < wide {
                prop_assert_eq!(price, saturated(U512::from(base_price) + up((rise, curve.unit.into()))));
            }
            prop_assert!(curve.tokens_for(sold, tokens, budget) <= tokens);
            prop_assert_eq!(curve.max_position(budget).is_some(), base_price <= budget);
        }

        #[cfg(feature = "codec")]
        #[test]
        fn a_contract_reads_the_curve_that_it_wrote((curve, _, _, _) in any_curve()) {
            ink_lite::testing::assert_read_back(&curve, &parity_scale_codec::Encode::encode(&curve));
        }
    }

    #[test]
    fn there_is_no_position_for_a_price_above_the_limit() {
        assert_eq!(Curve::new(6, 1, 0).unwrap().max_position(5), None);
        assert_eq!(Curve::new(5, 1, 0).unwrap().max_position(5), Some(0));
        assert_eq!(Curve::new(0, 0, 0).unwrap().max_position(5), Some(u128::MAX));
    }

    #[test]
    fn a_token_for_everyday_use_costs_what_the_formula_says() {
        // 0.5 coins of 12 decimals at first, rising by 0.001 with each token of 18 decimals.
        let curve = Curve::new(500_000_000_000, 1_000_000_000, 18).unwrap();
        let token = 10u128.pow(18);
        assert_eq!(curve.cost(0, 100 * token), 55_000_000_000_000);
        assert_eq!(curve.worth(100 * token, 100 * token), 55_000_000_000_000);
        assert_eq!(curve.tokens_for(0, u128::MAX >> 40, 55_000_000_000_000), 100 * token);
        assert_eq!(curve.price(100 * token), 600_000_000_000);
        assert_eq!(curve.cost(100 * token, 1), 1, "one smallest unit costs one planck, never nothing");
        assert_eq!(curve.worth(100 * token, 1), 0);
    }
}
