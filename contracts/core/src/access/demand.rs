//! What a condition demands, in the one form that everything here looks at.

use super::{Condition, ContentId, ListId};

/// What is asked about the account.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Question<'a, Id> {
    /// A token.
    Balance(&'a Id),
    /// A vault.
    Standing(&'a Id),
    /// The asker's own books.
    Bought(ContentId),
    /// The asker's own books.
    Listed(ListId),
}

impl<'a, Id> Question<'a, Id> {
    /// The contract that is asked; `None` for the asker's own books.
    pub fn contract(&self) -> Option<&'a Id> {
        match self {
            Question::Balance(contract) | Question::Standing(contract) => Some(contract),
            Question::Bought(_) | Question::Listed(_) => None,
        }
    }
}

/// What a condition is about.
pub(super) enum Of {
    /// At least so much, of all that those who are asked say the account has, or has given in tips.
    Amount { amount: u128, tips: bool },
    /// A subscription.
    Subscription { level: u8, grace: u64, lasting: u64 },
    /// The time, in ms.
    Time(u64),
    /// A purchase.
    Purchase,
    /// A list.
    List,
}

/// A condition, taken apart: what has to be known, and what has to be true.
pub(super) struct Demand<'a, Id> {
    pub asks: [Option<Question<'a, Id>>; 2],
    pub of: Of,
}

impl<Id> Condition<Id> {
    #[inline(never)]
    pub(super) fn demand(&self) -> Demand<'_, Id> {
        let (first, second) = match self {
            Self::Holds { token, .. } => (Some(Question::Balance(token)), None),
            Self::HoldsOrStaked { token, vault, .. } => {
                (Some(Question::Balance(token)), Some(Question::Standing(vault)))
            }
            Self::Staked { vault, .. }
            | Self::Subscribed { vault, .. }
            | Self::SubscribedFor { vault, .. }
            | Self::Tipped { vault, .. } => (Some(Question::Standing(vault)), None),
            Self::NotBefore { .. } => (None, None),
            Self::Bought { content } => (Some(Question::Bought(*content)), None),
            Self::Listed { list } => (Some(Question::Listed(*list)), None),
        };
        let of = match *self {
            Self::Holds { amount, .. } | Self::Staked { amount, .. } | Self::HoldsOrStaked { amount, .. } => {
                Of::Amount { amount, tips: false }
            }
            Self::Tipped { amount, .. } => Of::Amount { amount, tips: true },
            Self::Subscribed { level, grace, .. } => Of::Subscription { level, grace, lasting: 0 },
            Self::SubscribedFor { level, lasting, .. } => Of::Subscription { level, grace: 0, lasting },
            Self::NotBefore { time } => Of::Time(time),
            Self::Bought { .. } => Of::Purchase,
            Self::Listed { .. } => Of::List,
        };
        Demand { asks: [first, second], of }
    }
}
