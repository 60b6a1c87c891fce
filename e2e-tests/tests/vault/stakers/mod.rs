//! The stakers' share of the income, by stake and by whole days.

mod claims;
mod days;
mod splits;

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
fn shared() -> (VaultFixture, AccountId) {
    with_share(1_000)
}

fn with_share(stakers: u16) -> (VaultFixture, AccountId) {
    let mut env = TestEnv::default();
    let token = env.foreign_token(1_000_000 * TOKEN);
    let in_tokens = TierTerms { asset: Asset::Psp22(token), ..tier_terms(30 * TOKEN, 1) };
    let terms = VaultTerms {
        token: Some(token),
        cooldown: COOLDOWN,
        stakers,
        ..vault_terms(vec![tier_terms(PRICE, 1), in_tokens], &[])
    };
    let to_midnight = DAY - env.chain.now() % DAY;
    env.chain.advance(to_midnight);
    let mut fixture = VaultFixture::on(env, &terms);
    fixture.env.allow_all(token, fixture.vault);
    fixture.tokens = vec![token];
    (fixture, token)
}

#[track_caller]
fn stake(fixture: &mut VaultFixture, who: AccountId, amount: u128) -> Receipt<Result<u128, Box<VaultError>>> {
    let receipt = fixture.send(who, 0, contracts::vault(fixture.vault).stake(amount));
    assert_eq!(receipt.value, Ok(amount));
    receipt
}

#[track_caller]
fn unstake(fixture: &mut VaultFixture, who: AccountId, amount: u128) {
    fixture.send(who, 0, contracts::vault(fixture.vault).unstake(amount)).value.unwrap();
}

#[track_caller]
fn tip(fixture: &mut VaultFixture, amount: u128) {
    fixture.tip(fixture.env.creator, amount, b"").value.unwrap();
}

#[track_caller]
fn tip_token(fixture: &mut VaultFixture, token: AccountId, amount: u128) {
    let tip = contracts::vault(fixture.vault).tip_token(token, amount, vec![]);
    fixture.send(fixture.env.creator, 0, tip).value.unwrap();
}

/// Claims as `who`. Asserts that `stake_income_of` returned the same amount before.
#[track_caller]
fn claim_as(fixture: &mut VaultFixture, who: AccountId, asset: Asset) -> Result<u128, Box<VaultError>> {
    let result = fixture.env.ask(contracts::vault(fixture.vault).stake_income_of(who, asset));
    let taken = fixture.send(who, 0, contracts::vault(fixture.vault).claim_stake_income(asset)).value;
    assert_eq!(taken.clone().unwrap_or(0), result);
    taken
}

/// What the creator can claim under the splits of `version`.
fn of_creator(fixture: &mut VaultFixture, asset: Asset, version: u32) -> u128 {
    fixture.env.ask(contracts::vault(fixture.vault).claimable_of(fixture.env.creator, asset, version))
}

fn nothing() -> Result<u128, Box<VaultError>> {
    Err(VaultError::NothingToClaim.into())
}

fn change(fixture: &mut VaultFixture, bp: u16, stakers: u16) -> Receipt<Result<(), Box<VaultError>>> {
    let creator = fixture.env.creator;
    let shares = vec![Share { recipient: creator, bp }];
    fixture.send(creator, 0, contracts::vault(fixture.vault).set_splits(shares, stakers))
}
