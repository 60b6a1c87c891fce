use crate::patronage::PayError;
use ink::scale::{Encode, EncodeLike, Output};
use patronage_core::{
    access::InvalidAudience,
    content::{InvalidFile, InvalidTerms, PurchaseError},
};

/// Why a message of the registry failed. Nothing has changed. Amounts are in planck.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[ink::scale_derive(Decode, TypeInfo)]
pub enum RegistryError {
    /// Only the owner can do that.
    NotOwner,
    /// There is no content with that number.
    UnknownContent,
    /// The URI is empty.
    UriEmpty,
    /// The URI is longer than `most` bytes.
    UriTooLong {
        /// The maximum length, in bytes.
        most: u32,
    },
    /// The public key is all zeros, so nothing can be encrypted to it.
    InvalidKey,
    /// The rules are not valid.
    Audience(InvalidAudience),
    /// A rule or the vault names the registry itself, which is neither a token nor a vault.
    NamesRegistry,
    /// The content numbers are used up.
    TooManyContents,
    /// Only the owner and managers can do that.
    NotManager,
    /// The price is 0 or exceeds `most`.
    PriceOutOfRange {
        /// The highest price.
        most: u128,
    },
    /// A price needs a vault that receives the money, and the registry has none.
    NoVault,
    /// The content has no price, or is retired.
    NotForSale,
    /// The price is `price`, above the caller's limit.
    PriceTooHigh {
        /// The present price.
        price: u128,
    },
    /// The price is `least`, and less was sent.
    PaymentTooSmall {
        /// The price.
        least: u128,
    },
    /// The account has bought the content already.
    AlreadyBought,
    /// The vault refused the payment.
    Refused(PayError),
    /// The vault trapped, returned malformed data, or is not a vault.
    VaultFailed,
    /// The chain refused to return the change. For example, it is below the existential deposit and the account does not
    /// exist.
    TransferFailed,
    /// One call takes at most `most` items.
    TooManyAtOnce {
        /// The maximum number of items.
        most: u32,
    },
    /// Only the answers for the first `fit` ids fit into the return data.
    AnswerTooLong {
        /// How many answers fit.
        fit: u32,
    },
    /// The content is released at `release` (ms), later than the caller's limit.
    ReleasedTooLate {
        /// The release, in ms.
        release: u64,
    },
    /// The content was sold, so its release cannot be later than `latest` (ms).
    ReleaseSold {
        /// The latest release that is valid, in ms.
        latest: u64,
    },
    /// A limit is below the least or above the most that is possible.
    LimitsOutOfRange,
}

impl RegistryError {
    /// The number of the variant in SCALE: its position.
    fn number(&self) -> u8 {
        match self {
            Self::NotOwner => 0,
            Self::UnknownContent => 1,
            Self::UriEmpty => 2,
            Self::UriTooLong { .. } => 3,
            Self::InvalidKey => 4,
            Self::Audience(_) => 5,
            Self::NamesRegistry => 6,
            Self::TooManyContents => 7,
            Self::NotManager => 8,
            Self::PriceOutOfRange { .. } => 9,
            Self::NoVault => 10,
            Self::NotForSale => 11,
            Self::PriceTooHigh { .. } => 12,
            Self::PaymentTooSmall { .. } => 13,
            Self::AlreadyBought => 14,
            Self::Refused(_) => 15,
            Self::VaultFailed => 16,
            Self::TransferFailed => 17,
            Self::TooManyAtOnce { .. } => 18,
            Self::AnswerTooLong { .. } => 19,
            Self::ReleasedTooLate { .. } => 20,
            Self::ReleaseSold { .. } => 21,
            Self::LimitsOutOfRange => 22,
        }
    }
}

/// Encodes as the derived implementation does, in half of the code: fields of the same type share one branch.
impl Encode for RegistryError {
    fn encode_to<T: Output + ?Sized>(&self, to: &mut T) {
        to.push_byte(self.number());
        match self {
            Self::UriTooLong { most: value }
            | Self::TooManyAtOnce { most: value }
            | Self::AnswerTooLong { fit: value } => value.encode_to(to),
            Self::ReleasedTooLate { release: value } | Self::ReleaseSold { latest: value } => value.encode_to(to),
            Self::PriceOutOfRange { most: value }
            | Self::PriceTooHigh { price: value }
            | Self::PaymentTooSmall { least: value } => value.encode_to(to),
            Self::Audience(error) => error.encode_to(to),
            Self::Refused(error) => error.encode_to(to),
            _ => {}
        }
    }
}

impl EncodeLike for RegistryError {}

impl From<InvalidTerms> for RegistryError {
    fn from(error: InvalidTerms) -> Self {
        match error {
            InvalidTerms::Audience(error) => Self::Audience(error),
            InvalidTerms::PriceOutOfRange { most } => Self::PriceOutOfRange { most },
        }
    }
}

impl From<InvalidFile> for RegistryError {
    fn from(error: InvalidFile) -> Self {
        match error {
            InvalidFile::UriEmpty => Self::UriEmpty,
            InvalidFile::UriTooLong { most } => Self::UriTooLong { most },
            InvalidFile::InvalidKey => Self::InvalidKey,
        }
    }
}

impl From<PurchaseError> for RegistryError {
    fn from(error: PurchaseError) -> Self {
        match error {
            PurchaseError::NotForSale => Self::NotForSale,
            PurchaseError::PriceTooHigh { price } => Self::PriceTooHigh { price },
            PurchaseError::PaymentTooSmall { least } => Self::PaymentTooSmall { least },
            PurchaseError::ReleasedTooLate { release } => Self::ReleasedTooLate { release },
        }
    }
}
