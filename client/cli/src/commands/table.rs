//! Tables: for people on a terminal, as CSV for spreadsheets, and as JSON for programs.

use std::{io::IsTerminal, path::PathBuf};

use clap::Args;
use comfy_table::{presets::NOTHING, ContentArrangement, Table as Lines, TableComponent};
use patronage::{
    error::Error,
    escape::{for_table, for_terminal},
};
use patronage_chain::{
    accounts::address,
    units::{format_time, Unit},
};
use patronage_interfaces::AccountId;
use serde_json::{json, Map, Value as Json};

use super::{output, Global};

/// Marks a file as UTF-8 for spreadsheets that assume another encoding without it.
const BYTE_ORDER_MARK: &str = "\u{feff}";

/// How a table is written.
#[derive(Args, Clone)]
pub struct Format {
    /// Writes CSV for spreadsheets. Amounts are in whole units; what is paid out has a minus sign.
    #[arg(long)]
    csv: bool,
    /// Begins the CSV with a byte-order mark, which some spreadsheets need to read it as UTF-8.
    #[arg(long, requires = "csv")]
    bom: bool,
    /// The file to write. Without it, standard output.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

/// A value of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    /// Nothing.
    Empty,
    /// Text, which may be of a stranger.
    Text(String),
    /// An account.
    Account(AccountId),
    /// A time in ms.
    Time(u64),
    /// A number.
    Number(u64),
    /// An amount in smallest units. The flag says that it is paid out.
    Amount(u128, bool, Unit),
}

impl Cell {
    /// A text, or nothing.
    pub fn text(text: Option<impl Into<String>>) -> Self {
        text.map_or(Self::Empty, |text| Self::Text(text.into()))
    }

    /// An account, or nothing.
    pub fn account(account: Option<AccountId>) -> Self {
        account.map_or(Self::Empty, Self::Account)
    }

    /// A number, or nothing.
    pub fn number(number: Option<u32>) -> Self {
        number.map_or(Self::Empty, |number| Self::Number(number.into()))
    }

    fn for_people(&self, name: &dyn Fn(&AccountId) -> Option<String>) -> String {
        match self {
            Self::Empty => String::new(),
            Self::Text(text) => for_terminal(text).into_owned(),
            Self::Account(account) => name(account).unwrap_or_else(|| address(account)),
            Self::Time(time) => format_time(*time),
            Self::Number(number) => number.to_string(),
            Self::Amount(amount, paid_out, unit) => format!("{}{}", sign(*paid_out), unit.format(*amount)),
        }
    }

    fn for_spreadsheets(&self) -> String {
        match self {
            Self::Account(account) => address(account),
            // A number, so that it is not guarded against formulas.
            Self::Amount(amount, paid_out, unit) => format!("{}{}", sign(*paid_out), unit.plain(*amount)),
            Self::Text(text) => for_table(text),
            other => other.for_people(&|_| None),
        }
    }

    fn json(&self) -> Json {
        match self {
            Self::Empty => Json::Null,
            Self::Text(text) => json!(text),
            Self::Account(account) => json!(address(account)),
            Self::Time(number) | Self::Number(number) => json!(number),
            Self::Amount(amount, paid_out, _) => json!(format!("{}{amount}", sign(*paid_out))),
        }
    }
}

fn sign(paid_out: bool) -> &'static str {
    if paid_out {
        "-"
    } else {
        ""
    }
}

/// A table.
pub struct Table {
    /// Its name, which is the key of the rows in JSON.
    pub name: &'static str,
    /// Names of the columns.
    pub columns: &'static [&'static str],
    /// Columns that people need: the others repeat what an amount shows, or say it for programs.
    pub shown: &'static [&'static str],
    /// The rows, each with a value for each column.
    pub rows: Vec<Vec<Cell>>,
}

impl Table {
    /// Writes the table. `name` returns the name of an account, if it has one.
    ///
    /// # Errors
    ///
    /// If the output can't be written.
    pub fn write(
        &self,
        global: &Global,
        format: &Format,
        name: &dyn Fn(&AccountId) -> Option<String>,
    ) -> Result<(), Error> {
        let text = match (global.json, format.csv) {
            (true, _) => {
                let document = json!({ "ok": true, self.name: self.json() });
                return match &format.out {
                    None => output::document(&document),
                    Some(path) => write(path, &patronage::escape::for_json(&format!("{document:#}\n"))),
                };
            }
            (false, true) => {
                let mark = if format.bom { BYTE_ORDER_MARK } else { "" };
                format!("{mark}{}", self.csv()?)
            }
            (false, false) => self.lines(name),
        };
        match &format.out {
            None => output::raw(text.as_bytes()),
            Some(path) => write(path, &text),
        }
    }

    fn json(&self) -> Json {
        let object = |row: &Vec<Cell>| {
            let fields = self.columns.iter().zip(row).map(|(column, cell)| ((*column).to_owned(), cell.json()));
            Json::Object(fields.collect::<Map<_, _>>())
        };
        Json::Array(self.rows.iter().map(object).collect())
    }

    fn csv(&self) -> Result<String, Error> {
        let failed = |error: &dyn std::fmt::Display| Error::Request(format!("the table can't be written: {error}"));
        let mut writer = csv::Writer::from_writer(Vec::new());
        writer.write_record(self.columns).map_err(|error| failed(&error))?;
        for row in &self.rows {
            let cells = row.iter().map(Cell::for_spreadsheets);
            writer.write_record(cells).map_err(|error| failed(&error))?;
        }
        let bytes = writer.into_inner().map_err(|error| failed(&error))?;
        String::from_utf8(bytes).map_err(|error| failed(&error))
    }

    /// The table as lines that fit the terminal.
    fn lines(&self, name: &dyn Fn(&AccountId) -> Option<String>) -> String {
        let shown = |column: &&str| self.shown.contains(column);
        let mut lines = Lines::new();
        lines.load_preset(NOTHING).set_content_arrangement(ContentArrangement::Dynamic);
        for part in [TableComponent::HeaderLines, TableComponent::MiddleHeaderIntersections] {
            lines.set_style(part, '─');
        }
        if std::io::stdout().is_terminal() {
            lines.set_width(console::Term::stdout().size().1);
        }
        lines.set_header(self.columns.iter().filter(|column| shown(column)).map(|column| column.replace('_', " ")));
        for row in &self.rows {
            let cells = self.columns.iter().zip(row).filter(|(column, _)| shown(column));
            lines.add_row(cells.map(|(_, cell)| cell.for_people(name)));
        }
        let text = lines.trim_fmt();
        match self.rows.len() {
            0 => format!("{text}\nnone\n"),
            _ => format!("{text}\n"),
        }
    }
}

fn write(path: &std::path::Path, text: &str) -> Result<(), Error> {
    std::fs::write(path, text).map_err(|error| Error::Request(format!("{} can't be written: {error}", path.display())))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(rows: Vec<Vec<Cell>>) -> Table {
        Table { name: "rows", columns: &["note", "amount", "currency"], shown: &["note", "amount"], rows }
    }

    #[test]
    fn no_cell_can_break_the_table_or_be_a_formula() {
        let hostile = ["a \"b\",\nc", "=HYPERLINK(1)", "\u{200b}=1", "＠SUM(1)", "a;=1", "\u{1b}[2J", "plain"];
        let shown = ["a \"b\",\\nc", "'=HYPERLINK(1)", "\\u{200b}=1", "'＠SUM(1)", "a;'=1", "\\u{1b}[2J", "plain"];
        let rows = hostile.map(|text| vec![Cell::Text(text.to_owned()), Cell::Empty, Cell::Empty]);
        let text = table(rows.to_vec()).csv().unwrap();
        let read: Vec<csv::StringRecord> =
            csv::Reader::from_reader(text.as_bytes()).records().map(Result::unwrap).collect();
        assert_eq!(read.iter().map(|row| &row[0]).collect::<Vec<_>>(), shown);
        let lines = table(rows.to_vec()).lines(&|_| None);
        assert!(!lines.contains('\u{1b}') && lines.lines().count() == hostile.len() + 2, "{lines}");
    }

    #[test]
    fn money_out_has_a_sign_in_every_format() {
        let unit = Unit::of_token("UNIT", 3);
        let row =
            |amount, out| vec![Cell::Empty, Cell::Amount(amount, out, unit.clone()), Cell::Text("UNIT".to_owned())];
        let table = table(vec![row(1_234_500, false), row(1_500, true)]);
        assert_eq!(table.csv().unwrap(), "note,amount,currency\n,1234.5,UNIT\n,-1.5,UNIT\n");
        assert_eq!(table.json()[1]["amount"], "-1500");
        assert!(table.lines(&|_| None).contains("-1.5 UNIT"));
    }

    #[test]
    fn an_empty_table_says_so() {
        assert!(table(Vec::new()).lines(&|_| None).ends_with("none\n"));
        assert_eq!(table(Vec::new()).csv().unwrap(), "note,amount,currency\n");
    }
}
