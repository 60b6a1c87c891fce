//! How values are stored: both databases know 64-bit integers and text.

use patronage_chain::accounts::{address, parse_address};
use patronage_interfaces::{vault::Asset, AccountId};

use crate::IndexError;

/// An amount as text that sorts as the number.
pub fn amount_text(amount: u128) -> String {
    format!("{amount:039}")
}

/// The amount of [`amount_text`].
pub fn amount_of(text: &str) -> Result<u128, IndexError> {
    text.parse().map_err(|_| IndexError::Damaged(format!("\"{text}\" is no amount")))
}

/// A time, a block or a number of the chain as SQL's integer. Times of the contracts are far below 2^63 ms.
pub fn integer(number: impl TryInto<i64>) -> i64 {
    number.try_into().unwrap_or(i64::MAX)
}

/// The number of [`integer`].
pub fn number<T: TryFrom<i64>>(stored: i64) -> Result<T, IndexError> {
    T::try_from(stored).map_err(|_| IndexError::Damaged(format!("{stored} is out of range")))
}

/// The account with this address.
pub fn account_of(text: &str) -> Result<AccountId, IndexError> {
    parse_address(text).map_err(IndexError::Damaged)
}

/// An asset as text: empty for the chain's own token.
pub fn asset_text(asset: &Asset) -> String {
    match asset {
        Asset::Native => String::new(),
        Asset::Psp22(token) => address(token),
    }
}

/// The asset of [`asset_text`].
pub fn asset_of(text: &str) -> Result<Asset, IndexError> {
    match text {
        "" => Ok(Asset::Native),
        token => Ok(Asset::Psp22(account_of(token)?)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_sort_as_text_and_come_back() {
        let amounts = [0, 9, 10, u128::from(u64::MAX), u128::MAX];
        let texts = amounts.map(amount_text);
        assert!(texts.is_sorted() && texts.iter().all(|text| text.len() == 39));
        assert_eq!(texts.map(|text| amount_of(&text).ok()), amounts.map(Some));
        assert!(amount_of("-1").is_err());
    }

    #[test]
    fn assets_come_back() {
        for asset in [Asset::Native, Asset::Psp22(AccountId::from([7; 32]))] {
            assert_eq!(asset_of(&asset_text(&asset)).ok(), Some(asset));
        }
        assert!(asset_of("nonsense").is_err());
    }
}
