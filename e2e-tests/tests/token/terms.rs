//! What a token can and cannot be created with.

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
    event, field_topic, token_terms, World, TOKEN, UNIT,
};

#[track_caller]
fn refused(terms: TokenTerms) -> TermsError {
    let mut world = World::default();
    match deploy_token(&mut world.chain, &world.creator, &terms) {
        Err(DeployError::Terms(TokenError::InvalidTerms(error))) => error,
        other => panic!("not refused for its terms: {other:?}"),
    }
}

/// Creates a token with money for the first buy.
fn launch(world: &mut World, terms: &TokenTerms, value: u128) -> Result<Receipt<AccountId>, TokenError> {
    let code = prepare::<TokenError>(&mut world.chain, &world.creator, "creator_token").unwrap();
    world.chain.deploy(&world.creator, value, code, terms).unwrap()
}

#[test]
fn each_impossible_term_has_its_error() {
    let max = u128::MAX >> 1;
    assert_eq!(refused(TokenTerms { name: Utf8Bytes::default(), ..token_terms() }), TermsError::NameOrSymbolEmpty);
    assert_eq!(refused(TokenTerms { symbol: Utf8Bytes::default(), ..token_terms() }), TermsError::NameOrSymbolEmpty);
    let long = "é".repeat(128);
    World::default().token(&TokenTerms { name: long.as_str().into(), symbol: long.as_str().into(), ..token_terms() });
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
    World::default().token(&TokenTerms { cap: Some(max), ..token_terms() });
    assert_eq!(refused(TokenTerms { cap: Some(max + 1), ..token_terms() }), TermsError::CapTooHigh { max });
}

#[test]
fn the_edges_of_the_terms_are_possible() {
    let mut world = World::default();
    for terms in [
        TokenTerms { base_price: 1, slope: 0, decimals: 0, buy_fee_bp: 1_000, sell_fee_bp: 1_000, ..token_terms() },
        TokenTerms { base_price: 0, slope: 1, decimals: 24, cap: None, referral_bp: 10_000, ..token_terms() },
        TokenTerms { base_price: u128::MAX >> 1, slope: 0, cap: Some(1), ..token_terms() },
    ] {
        let token = world.token(&terms);
        let trade = world.call(world.ana, UNIT, sale(token).buy(world.ana, 0, None)).value.map_err(|error| *error);
        assert!(matches!(trade, Ok(_) | Err(TokenError::TooFewTokens { tokens: 0 })), "{trade:?}");
    }
}

#[test]
fn without_money_nothing_is_bought_and_nobody_has_tokens() {
    let mut world = World::default();
    let made = launch(&mut world, &token_terms(), 0).unwrap();
    assert_eq!(made.events, []);
    assert_eq!(world.ask(psp22(made.value).total_supply()), 0);
    assert_eq!(world.ask(ownable(made.value).owner()), world.creator);
}

#[test]
fn money_at_the_creation_buys_at_the_price_for_everyone() {
    let mut world = World::default();
    let creator = world.creator;
    // The cold code has a deposit of its own.
    prepare::<TokenError>(&mut world.chain, &creator, "creator_token").unwrap();
    let before = world.balance(creator);
    let made = launch(&mut world, &token_terms(), 11_025 * UNIT / 1_000 + 1).unwrap();
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
    assert_eq!(world.ask(psp22(token).balance_of(creator)), 10 * TOKEN);
    // What the account needs to live is paid beside the deposit.
    let spent = world.balance(creator).checked_add_signed(made.deposit).map(|after| before - after);
    assert!(spent == Some(paid) || spent == Some(paid + 1), "{spent:?} of {paid}");
    assert_eq!(world.balance(token), paid + 1);
}

#[test]
fn the_launch_guard_binds_the_creator_too() {
    let mut world = World::default();
    let launch_guard = LaunchGuard { until: u64::MAX, max_tokens: TOKEN };
    let refused = launch(&mut world, &TokenTerms { launch_guard, ..token_terms() }, 11 * UNIT);
    assert_eq!(refused.err(), Some(TokenError::LaunchLimit { room: TOKEN }));
}
