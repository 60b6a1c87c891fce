//! Sablier Flow.
//!
//! Issue 497 of `sablier-labs/flow` was not read. It is about streams of a debt, so the tests try what such streams get wrong:
//! rounding in many small withdrawals, and money that a withdrawal takes from what is not earned.

use proptest::prelude::*;
use test_kit::{tier_terms, vault_fixture::VaultFixture, DAY};

proptest! {
    #![proptest_config(ProptestConfig { cases: 6, failure_persistence: None, ..ProptestConfig::default() })]

    /// Collecting at every moment gives to the unit what collecting once gives, and never takes from a refund.
    #[test]
    fn many_small_collections_neither_gain_nor_lose(
        price in prop_oneof![1..100_u128, 1..10_000_000_000_000_u128],
        periods in 1..4_u128,
        waits in prop::collection::vec(prop_oneof![1..1_000_u64, 1..3 * DAY], 1..12),
    ) {
        let once = || VaultFixture::of(vec![tier_terms(price, 1)]);
        let (mut often, mut rarely) = (once(), once());
        let (ana, ben) = (often.env.ana, often.env.ben);
        let mut collected = 0;
        for fixture in [&mut often, &mut rarely] {
            fixture.subscribe(ana, 0, price * periods).value.unwrap();
            fixture.subscribe(ben, 0, price * periods + price / 2).value.unwrap();
        }
        for wait in &waits {
            often.wait(*wait);
            rarely.wait(*wait);
            collected += often.collect(0, u32::MAX).value.unwrap().amount;
            prop_assert_eq!(often.refund(ana), rarely.refund(ana));
            let owed = often.obligations();
            prop_assert_eq!(owed.total(), 2 * price * periods + price / 2);
            prop_assert!(owed.streams >= often.refund(ana) + often.refund(ben));
            prop_assert_eq!(owed.unclaimed, collected);
        }
        prop_assert_eq!(rarely.collect(0, u32::MAX).value.unwrap().amount, collected);
        let left = often.refund(ana);
        prop_assert_eq!(often.cancel(ana).value, Ok(left));
    }
}
