//! Buying and selling on the curve.

use ::psp22::{Transfer, PSP22 as _};
use ink::primitives::AccountId;
use patronage::contracts::{self, sale};
use patronage_embedded::GENESIS_TIME;
use patronage_interfaces::token::{Bought, CreatorToken as _, LaunchGuard, Sold, TokenError, TokenTerms, Trade};
use test_kit::{
    assert_events, assert_returned, event, field_topic, token_fixture::TokenFixture, token_terms, DAY,
    EXISTENTIAL_DEPOSIT, TOKEN, UNIT,
};

/// `Transfer` of minted tokens, with its topics.
fn minted(to: AccountId, value: u128) -> (Vec<[u8; 32]>, Vec<u8>) {
    event(&Transfer { from: None, to: Some(to), value }, &[[0; 32], field_topic(&to)])
}

/// `Transfer` of burned tokens, with its topics.
fn destroyed(from: AccountId, value: u128) -> (Vec<[u8; 32]>, Vec<u8>) {
    event(&Transfer { from: Some(from), to: None, value }, &[field_topic(&from), [0; 32]])
}

#[test]
fn a_buy_matches_its_quote_and_returns_the_change() {
    let mut fixture = TokenFixture::default();
    let (creator, ana, ben) = (fixture.env.creator, fixture.env.ana, fixture.env.ben);
    // The first 10 tokens: 10 * 1 + 10 * 10 / 2 * 0.01 = 10.5, plus 5 %. One planck more buys nothing.
    let value = 11_025 * UNIT / 1_000 + 1;
    let quote = fixture.env.ask(sale(fixture.token).quote_buy(value));
    let before = fixture.env.balance(ana);
    let bought = fixture.try_buy(ana, value, ben, 10 * TOKEN, None);
    let trade = Trade { tokens: 10 * TOKEN, amount: value - 1, fee: UNIT * 525 / 1_000 };
    assert_eq!(bought.value, Ok(trade));
    assert_eq!(quote, Ok(trade));
    assert_eq!(fixture.env.balance(ana).checked_add_signed(bought.deposit), Some(before - (value - 1)));
    assert_events(
        &bought,
        fixture.token,
        &[
            minted(ben, trade.tokens),
            event(
                &Bought {
                    buyer: ana,
                    recipient: ben,
                    referrer: None,
                    tokens: trade.tokens,
                    paid: trade.amount,
                    fee: trade.fee,
                },
                &[],
            ),
        ],
    );
    assert_eq!(fixture.tokens_of(ana), 0);
    assert_eq!(fixture.tokens_of(ben), trade.tokens);
    assert_eq!(fixture.supply(), trade.tokens);
    assert_eq!(fixture.env.ask(sale(fixture.token).reserve()), trade.amount - trade.fee);
    assert_eq!(fixture.env.ask(sale(fixture.token).spot_price()), UNIT * 11 / 10);
    fixture.assert_holds_what_it_owes(&[creator]);
}

#[test]
fn an_exact_buy_matches_its_quote_and_returns_the_change() {
    let mut fixture = TokenFixture::default();
    let (creator, ana, ben) = (fixture.env.creator, fixture.env.ana, fixture.env.ben);
    let quote = fixture.env.ask(sale(fixture.token).quote_buy_exact(10 * TOKEN));
    let trade = Trade { tokens: 10 * TOKEN, amount: 11_025 * UNIT / 1_000, fee: UNIT * 525 / 1_000 };
    assert_eq!(quote, Ok(trade));
    let before = fixture.env.balance(ana);
    let bought = fixture.env.call(ana, 20 * UNIT, sale(fixture.token).buy_exact(ben, 10 * TOKEN, None));
    assert_eq!(bought.value, Ok(trade));
    assert_eq!(fixture.env.balance(ana).checked_add_signed(bought.deposit), Some(before - trade.amount));
    let Trade { tokens, amount: paid, fee } = trade;
    let said = Bought { buyer: ana, recipient: ben, referrer: None, tokens, paid, fee };
    assert_events(&bought, fixture.token, &[minted(ben, tokens), event(&said, &[])]);
    assert_eq!(fixture.tokens_of(ana), 0);
    assert_eq!(fixture.tokens_of(ben), tokens);
    assert_eq!(fixture.supply(), tokens);
    fixture.assert_holds_what_it_owes(&[creator]);

    let next = fixture.env.ask(sale(fixture.token).quote_buy_exact(TOKEN)).unwrap();
    let exactly = fixture.env.call(ana, next.amount, sale(fixture.token).buy_exact(ana, TOKEN, None));
    assert_eq!(exactly.value, Ok(next));
}

#[test]
fn an_exact_buy_is_refused_below_its_price_and_above_the_supply() {
    let mut fixture = TokenFixture::new(&TokenTerms { cap: Some(10 * TOKEN), ..token_terms() });
    let ana = fixture.env.ana;
    let least = fixture.env.ask(sale(fixture.token).quote_buy_exact(TOKEN)).unwrap().amount;
    let before = fixture.env.balance(ana);
    let short = fixture.env.call(ana, least - 1, sale(fixture.token).buy_exact(ana, TOKEN, None));
    TokenFixture::assert_refused(short, TokenError::PaymentTooSmall { least });
    let none = fixture.env.call(ana, UNIT, sale(fixture.token).buy_exact(ana, 0, None));
    TokenFixture::assert_refused(none, TokenError::TooFewTokens { tokens: 0 });
    assert_eq!(
        fixture.env.ask(sale(fixture.token).quote_buy_exact(0)),
        Err(TokenError::TooFewTokens { tokens: 0 }.into())
    );
    let available = 10 * TOKEN;
    let beyond = fixture.env.call(ana, 100 * UNIT, sale(fixture.token).buy_exact(ana, available + 1, None));
    TokenFixture::assert_refused(beyond, TokenError::CapReached { available });
    let quote = fixture.env.ask(sale(fixture.token).quote_buy_exact(available + 1));
    assert_eq!(quote, Err(TokenError::CapReached { available }.into()));
    let own = fixture.env.call(ana, 100 * UNIT, sale(fixture.token).buy_exact(ana, TOKEN, Some(ana)));
    TokenFixture::assert_refused(own, TokenError::SelfReferral);
    assert_eq!(fixture.env.balance(ana), before);
}

#[test]
fn a_transfer_the_chain_refuses_changes_nothing() {
    let mut fixture = TokenFixture::default();
    let (creator, ana) = (fixture.env.creator, fixture.env.ana);
    let trade = fixture.buy(ana, 50 * UNIT);
    let (claimable, held) = (fixture.claimable(creator), fixture.env.balance(fixture.token));
    fixture.env.chain.destroy(&fixture.token, held - EXISTENTIAL_DEPOSIT).unwrap();
    let sold = fixture.sell(ana, trade.tokens, 0);
    TokenFixture::assert_refused(sold, TokenError::TransferFailed);
    let claimed = fixture.env.call(creator, 0, sale(fixture.token).claim());
    TokenFixture::assert_refused(claimed, TokenError::TransferFailed);
    assert_eq!(fixture.tokens_of(ana), trade.tokens);
    assert_eq!(fixture.claimable(creator), claimable);
    assert_eq!(fixture.env.ask(sale(fixture.token).reserve()), trade.amount - trade.fee);
}

#[test]
fn a_sale_matches_its_quote_and_returns_the_deposit() {
    let mut fixture = TokenFixture::default();
    let (creator, ana) = (fixture.env.creator, fixture.env.ana);
    let bought = fixture.try_buy(ana, 50 * UNIT, ana, 0, None);
    let tokens = bought.value.unwrap().tokens;
    let quote = fixture.env.ask(sale(fixture.token).quote_sell(tokens)).unwrap();
    let before = fixture.env.balance(ana);
    let sold = fixture.sell(ana, tokens, quote.amount);
    assert_eq!(sold.value, Ok(quote));
    assert_returned(bought.deposit, &[sold.deposit]);
    assert_eq!(fixture.env.balance(ana).checked_add_signed(sold.deposit), Some(before + quote.amount));
    let said = Sold { seller: ana, tokens, payout: quote.amount, fee: quote.fee };
    assert_events(&sold, fixture.token, &[destroyed(ana, tokens), event(&said, &[])]);
    assert_eq!(fixture.tokens_of(ana), 0);
    assert_eq!(fixture.supply(), 0);
    fixture.assert_holds_what_it_owes(&[creator]);
}

#[test]
fn a_partial_sale_keeps_the_rest() {
    let mut fixture = TokenFixture::default();
    let ana = fixture.env.ana;
    let tokens = fixture.buy(ana, 50 * UNIT).tokens;
    let sold = fixture.sell(ana, TOKEN, 0);
    assert_eq!(sold.value.map(|trade| trade.tokens), Ok(TOKEN));
    assert_eq!(fixture.tokens_of(ana), tokens - TOKEN);
    assert_eq!(fixture.supply(), tokens - TOKEN);
    assert_eq!(sold.deposit, 0);
}

#[test]
fn the_whole_supply_can_be_sold_back_in_any_order() {
    let mut fixture = TokenFixture::default();
    let people = [fixture.env.ana, fixture.env.ben, fixture.env.cleo];
    for (who, value) in people.into_iter().zip([3, 1_777, 19]) {
        fixture.buy(who, value * UNIT);
    }
    for who in [people[1], people[0], people[2]] {
        let tokens = fixture.tokens_of(who);
        fixture.sell(who, tokens / 3, 0).value.unwrap();
        fixture.sell(who, tokens - tokens / 3, 0).value.unwrap();
    }
    assert_eq!(fixture.supply(), 0);
    let creator = fixture.env.creator;
    fixture.assert_holds_what_it_owes(&[creator]);
}

#[test]
fn a_buy_at_the_cap_gets_the_last_tokens_and_its_change() {
    let mut fixture = TokenFixture::new(&TokenTerms { cap: Some(10 * TOKEN), ..token_terms() });
    let (ana, ben) = (fixture.env.ana, fixture.env.ben);
    let before = fixture.env.balance(ana);
    let bought = fixture.try_buy(ana, 1_000 * UNIT, ana, 0, None);
    assert_eq!(bought.value.map(|trade| trade.tokens), Ok(10 * TOKEN));
    let paid = 11_025 * UNIT / 1_000;
    assert_eq!(fixture.env.balance(ana).checked_add_signed(bought.deposit), Some(before - paid));
    let late = fixture.try_buy(ben, 1_000 * UNIT, ben, 0, None);
    TokenFixture::assert_refused(late, TokenError::CapReached { available: 0 });
    assert_eq!(
        fixture.env.ask(sale(fixture.token).quote_buy(UNIT)),
        Err(TokenError::CapReached { available: 0 }.into())
    );
}

#[test]
fn a_buy_below_its_minimum_is_refused_and_returns_the_value() {
    let mut fixture = TokenFixture::default();
    let ana = fixture.env.ana;
    let tokens = fixture.env.ask(sale(fixture.token).quote_buy(UNIT)).unwrap().tokens;
    let before = fixture.env.balance(ana);
    let refused = fixture.try_buy(ana, UNIT, ana, tokens + 1, None);
    TokenFixture::assert_refused(refused, TokenError::TooFewTokens { tokens });
    assert_eq!(fixture.env.balance(ana), before);
    let nothing = fixture.try_buy(ana, 0, ana, 0, None);
    TokenFixture::assert_refused(nothing, TokenError::TooFewTokens { tokens: 0 });
    assert_eq!(fixture.env.ask(sale(fixture.token).quote_buy(0)), Err(TokenError::TooFewTokens { tokens: 0 }.into()));
}

#[test]
fn a_sale_below_its_minimum_is_refused_and_keeps_the_tokens() {
    let mut fixture = TokenFixture::default();
    let ana = fixture.env.ana;
    let tokens = fixture.buy(ana, 20 * UNIT).tokens;
    let payout = fixture.env.ask(sale(fixture.token).quote_sell(tokens)).unwrap().amount;
    let refused = fixture.sell(ana, tokens, payout + 1);
    TokenFixture::assert_refused(refused, TokenError::PayoutTooLow { payout });
    let nothing = fixture.sell(ana, 0, 0);
    TokenFixture::assert_refused(nothing, TokenError::PayoutTooLow { payout: 0 });
    assert_eq!(fixture.env.ask(sale(fixture.token).quote_sell(0)), Err(TokenError::PayoutTooLow { payout: 0 }.into()));
    assert_eq!(fixture.tokens_of(ana), tokens);
}

#[test]
fn a_sale_above_the_balance_is_refused() {
    let mut fixture = TokenFixture::default();
    let (ana, ben) = (fixture.env.ana, fixture.env.ben);
    let tokens = fixture.buy(ana, 20 * UNIT).tokens;
    let too_many = fixture.sell(ana, tokens + 1, 0);
    TokenFixture::assert_refused(too_many, TokenError::InsufficientBalance { balance: tokens });
    let none = fixture.sell(ben, 1, 0);
    TokenFixture::assert_refused(none, TokenError::InsufficientBalance { balance: 0 });
    let quote = fixture.env.ask(sale(fixture.token).quote_sell(tokens + 1));
    assert_eq!(quote, Err(TokenError::InsufficientBalance { balance: tokens }.into()));
}

#[test]
fn the_launch_guard_counts_tokens_bought_by_and_for_an_account() {
    let launch_guard = LaunchGuard { until: GENESIS_TIME + DAY, max_tokens: 2 * TOKEN };
    let mut fixture = TokenFixture::new(&TokenTerms { launch_guard, ..token_terms() });
    let (ana, ben, cleo) = (fixture.env.ana, fixture.env.ben, fixture.env.cleo);
    let refused = fixture.try_buy(ana, 10 * UNIT, ana, 0, None);
    TokenFixture::assert_refused(refused, TokenError::LaunchLimit { room: 2 * TOKEN });
    let bought = fixture.buy(ana, UNIT).tokens;
    let room = 2 * TOKEN - bought;
    let gift = fixture.try_buy(ben, 2 * UNIT, ana, 0, None);
    TokenFixture::assert_refused(gift, TokenError::LaunchLimit { room });
    let exact = fixture.env.call(ana, 10 * UNIT, sale(fixture.token).buy_exact(ana, 2 * TOKEN, None));
    TokenFixture::assert_refused(exact, TokenError::LaunchLimit { room });
    // What ana buys for others counts as hers too.
    let for_others = fixture.env.call(ana, 10 * UNIT, sale(fixture.token).buy_exact(cleo, 2 * TOKEN, None));
    TokenFixture::assert_refused(for_others, TokenError::LaunchLimit { room });
    fixture.env.call(ana, 10 * UNIT, sale(fixture.token).buy_exact(cleo, TOKEN / 2, None)).value.unwrap();
    let room = room - TOKEN / 2;
    fixture.env.chain.advance(DAY - 1);
    let early = fixture.try_buy(ana, 10 * UNIT, ana, 0, None);
    TokenFixture::assert_refused(early, TokenError::LaunchLimit { room });
    fixture.env.chain.advance(1);
    assert!(fixture.buy(ana, 10 * UNIT).tokens > 2 * TOKEN);
}

#[test]
fn transferring_tokens_makes_no_room_under_the_launch_guard() {
    let launch_guard = LaunchGuard { until: GENESIS_TIME + DAY, max_tokens: 10 * TOKEN };
    let mut fixture = TokenFixture::new(&TokenTerms { launch_guard, ..token_terms() });
    let (ana, ben) = (fixture.env.ana, fixture.env.ben);
    let buy = |fixture: &mut TokenFixture| {
        fixture.env.call(ana, 100 * UNIT, sale(fixture.token).buy_exact(ana, 10 * TOKEN, None))
    };
    buy(&mut fixture).value.unwrap();
    fixture.env.call(ana, 0, contracts::psp22(fixture.token).transfer(ben, 10 * TOKEN, vec![])).value.unwrap();
    let refused = buy(&mut fixture);
    TokenFixture::assert_refused(refused, TokenError::LaunchLimit { room: 0 });
    // Selling makes no room either.
    fixture.sell(ben, 10 * TOKEN, 0).value.unwrap();
    let refused = buy(&mut fixture);
    TokenFixture::assert_refused(refused, TokenError::LaunchLimit { room: 0 });
}

#[test]
fn anyone_prunes_launch_guard_counts_after_it_and_gets_the_deposit() {
    let launch_guard = LaunchGuard { until: GENESIS_TIME + DAY, max_tokens: 10 * TOKEN };
    let mut fixture = TokenFixture::new(&TokenTerms { launch_guard, ..token_terms() });
    let (ana, ben) = (fixture.env.ana, fixture.env.ben);
    fixture.buy(ana, UNIT);
    let deposit = fixture.try_buy(ben, UNIT, ben, 0, None).deposit;
    fixture.env.chain.advance(DAY - 1);
    let early = fixture.env.call(ana, 0, sale(fixture.token).prune_bought(ben));
    TokenFixture::assert_refused(early, TokenError::GuardActive);
    fixture.env.chain.advance(1);
    let pruned = fixture.env.call(ana, 0, sale(fixture.token).prune_bought(ben));
    assert_eq!(pruned.value, Ok(()));
    assert_eq!(pruned.events, vec![]);
    // The rest of the deposit is for the balance.
    assert!(pruned.deposit < 0 && -pruned.deposit < deposit, "{} of {deposit}", pruned.deposit);
    let again = fixture.env.call(ana, 0, sale(fixture.token).prune_bought(ben));
    assert_eq!(again.value, Ok(()));
    assert_eq!(again.deposit, 0);
    // After the guard, a buy stores no count.
    fixture.buy(ben, UNIT);
    let nothing = fixture.env.call(ana, 0, sale(fixture.token).prune_bought(ben));
    assert_eq!(nothing.value, Ok(()));
    assert_eq!(nothing.deposit, 0);
}

#[test]
fn one_query_returns_the_state_of_the_sale() {
    let launch_guard = LaunchGuard { until: 5, max_tokens: 6 };
    let mut fixture = TokenFixture::new(&TokenTerms { referral_bp: 100, launch_guard, ..token_terms() });
    let ana = fixture.env.ana;
    let trade = fixture.buy(ana, 50 * UNIT);
    let state = fixture.env.ask(sale(fixture.token).curve());
    assert_eq!(state.curve.base_price, UNIT);
    assert_eq!(state.curve.slope, UNIT / 100);
    assert_eq!(state.curve.unit, TOKEN);
    assert_eq!(state.cap, 1_000 * TOKEN);
    assert_eq!(state.sold, trade.tokens);
    assert_eq!(state.burned, 0);
    assert_eq!(state.reserve, trade.amount - trade.fee);
    assert_eq!(state.fees, trade.fee);
    assert_eq!(state.buy_fee_bp, 500);
    assert_eq!(state.sell_fee_bp, 200);
    assert_eq!(state.referral_bp, 100);
    assert_eq!(state.launch_guard, launch_guard);
    assert!(!state.paused);
}
