//! The command as a user runs it: on a chain in a folder, and what every test of it does on any chain.

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

/// The launch file of the examples.
pub fn example() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/creator.toml")
}

/// The example's creator launches on `chain`, where mira has what that takes.
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

/// The command with these `options`, such as `--chain`, and `arguments`, without what a user may have set.
///
/// Cargo builds it for the tests of the package that it is in, and puts it one folder above them.
pub fn patronage(options: &[(&str, &OsStr)], arguments: &[&str]) -> Command {
    let test = std::env::current_exe().expect("a test is a file");
    let folder = test.parent().and_then(Path::parent).expect("it is in a folder of its profile");
    let mut command = Command::new(folder.join("patronage"));
    for name in
        ["CHAIN", "DEPLOYMENT", "ACCOUNT", "BUNDLES", "GATEWAY", "KEY_FILE", "SURI", "PASSWORD_FILE", "PASSWORD"]
    {
        command.env_remove(format!("PATRONAGE_{name}"));
    }
    for (name, value) in options {
        command.arg(name).arg(value);
    }
    command.args(arguments).stdin(Stdio::null());
    command
}

/// What a command that must succeed printed.
#[track_caller]
pub fn document(mut command: Command, arguments: &[&str]) -> Value {
    let output = command.output().expect("the command starts");
    assert!(output.status.success(), "{arguments:?}: {} {}", text(&output.stdout), text(&output.stderr));
    let told: Value = serde_json::from_slice(&output.stdout).expect("one JSON document and nothing else");
    assert_eq!(told["ok"], true, "{arguments:?}: {told:#}");
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

/// What a command printed.
pub fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).expect("output is UTF-8")
}

/// A path as an argument.
pub fn argument(path: &Path) -> String {
    path.to_str().expect("its path is text").to_owned()
}

/// An amount of a document, in smallest units.
#[track_caller]
pub fn amount(value: &Value) -> u128 {
    value.as_str().and_then(|text| text.parse().ok()).unwrap_or_else(|| panic!("{value} is no amount"))
}

/// An amount or a charge of a document, in smallest units: a charge that comes back is negative.
#[track_caller]
pub fn charge(value: &Value) -> i128 {
    value.as_str().and_then(|text| text.parse().ok()).unwrap_or_else(|| panic!("{value} is no charge"))
}

/// A chain for the command, and a folder for files beside it.
pub trait Shell {
    /// The folder.
    fn folder(&self) -> &Path;

    /// The command with these arguments on this chain, ready to be started.
    fn command(&self, arguments: &[&str]) -> Command;

    /// Runs it to its end.
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

    /// Runs what must succeed with `--yes`, for people, and gives what it printed.
    #[track_caller]
    fn says(&self, arguments: &[&str]) -> String {
        self.does(&[arguments, &["--yes"]].concat())
    }

    /// Runs what must succeed with `--json --yes`, and gives the document.
    #[track_caller]
    fn tells(&self, arguments: &[&str]) -> Value {
        document(self.command(&[arguments, &["--json", "--yes"]].concat()), arguments)
    }

    /// Runs what must be refused with `--json --yes`, and gives the error.
    #[track_caller]
    fn refuses(&self, arguments: &[&str]) -> Value {
        error(self.command(&[arguments, &["--json", "--yes"]].concat()), arguments)
    }

    /// A file or folder in the folder.
    fn path(&self, name: &str) -> PathBuf {
        self.folder().join(name)
    }

    /// A new file with these bytes, and its name as an argument.
    fn file(&self, name: &str, bytes: &[u8]) -> String {
        let path = self.path(name);
        fs::write(&path, bytes).expect("a new file");
        argument(&path)
    }

    /// A new file with these bytes that only its owner reads, and its name as an argument.
    fn secret(&self, name: &str, bytes: &[u8]) -> String {
        let path = self.file(name, bytes);
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).expect("its mode can be set");
        path
    }

    /// A gateway for the creator on this chain.
    #[track_caller]
    fn gateway(&self) -> Gateway {
        Gateway::start(self.command(&SERVE), self.path("gateway.log"))
    }

    /// `name` opens `content`; gives the bytes.
    #[track_caller]
    fn unlocks(&self, gateway: &Gateway, content: &str, name: &str) -> Vec<u8> {
        let out = self.path("unlocked");
        fs::remove_file(&out).unwrap_or(());
        self.tells(&["unlock", content, "--gateway", &gateway.url, "--out", &argument(&out), "--as", name]);
        fs::read(out).expect("it was written")
    }

    /// `name` can't open `content`, and nothing is written; gives the error.
    #[track_caller]
    fn cannot_unlock(&self, gateway: &Gateway, content: &str, name: &str) -> Value {
        let out = self.path("unlocked");
        fs::remove_file(&out).unwrap_or(());
        let error =
            self.refuses(&["unlock", content, "--gateway", &gateway.url, "--out", &argument(&out), "--as", name]);
        assert!(!out.exists(), "something was written");
        error
    }

    /// As [`cannot_unlock`](Self::cannot_unlock); gives the reason in words.
    #[track_caller]
    fn stays_shut(&self, gateway: &Gateway, content: &str, name: &str) -> String {
        self.cannot_unlock(gateway, content, name)["message"].as_str().expect("words").to_owned()
    }
}

/// A chain on which the example's creator has launched, made once.
static LAUNCHED: LazyLock<TempDir> = LazyLock::new(|| {
    let home = Home::new();
    home.says(&["launch", &argument(&example())]);
    home.0
});

/// A folder for a chain and nothing else that a user may have set.
pub struct Home(TempDir);

impl Home {
    /// With no chain in it yet.
    #[allow(clippy::new_without_default, reason = "a folder on the disk is made on purpose")]
    pub fn new() -> Self {
        Self(TempDir::new().expect("the folder for temporary files can be written"))
    }

    /// With the example's creator on it.
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

    /// The file with the plain `name` among the encrypted ones.
    pub fn encrypted(&self, name: &str) -> PathBuf {
        self.chain().join("content").join(name)
    }

    /// Free native balance of the development account `name`, in planck.
    pub fn balance(&self, name: &str) -> u128 {
        amount(&self.tells(&["status", name])["report"]["balance"])
    }
}

impl Shell for Home {
    fn folder(&self) -> &Path {
        self.0.path()
    }

    fn command(&self, arguments: &[&str]) -> Command {
        patronage(&[("--chain", self.chain().as_os_str())], arguments)
    }

    /// Refused with `--yes`, in words and in JSON alike, changing nothing.
    #[track_caller]
    fn refuses(&self, arguments: &[&str]) -> Value {
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
