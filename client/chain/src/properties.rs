use ink::scale::{Decode, Encode, Error};

use crate::{units::Unit, ChainError};

/// Width of a chain's own balances. Contracts are built for one of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Width {
    /// 64 bits, as on Bittensor.
    U64,
    /// 128 bits, as on most chains.
    U128,
}

impl Width {
    /// Name of the type, which is also how `scripts/build --balance` calls it.
    pub fn name(self) -> &'static str {
        match self {
            Self::U64 => "u64",
            Self::U128 => "u128",
        }
    }

    /// The most planck that a balance of this width can be.
    pub fn most(self) -> u128 {
        match self {
            Self::U64 => u64::MAX.into(),
            Self::U128 => u128::MAX,
        }
    }

    /// `planck` as a balance of this width, SCALE encoded.
    ///
    /// # Errors
    ///
    /// When no such balance can be so much.
    pub fn encode(self, planck: u128) -> Result<Vec<u8>, ChainError> {
        match self {
            Self::U128 => Ok(planck.encode()),
            Self::U64 => match u64::try_from(planck) {
                Ok(planck) => Ok(planck.encode()),
                Err(_) => Err(ChainError::Refused("there is not so much money on this chain: send less".to_owned())),
            },
        }
    }

    /// The balance of this width that `input` begins with, in planck.
    ///
    /// # Errors
    ///
    /// When there are too few bytes.
    pub fn decode(self, input: &mut &[u8]) -> Result<u128, Error> {
        match self {
            Self::U128 => u128::decode(input),
            Self::U64 => u64::decode(input).map(Into::into),
        }
    }

    /// Decimals of the token of a chain that does not say.
    pub fn decimals(self) -> u8 {
        match self {
            Self::U64 => 9,
            Self::U128 => 12,
        }
    }
}

/// What is the same for as long as a chain lives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Properties {
    /// Hash of the first block: no two chains share it.
    pub genesis: [u8; 32],
    /// Decimals of the chain's own token.
    pub decimals: u8,
    /// Symbol of the chain's own token.
    pub symbol: String,
    /// Planck that an account needs to exist.
    pub existential_deposit: u128,
    /// Storage deposit for one more record, in planck.
    pub item_deposit: u128,
    /// Storage deposit for one more byte in a record, in planck.
    pub byte_deposit: u128,
    /// Width of its balances.
    pub width: Width,
    /// Whether this is a chain for trying things, on which the development accounts, whose keys everybody knows, may be
    /// named.
    pub development: bool,
}

impl Properties {
    /// The chain's own token.
    pub fn unit(&self) -> Unit {
        Unit { symbol: self.symbol.clone(), decimals: self.decimals, most: self.width.most() }
    }
}
