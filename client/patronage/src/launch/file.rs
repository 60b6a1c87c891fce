//! The launch file as it is written: TOML, amounts in whole units, parts like `3%`, durations like `30d`, times like
//! `2026-12-24`.

use patronage_chain::units::parse_part;
use serde::Deserialize;
use toml::value::Datetime;

/// All a creator says before a launch. An unknown field is an error, so that no typo passes for a wish.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LaunchFile {
    /// Who launches.
    pub creator: Creator,
    /// The creator token and its sale.
    pub token: Token,
    /// What is set for the vault for good.
    #[serde(default)]
    pub vault: Vault,
    /// Who shares the vault's income; the creator alone where there are none.
    #[serde(default)]
    pub splits: Vec<Share>,
    /// What the fans who stake get of it.
    #[serde(default)]
    pub stakers: Stakers,
    /// Subscriptions on offer.
    #[serde(default)]
    pub tiers: Vec<Tier>,
    /// What is published at launch.
    #[serde(default)]
    pub content: Vec<Content>,
}

/// Who launches.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Creator {
    /// Name of a development account, such as `mira`.
    pub account: String,
}

/// The creator token and its sale.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Token {
    /// Name that wallets show.
    pub name: String,
    /// Symbol that wallets show.
    pub symbol: String,
    /// Decimals of a whole token.
    #[serde(default = "default_decimals")]
    pub decimals: u8,
    /// Price of the first whole token, in native units.
    pub base_price: Number,
    /// What each whole token sold adds to the price, in native units; 0 is a fixed price.
    #[serde(default)]
    pub slope: Number,
    /// Most whole tokens that can ever be in circulation from the sale.
    pub cap: Option<Number>,
    /// Creator's fee on a buy, on top of the price; none where it is not said.
    pub buy_fee: Option<Part>,
    /// The same as a number of basis points, in place of `buy_fee`.
    pub buy_fee_bp: Option<u16>,
    /// Creator's fee on a sale back, out of the payout; none where it is not said.
    pub sell_fee: Option<Part>,
    /// The same as a number of basis points, in place of `sell_fee`.
    pub sell_fee_bp: Option<u16>,
    /// A referrer's share of the fee on a buy; none where it is not said.
    pub referral: Option<Part>,
    /// The same as a number of basis points of the fee, in place of `referral`.
    pub referral_bp: Option<u16>,
    /// The launch guard; none where it is not said.
    pub launch_guard: Option<LaunchGuard>,
}

/// How many tokens an account can buy until a time.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LaunchGuard {
    /// When the limit ends.
    pub until: When,
    /// The most whole tokens that an account holds after buying.
    pub max_tokens: Number,
}

fn default_decimals() -> u8 {
    12
}

/// What is set for the vault for good.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Vault {
    /// How long tokens that a fan takes out of a stake wait, such as `7d`.
    #[serde(default = "default_stake_cooldown")]
    pub stake_cooldown: String,
}

impl Default for Vault {
    fn default() -> Self {
        Self { stake_cooldown: default_stake_cooldown() }
    }
}

fn default_stake_cooldown() -> String {
    "7d".to_owned()
}

/// One recipient's share of the vault's income.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Share {
    /// Name of a development account.
    pub account: String,
    /// The share; all shares and that of the stakers add up to 100%.
    pub share: Option<Part>,
    /// The same as a number of basis points, in place of `share`.
    pub share_bp: Option<u16>,
}

/// The share of the fans who stake in the vault's income.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stakers {
    /// The share; none where it is not said.
    pub share: Option<Part>,
    /// The same as a number of basis points, in place of `share`.
    pub share_bp: Option<u16>,
}

/// A part with its unit: `"3%"`, or `"300bp"`. A bare number is refused, as it reads as either.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged, expecting = "a part is written in quotes with its unit, such as \"3%\" or \"300bp\"")]
pub enum Part {
    /// Written in quotes.
    Text(String),
}

impl Part {
    /// Basis points of the field `name`, which the file has as `part`, or as a number of basis points under `name` and `_bp`.
    ///
    /// # Errors
    ///
    /// In words, when it is no part, or is there twice.
    pub fn of(name: &str, part: Option<&Self>, basis_points: Option<u16>) -> Result<Option<u16>, String> {
        match (part, basis_points) {
            (Some(_), Some(_)) => Err(format!("{name}: say {name} or {name}_bp, not both")),
            (Some(Self::Text(text)), None) => parse_part(text).map(Some).map_err(|error| format!("{name}: {error}")),
            (None, basis_points) => Ok(basis_points),
        }
    }
}

/// A subscription on offer.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tier {
    /// Name for people; the chain knows a tier by its number.
    pub name: String,
    /// Price of one period, in native units, or in those of the token that it is paid in.
    pub price: Number,
    /// Whether it is paid in creator tokens.
    #[serde(default)]
    pub in_tokens: bool,
    /// Address of another PSP22 token that it is paid in.
    pub token: Option<String>,
    /// Length of a period, such as `30d`.
    pub period: String,
    /// Level that content rules ask for: a subscriber at level 2 may open what asks for level 1.
    pub level: u8,
    /// Most subscribers at a time; any number where it is not said.
    pub seats: Option<u32>,
    /// How long a fan pays for in any case, such as `7d`, at most a period; nothing where it is not said.
    pub minimum_stay: Option<String>,
    /// Address of a page about the tier.
    #[serde(default)]
    pub uri: String,
}

/// A piece of content.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Content {
    /// Title for people; the chain knows content by its number.
    pub title: String,
    /// Where the encrypted file is.
    pub uri: String,
    /// SHA-256 of the encrypted file: 64 hexadecimal digits.
    pub hash: String,
    /// The key that the file is encrypted to, as `age-keygen` prints it: `age1...`.
    pub public_key: String,
    /// Says that anyone may open it. Without this, there are rules in `any_of`, or a price.
    #[serde(default)]
    pub everyone: bool,
    /// Rules, as [`crate::rules`] reads them: a fan who meets any one of them may open it.
    #[serde(default)]
    pub any_of: Vec<Rule>,
    /// What access for good costs beside the rules, in native units; not for sale where it is not said.
    pub price: Option<Number>,
    /// When it can be opened; at once where it is not said.
    pub release: Option<When>,
}

/// A rule in words.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged, expecting = "a rule is written in quotes, such as \"level 2, holds 5\"")]
pub enum Rule {
    /// Its conditions, with commas between them.
    Text(String),
}

/// A day or a time of UTC, in quotes or as TOML has them.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged, expecting = "a time is a day or a time of UTC, such as 2026-12-24 or 2026-12-24T18:00:00Z")]
pub enum When {
    /// Without quotes.
    Date(Datetime),
    /// In quotes.
    Text(String),
}

impl std::fmt::Display for When {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Date(date) => date.fmt(f),
            Self::Text(text) => text.fmt(f),
        }
    }
}

/// A number of whole units: `"0.5"` in quotes, or an integer without. A bare `0.5` is refused, as binary fractions are
/// not exact.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged, expecting = "an amount is a whole number, or a decimal number in quotes such as \"0.5\"")]
pub enum Number {
    /// Written without quotes.
    Integer(i64),
    /// Written in quotes.
    Text(String),
}

impl Default for Number {
    fn default() -> Self {
        Self::Integer(0)
    }
}

impl std::fmt::Display for Number {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Integer(number) => number.fmt(f),
            Self::Text(text) => text.fmt(f),
        }
    }
}
