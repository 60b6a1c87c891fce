//! Executes calls on `pallet-contracts`, and dry-runs them.

use drink::frame_support::sp_runtime::DispatchError;
use patronage_chain::{Call, ChainError, Outcome, PastEvent, Weight};
use patronage_interfaces::AccountId;

use super::{
    sandbox::{CallResult, Changes, Reported},
    EmbeddedChain,
};

/// Weight limit of one transaction: half a second of computing and 5 MiB of proof, about as on most chains.
pub(super) const WEIGHT_LIMIT: Weight = Weight::from_parts(500_000_000_000, 5 * 1024 * 1024);

impl EmbeddedChain {
    /// Dry-runs `call` with this limit of `weight`. Nothing changes.
    pub(super) fn dry_run_within(
        &mut self,
        from: &AccountId,
        call: &Call<'_>,
        weight: Weight,
    ) -> Result<Outcome, ChainError> {
        outcome(self.sandbox.run(from, call, weight, Changes::Discard))
    }

    /// Executes `call` in the current block.
    pub(super) fn execute(&mut self, from: &AccountId, call: &Call<'_>) -> Result<Outcome, ChainError> {
        let mut done = self.sandbox.run(from, call, WEIGHT_LIMIT, Changes::Keep);
        self.host_calls = core::mem::take(&mut done.host_calls);
        self.called = core::mem::take(&mut done.reported.called);
        let outcome = outcome(done)?;
        let (block, time) = (self.sandbox.block(), self.now);
        self.log.extend(outcome.events.iter().map(|event| PastEvent { block, time, event: event.clone() }));
        Ok(outcome)
    }
}

fn outcome(done: CallResult) -> Result<Outcome, ChainError> {
    let CallResult { weight, deposit, result, reported: Reported { events, .. }, .. } = done;
    let (answer, contract) = result.map_err(refused)?;
    let reverted = answer.reverted;
    let contract = contract.filter(|_| !reverted);
    // This chain charges no fees.
    Ok(Outcome { output: answer.data, reverted, contract, weight, deposit, fee: 0, events })
}

pub(super) fn refused(error: DispatchError) -> ChainError {
    let name = match &error {
        DispatchError::Module(module) => module.message.map_or_else(|| format!("{module:?}"), str::to_owned),
        other => format!("{other:?}"),
    };
    ChainError::Refused(name)
}
