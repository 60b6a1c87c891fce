//! The sale of a token on its curve: what buying and selling costs with the creator's fees, what may be sold to whom, and
//! what the contract must therefore hold.

use crate::{
    bp,
    curve::{Curve, MAX_DECIMALS},
};

/// The highest creator fee, in basis points.
pub const MAX_FEE_BP: u16 = 1_000;

/// What the creator decides before the first sale.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SaleTerms {
    /// Decimals of the token.
    pub decimals: u8,
    /// Planck per whole token before anything is sold.
    pub base_price: u128,
    /// How much the price of a whole token rises, in planck, with each whole token sold.
    pub slope: u128,
    /// The most smallest units that are ever sold; `None` for as many as the arithmetic carries.
    pub cap: Option<u128>,
    /// Creator's fee on top of what a buy costs, in basis points of it.
    pub buy_fee_bp: u16,
    /// Creator's fee out of what a sale brings, in basis points of it.
    pub sell_fee_bp: u16,
    /// A referrer's share of the creator's fee, in basis points of the fee.
    pub referral_bp: u16,
    /// The limit for the first hours.
    pub launch_guard: Option<LaunchGuard>,
}

/// Against snipers: until a time no account may come to hold more than so many tokens by buying.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "codec", derive(parity_scale_codec::Encode, parity_scale_codec::Decode))]
#[cfg_attr(all(feature = "codec", feature = "std"), derive(scale_info::TypeInfo))]
pub struct LaunchGuard {
    /// The limit ends at this block time, in milliseconds.
    pub until: u64,
    /// The most smallest units that an account may hold after buying.
    pub max_tokens: u128,
}

/// Why terms are refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "codec", derive(parity_scale_codec::Encode, parity_scale_codec::Decode))]
#[cfg_attr(all(feature = "codec", feature = "std"), derive(scale_info::TypeInfo))]
pub enum TermsError {
    /// Name and symbol must not be empty: wallets show nothing then.
    NameOrSymbolEmpty,
    /// More decimals than `max`.
    TooManyDecimals {
        /// The most decimals.
        max: u8,
    },
    /// Base price and slope are both zero.
    PriceZero,
    /// The price of a whole token must be at most `max` planck.
    PriceTooHigh {
        /// The highest price.
        max: u128,
    },
    /// The cap is zero.
    CapZero,
    /// At these prices no more than `max` smallest units can be sold.
    CapTooHigh {
        /// The highest cap.
        max: u128,
    },
    /// A fee above `max_bp` basis points, which is the present fee where it can only be lowered, or a referral share above
    /// the whole.
    FeeTooHigh {
        /// The highest fee in basis points.
        max_bp: u16,
    },
}

/// What one buy or sale moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Trade {
    /// Smallest units of the token.
    pub tokens: u128,
    /// Planck that go into the reserve or come out of it.
    pub area: u128,
    /// Planck for the creator.
    pub fee: u128,
}

impl Trade {
    /// What the buyer pays in all, in planck.
    pub fn paid(&self) -> u128 {
        // Both are parts of what was paid in, or checked when the trade was made.
        self.area.saturating_add(self.fee)
    }

    /// What the seller gets, in planck.
    pub fn payout(&self) -> u128 {
        // The fee is a share of the area.
        self.area.saturating_sub(self.fee)
    }
}

/// The state of a sale. Amounts of tokens are in smallest units, amounts of money in planck.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "codec", derive(parity_scale_codec::Encode, parity_scale_codec::Decode))]
#[cfg_attr(all(feature = "codec", feature = "std"), derive(scale_info::TypeInfo))]
pub struct Sale {
    /// The price line.
    pub curve: Curve,
    /// `sold` never goes above this.
    pub cap: u128,
    /// Tokens sold and not sold back: the position on the curve.
    pub sold: u128,
    /// Tokens that their holders destroyed. They leave the supply but not the position, so burning moves no price: what
    /// everyone else can sell for stays as it is. Nobody can sell them back any more, so the position never falls below
    /// their number, the area under it stays in the reserve for good, and they keep their room under the cap.
    pub burned: u128,
    /// Money that is held to buy tokens back: at least the area below `sold`.
    pub reserve: u128,
    /// The creator's fees that wait to be claimed.
    pub fees: u128,
    /// Creator's fee on top of what a buy costs, in basis points of it.
    pub buy_fee_bp: u16,
    /// Creator's fee out of what a sale brings, in basis points of it.
    pub sell_fee_bp: u16,
    /// A referrer's share of the creator's fee, in basis points of the fee.
    pub referral_bp: u16,
    /// The limit for the first hours.
    pub launch_guard: Option<LaunchGuard>,
    /// Whether buying is suspended. Selling never is.
    pub paused: bool,
}

impl Sale {
    /// A sale that has sold nothing yet.
    ///
    /// `max_balance` is the largest amount of money the chain can express. All that is ever in the reserve, and the price
    /// of a whole token, stay within half of it, so that no trade below the cap can leave the numbers: fees fit on top.
    ///
    /// # Errors
    ///
    /// Each [`TermsError`] but `NameOrSymbolEmpty`.
    pub fn new(terms: &SaleTerms, max_balance: u128) -> Result<Self, TermsError> {
        let curve = Curve::new(terms.base_price, terms.slope, terms.decimals)
            .ok_or(TermsError::TooManyDecimals { max: MAX_DECIMALS })?;
        if curve.base_price == 0 && curve.slope == 0 {
            return Err(TermsError::PriceZero);
        }
        if terms.buy_fee_bp.max(terms.sell_fee_bp) > MAX_FEE_BP {
            return Err(TermsError::FeeTooHigh { max_bp: MAX_FEE_BP });
        }
        if terms.referral_bp > bp::WHOLE {
            return Err(TermsError::FeeTooHigh { max_bp: bp::WHOLE });
        }
        let limit = max_balance >> 1;
        // Zero: already the first unit would carry the price beyond the limit.
        let max = match curve.max_position(limit) {
            None | Some(0) => return Err(TermsError::PriceTooHigh { max: limit }),
            Some(max) => max,
        };
        let cap = terms.cap.unwrap_or(max);
        if cap == 0 {
            return Err(TermsError::CapZero);
        }
        if cap > max {
            return Err(TermsError::CapTooHigh { max });
        }
        Ok(Self {
            curve,
            cap,
            sold: 0,
            burned: 0,
            reserve: 0,
            fees: 0,
            buy_fee_bp: terms.buy_fee_bp,
            sell_fee_bp: terms.sell_fee_bp,
            referral_bp: terms.referral_bp,
            launch_guard: terms.launch_guard,
            paused: false,
        })
    }

    /// All tokens there are.
    pub fn supply(&self) -> u128 {
        // Only tokens that were sold and not sold back can be burned.
        self.sold.saturating_sub(self.burned)
    }

    /// Tokens that can still be bought.
    pub fn available(&self) -> u128 {
        // `sold` never goes above the cap.
        self.cap.saturating_sub(self.sold)
    }

    /// Planck per whole token now, rounded up.
    pub fn spot_price(&self) -> u128 {
        // The terms keep the price up to the cap far below the largest integer.
        self.curve.price(self.sold).unwrap_or(u128::MAX)
    }

    /// The most tokens that `value` planck buy, fee included.
    pub fn quote_buy(&self, value: u128) -> Option<Trade> {
        let budget = bp::without_surcharge(value, self.buy_fee_bp);
        self.quote_buy_exact(self.curve.tokens_for(self.sold, self.available(), budget)?)
    }

    /// What exactly `tokens` cost. `None` where fewer are left.
    pub fn quote_buy_exact(&self, tokens: u128) -> Option<Trade> {
        if tokens > self.available() {
            return None;
        }
        let area = self.curve.cost(self.sold, tokens)?;
        Some(Trade { tokens, area, fee: bp::share_up(area, self.buy_fee_bp) })
    }

    /// What selling `tokens` back brings. `None` where fewer exist.
    pub fn quote_sell(&self, tokens: u128) -> Option<Trade> {
        if tokens > self.supply() {
            return None;
        }
        let area = self.curve.worth(self.sold, tokens)?;
        Some(Trade { tokens, area, fee: bp::share_up(area, self.sell_fee_bp) })
    }

    /// Books a trade just quoted by [`Sale::quote_buy`] or [`Sale::quote_buy_exact`], and returns the referrer's share
    /// of the fee, which is nobody's and stays with the creator where there is no referrer.
    pub fn buy(&mut self, trade: &Trade, referred: bool) -> u128 {
        let share = if referred { bp::share_down(trade.fee, self.referral_bp) } else { 0 };
        // The quote keeps the position within the cap, and the money is all in one account of the chain, so the sums fit.
        self.sold = self.sold.saturating_add(trade.tokens);
        self.reserve = self.reserve.saturating_add(trade.area);
        self.fees = self.fees.saturating_add(trade.fee.saturating_sub(share));
        share
    }

    /// Books a trade just quoted by [`Sale::quote_sell`].
    pub fn sell(&mut self, trade: &Trade) {
        // The quote takes no more than the supply, and the reserve covers the area below the position.
        self.sold = self.sold.saturating_sub(trade.tokens);
        self.reserve = self.reserve.saturating_sub(trade.area);
        // Taken out of the reserve just now.
        self.fees = self.fees.saturating_add(trade.fee);
    }

    /// Takes burned tokens out of the supply; the caller has checked that their holder had them.
    pub fn burn(&mut self, tokens: u128) {
        // All burned tokens were sold, and no more than were sold exist.
        self.burned = self.burned.saturating_add(tokens);
    }

    /// Sets both fees for trades from now on.
    ///
    /// # Errors
    ///
    /// `FeeTooHigh` with the present fee, where one would rise.
    pub fn lower_fees(&mut self, buy_fee_bp: u16, sell_fee_bp: u16) -> Result<(), TermsError> {
        for (new, max_bp) in [(buy_fee_bp, self.buy_fee_bp), (sell_fee_bp, self.sell_fee_bp)] {
            if new > max_bp {
                return Err(TermsError::FeeTooHigh { max_bp });
            }
        }
        self.buy_fee_bp = buy_fee_bp;
        self.sell_fee_bp = sell_fee_bp;
        Ok(())
    }

    /// How many tokens an account that holds `held` may buy at block time `now`, as far as the launch guard goes.
    pub fn launch_room(&self, now: u64, held: u128) -> u128 {
        match &self.launch_guard {
            Some(guard) if now < guard.until => guard.max_tokens.saturating_sub(held),
            _ => u128::MAX,
        }
    }
}

#[cfg(test)]
mod tests;
