//! Executes calls on `pallet-contracts`, and dry-runs them.

use drink::{
    frame_support::{
        sp_runtime::{DispatchError, TransactionOutcome},
        storage::with_transaction,
    },
    minimal::MinimalSandboxRuntime,
    pallet_contracts::{Code, CollectEvents, DebugInfo, Determinism, ExecReturnValue},
    sandbox_api::prelude::SystemAPI,
    Sandbox,
};
use ink_sandbox::frame_system;
use patronage_chain::{Call, ChainError, ContractEvent, Outcome, PastEvent, Target, Weight};
use patronage_interfaces::AccountId;

use super::{chain_account, contract_account, events, Contracts, EmbeddedChain};

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
        self.sandbox.reset_events();
        let mut records = Vec::new();
        let done = self.sandbox.execute_with(|| {
            in_transaction(|| {
                let done = run(from, call, weight);
                // Read before the rollback, which removes them.
                records = frame_system::Pallet::<MinimalSandboxRuntime>::events();
                TransactionOutcome::Rollback(done)
            })
        });
        outcome(done, events::of_contracts(records.into_iter().map(|record| (record.event, record.topics))))
    }

    /// Executes `call` in the current block.
    pub(super) fn execute(&mut self, from: &AccountId, call: &Call<'_>) -> Result<Outcome, ChainError> {
        self.sandbox.reset_events();
        // Atomic, as a transaction: also if the deposit can't be paid at the end.
        let mut done = self.sandbox.execute_with(|| {
            in_transaction(|| {
                let done = run(from, call, WEIGHT_LIMIT);
                match done.result.is_ok() {
                    true => TransactionOutcome::Commit(done),
                    false => TransactionOutcome::Rollback(done),
                }
            })
        });
        self.host_calls = core::mem::take(&mut done.host_calls);
        let events =
            events::of_contracts(self.sandbox.events().into_iter().map(|record| (record.event, record.topics)));
        let outcome = outcome(done, events)?;
        let (block, time) = (self.sandbox.block_number(), self.now);
        self.log.extend(outcome.events.iter().map(|event| PastEvent { block, time, event: event.clone() }));
        Ok(outcome)
    }
}

/// The result of a call of any kind, from `pallet-contracts`.
struct CallResult {
    weight: drink::Weight,
    deposit: i128,
    /// The called host functions, if they are traced.
    host_calls: Vec<u8>,
    result: Result<(Answer, Option<AccountId>), DispatchError>,
}

/// A contract's answer.
#[derive(Default)]
struct Answer {
    data: Vec<u8>,
    reverted: bool,
}

impl From<ExecReturnValue> for Answer {
    fn from(value: ExecReturnValue) -> Self {
        Self { reverted: value.did_revert(), data: value.data }
    }
}

/// Runs `work` in a storage transaction, which it commits or rolls back.
fn in_transaction(work: impl FnOnce() -> TransactionOutcome<CallResult>) -> CallResult {
    let done = with_transaction(|| match work() {
        TransactionOutcome::Commit(done) => TransactionOutcome::Commit(Ok::<_, DispatchError>(done)),
        TransactionOutcome::Rollback(done) => TransactionOutcome::Rollback(Ok(done)),
    });
    done.unwrap_or_else(|error| CallResult {
        weight: drink::Weight::zero(),
        deposit: 0,
        host_calls: Vec::new(),
        result: Err(error),
    })
}

/// Runs `call` on the current storage, with this limit of `weight`.
fn run(from: &AccountId, call: &Call<'_>, weight: Weight) -> CallResult {
    let (from, data) = (chain_account(from), call.data.to_vec());
    let weight = drink::Weight::from_parts(weight.ref_time(), weight.proof_size());
    let (debug, collect) = (DebugInfo::UnsafeDebug, CollectEvents::Skip);
    match call.target {
        Target::Contract(contract) => {
            let contract = chain_account(&contract);
            let determinism = Determinism::Enforced;
            let done =
                Contracts::bare_call(from, contract, call.value, weight, None, data, debug, collect, determinism);
            let result = done.result.map(|answer| (answer.into(), None));
            CallResult {
                weight: done.gas_consumed,
                deposit: signed(&done.storage_deposit),
                host_calls: done.debug_message,
                result,
            }
        }
        Target::Code(code) => {
            let done = Contracts::bare_upload_code(from, code.to_vec(), None, Determinism::Enforced);
            let deposit = done.as_ref().map_or(0, |done| i128::try_from(done.deposit).unwrap_or(i128::MAX));
            let result = done.map(|_| (Answer::default(), None));
            // The pallet's function does not return the weight of an upload.
            CallResult { weight: drink::Weight::zero(), deposit, host_calls: Vec::new(), result }
        }
        Target::New { code, salt } => {
            let (code, salt) = (Code::Upload(code.to_vec()), salt.to_vec());
            let done = Contracts::bare_instantiate(from, call.value, weight, None, code, data, salt, debug, collect);
            let result = done.result.map(|new| (new.result.into(), Some(contract_account(&new.account_id))));
            CallResult {
                weight: done.gas_consumed,
                deposit: signed(&done.storage_deposit),
                host_calls: done.debug_message,
                result,
            }
        }
    }
}

fn outcome(done: CallResult, events: Vec<ContractEvent>) -> Result<Outcome, ChainError> {
    let (answer, contract) = done.result.map_err(refused)?;
    let reverted = answer.reverted;
    Ok(Outcome {
        output: answer.data,
        reverted,
        contract: contract.filter(|_| !reverted),
        weight: Weight::from_parts(done.weight.ref_time(), done.weight.proof_size()),
        deposit: done.deposit,
        // This chain charges no fees.
        fee: 0,
        events,
    })
}

pub(super) fn refused(error: DispatchError) -> ChainError {
    let name = match &error {
        DispatchError::Module(module) => module.message.map_or_else(|| format!("{module:?}"), str::to_owned),
        other => format!("{other:?}"),
    };
    ChainError::Refused(name)
}

fn signed(deposit: &drink::pallet_contracts::StorageDeposit<u128>) -> i128 {
    use drink::pallet_contracts::StorageDeposit::{Charge, Refund};
    let amount = |planck: &u128| i128::try_from(*planck).unwrap_or(i128::MAX);
    match deposit {
        Charge(planck) => amount(planck),
        // Can't overflow: `amount` returns at least 0.
        Refund(planck) => -amount(planck),
    }
}
