//! Rules about who may open content, and the answer to "may this account open it?"

use alloc::vec::Vec;
#[cfg(feature = "codec")]
use {
    parity_scale_codec::{Decode, Encode},
    scale_info::TypeInfo,
};

use crate::content::ContentId;

/// Number of a list of the creator.
pub type ListId = u32;

/// The maximum number of rules of an audience.
pub const MAX_RULES: usize = 8;
/// The maximum number of conditions of a rule.
pub const MAX_CONDITIONS: usize = 8;

/// Who may open a piece of content without buying it.
///
/// An empty list of rules is not valid, so that nobody publishes for everyone or for nobody by accident.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "codec", derive(Encode, Decode, TypeInfo))]
#[cfg_attr(feature = "codec", derive(ink_lite::Decode))]
// A record has no more rules than are valid, so each list's length takes one byte.
#[cfg_attr(feature = "codec", ink_lite(max_encoded_len = 2
    + MAX_RULES * (1 + MAX_CONDITIONS * <Condition<Id> as ink_lite::MaxEncodedLen>::MAX_ENCODED_LEN)))]
pub enum Audience<Id> {
    /// Everyone.
    Everyone,
    /// Nobody.
    Nobody,
    /// Accounts that meet at least one of these rules.
    AnyOf(Vec<Rule<Id>>),
}

/// Conditions, all of which must hold.
pub type Rule<Id> = Vec<Condition<Id>>;

/// One condition of a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "codec", derive(Encode, Decode, TypeInfo))]
#[cfg_attr(feature = "codec", derive(ink_lite::Decode))]
pub enum Condition<Id> {
    /// The account holds at least `amount` smallest units of the PSP22 token.
    Holds {
        /// Address of the PSP22 token.
        token: Id,
        /// The least amount.
        amount: u128,
    },
    /// The account has staked at least `amount` smallest units of the creator token at the vault.
    Staked {
        /// Address of the vault.
        vault: Id,
        /// The least amount.
        amount: u128,
    },
    /// The account's balance of the token and its stake at the vault sum to at least `amount` smallest units.
    HoldsOrStaked {
        /// Address of the PSP22 token.
        token: Id,
        /// Address of the vault.
        vault: Id,
        /// The least amount.
        amount: u128,
    },
    /// The account is subscribed at `level` or higher, or was until at most `grace` ms ago.
    Subscribed {
        /// Address of the vault.
        vault: Id,
        /// The lowest level that counts.
        level: u8,
        /// How long after its end a subscription counts, in ms.
        grace: u64,
    },
    /// The account is subscribed at `level` or higher, and has held its present level or a higher one for at least `lasting`
    /// ms without a gap. There is no grace: a late renewal starts a new subscription, so it would end the access that the grace
    /// gave.
    SubscribedFor {
        /// Address of the vault.
        vault: Id,
        /// The lowest level that counts.
        level: u8,
        /// The shortest time without a gap, in ms.
        lasting: u64,
    },
    /// The account's tips at the vault add up to at least `amount`, in planck.
    Tipped {
        /// Address of the vault.
        vault: Id,
        /// The least amount.
        amount: u128,
    },
    /// It is `time` (block time in ms) or later.
    NotBefore {
        /// From when on it holds, in ms.
        time: u64,
    },
    /// The account has bought the content with this number in the same registry. For example, an album opens its songs. A rule
    /// for the content's own number is not needed: its buyers have access anyway.
    Bought {
        /// Number of the content.
        content: ContentId,
    },
    /// The account is on the creator's list with this number.
    Listed {
        /// Number of the list.
        list: ListId,
    },
}

/// Standing of a fan at a vault: everything that rules ask a vault for.
///
/// For an unknown fan every field is 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "codec", derive(Encode, Decode, TypeInfo))]
#[cfg_attr(feature = "codec", derive(ink_lite::Decode))]
pub struct Standing {
    /// Level of the fan's subscription, running or expired; 0 if there is none.
    pub level: u8,
    /// The time since which the fan has held `level` or a higher one without a gap, in ms. A change to a higher level sets it to
    /// the time of the change. A change to the same or a lower level keeps it.
    pub since: u64,
    /// The first millisecond in which the subscription does not run. It **may be in the past**: then the subscription has
    /// expired, and the caller decides whether a grace applies. After a cancellation `level`, `since` and `until` are 0, so that
    /// nobody gets a grace for refunded money.
    pub until: u64,
    /// The sum of all tips of the fan in the native token, in planck.
    pub tipped: u128,
    /// The fan's stake, in smallest units of the creator token; 0 if the vault takes no stakes.
    pub staked: u128,
    /// The time since which all of `staked` has been staked, in ms; 0 without a stake.
    pub staked_since: u64,
}

/// The answer to "may this account open it?".
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "codec", derive(Encode, Decode, TypeInfo))]
pub enum Access<Id> {
    /// Yes, and why.
    Granted(Grant),
    /// No. Each item is one way to get access: the conditions that do not hold. Meeting all conditions of *one* way is enough.
    /// The ways are the rules, in their order, and then the purchase if the content is for sale. Before the release every way
    /// ends with `NotBefore`; an account that only has to wait gets a way with that alone. The list is empty if the content is
    /// for nobody, or retired.
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
    /// The rule with this index holds. Other rules may hold too: evaluation stops at the first.
    Rule(u8),
    /// The account has bought it.
    Purchase,
}

/// A condition that does not hold, and what is missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "codec", derive(Encode, Decode, TypeInfo))]
pub struct Missing<Id> {
    /// The condition.
    pub condition: Condition<Id>,
    /// What is missing.
    pub shortfall: Shortfall<Id>,
}

/// What an account lacks to meet a condition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "codec", derive(Encode, Decode, TypeInfo))]
pub enum Shortfall<Id> {
    /// `Holds`, `Staked`, `HoldsOrStaked`, `Tipped`: the account has `have` and needs `short_by` more, in the units of the
    /// condition.
    Amount {
        /// What the account has.
        have: u128,
        /// How much is missing.
        short_by: u128,
    },
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
    Time {
        /// How long until then, in ms.
        wait: u64,
    },
    /// The contract is missing, traps, or gives malformed return data, so the condition cannot be evaluated.
    Unavailable {
        /// Address of the contract.
        contract: Id,
    },
    /// `Bought`: the content costs `price` planck now; `None` if it is not for sale.
    Purchase {
        /// The price now.
        price: Option<u128>,
    },
    /// `Listed`: the account is not on the list. Only the creator can add it.
    NotListed,
}

/// Why an audience is not valid. `rule` is the index of the rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "codec", derive(Decode, TypeInfo))]
pub enum InvalidAudience {
    /// There are no rules. `Everyone` and `Nobody` say this explicitly.
    NoRules,
    /// There are more than [`MAX_RULES`] rules.
    TooManyRules,
    /// The rule has no conditions, so it would hold for everyone.
    EmptyRule {
        /// Index of the rule, from 0.
        rule: u8,
    },
    /// The rule has more than [`MAX_CONDITIONS`] conditions.
    TooManyConditions {
        /// Index of the rule, from 0.
        rule: u8,
    },
    /// The rule asks for an amount of 0, which every account has.
    ZeroAmount {
        /// Index of the rule, from 0.
        rule: u8,
    },
    /// The rule asks for level 0, which every account has.
    ZeroLevel {
        /// Index of the rule, from 0.
        rule: u8,
    },
}

#[cfg(feature = "codec")]
impl InvalidAudience {
    /// The number of the variant in SCALE: its position.
    fn number(&self) -> u8 {
        match self {
            Self::NoRules => 0,
            Self::TooManyRules => 1,
            Self::EmptyRule { .. } => 2,
            Self::TooManyConditions { .. } => 3,
            Self::ZeroAmount { .. } => 4,
            Self::ZeroLevel { .. } => 5,
        }
    }
}

/// Encodes as the derived implementation does, in half of the code: fields of the same type share one branch.
#[cfg(feature = "codec")]
impl Encode for InvalidAudience {
    fn encode_to<T: parity_scale_codec::Output + ?Sized>(&self, to: &mut T) {
        to.push_byte(self.number());
        match self {
            Self::NoRules | Self::TooManyRules => {}
            Self::EmptyRule { rule }
            | Self::TooManyConditions { rule }
            | Self::ZeroAmount { rule }
            | Self::ZeroLevel { rule } => rule.encode_to(to),
        }
    }
}

#[cfg(feature = "codec")]
impl parity_scale_codec::EncodeLike for InvalidAudience {}

impl<Id> Audience<Id> {
    /// Validates the number of rules and conditions, and that no condition holds for everyone.
    ///
    /// # Errors
    /// The first rule of validity that the audience breaks.
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
                match condition.requirement().kind {
                    RequirementKind::Amount { amount: 0, .. } => return Err(InvalidAudience::ZeroAmount { rule }),
                    RequirementKind::Subscription { level: 0, .. } => return Err(InvalidAudience::ZeroLevel { rule }),
                    _ => {}
                }
            }
        }
        Ok(())
    }

    /// Whether any condition asks this contract.
    pub fn names(&self, contract: &Id) -> bool
    where
        Id: PartialEq,
    {
        let Audience::AnyOf(rules) = self else { return false };
        for rule in rules {
            for condition in rule {
                for query in condition.requirement().queries.iter().flatten() {
                    if query.contract() == Some(contract) {
                        return true;
                    }
                }
            }
        }
        false
    }
}

/// A question about the account. It is the key of the cache.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Query<'a, Id> {
    /// Balance in this token.
    Balance(&'a Id),
    /// Standing at this vault.
    Standing(&'a Id),
    /// Purchase of this content, which needs no other contract.
    Bought(ContentId),
    /// Membership in this list, which needs no other contract.
    Listed(ListId),
}

impl<'a, Id> Query<'a, Id> {
    /// The contract that answers; `None` if no other contract is needed.
    pub fn contract(&self) -> Option<&'a Id> {
        match self {
            Self::Balance(contract) | Self::Standing(contract) => Some(contract),
            Self::Bought(_) | Self::Listed(_) => None,
        }
    }
}

/// A condition in the form that evaluation uses: the queries it depends on, and what their answers must show.
pub(super) struct Requirement<'a, Id> {
    pub queries: [Option<Query<'a, Id>>; 2],
    pub kind: RequirementKind,
}

/// What the answers must show.
pub(super) enum RequirementKind {
    /// At least this amount: the sum of balance and stake, or the tips.
    Amount { amount: u128, tips: bool },
    /// A subscription.
    Subscription { level: u8, grace: u64, lasting: u64 },
    /// A block time, in ms.
    Time(u64),
    /// A purchase.
    Purchase,
    /// Membership in a list.
    Listing,
}

impl<Id> Condition<Id> {
    /// The condition in the form that evaluation uses.
    #[inline(never)]
    pub(super) fn requirement(&self) -> Requirement<'_, Id> {
        let (first, second) = match self {
            Self::Holds { token, .. } => (Some(Query::Balance(token)), None),
            Self::HoldsOrStaked { token, vault, .. } => (Some(Query::Balance(token)), Some(Query::Standing(vault))),
            Self::Staked { vault, .. }
            | Self::Subscribed { vault, .. }
            | Self::SubscribedFor { vault, .. }
            | Self::Tipped { vault, .. } => (Some(Query::Standing(vault)), None),
            Self::NotBefore { .. } => (None, None),
            Self::Bought { content } => (Some(Query::Bought(*content)), None),
            Self::Listed { list } => (Some(Query::Listed(*list)), None),
        };
        let kind = match *self {
            Self::Holds { amount, .. } | Self::Staked { amount, .. } | Self::HoldsOrStaked { amount, .. } => {
                RequirementKind::Amount { amount, tips: false }
            }
            Self::Tipped { amount, .. } => RequirementKind::Amount { amount, tips: true },
            Self::Subscribed { level, grace, .. } => RequirementKind::Subscription { level, grace, lasting: 0 },
            Self::SubscribedFor { level, lasting, .. } => RequirementKind::Subscription { level, grace: 0, lasting },
            Self::NotBefore { time } => RequirementKind::Time(time),
            Self::Bought { .. } => RequirementKind::Purchase,
            Self::Listed { .. } => RequirementKind::Listing,
        };
        Requirement { queries: [first, second], kind }
    }
}
