//! What readers need around them: files, and a chain that answers what it is told to.

use std::{
    collections::VecDeque,
    fs::{File, Permissions},
    ops::RangeInclusive,
    os::{
        fd::AsRawFd,
        unix::fs::{FileExt, PermissionsExt},
    },
    path::{Path, PathBuf},
};

use patronage::{contracts::Contracts, deployment::Deployment};
use patronage_chain::{
    submission::{Submission, SubmissionRecorder, SubmissionStatus},
    units::{Unit, Units},
    Call, Chain, ChainError, Outcome, PastEvent, Properties, Signer, Weight, Width,
};
use patronage_interfaces::AccountId;

/// The fastest place for files.
fn memory() -> PathBuf {
    let shared = Path::new("/dev/shm");
    if shared.is_dir() {
        shared.to_owned()
    } else {
        std::env::temp_dir()
    }
}

/// A file without a name, which only this process can reach and which disappears with it.
pub struct Scratch(File);

impl Scratch {
    /// An empty file.
    pub fn new() -> Self {
        let file = tempfile::tempfile_in(memory()).expect("a file can be made");
        // As a file with secrets must be.
        file.set_permissions(Permissions::from_mode(0o600)).expect("a file can be protected");
        Self(file)
    }

    /// A path that leads to it.
    pub fn path(&self) -> PathBuf {
        format!("/proc/self/fd/{}", self.0.as_raw_fd()).into()
    }

    /// Replaces its content.
    pub fn fill(&self, bytes: &[u8]) {
        self.0.set_len(0).and_then(|()| self.0.write_all_at(bytes, 0)).expect("a file can be written");
    }

    /// Its content.
    pub fn content(&self) -> Vec<u8> {
        std::fs::read(self.path()).expect("a file can be read")
    }
}

/// A folder that disappears when the process ends.
pub fn folder() -> tempfile::TempDir {
    let private = Permissions::from_mode(0o700);
    tempfile::Builder::new().permissions(private).tempdir_in(memory()).expect("a folder can be made")
}

/// Runs `check` with a file that the calls of one thread share.
pub fn with_scratch<T>(check: impl FnOnce(&Scratch) -> T) -> T {
    thread_local!(static SCRATCH: Scratch = Scratch::new());
    SCRATCH.with(check)
}

/// The parts between a zero byte and a newline.
pub fn separated(bytes: &[u8]) -> Vec<Vec<u8>> {
    let (mut parts, mut rest) = (Vec::new(), bytes);
    while let Some(at) = rest.windows(2).position(|pair| pair == b"\0\n") {
        parts.push(rest[..at].to_vec());
        rest = &rest[at + 2..];
    }
    parts.push(rest.to_vec());
    parts
}

/// Genesis hash of the chain.
pub const GENESIS: [u8; 32] = [0x45; 32];
/// The time on the chain: 2026-01-01 00:00:00 UTC.
pub const NOW: u64 = 1_767_225_600_000;

/// The contract with addresses of this byte.
pub fn account(byte: u8) -> AccountId {
    AccountId::from([byte; 32])
}

/// The creator's contracts.
pub fn contracts() -> Contracts {
    Contracts { token: account(1), vault: account(2), registry: account(3) }
}

/// Titles of the content. One is a number, one has commas and quotes, and one has no title.
pub fn titles() -> Vec<String> {
    ["Album", "1984", "One, \"two\"", "", "Studio diary"].map(str::to_owned).into()
}

/// A deployment of these contracts.
pub fn deployment() -> Deployment {
    Deployment {
        genesis: GENESIS,
        block: 1,
        contracts: contracts(),
        code: Default::default(),
        tiers: ["Listener", "Patron"].map(str::to_owned).into(),
        content: titles(),
    }
}

/// Units of a chain with 128-bit balances, and of a creator token.
pub fn units() -> Units {
    Units { native: properties().unit(), token: Unit::of_token("MIRA", 6) }
}

/// Properties of a development chain.
pub fn properties() -> Properties {
    Properties {
        genesis: GENESIS,
        decimals: 12,
        symbol: "UNIT".to_owned(),
        existential_deposit: 1,
        item_deposit: 1,
        byte_deposit: 1,
        width: Width::U128,
        development: true,
    }
}

/// A chain that gives these answers to queries of contracts, in order, and none after them.
pub struct Answers {
    properties: Properties,
    answers: VecDeque<Vec<u8>>,
}

impl Answers {
    /// A chain with these answers.
    pub fn new(answers: impl IntoIterator<Item = Vec<u8>>) -> Self {
        Self { properties: properties(), answers: answers.into_iter().collect() }
    }
}

fn none<T>() -> Result<T, ChainError> {
    Err(ChainError::Refused("ContractTrapped".to_owned()))
}

impl Chain for Answers {
    fn properties(&self) -> &Properties {
        &self.properties
    }

    fn time(&mut self) -> Result<u64, ChainError> {
        Ok(NOW)
    }

    fn block(&mut self) -> Result<u32, ChainError> {
        Ok(1)
    }

    fn balance_of(&mut self, _: &AccountId) -> Result<u128, ChainError> {
        Ok(1)
    }

    fn code_hash_of(&mut self, _: &AccountId) -> Result<Option<[u8; 32]>, ChainError> {
        Ok(Some([1; 32]))
    }

    fn has_code(&mut self, _: &[u8; 32]) -> Result<bool, ChainError> {
        Ok(true)
    }

    fn dry_run(&mut self, _: &AccountId, _: &Call<'_>) -> Result<Outcome, ChainError> {
        let Some(output) = self.answers.pop_front() else { return none() };
        let (weight, events) = (Weight::default(), Vec::new());
        Ok(Outcome { output, reverted: false, contract: None, weight, deposit: 0, fee: 0, events })
    }

    fn submit(&mut self, _: &Signer, _: &Call<'_>) -> Result<Outcome, ChainError> {
        none()
    }

    fn submit_recorded(
        &mut self,
        _: &Signer,
        _: &Call<'_>,
        _: &mut dyn SubmissionRecorder,
    ) -> Result<Outcome, ChainError> {
        none()
    }

    fn resume(&mut self, _: &AccountId, _: &Submission) -> Result<SubmissionStatus, ChainError> {
        none()
    }

    fn history(&mut self, _: &[AccountId], _: RangeInclusive<u32>) -> Result<Vec<PastEvent>, ChainError> {
        none()
    }

    fn finalized(&mut self) -> Result<u32, ChainError> {
        Ok(1)
    }

    fn block_hash(&mut self, _: u32) -> Result<Option<[u8; 32]>, ChainError> {
        Ok(None)
    }
}
