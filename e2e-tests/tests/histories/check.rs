//! What must hold after each call.

use std::collections::BTreeSet;

use super::{
    books::{Held, Suite},
    world::{World, COOLDOWN},
};
use ::psp22::PSP22 as _;
use patronage::contracts;
use patronage_interfaces::{
    ownable::Ownable,
    patronage::{Patronage, Standing},
    registry::{ContentRegistry, QuestionLimits},
    token::CreatorToken,
    vault::{Asset, Obligations, PatronageVault},
    AccountId,
};

/// What each person gets back of each asset by leaving.
pub type Dues = [[u128; 3]; 8];

impl World {
    /// What everybody gets back now, by the books.
    pub fn dues(&self) -> Dues {
        let now = self.now();
        self.people.map(|who| [0, 1, 2].map(|asset| self.books.due(who, asset, now)))
    }

    /// Asserts that nobody but `except` gets less than `before`.
    #[track_caller]
    pub fn check_dues(&self, before: &Dues, except: Option<usize>) {
        let after = self.dues();
        for who in (0..8).filter(|who| Some(*who) != except) {
            for asset in 0..3 {
                let (had, has) = (before[who][asset], after[who][asset]);
                assert!(has >= had, "another's call took {} of asset {asset} from person {who}", had - has);
            }
        }
    }

    /// Asserts what holds after each call. Asks the contracts that ran since the last check: what no code touched is as it was. `who` is
    /// looked at closely, and the others in turn. Time changes refunds and access.
    #[track_caller]
    pub fn check(&mut self, who: AccountId) {
        let (round, Suite { token, vault, crooked, .. }) = (self.tally.calls() as usize, self.suite);
        let now = self.now();
        let passed = now != core::mem::replace(&mut self.checked, now);
        let ran = core::mem::take(&mut self.ran);
        self.check_money();
        if ran.contains(&token) {
            self.check_token(who);
        }
        if ran.contains(&vault) {
            self.check_vault();
            self.check_fan(who);
        }
        if ran.contains(&vault) || passed {
            self.check_refund(who);
            if !round.is_multiple_of(2) {
                self.check_refund(self.people[round / 2 % 8]);
            }
        }
        if ran.contains(&vault) || ran.contains(&crooked) {
            let (held, owed) = (self.env.tokens(crooked, vault), self.books.owed[2].total());
            assert!(held >= owed, "the vault owes {owed} of the hostile token and holds {held}");
        }
        let count = self.published.len();
        if count > 0 && (passed || !ran.is_empty()) {
            let someone = if round.is_multiple_of(2) { who } else { self.people[round / 2 % 8] };
            self.check_access((round % count) as u32, someone);
        }
    }

    /// Each contract has what it owes, and the vault's streams cover all refunds.
    fn check_money(&mut self) {
        let Suite { token, vault, registry, .. } = self.suite;
        let owed = self.books.reserve + self.books.fees;
        assert_eq!(self.native(token), owed, "the token does not hold what it owes");
        assert_eq!(self.native(vault), self.books.owed[0].total(), "the vault does not hold what it owes");
        assert_eq!(self.native(registry), 0, "the registry keeps money");
        // The books' tokens are compared with the token's own whenever it ran.
        let owed = self.books.owed[1].total() + self.sent(vault);
        assert_eq!(self.books.tokens(vault), owed, "the vault does not hold the tokens that it owes");
        let now = self.now();
        for (asset, owed) in self.books.owed.iter().enumerate() {
            let refunds: u128 = self.books.fans.values().map(|fan| refund(fan.held, asset, now)).sum();
            assert!(owed.streams >= refunds, "refunds of {refunds} are not covered in asset {asset}");
        }
    }

    fn check_token(&mut self, who: AccountId) {
        let token = self.suite.token;
        let round = self.tally.calls();
        let supply = self.books.supply();
        let other = if round.is_multiple_of(2) { self.suite.vault } else { token };
        for holder in [who, other] {
            assert_eq!(self.env.tokens(token, holder), self.books.tokens(holder), "a balance differs from the events");
        }
        let curve = (self.books.sold, self.books.reserve, self.books.sale_paused);
        // What the curve should be as before is looked at now and then.
        if curve != self.curve || round.is_multiple_of(4) {
            let sale = self.env.ask(contracts::sale(token).curve());
            assert_eq!(sale.sold, self.books.sold);
            assert_eq!(sale.reserve, self.books.reserve);
            assert_eq!(sale.paused, self.books.sale_paused);
            assert_eq!(sale.sold - sale.burned, supply, "supply is not the sum of balances");
            self.curve = curve;
        }
        if round.is_multiple_of(4) {
            assert_eq!(self.env.ask(contracts::psp22(token).total_supply()), supply);
            // Everything can be sold back at once: the reserve covers the whole area.
            let all = self.env.ask(contracts::sale(token).quote_sell(supply)).map_or(0, |all| all.amount + all.fee);
            assert!(all <= self.books.reserve, "the reserve does not cover the supply");
        }
        let vested: u128 = self.books.vested.values().sum();
        assert_eq!(self.books.tokens(token), vested + self.sent(token), "vested tokens are missing");
    }

    /// The vault says that it owes what the events said. Assets of which it should owe what it owed before are asked in turn.
    fn check_vault(&mut self) {
        let round = self.tally.calls() as usize;
        for asset in 0..3 {
            if round % 6 == 2 * asset || self.agreed[asset] != self.books.owed[asset] {
                self.check_owed(asset);
            }
        }
    }

    fn check_owed(&mut self, number: usize) {
        let owed = self.env.ask(contracts::vault(self.suite.vault).obligations(self.suite.asset(number)));
        assert_eq!(owed, self.books.owed[number], "obligations in asset {number} differ from the events");
        self.agreed[number] = owed;
    }

    fn check_refund(&mut self, who: AccountId) {
        let Some(held) = self.books.fan(who).held else { return };
        let offered = self.env.ask(contracts::vault(self.suite.vault).refund_of(who));
        assert_eq!(offered, held.refund(self.now()), "a refund differs from plain numbers");
        // A grant has no price.
        if let Some(lasts) = (held.paid * u128::from(held.period)).checked_div(held.price) {
            assert_eq!(u128::from(held.end - held.start), lasts, "an end differs from plain numbers");
        }
    }

    /// Asserts that the vault knows of `who` what the events said.
    fn check_fan(&mut self, who: AccountId) {
        let standing = self.env.ask(contracts::patronage(self.suite.vault).standing_of(who));
        let fan = self.books.fan(who);
        let (level, since, until) = fan.held.map_or((0, 0, 0), |held| (held.level, held.since, held.end));
        let (tipped, staked, staked_since) = (fan.tipped, fan.staked, fan.staked_since);
        assert_eq!(standing, Standing { level, since, until, tipped, staked, staked_since });
    }

    /// Asserts everything that the events said of two people in turn, and of the contracts.
    pub fn check_all(&mut self) {
        let suite = self.suite;
        (0..3).for_each(|asset| self.check_owed(asset));
        let turn = self.tally.calls() as usize;
        for who in self.people.into_iter().skip(turn % 4).step_by(4) {
            self.check_fan(who);
            self.check_refund(who);
            for asset in 0..3 {
                let credit = self.env.ask(contracts::vault(suite.vault).credit_of(who, suite.asset(asset)));
                assert_eq!(credit, self.books.fan(who).credits[asset]);
            }
            let tipped = self.env.ask(contracts::vault(suite.vault).tipped_of(who, Asset::Native));
            assert_eq!(tipped, self.books.fan(who).tipped);
            for list in 0..2 {
                let listed = self.env.ask(contracts::registry(suite.registry).is_listed(list, who));
                assert_eq!(listed, self.books.listed.contains(&(list, who)));
            }
            let manager = self.env.ask(contracts::registry(suite.registry).is_manager(who));
            assert_eq!(manager, self.books.managers.contains(&who));
            for id in 0..self.published.len() as u32 {
                let bought = self.env.ask(contracts::registry(suite.registry).has_bought(id, who));
                assert_eq!(bought, self.books.bought.contains(&(id, who)));
                self.check_access(id, who);
            }
        }
        for (holder, tokens) in self.books.holders.clone().into_iter().skip(turn % 4).step_by(4) {
            assert_eq!(self.env.tokens(suite.token, holder), tokens);
        }
        for ((owner, spender), allowed) in self.books.allowances.clone().into_iter().skip(turn % 4).step_by(4) {
            assert_eq!(self.env.ask(contracts::psp22(suite.token).allowance(owner, spender)), allowed);
        }
        for ((grantor, beneficiary), left) in self.books.vested.clone() {
            let vesting = self.env.ask(contracts::sale(suite.token).vesting_of(grantor, beneficiary));
            assert_eq!(vesting.map(|vesting| vesting.tokens - vesting.released), Some(left));
        }
        for (contract, owner) in self.books.owners.clone() {
            assert_eq!(self.env.ask(contracts::ownable(contract).owner()), owner);
            let candidate = self.books.pending.get(&contract).copied();
            assert_eq!(self.env.ask(contracts::ownable(contract).pending_owner()), candidate);
        }
        let settings = self.env.ask(contracts::vault(suite.vault).settings());
        assert_eq!(settings.paused, self.books.vault_paused);
        assert_eq!(settings.splits_locked_until, self.books.locked_until);
        assert_eq!(self.env.ask(contracts::vault(suite.vault).splits_version()), self.books.splits);
        let tiers = self.env.ask(contracts::vault(suite.vault).tier_count());
        assert_eq!(tiers as usize, self.books.tiers.len());
        let sale = self.env.ask(contracts::sale(suite.token).curve());
        if let Some((buy, sell)) = self.books.fee_bp {
            assert_eq!(sale.buy_fee_bp, buy);
            assert_eq!(sale.sell_fee_bp, sell);
        }
        let count = |number: usize| number as u32;
        let managers = self.env.ask(contracts::registry(suite.registry).manager_count());
        assert_eq!(managers, count(self.books.managers.len()));
        let contents = self.env.ask(contracts::registry(suite.registry).content_count());
        assert_eq!(contents, count(self.books.contents.len()));
        for (id, hash) in self.books.files.clone() {
            let content = self.env.ask(contracts::registry(suite.registry).content(id));
            assert_eq!(content.map(|content| content.hash), Some(hash));
        }
        let limits = self.env.ask(contracts::registry(suite.registry).question_limits());
        assert_eq!(limits, self.books.limits.unwrap_or(QuestionLimits::LEAST));
        assert_eq!(self.env.ask(contracts::registry(suite.registry).vault()), self.books.paid_to);
        let recipient = self.env.ask(contracts::sale(suite.token).fee_recipient());
        assert_eq!(Some(recipient), self.books.fee_recipient);
    }

    /// Everyone takes everything out, in the order of their numbers. Nothing may be refused that is due, and only what
    /// rounding leaves may stay.
    pub fn everyone_leaves(&mut self) {
        let vault = self.suite.vault;
        for number in 0..8 {
            let who = self.people[number];
            if self.books.fan(who).held.is_some() {
                let refund = self.env.ask(contracts::vault(vault).refund_of(who));
                assert_eq!(self.send("cancel", who, 0, contracts::vault(vault).cancel()), Some(refund));
            }
            let staked = self.books.fan(who).staked;
            if staked > 0 {
                self.send("unstake", who, 0, contracts::vault(vault).unstake(staked)).expect("it is the fan's");
            }
            self.check(who);
        }
        self.env.chain.advance(COOLDOWN);
        for tier in 0..self.books.tiers.len() as u32 {
            // A few hundred days fit into a call.
            let collect = || contracts::vault(vault).collect(tier, 300);
            while self.send("collect", self.people[7], 0, collect()).expect("anyone can").more {}
        }
        for who in self.people {
            if self.books.fan(who).unstaking > 0 {
                let back = contracts::vault(vault).withdraw_stake();
                self.send("withdraw_stake", who, 0, back).expect("the cooldown is over");
            }
        }
        // Who claims stake income may return a day's part to the recipients, so they claim after that.
        for income in [false, true] {
            for who in self.people {
                for asset in 0..3 {
                    match income {
                        true => self.claim_all(who, asset),
                        false => self.withdraw_all(who, asset),
                    }
                }
            }
        }
        for asset in 0..3 {
            let Obligations { streams, credits, stakes, unclaimed } = self.books.owed[asset];
            assert_eq!([streams, credits, stakes], [0; 3], "asset {asset}");
            // Less than a unit for each recipient, staker, version and day with income.
            assert!(unclaimed < 10_000, "{unclaimed} of asset {asset} can be claimed by nobody");
        }
        self.sell_all();
        (0..3).for_each(|asset| self.check_owed(asset));
        self.check_money();
    }

    fn withdraw_all(&mut self, who: AccountId, asset: usize) {
        let (vault, of) = (self.suite.vault, self.suite.asset(asset));
        let credit = self.books.fan(who).credits[asset];
        if credit > 0 {
            let taken = self.send("withdraw", who, 0, contracts::vault(vault).withdraw(of));
            assert_eq!(taken, Some(credit));
        }
        // Each call settles some days.
        while self.books.stakers.contains(&who)
            && self.send("claim_stake_income", who, 0, contracts::vault(vault).claim_stake_income(of)).is_some()
        {
        }
    }

    fn claim_all(&mut self, who: AccountId, asset: usize) {
        let (vault, of) = (self.suite.vault, self.suite.asset(asset));
        let of_who = |recipients: &BTreeSet<AccountId>| recipients.contains(&who);
        for version in 0..=self.books.splits {
            if !self.books.recipients.get(&version).is_none_or(of_who) {
                continue;
            }
            let due = self.env.ask(contracts::vault(vault).claimable_of(who, of, version));
            if due > 0 {
                let claimed = self.send("claim", who, 0, contracts::vault(vault).claim(of, version));
                assert_eq!(claimed, Some(due));
            }
        }
    }

    fn sell_all(&mut self) {
        let token = self.suite.token;
        for who in self.people {
            let tokens = self.books.tokens(who);
            if tokens > 0 && self.env.ask(contracts::sale(token).quote_sell(tokens)).is_ok() {
                self.send("sell", who, 0, contracts::sale(token).sell(tokens, 0)).expect("it brings something");
            }
            let fees = self.env.ask(contracts::sale(token).claimable(who));
            if fees > 0 {
                assert_eq!(self.send("claim_fees", who, 0, contracts::sale(token).claim()), Some(fees));
            }
            self.check_token(who);
        }
    }
}

fn refund(held: Option<Held>, asset: usize, now: u64) -> u128 {
    held.filter(|held| held.asset == asset).map_or(0, |held| held.refund(now))
}
