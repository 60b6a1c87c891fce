//! The JSON of requests and answers under `/v1`. Amounts are decimal numbers in texts, in smallest units. Times are in ms since
//! 1970. Accounts are SS58 addresses; hashes are `0x` and hexadecimal digits. Text of strangers is data: a page must show it as
//! text.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// Up to where the index knows the chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct AsOf {
    /// Number of the block.
    pub block: i64,
    /// Its time.
    pub time: i64,
}

/// A unit of amounts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Unit {
    /// Its symbol.
    pub symbol: String,
    /// Number of decimals of a whole unit.
    pub decimals: u8,
}

impl From<&patronage_chain::units::Unit> for Unit {
    fn from(unit: &patronage_chain::units::Unit) -> Self {
        Self { symbol: unit.symbol.clone(), decimals: unit.decimals }
    }
}

/// The creator: chain, contracts, units, and how many members there are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Creator {
    /// Hash of the chain's first block.
    pub genesis: String,
    /// Address of the creator token.
    pub token: String,
    /// Address of the vault.
    pub vault: String,
    /// Address of the registry.
    pub registry: String,
    /// Unit of the chain's own token.
    pub native: Unit,
    /// Unit of the creator token.
    pub creator_token: Unit,
    /// Number of members whose time has not run out.
    pub members: i64,
    /// Up to where this is known.
    pub as_of: AsOf,
}

/// A tier.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Tier {
    /// Its number.
    pub tier: u32,
    /// Its name; null if the server does not know it.
    pub name: Option<String>,
    /// Address of the token that it is paid in; null for the chain's own.
    pub asset: Option<String>,
    /// Price of a period.
    pub price: String,
    /// Length of a period, in ms.
    pub period: u64,
    /// Level for access rules.
    pub level: u8,
    /// Maximum number of members at a time; null if it is not limited.
    pub seats: Option<u32>,
    /// Number of seats that are taken.
    pub taken: u32,
    /// Minimum stay, in ms.
    pub minimum_stay: u64,
    /// Whether new members can join.
    pub open: bool,
    /// Address of a page about it, or empty.
    pub uri: String,
}

/// A list of tiers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Tiers {
    /// The tiers, by their numbers.
    pub items: Vec<Tier>,
}

/// A piece of content.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Content {
    /// Its number.
    pub content: u32,
    /// Its title; null if the server does not know it.
    pub title: Option<String>,
    /// Address of the encrypted file: a URL, or a name under `/content/`.
    pub uri: String,
    /// SHA-256 of the encrypted file.
    pub hash: String,
    /// Price of permanent access in the chain's own token; null if it is not for sale.
    pub price: Option<String>,
    /// Release time; 0 if there is none.
    pub release: u64,
    /// Whether it is retired.
    pub retired: bool,
    /// Whether everyone may open it.
    pub everyone: bool,
}

/// A page of content.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ContentPage {
    /// The content, by its numbers.
    pub items: Vec<Content>,
    /// To be given as `after` for the next page; null after the last one.
    pub next: Option<String>,
}

/// An amount of an asset.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct AssetAmount {
    /// Address of the token; null for the chain's own.
    pub asset: Option<String>,
    /// The amount.
    pub amount: String,
}

/// A membership.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Member {
    /// The member.
    pub account: String,
    /// Number of the tier.
    pub tier: u32,
    /// Its name; null if the server does not know it.
    pub tier_name: Option<String>,
    /// Whether its time has not run out.
    pub running: bool,
    /// When it began.
    pub since: i64,
    /// When its time runs out or ran out.
    pub until: i64,
    /// When somebody ended it; null if nobody did.
    pub ended: Option<i64>,
    /// Address of the token that it is paid in; null for the chain's own.
    pub asset: Option<String>,
    /// Agreed price of a period; 0 for a grant.
    pub price: String,
    /// All that was paid for it.
    pub paid: String,
    /// What the member would get back now.
    pub refundable: String,
    /// Whether the creator granted it.
    pub granted: bool,
    /// Who paid, if that was somebody else.
    pub gift_of: Option<String>,
}

/// A page of members.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct MemberPage {
    /// The members.
    pub items: Vec<Member>,
    /// To be given as `after` for the next page; null after the last one.
    pub next: Option<String>,
    /// Up to where this is known.
    pub as_of: AsOf,
}

/// What the index knows of an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Account {
    /// The account.
    pub account: String,
    /// Its membership, running or not; null if it never was a member.
    pub membership: Option<Member>,
    /// Creator tokens that it holds.
    pub tokens: String,
    /// Creator tokens that it has staked.
    pub staked: String,
    /// Creator tokens that it is unstaking.
    pub unstaking: String,
    /// What it has tipped, by asset.
    pub tipped: Vec<AssetAmount>,
    /// Numbers of the content that was bought for it.
    pub bought: Vec<u32>,
    /// Up to where this is known.
    pub as_of: AsOf,
}

/// Something that an account did, or that was done for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Happened {
    /// Number of the block.
    pub block: i64,
    /// Its time.
    pub time: i64,
    /// Name of the event in the contract's interface.
    pub kind: String,
    /// Its fields.
    #[schema(value_type = Object)]
    pub details: serde_json::Value,
}

/// A page of history.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct HistoryPage {
    /// What happened, the newest first.
    pub items: Vec<Happened>,
    /// To be given as `before` for the next page; null after the last one.
    pub next: Option<String>,
    /// Up to where this is known.
    pub as_of: AsOf,
}

/// An account and an amount.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Ranked {
    /// The account.
    pub account: String,
    /// The amount.
    pub amount: String,
}

/// A page of accounts by their amounts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct RankedPage {
    /// The accounts, the largest amount first.
    pub items: Vec<Ranked>,
    /// To be given as `after` for the next page; null after the last one.
    pub next: Option<String>,
    /// Up to where this is known.
    pub as_of: AsOf,
}

/// A sum of income or of claims in a period.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct IncomeSum {
    /// The period, such as `2026-01-31`, `2026-01` or `2026`.
    pub period: String,
    /// What it was for.
    pub kind: String,
    /// Whether it came in. If not, it was claimed.
    pub comes_in: bool,
    /// Address of the token; null for the chain's own.
    pub asset: Option<String>,
    /// The sum.
    pub amount: String,
    /// Number of single amounts.
    pub lines: i64,
}

/// Income over time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Income {
    /// The sums, by period.
    pub items: Vec<IncomeSum>,
    /// Up to where this is known.
    pub as_of: AsOf,
}

/// An error.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Problem {
    /// The kind, for programs.
    pub code: String,
    /// What is wrong and what to do, for people.
    pub message: String,
}

/// A request to sign in.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChallengeRequest {
    /// The account: an SS58 address.
    pub account: String,
}

/// The text to sign.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ChallengeAnswer {
    /// The text, to be signed byte by byte.
    pub challenge: String,
}

/// A signed text.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignInRequest {
    /// The text that was signed.
    pub challenge: String,
    /// Signature scheme: `sr25519` or `ed25519`.
    pub scheme: String,
    /// The signature: `0x` and 128 hexadecimal digits.
    pub signature: String,
}

/// A token for the list of members.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct SignInAnswer {
    /// To be sent as `Authorization: Bearer TOKEN`, for a quarter of an hour.
    pub token: String,
}

/// Which page.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PageQuery {
    /// Number of items, 1 to 100. Default 50.
    pub limit: Option<u32>,
    /// `next` of the page before.
    pub after: Option<String>,
}

/// Which part of a history.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct HistoryQuery {
    /// Number of items, 1 to 100. Default 50.
    pub limit: Option<u32>,
    /// `next` of the page before.
    pub before: Option<String>,
}

/// Which ranking.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct TopQuery {
    /// Address of the token that was tipped. Default the chain's own. For tippers only.
    pub asset: Option<String>,
    /// Number of items, 1 to 100. Default 50.
    pub limit: Option<u32>,
    /// `next` of the page before.
    pub after: Option<String>,
}

/// Which members.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct MemberQuery {
    /// Number of a tier.
    pub tier: Option<u32>,
    /// Whether those whose time has run out are listed, instead of those whose time runs.
    pub lapsed: Option<bool>,
    /// Only those whose time runs out before this time, in ms.
    pub before: Option<i64>,
    /// Order: `until` (the first to end first), `since` (the longest first) or `paid` (the largest first). Default `until`.
    pub sort: Option<String>,
    /// Number of items, 1 to 100. Default 50.
    pub limit: Option<u32>,
    /// `next` of the page before.
    pub after: Option<String>,
}

/// Which income.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct IncomeQuery {
    /// First day in UTC, such as `2026-01-31`. Default the launch.
    pub from: Option<String>,
    /// Last day in UTC, included. Default today.
    pub to: Option<String>,
    /// Length of a period: `day`, `month` or `year`. Default `month`.
    pub by: Option<String>,
}
