//! Who may open content, in plain numbers.

use patronage::contracts;
use patronage_interfaces::{
    registry::{Audience, Condition, ContentId, ContentRegistry},
    AccountId,
};

use super::world::World;

impl World {
    /// Asserts that `has_access` agrees with the books, and every other time that `check` does.
    #[track_caller]
    pub fn check_access(&mut self, id: ContentId, who: AccountId) {
        let expected = self.may_open(id, who);
        let registry = || contracts::registry(self.suite.registry);
        assert_eq!(self.env.ask(registry().has_access(id, who)), expected, "content {id}");
        if self.tally.calls().is_multiple_of(2) {
            let access = self.env.ask(registry().check(id, who)).expect("the content is known");
            assert_eq!(access.is_granted(), expected, "content {id}: {access:?}");
        }
    }

    /// Asserts that `check_many` answers as `check` does.
    pub fn check_many(&mut self, who: AccountId) {
        let ids: Vec<_> = (0..self.published.len() as ContentId + 1).take(8).collect();
        let registry = contracts::registry(self.suite.registry);
        let answers = self.env.ask(registry.check_many(ids.clone(), who)).expect("that many fit");
        for (id, answer) in ids.into_iter().zip(answers) {
            let one = self.env.ask(contracts::registry(self.suite.registry).check(id, who)).ok();
            assert_eq!(answer, one, "content {id}");
        }
    }

    fn may_open(&mut self, id: ContentId, who: AccountId) -> bool {
        let (_, release, retired) = self.books.contents[&id];
        if self.now() < release {
            return false;
        }
        if self.books.bought.contains(&(id, who)) {
            return true;
        }
        let audience = self.audiences[self.published[id as usize]].clone();
        match audience {
            _ if retired => false,
            Audience::Everyone => true,
            Audience::Nobody => false,
            Audience::AnyOf(rules) => rules.iter().any(|rule| rule.iter().all(|condition| self.holds(condition, who))),
        }
    }

    fn holds(&mut self, condition: &Condition, who: AccountId) -> bool {
        let (now, fan) = (self.now(), self.books.fan(who));
        match *condition {
            Condition::Holds { token, amount } if token == self.suite.token => self.books.tokens(who) >= amount,
            Condition::Holds { token, amount } => self.env.tokens(token, who) >= amount,
            Condition::Staked { amount, .. } => fan.staked >= amount,
            Condition::HoldsOrStaked { amount, .. } => self.books.tokens(who) + fan.staked >= amount,
            Condition::Subscribed { level, grace, .. } => {
                fan.held.is_some_and(|held| held.level >= level && now < held.end + grace)
            }
            Condition::SubscribedFor { level, lasting, .. } => {
                fan.held.is_some_and(|held| held.level >= level && now < held.end && now - held.since >= lasting)
            }
            Condition::Tipped { amount, .. } => fan.tipped >= amount,
            Condition::NotBefore { time } => now >= time,
            Condition::Bought { content } => self.books.bought.contains(&(content, who)),
            Condition::Listed { list } => self.books.listed.contains(&(list, who)),
        }
    }
}
