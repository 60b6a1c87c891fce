//! A model of the token: maps, and the sale's arithmetic from `patronage-core`, which has its own tests.
//!
//! Every method returns what the message of the same name must return. An error means that nothing has changed.

use std::collections::{BTreeMap, BTreeSet};

use ::psp22::PSP22Error;
use ink::primitives::AccountId;
use patronage_interfaces::ownable::OwnershipError;
use patronage_interfaces::token::{Sale, Schedule, TokenError, Trade, Vesting};

pub struct Model {
    pub sale: Sale,
    pub owner: AccountId,
    pub pending_owner: Option<AccountId>,
    pub fee_recipient: AccountId,
    pub fee_accepted: bool,
    /// Tokens bought by or for accounts while the launch guard is active.
    pub bought: BTreeMap<AccountId, u128>,
    pub balances: BTreeMap<AccountId, u128>,
    pub allowances: BTreeMap<(AccountId, AccountId), u128>,
    pub credits: BTreeMap<AccountId, u128>,
    pub vestings: BTreeMap<(AccountId, AccountId), Vesting>,
    /// The token's own account, which holds vested tokens.
    pub token: AccountId,
}

impl Model {
    pub fn new(sale: Sale, owner: AccountId, token: AccountId) -> Self {
        Self {
            sale,
            owner,
            pending_owner: None,
            fee_recipient: owner,
            fee_accepted: true,
            bought: BTreeMap::new(),
            balances: BTreeMap::new(),
            allowances: BTreeMap::new(),
            credits: BTreeMap::new(),
            vestings: BTreeMap::new(),
            token,
        }
    }

    pub fn balance_of(&self, who: AccountId) -> u128 {
        self.balances.get(&who).copied().unwrap_or(0)
    }

    pub fn claimable(&self, who: AccountId) -> u128 {
        let fees = if who == self.fee_recipient { self.sale.fees } else { 0 };
        self.credits.get(&who).copied().unwrap_or(0) + fees
    }

    /// Everything that the contract owes, in planck.
    pub fn owed(&self) -> u128 {
        self.sale.reserve + self.sale.fees + self.credits.values().sum::<u128>()
    }

    pub fn quote_buy(&self, value: u128, min_tokens: u128) -> Result<Trade, TokenError> {
        let available = self.sale.cap - self.sale.sold;
        if self.sale.paused {
            return Err(TokenError::Paused);
        }
        if available == 0 {
            return Err(TokenError::CapReached { available });
        }
        let trade = self.sale.quote_buy(value, 0);
        let tokens = trade.as_ref().map_or(0, |trade| trade.tokens);
        if tokens == 0 || tokens < min_tokens {
            return Err(TokenError::TooFewTokens { tokens });
        }
        Ok(trade.expect("it buys some"))
    }

    pub fn quote_buy_exact(&self, tokens: u128) -> Result<Trade, TokenError> {
        let available = self.sale.cap - self.sale.sold;
        match tokens {
            _ if self.sale.paused => Err(TokenError::Paused),
            0 => Err(TokenError::TooFewTokens { tokens }),
            _ if tokens > available => Err(TokenError::CapReached { available }),
            _ => Ok(self.sale.quote_buy_exact(tokens).expect("there are that many")),
        }
    }

    pub fn buy(
        &mut self,
        quote: Result<Trade, TokenError>,
        value: u128,
        now: u64,
        [buyer, recipient]: [AccountId; 2],
        referrer: Option<AccountId>,
    ) -> Result<Trade, TokenError> {
        let trade = quote?;
        let guard = self.sale.launch_guard;
        let limited: BTreeSet<AccountId> = [buyer, recipient].into_iter().filter(|_| now < guard.until).collect();
        for who in [buyer, recipient].iter().filter(|who| limited.contains(who)) {
            let room = guard.max_tokens.saturating_sub(self.bought.get(who).copied().unwrap_or(0));
            if trade.tokens > room {
                return Err(TokenError::LaunchLimit { room });
            }
        }
        if referrer == Some(buyer) || referrer == Some(recipient) {
            return Err(TokenError::SelfReferral);
        }
        if trade.amount > value {
            return Err(TokenError::PaymentTooSmall { least: trade.amount });
        }
        let share = self.sale.buy(&trade, referrer.is_some());
        for who in limited {
            *self.bought.entry(who).or_default() += trade.tokens;
        }
        if let Some(referrer) = referrer {
            *self.credits.entry(referrer).or_default() += share;
        }
        *self.balances.entry(recipient).or_default() += trade.tokens;
        Ok(trade)
    }

    pub fn sell(&mut self, who: AccountId, tokens: u128, min_payout: u128) -> Result<Trade, TokenError> {
        let balance = self.balance_of(who);
        let left = balance.checked_sub(tokens).ok_or(TokenError::InsufficientBalance { balance })?;
        let trade = self.sale.quote_sell(tokens, balance, 0);
        let payout = trade.as_ref().map_or(0, |trade| trade.amount);
        if payout == 0 || payout < min_payout {
            return Err(TokenError::PayoutTooLow { payout });
        }
        let trade = trade.expect("it brings something");
        self.sale.sell(&trade);
        self.balances.insert(who, left);
        Ok(trade)
    }

    pub fn burn(&mut self, who: AccountId, tokens: u128) -> Result<(), PSP22Error> {
        let left = self.balance_of(who).checked_sub(tokens).ok_or(PSP22Error::InsufficientBalance)?;
        self.sale.burned += tokens;
        self.balances.insert(who, left);
        Ok(())
    }

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
        let allowance = self.allowance(from, spender);
        if spender != from && allowance < value {
            return Err(PSP22Error::InsufficientAllowance);
        }
        let left = self.balance_of(from).checked_sub(value).ok_or(PSP22Error::InsufficientBalance)?;
        if spender != from {
            self.allowances.insert((from, spender), allowance - value);
        }
        self.balances.insert(from, left);
        *self.balances.entry(to).or_default() += value;
        Ok(())
    }

    pub fn transfer_many(&mut self, from: AccountId, transfers: &[(AccountId, u128)]) -> Result<(), TokenError> {
        let before = self.balances.clone();
        for (to, value) in transfers {
            if self.transfer(from, from, *to, *value).is_err() {
                let balance = self.balance_of(from);
                self.balances = before;
                return Err(TokenError::InsufficientBalance { balance });
            }
        }
        Ok(())
    }

    pub fn allowance(&self, owner: AccountId, spender: AccountId) -> u128 {
        self.allowances.get(&(owner, spender)).copied().unwrap_or(0)
    }

    pub fn set_allowance(&mut self, owner: AccountId, spender: AccountId, value: u128) {
        if owner != spender {
            self.allowances.insert((owner, spender), value);
        }
    }

    pub fn decrease_allowance(&mut self, owner: AccountId, spender: AccountId, delta: u128) -> Result<(), PSP22Error> {
        if owner == spender {
            return Ok(());
        }
        let left = self.allowance(owner, spender).checked_sub(delta).ok_or(PSP22Error::InsufficientAllowance)?;
        self.set_allowance(owner, spender, left);
        Ok(())
    }

    pub fn claim(&mut self, who: AccountId) -> Result<u128, TokenError> {
        let amount = self.claimable(who);
        if amount == 0 {
            return Err(TokenError::NothingToClaim);
        }
        self.credits.remove(&who);
        if who == self.fee_recipient {
            self.sale.fees = 0;
            self.fee_accepted = true;
        }
        Ok(amount)
    }

    pub fn vest(&mut self, from: AccountId, to: AccountId, tokens: u128, schedule: Schedule) -> Result<(), TokenError> {
        // The schedules of histories are always valid. Only their amounts are not.
        if tokens == 0 {
            return Err(TokenError::InvalidSchedule);
        }
        if self.vestings.contains_key(&(from, to)) {
            return Err(TokenError::AlreadyVesting);
        }
        self.transfer_many(from, &[(self.token, tokens)])?;
        self.vestings.insert((from, to), Vesting { tokens, released: 0, schedule });
        Ok(())
    }

    pub fn release(&mut self, from: AccountId, to: AccountId, now: u64) -> Result<u128, TokenError> {
        let vesting = self.vestings.get_mut(&(from, to)).ok_or(TokenError::NothingToRelease)?;
        let tokens = vesting.release(now);
        if tokens == 0 {
            return Err(TokenError::NothingToRelease);
        }
        if vesting.released == vesting.tokens {
            self.vestings.remove(&(from, to));
        }
        self.transfer(self.token, self.token, to, tokens).expect("vested tokens are there");
        Ok(tokens)
    }

    pub fn lower_fees(&mut self, who: AccountId, buy_fee_bp: u16, sell_fee_bp: u16) -> Result<(), TokenError> {
        self.only_owner(who)?;
        Ok(self.sale.lower_fees(buy_fee_bp, sell_fee_bp)?)
    }

    pub fn set_paused(&mut self, who: AccountId, paused: bool) -> Result<(), TokenError> {
        self.only_owner(who)?;
        self.sale.paused = paused;
        Ok(())
    }

    pub fn set_fee_recipient(&mut self, who: AccountId, recipient: AccountId) -> Result<(), TokenError> {
        self.only_owner(who)?;
        if recipient != self.fee_recipient {
            self.redirect_fees(recipient, who == recipient);
        }
        Ok(())
    }

    /// Applied before a change of the owner.
    fn redirect_fees(&mut self, recipient: AccountId, accepted: bool) {
        let earned_for = if self.fee_accepted { self.fee_recipient } else { self.owner };
        *self.credits.entry(earned_for).or_default() += std::mem::take(&mut self.sale.fees);
        (self.fee_recipient, self.fee_accepted) = (recipient, accepted);
    }

    pub fn propose_owner(&mut self, who: AccountId, candidate: AccountId) -> Result<(), OwnershipError> {
        if who != self.owner {
            return Err(OwnershipError::NotOwner);
        }
        self.pending_owner = Some(candidate);
        Ok(())
    }

    pub fn accept_ownership(&mut self, who: AccountId) -> Result<(), OwnershipError> {
        if self.pending_owner.take_if(|candidate| *candidate == who).is_none() {
            return Err(OwnershipError::NotProposed);
        }
        if self.fee_recipient == self.owner {
            self.redirect_fees(who, true);
        }
        self.owner = who;
        Ok(())
    }

    fn only_owner(&self, who: AccountId) -> Result<(), TokenError> {
        if who == self.owner {
            Ok(())
        } else {
            Err(TokenError::NotOwner)
        }
    }
}
