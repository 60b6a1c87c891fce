//! What the answers so far say about conditions and rules.

use alloc::boxed::Box;

use super::{
    demand::{Demand, Of, Question},
    Condition, Shortfall, Rule, Standing,
};

/// What was answered.
pub(super) enum Answer {
    /// By a contract that is missing, traps, or answers what can't be understood.
    Nothing,
    Balance(u128),
    Standing(Standing),
    Is(bool),
}

/// What the answers so far say about a condition.
pub(super) enum Verdict<'a, Id> {
    Holds,
    /// It does not hold, and what it lacks is known.
    Fails,
    /// It depends on this answer.
    Open(Question<'a, Id>),
}

/// What the answers so far say about a rule.
pub(super) enum Outlook<'a, Id> {
    Holds,
    Fails,
    /// It depends on this many conditions, and on `question` first; on 0 where that is one that no contract has to be asked.
    Open {
        conditions: usize,
        question: Question<'a, Id>,
    },
}

/// The answers so far. A chain of a few of them takes less code than a list that grows, and less than a map.
pub(super) struct Known<'a, Id> {
    now: u64,
    latest: Option<Box<Told<'a, Id>>>,
}

struct Told<'a, Id> {
    question: Question<'a, Id>,
    answer: Answer,
    before: Option<Box<Self>>,
}

/// What the account has of what a condition is about.
struct Has<'s, 'a, Id> {
    balance: u128,
    standing: &'s Standing,
    yes: bool,
    /// The first question without an answer so far.
    open: Option<Question<'a, Id>>,
    /// The first contract that has none to give.
    unavailable: Option<&'a Id>,
}

const NO_STANDING: Standing = Standing { level: 0, since: 0, until: 0, tipped: 0, staked: 0, staked_since: 0 };

impl<'a, Id: Copy + PartialEq> Known<'a, Id> {
    /// Nothing but the time, in ms.
    pub fn new(now: u64) -> Self {
        Self { now, latest: None }
    }

    /// Block time in ms.
    pub fn now(&self) -> u64 {
        self.now
    }

    /// Remembers an answer.
    pub fn add(&mut self, question: Question<'a, Id>, answer: Answer) {
        self.latest = Some(Box::new(Told { question, answer, before: self.latest.take() }));
    }

    #[inline(never)]
    pub fn outlook(&self, rule: &'a Rule<Id>) -> Outlook<'a, Id> {
        let mut conditions: usize = 0;
        let mut first: Option<Question<Id>> = None;
        let mut shortfall = Shortfall::NotListed;
        for condition in rule {
            match self.judge(condition, &mut shortfall) {
                Verdict::Holds => {}
                Verdict::Fails => return Outlook::Fails,
                Verdict::Open(question) => {
                    // At most as many as there are.
                    conditions = conditions.wrapping_add(1);
                    if first.is_none() || question.contract().is_none() {
                        first = Some(question);
                    }
                }
            }
        }
        match first {
            None => Outlook::Holds,
            Some(question) if question.contract().is_none() => Outlook::Open { conditions: 0, question },
            Some(question) => Outlook::Open { conditions, question },
        }
    }

    /// Looks at a condition. Where it fails, `lack` becomes what it lacks.
    #[inline(never)]
    pub fn judge(&self, condition: &'a Condition<Id>, shortfall: &mut Shortfall<Id>) -> Verdict<'a, Id> {
        let Demand { asks, of } = condition.demand();
        let mut has = Has { balance: 0, standing: &NO_STANDING, yes: false, open: None, unavailable: None };
        for question in asks.iter().flatten() {
            self.look_up(*question, &mut has);
        }
        // Half of a sum can be enough, so that the other half need not be asked, nor be available.
        if !has.lacks(of, self.now, shortfall) {
            return Verdict::Holds;
        }
        if let Some(question) = has.open {
            return Verdict::Open(question);
        }
        if let Some(contract) = has.unavailable {
            *shortfall = Shortfall::Unavailable { contract: *contract };
        }
        Verdict::Fails
    }

    #[inline(never)]
    fn look_up<'s>(&'s self, question: Question<'a, Id>, has: &mut Has<'s, 'a, Id>) {
        let mut next = &self.latest;
        while let Some(told) = next {
            if told.question == question {
                match &told.answer {
                    Answer::Nothing => has.unavailable = has.unavailable.or(question.contract()),
                    Answer::Balance(balance) => has.balance = *balance,
                    Answer::Standing(standing) => has.standing = standing,
                    Answer::Is(yes) => has.yes = *yes,
                }
                return;
            }
            next = &told.before;
        }
        has.open = has.open.or(Some(question));
    }
}

impl<Id> Has<'_, '_, Id> {
    /// Whether that is too little at `now`; then `lack` becomes what is missing.
    fn lacks(&self, of: Of, now: u64, shortfall: &mut Shortfall<Id>) -> bool {
        let standing = self.standing;
        match of {
            Of::Amount { amount, tips } => {
                let part = if tips { standing.tipped } else { standing.staked };
                // There is no balance where tips are asked for.
                let have = self.balance.saturating_add(part);
                let short_by = amount.saturating_sub(have);
                *shortfall = Shortfall::Amount { have, short_by };
                short_by > 0
            }
            Of::Subscription { level: needed, grace, lasting } => {
                let Standing { level, since, until, .. } = *standing;
                let counts = now < until.saturating_add(grace);
                let (level, lasted) = if counts { (level, now.saturating_sub(since)) } else { (0, 0) };
                let wait = lasting.saturating_sub(lasted);
                let ended = (!counts && until > 0).then_some(until);
                *shortfall = Shortfall::Subscription { level, ended, wait };
                level < needed || wait > 0
            }
            Of::Time(time) => {
                let wait = time.saturating_sub(now);
                *shortfall = Shortfall::Time { wait };
                wait > 0
            }
            Of::Purchase => {
                // What it costs is looked up where someone wants to know.
                *shortfall = Shortfall::Purchase { price: None };
                !self.yes
            }
            Of::List => {
                *shortfall = Shortfall::NotListed;
                !self.yes
            }
        }
    }
}
