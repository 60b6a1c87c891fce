//! Helpers of the property tests.

use crate::curve::Curve;
use primitive_types::U512;
use proptest::prelude::*;

/// The number of cases of a property: `PATRONAGE_CASES`, or so many that all properties together take seconds.
pub fn config() -> ProptestConfig {
    cases(4_000)
}

/// For properties of plain arithmetic: a case takes microseconds, and a bug may show in one of thousands.
pub fn many_cases() -> ProptestConfig {
    cases(100_000)
}

fn cases(default: u32) -> ProptestConfig {
    let cases = std::env::var("PATRONAGE_CASES").ok().and_then(|cases| cases.parse().ok());
    ProptestConfig { cases: cases.unwrap_or(default), failure_persistence: None, ..ProptestConfig::default() }
}

/// A number of any size: each number of bits is equally likely, and edges are frequent.
pub fn any_size() -> impl Strategy<Value = u128> {
    prop_oneof![
        8 => (any::<u128>(), 0u32..128).prop_map(|(number, shift)| number >> shift),
        1 => prop_oneof![Just(0), Just(1), Just(u64::MAX.into()), Just(u128::MAX)],
    ]
}

/// Reduces `number` to at most `max`. Smaller numbers do not change. The largest number becomes `max`, so that edges stay
/// edges.
pub fn bounded(number: u128, max: u128) -> u128 {
    match max.checked_add(1) {
        Some(count) if number < u128::MAX => number % count,
        _ => number.min(max),
    }
}

/// The area under `curve` from `sold` over `tokens` as numerator and denominator, computed with wide integers.
pub fn area(curve: &Curve, sold: u128, tokens: u128) -> (U512, U512) {
    let (unit, from, to) = (U512::from(curve.unit), U512::from(sold), U512::from(sold) + U512::from(tokens));
    let flat = U512::from(2) * unit * U512::from(curve.base_price) * U512::from(tokens);
    // The difference of squares as a product, which fits into 512 bits.
    let rise = U512::from(curve.slope) * U512::from(tokens) * (from + to);
    (flat + rise, U512::from(2) * unit * unit)
}

/// A fraction, rounded up.
pub fn up((numerator, denominator): (U512, U512)) -> U512 {
    (numerator + denominator - U512::one()) / denominator
}
