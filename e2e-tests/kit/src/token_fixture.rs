//! A creator token on a chain, and calls of it.

use ::psp22::PSP22 as _;
use patronage::contracts::{ownable, psp22, sale};
use patronage_chain::Receipt;
use patronage_interfaces::{
    ownable::Ownable as _,
    token::{CreatorToken as _, Schedule, TokenError, TokenTerms, Trade, Vesting},
    AccountId,
};

use crate::{token_terms, TestEnv, EXISTENTIAL_DEPOSIT};

/// A token on a chain with funded accounts.
pub struct TokenFixture {
    /// The chain and its accounts.
    pub env: TestEnv,
    /// The token.
    pub token: AccountId,
}

impl TokenFixture {
    /// Deploys a token as the creator on these terms.
    pub fn new(terms: &TokenTerms) -> Self {
        let mut env = TestEnv::default();
        let token = env.token(terms);
        Self { env, token }
    }

    /// `who` buys for itself with `value` planck, which must succeed.
    #[track_caller]
    pub fn buy(&mut self, who: AccountId, value: u128) -> Trade {
        let done = self.try_buy(who, value, who, 0, None);
        done.value.expect("the money is enough")
    }

    /// `who` buys for `recipient` with `value` planck.
    pub fn try_buy(
        &mut self,
        who: AccountId,
        value: u128,
        recipient: AccountId,
        min_tokens: u128,
        referrer: Option<AccountId>,
    ) -> Receipt<Result<Trade, Box<TokenError>>> {
        self.env.call(who, value, sale(self.token).buy(recipient, min_tokens, referrer))
    }

    /// `who` sells.
    pub fn sell(&mut self, who: AccountId, tokens: u128, min_payout: u128) -> Receipt<Result<Trade, Box<TokenError>>> {
        self.env.call(who, 0, sale(self.token).sell(tokens, min_payout))
    }

    /// Token balance of `who`, in smallest units.
    pub fn tokens_of(&mut self, who: AccountId) -> u128 {
        self.env.ask(psp22(self.token).balance_of(who))
    }

    /// Supply in smallest units.
    pub fn supply(&mut self) -> u128 {
        self.env.ask(psp22(self.token).total_supply())
    }

    /// Fees that `who` can claim, in planck.
    pub fn claimable(&mut self, who: AccountId) -> u128 {
        self.env.ask(sale(self.token).claimable(who))
    }

    /// Asserts that the contract's balance is its reserve, the claims of `creditors` and the existential deposit.
    #[track_caller]
    pub fn assert_holds_what_it_owes(&mut self, creditors: &[AccountId]) {
        let unclaimed: u128 = creditors.iter().map(|who| self.claimable(*who)).sum();
        let reserve = self.env.ask(sale(self.token).reserve());
        assert_eq!(self.env.balance(self.token), reserve + unclaimed + EXISTENTIAL_DEPOSIT);
    }

    /// Asserts that the call failed with `error` and emitted no event.
    #[track_caller]
    pub fn assert_refused<T: std::fmt::Debug + PartialEq, E: std::fmt::Debug + PartialEq>(
        receipt: Receipt<Result<T, E>>,
        error: impl Into<E>,
    ) {
        assert_eq!(receipt.value, Err(error.into()));
        assert_eq!(receipt.events, [], "a refused call says nothing");
    }

    /// `from` vests tokens for `to`.
    pub fn vest(
        &mut self,
        from: AccountId,
        to: AccountId,
        tokens: u128,
        schedule: Schedule,
    ) -> Receipt<Result<(), Box<TokenError>>> {
        self.env.call(from, 0, sale(self.token).vest(to, tokens, schedule))
    }

    /// `caller` releases what `from` has vested for `to`.
    pub fn release(
        &mut self,
        caller: AccountId,
        from: AccountId,
        to: AccountId,
    ) -> Receipt<Result<u128, Box<TokenError>>> {
        self.env.call(caller, 0, sale(self.token).release(from, to))
    }

    /// Vesting of `from` for `to`.
    pub fn vesting_of(&mut self, from: AccountId, to: AccountId) -> Option<Vesting> {
        self.env.ask(sale(self.token).vesting_of(from, to))
    }

    /// `from` proposes `to` as the owner, who accepts.
    #[track_caller]
    pub fn hand_over(&mut self, from: AccountId, to: AccountId) {
        self.env.call(from, 0, ownable(self.token).propose_owner(to)).value.unwrap();
        self.env.call(to, 0, ownable(self.token).accept_ownership()).value.unwrap();
    }
}

impl Default for TokenFixture {
    fn default() -> Self {
        Self::new(&token_terms())
    }
}
