use patronage_interfaces::AccountId;
use sp_core::sr25519;

use crate::{keys::Key, ContractEvent, Weight};

/// Who sends a transaction.
#[derive(Clone)]
pub struct Signer {
    account: AccountId,
    key: Option<Key>,
}

impl Signer {
    /// The account that pays and whose transaction it is.
    pub fn account(&self) -> AccountId {
        self.account
    }

    /// The key to sign with. A chain in this process takes anyone's word and needs none.
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

/// What a transaction is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target<'a> {
    /// A message to a contract.
    Contract(AccountId),
    /// This code alone, for contracts that name it by its hash. It is uploaded where the chain does not have it yet.
    Code(&'a [u8]),
    /// A new contract. Its address follows from the deployer, the code, the data and the salt.
    New {
        /// Wasm code, uploaded where the chain does not have it yet.
        code: &'a [u8],
        /// Tells apart what would be the same otherwise.
        salt: &'a [u8],
    },
}

/// A transaction without its sender.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Call<'a> {
    /// What it is for.
    pub target: Target<'a>,
    /// Planck that go along.
    pub value: u128,
    /// Selector and arguments, SCALE encoded.
    pub data: &'a [u8],
}

/// What a transaction did, or would do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// What the contract answered, SCALE encoded. A node keeps no transaction's answer: there it is what the dry run of the
    /// same call gave just before, and figures that may have changed since are in the events.
    pub output: Vec<u8>,
    /// Whether the contract answered with an error. Then nothing has changed but the fee.
    pub reverted: bool,
    /// The new contract, where there is one.
    pub contract: Option<AccountId>,
    /// Weight that it takes.
    pub weight: Weight,
    /// Storage deposit in planck: from the sender where positive, to the sender where negative.
    pub deposit: i128,
    /// Fee of the transaction in planck, beside the value and the deposit; from a dry run the most that it can be.
    pub fee: u128,
    /// Events of all contracts that took part, in order. May be empty after a dry run.
    pub events: Vec<ContractEvent>,
}
