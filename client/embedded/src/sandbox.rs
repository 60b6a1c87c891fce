//! The sandbox of a chain: a runtime with `pallet-contracts` whose native balances have either width. Amounts are `u128` here.

use std::fmt::Debug;

use drink::{
    frame_support::{
        sp_runtime::{testing::H256, ArithmeticError, DispatchError, TransactionOutcome},
        storage::with_transaction,
        traits::{
            fungible::{Inspect, Mutate},
            tokens::{Fortitude, Precision, Preservation},
        },
    },
    pallet_balances,
    pallet_contracts::{self, Code, CollectEvents, DebugInfo, Determinism, Event, ExecReturnValue, StorageDeposit},
    pallet_timestamp,
    sandbox_api::prelude::{BalanceAPI, SystemAPI, TimestampAPI},
    AccountId32, Sandbox,
};
use ink_sandbox::{frame_system, frame_system::pallet_prelude::BlockNumberFor, Snapshot};
use parity_scale_codec::{Encode, HasCompact};
use patronage_chain::{Call, ContractEvent, Target, Weight};
use patronage_interfaces::AccountId;
use scale_info::TypeInfo;

use super::{chain_account, contract_account};

/// Whether the changes of a call stay.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Changes {
    /// If the chain takes the call.
    Keep,
    /// Never: a dry run.
    Discard,
}

/// The result of a call of any kind, from `pallet-contracts`.
pub struct CallResult {
    /// What it consumed. Zero for uploads: the pallet's function does not return it.
    pub weight: Weight,
    /// Storage deposit in planck, negative if it is returned.
    pub deposit: i128,
    /// The called host functions, if they are traced.
    pub host_calls: Vec<u8>,
    /// The answer and the new contract, or why the chain refused the call.
    pub result: Result<(Answer, Option<AccountId>), DispatchError>,
    /// What the pallet reported.
    pub reported: Reported,
}

/// What the pallet reported about the parts of a call that stay.
#[derive(Default)]
pub struct Reported {
    /// Events of contracts, in order.
    pub events: Vec<ContractEvent>,
    /// Contracts that were called, in the order in which their calls ended.
    pub called: Vec<AccountId>,
}

/// A contract's answer.
#[derive(Default)]
pub struct Answer {
    /// The returned bytes.
    pub data: Vec<u8>,
    /// Whether the contract undid the call.
    pub reverted: bool,
}

impl From<ExecReturnValue> for Answer {
    fn from(value: ExecReturnValue) -> Self {
        Self { reverted: value.did_revert(), data: value.data }
    }
}

impl CallResult {
    fn refused(error: DispatchError) -> Self {
        Self {
            weight: Weight::zero(),
            deposit: 0,
            host_calls: Vec::new(),
            result: Err(error),
            reported: Reported::default(),
        }
    }
}

/// A sandbox with balances of either width.
pub trait AnySandbox: Send {
    /// Runs `work` on the storage.
    fn within(&mut self, work: &mut dyn FnMut());
    /// Runs `call` with this limit of weight.
    fn run(&mut self, from: &AccountId, call: &Call<'_>, weight: Weight, changes: Changes) -> CallResult;
    /// Mints planck.
    fn mint(&mut self, who: &AccountId, amount: u128) -> Result<(), DispatchError>;
    /// Burns planck.
    fn burn(&mut self, who: &AccountId, amount: u128) -> Result<(), DispatchError>;
    /// Free balance in planck.
    fn free(&mut self, who: &AccountId) -> u128;
    /// The part of the free balance, in planck, that can leave while the account stays.
    fn spendable(&mut self, who: &AccountId) -> u128;
    /// Hash of the code of `contract`.
    fn code_hash(&mut self, contract: &AccountId) -> Option<[u8; 32]>;
    /// Removes the code with this hash, which `who` uploaded.
    fn remove_code(&mut self, who: &AccountId, hash: &[u8; 32]) -> Result<(), DispatchError>;
    /// Number of the current block.
    fn block(&mut self) -> u32;
    /// Ends the current block. The next one has the time `now`, in ms.
    fn next_block(&mut self, now: u64);
    /// Sets the time of the current block, in ms.
    fn set_time(&mut self, now: u64);
    /// The whole storage.
    fn snapshot(&mut self) -> Snapshot;
    /// Replaces the whole storage.
    fn restore(&mut self, snapshot: Snapshot);
}

/// The type of a runtime's native amounts.
pub trait Amount: Into<u128> + TryFrom<u128> + HasCompact<Type: Clone + Eq + Debug + TypeInfo + Encode> {}

impl<A> Amount for A where A: Into<u128> + TryFrom<u128> + HasCompact<Type: Clone + Eq + Debug + TypeInfo + Encode> {}

/// The runtimes of such sandboxes.
pub trait Runtime:
    frame_system::Config<AccountId = AccountId32, Hash = H256, RuntimeEvent: TryInto<Event<Self>>>
    + pallet_balances::Config<Balance: Amount>
    + pallet_timestamp::Config<Moment = u64>
    + pallet_contracts::Config<Currency = pallet_balances::Pallet<Self>>
{
}

impl<R> Runtime for R where
    R: frame_system::Config<AccountId = AccountId32, Hash = H256, RuntimeEvent: TryInto<Event<Self>>>
        + pallet_balances::Config<Balance: Amount>
        + pallet_timestamp::Config<Moment = u64>
        + pallet_contracts::Config<Currency = pallet_balances::Pallet<Self>>
{
}

type Balance<S> = <<S as Sandbox>::Runtime as pallet_balances::Config>::Balance;
type Balances<S> = pallet_balances::Pallet<<S as Sandbox>::Runtime>;
type Contracts<S> = pallet_contracts::Pallet<<S as Sandbox>::Runtime>;

impl<S> AnySandbox for S
where
    S: Sandbox<Runtime: Runtime> + Send,
    BlockNumberFor<S::Runtime>: Into<u32>,
{
    fn within(&mut self, work: &mut dyn FnMut()) {
        self.execute_with(work);
    }

    fn run(&mut self, from: &AccountId, call: &Call<'_>, weight: Weight, changes: Changes) -> CallResult {
        self.reset_events();
        let Ok(value) = amount::<S>(call.value) else { return CallResult::refused(ArithmeticError::Overflow.into()) };
        // Atomic, as a transaction: also if the deposit can't be paid at the end.
        self.execute_with(|| {
            let done = with_transaction(|| {
                let mut done = run::<S>(from, call, value, weight);
                // Nothing of a refused call stays. A dry run reports what would: it is read before the rollback, which removes it.
                if done.result.is_ok() {
                    done.reported = reported::<S>();
                }
                match changes == Changes::Keep && done.result.is_ok() {
                    true => TransactionOutcome::Commit(Ok::<_, DispatchError>(done)),
                    false => TransactionOutcome::Rollback(Ok(done)),
                }
            });
            done.unwrap_or_else(CallResult::refused)
        })
    }

    fn mint(&mut self, who: &AccountId, planck: u128) -> Result<(), DispatchError> {
        self.mint_into(&chain_account(who), amount::<S>(planck)?).map(|_| ())
    }

    fn burn(&mut self, who: &AccountId, planck: u128) -> Result<(), DispatchError> {
        let (who, planck) = (chain_account(who), amount::<S>(planck)?);
        self.execute_with(|| Balances::<S>::burn_from(&who, planck, Precision::Exact, Fortitude::Force)).map(|_| ())
    }

    fn free(&mut self, who: &AccountId) -> u128 {
        self.free_balance(&chain_account(who)).into()
    }

    fn spendable(&mut self, who: &AccountId) -> u128 {
        let who = chain_account(who);
        let (stay, polite) = (Preservation::Preserve, Fortitude::Polite);
        self.execute_with(|| Balances::<S>::reducible_balance(&who, stay, polite)).into()
    }

    fn code_hash(&mut self, contract: &AccountId) -> Option<[u8; 32]> {
        let contract = chain_account(contract);
        self.execute_with(|| Contracts::<S>::code_hash(&contract)).map(|hash| hash.0)
    }

    fn remove_code(&mut self, who: &AccountId, hash: &[u8; 32]) -> Result<(), DispatchError> {
        let origin = frame_system::RawOrigin::Signed(chain_account(who)).into();
        let hash = (*hash).into();
        let done = self.execute_with(|| Contracts::<S>::remove_code(origin, hash));
        done.map(|_| ()).map_err(|error| error.error)
    }

    fn block(&mut self) -> u32 {
        self.block_number().into()
    }

    fn next_block(&mut self, now: u64) {
        self.build_block();
        // A new block of the sandbox has the system time.
        self.set_timestamp(now);
    }

    fn set_time(&mut self, now: u64) {
        self.set_timestamp(now);
    }

    fn snapshot(&mut self) -> Snapshot {
        self.take_snapshot()
    }

    fn restore(&mut self, snapshot: Snapshot) {
        self.restore_snapshot(snapshot);
    }
}

/// `planck` in the width of the sandbox.
fn amount<S: Sandbox<Runtime: Runtime>>(planck: u128) -> Result<Balance<S>, DispatchError> {
    Balance::<S>::try_from(planck).map_err(|_| ArithmeticError::Overflow.into())
}

/// Runs `call`, which sends `value`, on the current storage.
fn run<S: Sandbox<Runtime: Runtime>>(
    from: &AccountId,
    call: &Call<'_>,
    value: Balance<S>,
    weight: Weight,
) -> CallResult {
    let (from, data) = (chain_account(from), call.data.to_vec());
    let weight = drink::Weight::from_parts(weight.ref_time(), weight.proof_size());
    let (debug, collect, determinism) = (DebugInfo::UnsafeDebug, CollectEvents::Skip, Determinism::Enforced);
    let (consumed, deposit, host_calls, result) = match call.target {
        Target::Contract(contract) => {
            let contract = chain_account(&contract);
            let done =
                Contracts::<S>::bare_call(from, contract, value, weight, None, data, debug, collect, determinism);
            let result = done.result.map(|answer| (answer.into(), None));
            (done.gas_consumed, signed(done.storage_deposit), done.debug_message, result)
        }
        Target::Code(code) => {
            let done = Contracts::<S>::bare_upload_code(from, code.to_vec(), None, determinism);
            let deposit = done.as_ref().map_or(0, |done| saturated(done.deposit));
            (drink::Weight::zero(), deposit, Vec::new(), done.map(|_| (Answer::default(), None)))
        }
        Target::New { code, salt } => {
            let (code, salt) = (Code::Upload(code.to_vec()), salt.to_vec());
            let done = Contracts::<S>::bare_instantiate(from, value, weight, None, code, data, salt, debug, collect);
            let result = done.result.map(|new| (new.result.into(), Some(contract_account(&new.account_id))));
            (done.gas_consumed, signed(done.storage_deposit), done.debug_message, result)
        }
    };
    let weight = Weight::from_parts(consumed.ref_time(), consumed.proof_size());
    CallResult { weight, deposit, host_calls, result, reported: Reported::default() }
}

/// What the current storage has of the pallet's events.
fn reported<S: Sandbox<Runtime: Runtime>>() -> Reported {
    let mut reported = Reported::default();
    for record in frame_system::Pallet::<S::Runtime>::events() {
        match record.event.try_into() {
            Ok(Event::<S::Runtime>::ContractEmitted { contract, data }) => {
                let topics = record.topics.iter().map(|topic| topic.0).collect();
                reported.events.push(ContractEvent { contract: contract_account(&contract), topics, data });
            }
            Ok(Event::<S::Runtime>::Called { contract, .. }) => reported.called.push(contract_account(&contract)),
            _ => {}
        }
    }
    reported
}

fn saturated(planck: impl Into<u128>) -> i128 {
    i128::try_from(planck.into()).unwrap_or(i128::MAX)
}

fn signed(deposit: StorageDeposit<impl Into<u128>>) -> i128 {
    match deposit {
        StorageDeposit::Charge(planck) => saturated(planck),
        // Can't overflow: `saturated` returns at least 0.
        StorageDeposit::Refund(planck) => -saturated(planck),
    }
}
