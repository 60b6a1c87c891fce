//! The sale of a token on its curve: quotes, fees, and the reserve that buys tokens back.

mod terms;

use crate::{
    bp,
    curve::{Curve, MAX_DECIMALS},
    error::TokenError,
    limits::Limits,
};
use alloc::boxed::Box;
pub use terms::{LaunchGuard, TermsError, TokenTerms, MAX_FEE_BP, MAX_NAME};

/// What a buy or a sale does, or would do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "codec", derive(parity_scale_codec::Encode, parity_scale_codec::Decode))]
#[cfg_attr(all(feature = "codec", feature = "std"), derive(scale_info::TypeInfo))]
pub struct Trade {
    /// Smallest token units bought or sold.
    pub tokens: u128,
    /// Planck that the buyer pays, or that the seller receives.
    pub amount: u128,
    /// The creator's fee in planck: included in `amount` for a buy, already deducted from it for a sale.
    pub fee: u128,
}

/// State of a sale. Amounts of tokens are in smallest units, amounts of money in planck.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "codec", derive(parity_scale_codec::Encode, parity_scale_codec::Decode))]
#[cfg_attr(all(feature = "codec", feature = "std"), derive(scale_info::TypeInfo))]
#[cfg_attr(feature = "codec", derive(ink_lite::Decode))]
pub struct Sale {
    /// The price line.
    pub curve: Curve,
    /// Upper bound of `sold`.
    pub cap: u128,
    /// Tokens sold and not sold back: the position on the curve.
    pub sold: u128,
    /// Tokens that their holders burned. They leave the supply but not the position, so burning changes no price. Nobody
    /// can sell them back. So the position never falls below their number, the area under it stays in the reserve for good,
    /// and they still count against the cap.
    pub burned: u128,
    /// Money that is held to buy tokens back: at least the area below `sold`.
    pub reserve: u128,
    /// Fees of the creator that were not claimed.
    pub fees: u128,
    /// Creator's fee on top of the cost of a buy, in basis points of the cost.
    pub buy_fee_bp: u16,
    /// Creator's fee out of the proceeds of a sale, in basis points of the proceeds.
    pub sell_fee_bp: u16,
    /// Referrer's share of the creator's fee, in basis points of the fee.
    pub referral_bp: u16,
    /// Limit per account for the first hours.
    pub launch_guard: LaunchGuard,
    /// Whether buying is suspended. Selling is always possible.
    pub paused: bool,
}

impl Sale {
    /// A sale on these terms that has sold nothing yet.
    ///
    /// The reserve and the price of a whole token stay within half of the largest balance. So no trade below the cap can
    /// overflow: fees fit on top.
    ///
    /// # Errors
    /// The first rule that the terms break.
    pub fn new(terms: &TokenTerms, limits: &Limits) -> Result<Self, TermsError> {
        terms.validate_names()?;
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
        let limit = limits.max_balance >> 1;
        // With 0 the first unit already raises the price above the limit.
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

    /// Returns the number of tokens that exist.
    pub fn supply(&self) -> u128 {
        // Only tokens that were sold and not sold back can be burned.
        self.sold.wrapping_sub(self.burned)
    }

    /// Returns the number of tokens that can still be bought.
    pub fn available(&self) -> u128 {
        // `sold` never exceeds the cap.
        self.cap.wrapping_sub(self.sold)
    }

    /// Returns the present price, in planck per whole token, rounded up.
    pub fn spot_price(&self) -> u128 {
        self.curve.price(self.sold)
    }

    /// Quotes a buy for `value` planck, fee included: as many tokens as it pays for, at least `min_tokens` and at least 1.
    ///
    /// # Errors
    /// `Paused`, `CapReached`, `TooFewTokens`.
    pub fn quote_buy(&self, value: u128, min_tokens: u128) -> Result<Trade, Box<TokenError>> {
        let available = self.on_sale()?;
        if available == 0 {
            return Err(Box::new(TokenError::CapReached { available }));
        }
        let budget = bp::without_surcharge(value, self.buy_fee_bp);
        let tokens = self.curve.tokens_for(self.sold, available, budget);
        if tokens < min_tokens.max(1) {
            return Err(Box::new(TokenError::TooFewTokens { tokens }));
        }
        Ok(self.price_of(tokens))
    }

    /// Quotes a buy of exactly `tokens`, at least 1.
    ///
    /// # Errors
    /// `Paused`, `CapReached`, `TooFewTokens`.
    pub fn quote_buy_exact(&self, tokens: u128) -> Result<Trade, Box<TokenError>> {
        let available = self.on_sale()?;
        if tokens == 0 {
            return Err(Box::new(TokenError::TooFewTokens { tokens }));
        }
        if tokens > available {
            return Err(Box::new(TokenError::CapReached { available }));
        }
        Ok(self.price_of(tokens))
    }

    /// Quotes a sale of `tokens` by an account with this `balance`. It must pay at least `min_payout` planck and at least
    /// 1.
    ///
    /// # Errors
    /// `InsufficientBalance`, `PayoutTooLow`.
    pub fn quote_sell(&self, tokens: u128, balance: u128, min_payout: u128) -> Result<Trade, Box<TokenError>> {
        if tokens > balance {
            return Err(Box::new(TokenError::InsufficientBalance { balance }));
        }
        let area = self.curve.worth(self.sold, tokens);
        let fee = bp::share_up(area, self.sell_fee_bp);
        // The fee is a share of the area.
        let payout = area.wrapping_sub(fee);
        if payout < min_payout.max(1) {
            return Err(Box::new(TokenError::PayoutTooLow { payout }));
        }
        Ok(Trade { tokens, amount: payout, fee })
    }

    /// Returns the number of smallest units that can be bought now.
    fn on_sale(&self) -> Result<u128, Box<TokenError>> {
        if self.paused {
            return Err(Box::new(TokenError::Paused));
        }
        Ok(self.available())
    }

    /// Returns the price of the next `tokens`, which must be available.
    fn price_of(&self, tokens: u128) -> Trade {
        let area = self.curve.cost(self.sold, tokens);
        let fee = bp::share_up(area, self.buy_fee_bp);
        // The area is at most half of the largest balance, and the fee at most a tenth of the area.
        Trade { tokens, amount: area.wrapping_add(fee), fee }
    }

    /// Records a `trade` that was just quoted and that the launch guard allows. Returns the referrer's share of the fee.
    /// Without a referrer the share is 0 and the creator gets the whole fee.
    pub fn buy(&mut self, trade: &Trade, referred: bool) -> u128 {
        let share = if referred { bp::share_down(trade.fee, self.referral_bp) } else { 0 };
        // The quote keeps the position within the cap. The money is in one account of the chain, so the sums do not
        // overflow.
        self.sold = self.sold.wrapping_add(trade.tokens);
        self.reserve = self.reserve.wrapping_add(trade.amount.wrapping_sub(trade.fee));
        self.fees = self.fees.wrapping_add(trade.fee.wrapping_sub(share));
        share
    }

    /// Records a `trade` that was just quoted by [`Sale::quote_sell`].
    pub fn sell(&mut self, trade: &Trade) {
        // The quote takes no more than the supply, and the reserve covers the area below the position.
        self.sold = self.sold.wrapping_sub(trade.tokens);
        self.reserve = self.reserve.wrapping_sub(trade.amount.wrapping_add(trade.fee));
        // This was just taken out of the reserve.
        self.fees = self.fees.wrapping_add(trade.fee);
    }

    /// Removes burned tokens from the supply. The caller has checked that their holder had them.
    pub fn burn(&mut self, tokens: u128) {
        // Burned tokens were sold, and no more exist than were sold.
        self.burned = self.burned.wrapping_add(tokens);
    }

    /// Sets both fees for later trades.
    ///
    /// # Errors
    /// `FeeTooHigh` with the present fee, if one would rise.
    pub fn lower_fees(&mut self, buy_fee_bp: u16, sell_fee_bp: u16) -> Result<(), TermsError> {
        if buy_fee_bp > self.buy_fee_bp {
            return Err(TermsError::FeeTooHigh { max_bp: self.buy_fee_bp });
        }
        if sell_fee_bp > self.sell_fee_bp {
            return Err(TermsError::FeeTooHigh { max_bp: self.sell_fee_bp });
        }
        self.buy_fee_bp = buy_fee_bp;
        self.sell_fee_bp = sell_fee_bp;
        Ok(())
    }
}

#[cfg(test)]
mod tests;
