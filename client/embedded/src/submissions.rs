//! Recorded transactions: each leaves a mark in the state of the chain, which is kept or lost together with what it did.

use drink::{frame_support::storage::unhashed, sandbox_api::prelude::SystemAPI, Sandbox};
use ink::scale::Encode;
use patronage_chain::{
    submission::{Fate, Record, Submission},
    Call, ChainError, Outcome,
};
use patronage_interfaces::AccountId;

use super::EmbeddedChain;

/// Where marks are in the state. No pallet has keys that begin like this.
const PREFIX: &[u8] = b"patronage:submission:";

impl EmbeddedChain {
    /// Executes `call` and leaves the mark, unless the contract refuses it.
    pub(super) fn execute_recorded(
        &mut self,
        from: &AccountId,
        call: &Call<'_>,
        record: &mut dyn Record,
    ) -> Result<Outcome, ChainError> {
        let birth = self.sandbox.block_number();
        // Another process may do the same in the same block: time and process tell them apart.
        let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
        let seed = (now.as_nanos(), std::process::id(), birth, from, call.data);
        let mark = seed.using_encoded(sp_core::hashing::blake2_256).to_vec();
        let submission = Submission { transaction: mark, nonce: 0, birth };
        record.sending(&submission)?;
        let executed = self.execute(from, call);
        match &executed {
            Ok(outcome) if !outcome.reverted => {
                let key = key(&submission);
                self.sandbox.execute_with(|| unhashed::put(&key, &outcome.deposit));
            }
            _ => record.rejected()?,
        }
        executed
    }

    /// What came of a recorded transaction. There is no pool that it could wait in.
    pub(super) fn fate_of(&mut self, submission: &Submission) -> Fate {
        let key = key(submission);
        match self.sandbox.execute_with(|| unhashed::get::<i128>(&key)) {
            // This chain takes no fees.
            Some(deposit) => Fate::Done { fee: 0, deposit },
            None => Fate::Dropped,
        }
    }
}

fn key(submission: &Submission) -> Vec<u8> {
    [PREFIX, &submission.hash()].concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use patronage_chain::{Chain, Signer, Target};

    struct Kept(Vec<Submission>, bool);

    impl Record for Kept {
        fn sending(&mut self, submission: &Submission) -> Result<(), ChainError> {
            self.0.push(submission.clone());
            Ok(())
        }

        fn rejected(&mut self) -> Result<(), ChainError> {
            self.1 = true;
            Ok(())
        }
    }

    #[test]
    fn what_is_refused_is_recorded_as_rejected_and_leaves_no_mark() {
        let mut chain = EmbeddedChain::default();
        let alice = patronage_chain::accounts::account("alice").unwrap();
        chain.fund(&alice, 1_000_000_000_000).unwrap();
        let mut kept = Kept(Vec::new(), false);
        let nowhere = Call { target: Target::Contract([9; 32].into()), value: 0, data: &[0; 4] };
        assert!(chain.submit_recorded(&Signer::from(alice), &nowhere, &mut kept).is_err());
        assert!(kept.1);
        assert_eq!(chain.resume(&alice, &kept.0[0]).unwrap(), Fate::Dropped);
    }
}
