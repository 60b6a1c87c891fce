use super::*;

#[test]
fn nobody_opens_everything_and_leaves_with_all_the_money() {
    let mut scene = Scene::of(vec![tier_terms(PRICE, 1)]);
    let ana = scene.world.ana;
    scene.subscribe(ana, 0, 90 * UNIT).value.unwrap();
    assert_eq!(scene.standing(ana).level, 1);
    assert_eq!(scene.cancel(ana).value, Ok(83 * UNIT), "7 of 90 units are for the minimum stay");
}

#[test]
fn who_pays_for_someone_pays_for_what_was_named() {
    let mut scene = Scene::default();
    let (ana, ben, vault) = (scene.world.ana, scene.world.ben, scene.vault);
    scene.subscribe(ana, 0, 2 * PRICE).value.unwrap();
    scene.send(ana, 0, suite::vault(vault).switch_tier(1, 0, u128::MAX)).value.unwrap();
    let gift = suite::vault(vault).top_up(ana, 0);
    assert!(scene.send(ben, PRICE, gift).value.is_err(), "ben wanted to pay for tier 0");
}
