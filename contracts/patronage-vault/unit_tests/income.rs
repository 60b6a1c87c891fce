use super::*;
use patronage_interfaces::patronage::PayError;

#[ink::test]
fn tips_add_up_for_the_fan_and_are_split_among_the_recipients() {
    let all = accounts();
    let (a, b) = (all.django, all.eve);
    let mut vault = vault_with(vec![Share { recipient: a, bp: 3_333 }, Share { recipient: b, bp: 6_667 }]);
    by(all.bob);
    assert_eq!(vault.tip(Vec::new()), Err(VaultError::NothingSent.into()));
    let long = vec![b'!'; MAX_TEXT as usize + 1];
    assert_eq!(paying(5, || vault.tip(long)), Err(VaultError::MemoTooLong { most: MAX_TEXT }.into()));
    assert_eq!(paying(5, || vault.tip(b"thanks".to_vec())), Ok(()));
    assert_eq!(paying(6, || vault.tip(vec![b'!'; MAX_TEXT as usize])), Ok(()));
    assert_eq!(vault.standing_of(all.bob), Standing { tipped: 11, ..Standing::default() });

    let claimable = |vault: &Vault, who| vault.claimable_of(who, Asset::Native, 0);
    assert_eq!(claimable(&vault, a), 3);
    assert_eq!(claimable(&vault, b), 7);
    assert_eq!(claimable(&vault, all.alice), 0);
    assert_eq!(vault.claimable_of(a, Asset::Native, 1), 0);
    assert_eq!(vault.claimable_of(a, Asset::Psp22(all.charlie), 0), 0);
    by(b);
    assert_eq!(vault.claim(Asset::Native, 0), Ok(7));
    assert_eq!(claimable(&vault, a), 3);
    assert_eq!(claimable(&vault, b), 0);
    assert_eq!(vault.obligations(Asset::Native), Obligations { streams: 0, unclaimed: 4, ..Obligations::default() });
    assert_covered(&vault);
}

#[ink::test]
fn the_owner_changes_splits_once_past_days_are_collected() {
    let all = accounts();
    let whole = |recipient| vec![Share { recipient, bp: 10_000 }];
    let mut vault = vault_with(whole(all.django));
    by(all.bob);
    paying(100, || vault.tip(Vec::new())).unwrap();
    paying(PRICE, || vault.subscribe(0, all.bob, 0, PRICE)).unwrap();
    assert_eq!(vault.set_splits(whole(all.eve), 0), Err(VaultError::NotOwner.into()));
    by(all.alice);
    at(T0 + 9 * DAY);
    assert_eq!(vault.set_splits(whole(all.eve), 0), Err(VaultError::CollectFirst { tier: 0 }.into()));
    at(T0 + 6 * DAY);
    let half = vec![Share { recipient: all.eve, bp: 5_000 }];
    assert_eq!(vault.set_splits(half, 0), Err(VaultError::Splits(SplitsError::NotWhole { sum_bp: 5_000 }).into()));
}

#[ink::test]
fn a_change_of_the_splits_collects_for_the_previous_recipients() {
    let all = accounts();
    let whole = |recipient| vec![Share { recipient, bp: 10_000 }];
    let mut vault = vault_with(whole(all.django));
    by(all.bob);
    paying(100, || vault.tip(Vec::new())).unwrap();
    paying(PRICE, || vault.subscribe(0, all.bob, 0, PRICE)).unwrap();
    by(all.alice);
    at(T0 + 6 * DAY);
    assert_eq!(vault.set_splits(whole(all.eve), 0), Ok(()));
    assert_eq!(vault.splits_version(), 1);
    assert_eq!(vault.splits(0).shares, whole(all.django));
    assert_eq!(vault.splits(1).shares, whole(all.eve));
    // Income after the change goes to the new recipients.
    let claimable = |vault: &Vault, who, version| vault.claimable_of(who, Asset::Native, version);
    let before = 100 + PRICE / 5;
    assert_eq!(claimable(&vault, all.django, 0), before);
    assert_eq!(claimable(&vault, all.eve, 1), 0);
    paying(7, || vault.tip(Vec::new())).unwrap();
    assert_eq!(claimable(&vault, all.django, 0), before);
    assert_eq!(claimable(&vault, all.eve, 1), 7);
    assert_eq!(claimable(&vault, all.django, 1), 0);
    assert_eq!(claimable(&vault, all.eve, 0), 0);
    by(all.django);
    assert_eq!(vault.claim(Asset::Native, 0), Ok(before));
    assert_eq!(vault.claim(Asset::Native, 0), Err(VaultError::NothingToClaim.into()));
    by(all.eve);
    assert_eq!(vault.claim(Asset::Native, 1), Ok(7));
    assert_covered(&vault);
}

#[ink::test]
fn a_splits_lock_holds_and_can_only_be_extended() {
    let (mut vault, all) = (vault(), accounts());
    let shares = vec![Share { recipient: all.eve, bp: 10_000 }];
    by(all.bob);
    assert_eq!(vault.lock_splits_until(T0 + DAY), Err(VaultError::NotOwner.into()));
    by(all.alice);
    assert_eq!(vault.lock_splits_until(T0 + DAY), Ok(()));
    let locked = Err(VaultError::SplitsLocked { until: T0 + DAY }.into());
    assert_eq!(vault.lock_splits_until(T0 + DAY), locked.clone());
    assert_eq!(vault.lock_splits_until(T0), locked.clone());
    at(T0 + DAY - 1);
    assert_eq!(vault.set_splits(shares.clone(), 0), locked);
    assert_eq!(vault.settings().splits_locked_until, T0 + DAY);
    at(T0 + DAY);
    assert_eq!(vault.set_splits(shares, 0), Ok(()));
}

#[ink::test]
fn payments_of_other_contracts_are_income_and_not_tips() {
    let (mut vault, all) = (vault(), accounts());
    by(all.charlie);
    assert_eq!(vault.pay(3), Err(PayError::NothingSent));
    let pay = |vault: &mut Vault, amount| paying(amount, || vault.pay(3).map_err(|error| panic!("{error:?}")));
    assert_eq!(pay(&mut vault, 11), Ok(()));
    assert_eq!(vault.claimable_of(all.alice, Asset::Native, 0), 11);
    assert_eq!(vault.tipped_of(all.charlie, Asset::Native), 0);
    assert_eq!(vault.collect_sale_fees(), Err(VaultError::NoToken.into()));
    assert_covered(&vault);
}
