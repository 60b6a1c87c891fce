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

use crate::{dry_run_caller, Call, Chain, ChainError, ContractEvent, Outcome, Signer, Target, Weight};

/// A message with its arguments, as built by `ink::contract_ref!`.
pub type Message<E, Args, R> =
    CallBuilder<E, Set<ink::env::call::Call<E>>, Set<ExecutionInput<Args>>, Set<ReturnType<R>>>;

/// The result of a transaction, with its decoded answer.
#[derive(Debug, Clone)]
pub struct Receipt<R> {
    /// The message's answer. If it is an error of the contract, nothing has changed.
    pub value: R,
    /// Weight consumed.
    pub weight: Weight,
    /// Storage deposit in planck. Positive if charged to the caller, negative if returned.
    pub deposit: i128,
    /// Fee in planck, without value and deposit.
    pub fee: u128,
    /// Events of all called contracts, in order, with their topics.
    pub events: Vec<ContractEvent>,
}

impl<R: Decode> TryFrom<Outcome> for Receipt<R> {
    type Error = ChainError;

    /// Decodes the answer of type `R`.
    fn try_from(outcome: Outcome) -> Result<Self, ChainError> {
        let Outcome { output, weight, deposit, fee, events, .. } = outcome;
        Ok(Self { value: decode_answer(&output)?, weight, deposit, fee, events })
    }
}

/// Weight limit for a query to an untrusted contract. A query to a PSP22 token takes about a tenth of it.
const UNTRUSTED_QUERY_WEIGHT: Weight = Weight::from_parts(20_000_000_000, 2 * 1024 * 1024);

/// Typed calls, for every chain.
pub trait Messages: Chain {
    /// Returns the answer of a message that only reads.
    ///
    /// # Errors
    ///
    /// If the contract returns no answer.
    fn query<E, Args, R>(&mut self, message: Message<E, Args, R>) -> Result<R, ChainError>
    where
        E: Environment<AccountId = AccountId>,
        Args: Encode,
        R: Decode,
    {
        Ok(self.preview(&dry_run_caller(), 0, message)?.value)
    }

    /// As [`query`](Self::query), for an untrusted contract. The weight is limited, so that the contract can't waste time.
    ///
    /// # Errors
    ///
    /// If the contract returns no answer.
    fn query_untrusted<E, Args, R>(&mut self, message: Message<E, Args, R>) -> Result<R, ChainError>
    where
        E: Environment<AccountId = AccountId>,
        Args: Encode,
        R: Decode,
    {
        let (contract, data) = encoded(message);
        let call = Call { target: Target::Contract(contract), value: 0, data: &data };
        decode_answer(&self.query_within(UNTRUSTED_QUERY_WEIGHT, &call)?.output)
    }

    /// Dry-runs [`send`](Self::send). Nothing changes.
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
    /// If the contract returns no answer. The contract's own error is the receipt's value.
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

/// The callee of `message`, and its encoded selector and arguments.
pub fn encoded<E, Args, R>(message: Message<E, Args, R>) -> (AccountId, Vec<u8>)
where
    E: Environment<AccountId = AccountId>,
    Args: Encode,
    R: Decode,
{
    let params = message.params();
    (*params.callee(), params.exec_input().encode())
}

/// Decodes the answer of a message that returns `R`.
///
/// # Errors
///
/// If the contract does not have the message, or `data` is malformed.
pub fn decode_answer<R: Decode>(data: &[u8]) -> Result<R, ChainError> {
    match Result::<R, LangError>::decode(&mut &data[..]) {
        Ok(answer) => answer.map_err(ChainError::Language),
        Err(_) => Err(ChainError::Undecodable(data.to_vec())),
    }
}
