//! Random histories of several people who use every message, compared with a simple model.

use std::fmt::Debug;

use ::psp22::{PSP22Burnable as _, PSP22Error, PSP22 as _};
use ink::primitives::AccountId;
use patronage::contracts::{self, psp22, psp22_burnable};
use patronage_chain::Receipt;
use patronage_interfaces::{
    ownable::Ownable as _,
    token::{CreatorToken as _, Sale, Schedule, TokenTerms},
    LIMITS,
};
use proptest::prelude::*;
use test_kit::{histories, token_fixture::TokenFixture, DAY, EXISTENTIAL_DEPOSIT};

use crate::{
    actions::{step, terms, Action, Order, Part, Person, Step},
    model::Model,
};

/// Number of calls in one history. All state is read after each.
const CALLS: usize = 100;

struct History {
    fixture: TokenFixture,
    /// Four people, and the token.
    addresses: [AccountId; 5],
    model: Model,
}

/// A part of `amount` in basis points, without an overflow.
fn part_of(amount: u128, part: Part) -> u128 {
    (amount / 10_000).saturating_mul(part).saturating_add(amount % 10_000 * part / 10_000)
}

/// Payments between the caller and the contract: in, out, and the storage deposit.
type Flow = (u128, u128, i128);

impl History {
    fn new(terms: &TokenTerms) -> Self {
        let fixture = TokenFixture::new(terms);
        let env = &fixture.env;
        let addresses = [env.creator, env.ana, env.ben, env.cleo, fixture.token];
        let state = Sale::new(terms, &LIMITS).expect("the terms are possible");
        let model = Model::new(state, addresses[0], fixture.token);
        Self { fixture, addresses, model }
    }

    fn part_of(&self, who: AccountId, part: Part) -> u128 {
        part_of(self.model.balance_of(who), part)
    }

    /// Executes `action` on the chain and in the model. Compares the answers and the payments.
    fn act(&mut self, who: Person, action: Action) {
        let caller = self.addresses[who];
        let before = self.fixture.env.balance(caller) as i128;
        let (paid_in, paid_out, deposit) = match action {
            Action::Buy { ref order, .. } | Action::BuyExact { ref order, .. } => {
                self.buy(caller, order.clone(), &action)
            }
            Action::Sell { .. } | Action::Burn { .. } | Action::Claim => self.leave(caller, action),
            Action::Vest { .. } | Action::Release { .. } => self.vest(caller, action),
            Action::LowerFees { .. }
            | Action::SetPaused { .. }
            | Action::SetFeeRecipient { .. }
            | Action::ProposeOwner { .. }
            | Action::AcceptOwnership => self.own(caller, action),
            _ => self.move_tokens(caller, action),
        };
        let after = self.fixture.env.balance(caller) as i128;
        assert_eq!(after, before - paid_in as i128 + paid_out as i128 - deposit, "the caller's money");
    }

    fn buy(&mut self, caller: AccountId, Order { part, recipient, referrer }: Order, how: &Action) -> Flow {
        let (token, now) = (self.fixture.token, self.fixture.env.chain.now());
        let (to, referrer) = (self.addresses[recipient], referrer.map(|who| self.addresses[who]));
        // The part is of the price of all remaining tokens, or of a quarter of the caller's balance, up to twice that.
        let open = Sale { paused: false, ..self.model.sale };
        let rest = open.quote_buy_exact(open.available()).map_or(0, |rest| rest.amount);
        let budget = rest.min(self.fixture.env.balance(caller) / 4) * part / 10_000;
        let (quote, value, receipt) = match *how {
            Action::Buy { more, .. } => {
                let quote = self.model.quote_buy(budget, 0);
                let result = self.fixture.env.ask(contracts::sale(token).quote_buy(budget));
                assert_eq!(result, quote.map_err(Box::new));
                let min_tokens = quote.map_or(0, |quote| quote.tokens.saturating_add(more));
                let receipt = self.fixture.try_buy(caller, budget, to, min_tokens, referrer);
                (self.model.quote_buy(budget, min_tokens), budget, receipt)
            }
            Action::BuyExact { short, over, beyond, .. } => {
                // One more than the largest cap overflows.
                let too_many = open.available().checked_add(1).filter(|_| beyond);
                let tokens = too_many.unwrap_or_else(|| open.quote_buy(budget, 0).map_or(0, |quote| quote.tokens));
                let quote = self.model.quote_buy_exact(tokens);
                let result = self.fixture.env.ask(contracts::sale(token).quote_buy_exact(tokens));
                assert_eq!(result, quote.map_err(Box::new));
                let value = quote.map_or(budget, |quote| (quote.amount + over).saturating_sub(short));
                let message = contracts::sale(token).buy_exact(to, tokens, referrer);
                (quote, value, self.fixture.env.call(caller, value, message))
            }
            _ => unreachable!("it is one of the two"),
        };
        let expected = self.model.buy(quote, value, now, [caller, to], referrer);
        (expected.map_or(0, |trade| trade.amount), 0, agreed(receipt, expected))
    }

    fn leave(&mut self, caller: AccountId, action: Action) -> Flow {
        let token = self.fixture.token;
        match action {
            Action::Sell { part, more } => {
                let tokens = self.part_of(caller, part);
                let quote = self.fixture.env.ask(contracts::sale(token).quote_sell(tokens));
                let min_payout = quote.as_ref().map_or(0, |quote| quote.amount.saturating_add(more));
                let expected = self.model.sell(caller, tokens, min_payout);
                if let Ok(trade) = expected {
                    assert_eq!(quote, Ok(trade));
                }
                let receipt = self.fixture.sell(caller, tokens, min_payout);
                (0, expected.map_or(0, |trade| trade.amount), agreed(receipt, expected))
            }
            Action::Burn { part } => {
                let tokens = self.part_of(caller, part);
                let receipt = self.fixture.env.call(caller, 0, psp22_burnable(token).burn(tokens));
                (0, 0, agreed(receipt, self.model.burn(caller, tokens)))
            }
            _ => {
                let expected = self.model.claim(caller);
                let receipt = self.fixture.env.call(caller, 0, contracts::sale(token).claim());
                (0, expected.unwrap_or(0), agreed(receipt, expected))
            }
        }
    }

    fn move_tokens(&mut self, caller: AccountId, action: Action) -> Flow {
        let (env, token, addresses) = (&mut self.fixture.env, self.fixture.token, self.addresses);
        let of = |who: AccountId, part: Part, model: &Model| part_of(model.balance_of(who), part);
        let deposit = match action {
            Action::Transfer { to, part } => {
                let (to, value) = (addresses[to], of(caller, part, &self.model));
                let receipt = env.call(caller, 0, psp22(token).transfer(to, value, vec![]));
                agreed(receipt, self.model.transfer(caller, caller, to, value))
            }
            Action::TransferMany { to } => {
                let list = to.into_iter().map(|(to, part)| (addresses[to], of(caller, part, &self.model)));
                let list: Vec<_> = list.collect();
                let receipt = env.call(caller, 0, contracts::sale(token).transfer_many(list.clone()));
                agreed(receipt, self.model.transfer_many(caller, &list))
            }
            Action::TransferFrom { from, to, part } => {
                let (from, to) = (addresses[from], addresses[to]);
                let value = match self.model.allowance(from, caller) {
                    0 => of(from, part, &self.model),
                    allowance => part_of(allowance, part),
                };
                let receipt = env.call(caller, 0, psp22(token).transfer_from(from, to, value, vec![]));
                agreed(receipt, self.model.transfer(caller, from, to, value))
            }
            Action::Approve { spender, part } => {
                let (spender, value) = (addresses[spender], of(caller, part, &self.model));
                self.model.set_allowance(caller, spender, value);
                agreed(env.call(caller, 0, psp22(token).approve(spender, value)), NEVER_REFUSED)
            }
            Action::IncreaseAllowance { spender, part } => {
                let (spender, delta) = (addresses[spender], of(caller, part, &self.model));
                let value = self.model.allowance(caller, spender).saturating_add(delta);
                self.model.set_allowance(caller, spender, value);
                agreed(env.call(caller, 0, psp22(token).increase_allowance(spender, delta)), NEVER_REFUSED)
            }
            Action::DecreaseAllowance { spender, part } => {
                let spender = addresses[spender];
                let delta = part_of(self.model.allowance(caller, spender), part);
                let receipt = env.call(caller, 0, psp22(token).decrease_allowance(spender, delta));
                agreed(receipt, self.model.decrease_allowance(caller, spender, delta))
            }
            _ => unreachable!("it is one of these"),
        };
        (0, 0, deposit)
    }

    fn vest(&mut self, caller: AccountId, action: Action) -> Flow {
        let (token, now) = (self.fixture.token, self.fixture.env.chain.now());
        let (key, deposit) = match action {
            Action::Vest { to, part, days: [start, cliff, end] } => {
                let (to, tokens) = (self.addresses[to], self.part_of(caller, part));
                let at = |days: u64| now - 10 * DAY + days * DAY;
                let schedule = Schedule { start: at(start), cliff: at(cliff), end: at(end) + 1 };
                let receipt = self.fixture.env.call(caller, 0, contracts::sale(token).vest(to, tokens, schedule));
                ((caller, to), agreed(receipt, self.model.vest(caller, to, tokens, schedule)))
            }
            Action::Release { from, to } => {
                let (from, to) = (self.addresses[from], self.addresses[to]);
                let receipt = self.fixture.env.call(caller, 0, contracts::sale(token).release(from, to));
                ((from, to), agreed(receipt, self.model.release(from, to, now)))
            }
            _ => unreachable!("it is one of these"),
        };
        let vesting = self.fixture.env.ask(contracts::sale(token).vesting_of(key.0, key.1));
        assert_eq!(vesting, self.model.vestings.get(&key).copied());
        (0, 0, deposit)
    }

    fn own(&mut self, caller: AccountId, action: Action) -> Flow {
        let (env, model, token) = (&mut self.fixture.env, &mut self.model, self.fixture.token);
        let deposit = match action {
            Action::LowerFees { buy_fee_bp, sell_fee_bp } => agreed(
                env.call(caller, 0, contracts::sale(token).lower_fees(buy_fee_bp, sell_fee_bp)),
                model.lower_fees(caller, buy_fee_bp, sell_fee_bp),
            ),
            Action::SetPaused { paused } => {
                agreed(env.call(caller, 0, contracts::sale(token).set_paused(paused)), model.set_paused(caller, paused))
            }
            Action::SetFeeRecipient { recipient } => {
                let recipient = self.addresses[recipient];
                let receipt = env.call(caller, 0, contracts::sale(token).set_fee_recipient(recipient));
                agreed(receipt, model.set_fee_recipient(caller, recipient))
            }
            Action::ProposeOwner { candidate } => {
                let candidate = self.addresses[candidate];
                let receipt = env.call(caller, 0, contracts::ownable(token).propose_owner(candidate));
                agreed(receipt, model.propose_owner(caller, candidate))
            }
            Action::AcceptOwnership => agreed(
                env.call(caller, 0, contracts::ownable(token).accept_ownership()),
                model.accept_ownership(caller),
            ),
            _ => unreachable!("it is one of these"),
        };
        assert_eq!(env.ask(contracts::ownable(token).owner()), model.owner);
        assert_eq!(env.ask(contracts::ownable(token).pending_owner()), model.pending_owner);
        assert_eq!(env.ask(contracts::sale(token).fee_recipient()), model.fee_recipient);
        (0, 0, deposit)
    }

    /// Asserts the invariants after every call, and the claims of `creditors`.
    fn check(&mut self, creditors: &[AccountId]) {
        let (env, token) = (&mut self.fixture.env, self.fixture.token);
        assert_eq!(env.ask(contracts::sale(token).curve()), self.model.sale);
        let mut sum = 0;
        for who in self.addresses {
            let balance = env.ask(psp22(token).balance_of(who));
            assert_eq!(balance, self.model.balance_of(who));
            sum += balance;
        }
        assert_eq!(sum, env.ask(psp22(token).total_supply()), "the balances are the supply");
        for who in creditors {
            assert_eq!(env.ask(contracts::sale(token).claimable(*who)), self.model.claimable(*who));
        }
        assert_eq!(env.balance(token), self.model.owed() + EXISTENTIAL_DEPOSIT, "what it holds is what it owes");
    }

    /// All vestings end, are released and sold, and everyone claims.
    fn everyone_leaves(&mut self) {
        self.fixture.env.chain.advance(100 * DAY);
        let vestings: Vec<_> = self.model.vestings.keys().copied().collect();
        for (from, to) in vestings {
            let at = |who| self.addresses.iter().position(|address| *address == who).expect("only these take part");
            self.act(0, Action::Release { from: at(from), to: at(to) });
        }
        for who in 0..4 {
            self.act(who, Action::Sell { part: 10_000, more: 0 });
            self.act(who, Action::Claim);
        }
        let everyone = self.addresses;
        self.check(&everyone);
        assert!(self.model.vestings.is_empty());
        // Tokens worth less than a planck cannot be sold. Tokens of the token's own account are lost.
        let held: u128 = self.addresses[..4].iter().map(|who| self.model.balance_of(*who)).sum();
        let left = held + self.model.balance_of(self.fixture.token);
        assert_eq!(self.model.sale.supply(), left);
        // The last sales can have earned a fee after its recipient has claimed.
        for who in 0..4 {
            self.act(who, Action::Claim);
        }
        assert_eq!(self.model.owed(), self.model.sale.reserve);
    }
}

const NEVER_REFUSED: Result<(), PSP22Error> = Ok(());

/// Asserts that the chain answered as the model. Returns the charged storage deposit.
fn agreed<T, E>(receipt: Receipt<Result<T, E>>, expected: Result<T, impl Into<E>>) -> i128
where
    T: Debug + PartialEq,
    E: Debug + PartialEq,
{
    assert_eq!(receipt.value, expected.map_err(Into::into));
    if receipt.value.is_err() {
        assert_eq!(receipt.events, []);
        return 0;
    }
    receipt.deposit
}

proptest! {
    // 20 histories are 2,000 calls.
    #![proptest_config(histories(20))]

    #[test]
    fn the_token_behaves_as_the_model(
        terms in terms(),
        steps in proptest::collection::vec(step(), CALLS),
    ) {
        let mut history = History::new(&terms);
        for Step { wait, who, action } in steps {
            if wait > 0 {
                history.fixture.env.chain.advance(wait);
            }
            history.act(who, action);
            let caller = history.addresses[who];
            history.check(&[caller]);
        }
        history.everyone_leaves();
    }
}
