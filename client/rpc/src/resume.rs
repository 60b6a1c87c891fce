//! Determines the status of a transaction that an earlier process recorded.

use std::time::{Duration, Instant};

use patronage_chain::{
    hexadecimal,
    submission::{Submission, SubmissionStatus},
    ChainError,
};
use patronage_interfaces::AccountId;
use subxt::{config::Header as _, events::Phase, ext::scale_decode::DecodeAsType, utils::H256};

use super::{
    events::TxEvents,
    messages::failed,
    node::{account_value, Node},
    prepared::MORTALITY,
    transaction::FINALITY_TIMEOUT,
};

/// Time between two queries of the chain.
const POLL_INTERVAL: Duration = Duration::from_millis(500);

/// Maximum time without a new finalized block. Blocks take seconds, and are finalized in groups.
const STALL_TIMEOUT: Duration = Duration::from_secs(120);

/// Number of poll intervals after which the transaction is submitted again, as the node's pool may have dropped it.
const RESUBMIT_EVERY: u32 = 24;

/// The relevant field of an account in the chain's storage.
#[derive(DecodeAsType)]
#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
struct Account {
    nonce: u64,
}

impl Node {
    /// Searches the blocks that can contain the transaction. While it may still be included, submits it again: the chain includes the same
    /// transaction only once.
    pub(super) async fn resume(
        &self,
        from: &AccountId,
        submission: &Submission,
    ) -> Result<SubmissionStatus, ChainError> {
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
                if let Some(status) = self.status_in(next, from, submission).await? {
                    return Ok(status);
                }
                next = next.saturating_add(1);
            }
            let used = account.is_some_and(|account| account.nonce > submission.nonce);
            if used || newest >= last {
                return Ok(SubmissionStatus::Dropped);
            }
            if newest != seen {
                (seen, moved) = (newest, Instant::now());
            }
            if begun.elapsed() > FINALITY_TIMEOUT || moved.elapsed() > STALL_TIMEOUT {
                return Err(ChainError::Unavailable(format!(
                    "the transaction {} of an earlier run is pending, and can be included up to block {last}; the chain is at \
                     block {newest}: run the command again later",
                    hexadecimal(&submission.hash())
                )));
            }
            if round.is_multiple_of(RESUBMIT_EVERY) {
                // A rejection is ignored: a block, or another node's pool, may already contain the transaction.
                self.methods.author_submit_extrinsic(&submission.transaction).await.map(|_| ()).unwrap_or(());
            }
            round = round.saturating_add(1);
            tokio::time::sleep(POLL_INTERVAL).await;
        }
    }

    /// The status of the transaction in the block with this number. `None` if the block does not contain it.
    async fn status_in(
        &self,
        block: u32,
        from: &AccountId,
        submission: &Submission,
    ) -> Result<Option<SubmissionStatus>, ChainError> {
        let hash = self.hash_of(Some(block)).await?;
        let body = self.methods.chain_get_block(Some(hash)).await.map_err(failed)?;
        let body = body.ok_or_else(|| {
            ChainError::Unavailable(format!(
                "the node does not have the transactions of block {block}: use an archive node"
            ))
        })?;
        let wanted = submission.hash();
        let is_it = |bytes: &[u8]| sp_core::hashing::blake2_256(bytes) == wanted;
        let Some(index) = body.block.extrinsics.iter().position(|bytes| is_it(&bytes.0)) else { return Ok(None) };
        let events = self.events_of_extrinsic(block, hash, index, from).await?;
        Ok(Some(match events.error {
            None => SubmissionStatus::Done { fee: events.fee, deposit: events.deposit },
            Some(error) => SubmissionStatus::Failed(error.name(&self.api.metadata())),
        }))
    }

    async fn events_of_extrinsic(
        &self,
        block: u32,
        hash: H256,
        index: usize,
        from: &AccountId,
    ) -> Result<TxEvents, ChainError> {
        let records = self.api.events().at(hash).await.map_err(|error| {
            ChainError::Unavailable(format!(
                "the node does not have the state of block {block}: use an archive node ({error})"
            ))
        })?;
        let of_it = |phase: Phase| matches!(phase, Phase::ApplyExtrinsic(number) if number as usize == index);
        let records = records.iter().filter(|record| record.as_ref().map_or(true, |record| of_it(record.phase())));
        TxEvents::of(records.map(|record| record.map_err(Into::into)), Some(from))
    }
}
