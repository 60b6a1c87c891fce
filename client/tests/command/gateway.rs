//! A gateway as a creator runs it, for tests.

use std::{
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, Stdio},
};

use serde_json::Value;

use super::{text, Home};

/// A gateway that is running.
pub struct Gateway {
    process: Child,
    /// Where it listens.
    pub url: String,
    /// What it said at its start.
    pub report: Value,
}

impl Gateway {
    /// Starts one for the creator on the chain of `home`.
    #[track_caller]
    pub fn of(home: &Home) -> Self {
        let mut command = home.command(&["serve", "--listen", "127.0.0.1:0", "--rate", "1000", "--json"]);
        let log = std::fs::File::create(home.path("gateway.log")).expect("a new file");
        let mut process = command.stdout(Stdio::piped()).stderr(log).spawn().expect("the command starts");
        let mut said = String::new();
        let lines = BufReader::new(process.stdout.take().expect("its output was asked for")).lines();
        for line in lines.map_while(Result::ok) {
            said.push_str(&line);
            if line == "}" {
                break;
            }
        }
        let document: Value = serde_json::from_str(&said).expect("it says where it listens");
        let report = document["report"].clone();
        let url = report["address"].as_str().expect("an address").to_owned();
        Self { process, url, report }
    }

    /// Stops it as a service manager does, and gives its log.
    #[track_caller]
    pub fn stop(mut self, home: &Home) -> String {
        let signal = std::process::Command::new("kill").arg(self.process.id().to_string()).status();
        assert!(signal.expect("kill starts").success());
        assert!(self.process.wait().expect("it was started").success(), "a stop is no failure");
        std::fs::read_to_string(home.path("gateway.log")).expect("it was written")
    }
}

impl Drop for Gateway {
    fn drop(&mut self) {
        // It may have been stopped.
        self.process.kill().unwrap_or(());
        self.process.wait().map(|_| ()).unwrap_or(());
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
