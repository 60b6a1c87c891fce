//! Decides about access, with as few questions as possible.

use alloc::boxed::Box;

use super::model::{
    Audience, Condition, Grant, ListId, Query, Requirement, RequirementKind, Rule, Shortfall, Standing,
};
use crate::content::{ContentId, Entry};

/// Source of the facts about one account.
///
/// A token or a vault that is missing, traps or gives malformed return data answers `None`.
pub trait AccessOracle<Id> {
    /// The account's balance of the PSP22 token, in smallest units.
    fn balance_of(&mut self, token: &Id) -> Option<u128>;
    /// The account's standing at the vault.
    fn standing_of(&mut self, vault: &Id) -> Option<Standing>;
    /// Whether the account has bought the content.
    fn has_bought(&mut self, content: ContentId) -> bool;
    /// Present price of the content, in planck; `None` if it is not for sale.
    fn price_of(&mut self, content: ContentId) -> Option<u128>;
    /// Whether the account is on the creator's list.
    fn is_listed(&mut self, list: ListId) -> bool;
}

/// Decides for one account, at one block time, about any number of pieces of content.
///
/// It asks each question at most once in its life, and only while no rule is known to hold and a rule that can still hold
/// depends on the answer. Questions that need no other contract come first. Then the rule with the fewest undecided conditions
/// comes first.
pub struct Evaluator<'a, Id, O> {
    pub(super) oracle: O,
    /// Block time in ms.
    pub(super) now: u64,
    /// The answers so far, as a linked list. That takes less code than a map or a growing `Vec`, and there are few answers.
    cache: Option<Box<Cached<'a, Id>>>,
}

impl<'a, Id: Copy + PartialEq, O: AccessOracle<Id>> Evaluator<'a, Id, O> {
    /// An evaluator at block time `now` (ms) with an empty cache.
    pub fn new(oracle: O, now: u64) -> Self {
        Self { oracle, now, cache: None }
    }

    /// Whether the account may open the content `id`, and why; `None` if not.
    pub fn grant(&mut self, id: ContentId, entry: &'a Entry<Id>) -> Option<Grant> {
        let terms = &entry.terms;
        if self.now < terms.release {
            return None;
        }
        if self.has_bought(id, entry) {
            return Some(Grant::Purchase);
        }
        match &terms.audience {
            _ if terms.retired => None,
            Audience::Everyone => Some(Grant::Everyone),
            Audience::Nobody => None,
            Audience::AnyOf(rules) => self.rule_that_holds(rules).map(Grant::Rule),
        }
    }

    pub(super) fn has_bought(&mut self, id: ContentId, entry: &Entry<Id>) -> bool {
        entry.sold && self.oracle.has_bought(id)
    }

    fn rule_that_holds(&mut self, rules: &'a [Rule<Id>]) -> Option<u8> {
        // Ends: each round answers one query, and a condition has at most two.
        loop {
            let mut easiest: Option<(usize, Query<Id>)> = None;
            for (index, rule) in (0u8..).zip(rules) {
                let Some((undecided, query)) = self.evaluate(rule) else { continue };
                let Some(query) = query else { return Some(index) };
                if easiest.is_none_or(|(fewest, _)| undecided < fewest) {
                    easiest = Some((undecided, query));
                }
            }
            let (_, query) = easiest?;
            self.ask(query);
        }
    }

    #[inline(never)]
    pub(super) fn ask(&mut self, query: Query<'a, Id>) {
        let answer = match query {
            Query::Balance(token) => self.oracle.balance_of(token).map_or(Answer::Unavailable, Answer::Balance),
            Query::Standing(vault) => self.oracle.standing_of(vault).map_or(Answer::Unavailable, Answer::Standing),
            Query::Bought(content) => Answer::Flag(self.oracle.has_bought(content)),
            Query::Listed(list) => Answer::Flag(self.oracle.is_listed(list)),
        };
        let previous = self.cache.take();
        self.cache = Some(Box::new(Cached { query, answer, previous }));
    }

    /// Evaluates a rule by the answers so far. Returns `None` if it fails. Otherwise returns the number of undecided conditions
    /// and the query to ask first; without a query the rule holds. The number is 0 if that query needs no other contract.
    #[inline(never)]
    fn evaluate(&self, rule: &'a Rule<Id>) -> Option<(usize, Option<Query<'a, Id>>)> {
        let mut undecided: usize = 0;
        let mut first: Option<Query<Id>> = None;
        let mut shortfall = None;
        for condition in rule {
            if let Some(query) = self.judge(condition, &mut shortfall) {
                // At most the number of conditions.
                undecided = undecided.wrapping_add(1);
                if first.is_none() || query.contract().is_none() {
                    first = Some(query);
                }
            } else if shortfall.is_some() {
                return None;
            }
        }
        if first.is_some_and(|query| query.contract().is_none()) {
            undecided = 0;
        }
        Some((undecided, first))
    }

    /// Judges a condition by the answers so far. Returns the query that the result still depends on. Without one, `shortfall`
    /// is what is missing, or `None` if the condition holds.
    // Without `inline(never)`, the hot code has it inside `evaluate`, and builds no shortfall.
    pub(super) fn judge(
        &self,
        condition: &'a Condition<Id>,
        shortfall: &mut Option<Shortfall<Id>>,
    ) -> Option<Query<'a, Id>> {
        let Requirement { queries, kind } = condition.requirement();
        let (mut balance, mut standing, mut flag) = (0, &NO_STANDING, false);
        let (mut open, mut unavailable) = (None, None);
        for query in queries.into_iter().flatten() {
            match self.answer(&query) {
                None => open = open.or(Some(query)),
                Some(Answer::Unavailable) => unavailable = unavailable.or(query.contract()),
                Some(Answer::Balance(answer)) => balance = *answer,
                Some(Answer::Standing(answer)) => standing = answer,
                Some(Answer::Flag(answer)) => flag = *answer,
            }
        }
        *shortfall = kind.shortfall(self.now, balance, standing, flag);
        // One part of a sum can be enough. Then the other need not be asked, nor be available.
        if shortfall.is_none() {
            return None;
        }
        if let Some(contract) = unavailable {
            *shortfall = Some(Shortfall::Unavailable { contract: *contract });
        }
        open
    }

    #[inline(never)]
    fn answer(&self, query: &Query<'a, Id>) -> Option<&Answer> {
        let mut next = &self.cache;
        while let Some(cached) = next {
            if cached.query == *query {
                return Some(&cached.answer);
            }
            next = &cached.previous;
        }
        None
    }
}

struct Cached<'a, Id> {
    query: Query<'a, Id>,
    answer: Answer,
    previous: Option<Box<Self>>,
}

enum Answer {
    /// The contract is missing, traps, or gives malformed return data.
    Unavailable,
    Balance(u128),
    Standing(Standing),
    Flag(bool),
}

const NO_STANDING: Standing = Standing { level: 0, since: 0, until: 0, tipped: 0, staked: 0, staked_since: 0 };

impl RequirementKind {
    /// What the requirement still lacks at `now` (ms), for an account with this balance, standing and flag; `None` if it is met.
    fn shortfall<Id>(self, now: u64, balance: u128, standing: &Standing, flag: bool) -> Option<Shortfall<Id>> {
        let (met, shortfall) = match self {
            Self::Amount { amount, tips } => {
                let part = if tips { standing.tipped } else { standing.staked };
                // For tips there is no balance.
                let have = balance.saturating_add(part);
                let short_by = amount.saturating_sub(have);
                (short_by == 0, Shortfall::Amount { have, short_by })
            }
            Self::Subscription { level: needed, grace, lasting } => {
                let Standing { level, since, until, .. } = *standing;
                let counts = now < until.saturating_add(grace);
                let (level, lasted) = if counts { (level, now.saturating_sub(since)) } else { (0, 0) };
                let wait = lasting.saturating_sub(lasted);
                let ended = (!counts && until > 0).then_some(until);
                (level >= needed && wait == 0, Shortfall::Subscription { level, ended, wait })
            }
            Self::Time(time) => {
                let wait = time.saturating_sub(now);
                (wait == 0, Shortfall::Time { wait })
            }
            // `explain` adds the price.
            Self::Purchase => (flag, Shortfall::Purchase { price: None }),
            Self::Listing => (flag, Shortfall::NotListed),
        };
        (!met).then_some(shortfall)
    }
}
