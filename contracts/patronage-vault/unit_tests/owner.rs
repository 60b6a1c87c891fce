use super::*;
use patronage_interfaces::{
    ownable::{Ownable, OwnershipError},
    patronage::PayError,
    vault::{Settings, MAX_COOLDOWN, MAX_TIERS},
};

#[ink::test]
fn only_the_owner_adds_tiers_and_only_on_valid_terms() {
    let mut vault = vault();
    assert_eq!(vault.owner(), accounts().alice);
    assert_eq!(vault.add_tier(terms(1, 3, None)), Ok(2));
    assert_eq!(vault.tier_count(), 3);
    assert_eq!(vault.tier(2).map(|tier| tier.terms), Some(terms(1, 3, None)));
    assert_eq!(vault.tier(3), None);
    assert_eq!(vault.add_tier(terms(0, 1, None)), Err(VaultError::PriceOutOfRange { most: (1 << 96) - 1 }.into()));
    assert_eq!(vault.add_tier(terms(1, 0, None)), Err(VaultError::ZeroLevel.into()));
    assert_eq!(vault.add_tier(terms(1, 1, Some(0))), Err(VaultError::ZeroSeats.into()));
    let short = TierTerms { period: 59_999, ..terms(1, 1, None) };
    let bounds = VaultError::PeriodOutOfRange { least: 60_000, most: 3_155_760_000_000 };
    assert_eq!(vault.add_tier(short), Err(bounds.into()));
    let wordy = TierTerms { uri: vec![b'x'; MAX_TEXT as usize + 1], ..terms(1, 1, None) };
    assert_eq!(vault.add_tier(wordy), Err(VaultError::UriTooLong { most: MAX_TEXT }.into()));
    by(accounts().bob);
    assert_eq!(vault.add_tier(terms(1, 3, None)), Err(VaultError::NotOwner.into()));
}

#[ink::test]
fn the_constructor_refuses_invalid_terms() {
    let owner = accounts().alice;
    by(owner);
    let new = |splits, tiers| Vault::new(VaultTerms { splits, tiers, ..VaultTerms::default() });
    let vault = new(Vec::new(), Vec::new()).unwrap();
    assert_eq!(vault.splits_version(), 0);
    assert_eq!(vault.splits(0).shares, vec![Share { recipient: owner, bp: 10_000 }]);
    assert_eq!(vault.splits(1), Splits::default());
    assert_eq!(vault.tier_count(), 0);
    let part = vec![Share { recipient: owner, bp: 9_999 }];
    let error = new(part, Vec::new()).err();
    assert_eq!(error, Some(VaultError::Splits(SplitsError::NotWhole { sum_bp: 9_999 }).into()));
    let many = vec![terms(1, 1, None); MAX_INITIAL_TIERS as usize + 1];
    assert_eq!(new(Vec::new(), many).err(), Some(VaultError::TooManyTiers { most: MAX_INITIAL_TIERS }.into()));
    assert_eq!(
        new(Vec::new(), vec![terms(0, 1, None)]).err(),
        Some(VaultError::PriceOutOfRange { most: (1 << 96) - 1 }.into())
    );
}

#[ink::test]
fn the_number_of_tiers_is_limited() {
    let mut vault = vault();
    for id in 2..MAX_TIERS {
        assert_eq!(vault.add_tier(terms(1, 3, None)), Ok(id));
    }
    assert_eq!(vault.add_tier(terms(1, 3, None)), Err(VaultError::TooManyTiers { most: MAX_TIERS }.into()));
    assert_eq!(vault.tier_count(), MAX_TIERS);
    let shares = vec![Share { recipient: accounts().eve, bp: 10_000 }];
    assert_eq!(vault.set_splits(shares, 0), Ok(()));
}

#[ink::test]
fn terms_change_for_new_subscriptions_only() {
    let (mut vault, all) = (vault(), accounts());
    by(all.bob);
    paying(PRICE, || vault.subscribe(1, all.bob, 0, 2 * PRICE)).unwrap_err();
    paying(2 * PRICE, || vault.subscribe(1, all.bob, 0, 2 * PRICE)).unwrap();
    assert_eq!(vault.update_tier(1, 1, None, true, Vec::new()), Err(VaultError::NotOwner.into()));
    by(all.alice);
    assert_eq!(vault.update_tier(2, 1, None, true, Vec::new()), Err(VaultError::UnknownTier.into()));
    assert_eq!(
        vault.update_tier(1, 0, None, true, Vec::new()),
        Err(VaultError::PriceOutOfRange { most: (1 << 96) - 1 }.into())
    );
    assert_eq!(vault.update_tier(1, 1, Some(0), true, Vec::new()), Err(VaultError::ZeroSeats.into()));
    let wordy = vec![b'x'; MAX_TEXT as usize + 1];
    assert_eq!(vault.update_tier(1, 1, None, true, wordy), Err(VaultError::UriTooLong { most: MAX_TEXT }.into()));
    assert_eq!(vault.update_tier(1, 3 * PRICE, Some(1), false, b"new".to_vec()), Ok(()));
    let tier = vault.tier(1).unwrap();
    let terms = TierTerms { uri: b"new".to_vec(), ..terms(3 * PRICE, 2, Some(1)) };
    assert_eq!(tier.terms, terms);
    assert!(!tier.open);
    assert_eq!(tier.taken, 1);
    assert_eq!(vault.fan(all.bob).subscription.unwrap().stream.price, 2 * PRICE);
    let closed = paying(3 * PRICE, || vault.subscribe(1, all.charlie, 0, u128::MAX));
    assert_eq!(closed, Err(VaultError::TierClosed.into()));
}

#[ink::test]
fn a_pause_stops_new_payments_and_nothing_else() {
    let (mut vault, all) = (vault(), accounts());
    by(all.bob);
    paying(2 * PRICE, || vault.subscribe(1, all.bob, 0, 2 * PRICE)).unwrap();
    paying(5, || vault.tip(Vec::new())).unwrap();
    assert_eq!(vault.set_paused(true), Err(VaultError::NotOwner.into()));
    by(all.alice);
    assert_eq!(vault.set_paused(true), Ok(()));
    let paused = |result: Result<(), Box<VaultError>>| assert_eq!(result, Err(VaultError::Paused.into()));
    by(all.bob);
    paused(paying(5, || vault.tip(Vec::new())));
    paused(paying(PRICE, || vault.subscribe(0, all.charlie, 0, PRICE)).map(|_| ()));
    paused(paying(PRICE, || vault.top_up(all.bob, 1, 0, 2 * PRICE)).map(|_| ()));
    paused(paying(PRICE, || vault.switch_tier(0, 0, PRICE)).map(|_| ()));
    paused(paying(5, || {
        vault.pay(0).map_err(|error| match error {
            PayError::Paused => VaultError::Paused.into(),
            other => panic!("{other:?}"),
        })
    }));
    // A switch without a payment still works.
    assert!(vault.switch_tier(0, 0, PRICE).is_ok());
    assert!(vault.collect(1, 9).is_ok());
    assert_eq!(vault.cancel(), Ok(2 * PRICE));
    by(all.alice);
    assert_eq!(vault.claim(Asset::Native, 0), Ok(5));
    assert_eq!(vault.set_paused(false), Ok(()));
    assert!(paying(5, || vault.tip(Vec::new())).is_ok());
    assert_covered(&vault);
}

#[ink::test]
fn ownership_moves_in_two_steps() {
    let (mut vault, all) = (vault(), accounts());
    assert_eq!(vault.owner(), all.alice);
    assert_eq!(vault.pending_owner(), None);
    by(all.bob);
    assert_eq!(vault.propose_owner(all.bob), Err(OwnershipError::NotOwner));
    assert_eq!(vault.accept_ownership(), Err(OwnershipError::NotProposed));
    by(all.alice);
    assert_eq!(vault.propose_owner(all.bob), Ok(()));
    assert_eq!(vault.owner(), all.alice);
    assert_eq!(vault.pending_owner(), Some(all.bob));
    assert_eq!(vault.accept_ownership(), Err(OwnershipError::NotProposed));
    by(all.bob);
    assert_eq!(vault.accept_ownership(), Ok(()));
    assert_eq!(vault.owner(), all.bob);
    assert_eq!(vault.pending_owner(), None);
    assert_eq!(vault.accept_ownership(), Err(OwnershipError::NotProposed));
    assert_eq!(vault.splits(0).shares, vec![Share { recipient: all.alice, bp: 10_000 }]);
}

#[ink::test]
fn stakes_need_a_token_and_a_bounded_cooldown() {
    let mut vault = vault();
    let settings = Settings { token: None, cooldown: 0, paused: false, splits_locked_until: 0 };
    assert_eq!(vault.settings(), settings);
    assert_eq!(vault.stake(1), Err(VaultError::NoToken.into()));
    assert_eq!(vault.withdraw_stake(), Err(VaultError::NoToken.into()));
    assert_eq!(vault.unstake(1), Err(VaultError::InsufficientStake { staked: 0 }.into()));
    let token = Some(accounts().charlie);
    let new = |cooldown| Vault::new(VaultTerms { token, cooldown, ..VaultTerms::default() });
    let error = VaultError::CooldownTooLong { most: MAX_COOLDOWN };
    assert_eq!(new(MAX_COOLDOWN + 1).err(), Some(error.into()));
    let vault = new(MAX_COOLDOWN).unwrap();
    assert_eq!(vault.settings(), Settings { token, cooldown: MAX_COOLDOWN, ..settings });
}
