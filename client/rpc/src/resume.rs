//! What came of a transaction that an earlier process was about to send.

use std::time::{Duration, Instant};

use patronage_chain::{
    hexadecimal,
    submission::{Fate, Submission},
    ChainError,
};
use patronage_interfaces::AccountId;
use subxt::{config::Header as _, events::Phase, ext::scale_decode::DecodeAsType, utils::H256};

use super::{
    events::Told,
    node::{account_value, Node},
    prepared::MORTALITY,
    transaction::PATIENCE,
    words::failed,
};

/// How long to wait until the chain is looked at again.
const PAUSE: Duration = Duration::from_millis(500);

/// How long a chain may stand still before waiting for it makes no sense. Blocks take seconds, and become final in groups.
const STANDSTILL: Duration = Duration::from_secs(120);

/// How often the same transaction is given to the node, in pauses: its pool may have forgotten it.
const AGAIN: u32 = 24;

/// What the chain keeps of an account, as far as it matters here.
#[derive(DecodeAsType)]
#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
struct Account {
    nonce: u64,
}

impl Node {
    /// Looks through the blocks that can have the transaction. As long as it is in none and may still come into one, it is sent
    /// again: the same bytes can be in the chain only once.
    pub(super) async fn resume(&self, from: &AccountId, submission: &Submission) -> Result<Fate, ChainError> {
        let mortality = u32::try_from(MORTALITY).unwrap_or(u32::MAX);
        let last = submission.birth.saturating_add(mortality);
        let mut next = submission.birth.saturating_add(1);
        let begun = Instant::now();
        let (mut seen, mut moved) = (0, begun);
        let mut round: u32 = 0;
        loop {
            let hash = self.methods.chain_get_finalized_head().await.map_err(failed)?;
            let header = self.methods.chain_get_header(Some(hash)).await.map_err(failed)?;
            let newest = header.map(|header| header.number()).unwrap_or(0);
            let key = vec![account_value(from)];
            let account: Option<Account> = self.stored("System", "Account", key, Some(hash)).await?;
            while next <= newest.min(last) {
                if let Some(fate) = self.fate_in(next, from, submission).await? {
                    return Ok(fate);
                }
                next = next.saturating_add(1);
            }
            let used = account.is_some_and(|account| account.nonce > submission.nonce);
            if used || newest >= last {
                return Ok(Fate::Dropped);
            }
            if newest != seen {
                (seen, moved) = (newest, Instant::now());
            }
            if begun.elapsed() > PATIENCE || moved.elapsed() > STANDSTILL {
                return Err(ChainError::Unavailable(format!(
                    "the transaction {} of an earlier run is in no block yet, and can come into one up to block {last}; the \
                     chain is at block {newest}: run the command again later",
                    hexadecimal(&submission.hash())
                )));
            }
            if round.is_multiple_of(AGAIN) {
                // Where the node refuses it, the chain decides: it may have it already, or another node may.
                self.methods.author_submit_extrinsic(&submission.transaction).await.map(|_| ()).unwrap_or(());
            }
            round = round.saturating_add(1);
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// What came of the transaction in the block with this number; `None` where it is not in it.
    async fn fate_in(&self, block: u32, from: &AccountId, submission: &Submission) -> Result<Option<Fate>, ChainError> {
        let hash = self.hash_of(Some(block)).await?;
        let body = self.methods.chain_get_block(Some(hash)).await.map_err(failed)?;
        let body = body.ok_or_else(|| {
            ChainError::Unavailable(format!(
                "the node does not have the transactions of block {block}: ask one that keeps all blocks"
            ))
        })?;
        let wanted = submission.hash();
        let is_it = |bytes: &[u8]| sp_core::hashing::blake2_256(bytes) == wanted;
        let Some(index) = body.block.extrinsics.iter().position(|bytes| is_it(&bytes.0)) else { return Ok(None) };
        let told = self.told_of_extrinsic(block, hash, index, from).await?;
        Ok(Some(match told.error {
            None => Fate::Done { fee: told.fee, deposit: told.deposit },
            Some(error) => Fate::Failed(error.name(&self.api.metadata())),
        }))
    }

    async fn told_of_extrinsic(
        &self,
        block: u32,
        hash: H256,
        index: usize,
        from: &AccountId,
    ) -> Result<Told, ChainError> {
        let records = self.api.events().at(hash).await.map_err(|error| {
            ChainError::Unavailable(format!(
                "the node does not have the state of block {block}: ask one that keeps all states ({error})"
            ))
        })?;
        let of_it = |phase: Phase| matches!(phase, Phase::ApplyExtrinsic(number) if number as usize == index);
        let records = records.iter().filter(|record| record.as_ref().map_or(true, |record| of_it(record.phase())));
        Told::of(records.map(|record| record.map_err(Into::into)), Some(from))
    }
}
