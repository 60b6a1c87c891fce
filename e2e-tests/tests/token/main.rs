//! Tests of the token on a chain: each message, each error, each event with its topics.

mod actions;
mod claims;
mod figures;
mod histories;
mod model;
mod owner;
mod psp22;
mod sale;
mod terms;
mod vesting;

use ::psp22::PSP22 as _;
use e2e_tests::{token_terms, World};
use ink::primitives::AccountId;
use patronage_client::{
    embedded::Receipt,
    suite::{psp22, sale},
};
use patronage_interfaces::token::{CreatorToken as _, TokenError, TokenTerms, Trade};

/// What an account of the chain must hold, in planck, and a contract never pays out.
const EXISTENTIAL_DEPOSIT: u128 = 1;

/// Asserts that `receipt` returns a storage deposit of `charged` planck.
#[track_caller]
fn assert_gives_back<R>(receipt: &Receipt<R>, charged: i128) {
    // The chain counts what it refunds as a fraction of all deposits: bytes and items may each lose a planck.
    let short = charged + receipt.deposit;
    assert!((0..=2).contains(&short), "{} of {charged} planck came back", -receipt.deposit);
}

/// People around one token.
struct Market {
    world: World,
    token: AccountId,
}

impl Market {
    fn new(terms: &TokenTerms) -> Self {
        let mut world = World::default();
        let token = world.token(terms);
        Self { world, token }
    }

    /// `who` buys for itself with `value` planck.
    #[track_caller]
    fn buy(&mut self, who: AccountId, value: u128) -> Trade {
        let done = self.try_buy(who, value, who, 0, None);
        done.value.expect("the money is enough")
    }

    fn try_buy(
        &mut self,
        who: AccountId,
        value: u128,
        recipient: AccountId,
        min_tokens: u128,
        referrer: Option<AccountId>,
    ) -> Receipt<Result<Trade, Box<TokenError>>> {
        self.world.call(who, value, sale(self.token).buy(recipient, min_tokens, referrer))
    }

    fn sell(&mut self, who: AccountId, tokens: u128, min_payout: u128) -> Receipt<Result<Trade, Box<TokenError>>> {
        self.world.call(who, 0, sale(self.token).sell(tokens, min_payout))
    }

    fn tokens_of(&mut self, who: AccountId) -> u128 {
        self.world.ask(psp22(self.token).balance_of(who))
    }

    fn supply(&mut self) -> u128 {
        self.world.ask(psp22(self.token).total_supply())
    }

    fn claimable(&mut self, who: AccountId) -> u128 {
        self.world.ask(sale(self.token).claimable(who))
    }

    /// Asserts that the contract holds exactly its reserve, what `creditors` can claim, and what keeps its account alive.
    #[track_caller]
    fn assert_holds_what_it_owes(&mut self, creditors: &[AccountId]) {
        let unclaimed: u128 = creditors.iter().map(|who| self.claimable(*who)).sum();
        let reserve = self.world.ask(sale(self.token).reserve());
        assert_eq!(self.world.balance(self.token), reserve + unclaimed + EXISTENTIAL_DEPOSIT);
    }

    /// Asserts that a refused `receipt` left no event.
    #[track_caller]
    fn assert_refused<T: std::fmt::Debug + PartialEq, E: std::fmt::Debug + PartialEq>(
        receipt: Receipt<Result<T, E>>,
        error: impl Into<E>,
    ) {
        assert_eq!(receipt.value, Err(error.into()));
        assert_eq!(receipt.events, [], "a refused call says nothing");
    }
}

impl Default for Market {
    fn default() -> Self {
        Self::new(&token_terms())
    }
}
