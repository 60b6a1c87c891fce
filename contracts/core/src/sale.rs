//! The sale of a token on its curve: what buying and selling costs with the creator's fees, what may be sold to whom, and
//! what the contract must therefore hold.

extern crate alloc;
use crate::{
    bp,
    curve::{Curve, MAX_DECIMALS},
};
use alloc::boxed::Box;

/// Most bytes of a token's name, and of its symbol.
pub const MAX_NAME: u16 = 256;

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
    pub launch_guard: LaunchGuard,
}

/// Against snipers: until a time no account may buy more than so many tokens, for itself or for others, or have them bought for
/// it. What it has passed on since still counts. Many accounts of one buyer count each for itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "codec", derive(parity_scale_codec::Encode, parity_scale_codec::Decode))]
#[cfg_attr(all(feature = "codec", feature = "std"), derive(scale_info::TypeInfo))]
pub struct LaunchGuard {
    /// The limit ends at this block time, in milliseconds; 0 for no limit.
    pub until: u64,
    /// The most smallest units that an account may buy, as buyer and as recipient.
    pub max_tokens: u128,
}

impl LaunchGuard {
    /// Whether it limits anyone at block time `now`, in milliseconds.
    pub fn is_active(&self, now: u64) -> bool {
        now < self.until
    }

    /// What an account has bought, that has bought `bought` smallest units and now `tokens` more, while the guard is active.
    ///
    /// # Errors
    /// `LaunchLimit`.
    pub fn count(&self, bought: u128, tokens: u128) -> Result<u128, Box<TokenError>> {
        let room = self.max_tokens.saturating_sub(bought);
        if tokens > room {
            return Err(Box::new(TokenError::LaunchLimit { room }));
        }
        // At most `max_tokens`, or 0 more than what was bought.
        Ok(bought.wrapping_add(tokens))
    }
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
    /// Name and symbol can have at most `max` bytes each.
    NameOrSymbolTooLong {
        /// The most bytes.
        max: u16,
    },
}

/// What a buy or a sale does, or would do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "codec", derive(parity_scale_codec::Encode, parity_scale_codec::Decode))]
#[cfg_attr(all(feature = "codec", feature = "std"), derive(scale_info::TypeInfo))]
pub struct Trade {
    /// Smallest token units bought or sold.
    pub tokens: u128,
    /// Planck that the buyer pays or the seller gets, all told.
    pub amount: u128,
    /// The creator's fee in planck, which `amount` has in it (buying) or was made smaller by (selling).
    pub fee: u128,
}

/// Why the token refused. Nothing has changed when one of these is returned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "codec", derive(parity_scale_codec::Encode, parity_scale_codec::Decode))]
#[cfg_attr(all(feature = "codec", feature = "std"), derive(scale_info::TypeInfo))]
pub enum TokenError {
    /// The terms of the token are not possible, or a fee would rise.
    InvalidTerms(TermsError),
    /// The owner has suspended buying.
    Paused,
    /// All tokens up to the cap are sold, or more are asked for than are left.
    CapReached {
        /// Smallest units that are left.
        available: u128,
    },
    /// The money sent buys fewer tokens than demanded, or none.
    TooFewTokens {
        /// Smallest units it would buy now.
        tokens: u128,
    },
    /// The tokens cost more than was sent.
    PaymentTooSmall {
        /// Planck they cost now, fee included.
        least: u128,
    },
    /// Buyer or recipient would have bought more than the launch guard allows.
    LaunchLimit {
        /// Smallest units that account can still buy until the guard ends.
        room: u128,
    },
    /// Buyer and recipient cannot refer themselves.
    SelfReferral,
    /// The caller does not have that many tokens.
    InsufficientBalance {
        /// Smallest units the caller has, or has left after the transfers before.
        balance: u128,
    },
    /// Selling brings less than demanded, or nothing.
    PayoutTooLow {
        /// Planck it would bring now.
        payout: u128,
    },
    /// Nothing waits for the caller.
    NothingToClaim,
    /// The chain refused to move the money.
    TransferFailed,
    /// The schedule's times are out of order or more than 100 years ahead, or there is nothing to vest.
    InvalidSchedule,
    /// The caller already vests tokens for this beneficiary.
    AlreadyVesting,
    /// Nothing of the vesting is free that was not released already, or there is none.
    NothingToRelease,
    /// Only the owner may do that.
    NotOwner,
    /// Only the proposed owner may accept.
    NotProposed,
    /// What accounts have bought counts until the launch guard ends.
    GuardActive,
}

impl From<TermsError> for TokenError {
    fn from(error: TermsError) -> Self {
        Self::InvalidTerms(error)
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
    pub launch_guard: LaunchGuard,
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
    /// Each [`TermsError`] but those about name and symbol.
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
        self.sold.wrapping_sub(self.burned)
    }

    /// Tokens that can still be bought.
    pub fn available(&self) -> u128 {
        // `sold` never goes above the cap.
        self.cap.wrapping_sub(self.sold)
    }

    /// Planck per whole token now, rounded up.
    pub fn spot_price(&self) -> u128 {
        self.curve.price(self.sold)
    }

    /// What `value` planck, fee included, buy: as many tokens as they pay for, at least `min_tokens` and at least one unit.
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

    /// What exactly `tokens` cost, at least one unit.
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

    /// What selling `tokens` of the `balance` of an account brings, at least `min_payout` planck and at least one.
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

    /// Smallest units that can be bought now.
    fn on_sale(&self) -> Result<u128, Box<TokenError>> {
        if self.paused {
            return Err(Box::new(TokenError::Paused));
        }
        Ok(self.available())
    }

    /// What the next `tokens` cost, no more than are available.
    fn price_of(&self, tokens: u128) -> Trade {
        let area = self.curve.cost(self.sold, tokens);
        let fee = bp::share_up(area, self.buy_fee_bp);
        // The area is within half of all money there is, and the fee a tenth of it.
        Trade { tokens, amount: area.wrapping_add(fee), fee }
    }

    /// Books a `trade` quoted just now, which the launch guard allows. Returns the referrer's share of the fee, which is nobody's
    /// and stays with the creator where there is no referrer.
    pub fn buy(&mut self, trade: &Trade, referred: bool) -> u128 {
        let share = if referred { bp::share_down(trade.fee, self.referral_bp) } else { 0 };
        // The quote keeps the position within the cap, and the money is all in one account of the chain, so the sums fit.
        self.sold = self.sold.wrapping_add(trade.tokens);
        self.reserve = self.reserve.wrapping_add(trade.amount.wrapping_sub(trade.fee));
        self.fees = self.fees.wrapping_add(trade.fee.wrapping_sub(share));
        share
    }

    /// Books a `trade` just quoted by [`Sale::quote_sell`].
    pub fn sell(&mut self, trade: &Trade) {
        // The quote takes no more than the supply, and the reserve covers the area below the position.
        self.sold = self.sold.wrapping_sub(trade.tokens);
        self.reserve = self.reserve.wrapping_sub(trade.amount.wrapping_add(trade.fee));
        // Taken out of the reserve just now.
        self.fees = self.fees.wrapping_add(trade.fee);
    }

    /// Takes burned tokens out of the supply; the caller has checked that their holder had them.
    pub fn burn(&mut self, tokens: u128) {
        // All burned tokens were sold, and no more than were sold exist.
        self.burned = self.burned.wrapping_add(tokens);
    }

    /// Sets both fees for trades from now on.
    ///
    /// # Errors
    ///
    /// `FeeTooHigh` with the present fee, where one would rise.
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

patronage_wire::read!(
    struct LaunchGuard {
        until: u64,
        max_tokens: u128,
    }
);
patronage_wire::read!(
    struct Sale {
        curve: Curve,
        cap: u128,
        sold: u128,
        burned: u128,
        reserve: u128,
        fees: u128,
        buy_fee_bp: u16,
        sell_fee_bp: u16,
        referral_bp: u16,
        launch_guard: LaunchGuard,
        paused: bool,
    }
);

#[cfg(test)]
mod tests;
