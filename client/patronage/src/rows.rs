//! Reads files with many rows, such as recipients with amounts, and reports each error with its position.
//!
//! Reads the CSV that spreadsheets write: a byte-order mark, a header, commas, semicolons or tabs between fields, quotes, and all kinds of
//! line breaks. Empty lines and lines that begin with # are ignored.

mod csv;

use std::{
    collections::HashMap,
    fmt, fs,
    path::{Path, PathBuf},
};

use patronage_interfaces::AccountId;

use self::csv::{fields, Lines};
use crate::error::Error;

/// Maximum size of a file in bytes. It has room for over a million rows.
const MAX_BYTES: u64 = 100 << 20;

/// Maximum number of errors in a message. For more errors, it ends with their number.
const MAX_SHOWN: usize = 10;

/// First fields that make the first row a header, unless another field contains a digit. On development chains, an account can have one
/// of these names.
const HEADERS: [&str; 9] = [
    "account",
    "accounts",
    "account id",
    "address",
    "addresses",
    "recipient",
    "recipients",
    "wallet",
    "wallet address",
];

/// The position of a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Position {
    /// An argument of the command line, counted from 1.
    Argument(usize),
    /// A position in the file. Lines and columns are counted from 1, columns in characters.
    File {
        /// The line.
        line: usize,
        /// The column.
        column: usize,
    },
}

/// A field of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// The position of its beginning.
    pub position: Position,
    /// The text, without quotes and without surrounding spaces.
    pub text: String,
}

/// The fields of a row. There is at least one.
pub type Row = Vec<Field>;

/// Errors in rows. All rows are checked before the errors are reported.
#[derive(Debug, Default)]
pub struct RowErrors {
    file: Option<PathBuf>,
    all: Vec<(Position, String)>,
}

impl RowErrors {
    /// No errors yet, for rows of the command line and of `file`.
    pub fn new(file: Option<&Path>) -> Self {
        Self { file: file.map(Path::to_owned), all: Vec::new() }
    }

    /// Adds an error.
    pub fn add(&mut self, position: Position, why: impl Into<String>) {
        self.all.push((position, why.into()));
    }

    /// Returns `value`. Adds its error, if it is one, and returns `None`.
    pub fn ok<T>(&mut self, position: Position, value: Result<T, String>) -> Option<T> {
        value.map_err(|why| self.add(position, why)).ok()
    }

    /// A position as text, such as `thanks.csv:3:5` or `argument 2`.
    pub fn name(&self, position: Position) -> String {
        match (position, &self.file) {
            (Position::File { line, column }, Some(file)) => format!("{}:{line}:{column}", file.display()),
            (Position::File { line, column }, None) => format!("{line}:{column}"),
            (Position::Argument(number), _) => format!("argument {number}"),
        }
    }

    /// Succeeds if there are no errors.
    ///
    /// # Errors
    ///
    /// A message with the first errors in the order of their positions, and the number of further errors.
    pub fn checked(mut self) -> Result<(), Error> {
        self.all.sort_by_key(|(position, _)| *position);
        let count = self.all.len();
        let shown = self.all.iter().take(MAX_SHOWN).map(|(position, why)| format!("{}: {why}", self.name(*position)));
        let mut lines: Vec<String> = shown.collect();
        match count {
            0 => return Ok(()),
            1 => {}
            _ if count > MAX_SHOWN => {
                let more = count.saturating_sub(MAX_SHOWN);
                lines.push(format!("and {more} more; nothing was sent"));
            }
            _ => lines.push(format!("{count} errors; nothing was sent")),
        }
        Err(Error::Request(lines.join("\n")))
    }
}

/// Finds accounts that are named more than once.
#[derive(Debug, Default)]
pub struct UniqueAccounts(HashMap<AccountId, Position>);

impl UniqueAccounts {
    /// The position where `account` was named first, if this is not the first time.
    pub fn first_position(&mut self, account: AccountId, position: Position) -> Option<Position> {
        match self.0.get(&account) {
            Some(before) => Some(*before),
            None => {
                self.0.insert(account, position);
                None
            }
        }
    }
}

/// Reads the rows of the file at `path`.
///
/// # Errors
///
/// If the file can't be read or is not text.
pub fn read(path: &Path) -> Result<Vec<Row>, Error> {
    let fail = |why: &dyn fmt::Display| Error::Request(format!("{}: {why}", path.display()));
    let metadata = fs::metadata(path).map_err(|error| fail(&format!("can't be read: {error}")))?;
    if metadata.is_dir() {
        return Err(fail(&"is a folder: name a file"));
    }
    if !metadata.is_file() {
        return Err(fail(
            &"is not a regular file, so an interrupted command could not be resumed: write the rows into a regular file",
        ));
    }
    if metadata.len() > MAX_BYTES {
        let (size, most) = (metadata.len() >> 20, MAX_BYTES >> 20);
        return Err(fail(&format!("has {size} MiB, but at most {most} MiB are possible: split it into several files")));
    }
    let bytes = fs::read(path).map_err(|error| fail(&format!("can't be read: {error}")))?;
    of(&bytes).map_err(|(position, why)| {
        let mut row_errors = RowErrors::new(Some(path));
        row_errors.add(position, why);
        // There is one error, so this is never `Declined`.
        row_errors.checked().err().unwrap_or(Error::Declined)
    })
}

/// Reads the rows in `bytes`. An error has its position.
fn of(bytes: &[u8]) -> Result<Vec<Row>, (Position, String)> {
    let start = Position::File { line: 1, column: 1 };
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        return Err((start, "the file is UTF-16: save it as CSV in UTF-8".to_owned()));
    }
    let bytes = bytes.strip_prefix(&[0xef, 0xbb, 0xbf]).unwrap_or(bytes);
    let lines = Lines::of(bytes);
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let at = error.valid_up_to();
        let byte = bytes.get(at).copied().unwrap_or(0);
        (lines.position(at), format!("byte 0x{byte:02x} is not valid UTF-8: save the file as CSV in UTF-8"))
    })?;
    if let Some(at) = bytes.iter().position(|byte| *byte == 0) {
        return Err((lines.position(at), "a zero byte: this is not a text file".to_owned()));
    }
    let mut rows = fields(text, &lines)?;
    let is_header = |row: &Row| {
        let first = row.first().map(|field| field.text.to_lowercase()).unwrap_or_default();
        let number = row.iter().skip(1).any(|field| field.text.contains(|letter: char| letter.is_ascii_digit()));
        HEADERS.contains(&first.as_str()) && !number
    };
    if rows.first().is_some_and(is_header) {
        rows.remove(0);
    }
    Ok(rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Fields as `line:column text`, rows by lines.
    fn positions(text: &str) -> Vec<String> {
        let rows = of(text.as_bytes()).unwrap();
        let one = |field: &Field| match field.position {
            Position::File { line, column } => format!("{line}:{column} {}", field.text),
            Position::Argument(_) => unreachable!(),
        };
        rows.iter().map(|row| row.iter().map(one).collect::<Vec<_>>().join(" | ")).collect()
    }

    #[test]
    fn every_field_has_its_line_and_column() {
        let expected = ["2:1 cleo | 2:7 1.5", "5:1 dana | 5:6 2", "6:3 eve | 6:9 3"];
        assert_eq!(positions("# for the tour\ncleo, 1.5\n\n# and\ndana,2\n  eve, \t3"), expected);
        assert_eq!(positions("# for the tour\r\ncleo, 1.5\r\n\r\n# and\r\ndana,2\r\n  eve, \t3\r\n"), expected);
        assert_eq!(positions("# for the tour\rcleo, 1.5\r\r# and\rdana,2\r  eve, \t3\r"), expected);
    }

    #[test]
    fn what_spreadsheets_write_is_read() {
        assert_eq!(positions("\u{feff}Account,Tokens\ncleo,1\n"), ["2:1 cleo | 2:6 1"]);
        assert_eq!(positions("cleo;1,5\ndana;2\n"), ["1:1 cleo | 1:6 1,5", "2:1 dana | 2:6 2"]);
        assert_eq!(positions("cleo\t1\ndana\t2\n"), ["1:1 cleo | 1:6 1", "2:1 dana | 2:6 2"]);
        assert_eq!(positions("\"cleo\",\"1\"\n \"a;b\", 2\n"), ["1:1 cleo | 1:8 1", "2:2 \"a;b\" | 2:9 2"]);
        assert_eq!(positions("cleo,1,,\n,,,\ndana,2,,\n"), ["1:1 cleo | 1:6 1", "3:1 dana | 3:6 2"]);
        assert_eq!(positions("zoë,1\nzoë,é\n"), ["1:1 zoë | 1:5 1", "2:1 zoë | 2:5 é"]);
    }

    #[test]
    fn every_space_but_the_delimiter_is_skipped_before_a_field() {
        assert_eq!(positions("cleo\t\t1\n"), ["1:1 cleo | 1:6  | 1:7 1"]);
        assert_eq!(positions("cleo,  ,\u{a0}\u{2003}1\n"), ["1:1 cleo | 1:6  | 1:11 1"]);
        assert_eq!(positions("cleo,\"\u{a0}1\"\n"), ["1:1 cleo | 1:6 1"]);
    }

    #[test]
    fn a_byte_order_mark_is_removed_at_the_beginning_only() {
        assert_eq!(positions("\u{feff}# people\n\u{feff}cleo,1\n"), ["2:1 \u{feff}cleo | 2:7 1"]);
        assert_eq!(positions("\u{feff}\u{feff}cleo\n"), ["1:1 \u{feff}cleo"]);
    }

    #[test]
    fn a_file_without_rows_has_none() {
        assert_eq!(positions("account,5\n"), ["1:1 account | 1:9 5"], "an account can be called so");
        for text in ["", "\u{feff}", "\n\n", "# nobody yet\n", "# nobody yet", "account,tokens\n", "  \n \n"] {
            assert_eq!(positions(text), Vec::<String>::new(), "{text:?}");
        }
    }

    #[test]
    fn the_last_line_needs_no_end() {
        for text in ["cleo", "cleo,1", "a,1\ncleo,1", "a,1\n\"cleo\"", "cleo,\"1\"", "cleo,"] {
            let rows = of(text.as_bytes()).unwrap();
            assert!(rows.last().unwrap().iter().any(|field| field.text == "cleo"), "{text}");
        }
    }

    #[test]
    fn a_file_that_is_not_text_is_refused_with_its_position() {
        let position = |line, column| Position::File { line, column };
        for (bytes, at, why) in [
            (&b"cleo,1\nzo\xeb,2\n"[..], position(2, 3), "byte 0xeb is not valid UTF-8"),
            (b"\xff\xfec\0l\0", position(1, 1), "UTF-16"),
            (b"cleo,1\ndana\0,2\n", position(2, 5), "not a text file"),
            (b"cleo,1\n\"dana,2\neve,3\n", position(2, 1), "is a quote missing?"),
        ] {
            let (found, message) = of(bytes).unwrap_err();
            assert!(found == at && message.contains(why), "{found:?} {message}");
        }
        let folder = tempfile::TempDir::new().unwrap();
        assert!(read(folder.path()).unwrap_err().to_string().contains("is a folder"));
        assert!(read(&folder.path().join("none")).unwrap_err().to_string().contains("none: can't be read"));
    }

    #[test]
    fn errors_are_reported_in_order_and_counted() {
        let mut row_errors = RowErrors::new(Some(Path::new("thanks.csv")));
        row_errors.add(Position::File { line: 9, column: 2 }, "late");
        row_errors.add(Position::Argument(2), "an argument");
        row_errors.add(Position::File { line: 1, column: 5 }, "early");
        let message = row_errors.checked().unwrap_err().to_string();
        assert_eq!(
            message,
            "argument 2: an argument\nthanks.csv:1:5: early\nthanks.csv:9:2: late\n3 errors; nothing was sent"
        );
        let mut many = RowErrors::new(None);
        (1..=500).for_each(|number| many.add(Position::Argument(number), "wrong"));
        let message = many.checked().unwrap_err().to_string();
        assert_eq!(message.lines().count(), 11);
        assert!(message.ends_with("and 490 more; nothing was sent"), "{message}");
        RowErrors::default().checked().unwrap();
    }
}
