//! Files that are written completely or not at all, hashes of streams, and errors that name the file.

use std::{
    fs::{File, Permissions},
    io::{self, Read, Seek, Write},
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
};

use ring::digest::{Context, SHA256};
use tempfile::NamedTempFile;

/// Bytes that are copied at a time.
const PORTION: usize = 256 * 1024;

/// Why a file or folder is not usable.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// A system call failed.
    #[error("can't {doing} {}: {source}", .path.display())]
    System {
        /// The attempted action.
        doing: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// The system's error.
        source: io::Error,
    },
    /// The file exists. Nothing is overwritten.
    #[error("{} is there already: choose another name, or remove it first", .0.display())]
    Exists(PathBuf),
}

/// Returns a function that makes the error for a failure of `doing` with `path`.
pub(crate) fn failed<'a>(doing: &'static str, path: &'a Path) -> impl FnOnce(io::Error) -> FileError + 'a {
    move |source| FileError::System { doing, path: path.to_owned(), source }
}

/// A new file. It gets its name when it is complete, and disappears otherwise.
#[derive(Debug)]
pub(crate) struct NewFile {
    file: NamedTempFile,
    path: PathBuf,
}

impl NewFile {
    /// Starts a file that will be at `path`, with these permissions less the process's mask.
    ///
    /// # Errors
    /// `Exists` if something is at `path`, `System`.
    pub fn create(path: &Path, mode: u32) -> Result<Self, FileError> {
        if path.symlink_metadata().is_ok() {
            return Err(FileError::Exists(path.to_owned()));
        }
        let folder = folder_of(path);
        let file = tempfile::Builder::new()
            .prefix(".new-")
            .permissions(Permissions::from_mode(mode))
            .tempfile_in(folder)
            .map_err(failed("write into", folder))?;
        Ok(Self { file, path: path.to_owned() })
    }

    /// Returns the file as it is so far.
    pub fn as_file(&mut self) -> &mut File {
        self.file.as_file_mut()
    }

    /// Writes the file to the disk and gives it its name.
    ///
    /// # Errors
    /// `Exists` if something was created there meanwhile, `System`. No file is left then.
    pub fn finish(self) -> Result<(), FileError> {
        let Self { file, path } = self;
        file.as_file().sync_all().map_err(failed("write", &path))?;
        file.persist_noclobber(&path).map_err(|error| match error.error.kind() {
            io::ErrorKind::AlreadyExists => FileError::Exists(path.clone()),
            _ => failed("write", &path)(error.error),
        })?;
        let folder = folder_of(&path);
        File::open(folder).and_then(|folder| folder.sync_all()).map_err(|error| {
            // It might not exist after a crash, so it is removed. If even that fails, the first error says enough.
            let _ = std::fs::remove_file(&path);
            failed("write into", folder)(error)
        })
    }
}

/// Returns the folder of `path`.
pub(crate) fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

/// A writer that hashes what it writes (SHA-256).
pub(crate) struct Hashing<W> {
    inner: W,
    hasher: Context,
    size: u64,
}

impl<W> Hashing<W> {
    pub fn new(inner: W) -> Self {
        Self { inner, hasher: Context::new(&SHA256), size: 0 }
    }

    /// Returns the number of bytes written.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Returns the hash and the number of bytes.
    pub fn finish(self) -> ([u8; 32], u64) {
        self.so_far()
    }

    /// Returns the hash and the number of bytes written so far.
    pub fn so_far(&self) -> ([u8; 32], u64) {
        let mut hash = [0; 32];
        // SHA-256 has 32 bytes.
        hash.copy_from_slice(self.hasher.clone().finish().as_ref());
        (hash, self.size)
    }
}

impl Hashing<&mut File> {
    /// Truncates the file and starts again.
    ///
    /// # Errors
    /// The system's error.
    pub fn restart(&mut self) -> io::Result<()> {
        self.inner.set_len(0)?;
        self.inner.rewind()?;
        (self.hasher, self.size) = (Context::new(&SHA256), 0);
        Ok(())
    }
}

impl<W: Write> Write for Hashing<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.inner.write(bytes)?;
        self.hasher.update(bytes.get(..written).unwrap_or(bytes));
        self.size = self.size.saturating_add(written as u64);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

/// The side of a copy that failed.
pub(crate) enum CopyError {
    Reading(io::Error),
    Writing(io::Error),
}

/// Copies all of `source` to `sink`. `progress` gets the number of bytes copied so far.
pub(crate) fn copy(
    source: &mut impl Read,
    sink: &mut impl Write,
    progress: &mut dyn FnMut(u64),
) -> Result<u64, CopyError> {
    let mut portion = vec![0; PORTION];
    let mut moved = 0_u64;
    loop {
        let count = match source.read(&mut portion) {
            Ok(0) => return Ok(moved),
            Ok(count) => count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(CopyError::Reading(error)),
        };
        sink.write_all(portion.get(..count).unwrap_or(&portion)).map_err(CopyError::Writing)?;
        moved = moved.saturating_add(count as u64);
        progress(moved);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_appears_whole_or_not_at_all() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        let mut file = NewFile::create(&path, 0o600).unwrap();
        file.as_file().write_all(b"half").unwrap();
        drop(file);
        assert_eq!(folder.path().read_dir().unwrap().count(), 0, "nothing is left of a file that was given up");

        let mut file = NewFile::create(&path, 0o600).unwrap();
        file.as_file().write_all(b"whole").unwrap();
        assert!(!path.exists());
        file.finish().unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"whole");
        assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    }

    #[test]
    fn nothing_is_overwritten_even_what_came_meanwhile() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        let file = NewFile::create(&path, 0o600).unwrap();
        std::fs::write(&path, "theirs").unwrap();
        assert!(matches!(file.finish(), Err(FileError::Exists(_))));
        assert!(matches!(NewFile::create(&path, 0o600), Err(FileError::Exists(_))));
        assert_eq!(std::fs::read(&path).unwrap(), b"theirs");
        assert_eq!(folder.path().read_dir().unwrap().count(), 1);
    }
}
