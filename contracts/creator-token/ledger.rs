use ink::{env::emit_event, primitives::AccountId, storage::Mapping};
use patronage_interfaces::{token::SaleError, PatronageEnvironment};
use psp22::{Approval, PSP22Error, Transfer};

/// Who has how many tokens, and who may move whose, by the rules of PSP22 and with its events. Amounts are in smallest units.
/// An entry of zero is no entry, which frees its storage deposit.
#[ink::storage_item]
#[derive(Debug, Default)]
pub struct Ledger {
    balances: Mapping<AccountId, u128>,
    allowances: Mapping<(AccountId, AccountId), u128>,
}

impl Ledger {
    /// What `owner` has.
    pub fn balance_of(&self, owner: AccountId) -> u128 {
        self.balances.get(owner).unwrap_or(0)
    }

    /// New tokens for `to`, who has `held`.
    pub fn mint(&mut self, to: AccountId, held: u128, value: u128) {
        // All balances together are the supply, which fits.
        self.set_balance(to, held.saturating_add(value));
        emit_transfer(None, Some(to), value);
    }

    /// Ends `value` tokens of `from`, who has `held`, no less.
    pub fn burn(&mut self, from: AccountId, held: u128, value: u128) {
        self.set_balance(from, held.saturating_sub(value));
        emit_transfer(Some(from), None, value);
    }

    /// Moves tokens as `spender`: the allowance is looked at before the balance, and `Approval` comes before `Transfer`.
    /// Nobody needs an allowance for their own. Nothing and to oneself are silent.
    ///
    /// # Errors
    /// `InsufficientAllowance`, `InsufficientBalance`, and then nothing has changed.
    #[inline(never)]
    pub fn transfer(
        &mut self,
        spender: AccountId,
        from: AccountId,
        to: AccountId,
        value: u128,
    ) -> Result<(), PSP22Error> {
        if from == to || value == 0 {
            return Ok(());
        }
        let allowance = if spender == from { None } else { Some(self.allowance_less(from, spender, value)?) };
        let left = self.balance_of(from).checked_sub(value).ok_or(PSP22Error::InsufficientBalance)?;
        if let Some(allowance) = allowance {
            self.approve(from, spender, allowance);
        }
        self.set_balance(from, left);
        self.receive(from, to, value);
        Ok(())
    }

    /// Moves tokens to each of `transfers`. Nothing and to oneself are silent.
    ///
    /// # Errors
    /// `InsufficientBalance` with what was left for the transfer that failed. The message must fail too: those before it are
    /// in storage, until the chain takes everything back.
    #[inline(never)]
    pub fn transfer_many(&mut self, from: AccountId, transfers: &[(AccountId, u128)]) -> Result<(), SaleError> {
        let mut balance = self.balance_of(from);
        for (to, value) in transfers {
            if *to == from || *value == 0 {
                continue;
            }
            balance = balance.checked_sub(*value).ok_or(SaleError::InsufficientBalance { balance })?;
            self.receive(from, *to, *value);
        }
        self.set_balance(from, balance);
        Ok(())
    }

    /// What `spender` may move of `owner`'s tokens.
    pub fn allowance(&self, owner: AccountId, spender: AccountId) -> u128 {
        self.allowances.get((owner, spender)).unwrap_or(0)
    }

    /// Sets what `spender` may move of `owner`'s tokens. For oneself it is silent.
    #[inline(never)]
    pub fn approve(&mut self, owner: AccountId, spender: AccountId, amount: u128) {
        if owner == spender {
            return;
        }
        if amount == 0 {
            self.allowances.remove((owner, spender));
        } else {
            self.allowances.insert((owner, spender), &amount);
        }
        emit_event::<PatronageEnvironment, _>(Approval { owner, spender, amount });
    }

    /// Raises an allowance, at most to all there can be. By nothing it is silent.
    pub fn increase_allowance(&mut self, owner: AccountId, spender: AccountId, delta: u128) {
        if delta != 0 {
            self.approve(owner, spender, self.allowance(owner, spender).saturating_add(delta));
        }
    }

    /// Lowers an allowance. By nothing it is silent.
    ///
    /// # Errors
    /// `InsufficientAllowance`.
    pub fn decrease_allowance(&mut self, owner: AccountId, spender: AccountId, delta: u128) -> Result<(), PSP22Error> {
        if owner != spender && delta != 0 {
            let left = self.allowance_less(owner, spender, delta)?;
            self.approve(owner, spender, left);
        }
        Ok(())
    }

    /// What is left of an allowance after `value`.
    fn allowance_less(&self, owner: AccountId, spender: AccountId, value: u128) -> Result<u128, PSP22Error> {
        self.allowance(owner, spender).checked_sub(value).ok_or(PSP22Error::InsufficientAllowance)
    }

    /// Gives `to` what was taken off the balance of `from`.
    fn receive(&mut self, from: AccountId, to: AccountId, value: u128) {
        // All balances together are the supply, which fits.
        self.set_balance(to, self.balance_of(to).saturating_add(value));
        emit_transfer(Some(from), Some(to), value);
    }

    #[inline(never)]
    fn set_balance(&mut self, owner: AccountId, balance: u128) {
        if balance == 0 {
            self.balances.remove(owner);
        } else {
            self.balances.insert(owner, &balance);
        }
    }
}

#[inline(never)]
fn emit_transfer(from: Option<AccountId>, to: Option<AccountId>, value: u128) {
    emit_event::<PatronageEnvironment, _>(Transfer { from, to, value });
}
