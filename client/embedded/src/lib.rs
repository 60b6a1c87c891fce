//! A chain with `pallet-contracts` in this process, by drink.
//!
//! Typed calls are those of every chain: [`Messages`](patronage_chain::Messages).

mod chain;
mod execution;
mod folder;
mod narrow;
mod sandbox;
mod state;
mod submissions;
mod testing;

use drink::{
    frame_support::traits::Get,
    minimal::{MinimalSandbox, MinimalSandboxRuntime},
    AccountId32,
};
use ink::scale::{Decode, Encode};
use ink_sandbox::Snapshot;
use patronage_chain::{
    decode_answer, units::format_amount, Call, ChainError, Outcome, PastEvent, Properties, Receipt, Target, Width,
};
use patronage_interfaces::AccountId;

use execution::refused;
pub use folder::{FolderChain, BLOCK_TIME, ENDOWMENT};
use narrow::NarrowSandbox;
use sandbox::AnySandbox;
use state::State;

/// Time of the first block in milliseconds: 2026-01-01T00:00:00Z. It is fixed, so that every run gives the same results.
pub const GENESIS_TIME: u64 = 1_767_225_600_000;

/// Decimals of the chain's own token.
pub const NATIVE_DECIMALS: u8 = 12;
/// Symbol of the chain's own token.
pub const NATIVE_SYMBOL: &str = "UNIT";

type ItemDeposit = <MinimalSandboxRuntime as drink::pallet_contracts::Config>::DepositPerItem;
type ByteDeposit = <MinimalSandboxRuntime as drink::pallet_contracts::Config>::DepositPerByte;

/// Existential deposit in planck, as in drink's runtime.
const EXISTENTIAL_DEPOSIT: u128 = 1;

/// A chain in this process. Its state is lost when it is dropped.
pub struct EmbeddedChain {
    sandbox: Box<dyn AnySandbox>,
    properties: Properties,
    now: u64,
    deployed: u32,
    log: Vec<PastEvent>,
    host_calls: Vec<u8>,
    called: Vec<AccountId>,
}

impl Default for EmbeddedChain {
    fn default() -> Self {
        Self::with_width(Width::U128)
    }
}

impl EmbeddedChain {
    /// A new chain with native balances of this width.
    pub fn with_width(width: Width) -> Self {
        Self::with_genesis("a chain in this process", width)
    }

    /// A chain with the same state, which goes on by itself.
    pub fn fork(&mut self) -> Self {
        let (mut sandbox, snapshot) = (sandbox_of(self.properties.width), self.sandbox.snapshot());
        sandbox.restore(snapshot);
        let mut fork = Self::with(sandbox, self.properties.clone(), self.now, self.log.clone());
        fork.deployed = self.deployed;
        fork
    }

    /// A new chain whose genesis hash is made from `seed`.
    fn with_genesis(seed: impl Encode, width: Width) -> Self {
        let genesis = seed.using_encoded(sp_core::hashing::blake2_256);
        let sandbox = sandbox_of(width);
        let properties = Properties { width, ..Self::properties_with(genesis) };
        let mut chain = Self::with(sandbox, properties, GENESIS_TIME, Vec::new());
        chain.sandbox.set_time(chain.now);
        chain
    }

    /// Restores a chain from [`state`](Self::state).
    fn from_state(state: State) -> Self {
        let State { genesis, now, log, storage, root } = state;
        let mut sandbox = sandbox_of(Width::U128);
        sandbox.restore(Snapshot { storage, storage_root: root.into() });
        Self::with(sandbox, Self::properties_with(genesis), now, log)
    }

    /// The persistent state, for balances of 128 bits.
    fn state(&mut self) -> State {
        let Snapshot { storage, storage_root } = self.sandbox.snapshot();
        let log = self.log.clone();
        State { genesis: self.properties.genesis, now: self.now, log, storage, root: storage_root.0 }
    }

    /// The properties of an embedded chain with this `genesis` hash, and with balances of 128 bits.
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

    fn with(sandbox: Box<dyn AnySandbox>, properties: Properties, now: u64, log: Vec<PastEvent>) -> Self {
        Self { sandbox, properties, now, deployed: 0, log, host_calls: Vec::new(), called: Vec::new() }
    }

    /// Block time in milliseconds.
    pub fn now(&self) -> u64 {
        self.now
    }

    /// Builds a block `milliseconds` later.
    pub fn advance(&mut self, milliseconds: u64) {
        self.now = self.now.saturating_add(milliseconds);
        self.sandbox.next_block(self.now);
    }

    /// The host functions that the last transaction called. Each line has a host function with its arguments, as written by
    /// `pallet-contracts` if the log target `runtime::contracts::strace` is enabled at level trace. Otherwise empty.
    pub fn host_calls(&self) -> &[u8] {
        &self.host_calls
    }

    /// The contracts whose code changed the chain in the last transaction, one entry for each call of it. Empty if the transaction was
    /// refused or reverted: then nothing changed.
    pub fn called(&self) -> &[AccountId] {
        &self.called
    }

    /// Mints `amount` planck for `who`.
    ///
    /// # Errors
    ///
    /// If the amount is below the existential deposit of a new account, does not fit the chain's width, or the total issuance
    /// overflows.
    pub fn fund(&mut self, who: &AccountId, amount: u128) -> Result<(), ChainError> {
        self.sandbox.mint(who, amount).map_err(refused)
    }

    /// Free native balance of `who`, in planck.
    pub fn balance(&mut self, who: &AccountId) -> u128 {
        self.sandbox.free(who)
    }

    /// Runs `work` on the storage of the chain.
    fn on_storage<T: Default>(&mut self, work: impl Fn() -> T) -> T {
        let mut result = T::default();
        self.sandbox.within(&mut || result = work());
        result
    }

    /// Uploads `code` if it is new, and instantiates it by its constructor `new` with the argument `terms`.
    ///
    /// # Errors
    ///
    /// The outer error if the chain refuses. The inner error, of type `E`, is the constructor's own.
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
}

fn sandbox_of(width: Width) -> Box<dyn AnySandbox> {
    match width {
        Width::U128 => Box::new(MinimalSandbox::default()),
        Width::U64 => Box::new(NarrowSandbox::default()),
    }
}

/// Formats `amount` planck with the symbol of the chain's own token, such as `1.5 UNIT`.
pub fn format_native(amount: u128) -> String {
    format!("{} {NATIVE_SYMBOL}", format_amount(amount, NATIVE_DECIMALS))
}

fn chain_account(account: &AccountId) -> AccountId32 {
    AccountId32::new(*AsRef::<[u8; 32]>::as_ref(account))
}

fn contract_account(account: &AccountId32) -> AccountId {
    AccountId::from(*AsRef::<[u8; 32]>::as_ref(account))
}
