use patronage_interfaces::AccountId;
use sp_core::sr25519;

use crate::{keys::Key, ContractEvent, Weight};

/// The sender of a transaction.
#[derive(Clone)]
pub struct Signer {
    account: AccountId,
    key: Option<Key>,
}

impl Signer {
    /// The account that sends and pays.
    pub fn account(&self) -> AccountId {
        self.account
    }

    /// The key to sign with. A chain in this process needs none.
    pub fn key(&self) -> Option<&Key> {
        self.key.as_ref()
    }
}

impl From<AccountId> for Signer {
    fn from(account: AccountId) -> Self {
        Self { account, key: None }
    }
}

impl From<Key> for Signer {
    fn from(key: Key) -> Self {
        Self { account: key.account(), key: Some(key) }
    }
}

impl From<sr25519::Pair> for Signer {
    fn from(pair: sr25519::Pair) -> Self {
        Key::from(pair).into()
    }
}

/// The target of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target<'a> {
    /// Calls a contract.
    Contract(AccountId),
    /// Uploads this code, if the chain does not have it yet.
    Code(&'a [u8]),
    /// Instantiates a contract. Its address follows from the deployer, the code, the data and the salt.
    New {
        /// Wasm code. It is uploaded if the chain does not have it yet.
        code: &'a [u8],
        /// Distinguishes instances that are equal otherwise.
        salt: &'a [u8],
    },
}

/// A call, without its sender.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Call<'a> {
    /// The target.
    pub target: Target<'a>,
    /// Transferred value in planck.
    pub value: u128,
    /// SCALE encoding of selector and arguments.
    pub data: &'a [u8],
}

/// The result of a transaction or of a dry run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// The contract's SCALE-encoded answer. A node does not keep answers of transactions, so behind a node this is the answer of the dry run
    /// right before. The events have the final values.
    pub output: Vec<u8>,
    /// Whether the contract returned an error. In that case, only the fee was charged.
    pub reverted: bool,
    /// The new contract, if there is one.
    pub contract: Option<AccountId>,
    /// Consumed weight.
    pub weight: Weight,
    /// Storage deposit in planck. Positive if charged to the sender, negative if returned.
    pub deposit: i128,
    /// Fee in planck, without value and deposit. For a dry run, the maximum fee.
    pub fee: u128,
    /// Events of all called contracts, in order. May be empty after a dry run.
    pub events: Vec<ContractEvent>,
}
