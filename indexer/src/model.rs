//! What the index knows. Amounts are planck or smallest units, times ms.

use patronage_core::tiers::Subscription;
use patronage_interfaces::{vault::Asset, AccountId, Timestamp};

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Kind {
    /// A tip.
    Tip,
    /// A fan paid for a subscription, or got a grant.
    Subscribed,
    /// A running subscription was extended.
    ToppedUp,
    /// A subscription ended early, or its seat was freed.
    Ended,
    /// Earnings of a tier became income.
    Collected,
    /// Fees of the token's sale became income.
    SaleFees,
    /// Another contract paid income.
    PaidIn,
    /// A recipient was paid.
    Claimed,
    /// A staker was paid.
    StakeClaimed,
    /// Fees were paid out by the token.
    TokenClaimed,
    /// A fan took a refund that waited.
    Withdrawn,
    /// Tokens were bought.
    Bought,
    /// Tokens were sold back.
    Sold,
    /// Tokens changed hands.
    Transferred,
    /// Tokens were burned.
    Burned,
    /// A fan staked, unstaked or withdrew.
    Staked,
    /// Content was bought.
    Purchased,
    /// Content was published.
    Published,
}

impl Kind {
    /// All kinds.
    pub const ALL: [Self; 18] = [
        Self::Tip,
        Self::Subscribed,
        Self::ToppedUp,
        Self::Ended,
        Self::Collected,
        Self::SaleFees,
        Self::PaidIn,
        Self::Claimed,
        Self::StakeClaimed,
        Self::TokenClaimed,
        Self::Withdrawn,
        Self::Bought,
        Self::Sold,
        Self::Transferred,
        Self::Burned,
        Self::Staked,
        Self::Purchased,
        Self::Published,
    ];

    /// Its name in tables and documents.
    pub fn name(self) -> &'static str {
        match self {
            Self::Tip => "tip",
            Self::Subscribed => "subscribed",
            Self::ToppedUp => "topped up",
            Self::Ended => "subscription ended",
            Self::Collected => "subscriptions",
            Self::SaleFees => "token fees",
            Self::PaidIn => "paid in",
            Self::Claimed => "claimed",
            Self::StakeClaimed => "claimed by a staker",
            Self::TokenClaimed => "token fees claimed",
            Self::Withdrawn => "refund withdrawn",
            Self::Bought => "tokens bought",
            Self::Sold => "tokens sold",
            Self::Transferred => "tokens transferred",
            Self::Burned => "tokens burned",
            Self::Staked => "stake",
            Self::Purchased => "content bought",
            Self::Published => "published",
        }
    }

    /// The kind with this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// Effect on the creator's money: 1 for income, -1 for income that is paid out, 0 for neither.
    ///
    /// A payment for a subscription is the fan's money until it is collected, and a fee is the token's until it is collected or claimed.
    pub fn sign(self) -> i8 {
        match self {
            Self::Tip | Self::Collected | Self::SaleFees | Self::PaidIn | Self::Purchased => 1,
            Self::Claimed | Self::StakeClaimed | Self::TokenClaimed => -1,
            _ => 0,
        }
    }

    /// Whether it belongs into a statement.
    pub fn is_money(self) -> bool {
        !matches!(self, Self::Transferred | Self::Burned | Self::Staked | Self::Published)
    }
}

/// Where an event is in the chain's history.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// Number of the block.
    pub block: u32,
    /// Position among the creator's events of the block.
    pub position: u32,
}

/// Something that happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its place.
    pub place: Place,
    /// Time of the block in ms.
    pub time: Timestamp,
    /// What it was.
    pub kind: Kind,
    /// Who acted: the fan, the buyer, the recipient of a claim; the vault for collected earnings.
    pub account: AccountId,
    /// Who else is concerned: the payer of a gift, the recipient of a purchase or a transfer.
    pub other: Option<AccountId>,
    /// The asset of `amount` and `fee`.
    pub asset: Option<Asset>,
    /// The amount: what was paid, claimed or refunded.
    pub amount: Option<u128>,
    /// The fee within it.
    pub fee: Option<u128>,
    /// Creator tokens in smallest units.
    pub tokens: Option<u128>,
    /// Number of the tier.
    pub tier: Option<u32>,
    /// Number of the content.
    pub content: Option<u32>,
    /// Text of a stranger, not escaped: the memo of a tip, the URI of content; or why a subscription ended.
    pub note: Option<String>,
    /// End of the subscription.
    pub until: Option<Timestamp>,
}

/// The last subscription of a fan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// The fan.
    pub fan: AccountId,
    /// Tier, level, since when, and the money, as the vault stores it. Its end is the time when the fan left, if that was earlier.
    pub subscription: Subscription,
    /// Who paid the last time: the fan, a giver, or the owner for a grant.
    pub payer: AccountId,
    /// Why it was over before its time ran out, or whose seat was freed.
    pub ended: Option<String>,
    /// What was refunded then.
    pub refunded: Option<u128>,
    /// The asset of the tier.
    pub asset: Asset,
    /// What the fan would get back at the time of the query.
    pub refundable: u128,
}

impl Member {
    /// Whether somebody else paid for it.
    pub fn is_gift(&self) -> bool {
        self.payer != self.fan && !self.subscription.is_grant()
    }

    /// Whether it runs at `now`.
    pub fn runs(&self, now: Timestamp) -> bool {
        self.ended.is_none() && self.subscription.stream.runs(now)
    }
}

/// An account with an amount, for lists of the largest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ranked {
    /// The account.
    pub account: AccountId,
    /// The amount.
    pub amount: u128,
    /// Number of tips; 1 for holders and stakers.
    pub count: u64,
}

/// A stake.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StakeRecord {
    /// Staked tokens in smallest units.
    pub staked: u128,
    /// Unstaked tokens that were not withdrawn.
    pub unstaking: u128,
    /// Time from which they can be withdrawn; 0 if there are none.
    pub ready: Timestamp,
}

/// A tier as last offered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TierRecord {
    /// Number of the tier.
    pub tier: u32,
    /// The asset it is paid in.
    pub asset: Asset,
    /// Price of a period.
    pub price: u128,
    /// Length of a period in ms.
    pub period: u64,
    /// Level of its members.
    pub level: u8,
    /// Whether it accepts new members.
    pub open: bool,
}

/// Content as last published or changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContentRecord {
    /// Its number.
    pub content: u32,
    /// URI of the encrypted file.
    pub uri: String,
    /// Price in planck; `None` if it is not for sale.
    pub price: Option<u128>,
    /// Time from which it can be opened.
    pub release: Timestamp,
    /// Whether it is retired.
    pub retired: bool,
    /// When it was published.
    pub published: Timestamp,
}

/// Income or payouts of a day or a month.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Total {
    /// First millisecond of the time span, in UTC.
    pub time: Timestamp,
    /// The asset.
    pub asset: Asset,
    /// What it was.
    pub kind: Kind,
    /// The sum.
    pub amount: u128,
    /// Number of events.
    pub events: u64,
}
