//! The gateway's folder of secret keys: one file per content, named by the public key, in age's identity format.
//!
//! A key is stored before the registry knows the content, and stays when the registry gets another key for it. So the
//! public key is the only name that never changes.

use std::{
    fs::{DirBuilder, File, Metadata},
    io::{Read, Write},
    os::unix::fs::{DirBuilderExt, PermissionsExt},
    path::{Path, PathBuf},
};

use age::secrecy::ExposeSecret;
use zeroize::Zeroizing;

use crate::{
    file::{failed, FileError, NewFile},
    key::{KeyError, PublicKey, SecretKey},
};

/// Suffix of the file names.
const ENDING: &str = ".key";
/// The maximum length of a file that is read, in bytes. A key file has about 190.
const MOST_BYTES: u64 = 4 * 1024;

/// Why the folder, or a key in it, is not usable.
#[derive(Debug, thiserror::Error)]
pub enum KeyFolderError {
    /// A system call failed.
    #[error(transparent)]
    File(#[from] FileError),
    /// It is not a folder.
    #[error("{} is not a folder for secret keys only: choose another one", .0.display())]
    NotAFolder(PathBuf),
    /// Other accounts of this machine can read secrets.
    #[error("other accounts of this machine can read {} (its permissions are {mode:03o}): run `chmod {required:03o} '{}'`", .path.display(), .path.display())]
    Open {
        /// The folder or the file.
        path: PathBuf,
        /// Its permissions.
        mode: u32,
        /// The required permissions.
        required: u32,
    },
    /// A file with the name of a key has other content.
    #[error("{}: {source}. Restore it from your copy of the folder", .path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        source: KeyError,
    },
    /// A file has the name of another key.
    #[error("{} holds the secret of {holds}: rename it to {holds}.key", .path.display())]
    Misnamed {
        /// The file.
        path: PathBuf,
        /// Public half of the key in it.
        holds: PublicKey,
    },
    /// The key could not be generated.
    #[error(transparent)]
    Key(#[from] KeyError),
}

/// A folder that only its owner can open, with files that only their owner can read.
#[derive(Debug, Clone)]
pub struct KeyFolder {
    path: PathBuf,
}

impl KeyFolder {
    /// Opens or creates the folder at `path`, and checks everything in it.
    ///
    /// # Errors
    /// `Open` if the permissions of the folder or of a key allow others in, `Damaged` or `Misnamed` for a key that could
    /// not be given out, `NotAFolder`, `File`. Each says what to do.
    pub fn open(path: &Path) -> Result<Self, KeyFolderError> {
        if path.symlink_metadata().is_err() {
            DirBuilder::new().recursive(true).mode(0o700).create(path).map_err(failed("make the folder", path))?;
        }
        let folder = Self { path: path.to_owned() };
        folder.ensure_closed()?;
        for key in folder.public_keys()? {
            folder.load(&key)?;
        }
        Ok(folder)
    }

    /// Returns its path.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Returns the path of the secret half of `key`, whether it exists or not.
    pub fn path_of(&self, key: &PublicKey) -> PathBuf {
        self.path.join(format!("{key}{ENDING}"))
    }

    /// Returns the public halves of all keys, in no particular order.
    ///
    /// # Errors
    /// `File`.
    pub fn public_keys(&self) -> Result<Vec<PublicKey>, KeyFolderError> {
        let mut keys = Vec::new();
        for entry in self.path.read_dir().map_err(failed("list", &self.path))? {
            let name = entry.map_err(failed("list", &self.path))?.file_name();
            keys.extend(name.to_str().and_then(|name| name.strip_suffix(ENDING)?.parse::<PublicKey>().ok()));
        }
        Ok(keys)
    }

    /// Stores `key` and returns its path. The key is on the disk when this returns.
    ///
    /// # Errors
    /// `File`, also if the key exists already.
    pub fn save(&self, key: &SecretKey) -> Result<PathBuf, KeyFolderError> {
        self.ensure_closed()?;
        let path = self.path_of(&key.public()?);
        write_key(key, &path)?;
        Ok(path)
    }

    /// Reads the secret half of `key`; `None` if it is not here.
    ///
    /// # Errors
    /// Those of [`Self::open`].
    pub fn load(&self, key: &PublicKey) -> Result<Option<SecretKey>, KeyFolderError> {
        let path = self.path_of(key);
        let file = match File::open(&path) {
            Ok(file) => file,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(failed("read", &path)(error).into()),
        };
        // Metadata of the open file, so that it cannot be replaced between the check and the read.
        let metadata = file.metadata().map_err(failed("read", &path))?;
        ensure_private(&path, &metadata, 0o600)?;
        let mut bytes = Zeroizing::new(Vec::with_capacity(MOST_BYTES as usize));
        file.take(MOST_BYTES).read_to_end(&mut bytes).map_err(failed("read", &path))?;
        let secret = SecretKey::from_identity_bytes(&bytes)
            .map_err(|source| KeyFolderError::Damaged { path: path.clone(), source })?;
        match secret.public()? {
            holds if holds == *key => Ok(Some(secret)),
            holds => Err(KeyFolderError::Misnamed { path, holds }),
        }
    }

    /// Removes a key that was never published.
    pub(crate) fn discard(&self, key: &PublicKey) -> Result<(), KeyFolderError> {
        let path = self.path_of(key);
        Ok(std::fs::remove_file(&path).map_err(failed("remove", &path))?)
    }

    fn ensure_closed(&self) -> Result<(), KeyFolderError> {
        let metadata = self.path.metadata().map_err(failed("look at", &self.path))?;
        if !metadata.is_dir() {
            return Err(KeyFolderError::NotAFolder(self.path.clone()));
        }
        ensure_private(&self.path, &metadata, 0o700)
    }
}

/// Writes `key` to the new file `path`, readable by its owner only, in the format of `age -d -i`.
///
/// # Errors
/// `Exists`, `System`. No file is left then.
pub fn write_key(key: &SecretKey, path: &Path) -> Result<(), FileError> {
    let mut file = NewFile::create(path, 0o600)?;
    let text = key.to_identity_text();
    file.as_file().write_all(text.expose_secret().as_bytes()).map_err(failed("write", path))?;
    file.finish()
}

fn ensure_private(path: &Path, metadata: &Metadata, required: u32) -> Result<(), KeyFolderError> {
    let mode = metadata.permissions().mode() & 0o777;
    match mode & 0o077 {
        0 => Ok(()),
        _ => Err(KeyFolderError::Open { path: path.to_owned(), mode, required }),
    }
}

#[cfg(test)]
mod tests {
    use std::fs::{self, Permissions};

    use super::*;

    fn chmod(path: &Path, mode: u32) {
        fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
    }

    fn mode(path: &Path) -> u32 {
        path.metadata().unwrap().permissions().mode() & 0o777
    }

    #[test]
    fn keys_are_kept_for_their_owner_only() {
        let folder = tempfile::tempdir().unwrap();
        let keys = KeyFolder::open(&folder.path().join("deep/keys")).unwrap();
        let secret = SecretKey::generate();
        let path = keys.save(&secret).unwrap();
        assert_eq!(mode(keys.path()), 0o700);
        assert_eq!(mode(&path), 0o600);

        let public = secret.public().unwrap();
        let keys = KeyFolder::open(keys.path()).unwrap();
        assert_eq!(keys.load(&public).unwrap().unwrap().public(), Ok(public));
        assert_eq!(keys.public_keys().unwrap(), [public]);
        assert!(keys.load(&SecretKey::generate().public().unwrap()).unwrap().is_none());
    }

    #[test]
    fn permissions_that_let_others_in_are_refused_with_what_to_do() {
        let folder = tempfile::tempdir().unwrap();
        let keys = KeyFolder::open(&folder.path().join("keys")).unwrap();
        let secret = SecretKey::generate();
        let path = keys.save(&secret).unwrap();

        chmod(&path, 0o640);
        let error = KeyFolder::open(keys.path()).unwrap_err().to_string();
        assert!(error.contains("permissions are 640") && error.contains("chmod 600"), "{error}");
        assert!(keys.load(&secret.public().unwrap()).is_err(), "also when they change later");
        chmod(&path, 0o600);

        chmod(keys.path(), 0o750);
        let error = KeyFolder::open(keys.path()).unwrap_err().to_string();
        assert!(error.contains("permissions are 750") && error.contains("chmod 700"), "{error}");
        assert!(keys.save(&SecretKey::generate()).is_err());
    }

    #[test]
    fn a_key_under_a_wrong_name_or_damaged_is_found_at_the_start() {
        let folder = tempfile::tempdir().unwrap();
        let keys = KeyFolder::open(&folder.path().join("keys")).unwrap();
        let (secret, other) = (SecretKey::generate(), SecretKey::generate().public().unwrap());
        let path = keys.save(&secret).unwrap();
        fs::rename(&path, keys.path_of(&other)).unwrap();
        assert!(matches!(KeyFolder::open(keys.path()), Err(KeyFolderError::Misnamed { .. })));
        fs::write(keys.path_of(&other), [0xff, 0, 1]).unwrap();
        assert!(KeyFolder::open(keys.path()).is_err());
        fs::write(keys.path_of(&other), "# nothing\n").unwrap();
        assert!(matches!(KeyFolder::open(keys.path()), Err(KeyFolderError::Damaged { .. })));
    }

    #[test]
    fn a_file_is_no_folder() {
        let file = tempfile::NamedTempFile::new().unwrap();
        assert!(matches!(KeyFolder::open(file.path()), Err(KeyFolderError::NotAFolder(_))));
    }
}
