//! The content store: a folder with secret keys and a folder with encrypted files.

use std::path::{Path, PathBuf};

use patronage_gateway::{
    file_name::servable,
    key::PublicKey,
    key_folder::KeyFolder,
    seal::{seal_file, Sealed},
};
use patronage_interfaces::registry::Content;

use crate::error::Error;

/// Maximum number of bytes of the source file's name in the name of the encrypted file.
const MAX_NAME: usize = 80;

/// The folders of the gateway's secret keys and of the encrypted files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContentStore {
    /// Folder of secret keys. Only the creator may read it.
    pub keys: PathBuf,
    /// Folder of encrypted files. Everyone may read it.
    pub files: PathBuf,
}

/// An encrypted file that is not published yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealedFile {
    /// The content to publish. Its URI is the file's plain name.
    pub content: Content,
    /// The encrypted file.
    pub path: PathBuf,
    /// The file of its secret key.
    pub key_path: PathBuf,
}

impl ContentStore {
    /// Encrypts `source` to a new key, into a new file. Calls `progress` with the number of encrypted bytes and the total.
    ///
    /// # Errors
    ///
    /// If a folder or a file can't be used. In this case, neither a key nor an encrypted file is left.
    pub fn seal(&self, source: &Path, progress: impl FnMut(u64, u64)) -> Result<SealedFile, Error> {
        let keys = self.key_folder()?;
        self.create_files()?;
        let name = self.free_name(source)?;
        let path = self.files.join(&name);
        let sealed = seal_file(source, &path, &keys, progress).map_err(|error| Error::Request(error.to_string()))?;
        let Sealed { public_key, hash, key_path, .. } = sealed;
        let content = Content { uri: name.into_bytes(), hash, public_key: public_key.to_bytes() };
        Ok(SealedFile { content, path, key_path })
    }

    /// Opens the folder of keys. Creates it if it does not exist.
    ///
    /// # Errors
    ///
    /// If the folder can't be used, or other users can read it.
    pub fn key_folder(&self) -> Result<KeyFolder, Error> {
        KeyFolder::open(&self.keys).map_err(|error| Error::Request(error.to_string()))
    }

    /// Creates the folder of encrypted files if it does not exist.
    ///
    /// # Errors
    ///
    /// If the folder can't be created.
    pub fn create_files(&self) -> Result<(), Error> {
        std::fs::create_dir_all(&self.files)
            .map_err(|error| Error::Request(format!("{} can't be created: {error}", self.files.display())))
    }

    /// Why a gateway with these `keys` can't serve `content`. Returns `None` if it can.
    ///
    /// # Errors
    ///
    /// If the folder of keys can't be used.
    pub fn missing(&self, keys: &KeyFolder, content: &Content) -> Result<Option<&'static str>, Error> {
        let key = PublicKey::from_bytes(content.public_key).ok();
        let key = key.map(|key| keys.load(&key).map_err(|error| Error::Request(error.to_string())));
        let uri = String::from_utf8_lossy(&content.uri);
        let file = !servable(&uri) || self.files.join(uri.as_ref()).is_file();
        Ok(match (key.transpose()?.flatten().is_some(), file) {
            (true, true) => None,
            (false, _) => Some("its key is missing"),
            (true, false) => Some("its encrypted file is missing"),
        })
    }

    /// An unused name for the encrypted form of `source`, which a gateway can serve.
    fn free_name(&self, source: &Path) -> Result<String, Error> {
        let name = source.file_name().unwrap_or_default().to_string_lossy();
        let plain = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '.' | '-' | '_');
        let name: String = name.chars().map(|letter| if plain(letter) { letter } else { '-' }).take(MAX_NAME).collect();
        let name = match name.trim_start_matches('.') {
            "" => "content",
            name => name,
        };
        let names =
            std::iter::once(format!("{name}.age")).chain((2..10_000).map(|number| format!("{name}.{number}.age")));
        let mut free = names.filter(|name| self.files.join(name).symlink_metadata().is_err());
        free.next().ok_or_else(|| {
            Error::Request(format!("{}: too many files are named {name}: rename the source", self.files.display()))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_encrypted_files_are_servable_and_unique() {
        let home = tempfile::tempdir().unwrap();
        let store = ContentStore { keys: home.path().join("keys"), files: home.path().join("files") };
        store.create_files().unwrap();
        let long = "ü".repeat(200);
        for name in ["song.mp3", "..", "Live at the Paläst.wav", ".hidden", "a/b", long.as_str()] {
            let first = store.free_name(Path::new(name)).unwrap();
            assert!(servable(&first), "{name}: {first}");
            std::fs::write(store.files.join(&first), "").unwrap();
            let second = store.free_name(Path::new(name)).unwrap();
            assert!(servable(&second) && second != first, "{name}: {second}");
        }
    }

    #[test]
    fn a_missing_file_leaves_no_key() {
        let home = tempfile::tempdir().unwrap();
        let store = ContentStore { keys: home.path().join("keys"), files: home.path().join("files") };
        let error = store.seal(&home.path().join("song"), |_, _| ()).unwrap_err().to_string();
        assert!(error.contains("song"), "{error}");
        assert_eq!(store.key_folder().unwrap().public_keys().unwrap(), []);
    }
}
