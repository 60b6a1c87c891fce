//! Converts a launch file to the terms of the three contracts, and validates them by the contracts' own rules before anything is sent.

mod content;
mod file;

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use hex::FromHex;
use patronage_chain::{
    accounts::{named_account, parse_address},
    units::{parse_date, parse_duration, Unit, Units},
    Chain, ChainError, Properties,
};
use patronage_core::{bp, limits::Limits, splits};
use patronage_gateway::key::{KeyError, PublicKey};
use patronage_interfaces::{
    token::{LaunchGuard, TermsError, TokenTerms},
    vault::{Asset, Share, SplitsError, TierTerms, VaultError, VaultTerms, MAX_COOLDOWN, MAX_INITIAL_TIERS, MAX_TEXT},
    AccountId,
};

use crate::{
    client::native_unit,
    escape::for_terminal,
    foreign, messages,
    profile::Link,
    references::{self, Kind},
};
pub use content::{AccessSnapshot, PlannedContent};
use file::{LaunchFile, Number, Part};

/// Why a launch file can't be used. The text is one line that says what to change, and where.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("{path}: {message}", path = path.display())]
pub struct LaunchError {
    /// The file.
    pub path: PathBuf,
    /// The position in the file, and the error.
    pub message: String,
}

/// The validated content of a launch file.
#[derive(Debug, Clone)]
pub struct Launch {
    /// Name of the creator's account.
    pub creator: String,
    /// Terms of the creator token.
    pub token: TokenTerms,
    /// Terms of the vault with its tiers, without the address of the creator token. See [`Launch::vault_of`].
    pub vault: VaultTerms,
    /// Whether each tier is paid in creator tokens.
    in_tokens: Vec<bool>,
    /// Names of the accounts in the vault's splits, in order. The creator's name if there are no splits.
    pub recipients: Vec<String>,
    /// Names of the tiers, indexed by their numbers.
    pub tiers: Vec<String>,
    /// The content to publish, indexed by its numbers.
    pub content: Vec<PlannedContent>,
}

/// What a launch file says for the profile of the creator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LaunchProfile {
    /// Name of the creator.
    pub name: String,
    /// Address of a picture, or empty.
    pub picture: String,
    /// What the creator says.
    pub words: String,
    /// Links to other pages.
    pub links: Vec<Link>,
    /// Descriptions of tiers by their names.
    pub tiers: BTreeMap<String, String>,
    /// Descriptions of content by its titles.
    pub content: BTreeMap<String, String>,
}

impl LaunchProfile {
    /// Reads the profile in the launch file at `path`. Does not check the rest of the file by the rules of the contracts.
    ///
    /// # Errors
    ///
    /// If the file can't be read, or is not a launch file.
    pub fn read(path: &Path) -> Result<Self, LaunchError> {
        let fail = |message: String| LaunchError { path: path.to_owned(), message };
        let text = std::fs::read_to_string(path).map_err(|error| fail(format!("can't be read: {error}")))?;
        let file: LaunchFile = toml::from_str(&text).map_err(|error| fail(in_one_line(&text, &error)))?;
        let file::Profile { name, picture, words, links } = file.profile;
        Ok(Self {
            name: name.unwrap_or(file.token.name),
            picture,
            words,
            links,
            tiers: file.tiers.into_iter().map(|tier| (tier.name, tier.description)).collect(),
            content: file.content.into_iter().map(|content| (content.title, content.description)).collect(),
        })
    }
}

impl Launch {
    /// Reads and checks the launch file at `path` for this `chain`.
    ///
    /// # Errors
    ///
    /// If the file can't be read, is not a launch file, has terms that the contracts would refuse, or names a contract that does not
    /// exist.
    pub fn read(path: &Path, chain: &mut dyn Chain) -> Result<Self, LaunchError> {
        let fail = |message: String| LaunchError { path: path.to_owned(), message };
        let text = std::fs::read_to_string(path).map_err(|error| fail(format!("can't be read: {error}")))?;
        Self::parse(&text, chain).map_err(fail)
    }

    /// Checks a launch file's `text` for this `chain`.
    ///
    /// # Errors
    ///
    /// A message in one line. Fails as [`read`](Self::read) does.
    pub fn parse(text: &str, chain: &mut dyn Chain) -> Result<Self, String> {
        // Values of the file are in the messages as they are.
        Self::checked(text, chain).map_err(|message| for_terminal(&message).into_owned())
    }

    fn checked(text: &str, chain: &mut dyn Chain) -> Result<Self, String> {
        let native = native_unit(chain);
        let file: LaunchFile = toml::from_str(text).map_err(|error| in_one_line(text, &error))?;
        let creator = file.creator.account.clone();
        named_account(&creator, chain.properties().development).map_err(at("creator.account"))?;
        let token = token_terms(&file.token, &native)?;
        let stakers = Part::of("share", file.stakers.share.as_ref(), file.stakers.share_bp).map_err(at("stakers"))?;
        let stakers = stakers.unwrap_or(0);
        let shares = shares(&file.splits, stakers, chain.properties())?;
        let recipients = match file.splits.is_empty() {
            true => vec![creator.clone()],
            false => file.splits.iter().map(|share| share.account.clone()).collect(),
        };
        let cooldown = cooldown(&file.vault, &native)?;
        let units = Units { token: Unit::of_token(token.symbol.to_string(), token.decimals), native };
        let tiers = tier_terms(&file.tiers, chain, &units)?;
        let content = content::planned(&file.content, chain, &units)?;
        Ok(Self {
            creator,
            token,
            vault: VaultTerms { splits: shares, stakers, tiers, token: None, cooldown },
            in_tokens: file.tiers.iter().map(|tier| tier.in_tokens).collect(),
            recipients,
            tiers: file.tiers.into_iter().map(|tier| tier.name).collect(),
            content,
        })
    }

    /// Terms of the vault with the address of the creator token.
    pub fn vault_of(&self, token: AccountId) -> VaultTerms {
        let mut terms = VaultTerms { token: Some(token), ..self.vault.clone() };
        for (tier, in_tokens) in terms.tiers.iter_mut().zip(&self.in_tokens) {
            if *in_tokens {
                tier.asset = Asset::Psp22(token);
            }
        }
        terms
    }
}

fn token_terms(file: &file::Token, chain: &Unit) -> Result<TokenTerms, String> {
    let native = |field: &'static str, number: &Number| chain.parse(&number.to_string()).map_err(at(field));
    let own = Unit::of_token(file.symbol.clone(), file.decimals);
    let tokens = |field: &'static str, number: &Number| own.parse(&number.to_string()).map_err(at(field));
    let cap = file.cap.as_ref().map(|cap| tokens("token.cap", cap)).transpose()?;
    let launch_guard = match &file.launch_guard {
        None => LaunchGuard::default(),
        Some(guard) => LaunchGuard {
            until: parse_date(&guard.until.to_string()).map_err(at("token.launch_guard.until"))?,
            max_tokens: tokens("token.launch_guard.max_tokens", &guard.max_tokens)?,
        },
    };
    if file.launch_guard.is_some() && launch_guard.max_tokens == 0 {
        return Err(
            "token.launch_guard.max_tokens: with 0, nobody can buy until the guard ends: set more than 0, or leave launch_guard out"
                .to_owned(),
        );
    }
    let part = |name: &str, part: Option<&Part>, basis_points| {
        Part::of(name, part, basis_points).map(Option::unwrap_or_default).map_err(|error| format!("token.{error}"))
    };
    let terms = TokenTerms {
        name: file.name.as_str().into(),
        symbol: file.symbol.as_str().into(),
        decimals: file.decimals,
        base_price: native("token.base_price", &file.base_price)?,
        slope: native("token.slope", &file.slope)?,
        cap,
        buy_fee_bp: part("buy_fee", file.buy_fee.as_ref(), file.buy_fee_bp)?,
        sell_fee_bp: part("sell_fee", file.sell_fee.as_ref(), file.sell_fee_bp)?,
        referral_bp: part("referral", file.referral.as_ref(), file.referral_bp)?,
        launch_guard,
    };
    for (field, text) in [("token.name", &file.name), ("token.symbol", &file.symbol)] {
        if text.trim().is_empty() {
            return Err(format!("{field}: it must not be empty, as wallets show it"));
        }
    }
    let limits = Limits { max_balance: chain.max };
    terms.validate(&limits).map_err(|error| impossible_sale(&error, &terms, chain, &own))?;
    Ok(terms)
}

/// Describes why the terms of the sale are not valid on a chain with this native unit. Names the field to change.
fn impossible_sale(error: &TermsError, terms: &TokenTerms, native: &Unit, own: &Unit) -> String {
    match error {
        TermsError::PriceTooHigh { max } => format!(
            "token.base_price: the price begins at {} and rises by {}, but can be at most {} on this chain: lower base_price or \
             slope",
            native.format(terms.base_price),
            native.format(terms.slope),
            native.format(*max)
        ),
        TermsError::CapTooHigh { max } => format!(
            "token.cap: {} would cost more than the maximum balance of this chain, which is enough for {}: lower cap, base_price \
             or slope",
            own.format(terms.cap.unwrap_or(u128::MAX)),
            own.format(*max)
        ),
        TermsError::FeeTooHigh { max_bp: bp::WHOLE } => {
            "token.referral_bp: a share of the fee is at most 10000 basis points: lower it".to_owned()
        }
        error => format!("token: {}", messages::terms(error, native)),
    }
}

fn shares(file: &[file::Share], stakers: u16, chain: &Properties) -> Result<Vec<Share<AccountId>>, String> {
    let share = |share: &file::Share| {
        let recipient = named_account(&share.account, chain.development).map_err(at("splits"))?;
        let place = format!("splits, account \"{}\"", share.account);
        let bp = Part::of("share", share.share.as_ref(), share.share_bp).map_err(at(&place))?;
        let bp = bp.ok_or_else(|| format!("{place}: set its share, such as share = \"20%\""))?;
        Ok(Share { recipient, bp })
    };
    let shares = file.iter().map(share).collect::<Result<Vec<_>, String>>()?;
    match splits::check(&shares, stakers) {
        // The creator gets the rest.
        Err(SplitsError::NotWhole { .. }) if shares.is_empty() => Ok(shares),
        Err(error @ SplitsError::OnlyStakers) => Err(format!("stakers: {}", messages::splits(&error))),
        Err(error) => Err(format!("splits: {}", messages::splits(&error))),
        Ok(()) => Ok(shares),
    }
}

fn cooldown(file: &file::Vault, native: &Unit) -> Result<u64, String> {
    let place = "vault.stake_cooldown";
    let cooldown = parse_duration(&file.stake_cooldown).map_err(at(place))?;
    if cooldown > MAX_COOLDOWN {
        let error = VaultError::CooldownTooLong { most: MAX_COOLDOWN };
        return Err(format!("{place}: {}", messages::vault(&error, native)));
    }
    Ok(cooldown)
}

fn tier_terms(file: &[file::Tier], chain: &mut dyn Chain, units: &Units) -> Result<Vec<TierTerms>, String> {
    if file.len() > MAX_INITIAL_TIERS as usize {
        return Err(format!("tiers: a launch has at most {MAX_INITIAL_TIERS}; add the others later"));
    }
    let names: Vec<String> = file.iter().map(|tier| tier.name.clone()).collect();
    references::check_all(Kind::Tier, &names).map_err(at("tiers"))?;
    let mut tier = |tier: &file::Tier| {
        let place = |field: &str| format!("tier \"{}\": {field}", tier.name);
        let (asset, unit) = match (&tier.token, tier.in_tokens) {
            (Some(_), true) => return Err(place("set in_tokens = true or the address of another token, not both")),
            // Its address is not known yet.
            (None, true) => (Asset::Psp22(AccountId::from([0; 32])), units.token.clone()),
            (None, false) => (Asset::Native, units.native.clone()),
            (Some(text), false) => {
                let (token, unit) = other_token(text, chain).map_err(at(&place("token")))?;
                (Asset::Psp22(token), unit)
            }
        };
        let price = unit.parse(&tier.price.to_string()).map_err(at(&place("price")))?;
        let period = parse_duration(&tier.period).map_err(at(&place("period")))?;
        let minimum_stay = tier.minimum_stay.as_deref().map(parse_duration).transpose();
        let minimum_stay = minimum_stay.map_err(at(&place("minimum_stay")))?.unwrap_or(0);
        let uri = text_bytes(&tier.uri, MAX_TEXT).map_err(at(&place("uri")))?;
        let terms = TierTerms { asset, price, period, level: tier.level, seats: tier.seats, minimum_stay, uri };
        terms.validate().map_err(|error| format!("tier \"{}\": {}", tier.name, messages::vault(&error, &unit)))?;
        Ok(terms)
    };
    file.iter().map(&mut tier).collect()
}

/// The PSP22 token at the address in `text`, and its unit.
fn other_token(text: &str, chain: &mut dyn Chain) -> Result<(AccountId, Unit), String> {
    let token = parse_address(text)?;
    let message = |error: ChainError| messages::chain(&error);
    match foreign::is_token(chain, token).map_err(message)? {
        true => Ok((token, foreign::unit_of(chain, token).map_err(message)?)),
        false => Err(format!("there is no PSP22 token at {text} on this chain: check the address")),
    }
}

/// Parses a SHA-256 of 64 hexadecimal digits, with or without 0x.
///
/// # Errors
///
/// A message if `text` is not a SHA-256.
pub fn parse_hash(text: &str) -> Result<[u8; 32], String> {
    <[u8; 32]>::from_hex(text.strip_prefix("0x").unwrap_or(text))
        .map_err(|_| format!("\"{text}\" is not a SHA-256: write 64 hexadecimal digits"))
}

/// Parses the X25519 key of an `age1...` recipient, as the gateway does: a key that it could not give is refused.
///
/// # Errors
///
/// A message if `text` is not a recipient, or a weak key.
pub fn parse_age_recipient(text: &str) -> Result<[u8; 32], String> {
    text.parse::<PublicKey>().map(PublicKey::to_bytes).map_err(|error| match error {
        KeyError::Weak => error.to_string(),
        _ => format!("\"{text}\" is not an age public key: write age1..., as printed by age-keygen"),
    })
}

fn text_bytes(text: &str, most: u32) -> Result<Vec<u8>, String> {
    match text.len() > most as usize {
        true => Err(format!("it has {} bytes, but at most {most} are possible", text.len())),
        false => Ok(text.as_bytes().to_vec()),
    }
}

fn at(place: &str) -> impl Fn(String) -> String {
    let place = place.to_owned();
    move |error| format!("{place}: {error}")
}

fn in_one_line(text: &str, error: &toml::de::Error) -> String {
    let message = error.message().split_whitespace().collect::<Vec<_>>().join(" ");
    match error.span() {
        Some(span) => {
            let before = text.get(..span.start).unwrap_or(text);
            format!("line {}: {message}", before.matches('\n').count() + 1)
        }
        None => message,
    }
}

#[cfg(test)]
mod bounds;
#[cfg(test)]
mod tests;
