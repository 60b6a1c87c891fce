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
        use Question::{Balance, Standing};
        let (first, second, of) = match self {
            Self::Holds { token, amount } => (Some(Balance(token)), None, Of::Amount { amount: *amount, tips: false }),
            Self::Staked { vault, amount } => {
                (Some(Standing(vault)), None, Of::Amount { amount: *amount, tips: false })
            }
            Self::HoldsOrStaked { token, vault, amount } => {
                (Some(Balance(token)), Some(Standing(vault)), Of::Amount { amount: *amount, tips: false })
            }
            Self::Subscribed { vault, level, grace } => {
                (Some(Standing(vault)), None, Of::Subscription { level: *level, grace: *grace, lasting: 0 })
            }
            Self::SubscribedFor { vault, level, lasting } => {
                (Some(Standing(vault)), None, Of::Subscription { level: *level, grace: 0, lasting: *lasting })
            }
            Self::Tipped { vault, amount } => (Some(Standing(vault)), None, Of::Amount { amount: *amount, tips: true }),
            Self::NotBefore { time } => (None, None, Of::Time(*time)),
            Self::Bought { content } => (Some(Question::Bought(*content)), None, Of::Purchase),
            Self::Listed { list } => (Some(Question::Listed(*list)), None, Of::List),
        };
        Demand { asks: [first, second], of }
    }
}
