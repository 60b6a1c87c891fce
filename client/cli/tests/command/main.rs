//! The command as a user runs it, on a chain in a folder. The bundles must have been built: `scripts/build --all`.

mod content;
mod dead_ends;
mod folder;
mod foreign;
#[path = "../common/gateway.rs"]
mod gateway;
mod input;
mod launching;
mod limits;
mod many;
mod messages;
mod opening;
mod references;
mod rights;
#[path = "../common/rows.rs"]
mod rows;
mod staying;
mod story;
mod strangers;
mod units;
mod wallets;
mod words;

use std::{
    path::{Path, PathBuf},
    process::{Command, Output},
    sync::LazyLock,
};

use serde_json::Value;
use tempfile::TempDir;

/// A whole unit in planck, and a whole token of the example in smallest units.
const UNIT: u128 = 1_000_000_000_000;

fn example() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/creator.toml")
}

/// A chain on which the example's creator has launched, made once.
static LAUNCHED: LazyLock<TempDir> = LazyLock::new(|| {
    let home = Home::new();
    home.does(&["launch", example().to_str().expect("its path is text"), "--yes"]);
    home.0
});

/// A folder for a chain and nothing else that a user may have set.
struct Home(TempDir);

impl Home {
    /// With no chain in it yet.
    fn new() -> Self {
        Self(TempDir::new().expect("the folder for temporary files can be written"))
    }

    /// With the example's creator on it.
    fn launched() -> Self {
        let home = Self::new();
        std::fs::create_dir(home.chain()).expect("a new folder");
        for name in ["chain.state", "suite.json"] {
            std::fs::copy(LAUNCHED.path().join("chain").join(name), home.chain().join(name)).expect("it was launched");
        }
        home
    }

    fn chain(&self) -> PathBuf {
        self.0.path().join("chain")
    }

    /// The command with these arguments on this chain, ready to be started.
    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(assert_cmd::cargo::cargo_bin!("patronage"));
        for name in ["CHAIN", "SUITE", "ACCOUNT", "GATEWAY", "KEY_FILE", "SURI", "PASSWORD_FILE", "PASSWORD"] {
            command.env_remove(format!("PATRONAGE_{name}"));
        }
        command.arg("--chain").arg(self.chain()).args(arguments).stdin(std::process::Stdio::null());
        command
    }

    fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().expect("the command starts")
    }

    /// Runs what must succeed, and gives what it printed.
    #[track_caller]
    fn does(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert!(output.status.success(), "{arguments:?}: {}", text(&output.stderr));
        text(&output.stdout).to_owned()
    }

    /// Runs what must succeed with `--json --yes`, and gives the document.
    #[track_caller]
    fn tells(&self, arguments: &[&str]) -> Value {
        let told = self.does(&[arguments, &["--json", "--yes"]].concat());
        let document: Value = serde_json::from_str(&told).expect("one JSON document and nothing else");
        assert_eq!(document["ok"], true);
        document
    }

    /// Runs what must be refused with `--yes`, in words and in JSON alike, changing nothing; gives the error.
    #[track_caller]
    fn refuses(&self, arguments: &[&str]) -> Value {
        let kept = || std::fs::read(self.chain().join("chain.state")).ok();
        let before = kept();
        let spoken = self.run(&[arguments, &["--yes"]].concat());
        assert!(!spoken.status.success(), "{arguments:?} was done: {}", text(&spoken.stdout));
        let words = text(&spoken.stderr);
        assert!(words.starts_with("error: ") && !words.contains("panicked"), "{arguments:?}: {words}");

        let output = self.run(&[arguments, &["--yes", "--json"]].concat());
        assert_eq!(output.status.code(), spoken.status.code(), "{arguments:?}");
        let document: Value = serde_json::from_slice(&output.stdout).expect("one JSON document and nothing else");
        assert_eq!(document["ok"], false);
        assert!(output.stderr.is_empty(), "{arguments:?}: {}", text(&output.stderr));
        assert!(kept() == before, "{arguments:?} changed the chain");
        document["error"].clone()
    }

    /// Free native balance of the development account `name`, in planck.
    fn balance(&self, name: &str) -> u128 {
        amount(&self.tells(&["status", name])["report"]["balance"])
    }
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).expect("output is UTF-8")
}

/// An amount of a document, in smallest units.
#[track_caller]
fn amount(value: &Value) -> u128 {
    value.as_str().and_then(|text| text.parse().ok()).unwrap_or_else(|| panic!("{value} is no amount"))
}

/// A charge of a document, in planck.
#[track_caller]
fn charge(value: &Value) -> i128 {
    value.as_str().and_then(|text| text.parse().ok()).unwrap_or_else(|| panic!("{value} is no charge"))
}
