//! Journals record the progress of a task with many transactions, so that an interrupted task can be resumed.
//!
//! Each line is one JSON object. A line is on the disk before the transaction that it announces is sent, so every transaction on the
//! chain is in the journal. If the last line is incomplete, its transaction was not sent.

use std::{
    fs::{self, File, TryLockError},
    io::{self, Read, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
};

use patronage_chain::{
    accounts::address,
    hexadecimal,
    submission::{Submission, SubmissionRecorder},
    ChainError,
};
use patronage_interfaces::AccountId;
use serde::{Deserialize, Serialize};

use crate::error::Error;

const FORMAT: u32 = 1;

/// The task of a journal. Each task has its own journal.
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
    /// BLAKE2b-256 of all parsed rows. Comments and spaces do not change it.
    pub digest: String,
    /// Time of the start in ms since 1970.
    pub begun: u64,
}

impl Task {
    /// The task called `task`, of `sender` at `contract`, on the chain with the hash `genesis`. `digest` is the digest of its `rows` rows.
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

    /// Path of the journal for the rows in `file`. It is in the same folder. Its name differs for each chain, contract, sender and task.
    pub fn path(&self, file: &Path) -> PathBuf {
        let identity = [&self.chain, &self.contract, &self.sender, &self.task].map(String::as_str).join(" ");
        let hash = sp_core::hashing::blake2_256(identity.as_bytes());
        let mut name = file.file_name().unwrap_or_default().to_owned();
        name.push(format!(".{}.journal", hex::encode(&hash[..4])));
        file.with_file_name(name)
    }

    /// Whether this task has the same rows as `other`.
    pub fn is_same(&self, other: &Self) -> bool {
        (self.rows, &self.digest) == (other.rows, &other.digest)
    }
}

/// The progress of a task.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Progress {
    /// The task.
    pub task: Task,
    /// Number of completed rows, from the first row on.
    pub rows: usize,
    /// Number of transactions for these rows.
    pub transactions: usize,
    /// The transaction with an unknown status, and the number of its rows.
    pub pending: Option<(Submission, usize)>,
    /// Time when all rows were completed, in ms since 1970.
    pub finished: Option<u64>,
    /// Number of the newest block with one of the transactions.
    pub block: u32,
}

/// A line of the file.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
enum Entry {
    /// The task. This is the first line.
    Begin(Task),
    /// The next `rows` rows are about to be sent.
    Sending { rows: usize, transaction: String, nonce: u64, birth: u32 },
    /// The pending rows are completed.
    Done { rows: usize, block: u32 },
    /// The pending rows are not completed. Their transaction failed or expired.
    NotDone { why: String },
    /// All rows are completed.
    Finished { time: u64 },
}

/// An open journal. It is locked, so no other process writes it.
pub struct Journal {
    path: PathBuf,
    file: File,
    /// Length up to the end of the last complete line.
    length: u64,
    progress: Option<Progress>,
}

impl Journal {
    /// Opens the file at `path`. Creates it if it does not exist.
    ///
    /// # Errors
    ///
    /// If the file can't be used, another process uses it, or it is damaged.
    pub fn open(path: &Path) -> Result<Self, Error> {
        let fail = |error: io::Error| {
            failed(path, "can't be written; copy the file of the rows into a folder that you can write to", &error)
        };
        let file = File::options().read(true).write(true).create(true).truncate(false).open(path).map_err(fail)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(Error::Request(format!(
                    "another command is processing the same rows ({}): wait until it has ended",
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

    /// The progress. `None` before [`begin`](Self::begin).
    pub fn progress(&self) -> Option<&Progress> {
        self.progress.as_ref()
    }

    /// Path of the file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Starts `task` with its first row. Earlier progress is discarded.
    ///
    /// # Errors
    ///
    /// If the file can't be written.
    pub fn begin(&mut self, task: Task) -> Result<(), ChainError> {
        self.append(Entry::Begin(task))
    }

    /// The recorder for the next transaction, which has `rows` rows.
    pub fn next(&mut self, rows: usize) -> Next<'_> {
        Next { journal: self, rows }
    }

    /// Records that the pending rows are completed. `block` is the newest block.
    ///
    /// # Errors
    ///
    /// If the file can't be written.
    pub fn done(&mut self, block: u32) -> Result<(), ChainError> {
        let pending = self.progress.as_ref().and_then(|progress| progress.pending.as_ref());
        let rows = pending.map_or(0, |(_, rows)| *rows);
        self.append(Entry::Done { rows, block })
    }

    /// Records that the pending rows are not completed, and `why`.
    ///
    /// # Errors
    ///
    /// If the file can't be written.
    pub fn not_done(&mut self, why: &str) -> Result<(), ChainError> {
        self.append(Entry::NotDone { why: why.to_owned() })
    }

    /// Records that all rows are completed.
    ///
    /// # Errors
    ///
    /// If the file can't be written.
    pub fn finish(&mut self) -> Result<(), ChainError> {
        self.append(Entry::Finished { time: now() })
    }

    /// Deletes the file.
    ///
    /// # Errors
    ///
    /// If the file can't be deleted.
    pub fn remove(self) -> Result<(), Error> {
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
                // Removes an incomplete line, so that the next line does not follow it. Opening the journal also removes it.
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

/// Records the transaction of the next rows.
pub struct Next<'j> {
    journal: &'j mut Journal,
    rows: usize,
}

impl SubmissionRecorder for Next<'_> {
    fn sending(&mut self, submission: &Submission) -> Result<(), ChainError> {
        let Submission { transaction, nonce, birth } = submission;
        let transaction = hex::encode(transaction);
        self.journal.append(Entry::Sending { rows: self.rows, transaction, nonce: *nonce, birth: *birth })
    }

    fn rejected(&mut self) -> Result<(), ChainError> {
        self.journal.not_done("the chain rejected the transaction")
    }
}

/// Reads the progress from the journal at `path`. Returns `None` if there is no journal, or its task was not started.
///
/// # Errors
///
/// If the file can't be read or is damaged.
pub fn look(path: &Path) -> Result<Option<Progress>, Error> {
    match fs::read(path) {
        Ok(text) => Ok(read(path, &text)?.0),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(failed(path, "can't be read", &error)),
    }
}

/// Reads the progress from `text`. Also returns the length up to the end of the last complete line.
fn read(path: &Path, text: &[u8]) -> Result<(Option<Progress>, u64), Error> {
    let whole = text.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end.saturating_add(1));
    let mut progress = None;
    let lines = text.get(..whole).unwrap_or_default().split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
    for (index, line) in lines.enumerate() {
        let entry = serde_json::from_slice(line).map_err(|error| error.to_string());
        progress = Some(entry.and_then(|entry| after(progress, &entry)).map_err(|why| {
            Error::Request(format!(
                "{}:{}: the journal is damaged ({why}): check on the chain which rows are completed before you delete it",
                path.display(),
                index.saturating_add(1)
            ))
        })?);
    }
    Ok((progress, u64::try_from(whole).unwrap_or(u64::MAX)))
}

/// The progress after `entry`. Fails if `entry` is not valid after `before`.
fn after(before: Option<Progress>, entry: &Entry) -> Result<Progress, String> {
    let progress = match (before, entry) {
        (_, Entry::Begin(task)) if task.format != FORMAT => {
            return Err(format!("it has format {}, but this command reads format {FORMAT}", task.format));
        }
        (_, Entry::Begin(task)) => {
            let task = task.clone();
            return Ok(Progress { task, rows: 0, transactions: 0, pending: None, finished: None, block: 0 });
        }
        (None, _) => return Err("its first line does not name the task".to_owned()),
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
        _ => Err("a line is not valid after the lines before it".to_owned()),
    }
}

fn failed(path: &Path, what: &str, error: &io::Error) -> Error {
    Error::Request(format!("the journal {} {what}: {error}", path.display()))
}

/// Makes the name of a new file durable. On systems where a folder can't be opened as a file, this is not needed.
fn sync_folder(path: &Path) {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(folder).and_then(|folder| folder.sync_all()).unwrap_or(());
}

/// Milliseconds since 1970 by the clock of this machine. Only shown to people.
fn now() -> u64 {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    u64::try_from(now.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests;
