//! A chain behind a node, over the JSON-RPC that every Substrate node speaks.
//!
//! What the chain's types look like is read from its metadata, so that one program serves chains of different versions and
//! with both widths of balances. Calls block; a thread of its own keeps the connection alive meanwhile.

// subxt's own error is large, and is passed on as it is.
#![allow(clippy::result_large_err)]

mod events;
mod history;
mod node;
mod runtime_api;
mod transaction;
mod trial;
mod words;

use std::future::Future;

use patronage_interfaces::AccountId;
use tokio::runtime::{Builder, Runtime};

use crate::chain::{Call, Chain, ChainError, Outcome, PastEvent, Properties, Signer};
use node::Node;

/// A chain behind a node.
pub struct RpcChain {
    // Before the runtime, as what is in it must not outlive that.
    node: Node,
    properties: Properties,
    runtime: Runtime,
}

impl RpcChain {
    /// Connects to the node at `url`, such as `ws://127.0.0.1:9944` or `wss://example.org`.
    ///
    /// # Errors
    ///
    /// [`ChainError::Unavailable`], when there is no node, or its chain has no contracts.
    pub fn connect(url: &str) -> Result<Self, ChainError> {
        let runtime = Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .map_err(|error| ChainError::Unavailable(format!("no thread for the connection: {error}")))?;
        let (node, properties) = runtime.block_on(Node::connect(url))?;
        Ok(Self { node, properties, runtime })
    }

    /// Contracts that `deployer` made from block `from_block` on, oldest first.
    ///
    /// # Errors
    ///
    /// [`ChainError::Unavailable`], also where a node no longer has the blocks.
    pub fn contracts_of(&self, deployer: &AccountId, from_block: u32) -> Result<Vec<AccountId>, ChainError> {
        self.wait(self.node.contracts_of(deployer, from_block))
    }

    fn wait<T>(&self, work: impl Future<Output = Result<T, ChainError>>) -> Result<T, ChainError> {
        self.runtime.block_on(work)
    }
}

impl Chain for RpcChain {
    fn properties(&self) -> &Properties {
        &self.properties
    }

    fn time(&mut self) -> Result<u64, ChainError> {
        self.wait(self.node.time(None))
    }

    fn block(&mut self) -> Result<u32, ChainError> {
        self.wait(self.node.block())
    }

    fn balance_of(&mut self, who: &AccountId) -> Result<u128, ChainError> {
        self.wait(self.node.balance_of(who))
    }

    fn code_hash_of(&mut self, contract: &AccountId) -> Result<Option<[u8; 32]>, ChainError> {
        self.wait(self.node.code_hash_of(contract))
    }

    fn dry_run(&mut self, from: &AccountId, call: &Call<'_>) -> Result<Outcome, ChainError> {
        self.wait(self.node.dry_run(from, call))
    }

    fn submit(&mut self, signer: &Signer, call: &Call<'_>) -> Result<Outcome, ChainError> {
        self.wait(self.node.submit(signer, call))
    }

    fn history(&mut self, contracts: &[AccountId], from_block: u32) -> Result<Vec<PastEvent>, ChainError> {
        self.wait(self.node.history(contracts, from_block))
    }
}
