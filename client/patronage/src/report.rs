//! Reports: the output of a command, as text for people or as JSON for programs.
//!
//! A [`Report`] is a title and named values. The names are the keys of the JSON. With spaces in place of underscores, they are the
//! labels of the text.

use patronage_chain::{
    accounts::address,
    units::{format_basis_points, format_duration, format_time, Unit},
};
use patronage_interfaces::AccountId;
use serde_json::{json, Map, Value as Json};

/// A typed value. In JSON, amounts are decimal strings of smallest units, because JSON numbers have fewer digits. Times and durations
/// are numbers of milliseconds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// An amount in smallest units.
    Amount(u128, Unit),
    /// An amount in smallest units. Positive if it is paid, negative if it is received.
    Charge(i128, Unit),
    /// Text.
    Text(String),
    /// An account, shown as its address.
    Account(AccountId),
    /// A time in milliseconds since 1970.
    Time(u64),
    /// A duration in milliseconds.
    Duration(u64),
    /// A count or an index.
    Number(u64),
    /// A share in basis points.
    Part(u16),
    /// Yes or no.
    Flag(bool),
    /// A list of reports.
    List(Vec<Report>),
}

/// A title and named values in order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// The title.
    pub title: String,
    fields: Vec<(&'static str, Value)>,
}

impl Report {
    /// An empty report.
    pub fn new(title: impl Into<String>) -> Self {
        Self { title: title.into(), fields: Vec::new() }
    }

    /// Adds `value` under `key`, which has lower case letters and underscores.
    pub fn with(mut self, key: &'static str, value: Value) -> Self {
        self.fields.push((key, value));
        self
    }

    /// As [`with`](Self::with). Adds nothing for `None`.
    pub fn with_some(self, key: &'static str, value: Option<Value>) -> Self {
        match value {
            Some(value) => self.with(key, value),
            None => self,
        }
    }

    /// Removes the value under `key`.
    pub fn without(mut self, key: &str) -> Self {
        self.fields.retain(|(name, _)| *name != key);
        self
    }

    /// Adds an amount.
    pub fn amount(self, key: &'static str, amount: u128, unit: &Unit) -> Self {
        self.with(key, Value::Amount(amount, unit.clone()))
    }

    /// Adds a text.
    pub fn text(self, key: &'static str, text: impl Into<String>) -> Self {
        self.with(key, Value::Text(text.into()))
    }

    /// Adds an account.
    pub fn account(self, key: &'static str, account: AccountId) -> Self {
        self.with(key, Value::Account(account))
    }

    /// The value under `key`.
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.fields.iter().find(|(name, _)| *name == key).map(|(_, value)| value)
    }

    /// The report as lines of text. `name` returns the name of an account, if it has one. Long titles and texts are truncated.
    pub fn lines(&self, name: &dyn Fn(&AccountId) -> Option<String>) -> Vec<String> {
        let mut lines = vec![shortened(&self.title, MAX_TITLE)];
        let width = self.fields.iter().map(|(key, _)| key.len()).max().unwrap_or(0);
        for (key, value) in &self.fields {
            let label = key.replace('_', " ");
            match value {
                Value::List(items) => {
                    lines.push(format!("  {label}{}", if items.is_empty() { ": none" } else { ":" }));
                    lines.extend(items.iter().map(|item| format!("    {}", item.line(name))));
                }
                value => lines.push(format!("  {label:width$}  {}", value.text(name))),
            }
        }
        lines
    }

    /// The report in one line.
    fn line(&self, name: &dyn Fn(&AccountId) -> Option<String>) -> String {
        let field = |(key, value): &(&'static str, Value)| format!("{} {}", key.replace('_', " "), value.text(name));
        let values = self.fields.iter().map(field).collect::<Vec<_>>().join(", ");
        match (shortened(&self.title, MAX_TITLE), values) {
            (title, values) if values.is_empty() => title,
            (title, values) if title.is_empty() => values,
            (title, values) => format!("{title}: {values}"),
        }
    }

    /// The report as a JSON object. The key of the title is `title`. An empty title is left out.
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

/// Maximum length of a title in text, in characters.
const MAX_TITLE: usize = 200;
/// Maximum length of a text value in text, in characters. Memos, URIs and most rules are shorter.
const MAX_TEXT: usize = 1_000;

/// Truncates `text` to `most` characters. A truncated text ends with its original length.
fn shortened(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        None => text.to_owned(),
        Some((end, _)) => {
            format!(
                "{}… ({} characters, shown in full with --json)",
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
            Self::Charge(amount, unit) if *amount < 0 => format!("{} returned", unit.format(amount.unsigned_abs())),
            Self::Charge(amount, unit) => unit.format(amount.unsigned_abs()),
            Self::Text(text) => shortened(text, MAX_TEXT),
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

    /// The value as JSON.
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
            assert!(text.len() < 1_500 && text.contains("n… (10000 characters, shown in full with --json)"), "{text}");
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
                "  storage deposit  0.000000000003 UNIT returned",
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
