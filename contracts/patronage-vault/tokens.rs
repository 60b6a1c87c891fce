//! PSP22 tokens as the vault uses them. It knows nothing of a token but its address: one that refuses or traps has failed, and
//! what arrives is measured.
//!
//! While a token is called, the chain lets nobody call the vault: it never asks for reentrance. So what a message has read
//! before the call still holds after it.

use ink::{prelude::boxed::Box, scale::Output};
use patronage_interfaces::{vault::VaultError, AccountId};
use patronage_thin::{host, memory, Writer};

type Selector = [u8; 4];

const BALANCE_OF: Selector = ink::selector_bytes!("PSP22::balance_of");
const TRANSFER: Selector = ink::selector_bytes!("PSP22::transfer");
const TRANSFER_FROM: Selector = ink::selector_bytes!("PSP22::transfer_from");
const CLAIM: Selector = ink::selector_bytes!("CreatorToken::claim");

/// Longest message: to move tokens of one account to another.
const INPUT: usize = 4 + 32 + 32 + 16 + 1;

/// Longest answer that is read, as in ink!.
const ANSWER: usize = 1 << 14;

/// Takes `amount` of the caller's, who has allowed it. Returns how many arrived.
#[inline(never)]
pub fn take(token: &AccountId, amount: u128) -> Result<u128, Box<VaultError>> {
    let vault = host::own_account();
    let arrived = balance_of(token, &vault).and_then(|before| {
        ask(token, TRANSFER_FROM, &[&host::caller(), &vault], Some(amount), None)?;
        balance_of(token, &vault)?.checked_sub(before)
    });
    Ok(arrived.ok_or(VaultError::TokenFailed)?)
}

/// Sends `amount` of the vault's. What the token says beside that it did not refuse is not read, so no answer of a token's can
/// keep anyone from leaving.
pub fn send(token: &AccountId, to: &AccountId, amount: u128) -> bool {
    ask(token, TRANSFER, &[to], Some(amount), None).is_some()
}

/// Has the creator token pay out what waits for the vault. Returns how many planck arrived, whatever it answers.
pub fn claim_fees(token: &AccountId) -> u128 {
    let before = host::balance();
    ask(token, CLAIM, &[], None, None);
    // Nobody but the vault takes from what it has, and the vault can't be called now.
    host::balance().wrapping_sub(before)
}

fn balance_of(token: &AccountId, account: &AccountId) -> Option<u128> {
    let answer = ask(token, BALANCE_OF, &[account], None, Some(memory(ANSWER)))?;
    // ink!'s `Ok`, and the balance.
    let [0, balance @ ..] = answer else { return None };
    balance.first_chunk().map(|balance| u128::from_le_bytes(*balance))
}

/// The token's answer, or `None` where it refuses, traps, or can't be asked.
#[inline(never)]
fn ask<'a>(
    token: &AccountId,
    selector: Selector,
    accounts: &[&AccountId],
    amount: Option<u128>,
    place: Option<&'a mut [u8]>,
) -> Option<&'a [u8]> {
    // Neither can be called from here, and trying would end the call.
    if *token == host::own_account() || *token == host::caller() {
        return None;
    }
    let mut input = Writer::new(memory(INPUT));
    input.write(&selector);
    for account in accounts {
        input.write(&account.0);
    }
    if let Some(amount) = amount {
        input.write(&amount.to_le_bytes());
        // No data for the receiver: an empty list.
        input.push_byte(0);
    }
    host::ask(token, input.done(), place)
}
