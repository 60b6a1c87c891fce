use patronage_core::streams::{MAX_DURATION, MAX_PRICE};
use patronage_interfaces::ownable::Ownable as _;
use patronage_interfaces::vault::{
    Share, SplitsChanged, SplitsError, TierOffered, MAX_COOLDOWN, MAX_INITIAL_TIERS, MAX_TEXT,
};
use test_kit::{
    assert_events,
    deploy::{deploy_vault, DeployError},
    event, field_topic, tier_terms, DAY,
};

use super::*;

#[test]
fn a_new_vault_emits_its_terms_and_returns_them() {
    let mut env = TestEnv::default();
    let named =
        TierTerms { seats: Some(3), minimum_stay: 7 * DAY, uri: b"ipfs://circle".to_vec(), ..tier_terms(PRICE, 1) };
    let other = TierTerms { period: MINUTE, ..tier_terms(1, 255) };
    let terms = vault_terms(vec![named.clone(), other.clone()], &[(env.ana, 1), (env.creator, 9_999)]);
    let receipt = deploy_vault(&mut env.chain, &env.creator, &terms).expect("possible terms");
    let vault = receipt.value;
    assert_events(
        &receipt,
        vault,
        &[
            event(&SplitsChanged { version: 0, shares: terms.splits.clone(), stakers: 0 }, &[]),
            event(&TierOffered { tier: 0, terms: named.clone(), open: true }, &[field_topic(&0u32)]),
            event(&TierOffered { tier: 1, terms: other.clone(), open: true }, &[field_topic(&1u32)]),
        ],
    );
    assert_eq!(env.ask(contracts::ownable(vault).owner()), env.creator);
    assert_eq!(env.ask(contracts::vault(vault).splits_version()), 0);
    assert_eq!(env.ask(contracts::vault(vault).splits(0)).shares, terms.splits);
    assert_eq!(env.ask(contracts::vault(vault).splits(1)).shares, []);
    assert_eq!(env.ask(contracts::vault(vault).tier_count()), 2);
    let now = env.chain.now();
    let fresh = |terms| Some(Tier { terms, open: true, taken: 0, unsettled: 0, settled_until: now - now % DAY });
    assert_eq!(env.ask(contracts::vault(vault).tier(0)), fresh(named));
    assert_eq!(env.ask(contracts::vault(vault).tier(1)), fresh(other));
    assert_eq!(env.ask(contracts::vault(vault).tier(2)), None);
    assert_eq!(env.ask(contracts::vault(vault).obligations(Asset::Native)), Obligations::default());
}

#[test]
fn without_splits_the_creator_gets_all_income() {
    let mut env = TestEnv::default();
    let receipt = deploy_vault(&mut env.chain, &env.creator, &VaultTerms::default()).unwrap();
    let shares = vec![Share { recipient: env.creator, bp: 10_000 }];
    assert_events(
        &receipt,
        receipt.value,
        &[event(&SplitsChanged { version: 0, shares: shares.clone(), stakers: 0 }, &[])],
    );
    assert_eq!(env.ask(contracts::vault(receipt.value).splits(0)).shares, shares);
}

/// Error of the constructor for `terms`, which are invalid.
fn refused(terms: &VaultTerms) -> VaultError {
    let mut env = TestEnv::default();
    match deploy_vault(&mut env.chain, &env.creator, terms) {
        Err(DeployError::Terms(error)) => error,
        other => panic!("{other:?}"),
    }
}

#[test]
fn invalid_splits_are_refused_by_the_constructor() {
    let shares = |parts: &[(u32, u16)]| {
        let parts: Vec<_> = parts.iter().map(|(who, bp)| (stranger(*who), *bp)).collect();
        vault_terms(Vec::new(), &parts)
    };
    assert_eq!(refused(&shares(&[(1, 9_999)])), VaultError::Splits(SplitsError::NotWhole { sum_bp: 9_999 }));
    assert_eq!(
        refused(&shares(&[(1, u16::MAX), (2, u16::MAX)])),
        VaultError::Splits(SplitsError::NotWhole { sum_bp: 131_070 })
    );
    assert_eq!(refused(&shares(&[(1, 10_000), (2, 0)])), VaultError::Splits(SplitsError::ZeroShare));
    assert_eq!(refused(&shares(&[(1, 5_000), (1, 5_000)])), VaultError::Splits(SplitsError::Duplicate));
    let many: Vec<_> = (0..17).map(|who| (who, if who == 0 { 9_984 } else { 1 })).collect();
    assert_eq!(refused(&shares(&many)), VaultError::Splits(SplitsError::TooMany { most: 16 }));
    let most: Vec<_> = (0..16).map(|who| (who, 625)).collect();
    VaultFixture::on(TestEnv::default(), &shares(&most));
}

#[test]
fn the_number_of_initial_tiers_is_limited() {
    let tiers = |count| vault_terms(vec![tier_terms(1, 1); count], &[]);
    let most = MAX_INITIAL_TIERS as usize;
    assert_eq!(refused(&tiers(most + 1)), VaultError::TooManyTiers { most: MAX_INITIAL_TIERS });
    let mut fixture = VaultFixture::on(TestEnv::default(), &tiers(most));
    assert_eq!(fixture.env.ask(contracts::vault(fixture.vault).tier_count()), MAX_INITIAL_TIERS);
}

/// Invalid terms of tiers, each with its error.
fn impossible_tiers() -> Vec<(TierTerms, VaultError)> {
    let good = tier_terms(PRICE, 1);
    let price = VaultError::PriceOutOfRange { most: MAX_PRICE };
    let period = VaultError::PeriodOutOfRange { least: MINUTE, most: MAX_DURATION };
    let with_period = |period| TierTerms { period, ..good.clone() };
    vec![
        (TierTerms { price: 0, ..good.clone() }, price),
        (TierTerms { price: MAX_PRICE + 1, ..good.clone() }, price),
        (with_period(0), period),
        (with_period(MINUTE - 1), period),
        (with_period(MAX_DURATION + 1), period),
        (with_period(u64::MAX), period),
        (TierTerms { level: 0, ..good.clone() }, VaultError::ZeroLevel),
        (TierTerms { seats: Some(0), ..good.clone() }, VaultError::ZeroSeats),
        (
            TierTerms { minimum_stay: good.period + 1, ..good.clone() },
            VaultError::MinimumStayTooLong { most: good.period },
        ),
        (
            TierTerms { uri: vec![b'/'; MAX_TEXT as usize + 1], ..good.clone() },
            VaultError::UriTooLong { most: MAX_TEXT },
        ),
    ]
}

#[test]
fn invalid_tiers_are_refused_at_creation_and_later() {
    let mut fixture = VaultFixture::default();
    for (terms, error) in impossible_tiers() {
        assert_eq!(refused(&vault_terms(vec![tier_terms(1, 1), terms.clone()], &[])), error);
        let added = fixture.send(fixture.env.creator, 0, contracts::vault(fixture.vault).add_tier(terms));
        assert_eq!(added.value, Err(error.into()));
    }
    assert_eq!(fixture.env.ask(contracts::vault(fixture.vault).tier_count()), 2);
}

#[test]
fn only_the_owner_adds_tiers() {
    let mut fixture = VaultFixture::default();
    let (creator, ana) = (fixture.env.creator, fixture.env.ana);
    let terms = TierTerms {
        asset: Asset::Native,
        price: MAX_PRICE,
        period: MAX_DURATION,
        level: 255,
        seats: Some(1),
        minimum_stay: MAX_DURATION,
        uri: vec![b'/'; MAX_TEXT as usize],
    };
    let added = fixture.send(ana, 0, contracts::vault(fixture.vault).add_tier(terms.clone()));
    assert_eq!(added.value, Err(VaultError::NotOwner.into()));
    let receipt = fixture.send(creator, 0, contracts::vault(fixture.vault).add_tier(terms.clone()));
    assert_eq!(receipt.value, Ok(2));
    assert_events(
        &receipt,
        fixture.vault,
        &[event(&TierOffered { tier: 2, terms: terms.clone(), open: true }, &[field_topic(&2u32)])],
    );
    assert_eq!(fixture.tier(2).map(|tier| tier.terms), Some(terms));
    assert_eq!(fixture.env.ask(contracts::vault(fixture.vault).tier_count()), 3);
}

#[test]
fn the_length_of_the_cooldown_is_limited() {
    let terms = |cooldown| VaultTerms { cooldown, ..VaultTerms::default() };
    assert_eq!(refused(&terms(MAX_COOLDOWN + 1)), VaultError::CooldownTooLong { most: MAX_COOLDOWN });
    let mut fixture = VaultFixture::on(TestEnv::default(), &terms(MAX_COOLDOWN));
    assert_eq!(fixture.env.ask(contracts::vault(fixture.vault).settings()).cooldown, MAX_COOLDOWN);
}
