//! Decrypts a file, after verifying that it is the published one and that the key is its key.

use std::{
    fs::File,
    io::{self, BufReader, Read, Seek},
    path::{Path, PathBuf},
};

use age::{DecryptError, Decryptor};

use crate::{
    file::{copy, failed, CopyError, FileError, Hashing, NewFile},
    key::{KeyError, PublicKey, SecretKey},
};

/// The maximum length of the head of an encrypted file, in bytes. Files that this crate writes have about 200.
const MOST_HEAD: usize = 64 * 1024;

/// What the registry has published about the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Published {
    /// X25519 public key that the file is encrypted to.
    pub public_key: PublicKey,
    /// SHA-256 of the encrypted file.
    pub hash: [u8; 32],
}

/// Why a file was not decrypted. No output exists.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// A file could not be read or written.
    #[error(transparent)]
    File(#[from] FileError),
    /// The key is not usable.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The key is not the key of the file.
    #[error("the key belongs to {given}, but the registry has {registered}: it is not the key of this content; tell the creator")]
    OtherKey {
        /// Public half of the given key.
        given: PublicKey,
        /// Public key in the registry.
        registered: PublicKey,
    },
    /// It is not the published file.
    #[error("{} is not the published file: its SHA-256 is {}, the registry has {}. Download it again, or from elsewhere", .path.display(), hex::encode(.hash), hex::encode(.registered))]
    OtherFile {
        /// The encrypted file.
        path: PathBuf,
        /// Its hash.
        hash: [u8; 32],
        /// Hash in the registry.
        registered: [u8; 32],
    },
    /// The published file cannot be decrypted with its key.
    #[error(
        "the published file can't be opened with its key ({0}): only the creator can help, by publishing it again"
    )]
    Unreadable(String),
}

/// Decrypts the file `ciphertext` with `secret` into the new file `output`. It first verifies the key against the
/// registry's public key, and the file against its hash. `progress` gets the number of bytes written. The memory does not
/// depend on the size of the file.
///
/// # Errors
/// See [`OpenError`].
pub fn open_file(
    ciphertext: &Path,
    secret: &SecretKey,
    published: &Published,
    output: &Path,
    progress: impl FnMut(u64),
) -> Result<u64, OpenError> {
    check_key(secret, &published.public_key)?;
    let sink = NewFile::create(output, 0o666)?;
    let mut file = File::open(ciphertext).map_err(failed("read", ciphertext))?;
    let mut hash = Hashing::new(io::sink());
    copy(&mut file, &mut hash, &mut |_| ()).map_err(|error| side(error, ciphertext, ciphertext))?;
    let (hash, _) = hash.finish();
    if hash != published.hash {
        return Err(OpenError::OtherFile { path: ciphertext.to_owned(), hash, registered: published.hash });
    }
    open_checked(file, ciphertext, secret, sink, output, progress)
}

/// Decrypts as [`open_file`] does, for a file whose hash was already verified. `name` is for errors.
///
/// The code that parses the format never sees a file that a stranger could have written.
pub(crate) fn open_checked(
    mut file: File,
    name: &Path,
    secret: &SecretKey,
    mut sink: NewFile,
    output: &Path,
    mut progress: impl FnMut(u64),
) -> Result<u64, OpenError> {
    check_head(&mut file, name)?;
    file.rewind().map_err(failed("read", name))?;
    let decryptor = Decryptor::new_buffered(BufReader::new(file)).map_err(unreadable)?;
    let mut source = decryptor.decrypt(std::iter::once(secret.identity())).map_err(unreadable)?;
    let size = copy(&mut source, sink.as_file(), &mut progress).map_err(|error| match error {
        // The format's own checks fail with one of these two.
        CopyError::Reading(error)
            if matches!(error.kind(), io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof) =>
        {
            OpenError::Unreadable(error.to_string())
        }
        error => side(error, name, output),
    })?;
    sink.finish()?;
    Ok(size)
}

/// Verifies that `secret` is the secret half of the `registered` public key.
///
/// # Errors
/// `OtherKey`.
pub fn check_key(secret: &SecretKey, registered: &PublicKey) -> Result<(), OpenError> {
    match secret.public()? {
        given if given == *registered => Ok(()),
        given => Err(OpenError::OtherKey { given, registered: *registered }),
    }
}

/// Checks that the head ends: the line `--- MAC`. The library reads a head of any size into memory.
fn check_head(file: &mut File, name: &Path) -> Result<(), OpenError> {
    file.rewind().map_err(failed("read", name))?;
    let mut head = Vec::with_capacity(MOST_HEAD);
    file.take(MOST_HEAD as u64).read_to_end(&mut head).map_err(failed("read", name))?;
    match head.windows(5).any(|bytes| bytes == b"\n--- ") {
        true => Ok(()),
        false => Err(OpenError::Unreadable("it is not in the age format".to_owned())),
    }
}

fn unreadable(error: DecryptError) -> OpenError {
    OpenError::Unreadable(error.to_string().lines().next().unwrap_or_default().to_owned())
}

fn side(error: CopyError, source: &Path, sink: &Path) -> OpenError {
    match error {
        CopyError::Reading(error) => failed("read", source)(error).into(),
        CopyError::Writing(error) => failed("write", sink)(error).into(),
    }
}
