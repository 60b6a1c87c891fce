//! Sablier Flow: the reports of Cantina (2024-10) and of CodeHawks (2024-11) on version 1.0.
//!
//! Number 497 was not read: the repository has no issue or pull request of this number, and the submission of this number to
//! CodeHawks was not found. The tests are of what the reports say about debts and rounding.

use patronage::contracts;
use patronage_core::streams::{MAX_DURATION, MAX_PRICE};
use patronage_interfaces::vault::{Asset, PatronageVault, TierTerms, VaultError};
use proptest::prelude::*;
use test_kit::{
    tier_terms,
    vault_fixture::{VaultFixture, MINUTE},
    vault_terms, TestEnv, DAY,
};

/// Cantina 3.1.1: a sender set a rate so high that every calculation of the debt overflowed, which locked the money of the
/// stream. Here prices and times are bounded, so that no calculation overflows at the highest price and the longest time.
#[test]
fn cantina_3_1_1_the_highest_price_locks_up_no_money() {
    let mut env = TestEnv::default();
    let token = env.foreign_token(1 << 124);
    let asset = Asset::Psp22(token);
    let highest = TierTerms { asset, period: MINUTE, ..tier_terms(MAX_PRICE, 1) };
    let mut fixture = VaultFixture::on(env, &vault_terms(vec![highest.clone()], &[]));
    fixture.env.allow_all(token, fixture.vault);
    fixture.tokens = vec![token];
    let (ana, creator, vault) = (fixture.env.ana, fixture.env.creator, fixture.vault);
    let messages = || contracts::vault(vault);
    for price in [MAX_PRICE + 1, u128::MAX] {
        let refused = fixture.send(creator, 0, messages().add_tier(TierTerms { price, ..highest.clone() })).value;
        assert_eq!(refused, Err(VaultError::PriceOutOfRange { most: MAX_PRICE }.into()));
    }
    let paid = MAX_PRICE * u128::from(MAX_DURATION / MINUTE);
    let longer = fixture.send(ana, 0, messages().subscribe(0, ana, paid + MAX_PRICE, u128::MAX)).value.unwrap_err();
    assert!(matches!(*longer, VaultError::PaymentTooLarge { .. }), "{longer:?}");
    fixture.send(ana, 0, messages().subscribe(0, ana, paid, u128::MAX)).value.unwrap();
    let longer = fixture.send(ana, 0, messages().top_up(ana, 0, MAX_PRICE, u128::MAX)).value.unwrap_err();
    assert!(matches!(*longer, VaultError::PaymentTooLarge { .. }), "{longer:?}");
    fixture.wait(30 * DAY);
    let earned = MAX_PRICE * u128::from(30 * DAY / MINUTE);
    assert_eq!(fixture.collect(0, u32::MAX).value.unwrap().amount, earned);
    assert_eq!(fixture.cancel(ana).value, Ok(paid - earned));
    assert_eq!(fixture.send(creator, 0, messages().claim(asset, 0)).value, Ok(earned));
    assert_eq!(fixture.owed(asset).total(), 0);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 6, failure_persistence: None, ..ProptestConfig::default() })]

    /// CodeHawks L-02 and Cantina 3.3.5: many small withdrawals rounded the protocol's fee down to 0, and rounding of the stored
    /// debt paid a stream's recipient less than it had earned. Here collecting at every moment gives to the unit what
    /// collecting once gives, and never takes from a refund.
    #[test]
    fn codehawks_l_02_many_small_collections_neither_gain_nor_lose(
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
