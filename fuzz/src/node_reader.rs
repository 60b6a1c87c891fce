//! The private readers of a node's answers, from their own source files.
#![allow(dead_code, missing_docs, clippy::result_large_err)]

#[path = "../../client/rpc/src/dispatch_error.rs"]
mod dispatch_error;
#[path = "../../client/rpc/src/events.rs"]
mod events;
#[path = "../../client/rpc/src/history.rs"]
mod history;
#[path = "../../client/rpc/src/messages.rs"]
mod messages;
#[path = "../../client/rpc/src/node.rs"]
mod node;
#[path = "../../client/rpc/src/prepared.rs"]
mod prepared;
#[path = "../../client/rpc/src/request.rs"]
mod request;
#[path = "../../client/rpc/src/resume.rs"]
mod resume;
#[path = "../../client/rpc/src/runtime_api.rs"]
mod runtime_api;
#[path = "../../client/rpc/src/transaction.rs"]
mod transaction;

/// What the files above share with the checks.
pub mod readers {
    use patronage_chain::{
        funds::Funds,
        submission::{Submission, SubmissionRecorder, SubmissionStatus},
        Call, ChainError, ContractEvent, Outcome, PastEvent, Properties, Signer, Weight,
    };
    use patronage_interfaces::AccountId;
    use subxt::{backend::rpc::RpcClient, ext::subxt_core::events::decode_from, Metadata};

    /// [`super::node::Node`].
    pub struct Node(super::node::Node);

    impl Node {
        pub async fn new(client: RpcClient) -> Result<(Self, Properties), ChainError> {
            let (node, properties) = super::node::Node::new(client, "ws://node.example").await?;
            Ok((Self(node), properties))
        }

        pub fn metadata(&self) -> Metadata {
            self.0.api.metadata()
        }

        pub async fn time(&self) -> Result<u64, ChainError> {
            self.0.time(None).await
        }

        pub async fn block(&self) -> Result<u32, ChainError> {
            self.0.block().await
        }

        pub async fn finalized(&self) -> Result<u32, ChainError> {
            self.0.finalized().await
        }

        pub async fn known_hash(&self, block: u32) -> Result<Option<[u8; 32]>, ChainError> {
            self.0.known_hash(block).await
        }

        pub async fn funds(&self, who: &AccountId) -> Result<Funds, ChainError> {
            self.0.funds(who, None).await
        }

        pub async fn code_hash_of(&self, contract: &AccountId) -> Result<Option<[u8; 32]>, ChainError> {
            self.0.code_hash_of(contract).await
        }

        pub async fn dry_run(&self, from: &AccountId, call: &Call<'_>) -> Result<Outcome, ChainError> {
            self.0.dry_run(from, call).await
        }

        pub async fn query_within(&self, weight: Weight, call: &Call<'_>) -> Result<Outcome, ChainError> {
            self.0.query_within(weight, call).await
        }

        pub async fn submit(
            &self,
            signer: &Signer,
            call: &Call<'_>,
            record: &mut dyn SubmissionRecorder,
        ) -> Result<Outcome, ChainError> {
            self.0.submit(signer, call, record).await
        }

        pub async fn resume(&self, from: &AccountId, sent: &Submission) -> Result<SubmissionStatus, ChainError> {
            self.0.resume(from, sent).await
        }

        pub async fn history(&self, contracts: &[AccountId], blocks: u32) -> Result<Vec<PastEvent>, ChainError> {
            self.0.history(contracts, 1..=blocks).await
        }

        pub async fn contracts_of(&self, deployer: &AccountId) -> Result<Vec<AccountId>, ChainError> {
            self.0.contracts_of(deployer, 1).await
        }
    }

    /// [`super::events::TxEvents`].
    #[derive(Debug, PartialEq)]
    pub struct TxEvents {
        pub events: Vec<ContractEvent>,
        pub contracts: Vec<AccountId>,
        pub fee: u128,
        pub deposit: i128,
        /// Name of the error.
        pub error: Option<String>,
    }

    /// Reads the records of a block.
    pub fn events(records: Vec<u8>, metadata: &Metadata, sender: Option<&AccountId>) -> Result<TxEvents, ChainError> {
        let records = decode_from(records, metadata.clone());
        let read = super::events::TxEvents::of(records.iter().map(|record| record.map_err(Into::into)), sender)?;
        let super::events::TxEvents { events, contracts, fee, deposit, error } = read;
        Ok(TxEvents { events, contracts, fee, deposit, error: error.map(|error| error.name(metadata)) })
    }
}
