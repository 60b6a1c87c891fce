//! Lists what is missing if access is denied.

use alloc::vec::Vec;
use ink_lite::put;

use super::{
    evaluate::{AccessOracle, Answers, Evaluator, Verdict},
    model::{Access, Audience, Condition, Missing, RequirementKind, Rule, Shortfall},
};
use crate::content::{ContentId, Entry};

impl<'a, Id: Copy + PartialEq, O: AccessOracle<Id>> Evaluator<'a, Id, O> {
    /// Whether the account may open the content `id`, and if not, everything that is missing.
    ///
    /// Grants exactly if [`grant`](Self::grant) does. Only a denial asks every contract that the rules name.
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
            // One more for the release.
            let mut way = Vec::with_capacity(rule.len().saturating_add(1));
            for condition in rule {
                self.explain(condition, &mut way);
            }
            put(&mut ways, way);
        }
        let price = terms.for_sale();
        let wait = terms.release.saturating_sub(self.now);
        // Before the release nobody has access, even buyers and those who need not buy.
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

    /// Appends the condition to `way` if it is not met. Asks every question that it depends on.
    fn explain(&mut self, condition: &'a Condition<Id>, way: &mut Vec<Missing<Id>>) {
        loop {
            match self.judge(condition) {
                Verdict::Met => return,
                Verdict::Open(query) => self.ask(query),
                Verdict::Failed => break,
            }
        }
        let mut shortfall = self.answers(condition).shortfall(self.now);
        if let (Condition::Bought { content }, Shortfall::Purchase { price }) = (condition, &mut shortfall) {
            *price = self.oracle.price_of(*content);
        }
        put(way, Missing { condition: *condition, shortfall });
    }
}

impl<Id: Copy> Answers<'_, '_, Id> {
    /// What a condition that is not met still lacks at `now` (ms).
    fn shortfall(&self, now: u64) -> Shortfall<Id> {
        if let Some(contract) = self.unavailable {
            return Shortfall::Unavailable { contract: *contract };
        }
        match self.kind {
            RequirementKind::Amount { amount, tips } => {
                let have = self.amount(tips);
                Shortfall::Amount { have, short_by: amount.saturating_sub(have) }
            }
            RequirementKind::Subscription { grace, lasting, .. } => {
                let (level, lasted) = self.subscription(now, grace);
                let until = self.standing.until;
                let ended = (!self.is_running(now, grace) && until > 0).then_some(until);
                Shortfall::Subscription { level, ended, wait: lasting.saturating_sub(lasted) }
            }
            RequirementKind::Time(time) => Shortfall::Time { wait: time.saturating_sub(now) },
            // The caller adds the price.
            RequirementKind::Purchase => Shortfall::Purchase { price: None },
            RequirementKind::Listing => Shortfall::NotListed,
        }
    }
}
