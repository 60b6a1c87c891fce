//! Opening an encrypted file, once it is sure that it is the published one and that the key is its key.

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

/// Within how many bytes the head of an encrypted file must end. One that we write has about 200.
const MOST_HEAD: usize = 64 * 1024;

/// What the registry says of the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Published {
    /// X25519 public key that the file is encrypted to.
    pub public_key: PublicKey,
    /// SHA-256 of the encrypted file.
    pub hash: [u8; 32],
}

/// Why a file was not opened. There is no output then.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// A file could not be read or written.
    #[error(transparent)]
    File(#[from] FileError),
    /// The key is no key.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// Someone handed out a wrong key.
    #[error("that is the secret of {given}, and the registry names {registered}: the key is not this content's, whoever gave it is mistaken or lies")]
    OtherKey {
        /// The public half of the key that was given.
        given: PublicKey,
        /// The registry's.
        registered: PublicKey,
    },
    /// Not the file that was published.
    #[error("{} is not the published file: its SHA-256 is {}, the registry names {}. Download it again, or from elsewhere", .path.display(), hex::encode(.hash), hex::encode(.registered))]
    OtherFile {
        /// The encrypted file.
        path: PathBuf,
        /// Its hash.
        hash: [u8; 32],
        /// The registry's.
        registered: [u8; 32],
    },
    /// The file is what was published, and is not what it should be.
    #[error(
        "the published file can't be opened with its key ({0}): only the creator can help, by publishing it again"
    )]
    Unreadable(String),
}

/// Decrypts the file `ciphertext` with `secret` into the file `output`, which must not exist yet. The key is first checked
/// against the registry's public key and the file against its hash. `progress` is told how many bytes of the output are
/// written. Memory does not grow with the file.
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

/// As [`open_file`], of a file whose hash is known to be the registry's; `name` is for errors.
///
/// Nothing that a stranger could have written gets as far as here, and so to the code that reads the format.
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
        // What the format's own checks find comes as one of these two.
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

/// Whether `secret` is the secret half of the `registered` public key.
///
/// # Errors
/// `OtherKey`.
pub fn check_key(secret: &SecretKey, registered: &PublicKey) -> Result<(), OpenError> {
    match secret.public()? {
        given if given == *registered => Ok(()),
        given => Err(OpenError::OtherKey { given, registered: *registered }),
    }
}

/// The library reads a head of any size into memory, so its end is looked for first: the line `--- MAC`.
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
