//! Income under changing splits.

use patronage_interfaces::vault::{Claimed, Collected, Share, Splits, SplitsChanged, SplitsError, SplitsLocked};
use test_kit::{assert_events, event, field_topic};

use super::*;

fn shares(parts: &[(AccountId, u16)]) -> Vec<Share<AccountId>> {
    parts.iter().map(|(recipient, bp)| Share { recipient: *recipient, bp: *bp }).collect()
}

fn change(scene: &mut Scene, parts: &[(AccountId, u16)]) -> Receipt<Result<(), Box<VaultError>>> {
    let message = suite::vault(scene.vault).set_splits(shares(parts), 0);
    scene.send(scene.world.creator, 0, message)
}

fn claim(scene: &mut Scene, who: AccountId, asset: Asset, version: u32) -> Result<u128, Box<VaultError>> {
    let claimable = scene.world.ask(suite::vault(scene.vault).claimable_of(who, asset, version));
    let claimed = scene.send(who, 0, suite::vault(scene.vault).claim(asset, version)).value;
    assert_eq!(claimed.clone().unwrap_or(0), claimable);
    claimed
}

fn collected(tier: TierId, amount: u128, version: u32) -> (Vec<[u8; 32]>, Vec<u8>) {
    event(&Collected { tier, amount, version }, &[field_topic(&tier)])
}

#[test]
fn income_belongs_to_the_recipients_of_its_time() {
    let mut scene = Scene::default();
    let World { ana, ben, cleo, creator, .. } = scene.world;
    let vault = scene.vault;
    scene.subscribe(ana, 0, PRICE).value.unwrap();
    scene.tip(ana, 100, b"").value.unwrap();
    scene.wait(11 * DAY / 2);
    let new = [(cleo, 4_000), (ben, 6_000)];
    let receipt = change(&mut scene, &new);
    // The other tier has earned nothing, so there is no event for it.
    let earned = 11 * UNIT / 2;
    let changed = event(&SplitsChanged { version: 1, shares: shares(&new), stakers: 0 }, &[]);
    assert_events(&receipt, vault, &[collected(0, earned, 0), changed]);
    assert_eq!(scene.world.ask(suite::vault(vault).splits_version()), 1);
    assert_eq!(scene.world.ask(suite::vault(vault).splits(0)).shares, shares(&[(creator, 10_000)]));
    assert_eq!(scene.world.ask(suite::vault(vault).splits(1)).shares, shares(&new));

    scene.wait(DAY / 2);
    let receipt = scene.collect(0, 9);
    assert_events(&receipt, vault, &[collected(0, UNIT / 2, 1)]);
    scene.tip(ana, 1_000, b"").value.unwrap();
    let income = UNIT / 2 + 1_000;
    assert_eq!(claim(&mut scene, cleo, Asset::Native, 0), Err(VaultError::NothingToClaim.into()));
    assert_eq!(claim(&mut scene, cleo, Asset::Native, 1), Ok(income * 4 / 10));
    // Later changes do not affect it, whoever has claimed before.
    change(&mut scene, &[(creator, 10_000)]).value.unwrap();
    scene.tip(ana, 7, b"").value.unwrap();
    assert_eq!(claim(&mut scene, creator, Asset::Native, 1), Err(VaultError::NothingToClaim.into()));
    assert_eq!(claim(&mut scene, creator, Asset::Native, 2), Ok(7));
    let receipt = scene.send(ben, 0, suite::vault(vault).claim(Asset::Native, 1));
    let claimed = Claimed { recipient: ben, asset: Asset::Native, version: 1, amount: income * 6 / 10 };
    assert_events(&receipt, vault, &[event(&claimed, &[field_topic(&ben)])]);
    assert_eq!(claim(&mut scene, creator, Asset::Native, 0), Ok(earned + 100));
    for (who, version) in [(creator, 0), (cleo, 1), (ben, 1), (creator, 2), (creator, 3)] {
        assert_eq!(claim(&mut scene, who, Asset::Native, version), Err(VaultError::NothingToClaim.into()));
    }
    assert_eq!(scene.obligations(), Obligations { streams: 24 * UNIT, ..Obligations::default() });
}

#[test]
fn subscribing_before_a_change_of_the_splits_diverts_no_income() {
    const HOUR: u64 = DAY / 24;
    let mut world = World::default();
    let World { ana, ben, cleo, creator, .. } = world;
    let hourly = TierTerms { period: HOUR, ..tier_terms(UNIT, 1) };
    let to_midnight = DAY - world.chain.now() % DAY;
    world.chain.advance(to_midnight);
    let mut scene = Scene::on(world, &vault_terms(vec![hourly], &[(ben, 9_000), (creator, 1_000)]));
    scene.subscribe(ana, 0, 720 * UNIT).value.unwrap();
    scene.wait(20 * DAY + 22 * HOUR);
    // The owner's second account subscribes at a price that outweighs the earnings of ana's subscription.
    let dearer = suite::vault(scene.vault).update_tier(0, 30 * UNIT, None, true, Vec::new());
    scene.send(creator, 0, dearer).value.unwrap();
    scene.subscribe(cleo, 0, 30 * UNIT).value.unwrap();
    assert_eq!(scene.collect(0, 100).value, Ok(Settlement { amount: 502 * UNIT, more: false }));
    change(&mut scene, &[(creator, 10_000)]).value.unwrap();
    assert_eq!(scene.cancel(cleo).value, Ok(30 * UNIT));
    assert_eq!(claim(&mut scene, ben, Asset::Native, 0), Ok(502 * UNIT * 9 / 10));
}

#[test]
fn unsettled_days_must_be_collected_before_the_splits_change() {
    let mut scene = Scene::default();
    let World { ana, ben, creator, .. } = scene.world;
    scene.subscribe(ana, 0, PRICE).value.unwrap();
    scene.wait(4 * DAY);
    scene.subscribe(ben, 1, 2 * PRICE).value.unwrap();
    scene.wait(8 * DAY);
    let new = [(ben, 10_000)];
    assert_eq!(change(&mut scene, &new).value, Err(VaultError::CollectFirst { tier: 0 }.into()));
    assert!(scene.collect(0, 5).value.unwrap().more);
    // Seven days of the first tier are settled with the change. The second tier has one day too many.
    assert_eq!(change(&mut scene, &new).value, Err(VaultError::CollectFirst { tier: 1 }.into()));
    assert_eq!(scene.world.ask(suite::vault(scene.vault).splits_version()), 0);
    assert!(scene.collect(1, 1).value.unwrap().more);
    let receipt = change(&mut scene, &new);
    assert_eq!(receipt.value, Ok(()));
    // The first five days of one tier and the first day of the other had been collected.
    let expected = [
        collected(0, 7 * UNIT, 0),
        collected(1, 14 * UNIT, 0),
        event(&SplitsChanged { version: 1, shares: shares(&new), stakers: 0 }, &[]),
    ];
    assert_events(&receipt, scene.vault, &expected);
    assert_eq!(claim(&mut scene, creator, Asset::Native, 0), Ok(28 * UNIT));
}

#[test]
fn income_on_the_day_of_a_split_change_is_divided_at_midnight() {
    let mut scene = Scene::default();
    let (ana, ben, creator) = (scene.world.ana, scene.world.ben, scene.world.creator);
    scene.wait(DAY / 2);
    scene.subscribe(ana, 0, PRICE).value.unwrap();
    scene.wait(28 * DAY);
    scene.collect(0, 100).value.unwrap();
    scene.wait(9 * DAY / 4);
    change(&mut scene, &[(ben, 10_000)]).value.unwrap();
    scene.wait(DAY);
    scene.collect(0, 100).value.unwrap();
    assert_eq!(claim(&mut scene, creator, Asset::Native, 0), Ok(PRICE - UNIT / 2));
    assert_eq!(claim(&mut scene, ben, Asset::Native, 1), Ok(UNIT / 2));
}

#[test]
fn a_lock_can_be_extended_and_not_be_lifted() {
    let mut scene = Scene::default();
    let (creator, ben, vault, now) = (scene.world.creator, scene.world.ben, scene.vault, scene.now());
    let lock = |scene: &mut Scene, until| scene.send(creator, 0, suite::vault(vault).lock_splits_until(until));
    let locked = |until| Err(VaultError::SplitsLocked { until }.into());
    assert_eq!(lock(&mut scene, 0).value, locked(0));
    let until = now + 90 * DAY;
    let receipt = lock(&mut scene, until);
    assert_eq!(receipt.value, Ok(()));
    assert_events(&receipt, vault, &[event(&SplitsLocked { until }, &[])]);
    assert_eq!(scene.world.ask(suite::vault(vault).settings()).splits_locked_until, until);
    for earlier in [0, now, until - 1, until] {
        assert_eq!(lock(&mut scene, earlier).value, locked(until));
    }
    scene.wait(90 * DAY - 1);
    assert_eq!(change(&mut scene, &[(ben, 10_000)]).value, locked(until));
    assert_eq!(lock(&mut scene, until + 1).value, Ok(()));
    scene.wait(1);
    assert_eq!(change(&mut scene, &[(ben, 10_000)]).value, locked(until + 1));
    scene.wait(1);
    assert_eq!(change(&mut scene, &[(ben, 10_000)]).value, Ok(()));
}

#[test]
fn invalid_splits_change_nothing() {
    let mut scene = Scene::default();
    let (ana, ben, vault) = (scene.world.ana, scene.world.ben, scene.vault);
    scene.subscribe(ana, 0, PRICE).value.unwrap();
    scene.wait(DAY);
    let many: Vec<_> = (0..17).map(|who| (stranger(who), if who == 0 { 9_984 } else { 1 })).collect();
    for (parts, error) in [
        (vec![], SplitsError::NotWhole { sum_bp: 0 }),
        (vec![(ana, 9_999)], SplitsError::NotWhole { sum_bp: 9_999 }),
        (vec![(ana, 10_000), (ben, 0)], SplitsError::ZeroShare),
        (vec![(ana, 5_000), (ana, 5_000)], SplitsError::Duplicate),
        (many, SplitsError::TooMany { most: 16 }),
    ] {
        assert_eq!(change(&mut scene, &parts).value, Err(VaultError::Splits(error).into()));
    }
    assert_eq!(scene.world.ask(suite::vault(vault).splits_version()), 0);
    assert_eq!(scene.world.ask(suite::vault(vault).splits(1)), Splits::default());
    assert_eq!(scene.collect(0, 9).value.unwrap().amount, UNIT);
}

#[test]
fn token_income_is_counted_by_version_and_rounds_below_one_unit() {
    let (mut scene, token) = Scene::with_token();
    let asset = Asset::Psp22(token);
    let World { ana, ben, cleo, creator, .. } = scene.world;
    let vault = scene.vault;
    let tip = |scene: &mut Scene, amount| {
        scene.send(ana, 0, suite::vault(vault).tip_token(token, amount, vec![])).value.unwrap();
    };
    let thirds = [(creator, 3_334), (ben, 3_333), (cleo, 3_333)];
    tip(&mut scene, 1_000);
    change(&mut scene, &thirds).value.unwrap();
    // No income arrives under the next splits.
    change(&mut scene, &[(ben, 10_000)]).value.unwrap();
    change(&mut scene, &thirds).value.unwrap();
    tip(&mut scene, 20_000);
    tip(&mut scene, 2);
    change(&mut scene, &thirds).value.unwrap();
    tip(&mut scene, 10);
    let mut take = |who, version| claim(&mut scene, who, asset, version).unwrap_or(0);
    assert_eq!([0, 1, 2, 3, 4].map(|version| take(creator, version)), [1_000, 0, 0, 6_668, 3]);
    assert_eq!([0, 1, 2, 3, 4].map(|version| take(ben, version)), [0, 0, 0, 6_666, 3]);
    assert_eq!([0, 1, 2, 3, 4].map(|version| take(cleo, version)), [0, 0, 0, 6_666, 3]);
    // 20,002 less 20,000, and 10 less 9.
    assert_eq!(scene.owed(asset), Obligations { unclaimed: 3, ..Obligations::default() });
}
