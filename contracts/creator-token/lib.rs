//! A PSP22 token that is sold, and bought back, on a bonding curve. The rules are in `patronage-core` (`sale`, `curve`,
//! `vesting`), the messages are described in `patronage-interfaces` (`token`).
//!
//! # Burned tokens
//!
//! `burn` ends tokens of the caller's. It does not move the position on the curve, and so no price: whoever holds the other
//! tokens can sell each of them for what it brought before, and buying costs what it cost before. What the burned tokens
//! would have brought back stays in the reserve for good, for nobody, not even the owner: with `b` tokens burned, the
//! position can never again fall below `b`, so the area under the first `b` tokens is never paid out and the price never
//! falls below the price at `b`. So the reserve, which covers the area under everything sold, covers the supply all the more.
//! `supply = sold - burned`; the cap limits `sold`, so burned tokens can't be bought again.
#![cfg_attr(not(feature = "std"), no_std, no_main)]

mod ledger;
// ink!'s environment for unit tests knows balances of 128 bits only.
#[cfg(all(test, not(feature = "balance-u64")))]
mod tests;

#[ink::contract(env = patronage_interfaces::PatronageEnvironment)]
mod creator_token {
    use crate::ledger::Ledger;
    use ink::{
        codegen::Env,
        prelude::{string::String, vec::Vec},
        storage::{Lazy, Mapping},
    };
    use patronage_core::sale;
    use patronage_interfaces::{
        from_balance, to_balance,
        token::{
            self, Bought, Claimed, CreatorToken as _, FeeRecipientChanged, FeesLowered, OwnerChanged, OwnerProposed,
            PauseChanged, Sale, SaleError, Schedule, Sold, TermsError, TokenTerms, Trade, Vesting, VestingReleased,
            VestingStarted,
        },
        Stored,
    };
    use psp22::{PSP22Burnable, PSP22Error, PSP22Metadata, PSP22};

    type GrantorAndBeneficiary = (AccountId, AccountId);

    /// Every call reads the fields that are no mapping and no `Lazy`, and most write them, so they are what most calls need.
    #[ink(storage)]
    pub struct CreatorToken {
        owner: AccountId,
        pending_owner: Option<AccountId>,
        /// To whom `sale.fees` belong.
        fee_recipient: AccountId,
        decimals: u8,
        sale: Stored<Sale>,
        ledger: Ledger,
        /// What waits to be claimed beside `sale.fees`, in planck: shares of referrers, fees of earlier recipients.
        credits: Mapping<AccountId, u128>,
        vestings: Mapping<GrantorAndBeneficiary, Stored<Vesting>>,
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
                pending_owner: None,
                fee_recipient: owner,
                decimals: terms.decimals,
                sale: Stored(sale),
                ledger: Ledger::default(),
                credits: Mapping::new(),
                vestings: Mapping::new(),
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
    }

    impl token::CreatorToken for CreatorToken {
        #[ink(message, payable)]
        fn buy(
            &mut self,
            recipient: AccountId,
            min_tokens: u128,
            referrer: Option<AccountId>,
        ) -> Result<Trade, SaleError> {
            let trade = self.trade_for(self.env().transferred_value(), min_tokens)?;
            self.complete_buy(&trade, recipient, referrer)
        }

        #[ink(message, payable)]
        fn buy_exact(
            &mut self,
            recipient: AccountId,
            tokens: u128,
            referrer: Option<AccountId>,
        ) -> Result<Trade, SaleError> {
            let trade = self.trade_for_exactly(tokens)?;
            self.complete_buy(&trade, recipient, referrer)
        }

        #[ink(message)]
        fn sell(&mut self, tokens: u128, min_payout: Balance) -> Result<Trade, SaleError> {
            let seller = self.env().caller();
            let balance = self.ledger.balance_of(seller);
            let (trade, view) = self.trade_of(tokens, balance, min_payout)?;

            self.sale.sell(&trade);
            self.ledger.burn(seller, balance, tokens);
            let Trade { amount: payout, fee, .. } = view;
            self.env().emit_event(Sold { seller, tokens, payout, fee });
            self.pay(seller, payout)?;
            Ok(view)
        }

        #[ink(message)]
        fn quote_buy(&self, value: Balance) -> Result<Trade, SaleError> {
            Trade::bought(&self.trade_for(value, 0)?).ok_or(SaleError::TransferFailed)
        }

        #[ink(message)]
        fn quote_buy_exact(&self, tokens: u128) -> Result<Trade, SaleError> {
            Trade::bought(&self.trade_for_exactly(tokens)?).ok_or(SaleError::TransferFailed)
        }

        #[ink(message)]
        fn quote_sell(&self, tokens: u128) -> Result<Trade, SaleError> {
            self.trade_of(tokens, self.sale.supply(), 0).map(|(_, view)| view)
        }

        #[ink(message)]
        fn transfer_many(&mut self, transfers: Vec<(AccountId, u128)>) -> Result<(), SaleError> {
            self.ledger.transfer_many(self.env().caller(), &transfers)
        }

        #[ink(message)]
        fn claim(&mut self) -> Result<Balance, SaleError> {
            let account = self.env().caller();
            let amount = self.claimable(account);
            if amount == 0 {
                return Err(SaleError::NothingToClaim);
            }
            self.credits.remove(account);
            if account == self.fee_recipient {
                self.sale.fees = 0;
            }
            self.env().emit_event(Claimed { account, amount });
            self.pay(account, amount)?;
            Ok(amount)
        }

        #[ink(message)]
        fn claimable(&self, account: AccountId) -> Balance {
            let fees = if account == self.fee_recipient { self.sale.fees } else { 0 };
            // Both are money that exists, which fits.
            to_balance(self.credit_of(account).saturating_add(fees)).unwrap_or(Balance::MAX)
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
        fn vest(&mut self, beneficiary: AccountId, tokens: u128, schedule: Schedule) -> Result<(), SaleError> {
            if tokens == 0 || !schedule.is_possible(self.env().block_timestamp()) {
                return Err(SaleError::InvalidSchedule);
            }
            let grantor = self.env().caller();
            if self.vestings.contains((grantor, beneficiary)) {
                return Err(SaleError::AlreadyVesting);
            }
            self.ledger.transfer_many(grantor, &[(self.env().account_id(), tokens)])?;
            let vesting = Vesting { tokens, released: 0, schedule };
            self.vestings.insert((grantor, beneficiary), &Stored(vesting));
            self.env().emit_event(VestingStarted { grantor, beneficiary, tokens, schedule });
            Ok(())
        }

        #[ink(message)]
        fn release(&mut self, grantor: AccountId, beneficiary: AccountId) -> Result<u128, SaleError> {
            let key = (grantor, beneficiary);
            let mut vesting = self.vestings.get(key).ok_or(SaleError::NothingToRelease)?;
            let tokens = vesting.release(self.env().block_timestamp());
            if tokens == 0 {
                return Err(SaleError::NothingToRelease);
            }
            if vesting.released == vesting.tokens {
                self.vestings.remove(key);
            } else {
                self.vestings.insert(key, &vesting);
            }
            // The contract's account has all that is put away and not released, so this does not fail.
            self.ledger.transfer_many(self.env().account_id(), &[(beneficiary, tokens)])?;
            self.env().emit_event(VestingReleased { grantor, beneficiary, tokens });
            Ok(tokens)
        }

        #[ink(message)]
        fn vesting_of(&self, grantor: AccountId, beneficiary: AccountId) -> Option<Vesting> {
            self.vestings.get((grantor, beneficiary)).map(|vesting| vesting.0)
        }

        #[ink(message)]
        fn lower_fees(&mut self, buy_fee_bp: u16, sell_fee_bp: u16) -> Result<(), SaleError> {
            self.ensure_owner()?;
            self.sale.lower_fees(buy_fee_bp, sell_fee_bp)?;
            self.env().emit_event(FeesLowered { buy_fee_bp, sell_fee_bp });
            Ok(())
        }

        #[ink(message)]
        fn set_paused(&mut self, paused: bool) -> Result<(), SaleError> {
            self.ensure_owner()?;
            self.sale.paused = paused;
            self.env().emit_event(PauseChanged { paused });
            Ok(())
        }

        #[ink(message)]
        fn set_fee_recipient(&mut self, recipient: AccountId) -> Result<(), SaleError> {
            self.ensure_owner()?;
            self.redirect_fees(recipient);
            Ok(())
        }

        #[ink(message)]
        fn fee_recipient(&self) -> AccountId {
            self.fee_recipient
        }

        #[ink(message)]
        fn propose_owner(&mut self, candidate: AccountId) -> Result<(), SaleError> {
            self.ensure_owner()?;
            self.pending_owner = Some(candidate);
            self.env().emit_event(OwnerProposed { candidate });
            Ok(())
        }

        #[ink(message)]
        fn accept_ownership(&mut self) -> Result<(), SaleError> {
            let owner = self.env().caller();
            if self.pending_owner != Some(owner) {
                return Err(SaleError::NotProposed);
            }
            self.pending_owner = None;
            let fees_go_along = self.fee_recipient == self.owner;
            self.owner = owner;
            self.env().emit_event(OwnerChanged { owner });
            if fees_go_along {
                self.redirect_fees(owner);
            }
            Ok(())
        }

        #[ink(message)]
        fn owner(&self) -> AccountId {
            self.owner
        }

        #[ink(message)]
        fn pending_owner(&self) -> Option<AccountId> {
            self.pending_owner
        }
    }

    impl PSP22 for CreatorToken {
        #[ink(message)]
        fn total_supply(&self) -> u128 {
            self.sale.supply()
        }

        #[ink(message)]
        fn balance_of(&self, owner: AccountId) -> u128 {
            self.ledger.balance_of(owner)
        }

        #[ink(message)]
        fn allowance(&self, owner: AccountId, spender: AccountId) -> u128 {
            self.ledger.allowance(owner, spender)
        }

        #[ink(message)]
        fn transfer(&mut self, to: AccountId, value: u128, _data: Vec<u8>) -> Result<(), PSP22Error> {
            let caller = self.env().caller();
            self.ledger.transfer(caller, caller, to, value)
        }

        #[ink(message)]
        fn transfer_from(
            &mut self,
            from: AccountId,
            to: AccountId,
            value: u128,
            _data: Vec<u8>,
        ) -> Result<(), PSP22Error> {
            self.ledger.transfer(self.env().caller(), from, to, value)
        }

        #[ink(message)]
        fn approve(&mut self, spender: AccountId, value: u128) -> Result<(), PSP22Error> {
            self.ledger.approve(self.env().caller(), spender, value);
            Ok(())
        }

        #[ink(message)]
        fn increase_allowance(&mut self, spender: AccountId, delta_value: u128) -> Result<(), PSP22Error> {
            self.ledger.increase_allowance(self.env().caller(), spender, delta_value);
            Ok(())
        }

        #[ink(message)]
        fn decrease_allowance(&mut self, spender: AccountId, delta_value: u128) -> Result<(), PSP22Error> {
            self.ledger.decrease_allowance(self.env().caller(), spender, delta_value)
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

    impl PSP22Burnable for CreatorToken {
        #[ink(message)]
        fn burn(&mut self, value: u128) -> Result<(), PSP22Error> {
            let holder = self.env().caller();
            let held = self.ledger.balance_of(holder);
            if value > held {
                return Err(PSP22Error::InsufficientBalance);
            }
            if value > 0 {
                self.sale.burn(value);
                self.ledger.burn(holder, held, value);
            }
            Ok(())
        }
    }

    impl CreatorToken {
        /// What `value` buys now, at least `min_tokens` and at least one unit.
        fn trade_for(&self, value: Balance, min_tokens: u128) -> Result<sale::Trade, SaleError> {
            let available = self.available()?;
            let trade = self.sale.quote_buy(from_balance(value)).filter(|_| available > 0);
            let trade = trade.ok_or(SaleError::CapReached { available })?;
            if trade.tokens < min_tokens.max(1) {
                return Err(SaleError::TooFewTokens { tokens: trade.tokens });
            }
            Ok(trade)
        }

        /// What exactly `tokens` cost now, at least one unit.
        fn trade_for_exactly(&self, tokens: u128) -> Result<sale::Trade, SaleError> {
            let available = self.available()?;
            if tokens == 0 {
                return Err(SaleError::TooFewTokens { tokens });
            }
            self.sale.quote_buy_exact(tokens).ok_or(SaleError::CapReached { available })
        }

        /// Smallest units that can be bought now.
        fn available(&self) -> Result<u128, SaleError> {
            if self.sale.paused {
                return Err(SaleError::Paused);
            }
            Ok(self.sale.available())
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

        /// Takes the money for `trade`, which was quoted just now, and returns the rest of what was sent.
        #[inline(never)]
        fn complete_buy(
            &mut self,
            trade: &sale::Trade,
            recipient: AccountId,
            referrer: Option<AccountId>,
        ) -> Result<Trade, SaleError> {
            let buyer = self.env().caller();
            if referrer == Some(buyer) || referrer == Some(recipient) {
                return Err(SaleError::SelfReferral);
            }
            let held = self.ledger.balance_of(recipient);
            let room = self.sale.launch_room(self.env().block_timestamp(), held);
            if trade.tokens > room {
                return Err(SaleError::LaunchLimit { room });
            }
            let view = Trade::bought(trade).ok_or(SaleError::TransferFailed)?;
            let Trade { tokens, amount: paid, fee } = view;
            let change = self.env().transferred_value().checked_sub(paid);
            let change = change.ok_or(SaleError::PaymentTooSmall { least: paid })?;

            let share = self.sale.buy(trade, referrer.is_some());
            if let Some(referrer) = referrer {
                self.credit(referrer, share);
            }
            self.ledger.mint(recipient, held, tokens);
            self.env().emit_event(Bought { buyer, recipient, referrer, tokens, paid, fee });
            self.pay(buyer, change)?;
            Ok(view)
        }

        /// Pays out of the contract. The last thing a message does: whoever is paid finds everything in order.
        #[inline(never)]
        fn pay(&self, to: AccountId, amount: Balance) -> Result<(), SaleError> {
            if amount == 0 {
                return Ok(());
            }
            self.env().transfer(to, amount).map_err(|_| SaleError::TransferFailed)
        }

        /// What waits for `account` beside the fees.
        fn credit_of(&self, account: AccountId) -> u128 {
            self.credits.get(account).unwrap_or(0)
        }

        /// Lets `amount` wait for `account`.
        #[inline(never)]
        fn credit(&mut self, account: AccountId, amount: u128) {
            if amount > 0 {
                // All credits together are money that exists.
                self.credits.insert(account, &self.credit_of(account).saturating_add(amount));
            }
        }

        /// Gives fees from now on to `recipient`. Those earned until now wait for whose they are.
        #[inline(never)]
        fn redirect_fees(&mut self, recipient: AccountId) {
            self.credit(self.fee_recipient, self.sale.fees);
            self.sale.fees = 0;
            self.fee_recipient = recipient;
            self.env().emit_event(FeeRecipientChanged { recipient });
        }

        fn ensure_owner(&self) -> Result<(), SaleError> {
            if self.env().caller() != self.owner {
                return Err(SaleError::NotOwner);
            }
            Ok(())
        }
    }

    #[cfg(all(test, not(feature = "balance-u64")))]
    mod standard {
        use super::*;

        /// A token whose supply the caller has, as the suite of the standard wants it: no buy has its own event.
        fn with_supply(supply: u128) -> CreatorToken {
            let mut token = CreatorToken::new(crate::tests::terms()).expect("valid terms");
            token.sale.sold = supply;
            if supply > 0 {
                token.ledger.mint(token.owner, 0, supply);
            }
            token
        }

        psp22::tests!(CreatorToken, with_supply);
    }
}
