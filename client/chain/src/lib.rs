//! The interface to a chain with `pallet-contracts`, in this process or behind a node.
//!
//! A backend implements [`Chain`], which has encoded calls and answers. [`Messages`] adds typed calls for every backend. Native amounts in
//! the contracts' messages are `u128` for every width of the chain's balances, so the encoding is the same on every chain.

pub mod accounts;
mod event;
pub mod funds;
pub mod keys;
mod messages;
mod properties;
pub mod submission;
mod transaction;
pub mod units;
mod weight;

use std::ops::RangeInclusive;

use ink::primitives::LangError;
use patronage_interfaces::AccountId;

pub use event::{ContractEvent, PastEvent};
use funds::{Funds, Shortfall};
pub use messages::{decode_answer, encoded, Message, Messages, Receipt};
pub use properties::{Properties, Width};
use submission::{Submission, SubmissionRecorder, SubmissionStatus};
pub use transaction::{Call, Outcome, Signer, Target};
pub use weight::Weight;

/// Why a chain returned no answer. A contract's own error is an answer, and not a `ChainError`.
#[derive(Debug, thiserror::Error)]
pub enum ChainError {
    /// The chain refused or stopped the call: it trapped, ran out of weight, or the caller could not pay.
    #[error("the chain refused the call: {0}")]
    Refused(String),
    /// The callee has no such message, or could not decode the arguments.
    #[error("the contract does not have this message ({0:?}): check its address")]
    Language(LangError),
    /// The answer is not of the expected type.
    #[error("malformed return data: {}", hexadecimal(.0))]
    Undecodable(Vec<u8>),
    /// The sender does not have the funds. Nothing was sent.
    #[error("{0}")]
    Funds(Box<Shortfall>),
    /// The chain can't be used: its node does not answer, or its folder can't be read or written. The message says what to do.
    #[error("{0}")]
    Unavailable(String),
}

/// A chain with `pallet-contracts`. Calls block until there is an answer.
pub trait Chain {
    /// The constant properties of the chain.
    fn properties(&self) -> &Properties;

    /// Block time in milliseconds.
    ///
    /// # Errors
    ///
    /// [`ChainError::Unavailable`].
    fn time(&mut self) -> Result<u64, ChainError>;

    /// Number of the newest block.
    ///
    /// # Errors
    ///
    /// [`ChainError::Unavailable`].
    fn block(&mut self) -> Result<u32, ChainError>;

    /// Free native balance of `who`, in planck.
    ///
    /// # Errors
    ///
    /// [`ChainError::Unavailable`].
    fn balance_of(&mut self, who: &AccountId) -> Result<u128, ChainError>;

    /// The native balance of `who`, and the part of it that can't leave the account.
    ///
    /// # Errors
    ///
    /// [`ChainError::Unavailable`].
    fn funds_of(&mut self, who: &AccountId) -> Result<Funds, ChainError> {
        Ok(Funds { free: self.balance_of(who)?, locked: self.properties().existential_deposit })
    }

    /// Hash of the code of `contract`. `None` if the account is not a contract.
    ///
    /// # Errors
    ///
    /// [`ChainError::Unavailable`].
    fn code_hash_of(&mut self, contract: &AccountId) -> Result<Option<[u8; 32]>, ChainError>;

    /// Whether the chain has the code with this hash.
    ///
    /// # Errors
    ///
    /// [`ChainError::Unavailable`].
    fn has_code(&mut self, hash: &[u8; 32]) -> Result<bool, ChainError>;

    /// Dry-runs `call` from `from`. Nothing changes. Uses the same limits as [`submit`](Self::submit), so `submit` refuses whatever this
    /// refuses.
    ///
    /// # Errors
    ///
    /// If there is no answer, or the account does not have the funds. A contract's own error is an outcome.
    fn dry_run(&mut self, from: &AccountId, call: &Call<'_>) -> Result<Outcome, ChainError>;

    /// Dry-runs `call`, which only reads, with this limit of `weight`. A backend that can't limit weight may ignore the limit.
    ///
    /// # Errors
    ///
    /// As for [`dry_run`](Self::dry_run), and if the call exceeds the limit.
    fn query_within(&mut self, weight: Weight, call: &Call<'_>) -> Result<Outcome, ChainError> {
        let _ = weight;
        self.dry_run(&dry_run_caller(), call)
    }

    /// Sends `call`, and waits until a finalized block contains it. A dry run with the signed limits comes first, so the call only fails if
    /// the chain changes in between.
    ///
    /// # Errors
    ///
    /// If there is no answer, or the account does not have the funds. A contract's own error is an outcome.
    fn submit(&mut self, signer: &Signer, call: &Call<'_>) -> Result<Outcome, ChainError>;

    /// As [`submit`](Self::submit). Passes the transaction to `record` before it is sent.
    ///
    /// # Errors
    ///
    /// As for [`submit`](Self::submit), and if `record` fails. In that case, nothing was sent.
    fn submit_recorded(
        &mut self,
        signer: &Signer,
        call: &Call<'_>,
        record: &mut dyn SubmissionRecorder,
    ) -> Result<Outcome, ChainError>;

    /// Determines the status of a transaction of `from` that was recorded earlier. If it may still be included in a block, sends it again
    /// and waits. The chain includes the same transaction only once.
    ///
    /// # Errors
    ///
    /// [`ChainError::Unavailable`] if the status can't be determined, or is not final after some minutes.
    fn resume(&mut self, from: &AccountId, submission: &Submission) -> Result<SubmissionStatus, ChainError>;

    /// Events of `contracts` in `blocks`, oldest first. Blocks that the chain does not have yet are ignored.
    ///
    /// # Errors
    ///
    /// [`ChainError::Unavailable`], also if a node no longer has the blocks.
    fn history(&mut self, contracts: &[AccountId], blocks: RangeInclusive<u32>) -> Result<Vec<PastEvent>, ChainError>;

    /// Number of the newest block that is final.
    ///
    /// # Errors
    ///
    /// [`ChainError::Unavailable`].
    fn finalized(&mut self) -> Result<u32, ChainError>;

    /// Hash of the block with this number. `None` if the chain does not have it.
    ///
    /// # Errors
    ///
    /// [`ChainError::Unavailable`].
    fn block_hash(&mut self, block: u32) -> Result<Option<[u8; 32]>, ChainError>;
}

/// A development chain, on which time can be moved and accounts can be funded.
pub trait DevChain: Chain {
    /// Moves the clock forward by `milliseconds`.
    ///
    /// # Errors
    ///
    /// If this is not a development chain, or it can't be used.
    fn advance(&mut self, milliseconds: u64) -> Result<(), ChainError>;

    /// Adds `amount` planck to the balance of `who`.
    ///
    /// # Errors
    ///
    /// If this is not a development chain, refuses the amount, or can't be used.
    fn fund(&mut self, who: &AccountId, amount: u128) -> Result<(), ChainError>;
}

/// Placeholder caller for dry runs. Nobody has a key of this account.
pub fn dry_run_caller() -> AccountId {
    AccountId::from([1; 32])
}

/// Formats `bytes` as 0x and hexadecimal digits.
pub fn hexadecimal(bytes: &[u8]) -> String {
    format!("0x{}", hex::encode(bytes))
}
