//! A chain behind a node, over the JSON-RPC that every Substrate node speaks.
//!
//! What the chain's types look like is read from its metadata, so that one program serves chains of different versions and
//! with both widths of balances. Calls block; a thread of its own keeps the connection alive meanwhile. A connection that was
//! lost is made anew at the next call.

// subxt's own error is large, and is passed on as it is.
#![allow(clippy::result_large_err)]

mod dispatch_error;
mod events;
mod history;
mod node;
mod prepared;
mod request;
mod resume;
mod runtime_api;
mod transaction;
mod trial;
mod words;

use std::{
    future::Future,
    sync::{Arc, Mutex, PoisonError},
};

use patronage_chain::{
    funds::Funds,
    submission::{Fate, Record, Submission},
    Call, Chain, ChainError, Outcome, PastEvent, Properties, Signer, Weight,
};
use patronage_interfaces::AccountId;
use tokio::runtime::{Builder, Runtime};

use node::Node;

/// A chain behind a node. Clones share one connection, over which they ask at the same time.
#[derive(Clone)]
pub struct RpcChain {
    line: Arc<Line>,
    properties: Properties,
}

/// A connection, and what it takes to make it anew.
struct Line {
    url: String,
    // Before the runtime, as what is in it must not outlive that.
    node: Mutex<Arc<Node>>,
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
        let line = Line { url: url.to_owned(), node: Mutex::new(Arc::new(node)), runtime };
        Ok(Self { line: Arc::new(line), properties })
    }

    /// Contracts that `deployer` made from block `from_block` on, oldest first.
    ///
    /// # Errors
    ///
    /// [`ChainError::Unavailable`], also where a node no longer has the blocks.
    pub fn contracts_of(&self, deployer: &AccountId, from_block: u32) -> Result<Vec<AccountId>, ChainError> {
        self.ask(|node| async move { node.contracts_of(deployer, from_block).await })
    }

    /// The node's answer to a `question`, which changes nothing: where the connection was lost, it is asked once more.
    fn ask<T, F>(&self, question: impl Fn(Arc<Node>) -> F) -> Result<T, ChainError>
    where
        F: Future<Output = Result<T, ChainError>>,
    {
        let node = self.node()?;
        match self.wait(question(node.clone())) {
            Err(_) if !node.is_connected() => self.wait(question(self.node()?)),
            answer => answer,
        }
    }

    /// The node, on a new connection where the old one was lost. Who asks meanwhile waits for the new one.
    fn node(&self) -> Result<Arc<Node>, ChainError> {
        let Line { url, node, .. } = &*self.line;
        let mut node = node.lock().unwrap_or_else(PoisonError::into_inner);
        if !node.is_connected() {
            let (new, properties) = self.wait(Node::connect(url))?;
            // What is known of the one chain would be wrong on another, and the same address may lead there.
            if properties != self.properties {
                return Err(ChainError::Unavailable(format!("{url} leads to another chain now: start again")));
            }
            *node = Arc::new(new);
        }
        Ok(node.clone())
    }

    fn wait<T>(&self, work: impl Future<Output = Result<T, ChainError>>) -> Result<T, ChainError> {
        self.line.runtime.block_on(work)
    }
}

impl Chain for RpcChain {
    fn properties(&self) -> &Properties {
        &self.properties
    }

    fn time(&mut self) -> Result<u64, ChainError> {
        self.ask(|node| async move { node.time(None).await })
    }

    fn block(&mut self) -> Result<u32, ChainError> {
        self.ask(|node| async move { node.block().await })
    }

    fn balance_of(&mut self, who: &AccountId) -> Result<u128, ChainError> {
        self.ask(|node| async move { Ok(node.funds(who, None).await?.free) })
    }

    fn funds_of(&mut self, who: &AccountId) -> Result<Funds, ChainError> {
        self.ask(|node| async move { node.funds(who, None).await })
    }

    fn code_hash_of(&mut self, contract: &AccountId) -> Result<Option<[u8; 32]>, ChainError> {
        self.ask(|node| async move { node.code_hash_of(contract).await })
    }

    fn has_code(&mut self, hash: &[u8; 32]) -> Result<bool, ChainError> {
        self.ask(|node| async move { node.has_code(hash, node.hash_of(None).await?).await })
    }

    fn dry_run(&mut self, from: &AccountId, call: &Call<'_>) -> Result<Outcome, ChainError> {
        self.ask(|node| async move { node.dry_run(from, call).await })
    }

    fn ask_within(&mut self, weight: Weight, call: &Call<'_>) -> Result<Outcome, ChainError> {
        self.ask(|node| async move { node.ask_within(weight, call).await })
    }

    fn submit(&mut self, signer: &Signer, call: &Call<'_>) -> Result<Outcome, ChainError> {
        self.submit_recorded(signer, call, &mut ())
    }

    fn submit_recorded(
        &mut self,
        signer: &Signer,
        call: &Call<'_>,
        record: &mut dyn Record,
    ) -> Result<Outcome, ChainError> {
        self.wait(self.node()?.submit(signer, call, record))
    }

    fn resume(&mut self, from: &AccountId, submission: &Submission) -> Result<Fate, ChainError> {
        self.ask(|node| async move { node.resume(from, submission).await })
    }

    fn history(&mut self, contracts: &[AccountId], from_block: u32) -> Result<Vec<PastEvent>, ChainError> {
        self.ask(|node| async move { node.history(contracts, from_block).await })
    }
}
