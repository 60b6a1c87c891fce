//! What a creator does: fees, ownership, tiers, splits, pauses, content, lists and managers.

use patronage::contracts;
use patronage_interfaces::{
    ownable::Ownable,
    registry::{Content, ContentRegistry, QuestionLimits, Terms},
    token::CreatorToken,
    vault::{PatronageVault, TierTerms},
    AccountId,
};
use test_kit::{access::file, tier_terms, DAY};

use super::{
    steps::Action::{self, *},
    world::{shares, World},
};

impl World {
    pub(super) fn govern(&mut self, who: usize, action: &Action) {
        let (token, owner) = (self.suite.token, self.owner(self.suite.token, who));
        match *action {
            LowerFees { buy, sell } => {
                self.send("lower_fees", owner, 0, contracts::sale(token).lower_fees(buy, sell));
            }
            PauseSale { paused } => {
                self.send("set_paused", owner, 0, contracts::sale(token).set_paused(paused));
            }
            FeesTo { whom } => {
                let whom = whom.map_or(self.suite.vault, |whom| self.people[whom]);
                self.send("set_fee_recipient", owner, 0, contracts::sale(token).set_fee_recipient(whom));
            }
            Propose { contract: number, to } => {
                let contract = self.contract(number);
                let proposal = contracts::ownable(contract).propose_owner(self.people[to]);
                self.send("propose_owner", self.owner(contract, who), 0, proposal);
            }
            Accept { contract: number } => {
                // One with a candidate, if there is any.
                let candidates: Vec<_> = self.books.pending.keys().copied().collect();
                let chosen = number.checked_rem(candidates.len()).map(|index| candidates[index]);
                let contract = chosen.unwrap_or_else(|| self.contract(number));
                let candidate = self.books.pending.get(&contract).copied().unwrap_or(self.people[who]);
                self.send("accept_ownership", candidate, 0, contracts::ownable(contract).accept_ownership());
            }
            _ => unreachable!("it is none of these"),
        }
    }

    pub(super) fn offer(&mut self, who: usize, action: &Action) {
        let (owner, now) = (self.owner(self.suite.vault, who), self.now());
        let vault = || contracts::vault(self.suite.vault);
        match *action {
            EndSubscription { fan } => {
                let end = vault().end_subscription(self.people[fan]);
                self.send("end_subscription", owner, 0, end);
            }
            Grant { tier, fan, lasting } => {
                let grant = vault().grant(self.people[fan], tier, now + lasting);
                if self.send("grant", owner, 0, grant).is_some() {
                    self.check_seats(tier);
                }
            }
            Revoke { fan } => {
                let revoke = vault().revoke_grant(self.people[fan]);
                self.send("revoke_grant", owner, 0, revoke);
            }
            OfferTier { tier, quarters, seats, open } => {
                let price = self.price(tier).min(1_000_000_000_000_000) * quarters / 4;
                let update = vault().update_tier(tier, price, seats, open, vec![]);
                let done = self.send("update_tier", owner, 0, update);
                assert!(done.is_none() || price > 0, "a tier for nothing");
            }
            AddTier { price, level } => {
                let terms = TierTerms { period: 7 * DAY, minimum_stay: DAY, ..tier_terms(price, level) };
                let add = vault().add_tier(terms);
                let done = self.send("add_tier", owner, 0, add);
                assert!(done.is_none() || price > 0, "a tier for nothing");
            }
            _ => unreachable!("it is none of these"),
        }
    }

    pub(super) fn rule(&mut self, who: usize, action: &Action) {
        let (owner, now) = (self.owner(self.suite.vault, who), self.now());
        let vault = || contracts::vault(self.suite.vault);
        match *action {
            Split { splits } => {
                let (recipients, stakers) = shares(&self.people, splits);
                let set = vault().set_splits(recipients, stakers);
                self.send("set_splits", owner, 0, set);
            }
            LockSplits { ms } => {
                let lock = vault().lock_splits_until(now + ms);
                self.send("lock_splits_until", owner, 0, lock);
            }
            PauseVault { paused } => {
                let pause = vault().set_paused(paused);
                self.send("set_paused", owner, 0, pause);
            }
            _ => unreachable!("it is none of these"),
        }
    }

    /// Publishes for the audience with this number.
    pub fn publish(&mut self, who: AccountId, audience: usize, price: Option<u128>) {
        let terms = Terms { audience: self.audiences[audience].clone(), price, release: 0, retired: false };
        let publish = contracts::registry(self.suite.registry).publish(file(), terms);
        if self.send("publish", who, 0, publish).is_some() {
            self.published.push(audience);
        }
    }

    pub(super) fn open(&mut self, who: usize, action: &Action) {
        let (owner, now) = (self.owner(self.suite.registry, who), self.now());
        let registry = || contracts::registry(self.suite.registry);
        match *action {
            Publish { audience, price } => self.publish(owner, audience, price),
            ChangeTerms { content, price, release, retired } => {
                let Some(audience) = self.published.get(content as usize) else { return };
                let release = if release == 0 { 0 } else { now + release };
                let terms = Terms { audience: self.audiences[*audience].clone(), price, release, retired };
                let change = registry().change_terms(content, terms);
                self.send("change_terms", owner, 0, change);
            }
            Purchase { content, to, over } => {
                // Now and then for who has bought it.
                let sold = self.books.bought.iter().nth(to % self.books.bought.len().max(1)).filter(|_| over % 7 == 2);
                let (content, to) = sold.copied().unwrap_or((content, self.people[to]));
                let price = self.books.contents.get(&content).and_then(|(price, ..)| *price).unwrap_or(1);
                let purchase = registry().purchase(content, to, price, u64::MAX);
                // Now and then less than the price.
                let value = if over % 7 == 1 { price - 1 } else { price + over };
                let done = self.send("purchase", self.people[who], value, purchase);
                assert!(done.is_none() || value >= price, "it costs {price}");
                assert!(done.is_none() || self.books.paid_to == Some(self.suite.vault), "nobody is paid for it");
            }
            CheckMany { account } => self.check_many(self.people[account]),
            List { list, account, listed } => {
                let list = registry().set_listed(list, vec![self.people[account]], listed);
                self.send("set_listed", owner, 0, list);
            }
            Replace { content, hash } => {
                let replace = registry().replace_file(content, Content { hash: [hash; 32], ..file() });
                self.send("replace_file", owner, 0, replace);
            }
            PaidTo { ours } => {
                let vault = ours.map(|ours| if ours { self.suite.vault } else { self.people[0] });
                self.send("set_vault", owner, 0, registry().set_vault(vault));
            }
            Limits { ref_time, proof_size } => {
                let limits = QuestionLimits { ref_time, proof_size };
                let done = self.send("set_question_limits", owner, 0, registry().set_question_limits(limits));
                assert!(done.is_none() || limits.are_possible());
            }
            Manager { account, appointed } => {
                let appoint = registry().set_manager(self.people[account], appointed);
                self.send("set_manager", owner, 0, appoint);
            }
            _ => unreachable!("it is none of these"),
        }
    }
}
