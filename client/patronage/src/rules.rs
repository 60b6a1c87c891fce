//! Access rules as people write them, and back.
//!
//! A rule is its conditions with commas between them, all of which must hold; whoever meets any one of the rules is let in.
//!
//! | condition | holds for whoever |
//! |---|---|
//! | `holds 10`, `holds 10 of TOKEN` | has so many tokens: the creator's, or those of another PSP22 contract |
//! | `staked 10` | has so many creator tokens staked |
//! | `holds-or-staked 10` | has so many, both taken together |
//! | `level 2`, `level 2 grace 3d` | is subscribed at that level or higher, or was until so long ago |
//! | `loyal 30d`, `level 2 loyal 30d` | has been at the present level, and at least at that one, so long without a gap |
//! | `tipped 5` | has tipped so much in all |
//! | `bought ALBUM`, `bought "One, two"`, `bought #3` | has bought other content: its title or number |
//! | `listed 3` | is on the creator's list with that number |
//! | `after 2026-12-24`, `after 7d` | asks at that time or later; a duration counts from now, and has no place in a launch file |
//!
//! A title with a comma in it stands in double quotes, and a double quote in such a title is written twice. What a title refers
//! to, [`crate::references`] says.
//!
//! What is said of subscriptions and tips can end with `at VAULT`, the address of another creator's vault.

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

use crate::{
    references::parse_number,
    session::{Failure, Session},
};

/// A contract that a condition asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// The creator's own token or vault, whichever the condition is about.
    Own,
    /// The contract at this address.
    At(AccountId),
}

/// What the words of rules mean where they are written.
pub trait Glossary {
    /// The chain's own token and the creator's.
    fn units(&self) -> Units;

    /// Unit of the PSP22 token at this address.
    ///
    /// # Errors
    ///
    /// When there is none.
    fn unit_of(&mut self, token: AccountId) -> Result<Unit, Failure>;

    /// The content that `text` names.
    ///
    /// # Errors
    ///
    /// When there is none.
    fn content(&mut self, text: &str) -> Result<ContentId, Failure>;

    /// The time that `text` names, in ms.
    ///
    /// # Errors
    ///
    /// When it names none.
    fn time(&mut self, text: &str) -> Result<u64, Failure>;
}

impl Glossary for Session<'_> {
    fn units(&self) -> Units {
        self.units.clone()
    }

    fn unit_of(&mut self, token: AccountId) -> Result<Unit, Failure> {
        self.unit(&Asset::Psp22(token))
    }

    fn content(&mut self, text: &str) -> Result<ContentId, Failure> {
        self.find_content(text)
    }

    fn time(&mut self, text: &str) -> Result<u64, Failure> {
        parse_time(text, self.chain.time()?).map_err(Failure::Request)
    }
}

/// The rule in `text`, of the contracts and the content of `session`.
///
/// # Errors
///
/// In words, with the condition that can't be read; or when a contract that it names does not answer.
pub fn parse(text: &str, session: &mut Session<'_>) -> Result<Rule, Failure> {
    let suite = session.suite();
    Ok(placed(&read(text, session)?, suite.token, suite.vault))
}

/// The rule in `text`, as `glossary` understands it.
///
/// # Errors
///
/// As for [`parse`].
pub fn read(text: &str, glossary: &mut dyn Glossary) -> Result<access::Rule<Place>, Failure> {
    let parts = parts(text).map_err(Failure::Request)?;
    let mut rule = Vec::new();
    for (index, part) in parts.iter().enumerate() {
        let before = index.checked_sub(1).and_then(|before| parts.get(before));
        let torn = before.is_some_and(|before| before.split_whitespace().next() == Some("bought"));
        rule.push(condition(part.trim(), glossary).map_err(|failure| match failure {
            Failure::Request(why) if torn => Failure::Request(format!(
                "{why}; a title with a comma in it stands in double quotes, such as bought \"One, two\""
            )),
            other => other,
        })?);
    }
    Ok(rule)
}

/// The conditions in `text`: what is between commas that are not in quotes. A quote opens at the beginning of a word, and closes
/// where it is not written twice.
fn parts(text: &str) -> Result<Vec<&str>, String> {
    let (mut parts, mut start, mut quoted, mut in_word) = (Vec::new(), 0, false, false);
    for (index, letter) in text.char_indices() {
        match letter {
            // Written twice, it closes and opens again.
            '"' if quoted || !in_word => (quoted, in_word) = (!quoted, false),
            ',' if !quoted => {
                parts.push(text.get(start..index).unwrap_or_default());
                (start, in_word) = (index.saturating_add(1), false);
            }
            letter => in_word = !letter.is_whitespace(),
        }
    }
    match quoted {
        true => Err(format!("\"{text}\": a quote is opened and not closed: add \" after the title")),
        false => {
            parts.push(text.get(start..).unwrap_or_default());
            Ok(parts)
        }
    }
}

/// The title in `text`, which may stand in quotes.
fn title(text: &str) -> Result<String, String> {
    let Some(opened) = text.strip_prefix('"') else { return Ok(text.to_owned()) };
    let inner = opened.strip_suffix('"').unwrap_or(opened);
    match inner.replace("\"\"", "").contains('"') {
        true => Err("something follows the title's closing quote: write a quote in a title twice".to_owned()),
        false => Ok(inner.replace("\"\"", "\"")),
    }
}

/// `rule`, of the creator with this token and this vault.
pub fn placed(rule: &access::Rule<Place>, own_token: AccountId, own_vault: AccountId) -> Rule {
    let or = |place: Place, own: AccountId| match place {
        Place::Own => own,
        Place::At(contract) => contract,
    };
    let placed = |condition: &Condition<Place>| match *condition {
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
    rule.iter().map(placed).collect()
}

fn condition(text: &str, glossary: &mut dyn Glossary) -> Result<Condition<Place>, Failure> {
    let fail = |why: String| Failure::Request(format!("\"{text}\": {why}"));
    let named = |failure: Failure| match failure {
        Failure::Request(why) => fail(why),
        other => other,
    };
    let words: Vec<&str> = text.split_whitespace().collect();
    // A title may hold any words.
    if let (Some(&"bought"), Some(text)) = (words.first(), text.strip_prefix("bought")) {
        let title = title(text.trim()).map_err(fail)?;
        return Ok(Condition::Bought { content: glossary.content(&title).map_err(named)? });
    }
    let contract = |text: &str| parse_address(text).map(Place::At).map_err(fail);
    let (words, token, vault) = match words.as_slice() {
        [words @ .., "of", token] if words.first() == Some(&"holds") => (words, contract(token)?, Place::Own),
        [words @ .., "at", vault] if matches!(words.first(), Some(&("level" | "loyal" | "tipped"))) => {
            (words, Place::Own, contract(vault)?)
        }
        words => (words, Place::Own, Place::Own),
    };
    let Units { native, token: own } = glossary.units();
    let level =
        |text: &str| text.parse::<u8>().map_err(|_| fail(format!("\"{text}\" is no level: levels are 1 to 255")));
    let duration = |words: &[&str]| parse_duration(&words.join(" ")).map_err(fail);
    Ok(match words {
        ["holds", amount] => {
            let unit = match token {
                Place::Own => own,
                Place::At(token) => glossary.unit_of(token).map_err(named)?,
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
            let list = parse_number(list).map_err(|_| fail(format!("\"{list}\" is no number of a list")))?;
            Condition::Listed { list }
        }
        ["after", time @ ..] => Condition::NotBefore { time: glossary.time(&time.join(" ")).map_err(named)? },
        _ => {
            return Err(fail(
                "that is no condition: write holds 10, staked 10, holds-or-staked 10, level 2, level 2 grace 3d, loyal 30d, \
                 tipped 5, bought TITLE, listed 1 or after 2026-12-24, with commas between those that must all hold"
                    .to_owned(),
            ));
        }
    })
}

/// `rules` in words: any one of them lets in.
pub fn words(rules: &[Rule], session: &Session<'_>) -> String {
    let rule = |rule: &Rule| {
        let conditions: Vec<String> = rule.iter().map(|condition| condition_words(condition, session)).collect();
        conditions.join(", ")
    };
    rules.iter().map(rule).collect::<Vec<_>>().join(" | ")
}

fn condition_words(condition: &Condition<AccountId>, session: &Session<'_>) -> String {
    let (suite, units) = (session.suite(), &session.units);
    let tokens = |amount: u128| units.token.format(amount);
    let at = |vault: AccountId| match vault == suite.vault {
        true => String::new(),
        false => format!(" at {}", address(&vault)),
    };
    match *condition {
        Condition::Holds { token, amount } if token == suite.token => format!("holds {}", tokens(amount)),
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
        Condition::Bought { content } => format!("bought {}", session.content_name(content)),
        Condition::Listed { list } => format!("listed {list}"),
    }
}
