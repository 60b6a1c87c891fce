//! The format of the launch file: TOML, with amounts in whole units, shares such as `3%`, durations such as `30d`, and times such as
//! `2026-12-24`.

use patronage_chain::units::parse_part;
use serde::Deserialize;
use toml::value::Datetime;

use crate::profile::Link;

/// The launch file. An unknown field is an error, so that a misspelled field is not ignored.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LaunchFile {
    /// The creator.
    pub creator: Creator,
    /// What a page shows of the creator. The chain does not know it.
    #[serde(default)]
    pub profile: Profile,
    /// The creator token and its sale.
    pub token: Token,
    /// Settings of the vault that can't be changed later.
    #[serde(default)]
    pub vault: Vault,
    /// The recipients of the vault's income. Empty for the creator alone.
    #[serde(default)]
    pub splits: Vec<Share>,
    /// The stakers' share of the income.
    #[serde(default)]
    pub stakers: Stakers,
    /// The tiers.
    #[serde(default)]
    pub tiers: Vec<Tier>,
    /// The content that is published at launch.
    #[serde(default)]
    pub content: Vec<Content>,
}

/// The creator.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Creator {
    /// Address, or on a development chain the name of a development account, such as `mira`.
    pub account: String,
}

/// What a page shows of the creator. `patronage profile write` signs it.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// Name of the creator. Default the token's name.
    pub name: Option<String>,
    /// Address of a picture.
    #[serde(default)]
    pub picture: String,
    /// What the creator says. Plain text.
    #[serde(default)]
    pub words: String,
    /// Links to other pages, each with `title` and `url`.
    #[serde(default)]
    pub links: Vec<Link>,
}

/// The creator token and its sale.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Token {
    /// Name, shown in wallets.
    pub name: String,
    /// Symbol, shown in wallets.
    pub symbol: String,
    /// Decimals of a whole token.
    #[serde(default = "default_decimals")]
    pub decimals: u8,
    /// Price of the first whole token, in native units.
    pub base_price: Number,
    /// Increase of the price with each whole token sold, in native units. 0 is a fixed price.
    #[serde(default)]
    pub slope: Number,
    /// Maximum number of whole tokens in circulation.
    pub cap: Option<Number>,
    /// Creator's fee on a buy, on top of the price. Default 0.
    pub buy_fee: Option<Part>,
    /// The same in basis points, instead of `buy_fee`.
    pub buy_fee_bp: Option<u16>,
    /// Creator's fee on a sell, out of the payout. Default 0.
    pub sell_fee: Option<Part>,
    /// The same in basis points, instead of `sell_fee`.
    pub sell_fee_bp: Option<u16>,
    /// A referrer's share of the fee on a buy. Default 0.
    pub referral: Option<Part>,
    /// The same in basis points of the fee, instead of `referral`.
    pub referral_bp: Option<u16>,
    /// The launch guard, if there is one.
    pub launch_guard: Option<LaunchGuard>,
}

/// Limits how many tokens an account can buy until a time.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LaunchGuard {
    /// End of the limit.
    pub until: When,
    /// Maximum number of whole tokens that an account can buy.
    pub max_tokens: Number,
}

fn default_decimals() -> u8 {
    12
}

/// Settings of the vault that can't be changed later.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Vault {
    /// Cooldown of unstaked tokens, such as `7d`.
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
    /// Address, or on a development chain the name of a development account.
    pub account: String,
    /// The share. All shares and the stakers' share must add up to 100%.
    pub share: Option<Part>,
    /// The same in basis points, instead of `share`.
    pub share_bp: Option<u16>,
}

/// The stakers' share of the vault's income.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stakers {
    /// The share. Default 0.
    pub share: Option<Part>,
    /// The same in basis points, instead of `share`.
    pub share_bp: Option<u16>,
}

/// A share with its unit: `"3%"` or `"300bp"`. A number without a unit is refused as ambiguous.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged, expecting = "a share is written in quotes with its unit, such as \"3%\" or \"300bp\"")]
pub enum Part {
    /// In quotes.
    Text(String),
}

impl Part {
    /// Basis points of the field `name`. The file has it as `part`, or as `basis_points` in the field with the suffix `_bp`.
    ///
    /// # Errors
    ///
    /// A message if it is not a valid share, or if both are set.
    pub fn of(name: &str, part: Option<&Self>, basis_points: Option<u16>) -> Result<Option<u16>, String> {
        match (part, basis_points) {
            (Some(_), Some(_)) => Err(format!("{name}: set {name} or {name}_bp, not both")),
            (Some(Self::Text(text)), None) => parse_part(text).map(Some).map_err(|error| format!("{name}: {error}")),
            (None, basis_points) => Ok(basis_points),
        }
    }
}

/// A tier.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tier {
    /// Name. The chain knows its number only.
    pub name: String,
    /// Price of one period, in units of its asset.
    pub price: Number,
    /// Whether it is paid in creator tokens.
    #[serde(default)]
    pub in_tokens: bool,
    /// Address of another PSP22 token that it is paid in.
    pub token: Option<String>,
    /// Length of a period, such as `30d`.
    pub period: String,
    /// Level for access rules. A subscriber at level 2 may open content that requires level 1.
    pub level: u8,
    /// Maximum number of members at a time. Default unlimited.
    pub seats: Option<u32>,
    /// Minimum stay, such as `7d`, at most a period. The price of this time is not refunded. Default 0.
    pub minimum_stay: Option<String>,
    /// Address of a page about the tier.
    #[serde(default)]
    pub uri: String,
    /// Description, for the profile.
    #[serde(default)]
    pub description: String,
}

/// A piece of content.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Content {
    /// Title. The chain knows its number only.
    pub title: String,
    /// Description, for the profile.
    #[serde(default)]
    pub description: String,
    /// URI of the encrypted file.
    pub uri: String,
    /// SHA-256 of the encrypted file: 64 hexadecimal digits.
    pub hash: String,
    /// Public key that the file is encrypted to, as printed by `age-keygen`: `age1...`.
    pub public_key: String,
    /// Whether everyone may open it. If not, `any_of` or `price` is required.
    #[serde(default)]
    pub everyone: bool,
    /// Rules in the form of [`crate::rules`]. An account may open the content if any rule holds.
    #[serde(default)]
    pub any_of: Vec<Rule>,
    /// Price of permanent access, in native units. Default not for sale.
    pub price: Option<Number>,
    /// Release time. Default none.
    pub release: Option<When>,
}

/// A rule as text.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged, expecting = "a rule is written in quotes, such as \"level 2, holds 5\"")]
pub enum Rule {
    /// Conditions, separated by commas.
    Text(String),
}

/// A day or a time in UTC, in quotes or as a TOML date.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged, expecting = "a time is a day or a time in UTC, such as 2026-12-24 or 2026-12-24T18:00:00Z")]
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

/// A number of whole units: a decimal number in quotes such as `"0.5"`, or an integer. `0.5` without quotes is refused, because binary
/// fractions are not exact.
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
