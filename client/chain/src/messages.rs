//! Typed calls on any chain.

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

use crate::{nobody, Call, Chain, ChainError, ContractEvent, Outcome, Signer, Target, Weight};

/// A message ready to be sent: what `ink::contract_ref!` gives for each message of a trait.
pub type Message<E, Args, R> =
    CallBuilder<E, Set<ink::env::call::Call<E>>, Set<ExecutionInput<Args>>, Set<ReturnType<R>>>;

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
