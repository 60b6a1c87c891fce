//! A chain in a folder, which persists between commands.
//!
//! A writer holds the lock from reading the state to writing the next one. The state is one file that is replaced atomically, so readers
//! need no lock, and a crash loses at most the current change.

use std::{
    fs::{self, File, TryLockError},
    io::{self, Read, Write},
    ops::RangeInclusive,
    path::{Path, PathBuf},
};

use patronage_chain::{
    accounts::{account, NAMES},
    funds::Funds,
    submission::{Submission, SubmissionRecorder, SubmissionStatus},
    Call, Chain, ChainError, DevChain, Outcome, PastEvent, Properties, Signer, Weight, Width,
};
use patronage_interfaces::AccountId;

use super::{
    state::{self, Checksum, Unreadable},
    EmbeddedChain,
};

const STATE: &str = "chain.state";
const NEXT: &str = "chain.state.next";
const PREVIOUS: &str = "chain.state.previous";
const LOCK: &str = "chain.lock";

/// Milliseconds between the blocks of two transactions, as on most chains. Otherwise the clock only moves with [`DevChain::advance`].
pub const BLOCK_TIME: u64 = 6_000;

/// Initial balance of each development account in planck: 10,000 whole units.
pub const ENDOWMENT: u128 = 10_000_000_000_000_000;

/// A chain in a folder.
pub struct FolderChain {
    folder: PathBuf,
    chain: EmbeddedChain,
    saved: Checksum,
    waits: fn(&Path),
}

impl FolderChain {
    /// Opens the chain in `folder`. Creates one if there is none. `waits` is called with the folder if another command holds the lock.
    ///
    /// # Errors
    ///
    /// If the folder can't be used, contains other files, or its chain is damaged or of another version.
    pub fn open(folder: &Path, waits: fn(&Path)) -> Result<Self, ChainError> {
        fs::create_dir_all(folder).map_err(|error| failed("can't be created", folder, &error))?;
        let path = folder.join(STATE);
        if !path.exists() {
            refuse_foreign(folder)?;
            let _lock = lock(folder, waits)?;
            // Another command may have created it in the meantime.
            if !path.exists() {
                save(folder, &mut new_chain(folder)?)?;
            }
        }
        let (chain, saved) = load(folder)?;
        Ok(Self { folder: folder.to_owned(), chain, saved, waits })
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Applies `change` to the newest state under the lock. Saves the state if `change` returns true.
    fn change<T>(
        &mut self,
        change: impl FnOnce(&mut EmbeddedChain) -> Result<(T, bool), ChainError>,
    ) -> Result<T, ChainError> {
        let _lock = lock(&self.folder, self.waits)?;
        self.refresh()?;
        let (value, keep) = change(&mut self.chain)?;
        if keep {
            match save(&self.folder, &mut self.chain) {
                Ok(saved) => self.saved = saved,
                Err(error) => {
                    // A change that was not saved is discarded.
                    (self.chain, self.saved) = load(&self.folder)?;
                    return Err(error);
                }
            }
        }
        Ok(value)
    }

    /// Reads the state again if another command has changed it.
    fn refresh(&mut self) -> Result<(), ChainError> {
        let path = self.folder.join(STATE);
        let mut header = vec![0; state::header_length()];
        let read = File::open(&path).and_then(|mut file| file.read_exact(&mut header));
        // If the file can't be read, `load` returns the error.
        if read.is_err() || state::checksum(&header) != Some(self.saved) {
            (self.chain, self.saved) = load(&self.folder)?;
        }
        Ok(())
    }
}

impl Chain for FolderChain {
    fn properties(&self) -> &Properties {
        self.chain.properties()
    }

    fn time(&mut self) -> Result<u64, ChainError> {
        self.refresh()?;
        self.chain.time()
    }

    fn block(&mut self) -> Result<u32, ChainError> {
        self.refresh()?;
        self.chain.block()
    }

    fn balance_of(&mut self, who: &AccountId) -> Result<u128, ChainError> {
        self.refresh()?;
        self.chain.balance_of(who)
    }

    fn funds_of(&mut self, who: &AccountId) -> Result<Funds, ChainError> {
        self.refresh()?;
        self.chain.funds_of(who)
    }

    fn code_hash_of(&mut self, contract: &AccountId) -> Result<Option<[u8; 32]>, ChainError> {
        self.refresh()?;
        self.chain.code_hash_of(contract)
    }

    fn has_code(&mut self, hash: &[u8; 32]) -> Result<bool, ChainError> {
        self.refresh()?;
        self.chain.has_code(hash)
    }

    fn dry_run(&mut self, from: &AccountId, call: &Call<'_>) -> Result<Outcome, ChainError> {
        self.refresh()?;
        Chain::dry_run(&mut self.chain, from, call)
    }

    fn query_within(&mut self, weight: Weight, call: &Call<'_>) -> Result<Outcome, ChainError> {
        self.refresh()?;
        self.chain.query_within(weight, call)
    }

    fn submit(&mut self, signer: &Signer, call: &Call<'_>) -> Result<Outcome, ChainError> {
        self.change(|chain| Ok(in_a_block(chain.submit(signer, call)?, chain)))
    }

    fn submit_recorded(
        &mut self,
        signer: &Signer,
        call: &Call<'_>,
        record: &mut dyn SubmissionRecorder,
    ) -> Result<Outcome, ChainError> {
        self.change(|chain| Ok(in_a_block(chain.submit_recorded(signer, call, record)?, chain)))
    }

    fn resume(&mut self, from: &AccountId, submission: &Submission) -> Result<SubmissionStatus, ChainError> {
        // Under the lock: the process that recorded the transaction has executed it, or never will.
        self.change(|chain| Ok((chain.resume(from, submission)?, false)))
    }

    fn history(&mut self, contracts: &[AccountId], blocks: RangeInclusive<u32>) -> Result<Vec<PastEvent>, ChainError> {
        self.refresh()?;
        self.chain.history(contracts, blocks)
    }

    fn finalized(&mut self) -> Result<u32, ChainError> {
        self.refresh()?;
        self.chain.finalized()
    }

    fn block_hash(&mut self, block: u32) -> Result<Option<[u8; 32]>, ChainError> {
        self.refresh()?;
        self.chain.block_hash(block)
    }
}

impl DevChain for FolderChain {
    fn advance(&mut self, milliseconds: u64) -> Result<(), ChainError> {
        self.change(|chain| {
            chain.advance(milliseconds);
            Ok(((), true))
        })
    }

    fn fund(&mut self, who: &AccountId, amount: u128) -> Result<(), ChainError> {
        self.change(|chain| chain.fund(who, amount).map(|()| ((), true)))
    }
}

/// Returns the outcome, and whether to save the state. A transaction that did not revert gets a block of its own.
fn in_a_block(outcome: Outcome, chain: &mut EmbeddedChain) -> (Outcome, bool) {
    let keep = !outcome.reverted;
    if keep {
        chain.advance(BLOCK_TIME);
    }
    (outcome, keep)
}

fn new_chain(folder: &Path) -> Result<EmbeddedChain, ChainError> {
    // Makes the genesis hash unique. It need not be unpredictable.
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    let mut chain = EmbeddedChain::with_genesis(
        (now.as_nanos(), std::process::id(), folder.as_os_str().as_encoded_bytes()),
        Width::U128,
    );
    for name in NAMES {
        let who = account(name).map_err(ChainError::Unavailable)?;
        chain.fund(&who, ENDOWMENT)?;
    }
    Ok(chain)
}

fn refuse_foreign(folder: &Path) -> Result<(), ChainError> {
    let ours = |name: &std::ffi::OsStr| [NEXT, LOCK].iter().any(|own| name == *own);
    let previous = folder.join(PREVIOUS);
    if previous.exists() {
        return Err(ChainError::Unavailable(format!(
            "{} is missing, but the state before the last command exists: restore it with `cp {} {}`",
            folder.join(STATE).display(),
            previous.display(),
            folder.join(STATE).display()
        )));
    }
    let entries = fs::read_dir(folder).map_err(|error| failed("can't be read", folder, &error))?;
    match entries.flatten().all(|entry| ours(&entry.file_name())) {
        true => Ok(()),
        false => Err(ChainError::Unavailable(format!(
            "{} contains other files and no chain: name a new or an empty folder",
            folder.display()
        ))),
    }
}

/// Waits for the lock of the chain. It is released when the file is dropped, and by a crash.
fn lock(folder: &Path, waits: fn(&Path)) -> Result<File, ChainError> {
    let path = folder.join(LOCK);
    let fail = |error: &io::Error| failed("can't be locked", &path, error);
    let file = File::options().create(true).truncate(false).write(true).open(&path).map_err(|error| fail(&error))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => {
            waits(folder);
            file.lock().map_err(|error| fail(&error))?;
            Ok(file)
        }
        Err(TryLockError::Error(error)) => Err(fail(&error)),
    }
}

fn load(folder: &Path) -> Result<(EmbeddedChain, Checksum), ChainError> {
    let path = folder.join(STATE);
    let bytes = fs::read(&path).map_err(|error| failed("can't be read", &path, &error))?;
    let state = state::from_bytes(&bytes).map_err(|error| {
        let file = path.display();
        ChainError::Unavailable(match error {
            Unreadable::Foreign => format!("{file} is not a chain of this command: name another folder"),
            Unreadable::Version(version) => format!(
                "{file} was written by another version of this command (format {version}): use that version, or name a new \
                 folder"
            ),
            Unreadable::Damaged => {
                let previous = folder.join(PREVIOUS);
                let advice = match previous.exists() {
                    true => format!(
                        "restore the state before the last command with `cp {} {file}`",
                        previous.display()
                    ),
                    false => "name a new folder".to_owned(),
                };
                format!("{file} is damaged: {advice}")
            }
        })
    })?;
    let checksum = state::checksum(&bytes).unwrap_or_default();
    Ok((EmbeddedChain::from_state(state), checksum))
}

/// Writes the state into a new file, and renames it. At every moment, a complete state exists.
fn save(folder: &Path, chain: &mut EmbeddedChain) -> Result<Checksum, ChainError> {
    let bytes = state::to_bytes(&chain.state());
    let (path, next, previous) = (folder.join(STATE), folder.join(NEXT), folder.join(PREVIOUS));
    let write = || -> io::Result<()> {
        let mut file = File::create(&next)?;
        file.write_all(&bytes)?;
        file.sync_all()?;
        if path.exists() {
            match fs::remove_file(&previous) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                _ => {}
            }
            // Not every file system supports hard links.
            fs::hard_link(&path, &previous).or_else(|_| fs::copy(&path, &previous).map(|_| ()))?;
        }
        fs::rename(&next, &path)?;
        // Makes the new name durable. On systems where a folder can't be opened as a file, this is not needed.
        File::open(folder).and_then(|folder| folder.sync_all()).or(Ok(()))
    };
    write().map_err(|error| failed("can't be written", &path, &error))?;
    Ok(state::checksum(&bytes).unwrap_or_default())
}

fn failed(what: &str, path: &Path, error: &io::Error) -> ChainError {
    ChainError::Unavailable(format!("{} {what}: {error}", path.display()))
}
