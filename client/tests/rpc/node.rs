use std::{
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

use patronage_client::chain::Width;
use serde_json::Value;
use tempfile::TempDir;

/// A node of its own for a test, which ends with it, and a folder for files.
pub struct Node {
    /// Where it answers.
    pub url: String,
    /// Empty at first.
    pub folder: TempDir,
    port: String,
}

impl Node {
    /// Starts one on a port that is free, with balances of this width.
    pub fn start(width: Width) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
        let port = listener.local_addr().expect("it has an address").port().to_string();
        drop(listener);
        let output = script(&["start", "--port", &port, "--balance", width.name()]);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let folder = TempDir::new().expect("the folder for temporary files can be written");
        let url = String::from_utf8(output.stdout).expect("its address is text").trim().to_owned();
        Self { url, folder, port }
    }

    /// A node on which mira has launched the example, and `fans` have money.
    pub fn launched(width: Width, fans: &[&str]) -> Self {
        let node = Self::start(width);
        for name in ["mira"].iter().chain(fans) {
            node.tells(&["chain", "fund", name, "10000"]);
        }
        node.tells(&["launch", &example()]);
        node
    }

    /// The command with these arguments on this node, ready to be started.
    pub fn command(&self, arguments: &[&str]) -> Command {
        command(&self.url, &self.suite(), arguments)
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

impl Drop for Node {
    fn drop(&mut self) {
        script(&["stop", "--port", &self.port]);
    }
}

/// The command, without what a user may have set.
pub fn command(chain: &str, suite: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(assert_cmd::cargo::cargo_bin!("patronage"));
    for name in ["PATRONAGE_ACCOUNT", "PATRONAGE_BUNDLES", "PATRONAGE_KEY_FILE", "PATRONAGE_SURI"] {
        command.env_remove(name);
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

fn script(arguments: &[&str]) -> Output {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../scripts/chain");
    // Its server must not hold on to what the tests are read from.
    Command::new(script).args(arguments).stdin(Stdio::null()).output().expect("the script starts")
}
