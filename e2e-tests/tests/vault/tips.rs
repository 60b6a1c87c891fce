use patronage_interfaces::vault::{Tipped, MAX_TEXT};
use test_kit::{assert_events, event, field_topic};

use super::*;

#[test]
fn a_tip_is_income_at_once_and_its_event_has_the_memo() {
    let mut scene = Scene::default();
    let (fan, creator) = (scene.world.ana, scene.world.creator);
    // A memo need not be valid UTF-8.
    let memo = b"thank you \xff\x00".to_vec();
    let receipt = scene.tip(fan, 5 * UNIT, &memo);
    assert_eq!(receipt.value, Ok(()));
    assert_events(
        &receipt,
        scene.vault,
        &[event(&Tipped { fan, asset: Asset::Native, amount: 5 * UNIT, memo }, &[field_topic(&fan)])],
    );
    assert_eq!(scene.obligations(), Obligations { streams: 0, unclaimed: 5 * UNIT, ..Obligations::default() });
    assert_eq!(scene.claimable(creator), 5 * UNIT);
}

#[test]
fn tips_add_up_and_only_the_first_costs_a_deposit() {
    let mut scene = Scene::default();
    let (ana, ben) = (scene.world.ana, scene.world.ben);
    let record = scene.tip(ana, 1, b"").deposit;
    assert!(record > 0);
    assert_eq!(scene.tip(ana, (1 << 59) - 1, b"").deposit, 0);
    assert_eq!(scene.tip(ben, 7, b"").deposit, record);
    assert_eq!(scene.standing(ana), Standing { tipped: 1 << 59, ..Standing::default() });
    assert_eq!(scene.standing(ben).tipped, 7);
    assert_eq!(scene.standing(scene.world.cleo), Standing::default());
    // A cancelled subscription does not affect the sum of tips.
    assert!(scene.subscribe(ana, 0, PRICE).value.is_ok());
    assert_eq!(scene.standing(ana).tipped, 1 << 59);
    assert!(scene.cancel(ana).value.is_ok());
    assert_eq!(scene.standing(ana), Standing { tipped: 1 << 59, ..Standing::default() });
}

#[test]
fn the_length_of_a_memo_is_limited() {
    let mut scene = Scene::default();
    let fan = scene.world.ana;
    let longest = vec![b'!'; MAX_TEXT as usize];
    let receipt = scene.tip(fan, 1, &longest);
    assert_events(
        &receipt,
        scene.vault,
        &[event(&Tipped { fan, asset: Asset::Native, amount: 1, memo: longest.clone() }, &[field_topic(&fan)])],
    );
    let too_long = [&longest[..], b"!"].concat();
    assert_eq!(scene.tip(fan, 1, &too_long).value, Err(VaultError::MemoTooLong { most: MAX_TEXT }.into()));
}

#[test]
fn a_tip_of_zero_is_refused() {
    let mut scene = Scene::default();
    assert_eq!(scene.tip(scene.world.ana, 0, b"hello").value, Err(VaultError::NothingSent.into()));
    assert_eq!(scene.standing(scene.world.ana), Standing::default());
}

#[test]
fn income_that_overflows_is_refused_and_everyone_can_still_leave() {
    let mut scene = Scene::default();
    let (rich, creator) = (scene.world.ana, scene.world.creator);
    let half = 1 << 127;
    scene.world.chain.fund(&rich, half).unwrap();
    assert!(scene.subscribe(scene.world.ben, 0, PRICE).value.is_ok());
    assert_eq!(scene.tip(rich, half, b"").value, Ok(()));
    assert_eq!(scene.claim(creator).value, Ok(half));
    // The same money again: its sum over time needs 129 bits.
    assert_eq!(scene.tip(creator, half, b"").value, Err(VaultError::Overflow.into()));
    assert_eq!(scene.tip(creator, half - 1, b"").value, Ok(()));
    scene.wait(test_kit::DAY);
    assert_eq!(scene.collect(0, 9).value.unwrap().amount, 0, "what can't be counted waits");
    assert_eq!(scene.claim(creator).value, Ok(half - 1));
    assert_eq!(scene.cancel(scene.world.ben).value, Ok(29 * UNIT));
}
