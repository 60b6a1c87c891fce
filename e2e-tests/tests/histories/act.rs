//! Executes a step, compares its result with the quote before, and checks what must hold.

use ::psp22::{PSP22Burnable as _, PSP22 as _};
use patronage::contracts;
use patronage_interfaces::{
    patronage::Patronage,
    token::{CreatorToken, Schedule},
    vault::PatronageVault,
    AccountId,
};
use test_kit::DAY;

use super::{
    books::FanBook,
    steps::{
        Action::{self, *},
        Step, Trick,
    },
    world::{World, CROOKED_TIER},
};

/// A year in ms.
const YEAR: u64 = 365 * DAY;

impl World {
    /// Executes `step`.
    pub fn act(&mut self, step: &Step) {
        // Who has nothing to switch or withdraw would only be refused.
        let number = match step.action {
            Switch { .. } => self.someone(step.who, |fan| fan.held.is_some_and(|held| held.price > 0)),
            Withdraw { asset, .. } => self.someone(step.who, |fan| fan.credits[asset] > 0),
            Unstake { .. } => self.someone(step.who, |fan| fan.staked > 0),
            WithdrawStake => self.someone(step.who, |fan| fan.unstaking > 0),
            _ => step.who,
        };
        let who = self.people[number];
        if let Wait { ms } = step.action {
            self.wait(ms);
            return self.check(who);
        }
        let before = self.dues();
        match &step.action {
            Buy { .. } | BuyExact { .. } | Sell { .. } | Burn { .. } | ClaimFees => self.trade(who, &step.action),
            Transfer { .. } | TransferMany { .. } | TransferFrom { .. } | Approve { .. } | Allow { .. } => {
                self.move_tokens(who, &step.action);
            }
            Vest { .. } | Release { .. } | PruneBought { .. } => self.vest(who, &step.action),
            LowerFees { .. } | PauseSale { .. } | FeesTo { .. } | Propose { .. } | Accept { .. } => {
                self.govern(step.who, &step.action);
            }
            Tip { .. } | Pay { .. } | TipTokens { .. } | TipCrooked { .. } | Stake { .. } | Unstake { .. } => {
                self.give(who, &step.action);
            }
            Subscribe { .. } | SubscribeCrooked { .. } | TopUp { .. } | Switch { .. } => self.join(who, &step.action),
            Publish { .. } | ChangeTerms { .. } | Replace { .. } | Purchase { .. } | CheckMany { .. } | List { .. } => {
                self.open(step.who, &step.action);
            }
            Manager { .. } | PaidTo { .. } | Limits { .. } => self.open(step.who, &step.action),
            Gift { contract, amount } => self.gift(*contract, *amount),
            EndSubscription { .. } | Grant { .. } | Revoke { .. } | OfferTier { .. } | AddTier { .. } => {
                self.offer(step.who, &step.action);
            }
            Split { .. } | LockSplits { .. } | PauseVault { .. } => self.rule(step.who, &step.action),
            _ => self.take(who, &step.action),
        }
        // Who leaves or switches decides about the own money. Nobody else's falls.
        let own = matches!(step.action, Cancel | CancelCrooked { .. } | Withdraw { .. } | Switch { .. });
        self.check_dues(&before, own.then_some(number));
        self.check(who);
    }

    /// Time takes from a refund what it earns, and nothing else.
    fn wait(&mut self, ms: u64) {
        let before = self.dues();
        self.env.chain.advance(ms);
        let after = self.dues();
        for (number, who) in self.people.into_iter().enumerate() {
            for asset in 0..3 {
                let fell = before[number][asset] - after[number][asset];
                let held = self.books.fan(who).held;
                // The end rounds down to whole ms, so the last one takes up to one more.
                let most = held.map_or(0, |held| held.price * u128::from(ms + 1) / u128::from(held.period) + 1);
                assert!(fell <= most, "a refund fell by {fell} in {ms} ms");
            }
        }
    }

    /// One of the people for whom that holds, or else the person with this number.
    fn someone(&self, number: usize, is: impl Fn(&FanBook) -> bool) -> usize {
        let found: Vec<_> = (0..8).filter(|who| is(&self.books.fan(self.people[*who]))).collect();
        number.checked_rem(found.len()).map_or(number, |index| found[index])
    }

    /// Native money that arrives without a message belongs to nobody, and changes nothing else.
    fn gift(&mut self, number: usize, amount: u128) {
        let contract = self.contract(number);
        self.env.chain.fund(&contract, amount).expect("the chain can count it");
        *self.gifts.entry(contract).or_default() += amount;
    }

    fn part(&self, all: u128, part: u128) -> u128 {
        all * part / 1_000
    }

    /// The owner of a contract, or now and then someone else.
    pub(super) fn owner(&self, contract: AccountId, who: usize) -> AccountId {
        if who < 6 {
            self.books.owners[&contract]
        } else {
            self.people[who]
        }
    }

    fn trade(&mut self, who: AccountId, action: &Action) {
        let token = self.suite.token;
        let sale = || contracts::sale(token);
        match *action {
            Buy { value, to, referrer, more } => {
                let quote = self.env.ask(sale().quote_buy(value)).ok();
                let least = quote.map_or(0, |quote| quote.tokens) + more;
                let buy = sale().buy(self.people[to], least, referrer.map(|who| self.people[who]));
                let bought = self.send("buy", who, value, buy);
                assert!(bought.is_none() || bought == quote, "{bought:?} instead of {quote:?}");
                assert!(more == 0 || bought.is_none(), "it bought fewer than demanded");
            }
            BuyExact { tokens, to, short } => {
                let quote = self.env.ask(sale().quote_buy_exact(tokens)).ok();
                let value = quote.map_or(0, |quote| quote.amount) - u128::from(short && quote.is_some());
                let bought = self.send("buy_exact", who, value, sale().buy_exact(self.people[to], tokens, None));
                assert!(bought.is_none() || bought == quote, "{bought:?} instead of {quote:?}");
                assert!(!short || bought.is_none(), "it cost less than quoted");
            }
            Sell { part } => {
                let tokens = self.part(self.books.tokens(who), part);
                let quote = self.env.ask(sale().quote_sell(tokens)).ok();
                // Now and then for more than it brings.
                let more = u128::from(part % 8 == 1);
                let least = quote.map_or(0, |quote| quote.amount + more);
                let sold = self.send("sell", who, 0, sale().sell(tokens, least));
                let quote = quote.filter(|_| more == 0);
                let possible = quote.filter(|_| tokens <= self.books.tokens(who) + sold.map_or(0, |sold| sold.tokens));
                assert_eq!(sold, possible);
            }
            Burn { part } => {
                let tokens = self.part(self.books.tokens(who), part);
                self.send("burn", who, 0, contracts::psp22_burnable(token).burn(tokens));
            }
            _ => {
                let due = self.env.ask(sale().claimable(who));
                let claimed = self.send("claim_fees", who, 0, sale().claim());
                assert_eq!(claimed.unwrap_or(0), due);
            }
        }
    }

    fn move_tokens(&mut self, who: AccountId, action: &Action) {
        let token = self.suite.token;
        let psp22 = || contracts::psp22(token);
        match *action {
            Transfer { to, part } => {
                let value = self.part(self.books.tokens(who), part);
                self.send("transfer", who, 0, psp22().transfer(self.receiver(to), value, vec![]));
            }
            TransferMany { ref to, part } => {
                let value = self.part(self.books.tokens(who), part);
                let list = to.iter().map(|to| (self.receiver(*to), value)).collect();
                self.send("transfer_many", who, 0, contracts::sale(token).transfer_many(list));
            }
            TransferFrom { from, to, part } => {
                let to = self.receiver(to);
                // Every other time where there is an allowance, or was one.
                let known = self.books.allowances.keys().nth(from % self.books.allowances.len().max(1));
                let (from, who) = match known {
                    Some((owner, spender)) if part % 2 == 1 && self.people.contains(spender) => (*owner, *spender),
                    _ => (self.people[from], who),
                };
                let value = self.part(self.books.tokens(from), part);
                // To the same account nothing moves.
                let allowed = who == from || to == from || value <= self.books.allowance(from, who);
                let done = self.send("transfer_from", who, 0, psp22().transfer_from(from, to, value, vec![]));
                assert!(done.is_none() || allowed, "it took more than was allowed");
            }
            Approve { spender, amount } => {
                let spender = self.spender(spender);
                self.send("approve", who, 0, psp22().approve(spender, amount));
            }
            Allow { spender, more: true, amount } => {
                let spender = self.spender(spender);
                self.send("increase_allowance", who, 0, psp22().increase_allowance(spender, amount));
            }
            Allow { spender, more: false, amount } => {
                let spender = self.spender(spender);
                self.send("decrease_allowance", who, 0, psp22().decrease_allowance(spender, amount));
            }
            _ => unreachable!("it moves no tokens"),
        }
    }

    fn vest(&mut self, who: AccountId, action: &Action) {
        let (token, now) = (self.suite.token, self.now());
        match *action {
            Vest { to, part, days } => {
                let tokens = self.part(self.books.tokens(who), part);
                let schedule = Schedule { start: now - DAY, cliff: now + days * DAY / 4, end: now + days * DAY };
                self.send("vest", who, 0, contracts::sale(token).vest(self.people[to], tokens, schedule));
            }
            Release { from, to } => {
                let chosen = (self.people[from], self.people[to]);
                let count = self.books.vested.len().max(1);
                let (from, to) = self.books.vested.keys().nth(from % count).copied().unwrap_or(chosen);
                self.send("release", who, 0, contracts::sale(token).release(from, to));
            }
            PruneBought { account } => {
                self.send("prune_bought", who, 0, contracts::sale(token).prune_bought(self.people[account]));
            }
            _ => unreachable!("it is none of these"),
        }
    }

    fn give(&mut self, who: AccountId, action: &Action) {
        let vault = || contracts::vault(self.suite.vault);
        let (token, crooked) = (self.suite.token, self.suite.crooked);
        match *action {
            Tip { amount, memo } => {
                let tip = vault().tip(vec![7; memo]);
                let done = self.send("tip", who, amount, tip);
                assert!(done.is_none() || (memo <= 256 && amount > 0));
            }
            Pay { purpose, amount } => {
                let pay = contracts::patronage(self.suite.vault).pay(purpose);
                let done = self.send("pay", who, amount, pay);
                assert!(done.is_none() || amount > 0);
            }
            TipTokens { part } => {
                let amount = self.part(self.books.tokens(who), part);
                let tip = vault().tip_token(token, amount, vec![]);
                let arrived = self.send("tip_token", who, 0, tip);
                assert!(arrived.is_none_or(|arrived| arrived == amount && amount > 0));
            }
            TipCrooked { amount, trick } => {
                let tip = vault().tip_token(crooked, amount, vec![]);
                let held = self.env.tokens(crooked, self.suite.vault);
                let arrived = self.during(trick, |world| world.send("tip_token", who, 0, tip)).unwrap_or(0);
                assert_eq!(self.env.tokens(crooked, self.suite.vault), held + arrived, "what arrived was not counted");
            }
            Stake { part } => {
                let amount = self.part(self.books.tokens(who), part);
                let stake = vault().stake(amount);
                self.send("stake", who, 0, stake);
            }
            Unstake { part } => {
                let amount = self.part(self.books.fan(who).staked, part);
                let (staked, unstake) = (self.books.fan(who).staked, vault().unstake(amount));
                let done = self.send("unstake", who, 0, unstake);
                assert!(done.is_none() || amount <= staked, "more was unstaked than staked");
            }
            _ => unreachable!("it is none of these"),
        }
    }

    /// The native amount and the tokens of a payment of `thousandths` of a price.
    fn payment(&self, tier: u32, price: u128, thousandths: u128) -> (u128, u128) {
        let amount = self.part(price, thousandths);
        match self.books.tiers.get(tier as usize) {
            Some(tier) if tier.asset > 0 => (0, amount),
            _ => (amount, 0),
        }
    }

    pub(super) fn price(&self, tier: u32) -> u128 {
        self.books.tiers.get(tier as usize).map_or(1, |tier| tier.price)
    }

    fn join(&mut self, who: AccountId, action: &Action) {
        let vault = || contracts::vault(self.suite.vault);
        let (message, trick, name, value) = match *action {
            Subscribe { tier, fan, thousandths } => {
                let price = self.price(tier);
                let (value, tokens) = self.payment(tier, price, thousandths);
                // Now and then at a lower price than the present one.
                let agreed = if thousandths % 16 == 1 { price.saturating_sub(1) } else { price };
                let message = vault().subscribe(tier, self.people[fan], tokens, agreed);
                let end = self.send("subscribe", who, value, message);
                assert!(end.is_none() || (agreed == price && value + tokens >= price), "it costs {price}");
                if end.is_some() {
                    self.check_seats(tier);
                }
                return self.check_end(self.people[fan], end);
            }
            SubscribeCrooked { fan, thousandths, trick } => {
                let (_, tokens) = self.payment(CROOKED_TIER, self.price(CROOKED_TIER), thousandths);
                let message = vault().subscribe(CROOKED_TIER, self.people[fan], tokens, u128::MAX);
                let end = self.during(trick, |world| world.send("subscribe", who, 0, message));
                if end.is_some() {
                    self.check_seats(CROOKED_TIER);
                }
                return self.check_end(self.people[fan], end);
            }
            TopUp { fan, thousandths, trick } => {
                let now = self.now();
                let paying = |fan: &FanBook| fan.held.is_some_and(|held| held.price > 0 && now < held.end);
                let fan = self.people[self.someone(fan, paying)];
                let (tier, price) = self.books.fan(fan).held.map_or((0, 1), |held| (held.tier as u32, held.price));
                let (value, tokens) = self.payment(tier, price, thousandths);
                // Now and then for a tier that the fan does not have.
                let other = thousandths % 16 == 1;
                let message = vault().top_up(fan, tier + u32::from(other), tokens, price);
                let soon = self
                    .books
                    .fan(fan)
                    .held
                    .is_some_and(|held| held.price > 0 && (1..YEAR).contains(&held.end.saturating_sub(now)));
                let due = soon && value > 0 && !other && !self.books.vault_paused;
                let end = self.during(trick, |world| world.send("top_up", who, value, message));
                assert!(!(other && end.is_some()), "it extended another tier");
                assert!(end.is_some() || !due, "a subscription that runs was not extended");
                return self.check_end(fan, end);
            }
            Switch { tier, thousandths } => {
                let (value, tokens) = self.payment(tier, self.price(tier), thousandths);
                (vault().switch_tier(tier, tokens, u128::MAX), Trick::Honest, "switch_tier", value)
            }
            _ => unreachable!("it is none of these"),
        };
        let end = self.during(trick, |world| world.send(name, who, value, message));
        if let (Switch { tier, .. }, Some(_)) = (action, end) {
            self.check_seats(*tier);
        }
        self.check_end(who, end);
    }

    fn check_end(&self, fan: AccountId, end: Option<u64>) {
        if let Some(end) = end {
            assert_eq!(Some(end), self.books.fan(fan).held.map(|held| held.end));
        }
    }

    /// Messages that pay the caller what a query said before.
    fn take(&mut self, who: AccountId, action: &Action) {
        let suite = self.suite;
        let vault = || contracts::vault(suite.vault);
        match *action {
            Cancel => self.cancel(who, Trick::Honest),
            // A token that moves a refund and denies it takes from its own holders.
            CancelCrooked { trick: Trick::Denies } => self.cancel(who, Trick::Refuses),
            CancelCrooked { trick } => self.cancel(who, trick),
            Prune { fan } => {
                self.send("prune", who, 0, vault().prune(self.people[fan]));
            }
            Withdraw { asset, trick } => {
                let due = self.env.ask(vault().credit_of(who, suite.asset(asset)));
                let message = vault().withdraw(suite.asset(asset));
                let got = self.during(trick, |world| world.send("withdraw", who, 0, message));
                assert!(got.is_none_or(|got| got == due));
                assert!(got.is_some() || due == 0 || asset == 2, "a credit was refused");
            }
            WithdrawStake => {
                let FanBook { unstaking: due, ready, .. } = self.books.fan(who);
                let got = self.send("withdraw_stake", who, 0, vault().withdraw_stake());
                assert!(got.is_none_or(|got| got == due && self.now() >= ready), "{got:?} instead of {due} at {ready}");
            }
            ClaimStakeIncome { asset } => {
                let due = self.env.ask(vault().stake_income_of(who, suite.asset(asset)));
                let got = self.send("claim_stake_income", who, 0, vault().claim_stake_income(suite.asset(asset)));
                assert_eq!(got.unwrap_or(0), due);
            }
            Collect { tier, days } => {
                self.send("collect", who, 0, vault().collect(tier, days));
            }
            CollectFees => {
                let due = self.env.ask(contracts::sale(suite.token).claimable(suite.vault));
                let got = self.send("collect_sale_fees", who, 0, vault().collect_sale_fees());
                assert_eq!(got.unwrap_or(0), due);
            }
            Claim { asset, version, trick } => {
                let due = self.env.ask(vault().claimable_of(who, suite.asset(asset), version));
                let message = vault().claim(suite.asset(asset), version);
                let got = self.during(trick, |world| world.send("claim", who, 0, message));
                assert!(got.is_none_or(|got| got == due));
                assert!(got.is_some() || due == 0 || asset == 2, "income was refused");
            }
            _ => unreachable!("it is none of these"),
        }
    }

    fn cancel(&mut self, who: AccountId, trick: Trick) {
        let vault = self.suite.vault;
        let due = self.env.ask(contracts::vault(vault).refund_of(who));
        let held = self.books.fan(who).held.is_some();
        let got = self.during(trick, |world| world.send("cancel", who, 0, contracts::vault(vault).cancel()));
        assert_eq!(got, held.then_some(due));
    }
}
