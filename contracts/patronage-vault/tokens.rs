//! PSP22 tokens as the vault uses them. It knows nothing of a token but its address: one that refuses or traps has failed, and
//! what arrives is measured.
//!
//! While a token is called, the chain lets nobody call the vault: it never asks for reentrance. So what a message has read
//! before the call still holds after it.

use ink::prelude::boxed::Box;
use ink_lite::{
    alloc_zeroed,
    calls::{self, Limits, Reply},
    env,
};
use patronage_interfaces::{vault::VaultError, AccountId};

type Selector = [u8; 4];

const BALANCE_OF: Selector = ink::selector_bytes!("PSP22::balance_of");
const TRANSFER: Selector = ink::selector_bytes!("PSP22::transfer");
const TRANSFER_FROM: Selector = ink::selector_bytes!("PSP22::transfer_from");
const CLAIM: Selector = ink::selector_bytes!("CreatorToken::claim");

/// Longest answer that is read, as in ink!.
const ANSWER: usize = 1 << 14;

/// Takes `amount` of the caller's, who has allowed it. Returns how many arrived.
#[inline(never)]
pub fn take(token: &AccountId, amount: u128) -> Result<u128, Box<VaultError>> {
    let vault = env::own_account();
    let arrived = balance_of(token, &vault).and_then(|before| {
        let arguments = [&env::caller().0[..], &vault.0, &amount_and_no_data(amount)];
        ask(token, TRANSFER_FROM, &arguments, Limits::default(), None)?;
        balance_of(token, &vault)?.checked_sub(before)
    });
    Ok(arrived.ok_or(VaultError::TokenFailed)?)
}

/// Sends `amount` of the vault's. What the token says beside that it did not refuse is not read, so no answer of a token's can
/// keep anyone from leaving.
pub fn send(token: &AccountId, to: &AccountId, amount: u128) -> bool {
    ask(token, TRANSFER, &[&to.0, &amount_and_no_data(amount)], Limits::default(), None).is_some()
}

/// Has the creator token pay out what waits for the vault. Returns how many planck arrived, whatever it answers.
pub fn claim_fees(token: &AccountId) -> u128 {
    let before = env::balance();
    ask(token, CLAIM, &[], Limits::default(), None);
    // Nobody but the vault takes from what it has. If that were ever otherwise, nothing must count as having come in.
    env::balance().saturating_sub(before)
}

/// The last arguments of PSP22's transfers: how many, and no data for the receiver, which is an empty list.
fn amount_and_no_data(amount: u128) -> [u8; 17] {
    let mut bytes = [0; 17];
    if let Some(place) = bytes.first_chunk_mut() {
        *place = amount.to_le_bytes();
    }
    bytes
}

fn balance_of(token: &AccountId, account: &AccountId) -> Option<u128> {
    let answer = ask(token, BALANCE_OF, &[&account.0], Limits::QUESTION, Some(alloc_zeroed(ANSWER)))?;
    // ink!'s `Ok`, and the balance.
    let [0, balance @ ..] = answer else { return None };
    balance.first_chunk().map(|balance| u128::from_le_bytes(*balance))
}

/// The token's answer, or `None` where it refuses, traps, or can't be asked.
#[inline(never)]
fn ask<'a>(
    token: &AccountId,
    selector: Selector,
    arguments: &[&[u8]],
    limits: Limits,
    place: Option<&'a mut [u8]>,
) -> Option<&'a [u8]> {
    // Neither can be called from here, and trying would end the call.
    if *token == env::own_account() || *token == env::caller() {
        return None;
    }
    match calls::call(token, limits, 0, calls::message(selector, arguments), place) {
        Reply::Answer(answer) => Some(answer),
        _ => None,
    }
}
