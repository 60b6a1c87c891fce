//! A file that says how far a task of many transactions has come, so that it goes on there after an interruption.
//!
//! Each line is one JSON object. A line is on the disk before what it announces is sent, so the file never knows less than the
//! chain. A last line without its end was never finished, and nothing of it was sent.

use std::{
    fs::{self, File, TryLockError},
    io::{self, Read, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
};

use patronage_chain::{
    accounts::address,
    hexadecimal,
    submission::{Record, Submission},
    ChainError,
};
use patronage_interfaces::AccountId;
use serde::{Deserialize, Serialize};

use crate::session::Failure;

const FORMAT: u32 = 1;

/// What a journal is about. It belongs to one task only.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Task {
    format: u32,
    chain: String,
    contract: String,
    sender: String,
    task: String,
    /// Number of rows.
    pub rows: usize,
    /// BLAKE2b-256 of all rows as they are understood. Comments and spaces do not change it.
    pub digest: String,
    /// When it was begun, in ms since 1970.
    pub begun: u64,
}

impl Task {
    /// The `task` in words, of `sender` at `contract` on the chain with the hash `genesis`, with so many `rows`.
    pub fn new(
        genesis: &[u8; 32],
        contract: &AccountId,
        sender: &AccountId,
        task: String,
        rows: usize,
        digest: [u8; 32],
    ) -> Self {
        Self {
            format: FORMAT,
            chain: hexadecimal(genesis),
            contract: address(contract),
            sender: address(sender),
            task,
            rows,
            digest: hexadecimal(&digest),
            begun: now(),
        }
    }

    /// Where the journal is for the rows in `file`: beside it, and another one for each chain, contract, sender and kind of task.
    pub fn path(&self, file: &Path) -> PathBuf {
        let whose = [&self.chain, &self.contract, &self.sender, &self.task].map(String::as_str).join(" ");
        let hash = sp_core::hashing::blake2_256(whose.as_bytes());
        let mut name = file.file_name().unwrap_or_default().to_owned();
        name.push(format!(".{}.journal", hex::encode(&hash[..4])));
        file.with_file_name(name)
    }

    /// Whether this is about the same rows as `other`.
    pub fn is_same(&self, other: &Self) -> bool {
        (self.rows, &self.digest) == (other.rows, &other.digest)
    }
}

/// How far a task has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Progress {
    /// The task.
    pub task: Task,
    /// How many rows are done, from the first on.
    pub rows: usize,
    /// How many transactions did them.
    pub transactions: usize,
    /// The transaction of which it is not known what came of it, and how many rows it has.
    pub pending: Option<(Submission, usize)>,
    /// When all rows were done, in ms since 1970.
    pub finished: Option<u64>,
    /// Number of the newest block in which something was done.
    pub block: u32,
}

/// A line of the file.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
enum Entry {
    /// The task. The first line.
    Begin(Task),
    /// The next so many rows are about to be sent.
    Sending { rows: usize, transaction: String, nonce: u64, birth: u32 },
    /// They are done.
    Done { rows: usize, block: u32 },
    /// They are not done, and will not be by that transaction.
    NotDone { why: String },
    /// All rows are done.
    Finished { time: u64 },
}

/// An open journal. Nobody else writes it meanwhile.
pub struct Journal {
    path: PathBuf,
    file: File,
    /// Length up to the end of the last whole line.
    length: u64,
    progress: Option<Progress>,
}

impl Journal {
    /// Opens the file at `path`, an empty one where there is none.
    ///
    /// # Errors
    ///
    /// In words, when it can't be used, another process uses it, or it is damaged.
    pub fn open(path: &Path) -> Result<Self, Failure> {
        let fail = |error: io::Error| {
            failed(path, "can't be written, so copy the file of the rows into a folder where you can write", &error)
        };
        let file = File::options().read(true).write(true).create(true).truncate(false).open(path).map_err(fail)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(Failure::Request(format!(
                    "another command is at work on the same rows ({}): wait until it has ended",
                    path.display()
                )))
            }
            Err(TryLockError::Error(error)) => return Err(failed(path, "can't be locked", &error)),
        }
        let mut journal = Self { path: path.to_owned(), file, length: 0, progress: None };
        let mut text = Vec::new();
        journal.file.read_to_end(&mut text).map_err(fail)?;
        let (progress, length) = read(path, &text)?;
        journal.progress = progress;
        journal.length = length;
        journal.cut().map_err(fail)?;
        sync_folder(path);
        Ok(journal)
    }

    /// How far it has come; `None` before [`begin`](Self::begin).
    pub fn progress(&self) -> Option<&Progress> {
        self.progress.as_ref()
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Begins `task` from its first row, whatever was done before.
    ///
    /// # Errors
    ///
    /// When it can't be written.
    pub fn begin(&mut self, task: Task) -> Result<(), ChainError> {
        self.append(Entry::Begin(task))
    }

    /// What to record the next transaction by, which does so many `rows`.
    pub fn next(&mut self, rows: usize) -> Next<'_> {
        Next { journal: self, rows }
    }

    /// The pending rows are done, in a block up to `block`.
    ///
    /// # Errors
    ///
    /// When it can't be written.
    pub fn done(&mut self, block: u32) -> Result<(), ChainError> {
        let pending = self.progress.as_ref().and_then(|progress| progress.pending.as_ref());
        let rows = pending.map_or(0, |(_, rows)| *rows);
        self.append(Entry::Done { rows, block })
    }

    /// The pending rows are not done, because of `why`.
    ///
    /// # Errors
    ///
    /// When it can't be written.
    pub fn not_done(&mut self, why: &str) -> Result<(), ChainError> {
        self.append(Entry::NotDone { why: why.to_owned() })
    }

    /// All rows are done.
    ///
    /// # Errors
    ///
    /// When it can't be written.
    pub fn finish(&mut self) -> Result<(), ChainError> {
        self.append(Entry::Finished { time: now() })
    }

    /// Deletes the file.
    ///
    /// # Errors
    ///
    /// In words, when it can't be deleted.
    pub fn remove(self) -> Result<(), Failure> {
        fs::remove_file(&self.path).map_err(|error| failed(&self.path, "can't be deleted", &error))
    }

    fn append(&mut self, entry: Entry) -> Result<(), ChainError> {
        let progress = after(self.progress.clone(), &entry).map_err(ChainError::Unavailable)?;
        let write = |journal: &mut Self| -> io::Result<u64> {
            let mut line = serde_json::to_vec(&entry)?;
            line.push(b'\n');
            journal.file.seek(SeekFrom::Start(journal.length))?;
            journal.file.write_all(&line)?;
            journal.file.sync_data()?;
            Ok(journal.length.saturating_add(u64::try_from(line.len()).unwrap_or(u64::MAX)))
        };
        match write(self) {
            Ok(length) => {
                self.length = length;
                self.progress = Some(progress);
                Ok(())
            }
            Err(error) => {
                // Half of a line must not stay: another would follow it. Opening it cuts it off, too.
                self.cut().unwrap_or(());
                Err(self.unwritable(&error))
            }
        }
    }

    fn cut(&mut self) -> io::Result<()> {
        self.file.set_len(self.length)?;
        self.file.sync_data()
    }

    fn unwritable(&self, error: &io::Error) -> ChainError {
        ChainError::Unavailable(format!("{} can't be written: {error}", self.path.display()))
    }
}

/// Records the transaction that does the next rows.
pub struct Next<'j> {
    journal: &'j mut Journal,
    rows: usize,
}

impl Record for Next<'_> {
    fn sending(&mut self, submission: &Submission) -> Result<(), ChainError> {
        let Submission { transaction, nonce, birth } = submission;
        let transaction = hex::encode(transaction);
        self.journal.append(Entry::Sending { rows: self.rows, transaction, nonce: *nonce, birth: *birth })
    }

    fn rejected(&mut self) -> Result<(), ChainError> {
        self.journal.not_done("the chain did not take the transaction")
    }
}

/// How far the task has come whose journal is at `path`; `None` where there is none, or nothing was begun.
///
/// # Errors
///
/// In words, when it can't be read or is damaged.
pub fn look(path: &Path) -> Result<Option<Progress>, Failure> {
    match fs::read(path) {
        Ok(text) => Ok(read(path, &text)?.0),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(failed(path, "can't be read", &error)),
    }
}

/// What the lines of `text` tell, and the length up to the end of the last whole one.
fn read(path: &Path, text: &[u8]) -> Result<(Option<Progress>, u64), Failure> {
    let whole = text.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end.saturating_add(1));
    let mut progress = None;
    let lines = text.get(..whole).unwrap_or_default().split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
    for (index, line) in lines.enumerate() {
        let entry = serde_json::from_slice(line).map_err(|error| error.to_string());
        progress = Some(entry.and_then(|entry| after(progress, &entry)).map_err(|why| {
            Failure::Request(format!(
                "{}:{}: the journal is damaged ({why}): look on the chain which rows are done before you delete it",
                path.display(),
                index.saturating_add(1)
            ))
        })?);
    }
    Ok((progress, u64::try_from(whole).unwrap_or(u64::MAX)))
}

/// How far it is after `entry`, in words where that does not follow.
fn after(before: Option<Progress>, entry: &Entry) -> Result<Progress, String> {
    let progress = match (before, entry) {
        (_, Entry::Begin(task)) if task.format != FORMAT => {
            return Err(format!("it has format {}, and this command reads {FORMAT}", task.format));
        }
        (_, Entry::Begin(task)) => {
            let task = task.clone();
            return Ok(Progress { task, rows: 0, transactions: 0, pending: None, finished: None, block: 0 });
        }
        (None, _) => return Err("its first line does not say what it is about".to_owned()),
        (Some(progress), _) => progress,
    };
    let left = progress.task.rows.saturating_sub(progress.rows);
    match (entry, progress.pending.clone()) {
        (Entry::Sending { rows, transaction, nonce, birth }, None) if (1..=left).contains(rows) => {
            let transaction = hex::decode(transaction).map_err(|error| format!("a transaction: {error}"))?;
            let submission = Submission { transaction, nonce: *nonce, birth: *birth };
            Ok(Progress { pending: Some((submission, *rows)), ..progress })
        }
        (Entry::Done { rows, block }, Some((_, pending))) if *rows == pending => Ok(Progress {
            rows: progress.rows.saturating_add(pending),
            transactions: progress.transactions.saturating_add(1),
            pending: None,
            block: *block,
            ..progress
        }),
        (Entry::NotDone { .. }, Some(_)) => Ok(Progress { pending: None, ..progress }),
        (Entry::Finished { time }, None) if left == 0 => Ok(Progress { finished: Some(*time), ..progress }),
        _ => Err("a line does not follow from those before it".to_owned()),
    }
}

fn failed(path: &Path, what: &str, error: &io::Error) -> Failure {
    Failure::Request(format!("the journal {} {what}: {error}", path.display()))
}

/// Makes the name of a new file last. Where a folder can't be opened as a file, the system sees to it.
fn sync_folder(path: &Path) {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(folder).and_then(|folder| folder.sync_all()).unwrap_or(());
}

/// Milliseconds since 1970 by this machine's clock, for people only.
fn now() -> u64 {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    u64::try_from(now.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests;
