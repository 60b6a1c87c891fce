//! What the command prints, and the one question that it asks.

use std::{
    io::{self, BufRead, IsTerminal, Read, Write},
    path::Path,
};

use patronage::{
    actions::tiers::SHORT_PERIOD,
    escape::{for_json, for_terminal},
    report::{Report, Value},
    session::Failure,
};
use patronage_chain::keys::Secret;
use serde_json::{json, Value as Json};

/// Answers are at most so long, in bytes.
const MOST_ANSWER: u64 = 4096;

/// Prints `lines` on standard output.
///
/// # Errors
///
/// When nobody takes them.
pub fn text(lines: &[String]) -> Result<(), Failure> {
    let shown: String = lines.iter().flat_map(|line| [for_terminal(line), "\n".into()]).collect();
    raw(shown.as_bytes())
}

/// Prints one JSON document on standard output.
///
/// # Errors
///
/// When nobody takes it.
pub fn document(document: &Json) -> Result<(), Failure> {
    raw(format!("{}\n", for_json(&format!("{document:#}"))).as_bytes())
}

/// Prints `bytes` as they are on standard output: what has no text of others in it, or had it escaped. A reader who has seen enough, such as `head`, is no error.
///
/// # Errors
///
/// When nobody takes them.
pub fn raw(bytes: &[u8]) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    match out.write_all(bytes).and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(Failure::Request(format!("the output can't be written: {error}")))
        }
        _ => Ok(()),
    }
}

/// Says on standard error what goes on.
pub fn progress(words: &str) {
    progress_line(&format!("{words} .."));
}

/// Prints one line on standard error.
pub fn progress_line(line: &str) {
    // Whoever closed standard error does not want to know.
    writeln!(io::stderr(), "{}", for_terminal(line)).unwrap_or(());
}

/// Standard error for a log, which writes whole entries.
pub struct Log {
    /// Whether entries are JSON documents.
    pub json: bool,
}

impl Write for Log {
    fn write(&mut self, entry: &[u8]) -> io::Result<usize> {
        let text = String::from_utf8_lossy(entry);
        let line = text.trim_end_matches('\n');
        let shown = if self.json { for_json(line) } else { for_terminal(line) };
        // At once, so that entries of several threads do not mix.
        io::stderr().write_all(format!("{shown}\n").as_bytes())?;
        Ok(entry.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        io::stderr().flush()
    }
}

/// Says why nothing, or not everything, was done.
pub fn failure(failure: &Failure, json: bool) {
    match (json, failure) {
        (true, Failure::Refused { error, message }) => error_json(failure.kind(), Some(error), message),
        (true, _) => error_json(failure.kind(), None, &failure.to_string()),
        (false, _) => progress_line(&format!("error: {failure}")),
    }
}

/// An error as the one JSON document: its kind, the name of a contract's own error, and words.
pub fn error_json(kind: &str, name: Option<&str>, message: &str) {
    let message = message.trim_end();
    let error = json!({ "ok": false, "error": { "kind": kind, "name": name, "message": message } });
    document(&error).unwrap_or(());
}

/// Asks whether to go on with what `quote` says, and before that about a period that may be a slip.
///
/// # Errors
///
/// When an answer is no, or there is nobody to ask.
pub fn confirm(json: bool, quote: &Report) -> Result<(), Failure> {
    if json || !io::stdin().is_terminal() {
        let nobody = "nobody is there to be asked: add --yes to go on, or --dry-run to look only";
        return Err(Failure::Request(nobody.to_owned()));
    }
    if let Some(Value::Text(words)) = quote.get(SHORT_PERIOD) {
        agree(&format!("{words}. A period never changes. Is it meant so? [y/N] "))?;
    }
    agree("Go on? [y/N] ")
}

fn agree(question: &str) -> Result<(), Failure> {
    let answer = answer(question).map_err(|error| Failure::Request(format!("no answer: {error}")))?;
    match answer.trim() {
        "y" | "Y" | "yes" => Ok(()),
        _ => Err(Failure::Declined),
    }
}

/// The line of standard input that answers `question`; nothing where that has come to its end.
///
/// # Errors
///
/// When there is none to ask or to read.
pub fn answer(question: &str) -> io::Result<String> {
    write!(io::stderr(), "{}", for_terminal(question))?;
    let mut answer = String::new();
    io::stdin().lock().take(MOST_ANSWER).read_line(&mut answer)?;
    Ok(answer)
}

/// Asks for the password of the wallet's export at `path`, without showing what is typed.
///
/// # Errors
///
/// In words, when there is nobody to ask.
pub fn password(path: &Path, json: bool) -> Result<Secret, String> {
    let shown = path.display();
    if json || !io::stdin().is_terminal() {
        return Err(format!(
            "the key file {shown} is locked, and nobody is there to be asked for its password: put it into a file that only you \
             can read and name it with --password-file, or set PATRONAGE_PASSWORD"
        ));
    }
    let question = format!("Password of {shown}: ");
    let typed = rpassword::prompt_password(for_terminal(&question));
    typed.map(Secret::new).map_err(|error| format!("no password: {error}"))
}
