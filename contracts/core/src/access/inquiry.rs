use alloc::vec::Vec;

use super::{Access, Audience, Condition, Grant, Lack, Missing, Rule, Standing};

/// Where the facts about one account come from.
///
/// `None` stands for a contract that is missing, traps, or answers what cannot be understood.
pub trait Facts<Id> {
    /// How much of the PSP22 token the account holds, in smallest units.
    fn balance_of(&mut self, token: &Id) -> Option<u128>;
    /// What the vault says about the account.
    fn standing_of(&mut self, vault: &Id) -> Option<Standing>;
}

/// Decides for one account, at one moment, about any number of audiences.
///
/// Each contract is asked the same question at most once in the inquiry's life, and only while no rule is known to hold
/// and a rule that can still hold depends on the answer. The rule with the fewest open conditions goes first.
pub struct Inquiry<Id, F> {
    facts: F,
    known: Known<Id>,
}

impl<Id: Copy + PartialEq, F: Facts<Id>> Inquiry<Id, F> {
    /// An inquiry at block time `now` (ms) that has asked nothing yet.
    pub fn new(facts: F, now: u64) -> Self {
        Self { facts, known: Known { now, balances: Vec::new(), standings: Vec::new() } }
    }

    /// Whether the account belongs to the audience, and why; `None` means no.
    pub fn grant(&mut self, audience: &Audience<Id>) -> Option<Grant> {
        match audience {
            Audience::Everyone => Some(Grant::Everyone),
            Audience::Nobody => None,
            Audience::AnyOf(rules) => self.rule_that_holds(rules).map(Grant::Rule),
        }
    }

    /// Whether the account belongs to the audience, and if not, everything that is missing.
    ///
    /// Grants exactly when [`grant`](Self::grant) does. Only a denial asks every contract that the audience names.
    pub fn check(&mut self, audience: &Audience<Id>) -> Access<Id> {
        if let Some(grant) = self.grant(audience) {
            return Access::Granted(grant);
        }
        let Audience::AnyOf(rules) = audience else { return Access::Denied(Vec::new()) };
        let missing = |rule: &Rule<Id>| rule.iter().filter_map(|condition| self.missing(condition)).collect();
        Access::Denied(rules.iter().map(missing).collect())
    }

    fn rule_that_holds(&mut self, rules: &[Rule<Id>]) -> Option<u8> {
        // Ends, as every round turns a question into an answer and a condition has at most two.
        loop {
            let mut easiest: Option<(usize, Question<Id>)> = None;
            for (index, rule) in (0u8..).zip(rules) {
                match self.known.outlook(rule) {
                    Outlook::Holds => return Some(index),
                    Outlook::Fails => {}
                    Outlook::Open { conditions, question } => {
                        if easiest.is_none_or(|(fewest, _)| conditions < fewest) {
                            easiest = Some((conditions, question));
                        }
                    }
                }
            }
            let (_, question) = easiest?;
            self.ask(question);
        }
    }

    fn missing(&mut self, condition: &Condition<Id>) -> Option<Missing<Id>> {
        loop {
            match self.known.judge(condition) {
                Ok(()) => return None,
                Err(Obstacle::Lack(lack)) => return Some(Missing { condition: *condition, lack }),
                Err(Obstacle::Unasked(question)) => self.ask(question),
            }
        }
    }

    fn ask(&mut self, question: Question<Id>) {
        match question {
            Question::Balance(token) => self.known.balances.push((token, self.facts.balance_of(&token))),
            Question::Standing(vault) => self.known.standings.push((vault, self.facts.standing_of(&vault))),
        }
    }
}

/// The answers so far. A list of a few entries is smaller and faster here than a map.
struct Known<Id> {
    now: u64,
    balances: Vec<(Id, Option<u128>)>,
    standings: Vec<(Id, Option<Standing>)>,
}

/// What one contract is asked.
#[derive(Clone, Copy)]
enum Question<Id> {
    Balance(Id),
    Standing(Id),
}

/// Why the answers so far do not say that a condition holds.
enum Obstacle<Id> {
    /// They say that it does not.
    Lack(Lack<Id>),
    /// It depends on this answer.
    Unasked(Question<Id>),
}

/// What the answers so far say about a rule.
enum Outlook<Id> {
    Holds,
    Fails,
    /// It depends on this many conditions; `question` is the first one's.
    Open {
        conditions: usize,
        question: Question<Id>,
    },
}

impl<Id: Copy + PartialEq> Known<Id> {
    fn outlook(&self, rule: &Rule<Id>) -> Outlook<Id> {
        let mut open: usize = 0;
        let mut first = None;
        for condition in rule {
            match self.judge(condition) {
                Ok(()) => {}
                Err(Obstacle::Lack(_)) => return Outlook::Fails,
                Err(Obstacle::Unasked(question)) => {
                    open = open.saturating_add(1);
                    first.get_or_insert(question);
                }
            }
        }
        match first {
            None => Outlook::Holds,
            Some(question) => Outlook::Open { conditions: open, question },
        }
    }

    fn judge(&self, condition: &Condition<Id>) -> Result<(), Obstacle<Id>> {
        match condition {
            Condition::Holds { token, amount } => at_least(self.balance(token)?, *amount),
            Condition::Staked { vault, amount } => at_least(self.standing(vault)?.staked, *amount),
            Condition::HoldsOrStaked { token, vault, amount } => self.holds_or_staked(token, vault, *amount),
            Condition::Subscribed { vault, level, grace } => self.subscribed(vault, *level, *grace, 0),
            Condition::SubscribedFor { vault, level, lasting } => self.subscribed(vault, *level, 0, *lasting),
            Condition::Tipped { vault, amount } => at_least(self.standing(vault)?.tipped, *amount),
            Condition::NotBefore { time } => match time.saturating_sub(self.now) {
                0 => Ok(()),
                wait => Err(Obstacle::Lack(Lack::Time { wait })),
            },
        }
    }

    fn subscribed(&self, vault: &Id, level_needed: u8, grace: u64, lasting: u64) -> Result<(), Obstacle<Id>> {
        let Standing { level, since, until, .. } = self.standing(vault)?;
        let counts = self.now < until.saturating_add(grace);
        let (level, lasted) = if counts { (level, self.now.saturating_sub(since)) } else { (0, 0) };
        let wait = lasting.saturating_sub(lasted);
        if level >= level_needed && wait == 0 {
            return Ok(());
        }
        let ended = (!counts && until > 0).then_some(until);
        Err(Obstacle::Lack(Lack::Subscription { level, ended, wait }))
    }

    /// Either half alone can be enough, so the other one need not be asked, nor be available.
    fn holds_or_staked(&self, token: &Id, vault: &Id, amount: u128) -> Result<(), Obstacle<Id>> {
        let held = self.balance(token);
        let staked = self.standing(vault).map(|standing| standing.staked);
        let total = held.as_ref().unwrap_or(&0).saturating_add(*staked.as_ref().unwrap_or(&0));
        at_least(total, amount).map_err(|short| match (held, staked) {
            (Err(unasked @ Obstacle::Unasked(_)), _) | (_, Err(unasked @ Obstacle::Unasked(_))) => unasked,
            (Err(unavailable), _) | (_, Err(unavailable)) => unavailable,
            (Ok(_), Ok(_)) => short,
        })
    }

    fn balance(&self, token: &Id) -> Result<u128, Obstacle<Id>> {
        answer(&self.balances, token, Question::Balance)
    }

    fn standing(&self, vault: &Id) -> Result<Standing, Obstacle<Id>> {
        answer(&self.standings, vault, Question::Standing)
    }
}

fn answer<Id: Copy + PartialEq, T: Copy>(
    answers: &[(Id, Option<T>)],
    contract: &Id,
    question: fn(Id) -> Question<Id>,
) -> Result<T, Obstacle<Id>> {
    match answers.iter().find(|(asked, _)| asked == contract) {
        Some((_, Some(answer))) => Ok(*answer),
        Some((_, None)) => Err(Obstacle::Lack(Lack::Unavailable { contract: *contract })),
        None => Err(Obstacle::Unasked(question(*contract))),
    }
}

fn at_least<Id>(have: u128, need: u128) -> Result<(), Obstacle<Id>> {
    match need.saturating_sub(have) {
        0 => Ok(()),
        short_by => Err(Obstacle::Lack(Lack::Amount { have, short_by })),
    }
}
