//! Sales on all valid terms, and the money around them.

use super::*;
use std::vec::Vec;

/// A trade that does not take place.
pub const NONE: Trade = Trade { tokens: 0, amount: 0, fee: 0 };

prop_compose! {
    /// The largest balance of a chain: u128 or u64.
    pub fn any_chain()(small in any::<bool>()) -> u128 {
        if small { u64::MAX.into() } else { u128::MAX }
    }
}

prop_compose! {
    /// A sale on valid terms of every size, and the money of its chain.
    pub fn any_launch()(
        base_price in any_size(),
        slope in any_size(),
        decimals in 0..=MAX_DECIMALS,
        buy_fee_bp in 0..=MAX_FEE_BP,
        sell_fee_bp in 0..=MAX_FEE_BP,
        referral_bp in 0..=bp::WHOLE,
        all_money in any_chain(),
        cap in proptest::option::of(any_size()),
    ) -> (Sale, u128) {
        // Prices at which at least one smallest unit can be sold.
        let limit = all_money >> 1;
        let base_price = bounded(base_price, limit);
        let slope = bounded(slope, (limit - base_price).saturating_mul(10u128.pow(decimals.into())));
        let base_price = if slope == 0 { base_price.max(1) } else { base_price };
        let terms = TokenTerms { decimals, base_price, slope, buy_fee_bp, sell_fee_bp, referral_bp, ..plain() };
        let sale = sale_of(&terms, all_money).unwrap();
        let cap = cap.map(|cap| bounded(cap, sale.cap).max(1));
        (sale_of(&TokenTerms { cap, ..terms }, all_money).unwrap(), all_money)
    }
}

prop_compose! {
    /// A sale that has already sold a part of its tokens.
    pub fn any_sale()((mut sale, _) in any_launch(), sold in any_size()) -> Sale {
        let trade = buy_exact(&sale, bounded(sold, sale.available()));
        record(&mut sale, &trade, false);
        sale
    }
}

pub fn refused<T>(error: TokenError) -> Result<T, Box<TokenError>> {
    Err(error.into())
}

/// Price of exactly `tokens` of those available.
pub fn buy_exact(sale: &Sale, tokens: u128) -> Trade {
    if tokens > 0 {
        return sale.quote_buy_exact(tokens).unwrap();
    }
    assert_eq!(sale.quote_buy_exact(0), refused(TokenError::TooFewTokens { tokens: 0 }));
    NONE
}

/// What `value` buys, if anything.
pub fn buy(sale: &Sale, value: u128) -> Trade {
    sale.quote_buy(value, 0).unwrap_or_else(|error| {
        let sold_out = TokenError::CapReached { available: 0 };
        assert_eq!(*error, if sale.available() == 0 { sold_out } else { TokenError::TooFewTokens { tokens: 0 } });
        NONE
    })
}

/// What selling `tokens` pays, if anything.
pub fn sell(sale: &Sale, tokens: u128) -> Trade {
    sale.quote_sell(tokens, sale.supply(), 0).unwrap_or_else(|error| {
        assert_eq!(*error, TokenError::PayoutTooLow { payout: 0 });
        NONE
    })
}

/// Records a buy without a launch guard. Returns the referrer's share.
pub fn record(sale: &mut Sale, trade: &Trade, referred: bool) -> u128 {
    sale.buy(trade, referred)
}

/// An action, and its size.
type Step = (u8, u128);

/// A sale and all money of its chain: what the contract does not hold, fans hold. Sums are checked, as tests have
/// overflow checks.
#[derive(Debug)]
pub struct Economy {
    pub sale: Sale,
    fans: u128,
    all: u128,
}

impl Economy {
    pub fn new((sale, all): (Sale, u128)) -> Self {
        Self { sale, fans: all, all }
    }

    /// One step of a history: an action with some part of what is possible.
    pub fn execute(&mut self, (kind, amount): Step) {
        let before = self.sale;
        match kind % 6 {
            0 => {
                let value = bounded(amount, self.fans);
                let trade = buy(&self.sale, value);
                assert!(trade.amount <= value);
                self.buy(&trade, kind >= 128);
            }
            1 | 2 => {
                let trade = buy_exact(&self.sale, bounded(amount, self.sale.available()));
                if trade.amount <= self.fans {
                    self.buy(&trade, kind >= 128);
                }
            }
            3 => self.sell(bounded(amount, self.sale.supply())),
            4 => {
                let tokens = bounded(amount, self.sale.supply()) / 8;
                self.sale.burn(tokens);
                assert_eq!(self.sale, Sale { burned: before.burned + tokens, ..before });
            }
            _ => {
                self.fans += self.sale.fees;
                self.sale.fees = 0;
            }
        }
        self.check();
    }

    pub fn buy(&mut self, trade: &Trade, referred: bool) {
        let before = self.sale;
        let share = record(&mut self.sale, trade, referred);
        let expected = Sale {
            sold: before.sold + trade.tokens,
            reserve: before.reserve + (trade.amount - trade.fee),
            fees: before.fees + (trade.fee - share),
            ..before
        };
        assert_eq!(self.sale, expected);
        // Referrers are fans too.
        self.fans = self.fans - trade.amount + share;
    }

    pub fn sell(&mut self, tokens: u128) {
        let before = self.sale;
        let trade = sell(&self.sale, tokens);
        self.sale.sell(&trade);
        let expected = Sale {
            sold: before.sold - trade.tokens,
            reserve: before.reserve - (trade.amount + trade.fee),
            fees: before.fees + trade.fee,
            ..before
        };
        assert_eq!(self.sale, expected);
        self.fans += trade.amount;
    }

    /// Invariants after each call.
    pub fn check(&self) {
        let sale = &self.sale;
        assert!(sale.sold <= sale.cap && sale.burned <= sale.sold);
        assert_eq!(sale.supply(), sale.sold - sale.burned);
        assert_eq!(sale.available(), sale.cap - sale.sold);
        assert!(U512::from(sale.reserve) >= up(area(&sale.curve, 0, sale.sold)), "below the area under what is sold");
        assert_eq!(self.fans + sale.reserve + sale.fees, self.all, "money came out of nothing, or went there");
    }
}

pub fn any_history() -> impl Strategy<Value = Vec<Step>> {
    vec((any::<u8>(), any_size()), 0..24)
}
