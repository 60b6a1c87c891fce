//! PSP22 tokens as the vault uses them. It knows nothing of a token but its address: one that refuses or traps has failed, and
//! what arrives is measured.
//!
//! While a token is called, the chain lets nobody call the vault: it never asks for reentrance. So what a message has read
//! before the call still holds after it.

use ink::prelude::boxed::Box;
use ink_lite::{
    alloc_zeroed,
    calls::{call, Limits, Reply},
    env,
};
use patronage_interfaces::{calls, vault::VaultError, AccountId};

/// The maximum length of a token's return data that is read, in bytes, as in ink!.
const MAX_RETURN_DATA: usize = 1 << 14;

/// Takes `amount` of the caller's, who has allowed it. Returns how many arrived.
#[inline(never)]
pub fn take(token: &AccountId, amount: u128) -> Result<u128, Box<VaultError>> {
    let vault = env::own_account();
    let arrived = balance_of(token, &vault).and_then(|before| {
        let message = calls::transfer_from(&env::caller(), &vault, amount);
        send_message(token, message.input, Limits::default(), None)?;
        balance_of(token, &vault)?.checked_sub(before)
    });
    Ok(arrived.ok_or(VaultError::TokenFailed)?)
}

/// Sends `amount` of the vault's. What the token says beside that it did not refuse is not read, so no answer of a token's can
/// keep anyone from leaving.
pub fn send(token: &AccountId, to: &AccountId, amount: u128) -> bool {
    send_message(token, calls::transfer(to, amount).input, Limits::default(), None).is_some()
}

/// Has the creator token pay out what waits for the vault. Returns how many planck arrived, whatever it answers.
pub fn claim_fees(token: &AccountId) -> u128 {
    let before = env::balance();
    send_message(token, calls::claim().input, Limits::default(), None);
    // Nobody but the vault takes from what it has. If that were ever otherwise, nothing must count as having come in.
    env::balance().saturating_sub(before)
}

fn balance_of(token: &AccountId, account: &AccountId) -> Option<u128> {
    let message = calls::balance_of(account);
    message.decode(send_message(token, message.input, Limits::QUESTION, Some(alloc_zeroed(MAX_RETURN_DATA)))?)
}

/// Returns the token's return data, or `None` if it refuses, traps, or cannot be called.
#[inline(never)]
fn send_message<'a>(
    token: &AccountId,
    message: &[u8],
    limits: Limits,
    buffer: Option<&'a mut [u8]>,
) -> Option<&'a [u8]> {
    // Neither can be called from here. Trying would end the call.
    if *token == env::own_account() || *token == env::caller() {
        return None;
    }
    match call(token, limits, 0, message, buffer) {
        Reply::Answer(data) => Some(data),
        _ => None,
    }
}
