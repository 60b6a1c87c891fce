//! Compiles a contract to Wasm.

use std::env;
use std::ffi::{OsStr, OsString};
use std::io::BufReader;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{bail, Context, Result};
use cargo_metadata::Message;
use semver::Version;

use crate::toolchain::Toolchain;
use crate::workspace::{Balance, Contract, Part, Workspace};

/// WebAssembly 1.0, which is all that pallet-contracts accepts. `wasm32-unknown-unknown` includes more today.
pub const TARGET: &str = "wasm32v1-none";
/// ink!'s memory model: 64 KiB of stack, and at most 16 pages of memory that the chain provides.
const LINK_ARGS: [&str; 3] = ["-zstack-size=65536", "--import-memory", "--max-memory=1048576"];
/// Environment variables that change how cargo compiles. A bundle must depend only on the repository.
const UNSET: [&str; 8] = [
    "CARGO",
    "RUSTC",
    "RUSTC_WRAPPER",
    "RUSTC_WORKSPACE_WRAPPER",
    "RUSTDOC",
    "RUSTFLAGS",
    "RUSTUP_TOOLCHAIN",
    "CARGO_INCREMENTAL",
];
const UNSET_PREFIXES: [&str; 6] =
    ["CARGO_BUILD_", "CARGO_PROFILE_", "CARGO_TARGET_", "CARGO_UNSTABLE_", "CARGO_PKG_", "CARGO_MANIFEST_"];

/// The first Rust version that is known to support [`CALL_MEMCPY`]. An older LLVM may not know the option and fail.
const TAKES_CALL_MEMCPY: Version = Version::new(1, 95, 0);
/// Copies of more than eight bytes call one common routine. Inline copies would be loaded on each call of the contract,
/// which costs more than the routine. This saves 2 to 4 % of our code.
const CALL_MEMCPY: &str = "-Cllvm-args=-max-store-memcpy=1";

/// The environment variable that passes the hash of the cold code to the hot one.
const COLD_CODE_HASH: &str = "INK_LITE_COLD_CODE_HASH";

/// Compiler flags for contracts for this compiler `version`, without those that depend on this machine.
pub fn rustflags(version: &Version) -> Vec<String> {
    // A panic cannot be reported on the chain. An immediate trap saves the code that formats its message.
    let mut flags = vec!["-Zunstable-options".to_string(), "-Cpanic=immediate-abort".into()];
    flags.extend(LINK_ARGS.iter().map(|arg| format!("-Clink-arg={arg}")));
    if *version >= TAKES_CALL_MEMCPY {
        flags.push(CALL_MEMCPY.into());
    }
    flags
}

/// Compiles a code of a contract. Returns its Wasm module as the linker wrote it.
///
/// Only one contract at a time. Built together, contracts would share the features of their dependencies, and a
/// contract that is a dependency of another would lose its entry points.
pub fn compile(
    ws: &Workspace,
    contract: &Contract,
    balance: Balance,
    part: Part<'_>,
    toolchain: &Toolchain,
) -> Result<Vec<u8>> {
    let mut command = Command::new(toolchain.cargo());
    command.args(["rustc", "--release", "--lib", "--crate-type=cdylib", "--message-format=json-render-diagnostics"]);
    for_the_chain(&mut command, ws, contract, balance, part, toolchain)?;
    let artifacts = run_cargo(command).with_context(|| format!("{} does not compile", contract.package.name))?;
    let wasm = artifacts
        .iter()
        .filter(|artifact| artifact.target.name.replace('-', "_") == contract.name)
        .flat_map(|artifact| &artifact.filenames)
        .find(|file| file.extension() == Some("wasm"))
        .with_context(|| format!("cargo built no Wasm module for {}", contract.package.name))?;
    std::fs::read(wasm).with_context(|| format!("cannot read {wasm}"))
}

/// Runs clippy on a code of a contract, as it is compiled for the chain. A warning is an error, and so is a toolchain without
/// clippy: cargo would run another one's, which has no source of the library.
pub fn lint(
    ws: &Workspace,
    contract: &Contract,
    balance: Balance,
    part: Part<'_>,
    toolchain: &Toolchain,
) -> Result<()> {
    if !toolchain.bin.join("cargo-clippy").is_file() {
        bail!(
            "there is no clippy in {}: run scripts/setup --lint, or install it: on Debian `apt-get install \
             rust-web-clippy`, with rustup `rustup component add clippy`",
            toolchain.bin.display()
        );
    }
    let mut command = Command::new(toolchain.cargo());
    // In the profile of the bundles, so that the macros of their builds serve here, too.
    command.args(["clippy", "--release", "--lib", "--message-format=json-render-diagnostics"]);
    for_the_chain(&mut command, ws, contract, balance, part, toolchain)?;
    command.args(["--", "-Dwarnings"]);
    run_cargo(command).map(drop).with_context(|| format!("{} is not clean", contract.package.name))
}

/// Arguments and environment with which cargo compiles for the chain.
fn for_the_chain(
    command: &mut Command,
    ws: &Workspace,
    contract: &Contract,
    balance: Balance,
    part: Part<'_>,
    toolchain: &Toolchain,
) -> Result<()> {
    command.args(["--no-default-features", "--locked", "-Zbuild-std=core,alloc", "--target", TARGET]);
    command.args(["--package", &contract.package.name]);
    command.arg("--manifest-path").arg(ws.root.join("Cargo.toml")).arg("--target-dir").arg(&ws.target);
    command.args(contract.chain_features(balance, part).map(|feature| format!("--features={feature}")));
    isolate(command);
    command.env_remove(COLD_CODE_HASH);
    if let Part::Hot(cold) = part {
        command.env(COLD_CODE_HASH, cold);
    }
    command.env("RUSTC", toolchain.rustc()).env("RUSTC_BOOTSTRAP", "1");
    command.env("CARGO_ENCODED_RUSTFLAGS", encoded_flags(ws, toolchain)?);
    command.env("PATH", path_with(&toolchain.bin, env::var_os("PATH").as_deref())?);
    Ok(())
}

/// Runs cargo and shows its messages to the user. Returns the artifacts.
pub fn run_cargo(mut command: Command) -> Result<Vec<cargo_metadata::Artifact>> {
    let program = command.get_program().to_string_lossy().into_owned();
    let mut child = command.stdout(Stdio::piped()).spawn().with_context(|| format!("cannot run {program}"))?;
    let output = child.stdout.take().with_context(|| format!("cannot read what {program} prints"))?;
    let mut artifacts = Vec::new();
    for message in Message::parse_stream(BufReader::new(output)) {
        if let Message::CompilerArtifact(artifact) = message.context("cannot read cargo's messages")? {
            artifacts.push(artifact);
        }
    }
    if !child.wait().with_context(|| format!("cannot run {program}"))?.success() {
        bail!("cargo's messages above say why");
    }
    Ok(artifacts)
}

/// Removes what could change the code or mislead another toolchain from a command's environment.
pub fn isolate(command: &mut Command) {
    for (name, _) in env::vars_os() {
        let text = name.to_string_lossy();
        if UNSET.contains(&&*text) || UNSET_PREFIXES.iter().any(|prefix| text.starts_with(prefix)) {
            command.env_remove(name);
        }
    }
    // `cargo run` puts the libraries of its own toolchain first, which are not this toolchain's.
    if let Some(paths) = env::var_os("LD_LIBRARY_PATH") {
        let foreign = |path: &PathBuf| ["rustlib", "toolchains"].iter().any(|part| path.iter().any(|p| p == *part));
        match env::join_paths(env::split_paths(&paths).filter(|path| !foreign(path))) {
            Ok(kept) if !kept.is_empty() => command.env("LD_LIBRARY_PATH", kept),
            _ => command.env_remove("LD_LIBRARY_PATH"),
        };
    }
}

/// The variable PATH with this folder first.
pub fn path_with(bin: &Path, path: Option<&OsStr>) -> Result<OsString> {
    let rest = path.map(env::split_paths).into_iter().flatten();
    env::join_paths(std::iter::once(bin.to_path_buf()).chain(rest)).context("PATH cannot be extended")
}

/// All flags, in cargo's encoding that allows spaces in paths.
fn encoded_flags(ws: &Workspace, toolchain: &Toolchain) -> Result<String> {
    let mut flags = rustflags(&toolchain.version);
    flags.push(format!("-Clinker={}", utf8(&toolchain.linker)?));
    flags.push("-Clinker-flavor=wasm-ld".into());
    // Without the folder's path, the same source gives the same code.
    for (from, to) in [(&ws.root, "/workspace"), (&cargo_home()?, "/cargo"), (&toolchain.sysroot, "/rust")] {
        flags.push(format!("--remap-path-prefix={}={to}", utf8(from)?));
    }
    Ok(flags.join("\x1f"))
}

fn cargo_home() -> Result<PathBuf> {
    if let Some(home) = env::var_os("CARGO_HOME") {
        return Ok(home.into());
    }
    let home = env::var_os("HOME").or_else(|| env::var_os("USERPROFILE")).context("HOME is not set")?;
    Ok(Path::new(&home).join(".cargo"))
}

/// The path as text.
pub fn utf8(path: &Path) -> Result<&str> {
    path.to_str().with_context(|| format!("the path {} is not UTF-8", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_toolchain_comes_first_on_path() {
        let path = path_with(Path::new("/t/bin"), Some(OsStr::new("/a:/b"))).unwrap();
        assert_eq!(env::split_paths(&path).collect::<Vec<_>>(), ["/t/bin", "/a", "/b"].map(PathBuf::from));
        assert_eq!(path_with(Path::new("/t/bin"), None).unwrap(), "/t/bin");
    }

    #[test]
    fn a_failing_cargo_is_an_error_and_its_artifacts_are_not_used() {
        let mut command = Command::new("sh");
        command.args(["-c", "echo '{\"reason\":\"build-finished\",\"success\":false}'; exit 101"]);
        assert!(run_cargo(command).unwrap_err().to_string().contains("messages above"));
    }
}
