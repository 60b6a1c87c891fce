//! polkasub0 and TipsyDot: subscriptions and tips in ink! and on Polkadot.

use patronage::contracts;
use patronage_interfaces::vault::{PatronageVault, TierTerms, VaultError};
use test_kit::{
    tier_terms,
    vault_fixture::{VaultFixture, MINUTE, PRICE},
    DAY, UNIT,
};

/// polkasub0 stored a rate per block, which integer division rounded to 0 for small prices: then nothing was ever earned. Here
/// price and period are kept, so the least price earns its unit by the end of the period.
#[test]
fn a_price_far_below_one_unit_per_ms_is_earned_in_full() {
    for price in [1, 2, 7] {
        let mut fixture = VaultFixture::of(vec![tier_terms(price, 1)]);
        let (ana, ben, creator) = (fixture.env.ana, fixture.env.ben, fixture.env.creator);
        fixture.subscribe(ana, 0, 3 * price).value.unwrap();
        fixture.subscribe(ben, 0, price).value.unwrap();
        fixture.wait(15 * DAY);
        // The refund rounds down, so half a unit is never given out twice.
        assert_eq!(fixture.refund(ben), price / 2);
        fixture.wait(100 * DAY);
        assert_eq!(fixture.collect(0, 200).value.unwrap().amount, 4 * price);
        assert_eq!(fixture.claim(creator).value, Ok(4 * price));
        assert_eq!(fixture.cancel(ana).value, Ok(0));
        assert_eq!(fixture.obligations().total(), 0);
    }
}

/// A payment of 0, or a price of 0, gave access for ever. Here a tier has a price, a subscription a period at least, and
/// nobody can pay for more than 100 years.
#[test]
fn nobody_gets_access_for_nothing_or_for_ever() {
    let mut fixture = VaultFixture::of(vec![tier_terms(1, 1), TierTerms { period: MINUTE, ..tier_terms(PRICE, 1) }]);
    let (ana, ben, creator, vault) = (fixture.env.ana, fixture.env.ben, fixture.env.creator, fixture.vault);
    let offer = contracts::vault(vault).update_tier(0, 0, None, true, vec![]);
    let refused = fixture.send(creator, 0, offer).value.unwrap_err();
    assert!(matches!(*refused, VaultError::PriceOutOfRange { .. }), "{refused:?}");
    assert_eq!(fixture.subscribe(ana, 0, 0).value, Err(VaultError::PaymentTooSmall { least: 1 }.into()));
    assert_eq!(fixture.subscribe(ana, 1, PRICE - 1).value, Err(VaultError::PaymentTooSmall { least: PRICE }.into()));
    let refused = fixture.subscribe(ana, 0, UNIT).value.unwrap_err();
    assert!(matches!(*refused, VaultError::PaymentTooLarge { .. }), "{refused:?}");
    assert_eq!(fixture.standing(ana).level, 0);
    // What ran out counts as nothing, without anyone's call.
    fixture.subscribe(ben, 1, PRICE).value.unwrap();
    fixture.wait(MINUTE);
    assert!(fixture.standing(ben).until <= fixture.now());
    let more = contracts::vault(vault).top_up(ben, 1, 0, u128::MAX);
    assert_eq!(fixture.send(ben, PRICE, more).value, Err(VaultError::NotSubscribed.into()));
}

/// `cancel` paid the rest back and forgot what the creator had earned. Here what was earned stays collectable.
#[test]
fn a_fan_who_cancels_leaves_what_was_earned() {
    let mut fixture = VaultFixture::default();
    let (ana, ben, creator) = (fixture.env.ana, fixture.env.ben, fixture.env.creator);
    for (fan, tier) in [(ana, 0), (ben, 1)] {
        fixture.subscribe(fan, tier, 2 * PRICE).value.unwrap();
    }
    fixture.wait(6 * DAY);
    assert_eq!(fixture.cancel(ana).value, Ok(54 * UNIT));
    assert_eq!(fixture.cancel(ben).value, Ok(48 * UNIT));
    fixture.wait(DAY);
    assert_eq!(fixture.collect(0, 9).value.unwrap().amount, 6 * UNIT);
    assert_eq!(fixture.collect(1, 9).value.unwrap().amount, 12 * UNIT);
    assert_eq!(fixture.claim(creator).value, Ok(18 * UNIT));
}

/// TipsyDot stored memos of any length. Here a memo has 256 bytes at most and is in the event only.
#[test]
fn a_memo_is_bounded_and_stored_nowhere() {
    let mut fixture = VaultFixture::default();
    let (ana, ben) = (fixture.env.ana, fixture.env.ben);
    for length in [257, 4_000] {
        let refused = fixture.tip(ana, UNIT, &vec![b'a'; length]);
        assert_eq!(refused.value, Err(VaultError::MemoTooLong { most: 256 }.into()));
    }
    let long = fixture.tip(ana, UNIT, &[b'a'; 256]);
    let short = fixture.tip(ben, UNIT, b"");
    assert_eq!(long.value, Ok(()));
    assert_eq!(long.deposit - short.deposit, 0, "the memo takes no storage");
}
