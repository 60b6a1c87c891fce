//! What the property tests of all modules share.

use proptest::prelude::*;

/// How many cases a property is tried with: `PATRONAGE_CASES`, or so many that all of them take seconds.
pub fn config() -> ProptestConfig {
    cases(4_000)
}

/// For properties of plain arithmetic, where a case takes microseconds and a bug may hide in one of thousands.
pub fn many_cases() -> ProptestConfig {
    cases(100_000)
}

fn cases(default: u32) -> ProptestConfig {
    let cases = std::env::var("PATRONAGE_CASES").ok().and_then(|cases| cases.parse().ok());
    ProptestConfig { cases: cases.unwrap_or(default), failure_persistence: None, ..ProptestConfig::default() }
}

/// A number of any size: each count of bits is as likely as any other, and the edges come up often.
pub fn any_size() -> impl Strategy<Value = u128> {
    prop_oneof![
        8 => (any::<u128>(), 0u32..128).prop_map(|(number, shift)| number >> shift),
        1 => prop_oneof![Just(0), Just(1), Just(u64::MAX.into()), Just(u128::MAX)],
    ]
}

/// `number` brought to at most `max`, smaller numbers unchanged.
pub fn bounded(number: u128, max: u128) -> u128 {
    max.checked_add(1).map_or(number, |count| number % count)
}
