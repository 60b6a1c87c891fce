//! Output of the command, and its questions to the user.

use std::{
    io::{self, BufRead, IsTerminal, Read, Write},
    path::Path,
};

use patronage::{
    actions::tiers::SHORT_PERIOD,
    error::Error,
    escape::{for_json, for_terminal},
    report::{Report, Value},
};
use patronage_chain::keys::Secret;
use serde_json::{json, Value as Json};

/// Maximum length of an answer in bytes.
const MAX_ANSWER: u64 = 4096;

/// Prints `lines` on standard output, escaped for a terminal.
///
/// # Errors
///
/// If standard output can't be written.
pub fn text(lines: &[String]) -> Result<(), Error> {
    let shown: String = lines.iter().flat_map(|line| [for_terminal(line), "\n".into()]).collect();
    raw(shown.as_bytes())
}

/// Prints one JSON document on standard output.
///
/// # Errors
///
/// If standard output can't be written.
pub fn document(document: &Json) -> Result<(), Error> {
    raw(format!("{}\n", for_json(&format!("{document:#}"))).as_bytes())
}

/// Prints `bytes` unchanged on standard output. They must not contain unescaped untrusted text. A closed pipe, as by `head`, is not an
/// error.
///
/// # Errors
///
/// If standard output can't be written.
pub fn raw(bytes: &[u8]) -> Result<(), Error> {
    let mut out = io::stdout().lock();
    match out.write_all(bytes).and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(Error::Request(format!("the output can't be written: {error}")))
        }
        _ => Ok(()),
    }
}

/// Prints on standard error what is being done.
pub fn progress(text: &str) {
    progress_line(&format!("{text} .."));
}

/// Prints one line on standard error.
pub fn progress_line(line: &str) {
    // If standard error is closed, the line is dropped.
    writeln!(io::stderr(), "{}", for_terminal(line)).unwrap_or(());
}

/// A writer of log entries to standard error.
pub struct Log {
    /// Whether entries are JSON documents.
    pub json: bool,
}

impl Write for Log {
    fn write(&mut self, entry: &[u8]) -> io::Result<usize> {
        let text = String::from_utf8_lossy(entry);
        let line = text.trim_end_matches('\n');
        let shown = if self.json { for_json(line) } else { for_terminal(line) };
        // One write per entry, so that entries of several threads do not mix.
        io::stderr().write_all(format!("{shown}\n").as_bytes())?;
        Ok(entry.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        io::stderr().flush()
    }
}

/// Prints an error, as text or as JSON.
pub fn error(error: &Error, json: bool) {
    match (json, error) {
        (true, Error::Refused { error: name, message }) => error_json(error.kind(), Some(name), message),
        (true, _) => error_json(error.kind(), None, &error.to_string()),
        (false, _) => progress_line(&format!("error: {error}")),
    }
}

/// Prints an error as a JSON document with its kind, the name of a contract's own error, and a message.
pub fn error_json(kind: &str, name: Option<&str>, message: &str) {
    let message = message.trim_end();
    let error = json!({ "ok": false, "error": { "kind": kind, "name": name, "message": message } });
    document(&error).unwrap_or(());
}

/// Asks for confirmation of `quote`. Asks about a short period first, which may be a mistake.
///
/// # Errors
///
/// If the user declines, or standard input is not a terminal.
pub fn confirm(json: bool, quote: &Report) -> Result<(), Error> {
    if json || !io::stdin().is_terminal() {
        let no_terminal = "confirmation needs a terminal: add --yes to send, or --dry-run to show the quote only";
        return Err(Error::Request(no_terminal.to_owned()));
    }
    if let Some(Value::Text(warning)) = quote.get(SHORT_PERIOD) {
        agree(&format!("{warning}. A period can't be changed later. Is this correct? [y/N] "))?;
    }
    agree("Continue? [y/N] ")
}

fn agree(question: &str) -> Result<(), Error> {
    let answer = answer(question).map_err(|error| Error::Request(format!("no answer: {error}")))?;
    match answer.trim() {
        "y" | "Y" | "yes" => Ok(()),
        _ => Err(Error::Declined),
    }
}

/// Asks `question`, and reads a line from standard input. Returns an empty text at its end.
///
/// # Errors
///
/// If standard error can't be written, or standard input can't be read.
pub fn answer(question: &str) -> io::Result<String> {
    write!(io::stderr(), "{}", for_terminal(question))?;
    let mut answer = String::new();
    io::stdin().lock().take(MAX_ANSWER).read_line(&mut answer)?;
    Ok(answer)
}

/// Asks for the password of the wallet's export at `path`, without echo.
///
/// # Errors
///
/// A message if standard input is not a terminal.
pub fn password(path: &Path, json: bool) -> Result<Secret, String> {
    let shown = path.display();
    if json || !io::stdin().is_terminal() {
        return Err(format!(
            "the key file {shown} is encrypted, and asking for its password needs a terminal: put the password into a file that only \
             you can read and name it with --password-file, or set PATRONAGE_PASSWORD"
        ));
    }
    let question = format!("Password of {shown}: ");
    let typed = rpassword::prompt_password(for_terminal(&question));
    typed.map(Secret::new).map_err(|error| format!("no password: {error}"))
}
