//! What is asked of a chain with `pallet-contracts`, whether it runs in this process or behind a node.
//!
//! A backend implements [`Chain`], which knows nothing of messages: bytes in, bytes out. [`Messages`] makes typed calls of
//! it for every backend. Money in the messages of the suite is u128 whatever the width of the chain's own balances, so one
//! encoding serves every chain.

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

use ink::primitives::LangError;
use patronage_interfaces::AccountId;

pub use event::{ContractEvent, PastEvent};
use funds::{Funds, Shortfall};
pub use messages::{decode_answer, encoded, Message, Messages, Receipt};
pub use properties::{Properties, Width};
use submission::{Fate, Record, Submission};
pub use transaction::{Call, Outcome, Signer, Target};
pub use weight::Weight;

/// Why a chain gave no answer at all. A contract's own error is an answer and is not here.
#[derive(Debug, thiserror::Error)]
pub enum ChainError {
    /// The chain refused or stopped the call: it trapped, ran out of gas, or the caller could not pay.
    #[error("the chain refused the call: {0}")]
    Refused(String),
    /// The callee has no such message, or could not decode the arguments.
    #[error("the contract does not know this message ({0:?})")]
    Language(LangError),
    /// The answer is not of the promised type.
    #[error("the contract's answer can't be decoded: {}", hexadecimal(.0))]
    Undecodable(Vec<u8>),
    /// The sender does not have what the call takes. Nothing was sent.
    #[error("{0}")]
    Funds(Box<Shortfall>),
    /// The chain can't be used at all: its node does not answer, or its folder can't be read or written. In words, with what
    /// to do.
    #[error("{0}")]
    Unavailable(String),
}

/// A chain with `pallet-contracts`. Calls block until there is an answer.
pub trait Chain {
    /// What never changes about it.
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

    /// What `who` has of native money, and how much of it can't leave the account.
    ///
    /// # Errors
    ///
    /// [`ChainError::Unavailable`].
    fn funds_of(&mut self, who: &AccountId) -> Result<Funds, ChainError> {
        Ok(Funds { free: self.balance_of(who)?, kept: self.properties().existential_deposit })
    }

    /// Hash of the code of `contract`; `None` where the account is no contract.
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

    /// What `call` from `from` would do now. Nothing changes. It is tried exactly as [`submit`](Self::submit) would send it,
    /// so what this refuses is not sent either.
    ///
    /// # Errors
    ///
    /// When there is no answer, or the account can't pay what it takes; an answer that is an error is an outcome.
    fn dry_run(&mut self, from: &AccountId, call: &Call<'_>) -> Result<Outcome, ChainError>;

    /// What `call`, which only reads, would answer now within this `weight`. A chain on which nothing can be limited may take more.
    ///
    /// # Errors
    ///
    /// As for [`dry_run`](Self::dry_run), and when it takes more.
    fn ask_within(&mut self, weight: Weight, call: &Call<'_>) -> Result<Outcome, ChainError> {
        let _ = weight;
        self.dry_run(&nobody(), call)
    }

    /// Sends `call` and waits until a block has it that stays. It is tried right before, with the limits that are signed: on
    /// a chain that does not change meanwhile, it does not fail.
    ///
    /// # Errors
    ///
    /// When there is no answer, or the account can't pay what it takes; an answer that is an error is an outcome.
    fn submit(&mut self, signer: &Signer, call: &Call<'_>) -> Result<Outcome, ChainError>;

    /// As [`submit`](Self::submit), with the transaction given to `record` before it is sent.
    ///
    /// # Errors
    ///
    /// As for [`submit`](Self::submit), and when `record` fails: then nothing was sent.
    fn submit_recorded(
        &mut self,
        signer: &Signer,
        call: &Call<'_>,
        record: &mut dyn Record,
    ) -> Result<Outcome, ChainError>;

    /// What came of a transaction of `from` that was recorded earlier. Where it may still happen, sends it again, which can't
    /// make it happen twice, and waits until it is decided.
    ///
    /// # Errors
    ///
    /// [`ChainError::Unavailable`], when the chain does not tell, or it is not decided after some minutes.
    fn resume(&mut self, from: &AccountId, submission: &Submission) -> Result<Fate, ChainError>;

    /// Events of `contracts` from block `from_block` on, oldest first.
    ///
    /// # Errors
    ///
    /// [`ChainError::Unavailable`], also where a node no longer has the blocks.
    fn history(&mut self, contracts: &[AccountId], from_block: u32) -> Result<Vec<PastEvent>, ChainError>;
}

/// A chain for trying things, whose time and money can be had for nothing.
pub trait Trial: Chain {
    /// Lets `milliseconds` pass.
    ///
    /// # Errors
    ///
    /// When this is no such chain, or it can't be used.
    fn advance(&mut self, milliseconds: u64) -> Result<(), ChainError>;

    /// Gives `who` another `amount` planck.
    ///
    /// # Errors
    ///
    /// When this is no such chain, refuses the amount, or can't be used.
    fn fund(&mut self, who: &AccountId, amount: u128) -> Result<(), ChainError>;
}

/// Who asks where it does not matter who does: an account that nobody has a key to.
pub fn nobody() -> AccountId {
    AccountId::from([1; 32])
}

/// `bytes` as 0x and hexadecimal digits.
pub fn hexadecimal(bytes: &[u8]) -> String {
    format!("0x{}", hex::encode(bytes))
}
