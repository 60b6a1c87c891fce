//! Brings an index up to date with a chain.

use patronage::{contracts::Contracts, deployment::Deployment};
use patronage_chain::{hexadecimal, Chain};
use tokio::runtime::Handle;

pub use crate::apply::{Applied, Batch};
use crate::{database::CreatorId, Index, IndexError};

/// Maximum number of blocks that are read at once. A batch is one transaction of the database.
pub const BATCH_BLOCKS: u32 = 1_000;

/// How far [`catch_up`] has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Number of the last indexed block.
    pub block: u32,
    /// Number of the newest final block.
    pub newest: u32,
    /// Number of the block from which this run started.
    pub from: u32,
}

/// A creator in an index, with the place of the contracts.
#[derive(Debug, Clone)]
pub struct Followed {
    /// The creator's number.
    pub id: CreatorId,
    /// The creator's contracts.
    pub contracts: Contracts,
}

impl Followed {
    /// The creator of `deployment` in `index`.
    ///
    /// # Errors
    ///
    /// If the database can't be used.
    pub async fn new(index: &Index, deployment: &Deployment) -> Result<Self, IndexError> {
        let contracts = deployment.contracts;
        let id = index.creator(&deployment.genesis, &contracts, deployment.block).await?;
        Ok(Self { id, contracts })
    }
}

/// Reads all final blocks of `chain` that `index` does not know, and stores them. Calls `progress` after each batch.
///
/// It blocks, also on the database, so it must not be called from a task. `runtime` must have threads of its own: a runtime of one thread does not
/// drive the database from here. Several processes can follow the same creator:
/// each batch is stored by one of them.
///
/// # Errors
///
/// If the chain is not the one that the index has followed, or chain or database can't be used. What is stored stays.
pub fn catch_up(
    index: &Index,
    runtime: &Handle,
    chain: &mut dyn Chain,
    followed: &Followed,
    progress: &mut dyn FnMut(Progress),
) -> Result<(), IndexError> {
    let Followed { id, contracts } = followed;
    let all = [contracts.token, contracts.vault, contracts.registry];
    let mut cursor = runtime.block_on(index.cursor(*id))?;
    let from = cursor.block;
    loop {
        let newest = chain.finalized()?;
        let known = chain.block_hash(cursor.block)?.map(|hash| hexadecimal(&hash));
        let is_other = !cursor.hash.is_empty() && known.as_ref() != Some(&cursor.hash);
        if is_other && (newest >= cursor.block || chain.properties().development) {
            return Err(IndexError::OtherChain { block: cursor.block });
        }
        // A node that is still syncing is behind the index.
        if newest <= cursor.block {
            progress(Progress { block: cursor.block, newest: cursor.block, from });
            return Ok(());
        }
        let first = cursor.block.saturating_add(1);
        let last = cursor.block.saturating_add(BATCH_BLOCKS).min(newest);
        let events = chain.history(&all, first..=last)?;
        let Some(hash) = chain.block_hash(last)? else { return Err(IndexError::OtherChain { block: last }) };
        let batch = Batch { events, block: last, hash };
        match runtime.block_on(index.apply(*id, contracts, &cursor, &batch))? {
            Applied::Stored => {
                cursor.block = last;
                cursor.hash = hexadecimal(&hash);
            }
            Applied::Overtaken => cursor = runtime.block_on(index.cursor(*id))?,
        }
        progress(Progress { block: cursor.block, newest, from });
    }
}
