//! A chain behind a node, over the JSON-RPC of Substrate nodes.
//!
//! Types are read from the chain's metadata, so this works with different versions of chains and with both widths of balances. Calls
//! block. A background thread keeps the connection alive. After a lost connection, the next call connects again.

// subxt's error is large, and is passed on unchanged.
#![allow(clippy::result_large_err)]

mod dev_chain;
mod dispatch_error;
mod events;
mod history;
mod messages;
mod node;
mod prepared;
mod request;
mod resume;
mod runtime_api;
mod socket;
mod transaction;

use std::{
    future::Future,
    ops::RangeInclusive,
    sync::{Arc, Mutex, PoisonError},
};

use jsonrpsee::ws_client::WsClient;
use patronage_chain::{
    funds::Funds,
    submission::{Submission, SubmissionRecorder, SubmissionStatus},
    Call, Chain, ChainError, Outcome, PastEvent, Properties, Signer, Weight,
};
use patronage_interfaces::AccountId;
use subxt::backend::rpc::RpcClient;
use tokio::runtime::{Builder, Runtime};

use node::Node;

/// A chain behind a node. Clones share one connection for concurrent queries.
#[derive(Clone)]
pub struct RpcChain {
    connection: Arc<Connection>,
    properties: Properties,
}

/// A connection that can be restored.
struct Connection {
    url: String,
    // Declared before the runtime, so that it is dropped first.
    link: Mutex<Link>,
    runtime: Runtime,
}

/// A node, and the socket that leads to it.
#[derive(Clone)]
struct Link {
    node: Arc<Node>,
    socket: Arc<WsClient>,
}

impl Link {
    /// Connects to the node at `url`.
    async fn open(url: &str) -> Result<(Self, Properties), ChainError> {
        let socket = socket::open(url).await?;
        let (node, properties) = Node::new(RpcClient::new(socket.clone()), url).await?;
        Ok((Self { node: Arc::new(node), socket }, properties))
    }
}

impl RpcChain {
    /// Connects to the node at `url`, such as `ws://127.0.0.1:9944` or `wss://example.org`.
    ///
    /// # Errors
    ///
    /// [`ChainError::Unavailable`] if there is no node, or its chain does not have `pallet-contracts`.
    pub fn connect(url: &str) -> Result<Self, ChainError> {
        let runtime = Builder::new_multi_thread().worker_threads(1).enable_all().build().map_err(|error| {
            ChainError::Unavailable(format!("the thread for the connection can't be started: {error}"))
        })?;
        let (link, properties) = runtime.block_on(Link::open(url))?;
        let connection = Connection { url: url.to_owned(), link: Mutex::new(link), runtime };
        Ok(Self { connection: Arc::new(connection), properties })
    }

    /// Contracts that `deployer` instantiated from block `from_block` on, oldest first.
    ///
    /// # Errors
    ///
    /// [`ChainError::Unavailable`], also if a node no longer has the blocks.
    pub fn contracts_of(&self, deployer: &AccountId, from_block: u32) -> Result<Vec<AccountId>, ChainError> {
        self.query(|node| async move { node.contracts_of(deployer, from_block).await })
    }

    /// Runs `query`, which only reads. Runs it again if the connection was lost.
    fn query<T, F>(&self, query: impl Fn(Arc<Node>) -> F) -> Result<T, ChainError>
    where
        F: Future<Output = Result<T, ChainError>>,
    {
        let Link { node, socket } = self.link()?;
        match self.wait(query(node)) {
            Err(_) if !socket.is_connected() => self.wait(query(self.node()?)),
            answer => answer,
        }
    }

    /// The node, connected as [`Self::link`].
    fn node(&self) -> Result<Arc<Node>, ChainError> {
        Ok(self.link()?.node)
    }

    /// The connection. Connects again if it was lost. Concurrent callers wait for the new connection.
    fn link(&self) -> Result<Link, ChainError> {
        let Connection { url, link, .. } = &*self.connection;
        let mut link = link.lock().unwrap_or_else(PoisonError::into_inner);
        if !link.socket.is_connected() {
            let (new, properties) = self.wait(Link::open(url))?;
            // The same URL can lead to another chain, for which the cached properties would be wrong.
            if properties != self.properties {
                return Err(ChainError::Unavailable(format!(
                    "{url} leads to another chain now: run the command again"
                )));
            }
            *link = new;
        }
        Ok(link.clone())
    }

    fn wait<T>(&self, work: impl Future<Output = Result<T, ChainError>>) -> Result<T, ChainError> {
        self.connection.runtime.block_on(work)
    }
}

impl Chain for RpcChain {
    fn properties(&self) -> &Properties {
        &self.properties
    }

    fn time(&mut self) -> Result<u64, ChainError> {
        self.query(|node| async move { node.time(None).await })
    }

    fn block(&mut self) -> Result<u32, ChainError> {
        self.query(|node| async move { node.block().await })
    }

    fn balance_of(&mut self, who: &AccountId) -> Result<u128, ChainError> {
        self.query(|node| async move { Ok(node.funds(who, None).await?.free) })
    }

    fn funds_of(&mut self, who: &AccountId) -> Result<Funds, ChainError> {
        self.query(|node| async move { node.funds(who, None).await })
    }

    fn code_hash_of(&mut self, contract: &AccountId) -> Result<Option<[u8; 32]>, ChainError> {
        self.query(|node| async move { node.code_hash_of(contract).await })
    }

    fn has_code(&mut self, hash: &[u8; 32]) -> Result<bool, ChainError> {
        self.query(|node| async move { node.has_code(hash, node.hash_of(None).await?).await })
    }

    fn dry_run(&mut self, from: &AccountId, call: &Call<'_>) -> Result<Outcome, ChainError> {
        self.query(|node| async move { node.dry_run(from, call).await })
    }

    fn query_within(&mut self, weight: Weight, call: &Call<'_>) -> Result<Outcome, ChainError> {
        self.query(|node| async move { node.query_within(weight, call).await })
    }

    fn submit(&mut self, signer: &Signer, call: &Call<'_>) -> Result<Outcome, ChainError> {
        self.submit_recorded(signer, call, &mut ())
    }

    fn submit_recorded(
        &mut self,
        signer: &Signer,
        call: &Call<'_>,
        record: &mut dyn SubmissionRecorder,
    ) -> Result<Outcome, ChainError> {
        self.wait(self.node()?.submit(signer, call, record))
    }

    fn resume(&mut self, from: &AccountId, submission: &Submission) -> Result<SubmissionStatus, ChainError> {
        self.query(|node| async move { node.resume(from, submission).await })
    }

    fn history(&mut self, contracts: &[AccountId], blocks: RangeInclusive<u32>) -> Result<Vec<PastEvent>, ChainError> {
        let (first, last) = blocks.into_inner();
        self.query(|node| async move { node.history(contracts, first..=last).await })
    }

    fn finalized(&mut self) -> Result<u32, ChainError> {
        self.query(|node| async move { node.finalized().await })
    }

    fn block_hash(&mut self, block: u32) -> Result<Option<[u8; 32]>, ChainError> {
        self.query(|node| async move { node.known_hash(block).await })
    }
}
