//! Calls to PSP22 tokens. The vault trusts no token: one that reverts or traps has failed, and the vault's balance
//! shows what arrived.
//!
//! The vault allows no reentrancy, so a token cannot call it back. What a message has read before a call still holds
//! after it.

use ink::prelude::boxed::Box;
use ink_lite::{
    alloc_zeroed,
    calls::{call, Limits, Reply},
    env,
};
use patronage_interfaces::{calls, vault::VaultError, AccountId};

/// The maximum length of a token's return data that is read, in bytes, as in ink!.
const MAX_RETURN_DATA: usize = 1 << 14;

/// Deposits `amount` tokens of the caller, who has approved them. Returns the amount that arrived.
#[inline(never)]
pub fn deposit(token: &AccountId, amount: u128) -> Result<u128, Box<VaultError>> {
    let vault = env::own_account();
    let arrived = balance_of(token, &vault).and_then(|before| {
        let message = calls::transfer_from(&env::caller(), &vault, amount);
        send_message(token, message.input, Limits::default(), None)?;
        balance_of(token, &vault)?.checked_sub(before)
    });
    Ok(arrived.ok_or(VaultError::TokenFailed)?)
}

/// Transfers `amount` tokens of the vault. Returns whether the token did not fail. The return data is ignored, so a
/// token cannot block withdrawals.
pub fn send(token: &AccountId, to: &AccountId, amount: u128) -> bool {
    send_message(token, calls::transfer(to, amount).input, Limits::default(), None).is_some()
}

/// Claims the vault's fees at the creator token. Returns the planck that arrived, whatever the token answers.
pub fn claim_fees(token: &AccountId) -> u128 {
    let before = env::balance();
    send_message(token, calls::claim().input, Limits::default(), None);
    // Nothing reduces the vault's balance during the call. If anything did, no income must be recorded.
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
    // Neither can be called from here. The attempt would end this call.
    if *token == env::own_account() || *token == env::caller() {
        return None;
    }
    match call(token, limits, 0, message, buffer) {
        Reply::Answer(data) => Some(data),
        _ => None,
    }
}
