use patronage_interfaces::vault::{Tipped, MAX_TEXT};
use test_kit::{assert_events, event, field_topic};

use super::*;

#[test]
fn a_tip_is_income_at_once_and_its_event_has_the_memo() {
    let mut fixture = VaultFixture::default();
    let (fan, creator) = (fixture.env.ana, fixture.env.creator);
    // A memo need not be valid UTF-8.
    let memo = b"thank you \xff\x00".to_vec();
    let receipt = fixture.tip(fan, 5 * UNIT, &memo);
    assert_eq!(receipt.value, Ok(()));
    assert_events(
        &receipt,
        fixture.vault,
        &[event(&Tipped { fan, asset: Asset::Native, amount: 5 * UNIT, memo }, &[field_topic(&fan)])],
    );
    assert_eq!(fixture.obligations(), Obligations { streams: 0, unclaimed: 5 * UNIT, ..Obligations::default() });
    assert_eq!(fixture.claimable(creator), 5 * UNIT);
}

#[test]
fn tips_add_up_and_only_the_first_costs_a_deposit() {
    let mut fixture = VaultFixture::default();
    let (ana, ben) = (fixture.env.ana, fixture.env.ben);
    let record = fixture.tip(ana, 1, b"").deposit;
    assert!(record > 0);
    assert_eq!(fixture.tip(ana, (1 << 59) - 1, b"").deposit, 0);
    assert_eq!(fixture.tip(ben, 7, b"").deposit, record);
    assert_eq!(fixture.standing(ana), Standing { tipped: 1 << 59, ..Standing::default() });
    assert_eq!(fixture.standing(ben).tipped, 7);
    assert_eq!(fixture.standing(fixture.env.cleo), Standing::default());
    // A cancelled subscription does not affect the sum of tips.
    assert!(fixture.subscribe(ana, 0, PRICE).value.is_ok());
    assert_eq!(fixture.standing(ana).tipped, 1 << 59);
    assert!(fixture.cancel(ana).value.is_ok());
    assert_eq!(fixture.standing(ana), Standing { tipped: 1 << 59, ..Standing::default() });
}

#[test]
fn the_length_of_a_memo_is_limited() {
    let mut fixture = VaultFixture::default();
    let fan = fixture.env.ana;
    let longest = vec![b'!'; MAX_TEXT as usize];
    let receipt = fixture.tip(fan, 1, &longest);
    assert_events(
        &receipt,
        fixture.vault,
        &[event(&Tipped { fan, asset: Asset::Native, amount: 1, memo: longest.clone() }, &[field_topic(&fan)])],
    );
    let too_long = [&longest[..], b"!"].concat();
    assert_eq!(fixture.tip(fan, 1, &too_long).value, Err(VaultError::MemoTooLong { most: MAX_TEXT }.into()));
}

#[test]
fn a_tip_of_zero_is_refused() {
    let mut fixture = VaultFixture::default();
    assert_eq!(fixture.tip(fixture.env.ana, 0, b"hello").value, Err(VaultError::NothingSent.into()));
    assert_eq!(fixture.standing(fixture.env.ana), Standing::default());
}

#[test]
fn income_that_overflows_is_refused_and_everyone_can_still_leave() {
    let mut fixture = VaultFixture::default();
    let (rich, creator) = (fixture.env.ana, fixture.env.creator);
    let half = 1 << 127;
    fixture.env.chain.fund(&rich, half).unwrap();
    assert!(fixture.subscribe(fixture.env.ben, 0, PRICE).value.is_ok());
    assert_eq!(fixture.tip(rich, half, b"").value, Ok(()));
    assert_eq!(fixture.claim(creator).value, Ok(half));
    // The same money again: its sum over time needs 129 bits.
    assert_eq!(fixture.tip(creator, half, b"").value, Err(VaultError::Overflow.into()));
    assert_eq!(fixture.tip(creator, half - 1, b"").value, Ok(()));
    fixture.wait(test_kit::DAY);
    assert_eq!(fixture.collect(0, 9).value.unwrap().amount, 0, "what can't be counted waits");
    assert_eq!(fixture.claim(creator).value, Ok(half - 1));
    assert_eq!(fixture.cancel(fixture.env.ben).value, Ok(29 * UNIT));
}
