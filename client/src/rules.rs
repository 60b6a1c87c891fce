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
//! | `bought ALBUM` | has bought other content: its number or title |
//! | `listed 3` | is on the creator's list with that number |
//! | `after 2026-12-24`, `after 7d` | asks at that time or later; a duration counts from now |
//!
//! What is said of subscriptions and tips can end with `at VAULT`, the address of another creator's vault.

use patronage_interfaces::{
    registry::{Condition, Rule},
    vault::Asset,
    AccountId,
};

use crate::{
    embedded::{address, parse_address},
    session::{Failure, Session},
    units::{format_duration, format_time, parse_duration, parse_time},
};

/// The rule in `text`; `session` has the units, the contracts and the clock that it speaks of.
///
/// # Errors
///
/// In words, with the condition that can't be read; or when a contract that it names does not answer.
pub fn parse(text: &str, session: &mut Session<'_>) -> Result<Rule, Failure> {
    text.split(',').map(|text| condition(text.trim(), session)).collect()
}

fn condition(text: &str, session: &mut Session<'_>) -> Result<Condition, Failure> {
    let fail = |why: String| Failure::Request(format!("\"{text}\": {why}"));
    let suite = session.suite();
    let words: Vec<&str> = text.split_whitespace().collect();
    // A title may hold any words.
    if let ["bought", title @ ..] = words.as_slice() {
        return Ok(Condition::Bought { content: session.find_content(&title.join(" "))? });
    }
    let contract = |text: &str| parse_address(text).map_err(fail);
    let (words, token, vault) = match words.as_slice() {
        [words @ .., "of", token] if words.first() == Some(&"holds") => (words, contract(token)?, suite.vault),
        [words @ .., "at", vault] if matches!(words.first(), Some(&("level" | "loyal" | "tipped"))) => {
            (words, suite.token, contract(vault)?)
        }
        words => (words, suite.token, suite.vault),
    };
    let level =
        |text: &str| text.parse::<u8>().map_err(|_| fail(format!("\"{text}\" is no level: levels are 1 to 255")));
    let duration = |text: &str| parse_duration(text).map_err(fail);
    Ok(match words {
        ["holds", amount] => {
            let unit = session.unit(&Asset::Psp22(token))?;
            Condition::Holds { token, amount: unit.parse(amount).map_err(fail)? }
        }
        ["staked", amount] => Condition::Staked { vault, amount: session.units.token.parse(amount).map_err(fail)? },
        ["holds-or-staked", amount] => {
            Condition::HoldsOrStaked { token, vault, amount: session.units.token.parse(amount).map_err(fail)? }
        }
        ["level", text] => Condition::Subscribed { vault, level: level(text)?, grace: 0 },
        ["level", text, "grace", grace] => {
            Condition::Subscribed { vault, level: level(text)?, grace: duration(grace)? }
        }
        ["level", text, "loyal", lasting] => {
            Condition::SubscribedFor { vault, level: level(text)?, lasting: duration(lasting)? }
        }
        ["loyal", lasting] => Condition::SubscribedFor { vault, level: 1, lasting: duration(lasting)? },
        ["tipped", amount] => Condition::Tipped { vault, amount: session.units.native.parse(amount).map_err(fail)? },
        ["listed", list] => {
            let list = list.parse::<u32>().map_err(|_| fail(format!("\"{list}\" is no number of a list")))?;
            Condition::Listed { list }
        }
        ["after", time] => Condition::NotBefore { time: parse_time(time, session.chain.time()?).map_err(fail)? },
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

fn condition_words(condition: &Condition, session: &Session<'_>) -> String {
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
