//! Random histories of several people who do everything that can be done, against a plain model.

use std::fmt::Debug;

use ::psp22::{PSP22Burnable as _, PSP22Error, PSP22 as _};
use ink::primitives::AccountId;
use patronage::contracts::{self as suite, psp22, psp22_burnable};
use patronage_chain::Receipt;
use patronage_interfaces::{
    ownable::Ownable as _,
    token::{CreatorToken as _, Sale, Schedule, TokenTerms},
    LIMITS,
};
use proptest::prelude::*;
use test_kit::{histories, market::Market, DAY, EXISTENTIAL_DEPOSIT};

use crate::{
    actions::{step, terms, Action, Order, Part, Person, Step},
    model::Model,
};

/// How many calls one history has. A read of everything follows each.
const CALLS: usize = 100;

struct History {
    market: Market,
    /// Four people, and the token.
    addresses: [AccountId; 5],
    model: Model,
}

/// So many basis points of `amount`, which can be near the largest number there is.
fn part_of(amount: u128, part: Part) -> u128 {
    (amount / 10_000).saturating_mul(part).saturating_add(amount % 10_000 * part / 10_000)
}

/// What moved between the caller and the contract: in, out, and the storage deposit.
type Flow = (u128, u128, i128);

impl History {
    fn new(terms: &TokenTerms) -> Self {
        let market = Market::new(terms);
        let world = &market.world;
        let addresses = [world.creator, world.ana, world.ben, world.cleo, market.token];
        let state = Sale::new(terms, &LIMITS).expect("the terms are possible");
        let model = Model::new(state, addresses[0], market.token);
        Self { market, addresses, model }
    }

    fn part_of(&self, who: AccountId, part: Part) -> u128 {
        part_of(self.model.balance_of(who), part)
    }

    /// Does `action` on the chain and in the model, and compares what they answer and the money that moved.
    fn act(&mut self, who: Person, action: Action) {
        let caller = self.addresses[who];
        let before = self.market.world.balance(caller) as i128;
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
        let after = self.market.world.balance(caller) as i128;
        assert_eq!(after, before - paid_in as i128 + paid_out as i128 - deposit, "the caller's money");
    }

    fn buy(&mut self, caller: AccountId, Order { part, recipient, referrer }: Order, how: &Action) -> Flow {
        let (token, now) = (self.market.token, self.market.world.chain.now());
        let (to, referrer) = (self.addresses[recipient], referrer.map(|who| self.addresses[who]));
        // All that is left, or a quarter of what the caller has, and up to twice that.
        let open = Sale { paused: false, ..self.model.sale };
        let rest = open.quote_buy_exact(open.available()).map_or(0, |rest| rest.amount);
        let budget = rest.min(self.market.world.balance(caller) / 4) * part / 10_000;
        let (quote, value, receipt) = match *how {
            Action::Buy { more, .. } => {
                let quote = self.model.quote_buy(budget, 0);
                let told = self.market.world.ask(suite::sale(token).quote_buy(budget));
                assert_eq!(told, quote.map_err(Box::new));
                let min_tokens = quote.map_or(0, |quote| quote.tokens.saturating_add(more));
                let receipt = self.market.try_buy(caller, budget, to, min_tokens, referrer);
                (self.model.quote_buy(budget, min_tokens), budget, receipt)
            }
            Action::BuyExact { short, over, beyond, .. } => {
                // There is no number beyond the largest cap.
                let too_many = open.available().checked_add(1).filter(|_| beyond);
                let tokens = too_many.unwrap_or_else(|| open.quote_buy(budget, 0).map_or(0, |quote| quote.tokens));
                let quote = self.model.quote_buy_exact(tokens);
                let told = self.market.world.ask(suite::sale(token).quote_buy_exact(tokens));
                assert_eq!(told, quote.map_err(Box::new));
                let value = quote.map_or(budget, |quote| (quote.amount + over).saturating_sub(short));
                let message = suite::sale(token).buy_exact(to, tokens, referrer);
                (quote, value, self.market.world.call(caller, value, message))
            }
            _ => unreachable!("it is one of the two"),
        };
        let expected = self.model.buy(quote, value, now, [caller, to], referrer);
        (expected.map_or(0, |trade| trade.amount), 0, agreed(receipt, expected))
    }

    fn leave(&mut self, caller: AccountId, action: Action) -> Flow {
        let token = self.market.token;
        match action {
            Action::Sell { part, more } => {
                let tokens = self.part_of(caller, part);
                let quote = self.market.world.ask(suite::sale(token).quote_sell(tokens));
                let min_payout = quote.as_ref().map_or(0, |quote| quote.amount.saturating_add(more));
                let expected = self.model.sell(caller, tokens, min_payout);
                if let Ok(trade) = expected {
                    assert_eq!(quote, Ok(trade));
                }
                let receipt = self.market.sell(caller, tokens, min_payout);
                (0, expected.map_or(0, |trade| trade.amount), agreed(receipt, expected))
            }
            Action::Burn { part } => {
                let tokens = self.part_of(caller, part);
                let receipt = self.market.world.call(caller, 0, psp22_burnable(token).burn(tokens));
                (0, 0, agreed(receipt, self.model.burn(caller, tokens)))
            }
            _ => {
                let expected = self.model.claim(caller);
                let receipt = self.market.world.call(caller, 0, suite::sale(token).claim());
                (0, expected.unwrap_or(0), agreed(receipt, expected))
            }
        }
    }

    fn move_tokens(&mut self, caller: AccountId, action: Action) -> Flow {
        let (world, token, addresses) = (&mut self.market.world, self.market.token, self.addresses);
        let of = |who: AccountId, part: Part, model: &Model| part_of(model.balance_of(who), part);
        let deposit = match action {
            Action::Transfer { to, part } => {
                let (to, value) = (addresses[to], of(caller, part, &self.model));
                let receipt = world.call(caller, 0, psp22(token).transfer(to, value, vec![]));
                agreed(receipt, self.model.transfer(caller, caller, to, value))
            }
            Action::TransferMany { to } => {
                let list = to.into_iter().map(|(to, part)| (addresses[to], of(caller, part, &self.model)));
                let list: Vec<_> = list.collect();
                let receipt = world.call(caller, 0, suite::sale(token).transfer_many(list.clone()));
                agreed(receipt, self.model.transfer_many(caller, &list))
            }
            Action::TransferFrom { from, to, part } => {
                let (from, to) = (addresses[from], addresses[to]);
                let value = match self.model.allowance(from, caller) {
                    0 => of(from, part, &self.model),
                    allowance => part_of(allowance, part),
                };
                let receipt = world.call(caller, 0, psp22(token).transfer_from(from, to, value, vec![]));
                agreed(receipt, self.model.transfer(caller, from, to, value))
            }
            Action::Approve { spender, part } => {
                let (spender, value) = (addresses[spender], of(caller, part, &self.model));
                self.model.set_allowance(caller, spender, value);
                agreed(world.call(caller, 0, psp22(token).approve(spender, value)), NEVER_REFUSED)
            }
            Action::IncreaseAllowance { spender, part } => {
                let (spender, delta) = (addresses[spender], of(caller, part, &self.model));
                let value = self.model.allowance(caller, spender).saturating_add(delta);
                self.model.set_allowance(caller, spender, value);
                agreed(world.call(caller, 0, psp22(token).increase_allowance(spender, delta)), NEVER_REFUSED)
            }
            Action::DecreaseAllowance { spender, part } => {
                let spender = addresses[spender];
                let delta = part_of(self.model.allowance(caller, spender), part);
                let receipt = world.call(caller, 0, psp22(token).decrease_allowance(spender, delta));
                agreed(receipt, self.model.decrease_allowance(caller, spender, delta))
            }
            _ => unreachable!("it is one of these"),
        };
        (0, 0, deposit)
    }

    fn vest(&mut self, caller: AccountId, action: Action) -> Flow {
        let (token, now) = (self.market.token, self.market.world.chain.now());
        let (key, deposit) = match action {
            Action::Vest { to, part, days: [start, cliff, end] } => {
                let (to, tokens) = (self.addresses[to], self.part_of(caller, part));
                let at = |days: u64| now - 10 * DAY + days * DAY;
                let schedule = Schedule { start: at(start), cliff: at(cliff), end: at(end) + 1 };
                let receipt = self.market.world.call(caller, 0, suite::sale(token).vest(to, tokens, schedule));
                ((caller, to), agreed(receipt, self.model.vest(caller, to, tokens, schedule)))
            }
            Action::Release { from, to } => {
                let (from, to) = (self.addresses[from], self.addresses[to]);
                let receipt = self.market.world.call(caller, 0, suite::sale(token).release(from, to));
                ((from, to), agreed(receipt, self.model.release(from, to, now)))
            }
            _ => unreachable!("it is one of these"),
        };
        let vesting = self.market.world.ask(suite::sale(token).vesting_of(key.0, key.1));
        assert_eq!(vesting, self.model.vestings.get(&key).copied());
        (0, 0, deposit)
    }

    fn own(&mut self, caller: AccountId, action: Action) -> Flow {
        let (world, model, token) = (&mut self.market.world, &mut self.model, self.market.token);
        let deposit = match action {
            Action::LowerFees { buy_fee_bp, sell_fee_bp } => agreed(
                world.call(caller, 0, suite::sale(token).lower_fees(buy_fee_bp, sell_fee_bp)),
                model.lower_fees(caller, buy_fee_bp, sell_fee_bp),
            ),
            Action::SetPaused { paused } => {
                agreed(world.call(caller, 0, suite::sale(token).set_paused(paused)), model.set_paused(caller, paused))
            }
            Action::SetFeeRecipient { recipient } => {
                let recipient = self.addresses[recipient];
                let receipt = world.call(caller, 0, suite::sale(token).set_fee_recipient(recipient));
                agreed(receipt, model.set_fee_recipient(caller, recipient))
            }
            Action::ProposeOwner { candidate } => {
                let candidate = self.addresses[candidate];
                let receipt = world.call(caller, 0, suite::ownable(token).propose_owner(candidate));
                agreed(receipt, model.propose_owner(caller, candidate))
            }
            Action::AcceptOwnership => {
                agreed(world.call(caller, 0, suite::ownable(token).accept_ownership()), model.accept_ownership(caller))
            }
            _ => unreachable!("it is one of these"),
        };
        assert_eq!(world.ask(suite::ownable(token).owner()), model.owner);
        assert_eq!(world.ask(suite::ownable(token).pending_owner()), model.pending_owner);
        assert_eq!(world.ask(suite::sale(token).fee_recipient()), model.fee_recipient);
        (0, 0, deposit)
    }

    /// What must hold after every call, and what `creditors` can claim.
    fn check(&mut self, creditors: &[AccountId]) {
        let (world, token) = (&mut self.market.world, self.market.token);
        assert_eq!(world.ask(suite::sale(token).curve()), self.model.sale);
        let mut sum = 0;
        for who in self.addresses {
            let balance = world.ask(psp22(token).balance_of(who));
            assert_eq!(balance, self.model.balance_of(who));
            sum += balance;
        }
        assert_eq!(sum, world.ask(psp22(token).total_supply()), "the balances are the supply");
        for who in creditors {
            assert_eq!(world.ask(suite::sale(token).claimable(*who)), self.model.claimable(*who));
        }
        assert_eq!(world.balance(token), self.model.owed() + EXISTENTIAL_DEPOSIT, "what it holds is what it owes");
    }

    /// Everything becomes free, is released and sold, and everyone claims.
    fn everyone_leaves(&mut self) {
        self.market.world.chain.advance(100 * DAY);
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
        // What brings less than a planck can't be sold, and what the token itself was given is out of reach.
        let held: u128 = self.addresses[..4].iter().map(|who| self.model.balance_of(*who)).sum();
        let left = held + self.model.balance_of(self.market.token);
        assert_eq!(self.model.sale.supply(), left);
        // The last sales may have earned a fee for who claimed before.
        for who in 0..4 {
            self.act(who, Action::Claim);
        }
        assert_eq!(self.model.owed(), self.model.sale.reserve);
    }
}

const NEVER_REFUSED: Result<(), PSP22Error> = Ok(());

/// Asserts that the chain answered as the model did, and gives the storage deposit that was charged.
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
    fn the_token_does_what_the_model_does_whatever_happens(
        terms in terms(),
        steps in proptest::collection::vec(step(), CALLS),
    ) {
        let mut history = History::new(&terms);
        for Step { wait, who, action } in steps {
            if wait > 0 {
                history.market.world.chain.advance(wait);
            }
            history.act(who, action);
            let caller = history.addresses[who];
            history.check(&[caller]);
        }
        history.everyone_leaves();
    }
}
