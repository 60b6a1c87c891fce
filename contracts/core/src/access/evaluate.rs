//! Decides about access, with as few questions as possible.

use alloc::boxed::Box;

use super::model::{Audience, Condition, Grant, ListId, Query, Requirement, RequirementKind, Rule, Standing};
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
        for condition in rule {
            match self.judge(condition) {
                Verdict::Met => {}
                Verdict::Failed => return None,
                Verdict::Open(query) => {
                    // At most the number of conditions.
                    undecided = undecided.wrapping_add(1);
                    if first.is_none() || query.contract().is_none() {
                        first = Some(query);
                    }
                }
            }
        }
        if first.is_some_and(|query| query.contract().is_none()) {
            undecided = 0;
        }
        Some((undecided, first))
    }

    /// Judges a condition by the answers so far.
    #[inline(never)]
    pub(super) fn judge(&self, condition: &'a Condition<Id>) -> Verdict<'a, Id> {
        let answers = self.answers(condition);
        // One part of a sum can be enough. Then the other need not be asked, nor be available.
        if answers.is_met(self.now) {
            return Verdict::Met;
        }
        answers.open.map_or(Verdict::Failed, Verdict::Open)
    }

    /// What is known of a condition by the answers so far.
    pub(super) fn answers(&self, condition: &'a Condition<Id>) -> Answers<'_, 'a, Id> {
        let Requirement { queries, kind } = condition.requirement();
        let mut answers =
            Answers { kind, balance: 0, standing: &NO_STANDING, flag: false, open: None, unavailable: None };
        for query in queries.into_iter().flatten() {
            match self.answer(&query) {
                None => answers.open = answers.open.or(Some(query)),
                Some(Answer::Unavailable) => answers.unavailable = answers.unavailable.or(query.contract()),
                Some(Answer::Balance(answer)) => answers.balance = *answer,
                Some(Answer::Standing(answer)) => answers.standing = answer,
                Some(Answer::Flag(answer)) => answers.flag = *answer,
            }
        }
        answers
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

/// How a condition stands.
pub(super) enum Verdict<'a, Id> {
    /// It holds.
    Met,
    /// It does not hold.
    Failed,
    /// That depends on the answer to this query.
    Open(Query<'a, Id>),
}

/// What is known of a condition: what it needs, and the answers so far. What nobody has answered counts as nothing.
pub(super) struct Answers<'s, 'a, Id> {
    pub kind: RequirementKind,
    pub balance: u128,
    pub standing: &'s Standing,
    pub flag: bool,
    /// The first query without an answer.
    pub open: Option<Query<'a, Id>>,
    /// The first contract that could not be asked.
    pub unavailable: Option<&'a Id>,
}

impl<Id> Answers<'_, '_, Id> {
    /// What counts where an amount is needed, of tips or of balance and stake.
    pub fn amount(&self, tips: bool) -> u128 {
        // For tips there is no balance.
        self.balance.saturating_add(if tips { self.standing.tipped } else { self.standing.staked })
    }

    /// Whether the subscription counts at `now` (ms), with this grace.
    pub fn is_running(&self, now: u64, grace: u64) -> bool {
        now < self.standing.until.saturating_add(grace)
    }

    /// The level of the subscription at `now` (ms), and for how long it has lasted; zeros if it does not count.
    pub fn subscription(&self, now: u64, grace: u64) -> (u8, u64) {
        if self.is_running(now, grace) {
            (self.standing.level, now.saturating_sub(self.standing.since))
        } else {
            (0, 0)
        }
    }

    fn is_met(&self, now: u64) -> bool {
        match self.kind {
            RequirementKind::Amount { amount, tips } => self.amount(tips) >= amount,
            RequirementKind::Subscription { level: needed, grace, lasting } => {
                let (level, lasted) = self.subscription(now, grace);
                level >= needed && lasted >= lasting
            }
            RequirementKind::Time(time) => now >= time,
            RequirementKind::Purchase | RequirementKind::Listing => self.flag,
        }
    }
}
