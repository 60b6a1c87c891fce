use patronage_interfaces::vault::Claimed;
use test_kit::{assert_events, event, field_topic, tier_terms, DAY};

use super::*;

/// A vault with three recipients of about a third each, in basis points.
fn thirds() -> (Scene, [AccountId; 3]) {
    let world = World::default();
    // One of them is also a fan, and one has no account on the chain yet.
    let recipients = [world.creator, world.cleo, stranger(9)];
    let shares: Vec<_> = recipients.into_iter().zip([3_334, 3_333, 3_333]).collect();
    let terms = vault_terms(vec![tier_terms(PRICE, 1)], &shares);
    (Scene::on(world, &terms), recipients)
}

#[test]
fn a_recipient_claims_its_part_and_emits_an_event() {
    let (mut scene, [creator, _, newcomer]) = thirds();
    assert!(scene.tip(scene.world.ana, 10_000, b"").value.is_ok());
    let before = scene.world.balance(creator);
    let receipt = scene.claim(creator);
    assert_eq!(receipt.value, Ok(3_334));
    let claimed = |recipient, amount| {
        let claimed = Claimed { recipient, asset: Asset::Native, version: 0, amount };
        event(&claimed, &[field_topic(&recipient)])
    };
    assert_events(&receipt, scene.vault, &[claimed(creator, 3_334)]);
    assert_eq!(scene.world.balance(creator), before + 3_334 - receipt.deposit.unsigned_abs());
    assert_eq!(scene.obligations(), Obligations { streams: 0, unclaimed: 6_666, ..Obligations::default() });
    // The recipient without an account has one now.
    assert_eq!(scene.world.balance(newcomer), 0);
    scene.world.chain.fund(&newcomer, 1_000).unwrap();
    let receipt = scene.claim(newcomer);
    assert_eq!(receipt.value, Ok(3_333));
    assert_events(&receipt, scene.vault, &[claimed(newcomer, 3_333)]);
    assert_eq!(scene.world.balance(newcomer), 1_000 + 3_333 - receipt.deposit.unsigned_abs());
    // The second claim finds its record.
    assert!(scene.tip(scene.world.ana, 10_000, b"").value.is_ok());
    assert_eq!(scene.claim(creator).deposit, 0);
}

#[test]
fn rounding_leaves_less_than_a_planck_each_which_is_paid_later() {
    let (mut scene, [a, b, c]) = thirds();
    let fan = scene.world.ana;
    // A third of one planck is not payable yet.
    assert!(scene.tip(fan, 1, b"").value.is_ok());
    for who in [a, b, c] {
        assert_eq!(scene.claim(who).value, Err(VaultError::NothingToClaim.into()));
    }
    assert!(scene.tip(fan, 1, b"").value.is_ok());
    assert!(scene.tip(fan, 1, b"").value.is_ok());
    // 1.0002, 0.9999 and 0.9999.
    assert_eq!([a, b, c].map(|who| scene.claimable(who)), [1, 0, 0]);
    assert_eq!(scene.claim(a).value, Ok(1));
    assert_eq!(scene.obligations().unclaimed, 2);
    assert!(scene.tip(fan, 9_997, b"").value.is_ok());
    // Frequent claims do not change the sum of each recipient.
    assert_eq!([a, b, c].map(|who| scene.claimable(who)), [3_333, 3_333, 3_333]);
    scene.world.chain.fund(&c, 1_000).unwrap();
    for who in [a, b, c] {
        assert_eq!(scene.claim(who).value, Ok(3_333));
    }
    assert_eq!(scene.obligations(), Obligations::default());
}

#[test]
fn recipients_claim_independently_of_each_other() {
    let (mut scene, [a, b, c]) = thirds();
    assert!(scene.subscribe(scene.world.ana, 0, PRICE).value.is_ok());
    let part = |income: u128, bp: u128| income * bp / 10_000;
    let mut taken = 0;
    for day in 1..=10u128 {
        scene.wait(DAY);
        assert_eq!(scene.collect(0, 1).value.unwrap().amount, UNIT);
        // One of them claims each day, and one never does.
        taken += scene.claim(a).value.unwrap();
        assert_eq!(taken, part(day * UNIT, 3_334));
        assert_eq!([b, c].map(|who| scene.claimable(who)), [part(day * UNIT, 3_333); 2]);
    }
    assert_eq!(scene.claim(b).value, Ok(part(10 * UNIT, 3_333)));
    assert_eq!(scene.claimable(c), part(10 * UNIT, 3_333));
    assert_eq!(scene.obligations().unclaimed, part(10 * UNIT, 3_333));
}

#[test]
fn only_recipients_can_claim_and_only_once() {
    let (mut scene, [creator, ..]) = thirds();
    let (ana, vault) = (scene.world.ana, scene.vault);
    assert!(scene.tip(ana, 10_000, b"").value.is_ok());
    assert_eq!(scene.claim(ana).value, Err(VaultError::NothingToClaim.into()));
    assert_eq!(scene.claimable(ana), 0);
    assert_eq!(scene.claim(creator).value, Ok(3_334));
    assert_eq!(scene.claim(creator).value, Err(VaultError::NothingToClaim.into()));
    // There are no other splits, and no other asset is held.
    let elsewhere = [(Asset::Native, 1), (Asset::Native, u32::MAX), (Asset::Psp22(vault), 0)];
    for (asset, version) in elsewhere {
        let receipt = scene.send(scene.world.cleo, 0, suite::vault(vault).claim(asset, version));
        assert_eq!(receipt.value, Err(VaultError::NothingToClaim.into()));
        assert_eq!(scene.world.ask(suite::vault(vault).claimable_of(scene.world.cleo, asset, version)), 0);
    }
    assert_eq!(scene.world.ask(suite::vault(vault).obligations(Asset::Psp22(vault))), Obligations::default());
}

#[test]
fn the_creator_cannot_claim_what_is_not_earned() {
    let mut scene = Scene::default();
    let (fan, creator) = (scene.world.ana, scene.world.creator);
    assert!(scene.subscribe(fan, 0, 12 * PRICE).value.is_ok());
    assert_eq!(scene.claim(creator).value, Err(VaultError::NothingToClaim.into()));
    scene.wait(90 * DAY);
    assert_eq!(scene.collect(0, 1_000).value.unwrap().amount, 3 * PRICE);
    assert_eq!(scene.claim(creator).value, Ok(3 * PRICE));
    assert_eq!(scene.cancel(fan).value, Ok(9 * PRICE));
    assert_eq!(scene.obligations(), Obligations::default());
}
