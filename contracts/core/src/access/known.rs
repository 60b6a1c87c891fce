//! What the answers so far say about conditions and rules.

use alloc::vec::Vec;

use super::{Condition, ContentId, Lack, ListId, Rule, Standing};

/// What is asked about the account.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Question<Id> {
    /// A token.
    Balance(Id),
    /// A vault.
    Standing(Id),
    /// Who looks into its own books.
    Bought(ContentId),
    /// Who looks into its own books.
    Listed(ListId),
}

impl<Id> Question<Id> {
    /// Whether no other contract has to be asked.
    fn is_own(&self) -> bool {
        matches!(self, Question::Bought(_) | Question::Listed(_))
    }
}

/// What was answered.
#[derive(Clone, Copy)]
pub(super) enum Answer {
    Unavailable,
    Balance(u128),
    Standing(Standing),
    Is(bool),
}

/// Why the answers so far do not say that a condition holds.
pub(super) enum Obstacle<Id> {
    /// They say that it does not.
    Lack(Lack<Id>),
    /// It depends on this answer.
    Unasked(Question<Id>),
}

/// What the answers so far say about a rule.
pub(super) enum Outlook<Id> {
    Holds,
    Fails,
    /// It depends on this many conditions, and on `question` first; on 0 where that is one that no contract has to be asked.
    Open {
        conditions: usize,
        question: Question<Id>,
    },
}

/// The answers so far. A list of a few entries is smaller and faster here than a map.
pub(super) struct Known<Id> {
    pub now: u64,
    pub answers: Vec<(Question<Id>, Answer)>,
}

impl<Id: Copy + PartialEq> Known<Id> {
    #[inline(never)]
    pub fn outlook(&self, rule: &Rule<Id>) -> Outlook<Id> {
        let mut conditions: usize = 0;
        let mut first: Option<Question<Id>> = None;
        for condition in rule {
            match self.judge(condition) {
                Ok(()) => {}
                Err(Obstacle::Lack(_)) => return Outlook::Fails,
                Err(Obstacle::Unasked(question)) => {
                    // At most as many as there are.
                    conditions = conditions.wrapping_add(1);
                    if first.is_none() || question.is_own() {
                        first = Some(question);
                    }
                }
            }
        }
        match first {
            None => Outlook::Holds,
            Some(question) if question.is_own() => Outlook::Open { conditions: 0, question },
            Some(question) => Outlook::Open { conditions, question },
        }
    }

    #[inline(never)]
    pub fn judge(&self, condition: &Condition<Id>) -> Result<(), Obstacle<Id>> {
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
            // What it costs is looked up where someone wants to know.
            Condition::Bought { content } => self.is(Question::Bought(*content), Lack::Purchase { price: None }),
            Condition::Listed { list } => self.is(Question::Listed(*list), Lack::NotListed),
        }
    }

    fn subscribed(&self, vault: &Id, level_needed: u8, grace: u64, lasting: u64) -> Result<(), Obstacle<Id>> {
        let Standing { level, since, until, .. } = *self.standing(vault)?;
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
        match self.answer(Question::Balance(*token))? {
            Answer::Balance(balance) => Ok(*balance),
            _ => Err(Obstacle::Lack(Lack::Unavailable { contract: *token })),
        }
    }

    fn standing(&self, vault: &Id) -> Result<&Standing, Obstacle<Id>> {
        match self.answer(Question::Standing(*vault))? {
            Answer::Standing(standing) => Ok(standing),
            _ => Err(Obstacle::Lack(Lack::Unavailable { contract: *vault })),
        }
    }

    fn is(&self, question: Question<Id>, lack: Lack<Id>) -> Result<(), Obstacle<Id>> {
        match self.answer(question)? {
            Answer::Is(true) => Ok(()),
            _ => Err(Obstacle::Lack(lack)),
        }
    }

    #[inline(never)]
    fn answer(&self, question: Question<Id>) -> Result<&Answer, Obstacle<Id>> {
        let known = self.answers.iter().find(|(asked, _)| *asked == question);
        known.map(|(_, answer)| answer).ok_or(Obstacle::Unasked(question))
    }
}

fn at_least<Id>(have: u128, need: u128) -> Result<(), Obstacle<Id>> {
    match need.saturating_sub(have) {
        0 => Ok(()),
        short_by => Err(Obstacle::Lack(Lack::Amount { have, short_by })),
    }
}
