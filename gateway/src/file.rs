//! Files that appear whole or not at all, hashes on the way, and errors that name the file.

use std::{
    fs::{File, Permissions},
    io::{self, Read, Seek, Write},
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
};

use ring::digest::{Context, SHA256};
use tempfile::NamedTempFile;

/// Bytes that are moved at a time.
const PORTION: usize = 256 * 1024;

/// A file or folder could not be used.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// The system said no.
    #[error("can't {doing} {}: {source}", .path.display())]
    System {
        /// What was tried.
        doing: &'static str,
        /// With what.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// Nothing is overwritten.
    #[error("{} is there already: choose another name, or remove it first", .0.display())]
    Exists(PathBuf),
}

/// An error that says that `doing` something with `path` failed.
pub(crate) fn failed<'a>(doing: &'static str, path: &'a Path) -> impl FnOnce(io::Error) -> FileError + 'a {
    move |source| FileError::System { doing, path: path.to_owned(), source }
}

/// A file that gets its name only when all of it is written, and is gone if that never happens.
#[derive(Debug)]
pub(crate) struct NewFile {
    file: NamedTempFile,
    path: PathBuf,
}

impl NewFile {
    /// Begins the file that is to be at `path`, with these permissions less those that the process's mask takes away.
    ///
    /// # Errors
    /// `Exists` when something is at `path`, `System`.
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

    /// The file so far.
    pub fn as_file(&mut self) -> &mut File {
        self.file.as_file_mut()
    }

    /// Gives the file its name, once all of it is on the disk.
    ///
    /// # Errors
    /// `Exists` when something came to be there meanwhile, `System`. No file is left then.
    pub fn finish(self) -> Result<(), FileError> {
        let Self { file, path } = self;
        file.as_file().sync_all().map_err(failed("write", &path))?;
        file.persist_noclobber(&path).map_err(|error| match error.error.kind() {
            io::ErrorKind::AlreadyExists => FileError::Exists(path.clone()),
            _ => failed("write", &path)(error.error),
        })?;
        let folder = folder_of(&path);
        File::open(folder).and_then(|folder| folder.sync_all()).map_err(|error| {
            // Not sure to be there after a crash: then better not at all. If even that fails, the error tells enough.
            let _ = std::fs::remove_file(&path);
            failed("write into", folder)(error)
        })
    }
}

/// The folder that `path` is in.
pub(crate) fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

/// Writes through, and has the SHA-256 of what was written.
pub(crate) struct Hashing<W> {
    inner: W,
    hasher: Context,
    size: u64,
}

impl<W> Hashing<W> {
    pub fn new(inner: W) -> Self {
        Self { inner, hasher: Context::new(&SHA256), size: 0 }
    }

    /// How many bytes were written.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// The hash and the number of bytes.
    pub fn finish(self) -> ([u8; 32], u64) {
        self.so_far()
    }

    /// The hash and the number of bytes that were written until now.
    pub fn so_far(&self) -> ([u8; 32], u64) {
        let mut hash = [0; 32];
        // SHA-256 has 32 bytes.
        hash.copy_from_slice(self.hasher.clone().finish().as_ref());
        (hash, self.size)
    }
}

impl Hashing<&mut File> {
    /// Empties the file and begins anew.
    ///
    /// # Errors
    /// What the system says.
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

/// Which side of a copy failed.
pub(crate) enum CopyError {
    Reading(io::Error),
    Writing(io::Error),
}

/// Moves all of `source` into `sink`, and tells `progress` how many bytes were moved so far.
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
