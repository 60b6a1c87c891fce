//! The stakers' share of the income, by stake and by whole days.

use super::*;
use patronage_core::stake_income::MAX_DAYS;
use patronage_interfaces::vault::{
    Share, Splits, SplitsChanged, SplitsError, StakeIncomeClaimed, StakeIncomeReturned, VaultTerms,
};
use test_kit::{
    assert_events,
    deploy::{deploy_vault, DeployError},
    event, field_topic,
};

/// A vault at the beginning of a UTC day. Stakers get a tenth of the income, and the creator the rest. Everybody has
/// tokens that can be staked, and has approved the vault.
fn shared() -> (Scene, AccountId) {
    with_share(1_000)
}

fn with_share(stakers: u16) -> (Scene, AccountId) {
    let mut world = World::default();
    let token = world.foreign_token(1_000_000 * TOKEN);
    let in_tokens = TierTerms { asset: Asset::Psp22(token), ..tier_terms(30 * TOKEN, 1) };
    let terms = VaultTerms {
        token: Some(token),
        cooldown: COOLDOWN,
        stakers,
        ..vault_terms(vec![tier_terms(PRICE, 1), in_tokens], &[])
    };
    let to_midnight = DAY - world.chain.now() % DAY;
    world.chain.advance(to_midnight);
    let mut scene = Scene::on(world, &terms);
    scene.world.allow_all(token, scene.vault);
    scene.tokens = vec![token];
    (scene, token)
}

#[track_caller]
fn stake(scene: &mut Scene, who: AccountId, amount: u128) -> Receipt<Result<u128, Box<VaultError>>> {
    let receipt = scene.send(who, 0, suite::vault(scene.vault).stake(amount));
    assert_eq!(receipt.value, Ok(amount));
    receipt
}

#[track_caller]
fn unstake(scene: &mut Scene, who: AccountId, amount: u128) {
    scene.send(who, 0, suite::vault(scene.vault).unstake(amount)).value.unwrap();
}

#[track_caller]
fn tip(scene: &mut Scene, amount: u128) {
    scene.tip(scene.world.creator, amount, b"").value.unwrap();
}

#[track_caller]
fn tip_token(scene: &mut Scene, token: AccountId, amount: u128) {
    let tip = suite::vault(scene.vault).tip_token(token, amount, vec![]);
    scene.send(scene.world.creator, 0, tip).value.unwrap();
}

/// Claims as `who`. Asserts that `stake_income_of` returned the same amount before.
#[track_caller]
fn claim_as(scene: &mut Scene, who: AccountId, asset: Asset) -> Result<u128, Box<VaultError>> {
    let told = scene.world.ask(suite::vault(scene.vault).stake_income_of(who, asset));
    let taken = scene.send(who, 0, suite::vault(scene.vault).claim_stake_income(asset)).value;
    assert_eq!(taken.clone().unwrap_or(0), told);
    taken
}

/// What the creator can claim under the splits of `version`.
fn of_creator(scene: &mut Scene, asset: Asset, version: u32) -> u128 {
    scene.world.ask(suite::vault(scene.vault).claimable_of(scene.world.creator, asset, version))
}

fn nothing() -> Result<u128, Box<VaultError>> {
    Err(VaultError::NothingToClaim.into())
}

fn change(scene: &mut Scene, bp: u16, stakers: u16) -> Receipt<Result<(), Box<VaultError>>> {
    let creator = scene.world.creator;
    let shares = vec![Share { recipient: creator, bp }];
    scene.send(creator, 0, suite::vault(scene.vault).set_splits(shares, stakers))
}

#[test]
fn stakers_share_each_past_day_by_stake_in_every_asset() {
    let (mut scene, token) = shared();
    let World { ana, ben, cleo, .. } = scene.world;
    let (native, tokens) = (Asset::Native, Asset::Psp22(token));
    stake(&mut scene, ana, 3 * TOKEN);
    stake(&mut scene, ben, TOKEN);
    // No stake counts on the day of the first stake.
    tip(&mut scene, 1_000);
    assert_eq!(of_creator(&mut scene, native, 0), 1_000);
    scene.wait(DAY);
    tip(&mut scene, 1_000);
    tip_token(&mut scene, token, 2_000);
    assert_eq!(of_creator(&mut scene, native, 0), 1_900);
    assert_eq!(of_creator(&mut scene, tokens, 0), 1_800);
    assert_eq!(scene.obligations().unclaimed, 2_000);
    assert_eq!(scene.owed(tokens).unclaimed, 2_000);
    // The day is not over. A stake of today counts from tomorrow on.
    stake(&mut scene, cleo, 4 * TOKEN);
    assert_eq!(claim_as(&mut scene, ana, native), nothing());
    scene.wait(DAY - 1);
    assert_eq!(claim_as(&mut scene, ana, native), nothing());
    scene.wait(1);
    tip(&mut scene, 1_600);

    let receipt = scene.send(ana, 0, suite::vault(scene.vault).claim_stake_income(native));
    assert_eq!(receipt.value, Ok(75));
    let claimed = StakeIncomeClaimed { fan: ana, asset: native, amount: 75, more: false };
    assert_events(&receipt, scene.vault, &[event(&claimed, &[field_topic(&ana)])]);
    assert_eq!(claim_as(&mut scene, ana, native), nothing());
    assert_eq!(claim_as(&mut scene, ben, native), Ok(25));
    assert_eq!(claim_as(&mut scene, cleo, native), nothing());
    assert_eq!(claim_as(&mut scene, ben, tokens), Ok(50));
    assert_eq!(claim_as(&mut scene, ana, tokens), Ok(150));
    assert_eq!(scene.owed(tokens).unclaimed, 1_800);
    scene.wait(DAY);
    // 160 among eight.
    assert_eq!([ana, ben, cleo].map(|who| claim_as(&mut scene, who, native)), [Ok(60), Ok(20), Ok(80)]);
    let left = of_creator(&mut scene, native, 0);
    assert_eq!(scene.claim(scene.world.creator).value, Ok(left));
    assert_eq!(scene.obligations().total(), 0);
}

#[test]
fn all_kinds_of_income_have_a_stakers_part() {
    let (mut scene, token) = shared();
    let World { ana, ben, .. } = scene.world;
    stake(&mut scene, ana, TOKEN);
    scene.subscribe(ben, 0, PRICE).value.unwrap();
    let in_tokens = suite::vault(scene.vault).subscribe(1, ben, 30 * TOKEN, u128::MAX);
    assert!(scene.send(ben, 0, in_tokens).value.is_err(), "the fan has a subscription");
    scene.wait(2 * DAY);
    assert_eq!(scene.collect(0, 9).value.unwrap().amount, 2 * UNIT);
    scene.world.call(ben, UNIT, suite::patronage(scene.vault).pay(7)).value.unwrap();
    scene.assert_covered();
    let gift = suite::vault(scene.vault).subscribe(1, ana, 30 * TOKEN, u128::MAX);
    scene.send(ben, 0, gift).value.unwrap();
    scene.wait(DAY);
    assert_eq!(scene.collect(1, 9).value.unwrap().amount, TOKEN);
    assert_eq!(claim_as(&mut scene, ana, Asset::Native), Ok(3 * UNIT / 10));
    scene.wait(DAY);
    assert_eq!(claim_as(&mut scene, ana, Asset::Psp22(token)), Ok(TOKEN / 10));
    // A change of the splits collects income with the stakers' part of the previous splits.
    change(&mut scene, 10_000, 0).value.unwrap();
    scene.wait(DAY);
    assert_eq!(claim_as(&mut scene, ana, Asset::Native), Ok(2 * UNIT / 10));
    assert_eq!(claim_as(&mut scene, ana, Asset::Psp22(token)), Ok(TOKEN / 10));
}

#[test]
fn an_unstaking_fan_keeps_what_was_earned_until_the_day_before() {
    let (mut scene, _) = shared();
    let World { ana, ben, .. } = scene.world;
    stake(&mut scene, ana, TOKEN);
    stake(&mut scene, ben, TOKEN);
    scene.wait(DAY);
    tip(&mut scene, 1_000);
    scene.wait(DAY);
    tip(&mut scene, 1_000);
    // Half of the day's income arrives before the unstaking. Ana gets all of it.
    scene.wait(DAY / 2);
    unstake(&mut scene, ben, TOKEN);
    tip(&mut scene, 1_000);
    scene.wait(COOLDOWN);
    scene.send(ben, 0, suite::vault(scene.vault).withdraw_stake()).value.unwrap();
    assert_eq!(scene.world.ask(suite::vault(scene.vault).fan(ben)).stake, None);
    tip(&mut scene, 1_000);
    scene.wait(DAY);
    assert_eq!(claim_as(&mut scene, ben, Asset::Native), Ok(50));
    assert_eq!(claim_as(&mut scene, ana, Asset::Native), Ok(350));
    // A new stake counts from the next day on.
    stake(&mut scene, ben, 3 * TOKEN);
    scene.wait(DAY);
    tip(&mut scene, 1_000);
    scene.wait(DAY);
    assert_eq!(claim_as(&mut scene, ben, Asset::Native), Ok(75));
    assert_eq!(claim_as(&mut scene, ana, Asset::Native), Ok(25));
}

#[test]
fn a_stake_for_a_block_or_around_a_midnight_earns_nothing() {
    let (mut scene, _) = shared();
    let World { ana, ben, .. } = scene.world;
    stake(&mut scene, ana, TOKEN);
    scene.wait(DAY);
    // In one block, with a thousand times as much.
    stake(&mut scene, ben, 1_000 * TOKEN);
    tip(&mut scene, 1_000);
    unstake(&mut scene, ben, 1_000 * TOKEN);
    // From just before a midnight until just after a payment on the next day.
    scene.wait(DAY - 1);
    stake(&mut scene, ben, 1_000 * TOKEN);
    scene.wait(1);
    tip(&mut scene, 1_000);
    unstake(&mut scene, ben, 1_000 * TOKEN);
    // Unstaking and staking again on the same day.
    stake(&mut scene, ben, 1_000 * TOKEN);
    tip(&mut scene, 1_000);
    unstake(&mut scene, ben, 1_000 * TOKEN);
    scene.wait(DAY);
    // Ben settles the days, and gets nothing for them.
    assert_eq!(claim_as(&mut scene, ben, Asset::Native), Ok(0));
    assert_eq!(claim_as(&mut scene, ana, Asset::Native), Ok(300));
}

#[test]
fn while_no_stake_counts_the_recipients_get_everything() {
    let (mut scene, token) = shared();
    let World { ana, ben, creator, .. } = scene.world;
    let tokens = Asset::Psp22(token);
    tip(&mut scene, 1_000);
    scene.wait(DAY);
    tip_token(&mut scene, token, 1_000);
    assert_eq!(of_creator(&mut scene, Asset::Native, 0), 1_000);
    assert_eq!(of_creator(&mut scene, tokens, 0), 1_000);
    assert_eq!(claim_as(&mut scene, creator, Asset::Native), nothing());

    stake(&mut scene, ana, TOKEN);
    scene.wait(DAY);
    tip(&mut scene, 500);
    change(&mut scene, 9_500, 500).value.unwrap();
    tip(&mut scene, 1_000);
    tip_token(&mut scene, token, 2_000);
    unstake(&mut scene, ana, TOKEN);
    // From now on no stake counts. What was set aside today waits for the end of the day.
    tip(&mut scene, 10);
    assert_eq!(of_creator(&mut scene, Asset::Native, 1), 960);
    assert_eq!(claim_as(&mut scene, creator, Asset::Native), nothing());
    scene.wait(DAY);
    // The recipients of the splits of the last payment get it. Anyone can settle it, with or without a stake.
    let receipt = scene.send(ben, 0, suite::vault(scene.vault).claim_stake_income(Asset::Native));
    assert_eq!(receipt.value, Ok(0));
    let returned = StakeIncomeReturned { asset: Asset::Native, version: 1, amount: 100 };
    let claimed = StakeIncomeClaimed { fan: ben, asset: Asset::Native, amount: 0, more: false };
    assert_events(&receipt, scene.vault, &[event(&returned, &[]), event(&claimed, &[field_topic(&ben)])]);
    let of_versions = [0, 1].map(|version| of_creator(&mut scene, Asset::Native, version));
    assert_eq!(of_versions, [1_450, 1_060]);
    // This applies to previous splits too.
    change(&mut scene, 10_000, 0).value.unwrap();
    tip_token(&mut scene, token, 7);
    assert_eq!(claim_as(&mut scene, ana, tokens), Ok(0));
    assert_eq!([0, 1, 2].map(|version| of_creator(&mut scene, tokens, version)), [1_000, 2_000, 7]);
    for version in [0, 1] {
        scene.send(creator, 0, suite::vault(scene.vault).claim(Asset::Native, version)).value.unwrap();
    }
    for version in [0, 1, 2] {
        scene.send(creator, 0, suite::vault(scene.vault).claim(tokens, version)).value.unwrap();
    }
    assert_eq!(scene.obligations().unclaimed, 0);
    assert_eq!(scene.owed(tokens).unclaimed, 0);
}

#[test]
fn a_change_of_the_splits_changes_the_part_of_later_income() {
    let (mut scene, _) = shared();
    let World { ana, creator, .. } = scene.world;
    let vault = scene.vault;
    stake(&mut scene, ana, TOKEN);
    scene.wait(DAY);
    tip(&mut scene, 1_000);
    let receipt = change(&mut scene, 6_000, 4_000);
    let shares = vec![Share { recipient: creator, bp: 6_000 }];
    let changed = SplitsChanged { version: 1, shares: shares.clone(), stakers: 4_000 };
    assert_events(&receipt, vault, &[event(&changed, &[])]);
    assert_eq!(scene.world.ask(suite::vault(vault).splits(1)), Splits { shares, stakers: 4_000 });
    tip(&mut scene, 1_000);
    change(&mut scene, 10_000, 0).value.unwrap();
    let all = Splits { shares: vec![Share { recipient: creator, bp: 10_000 }], stakers: 0 };
    assert_eq!(scene.world.ask(suite::vault(vault).splits(2)), all);
    assert_eq!(scene.world.ask(suite::vault(vault).splits(3)), Splits::default());
    tip(&mut scene, 1_000);
    scene.wait(DAY);
    assert_eq!([0, 1, 2].map(|version| of_creator(&mut scene, Asset::Native, version)), [900, 600, 1_000]);
    assert_eq!(claim_as(&mut scene, ana, Asset::Native), Ok(500));
}

#[test]
fn recipients_divide_the_rest_by_their_parts() {
    let (mut scene, _) = shared();
    let World { ana, ben, creator, .. } = scene.world;
    let shares = [(creator, 6_000), (ben, 3_000)].map(|(recipient, bp)| Share { recipient, bp });
    scene.send(creator, 0, suite::vault(scene.vault).set_splits(shares.to_vec(), 1_000)).value.unwrap();
    let claimable = |scene: &mut Scene| {
        [creator, ben].map(|who| scene.world.ask(suite::vault(scene.vault).claimable_of(who, Asset::Native, 1)))
    };
    // A third and two thirds of everything while nobody is staked, and of nine tenths otherwise.
    tip(&mut scene, 900);
    assert_eq!(claimable(&mut scene), [600, 300]);
    stake(&mut scene, ana, TOKEN);
    scene.wait(DAY);
    tip(&mut scene, 1_000);
    assert_eq!(claimable(&mut scene), [1_200, 600]);
    // Of 19, the stakers get 1 and not 2.
    tip(&mut scene, 19);
    assert_eq!(claimable(&mut scene), [1_212, 606]);
    scene.wait(DAY);
    assert_eq!(claim_as(&mut scene, ana, Asset::Native), Ok(101));
}

#[test]
fn invalid_splits_with_a_stakers_part_are_refused() {
    let (mut scene, token) = shared();
    for (bp, stakers, error) in [
        (9_000, 10_000, SplitsError::OnlyStakers),
        (9_000, u16::MAX, SplitsError::OnlyStakers),
        (9_000, 999, SplitsError::NotWhole { sum_bp: 9_999 }),
        (9_000, 1_001, SplitsError::NotWhole { sum_bp: 10_001 }),
    ] {
        assert_eq!(change(&mut scene, bp, stakers).value, Err(VaultError::Splits(error).into()));
    }
    assert_eq!(change(&mut scene, 1, 9_999).value, Ok(()));
    let (only, whole) = (VaultError::Splits(SplitsError::OnlyStakers), vault_terms(vec![], &[]));
    assert_eq!(
        refused(&VaultTerms { token: Some(token), stakers: 10_000, ..whole.clone() }),
        only,
        "the creator needs a part"
    );
    let incomplete = vault_terms(vec![], &[(scene.world.ana, 9_000)]);
    let error = VaultError::Splits(SplitsError::NotWhole { sum_bp: 9_500 });
    assert_eq!(refused(&VaultTerms { token: Some(token), stakers: 500, ..incomplete }), error);
    // Without a token that can be staked.
    assert_eq!(refused(&VaultTerms { stakers: 500, ..whole }), VaultError::NothingToStake);
    let mut without = Scene::default();
    assert_eq!(change(&mut without, 9_500, 500).value, Err(VaultError::NothingToStake.into()));
    let ana = without.world.ana;
    assert_eq!(claim_as(&mut without, ana, Asset::Native), nothing());
}

fn refused(terms: &VaultTerms) -> VaultError {
    let mut world = World::default();
    match deploy_vault(&mut world.chain, &world.creator, terms) {
        Err(DeployError::Terms(error)) => error,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_failed_payment_stays_the_stakers() {
    let (mut scene, _) = shared();
    let World { ana, creator, .. } = scene.world;
    stake(&mut scene, ana, TOKEN);
    scene.wait(DAY);
    tip(&mut scene, 1_000);
    scene.wait(DAY);
    // With an existential deposit of 1, the chain refuses a transfer only for missing funds.
    scene.world.chain.destroy(&scene.vault, 1_000).unwrap();
    let claim = suite::vault(scene.vault).claim_stake_income(Asset::Native);
    assert_eq!(scene.world.call(ana, 0, claim).value, Err(VaultError::TransferFailed.into()));
    scene.world.chain.fund(&scene.vault, 1_000).unwrap();
    // Another account settles the day, which does not affect it.
    assert_eq!(claim_as(&mut scene, creator, Asset::Native), Ok(0));
    assert_eq!(claim_as(&mut scene, ana, Asset::Native), Ok(100));
}

#[test]
fn a_claim_reports_whether_more_is_left() {
    let (mut scene, _) = shared();
    let World { ana, ben, .. } = scene.world;
    // Ana's stake changes on forty days, with income on each of them and on twenty more. The stakes of ana and ben are
    // always equal.
    stake(&mut scene, ben, 100 * TOKEN);
    stake(&mut scene, ana, 100 * TOKEN);
    let days = 40;
    for _ in 0..days {
        scene.wait(DAY);
        tip(&mut scene, 2_000);
        stake(&mut scene, ana, TOKEN);
        stake(&mut scene, ben, TOKEN);
    }
    for _ in 0..20 {
        scene.wait(DAY);
        tip(&mut scene, 2_000);
    }
    scene.wait(DAY);
    let claim = |scene: &mut Scene, who| {
        let told = scene.world.ask(suite::vault(scene.vault).stake_income_of(who, Asset::Native));
        let receipt = scene.send(who, 0, suite::vault(scene.vault).claim_stake_income(Asset::Native));
        let event: StakeIncomeClaimed = receipt.events.iter().find_map(|event| event.decode()).unwrap();
        assert_eq!(receipt.value, Ok(told));
        assert_eq!(event.amount, told);
        (event.amount, event.more)
    };
    // Sixteen days of changes. The first earned nothing. The second claim ends before the last of its days.
    let (amount, more) = claim(&mut scene, ana);
    assert_eq!(amount, 15 * 100);
    assert!(more);
    let mut claims = vec![amount];
    while let (amount, true) = claim(&mut scene, ana) {
        claims.push(amount);
    }
    assert!(claims.len() <= 4, "{claims:?}");
    assert_eq!(scene.obligations().unclaimed, (days + 20) * 2_000 - (days + 20) * 100);
    let mut sum = 0;
    loop {
        let (amount, more) = claim(&mut scene, ben);
        sum += amount;
        if !more {
            break;
        }
    }
    assert_eq!(sum, (days + 20) * 100);
    assert_eq!(claim_as(&mut scene, ana, Asset::Native), nothing());
    assert_eq!(claim_as(&mut scene, ben, Asset::Native), nothing());
    let left = of_creator(&mut scene, Asset::Native, 0);
    assert_eq!(left, 60 * 1_800);
    assert_eq!(scene.obligations().unclaimed, 60 * 1_800);
}

#[test]
fn the_maximum_of_settled_days_leaves_nothing_for_another_call() {
    let (mut scene, _) = shared();
    let ana = scene.world.ana;
    stake(&mut scene, ana, TOKEN);
    for _ in 0..MAX_DAYS {
        scene.wait(DAY);
        tip(&mut scene, 1_000);
    }
    scene.wait(DAY);
    let receipt = scene.send(ana, 0, suite::vault(scene.vault).claim_stake_income(Asset::Native));
    let amount = u128::from(MAX_DAYS) * 100;
    let claimed = StakeIncomeClaimed { fan: ana, asset: Asset::Native, amount, more: false };
    assert_events(&receipt, scene.vault, &[event(&claimed, &[field_topic(&ana)])]);
    assert_eq!(claim_as(&mut scene, ana, Asset::Native), nothing());
}

#[test]
fn a_payments_cost_depends_on_the_part_and_not_on_the_stakers() {
    let weights = |stakers, staked: usize| {
        let (mut scene, _) = with_share(stakers);
        let World { ana, ben, cleo, creator, .. } = scene.world;
        for who in [ana, ben, cleo, creator].iter().claim_as(staked) {
            stake(&mut scene, *who, TOKEN);
        }
        scene.wait(DAY);
        tip(&mut scene, 1_000);
        let mut weigh = || scene.tip(ana, 1_000, b"").weight;
        weigh();
        let same_day = weigh();
        scene.wait(DAY);
        let next_day = scene.tip(ana, 1_000, b"");
        (same_day, next_day.weight)
    };
    let (one, many) = (weights(1_000, 1), weights(1_000, 4));
    assert_eq!(one, many);
    let without = weights(0, 4);
    assert_eq!(without.0, without.1);
    // No additional record within a day, and one on the first payment of the next: less than 10 and than 200 millionths
    // of a second.
    let extra = |with: patronage_chain::Weight| with.ref_time() - without.0.ref_time();
    println!("a tip for stakers: {} more, {} on a new day", extra(one.0), extra(one.1));
    assert!(extra(one.0) < 40_000_000 && extra(one.1) < 250_000_000, "{} {}", extra(one.0), extra(one.1));
}

#[test]
fn stakers_pay_the_deposits_of_their_records_once_per_changed_day() {
    let (mut scene, _) = shared();
    let World { ana, ben, .. } = scene.world;
    stake(&mut scene, ben, TOKEN);
    let first = stake(&mut scene, ana, TOKEN).deposit;
    assert_eq!(stake(&mut scene, ana, TOKEN).deposit, 0, "of the same day");
    scene.wait(DAY);
    let next = stake(&mut scene, ana, TOKEN).deposit;
    assert!(0 < next && first > 0, "{first} {next}");
    assert_eq!(stake(&mut scene, ana, TOKEN).deposit, 0);
    scene.wait(10 * DAY);
    tip(&mut scene, 1_000);
    scene.wait(DAY);
    assert_eq!(claim_as(&mut scene, ana, Asset::Native), Ok(80));
    assert_eq!(claim_as(&mut scene, ben, Asset::Native), Ok(20));
}
