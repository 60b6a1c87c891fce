//! What this library asks of a chain with `pallet-contracts`, whether it runs in this process or behind a node.
//!
//! A backend implements [`Chain`], which knows nothing of messages: bytes in, bytes out. [`Messages`] makes typed calls of
//! it for every backend. Money in the messages of the suite is u128 whatever the width of the chain's own balances, so one
//! encoding serves every chain.

use drink::Weight;
use ink::{
    env::{
        call::{
            utils::{ReturnType, Set},
            CallBuilder, ExecutionInput,
        },
        Environment,
    },
    primitives::LangError,
    scale::{Decode, Encode},
};
use patronage_interfaces::AccountId;
use sp_core::sr25519;

use crate::{
    funds::{Funds, Shortfall},
    keys::Key,
    submission::{Fate, Record, Submission},
    units::Unit,
};

/// A message ready to be sent: what `ink::contract_ref!` gives for each message of a trait.
pub type Message<E, Args, R> =
    CallBuilder<E, Set<ink::env::call::Call<E>>, Set<ExecutionInput<Args>>, Set<ReturnType<R>>>;

/// Width of a chain's own balances. Contracts are built for one of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Width {
    /// 64 bits, as on Bittensor.
    U64,
    /// 128 bits, as on most chains.
    U128,
}

impl Width {
    /// Name of the type, which is also how `scripts/build --balance` calls it.
    pub fn name(self) -> &'static str {
        match self {
            Self::U64 => "u64",
            Self::U128 => "u128",
        }
    }

    /// The most planck that a balance of this width can be.
    pub fn most(self) -> u128 {
        match self {
            Self::U64 => u64::MAX.into(),
            Self::U128 => u128::MAX,
        }
    }

    /// Decimals of the token of a chain that does not say.
    pub fn decimals(self) -> u8 {
        match self {
            Self::U64 => 9,
            Self::U128 => 12,
        }
    }
}

/// What is the same for as long as a chain lives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Properties {
    /// Hash of the first block: no two chains share it.
    pub genesis: [u8; 32],
    /// Decimals of the chain's own token.
    pub decimals: u8,
    /// Symbol of the chain's own token.
    pub symbol: String,
    /// Planck that an account needs to exist.
    pub existential_deposit: u128,
    /// Storage deposit for one more record, in planck.
    pub item_deposit: u128,
    /// Storage deposit for one more byte in a record, in planck.
    pub byte_deposit: u128,
    /// Width of its balances.
    pub width: Width,
    /// Whether this is a chain for trying things, on which the development accounts, whose keys everybody knows, may be
    /// named.
    pub development: bool,
}

impl Properties {
    /// The chain's own token.
    pub fn unit(&self) -> Unit {
        Unit { symbol: self.symbol.clone(), decimals: self.decimals, most: self.width.most() }
    }
}

/// Who sends a transaction.
#[derive(Clone)]
pub struct Signer {
    account: AccountId,
    key: Option<Key>,
}

impl Signer {
    /// The account that pays and whose transaction it is.
    pub fn account(&self) -> AccountId {
        self.account
    }

    /// The key to sign with. A chain in this process takes anyone's word and needs none.
    pub fn key(&self) -> Option<&Key> {
        self.key.as_ref()
    }
}

impl From<AccountId> for Signer {
    fn from(account: AccountId) -> Self {
        Self { account, key: None }
    }
}

impl From<Key> for Signer {
    fn from(key: Key) -> Self {
        Self { account: key.account(), key: Some(key) }
    }
}

impl From<sr25519::Pair> for Signer {
    fn from(pair: sr25519::Pair) -> Self {
        Key::from(pair).into()
    }
}

/// What a transaction is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target<'a> {
    /// A message to a contract.
    Contract(AccountId),
    /// A new contract. Its address follows from the deployer, the code, the data and the salt.
    New {
        /// Wasm code, uploaded where the chain does not have it yet.
        code: &'a [u8],
        /// Tells apart what would be the same otherwise.
        salt: &'a [u8],
    },
}

/// A transaction without its sender.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Call<'a> {
    /// What it is for.
    pub target: Target<'a>,
    /// Planck that go along.
    pub value: u128,
    /// Selector and arguments, SCALE encoded.
    pub data: &'a [u8],
}

/// What a transaction did, or would do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// What the contract answered, SCALE encoded. A node keeps no transaction's answer: there it is what the dry run of the
    /// same call gave just before, and figures that may have changed since are in the events.
    pub output: Vec<u8>,
    /// Whether the contract answered with an error. Then nothing has changed but the fee.
    pub reverted: bool,
    /// The new contract, where there is one.
    pub contract: Option<AccountId>,
    /// Weight that it takes.
    pub weight: Weight,
    /// Storage deposit in planck: from the sender where positive, to the sender where negative.
    pub deposit: i128,
    /// Fee of the transaction in planck, beside the value and the deposit; from a dry run the most that it can be.
    pub fee: u128,
    /// Events of all contracts that took part, in order. May be empty after a dry run.
    pub events: Vec<ContractEvent>,
}

/// An event that a contract emitted.
#[derive(Debug, Clone, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode)]
pub struct ContractEvent {
    /// The contract that emitted it.
    pub contract: AccountId,
    /// Topics in order: the event's signature first, then each field marked as a topic.
    pub topics: Vec<[u8; 32]>,
    /// All fields, SCALE encoded.
    pub data: Vec<u8>,
}

impl ContractEvent {
    /// The event as a `T`, where its first topic is the signature of `T` and its data decodes.
    pub fn decode<T: ink::env::Event + Decode>(&self) -> Option<T> {
        let named = T::SIGNATURE_TOPIC.is_some() && self.topics.first() == T::SIGNATURE_TOPIC.as_ref();
        named.then(|| T::decode(&mut &self.data[..]).ok()).flatten()
    }
}

/// An event of the past.
#[derive(Debug, Clone, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode)]
pub struct PastEvent {
    /// Number of the block.
    pub block: u32,
    /// Time of the block in ms.
    pub time: u64,
    /// The event.
    pub event: ContractEvent,
}

/// Why a chain gave no answer at all. A contract's own error is an answer and is not here.
#[derive(Debug, thiserror::Error)]
pub enum ChainError {
    /// The chain refused or stopped the call: it trapped, ran out of gas, or the caller could not pay.
    #[error("the chain refused the call: {0}")]
    Refused(String),
    /// The callee has no such message, or could not decode the arguments.
    #[error("the contract does not know this message ({0:?})")]
    Language(LangError),
    /// The answer is not of the promised type.
    #[error("the contract's answer can't be decoded: 0x{}", sp_core::hexdisplay::HexDisplay::from(.0))]
    Undecodable(Vec<u8>),
    /// The sender does not have what the call takes. Nothing was sent.
    #[error("{0}")]
    Funds(Box<Shortfall>),
    /// The chain can't be used at all: its node does not answer, or its folder can't be read or written. In words, with what
    /// to do.
    #[error("{0}")]
    Unavailable(String),
}

/// A chain with `pallet-contracts`. Calls block until there is an answer.
pub trait Chain {
    /// What never changes about it.
    fn properties(&self) -> &Properties;

    /// Block time in milliseconds.
    ///
    /// # Errors
    ///
    /// [`ChainError::Unavailable`].
    fn time(&mut self) -> Result<u64, ChainError>;

    /// Number of the newest block.
    ///
    /// # Errors
    ///
    /// [`ChainError::Unavailable`].
    fn block(&mut self) -> Result<u32, ChainError>;

    /// Free native balance of `who`, in planck.
    ///
    /// # Errors
    ///
    /// [`ChainError::Unavailable`].
    fn balance_of(&mut self, who: &AccountId) -> Result<u128, ChainError>;

    /// What `who` has of native money, and how much of it can't leave the account.
    ///
    /// # Errors
    ///
    /// [`ChainError::Unavailable`].
    fn funds_of(&mut self, who: &AccountId) -> Result<Funds, ChainError> {
        Ok(Funds { free: self.balance_of(who)?, kept: self.properties().existential_deposit })
    }

    /// Hash of the code of `contract`; `None` where the account is no contract.
    ///
    /// # Errors
    ///
    /// [`ChainError::Unavailable`].
    fn code_hash_of(&mut self, contract: &AccountId) -> Result<Option<[u8; 32]>, ChainError>;

    /// What `call` from `from` would do now. Nothing changes. It is tried exactly as [`submit`](Self::submit) would send it,
    /// so what this refuses is not sent either.
    ///
    /// # Errors
    ///
    /// When there is no answer, or the account can't pay what it takes; an answer that is an error is an outcome.
    fn dry_run(&mut self, from: &AccountId, call: &Call<'_>) -> Result<Outcome, ChainError>;

    /// What `call`, which only reads, would answer now within this `weight`. A chain on which nothing can be limited may take more.
    ///
    /// # Errors
    ///
    /// As for [`dry_run`](Self::dry_run), and when it takes more.
    fn ask_within(&mut self, weight: Weight, call: &Call<'_>) -> Result<Outcome, ChainError> {
        let _ = weight;
        self.dry_run(&nobody(), call)
    }

    /// Sends `call` and waits until a block has it that stays. It is tried right before, with the limits that are signed: on
    /// a chain that does not change meanwhile, it does not fail.
    ///
    /// # Errors
    ///
    /// When there is no answer, or the account can't pay what it takes; an answer that is an error is an outcome.
    fn submit(&mut self, signer: &Signer, call: &Call<'_>) -> Result<Outcome, ChainError>;

    /// As [`submit`](Self::submit), with the transaction given to `record` before it is sent.
    ///
    /// # Errors
    ///
    /// As for [`submit`](Self::submit), and when `record` fails: then nothing was sent.
    fn submit_recorded(
        &mut self,
        signer: &Signer,
        call: &Call<'_>,
        record: &mut dyn Record,
    ) -> Result<Outcome, ChainError>;

    /// What came of a transaction of `from` that was recorded earlier. Where it may still happen, sends it again, which can't
    /// make it happen twice, and waits until it is decided.
    ///
    /// # Errors
    ///
    /// [`ChainError::Unavailable`], when the chain does not tell, or it is not decided after some minutes.
    fn resume(&mut self, from: &AccountId, submission: &Submission) -> Result<Fate, ChainError>;

    /// Events of `contracts` from block `from_block` on, oldest first.
    ///
    /// # Errors
    ///
    /// [`ChainError::Unavailable`], also where a node no longer has the blocks.
    fn history(&mut self, contracts: &[AccountId], from_block: u32) -> Result<Vec<PastEvent>, ChainError>;
}

/// A chain for trying things, whose time and money can be had for nothing.
pub trait Trial: Chain {
    /// Lets `milliseconds` pass.
    ///
    /// # Errors
    ///
    /// When this is no such chain, or it can't be used.
    fn advance(&mut self, milliseconds: u64) -> Result<(), ChainError>;

    /// Gives `who` another `amount` planck.
    ///
    /// # Errors
    ///
    /// When this is no such chain, refuses the amount, or can't be used.
    fn fund(&mut self, who: &AccountId, amount: u128) -> Result<(), ChainError>;
}

/// What a transaction did, with its answer decoded.
#[derive(Debug, Clone)]
pub struct Receipt<R> {
    /// The message's answer. Where it is an error of the contract, nothing else has changed.
    pub value: R,
    /// Weight consumed.
    pub weight: Weight,
    /// Storage deposit in planck: charged to the caller where positive, paid back where negative.
    pub deposit: i128,
    /// Fee in planck, beside value and deposit.
    pub fee: u128,
    /// Events of all contracts that took part, in order, with their topics.
    pub events: Vec<ContractEvent>,
}

impl<R: Decode> TryFrom<Outcome> for Receipt<R> {
    type Error = ChainError;

    /// Decodes what a message of type `R` answered.
    fn try_from(outcome: Outcome) -> Result<Self, ChainError> {
        let Outcome { output, weight, deposit, fee, events, .. } = outcome;
        Ok(Self { value: decode_answer(&output)?, weight, deposit, fee, events })
    }
}

/// Weight for a question to a contract of others: what a PSP22 token answers takes a tenth of it.
const FOR_A_STRANGER: Weight = Weight::from_parts(20_000_000_000, 2 * 1024 * 1024);

/// Typed calls on any chain.
pub trait Messages: Chain {
    /// Answer of a message that only reads.
    ///
    /// # Errors
    ///
    /// When the contract gives no answer.
    fn ask<E, Args, R>(&mut self, message: Message<E, Args, R>) -> Result<R, ChainError>
    where
        E: Environment<AccountId = AccountId>,
        Args: Encode,
        R: Decode,
    {
        Ok(self.preview(&nobody(), 0, message)?.value)
    }

    /// As [`ask`](Self::ask), of a contract that may be there to waste time: it gets so much weight as such a question takes
    /// many times over, and no more.
    ///
    /// # Errors
    ///
    /// When the contract gives no answer.
    fn ask_stranger<E, Args, R>(&mut self, message: Message<E, Args, R>) -> Result<R, ChainError>
    where
        E: Environment<AccountId = AccountId>,
        Args: Encode,
        R: Decode,
    {
        let (contract, data) = encoded(message);
        let call = Call { target: Target::Contract(contract), value: 0, data: &data };
        decode_answer(&self.ask_within(FOR_A_STRANGER, &call)?.output)
    }

    /// What [`send`](Self::send) would give now, with nothing changed.
    ///
    /// # Errors
    ///
    /// As for [`send`](Self::send).
    fn preview<E, Args, R>(
        &mut self,
        from: &AccountId,
        value: u128,
        message: Message<E, Args, R>,
    ) -> Result<Receipt<R>, ChainError>
    where
        E: Environment<AccountId = AccountId>,
        Args: Encode,
        R: Decode,
    {
        let (contract, data) = encoded(message);
        self.dry_run(from, &Call { target: Target::Contract(contract), value, data: &data })?.try_into()
    }

    /// Sends `message` from `signer` with `value` planck.
    ///
    /// # Errors
    ///
    /// Only when the contract gave no answer; its own errors are the receipt's value.
    fn send<E, Args, R>(
        &mut self,
        signer: &Signer,
        value: u128,
        message: Message<E, Args, R>,
    ) -> Result<Receipt<R>, ChainError>
    where
        E: Environment<AccountId = AccountId>,
        Args: Encode,
        R: Decode,
    {
        let (contract, data) = encoded(message);
        self.submit(signer, &Call { target: Target::Contract(contract), value, data: &data })?.try_into()
    }
}

impl<C: Chain + ?Sized> Messages for C {}

/// Where `message` goes, and its selector and arguments.
pub fn encoded<E, Args, R>(message: Message<E, Args, R>) -> (AccountId, Vec<u8>)
where
    E: Environment<AccountId = AccountId>,
    Args: Encode,
    R: Decode,
{
    let params = message.params();
    (*params.callee(), params.exec_input().encode())
}

/// What a message of type `R` answered with these bytes.
///
/// # Errors
///
/// When the contract does not know the message, or the bytes are no `R`.
pub fn decode_answer<R: Decode>(data: &[u8]) -> Result<R, ChainError> {
    match Result::<R, LangError>::decode(&mut &data[..]) {
        Ok(answer) => answer.map_err(ChainError::Language),
        Err(_) => Err(ChainError::Undecodable(data.to_vec())),
    }
}

/// Who asks where it does not matter who does: an account that nobody has a key to.
pub(crate) fn nobody() -> AccountId {
    AccountId::from([1; 32])
}
