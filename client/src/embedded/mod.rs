//! A chain with `pallet-contracts` in this process, through drink.
//!
//! Calls are typed: a message comes as the call builder of its trait in `patronage-interfaces` (or `psp22`), and what
//! comes back is decoded as what that message promises.

mod accounts;
mod events;

use drink::{
    frame_support::{
        sp_runtime::DispatchError,
        traits::{
            fungible::Mutate,
            tokens::{Fortitude, Precision},
        },
    },
    minimal::{MinimalSandbox, MinimalSandboxRuntime},
    pallet_contracts::Determinism,
    sandbox_api::prelude::{BalanceAPI, ContractAPI, SystemAPI, TimestampAPI},
    AccountId32, Sandbox, Weight,
};
use ink::{
    env::{
        call::{
            utils::{ReturnType, Set},
            Call, CallBuilder, ExecutionInput,
        },
        Environment,
    },
    primitives::LangError,
    scale::{Decode, Encode},
};
use patronage_interfaces::AccountId;

pub use accounts::{account, address};
pub use events::{field_topic, ContractEvent};

/// A message ready to be sent: what `ink::contract_ref!` gives for each message of a trait.
pub type Message<E, Args, R> = CallBuilder<E, Set<Call<E>>, Set<ExecutionInput<Args>>, Set<ReturnType<R>>>;

/// Milliseconds of the first block: 2026-01-01T00:00:00Z. Fixed, so that every run gives the same figures.
pub const GENESIS_TIME: u64 = 1_767_225_600_000;

/// What one transaction may use at most: half a second of computing, 5 MiB of proof. Chains allow about as much.
const GAS_LIMIT: Weight = Weight::from_parts(500_000_000_000, 5 * 1024 * 1024);

/// Why a call gave no answer at all. A contract's own error is an answer and is not here.
#[derive(Debug, thiserror::Error)]
pub enum CallError {
    /// The chain refused or stopped the call: it trapped, ran out of gas, or the caller could not pay.
    #[error("the chain refused the call: {0}")]
    Refused(String),
    /// The callee has no such message, or could not decode the arguments.
    #[error("the contract does not know this message ({0:?})")]
    Language(LangError),
    /// The answer is not of the promised type.
    #[error("the contract's answer can't be decoded: 0x{}", sp_core::hexdisplay::HexDisplay::from(.0))]
    Undecodable(Vec<u8>),
}

/// What a transaction did.
#[derive(Debug, Clone)]
pub struct Receipt<R> {
    /// The message's answer. Where it is an error of the contract, nothing else has changed.
    pub value: R,
    /// Weight consumed.
    pub weight: Weight,
    /// Storage deposit in planck: charged to the caller where positive, paid back where negative.
    pub deposit: i128,
    /// Events of all contracts that took part, in order, with their topics.
    pub events: Vec<ContractEvent>,
}

type Balances = drink::pallet_balances::Pallet<MinimalSandboxRuntime>;

/// A chain in this process. Nothing is kept when it is dropped.
pub struct EmbeddedChain {
    sandbox: MinimalSandbox,
    now: u64,
    deployed: u32,
}

impl Default for EmbeddedChain {
    fn default() -> Self {
        let mut chain = Self { sandbox: MinimalSandbox::default(), now: GENESIS_TIME, deployed: 0 };
        chain.sandbox.set_timestamp(chain.now);
        chain
    }
}

impl EmbeddedChain {
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

    /// Gives `who` freshly minted `amount` planck.
    ///
    /// # Errors
    ///
    /// When the amount is below the existential deposit of a new account, or over what the chain can hold.
    pub fn fund(&mut self, who: &AccountId, amount: u128) -> Result<(), CallError> {
        self.sandbox.mint_into(&chain_account(who), amount).map(|_| ()).map_err(refused)
    }

    /// Destroys `amount` planck of `who`, which no transaction does: to see what a contract does whose money is missing.
    ///
    /// # Errors
    ///
    /// When `who` has less.
    pub fn destroy(&mut self, who: &AccountId, amount: u128) -> Result<(), CallError> {
        let who = chain_account(who);
        self.sandbox
            .execute_with(|| Balances::burn_from(&who, amount, Precision::Exact, Fortitude::Force))
            .map(|_| ())
            .map_err(refused)
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
    ) -> Result<Result<Receipt<AccountId>, E>, CallError> {
        self.deployed = self.deployed.saturating_add(1);
        let mut data = ink::selector_bytes!("new").to_vec();
        terms.encode_to(&mut data);
        self.sandbox.reset_events();
        let salt = self.deployed.to_le_bytes().to_vec();
        let result = self.sandbox.deploy_contract(code, value, data, salt, chain_account(from), GAS_LIMIT, None);
        let deposit = signed(&result.storage_deposit);
        let weight = result.gas_consumed;
        let done = result.result.map_err(refused)?;
        if done.result.did_revert() {
            let answer = decode_answer::<Result<(), E>>(&done.result.data)?;
            return answer.err().map(Err).ok_or(CallError::Undecodable(done.result.data));
        }
        let value = contract_account(&done.account_id);
        Ok(Ok(Receipt { value, weight, deposit, events: self.events() }))
    }

    /// Sends `message` from `from` with `value` planck.
    ///
    /// # Errors
    ///
    /// Only when the contract gave no answer; its own errors are the receipt's value.
    pub fn call<E, Args, R>(
        &mut self,
        from: &AccountId,
        value: u128,
        message: Message<E, Args, R>,
    ) -> Result<Receipt<R>, CallError>
    where
        E: Environment<AccountId = AccountId>,
        Args: Encode,
        R: Decode,
    {
        self.sandbox.reset_events();
        let params = message.params();
        let result = self.sandbox.call_contract(
            chain_account(params.callee()),
            value,
            params.exec_input().encode(),
            chain_account(from),
            GAS_LIMIT,
            None,
            Determinism::Enforced,
        );
        let deposit = signed(&result.storage_deposit);
        let weight = result.gas_consumed;
        let answer = result.result.map_err(refused)?;
        let value = decode_answer::<R>(&answer.data)?;
        Ok(Receipt { value, weight, deposit, events: self.events() })
    }

    /// What [`call`](Self::call) would give now, with nothing changed.
    ///
    /// # Errors
    ///
    /// As for [`call`](Self::call).
    pub fn dry_run<E, Args, R>(
        &mut self,
        from: &AccountId,
        value: u128,
        message: Message<E, Args, R>,
    ) -> Result<Receipt<R>, CallError>
    where
        E: Environment<AccountId = AccountId>,
        Args: Encode,
        R: Decode,
    {
        let before = self.sandbox.take_snapshot();
        let result = self.call(from, value, message);
        self.sandbox.restore_snapshot(before);
        result
    }

    /// Answer of a message that only reads.
    ///
    /// # Errors
    ///
    /// As for [`call`](Self::call).
    pub fn ask<E, Args, R>(&mut self, message: Message<E, Args, R>) -> Result<R, CallError>
    where
        E: Environment<AccountId = AccountId>,
        Args: Encode,
        R: Decode,
    {
        let nobody = contract_account(&MinimalSandbox::default_actor());
        Ok(self.call(&nobody, 0, message)?.value)
    }

    fn events(&mut self) -> Vec<ContractEvent> {
        events::of_contracts(self.sandbox.events().into_iter().map(|record| (record.event, record.topics)))
    }
}

fn decode_answer<R: Decode>(data: &[u8]) -> Result<R, CallError> {
    match Result::<R, LangError>::decode(&mut &data[..]) {
        Ok(answer) => answer.map_err(CallError::Language),
        Err(_) => Err(CallError::Undecodable(data.to_vec())),
    }
}

fn refused(error: DispatchError) -> CallError {
    let words = match &error {
        DispatchError::Module(module) => module.message.map_or_else(|| format!("{module:?}"), str::to_owned),
        other => format!("{other:?}"),
    };
    CallError::Refused(words)
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

fn chain_account(account: &AccountId) -> AccountId32 {
    AccountId32::new(*AsRef::<[u8; 32]>::as_ref(account))
}

fn contract_account(account: &AccountId32) -> AccountId {
    AccountId::from(*AsRef::<[u8; 32]>::as_ref(account))
}
