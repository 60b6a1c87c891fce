//! From the launch file to the terms of the three contracts, checked by the contracts' own rules before anything is sent.

mod file;

use std::path::{Path, PathBuf};

use bech32::{primitives::decode::CheckedHrpstring, Bech32};
use patronage_core::{sale::Sale, splits};
use patronage_interfaces::{
    registry::{self, Audience, Terms},
    token::{LaunchGuard, TokenTerms},
    vault::{Asset, Share, TierTerms, VaultError, VaultTerms, MAX_COOLDOWN, MAX_INITIAL_TIERS, MAX_TEXT},
    AccountId, Balance,
};

use crate::{
    chain::Properties,
    embedded::{named_account, EmbeddedChain},
    explain,
    units::{parse_amount, parse_duration, Unit},
};
use file::{Condition, Content, LaunchFile, Number};

/// Why a launch file can't be used: one line that says where and what to change.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("{path}: {message}", path = path.display())]
pub struct LaunchError {
    /// The file.
    pub path: PathBuf,
    /// Where in it, and what is wrong.
    pub message: String,
}

/// Everything a launch needs, valid by the rules of the contracts.
#[derive(Debug, Clone)]
pub struct Launch {
    /// Name of the creator's account.
    pub creator: String,
    /// Terms of the creator token.
    pub token: TokenTerms,
    /// Terms of the vault, its tiers included, but for the creator token: see [`Launch::vault_of`].
    pub vault: VaultTerms,
    /// Names of the accounts in the vault's splits, in their order; the creator's alone where there are no splits.
    pub recipients: Vec<String>,
    /// Names of the tiers, by their numbers.
    pub tiers: Vec<String>,
    /// What to publish, by its numbers.
    pub content: Vec<PlannedContent>,
}

/// A piece of content before the addresses of token and vault are known.
#[derive(Debug, Clone)]
pub struct PlannedContent {
    /// Title for people.
    pub title: String,
    /// The file.
    pub file: registry::Content,
    rules: Option<Vec<Vec<Demand>>>,
}

/// A condition in the units of the contracts.
#[derive(Debug, Clone, Copy)]
enum Demand {
    Holds(u128),
    Level(u8),
}

impl Launch {
    /// Reads and checks the launch file at `path` for an embedded chain.
    ///
    /// # Errors
    ///
    /// When the file can't be read, is not such a file, or names terms that the contracts would refuse.
    pub fn read(path: &Path) -> Result<Self, LaunchError> {
        Self::read_for(path, &EmbeddedChain::properties_with([0; 32]))
    }

    /// Reads and checks the launch file at `path` for a chain with these properties.
    ///
    /// # Errors
    ///
    /// As for [`read`](Self::read).
    pub fn read_for(path: &Path, chain: &Properties) -> Result<Self, LaunchError> {
        let fail = |message: String| LaunchError { path: path.to_owned(), message };
        let text = std::fs::read_to_string(path).map_err(|error| fail(format!("can't be read: {error}")))?;
        Self::parse(&text, chain).map_err(fail)
    }

    /// Checks a launch file's `text` for a chain with these properties.
    ///
    /// # Errors
    ///
    /// In one line, as for [`read`](Self::read).
    pub fn parse(text: &str, chain: &Properties) -> Result<Self, String> {
        let native = Unit { symbol: chain.symbol.clone(), decimals: chain.decimals };
        let file: LaunchFile = toml::from_str(text).map_err(|error| in_one_line(text, &error))?;
        let creator = file.creator.account.clone();
        named_account(&creator, chain.development).map_err(at("creator.account"))?;
        let token = token_terms(&file.token, &native)?;
        let shares = shares(&file.splits, chain)?;
        let recipients = match file.splits.is_empty() {
            true => vec![creator.clone()],
            false => file.splits.iter().map(|share| share.account.clone()).collect(),
        };
        let tiers = tier_terms(&file.tiers, &native)?;
        let cooldown = cooldown(&file.vault, &native)?;
        let content = file.content.iter().map(|content| planned(content, token.decimals)).collect::<Result<_, _>>()?;
        Ok(Self {
            creator,
            token,
            vault: VaultTerms { splits: shares, tiers, token: None, cooldown },
            recipients,
            tiers: file.tiers.into_iter().map(|tier| tier.name).collect(),
            content,
        })
    }

    /// Terms of the vault, now that the address of the creator token is known: fans stake it there, and its fees go there.
    pub fn vault_of(&self, token: AccountId) -> VaultTerms {
        VaultTerms { token: Some(token), ..self.vault.clone() }
    }
}

impl PlannedContent {
    /// On which terms to publish it, now that the addresses are known.
    pub fn terms(&self, token: AccountId, vault: AccountId) -> Terms {
        let condition = |demand: &Demand| match *demand {
            Demand::Holds(amount) => registry::Condition::Holds { token, amount },
            Demand::Level(level) => registry::Condition::Subscribed { vault, level, grace: 0 },
        };
        let audience = match &self.rules {
            None => Audience::Everyone,
            Some(rules) => Audience::AnyOf(rules.iter().map(|rule| rule.iter().map(condition).collect()).collect()),
        };
        audience.into()
    }

    /// Whether someone who holds `tokens` (smallest units) and is subscribed at `level` (0: not at all) may open it.
    pub fn opens_to(&self, tokens: u128, level: u8) -> bool {
        let met = |demand: &Demand| match *demand {
            Demand::Holds(amount) => tokens >= amount,
            Demand::Level(least) => level >= least,
        };
        self.rules.as_ref().is_none_or(|rules| rules.iter().any(|rule| rule.iter().all(met)))
    }

    /// The most creator tokens (smallest units) that any condition asks for; 0 where none does.
    pub fn most_tokens(&self) -> u128 {
        let demands = self.rules.iter().flatten().flatten();
        let amounts = demands.map(|demand| match demand {
            Demand::Holds(amount) => *amount,
            Demand::Level(_) => 0,
        });
        amounts.max().unwrap_or(0)
    }
}

fn token_terms(file: &file::Token, chain: &Unit) -> Result<TokenTerms, String> {
    let native = |field: &'static str, number: &Number| {
        let amount = chain.parse(&number.to_string()).map_err(at(field))?;
        Balance::try_from(amount).map_err(|_| format!("{field}: {number} is more than the chain can count"))
    };
    let cap = match &file.cap {
        Some(cap) => Some(parse_amount(&cap.to_string(), file.decimals).map_err(at("token.cap"))?),
        None => None,
    };
    let terms = TokenTerms {
        name: file.name.as_str().into(),
        symbol: file.symbol.as_str().into(),
        decimals: file.decimals,
        base_price: native("token.base_price", &file.base_price)?,
        slope: native("token.slope", &file.slope)?,
        cap,
        buy_fee_bp: file.buy_fee_bp,
        sell_fee_bp: file.sell_fee_bp,
        referral_bp: 0,
        launch_guard: LaunchGuard::default(),
    };
    for (field, text) in [("token.name", &file.name), ("token.symbol", &file.symbol)] {
        if text.trim().is_empty() {
            return Err(format!("{field}: it must not be empty, as wallets show it"));
        }
    }
    Sale::new(&terms.sale(), Balance::MAX).map_err(|error| format!("token: {}", explain::terms(&error, chain)))?;
    Ok(terms)
}

fn shares(file: &[file::Share], chain: &Properties) -> Result<Vec<Share<AccountId>>, String> {
    let share = |share: &file::Share| {
        let recipient = named_account(&share.account, chain.development).map_err(at("splits"))?;
        Ok(Share { recipient, bp: share.share_bp })
    };
    let shares = file.iter().map(share).collect::<Result<Vec<_>, String>>()?;
    if !shares.is_empty() {
        splits::check(&shares).map_err(|error| format!("splits: {}", explain::splits(&error)))?;
    }
    Ok(shares)
}

fn cooldown(file: &file::Vault, native: &Unit) -> Result<u64, String> {
    let place = "vault.stake_cooldown";
    let cooldown = parse_duration(&file.stake_cooldown).map_err(at(place))?;
    if cooldown > MAX_COOLDOWN {
        let error = VaultError::CooldownTooLong { most: MAX_COOLDOWN };
        return Err(format!("{place}: {}", explain::vault(&error, native)));
    }
    Ok(cooldown)
}

fn tier_terms(file: &[file::Tier], native: &Unit) -> Result<Vec<TierTerms>, String> {
    if file.len() > MAX_INITIAL_TIERS as usize {
        return Err(format!("tiers: a launch has at most {MAX_INITIAL_TIERS}; add the others later"));
    }
    let tier = |tier: &file::Tier| {
        let place = |field: &str| format!("tier \"{}\": {field}", tier.name);
        let amount = native.parse(&tier.price.to_string()).map_err(at(&place("price")))?;
        let price = Balance::try_from(amount).map_err(|_| place("price is more than the chain can count"))?;
        let period = parse_duration(&tier.period).map_err(at(&place("period")))?;
        let uri = text_bytes(&tier.uri, MAX_TEXT).map_err(at(&place("uri")))?;
        let terms = TierTerms { asset: Asset::Native, price, period, level: tier.level, seats: tier.seats, uri };
        terms.tier(0).map_err(|error| format!("tier \"{}\": {}", tier.name, explain::vault(&error, native)))?;
        Ok(terms)
    };
    file.iter().map(tier).collect()
}

fn planned(content: &Content, decimals: u8) -> Result<PlannedContent, String> {
    let place = |field: &str| format!("content \"{}\": {field}", content.title);
    let uri = text_bytes(&content.uri, registry::MAX_URI).map_err(at(&place("uri")))?;
    if uri.is_empty() {
        return Err(place("uri: it must not be empty"));
    }
    let hash = parse_hash(&content.hash).map_err(at(&place("hash")))?;
    let public_key = parse_age_recipient(&content.public_key).map_err(at(&place("public_key")))?;
    let rules = match (content.everyone, content.any_of.is_empty()) {
        (true, true) => None,
        (true, false) => return Err(place("say everyone = true or any_of rules, not both")),
        (false, true) => return Err(place("say who may open it: any_of rules, or everyone = true")),
        (false, false) => {
            let demand = |condition: &Condition| match condition {
                Condition::Holds(number) => parse_amount(&number.to_string(), decimals).map(Demand::Holds),
                Condition::Level(level) => Ok(Demand::Level(*level)),
            };
            let rule = |rule: &Vec<Condition>| rule.iter().map(demand).collect::<Result<Vec<_>, _>>();
            Some(content.any_of.iter().map(rule).collect::<Result<Vec<_>, _>>().map_err(at(&place("any_of")))?)
        }
    };
    let file = registry::Content { uri, hash, public_key };
    let planned = PlannedContent { title: content.title.clone(), file, rules };
    // The addresses are not known yet, and no rule about rules depends on them.
    let nowhere = AccountId::from([0; 32]);
    let audience = planned.terms(nowhere, nowhere).audience;
    audience.validate().map_err(|error| place(&format!("any_of: {}", explain::audience(&error))))?;
    Ok(planned)
}

/// The SHA-256 in 64 hexadecimal digits, with or without 0x.
///
/// # Errors
///
/// In words, when it is none.
pub fn parse_hash(text: &str) -> Result<[u8; 32], String> {
    let digits = text.strip_prefix("0x").unwrap_or(text);
    let mut hash = [0; 32];
    let fail = || format!("\"{text}\" is no SHA-256: it has 64 hexadecimal digits");
    if digits.len() != 64 || !digits.is_ascii() {
        return Err(fail());
    }
    for (index, byte) in hash.iter_mut().enumerate() {
        *byte = u8::from_str_radix(&digits[2 * index..2 * index + 2], 16).map_err(|_| fail())?;
    }
    Ok(hash)
}

/// The X25519 key in an `age1...` recipient, which is Bech32 of its 32 bytes (age-encryption.org/v1).
///
/// # Errors
///
/// In words, when it is none.
pub fn parse_age_recipient(text: &str) -> Result<[u8; 32], String> {
    let fail = || format!("\"{text}\" is no key of age: it looks like age1..., as age-keygen prints it");
    let checked = CheckedHrpstring::new::<Bech32>(text).map_err(|_| fail())?;
    let bytes: Vec<u8> = checked.byte_iter().collect();
    match <[u8; 32]>::try_from(bytes) {
        Ok(key) if checked.hrp().as_str() == "age" && key != [0; 32] => Ok(key),
        _ => Err(fail()),
    }
}

fn text_bytes(text: &str, most: u32) -> Result<Vec<u8>, String> {
    match text.len() > most as usize {
        true => Err(format!("it has {} bytes and may have {most}", text.len())),
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
mod tests;
