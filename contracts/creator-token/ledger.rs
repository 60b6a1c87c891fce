use ink::{prelude::boxed::Box, primitives::AccountId, storage::Mapping};
use ink_lite::{emit, Amounts};
use patronage_interfaces::{token::TokenError, PatronageEnvironment};
use psp22::{Approval, PSP22Error, Transfer};

/// Balances and allowances by the rules of PSP22, with its events. Amounts are in smallest units. Zero entries are
/// removed from storage, which returns their deposit.
#[ink::storage_item]
#[derive(Debug, Default)]
pub struct Ledger {
    balances: Mapping<AccountId, u128>,
    allowances: Mapping<(AccountId, AccountId), u128>,
}

impl Ledger {
    /// Returns the balance of `owner`.
    pub fn balance_of(&self, owner: &AccountId) -> u128 {
        self.balances.amount(owner)
    }

    /// Mints tokens for `to`, whose balance is `held`.
    pub fn mint(&mut self, to: &AccountId, held: u128, value: u128) {
        // The sum of all balances is the supply, so this cannot overflow.
        self.balances.set_amount(to, held.wrapping_add(value));
        emit_transfer(None, Some(to), value);
    }

    /// Burns `value` tokens of `from`, whose balance is `held`.
    pub fn burn(&mut self, from: &AccountId, held: u128, value: u128) {
        // The caller has checked that `held` is at least `value`.
        self.balances.set_amount(from, held.wrapping_sub(value));
        emit_transfer(Some(from), None, value);
    }

    /// Transfers tokens of `from` as `spender`. Checks the allowance before the balance, and emits `Approval` before
    /// `Transfer`. The owner needs no allowance. Transfers of zero tokens or to the same account emit no event.
    ///
    /// # Errors
    /// `InsufficientAllowance` or `InsufficientBalance`. Then nothing has changed.
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

    /// Transfers tokens of `from`. Transfers of zero tokens or to the same account emit no event.
    ///
    /// # Errors
    /// `InsufficientBalance` with the balance of `from`.
    pub fn transfer(&mut self, from: &AccountId, to: &AccountId, value: u128) -> Result<(), Box<TokenError>> {
        self.transfer_of(self.balance_of(from), from, to, value)
    }

    /// As [`Ledger::transfer`], if the `balance` of `from` is known.
    fn transfer_of(
        &mut self,
        mut balance: u128,
        from: &AccountId,
        to: &AccountId,
        value: u128,
    ) -> Result<(), Box<TokenError>> {
        self.move_tokens(from, &mut balance, to, value)?;
        self.balances.set_amount(from, balance);
        Ok(())
    }

    /// Transfers tokens of `from` to each of `transfers`. Transfers of zero tokens or to the same account emit no
    /// event.
    ///
    /// # Errors
    /// `InsufficientBalance` with the rest before the transfer that failed. The message must then fail too: earlier
    /// transfers are in storage until the chain reverts them.
    pub fn transfer_many(&mut self, from: &AccountId, transfers: &[(AccountId, u128)]) -> Result<(), Box<TokenError>> {
        let mut balance = self.balance_of(from);
        for (to, value) in transfers {
            self.move_tokens(from, &mut balance, to, *value)?;
        }
        self.balances.set_amount(from, balance);
        Ok(())
    }

    /// Moves tokens from the `balance` of `from` to `to`. The caller must store `balance` afterwards.
    #[inline(never)]
    fn move_tokens(
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
        // The sum of all balances is the supply, so this cannot overflow.
        self.balances.set_amount(to, self.balance_of(to).wrapping_add(value));
        emit_transfer(Some(from), Some(to), value);
        Ok(())
    }

    /// Returns the allowance of `spender` for tokens of `owner`.
    pub fn allowance(&self, owner: &AccountId, spender: &AccountId) -> u128 {
        self.allowances.amount(&(owner, spender))
    }

    /// Sets the allowance of `spender` for tokens of `owner`. Does nothing if both are the same account.
    #[inline(never)]
    pub fn approve(&mut self, owner: &AccountId, spender: &AccountId, amount: u128) {
        if owner == spender {
            return;
        }
        self.allowances.set_amount(&(owner, spender), amount);
        emit::<PatronageEnvironment, _>(&Approval { owner: *owner, spender: *spender, amount });
    }

    /// Raises an allowance, to the largest number at most. An increase by zero emits no event.
    pub fn increase_allowance(&mut self, owner: &AccountId, spender: &AccountId, delta: u128) {
        if delta != 0 {
            self.approve(owner, spender, self.allowance(owner, spender).saturating_add(delta));
        }
    }

    /// Lowers an allowance. A decrease by zero emits no event.
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
