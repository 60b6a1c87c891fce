//! Recorded transactions. Each writes an entry into the state of the chain, which is saved or lost together with its effects.

use drink::frame_support::storage::unhashed;
use ink::scale::Encode;
use patronage_chain::{
    submission::{Submission, SubmissionRecorder, SubmissionStatus},
    Call, ChainError, Outcome,
};
use patronage_interfaces::AccountId;

use super::EmbeddedChain;

/// Prefix of the entries. No pallet uses keys with this prefix.
const PREFIX: &[u8] = b"patronage:submission:";

impl EmbeddedChain {
    /// Executes `call`, and writes the entry unless the call is refused.
    pub(super) fn execute_recorded(
        &mut self,
        from: &AccountId,
        call: &Call<'_>,
        record: &mut dyn SubmissionRecorder,
    ) -> Result<Outcome, ChainError> {
        let birth = self.sandbox.block();
        // Time and process make the identifier unique among processes.
        let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
        let seed = (now.as_nanos(), std::process::id(), birth, from, call.data);
        let identifier = seed.using_encoded(sp_core::hashing::blake2_256).to_vec();
        let submission = Submission { transaction: identifier, nonce: 0, birth };
        record.sending(&submission)?;
        let executed = self.execute(from, call);
        match &executed {
            Ok(outcome) if !outcome.reverted => {
                let key = key(&submission);
                self.on_storage(|| unhashed::put(&key, &outcome.deposit));
            }
            _ => record.rejected()?,
        }
        executed
    }

    /// The status of a recorded transaction. There is no pool in which it could be pending.
    pub(super) fn status_of(&mut self, submission: &Submission) -> SubmissionStatus {
        let key = key(submission);
        match self.on_storage(|| unhashed::get::<i128>(&key)) {
            // This chain charges no fees.
            Some(deposit) => SubmissionStatus::Done { fee: 0, deposit },
            None => SubmissionStatus::Dropped,
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

    impl SubmissionRecorder for Kept {
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
    fn a_refused_transaction_is_recorded_as_rejected_and_dropped() {
        let mut chain = EmbeddedChain::default();
        let alice = patronage_chain::accounts::account("alice").unwrap();
        chain.fund(&alice, 1_000_000_000_000).unwrap();
        let mut kept = Kept(Vec::new(), false);
        let nowhere = Call { target: Target::Contract([9; 32].into()), value: 0, data: &[0; 4] };
        assert!(chain.submit_recorded(&Signer::from(alice), &nowhere, &mut kept).is_err());
        assert!(kept.1);
        assert_eq!(chain.resume(&alice, &kept.0[0]).unwrap(), SubmissionStatus::Dropped);
    }
}
