//! A chain kept in a folder, so that it is there again at the next command.
//!
//! Whoever changes it holds the lock from reading the state to having written the next one. The state is one file that is
//! replaced as a whole, so readers need no lock and a crash loses the running change at most.

use std::{
    fs::{self, File, TryLockError},
    io::{self, Read, Write},
    path::{Path, PathBuf},
};

use patronage_chain::{
    accounts::{account, NAMES},
    funds::Funds,
    submission::{Fate, Record, Submission},
    Call, Chain, ChainError, Outcome, PastEvent, Properties, Signer, Trial, Weight,
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

/// Milliseconds from one transaction's block to the next, as on most chains. Otherwise time stands still until it is moved.
pub const BLOCK_TIME: u64 = 6_000;

/// Planck that each development account has from the beginning: 10,000 whole units.
pub const ENDOWMENT: u128 = 10_000_000_000_000_000;

/// A chain in a folder.
pub struct FolderChain {
    folder: PathBuf,
    chain: EmbeddedChain,
    kept: Checksum,
    waits: fn(&Path),
}

impl FolderChain {
    /// The chain in `folder`, a new one where there is none. `waits` is called with the folder when another command must
    /// finish first.
    ///
    /// # Errors
    ///
    /// When the folder can't be used, holds other things, or its chain is damaged or of another version.
    pub fn open(folder: &Path, waits: fn(&Path)) -> Result<Self, ChainError> {
        fs::create_dir_all(folder).map_err(|error| failed("can't be made", folder, &error))?;
        let path = folder.join(STATE);
        if !path.exists() {
            refuse_foreign(folder)?;
            let _lock = lock(folder, waits)?;
            // Another command may have made it meanwhile.
            if !path.exists() {
                save(folder, &mut new_chain(folder)?)?;
            }
        }
        let (chain, kept) = load(folder)?;
        Ok(Self { folder: folder.to_owned(), chain, kept, waits })
    }

    /// Where it is kept.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Changes the newest state under the lock, and keeps it where `change` says so.
    fn change<T>(
        &mut self,
        change: impl FnOnce(&mut EmbeddedChain) -> Result<(T, bool), ChainError>,
    ) -> Result<T, ChainError> {
        let _lock = lock(&self.folder, self.waits)?;
        self.refresh()?;
        let (value, keep) = change(&mut self.chain)?;
        if keep {
            match save(&self.folder, &mut self.chain) {
                Ok(kept) => self.kept = kept,
                Err(error) => {
                    // What is not kept has not happened.
                    (self.chain, self.kept) = load(&self.folder)?;
                    return Err(error);
                }
            }
        }
        Ok(value)
    }

    /// Reads the state again where another command has changed it.
    fn refresh(&mut self) -> Result<(), ChainError> {
        let path = self.folder.join(STATE);
        let mut header = vec![0; state::header_length()];
        let read = File::open(&path).and_then(|mut file| file.read_exact(&mut header));
        // Whatever is wrong with the file, `load` has the words for it.
        if read.is_err() || state::checksum(&header) != Some(self.kept) {
            (self.chain, self.kept) = load(&self.folder)?;
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

    fn ask_within(&mut self, weight: Weight, call: &Call<'_>) -> Result<Outcome, ChainError> {
        self.refresh()?;
        self.chain.ask_within(weight, call)
    }

    fn submit(&mut self, signer: &Signer, call: &Call<'_>) -> Result<Outcome, ChainError> {
        self.change(|chain| Ok(in_a_block(chain.submit(signer, call)?, chain)))
    }

    fn submit_recorded(
        &mut self,
        signer: &Signer,
        call: &Call<'_>,
        record: &mut dyn Record,
    ) -> Result<Outcome, ChainError> {
        self.change(|chain| Ok(in_a_block(chain.submit_recorded(signer, call, record)?, chain)))
    }

    fn resume(&mut self, from: &AccountId, submission: &Submission) -> Result<Fate, ChainError> {
        // Under the lock, so that who has recorded it has also carried it out, or will never do so.
        self.change(|chain| Ok((chain.resume(from, submission)?, false)))
    }

    fn history(&mut self, contracts: &[AccountId], from_block: u32) -> Result<Vec<PastEvent>, ChainError> {
        self.refresh()?;
        self.chain.history(contracts, from_block)
    }
}

impl Trial for FolderChain {
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

/// The outcome and whether the state is to be kept: where the contract did not refuse, the transaction has a block of its own.
fn in_a_block(outcome: Outcome, chain: &mut EmbeddedChain) -> (Outcome, bool) {
    let keep = !outcome.reverted;
    if keep {
        chain.advance(BLOCK_TIME);
    }
    (outcome, keep)
}

fn new_chain(folder: &Path) -> Result<EmbeddedChain, ChainError> {
    // Tells this chain from every other; nobody has to be unable to guess it.
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    let mut chain =
        EmbeddedChain::with_genesis((now.as_nanos(), std::process::id(), folder.as_os_str().as_encoded_bytes()));
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
            "{} is gone, but what it was before the last command is there: run `cp {} {}` to go on from it",
            folder.join(STATE).display(),
            previous.display(),
            folder.join(STATE).display()
        )));
    }
    let entries = fs::read_dir(folder).map_err(|error| failed("can't be read", folder, &error))?;
    match entries.flatten().all(|entry| ours(&entry.file_name())) {
        true => Ok(()),
        false => Err(ChainError::Unavailable(format!(
            "{} holds other things and no chain: name a new folder, or an empty one",
            folder.display()
        ))),
    }
}

/// Waits until no other command changes the chain. Dropping the file lets the next one go on, as does a crash.
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
            Unreadable::Foreign => format!("{file} is no chain of this command: name another folder"),
            Unreadable::Version(version) => format!(
                "{file} was written by another version of this command (format {version}): use that one, or name a new \
                 folder"
            ),
            Unreadable::Damaged => {
                let previous = folder.join(PREVIOUS);
                let advice = match previous.exists() {
                    true => format!(
                        "to go on from what it was before the last command, run `cp {} {file}`",
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

/// Writes the state beside the old one and then puts it in its place. At every moment one of them is there as a whole.
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
            // Not every file system has links.
            fs::hard_link(&path, &previous).or_else(|_| fs::copy(&path, &previous).map(|_| ()))?;
        }
        fs::rename(&next, &path)?;
        // Makes the new name last; where a folder can't be opened as a file, the system sees to it.
        File::open(folder).and_then(|folder| folder.sync_all()).or(Ok(()))
    };
    write().map_err(|error| failed("can't be written", &path, &error))?;
    Ok(state::checksum(&bytes).unwrap_or_default())
}

fn failed(what: &str, path: &Path, error: &io::Error) -> ChainError {
    ChainError::Unavailable(format!("{} {what}: {error}", path.display()))
}
