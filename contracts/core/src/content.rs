//! A piece of content: its file, its terms, and how it is sold.

use crate::{
    access::{Audience, InvalidAudience},
    limits::Limits,
};
#[cfg(feature = "codec")]
use {
    parity_scale_codec::{Decode, Encode},
    scale_info::TypeInfo,
};

/// Number of a piece of content in its registry.
pub type ContentId = u32;

/// The maximum length of the URI of a file, in bytes.
pub const MAX_URI: u32 = 256;

/// Terms on which a piece of content may be opened.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "codec", derive(Encode, Decode, TypeInfo))]
#[cfg_attr(feature = "codec", derive(ink_lite::Decode))]
pub struct Terms<Id> {
    /// Who may open it without buying it.
    pub audience: Audience<Id>,
    /// Price of permanent access, in planck; `None` if it is not for sale.
    pub price: Option<u128>,
    /// The first millisecond in which anyone can open it, buyers included; 0 for at once.
    pub release: u64,
    /// Whether it is withdrawn. Retired content is not for sale, and only its buyers may open it.
    pub retired: bool,
}

/// Record of a piece of content, with all that access depends on.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "codec", derive(Encode, Decode, TypeInfo))]
#[cfg_attr(feature = "codec", derive(ink_lite::Decode))]
pub struct Entry<Id> {
    /// The present terms.
    pub terms: Terms<Id>,
    /// Whether anyone has bought it. Without a sale the evaluation reads no purchase.
    pub sold: bool,
}

/// Why terms are not valid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InvalidTerms {
    /// The rules are not valid.
    Audience(InvalidAudience),
    /// The price is 0 or exceeds `most` planck.
    PriceOutOfRange {
        /// The greatest value that is valid.
        most: u128,
    },
}

/// Why a purchase failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PurchaseError {
    /// The content has no price, or is retired.
    NotForSale,
    /// The price is `price` planck, above the buyer's limit.
    PriceTooHigh {
        /// The price now.
        price: u128,
    },
    /// The price is `least` planck, and less was paid.
    PaymentTooSmall {
        /// The smallest value that is valid.
        least: u128,
    },
    /// The content is released at `release` (ms), later than the buyer's limit.
    ReleasedTooLate {
        /// Time of the release, in ms.
        release: u64,
    },
}

/// Why a file is not valid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InvalidFile {
    /// The URI is empty.
    UriEmpty,
    /// The URI is longer than `most` bytes.
    UriTooLong {
        /// The greatest value that is valid.
        most: u32,
    },
    /// The public key is all zeros, so nothing can be encrypted to it.
    InvalidKey,
}

/// Validates the URI of a file and the public key that the file is encrypted to.
///
/// # Errors
/// The first rule that they break.
pub fn validate_file(uri: &[u8], public_key: &[u8; 32]) -> Result<(), InvalidFile> {
    if uri.is_empty() {
        return Err(InvalidFile::UriEmpty);
    }
    if uri.len() > MAX_URI as usize {
        return Err(InvalidFile::UriTooLong { most: MAX_URI });
    }
    if *public_key == [0; 32] {
        return Err(InvalidFile::InvalidKey);
    }
    Ok(())
}

impl<Id> Entry<Id> {
    /// The latest release (ms) that new terms may have. Buyers were promised the present release, so after the first sale it
    /// cannot move to a later time.
    pub fn latest_release(&self) -> u64 {
        if self.sold {
            self.terms.release
        } else {
            u64::MAX
        }
    }
}

impl<Id> From<Audience<Id>> for Terms<Id> {
    /// Terms for this audience: released at once, and not for sale.
    fn from(audience: Audience<Id>) -> Self {
        Self { audience, price: None, release: 0, retired: false }
    }
}

impl<Id> Terms<Id> {
    /// Validates rules and price.
    ///
    /// # Errors
    /// The first rule that the terms break.
    pub fn validate(&self, limits: &Limits) -> Result<(), InvalidTerms> {
        self.audience.validate().map_err(InvalidTerms::Audience)?;
        let most = limits.max_balance;
        if self.price.is_some_and(|price| price == 0 || price > most) {
            return Err(InvalidTerms::PriceOutOfRange { most });
        }
        Ok(())
    }

    /// Present price of permanent access, in planck; `None` if the content is not for sale.
    pub fn for_sale(&self) -> Option<u128> {
        self.price.filter(|_| !self.retired)
    }

    /// Sells to a buyer who accepts a price of at most `max_price` and a release until `latest_release` (ms), and has paid
    /// `paid`. Amounts are in planck. Returns the price and the change.
    ///
    /// # Errors
    /// `NotForSale`, `PriceTooHigh`, `ReleasedTooLate`, `PaymentTooSmall`.
    pub fn sell(&self, max_price: u128, latest_release: u64, paid: u128) -> Result<(u128, u128), PurchaseError> {
        let price = self.for_sale().ok_or(PurchaseError::NotForSale)?;
        if price > max_price {
            return Err(PurchaseError::PriceTooHigh { price });
        }
        if self.release > latest_release {
            return Err(PurchaseError::ReleasedTooLate { release: self.release });
        }
        match paid.checked_sub(price) {
            Some(change) => Ok((price, change)),
            None => Err(PurchaseError::PaymentTooSmall { least: price }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::vec;

    #[test]
    fn a_file_needs_a_uri_within_the_limit_and_a_key() {
        let longest = vec![b'u'; MAX_URI as usize];
        let too_long = vec![b'u'; MAX_URI as usize + 1];
        assert_eq!(validate_file(b"u", &[1; 32]), Ok(()));
        assert_eq!(validate_file(&longest, &[1; 32]), Ok(()));
        assert_eq!(validate_file(&too_long, &[1; 32]), Err(InvalidFile::UriTooLong { most: MAX_URI }));
        assert_eq!(validate_file(b"", &[1; 32]), Err(InvalidFile::UriEmpty));
        assert_eq!(validate_file(b"u", &[0; 32]), Err(InvalidFile::InvalidKey));
    }
}
