//! Runs the command as a user does, on a chain in a folder or on a node.

use std::{
    ffi::OsStr,
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
    sync::LazyLock,
};

use patronage::{actions::launch::Launching, deployment::Deployment, launch::Launch};
use patronage_chain::{accounts::account, Chain};
use serde_json::Value;
use tempfile::TempDir;

use crate::gateway::{Gateway, SERVE};

/// Path of the example's launch file.
pub fn example() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/creator.toml")
}

/// Launches the example on `chain`, where mira has the funds for it.
#[track_caller]
pub fn launch_example(chain: &mut dyn Chain) -> Deployment {
    let launch = Launch::read(&example(), chain).expect("it is an example");
    let mira = account(&launch.creator).expect("a name");
    let launching = Launching::new(&launch, mira, "", chain.properties().width).expect("bundles: scripts/build");
    let deployment = launching.deployment(chain.properties().genesis, 0);
    let mut client = launching.client(chain, deployment.clone());
    let plan = launching.plan(&mut client).expect("it can be planned");
    plan.execute(&mut client, &mira.into()).expect("it launches");
    deployment
}

/// Returns the command with these `options`, such as `--chain`, and `arguments`. Removes the environment variables that
/// would configure it.
///
/// Cargo builds the command for the tests of its package, and puts it one folder above them.
pub fn patronage(options: &[(&str, &OsStr)], arguments: &[&str]) -> Command {
    let test = std::env::current_exe().expect("a test is a file");
    let folder = test.parent().and_then(Path::parent).expect("it is in a folder of its profile");
    let mut command = Command::new(folder.join("patronage"));
    for name in [
        "CHAIN",
        "DEPLOYMENT",
        "INDEX",
        "ACCOUNT",
        "BUNDLES",
        "GATEWAY",
        "KEY_FILE",
        "SURI",
        "PASSWORD_FILE",
        "PASSWORD",
        "KEYS",
        "FILES",
        "STATE",
        "STORE",
        "PROFILE",
        "WEBHOOK_SECRET",
    ] {
        command.env_remove(format!("PATRONAGE_{name}"));
    }
    for (name, value) in options {
        command.arg(name).arg(value);
    }
    command.args(arguments).stdin(Stdio::null());
    command
}

/// Returns the JSON document of a command that must succeed.
#[track_caller]
pub fn document(mut command: Command, arguments: &[&str]) -> Value {
    let output = command.output().expect("the command starts");
    assert!(output.status.success(), "{arguments:?}: {} {}", text(&output.stdout), text(&output.stderr));
    let result: Value = serde_json::from_slice(&output.stdout).expect("one JSON document and nothing else");
    assert_eq!(result["ok"], true, "{arguments:?}: {result:#}");
    result
}

/// Returns the error of a command that must fail.
#[track_caller]
pub fn error(mut command: Command, arguments: &[&str]) -> Value {
    let output = command.output().expect("the command starts");
    let result: Value = serde_json::from_slice(&output.stdout).expect("one JSON document and nothing else");
    assert!(!output.status.success() && result["ok"] == false, "{arguments:?}: {result:#}");
    result["error"].clone()
}

/// Returns the output of a command as text.
pub fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).expect("output is UTF-8")
}

/// Returns a path as an argument.
pub fn argument(path: &Path) -> String {
    path.to_str().expect("its path is text").to_owned()
}

/// Returns an amount of a JSON document, in smallest units.
#[track_caller]
pub fn amount(value: &Value) -> u128 {
    value.as_str().and_then(|text| text.parse().ok()).unwrap_or_else(|| panic!("{value} is no amount"))
}

/// Returns an amount or a charge of a JSON document, in smallest units. A refunded charge is negative.
#[track_caller]
pub fn charge(value: &Value) -> i128 {
    value.as_str().and_then(|text| text.parse().ok()).unwrap_or_else(|| panic!("{value} is no charge"))
}

/// Runs the command on one chain, with a folder for files.
pub trait Shell {
    /// The folder.
    fn folder(&self) -> &Path;

    /// Returns the command with these arguments on this chain, ready to start.
    fn command(&self, arguments: &[&str]) -> Command;

    /// Runs the command to its end.
    fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().expect("the command starts")
    }

    /// Runs a command that must succeed. Returns its output.
    #[track_caller]
    fn output_of(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert!(output.status.success(), "{arguments:?}: {}", text(&output.stderr));
        text(&output.stdout).to_owned()
    }

    /// Runs a command that must succeed, with `--yes` and output for people. Returns the output.
    #[track_caller]
    fn text_of(&self, arguments: &[&str]) -> String {
        self.output_of(&[arguments, &["--yes"]].concat())
    }

    /// Runs a command that must succeed, with `--json --yes`. Returns the document.
    #[track_caller]
    fn json_of(&self, arguments: &[&str]) -> Value {
        document(self.command(&[arguments, &["--json", "--yes"]].concat()), arguments)
    }

    /// Runs a command that must fail, with `--json --yes`. Returns the error.
    #[track_caller]
    fn error_of(&self, arguments: &[&str]) -> Value {
        error(self.command(&[arguments, &["--json", "--yes"]].concat()), arguments)
    }

    /// Returns the path of a file in the folder.
    fn path(&self, name: &str) -> PathBuf {
        self.folder().join(name)
    }

    /// Creates a file with these bytes. Returns its path as an argument.
    fn file(&self, name: &str, bytes: &[u8]) -> String {
        let path = self.path(name);
        fs::write(&path, bytes).expect("a new file");
        argument(&path)
    }

    /// Creates a file with these bytes that only its owner can read. Returns its path as an argument.
    fn secret(&self, name: &str, bytes: &[u8]) -> String {
        let path = self.file(name, bytes);
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).expect("its mode can be set");
        path
    }

    /// Starts a gateway for the creator on this chain.
    #[track_caller]
    fn gateway(&self) -> Gateway {
        Gateway::start(self.command(&SERVE), self.path("gateway.log"))
    }

    /// Unlocks `content` as `name`. Returns the decrypted bytes.
    #[track_caller]
    fn unlock(&self, gateway: &Gateway, content: &str, name: &str) -> Vec<u8> {
        let out = self.path("unlocked");
        fs::remove_file(&out).unwrap_or(());
        self.json_of(&["unlock", content, "--gateway", &gateway.url, "--out", &argument(&out), "--as", name]);
        fs::read(out).expect("it was written")
    }

    /// Tries to unlock `content` as `name`, which must fail and write nothing. Returns the error.
    #[track_caller]
    fn unlock_error(&self, gateway: &Gateway, content: &str, name: &str) -> Value {
        let out = self.path("unlocked");
        fs::remove_file(&out).unwrap_or(());
        let error =
            self.error_of(&["unlock", content, "--gateway", &gateway.url, "--out", &argument(&out), "--as", name]);
        assert!(!out.exists(), "something was written");
        error
    }

    /// As [`unlock_error`](Self::unlock_error), but returns the error's message.
    #[track_caller]
    fn denial_of(&self, gateway: &Gateway, content: &str, name: &str) -> String {
        self.unlock_error(gateway, content, name)["message"].as_str().expect("words").to_owned()
    }
}

/// A chain on which the example is launched, made once.
static LAUNCHED: LazyLock<TempDir> = LazyLock::new(|| {
    let home = ChainFolder::new();
    home.text_of(&["launch", &argument(&example())]);
    home.0
});

/// A folder for a chain, without any configuration of a user.
pub struct ChainFolder(TempDir);

impl ChainFolder {
    /// Creates the folder, without a chain.
    #[allow(clippy::new_without_default, reason = "a folder on the disk is made on purpose")]
    pub fn new() -> Self {
        Self(TempDir::new().expect("the folder for temporary files can be written"))
    }

    /// Creates the folder with a chain on which the example is launched.
    pub fn launched() -> Self {
        let home = Self::new();
        fs::create_dir(home.chain()).expect("a new folder");
        for name in ["chain.state", "deployment.json"] {
            fs::copy(LAUNCHED.path().join("chain").join(name), home.chain().join(name)).expect("it was launched");
        }
        home
    }

    /// The folder of the chain.
    pub fn chain(&self) -> PathBuf {
        self.path("chain")
    }

    /// Path of the encrypted file of the plain file `name`.
    pub fn encrypted(&self, name: &str) -> PathBuf {
        self.chain().join("content").join(name)
    }

    /// Free native balance of the development account `name`, in planck.
    pub fn balance(&self, name: &str) -> u128 {
        amount(&self.json_of(&["status", name])["report"]["balance"])
    }
}

impl Shell for ChainFolder {
    fn folder(&self) -> &Path {
        self.0.path()
    }

    fn command(&self, arguments: &[&str]) -> Command {
        patronage(&[("--chain", self.chain().as_os_str())], arguments)
    }

    /// Runs a command that must fail, with `--yes`, with text and with JSON output. Asserts that both agree and that
    /// the chain is unchanged.
    #[track_caller]
    fn error_of(&self, arguments: &[&str]) -> Value {
        let kept = || fs::read(self.chain().join("chain.state")).ok();
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
}
