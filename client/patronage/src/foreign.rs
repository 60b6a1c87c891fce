//! PSP22 tokens of others.
//!
//! Anyone can pay in any contract that calls itself a PSP22 token. What it answers, and whether it answers at all, must not
//! stop anything but what is done in this token itself. So a contract of others is only asked through this module: where the
//! answer makes no sense there is another one, and only a chain that can't be asked is an error.

use patronage_chain::{accounts::address, units::Unit, Chain, ChainError, Messages};
use patronage_interfaces::AccountId;
use psp22::{PSP22Metadata, PSP22};

use crate::{escape, suite};

/// More decimals than an amount has digits say nothing.
const MOST_DECIMALS: u8 = 38;
/// Characters of a symbol that is shown. What is longer is no symbol.
const MOST_SYMBOL: usize = 16;

/// What a contract of others answered; `None` where it trapped, took all gas, does not know the message, or answered something
/// else.
///
/// # Errors
///
/// [`ChainError::Unavailable`] and [`ChainError::Funds`], which say nothing about the contract.
pub fn answered<R>(answer: Result<R, ChainError>) -> Result<Option<R>, ChainError> {
    match answer {
        Ok(answer) => Ok(Some(answer)),
        Err(error @ (ChainError::Unavailable(_) | ChainError::Funds(_))) => Err(error),
        Err(_) => Ok(None),
    }
}

/// Unit of the PSP22 token at `token`. The token's address is part of it, so that no symbol passes for that of another token.
/// Where the token does not say its decimals, amounts are in smallest units.
///
/// # Errors
///
/// [`ChainError::Unavailable`].
pub fn unit_of(chain: &mut dyn Chain, token: AccountId) -> Result<Unit, ChainError> {
    let decimals = answered(chain.ask_stranger(suite::psp22_metadata(token).token_decimals()))?;
    let Some(decimals) = decimals.filter(|decimals| *decimals <= MOST_DECIMALS) else {
        return Ok(smallest(token));
    };
    let symbol = answered(chain.ask_stranger(suite::psp22_metadata(token).token_symbol()))?.flatten();
    Ok(named(symbol.as_deref(), decimals, token))
}

/// Unit of a token that was not asked for its decimals, or did not say them.
pub fn smallest(token: AccountId) -> Unit {
    Unit::of_token(format!("smallest units of {}", address(&token)), 0)
}

/// Unit of the creator's own token, on a chain whose own token has the unit `native`: by its symbol alone, unless that is none
/// or is also the chain's.
pub fn own_unit(symbol: &str, decimals: u8, token: AccountId, native: &Unit) -> Unit {
    match is_symbol(symbol) && symbol.to_lowercase() != native.symbol.to_lowercase() {
        true => Unit::of_token(symbol, decimals.min(MOST_DECIMALS)),
        false => named(Some(symbol), decimals.min(MOST_DECIMALS), token),
    }
}

/// Whether the contract at `token` answers as a PSP22 token when it is asked for a balance.
///
/// # Errors
///
/// [`ChainError::Unavailable`].
pub fn is_token(chain: &mut dyn Chain, token: AccountId) -> Result<bool, ChainError> {
    Ok(answered(chain.ask_stranger(suite::psp22(token).balance_of(token)))?.is_some())
}

fn named(symbol: Option<&str>, decimals: u8, token: AccountId) -> Unit {
    let symbol = symbol.filter(|symbol| is_symbol(symbol)).unwrap_or("tokens");
    Unit::of_token(format!("{symbol} of {}", address(&token)), decimals)
}

/// Whether `text` is one short word that everybody sees.
fn is_symbol(text: &str) -> bool {
    let length = text.chars().count();
    (1..=MOST_SYMBOL).contains(&length) && !text.contains(char::is_whitespace) && escape::is_plain(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_symbol_that_is_none_or_the_chains_own_comes_with_the_address() {
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
