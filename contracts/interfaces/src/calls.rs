//! Calls to other contracts: the input of each message, and how its return data is decoded.
//!
//! Selectors come from ink!'s description of the traits, so a message that a trait does not have does not compile. The tests
//! compare every input with the one that ink! builds. ink!'s own call builder would take several hundred bytes of code for each
//! message.

use crate::{
    patronage::{Patronage, PayError},
    psp22::PSP22,
    registry::ContentRegistry,
    token::CreatorToken,
    AccountId, PatronageEnvironment,
};
use core::marker::PhantomData;
use ink::reflect::{TraitDefinitionRegistry, TraitMessageInfo};
use ink_lite::{
    calls::{message, Reply},
    env, Decode, Reader,
};
use patronage_core::access::Standing;

/// SCALE's first byte of `Ok`, both of ink!'s `Result<_, LangError>` around return data and of the message's own `Result`.
const OK: u8 = 0;
/// SCALE's first byte of `Err`.
const ERR: u8 = 1;
/// SCALE's first byte of `Some`.
const SOME: u8 = 1;
/// SCALE's encoding of an empty list.
const EMPTY: u8 = 0;

/// The selector of a message, from the trait that defines it.
macro_rules! selector {
    ($trait:ident::$message:literal) => {
        <<TraitDefinitionRegistry<PatronageEnvironment> as $trait>::__ink_TraitInfo as TraitMessageInfo<
            { ink::selector_id!($message) },
        >>::SELECTOR
    };
}

/// A message to another contract that returns `R`.
#[derive(Debug)]
pub struct Message<R> {
    /// Selector and arguments, in SCALE.
    pub input: &'static [u8],
    returns: PhantomData<fn() -> R>,
}

impl<R> Message<R> {
    /// A message with these arguments, each in SCALE.
    fn new(selector: [u8; 4], arguments: &[&[u8]]) -> Self {
        Self { input: message(selector, arguments), returns: PhantomData }
    }
}

impl<R: Decode> Message<R> {
    /// Decodes the return data; `None` if it is malformed. Only for types whose every encoding is `R::MAX_ENCODED_LEN` bytes long.
    pub fn decode(&self, data: &[u8]) -> Option<R> {
        decode(data.strip_prefix(&[OK])?)
    }
}

impl<T: Decode> Message<Option<T>> {
    /// Decodes the return data; `None` if it is malformed or `None`. Only for types whose every encoding is `T::MAX_ENCODED_LEN` bytes long.
    pub fn decode_some(&self, data: &[u8]) -> Option<T> {
        decode(data.strip_prefix(&[OK, SOME])?)
    }
}

/// Decodes a value that must fill `data`. The length is checked first, as a reader that runs out of bytes ends the call.
fn decode<T: Decode>(data: &[u8]) -> Option<T> {
    (data.len() == T::MAX_ENCODED_LEN).then(|| T::decode(&mut Reader::new(data, env::abort)))
}

impl Message<Result<(), PayError>> {
    /// Decodes the reply of a vault; `None` if the call failed or the return data is malformed.
    pub fn decode_reply(&self, reply: Reply<'_>) -> Option<Result<(), PayError>> {
        match reply {
            Reply::Answer(&[OK, OK]) => Some(Ok(())),
            Reply::Refusal(&[OK, ERR, code]) => PayError::from_code(code).map(Err),
            _ => None,
        }
    }
}

/// `PSP22::balance_of`: the balance of `owner`, in smallest units.
pub fn balance_of(owner: &AccountId) -> Message<u128> {
    Message::new(selector!(PSP22::"balance_of"), &[&owner.0])
}

/// `PSP22::transfer` without data: `amount` smallest units from the caller to `to`.
pub fn transfer(to: &AccountId, amount: u128) -> Message<Result<(), ()>> {
    Message::new(selector!(PSP22::"transfer"), &[&to.0, &amount.to_le_bytes(), &[EMPTY]])
}

/// `PSP22::transfer_from` without data: `amount` smallest units from `from` to `to`, out of the caller's allowance.
pub fn transfer_from(from: &AccountId, to: &AccountId, amount: u128) -> Message<Result<(), ()>> {
    Message::new(selector!(PSP22::"transfer_from"), &[&from.0, &to.0, &amount.to_le_bytes(), &[EMPTY]])
}

/// `CreatorToken::claim`: pays the caller what waits for it.
pub fn claim() -> Message<Result<u128, ink::prelude::boxed::Box<crate::token::TokenError>>> {
    Message::new(selector!(CreatorToken::"claim"), &[])
}

/// `Patronage::standing_of`: the standing of `fan` at the vault.
pub fn standing_of(fan: &AccountId) -> Message<Standing> {
    Message::new(selector!(Patronage::"standing_of"), &[&fan.0])
}

/// `Patronage::pay`: income for the vault, for `purpose`.
pub fn pay(purpose: u64) -> Message<Result<(), PayError>> {
    Message::new(selector!(Patronage::"pay"), &[&purpose.to_le_bytes()])
}

/// `ContentRegistry::balance_at`: the balance of `account` in `token`, as the registry sees it.
pub fn balance_at(token: &AccountId, account: &AccountId) -> Message<Option<u128>> {
    Message::new(selector!(ContentRegistry::"balance_at"), &[&token.0, &account.0])
}

/// `ContentRegistry::standing_at`: the standing of `account` at `vault`, as the registry sees it.
pub fn standing_at(vault: &AccountId, account: &AccountId) -> Message<Option<Standing>> {
    Message::new(selector!(ContentRegistry::"standing_at"), &[&vault.0, &account.0])
}

#[cfg(test)]
mod tests {
    use super::*;
    use ink::{
        codegen::TraitCallBuilder,
        contract_ref,
        env::call::{
            utils::{ReturnType, Set},
            Call, CallBuilder, ExecutionInput, FromAccountId,
        },
        scale::Encode,
        LangError,
    };

    type Env = PatronageEnvironment;
    /// ink!'s builder of a call with arguments `A` that returns `R`.
    type Built<A, R> = CallBuilder<Env, Set<Call<Env>>, Set<ExecutionInput<A>>, Set<ReturnType<R>>>;

    const ONE: AccountId = ink::primitives::AccountId([1; 32]);
    const TWO: AccountId = ink::primitives::AccountId([2; 32]);

    macro_rules! builder {
        ($trait:ident) => {
            <<contract_ref!($trait, Env) as TraitCallBuilder>::Builder as FromAccountId<Env>>::from_account_id(ONE)
        };
    }

    /// That ink! builds the same input, for the same return type.
    fn assert_same<A: Encode, R>(message: &Message<R>, built: Built<A, R>) {
        assert_eq!(message.input, built.params().exec_input().encode());
    }

    #[test]
    fn inputs_are_those_that_ink_builds() {
        assert_same(&balance_of(&TWO), builder!(PSP22).balance_of(TWO));
        assert_same(&transfer(&TWO, 7), builder!(PSP22).transfer(TWO, 7, vec![]));
        assert_same(&transfer_from(&ONE, &TWO, 7), builder!(PSP22).transfer_from(ONE, TWO, 7, vec![]));
        assert_same(&claim(), builder!(CreatorToken).claim());
        assert_same(&standing_of(&TWO), builder!(Patronage).standing_of(TWO));
        assert_same(&pay(7), builder!(Patronage).pay(7));
        assert_same(&balance_at(&ONE, &TWO), builder!(ContentRegistry).balance_at(ONE, TWO));
        assert_same(&standing_at(&ONE, &TWO), builder!(ContentRegistry).standing_at(ONE, TWO));
    }

    /// Return data as ink! encodes it.
    fn returned<T: Encode>(value: T) -> Vec<u8> {
        Ok::<T, LangError>(value).encode()
    }

    #[test]
    fn return_data_is_decoded_as_ink_encodes_it() {
        let standing = Standing { level: 1, since: 2, until: 3, tipped: 4, staked: 5, staked_since: 6 };
        assert_eq!(balance_of(&ONE).decode(&returned(7_u128)), Some(7));
        assert_eq!(standing_of(&ONE).decode(&returned(standing)), Some(standing));
        assert_eq!(balance_at(&ONE, &TWO).decode_some(&returned(Some(7_u128))), Some(7));
        assert_eq!(balance_at(&ONE, &TWO).decode_some(&returned(None::<u128>)), None);
        assert_eq!(standing_at(&ONE, &TWO).decode_some(&returned(Some(standing))), Some(standing));
        assert_eq!(pay(0).decode_reply(Reply::Answer(&returned(Ok::<(), PayError>(())))), Some(Ok(())));
        for error in [PayError::NothingSent, PayError::Paused, PayError::Overflow] {
            let data = returned(Err::<(), _>(error));
            assert_eq!(pay(0).decode_reply(Reply::Refusal(&data)), Some(Err(error)));
        }
    }

    #[test]
    fn malformed_return_data_is_none() {
        let good = returned(7_u128);
        let refused = Err::<u128, _>(LangError::CouldNotReadInput).encode();
        for data in [&good[..16], &[&good[..], &[0]].concat(), &[], &refused] {
            assert_eq!(balance_of(&ONE).decode(data), None);
        }
        for reply in [
            Reply::Failure,
            Reply::Answer(&[]),
            Reply::Answer(&[OK, OK, 0]),
            // A contract that returns an error reverts.
            Reply::Answer(&[OK, ERR, 0]),
            Reply::Refusal(&[OK, OK]),
            Reply::Refusal(&[OK, ERR, 3]),
        ] {
            assert_eq!(pay(0).decode_reply(reply), None);
        }
    }
}
