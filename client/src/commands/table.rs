//! Files with many lines of the same kind.

use std::path::Path;

use patronage_client::session::Failure;

/// What `parse` makes of each line of the file at `path`: fields with commas between them. Empty lines and those that begin
/// with # count for nothing.
///
/// # Errors
///
/// In words, when the file can't be read; or for the first line that is none, with its number.
pub fn read<T>(path: &Path, mut parse: impl FnMut(&[&str]) -> Result<T, Failure>) -> Result<Vec<T>, Failure> {
    let unreadable = |error: csv::Error| Failure::Request(format!("{} can't be read: {error}", path.display()));
    let reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .comment(Some(b'#'))
        .trim(csv::Trim::All)
        .from_path(path)
        .map_err(unreadable)?;
    let mut all = Vec::new();
    for record in reader.into_records() {
        let record = record.map_err(unreadable)?;
        let line = record.position().map_or(0, csv::Position::line);
        let fields: Vec<&str> = record.iter().collect();
        all.push(parse(&fields).map_err(|failure| match failure {
            Failure::Request(why) => Failure::Request(format!("{}, line {line}: {why}", path.display())),
            other => other,
        })?);
    }
    Ok(all)
}
