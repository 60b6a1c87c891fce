use std::ops::RangeInclusive;

use futures::{stream, StreamExt, TryStreamExt};
use patronage_chain::{ChainError, PastEvent};
use patronage_interfaces::AccountId;
use subxt::utils::H256;

use super::{events::Told, node::Node};

/// How many blocks are asked for at once: enough to hide the way to the node, and no burden to a public one.
const AT_ONCE: usize = 16;

impl Node {
    /// Goes through all blocks, as nodes keep no index of events. They must have the same shape as in the newest block.
    pub(super) async fn history(&self, contracts: &[AccountId], from_block: u32) -> Result<Vec<PastEvent>, ChainError> {
        let blocks = self.blocks_from(from_block).await?;
        stream::iter(blocks).map(|block| self.history_of(contracts, block)).buffered(AT_ONCE).try_concat().await
    }

    /// Contracts that `deployer` made.
    pub(super) async fn contracts_of(
        &self,
        deployer: &AccountId,
        from_block: u32,
    ) -> Result<Vec<AccountId>, ChainError> {
        let blocks = self.blocks_from(from_block).await?;
        let made = |block| async move {
            let (told, _) = self.told_in_block(block, Some(deployer)).await?;
            Ok::<_, ChainError>(told.contracts)
        };
        stream::iter(blocks).map(made).buffered(AT_ONCE).try_concat().await
    }

    async fn blocks_from(&self, block: u32) -> Result<RangeInclusive<u32>, ChainError> {
        // In block 0 there are no transactions.
        Ok(block.max(1)..=self.block().await?)
    }

    async fn told_in_block(&self, block: u32, sender: Option<&AccountId>) -> Result<(Told, H256), ChainError> {
        let hash = self.hash_of(Some(block)).await?;
        let records = self.api.events().at(hash).await.map_err(|error| {
            ChainError::Unavailable(format!(
                "the node does not have the state of block {block}: ask one that keeps all states ({error})"
            ))
        })?;
        Ok((Told::of(records.iter().map(|record| record.map_err(Into::into)), sender)?, hash))
    }

    async fn history_of(&self, contracts: &[AccountId], block: u32) -> Result<Vec<PastEvent>, ChainError> {
        let (told, hash) = self.told_in_block(block, None).await?;
        let mut events = told.events;
        events.retain(|event| contracts.contains(&event.contract));
        if events.is_empty() {
            return Ok(Vec::new());
        }
        let time = self.time(Some(hash)).await?;
        Ok(events.into_iter().map(|event| PastEvent { block, time, event }).collect())
    }
}
