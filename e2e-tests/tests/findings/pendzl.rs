//! pendzl, reviewed by Kudelski (KS-PNZ, 2024-07), with the developers' answers.

use ::psp22::{PSP22Burnable as _, PSP22Error, PSP22 as _};
use crooked_token::Trick;
use patronage::contracts;
use patronage_interfaces::{
    token::{CreatorToken, TermsError, TokenError, TokenTerms},
    vault::{Asset, PatronageVault, TierTerms, VaultError, VaultTerms},
    AccountId,
};
use test_kit::{
    deploy::{deploy_token, DeployError},
    tier_terms,
    token_fixture::TokenFixture,
    token_terms,
    vault_fixture::{VaultFixture, PRICE},
    vault_terms, TestEnv, TOKEN, UNIT,
};

use super::input;

/// KS-PNZ-F-1: a balance was lowered without a check, so it could wrap around. Here each amount above a balance is refused,
/// and nothing changes.
#[test]
fn ks_pnz_f_1_no_amount_wraps_around() {
    let mut sale = TokenFixture::default();
    let (ana, ben, token) = (sale.env.ana, sale.env.ben, sale.token);
    let tokens = sale.buy(ana, 20 * UNIT).tokens;
    let psp22 = || contracts::psp22(token);
    sale.env.call(ana, 0, psp22().approve(ben, 5)).value.unwrap();
    for more in [1, u128::MAX - tokens] {
        let many = tokens + more;
        let low = Err(PSP22Error::InsufficientBalance);
        assert_eq!(sale.env.call(ana, 0, psp22().transfer(ben, many, vec![])).value, low);
        assert_eq!(sale.env.call(ana, 0, contracts::psp22_burnable(token).burn(many)).value, low);
        let sold = sale.sell(ana, many, 0).value;
        assert_eq!(sold, Err(TokenError::InsufficientBalance { balance: tokens }.into()));
        let many = contracts::sale(token).transfer_many(vec![(ben, 1), (ben, many)]);
        let left = TokenError::InsufficientBalance { balance: tokens - 1 };
        assert_eq!(sale.env.call(ana, 0, many).value, Err(left.into()));
    }
    let less = sale.env.call(ana, 0, psp22().decrease_allowance(ben, 6)).value;
    assert_eq!(less, Err(PSP22Error::InsufficientAllowance));
    // An allowance that is increased to its limit does not become small.
    sale.env.call(ana, 0, psp22().increase_allowance(ben, u128::MAX)).value.ok();
    assert!(sale.env.ask(psp22().allowance(ana, ben)) >= 5);
    let take = sale.env.call(ben, 0, psp22().transfer_from(ana, ben, tokens + 1, vec![])).value;
    assert!(take.is_err());
    assert_eq!(sale.tokens_of(ana), tokens);
    assert_eq!(sale.supply(), tokens);
}

/// KS-PNZ-F-1, for a stake: what is unstaked never exceeds it.
#[test]
fn ks_pnz_f_1_no_stake_wraps_around() {
    let (mut fixture, _) = VaultFixture::with_token();
    let (ana, vault) = (fixture.env.ana, fixture.vault);
    fixture.send(ana, 0, contracts::vault(vault).stake(7 * TOKEN)).value.unwrap();
    for many in [7 * TOKEN + 1, u128::MAX] {
        let refused = fixture.send(ana, 0, contracts::vault(vault).unstake(many)).value;
        assert_eq!(refused, Err(VaultError::InsufficientStake { staked: 7 * TOKEN }.into()));
    }
    let refused = fixture.send(ana, 0, contracts::vault(vault).stake(u128::MAX)).value;
    assert_eq!(refused, Err(VaultError::TokenFailed.into()));
    assert_eq!(fixture.standing(ana).staked, 7 * TOKEN);
}

/// KS-PNZ-F-2: 10 to the power of the decimals' offset overflowed from 39 on. Here a token has at most 24 decimals, with which
/// the sale's arithmetic does not overflow.
#[test]
fn ks_pnz_f_2_no_number_of_decimals_overflows() {
    for decimals in [25, 38, 39, 40, 255] {
        let mut env = TestEnv::default();
        let refused = deploy_token(&mut env.chain, &env.creator, &TokenTerms { decimals, ..token_terms() });
        let error = TokenError::InvalidTerms(TermsError::TooManyDecimals { max: 24 });
        assert!(matches!(refused, Err(DeployError::Terms(found)) if found == error), "{decimals} decimals");
    }
    let mut sale = TokenFixture::new(&TokenTerms { decimals: 24, cap: None, ..token_terms() });
    let (ana, creator) = (sale.env.ana, sale.env.creator);
    let trade = sale.buy(ana, 500_000 * UNIT);
    assert!(trade.tokens > 10_u128.pow(27), "{} smallest units", trade.tokens);
    assert_eq!(sale.sell(ana, trade.tokens, 1).value.unwrap().tokens, trade.tokens);
    sale.assert_holds_what_it_owes(&[creator]);
}

/// KS-PNZ-O-4: the functions that pause a contract do not check who calls. Here only the owner can pause, and pausing stops no
/// sale, refund or withdrawal.
#[test]
fn ks_pnz_o_4_only_the_owner_pauses() {
    let mut sale = TokenFixture::default();
    let (ana, creator, token) = (sale.env.ana, sale.env.creator, sale.token);
    let tokens = sale.buy(ana, 20 * UNIT).tokens;
    let pause = || contracts::sale(token).set_paused(true);
    assert_eq!(sale.env.call(ana, 0, pause()).value, Err(TokenError::NotOwner.into()));
    sale.env.call(creator, 0, pause()).value.unwrap();
    let unpause = contracts::sale(token).set_paused(false);
    assert_eq!(sale.env.call(ana, 0, unpause).value, Err(TokenError::NotOwner.into()));
    sale.sell(ana, tokens, 1).value.unwrap();

    let mut fixture = VaultFixture::default();
    let (ana, creator, vault) = (fixture.env.ana, fixture.env.creator, fixture.vault);
    fixture.subscribe(ana, 0, PRICE).value.unwrap();
    let pause = || contracts::vault(vault).set_paused(true);
    assert_eq!(fixture.send(ana, 0, pause()).value, Err(VaultError::NotOwner.into()));
    fixture.send(creator, 0, pause()).value.unwrap();
    let unpause = contracts::vault(vault).set_paused(false);
    assert_eq!(fixture.send(ana, 0, unpause).value, Err(VaultError::NotOwner.into()));
    assert_eq!(fixture.cancel(ana).value, Ok(PRICE));
}

/// KS-PNZ-O-7: there is no message that revokes allowances. Here approving 0 revokes one, also of tokens that arrive later.
#[test]
fn ks_pnz_o_7_an_approval_of_0_revokes_an_allowance() {
    let mut sale = TokenFixture::default();
    let (ana, ben, token) = (sale.env.ana, sale.env.ben, sale.token);
    let psp22 = || contracts::psp22(token);
    sale.buy(ana, 20 * UNIT);
    for allowed in [1, u128::MAX] {
        sale.env.call(ana, 0, psp22().approve(ben, allowed)).value.unwrap();
        sale.env.call(ana, 0, psp22().approve(ben, 0)).value.unwrap();
        assert_eq!(sale.env.ask(psp22().allowance(ana, ben)), 0);
    }
    sale.buy(ana, 20 * UNIT);
    let take = sale.env.call(ben, 0, psp22().transfer_from(ana, ben, 1, vec![])).value;
    assert_eq!(take, Err(PSP22Error::InsufficientAllowance));
}

/// KS-PNZ-O-6: the vault called the token before it changed its own records, so a token that called it back during a deposit got
/// more than it paid, if a developer allowed reentrancy. Here it is not allowed: a call that comes back fails. What arrived is
/// measured around the transfer.
#[test]
fn ks_pnz_o_6_a_token_that_calls_back_gains_nothing() {
    let mut env = TestEnv::default();
    let bad = env.crooked_token(1_000 * TOKEN);
    let in_bad = TierTerms { asset: Asset::Psp22(bad), ..tier_terms(30 * TOKEN, 1) };
    let terms = VaultTerms { token: Some(bad), ..vault_terms(vec![tier_terms(PRICE, 1), in_bad], &[]) };
    let mut fixture = VaultFixture::on(env, &terms);
    fixture.env.allow_all(bad, fixture.vault);
    let (ana, ben, vault) = (fixture.env.ana, fixture.env.ben, fixture.vault);
    let messages = || contracts::vault(vault);
    fixture.subscribe(ben, 0, 2 * PRICE).value.unwrap();
    fixture.send(ana, 0, messages().stake(10 * TOKEN)).value.unwrap();
    let asset = Asset::Psp22(bad);
    let owed = fixture.owed(asset);
    for back in [
        input(messages().stake(TOKEN)),
        input(messages().tip_token(bad, TOKEN, vec![])),
        input(messages().subscribe(1, ana, 30 * TOKEN, u128::MAX)),
        input(messages().withdraw_stake()),
        input(messages().cancel()),
        input(messages().tip(vec![])),
    ] {
        fixture.env.play(bad, Trick::Calls { contract: vault, input: back });
        let failed = Err(VaultError::TokenFailed.into());
        assert_eq!(fixture.send(ana, 0, messages().stake(TOKEN)).value, failed);
        assert_eq!(fixture.send(ana, 0, messages().tip_token(bad, TOKEN, vec![])).value, failed);
        let join = fixture.send(ana, 0, messages().subscribe(1, ana, 30 * TOKEN, u128::MAX));
        assert_eq!(join.value.map_err(|error| *error), Err(VaultError::TokenFailed));
        assert_eq!(fixture.owed(asset), owed);
        assert_eq!(fixture.refund(ben), 2 * PRICE);
        assert_eq!(fixture.env.tokens(bad, vault), 10 * TOKEN);
    }
}

/// KS-PNZ-O-1: the zero account is not refused as a recipient, though its key is known. Here it is an account like any other, and
/// stands for nobody: burning lowers the supply and gives it nothing.
#[test]
fn ks_pnz_o_1_the_zero_account_is_like_any_other() {
    let zero = AccountId::from([0; 32]);
    let mut sale = TokenFixture::default();
    let (ana, token) = (sale.env.ana, sale.token);
    let tokens = sale.buy(ana, 20 * UNIT).tokens;
    sale.env.call(ana, 0, contracts::psp22(token).transfer(zero, 7, vec![])).value.unwrap();
    assert_eq!(sale.tokens_of(zero), 7);
    assert_eq!(sale.supply(), tokens);
    sale.env.call(ana, 0, contracts::psp22_burnable(token).burn(3)).value.unwrap();
    assert_eq!(sale.tokens_of(zero), 7);
    assert_eq!(sale.supply(), tokens - 3);
    sale.env.chain.fund(&zero, 10 * UNIT).unwrap();
    sale.env.call(zero, 0, contracts::psp22(token).transfer(ana, 7, vec![])).value.unwrap();
    assert_eq!(sale.tokens_of(ana), tokens - 3);
}
