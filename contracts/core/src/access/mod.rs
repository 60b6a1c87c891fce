//! Who may open a piece of content.
//!
//! Access is granted when **any** rule of an [`Audience`] holds, and a rule holds when **all** of its conditions hold; beside
//! that, whoever has bought content keeps it ([`Terms`]). What a condition asks about (a token balance, a standing at a vault)
//! lives in other contracts and is dear to read, so an [`Evaluator`] asks only when the answer can still change the verdict, and
//! remembers what it was told.
//!
//! Everything is generic over `Id`, the account of a contract.

mod demand;
mod evaluator;
mod known;
mod limits;
mod read;
mod terms;
#[cfg(test)]
mod tests;

use alloc::vec::Vec;
#[cfg(feature = "codec")]
use {
    parity_scale_codec::{Decode, Encode},
    scale_info::TypeInfo,
};

use demand::Of;
pub use evaluator::{AccessOracle, Evaluator};
pub use limits::QuestionLimits;
pub use terms::{Entry, PurchaseError, Terms};

/// Number of a piece of content in its registry.
pub type ContentId = u32;
/// Number of a list of the creator's.
pub type ListId = u32;

/// The most rules an audience can have.
pub const MAX_RULES: usize = 8;
/// The most conditions a rule can have.
pub const MAX_CONDITIONS: usize = 8;

/// Whom a piece of content is for.
///
/// "Everyone" and "nobody" have names of their own: an empty list of rules is refused, so neither happens by accident.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "codec", derive(Encode, Decode, TypeInfo))]
pub enum Audience<Id> {
    /// No condition at all.
    Everyone,
    /// No rule grants access.
    Nobody,
    /// Whoever meets at least one of these rules.
    AnyOf(Vec<Rule<Id>>),
}

/// Conditions that must all hold.
pub type Rule<Id> = Vec<Condition<Id>>;

/// One thing that a rule demands of an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "codec", derive(Encode, Decode, TypeInfo))]
pub enum Condition<Id> {
    /// The account itself holds at least `amount` of the PSP22 token, in its smallest units.
    Holds { token: Id, amount: u128 },
    /// At least `amount` of the vault's creator token (smallest units) is staked for the account at the vault.
    Staked { vault: Id, amount: u128 },
    /// What the account holds of the token and what it has staked at the vault add up to at least `amount`.
    HoldsOrStaked { token: Id, vault: Id, amount: u128 },
    /// The account is subscribed at `level` or higher, or was until at most `grace` ms ago.
    Subscribed { vault: Id, level: u8, grace: u64 },
    /// The account is subscribed at `level` or higher, and has held its present level or a higher one for at least `lasting`
    /// ms without a gap. There is no grace: a fan who renews late starts anew, so renewing would take away what grace gave.
    SubscribedFor { vault: Id, level: u8, lasting: u64 },
    /// The account's tips at the vault add up to at least `amount`, in planck.
    Tipped { vault: Id, amount: u128 },
    /// It is `time` (block time in ms) or later.
    NotBefore { time: u64 },
    /// The account has bought the content with this number in the same registry: an album, for example, that a song is on.
    /// The content itself needs no such rule, as whoever has bought it has access anyway.
    Bought { content: ContentId },
    /// The account is on the creator's list with this number.
    Listed { list: ListId },
}

/// What a fan is to a creator: everything that a rule can ask of a vault, in one answer.
///
/// A fan that a vault has never heard of has the default, in which everything is 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "codec", derive(Encode, Decode, TypeInfo))]
pub struct Standing {
    /// Level of the fan's subscription, running or expired; 0 if there is none.
    pub level: u8,
    /// Since when the fan has held `level` or a higher one, in ms: without a gap from then to `until`. A change to a higher
    /// level begins anew, as the time before was not at that level; a change to the same or a lower one counts on.
    pub since: u64,
    /// The first millisecond in which the subscription does not run. It **may be in the past**: then the subscription has
    /// expired, and whoever asks decides whether a grace applies. A subscription that was cancelled is gone and leaves 0
    /// here and in `level` and `since`, so that nobody gets a grace for money that was taken back.
    pub until: u64,
    /// All the fan ever tipped in the chain's own token, in planck.
    pub tipped: u128,
    /// The fan's stake, in smallest units of the creator's token; 0 where a vault takes no stakes.
    pub staked: u128,
    /// Since when all of `staked` has been staked, in ms; 0 without a stake.
    pub staked_since: u64,
}

/// The answer to "may this account open it?".
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "codec", derive(Encode, Decode, TypeInfo))]
pub enum Access<Id> {
    /// Yes, and why.
    Granted(Grant),
    /// No. For each way in, every condition that does not hold: meeting all of *one* is enough. The ways are the rules in their
    /// order; then, where it can be bought, to buy it, or where nothing is missing but the release, to wait. Before the release
    /// each of them ends with `NotBefore`. The list is empty when the content is for nobody, or retired.
    Denied(Vec<Vec<Missing<Id>>>),
}

impl<Id> Access<Id> {
    /// Whether the account may open the content.
    pub fn is_granted(&self) -> bool {
        matches!(self, Access::Granted(_))
    }
}

/// Why access is granted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "codec", derive(Encode, Decode, TypeInfo))]
pub enum Grant {
    /// The content is for everyone.
    Everyone,
    /// The rule with this index holds. Others may hold, too: those that need more contracts asked are not looked at.
    Rule(u8),
    /// The account has bought it.
    Purchase,
}

/// A condition that does not hold, and what it lacks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "codec", derive(Encode, Decode, TypeInfo))]
pub struct Missing<Id> {
    /// What the rule demands.
    pub condition: Condition<Id>,
    /// How far the account is from it.
    pub shortfall: Shortfall<Id>,
}

/// How far an account is from meeting a condition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "codec", derive(Encode, Decode, TypeInfo))]
pub enum Shortfall<Id> {
    /// `Holds`, `Staked`, `HoldsOrStaked`, `Tipped`: the account has `have` and needs `short_by` more, in the units of the
    /// condition.
    Amount { have: u128, short_by: u128 },
    /// `Subscribed`, `SubscribedFor`: the account needs a subscription, a higher level, or a longer time.
    Subscription {
        /// Level of the subscription that counts now, grace included; 0 when there is none.
        level: u8,
        /// When the last subscription ended (ms), if there was one and it no longer counts.
        ended: Option<u64>,
        /// How much longer (ms) the subscription has to last without a gap before the condition holds.
        wait: u64,
    },
    /// `NotBefore`: it holds in `wait` ms.
    Time { wait: u64 },
    /// The contract gave no answer that makes sense: whether the condition holds cannot be known.
    Unavailable { contract: Id },
    /// `Bought`: the content costs `price` planck now; `None` where it is not for sale.
    Purchase { price: Option<u128> },
    /// `Listed`: only the creator can put the account on the list.
    NotListed,
}

/// Why an audience is refused; `rule` is the index of the rule concerned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "codec", derive(Encode, Decode, TypeInfo))]
pub enum InvalidAudience {
    /// No rules at all. Say `Everyone` or `Nobody`.
    NoRules,
    /// More than [`MAX_RULES`] rules.
    TooManyRules,
    /// A rule without conditions would hold for everyone.
    EmptyRule { rule: u8 },
    /// More than [`MAX_CONDITIONS`] conditions in a rule.
    TooManyConditions { rule: u8 },
    /// A condition on an amount of zero always holds.
    ZeroAmount { rule: u8 },
    /// Level 0 means "not subscribed".
    ZeroLevel { rule: u8 },
}

impl<Id> Audience<Id> {
    /// Checks that every rule demands something and that the bounds are kept.
    ///
    /// # Errors
    ///
    /// The first thing wrong, as [`InvalidAudience`].
    pub fn validate(&self) -> Result<(), InvalidAudience> {
        let Audience::AnyOf(rules) = self else { return Ok(()) };
        if rules.is_empty() {
            return Err(InvalidAudience::NoRules);
        }
        if rules.len() > MAX_RULES {
            return Err(InvalidAudience::TooManyRules);
        }
        for (rule, conditions) in (0u8..).zip(rules) {
            if conditions.is_empty() {
                return Err(InvalidAudience::EmptyRule { rule });
            }
            if conditions.len() > MAX_CONDITIONS {
                return Err(InvalidAudience::TooManyConditions { rule });
            }
            for condition in conditions {
                match condition.demand().of {
                    Of::Amount { amount: 0, .. } => return Err(InvalidAudience::ZeroAmount { rule }),
                    Of::Subscription { level: 0, .. } => return Err(InvalidAudience::ZeroLevel { rule }),
                    _ => {}
                }
            }
        }
        Ok(())
    }

    /// Whether any condition asks `contract`.
    pub fn names(&self, contract: &Id) -> bool
    where
        Id: PartialEq,
    {
        let Audience::AnyOf(rules) = self else { return false };
        for rule in rules {
            for condition in rule {
                for question in condition.demand().asks.iter().flatten() {
                    if question.contract() == Some(contract) {
                        return true;
                    }
                }
            }
        }
        false
    }
}
