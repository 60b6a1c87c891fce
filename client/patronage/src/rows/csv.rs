//! The fields of CSV, with their positions.

use csv_core::{ReadFieldResult, Reader, ReaderBuilder};

use super::{Field, Position, Row};

/// The fields of each line that is not ignored.
pub(super) fn fields(file: &str, lines: &Lines<'_>) -> Result<Vec<Row>, (Position, String)> {
    let bytes = file.as_bytes();
    let delimiter = delimiter(bytes);
    let mut reader: Reader = ReaderBuilder::new().delimiter(delimiter).comment(Some(b'#')).build();
    // A field is never longer than the input.
    let mut text = vec![0; bytes.len().saturating_add(1)];
    // The parser removes a byte-order mark at the beginning of what it reads first, which may follow comments here. So this is an empty line.
    let _ = reader.read_field(b"\n", &mut text);
    let (mut rows, mut row): (Vec<Row>, Row) = (Vec::new(), Row::new());
    let mut from = next_row(bytes, 0);
    loop {
        let input = bytes.get(from..).unwrap_or_default();
        let (result, read, written) = reader.read_field(input, &mut text);
        let mut push = |text: Option<&[u8]>| -> Result<(), (Position, String)> {
            let rest = file.get(from..).unwrap_or_default();
            row.push(field(rest, delimiter, text.unwrap_or_default(), |spaces| {
                lines.position(from.saturating_add(spaces))
            })?);
            Ok(())
        };
        let ends = match result {
            // At the end of the input. A call with empty input finishes the last field.
            ReadFieldResult::InputEmpty | ReadFieldResult::OutputFull => {
                let (result, _, more) = reader.read_field(&[], text.get_mut(written..).unwrap_or_default());
                if !matches!(result, ReadFieldResult::Field { .. }) {
                    break;
                }
                push(text.get(..written.saturating_add(more)))?;
                true
            }
            ReadFieldResult::Field { record_end } => {
                push(text.get(..written))?;
                record_end
            }
            ReadFieldResult::End => break,
        };
        from = from.saturating_add(read);
        if ends {
            let mut done = std::mem::take(&mut row);
            // Spreadsheets write delimiters for empty cells at the end of a row.
            while done.len() > 1 && done.last().is_some_and(|field| field.text.is_empty()) {
                done.pop();
            }
            // A row of empty cells is an empty line.
            if done.iter().any(|field| !field.text.is_empty()) {
                rows.push(done);
            }
            from = next_row(bytes, from);
        }
    }
    Ok(rows)
}

/// The field with this `text`, at the beginning of `rest`. `position` gives the position after so many bytes.
fn field(
    rest: &str,
    delimiter: u8,
    text: &[u8],
    position: impl Fn(usize) -> Position,
) -> Result<Field, (Position, String)> {
    // A delimiter can be a space, too: a tab.
    let is_space =
        |letter: char| letter.is_whitespace() && !matches!(letter, '\n' | '\r') && letter != char::from(delimiter);
    let spaces = rest.len().saturating_sub(rest.trim_start_matches(is_space).len());
    // The input was checked to be UTF-8.
    let text = String::from_utf8_lossy(text).trim().to_owned();
    // Of an empty field, its beginning.
    let position = position(if text.is_empty() { 0 } else { spaces });
    if text.contains(['\n', '\r']) {
        return Err((position, "the field continues on the next line: is a quote missing?".to_owned()));
    }
    Ok(Field { position, text })
}

/// The beginning of the next line that is neither empty nor a comment. The parser skips such lines without reporting it.
fn next_row(bytes: &[u8], mut from: usize) -> usize {
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

/// The delimiter of fields: a tab or a semicolon if the first row contains one, else a comma.
fn delimiter(bytes: &[u8]) -> u8 {
    let rest = bytes.get(next_row(bytes, 0)..).unwrap_or_default();
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

/// The beginnings of lines in `text`.
pub(super) struct Lines<'a> {
    text: &'a [u8],
    starts: Vec<usize>,
}

impl<'a> Lines<'a> {
    pub(super) fn of(text: &'a [u8]) -> Self {
        let mut starts = vec![0];
        for (index, byte) in text.iter().enumerate() {
            let next = text.get(index.saturating_add(1));
            // A carriage return alone also ends a line.
            if *byte == b'\n' || (*byte == b'\r' && next != Some(&b'\n')) {
                starts.push(index.saturating_add(1));
            }
        }
        Self { text, starts }
    }

    /// The position of the byte with this index.
    pub(super) fn position(&self, at: usize) -> Position {
        let line = self.starts.partition_point(|start| *start <= at);
        let start = line.checked_sub(1).and_then(|index| self.starts.get(index)).copied().unwrap_or(0);
        let before = self.text.get(start..at.max(start)).unwrap_or_default();
        // Counts characters: bytes that are not continuation bytes of UTF-8.
        let characters = before.iter().filter(|byte| (**byte & 0xc0) != 0x80).count();
        Position::File { line, column: characters.saturating_add(1) }
    }
}
