//! Where the encrypted files are: a folder, or any store that gives ranges of them.

use std::{
    fs::Metadata,
    future::Future,
    io::{self, SeekFrom},
    ops::Range,
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
    pin::Pin,
    time::{Duration, SystemTime},
};

use axum::body::Bytes;
use ring::digest::{Context, SHA256};
use tokio::{
    fs::File,
    io::{AsyncReadExt, AsyncSeekExt},
};

/// Bytes of a file in a folder that are read at once.
const CHUNK: u64 = 64 * 1024;
/// How long a file must be unchanged before its validators are strong. Clocks of file systems are coarse, so within that
/// time it could change again without a visible difference.
const SETTLED_AFTER: Duration = Duration::from_secs(2);
/// Number of bytes of a hash in a tag.
const TAG_BYTES: usize = 16;

/// The answer of a store.
pub type FilesFuture<'a, T> = Pin<Box<dyn Future<Output = io::Result<T>> + Send + 'a>>;

/// A store of encrypted files.
pub trait Files: Send + Sync + 'static {
    /// Opens the file with this `name`, which [`servable`](crate::file_name::servable) accepts; `None` if there is none.
    ///
    /// # Errors
    /// If the store does not answer.
    fn open<'a>(&'a self, name: &'a str) -> FilesFuture<'a, Option<StoredFile>>;
}

/// An open file.
pub struct StoredFile {
    /// Number of bytes.
    pub size: u64,
    /// Differs for each state of the file. Letters, digits and hyphens only.
    pub tag: String,
    /// Whether equal tags mean equal bytes.
    pub strong: bool,
    /// Time of the last change, if the store knows it.
    pub modified: Option<SystemTime>,
    /// Its bytes.
    pub bytes: Box<dyn ReadRange>,
}

/// Reads a file in parts.
pub trait ReadRange: Send {
    /// Reads from the start of `range`: at least one byte, and at most the range. The range is not empty.
    ///
    /// # Errors
    /// If the file ends there, has changed, or can't be read.
    fn read(&mut self, range: Range<u64>) -> FilesFuture<'_, Bytes>;
}

/// Encrypted files in a folder. Only files directly in it are opened.
#[derive(Debug, Clone)]
pub struct FolderFiles(PathBuf);

impl FolderFiles {
    /// The files in `folder`.
    pub fn new(folder: &Path) -> Self {
        Self(folder.to_owned())
    }
}

impl Files for FolderFiles {
    fn open<'a>(&'a self, name: &'a str) -> FilesFuture<'a, Option<StoredFile>> {
        Box::pin(async move { Ok(open(&self.0.join(name)).await) })
    }
}

/// Opens the regular file at `path`. Links are refused: they could lead anywhere, even to the keys.
async fn open(path: &Path) -> Option<StoredFile> {
    let named = tokio::fs::symlink_metadata(path).await.ok().filter(Metadata::is_file)?;
    let file = File::open(path).await.ok()?;
    let metadata = file.metadata().await.ok()?;
    // The file was not replaced between the two calls.
    let same = (named.dev(), named.ino()) == (metadata.dev(), metadata.ino());
    same.then(|| stored(file, &metadata, SystemTime::now()))
}

/// The open `file` with this `metadata`, at the time `now`.
fn stored(file: File, metadata: &Metadata, now: SystemTime) -> StoredFile {
    let mut hash = Context::new(&SHA256);
    // A replacement can copy the time of change, but neither the inode nor the inode's time of change.
    for part in [metadata.dev(), metadata.ino(), metadata.size()] {
        hash.update(&part.to_le_bytes());
    }
    for part in [metadata.mtime(), metadata.mtime_nsec(), metadata.ctime(), metadata.ctime_nsec()] {
        hash.update(&part.to_le_bytes());
    }
    let times = [(metadata.mtime(), metadata.mtime_nsec()), (metadata.ctime(), metadata.ctime_nsec())];
    let settled = |(seconds, nanos)| {
        // A time before 1970 is long enough ago.
        let changed = time(seconds, nanos).unwrap_or(SystemTime::UNIX_EPOCH);
        now.duration_since(changed).is_ok_and(|age| age >= SETTLED_AFTER)
    };
    StoredFile {
        size: metadata.len(),
        tag: hex::encode(hash.finish().as_ref().get(..TAG_BYTES).unwrap_or_default()),
        strong: times.into_iter().all(settled),
        modified: time(metadata.mtime(), 0),
        bytes: Box::new(OpenFile { file, at: 0 }),
    }
}

fn time(seconds: i64, nanos: i64) -> Option<SystemTime> {
    let since = Duration::new(u64::try_from(seconds).ok()?, u32::try_from(nanos).ok()?);
    SystemTime::UNIX_EPOCH.checked_add(since)
}

/// An open file of a folder, and the position of the next byte.
struct OpenFile {
    file: File,
    at: u64,
}

impl ReadRange for OpenFile {
    fn read(&mut self, range: Range<u64>) -> FilesFuture<'_, Bytes> {
        Box::pin(async move {
            if self.at != range.start {
                self.at = self.file.seek(SeekFrom::Start(range.start)).await?;
            }
            let most = range.end.saturating_sub(range.start).min(CHUNK);
            let mut bytes = Vec::with_capacity(most as usize);
            if (&mut self.file).take(most).read_buf(&mut bytes).await? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            self.at = self.at.saturating_add(bytes.len() as u64);
            Ok(Bytes::from(bytes))
        })
    }
}
