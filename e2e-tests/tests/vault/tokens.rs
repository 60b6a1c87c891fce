//! PSP22 tokens in tips, tiers and stakes; fees of the creator token; and tokens that fail.

use hostile::Behaviour;
use patronage_interfaces::{
    token::CreatorToken,
    vault::{Ended, Paid, StakeChanged, Tipped, Withdrawn},
};
use psp22::PSP22;
use test_kit::{
    access::{answer, answers},
    assert_events, event, field_topic, tier_terms, token_terms, DAY, TOKEN,
};

use super::*;

const MONTH: u64 = 30 * DAY;

/// A vault with the creator's token, a tier for 30 tokens, one for 60, and a native one. Ana has a hundred tokens and
/// has approved the vault.
fn fixture() -> (VaultFixture, AccountId, Asset) {
    let mut env = TestEnv::default();
    let token = env.token(&token_terms());
    let asset = Asset::Psp22(token);
    let tier = |price, level| TierTerms { asset, ..tier_terms(price, level) };
    let tiers = vec![tier(30 * TOKEN, 1), tier(60 * TOKEN, 2), tier_terms(PRICE, 1)];
    let terms = VaultTerms { token: Some(token), cooldown: COOLDOWN, ..vault_terms(tiers, &[]) };
    let ana = env.ana;
    let price = env.price(token, 100 * TOKEN);
    env.call(ana, price, contracts::sale(token).buy(ana, 0, None)).value.unwrap();
    let mut fixture = VaultFixture::on(env, &terms);
    fixture.tokens = vec![token];
    let approve = contracts::psp22(token).approve(fixture.vault, 100 * TOKEN);
    fixture.env.call(ana, 0, approve).value.unwrap();
    (fixture, token, asset)
}

fn tokens(fixture: &mut VaultFixture, token: AccountId, who: AccountId) -> u128 {
    fixture.env.ask(contracts::psp22(token).balance_of(who))
}

/// Asserts that the vault holds exactly the tokens that it owes.
fn assert_has(fixture: &mut VaultFixture, token: AccountId, owed: Obligations) {
    let vault = fixture.vault;
    assert_eq!(fixture.env.ask(contracts::vault(vault).obligations(Asset::Psp22(token))), owed);
    assert_eq!(tokens(fixture, token, vault), owed.total());
}

#[test]
fn a_tip_in_tokens_is_income_in_that_token() {
    let (mut fixture, token, asset) = fixture();
    let TestEnv { ana, creator, .. } = fixture.env;
    let vault = || contracts::vault(fixture.vault);
    let receipt = fixture.env.call(ana, 0, vault().tip_token(token, 7 * TOKEN, b"hi".to_vec()));
    assert_eq!(receipt.value, Ok(7 * TOKEN));
    let tipped = Tipped { fan: ana, asset, amount: 7 * TOKEN, memo: b"hi".to_vec() };
    assert_events(&receipt, fixture.vault, &[event(&tipped, &[field_topic(&ana)])]);
    fixture.env.call(ana, 0, vault().tip_token(token, TOKEN, vec![])).value.unwrap();
    assert_eq!(fixture.env.ask(vault().tipped_of(ana, asset)), 8 * TOKEN);
    assert_eq!(fixture.env.ask(vault().tipped_of(ana, Asset::Native)), 0);
    assert_eq!(fixture.standing(ana), Standing::default());
    assert_has(&mut fixture, token, Obligations { unclaimed: 8 * TOKEN, ..Obligations::default() });

    let claim = || contracts::vault(fixture.vault).claim(asset, 0);
    assert_eq!(fixture.env.call(creator, 0, claim()).value, Ok(8 * TOKEN));
    assert_eq!(tokens(&mut fixture, token, creator), 8 * TOKEN);
    let claim = contracts::vault(fixture.vault).claim(asset, 0);
    assert_eq!(fixture.send(creator, 0, claim).value, Err(VaultError::NothingToClaim.into()));
    let nothing = contracts::vault(fixture.vault).tip_token(token, 0, vec![]);
    assert_eq!(fixture.send(ana, 0, nothing).value, Err(VaultError::NothingSent.into()));
    assert_has(&mut fixture, token, Obligations::default());
}

#[test]
fn a_tier_in_tokens_streams_tokens() {
    let (mut fixture, token, asset) = fixture();
    let TestEnv { ana, ben, creator, .. } = fixture.env;
    let vault = fixture.vault;
    let subscribe = |tier, tokens| contracts::vault(vault).subscribe(tier, ana, tokens, u128::MAX);
    // The wrong asset, missing tokens, and a missing allowance.
    assert_eq!(fixture.send(ana, PRICE, subscribe(0, 0)).value, Err(VaultError::WrongAsset.into()));
    assert_eq!(fixture.send(ana, PRICE, subscribe(0, 30 * TOKEN)).value, Err(VaultError::WrongAsset.into()));
    assert_eq!(fixture.send(ana, PRICE, subscribe(2, 1)).value, Err(VaultError::WrongAsset.into()));
    assert_eq!(fixture.send(ana, 0, subscribe(0, 101 * TOKEN)).value, Err(VaultError::TokenFailed.into()));
    assert_eq!(fixture.send(ben, 0, subscribe(0, 30 * TOKEN)).value, Err(VaultError::TokenFailed.into()));
    let least = VaultError::PaymentTooSmall { least: 30 * TOKEN };
    assert_eq!(fixture.send(ana, 0, subscribe(0, 30 * TOKEN - 1)).value, Err(least.into()));
    assert_eq!(fixture.send(ana, 0, subscribe(0, 0)).value, Err(least.into()));

    let start = fixture.now();
    assert_eq!(fixture.send(ana, 0, subscribe(0, 30 * TOKEN)).value, Ok(start + MONTH));
    fixture.wait(MONTH / 2);
    assert_eq!(
        fixture.send(ana, 0, contracts::vault(vault).top_up(ana, 0, 15 * TOKEN, u128::MAX)).value,
        Ok(start + MONTH * 3 / 2)
    );
    assert_eq!(fixture.refund(ana), 30 * TOKEN);
    let to_native = contracts::vault(vault).switch_tier(2, 0, u128::MAX);
    assert_eq!(fixture.send(ana, PRICE, to_native).value, Err(VaultError::WrongAsset.into()));
    let to_dearer = contracts::vault(vault).switch_tier(1, 30 * TOKEN, u128::MAX);
    assert_eq!(fixture.send(ana, 0, to_dearer).value, Ok(start + MONTH * 3 / 2));
    assert_has(&mut fixture, token, Obligations { streams: 75 * TOKEN, ..Obligations::default() });

    fixture.wait(MONTH / 2);
    assert_eq!([0, 1].map(|tier| fixture.collect(tier, 100).value.unwrap().amount), [15 * TOKEN, 30 * TOKEN]);
    assert_eq!(fixture.cancel(ana).value, Ok(30 * TOKEN));
    assert_eq!(tokens(&mut fixture, token, ana), 55 * TOKEN);
    assert_eq!(fixture.send(creator, 0, contracts::vault(vault).claim(asset, 0)).value, Ok(45 * TOKEN));
    assert_has(&mut fixture, token, Obligations::default());
}

#[test]
fn a_stake_restarts_with_each_addition_and_returns_after_the_cooldown() {
    let (mut fixture, token, _) = fixture();
    let (ana, vault) = (fixture.env.ana, fixture.vault);
    let changed =
        |staked, unstaking, ready| event(&StakeChanged { fan: ana, staked, unstaking, ready }, &[field_topic(&ana)]);
    let receipt = fixture.send(ana, 0, contracts::vault(vault).stake(30 * TOKEN));
    assert_eq!(receipt.value, Ok(30 * TOKEN));
    assert_events(&receipt, vault, &[changed(30 * TOKEN, 0, 0)]);
    fixture.wait(DAY);
    let now = fixture.now();
    assert_eq!(fixture.send(ana, 0, contracts::vault(vault).stake(10 * TOKEN)).value, Ok(10 * TOKEN));
    assert_eq!(fixture.standing(ana), Standing { staked: 40 * TOKEN, staked_since: now, ..Standing::default() });
    assert_eq!(fixture.send(ana, 0, contracts::vault(vault).stake(0)).value, Err(VaultError::NothingSent.into()));

    let staked = 40 * TOKEN;
    for amount in [0, staked + 1] {
        let unstake = fixture.send(ana, 0, contracts::vault(vault).unstake(amount));
        assert_eq!(unstake.value, Err(VaultError::InsufficientStake { staked }.into()));
    }
    assert_eq!(
        fixture.send(ana, 0, contracts::vault(vault).withdraw_stake()).value,
        Err(VaultError::NothingToClaim.into())
    );
    let ready = now + COOLDOWN;
    let receipt = fixture.send(ana, 0, contracts::vault(vault).unstake(15 * TOKEN));
    assert_eq!(receipt.value, Ok(ready));
    assert_events(&receipt, vault, &[changed(25 * TOKEN, 15 * TOKEN, ready)]);
    assert_eq!(fixture.standing(ana).staked, 25 * TOKEN);
    assert_has(&mut fixture, token, Obligations { stakes: 40 * TOKEN, ..Obligations::default() });
    fixture.wait(COOLDOWN - 1);
    let early = fixture.send(ana, 0, contracts::vault(vault).withdraw_stake());
    assert_eq!(early.value, Err(VaultError::CoolingDown { ready }.into()));
    fixture.wait(1);
    let receipt = fixture.send(ana, 0, contracts::vault(vault).withdraw_stake());
    assert_eq!(receipt.value, Ok(15 * TOKEN));
    assert_events(&receipt, vault, &[changed(25 * TOKEN, 0, 0)]);
    assert_eq!(tokens(&mut fixture, token, ana), 75 * TOKEN);
    fixture.send(ana, 0, contracts::vault(vault).unstake(25 * TOKEN)).value.unwrap();
    fixture.wait(COOLDOWN);
    fixture.send(ana, 0, contracts::vault(vault).withdraw_stake()).value.unwrap();
    assert_eq!(fixture.env.ask(contracts::vault(vault).fan(ana)).stake, None);
    assert_has(&mut fixture, token, Obligations::default());
}

#[test]
fn the_creator_tokens_fees_become_income() {
    let (mut fixture, token, _) = fixture();
    let TestEnv { ana, ben, creator, .. } = fixture.env;
    let vault = fixture.vault;
    let collect = || contracts::vault(vault).collect_sale_fees();
    assert_eq!(fixture.send(ben, 0, collect()).value, Err(VaultError::NothingToClaim.into()));
    fixture.env.call(creator, 0, contracts::sale(token).set_fee_recipient(vault)).value.unwrap();
    let fee = fixture.env.call(ana, 10 * UNIT, contracts::sale(token).buy(ana, 0, None)).value.unwrap().fee;
    assert!(fee > 0);
    let receipt = fixture.send(ben, 0, collect());
    assert_eq!(receipt.value, Ok(fee));
    let paid = Paid { payer: token, purpose: 0, amount: fee };
    assert_events(&receipt, vault, &[event(&paid, &[field_topic(&token)])]);
    assert_eq!(fixture.send(ben, 0, collect()).value, Err(VaultError::NothingToClaim.into()));
    assert_eq!(fixture.claim(creator).value, Ok(fee));
    assert_eq!(fixture.env.ask(contracts::vault(vault).settings()).token, Some(token));
}

#[test]
fn other_contracts_pay_for_a_purpose() {
    let mut fixture = VaultFixture::default();
    let ben = fixture.env.ben;
    let receipt = fixture.env.call(ben, 9, contracts::patronage(fixture.vault).pay(42));
    assert_eq!(receipt.value, Ok(()));
    let paid = Paid { payer: ben, purpose: 42, amount: 9 };
    assert_events(&receipt, fixture.vault, &[event(&paid, &[field_topic(&ben)])]);
    assert_eq!(fixture.obligations().unclaimed, 9);
    assert_eq!(fixture.standing(ben).tipped, 0);
    fixture.assert_covered();
}

#[test]
fn an_invalid_token_fails_and_nothing_changes() {
    let mut fixture = VaultFixture::default();
    let ana = fixture.env.ana;
    let behaviours = [
        Behaviour::Trap,
        Behaviour::Answer(vec![]),
        Behaviour::Answer(vec![0; 16]),
        Behaviour::Revert(vec![1, 1]),
        Behaviour::Revert(answer(1u128)),
        Behaviour::Terminate,
    ];
    let mut tokens = behaviours.map(|behaviour| fixture.env.hostile(&behaviour)).to_vec();
    // An account without a contract, and the vault itself.
    tokens.extend([ana, stranger(1), fixture.vault]);
    let tip = |fixture: &mut VaultFixture, token| {
        let message = contracts::vault(fixture.vault).tip_token(token, 5, vec![]);
        fixture.send(ana, 0, message).value
    };
    for token in tokens {
        assert_eq!(tip(&mut fixture, token), Err(VaultError::TokenFailed.into()), "{token:?}");
    }
    // From a contract that answers every message with a balance, nothing arrives.
    for balance in [0u128, 1] {
        let token = fixture.env.hostile(&answers(balance));
        assert_eq!(tip(&mut fixture, token), Err(VaultError::NothingSent.into()));
    }
}

#[test]
fn a_refund_that_cannot_be_paid_becomes_a_credit() {
    let mut fixture = VaultFixture::default();
    let (ana, ben, vault) = (fixture.env.ana, fixture.env.ben, fixture.vault);
    assert!(fixture.subscribe(ana, 0, PRICE).value.is_ok());
    // With an existential deposit of 1, the chain refuses a transfer only for missing funds.
    fixture.env.chain.destroy(&vault, PRICE).unwrap();
    let receipt = fixture.env.call(ana, 0, contracts::vault(vault).cancel());
    assert_eq!(receipt.value, Ok(PRICE));
    let ended = Ended { fan: ana, tier: 0, by: ana, refund: PRICE, credited: true };
    assert_events(&receipt, vault, &[event(&ended, &[field_topic(&ana), field_topic(&0u32)])]);
    assert_eq!(fixture.subscription(ana), None);
    assert_eq!(fixture.obligations(), Obligations { credits: PRICE, ..Obligations::default() });
    let withdraw = || contracts::vault(vault).withdraw(Asset::Native);
    assert_eq!(fixture.env.call(ana, 0, withdraw()).value, Err(VaultError::TransferFailed.into()));
    assert_eq!(fixture.env.ask(contracts::vault(vault).credit_of(ana, Asset::Native)), PRICE);
    fixture.env.chain.fund(&vault, PRICE).unwrap();
    assert_eq!(fixture.send(ben, 0, withdraw()).value, Err(VaultError::NothingToClaim.into()));
    let receipt = fixture.send(ana, 0, withdraw());
    assert_eq!(receipt.value, Ok(PRICE));
    let withdrawn = Withdrawn { fan: ana, asset: Asset::Native, amount: PRICE };
    assert_events(&receipt, vault, &[event(&withdrawn, &[field_topic(&ana)])]);
    assert_eq!(fixture.obligations(), Obligations::default());
}
