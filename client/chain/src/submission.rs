//! Transactions that are recorded before they are sent, so that their status can be determined after an interruption.

use crate::ChainError;

/// A transaction that is about to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Submission {
    /// SCALE encoding of the signed transaction. A chain in this process needs no signature, and uses a unique identifier.
    pub transaction: Vec<u8>,
    /// Nonce of the account. The chain includes at most one transaction with each nonce.
    pub nonce: u64,
    /// Number of the birth block of its mortal era. It can't be included before this block.
    pub birth: u32,
}

impl Submission {
    /// Its BLAKE2b-256 hash, as shown in explorers.
    pub fn hash(&self) -> [u8; 32] {
        sp_core::hashing::blake2_256(&self.transaction)
    }
}

/// The final status of a transaction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SubmissionStatus {
    /// A finalized block contains it, and it succeeded.
    Done {
        /// Fee in planck.
        fee: u128,
        /// Storage deposit in planck. Negative if it was returned.
        deposit: i128,
    },
    /// A finalized block contains it, and it failed with this error of the runtime. Only the fee was charged.
    Failed(String),
    /// No block contains it, and none ever will.
    Dropped,
}

/// Records transactions before they are sent.
pub trait SubmissionRecorder {
    /// Records that `submission` will be sent next.
    ///
    /// # Errors
    ///
    /// If it can't be recorded. In that case, it is not sent.
    fn sending(&mut self, submission: &Submission) -> Result<(), ChainError>;

    /// Records that the transaction was rejected before it was propagated. No block will contain it.
    ///
    /// # Errors
    ///
    /// If it can't be recorded.
    fn rejected(&mut self) -> Result<(), ChainError>;
}

/// Records nothing.
impl SubmissionRecorder for () {
    fn sending(&mut self, _: &Submission) -> Result<(), ChainError> {
        Ok(())
    }

    fn rejected(&mut self) -> Result<(), ChainError> {
        Ok(())
    }
}
