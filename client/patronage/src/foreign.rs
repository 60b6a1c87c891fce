//! Foreign PSP22 tokens.
//!
//! Anyone can pay in any contract that claims to be a PSP22 token. A missing or malformed answer must not stop actions that do not need
//! this token. So foreign contracts are queried through this module only. It replaces malformed answers by defaults. Only a chain that
//! can't be queried is an error.

use patronage_chain::{accounts::address, units::Unit, Chain, ChainError, Messages};
use patronage_interfaces::AccountId;
use psp22::{PSP22Metadata, PSP22};

use crate::{contracts, escape};

/// Maximum number of decimals. A `u128` has at most 39 digits.
const MAX_DECIMALS: u8 = 38;
/// Maximum length of a symbol in characters. A longer symbol is ignored.
const MAX_SYMBOL: usize = 16;

/// The answer of a foreign contract. Returns `None` if the contract trapped, used all weight, does not know the message, or returned
/// malformed data.
///
/// # Errors
///
/// [`ChainError::Unavailable`] and [`ChainError::Funds`], which are not caused by the contract.
pub fn answered<R>(answer: Result<R, ChainError>) -> Result<Option<R>, ChainError> {
    match answer {
        Ok(answer) => Ok(Some(answer)),
        Err(error @ (ChainError::Unavailable(_) | ChainError::Funds(_))) => Err(error),
        Err(_) => Ok(None),
    }
}

/// Unit of the PSP22 token at `token`. The unit contains the token's address, so that a token can't pass for another by its symbol. If
/// the token does not return its decimals, amounts are in smallest units.
///
/// # Errors
///
/// [`ChainError::Unavailable`].
pub fn unit_of(chain: &mut dyn Chain, token: AccountId) -> Result<Unit, ChainError> {
    let decimals = answered(chain.query_untrusted(contracts::psp22_metadata(token).token_decimals()))?;
    let Some(decimals) = decimals.filter(|decimals| *decimals <= MAX_DECIMALS) else {
        return Ok(smallest(token));
    };
    let symbol = answered(chain.query_untrusted(contracts::psp22_metadata(token).token_symbol()))?.flatten();
    Ok(named(symbol.as_deref(), decimals, token))
}

/// Unit of a token with unknown decimals.
pub fn smallest(token: AccountId) -> Unit {
    Unit::of_token(format!("smallest units of {}", address(&token)), 0)
}

/// Unit of the creator token, on a chain whose own token has the unit `native`. It is the symbol alone, unless the symbol is not valid or
/// equals that of the chain's token.
pub fn own_unit(symbol: &str, decimals: u8, token: AccountId, native: &Unit) -> Unit {
    match is_symbol(symbol) && symbol.to_lowercase() != native.symbol.to_lowercase() {
        true => Unit::of_token(symbol, decimals.min(MAX_DECIMALS)),
        false => named(Some(symbol), decimals.min(MAX_DECIMALS), token),
    }
}

/// Whether the contract at `token` answers `balance_of` of PSP22.
///
/// # Errors
///
/// [`ChainError::Unavailable`].
pub fn is_token(chain: &mut dyn Chain, token: AccountId) -> Result<bool, ChainError> {
    Ok(answered(chain.query_untrusted(contracts::psp22(token).balance_of(token)))?.is_some())
}

fn named(symbol: Option<&str>, decimals: u8, token: AccountId) -> Unit {
    let symbol = symbol.filter(|symbol| is_symbol(symbol)).unwrap_or("tokens");
    Unit::of_token(format!("{symbol} of {}", address(&token)), decimals)
}

/// Whether `text` is a single short word without invisible characters.
fn is_symbol(text: &str) -> bool {
    let length = text.chars().count();
    (1..=MAX_SYMBOL).contains(&length) && !text.contains(char::is_whitespace) && escape::is_plain(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_invalid_symbol_or_the_chains_own_comes_with_the_address() {
        let native = Unit::of_token("UNIT", 12);
        let token = AccountId::from([7; 32]);
        let shown = |symbol: &str| own_unit(symbol, 6, token, &native).symbol;
        assert_eq!(shown("MIRA"), "MIRA");
        assert_eq!(shown("USD₮"), "USD₮");
        assert_eq!(shown("unit"), format!("unit of {}", address(&token)));
        for symbol in ["", " ", "A B", "\u{202e}TINU", "UNIT\u{200b}", "SEVENTEENLETTERS!"] {
            assert_eq!(shown(symbol), format!("tokens of {}", address(&token)), "{symbol:?}");
        }
    }
}
