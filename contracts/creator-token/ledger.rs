use ink::{primitives::AccountId, storage::Mapping};
use psp22::PSP22Error;

/// Who has how many tokens, and who may move whose. An entry of zero is no entry, which frees its storage deposit.
#[ink::storage_item]
#[derive(Debug, Default)]
pub struct Ledger {
    balances: Mapping<AccountId, u128>,
    allowances: Mapping<(AccountId, AccountId), u128>,
}

impl Ledger {
    /// Smallest units that `owner` has.
    pub fn balance_of(&self, owner: &AccountId) -> u128 {
        self.balances.get(owner).unwrap_or(0)
    }

    /// Sets what `owner` has.
    pub fn set_balance(&mut self, owner: &AccountId, balance: u128) {
        if balance == 0 {
            self.balances.remove(owner);
        } else {
            self.balances.insert(owner, &balance);
        }
    }

    /// Moves `value` between two different accounts.
    ///
    /// # Errors
    /// `InsufficientBalance`, and then nothing has changed.
    pub fn transfer(&mut self, from: &AccountId, to: &AccountId, value: u128) -> Result<(), PSP22Error> {
        let left = self.balance_of(from).checked_sub(value).ok_or(PSP22Error::InsufficientBalance)?;
        self.set_balance(from, left);
        // All balances together are the supply, which fits.
        self.set_balance(to, self.balance_of(to).saturating_add(value));
        Ok(())
    }

    /// Smallest units of `owner` that `spender` may move.
    pub fn allowance(&self, owner: &AccountId, spender: &AccountId) -> u128 {
        self.allowances.get((owner, spender)).unwrap_or(0)
    }

    /// Sets what `spender` may move of `owner`'s tokens.
    pub fn set_allowance(&mut self, owner: &AccountId, spender: &AccountId, value: u128) {
        if value == 0 {
            self.allowances.remove((owner, spender));
        } else {
            self.allowances.insert((owner, spender), &value);
        }
    }
}
