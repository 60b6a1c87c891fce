use super::Audience;
#[cfg(feature = "codec")]
use {
    parity_scale_codec::{Decode, Encode},
    scale_info::TypeInfo,
};

/// On which terms a piece of content may be opened.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "codec", derive(Encode, Decode, TypeInfo))]
pub struct Terms<Id> {
    /// Who may open it without buying it.
    pub audience: Audience<Id>,
    /// What access for good costs, in planck; `None` for not for sale.
    pub price: Option<u128>,
    /// The first millisecond in which anyone can open it, those too who have bought it; 0 for at once.
    pub release: u64,
    /// Whether it is withdrawn: then it is no longer for sale, and only those who have bought it may open it.
    pub retired: bool,
}

/// What is kept to decide about access to a piece of content.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "codec", derive(Encode, Decode, TypeInfo))]
pub struct Entry<Id> {
    /// The terms now.
    pub terms: Terms<Id>,
    /// Whether anyone has bought it: only then it has to be looked up who.
    pub sold: bool,
}

/// Why nothing is sold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PurchaseError {
    /// It has no price, or is retired.
    NotForSale,
    /// It costs `price` planck, which is more than the buyer agrees to.
    PriceTooHigh { price: u128 },
    /// It costs `least` planck, which is more than was paid.
    PaymentTooSmall { least: u128 },
    /// It can be opened from `release` on (ms), which is later than the buyer agrees to.
    ReleasedTooLate { release: u64 },
}

impl<Id> Entry<Id> {
    /// The latest release (ms) that new terms can have: of what was sold not later than those who have bought it were told, as they
    /// can open it from then on.
    pub fn latest_release(&self) -> u64 {
        if self.sold {
            self.terms.release
        } else {
            u64::MAX
        }
    }
}

impl<Id> From<Audience<Id>> for Terms<Id> {
    /// For this audience at once, and not for sale.
    fn from(audience: Audience<Id>) -> Self {
        Self { audience, price: None, release: 0, retired: false }
    }
}

impl<Id> Terms<Id> {
    /// Whether the price, if there is one, is from 1 to `most` planck.
    pub fn has_possible_price(&self, most: u128) -> bool {
        self.price.is_none_or(|price| (1..=most).contains(&price))
    }

    /// What access for good costs now, in planck; `None` where it is not for sale.
    pub fn for_sale(&self) -> Option<u128> {
        self.price.filter(|_| !self.retired)
    }

    /// Sells to who agrees to `max_price` and has paid `paid`, both in planck, and agrees to wait until `latest_release` (ms).
    /// Returns the price and the change.
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
