//! Access rules as text.

use arbitrary::{Arbitrary, Unstructured};
use patronage::{
    client::Client,
    error::Error,
    references::{self, Kind},
    rules::{self, ContractRef, Resolver},
};
use patronage_chain::{
    accounts::address,
    units::{format_time, parse_time, Unit, Units},
};
use patronage_core::access::{Audience, Condition, Rule};
use patronage_interfaces::{registry::ContentId, AccountId};

use crate::{
    decoding::{agree, fits},
    world::{contracts, deployment, titles, units, Answers, NOW},
};

/// A creator's contracts and content, without a chain.
struct Names;

impl Resolver for Names {
    fn units(&self) -> Units {
        units()
    }

    fn unit_of(&mut self, token: AccountId) -> Result<Unit, Error> {
        Ok(foreign_unit(token))
    }

    fn content(&mut self, text: &str) -> Result<ContentId, Error> {
        references::resolve(Kind::Content, text, &titles(), u32::MAX).map_err(Error::Request)
    }

    fn time(&mut self, text: &str) -> Result<u64, Error> {
        parse_time(text, NOW).map_err(Error::Request)
    }
}

/// A token with as many decimals as its address says.
fn foreign_unit(token: AccountId) -> Unit {
    Unit::of_token("T", AsRef::<[u8; 32]>::as_ref(&token)[0] % 39)
}

/// Reads the input as text, and as a rule to write and to read again.
pub fn check(data: &[u8]) {
    if let Ok(text) = std::str::from_utf8(data) {
        parsed(text);
    }
    if let Ok(rule) = written_rule(&mut Unstructured::new(data)) {
        let text = rule.iter().map(written).collect::<Vec<_>>().join(", ");
        let read = rules::read(&text, &mut Names).unwrap_or_else(|error| panic!("{text} is refused: {error}"));
        assert_eq!(read, rule, "{text}");
    }
}

fn parsed(text: &str) {
    let Ok(rule) = rules::read(text, &mut Names) else { return };
    // A second count of the conditions, where no title in quotes can contain a comma.
    if !text.contains('"') {
        assert_eq!(rule.len(), text.split(',').count(), "{text}");
    }
    // What was read is written in words that are read as the same.
    let words = rule.iter().map(written).collect::<Vec<_>>().join(", ");
    match rules::read(&words, &mut Names) {
        Ok(again) => assert_eq!(again, rule, "{text} is {words}"),
        Err(error) => panic!("{text} is read, but not {words}: {error}"),
    }
    let own = contracts();
    let resolved = rules::resolved(&rule, own.token, own.vault);
    let audience = Audience::AnyOf(vec![resolved.clone()]);
    let bytes = parity_scale_codec::Encode::encode(&audience);
    let read = agree::<Audience<AccountId>, Audience<AccountId>>(&bytes).expect("a contract reads it");
    assert_eq!(read, audience);
    if audience.validate().is_ok() {
        fits(&audience);
    }
    // The words for people need nothing of the chain, and reach a terminal as plain text.
    let mut chain = Answers::new([]);
    let client = Client::with_units(&mut chain, deployment(), units());
    let shown = rules::format(&[resolved], &client);
    assert!(patronage::escape::is_plain(&shown), "{shown:?}");
}

/// A second writer of rules. Its output is exact: durations in milliseconds, and numbers for titles.
fn written(condition: &Condition<ContractRef>) -> String {
    let Units { native, token } = units();
    let at = |vault: &ContractRef| match vault {
        ContractRef::Own => String::new(),
        ContractRef::At(vault) => format!(" at {}", address(vault)),
    };
    match condition {
        Condition::Holds { token: ContractRef::Own, amount } => format!("holds {}", token.plain(*amount)),
        Condition::Holds { token: ContractRef::At(other), amount } => {
            format!("holds {} of {}", foreign_unit(*other).plain(*amount), address(other))
        }
        Condition::Staked { amount, .. } => format!("staked {}", token.plain(*amount)),
        Condition::HoldsOrStaked { amount, .. } => format!("holds-or-staked {}", token.plain(*amount)),
        Condition::Subscribed { vault, level, grace: 0 } => format!("level {level}{}", at(vault)),
        Condition::Subscribed { vault, level, grace } => format!("level {level} grace {grace}ms{}", at(vault)),
        Condition::SubscribedFor { vault, level, lasting } => format!("level {level} loyal {lasting}ms{}", at(vault)),
        Condition::Tipped { vault, amount } => format!("tipped {}{}", native.plain(*amount), at(vault)),
        Condition::NotBefore { time } if *time > NOW => format!("after {}ms", time - NOW),
        Condition::NotBefore { time } => {
            let seconds = format_time(*time).replace(" UTC", "").replace(' ', "T");
            format!("after {seconds}.{:03}Z", time % 1_000)
        }
        Condition::Bought { content } => format!("bought #{content}"),
        Condition::Listed { list } => format!("listed {list}"),
    }
}

/// A rule that the language can express.
fn written_rule(input: &mut Unstructured<'_>) -> arbitrary::Result<Rule<ContractRef>> {
    let mut rule = Vec::new();
    for _ in 0..input.int_in_range(1..=4)? {
        rule.push(condition(input)?);
    }
    Ok(rule)
}

fn condition(input: &mut Unstructured<'_>) -> arbitrary::Result<Condition<ContractRef>> {
    let own = ContractRef::Own;
    let place = |input: &mut Unstructured<'_>| {
        Ok(match bool::arbitrary(input)? {
            true => ContractRef::At(AccountId::from(<[u8; 32]>::arbitrary(input)?)),
            false => own,
        })
    };
    let amount = |input: &mut Unstructured<'_>| Ok(u128::arbitrary(input)? >> (u8::arbitrary(input)? % 128));
    let time = |input: &mut Unstructured<'_>| Ok(u64::arbitrary(input)? >> (u8::arbitrary(input)? % 64));
    Ok(match input.int_in_range(0..=8)? {
        0 => Condition::Holds { token: place(input)?, amount: amount(input)? },
        1 => Condition::Staked { vault: own, amount: amount(input)? },
        2 => Condition::HoldsOrStaked { token: own, vault: own, amount: amount(input)? },
        3 => Condition::Subscribed { vault: place(input)?, level: u8::arbitrary(input)?, grace: time(input)? },
        4 => Condition::SubscribedFor {
            vault: place(input)?,
            level: u8::arbitrary(input)?,
            // No rule can ask for no time at all.
            lasting: time(input)?.max(1),
        },
        5 => Condition::Tipped { vault: place(input)?, amount: amount(input)? },
        6 => Condition::NotBefore { time: time(input)? },
        7 => Condition::Bought { content: u32::arbitrary(input)? % u32::MAX },
        _ => Condition::Listed { list: u32::arbitrary(input)? },
    })
}
