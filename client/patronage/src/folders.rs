//! The creator's folders: secret keys in one, encrypted files in the other.

use std::path::{Path, PathBuf};

use patronage_gateway::{
    file_name::servable,
    key::PublicKey,
    key_folder::KeyFolder,
    seal::{seal_file, Sealed},
};
use patronage_interfaces::registry::Content;

use crate::session::Failure;

/// Most bytes of a file's own name that the name of its encrypted form keeps.
const MOST_NAME: usize = 80;

/// Where the gateway's secret keys and the encrypted files are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Folders {
    /// Secret keys, which nobody but the creator may read.
    pub keys: PathBuf,
    /// Encrypted files, which everybody may.
    pub files: PathBuf,
}

/// An encrypted file that is yet to be published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealedFile {
    /// What to publish; its URI is the file's plain name.
    pub content: Content,
    /// The encrypted file.
    pub path: PathBuf,
    /// The file of its secret key.
    pub key_path: PathBuf,
}

impl Folders {
    /// Encrypts `source` to a fresh key, into a file with a name that is not taken yet. `progress` is told how many bytes of how
    /// many are done.
    ///
    /// # Errors
    ///
    /// In words, when a folder or a file can't be used. There is neither a key nor an encrypted file then.
    pub fn seal(&self, source: &Path, progress: impl FnMut(u64, u64)) -> Result<SealedFile, Failure> {
        let keys = self.key_folder()?;
        self.make_files()?;
        let name = self.free_name(source)?;
        let path = self.files.join(&name);
        let sealed = seal_file(source, &path, &keys, progress).map_err(|error| Failure::Request(error.to_string()))?;
        let Sealed { public_key, hash, key_path, .. } = sealed;
        let content = Content { uri: name.into_bytes(), hash, public_key: public_key.to_bytes() };
        Ok(SealedFile { content, path, key_path })
    }

    /// The folder of keys, made where it is new.
    ///
    /// # Errors
    ///
    /// In words, when it can't be used, or others can look into it.
    pub fn key_folder(&self) -> Result<KeyFolder, Failure> {
        KeyFolder::open(&self.keys).map_err(|error| Failure::Request(error.to_string()))
    }

    /// Makes the folder of encrypted files where it is new.
    ///
    /// # Errors
    ///
    /// In words, when it can't be made.
    pub fn make_files(&self) -> Result<(), Failure> {
        std::fs::create_dir_all(&self.files)
            .map_err(|error| Failure::Request(format!("{} can't be made: {error}", self.files.display())))
    }

    /// What a gateway with these `keys` lacks to serve `content`, in words; `None` where it has all.
    ///
    /// # Errors
    ///
    /// In words, when the folder of keys can't be used.
    pub fn lacks(&self, keys: &KeyFolder, content: &Content) -> Result<Option<&'static str>, Failure> {
        let key = PublicKey::from_bytes(content.public_key).ok();
        let key = key.map(|key| keys.load(&key).map_err(|error| Failure::Request(error.to_string())));
        let uri = String::from_utf8_lossy(&content.uri);
        let file = !servable(&uri) || self.files.join(uri.as_ref()).is_file();
        Ok(match (key.transpose()?.flatten().is_some(), file) {
            (true, true) => None,
            (false, _) => Some("its key is not here"),
            (true, false) => Some("its encrypted file is not here"),
        })
    }

    /// A name for the encrypted form of `source` that a gateway can serve and nothing has yet.
    fn free_name(&self, source: &Path) -> Result<String, Failure> {
        let name = source.file_name().unwrap_or_default().to_string_lossy();
        let plain = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '.' | '-' | '_');
        let name: String =
            name.chars().map(|letter| if plain(letter) { letter } else { '-' }).take(MOST_NAME).collect();
        let name = match name.trim_start_matches('.') {
            "" => "content",
            name => name,
        };
        let names =
            std::iter::once(format!("{name}.age")).chain((2..10_000).map(|number| format!("{name}.{number}.age")));
        let mut free = names.filter(|name| self.files.join(name).symlink_metadata().is_err());
        free.next()
            .ok_or_else(|| Failure::Request(format!("{}: too many files are named {name}", self.files.display())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_encrypted_files_can_be_served_and_are_never_taken_twice() {
        let home = tempfile::tempdir().unwrap();
        let folders = Folders { keys: home.path().join("keys"), files: home.path().join("files") };
        folders.make_files().unwrap();
        let long = "ü".repeat(200);
        for name in ["song.mp3", "..", "Live at the Paläst.wav", ".hidden", "a/b", long.as_str()] {
            let first = folders.free_name(Path::new(name)).unwrap();
            assert!(servable(&first), "{name}: {first}");
            std::fs::write(folders.files.join(&first), "").unwrap();
            let second = folders.free_name(Path::new(name)).unwrap();
            assert!(servable(&second) && second != first, "{name}: {second}");
        }
    }

    #[test]
    fn a_file_that_is_not_there_leaves_no_key() {
        let home = tempfile::tempdir().unwrap();
        let folders = Folders { keys: home.path().join("keys"), files: home.path().join("files") };
        let error = folders.seal(&home.path().join("song"), |_, _| ()).unwrap_err().to_string();
        assert!(error.contains("song"), "{error}");
        assert_eq!(folders.key_folder().unwrap().public_keys().unwrap(), []);
    }
}
