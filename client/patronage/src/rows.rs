//! Files with many rows of the same kind, such as recipients with amounts, and the faults in them, each with its place.
//!
//! What spreadsheets write is read: a byte-order mark, a header, fields between commas, semicolons or tabs, quotes, and lines
//! that end in any way. Empty lines and those that begin with # count for nothing.

use std::{
    collections::HashMap,
    fmt, fs,
    path::{Path, PathBuf},
};

use csv_core::{ReadFieldResult, Reader, ReaderBuilder};
use patronage_interfaces::AccountId;

use crate::session::Failure;

/// A file is at most so long, in bytes: over a million rows.
const MOST_BYTES: u64 = 100 << 20;

/// So many faults are told, and how many more there are.
const MOST_TOLD: usize = 10;

/// Words of a first field that make the first row a header, unless a number follows: on chains for trying things, accounts have
/// names.
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

/// Where something was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// On the command line, counted from 1.
    Argument(usize),
    /// In the file. Lines and columns are counted from 1, columns in characters.
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
    /// Where it begins.
    pub place: Place,
    /// Without quotes, and without spaces around it.
    pub text: String,
}

/// The fields of a row. There is at least one.
pub type Row = Vec<Field>;

/// What is wrong with rows. All of them are looked at before anything is said.
#[derive(Debug, Default)]
pub struct Faults {
    file: Option<PathBuf>,
    all: Vec<(Place, String)>,
}

impl Faults {
    /// None yet, in rows of the command line and of `file`.
    pub fn new(file: Option<&Path>) -> Self {
        Self { file: file.map(Path::to_owned), all: Vec::new() }
    }

    /// Another one, in words.
    pub fn add(&mut self, place: Place, why: impl Into<String>) {
        self.all.push((place, why.into()));
    }

    /// `value`, or `None` where it is a fault.
    pub fn take<T>(&mut self, place: Place, value: Result<T, String>) -> Option<T> {
        value.map_err(|why| self.add(place, why)).ok()
    }

    /// How a place is called: `thanks.csv:3:5`, or `argument 2`.
    pub fn name(&self, place: Place) -> String {
        match (place, &self.file) {
            (Place::File { line, column }, Some(file)) => format!("{}:{line}:{column}", file.display()),
            (Place::File { line, column }, None) => format!("{line}:{column}"),
            (Place::Argument(number), _) => format!("argument {number}"),
        }
    }

    /// Nothing, where there are none.
    ///
    /// # Errors
    ///
    /// With the first of them in the order of their places, and how many more there are.
    pub fn checked(mut self) -> Result<(), Failure> {
        self.all.sort_by_key(|(place, _)| *place);
        let count = self.all.len();
        let told = self.all.iter().take(MOST_TOLD).map(|(place, why)| format!("{}: {why}", self.name(*place)));
        let mut lines: Vec<String> = told.collect();
        match count {
            0 => return Ok(()),
            1 => {}
            _ if count > MOST_TOLD => {
                let more = count.saturating_sub(MOST_TOLD);
                lines.push(format!("and {more} more; nothing was sent"));
            }
            _ => lines.push(format!("{count} rows can't be used; nothing was sent")),
        }
        Err(Failure::Request(lines.join("\n")))
    }
}

/// An account that may be named once only.
#[derive(Debug, Default)]
pub struct Once(HashMap<AccountId, Place>);

impl Once {
    /// Where `account` was named before, if it was.
    pub fn before(&mut self, account: AccountId, place: Place) -> Option<Place> {
        match self.0.get(&account) {
            Some(before) => Some(*before),
            None => {
                self.0.insert(account, place);
                None
            }
        }
    }
}

/// The rows of the file at `path`.
///
/// # Errors
///
/// In words, when it can't be read, or is no text.
pub fn read(path: &Path) -> Result<Vec<Row>, Failure> {
    let fail = |why: &dyn fmt::Display| Failure::Request(format!("{}: {why}", path.display()));
    let metadata = fs::metadata(path).map_err(|error| fail(&format!("can't be read: {error}")))?;
    if metadata.is_dir() {
        return Err(fail(&"is a folder: name a file"));
    }
    if !metadata.is_file() {
        return Err(fail(
            &"is no file that stays: what was read could not be compared with it when the command is run again",
        ));
    }
    if metadata.len() > MOST_BYTES {
        let (size, most) = (metadata.len() >> 20, MOST_BYTES >> 20);
        return Err(fail(&format!("has {size} MiB, and {most} are possible: split it into several files")));
    }
    let bytes = fs::read(path).map_err(|error| fail(&format!("can't be read: {error}")))?;
    of(&bytes).map_err(|(place, why)| {
        let mut faults = Faults::new(Some(path));
        faults.add(place, why);
        // There is one.
        faults.checked().err().unwrap_or(Failure::Declined)
    })
}

/// The rows in `bytes`, or the place that can't be read and why.
fn of(bytes: &[u8]) -> Result<Vec<Row>, (Place, String)> {
    let start = Place::File { line: 1, column: 1 };
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        return Err((start, "the file is UTF-16: save it as CSV in UTF-8".to_owned()));
    }
    let bytes = bytes.strip_prefix(&[0xef, 0xbb, 0xbf]).unwrap_or(bytes);
    let lines = Lines::of(bytes);
    if let Err(error) = std::str::from_utf8(bytes) {
        let at = error.valid_up_to();
        let byte = bytes.get(at).copied().unwrap_or(0);
        return Err((lines.place(at), format!("byte 0x{byte:02x} is no UTF-8: save the file as CSV in UTF-8")));
    }
    if let Some(at) = bytes.iter().position(|byte| *byte == 0) {
        return Err((lines.place(at), "a zero byte: this is no text file".to_owned()));
    }
    let mut rows = fields(bytes, &lines)?;
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

/// The fields of each line that counts.
fn fields(bytes: &[u8], lines: &Lines<'_>) -> Result<Vec<Row>, (Place, String)> {
    let mut reader: Reader = ReaderBuilder::new().delimiter(delimiter(bytes)).comment(Some(b'#')).build();
    // A field is never longer than what it is read from.
    let mut text = vec![0; bytes.len().saturating_add(1)];
    let (mut rows, mut row): (Vec<Row>, Row) = (Vec::new(), Row::new());
    let mut from = first_that_counts(bytes, 0);
    loop {
        let input = bytes.get(from..).unwrap_or_default();
        let (result, read, written) = reader.read_field(input, &mut text);
        let ends = match result {
            // At the end of the input, which a further call with nothing finishes.
            ReadFieldResult::InputEmpty | ReadFieldResult::OutputFull => {
                let (result, _, more) = reader.read_field(&[], text.get_mut(written..).unwrap_or_default());
                if !matches!(result, ReadFieldResult::Field { .. }) {
                    break;
                }
                push(&mut row, bytes, lines, from, text.get(..written.saturating_add(more)))?;
                true
            }
            ReadFieldResult::Field { record_end } => {
                push(&mut row, bytes, lines, from, text.get(..written))?;
                record_end
            }
            ReadFieldResult::End => break,
        };
        from = from.saturating_add(read);
        if ends {
            let mut done = std::mem::take(&mut row);
            // Spreadsheets write a delimiter for each empty cell.
            while done.len() > 1 && done.last().is_some_and(|field| field.text.is_empty()) {
                done.pop();
            }
            // A row of empty cells is an empty line.
            if done.iter().any(|field| !field.text.is_empty()) {
                rows.push(done);
            }
            from = first_that_counts(bytes, from);
        }
    }
    Ok(rows)
}

fn push(
    row: &mut Row,
    bytes: &[u8],
    lines: &Lines<'_>,
    from: usize,
    text: Option<&[u8]>,
) -> Result<(), (Place, String)> {
    let blank = |byte: &&u8| matches!(byte, b' ' | b'\t');
    let spaces = bytes.get(from..).unwrap_or_default().iter().take_while(blank).count();
    let place = lines.place(from.saturating_add(spaces));
    // All of it was checked before.
    let text = String::from_utf8_lossy(text.unwrap_or_default()).trim().to_owned();
    if text.contains(['\n', '\r']) {
        return Err((place, "the field goes on in the next line: is a quote missing?".to_owned()));
    }
    row.push(Field { place, text });
    Ok(())
}

/// Where the next line begins that is neither empty nor a comment. The parser leaves those out by itself, and does not say so.
fn first_that_counts(bytes: &[u8], mut from: usize) -> usize {
    while let Some(rest) = bytes.get(from..) {
        let length = rest.iter().position(|byte| matches!(byte, b'\n' | b'\r')).unwrap_or(rest.len());
        let skipped = rest.first() == Some(&b'#') || length == 0;
        if rest.is_empty() || !skipped {
            break;
        }
        from = from.saturating_add(length.saturating_add(1));
    }
    from.min(bytes.len())
}

/// What stands between fields: a tab or a semicolon where the first line that counts has one, else a comma.
fn delimiter(bytes: &[u8]) -> u8 {
    let rest = bytes.get(first_that_counts(bytes, 0)..).unwrap_or_default();
    let mut quoted = false;
    let mut found = b',';
    for byte in rest.iter().take_while(|byte| !matches!(byte, b'\n' | b'\r')) {
        match byte {
            b'"' => quoted = !quoted,
            b'\t' if !quoted => return b'\t',
            b';' if !quoted => found = b';',
            _ => {}
        }
    }
    found
}

/// Where lines begin in `text`.
struct Lines<'a> {
    text: &'a [u8],
    starts: Vec<usize>,
}

impl<'a> Lines<'a> {
    fn of(text: &'a [u8]) -> Self {
        let mut starts = vec![0];
        for (index, byte) in text.iter().enumerate() {
            let next = text.get(index.saturating_add(1));
            // A carriage return alone ends a line, too.
            if *byte == b'\n' || (*byte == b'\r' && next != Some(&b'\n')) {
                starts.push(index.saturating_add(1));
            }
        }
        Self { text, starts }
    }

    fn place(&self, at: usize) -> Place {
        let line = self.starts.partition_point(|start| *start <= at);
        let start = line.checked_sub(1).and_then(|index| self.starts.get(index)).copied().unwrap_or(0);
        let before = self.text.get(start..at.max(start)).unwrap_or_default();
        // Characters, not bytes: those that do not continue another.
        let characters = before.iter().filter(|byte| (**byte & 0xc0) != 0x80).count();
        Place::File { line, column: characters.saturating_add(1) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Fields as `line:column text`, rows by lines.
    fn told(text: &str) -> Vec<String> {
        let rows = of(text.as_bytes()).unwrap();
        let one = |field: &Field| match field.place {
            Place::File { line, column } => format!("{line}:{column} {}", field.text),
            Place::Argument(_) => unreachable!(),
        };
        rows.iter().map(|row| row.iter().map(one).collect::<Vec<_>>().join(" | ")).collect()
    }

    #[test]
    fn every_field_has_its_line_and_column() {
        let expected = ["2:1 cleo | 2:7 1.5", "5:1 dana | 5:6 2", "6:3 eve | 6:9 3"];
        assert_eq!(told("# for the tour\ncleo, 1.5\n\n# and\ndana,2\n  eve, \t3"), expected);
        assert_eq!(told("# for the tour\r\ncleo, 1.5\r\n\r\n# and\r\ndana,2\r\n  eve, \t3\r\n"), expected);
        assert_eq!(told("# for the tour\rcleo, 1.5\r\r# and\rdana,2\r  eve, \t3\r"), expected);
    }

    #[test]
    fn what_spreadsheets_write_is_read() {
        assert_eq!(told("\u{feff}Account,Tokens\ncleo,1\n"), ["2:1 cleo | 2:6 1"]);
        assert_eq!(told("cleo;1,5\ndana;2\n"), ["1:1 cleo | 1:6 1,5", "2:1 dana | 2:6 2"]);
        assert_eq!(told("cleo\t1\ndana\t2\n"), ["1:1 cleo | 1:6 1", "2:1 dana | 2:6 2"]);
        assert_eq!(told("\"cleo\",\"1\"\n \"a;b\", 2\n"), ["1:1 cleo | 1:8 1", "2:2 \"a;b\" | 2:9 2"]);
        assert_eq!(told("cleo,1,,\n,,,\ndana,2,,\n"), ["1:1 cleo | 1:6 1", "3:1 dana | 3:6 2"]);
        assert_eq!(told("zoë,1\nzoë,é\n"), ["1:1 zoë | 1:5 1", "2:1 zoë | 2:5 é"]);
    }

    #[test]
    fn a_file_without_rows_has_none() {
        assert_eq!(told("account,5\n"), ["1:1 account | 1:9 5"], "an account can be called so");
        for text in ["", "\u{feff}", "\n\n", "# nobody yet\n", "# nobody yet", "account,tokens\n", "  \n \n"] {
            assert_eq!(told(text), Vec::<String>::new(), "{text:?}");
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
    fn what_is_no_text_is_refused_with_its_place() {
        let place = |line, column| Place::File { line, column };
        for (bytes, at, why) in [
            (&b"cleo,1\nzo\xeb,2\n"[..], place(2, 3), "byte 0xeb is no UTF-8"),
            (b"\xff\xfec\0l\0", place(1, 1), "UTF-16"),
            (b"cleo,1\ndana\0,2\n", place(2, 5), "no text file"),
            (b"cleo,1\n\"dana,2\neve,3\n", place(2, 1), "is a quote missing?"),
        ] {
            let (found, words) = of(bytes).unwrap_err();
            assert!(found == at && words.contains(why), "{found:?} {words}");
        }
        let folder = tempfile::TempDir::new().unwrap();
        assert!(read(folder.path()).unwrap_err().to_string().contains("is a folder"));
        assert!(read(&folder.path().join("none")).unwrap_err().to_string().contains("none: can't be read"));
    }

    #[test]
    fn faults_are_told_in_order_and_counted() {
        let mut faults = Faults::new(Some(Path::new("thanks.csv")));
        faults.add(Place::File { line: 9, column: 2 }, "late");
        faults.add(Place::Argument(2), "an argument");
        faults.add(Place::File { line: 1, column: 5 }, "early");
        let words = faults.checked().unwrap_err().to_string();
        assert_eq!(
            words,
            "argument 2: an argument\nthanks.csv:1:5: early\nthanks.csv:9:2: late\n3 rows can't be used; nothing was sent"
        );
        let mut many = Faults::new(None);
        (1..=500).for_each(|number| many.add(Place::Argument(number), "wrong"));
        let words = many.checked().unwrap_err().to_string();
        assert_eq!(words.lines().count(), 11);
        assert!(words.ends_with("and 490 more; nothing was sent"), "{words}");
        Faults::default().checked().unwrap();
    }
}
