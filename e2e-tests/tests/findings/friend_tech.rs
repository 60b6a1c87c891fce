//! friend.tech, and Stars Arena, which copied it.

use hostile::Behaviour;
use patronage::contracts;
use patronage_interfaces::token::{CreatorToken, TokenError, Trade};
use test_kit::{token_fixture::TokenFixture, TOKEN, UNIT};

use super::input;

/// friend.tech kept what was sent above the price. Here the change returns in the same call, to the planck.
#[test]
fn money_above_the_price_returns_with_the_call() {
    let mut sale = TokenFixture::default();
    let (ana, token) = (sale.env.ana, sale.token);
    let price = sale.env.ask(contracts::sale(token).quote_buy_exact(3 * TOKEN)).unwrap().amount;
    let before = sale.env.balance(ana);
    let bought = sale.env.call(ana, price + 77 * UNIT, contracts::sale(token).buy_exact(ana, 3 * TOKEN, None));
    assert_eq!(bought.value.unwrap().amount, price);
    assert_eq!(sale.env.balance(ana).checked_add_signed(bought.deposit), Some(before - price));
}

/// friend.tech had no bound on the price, so whoever traded before a fan took the difference. Here each trade names its worst
/// result, and fails beyond it.
#[test]
fn a_trade_put_before_a_fans_cannot_worsen_it_beyond_the_bound() {
    let mut sale = TokenFixture::default();
    let (ana, ben, token) = (sale.env.ana, sale.env.ben, sale.token);
    let Trade { tokens, amount, .. } = sale.env.ask(contracts::sale(token).quote_buy(20 * UNIT)).unwrap();
    sale.buy(ben, 500 * UNIT);
    let late = sale.try_buy(ana, 20 * UNIT, ana, tokens, None).value.unwrap_err();
    assert!(matches!(*late, TokenError::TooFewTokens { tokens: fewer } if fewer < tokens), "{late:?}");
    let exact = sale.env.call(ana, amount, contracts::sale(token).buy_exact(ana, tokens, None)).value.unwrap_err();
    assert!(matches!(*exact, TokenError::PaymentTooSmall { least } if least > amount), "{exact:?}");
    let mine = sale.buy(ana, 20 * UNIT).tokens;
    let payout = sale.env.ask(contracts::sale(token).quote_sell(mine)).unwrap().amount;
    let rest = sale.tokens_of(ben);
    sale.sell(ben, rest, 0).value.unwrap();
    let less = sale.sell(ana, mine, payout).value.unwrap_err();
    assert!(matches!(*less, TokenError::PayoutTooLow { payout: now } if now < payout), "{less:?}");
    assert_eq!(sale.tokens_of(ana), mine);
}

/// friend.tech paid the creator's fee within each trade, so a creator who refuses money stopped all trades. Here fees wait for
/// `claim`.
#[test]
fn a_recipient_of_fees_that_traps_stops_no_trade() {
    let mut sale = TokenFixture::default();
    let (ana, creator, token) = (sale.env.ana, sale.env.creator, sale.token);
    let trap = sale.env.hostile(&Behaviour::Trap);
    sale.env.call(creator, 0, contracts::sale(token).set_fee_recipient(trap)).value.unwrap();
    let before = sale.env.balance(trap);
    let bought = sale.try_buy(ana, 50 * UNIT, ana, 1, Some(trap)).value.unwrap();
    let sold = sale.sell(ana, bought.tokens, 1).value.unwrap();
    assert_eq!(sale.claimable(trap), bought.fee + sold.fee);
    assert_eq!(sale.env.balance(trap), before);
    sale.assert_holds_what_it_owes(&[trap, creator]);
}

/// Stars Arena (2023-10): the payout ran the seller's code before the sale was recorded, so the seller set the price within
/// its own sale. Here storage changes before money leaves, a transfer runs no code, and a second entry is impossible.
#[test]
fn stars_arena_a_contract_that_sells_gets_the_price_of_its_tokens_once() {
    let mut sale = TokenFixture::default();
    let (ana, token) = (sale.env.ana, sale.token);
    let tokens = 2 * TOKEN;
    let attacker =
        sale.env.hostile(&Behaviour::Ask { contract: token, input: input(contracts::sale(token).sell(tokens, 0)) });
    sale.buy(ana, 100 * UNIT);
    sale.try_buy(ana, 100 * UNIT, attacker, tokens, None).value.unwrap();
    let held = sale.tokens_of(attacker);
    let before = sale.env.balance(attacker);
    let (mut sold, mut paid) = (0, 0);
    while sold + tokens <= held {
        let quote = sale.env.ask(contracts::sale(token).quote_sell(tokens)).unwrap().amount;
        let poke = sale.env.call(ana, 0, contracts::sale(attacker).sell(0, 0)).value;
        assert_eq!(poke.unwrap().amount, quote);
        (sold, paid) = (sold + tokens, paid + quote);
        assert_eq!(sale.tokens_of(attacker), held - sold);
        assert_eq!(sale.env.balance(attacker), before + paid);
    }
    assert!(sold > 0);
    let poke = sale.env.call(ana, 0, contracts::sale(attacker).sell(0, 0)).value;
    assert_eq!(poke, Err(TokenError::InsufficientBalance { balance: held - sold }.into()));
    let creator = sale.env.creator;
    sale.assert_holds_what_it_owes(&[creator]);
}
