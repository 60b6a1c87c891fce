//! Uploads of encrypted files, step by step, compared with a model.

use std::{collections::BTreeMap, fs};

use arbitrary::Unstructured;
use axum::body::Body;
use patronage_gateway::{
    key_folder::KeyFolder,
    protocol::{Problem, ProblemCode},
};
use patronage_server::upload::{Progress, Uploads};
use tempfile::TempDir;
use tokio::runtime::{Builder, Runtime};

use crate::world::folder;

/// First line of an encrypted file.
const AGE: &[u8] = b"age-encryption.org/v1\n";
/// Names, of which some are the beginning of others, and some can't be served.
const NAMES: [&str; 12] = ["a", "a.5", "a.5.30.upload", "b", "b-", "upload", "", ".a", "..", "a/b", "a b", "../keys/a"];
/// How many of them can be served.
const SERVABLE: usize = 6;
/// Steps of an input.
const MOST_STEPS: usize = 24;

#[derive(Debug)]
enum Step<'a> {
    Begin {
        name: u8,
        length: u8,
    },
    /// Appends bytes of the file that the upload is of, or other bytes.
    Append {
        name: u8,
        offset: u8,
        count: u8,
        right: bool,
    },
    AppendOther {
        name: u8,
        offset: u8,
        bytes: &'a [u8],
    },
    Progress {
        name: u8,
    },
    Cancel {
        name: u8,
    },
    /// Another process goes on.
    Restart,
}

impl<'a> Step<'a> {
    fn read(input: &mut Unstructured<'a>) -> arbitrary::Result<Self> {
        let [kind, name] = input.arbitrary()?;
        Ok(match kind % 8 {
            0 | 1 => Self::Begin { name, length: input.arbitrary()? },
            2..=4 => {
                let [offset, count] = input.arbitrary()?;
                Self::Append { name, offset, count, right: kind < 200 }
            }
            5 => {
                let [offset, count] = input.arbitrary()?;
                let count = usize::from(count).min(input.len());
                Self::AppendOther { name, offset, bytes: input.bytes(count)? }
            }
            6 if kind < 128 => Self::Restart,
            6 => Self::Cancel { name },
            _ => Self::Progress { name },
        })
    }
}

/// A file, or a part of one.
#[derive(Debug, Default)]
struct File {
    bytes: Vec<u8>,
    length: u64,
    complete: bool,
}

struct Setup {
    runtime: Runtime,
    home: TempDir,
}

impl Setup {
    fn new() -> Self {
        let home = folder();
        fs::create_dir(home.path().join("files")).expect("a folder");
        Self { runtime: Builder::new_current_thread().enable_all().build().expect("a runtime"), home }
    }

    fn uploads(&self) -> Uploads {
        let keys = KeyFolder::open(&self.home.path().join("keys")).expect("a folder of keys");
        Uploads::new(self.home.path().join("files"), keys, None)
    }

    /// The files, without uploads.
    fn files(&self) -> BTreeMap<String, Vec<u8>> {
        let entries = fs::read_dir(self.home.path().join("files")).expect("a folder");
        let files = entries.map(|entry| entry.expect("an entry"));
        let named = files.map(|file| (file.file_name().into_string().expect("a name"), file.path()));
        let shown = named.filter(|(name, _)| !name.starts_with('.'));
        shown.map(|(name, path)| (name, fs::read(path).expect("a file"))).collect()
    }

    fn clear(&self) {
        for entry in fs::read_dir(self.home.path().join("files")).expect("a folder") {
            fs::remove_file(entry.expect("an entry").path()).expect("a file");
        }
    }
}

fn code(result: Result<Progress, Problem>) -> Result<Progress, ProblemCode> {
    result.map_err(|problem| problem.code)
}

/// What the model expects of a step.
struct Model(BTreeMap<&'static str, File>);

impl Model {
    fn begin(&mut self, name: &'static str, length: u64) -> Result<Progress, ProblemCode> {
        let file = self.0.entry(name).or_default();
        if file.complete {
            return Err(ProblemCode::Conflict);
        }
        if file.length != length || file.bytes.is_empty() {
            *file = File { length, ..File::default() };
        }
        Ok(Progress { offset: file.bytes.len() as u64, length })
    }

    fn progress(&self, name: &str) -> Result<Progress, ProblemCode> {
        let file = self.0.get(name).ok_or(ProblemCode::NotFound)?;
        Ok(Progress { offset: file.bytes.len() as u64, length: file.length })
    }

    fn append(&mut self, name: &'static str, offset: u64, bytes: &[u8]) -> Result<Progress, ProblemCode> {
        let file = self.0.get_mut(name).ok_or(ProblemCode::NotFound)?;
        let at = file.bytes.len() as u64;
        if file.complete {
            // The answer to the last part was lost.
            return if offset == at { Ok(Progress { offset, length: at }) } else { Err(ProblemCode::NotFound) };
        }
        if at != offset {
            return Err(ProblemCode::Conflict);
        }
        let length = file.length;
        if at + bytes.len() as u64 > length {
            return Err(ProblemCode::TooLarge);
        }
        file.bytes.extend_from_slice(bytes);
        if file.bytes.len() as u64 == length {
            if !file.bytes.starts_with(AGE) {
                self.0.remove(name);
                return Err(ProblemCode::Malformed);
            }
            file.complete = true;
        }
        Ok(Progress { offset: offset + bytes.len() as u64, length })
    }

    fn cancel(&mut self, name: &str) -> Result<(), ProblemCode> {
        match self.0.get(name).is_some_and(|file| !file.complete) {
            true => {
                self.0.remove(name);
                Ok(())
            }
            false => Err(ProblemCode::NotFound),
        }
    }
}

/// Bytes `offset` to `offset + count` of an encrypted file; of something else if it is not the `right` one.
fn part(offset: u8, count: u8, right: bool) -> Vec<u8> {
    let whole: Vec<u8> = AGE.iter().copied().chain(0..=u8::MAX).collect();
    let range = usize::from(offset)..(usize::from(offset) + usize::from(count)).min(whole.len());
    let bytes = whole.get(range).unwrap_or_default().to_vec();
    if right {
        return bytes;
    }
    bytes.iter().map(|byte| byte ^ 1).collect()
}

/// The input is a list of steps.
pub fn check(data: &[u8]) {
    thread_local!(static SETUP: Setup = Setup::new());
    SETUP.with(|setup| {
        let mut input = Unstructured::new(data);
        let (mut uploads, mut model) = (setup.uploads(), Model(BTreeMap::new()));
        for _ in 0..MOST_STEPS {
            if input.is_empty() {
                break;
            }
            let Ok(step) = Step::read(&mut input) else { break };
            take(setup, &mut uploads, &mut model, &step);
        }
        let complete = model.0.iter().filter(|(_, file)| file.complete);
        let expected = complete.map(|(name, file)| ((*name).to_owned(), file.bytes.clone())).collect();
        assert_eq!(setup.files(), expected);
        setup.clear();
    });
}

fn take(setup: &Setup, uploads: &mut Uploads, model: &mut Model, step: &Step<'_>) {
    let name = |index: u8| NAMES[usize::from(index) % NAMES.len()];
    let wait = &setup.runtime;
    let append = |uploads: &Uploads, model: &mut Model, index: u8, offset: u8, bytes: &[u8]| {
        let name = name(index);
        let done = wait.block_on(uploads.append(name, offset.into(), Body::from(bytes.to_vec())));
        compare(name, step, code(done), || model.append(name, offset.into(), bytes));
    };
    match step {
        Step::Begin { name: index, length } => {
            let (name, length) = (name(*index), u64::from(*length));
            compare(name, step, code(wait.block_on(uploads.begin(name, length))), || model.begin(name, length));
        }
        Step::Append { name, offset, count, right } => {
            append(uploads, model, *name, *offset, &part(*offset, *count, *right));
        }
        Step::AppendOther { name, offset, bytes } => append(uploads, model, *name, *offset, bytes),
        Step::Progress { name: index } => {
            let name = name(*index);
            compare(name, step, code(wait.block_on(uploads.progress(name))), || model.progress(name));
        }
        Step::Cancel { name: index } => {
            let name = name(*index);
            let done = uploads.cancel(name).map_err(|problem| problem.code);
            compare(name, step, done, || model.cancel(name));
        }
        Step::Restart => *uploads = setup.uploads(),
    }
}

/// Compares what was `done` with what is expected. A name that can't be served is always refused.
fn compare<T: PartialEq + std::fmt::Debug>(
    name: &str,
    step: &Step<'_>,
    done: Result<T, ProblemCode>,
    expected: impl FnOnce() -> Result<T, ProblemCode>,
) {
    match NAMES[..SERVABLE].contains(&name) {
        true => assert_eq!(done, expected(), "{step:?} of {name}"),
        false => assert_eq!(done, Err(ProblemCode::Malformed), "{step:?} of {name}"),
    }
}
