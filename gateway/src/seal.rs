//! Encrypts a file for publishing, as a stream: the standard [age](https://age-encryption.org/v1) format, to a new key.

use std::{
    fs::File,
    io::{Read, Write},
    path::{Path, PathBuf},
};

use age::Encryptor;

use crate::{
    file::{copy, failed, CopyError, FileError, Hashing, NewFile},
    key::{KeyError, PublicKey, SecretKey},
    key_folder::{KeyFolder, KeyFolderError},
};

/// What a registry entry needs to know about an encrypted file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sealed {
    /// X25519 public key that the file is encrypted to.
    pub public_key: PublicKey,
    /// SHA-256 of the encrypted file.
    pub hash: [u8; 32],
    /// Size of the encrypted file, in bytes.
    pub size: u64,
    /// Path of the secret key.
    pub key_path: PathBuf,
}

/// Why a file was not encrypted. Neither a ciphertext nor a key exists.
#[derive(Debug, thiserror::Error)]
pub enum SealError {
    /// A file could not be read or written.
    #[error(transparent)]
    File(#[from] FileError),
    /// The key could not be generated.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The key could not be stored.
    #[error(transparent)]
    Keys(#[from] KeyFolderError),
    /// It is not a file. Only files can be published.
    #[error("{} is not a file: to publish a folder, make an archive of it first", .0.display())]
    NotAFile(PathBuf),
}

/// Encrypts the file `source` to a new key, and writes the ciphertext to the new file `ciphertext`. The secret key is
/// stored in `keys` first, so there is never a ciphertext without its key. `progress` gets the number of bytes read and the
/// total. The memory does not depend on the size of the file.
///
/// # Errors
/// See [`SealError`].
pub fn seal_file(
    source: &Path,
    ciphertext: &Path,
    keys: &KeyFolder,
    mut progress: impl FnMut(u64, u64),
) -> Result<Sealed, SealError> {
    let file = File::open(source).map_err(failed("read", source))?;
    let metadata = file.metadata().map_err(failed("read", source))?;
    if !metadata.is_file() {
        return Err(SealError::NotAFile(source.to_owned()));
    }
    let mut sink = NewFile::create(ciphertext, 0o644)?;
    let secret = SecretKey::generate();
    let public_key = secret.public()?;
    let key_path = keys.save(&secret)?;
    let written = seal(file, sink.as_file(), &public_key, |done| progress(done, metadata.len()))
        .map_err(|error| match error {
            StreamError::Reading(error) => failed("read", source)(error).into(),
            StreamError::Writing(error) => failed("write", ciphertext)(error).into(),
            StreamError::Key(error) => error.into(),
        })
        .and_then(|written| Ok(sink.finish().map(|()| written)?));
    match written {
        Ok((hash, size)) => Ok(Sealed { public_key, hash, size, key_path }),
        Err(error) => {
            // A key that stays does no harm, so the first error is the one to report.
            let _ = keys.discard(&public_key);
            Err(error)
        }
    }
}

/// Why a stream was not encrypted.
#[derive(Debug, thiserror::Error)]
pub enum StreamError {
    /// Reading the source failed.
    #[error("reading failed: {0}")]
    Reading(std::io::Error),
    /// Writing to the sink failed.
    #[error("writing failed: {0}")]
    Writing(std::io::Error),
    /// Encryption to this key is not possible.
    #[error(transparent)]
    Key(#[from] KeyError),
}

/// Encrypts all of `source` to `to` and writes it to `sink`. Returns SHA-256 and size of the ciphertext. `progress` gets
/// the number of bytes read so far.
///
/// # Errors
/// See [`StreamError`]. `sink` then has a part of the ciphertext.
pub fn seal(
    mut source: impl Read,
    sink: impl Write,
    to: &PublicKey,
    mut progress: impl FnMut(u64),
) -> Result<([u8; 32], u64), StreamError> {
    let recipient = to.recipient()?;
    let encryptor = Encryptor::with_recipients(std::iter::once(&recipient as &dyn age::Recipient))
        .map_err(|_| KeyError::Encrypting)?;
    let mut sink = encryptor.wrap_output(Hashing::new(sink)).map_err(StreamError::Writing)?;
    copy(&mut source, &mut sink, &mut progress).map_err(|error| match error {
        CopyError::Reading(error) => StreamError::Reading(error),
        CopyError::Writing(error) => StreamError::Writing(error),
    })?;
    let mut sink = sink.finish().map_err(StreamError::Writing)?;
    sink.flush().map_err(StreamError::Writing)?;
    Ok(sink.finish())
}
