//! A creator token on a chain, and what is done with it.

use ::psp22::PSP22 as _;
use patronage::contracts::{ownable, psp22, sale};
use patronage_chain::Receipt;
use patronage_interfaces::{
    ownable::Ownable as _,
    token::{CreatorToken as _, Schedule, TokenError, TokenTerms, Trade, Vesting},
    AccountId,
};

use crate::{token_terms, World, EXISTENTIAL_DEPOSIT};

/// People around one token.
pub struct Market {
    /// The chain with people on it.
    pub world: World,
    /// The token.
    pub token: AccountId,
}

impl Market {
    /// A token of the creator on these terms.
    pub fn new(terms: &TokenTerms) -> Self {
        let mut world = World::default();
        let token = world.token(terms);
        Self { world, token }
    }

    /// `who` buys for itself with `value` planck.
    #[track_caller]
    pub fn buy(&mut self, who: AccountId, value: u128) -> Trade {
        let done = self.try_buy(who, value, who, 0, None);
        done.value.expect("the money is enough")
    }

    /// `who` buys for `recipient` with `value` planck, whatever comes of it.
    pub fn try_buy(
        &mut self,
        who: AccountId,
        value: u128,
        recipient: AccountId,
        min_tokens: u128,
        referrer: Option<AccountId>,
    ) -> Receipt<Result<Trade, Box<TokenError>>> {
        self.world.call(who, value, sale(self.token).buy(recipient, min_tokens, referrer))
    }

    /// `who` sells, whatever comes of it.
    pub fn sell(&mut self, who: AccountId, tokens: u128, min_payout: u128) -> Receipt<Result<Trade, Box<TokenError>>> {
        self.world.call(who, 0, sale(self.token).sell(tokens, min_payout))
    }

    /// What `who` has of the token, in smallest units.
    pub fn tokens_of(&mut self, who: AccountId) -> u128 {
        self.world.ask(psp22(self.token).balance_of(who))
    }

    /// All there is of the token, in smallest units.
    pub fn supply(&mut self) -> u128 {
        self.world.ask(psp22(self.token).total_supply())
    }

    /// Fees that wait for `who`, in planck.
    pub fn claimable(&mut self, who: AccountId) -> u128 {
        self.world.ask(sale(self.token).claimable(who))
    }

    /// Asserts that the contract holds exactly its reserve, what `creditors` can claim, and what keeps its account alive.
    #[track_caller]
    pub fn assert_holds_what_it_owes(&mut self, creditors: &[AccountId]) {
        let unclaimed: u128 = creditors.iter().map(|who| self.claimable(*who)).sum();
        let reserve = self.world.ask(sale(self.token).reserve());
        assert_eq!(self.world.balance(self.token), reserve + unclaimed + EXISTENTIAL_DEPOSIT);
    }

    /// Asserts that a refused `receipt` left no event.
    #[track_caller]
    pub fn assert_refused<T: std::fmt::Debug + PartialEq, E: std::fmt::Debug + PartialEq>(
        receipt: Receipt<Result<T, E>>,
        error: impl Into<E>,
    ) {
        assert_eq!(receipt.value, Err(error.into()));
        assert_eq!(receipt.events, [], "a refused call says nothing");
    }

    /// `from` puts tokens away for `to`.
    pub fn vest(
        &mut self,
        from: AccountId,
        to: AccountId,
        tokens: u128,
        schedule: Schedule,
    ) -> Receipt<Result<(), Box<TokenError>>> {
        self.world.call(from, 0, sale(self.token).vest(to, tokens, schedule))
    }

    /// `caller` releases what `from` has put away for `to`.
    pub fn release(
        &mut self,
        caller: AccountId,
        from: AccountId,
        to: AccountId,
    ) -> Receipt<Result<u128, Box<TokenError>>> {
        self.world.call(caller, 0, sale(self.token).release(from, to))
    }

    /// What `from` has put away for `to`.
    pub fn vesting_of(&mut self, from: AccountId, to: AccountId) -> Option<Vesting> {
        self.world.ask(sale(self.token).vesting_of(from, to))
    }

    /// `from` hands the ownership over to `to`, who accepts it.
    #[track_caller]
    pub fn hand_over(&mut self, from: AccountId, to: AccountId) {
        self.world.call(from, 0, ownable(self.token).propose_owner(to)).value.unwrap();
        self.world.call(to, 0, ownable(self.token).accept_ownership()).value.unwrap();
    }
}

impl Default for Market {
    fn default() -> Self {
        Self::new(&token_terms())
    }
}
