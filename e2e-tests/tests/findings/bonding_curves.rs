//! Bonding curves: loops of buying, burning and selling.

use patronage::contracts;
use patronage_interfaces::token::{CreatorToken, TokenTerms};
use psp22::PSP22Burnable;
use test_kit::{token_fixture::TokenFixture, token_terms, TOKEN, UNIT};

/// On curves that price by the supply, burning lowers the price for everyone else and the burner buys below the reserve. Here
/// burned tokens stay in the position: no loop gains, and nobody's payout changes.
#[test]
fn no_loop_of_buying_burning_and_selling_gains() {
    for slope in [0, 1, UNIT / 100, 7 * UNIT] {
        let terms = TokenTerms { slope, buy_fee_bp: 0, sell_fee_bp: 0, ..token_terms() };
        let mut sale = TokenFixture::new(&terms);
        let (ana, ben, token) = (sale.env.ana, sale.env.ben, sale.token);
        let bens = sale.buy(ben, 50 * UNIT).tokens;
        let bens_worth = sale.env.ask(contracts::sale(token).quote_sell(bens)).unwrap().amount;
        let (mut paid, mut got) = (0, 0);
        for (value, burned) in
            [(UNIT, 0), (20 * UNIT, 1), (20 * UNIT, TOKEN / 3), (3 * UNIT, TOKEN / 7), (99 * UNIT, 1)]
        {
            let trade = sale.buy(ana, value);
            paid += trade.amount;
            let burned = burned.min(trade.tokens - 1);
            let quotes = |sale: &mut TokenFixture| {
                let sell = sale.env.ask(contracts::sale(token).quote_sell(bens)).unwrap();
                let buy = sale.env.ask(contracts::sale(token).quote_buy_exact(TOKEN)).unwrap();
                [sell.amount, buy.amount]
            };
            let before = quotes(&mut sale);
            if burned > 0 {
                sale.env.call(ana, 0, contracts::psp22_burnable(token).burn(burned)).value.unwrap();
            }
            assert_eq!(quotes(&mut sale), before, "slope {slope}: burning {burned} changes a price");
            got += sale.sell(ana, trade.tokens - burned, 0).value.map_or(0, |trade| trade.amount);
            assert!(got <= paid, "slope {slope}: {got} for {paid}");
        }
        let now = sale.env.ask(contracts::sale(token).quote_sell(bens)).unwrap().amount;
        assert!(now >= bens_worth, "slope {slope}: {now} instead of {bens_worth}");
        // Everything can still be sold back.
        let rest = sale.tokens_of(ana);
        if rest > 0 {
            sale.sell(ana, rest, 0).value.ok();
        }
        assert_eq!(sale.sell(ben, bens, now).value.unwrap().tokens, bens);
        let creator = sale.env.creator;
        sale.assert_holds_what_it_owes(&[creator]);
    }
}
