//! The interface of every chain, for the embedded one.

use std::ops::RangeInclusive;

use drink::frame_support::storage::unhashed;
use ink::scale::Encode;
use patronage_chain::{
    dry_run_caller,
    funds::Funds,
    submission::{Submission, SubmissionRecorder, SubmissionStatus},
    Call, Chain, ChainError, Outcome, PastEvent, Properties, Signer, Weight,
};
use patronage_interfaces::AccountId;

use super::{execution::WEIGHT_LIMIT, testing::code_key, EmbeddedChain};

impl Chain for EmbeddedChain {
    fn properties(&self) -> &Properties {
        &self.properties
    }

    fn time(&mut self) -> Result<u64, ChainError> {
        Ok(self.now)
    }

    fn block(&mut self) -> Result<u32, ChainError> {
        Ok(self.sandbox.block())
    }

    fn balance_of(&mut self, who: &AccountId) -> Result<u128, ChainError> {
        Ok(self.balance(who))
    }

    fn funds_of(&mut self, who: &AccountId) -> Result<Funds, ChainError> {
        let free = self.balance(who);
        Ok(Funds { free, locked: free.saturating_sub(self.sandbox.spendable(who)) })
    }

    fn code_hash_of(&mut self, contract: &AccountId) -> Result<Option<[u8; 32]>, ChainError> {
        Ok(self.sandbox.code_hash(contract))
    }

    fn has_code(&mut self, hash: &[u8; 32]) -> Result<bool, ChainError> {
        // The map is private to the pallet.
        let key = code_key("CodeInfoOf", hash);
        Ok(self.on_storage(|| unhashed::exists(&key)))
    }

    fn dry_run(&mut self, from: &AccountId, call: &Call<'_>) -> Result<Outcome, ChainError> {
        self.dry_run_within(from, call, WEIGHT_LIMIT)
    }

    fn query_within(&mut self, weight: Weight, call: &Call<'_>) -> Result<Outcome, ChainError> {
        self.dry_run_within(&dry_run_caller(), call, weight)
    }

    fn submit(&mut self, signer: &Signer, call: &Call<'_>) -> Result<Outcome, ChainError> {
        self.execute(&signer.account(), call)
    }

    fn submit_recorded(
        &mut self,
        signer: &Signer,
        call: &Call<'_>,
        record: &mut dyn SubmissionRecorder,
    ) -> Result<Outcome, ChainError> {
        self.execute_recorded(&signer.account(), call, record)
    }

    fn resume(&mut self, _: &AccountId, submission: &Submission) -> Result<SubmissionStatus, ChainError> {
        Ok(self.status_of(submission))
    }

    fn history(&mut self, contracts: &[AccountId], blocks: RangeInclusive<u32>) -> Result<Vec<PastEvent>, ChainError> {
        let wanted = |past: &&PastEvent| blocks.contains(&past.block) && contracts.contains(&past.event.contract);
        Ok(self.log.iter().filter(wanted).cloned().collect())
    }

    fn finalized(&mut self) -> Result<u32, ChainError> {
        // The current block can still get transactions.
        Ok(self.sandbox.block().saturating_sub(1))
    }

    fn block_hash(&mut self, block: u32) -> Result<Option<[u8; 32]>, ChainError> {
        // Blocks have no hashes here. They never change, so their number identifies them within the chain.
        let exists = block <= self.sandbox.block();
        Ok(exists.then(|| (self.properties.genesis, block).using_encoded(sp_core::hashing::blake2_256)))
    }
}
