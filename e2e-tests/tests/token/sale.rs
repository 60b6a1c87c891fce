//! Buying and selling on the curve.

use ::psp22::{Transfer, PSP22 as _};
use ink::primitives::AccountId;
use patronage::contracts::{self as suite, sale};
use patronage_embedded::GENESIS_TIME;
use patronage_interfaces::token::{Bought, CreatorToken as _, LaunchGuard, Sold, TokenError, TokenTerms, Trade};
use test_kit::{
    assert_events, assert_returned, event, field_topic, market::Market, token_terms, DAY, EXISTENTIAL_DEPOSIT, TOKEN,
    UNIT,
};

/// `Transfer` of new tokens, with its topics.
fn minted(to: AccountId, value: u128) -> (Vec<[u8; 32]>, Vec<u8>) {
    event(&Transfer { from: None, to: Some(to), value }, &[[0; 32], field_topic(&to)])
}

/// `Transfer` of tokens that cease to be, with its topics.
fn destroyed(from: AccountId, value: u128) -> (Vec<[u8; 32]>, Vec<u8>) {
    event(&Transfer { from: Some(from), to: None, value }, &[field_topic(&from), [0; 32]])
}

#[test]
fn a_buy_gives_what_was_quoted_and_returns_the_change() {
    let mut market = Market::default();
    let (creator, ana, ben) = (market.world.creator, market.world.ana, market.world.ben);
    // The first 10 tokens: 10 * 1 + 10 * 10 / 2 * 0.01 = 10.5, and 5 % on top. One planck more buys nothing.
    let value = 11_025 * UNIT / 1_000 + 1;
    let quote = market.world.ask(sale(market.token).quote_buy(value));
    let before = market.world.balance(ana);
    let bought = market.try_buy(ana, value, ben, 10 * TOKEN, None);
    let trade = Trade { tokens: 10 * TOKEN, amount: value - 1, fee: UNIT * 525 / 1_000 };
    assert_eq!(bought.value, Ok(trade));
    assert_eq!(quote, Ok(trade));
    assert_eq!(market.world.balance(ana).checked_add_signed(bought.deposit), Some(before - (value - 1)));
    assert_events(
        &bought,
        market.token,
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
    assert_eq!(market.tokens_of(ana), 0);
    assert_eq!(market.tokens_of(ben), trade.tokens);
    assert_eq!(market.supply(), trade.tokens);
    assert_eq!(market.world.ask(sale(market.token).reserve()), trade.amount - trade.fee);
    assert_eq!(market.world.ask(sale(market.token).spot_price()), UNIT * 11 / 10);
    market.assert_holds_what_it_owes(&[creator]);
}

#[test]
fn an_exact_buy_gives_what_was_quoted_and_returns_the_rest() {
    let mut market = Market::default();
    let (creator, ana, ben) = (market.world.creator, market.world.ana, market.world.ben);
    let quote = market.world.ask(sale(market.token).quote_buy_exact(10 * TOKEN));
    let trade = Trade { tokens: 10 * TOKEN, amount: 11_025 * UNIT / 1_000, fee: UNIT * 525 / 1_000 };
    assert_eq!(quote, Ok(trade));
    let before = market.world.balance(ana);
    let bought = market.world.call(ana, 20 * UNIT, sale(market.token).buy_exact(ben, 10 * TOKEN, None));
    assert_eq!(bought.value, Ok(trade));
    assert_eq!(market.world.balance(ana).checked_add_signed(bought.deposit), Some(before - trade.amount));
    let Trade { tokens, amount: paid, fee } = trade;
    let said = Bought { buyer: ana, recipient: ben, referrer: None, tokens, paid, fee };
    assert_events(&bought, market.token, &[minted(ben, tokens), event(&said, &[])]);
    assert_eq!(market.tokens_of(ana), 0);
    assert_eq!(market.tokens_of(ben), tokens);
    assert_eq!(market.supply(), tokens);
    market.assert_holds_what_it_owes(&[creator]);

    let next = market.world.ask(sale(market.token).quote_buy_exact(TOKEN)).unwrap();
    let exactly = market.world.call(ana, next.amount, sale(market.token).buy_exact(ana, TOKEN, None));
    assert_eq!(exactly.value, Ok(next));
}

#[test]
fn an_exact_buy_refuses_less_than_its_price_and_what_it_cannot_give() {
    let mut market = Market::new(&TokenTerms { cap: Some(10 * TOKEN), ..token_terms() });
    let ana = market.world.ana;
    let least = market.world.ask(sale(market.token).quote_buy_exact(TOKEN)).unwrap().amount;
    let before = market.world.balance(ana);
    let short = market.world.call(ana, least - 1, sale(market.token).buy_exact(ana, TOKEN, None));
    Market::assert_refused(short, TokenError::PaymentTooSmall { least });
    let none = market.world.call(ana, UNIT, sale(market.token).buy_exact(ana, 0, None));
    Market::assert_refused(none, TokenError::TooFewTokens { tokens: 0 });
    assert_eq!(
        market.world.ask(sale(market.token).quote_buy_exact(0)),
        Err(TokenError::TooFewTokens { tokens: 0 }.into())
    );
    let available = 10 * TOKEN;
    let beyond = market.world.call(ana, 100 * UNIT, sale(market.token).buy_exact(ana, available + 1, None));
    Market::assert_refused(beyond, TokenError::CapReached { available });
    let quote = market.world.ask(sale(market.token).quote_buy_exact(available + 1));
    assert_eq!(quote, Err(TokenError::CapReached { available }.into()));
    let own = market.world.call(ana, 100 * UNIT, sale(market.token).buy_exact(ana, TOKEN, Some(ana)));
    Market::assert_refused(own, TokenError::SelfReferral);
    assert_eq!(market.world.balance(ana), before);
}

#[test]
fn a_transfer_the_chain_refuses_changes_nothing() {
    let mut market = Market::default();
    let (creator, ana) = (market.world.creator, market.world.ana);
    let trade = market.buy(ana, 50 * UNIT);
    let (claimable, held) = (market.claimable(creator), market.world.balance(market.token));
    market.world.chain.destroy(&market.token, held - EXISTENTIAL_DEPOSIT).unwrap();
    let sold = market.sell(ana, trade.tokens, 0);
    Market::assert_refused(sold, TokenError::TransferFailed);
    let claimed = market.world.call(creator, 0, sale(market.token).claim());
    Market::assert_refused(claimed, TokenError::TransferFailed);
    assert_eq!(market.tokens_of(ana), trade.tokens);
    assert_eq!(market.claimable(creator), claimable);
    assert_eq!(market.world.ask(sale(market.token).reserve()), trade.amount - trade.fee);
}

#[test]
fn a_sale_pays_what_was_quoted_and_gives_the_deposit_back() {
    let mut market = Market::default();
    let (creator, ana) = (market.world.creator, market.world.ana);
    let bought = market.try_buy(ana, 50 * UNIT, ana, 0, None);
    let tokens = bought.value.unwrap().tokens;
    let quote = market.world.ask(sale(market.token).quote_sell(tokens)).unwrap();
    let before = market.world.balance(ana);
    let sold = market.sell(ana, tokens, quote.amount);
    assert_eq!(sold.value, Ok(quote));
    assert_returned(bought.deposit, &[sold.deposit]);
    assert_eq!(market.world.balance(ana).checked_add_signed(sold.deposit), Some(before + quote.amount));
    let said = Sold { seller: ana, tokens, payout: quote.amount, fee: quote.fee };
    assert_events(&sold, market.token, &[destroyed(ana, tokens), event(&said, &[])]);
    assert_eq!(market.tokens_of(ana), 0);
    assert_eq!(market.supply(), 0);
    market.assert_holds_what_it_owes(&[creator]);
}

#[test]
fn a_part_that_is_sold_leaves_the_rest() {
    let mut market = Market::default();
    let ana = market.world.ana;
    let tokens = market.buy(ana, 50 * UNIT).tokens;
    let sold = market.sell(ana, TOKEN, 0);
    assert_eq!(sold.value.map(|trade| trade.tokens), Ok(TOKEN));
    assert_eq!(market.tokens_of(ana), tokens - TOKEN);
    assert_eq!(market.supply(), tokens - TOKEN);
    assert_eq!(sold.deposit, 0);
}

#[test]
fn the_whole_supply_can_be_sold_back_in_any_order() {
    let mut market = Market::default();
    let people = [market.world.ana, market.world.ben, market.world.cleo];
    for (who, value) in people.into_iter().zip([3, 1_777, 19]) {
        market.buy(who, value * UNIT);
    }
    for who in [people[1], people[0], people[2]] {
        let tokens = market.tokens_of(who);
        market.sell(who, tokens / 3, 0).value.unwrap();
        market.sell(who, tokens - tokens / 3, 0).value.unwrap();
    }
    assert_eq!(market.supply(), 0);
    let creator = market.world.creator;
    market.assert_holds_what_it_owes(&[creator]);
}

#[test]
fn a_buy_at_the_cap_takes_what_is_left_and_returns_the_rest() {
    let mut market = Market::new(&TokenTerms { cap: Some(10 * TOKEN), ..token_terms() });
    let (ana, ben) = (market.world.ana, market.world.ben);
    let before = market.world.balance(ana);
    let bought = market.try_buy(ana, 1_000 * UNIT, ana, 0, None);
    assert_eq!(bought.value.map(|trade| trade.tokens), Ok(10 * TOKEN));
    let paid = 11_025 * UNIT / 1_000;
    assert_eq!(market.world.balance(ana).checked_add_signed(bought.deposit), Some(before - paid));
    let late = market.try_buy(ben, 1_000 * UNIT, ben, 0, None);
    Market::assert_refused(late, TokenError::CapReached { available: 0 });
    assert_eq!(
        market.world.ask(sale(market.token).quote_buy(UNIT)),
        Err(TokenError::CapReached { available: 0 }.into())
    );
}

#[test]
fn fewer_tokens_than_demanded_are_refused_and_the_money_stays() {
    let mut market = Market::default();
    let ana = market.world.ana;
    let tokens = market.world.ask(sale(market.token).quote_buy(UNIT)).unwrap().tokens;
    let before = market.world.balance(ana);
    let refused = market.try_buy(ana, UNIT, ana, tokens + 1, None);
    Market::assert_refused(refused, TokenError::TooFewTokens { tokens });
    assert_eq!(market.world.balance(ana), before);
    let nothing = market.try_buy(ana, 0, ana, 0, None);
    Market::assert_refused(nothing, TokenError::TooFewTokens { tokens: 0 });
    assert_eq!(market.world.ask(sale(market.token).quote_buy(0)), Err(TokenError::TooFewTokens { tokens: 0 }.into()));
}

#[test]
fn a_payout_below_the_demanded_is_refused_and_the_tokens_stay() {
    let mut market = Market::default();
    let ana = market.world.ana;
    let tokens = market.buy(ana, 20 * UNIT).tokens;
    let payout = market.world.ask(sale(market.token).quote_sell(tokens)).unwrap().amount;
    let refused = market.sell(ana, tokens, payout + 1);
    Market::assert_refused(refused, TokenError::PayoutTooLow { payout });
    let nothing = market.sell(ana, 0, 0);
    Market::assert_refused(nothing, TokenError::PayoutTooLow { payout: 0 });
    assert_eq!(market.world.ask(sale(market.token).quote_sell(0)), Err(TokenError::PayoutTooLow { payout: 0 }.into()));
    assert_eq!(market.tokens_of(ana), tokens);
}

#[test]
fn nobody_sells_what_they_do_not_have() {
    let mut market = Market::default();
    let (ana, ben) = (market.world.ana, market.world.ben);
    let tokens = market.buy(ana, 20 * UNIT).tokens;
    let too_many = market.sell(ana, tokens + 1, 0);
    Market::assert_refused(too_many, TokenError::InsufficientBalance { balance: tokens });
    let none = market.sell(ben, 1, 0);
    Market::assert_refused(none, TokenError::InsufficientBalance { balance: 0 });
    let quote = market.world.ask(sale(market.token).quote_sell(tokens + 1));
    assert_eq!(quote, Err(TokenError::InsufficientBalance { balance: tokens }.into()));
}

#[test]
fn the_launch_guard_counts_what_an_account_buys_and_gets_until_it_ends() {
    let launch_guard = LaunchGuard { until: GENESIS_TIME + DAY, max_tokens: 2 * TOKEN };
    let mut market = Market::new(&TokenTerms { launch_guard, ..token_terms() });
    let (ana, ben, cleo) = (market.world.ana, market.world.ben, market.world.cleo);
    let refused = market.try_buy(ana, 10 * UNIT, ana, 0, None);
    Market::assert_refused(refused, TokenError::LaunchLimit { room: 2 * TOKEN });
    let bought = market.buy(ana, UNIT).tokens;
    let room = 2 * TOKEN - bought;
    let gift = market.try_buy(ben, 2 * UNIT, ana, 0, None);
    Market::assert_refused(gift, TokenError::LaunchLimit { room });
    let exact = market.world.call(ana, 10 * UNIT, sale(market.token).buy_exact(ana, 2 * TOKEN, None));
    Market::assert_refused(exact, TokenError::LaunchLimit { room });
    // What ana buys for others is hers, too.
    let for_others = market.world.call(ana, 10 * UNIT, sale(market.token).buy_exact(cleo, 2 * TOKEN, None));
    Market::assert_refused(for_others, TokenError::LaunchLimit { room });
    market.world.call(ana, 10 * UNIT, sale(market.token).buy_exact(cleo, TOKEN / 2, None)).value.unwrap();
    let room = room - TOKEN / 2;
    market.world.chain.advance(DAY - 1);
    let early = market.try_buy(ana, 10 * UNIT, ana, 0, None);
    Market::assert_refused(early, TokenError::LaunchLimit { room });
    market.world.chain.advance(1);
    assert!(market.buy(ana, 10 * UNIT).tokens > 2 * TOKEN);
}

#[test]
fn passing_tokens_on_makes_no_room_under_the_launch_guard() {
    let launch_guard = LaunchGuard { until: GENESIS_TIME + DAY, max_tokens: 10 * TOKEN };
    let mut market = Market::new(&TokenTerms { launch_guard, ..token_terms() });
    let (ana, ben) = (market.world.ana, market.world.ben);
    let buy =
        |market: &mut Market| market.world.call(ana, 100 * UNIT, sale(market.token).buy_exact(ana, 10 * TOKEN, None));
    buy(&mut market).value.unwrap();
    market.world.call(ana, 0, suite::psp22(market.token).transfer(ben, 10 * TOKEN, vec![])).value.unwrap();
    let refused = buy(&mut market);
    Market::assert_refused(refused, TokenError::LaunchLimit { room: 0 });
    // Selling back makes none either.
    market.sell(ben, 10 * TOKEN, 0).value.unwrap();
    let refused = buy(&mut market);
    Market::assert_refused(refused, TokenError::LaunchLimit { room: 0 });
}

#[test]
fn anyone_deletes_launch_guard_counts_after_it_for_their_deposit() {
    let launch_guard = LaunchGuard { until: GENESIS_TIME + DAY, max_tokens: 10 * TOKEN };
    let mut market = Market::new(&TokenTerms { launch_guard, ..token_terms() });
    let (ana, ben) = (market.world.ana, market.world.ben);
    market.buy(ana, UNIT);
    let deposit = market.try_buy(ben, UNIT, ben, 0, None).deposit;
    market.world.chain.advance(DAY - 1);
    let early = market.world.call(ana, 0, sale(market.token).prune_bought(ben));
    Market::assert_refused(early, TokenError::GuardActive);
    market.world.chain.advance(1);
    let pruned = market.world.call(ana, 0, sale(market.token).prune_bought(ben));
    assert_eq!(pruned.value, Ok(()));
    assert_eq!(pruned.events, vec![]);
    // The rest of the deposit is for the balance.
    assert!(pruned.deposit < 0 && -pruned.deposit < deposit, "{} of {deposit}", pruned.deposit);
    let again = market.world.call(ana, 0, sale(market.token).prune_bought(ben));
    assert_eq!(again.value, Ok(()));
    assert_eq!(again.deposit, 0);
    // After the guard a buy keeps no count.
    market.buy(ben, UNIT);
    let nothing = market.world.call(ana, 0, sale(market.token).prune_bought(ben));
    assert_eq!(nothing.value, Ok(()));
    assert_eq!(nothing.deposit, 0);
}

#[test]
fn the_state_of_the_sale_is_told_at_once() {
    let launch_guard = LaunchGuard { until: 5, max_tokens: 6 };
    let mut market = Market::new(&TokenTerms { referral_bp: 100, launch_guard, ..token_terms() });
    let ana = market.world.ana;
    let trade = market.buy(ana, 50 * UNIT);
    let state = market.world.ask(sale(market.token).curve());
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
