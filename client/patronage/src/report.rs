//! What a command says, once: as text for people, or as JSON for machines.
//!
//! A [`Report`] is a title and named values. The names are the keys of the JSON and, with spaces, the words of the text, so
//! that one word stands for one thing everywhere.

use patronage_chain::{
    accounts::address,
    units::{format_basis_points, format_duration, format_time, Unit},
};
use patronage_interfaces::AccountId;
use serde_json::{json, Map, Value as Json};

/// A value with its meaning. In JSON amounts are decimal strings of smallest units, as a JSON number keeps fewer digits;
/// times and durations are numbers of milliseconds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// An amount in smallest units.
    Amount(u128, Unit),
    /// An amount that is paid where positive and received where negative, in smallest units.
    Charge(i128, Unit),
    /// Any text.
    Text(String),
    /// An account, as its address.
    Account(AccountId),
    /// Milliseconds since 1970.
    Time(u64),
    /// Milliseconds.
    Duration(u64),
    /// A number of things, or the number of a thing.
    Number(u64),
    /// A part in basis points.
    Part(u16),
    /// Yes or no.
    Flag(bool),
    /// Several of the same kind.
    List(Vec<Report>),
}

/// A title and named values in order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// What it is about, in words.
    pub title: String,
    fields: Vec<(&'static str, Value)>,
}

impl Report {
    /// An empty report.
    pub fn new(title: impl Into<String>) -> Self {
        Self { title: title.into(), fields: Vec::new() }
    }

    /// This, and `value` under `key`: lower case letters and underscores.
    pub fn with(mut self, key: &'static str, value: Value) -> Self {
        self.fields.push((key, value));
        self
    }

    /// As [`with`](Self::with), where there is a value.
    pub fn with_some(self, key: &'static str, value: Option<Value>) -> Self {
        match value {
            Some(value) => self.with(key, value),
            None => self,
        }
    }

    /// This, but for the value under `key`.
    pub fn without(mut self, key: &str) -> Self {
        self.fields.retain(|(name, _)| *name != key);
        self
    }

    /// This, and an amount.
    pub fn amount(self, key: &'static str, amount: u128, unit: &Unit) -> Self {
        self.with(key, Value::Amount(amount, unit.clone()))
    }

    /// This, and a text.
    pub fn text(self, key: &'static str, text: impl Into<String>) -> Self {
        self.with(key, Value::Text(text.into()))
    }

    /// This, and an account.
    pub fn account(self, key: &'static str, account: AccountId) -> Self {
        self.with(key, Value::Account(account))
    }

    /// The value under `key`.
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.fields.iter().find(|(name, _)| *name == key).map(|(_, value)| value)
    }

    /// Lines of text; `name` gives an account its name where it has one.
    ///
    /// Titles and texts that nobody would read to the end are cut off.
    pub fn lines(&self, name: &dyn Fn(&AccountId) -> Option<String>) -> Vec<String> {
        let mut lines = vec![shortened(&self.title, MOST_TITLE)];
        let width = self.fields.iter().map(|(key, _)| key.len()).max().unwrap_or(0);
        for (key, value) in &self.fields {
            let words = key.replace('_', " ");
            match value {
                Value::List(items) => {
                    lines.push(format!("  {words}{}", if items.is_empty() { ": none" } else { ":" }));
                    lines.extend(items.iter().map(|item| format!("    {}", item.line(name))));
                }
                value => lines.push(format!("  {words:width$}  {}", value.text(name))),
            }
        }
        lines
    }

    /// All in one line.
    fn line(&self, name: &dyn Fn(&AccountId) -> Option<String>) -> String {
        let words = |(key, value): &(&'static str, Value)| format!("{} {}", key.replace('_', " "), value.text(name));
        let values = self.fields.iter().map(words).collect::<Vec<_>>().join(", ");
        match (shortened(&self.title, MOST_TITLE), values) {
            (title, values) if values.is_empty() => title,
            (title, values) if title.is_empty() => values,
            (title, values) => format!("{title}: {values}"),
        }
    }

    /// One JSON object. The title is the text under `title`, where there is one.
    pub fn json(&self) -> Json {
        let mut object = Map::new();
        if !self.title.is_empty() {
            object.insert("title".to_owned(), json!(self.title));
        }
        for (key, value) in &self.fields {
            object.insert((*key).to_owned(), value.json());
        }
        Json::Object(object)
    }
}

/// Characters of a title in text: room for our words and a name that people use.
const MOST_TITLE: usize = 200;
/// Characters of a text in text. What contracts keep, such as a memo or a URI, is shorter, and so are most rules.
const MOST_TEXT: usize = 1_000;

/// The first `most` characters of `text`, and how many there are where there are more.
fn shortened(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        None => text.to_owned(),
        Some((end, _)) => {
            format!(
                "{}… ({} characters, all of them with --json)",
                text.get(..end).unwrap_or(text),
                text.chars().count()
            )
        }
    }
}

impl Value {
    fn text(&self, name: &dyn Fn(&AccountId) -> Option<String>) -> String {
        match self {
            Self::Amount(amount, unit) => unit.format(*amount),
            Self::Charge(amount, unit) if *amount < 0 => format!("{} come back", unit.format(amount.unsigned_abs())),
            Self::Charge(amount, unit) => unit.format(amount.unsigned_abs()),
            Self::Text(text) => shortened(text, MOST_TEXT),
            Self::Account(account) => match name(account) {
                Some(name) => format!("{name} ({})", address(account)),
                None => address(account),
            },
            Self::Time(time) => format_time(*time),
            Self::Duration(duration) => format_duration(*duration),
            Self::Number(number) => number.to_string(),
            Self::Part(basis_points) => format_basis_points(*basis_points),
            Self::Flag(flag) => if *flag { "yes" } else { "no" }.to_owned(),
            Self::List(items) => items.iter().map(|item| item.line(name)).collect::<Vec<_>>().join("; "),
        }
    }

    /// The value as plain data.
    pub fn json(&self) -> Json {
        match self {
            Self::Amount(amount, _) => json!(amount.to_string()),
            Self::Charge(amount, _) => json!(amount.to_string()),
            Self::Text(text) => json!(text),
            Self::Account(account) => json!(address(account)),
            Self::Time(number) | Self::Duration(number) | Self::Number(number) => json!(number),
            Self::Part(basis_points) => json!(basis_points),
            Self::Flag(flag) => json!(flag),
            Self::List(items) => Json::Array(items.iter().map(Report::json).collect()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_name_is_cut_off_in_text_and_whole_in_json() {
        let (name, memo) = ("n".repeat(10_000), "m".repeat(10_000));
        let report = Report::new(name.clone()).text("memo", memo.clone());
        let all = Report::new("all").with("each", Value::List(vec![report.clone()]));
        for report in [&report, &all] {
            let text = report.lines(&|_| None).join("\n");
            assert!(text.len() < 1_500 && text.contains("n… (10000 characters, all of them with --json)"), "{text}");
        }
        assert_eq!(report.json(), json!({ "title": name, "memo": memo }));
    }

    #[test]
    fn text_and_json_come_from_the_same_values() {
        let unit = Unit::of_token("UNIT", 12);
        let inner = Report::new("one").with("part", Value::Part(250));
        let report = Report::new("a tip")
            .amount("amount", 1_500_000_000_000, &unit)
            .with("storage_deposit", Value::Charge(-3, unit.clone()))
            .with("shares", Value::List(vec![inner]));
        assert_eq!(
            report.lines(&|_| None),
            [
                "a tip",
                "  amount           1.5 UNIT",
                "  storage deposit  0.000000000003 UNIT come back",
                "  shares:",
                "    one: part 2.5 %"
            ]
        );
        assert_eq!(
            report.json(),
            json!({
                "title": "a tip",
                "amount": "1500000000000",
                "storage_deposit": "-3",
                "shares": [{ "title": "one", "part": 250 }]
            })
        );
    }
}
