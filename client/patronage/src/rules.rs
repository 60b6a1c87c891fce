//! The text form of access rules: parsing and formatting.
//!
//! A rule is a list of conditions, separated by commas. A rule holds if all its conditions hold. Access is granted if any rule holds.
//!
//! | condition | holds for an account that |
//! |---|---|
//! | `holds 10`, `holds 10 of TOKEN` | holds this number of creator tokens, or of another PSP22 token |
//! | `staked 10` | has staked this number of creator tokens |
//! | `holds-or-staked 10` | holds and has staked this number of creator tokens in total |
//! | `level 2`, `level 2 grace 3d` | is subscribed at this level or higher, or was so until at most the grace ago |
//! | `loyal 30d`, `level 2 loyal 30d` | has been at its current level for this time without a gap, and the level is at least this one |
//! | `tipped 5` | has tipped this amount in total |
//! | `bought ALBUM`, `bought "One, two"`, `bought #3` | has bought the content with this title or number |
//! | `listed 3` | is on the creator's list with this number |
//! | `after 2026-12-24`, `after 7d` | opens the content at this time or later; a duration counts from now, and is not allowed in a launch file |
//!
//! A title that contains a comma is written in double quotes. A double quote in such a title is written twice. See
//! [`crate::references`] for how titles are resolved.
//!
//! Conditions on subscriptions and tips can end with `at VAULT`, the address of another creator's vault.

use patronage_chain::{
    accounts::{address, parse_address},
    units::{format_duration, format_time, parse_duration, parse_time, Unit, Units},
};
use patronage_core::access::{self, Condition};
use patronage_interfaces::{
    registry::{ContentId, Rule},
    vault::Asset,
    AccountId,
};

use crate::{client::Client, error::Error, references::parse_number};

/// A contract in a condition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ContractRef {
    /// The creator's own token or vault.
    Own,
    /// The contract at this address.
    At(AccountId),
}

/// Resolves units, titles and times in the text of rules.
pub trait Resolver {
    /// Units of the chain's own token and of the creator token.
    fn units(&self) -> Units;

    /// Unit of the PSP22 token at this address.
    ///
    /// # Errors
    ///
    /// If there is no such token.
    fn unit_of(&mut self, token: AccountId) -> Result<Unit, Error>;

    /// The content that `text` names.
    ///
    /// # Errors
    ///
    /// If there is no such content.
    fn content(&mut self, text: &str) -> Result<ContentId, Error>;

    /// The time in `text`, in ms.
    ///
    /// # Errors
    ///
    /// If `text` is not a valid time.
    fn time(&mut self, text: &str) -> Result<u64, Error>;
}

impl Resolver for Client<'_> {
    fn units(&self) -> Units {
        self.units.clone()
    }

    fn unit_of(&mut self, token: AccountId) -> Result<Unit, Error> {
        self.unit(&Asset::Psp22(token))
    }

    fn content(&mut self, text: &str) -> Result<ContentId, Error> {
        self.find_content(text)
    }

    fn time(&mut self, text: &str) -> Result<u64, Error> {
        parse_time(text, self.chain.time()?).map_err(Error::Request)
    }
}

/// Parses the rule in `text`, for the contracts and the content of `client`.
///
/// # Errors
///
/// If a condition can't be parsed, or a contract that it names does not answer.
pub fn parse(text: &str, client: &mut Client<'_>) -> Result<Rule, Error> {
    let contracts = client.contracts();
    Ok(resolved(&read(text, client)?, contracts.token, contracts.vault))
}

/// Parses the rule in `text` with `resolver`.
///
/// # Errors
///
/// As for [`parse`].
pub fn read(text: &str, resolver: &mut dyn Resolver) -> Result<access::Rule<ContractRef>, Error> {
    let parts = parts(text).map_err(Error::Request)?;
    let mut rule = Vec::new();
    for (index, part) in parts.iter().enumerate() {
        let before = index.checked_sub(1).and_then(|before| parts.get(before));
        let after_title = before.is_some_and(|before| before.split_whitespace().next() == Some("bought"));
        rule.push(condition(part.trim(), resolver).map_err(|error| match error {
            Error::Request(why) if after_title => Error::Request(format!(
                "{why}; write a title that contains a comma in double quotes, such as bought \"One, two\""
            )),
            other => other,
        })?);
    }
    Ok(rule)
}

/// Splits `text` into conditions at commas outside quotes. A quote opens at the beginning of a word. It closes if it is not written
/// twice.
fn parts(text: &str) -> Result<Vec<&str>, String> {
    let (mut parts, mut start, mut quoted, mut in_word) = (Vec::new(), 0, false, false);
    for (index, letter) in text.char_indices() {
        match letter {
            // A doubled quote closes and opens again.
            '"' if quoted || !in_word => (quoted, in_word) = (!quoted, false),
            ',' if !quoted => {
                parts.push(text.get(start..index).unwrap_or_default());
                (start, in_word) = (index.saturating_add(1), false);
            }
            letter => in_word = !letter.is_whitespace(),
        }
    }
    match quoted {
        true => Err(format!("\"{text}\": a quote is not closed: add \" after the title")),
        false => {
            parts.push(text.get(start..).unwrap_or_default());
            Ok(parts)
        }
    }
}

/// The title in `text`, without its quotes.
fn title(text: &str) -> Result<String, String> {
    let Some(opened) = text.strip_prefix('"') else { return Ok(text.to_owned()) };
    let inner = opened.strip_suffix('"').unwrap_or(opened);
    match inner.replace("\"\"", "").contains('"') {
        true => Err("there is text after the title's closing quote: write a quote inside a title twice".to_owned()),
        false => Ok(inner.replace("\"\"", "\"")),
    }
}

/// Replaces references to the creator's own contracts in `rule` by their addresses.
pub fn resolved(rule: &access::Rule<ContractRef>, own_token: AccountId, own_vault: AccountId) -> Rule {
    let or = |place: ContractRef, own: AccountId| match place {
        ContractRef::Own => own,
        ContractRef::At(contract) => contract,
    };
    let resolved = |condition: &Condition<ContractRef>| match *condition {
        Condition::Holds { token, amount } => Condition::Holds { token: or(token, own_token), amount },
        Condition::Staked { vault, amount } => Condition::Staked { vault: or(vault, own_vault), amount },
        Condition::HoldsOrStaked { token, vault, amount } => {
            Condition::HoldsOrStaked { token: or(token, own_token), vault: or(vault, own_vault), amount }
        }
        Condition::Subscribed { vault, level, grace } => {
            Condition::Subscribed { vault: or(vault, own_vault), level, grace }
        }
        Condition::SubscribedFor { vault, level, lasting } => {
            Condition::SubscribedFor { vault: or(vault, own_vault), level, lasting }
        }
        Condition::Tipped { vault, amount } => Condition::Tipped { vault: or(vault, own_vault), amount },
        Condition::NotBefore { time } => Condition::NotBefore { time },
        Condition::Bought { content } => Condition::Bought { content },
        Condition::Listed { list } => Condition::Listed { list },
    };
    rule.iter().map(resolved).collect()
}

fn condition(text: &str, resolver: &mut dyn Resolver) -> Result<Condition<ContractRef>, Error> {
    let fail = |why: String| Error::Request(format!("\"{text}\": {why}"));
    let in_condition = |error: Error| match error {
        Error::Request(why) => fail(why),
        other => other,
    };
    let words: Vec<&str> = text.split_whitespace().collect();
    // A title may contain any words.
    if let (Some(&"bought"), Some(text)) = (words.first(), text.strip_prefix("bought")) {
        let title = title(text.trim()).map_err(fail)?;
        return Ok(Condition::Bought { content: resolver.content(&title).map_err(in_condition)? });
    }
    let contract = |text: &str| parse_address(text).map(ContractRef::At).map_err(fail);
    let (words, token, vault) = match words.as_slice() {
        [words @ .., "of", token] if words.first() == Some(&"holds") => (words, contract(token)?, ContractRef::Own),
        [words @ .., "at", vault] if matches!(words.first(), Some(&("level" | "loyal" | "tipped"))) => {
            (words, ContractRef::Own, contract(vault)?)
        }
        words => (words, ContractRef::Own, ContractRef::Own),
    };
    let Units { native, token: own } = resolver.units();
    let level =
        |text: &str| text.parse::<u8>().map_err(|_| fail(format!("\"{text}\" is not a level: levels are 1 to 255")));
    let duration = |words: &[&str]| parse_duration(&words.join(" ")).map_err(fail);
    Ok(match words {
        ["holds", amount] => {
            let unit = match token {
                ContractRef::Own => own,
                ContractRef::At(token) => resolver.unit_of(token).map_err(in_condition)?,
            };
            Condition::Holds { token, amount: unit.parse(amount).map_err(fail)? }
        }
        ["staked", amount] => Condition::Staked { vault, amount: own.parse(amount).map_err(fail)? },
        ["holds-or-staked", amount] => {
            Condition::HoldsOrStaked { token, vault, amount: own.parse(amount).map_err(fail)? }
        }
        ["level", text] => Condition::Subscribed { vault, level: level(text)?, grace: 0 },
        ["level", text, "grace", grace @ ..] => {
            Condition::Subscribed { vault, level: level(text)?, grace: duration(grace)? }
        }
        ["level", text, "loyal", lasting @ ..] => {
            Condition::SubscribedFor { vault, level: level(text)?, lasting: duration(lasting)? }
        }
        ["loyal", lasting @ ..] => Condition::SubscribedFor { vault, level: 1, lasting: duration(lasting)? },
        ["tipped", amount] => Condition::Tipped { vault, amount: native.parse(amount).map_err(fail)? },
        ["listed", list] => {
            let list = parse_number(list)
                .map_err(|_| fail(format!("\"{list}\" is not the number of a list: write a number, such as 1")))?;
            Condition::Listed { list }
        }
        ["after", time @ ..] => Condition::NotBefore { time: resolver.time(&time.join(" ")).map_err(in_condition)? },
        _ => {
            return Err(fail(
                "not a condition: write holds 10, staked 10, holds-or-staked 10, level 2, level 2 grace 3d, loyal 30d, tipped 5, \
                 bought TITLE, listed 1 or after 2026-12-24, separated by commas"
                    .to_owned(),
            ));
        }
    })
}

/// The text form of `rules`, separated by `|`.
pub fn format(rules: &[Rule], client: &Client<'_>) -> String {
    let rule = |rule: &Rule| {
        let conditions: Vec<String> = rule.iter().map(|condition| format_condition(condition, client)).collect();
        conditions.join(", ")
    };
    rules.iter().map(rule).collect::<Vec<_>>().join(" | ")
}

fn format_condition(condition: &Condition<AccountId>, client: &Client<'_>) -> String {
    let (contracts, units) = (client.contracts(), &client.units);
    let tokens = |amount: u128| units.token.format(amount);
    let at = |vault: AccountId| match vault == contracts.vault {
        true => String::new(),
        false => format!(" at {}", address(&vault)),
    };
    match *condition {
        Condition::Holds { token, amount } if token == contracts.token => format!("holds {}", tokens(amount)),
        Condition::Holds { token, amount } => format!("holds {amount} smallest units of {}", address(&token)),
        Condition::Staked { vault, amount } => format!("staked {}{}", tokens(amount), at(vault)),
        Condition::HoldsOrStaked { vault, amount, .. } => format!("holds-or-staked {}{}", tokens(amount), at(vault)),
        Condition::Subscribed { vault, level, grace: 0 } => format!("level {level}{}", at(vault)),
        Condition::Subscribed { vault, level, grace } => {
            format!("level {level} grace {}{}", format_duration(grace), at(vault))
        }
        Condition::SubscribedFor { vault, level, lasting } => {
            format!("level {level} loyal {}{}", format_duration(lasting), at(vault))
        }
        Condition::Tipped { vault, amount } => format!("tipped {}{}", units.native.format(amount), at(vault)),
        Condition::NotBefore { time } => format!("after {}", format_time(time)),
        Condition::Bought { content } => format!("bought {}", client.content_name(content)),
        Condition::Listed { list } => format!("listed {list}"),
    }
}
