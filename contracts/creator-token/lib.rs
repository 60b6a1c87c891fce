//! A PSP22 token that is sold and bought back on a bonding curve. `patronage-core` has the rules (`sale`, `curve`,
//! `vesting`). `patronage-interfaces` describes the messages (`token`).
//!
//! # Burned tokens
//!
//! `burn` destroys tokens of the caller. It changes neither the position on the curve nor any price: other holders can
//! sell for what their tokens brought before, and buying costs what it cost before. The value of the burned tokens
//! stays in the reserve for ever. Nobody can withdraw it, not even the owner. With `b` tokens burned, the position
//! cannot fall below `b`. So the area under the first `b` tokens is never paid out, and the price never falls below the
//! price at `b`. The reserve covers the area under all sold tokens, and so the supply. `supply = sold - burned`. The
//! cap limits `sold`, so burned tokens cannot be bought again.
#![cfg_attr(not(feature = "std"), no_std, no_main)]

mod ledger;
mod records;
// ink!'s test environment knows balances of 128 bits only.
#[cfg(all(test, not(feature = "balance-u64")))]
mod tests;

#[ink_lite::contract(env = patronage_interfaces::PatronageEnvironment)]
pub mod creator_token {
    use crate::{
        ledger::Ledger,
        records::{Metadata, Roles},
    };
    use ink::{
        prelude::{boxed::Box, vec::Vec},
        storage::{Lazy, Mapping},
    };
    use ink_lite::{emit, env, Amounts, Record, Records};
    use patronage_core::ownership::Ownership;
    use patronage_interfaces::{
        ownable::{Ownable, OwnerChanged, OwnerProposed, OwnershipError},
        token::{
            self, Bought, Claimed, CreatorToken as _, FeeRecipientChanged, FeesLowered, PSP22Metadata, PauseChanged,
            Sale, Schedule, Sold, TokenError, TokenTerms, Trade, Utf8Bytes, Vesting, VestingReleased, VestingStarted,
        },
        try_into_balance, PatronageEnvironment as Env, Stored, LIMITS,
    };
    use psp22::{PSP22Burnable, PSP22Error, PSP22};

    type GrantorAndBeneficiary = (AccountId, AccountId);

    /// A call reads and writes only the fields that it uses.
    #[ink(storage)]
    pub struct CreatorToken {
        roles: Lazy<Stored<Roles>>,
        sale: Lazy<Stored<Sale>>,
        ledger: Ledger,
        /// Amounts to claim beside `sale.fees`, in planck: shares of referrers, and fees of previous recipients.
        credits: Mapping<AccountId, u128>,
        /// Tokens bought by or for accounts while the launch guard is active, in smallest units.
        bought: Mapping<AccountId, u128>,
        vestings: Mapping<GrantorAndBeneficiary, Stored<Vesting>>,
        metadata: Lazy<Stored<Metadata>>,
    }

    impl CreatorToken {
        /// Creates a token on these terms that the caller owns. Transferred value buys the first tokens for the caller,
        /// at the price for everyone. The change is returned.
        ///
        /// # Errors
        /// `InvalidTerms`; with value, those of `buy`.
        ///
        /// # Events
        /// With value, those of `buy`.
        #[ink(constructor, payable)]
        pub fn new(terms: TokenTerms) -> Result<Self, Box<TokenError>> {
            let sale = Sale::new(&terms, &LIMITS).map_err(|e| Box::new(e.into()))?;
            let owner = env::caller();
            let mut token = Self {
                roles: Lazy::new(),
                sale: Lazy::new(),
                ledger: Ledger::default(),
                credits: Mapping::new(),
                bought: Mapping::new(),
                vestings: Mapping::new(),
                metadata: Lazy::new(),
            };
            token.roles.store(&Stored(Roles {
                ownership: Ownership::new(owner),
                fee_recipient: owner,
                fee_accepted: true,
            }));
            token.sale.store(&Stored(sale));
            token.metadata.store(&Stored(Metadata {
                name: terms.name,
                symbol: terms.symbol,
                decimals: terms.decimals,
            }));
            if env::value() > 0 {
                token.buy(owner, 0, None)?;
            }
            Ok(token)
        }
    }

    // Hot: trades of fans. All other messages are rare.
    #[ink_lite(cold)]
    impl token::CreatorToken for CreatorToken {
        #[ink_lite(hot)]
        #[ink(message, payable)]
        fn buy(
            &mut self,
            recipient: AccountId,
            min_tokens: u128,
            referrer: Option<AccountId>,
        ) -> Result<Trade, Box<TokenError>> {
            let mut sale = self.sale();
            let trade = sale.quote_buy(env::value(), min_tokens)?;
            self.complete_buy(&mut sale, trade, recipient, referrer)
        }

        #[ink_lite(hot)]
        #[ink(message, payable)]
        fn buy_exact(
            &mut self,
            recipient: AccountId,
            tokens: u128,
            referrer: Option<AccountId>,
        ) -> Result<Trade, Box<TokenError>> {
            let mut sale = self.sale();
            let trade = sale.quote_buy_exact(tokens)?;
            self.complete_buy(&mut sale, trade, recipient, referrer)
        }

        #[ink_lite(hot)]
        #[ink(message)]
        fn sell(&mut self, tokens: u128, min_payout: u128) -> Result<Trade, Box<TokenError>> {
            let seller = env::caller();
            let held = self.ledger.balance_of(&seller);
            let mut sale = self.sale();
            let trade = sale.quote_sell(tokens, held, min_payout)?;
            sale.sell(&trade);
            self.set_sale(&sale);
            self.ledger.burn(&seller, held, tokens);
            let event = Sold { seller, tokens, payout: trade.amount, fee: trade.fee };
            emit::<Env, _>(&event);
            self.pay(&event.seller, trade.amount)?;
            Ok(trade)
        }

        #[ink(message)]
        fn quote_buy(&self, value: u128) -> Result<Trade, Box<TokenError>> {
            self.sale().quote_buy(value, 0)
        }

        #[ink(message)]
        fn quote_buy_exact(&self, tokens: u128) -> Result<Trade, Box<TokenError>> {
            self.sale().quote_buy_exact(tokens)
        }

        #[ink(message)]
        fn quote_sell(&self, tokens: u128) -> Result<Trade, Box<TokenError>> {
            let sale = self.sale();
            sale.quote_sell(tokens, sale.supply(), 0)
        }

        #[ink(message)]
        fn transfer_many(&mut self, transfers: Vec<(AccountId, u128)>) -> Result<(), Box<TokenError>> {
            self.ledger.transfer_many(&env::caller(), &transfers)
        }

        #[ink(message)]
        fn claim(&mut self) -> Result<u128, Box<TokenError>> {
            let account = env::caller();
            let mut amount = self.credits.amount(&account);
            self.credits.set_amount(&account, 0);
            let mut roles = self.roles();
            if account == roles.fee_recipient {
                // The sum is below the chain's issuance, so this cannot overflow.
                amount = amount.wrapping_add(self.remove_fees());
                if !roles.fee_accepted {
                    roles.fee_accepted = true;
                    self.roles.store(&Stored(roles));
                }
            }
            if amount == 0 {
                return Err(Box::new(TokenError::NothingToClaim));
            }
            let event = Claimed { account, amount };
            emit::<Env, _>(&event);
            self.pay(&event.account, amount)?;
            Ok(amount)
        }

        #[ink(message)]
        fn claimable(&self, account: AccountId) -> u128 {
            let fees = if account == self.roles().fee_recipient { self.sale().fees } else { 0 };
            // The sum is below the chain's issuance, so this cannot overflow.
            self.credits.amount(&account).wrapping_add(fees)
        }

        #[ink(message)]
        fn spot_price(&self) -> u128 {
            self.sale().spot_price()
        }

        #[ink(message)]
        fn reserve(&self) -> u128 {
            self.sale().reserve
        }

        #[ink(message)]
        fn curve(&self) -> Sale {
            self.sale()
        }

        #[ink(message)]
        fn vest(&mut self, beneficiary: AccountId, tokens: u128, schedule: Schedule) -> Result<(), Box<TokenError>> {
            if tokens == 0 || !schedule.is_possible(env::now()) {
                return Err(Box::new(TokenError::InvalidSchedule));
            }
            let event = VestingStarted { grantor: env::caller(), beneficiary, tokens, schedule };
            let key = (&event.grantor, &event.beneficiary);
            if self.vestings.load(&key).is_some() {
                return Err(Box::new(TokenError::AlreadyVesting));
            }
            self.ledger.transfer(key.0, &env::own_account(), tokens)?;
            self.vestings.store(&key, &Stored(Vesting { tokens, released: 0, schedule }));
            emit::<Env, _>(&event);
            Ok(())
        }

        #[ink(message)]
        fn release(&mut self, grantor: AccountId, beneficiary: AccountId) -> Result<u128, Box<TokenError>> {
            let mut event = VestingReleased { grantor, beneficiary, tokens: 0 };
            let key = (&event.grantor, &event.beneficiary);
            let mut tokens = 0;
            if let Some(mut vesting) = self.vestings.load(&key) {
                tokens = vesting.release(env::now());
                if vesting.released == vesting.tokens {
                    self.vestings.delete(&key);
                } else {
                    self.vestings.store(&key, &vesting);
                }
            }
            if tokens == 0 {
                return Err(Box::new(TokenError::NothingToRelease));
            }
            // The contract's account has all vested tokens that are not released, so this does not fail.
            self.ledger.transfer(&env::own_account(), key.1, tokens)?;
            event.tokens = tokens;
            emit::<Env, _>(&event);
            Ok(tokens)
        }

        #[ink(message)]
        fn vesting_of(&self, grantor: AccountId, beneficiary: AccountId) -> Option<Vesting> {
            self.vestings.load(&(&grantor, &beneficiary)).map(|vesting| vesting.0)
        }

        #[ink(message)]
        fn lower_fees(&mut self, buy_fee_bp: u16, sell_fee_bp: u16) -> Result<(), Box<TokenError>> {
            self.ensure_owner(&self.roles())?;
            let mut sale = self.sale();
            sale.lower_fees(buy_fee_bp, sell_fee_bp).map_err(|e| Box::new(e.into()))?;
            self.set_sale(&sale);
            emit::<Env, _>(&FeesLowered { buy_fee_bp, sell_fee_bp });
            Ok(())
        }

        #[ink(message)]
        fn set_paused(&mut self, paused: bool) -> Result<(), Box<TokenError>> {
            self.ensure_owner(&self.roles())?;
            let mut sale = self.sale();
            sale.paused = paused;
            self.set_sale(&sale);
            emit::<Env, _>(&PauseChanged { paused });
            Ok(())
        }

        #[ink(message)]
        fn set_fee_recipient(&mut self, recipient: AccountId) -> Result<(), Box<TokenError>> {
            let mut roles = self.roles();
            self.ensure_owner(&roles)?;
            // A recipient that has accepted need not accept again.
            if recipient == roles.fee_recipient {
                return Ok(());
            }
            self.credit_fees(&roles);
            (roles.fee_recipient, roles.fee_accepted) = (recipient, roles.ownership.is_owner(&recipient));
            self.roles.store(&Stored(roles));
            emit::<Env, _>(&FeeRecipientChanged { recipient });
            Ok(())
        }

        #[ink(message)]
        fn fee_recipient(&self) -> AccountId {
            self.roles().fee_recipient
        }

        #[ink(message)]
        fn prune_bought(&mut self, account: AccountId) -> Result<(), Box<TokenError>> {
            if self.sale().launch_guard.is_active(env::now()) {
                return Err(Box::new(TokenError::GuardActive));
            }
            self.bought.set_amount(&account, 0);
            Ok(())
        }
    }

    #[ink_lite(cold)]
    impl Ownable for CreatorToken {
        #[ink(message)]
        fn propose_owner(&mut self, candidate: AccountId) -> Result<(), OwnershipError> {
            let mut roles = self.roles();
            let event = OwnerProposed { owner: env::caller(), candidate };
            roles.ownership.propose(&event.owner, &event.candidate)?;
            self.roles.store(&Stored(roles));
            emit::<Env, _>(&event);
            Ok(())
        }

        #[ink(message)]
        fn accept_ownership(&mut self) -> Result<(), OwnershipError> {
            let owner = env::caller();
            let mut roles = self.roles();
            let before = roles;
            let previous = roles.ownership.accept(&owner)?;
            let fees_move = before.fee_recipient == previous;
            if fees_move {
                self.credit_fees(&before);
                (roles.fee_recipient, roles.fee_accepted) = (owner, true);
            }
            self.roles.store(&Stored(roles));
            emit::<Env, _>(&OwnerChanged { previous, owner });
            if fees_move {
                emit::<Env, _>(&FeeRecipientChanged { recipient: owner });
            }
            Ok(())
        }

        #[ink(message)]
        fn owner(&self) -> AccountId {
            self.roles().ownership.owner
        }

        #[ink(message)]
        fn pending_owner(&self) -> Option<AccountId> {
            self.roles().ownership.candidate
        }
    }

    impl PSP22 for CreatorToken {
        #[ink(message)]
        fn total_supply(&self) -> u128 {
            self.sale().supply()
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
            self.ledger.transfer(&env::caller(), &to, value).map_err(|_| PSP22Error::InsufficientBalance)
        }

        #[ink(message)]
        fn transfer_from(
            &mut self,
            from: AccountId,
            to: AccountId,
            value: u128,
            _data: Vec<u8>,
        ) -> Result<(), PSP22Error> {
            self.ledger.transfer_from(&env::caller(), &from, &to, value)
        }

        #[ink(message)]
        fn approve(&mut self, spender: AccountId, value: u128) -> Result<(), PSP22Error> {
            self.ledger.approve(&env::caller(), &spender, value);
            Ok(())
        }

        #[ink(message)]
        fn increase_allowance(&mut self, spender: AccountId, delta_value: u128) -> Result<(), PSP22Error> {
            self.ledger.increase_allowance(&env::caller(), &spender, delta_value);
            Ok(())
        }

        #[ink(message)]
        fn decrease_allowance(&mut self, spender: AccountId, delta_value: u128) -> Result<(), PSP22Error> {
            self.ledger.decrease_allowance(&env::caller(), &spender, delta_value)
        }
    }

    #[ink_lite(cold)]
    impl PSP22Metadata for CreatorToken {
        #[ink(message)]
        fn token_name(&self) -> Option<Utf8Bytes> {
            Some(self.metadata.load().0.name)
        }

        #[ink(message)]
        fn token_symbol(&self) -> Option<Utf8Bytes> {
            Some(self.metadata.load().0.symbol)
        }

        #[ink(message)]
        fn token_decimals(&self) -> u8 {
            self.metadata.load().0.decimals
        }
    }

    #[ink_lite(cold)]
    impl PSP22Burnable for CreatorToken {
        #[ink(message)]
        fn burn(&mut self, value: u128) -> Result<(), PSP22Error> {
            let holder = env::caller();
            let held = self.ledger.balance_of(&holder);
            if value > held {
                return Err(PSP22Error::InsufficientBalance);
            }
            if value > 0 {
                let mut sale = self.sale();
                sale.burn(value);
                self.set_sale(&sale);
                self.ledger.burn(&holder, held, value);
            }
            Ok(())
        }
    }

    impl CreatorToken {
        fn sale(&self) -> Sale {
            self.sale.load().0
        }

        fn set_sale(&mut self, sale: &Sale) {
            self.sale.store(&Stored(*sale));
        }

        fn roles(&self) -> Roles {
            self.roles.load().0
        }

        /// Completes `trade`, which was just quoted. Returns the rest of the transferred value to the buyer.
        #[inline(never)]
        fn complete_buy(
            &mut self,
            sale: &mut Sale,
            trade: Trade,
            recipient: AccountId,
            referrer: Option<AccountId>,
        ) -> Result<Trade, Box<TokenError>> {
            let Trade { tokens, amount: paid, fee } = trade;
            let event = Bought { buyer: env::caller(), recipient, referrer, tokens, paid, fee };
            if sale.launch_guard.is_active(env::now()) {
                self.count_bought(sale, &event.buyer, tokens)?;
                if event.recipient != event.buyer {
                    self.count_bought(sale, &event.recipient, tokens)?;
                }
            }
            let share = sale.buy(&trade, event.referrer.is_some());
            if let Some(referrer) = &event.referrer {
                if *referrer == event.buyer || *referrer == event.recipient {
                    return Err(Box::new(TokenError::SelfReferral));
                }
                self.credit(referrer, share);
            }
            let Some(change) = env::value().checked_sub(paid) else {
                return Err(Box::new(TokenError::PaymentTooSmall { least: paid }));
            };
            self.set_sale(sale);
            let held = self.ledger.balance_of(&event.recipient);
            self.ledger.mint(&event.recipient, held, tokens);
            emit::<Env, _>(&event);
            self.pay(&event.buyer, change)?;
            Ok(trade)
        }

        /// Counts `tokens` bought by or for `account` against the launch guard.
        #[inline(never)]
        fn count_bought(&mut self, sale: &Sale, account: &AccountId, tokens: u128) -> Result<(), Box<TokenError>> {
            let bought = sale.launch_guard.count(self.bought.amount(account), tokens)?;
            self.bought.set_amount(account, bought);
            Ok(())
        }

        /// Pays out of the contract. Must be the last step of a message, so that the recipient finds the final state.
        #[inline(never)]
        fn pay(&self, to: &AccountId, amount: u128) -> Result<(), Box<TokenError>> {
            if amount == 0 {
                return Ok(());
            }
            match try_into_balance(amount) {
                Some(amount) if env::transfer(to, &amount.to_le_bytes()) => Ok(()),
                _ => Err(Box::new(TokenError::TransferFailed)),
            }
        }

        /// Adds `amount` to what `account` can claim.
        #[inline(never)]
        fn credit(&mut self, account: &AccountId, amount: u128) {
            // The sum is below the chain's issuance, so this cannot overflow.
            let credit = self.credits.amount(account).wrapping_add(amount);
            self.credits.set_amount(account, credit);
        }

        /// Removes the fees from the sale, and returns them in planck.
        #[inline(never)]
        fn remove_fees(&mut self) -> u128 {
            let mut sale = self.sale();
            let fees = core::mem::take(&mut sale.fees);
            self.set_sale(&sale);
            fees
        }

        /// Credits the fees of the sale to their recipient, or to the owner if the recipient has never claimed.
        #[inline(never)]
        fn credit_fees(&mut self, roles: &Roles) {
            let fees = self.remove_fees();
            self.credit(if roles.fee_accepted { &roles.fee_recipient } else { &roles.ownership.owner }, fees);
        }

        /// Fails if the caller is not the owner.
        #[inline(never)]
        fn ensure_owner(&self, roles: &Roles) -> Result<(), Box<TokenError>> {
            if !roles.ownership.is_owner(&env::caller()) {
                return Err(Box::new(TokenError::NotOwner));
            }
            Ok(())
        }
    }

    #[cfg(all(test, not(feature = "balance-u64")))]
    mod standard {
        use super::*;

        /// A token whose whole supply the caller has. The tests of the standard allow no event of a buy.
        fn with_supply(supply: u128) -> CreatorToken {
            let mut token = CreatorToken::new(crate::tests::terms()).expect("valid terms");
            token.set_sale(&Sale { sold: supply, ..token.sale() });
            if supply > 0 {
                token.ledger.mint(&token.owner(), 0, supply);
            }
            token
        }

        psp22::tests!(CreatorToken, with_supply);
    }
}
