//! pendzl, audited by Kudelski: underflow, reentrancy of its vault, the zero account.

use ::psp22::{PSP22Burnable as _, PSP22Error, PSP22 as _};
use crooked_token::Trick;
use patronage::contracts;
use patronage_interfaces::{
    token::{CreatorToken, TokenError},
    vault::{Asset, PatronageVault, TierTerms, VaultError, VaultTerms},
    AccountId,
};
use test_kit::{
    tier_terms,
    token_fixture::TokenFixture,
    vault_fixture::{VaultFixture, PRICE},
    vault_terms, TestEnv, TOKEN, UNIT,
};

use super::input;

/// Amounts above a balance wrapped around. Here each is refused, and nothing changes.
#[test]
fn no_amount_wraps_around() {
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

/// The same for a stake: what is unstaked never exceeds it.
#[test]
fn no_stake_wraps_around() {
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

/// A token that called the vault back during a deposit got more than it paid. Here a call that comes back fails, and what
/// arrived is measured around the transfer.
#[test]
fn a_token_that_calls_back_during_a_deposit_gains_nothing() {
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

/// The zero account stood for "nobody", though it has a known key: its tokens were burned ones that someone can move. Here it
/// is an account like any other, and burning lowers the supply.
#[test]
fn the_zero_account_is_an_account_like_any_other() {
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
