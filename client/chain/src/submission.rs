//! Transactions that are recorded before they are sent, so that whoever was interrupted finds out later what came of them.

use crate::ChainError;

/// A transaction that is about to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Submission {
    /// The signed transaction, SCALE encoded. A chain in this process needs no signature: there it is a number that no other
    /// transaction has.
    pub transaction: Vec<u8>,
    /// How many transactions its account had sent before it. No two of them with the same number can happen.
    pub nonce: u64,
    /// Number of the block from which its life counts. It can't happen before.
    pub birth: u32,
}

impl Submission {
    /// Its BLAKE2b-256 hash, by which explorers find it.
    pub fn hash(&self) -> [u8; 32] {
        sp_core::hashing::blake2_256(&self.transaction)
    }
}

/// What came of a transaction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fate {
    /// It is in a block that stays, and did what it was for.
    Done {
        /// Fee in planck.
        fee: u128,
        /// Storage deposit in planck, negative where it came back.
        deposit: i128,
    },
    /// It is in a block that stays, and changed nothing but the fee. With the name of the runtime's error.
    Failed(String),
    /// It has not happened, and never will.
    Dropped,
}

/// Who is told about a transaction while it is sent.
pub trait Record {
    /// It will be sent next.
    ///
    /// # Errors
    ///
    /// When that can't be recorded. Then it is not sent.
    fn sending(&mut self, submission: &Submission) -> Result<(), ChainError>;

    /// It was refused before anybody else knew of it. It will never happen.
    ///
    /// # Errors
    ///
    /// When that can't be recorded.
    fn rejected(&mut self) -> Result<(), ChainError>;
}

/// Records nothing.
impl Record for () {
    fn sending(&mut self, _: &Submission) -> Result<(), ChainError> {
        Ok(())
    }

    fn rejected(&mut self) -> Result<(), ChainError> {
        Ok(())
    }
}
