//! What is done with a gateway on the chain in a folder.

use std::path::{Path, PathBuf};

use super::{
    gateway::{Gateway, SERVE},
    text, Home,
};

impl Gateway {
    /// One for the creator on the chain of `home`.
    #[track_caller]
    pub fn of(home: &Home) -> Self {
        Self::start(home.command(&SERVE), home.path("gateway.log"))
    }
}

impl Home {
    /// A file or folder beside the chain.
    pub fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// A new file with these bytes, and its name as an argument.
    pub fn file(&self, name: &str, bytes: &[u8]) -> String {
        let path = self.path(name);
        std::fs::write(&path, bytes).expect("a new file");
        argument(&path)
    }

    /// `name` opens `content`; gives the bytes.
    #[track_caller]
    pub fn unlocks(&self, gateway: &Gateway, content: &str, name: &str) -> Vec<u8> {
        let out = self.path("unlocked");
        std::fs::remove_file(&out).unwrap_or(());
        self.tells(&["unlock", content, "--gateway", &gateway.url, "--out", &argument(&out), "--as", name]);
        std::fs::read(out).expect("it was written")
    }

    /// `name` can't open `content`, and nothing is written; gives the reason.
    #[track_caller]
    pub fn stays_shut(&self, gateway: &Gateway, content: &str, name: &str) -> String {
        let out = self.path("unlocked");
        std::fs::remove_file(&out).unwrap_or(());
        let error =
            self.refuses(&["unlock", content, "--gateway", &gateway.url, "--out", &argument(&out), "--as", name]);
        assert!(!out.exists(), "something was written");
        error["message"].as_str().expect("words").to_owned()
    }

    /// The file with the plain `name` among the encrypted ones.
    pub fn encrypted(&self, name: &str) -> PathBuf {
        self.chain().join("content").join(name)
    }
}

/// A path as an argument.
pub fn argument(path: &Path) -> String {
    text(path.as_os_str().as_encoded_bytes()).to_owned()
}
