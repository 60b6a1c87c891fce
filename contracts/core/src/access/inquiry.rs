use alloc::vec::Vec;
use patronage_wire::put;

use super::{
    demand::Question,
    known::{Answer, Known, Outlook, Verdict},
    Access, Audience, Condition, ContentId, Entry, Grant, Shortfall, ListId, Missing, Rule, Standing,
};

/// Where the facts about one account come from.
///
/// `None` from a token or a vault stands for a contract that is missing, traps, or answers what cannot be understood.
pub trait AccessOracle<Id> {
    /// How much of the PSP22 token the account holds, in smallest units.
    fn balance_of(&mut self, token: &Id) -> Option<u128>;
    /// What the vault says about the account.
    fn standing_of(&mut self, vault: &Id) -> Option<Standing>;
    /// Whether the account has bought the content.
    fn has_bought(&mut self, content: ContentId) -> bool;
    /// What the content costs now, in planck; `None` where it is not for sale.
    fn price_of(&mut self, content: ContentId) -> Option<u128>;
    /// Whether the account is on the creator's list.
    fn is_listed(&mut self, list: ListId) -> bool;
}

/// Decides for one account, at one moment, about any number of pieces of content.
///
/// Each contract is asked the same question at most once in the evaluator's life, and only while no rule is known to hold
/// and a rule that can still hold depends on the answer. What needs no other contract is looked up first, and then the rule
/// with the fewest open conditions goes first.
pub struct Evaluator<'a, Id, F> {
    facts: F,
    known: Known<'a, Id>,
}

impl<'a, Id: Copy + PartialEq, F: AccessOracle<Id>> Evaluator<'a, Id, F> {
    /// An evaluator at block time `now` (ms) that has asked nothing yet.
    pub fn new(facts: F, now: u64) -> Self {
        Self { facts, known: Known::new(now) }
    }

    /// Whether the account may open the content `id`, and why; `None` means no.
    pub fn grant(&mut self, id: ContentId, entry: &'a Entry<Id>) -> Option<Grant> {
        let terms = &entry.terms;
        if self.known.now() < terms.release {
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

    /// Whether the account may open the content `id`, and if not, everything that is missing.
    ///
    /// Grants exactly when [`grant`](Self::grant) does. Only a denial asks every contract that the rules name.
    pub fn check(&mut self, id: ContentId, entry: &'a Entry<Id>) -> Access<Id> {
        if let Some(grant) = self.grant(id, entry) {
            return Access::Granted(grant);
        }
        let terms = &entry.terms;
        let rules: &[Rule<Id>] = match &terms.audience {
            Audience::AnyOf(rules) if !terms.retired => rules,
            _ => &[],
        };
        let mut ways = Vec::with_capacity(rules.len().saturating_add(1));
        for rule in rules {
            // The release may be missing too.
            let mut way = Vec::with_capacity(rule.len().saturating_add(1));
            for condition in rule {
                self.missing(condition, &mut way);
            }
            put(&mut ways, way);
        }
        let price = terms.for_sale();
        let wait = terms.release.saturating_sub(self.known.now());
        // Before the release everyone is here, those too who have bought it, or need not.
        let is_free = matches!(terms.audience, Audience::Everyone) && !terms.retired;
        let has_access_then = wait > 0 && (is_free || self.has_bought(id, entry));
        if has_access_then || price.is_some() {
            let mut way = Vec::with_capacity(2);
            if !has_access_then {
                let condition = Condition::Bought { content: id };
                put(&mut way, Missing { condition, shortfall: Shortfall::Purchase { price } });
            }
            put(&mut ways, way);
        }
        if wait > 0 {
            let condition = Condition::NotBefore { time: terms.release };
            for way in &mut ways {
                put(way, Missing { condition, shortfall: Shortfall::Time { wait } });
            }
        }
        Access::Denied(ways)
    }

    fn rule_that_holds(&mut self, rules: &'a [Rule<Id>]) -> Option<u8> {
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

    fn has_bought(&mut self, id: ContentId, entry: &Entry<Id>) -> bool {
        entry.sold && self.facts.has_bought(id)
    }

    /// Puts what the condition lacks on the way, with all asked that it depends on.
    fn missing(&mut self, condition: &'a Condition<Id>, way: &mut Vec<Missing<Id>>) {
        let mut shortfall = Shortfall::NotListed;
        loop {
            match self.known.judge(condition, &mut shortfall) {
                Verdict::Holds => return,
                Verdict::Open(question) => self.ask(question),
                Verdict::Fails => break,
            }
        }
        if let (Condition::Bought { content }, Shortfall::Purchase { price }) = (condition, &mut shortfall) {
            *price = self.facts.price_of(*content);
        }
        put(way, Missing { condition: *condition, shortfall });
    }

    #[inline(never)]
    fn ask(&mut self, question: Question<'a, Id>) {
        let answer = match question {
            Question::Balance(token) => self.facts.balance_of(token).map_or(Answer::Nothing, Answer::Balance),
            Question::Standing(vault) => self.facts.standing_of(vault).map_or(Answer::Nothing, Answer::Standing),
            Question::Bought(content) => Answer::Is(self.facts.has_bought(content)),
            Question::Listed(list) => Answer::Is(self.facts.is_listed(list)),
        };
        self.known.add(question, answer);
    }
}
