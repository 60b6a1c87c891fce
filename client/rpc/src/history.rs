use std::ops::RangeInclusive;

use futures::{stream, StreamExt, TryStreamExt};
use patronage_chain::{ChainError, PastEvent};
use patronage_interfaces::AccountId;
use subxt::utils::H256;

use super::{events::TxEvents, node::Node};

/// Number of concurrent queries for blocks: enough to hide the latency, and little load for a public node.
const CONCURRENT_BLOCKS: usize = 16;

impl Node {
    /// Reads all blocks, as nodes have no index of events. The events must have the same encoding as in the newest block.
    pub(super) async fn history(
        &self,
        contracts: &[AccountId],
        blocks: RangeInclusive<u32>,
    ) -> Result<Vec<PastEvent>, ChainError> {
        let (first, last) = blocks.into_inner();
        let newest = self.block().await?;
        // Block 0 has no transactions.
        stream::iter(first.max(1)..=last.min(newest))
            .map(|block| self.history_of(contracts, block))
            .buffered(CONCURRENT_BLOCKS)
            .try_concat()
            .await
    }

    /// Contracts that `deployer` instantiated.
    pub(super) async fn contracts_of(
        &self,
        deployer: &AccountId,
        from_block: u32,
    ) -> Result<Vec<AccountId>, ChainError> {
        let blocks = from_block.max(1)..=self.block().await?;
        let made = |block| async move {
            let (events, _) = self.events_in_block(block, Some(deployer)).await?;
            Ok::<_, ChainError>(events.contracts)
        };
        stream::iter(blocks).map(made).buffered(CONCURRENT_BLOCKS).try_concat().await
    }

    async fn events_in_block(&self, block: u32, sender: Option<&AccountId>) -> Result<(TxEvents, H256), ChainError> {
        let hash = self.hash_of(Some(block)).await?;
        let records = self.api.events().at(hash).await.map_err(|error| {
            ChainError::Unavailable(format!(
                "the node does not have the state of block {block}: use an archive node ({error})"
            ))
        })?;
        Ok((TxEvents::of(records.iter().map(|record| record.map_err(Into::into)), sender)?, hash))
    }

    async fn history_of(&self, contracts: &[AccountId], block: u32) -> Result<Vec<PastEvent>, ChainError> {
        let (events, hash) = self.events_in_block(block, None).await?;
        let mut events = events.events;
        events.retain(|event| contracts.contains(&event.contract));
        if events.is_empty() {
            return Ok(Vec::new());
        }
        let time = self.time(Some(hash)).await?;
        Ok(events.into_iter().map(|event| PastEvent { block, time, event }).collect())
    }
}
