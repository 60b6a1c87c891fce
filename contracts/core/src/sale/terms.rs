//! Terms of a token and its sale, and what makes them valid.

use crate::{error::TokenError, limits::Limits, sale::Sale, text::Utf8Bytes};
use alloc::boxed::Box;

/// The maximum length of a token's name, and of its symbol, in bytes.
pub const MAX_NAME: u16 = 256;

/// The maximum creator fee, in basis points.
pub const MAX_FEE_BP: u16 = 1_000;

/// Terms of a token, which the creator chooses once.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "codec", derive(parity_scale_codec::Encode, parity_scale_codec::Decode))]
#[cfg_attr(all(feature = "codec", feature = "std"), derive(scale_info::TypeInfo))]
#[cfg_attr(feature = "codec", derive(ink_lite::Decode))]
pub struct TokenTerms {
    /// Name that wallets show: 1 to [`MAX_NAME`] bytes.
    pub name: Utf8Bytes,
    /// Ticker that wallets show: 1 to [`MAX_NAME`] bytes.
    pub symbol: Utf8Bytes,
    /// Number of decimals, at most [`MAX_DECIMALS`](crate::curve::MAX_DECIMALS).
    pub decimals: u8,
    /// Price of a whole token before anything is sold, in planck.
    pub base_price: u128,
    /// How much the price of a whole token rises with each whole token sold, in planck. With 0 the price is fixed.
    pub slope: u128,
    /// The maximum number of smallest units that can be sold and not sold back, burned ones included. `None` is the highest
    /// number that the arithmetic supports.
    pub cap: Option<u128>,
    /// The creator's fee on top of the price of a buy, in basis points of that price: at most [`MAX_FEE_BP`].
    pub buy_fee_bp: u16,
    /// The creator's fee out of the proceeds of a sale, in basis points of the proceeds: at most [`MAX_FEE_BP`].
    pub sell_fee_bp: u16,
    /// The referrer's share of the creator's fee on a buy, in basis points of the fee: at most 10,000.
    pub referral_bp: u16,
    /// Limit per account for the first hours, against snipers.
    pub launch_guard: LaunchGuard,
}

impl TokenTerms {
    /// Validates the terms, as the constructor of the token does.
    ///
    /// # Errors
    /// The first rule that the terms break.
    pub fn validate(&self, limits: &Limits) -> Result<(), TermsError> {
        Sale::new(self, limits).map(|_| ())
    }

    /// Validates name and symbol.
    pub(super) fn validate_names(&self) -> Result<(), TermsError> {
        if self.name.0.is_empty() || self.symbol.0.is_empty() {
            return Err(TermsError::NameOrSymbolEmpty);
        }
        if self.name.0.len().max(self.symbol.0.len()) > MAX_NAME as usize {
            return Err(TermsError::NameOrSymbolTooLong { max: MAX_NAME });
        }
        Ok(())
    }
}

/// A limit on what an account can buy until a time, against snipers.
///
/// It counts what an account buys, for itself or for others, and what others buy for it. Tokens that the account has passed on
/// still count. Several accounts of one person count separately.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "codec", derive(parity_scale_codec::Encode, parity_scale_codec::Decode))]
#[cfg_attr(all(feature = "codec", feature = "std"), derive(scale_info::TypeInfo))]
#[cfg_attr(feature = "codec", derive(ink_lite::Decode))]
pub struct LaunchGuard {
    /// Block time at which the limit ends, in ms. With 0 there is no limit.
    pub until: u64,
    /// The maximum number of smallest units that an account can buy, as buyer and as recipient.
    pub max_tokens: u128,
}

impl LaunchGuard {
    /// Whether the limit applies at block time `now`, in ms.
    pub fn is_active(&self, now: u64) -> bool {
        now < self.until
    }

    /// Returns the new count of an account that has bought `bought` smallest units and now buys `tokens` more, while the guard
    /// is active.
    ///
    /// # Errors
    /// `LaunchLimit`.
    pub fn count(&self, bought: u128, tokens: u128) -> Result<u128, Box<TokenError>> {
        let room = self.max_tokens.saturating_sub(bought);
        if tokens > room {
            return Err(Box::new(TokenError::LaunchLimit { room }));
        }
        // At most `max_tokens`; with 0 tokens it stays `bought`.
        Ok(bought.wrapping_add(tokens))
    }
}

/// Why terms are not valid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "codec", derive(parity_scale_codec::Decode))]
#[cfg_attr(all(feature = "codec", feature = "std"), derive(scale_info::TypeInfo))]
pub enum TermsError {
    /// The name or the symbol is empty.
    NameOrSymbolEmpty,
    /// There are more than `max` decimals.
    TooManyDecimals {
        /// The maximum number of decimals.
        max: u8,
    },
    /// Base price and slope are both 0.
    PriceZero,
    /// The price of a whole token exceeds `max` planck.
    PriceTooHigh {
        /// The highest price, in planck.
        max: u128,
    },
    /// The cap is 0.
    CapZero,
    /// The chain has no money for more than `max` smallest units at these prices.
    CapTooHigh {
        /// The highest cap, in smallest units.
        max: u128,
    },
    /// A fee exceeds `max_bp` basis points, or the referral share exceeds the whole fee. Where fees can only be lowered,
    /// `max_bp` is the present fee.
    FeeTooHigh {
        /// The highest fee, in basis points.
        max_bp: u16,
    },
    /// The name or the symbol is longer than `max` bytes.
    NameOrSymbolTooLong {
        /// The maximum length, in bytes.
        max: u16,
    },
}

#[cfg(feature = "codec")]
impl TermsError {
    /// The number of the variant in SCALE: its position.
    fn number(&self) -> u8 {
        match self {
            Self::NameOrSymbolEmpty => 0,
            Self::TooManyDecimals { .. } => 1,
            Self::PriceZero => 2,
            Self::PriceTooHigh { .. } => 3,
            Self::CapZero => 4,
            Self::CapTooHigh { .. } => 5,
            Self::FeeTooHigh { .. } => 6,
            Self::NameOrSymbolTooLong { .. } => 7,
        }
    }
}

/// Encodes as the derived implementation does, in half of the code: fields of the same type share one branch.
#[cfg(feature = "codec")]
impl parity_scale_codec::Encode for TermsError {
    fn encode_to<T: parity_scale_codec::Output + ?Sized>(&self, to: &mut T) {
        to.push_byte(self.number());
        match self {
            Self::TooManyDecimals { max } => max.encode_to(to),
            Self::PriceTooHigh { max } | Self::CapTooHigh { max } => max.encode_to(to),
            Self::FeeTooHigh { max_bp: max } | Self::NameOrSymbolTooLong { max } => max.encode_to(to),
            _ => {}
        }
    }
}

#[cfg(feature = "codec")]
impl parity_scale_codec::EncodeLike for TermsError {}
