//! Baselines: other projects' PSP22 tokens, built by the same builder from the registry's source. Their workspace is
//! made under `target/bench-baselines`. This repository has only the lines that make a contract of a library.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{ensure, Context, Result};

use crate::bench_env::Built;

/// A token of another project.
pub struct Baseline {
    /// Its name among the figures.
    pub name: &'static str,
    /// Its name in the report.
    pub title: &'static str,
    /// Name of its bundle.
    bundle: &'static str,
    /// Whether the builder's passes after Binaryen are left out, as other builders do not have them.
    plain: bool,
}

/// Both are ink! 5 libraries for PSP22, made into the least contract that has the standard's messages and metadata. Each is measured
/// as it is without our builder's passes, which is what ours is compared with, and with them.
pub const BASELINES: [Baseline; 4] = [
    // The package is a contract itself.
    Baseline { name: "baseline/psp22", title: "Cardinal's psp22 2.0.0", bundle: "psp22", plain: true },
    Baseline { name: "baseline/pendzl", title: "pendzl 1.0.2", bundle: "pendzl_token", plain: true },
    Baseline {
        name: "baseline/psp22-passes",
        title: "Cardinal's psp22 2.0.0, with our passes",
        bundle: "psp22",
        plain: false,
    },
    Baseline {
        name: "baseline/pendzl-passes",
        title: "pendzl 1.0.2, with our passes",
        bundle: "pendzl_token",
        plain: false,
    },
];

/// Locked packages, so that the figures do not change.
const LOCK: &str = include_str!("../baselines/Cargo.lock");
const PENDZL_MANIFEST: &str = include_str!("../baselines/pendzl-token.toml");
const PENDZL_CONTRACT: &str = include_str!("../baselines/pendzl-token.rs");

/// Builds the baselines unless they are up to date, and reads their bundles.
///
/// # Errors
///
/// If a package cannot be downloaded, or does not build.
pub fn build(root: &Path) -> Result<Vec<Built>> {
    let metadata = cargo_metadata::MetadataCommand::new()
        .manifest_path(root.join("Cargo.toml"))
        .other_options(["--locked".to_owned()])
        .exec()
        .context("cargo cannot read the workspace")?;
    let psp22 = metadata.packages.iter().find(|package| package.name.as_str() == "psp22" && package.source.is_some());
    let psp22 = psp22.and_then(|package| package.manifest_path.parent()).context("Cargo.lock has no psp22")?;
    let target = metadata.target_directory.as_std_path();
    let workspace = target.join("bench-baselines");
    lay_out(&workspace, root, psp22.as_std_path())?;

    // Cargo puts both programs into the same folder. scripts/build has built it.
    let builder = std::env::current_exe().context("cannot tell where this program is")?.with_file_name("ink-bundle");
    ensure!(builder.exists(), "{} is missing: run scripts/build", builder.display());
    for plain in [true, false] {
        // In one target folder with ours, so that what is the same is compiled once.
        let mut command = Command::new(&builder);
        command.arg("--manifest-path").arg(workspace.join("Cargo.toml")).env("CARGO_TARGET_DIR", target);
        command.args(plain.then_some("--no-passes"));
        // Its table is not part of the report.
        let output = command.stderr(std::process::Stdio::inherit()).output().context("cannot run the builder")?;
        ensure!(output.status.success(), "the baselines do not build: the messages above say why");
    }
    let bundle = |baseline: &Baseline| {
        let folder = if baseline.plain { "ink-no-passes" } else { "ink" };
        target.join(folder).join(baseline.bundle).join(format!("{}.contract", baseline.bundle))
    };
    BASELINES.iter().map(|baseline| Built::read(baseline.name, &bundle(baseline))).collect()
}

fn lay_out(workspace: &Path, root: &Path, psp22: &Path) -> Result<()> {
    write(&workspace.join("Cargo.toml"), &manifest(root)?)?;
    write(&workspace.join("Cargo.lock"), LOCK)?;
    let contracts = workspace.join("contracts");
    write(&contracts.join("pendzl-token/Cargo.toml"), PENDZL_MANIFEST)?;
    write(&contracts.join("pendzl-token/lib.rs"), PENDZL_CONTRACT)?;
    for file in sources(psp22)? {
        let name = file.file_name().context("a file without a name")?;
        let text = fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))?;
        write(&contracts.join("psp22").join(name), &text)?;
    }
    Ok(())
}

/// A workspace with this workspace's profiles, so that the optimisations are equal and host libraries are built once.
fn manifest(root: &Path) -> Result<String> {
    let text = fs::read_to_string(root.join("Cargo.toml")).context("cannot read the root manifest")?;
    let manifest: toml::Table = toml::from_str(&text).context("cannot read the root manifest")?;
    let mut profiles = manifest.get("profile").and_then(toml::Value::as_table).cloned().unwrap_or_default();
    let packages = profiles.get_mut("dev").and_then(|dev| dev.get_mut("package"));
    if let Some(packages) = packages.and_then(toml::Value::as_table_mut) {
        // Cargo warns of settings for missing packages.
        packages.retain(|name, _| name == "*" || LOCK.contains(&format!("name = \"{name}\"")));
    }
    let mut new = toml::Table::new();
    let members = toml::Value::Array(vec!["contracts/*".into()]);
    let workspace = toml::Table::from_iter([("members".into(), members), ("resolver".into(), "2".into())]);
    new.insert("workspace".into(), workspace.into());
    new.insert("profile".into(), profiles.into());
    Ok(new.to_string())
}

/// Files of a package that is one folder.
fn sources(package: &Path) -> Result<Vec<PathBuf>> {
    let unreadable = || format!("cannot read {}", package.display());
    let mut files = Vec::new();
    for entry in fs::read_dir(package).with_context(unreadable)? {
        let path = entry.with_context(unreadable)?.path();
        if path.extension().is_some_and(|kind| kind == "rs") || path.ends_with("Cargo.toml") {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// Writes a file unless it is unchanged, so that cargo builds nothing again.
fn write(path: &Path, text: &str) -> Result<()> {
    if fs::read_to_string(path).is_ok_and(|known| known == text) {
        return Ok(());
    }
    let failed = || format!("cannot write {}", path.display());
    fs::create_dir_all(path.parent().with_context(failed)?).with_context(failed)?;
    fs::write(path, text).with_context(failed)
}
