use ink::{prelude::boxed::Box, primitives::AccountId, storage::Mapping};
use ink_lite::{emit, Amounts};
use patronage_interfaces::{token::TokenError, PatronageEnvironment};
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
    pub fn balance_of(&self, owner: &AccountId) -> u128 {
        self.balances.amount(owner)
    }

    /// New tokens for `to`, who has `held`.
    pub fn mint(&mut self, to: &AccountId, held: u128, value: u128) {
        // All balances together are the supply, which fits.
        self.balances.set_amount(to, held.wrapping_add(value));
        emit_transfer(None, Some(to), value);
    }

    /// Ends `value` tokens of `from`, who has `held`, no less.
    pub fn burn(&mut self, from: &AccountId, held: u128, value: u128) {
        // The caller has seen that `held` is no less.
        self.balances.set_amount(from, held.wrapping_sub(value));
        emit_transfer(Some(from), None, value);
    }

    /// Moves tokens as `spender`: the allowance is looked at before the balance, and `Approval` comes before `Transfer`.
    /// Nobody needs an allowance for their own. Nothing and to oneself are silent.
    ///
    /// # Errors
    /// `InsufficientAllowance`, `InsufficientBalance`, and then nothing has changed.
    pub fn transfer_from(
        &mut self,
        spender: &AccountId,
        from: &AccountId,
        to: &AccountId,
        value: u128,
    ) -> Result<(), PSP22Error> {
        let balance = self.balance_of(from);
        if from != to && value != 0 && spender != from {
            let Some(left) = self.allowance(from, spender).checked_sub(value) else {
                return Err(PSP22Error::InsufficientAllowance);
            };
            if balance < value {
                return Err(PSP22Error::InsufficientBalance);
            }
            self.approve(from, spender, left);
        }
        self.transfer_of(balance, from, to, value).map_err(|_| PSP22Error::InsufficientBalance)
    }

    /// Moves tokens of `from`. Nothing and to oneself are silent.
    ///
    /// # Errors
    /// `InsufficientBalance` with what `from` has.
    pub fn transfer(&mut self, from: &AccountId, to: &AccountId, value: u128) -> Result<(), Box<TokenError>> {
        self.transfer_of(self.balance_of(from), from, to, value)
    }

    /// [`Ledger::transfer`] where the `balance` of `from` is known.
    fn transfer_of(
        &mut self,
        mut balance: u128,
        from: &AccountId,
        to: &AccountId,
        value: u128,
    ) -> Result<(), Box<TokenError>> {
        self.give(from, &mut balance, to, value)?;
        self.balances.set_amount(from, balance);
        Ok(())
    }

    /// Moves tokens of `from` to each of `transfers`. Nothing and to oneself are silent.
    ///
    /// # Errors
    /// `InsufficientBalance` with what was left for the transfer that failed. The message must fail too: those before it are
    /// in storage, until the chain takes everything back.
    pub fn transfer_many(&mut self, from: &AccountId, transfers: &[(AccountId, u128)]) -> Result<(), Box<TokenError>> {
        let mut balance = self.balance_of(from);
        for (to, value) in transfers {
            self.give(from, &mut balance, to, *value)?;
        }
        self.balances.set_amount(from, balance);
        Ok(())
    }

    /// Gives `to` tokens off the `balance` of `from`, which is to be stored afterwards.
    #[inline(never)]
    fn give(
        &mut self,
        from: &AccountId,
        balance: &mut u128,
        to: &AccountId,
        value: u128,
    ) -> Result<(), Box<TokenError>> {
        if from == to || value == 0 {
            return Ok(());
        }
        let Some(left) = balance.checked_sub(value) else {
            return Err(Box::new(TokenError::InsufficientBalance { balance: *balance }));
        };
        *balance = left;
        // All balances together are the supply, which fits.
        self.balances.set_amount(to, self.balance_of(to).wrapping_add(value));
        emit_transfer(Some(from), Some(to), value);
        Ok(())
    }

    /// What `spender` may move of `owner`'s tokens.
    pub fn allowance(&self, owner: &AccountId, spender: &AccountId) -> u128 {
        self.allowances.amount(&(owner, spender))
    }

    /// Sets what `spender` may move of `owner`'s tokens. For oneself it is silent.
    #[inline(never)]
    pub fn approve(&mut self, owner: &AccountId, spender: &AccountId, amount: u128) {
        if owner == spender {
            return;
        }
        self.allowances.set_amount(&(owner, spender), amount);
        emit::<PatronageEnvironment, _>(&Approval { owner: *owner, spender: *spender, amount });
    }

    /// Raises an allowance, at most to all there can be. By nothing it is silent.
    pub fn increase_allowance(&mut self, owner: &AccountId, spender: &AccountId, delta: u128) {
        if delta != 0 {
            self.approve(owner, spender, self.allowance(owner, spender).saturating_add(delta));
        }
    }

    /// Lowers an allowance. By nothing it is silent.
    ///
    /// # Errors
    /// `InsufficientAllowance`.
    pub fn decrease_allowance(
        &mut self,
        owner: &AccountId,
        spender: &AccountId,
        delta: u128,
    ) -> Result<(), PSP22Error> {
        if owner != spender && delta != 0 {
            let Some(left) = self.allowance(owner, spender).checked_sub(delta) else {
                return Err(PSP22Error::InsufficientAllowance);
            };
            self.approve(owner, spender, left);
        }
        Ok(())
    }
}

#[inline(never)]
fn emit_transfer(from: Option<&AccountId>, to: Option<&AccountId>, value: u128) {
    emit::<PatronageEnvironment, _>(&Transfer { from: from.copied(), to: to.copied(), value });
}
