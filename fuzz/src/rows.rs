//! Files with many rows, such as recipients with amounts, compared with the crate `csv`.

use patronage::rows::{self, Field, Position};

use crate::world::with_scratch;

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

/// The input is the content of a file.
pub fn check(data: &[u8]) {
    let read = with_scratch(|file| {
        file.fill(data);
        rows::read(&file.path())
    });
    let Ok(rows) = read else { return };
    let text = std::str::from_utf8(data).expect("UTF-8");
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut last = Position::File { line: 0, column: 0 };
    for field in rows.iter().flatten() {
        assert!(field.position > last, "{rows:?}: the positions are not in order");
        last = field.position;
        at_its_position(text, field);
    }
    for row in &rows {
        assert!(row.iter().any(|field| !field.text.is_empty()), "an empty row");
        assert!(row.len() == 1 || row.last().is_some_and(|field| !field.text.is_empty()), "an empty last field");
    }
    let texts: Vec<Vec<&str>> = rows.iter().map(|row| row.iter().map(|field| field.text.as_str()).collect()).collect();
    let agrees = b",;\t".iter().any(|delimiter| {
        let general = by_csv(text, *delimiter);
        general
            .is_some_and(|general| general == texts || without_header(&general).is_some_and(|rest| *rest == texts[..]))
    });
    assert!(agrees, "no reader of CSV reads {texts:?} from {text:?}");
}

/// The text of the field is in the file at its position.
fn at_its_position(text: &str, field: &Field) {
    let Position::File { line, column } = field.position else { panic!("no position in a file") };
    let unified = text.replace("\r\n", "\n").replace('\r', "\n");
    let found = unified.split('\n').nth(line - 1).expect("the line is in the file");
    let from: String = found.chars().skip(column - 1).collect();
    assert!(from.starts_with(&field.text) || from.starts_with('"'), "{field:?} is not in {found:?}");
}

/// The rows as the crate `csv` reads them, without empty rows and empty fields at their ends.
fn by_csv(text: &str, delimiter: u8) -> Option<Vec<Vec<String>>> {
    // This reader ends a comment at a line feed only, and removes a second byte-order mark, but for an empty line before it.
    let unified = format!("\n{text}").replace("\r\n", "\n").replace('\r', "\n");
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        .comment(Some(b'#'))
        .from_reader(unified.as_bytes());
    let mut rows = Vec::new();
    for record in reader.records() {
        let mut row: Vec<String> = record.ok()?.iter().map(|field| field.trim().to_owned()).collect();
        while row.len() > 1 && row.last().is_some_and(String::is_empty) {
            row.pop();
        }
        if row.iter().any(|field| !field.is_empty()) {
            rows.push(row);
        }
    }
    Some(rows)
}

fn without_header(rows: &[Vec<String>]) -> Option<&[Vec<String>]> {
    let (first, rest) = rows.split_first()?;
    HEADERS.contains(&first.first()?.to_lowercase().as_str()).then_some(rest)
}
