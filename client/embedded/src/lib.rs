//! A chain with `pallet-contracts` in this process, through drink.
//!
//! Typed calls are those of every chain: [`Messages`](patronage_chain::Messages).

mod events;
mod folder;
mod state;
mod submissions;

use std::collections::BTreeMap;

use drink::{
    frame_support::{
        sp_runtime::{DispatchError, TransactionOutcome},
        storage::{storage_prefix, unhashed, with_transaction, ChildTriePrefixIterator},
        traits::{
            fungible::{Inspect, Mutate},
            tokens::{Fortitude, Precision, Preservation},
            Get,
        },
    },
    minimal::{MinimalSandbox, MinimalSandboxRuntime},
    pallet_contracts::{Code, CollectEvents, DebugInfo, Determinism, ExecReturnValue},
    sandbox_api::prelude::{BalanceAPI, SystemAPI, TimestampAPI},
    AccountId32, Sandbox,
};
use ink::scale::{Decode, Encode, Error, Input};
use ink_sandbox::{frame_system, Snapshot};
use patronage_chain::{
    decode_answer,
    funds::Funds,
    nobody,
    submission::{Fate, Record, Submission},
    units::format_amount,
    Call, Chain, ChainError, ContractEvent, Outcome, PastEvent, Properties, Receipt, Signer, Target, Weight, Width,
};
use patronage_interfaces::AccountId;
use sp_core::storage::ChildInfo;

pub use folder::{FolderChain, BLOCK_TIME, ENDOWMENT};
use state::State;

/// Milliseconds of the first block: 2026-01-01T00:00:00Z. Fixed, so that every run gives the same figures.
pub const GENESIS_TIME: u64 = 1_767_225_600_000;

/// Decimals of the chain's own token.
pub const NATIVE_DECIMALS: u8 = 12;
/// Symbol of the chain's own token.
pub const NATIVE_SYMBOL: &str = "UNIT";

/// What one transaction may use at most: half a second of computing, 5 MiB of proof. Chains allow about as much.
const GAS_LIMIT: Weight = Weight::from_parts(500_000_000_000, 5 * 1024 * 1024);

type Balances = drink::pallet_balances::Pallet<MinimalSandboxRuntime>;
type Contracts = drink::pallet_contracts::Pallet<MinimalSandboxRuntime>;
type ItemDeposit = <MinimalSandboxRuntime as drink::pallet_contracts::Config>::DepositPerItem;
type ByteDeposit = <MinimalSandboxRuntime as drink::pallet_contracts::Config>::DepositPerByte;

/// What an account on this chain must hold to exist, in planck, as drink's runtime has it.
const EXISTENTIAL_DEPOSIT: u128 = 1;

/// A chain in this process. Nothing is kept when it is dropped.
pub struct EmbeddedChain {
    sandbox: MinimalSandbox,
    properties: Properties,
    now: u64,
    deployed: u32,
    log: Vec<PastEvent>,
    host_calls: Vec<u8>,
}

impl Default for EmbeddedChain {
    fn default() -> Self {
        Self::with_genesis("a chain in this process")
    }
}

impl EmbeddedChain {
    /// A new chain whose genesis hash is made from `seed`.
    fn with_genesis(seed: impl Encode) -> Self {
        let genesis = seed.using_encoded(sp_core::hashing::blake2_256);
        let mut chain = Self::with(MinimalSandbox::default(), genesis, GENESIS_TIME, Vec::new());
        chain.sandbox.set_timestamp(chain.now);
        chain
    }

    /// The chain that [`state`](Self::state) was taken from.
    fn from_state(state: State) -> Self {
        let State { genesis, now, log, storage, root } = state;
        let mut sandbox = MinimalSandbox::default();
        sandbox.restore_snapshot(Snapshot { storage, storage_root: root.into() });
        Self::with(sandbox, genesis, now, log)
    }

    /// Everything that lasts.
    fn state(&mut self) -> State {
        let Snapshot { storage, storage_root } = self.sandbox.take_snapshot();
        let log = self.log.clone();
        State { genesis: self.properties.genesis, now: self.now, log, storage, root: storage_root.0 }
    }

    /// What every chain of this kind has in common but for its `genesis` hash.
    pub fn properties_with(genesis: [u8; 32]) -> Properties {
        Properties {
            genesis,
            decimals: NATIVE_DECIMALS,
            symbol: NATIVE_SYMBOL.to_owned(),
            existential_deposit: EXISTENTIAL_DEPOSIT,
            item_deposit: ItemDeposit::get(),
            byte_deposit: ByteDeposit::get(),
            width: Width::U128,
            development: true,
        }
    }

    fn with(sandbox: MinimalSandbox, genesis: [u8; 32], now: u64, log: Vec<PastEvent>) -> Self {
        Self { sandbox, properties: Self::properties_with(genesis), now, deployed: 0, log, host_calls: Vec::new() }
    }

    /// Block time in milliseconds.
    pub fn now(&self) -> u64 {
        self.now
    }

    /// Builds a block `milliseconds` later.
    pub fn advance(&mut self, milliseconds: u64) {
        self.now = self.now.saturating_add(milliseconds);
        self.sandbox.build_block();
        // A new block of the sandbox starts with the wall clock.
        self.sandbox.set_timestamp(self.now);
    }

    /// What the contracts asked of the chain in the last transaction, a host function with its arguments on each line, as
    /// `pallet-contracts` writes it where the log target `runtime::contracts::strace` is enabled at level trace; else nothing.
    pub fn host_calls(&self) -> &[u8] {
        &self.host_calls
    }

    /// Gives `who` freshly minted `amount` planck.
    ///
    /// # Errors
    ///
    /// When the amount is below the existential deposit of a new account, or over what the chain can hold.
    pub fn fund(&mut self, who: &AccountId, amount: u128) -> Result<(), ChainError> {
        self.sandbox.mint_into(&chain_account(who), amount).map(|_| ()).map_err(refused)
    }

    /// Destroys `amount` planck of `who`, which no transaction does: to see what a contract does whose money is missing.
    ///
    /// # Errors
    ///
    /// When `who` has less.
    pub fn destroy(&mut self, who: &AccountId, amount: u128) -> Result<(), ChainError> {
        let who = chain_account(who);
        self.sandbox
            .execute_with(|| Balances::burn_from(&who, amount, Precision::Exact, Fortitude::Force))
            .map(|_| ())
            .map_err(refused)
    }

    /// Removes the code with this hash, which `who` uploaded.
    ///
    /// # Errors
    ///
    /// When a contract needs it, or someone else uploaded it.
    pub fn remove_code(&mut self, who: &AccountId, hash: &[u8; 32]) -> Result<(), ChainError> {
        let origin = frame_system::RawOrigin::Signed(chain_account(who)).into();
        let hash = (*hash).into();
        let done = self.sandbox.execute_with(|| Contracts::remove_code(origin, hash));
        done.map(|_| ()).map_err(|error| refused(error.error))
    }

    /// Removes the code with this hash as no transaction can: to see what a contract does whose code is missing.
    pub fn forget_code(&mut self, hash: &[u8; 32]) {
        let keys = [code_key("PristineCode", hash), code_key("CodeInfoOf", hash)];
        self.sandbox.execute_with(|| keys.iter().for_each(|key| unhashed::kill(key)));
    }

    /// All that `contract` keeps, by the keys that it chose.
    pub fn storage_of(&mut self, contract: &AccountId) -> BTreeMap<Vec<u8>, Vec<u8>> {
        let account = contract.encode();
        let hash = sp_core::hashing::twox_64(&account);
        let key = [&storage_prefix(b"Contracts", b"ContractInfoOf")[..], &hash, &account].concat();
        self.sandbox.execute_with(|| {
            let mut kept = BTreeMap::new();
            // The first field of a contract's record names its storage.
            let Some(trie) = unhashed::get_raw(&key).and_then(|info| Vec::<u8>::decode(&mut &info[..]).ok()) else {
                return kept;
            };
            let trie = ChildInfo::new_default(&trie);
            for (key, Raw(value)) in ChildTriePrefixIterator::<(Vec<u8>, Raw)>::with_prefix(&trie, &[]) {
                // Before the key is its BLAKE2b-128 hash.
                kept.insert(key.get(16..).unwrap_or_default().to_vec(), value);
            }
            kept
        })
    }

    /// Free native balance of `who`, in planck.
    pub fn balance(&mut self, who: &AccountId) -> u128 {
        self.sandbox.free_balance(&chain_account(who))
    }

    /// Uploads `code` where it is new and instantiates it by its constructor `new` with `terms` as the one argument.
    ///
    /// # Errors
    ///
    /// The outer error when the chain refuses; the inner one, of type `E`, is the constructor's own.
    pub fn deploy<T: Encode, E: Decode>(
        &mut self,
        from: &AccountId,
        value: u128,
        code: Vec<u8>,
        terms: &T,
    ) -> Result<Result<Receipt<AccountId>, E>, ChainError> {
        self.deployed = self.deployed.saturating_add(1);
        let salt = self.deployed.to_le_bytes();
        let mut data = ink::selector_bytes!("new").to_vec();
        terms.encode_to(&mut data);
        let outcome =
            self.execute(from, &Call { target: Target::New { code: &code, salt: &salt }, value, data: &data })?;
        match outcome.contract {
            Some(value) => {
                let Outcome { weight, deposit, fee, events, .. } = outcome;
                Ok(Ok(Receipt { value, weight, deposit, fee, events }))
            }
            None => {
                let answer = decode_answer::<Result<(), E>>(&outcome.output)?;
                answer.err().map(Err).ok_or(ChainError::Undecodable(outcome.output))
            }
        }
    }

    /// What `call` would do now, within this `weight`. Nothing changes.
    fn try_out(&mut self, from: &AccountId, call: &Call<'_>, weight: Weight) -> Result<Outcome, ChainError> {
        self.sandbox.reset_events();
        let mut records = Vec::new();
        let done = self.sandbox.execute_with(|| {
            in_transaction(|| {
                let done = run(from, call, weight);
                // They are gone with everything else in a moment.
                records = frame_system::Pallet::<MinimalSandboxRuntime>::events();
                TransactionOutcome::Rollback(done)
            })
        });
        outcome(done, events::of_contracts(records.into_iter().map(|record| (record.event, record.topics))))
    }

    /// Executes `call` in the block that is being built.
    fn execute(&mut self, from: &AccountId, call: &Call<'_>) -> Result<Outcome, ChainError> {
        self.sandbox.reset_events();
        // As a transaction does: all or nothing, also where the deposit can't be paid in the end.
        let mut done = self.sandbox.execute_with(|| {
            in_transaction(|| {
                let done = run(from, call, GAS_LIMIT);
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

impl Chain for EmbeddedChain {
    fn properties(&self) -> &Properties {
        &self.properties
    }

    fn time(&mut self) -> Result<u64, ChainError> {
        Ok(self.now)
    }

    fn block(&mut self) -> Result<u32, ChainError> {
        Ok(self.sandbox.block_number())
    }

    fn balance_of(&mut self, who: &AccountId) -> Result<u128, ChainError> {
        Ok(self.balance(who))
    }

    fn funds_of(&mut self, who: &AccountId) -> Result<Funds, ChainError> {
        let (free, who) = (self.balance(who), chain_account(who));
        let (stay, polite) = (Preservation::Preserve, Fortitude::Polite);
        let spendable = self.sandbox.execute_with(|| Balances::reducible_balance(&who, stay, polite));
        Ok(Funds { free, kept: free.saturating_sub(spendable) })
    }

    fn code_hash_of(&mut self, contract: &AccountId) -> Result<Option<[u8; 32]>, ChainError> {
        let contract = chain_account(contract);
        Ok(self.sandbox.execute_with(|| Contracts::code_hash(&contract)).map(|hash| hash.0))
    }

    fn has_code(&mut self, hash: &[u8; 32]) -> Result<bool, ChainError> {
        // The map is private to the pallet. Its keys are the hashes as they are.
        let key = code_key("CodeInfoOf", hash);
        Ok(self.sandbox.execute_with(|| unhashed::exists(&key)))
    }

    fn dry_run(&mut self, from: &AccountId, call: &Call<'_>) -> Result<Outcome, ChainError> {
        self.try_out(from, call, GAS_LIMIT)
    }

    fn ask_within(&mut self, weight: Weight, call: &Call<'_>) -> Result<Outcome, ChainError> {
        self.try_out(&nobody(), call, weight)
    }

    fn submit(&mut self, signer: &Signer, call: &Call<'_>) -> Result<Outcome, ChainError> {
        self.execute(&signer.account(), call)
    }

    fn submit_recorded(
        &mut self,
        signer: &Signer,
        call: &Call<'_>,
        record: &mut dyn Record,
    ) -> Result<Outcome, ChainError> {
        self.execute_recorded(&signer.account(), call, record)
    }

    fn resume(&mut self, _: &AccountId, submission: &Submission) -> Result<Fate, ChainError> {
        Ok(self.fate_of(submission))
    }

    fn history(&mut self, contracts: &[AccountId], from_block: u32) -> Result<Vec<PastEvent>, ChainError> {
        let wanted = |past: &&PastEvent| past.block >= from_block && contracts.contains(&past.event.contract);
        Ok(self.log.iter().filter(wanted).cloned().collect())
    }
}

/// `amount` planck with the name of the chain's own token, such as `1.5 UNIT`.
pub fn format_native(amount: u128) -> String {
    format!("{} {NATIVE_SYMBOL}", format_amount(amount, NATIVE_DECIMALS))
}

/// What `pallet-contracts` says of a call, whatever its kind.
struct Done {
    weight: drink::Weight,
    deposit: i128,
    /// Which host functions were called, where they are traced.
    host_calls: Vec<u8>,
    result: Result<(Answer, Option<AccountId>), DispatchError>,
}

/// What a contract answered.
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

/// Runs `work` as a layer of its own over the storage, which is kept or dropped as it says.
fn in_transaction(work: impl FnOnce() -> TransactionOutcome<Done>) -> Done {
    let done = with_transaction(|| match work() {
        TransactionOutcome::Commit(done) => TransactionOutcome::Commit(Ok::<_, DispatchError>(done)),
        TransactionOutcome::Rollback(done) => TransactionOutcome::Rollback(Ok(done)),
    });
    done.unwrap_or_else(|error| Done {
        weight: drink::Weight::zero(),
        deposit: 0,
        host_calls: Vec::new(),
        result: Err(error),
    })
}

/// Runs `call` in the storage that is at hand, within this `weight`.
fn run(from: &AccountId, call: &Call<'_>, weight: Weight) -> Done {
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
            Done {
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
            // The pallet's own function does not know what an upload weighs.
            Done { weight: drink::Weight::zero(), deposit, host_calls: Vec::new(), result }
        }
        Target::New { code, salt } => {
            let (code, salt) = (Code::Upload(code.to_vec()), salt.to_vec());
            let done = Contracts::bare_instantiate(from, call.value, weight, None, code, data, salt, debug, collect);
            let result = done.result.map(|new| (new.result.into(), Some(contract_account(&new.account_id))));
            Done {
                weight: done.gas_consumed,
                deposit: signed(&done.storage_deposit),
                host_calls: done.debug_message,
                result,
            }
        }
    }
}

fn outcome(done: Done, events: Vec<ContractEvent>) -> Result<Outcome, ChainError> {
    let (answer, contract) = done.result.map_err(refused)?;
    let reverted = answer.reverted;
    Ok(Outcome {
        output: answer.data,
        reverted,
        contract: contract.filter(|_| !reverted),
        weight: Weight::from_parts(done.weight.ref_time(), done.weight.proof_size()),
        deposit: done.deposit,
        // This chain takes none.
        fee: 0,
        events,
    })
}

fn refused(error: DispatchError) -> ChainError {
    let words = match &error {
        DispatchError::Module(module) => module.message.map_or_else(|| format!("{module:?}"), str::to_owned),
        other => format!("{other:?}"),
    };
    ChainError::Refused(words)
}

fn signed(deposit: &drink::pallet_contracts::StorageDeposit<u128>) -> i128 {
    use drink::pallet_contracts::StorageDeposit::{Charge, Refund};
    let amount = |planck: &u128| i128::try_from(*planck).unwrap_or(i128::MAX);
    match deposit {
        Charge(planck) => amount(planck),
        // Cannot overflow: `amount` gives at least zero.
        Refund(planck) => -amount(planck),
    }
}

/// A value as it is stored.
struct Raw(Vec<u8>);

impl Decode for Raw {
    fn decode<I: Input>(input: &mut I) -> Result<Self, Error> {
        let mut bytes = vec![0; input.remaining_len()?.unwrap_or(0)];
        input.read(&mut bytes)?;
        Ok(Self(bytes))
    }
}

/// Key of an entry of a map of `pallet-contracts` whose keys are hashes of code, as they are.
fn code_key(map: &str, hash: &[u8; 32]) -> Vec<u8> {
    [&storage_prefix(b"Contracts", map.as_bytes())[..], hash].concat()
}

fn chain_account(account: &AccountId) -> AccountId32 {
    AccountId32::new(*AsRef::<[u8; 32]>::as_ref(account))
}

fn contract_account(account: &AccountId32) -> AccountId {
    AccountId::from(*AsRef::<[u8; 32]>::as_ref(account))
}
