use crate::patronage::PayError;
use patronage_core::access::{InvalidAudience, PurchaseError};

/// Why a registry refused. Nothing has changed when one of these is returned. Amounts are in planck.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
pub enum RegistryError {
    /// Only the owner may do that.
    NotOwner,
    /// There is no content with that number.
    UnknownContent,
    /// Content needs a URI.
    UriEmpty,
    /// A URI is at most `most` bytes long.
    UriTooLong { most: u32 },
    /// The public key is all zeros, which nothing can be encrypted to.
    InvalidKey,
    /// The rules are not valid.
    Audience(InvalidAudience),
    /// A rule, or the vault to be paid, is the registry itself. It is neither token nor vault.
    NamesRegistry,
    /// All numbers are used up.
    TooManyContents,
    /// Only the owner and managers may do that.
    NotManager,
    /// Only the proposed owner may accept.
    NotProposed,
    /// A price must be from 1 to `most`.
    PriceOutOfRange { most: u128 },
    /// A price needs a vault that the money goes to, and the registry names none.
    NoVault,
    /// The content has no price, or is retired.
    NotForSale,
    /// The price is now `price`, which is above the caller's limit.
    PriceTooHigh { price: u128 },
    /// That costs `least`, which is more than was sent.
    PaymentTooSmall { least: u128 },
    /// It was bought for this account before.
    AlreadyBought,
    /// The vault does not take the payment.
    Refused(PayError),
    /// The vault trapped, gave no answer that makes sense, or is no vault.
    VaultFailed,
    /// The chain refused to return the rest of the payment, for example an amount below the existential deposit to an account
    /// that does not exist.
    TransferFailed,
    /// One call takes at most `most` of them.
    TooManyAtOnce { most: u32 },
    /// Only the answers for the first `fit` fit into one answer: ask for no more at once.
    AnswerTooLong { fit: u32 },
    /// The content can be opened from `release` on (ms), which is later than the caller's limit.
    ReleasedTooLate { release: u64 },
    /// The content was sold, so that its release can't be later than `latest` (ms).
    ReleaseSold { latest: u64 },
    /// Limits of questions must be from the least to the most that are possible.
    LimitsOutOfRange,
}

impl From<InvalidAudience> for RegistryError {
    fn from(error: InvalidAudience) -> Self {
        Self::Audience(error)
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
