//! What the answers so far say about conditions and rules.

use alloc::vec::Vec;

use super::{
    demand::{Demand, Of, Question},
    Condition, Lack, Rule, Standing,
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
    Lacks(Lack<Id>),
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

/// The answers so far. A list of a few entries is smaller and faster here than a map.
pub(super) struct Known<'a, Id> {
    pub now: u64,
    pub answers: Vec<(Question<'a, Id>, Answer)>,
}

/// What the account has of what a condition is about.
struct Has<'a> {
    balance: u128,
    standing: &'a Standing,
    yes: bool,
}

const NO_STANDING: Standing = Standing { level: 0, since: 0, until: 0, tipped: 0, staked: 0, staked_since: 0 };

impl<'a, Id: Copy + PartialEq> Known<'a, Id> {
    #[inline(never)]
    pub fn outlook(&self, rule: &'a Rule<Id>) -> Outlook<'a, Id> {
        let mut conditions: usize = 0;
        let mut first: Option<Question<Id>> = None;
        for condition in rule {
            match self.judge(condition) {
                Verdict::Holds => {}
                Verdict::Lacks(_) => return Outlook::Fails,
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

    #[inline(never)]
    pub fn judge(&self, condition: &'a Condition<Id>) -> Verdict<'a, Id> {
        let Demand { asks, of } = condition.demand();
        let mut has = Has { balance: 0, standing: &NO_STANDING, yes: false };
        let mut open = None;
        let mut unavailable = None;
        for question in asks.into_iter().flatten() {
            match self.answer(question) {
                None => open = open.or(Some(question)),
                Some(Answer::Nothing) => unavailable = unavailable.or(question.contract()),
                Some(Answer::Balance(balance)) => has.balance = *balance,
                Some(Answer::Standing(standing)) => has.standing = standing,
                Some(Answer::Is(yes)) => has.yes = *yes,
            }
        }
        // Half of a sum can be enough, so that the other half need not be asked, nor be available.
        match (lack(of, &has, self.now), open, unavailable) {
            (None, ..) => Verdict::Holds,
            (_, Some(question), _) => Verdict::Open(question),
            (_, _, Some(contract)) => Verdict::Lacks(Lack::Unavailable { contract: *contract }),
            (Some(lack), ..) => Verdict::Lacks(lack),
        }
    }

    fn answer(&self, question: Question<Id>) -> Option<&Answer> {
        self.answers.iter().find(|(asked, _)| *asked == question).map(|(_, answer)| answer)
    }
}

/// What an account that has this lacks, if anything.
#[inline(never)]
fn lack<Id>(of: Of, has: &Has, now: u64) -> Option<Lack<Id>> {
    let Standing { level, since, until, tipped, staked, .. } = *has.standing;
    match of {
        Of::Amount(amount) => less(has.balance.saturating_add(staked), amount),
        Of::Tips(amount) => less(tipped, amount),
        Of::Subscription { level: needed, grace, lasting } => {
            let counts = now < until.saturating_add(grace);
            let (level, lasted) = if counts { (level, now.saturating_sub(since)) } else { (0, 0) };
            let wait = lasting.saturating_sub(lasted);
            let ended = (!counts && until > 0).then_some(until);
            (level < needed || wait > 0).then_some(Lack::Subscription { level, ended, wait })
        }
        Of::Time(time) => {
            let wait = time.saturating_sub(now);
            (wait > 0).then_some(Lack::Time { wait })
        }
        // What it costs is looked up where someone wants to know.
        Of::Purchase => (!has.yes).then_some(Lack::Purchase { price: None }),
        Of::List => (!has.yes).then_some(Lack::NotListed),
    }
}

fn less<Id>(have: u128, need: u128) -> Option<Lack<Id>> {
    let short_by = need.saturating_sub(have);
    (short_by > 0).then_some(Lack::Amount { have, short_by })
}
