//! Files and keys that the creator sends to the gateway: an upload goes on after an interruption.
//!
//! An upload in progress is a hidden file beside the encrypted files, with the whole length in its name. Hidden files are never served.

use std::{
    collections::HashSet,
    fs,
    io::{self, Read},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use axum::body::Body;
use futures_util::StreamExt;
use patronage_gateway::{
    file_name::servable,
    key::{PublicKey, SecretKey},
    key_folder::KeyFolder,
    protocol::{Problem, ProblemCode},
};
use tokio::{fs::OpenOptions, io::AsyncWriteExt};

use crate::s3::S3Files;

/// The maximum length of a file in the folder, in bytes.
const MAX_FILE: u64 = 16 * 1024 * 1024 * 1024;
/// How long an upload is kept after its last byte.
const KEPT: Duration = Duration::from_secs(7 * 24 * 60 * 60);
/// Suffix of an upload's file name.
const ENDING: &str = ".upload";
/// First line of an encrypted file (<https://age-encryption.org/v1>).
const AGE: &[u8] = b"age-encryption.org/v1\n";

/// How far an upload is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Number of bytes that are here.
    pub offset: u64,
    /// Number of bytes of the whole file.
    pub length: u64,
}

/// Where uploads go.
pub struct Uploads {
    folder: PathBuf,
    keys: KeyFolder,
    /// Where complete files go, if it is not the folder.
    store: Option<Arc<S3Files>>,
    /// Names of the files that requests write now.
    written: Arc<Mutex<HashSet<String>>>,
}

/// Nobody else writes this file until it is dropped.
struct Turn {
    written: Arc<Mutex<HashSet<String>>>,
    name: String,
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.written.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.name);
    }
}

fn failed(error: io::Error) -> Problem {
    tracing::error!(%error, "an upload can't be stored");
    match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            Problem::new(ProblemCode::TooLarge, "the gateway's disk is full: make room there, and go on")
        }
        _ => Problem::internal(),
    }
}

fn malformed(message: impl Into<String>) -> Problem {
    Problem::new(ProblemCode::Malformed, message)
}

fn conflict(message: impl Into<String>) -> Problem {
    Problem::new(ProblemCode::Conflict, message)
}

impl Uploads {
    /// Uploads into `folder` with the encrypted files, or into `store` if there is one, and of keys into `keys`.
    pub fn new(folder: PathBuf, keys: KeyFolder, store: Option<Arc<S3Files>>) -> Self {
        Self { folder, keys, store, written: Arc::default() }
    }

    /// The maximum length of a file, in bytes.
    pub fn max_length(&self) -> u64 {
        match self.store {
            Some(_) => S3Files::MAX_PUT,
            None => MAX_FILE,
        }
    }

    /// Begins the upload of a file, or finds the one that has begun.
    ///
    /// # Errors
    ///
    /// `malformed` for a name that can't be served, `too_large`, `conflict` if there is a file of that name.
    pub async fn begin(&self, name: &str, length: u64) -> Result<Progress, Problem> {
        check(name)?;
        let most = self.max_length();
        if length > most {
            return Err(Problem::new(ProblemCode::TooLarge, format!("a file has at most {most} bytes")));
        }
        let _turn = self.turn(name)?;
        if self.stored(name).await?.is_some() {
            return Err(conflict(format!("there is a file with the name {name}: choose another name")));
        }
        self.forget_old().map_err(failed)?;
        match self.partial(name).map_err(failed)? {
            Some((_, progress)) if progress.length == length => return Ok(progress),
            // Of another version of the file.
            Some((path, _)) => fs::remove_file(path).map_err(failed)?,
            None => {}
        }
        let path = self.folder.join(format!(".{name}.{length}{ENDING}"));
        fs::OpenOptions::new().write(true).create_new(true).open(path).map_err(failed)?;
        Ok(Progress { offset: 0, length })
    }

    /// Returns how far the upload of `name` is; a file that is complete counts as its upload.
    ///
    /// # Errors
    ///
    /// `not_found` if there is neither.
    pub async fn progress(&self, name: &str) -> Result<Progress, Problem> {
        check(name)?;
        if let Some((_, progress)) = self.partial(name).map_err(failed)? {
            return Ok(progress);
        }
        let stored = self.stored(name).await?;
        stored.map(|length| Progress { offset: length, length }).ok_or_else(|| nothing(name))
    }

    /// Appends `body` at `offset`. The last byte completes the file. What was written before an error is kept.
    ///
    /// # Errors
    ///
    /// `conflict` if the upload is not at `offset`, or another request writes it; `too_large` for bytes beyond the length; `malformed`
    /// if the whole is no encrypted file, which is then deleted.
    pub async fn append(&self, name: &str, offset: u64, body: Body) -> Result<Progress, Problem> {
        check(name)?;
        let turn = self.turn(name)?;
        let Some((path, mut progress)) = self.partial(name).map_err(failed)? else {
            // The answer to the last part was lost, and it is sent again.
            let complete = self.stored(name).await?.filter(|length| *length == offset);
            return complete.map(|length| Progress { offset, length }).ok_or_else(|| nothing(name));
        };
        if progress.offset != offset {
            return Err(conflict(format!("the upload is at byte {}, not {offset}: go on from there", progress.offset)));
        }
        let mut file = OpenOptions::new().append(true).open(&path).await.map_err(failed)?;
        let mut parts = body.into_data_stream();
        while let Some(part) = parts.next().await {
            let part = part.map_err(|_| malformed("the request is incomplete: go on from the offset"))?;
            progress.offset = progress.offset.saturating_add(part.len() as u64);
            if progress.offset > progress.length {
                return Err(Problem::new(ProblemCode::TooLarge, "these are more bytes than the upload was begun with"));
            }
            file.write_all(&part).await.map_err(failed)?;
        }
        // The length of the file is what is reported as the offset, also after a crash.
        file.sync_all().await.map_err(failed)?;
        if progress.offset == progress.length {
            self.complete(turn, path).await?;
        }
        Ok(progress)
    }

    /// Deletes an upload that is not complete.
    ///
    /// # Errors
    ///
    /// `not_found` if there is none.
    pub fn cancel(&self, name: &str) -> Result<(), Problem> {
        check(name)?;
        let _turn = self.turn(name)?;
        let (path, _) = self.partial(name).map_err(failed)?.ok_or_else(|| nothing(name))?;
        fs::remove_file(path).map_err(failed)
    }

    /// Stores the secret half of `public`. A key that is here already is not written again.
    ///
    /// # Errors
    ///
    /// `malformed` if `text` is not that key.
    pub fn save_key(&self, public: &PublicKey, text: &[u8]) -> Result<(), Problem> {
        let key = SecretKey::from_identity_bytes(text).map_err(|error| malformed(error.to_string()))?;
        if key.public().ok() != Some(*public) {
            return Err(malformed("this is the secret half of another key"));
        }
        let stored = self.keys.load(public).and_then(|known| match known {
            Some(_) => Ok(()),
            None => self.keys.save(&key).map(drop),
        });
        stored.map_err(|error| {
            tracing::error!(%error, "a key can't be stored");
            Problem::internal()
        })
    }

    fn turn(&self, name: &str) -> Result<Turn, Problem> {
        match self.written.lock().unwrap_or_else(PoisonError::into_inner).insert(name.to_owned()) {
            true => Ok(Turn { written: self.written.clone(), name: name.to_owned() }),
            false => Err(conflict("another request writes this file: wait until it ends")),
        }
    }

    async fn complete(&self, turn: Turn, path: PathBuf) -> Result<(), Problem> {
        if !is_encrypted(&path).map_err(failed)? {
            fs::remove_file(&path).map_err(failed)?;
            return Err(malformed("this is no file in the age format: encrypt it first"));
        }
        let Some(store) = self.store.clone() else {
            return fs::rename(&path, self.folder.join(&turn.name)).map_err(failed);
        };
        // A store can take longer than a request may. The file stays this task's until it ends, so nobody sends it twice.
        let copied = tokio::spawn(async move {
            store.put(&turn.name, &path).await?;
            fs::remove_file(&path)
        });
        copied.await.unwrap_or_else(|error| Err(io::Error::other(error))).map_err(failed)
    }

    /// The length of the complete file.
    async fn stored(&self, name: &str) -> Result<Option<u64>, Problem> {
        if let Some(store) = &self.store {
            return store.length(name).await.map_err(failed);
        }
        match self.folder.join(name).metadata() {
            Ok(metadata) => Ok(Some(metadata.len())),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(failed(error)),
        }
    }

    /// The upload of `name` that is not complete.
    fn partial(&self, name: &str) -> io::Result<Option<(PathBuf, Progress)>> {
        for entry in self.folder.read_dir()? {
            let entry = entry?;
            let file = entry.file_name();
            let length = file.to_str().and_then(parse_partial).filter(|(of, _)| *of == name).map(|(_, length)| length);
            if let Some(length) = length {
                return Ok(Some((entry.path(), Progress { offset: entry.metadata()?.len(), length })));
            }
        }
        Ok(None)
    }

    fn forget_old(&self) -> io::Result<()> {
        for entry in self.folder.read_dir()? {
            let entry = entry?;
            let upload = entry.file_name().to_str().is_some_and(|name| parse_partial(name).is_some());
            if upload && entry.metadata()?.modified()?.elapsed().is_ok_and(|age| age > KEPT) {
                fs::remove_file(entry.path())?;
            }
        }
        Ok(())
    }
}

fn nothing(name: &str) -> Problem {
    Problem::new(ProblemCode::NotFound, format!("there is no upload of {name}: begin one"))
}

fn check(name: &str) -> Result<(), Problem> {
    match servable(name) {
        true => Ok(()),
        false => {
            Err(malformed("a file name has 1 to 128 letters, digits, '.', '-' and '_', and no '.' at the beginning"))
        }
    }
}

/// The name of the file and its length, from the name of its upload.
fn parse_partial(file: &str) -> Option<(&str, u64)> {
    let (name, length) = file.strip_prefix('.')?.strip_suffix(ENDING)?.rsplit_once('.')?;
    Some((name, length.parse().ok()?))
}

fn is_encrypted(path: &Path) -> io::Result<bool> {
    let mut first = Vec::with_capacity(AGE.len());
    fs::File::open(path)?.take(AGE.len() as u64).read_to_end(&mut first)?;
    Ok(first == AGE)
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &[u8] = b"age-encryption.org/v1\n-> X25519 and so on";

    fn uploads(home: &Path) -> Uploads {
        let files = home.join("files");
        fs::create_dir_all(&files).unwrap();
        Uploads::new(files, KeyFolder::open(&home.join("keys")).unwrap(), None)
    }

    fn code<T: std::fmt::Debug>(result: Result<T, Problem>) -> ProblemCode {
        result.unwrap_err().code
    }

    #[tokio::test]
    async fn an_upload_goes_on_where_it_was_interrupted_also_in_another_process() {
        let home = tempfile::tempdir().unwrap();
        let length = FILE.len() as u64;
        let first = uploads(home.path());
        assert_eq!(first.begin("song.age", length).await.unwrap(), Progress { offset: 0, length });
        first.append("song.age", 0, Body::from(&FILE[..10])).await.unwrap();
        drop(first);
        let second = uploads(home.path());
        assert_eq!(second.begin("song.age", length).await.unwrap().offset, 10);
        assert_eq!(code(second.append("song.age", 9, Body::from(&FILE[9..])).await), ProblemCode::Conflict);
        assert!(!home.path().join("files/song.age").exists());
        second.append("song.age", 10, Body::from(&FILE[10..])).await.unwrap();
        assert_eq!(fs::read(home.path().join("files/song.age")).unwrap(), FILE);
        // A lost answer to the last part: the file counts as its upload.
        assert_eq!(second.progress("song.age").await.unwrap(), Progress { offset: length, length });
        assert_eq!(second.append("song.age", length, Body::empty()).await.unwrap().offset, length);
        assert_eq!(code(second.append("song.age", 10, Body::from("x")).await), ProblemCode::NotFound);
        assert_eq!(code(second.begin("song.age", length).await), ProblemCode::Conflict);
    }

    #[tokio::test]
    async fn two_files_at_once_do_not_mix_and_one_is_written_by_one_request() {
        let home = tempfile::tempdir().unwrap();
        let uploads = uploads(home.path());
        let other: Vec<u8> = [AGE, &[7; 50]].concat();
        // Names of which one is the beginning of the other, with a number behind it.
        uploads.begin("a.1", FILE.len() as u64).await.unwrap();
        uploads.begin("a", other.len() as u64).await.unwrap();
        uploads.append("a", 0, Body::from(other.clone())).await.unwrap();
        uploads.append("a.1", 0, Body::from(FILE)).await.unwrap();
        assert_eq!(fs::read(home.path().join("files/a")).unwrap(), other);
        assert_eq!(fs::read(home.path().join("files/a.1")).unwrap(), FILE);
        uploads.begin("b", 50).await.unwrap();
        let turn = uploads.turn("b").unwrap();
        assert_eq!(code(uploads.append("b", 0, Body::from(FILE)).await), ProblemCode::Conflict);
        drop(turn);
        assert_eq!(uploads.append("b", 0, Body::from(FILE)).await.unwrap().offset, FILE.len() as u64);
    }

    #[tokio::test]
    async fn what_is_not_encrypted_or_too_long_is_never_served() {
        let home = tempfile::tempdir().unwrap();
        let uploads = uploads(home.path());
        uploads.begin("plain", 5).await.unwrap();
        assert_eq!(code(uploads.append("plain", 0, Body::from("hello")).await), ProblemCode::Malformed);
        assert_eq!(code(uploads.progress("plain").await), ProblemCode::NotFound);
        uploads.begin("short", 3).await.unwrap();
        assert_eq!(code(uploads.append("short", 0, Body::from("four")).await), ProblemCode::TooLarge);
        assert_eq!(uploads.progress("short").await.unwrap().offset, 0);
        uploads.cancel("short").unwrap();
        assert_eq!(code(uploads.cancel("short")), ProblemCode::NotFound);
        assert_eq!(code(uploads.begin("x", uploads.max_length() + 1).await), ProblemCode::TooLarge);
        for name in ["", "..", "../keys/a", ".hidden", "a/b", "a b"] {
            assert_eq!(code(uploads.begin(name, 5).await), ProblemCode::Malformed, "{name}");
        }
        assert_eq!(fs::read_dir(home.path().join("files")).unwrap().count(), 0);
    }

    #[tokio::test]
    async fn an_upload_of_another_length_begins_again() {
        let home = tempfile::tempdir().unwrap();
        let uploads = uploads(home.path());
        uploads.begin("song.age", 100).await.unwrap();
        uploads.append("song.age", 0, Body::from("old")).await.unwrap();
        assert_eq!(uploads.begin("song.age", FILE.len() as u64).await.unwrap().offset, 0);
        uploads.append("song.age", 0, Body::from(FILE)).await.unwrap();
        assert_eq!(fs::read(home.path().join("files/song.age")).unwrap(), FILE);
    }

    #[test]
    fn a_key_is_stored_under_its_own_name_only() {
        use age::secrecy::ExposeSecret;
        let home = tempfile::tempdir().unwrap();
        let uploads = uploads(home.path());
        let (key, other) = (SecretKey::generate(), SecretKey::generate());
        let public = key.public().unwrap();
        let text = key.to_identity_text();
        let bytes = text.expose_secret().as_bytes();
        for _ in 0..2 {
            uploads.save_key(&public, bytes).unwrap();
        }
        assert_eq!(uploads.keys.load(&public).unwrap().unwrap().public(), Ok(public));
        assert_eq!(code(uploads.save_key(&other.public().unwrap(), bytes)), ProblemCode::Malformed);
        assert_eq!(code(uploads.save_key(&public, b"AGE-SECRET-KEY-1")), ProblemCode::Malformed);
        assert_eq!(uploads.keys.public_keys().unwrap(), [public]);
    }
}
