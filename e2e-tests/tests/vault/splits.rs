//! Income under changing splits.

use patronage_interfaces::vault::{Claimed, Collected, Share, Splits, SplitsChanged, SplitsError, SplitsLocked};
use test_kit::{assert_events, event, field_topic};

use super::*;

fn shares(parts: &[(AccountId, u16)]) -> Vec<Share<AccountId>> {
    parts.iter().map(|(recipient, bp)| Share { recipient: *recipient, bp: *bp }).collect()
}

fn change(fixture: &mut VaultFixture, parts: &[(AccountId, u16)]) -> Receipt<Result<(), Box<VaultError>>> {
    let message = contracts::vault(fixture.vault).set_splits(shares(parts), 0);
    fixture.send(fixture.env.creator, 0, message)
}

fn claim(fixture: &mut VaultFixture, who: AccountId, asset: Asset, version: u32) -> Result<u128, Box<VaultError>> {
    let claimable = fixture.env.ask(contracts::vault(fixture.vault).claimable_of(who, asset, version));
    let claimed = fixture.send(who, 0, contracts::vault(fixture.vault).claim(asset, version)).value;
    assert_eq!(claimed.clone().unwrap_or(0), claimable);
    claimed
}

fn collected(tier: TierId, amount: u128, version: u32) -> (Vec<[u8; 32]>, Vec<u8>) {
    event(&Collected { tier, amount, version }, &[field_topic(&tier)])
}

#[test]
fn income_belongs_to_the_recipients_of_its_time() {
    let mut fixture = VaultFixture::default();
    let TestEnv { ana, ben, cleo, creator, .. } = fixture.env;
    let vault = fixture.vault;
    fixture.subscribe(ana, 0, PRICE).value.unwrap();
    fixture.tip(ana, 100, b"").value.unwrap();
    fixture.wait(11 * DAY / 2);
    let new = [(cleo, 4_000), (ben, 6_000)];
    let receipt = change(&mut fixture, &new);
    // The other tier has earned nothing, so there is no event for it.
    let earned = 11 * UNIT / 2;
    let changed = event(&SplitsChanged { version: 1, shares: shares(&new), stakers: 0 }, &[]);
    assert_events(&receipt, vault, &[collected(0, earned, 0), changed]);
    assert_eq!(fixture.env.ask(contracts::vault(vault).splits_version()), 1);
    assert_eq!(fixture.env.ask(contracts::vault(vault).splits(0)).shares, shares(&[(creator, 10_000)]));
    assert_eq!(fixture.env.ask(contracts::vault(vault).splits(1)).shares, shares(&new));

    fixture.wait(DAY / 2);
    let receipt = fixture.collect(0, 9);
    assert_events(&receipt, vault, &[collected(0, UNIT / 2, 1)]);
    fixture.tip(ana, 1_000, b"").value.unwrap();
    let income = UNIT / 2 + 1_000;
    assert_eq!(claim(&mut fixture, cleo, Asset::Native, 0), Err(VaultError::NothingToClaim.into()));
    assert_eq!(claim(&mut fixture, cleo, Asset::Native, 1), Ok(income * 4 / 10));
    // Later changes do not affect it, whoever has claimed before.
    change(&mut fixture, &[(creator, 10_000)]).value.unwrap();
    fixture.tip(ana, 7, b"").value.unwrap();
    assert_eq!(claim(&mut fixture, creator, Asset::Native, 1), Err(VaultError::NothingToClaim.into()));
    assert_eq!(claim(&mut fixture, creator, Asset::Native, 2), Ok(7));
    let receipt = fixture.send(ben, 0, contracts::vault(vault).claim(Asset::Native, 1));
    let claimed = Claimed { recipient: ben, asset: Asset::Native, version: 1, amount: income * 6 / 10 };
    assert_events(&receipt, vault, &[event(&claimed, &[field_topic(&ben)])]);
    assert_eq!(claim(&mut fixture, creator, Asset::Native, 0), Ok(earned + 100));
    for (who, version) in [(creator, 0), (cleo, 1), (ben, 1), (creator, 2), (creator, 3)] {
        assert_eq!(claim(&mut fixture, who, Asset::Native, version), Err(VaultError::NothingToClaim.into()));
    }
    assert_eq!(fixture.obligations(), Obligations { streams: 24 * UNIT, ..Obligations::default() });
}

#[test]
fn subscribing_before_a_change_of_the_splits_diverts_no_income() {
    const HOUR: u64 = DAY / 24;
    let mut env = TestEnv::default();
    let TestEnv { ana, ben, cleo, creator, .. } = env;
    let hourly = TierTerms { period: HOUR, ..tier_terms(UNIT, 1) };
    let to_midnight = DAY - env.chain.now() % DAY;
    env.chain.advance(to_midnight);
    let mut fixture = VaultFixture::on(env, &vault_terms(vec![hourly], &[(ben, 9_000), (creator, 1_000)]));
    fixture.subscribe(ana, 0, 720 * UNIT).value.unwrap();
    fixture.wait(20 * DAY + 22 * HOUR);
    // The owner's second account subscribes at a price that outweighs the earnings of ana's subscription.
    let dearer = contracts::vault(fixture.vault).update_tier(0, 30 * UNIT, None, true, Vec::new());
    fixture.send(creator, 0, dearer).value.unwrap();
    fixture.subscribe(cleo, 0, 30 * UNIT).value.unwrap();
    assert_eq!(fixture.collect(0, 100).value, Ok(Settlement { amount: 502 * UNIT, more: false }));
    change(&mut fixture, &[(creator, 10_000)]).value.unwrap();
    assert_eq!(fixture.cancel(cleo).value, Ok(30 * UNIT));
    assert_eq!(claim(&mut fixture, ben, Asset::Native, 0), Ok(502 * UNIT * 9 / 10));
}

#[test]
fn unsettled_days_must_be_collected_before_the_splits_change() {
    let mut fixture = VaultFixture::default();
    let TestEnv { ana, ben, creator, .. } = fixture.env;
    fixture.subscribe(ana, 0, PRICE).value.unwrap();
    fixture.wait(4 * DAY);
    fixture.subscribe(ben, 1, 2 * PRICE).value.unwrap();
    fixture.wait(8 * DAY);
    let new = [(ben, 10_000)];
    assert_eq!(change(&mut fixture, &new).value, Err(VaultError::CollectFirst { tier: 0 }.into()));
    assert!(fixture.collect(0, 5).value.unwrap().more);
    // Seven days of the first tier are settled with the change. The second tier has one day too many.
    assert_eq!(change(&mut fixture, &new).value, Err(VaultError::CollectFirst { tier: 1 }.into()));
    assert_eq!(fixture.env.ask(contracts::vault(fixture.vault).splits_version()), 0);
    assert!(fixture.collect(1, 1).value.unwrap().more);
    let receipt = change(&mut fixture, &new);
    assert_eq!(receipt.value, Ok(()));
    // The first five days of one tier and the first day of the other had been collected.
    let expected = [
        collected(0, 7 * UNIT, 0),
        collected(1, 14 * UNIT, 0),
        event(&SplitsChanged { version: 1, shares: shares(&new), stakers: 0 }, &[]),
    ];
    assert_events(&receipt, fixture.vault, &expected);
    assert_eq!(claim(&mut fixture, creator, Asset::Native, 0), Ok(28 * UNIT));
}

#[test]
fn income_on_the_day_of_a_split_change_is_divided_at_midnight() {
    let mut fixture = VaultFixture::default();
    let (ana, ben, creator) = (fixture.env.ana, fixture.env.ben, fixture.env.creator);
    fixture.wait(DAY / 2);
    fixture.subscribe(ana, 0, PRICE).value.unwrap();
    fixture.wait(28 * DAY);
    fixture.collect(0, 100).value.unwrap();
    fixture.wait(9 * DAY / 4);
    change(&mut fixture, &[(ben, 10_000)]).value.unwrap();
    fixture.wait(DAY);
    fixture.collect(0, 100).value.unwrap();
    assert_eq!(claim(&mut fixture, creator, Asset::Native, 0), Ok(PRICE - UNIT / 2));
    assert_eq!(claim(&mut fixture, ben, Asset::Native, 1), Ok(UNIT / 2));
}

#[test]
fn a_lock_can_be_extended_and_not_be_lifted() {
    let mut fixture = VaultFixture::default();
    let (creator, ben, vault, now) = (fixture.env.creator, fixture.env.ben, fixture.vault, fixture.now());
    let lock =
        |fixture: &mut VaultFixture, until| fixture.send(creator, 0, contracts::vault(vault).lock_splits_until(until));
    let locked = |until| Err(VaultError::SplitsLocked { until }.into());
    assert_eq!(lock(&mut fixture, 0).value, locked(0));
    let until = now + 90 * DAY;
    let receipt = lock(&mut fixture, until);
    assert_eq!(receipt.value, Ok(()));
    assert_events(&receipt, vault, &[event(&SplitsLocked { until }, &[])]);
    assert_eq!(fixture.env.ask(contracts::vault(vault).settings()).splits_locked_until, until);
    for earlier in [0, now, until - 1, until] {
        assert_eq!(lock(&mut fixture, earlier).value, locked(until));
    }
    fixture.wait(90 * DAY - 1);
    assert_eq!(change(&mut fixture, &[(ben, 10_000)]).value, locked(until));
    assert_eq!(lock(&mut fixture, until + 1).value, Ok(()));
    fixture.wait(1);
    assert_eq!(change(&mut fixture, &[(ben, 10_000)]).value, locked(until + 1));
    fixture.wait(1);
    assert_eq!(change(&mut fixture, &[(ben, 10_000)]).value, Ok(()));
}

#[test]
fn invalid_splits_change_nothing() {
    let mut fixture = VaultFixture::default();
    let (ana, ben, vault) = (fixture.env.ana, fixture.env.ben, fixture.vault);
    fixture.subscribe(ana, 0, PRICE).value.unwrap();
    fixture.wait(DAY);
    let many: Vec<_> = (0..17).map(|who| (stranger(who), if who == 0 { 9_984 } else { 1 })).collect();
    for (parts, error) in [
        (vec![], SplitsError::NotWhole { sum_bp: 0 }),
        (vec![(ana, 9_999)], SplitsError::NotWhole { sum_bp: 9_999 }),
        (vec![(ana, 10_000), (ben, 0)], SplitsError::ZeroShare),
        (vec![(ana, 5_000), (ana, 5_000)], SplitsError::Duplicate),
        (many, SplitsError::TooMany { most: 16 }),
    ] {
        assert_eq!(change(&mut fixture, &parts).value, Err(VaultError::Splits(error).into()));
    }
    assert_eq!(fixture.env.ask(contracts::vault(vault).splits_version()), 0);
    assert_eq!(fixture.env.ask(contracts::vault(vault).splits(1)), Splits::default());
    assert_eq!(fixture.collect(0, 9).value.unwrap().amount, UNIT);
}

#[test]
fn token_income_is_counted_by_version_and_rounds_below_one_unit() {
    let (mut fixture, token) = VaultFixture::with_token();
    let asset = Asset::Psp22(token);
    let TestEnv { ana, ben, cleo, creator, .. } = fixture.env;
    let vault = fixture.vault;
    let tip = |fixture: &mut VaultFixture, amount| {
        fixture.send(ana, 0, contracts::vault(vault).tip_token(token, amount, vec![])).value.unwrap();
    };
    let thirds = [(creator, 3_334), (ben, 3_333), (cleo, 3_333)];
    tip(&mut fixture, 1_000);
    change(&mut fixture, &thirds).value.unwrap();
    // No income arrives under the next splits.
    change(&mut fixture, &[(ben, 10_000)]).value.unwrap();
    change(&mut fixture, &thirds).value.unwrap();
    tip(&mut fixture, 20_000);
    tip(&mut fixture, 2);
    change(&mut fixture, &thirds).value.unwrap();
    tip(&mut fixture, 10);
    let mut take = |who, version| claim(&mut fixture, who, asset, version).unwrap_or(0);
    assert_eq!([0, 1, 2, 3, 4].map(|version| take(creator, version)), [1_000, 0, 0, 6_668, 3]);
    assert_eq!([0, 1, 2, 3, 4].map(|version| take(ben, version)), [0, 0, 0, 6_666, 3]);
    assert_eq!([0, 1, 2, 3, 4].map(|version| take(cleo, version)), [0, 0, 0, 6_666, 3]);
    // 20,002 less 20,000, and 10 less 9.
    assert_eq!(fixture.owed(asset), Obligations { unclaimed: 3, ..Obligations::default() });
}
