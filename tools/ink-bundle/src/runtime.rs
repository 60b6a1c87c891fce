//! Builds the runtime of a chain: the Wasm that a node executes, for tests on a chain.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use wasm_opt::{Feature, OptimizationOptions, Pass};

use crate::compile::{isolate, path_with, run_cargo, utf8, TARGET};
use crate::fingerprint::{blake2_256, hash_code, hex, Fields, Record};
use crate::toolchain::Toolchain;
use crate::workspace::Balance;

/// Part of the fingerprint: a change of this file rebuilds the runtimes.
const TOOL: &str = include_str!("runtime.rs");
/// A node calls functions of the runtime through its table, and FRAME uses this cfg to detect a build for a chain. The
/// server's executor reads the whole module for every call, so messages of panics are left out.
const FLAGS: [&str; 4] =
    ["-Zunstable-options", "-Cpanic=immediate-abort", "-Clink-arg=--export-table", "--cfg=substrate_runtime"];

/// A runtime that is up to date.
pub struct Runtime {
    /// Path of its Wasm.
    pub path: PathBuf,
    /// Its record.
    pub record: Record,
    /// Whether it was optimised now.
    pub built: bool,
}

/// Builds the runtime of the package in `dir`, which is its own workspace, as `runtime-<balance>.wasm` in `folder`,
/// unless it is up to date.
pub fn build(dir: &Path, balance: Balance, folder: &Path, toolchain: &Toolchain) -> Result<Runtime> {
    let name = format!("runtime-{}", balance.label());
    let path = folder.join(format!("{name}.wasm"));
    let fingerprint = fingerprint(dir, balance, toolchain)?;
    if let Some(record) = Record::current(folder, &name, &fingerprint) {
        return Ok(Runtime { path, record, built: false });
    }
    eprintln!("{name}: compiling with Rust {}, several minutes the first time", toolchain.version);
    let raw = compile(dir, balance, &folder.join("build"), toolchain)
        .with_context(|| format!("the runtime in {} cannot be built", dir.display()))?;
    let code = optimise(&raw, folder, &name)?;
    let code_hash = hex(&blake2_256(&code));
    let record =
        Record { fingerprint, raw_bytes: raw.len(), bytes: code.len(), code_hash, cold: None, files: Vec::new() };
    let record = record.write(folder, &name, &[(format!("{name}.wasm"), code)])?;
    Ok(Runtime { path, record, built: true })
}

/// Fingerprint of all inputs of a runtime. Cargo's own fingerprint is not enough: it keeps one result for all balances.
fn fingerprint(dir: &Path, balance: Balance, toolchain: &Toolchain) -> Result<String> {
    let mut hash = Fields::default();
    [TOOL, &toolchain.description, &toolchain.linker_version, balance.label()].iter().for_each(|part| hash.add(part));
    hash_code(&mut hash, dir, dir)?;
    Ok(hex(&hash.finish()))
}

/// Returns the Wasm module as the linker wrote it.
fn compile(dir: &Path, balance: Balance, target: &Path, toolchain: &Toolchain) -> Result<Vec<u8>> {
    let mut command = Command::new(toolchain.cargo());
    command.args(["build", "--release", "--lib", "--locked", "--message-format=json-render-diagnostics"]);
    command.args(["-Zbuild-std=core,alloc", "--target", TARGET]);
    command.arg("--manifest-path").arg(dir.join("Cargo.toml")).arg("--target-dir").arg(target);
    command.args(balance.feature().map(|feature| format!("--features={feature}")));
    isolate(&mut command);
    let linker = format!("-Clinker={}", utf8(&toolchain.linker)?);
    let flags = [&[linker.as_str(), "-Clinker-flavor=wasm-ld"], &FLAGS[..]].concat();
    command.env("RUSTC", toolchain.rustc()).env("RUSTC_BOOTSTRAP", "1");
    command.env("CARGO_ENCODED_RUSTFLAGS", flags.join("\x1f"));
    command.env("PATH", path_with(&toolchain.bin, env::var_os("PATH").as_deref())?);
    let artifacts = run_cargo(command)?;
    let mut files = artifacts.iter().flat_map(|artifact| &artifact.filenames);
    let wasm = files.rfind(|file| file.extension() == Some("wasm")).context("cargo built no Wasm module")?;
    fs::read(wasm).with_context(|| format!("cannot read {wasm}"))
}

/// Shrinks the module, as its executor reads all of it at the start. The custom sections stay: they hold its version
/// and its interfaces.
fn optimise(module: &[u8], folder: &Path, name: &str) -> Result<Vec<u8>> {
    let (input, output) = (folder.join(format!("{name}.raw")), folder.join(format!("{name}.optimised")));
    fs::write(&input, module).with_context(|| format!("cannot write {}", input.display()))?;
    // A higher level takes five times as long, and the module is 7 % smaller and no faster.
    let mut options = OptimizationOptions::new_opt_level_1();
    // The features that the compiler may use and the executor supports.
    options.mvp_features_only().enable_feature(Feature::MutableGlobals);
    options.add_pass(Pass::StripDebug).add_pass(Pass::StripProducers);
    options.run(&input, &output).context("wasm-opt failed")?;
    let optimised = fs::read(&output).with_context(|| format!("cannot read {}", output.display()))?;
    for file in [input, output] {
        fs::remove_file(&file).with_context(|| format!("cannot remove {}", file.display()))?;
    }
    Ok(optimised)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sources_and_balance_decide_whether_a_runtime_is_up_to_date() {
        let dir = tempfile::tempdir().unwrap();
        let toolchain = Toolchain::find().unwrap();
        let of = |balance| fingerprint(dir.path(), balance, &toolchain).unwrap();
        fs::write(dir.path().join("Cargo.lock"), "one").unwrap();
        let first = of(Balance::U128);
        assert_eq!(first, of(Balance::U128));
        assert_ne!(first, of(Balance::U64));
        fs::write(dir.path().join("Cargo.lock"), "two").unwrap();
        assert_ne!(first, of(Balance::U128));
    }

    #[test]
    fn optimising_keeps_the_version_that_a_node_reads() {
        let dir = tempfile::tempdir().unwrap();
        let module = r#"(module
            (memory (export "memory") 1)
            (func $dead (drop (i32.const 1)))
            (func (export "Core_version") (result i64) (i64.const 0))
            (@custom "runtime_version" "v1") (@custom "producers" "\00"))"#;
        let raw = wat::parse_str(module).unwrap();
        let small = optimise(&raw, dir.path(), "runtime").unwrap();
        let text = String::from_utf8_lossy(&small).into_owned();
        assert!(text.contains("runtime_version") && text.contains("Core_version"), "{text}");
        assert!(!text.contains("producers") && small.len() < raw.len());
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 0);
    }
}
