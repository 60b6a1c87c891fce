//! What the server asks the index.

use std::{future::Future, pin::Pin};

use patronage_gateway::registry::AccountId;

use crate::api::shapes::{Account, AsOf, Happened, IncomeSum, Member, Ranked};

/// The answer of the index.
pub type HistoryFuture<'a, T> = Pin<Box<dyn Future<Output = Result<T, HistoryError>> + Send + 'a>>;

/// Why the index gives no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HistoryError {
    /// The question is malformed. The text says how.
    #[error("{0}")]
    Malformed(String),
    /// The database does not answer. A later attempt may succeed. The text is for the operator.
    #[error("the index does not answer: {0}")]
    Away(String),
}

/// A part of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part<T> {
    /// The items.
    pub items: Vec<T>,
    /// Where the next part begins; `None` after the last one.
    pub next: Option<String>,
}

/// Which part of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct At {
    /// [`Part::next`] of the part before; `None` for the first part.
    pub cursor: Option<String>,
    /// The maximum number of items.
    pub limit: u32,
}

/// What a ranking is by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ranking {
    /// Tips of the chain's own token, or of the token at this address.
    Tippers(Option<AccountId>),
    /// Creator tokens.
    Holders,
    /// Staked creator tokens.
    Stakers,
}

/// The order of members.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// The first to end comes first.
    Until,
    /// Who has been a member longest comes first.
    Since,
    /// Who has paid most comes first.
    Paid,
}

/// Which members.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Which {
    /// Only those of this tier.
    pub tier: Option<u32>,
    /// Those whose time has run out, instead of those whose time runs.
    pub lapsed: bool,
    /// Only those whose time runs out before this time, in ms.
    pub before: Option<i64>,
    /// The order.
    pub order: Order,
}

/// The length of a period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Period {
    /// A day of UTC.
    Day,
    /// A month.
    Month,
    /// A year.
    Year,
}

/// An event that can be announced.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// Where it is in the chain's history. Later events have larger numbers.
    pub number: i64,
    /// Number of the block.
    pub block: i64,
    /// Block time in ms.
    pub time: i64,
    /// The fan.
    pub account: AccountId,
    /// What happened.
    pub kind: EventKind,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EventKind {
    /// A tip.
    Tip {
        /// Address of the token; `None` for the chain's own.
        asset: Option<AccountId>,
        /// The amount in smallest units.
        amount: u128,
        /// Text of a stranger.
        memo: String,
    },
    /// A subscription of an account that was no member.
    NewMember {
        /// Number of the tier.
        tier: u32,
        /// When its time runs out, in ms.
        until: i64,
        /// What was paid, in smallest units of the tier's asset; 0 for a grant.
        paid: u128,
        /// Who paid, if that was somebody else.
        payer: Option<AccountId>,
    },
    /// Anything else.
    Other,
}

/// The index of one creator.
pub trait History: Send + Sync + 'static {
    /// Returns up to where the index knows the chain.
    fn as_of(&self) -> HistoryFuture<'_, AsOf>;

    /// Returns the number of members whose time has not run out.
    fn member_count(&self) -> HistoryFuture<'_, i64>;

    /// Returns what is known of `account`.
    fn account(&self, account: AccountId) -> HistoryFuture<'_, Account>;

    /// Returns what `account` did, or what was done for it, the newest first.
    fn history(&self, account: AccountId, at: At) -> HistoryFuture<'_, Part<Happened>>;

    /// Returns accounts by their amounts, the largest first.
    fn top(&self, ranking: Ranking, at: At) -> HistoryFuture<'_, Part<Ranked>>;

    /// Returns sums of income from the time `from` up to `to`, not included, in ms.
    fn income(&self, from: i64, to: i64, period: Period) -> HistoryFuture<'_, Vec<IncomeSum>>;

    /// Returns members.
    fn members(&self, which: Which, at: At) -> HistoryFuture<'_, Part<Member>>;

    /// Returns at most `most` events after number `after`, in their order.
    fn events_after(&self, after: i64, most: u32) -> HistoryFuture<'_, Vec<Event>>;
}
