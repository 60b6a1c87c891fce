//! PSP22 tokens as the vault uses them. It knows nothing of a token but its address: one that refuses, traps, or answers what
//! is no answer has failed, and what arrives is measured.
//!
//! While a token is called, the chain lets nobody call the vault: it never asks for reentrance. So what a message has read
//! before the call still holds after it.

use ink::{
    env::{
        self,
        call::{build_call, ExecutionInput, Selector},
    },
    prelude::vec::Vec,
    scale::{Decode, Encode},
};
use patronage_interfaces::{vault::VaultError, AccountId, PatronageEnvironment as E};

const BALANCE_OF: Selector = Selector::new(ink::selector_bytes!("PSP22::balance_of"));
const TRANSFER: Selector = Selector::new(ink::selector_bytes!("PSP22::transfer"));
const TRANSFER_FROM: Selector = Selector::new(ink::selector_bytes!("PSP22::transfer_from"));
const CLAIM: Selector = Selector::new(ink::selector_bytes!("CreatorToken::claim"));

/// Takes `amount` of the caller's, who has allowed it. Returns how many arrived.
#[inline(never)]
pub fn take(token: AccountId, amount: u128) -> Result<u128, VaultError> {
    let vault = env::account_id::<E>();
    let before = balance_of(token, vault)?;
    let input = ExecutionInput::new(TRANSFER_FROM).push_arg(env::caller::<E>()).push_arg(vault).push_arg(amount);
    moved(ask(token, input.push_arg(Vec::<u8>::new())))?;
    balance_of(token, vault)?.checked_sub(before).ok_or(VaultError::TokenFailed)
}

/// Sends `amount` of the vault's.
pub fn send(token: AccountId, to: AccountId, amount: u128) -> Result<(), VaultError> {
    moved(ask(token, ExecutionInput::new(TRANSFER).push_arg(to).push_arg(amount).push_arg(Vec::<u8>::new())))
}

/// Has the creator token pay out what waits for the vault. Returns how many planck arrived, whatever it answers.
pub fn claim_fees(token: AccountId) -> patronage_interfaces::Balance {
    let before = env::balance::<E>();
    let _: Option<()> = ask(token, ExecutionInput::new(CLAIM));
    env::balance::<E>().saturating_sub(before)
}

fn balance_of(token: AccountId, account: AccountId) -> Result<u128, VaultError> {
    ask(token, ExecutionInput::new(BALANCE_OF).push_arg(account)).ok_or(VaultError::TokenFailed)
}

/// Whether a transfer was done. What is in the token's error does not matter, so it is not decoded.
fn moved(answer: Option<Result<(), ()>>) -> Result<(), VaultError> {
    answer.and_then(Result::ok).ok_or(VaultError::TokenFailed)
}

/// The token's answer, or `None` for whatever can be wrong with it.
fn ask<Args: Encode, T: Decode>(token: AccountId, input: ExecutionInput<Args>) -> Option<T> {
    // Neither can be called from here, and trying would trap the vault.
    if token == env::account_id::<E>() || token == env::caller::<E>() {
        return None;
    }
    build_call::<E>().call(token).exec_input(input).returns::<T>().try_invoke().ok()?.ok()
}
