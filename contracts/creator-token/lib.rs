//! A PSP22 token that is sold, and bought back, on a bonding curve. The rules are in `patronage-core` (`sale`, `curve`),
//! the messages are described in `patronage-interfaces` (`token`).
#![cfg_attr(not(feature = "std"), no_std, no_main)]

mod ledger;
// ink!'s environment for unit tests knows balances of 128 bits only.
#[cfg(all(test, not(feature = "balance-u64")))]
mod tests;

#[ink::contract(env = patronage_interfaces::PatronageEnvironment)]
mod creator_token {
    use crate::ledger::Ledger;
    use ink::{
        prelude::{string::String, vec::Vec},
        storage::{Lazy, Mapping},
    };
    use patronage_core::sale;
    use patronage_interfaces::{
        from_balance, to_balance,
        token::{self, Bought, Claimed, CreatorToken as _, Sale, SaleError, Sold, TermsError, TokenTerms, Trade},
        Stored,
    };
    use psp22::{Approval, PSP22Error, PSP22Metadata, Transfer, PSP22};

    /// Every call reads this and most write it, so it holds what most calls need and is short.
    #[ink(storage)]
    pub struct CreatorToken {
        owner: AccountId,
        decimals: u8,
        sale: Stored<Sale>,
        ledger: Ledger,
        /// Referrers' shares of the fee, in planck, until they are claimed.
        referrals: Mapping<AccountId, u128>,
        name: Lazy<String>,
        symbol: Lazy<String>,
    }

    impl CreatorToken {
        /// A token on these terms, owned by the caller. Money sent along buys the first tokens for the caller, at the price
        /// that everyone pays; the change comes back.
        ///
        /// # Errors
        /// `InvalidTerms`, and with money those of `buy`.
        ///
        /// # Events
        /// With money those of `buy`.
        #[ink(constructor, payable)]
        pub fn new(terms: TokenTerms) -> Result<Self, SaleError> {
            if terms.name.is_empty() || terms.symbol.is_empty() {
                return Err(TermsError::NameOrSymbolEmpty.into());
            }
            let sale = Sale::new(&terms.sale(), from_balance(Balance::MAX))?;
            let owner = Self::env().caller();
            let mut token = Self {
                owner,
                decimals: terms.decimals,
                sale: Stored(sale),
                ledger: Ledger::default(),
                referrals: Mapping::new(),
                name: Lazy::new(),
                symbol: Lazy::new(),
            };
            token.name.set(&terms.name);
            token.symbol.set(&terms.symbol);
            if Self::env().transferred_value() > 0 {
                token.buy(owner, 0, None)?;
            }
            Ok(token)
        }

        /// What `value` buys now, at least `min_tokens` and at least one unit.
        fn trade_for(&self, value: Balance, min_tokens: u128) -> Result<sale::Trade, SaleError> {
            let available = self.sale.available();
            let trade = self.sale.quote_buy(from_balance(value)).filter(|_| available > 0);
            let trade = trade.ok_or(SaleError::CapReached { available })?;
            if trade.tokens < min_tokens.max(1) {
                return Err(SaleError::TooFewTokens { tokens: trade.tokens });
            }
            Ok(trade)
        }

        /// What selling `tokens` of the `balance` brings now, at least `min_payout` and at least one planck.
        fn trade_of(
            &self,
            tokens: u128,
            balance: u128,
            min_payout: Balance,
        ) -> Result<(sale::Trade, Trade), SaleError> {
            let trade = self.sale.quote_sell(tokens).filter(|_| tokens <= balance);
            let trade = trade.ok_or(SaleError::InsufficientBalance { balance })?;
            let view = Trade::sold(&trade).ok_or(SaleError::TransferFailed)?;
            if view.amount < min_payout.max(1) {
                return Err(SaleError::PayoutTooLow { payout: view.amount });
            }
            Ok((trade, view))
        }

        /// Moves tokens as `spender`, by the rules of PSP22: nothing and oneself are silent, the allowance is looked at
        /// before the balance, and `Approval` comes before `Transfer`.
        fn move_tokens(
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
            self.ledger.transfer(&from, &to, value)?;
            if let Some(allowance) = allowance {
                self.set_allowance(from, spender, allowance);
            }
            self.emit_transfer(Some(from), Some(to), value);
            Ok(())
        }

        /// What is left of an allowance after `value`.
        fn allowance_less(&self, owner: AccountId, spender: AccountId, value: u128) -> Result<u128, PSP22Error> {
            self.ledger.allowance(&owner, &spender).checked_sub(value).ok_or(PSP22Error::InsufficientAllowance)
        }

        /// Sets an allowance and says so.
        #[inline(never)]
        fn set_allowance(&mut self, owner: AccountId, spender: AccountId, amount: u128) {
            self.ledger.set_allowance(&owner, &spender, amount);
            self.env().emit_event(Approval { owner, spender, amount });
        }

        #[inline(never)]
        fn emit_transfer(&self, from: Option<AccountId>, to: Option<AccountId>, value: u128) {
            self.env().emit_event(Transfer { from, to, value });
        }

        /// Pays out of the contract. The last thing a message does: whoever is paid finds everything in order.
        #[inline(never)]
        fn pay(&self, to: AccountId, amount: Balance) -> Result<(), SaleError> {
            if amount == 0 {
                return Ok(());
            }
            self.env().transfer(to, amount).map_err(|_| SaleError::TransferFailed)
        }

        /// What waits for `account`: its shares as a referrer, and the fees if it is the owner.
        fn credit_of(&self, account: AccountId) -> (u128, u128) {
            let fees = if account == self.owner { self.sale.fees } else { 0 };
            (self.referrals.get(account).unwrap_or(0), fees)
        }
    }

    impl token::CreatorToken for CreatorToken {
        #[ink(message, payable)]
        fn buy(
            &mut self,
            recipient: AccountId,
            min_tokens: u128,
            referrer: Option<AccountId>,
        ) -> Result<Trade, SaleError> {
            let buyer = self.env().caller();
            if referrer == Some(buyer) || referrer == Some(recipient) {
                return Err(SaleError::SelfReferral);
            }
            let value = self.env().transferred_value();
            let trade = self.trade_for(value, min_tokens)?;
            let held = self.ledger.balance_of(&recipient);
            let room = self.sale.launch_room(self.env().block_timestamp(), held);
            if trade.tokens > room {
                return Err(SaleError::LaunchLimit { room });
            }
            let view = Trade::bought(&trade).ok_or(SaleError::TransferFailed)?;

            let share = self.sale.buy(&trade, referrer.is_some());
            // All balances together are the supply, which fits; all credits together are money that exists.
            self.ledger.set_balance(&recipient, held.saturating_add(trade.tokens));
            if let Some(referrer) = referrer.filter(|_| share > 0) {
                let credit = self.referrals.get(referrer).unwrap_or(0);
                self.referrals.insert(referrer, &credit.saturating_add(share));
            }
            let Trade { tokens, amount: paid, fee } = view;
            self.emit_transfer(None, Some(recipient), tokens);
            self.env().emit_event(Bought { buyer, recipient, referrer, tokens, paid, fee });
            // A trade costs at most the money sent.
            self.pay(buyer, value.saturating_sub(paid))?;
            Ok(view)
        }

        #[ink(message)]
        fn sell(&mut self, tokens: u128, min_payout: Balance) -> Result<Trade, SaleError> {
            let seller = self.env().caller();
            let balance = self.ledger.balance_of(&seller);
            let (trade, view) = self.trade_of(tokens, balance, min_payout)?;

            self.sale.sell(&trade);
            // No more than the balance is sold.
            self.ledger.set_balance(&seller, balance.saturating_sub(tokens));
            let Trade { amount: payout, fee, .. } = view;
            self.emit_transfer(Some(seller), None, tokens);
            self.env().emit_event(Sold { seller, tokens, payout, fee });
            self.pay(seller, payout)?;
            Ok(view)
        }

        #[ink(message)]
        fn quote_buy(&self, value: Balance) -> Result<Trade, SaleError> {
            Trade::bought(&self.trade_for(value, 0)?).ok_or(SaleError::TransferFailed)
        }

        #[ink(message)]
        fn quote_sell(&self, tokens: u128) -> Result<Trade, SaleError> {
            self.trade_of(tokens, self.sale.supply(), 0).map(|(_, view)| view)
        }

        #[ink(message)]
        fn claim(&mut self) -> Result<Balance, SaleError> {
            let account = self.env().caller();
            let (shares, fees) = self.credit_of(account);
            // Both are money that exists.
            let amount = to_balance(shares.saturating_add(fees)).ok_or(SaleError::TransferFailed)?;
            if amount == 0 {
                return Err(SaleError::NothingToClaim);
            }
            if shares > 0 {
                self.referrals.remove(account);
            }
            if fees > 0 {
                self.sale.fees = 0;
            }
            self.env().emit_event(Claimed { account, amount });
            self.pay(account, amount)?;
            Ok(amount)
        }

        #[ink(message)]
        fn claimable(&self, account: AccountId) -> Balance {
            let (shares, fees) = self.credit_of(account);
            // Money that exists fits.
            to_balance(shares.saturating_add(fees)).unwrap_or(Balance::MAX)
        }

        #[ink(message)]
        fn spot_price(&self) -> Balance {
            // The terms keep prices up to the cap within the chain's balances.
            to_balance(self.sale.spot_price()).unwrap_or(Balance::MAX)
        }

        #[ink(message)]
        fn reserve(&self) -> Balance {
            // Money that exists fits.
            to_balance(self.sale.reserve).unwrap_or(Balance::MAX)
        }

        #[ink(message)]
        fn curve(&self) -> Sale {
            self.sale.0
        }

        #[ink(message)]
        fn owner(&self) -> AccountId {
            self.owner
        }
    }

    impl PSP22 for CreatorToken {
        #[ink(message)]
        fn total_supply(&self) -> u128 {
            self.sale.supply()
        }

        #[ink(message)]
        fn balance_of(&self, owner: AccountId) -> u128 {
            self.ledger.balance_of(&owner)
        }

        #[ink(message)]
        fn allowance(&self, owner: AccountId, spender: AccountId) -> u128 {
            self.ledger.allowance(&owner, &spender)
        }

        #[ink(message)]
        fn transfer(&mut self, to: AccountId, value: u128, _data: Vec<u8>) -> Result<(), PSP22Error> {
            let caller = self.env().caller();
            self.move_tokens(caller, caller, to, value)
        }

        #[ink(message)]
        fn transfer_from(
            &mut self,
            from: AccountId,
            to: AccountId,
            value: u128,
            _data: Vec<u8>,
        ) -> Result<(), PSP22Error> {
            self.move_tokens(self.env().caller(), from, to, value)
        }

        #[ink(message)]
        fn approve(&mut self, spender: AccountId, value: u128) -> Result<(), PSP22Error> {
            let owner = self.env().caller();
            if owner != spender {
                self.set_allowance(owner, spender, value);
            }
            Ok(())
        }

        #[ink(message)]
        fn increase_allowance(&mut self, spender: AccountId, delta_value: u128) -> Result<(), PSP22Error> {
            let owner = self.env().caller();
            if owner != spender && delta_value != 0 {
                // An allowance of everything stays one.
                let amount = self.ledger.allowance(&owner, &spender).saturating_add(delta_value);
                self.set_allowance(owner, spender, amount);
            }
            Ok(())
        }

        #[ink(message)]
        fn decrease_allowance(&mut self, spender: AccountId, delta_value: u128) -> Result<(), PSP22Error> {
            let owner = self.env().caller();
            if owner != spender && delta_value != 0 {
                let amount = self.allowance_less(owner, spender, delta_value)?;
                self.set_allowance(owner, spender, amount);
            }
            Ok(())
        }
    }

    impl PSP22Metadata for CreatorToken {
        #[ink(message)]
        fn token_name(&self) -> Option<String> {
            self.name.get()
        }

        #[ink(message)]
        fn token_symbol(&self) -> Option<String> {
            self.symbol.get()
        }

        #[ink(message)]
        fn token_decimals(&self) -> u8 {
            self.decimals
        }
    }

    #[cfg(all(test, not(feature = "balance-u64")))]
    mod standard {
        use super::*;

        /// A token whose supply the caller has, as the suite of the standard wants it: no buy has its own event.
        fn with_supply(supply: u128) -> CreatorToken {
            let mut token = CreatorToken::new(crate::tests::terms()).expect("valid terms");
            let holder = token.owner;
            token.sale.sold = supply;
            token.ledger.set_balance(&holder, supply);
            if supply > 0 {
                token.emit_transfer(None, Some(holder), supply);
            }
            token
        }

        psp22::tests!(CreatorToken, with_supply);
    }
}
