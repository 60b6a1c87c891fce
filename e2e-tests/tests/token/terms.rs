//! Valid and invalid terms of a token.

use ::psp22::{Transfer, PSP22 as _};
use ink::primitives::AccountId;
use patronage::contracts::{ownable, psp22, sale};
use patronage_chain::Receipt;
use patronage_interfaces::{
    ownable::Ownable as _,
    token::{Bought, CreatorToken as _, LaunchGuard, TermsError, TokenError, TokenTerms, Utf8Bytes},
};
use test_kit::{
    deploy::{deploy_token, prepare, DeployError},
    event, field_topic, token_terms, TestEnv, TOKEN, UNIT,
};

#[track_caller]
fn refused(terms: TokenTerms) -> TermsError {
    let mut env = TestEnv::default();
    match deploy_token(&mut env.chain, &env.creator, &terms) {
        Err(DeployError::Terms(TokenError::InvalidTerms(error))) => error,
        other => panic!("not refused for its terms: {other:?}"),
    }
}

/// Creates a token with value for the first buy.
fn launch(env: &mut TestEnv, terms: &TokenTerms, value: u128) -> Result<Receipt<AccountId>, TokenError> {
    let code = prepare::<TokenError>(&mut env.chain, &env.creator, "creator_token").unwrap();
    env.chain.deploy(&env.creator, value, code, terms).unwrap()
}

#[test]
fn each_invalid_term_has_its_error() {
    let max = u128::MAX >> 1;
    assert_eq!(refused(TokenTerms { name: Utf8Bytes::default(), ..token_terms() }), TermsError::NameOrSymbolEmpty);
    assert_eq!(refused(TokenTerms { symbol: Utf8Bytes::default(), ..token_terms() }), TermsError::NameOrSymbolEmpty);
    let long = "é".repeat(128);
    TestEnv::default().token(&TokenTerms { name: long.as_str().into(), symbol: long.as_str().into(), ..token_terms() });
    let too_long = TermsError::NameOrSymbolTooLong { max: 256 };
    assert_eq!(refused(TokenTerms { name: format!("{long}!").as_str().into(), ..token_terms() }), too_long);
    assert_eq!(refused(TokenTerms { symbol: "x".repeat(9_000).as_str().into(), ..token_terms() }), too_long);
    assert_eq!(refused(TokenTerms { decimals: 25, ..token_terms() }), TermsError::TooManyDecimals { max: 24 });
    assert_eq!(refused(TokenTerms { base_price: 0, slope: 0, ..token_terms() }), TermsError::PriceZero);
    assert_eq!(refused(TokenTerms { base_price: max + 1, ..token_terms() }), TermsError::PriceTooHigh { max });
    assert_eq!(refused(TokenTerms { cap: Some(0), ..token_terms() }), TermsError::CapZero);
    assert_eq!(refused(TokenTerms { buy_fee_bp: 1_001, ..token_terms() }), TermsError::FeeTooHigh { max_bp: 1_000 });
    assert_eq!(refused(TokenTerms { sell_fee_bp: 1_001, ..token_terms() }), TermsError::FeeTooHigh { max_bp: 1_000 });
    assert_eq!(refused(TokenTerms { referral_bp: 10_001, ..token_terms() }), TermsError::FeeTooHigh { max_bp: 10_000 });
    let TermsError::CapTooHigh { max } = refused(TokenTerms { cap: Some(u128::MAX), ..token_terms() }) else {
        panic!("a cap beyond the arithmetic was taken");
    };
    TestEnv::default().token(&TokenTerms { cap: Some(max), ..token_terms() });
    assert_eq!(refused(TokenTerms { cap: Some(max + 1), ..token_terms() }), TermsError::CapTooHigh { max });
}

#[test]
fn the_limits_of_the_terms_are_valid() {
    let mut env = TestEnv::default();
    for terms in [
        TokenTerms { base_price: 1, slope: 0, decimals: 0, buy_fee_bp: 1_000, sell_fee_bp: 1_000, ..token_terms() },
        TokenTerms { base_price: 0, slope: 1, decimals: 24, cap: None, referral_bp: 10_000, ..token_terms() },
        TokenTerms { base_price: u128::MAX >> 1, slope: 0, cap: Some(1), ..token_terms() },
    ] {
        let token = env.token(&terms);
        let trade = env.call(env.ana, UNIT, sale(token).buy(env.ana, 0, None)).value.map_err(|error| *error);
        assert!(matches!(trade, Ok(_) | Err(TokenError::TooFewTokens { tokens: 0 })), "{trade:?}");
    }
}

#[test]
fn without_value_the_constructor_mints_nothing() {
    let mut env = TestEnv::default();
    let made = launch(&mut env, &token_terms(), 0).unwrap();
    assert_eq!(made.events, []);
    assert_eq!(env.ask(psp22(made.value).total_supply()), 0);
    assert_eq!(env.ask(ownable(made.value).owner()), env.creator);
}

#[test]
fn value_in_the_constructor_buys_at_the_common_price() {
    let mut env = TestEnv::default();
    let creator = env.creator;
    // The cold code has its own deposit.
    prepare::<TokenError>(&mut env.chain, &creator, "creator_token").unwrap();
    let before = env.balance(creator);
    let made = launch(&mut env, &token_terms(), 11_025 * UNIT / 1_000 + 1).unwrap();
    let (token, paid) = (made.value, 11_025 * UNIT / 1_000);
    let mine: Vec<_> = made.events.iter().filter(|event| event.contract == token).collect();
    let transfer =
        event(&Transfer { from: None, to: Some(creator), value: 10 * TOKEN }, &[[0; 32], field_topic(&creator)]);
    let said = Bought {
        buyer: creator,
        recipient: creator,
        referrer: None,
        tokens: 10 * TOKEN,
        paid,
        fee: 525 * UNIT / 1_000,
    };
    let found: Vec<_> = mine.iter().map(|event| (event.topics.clone(), event.data.clone())).collect();
    assert_eq!(found, [transfer, event(&said, &[])]);
    assert_eq!(env.ask(psp22(token).balance_of(creator)), 10 * TOKEN);
    // The existential deposit of the account is paid beside the storage deposit.
    let spent = env.balance(creator).checked_add_signed(made.deposit).map(|after| before - after);
    assert!(spent == Some(paid) || spent == Some(paid + 1), "{spent:?} of {paid}");
    assert_eq!(env.balance(token), paid + 1);
}

#[test]
fn the_launch_guard_binds_the_creator_too() {
    let mut env = TestEnv::default();
    let launch_guard = LaunchGuard { until: u64::MAX, max_tokens: TOKEN };
    let refused = launch(&mut env, &TokenTerms { launch_guard, ..token_terms() }, 11 * UNIT);
    assert_eq!(refused.err(), Some(TokenError::LaunchLimit { room: TOKEN }));
}
