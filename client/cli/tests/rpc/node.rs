use std::{
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use devchain::Devchain;
use patronage_client::chain::Width;
use serde_json::Value;
use tempfile::TempDir;

/// A node of its own for a test, which ends with it, and a folder for files.
pub struct Node {
    /// Empty at first.
    pub folder: TempDir,
    devchain: Devchain,
}

impl Node {
    /// Starts one with balances of this width.
    pub fn start(width: Width) -> Self {
        let folder = TempDir::new().expect("the folder for temporary files can be written");
        Self { folder, devchain: Devchain::start(width.name()) }
    }

    /// Where it answers.
    pub fn url(&self) -> &str {
        self.devchain.url()
    }

    /// Stops it. Its chain is gone with it.
    pub fn stop(&self) {
        self.devchain.stop();
    }

    /// Starts it again where it was, with a new chain that begins as the old one did.
    pub fn start_again(&self) {
        self.devchain.start_again();
    }

    /// The port that it listens on.
    pub fn port(&self) -> u16 {
        self.devchain.port()
    }

    /// A node on which mira has launched the example.
    pub fn launched(width: Width) -> Self {
        let node = Self::start(width);
        node.tells(&["launch", &example()]);
        node
    }

    /// The command with these arguments on this node, ready to be started.
    pub fn command(&self, arguments: &[&str]) -> Command {
        command(self.url(), &self.suite(), arguments)
    }

    /// The file of the creator on it.
    pub fn suite(&self) -> PathBuf {
        self.folder.path().join("deployment.json")
    }

    /// Runs what must succeed with `--json --yes`, and gives the document.
    #[track_caller]
    pub fn tells(&self, arguments: &[&str]) -> Value {
        document(self.command(&[arguments, &["--json", "--yes"]].concat()), arguments)
    }

    /// Runs what must be refused, and gives the error.
    #[track_caller]
    pub fn refuses(&self, arguments: &[&str]) -> Value {
        error(self.command(&[arguments, &["--json", "--yes"]].concat()), arguments)
    }
}

/// The command, without what a user may have set.
pub fn command(chain: &str, suite: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(assert_cmd::cargo::cargo_bin!("patronage"));
    for name in ["ACCOUNT", "BUNDLES", "GATEWAY", "KEY_FILE", "SURI", "PASSWORD_FILE", "PASSWORD"] {
        command.env_remove(format!("PATRONAGE_{name}"));
    }
    command.arg("--chain").arg(chain).arg("--suite").arg(suite).args(arguments).stdin(Stdio::null());
    command
}

/// What a command that must succeed printed.
#[track_caller]
pub fn document(mut command: Command, arguments: &[&str]) -> Value {
    let output = command.output().expect("the command starts");
    let told: Value = serde_json::from_slice(&output.stdout).expect("one JSON document and nothing else");
    assert!(output.status.success() && told["ok"] == true, "{arguments:?}: {told:#}");
    told
}

/// The error of a command that must be refused.
#[track_caller]
pub fn error(mut command: Command, arguments: &[&str]) -> Value {
    let output = command.output().expect("the command starts");
    let told: Value = serde_json::from_slice(&output.stdout).expect("one JSON document and nothing else");
    assert!(!output.status.success() && told["ok"] == false, "{arguments:?}: {told:#}");
    told["error"].clone()
}

/// An amount or a charge of a document, in smallest units.
#[track_caller]
pub fn figure(value: &Value) -> i128 {
    value.as_str().and_then(|text| text.parse().ok()).unwrap_or_else(|| panic!("{value} is no amount"))
}

/// The launch file of the examples.
pub fn example() -> String {
    concat!(env!("CARGO_MANIFEST_DIR"), "/../examples/creator.toml").to_owned()
}
