use ink::scale::{Decode, Encode, Error};

use crate::{units::Unit, ChainError};

/// Width of a chain's balances. A contract is built for one width.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Width {
    /// 64 bits, as on Bittensor.
    U64,
    /// 128 bits, as on most chains.
    U128,
}

impl Width {
    /// Name of the type, as in `scripts/build --balance`.
    pub fn name(self) -> &'static str {
        match self {
            Self::U64 => "u64",
            Self::U128 => "u128",
        }
    }

    /// Maximum balance in planck.
    pub fn max(self) -> u128 {
        match self {
            Self::U64 => u64::MAX.into(),
            Self::U128 => u128::MAX,
        }
    }

    /// SCALE encoding of `planck` as a balance of this width.
    ///
    /// # Errors
    ///
    /// If `planck` exceeds the width.
    pub fn encode(self, planck: u128) -> Result<Vec<u8>, ChainError> {
        match self {
            Self::U128 => Ok(planck.encode()),
            Self::U64 => match u64::try_from(planck) {
                Ok(planck) => Ok(planck.encode()),
                Err(_) => Err(ChainError::Refused(format!(
                    "{planck} planck exceed the 64-bit balances of this chain: choose a smaller amount"
                ))),
            },
        }
    }

    /// Decodes a balance of this width from the beginning of `input`. Returns planck.
    ///
    /// # Errors
    ///
    /// If there are too few bytes.
    pub fn decode(self, input: &mut &[u8]) -> Result<u128, Error> {
        match self {
            Self::U128 => u128::decode(input),
            Self::U64 => u64::decode(input).map(Into::into),
        }
    }

    /// Default decimals of the chain's token.
    pub fn decimals(self) -> u8 {
        match self {
            Self::U64 => 9,
            Self::U128 => 12,
        }
    }
}

/// The constant properties of a chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Properties {
    /// Hash of the genesis block, which identifies the chain.
    pub genesis: [u8; 32],
    /// Decimals of the chain's own token.
    pub decimals: u8,
    /// Symbol of the chain's own token.
    pub symbol: String,
    /// Existential deposit in planck.
    pub existential_deposit: u128,
    /// Storage deposit for one more record, in planck.
    pub item_deposit: u128,
    /// Storage deposit for one more byte in a record, in planck.
    pub byte_deposit: u128,
    /// Width of balances.
    pub width: Width,
    /// Whether this is a development chain, on which development accounts can be named.
    pub development: bool,
}

impl Properties {
    /// Unit of the chain's own token.
    pub fn unit(&self) -> Unit {
        Unit { symbol: self.symbol.clone(), decimals: self.decimals, max: self.width.max() }
    }
}
