//! Builds ink! contracts into the bundles that every ink! tool reads: `target/ink/<name>/<name>.{contract,wasm,json}`.
//!
//! It does what `cargo contract build` does, with any stable Rust from 1.91 on. See `--help`.

mod check;
mod compile;
#[cfg(test)]
mod equivalence;
mod fingerprint;
mod lock;
mod metadata;
mod runtime;
mod toolchain;
mod wasm;
mod workspace;

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{anyhow, Context, Result};
use clap::{Parser, Subcommand};

use crate::fingerprint::{blake2_256, hex, ColdCode, Fingerprints, Record};
use crate::lock::Lock;
use crate::metadata::Making;
use crate::toolchain::Toolchain;
use crate::wasm::Passes;
use crate::workspace::{Balance, Contract, Form, Part, Workspace};

/// Build ink! contracts into `target/ink/<name>/<name>.{contract,wasm,json}`. Unchanged contracts are not built again.
#[derive(Debug, Parser)]
#[command(version, args_conflicts_with_subcommands = true)]
struct Options {
    #[command(subcommand)]
    job: Option<Job>,
    /// Packages to build [default: every contract under contracts/]
    packages: Vec<String>,
    /// Also build the contracts under e2e-tests/fixtures/ and examples/
    #[arg(long)]
    all: bool,
    /// The chain's type of native balances; u64 (for example Bittensor) builds into target/ink-u64/
    #[arg(long, value_enum, default_value = "u128")]
    balance: Balance,
    /// The code of contracts that use ink-lite: a hot and a cold one; one code (into target/ink-single/); or that of
    /// the official tool (into target/ink-official/)
    #[arg(long, value_enum, default_value = "split")]
    form: Form,
    /// Leave out the passes that follow Binaryen's; the folder's name then ends in -no-passes
    #[arg(long)]
    no_passes: bool,
    /// The workspace's Cargo.toml [default: the workspace of the current folder]
    #[arg(long, value_name = "PATH")]
    manifest_path: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
enum Job {
    /// Run clippy on every code of every contract as it is compiled for the chain; a warning is an error
    Lint {
        /// The chain's type of native balances
        #[arg(long, value_enum, default_value = "u128")]
        balance: Balance,
        /// The workspace's Cargo.toml [default: the workspace of the current folder]
        #[arg(long, value_name = "PATH")]
        manifest_path: Option<PathBuf>,
    },
    /// Build the runtime of a chain with the same toolchain, and print the path of its Wasm
    Runtime {
        /// The folder of its package, which is its own workspace
        package: PathBuf,
        /// The chain's type of native balances, set by the package's feature `balance-u64`
        #[arg(long, value_enum, default_value = "u128")]
        balance: Balance,
        /// The folder for `runtime-<BALANCE>.wasm` and its intermediate files
        #[arg(long, value_name = "FOLDER")]
        out: PathBuf,
    },
}

fn main() -> ExitCode {
    match run(&Options::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // The chain of causes in one sentence.
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(options: &Options) -> Result<()> {
    match &options.job {
        Some(Job::Lint { balance, manifest_path }) => run_lint(*balance, manifest_path.as_deref()),
        Some(Job::Runtime { package, balance, out }) => run_runtime(package, *balance, out),
        None => run_contracts(options),
    }
}

fn run_runtime(package: &Path, balance: Balance, out: &Path) -> Result<()> {
    fs::create_dir_all(out).with_context(|| format!("cannot create {}", out.display()))?;
    let _turn = wait_for_turn(out)?;
    let runtime = runtime::build(package, balance, out, &Toolchain::find()?)?;
    if runtime.built {
        let Record { raw_bytes, bytes, .. } = runtime.record;
        eprintln!("runtime for {} balances: {bytes} bytes, {raw_bytes} before wasm-opt", balance.label());
    }
    println!("{}", runtime.path.display());
    Ok(())
}

fn run_lint(balance: Balance, manifest: Option<&Path>) -> Result<()> {
    /// The hash of the cold code where the code is not run.
    const NO_CODE: &str = "0x0000000000000000000000000000000000000000000000000000000000000000";
    let workspace = Workspace::load(manifest)?;
    let toolchain = Toolchain::find()?;
    for contract in workspace.select(&[], true, balance)? {
        let mut parts = vec![Part::Official];
        parts.extend((contract.form(Form::Single) == Form::Single).then_some(Part::Single));
        if contract.form(Form::Split) == Form::Split {
            parts.extend([Part::Cold, Part::Hot(NO_CODE)]);
        }
        for part in parts {
            eprintln!("{}: clippy, {}", contract.name, part.feature().unwrap_or("as the official tool builds it"));
            compile::lint(&workspace, contract, balance, part, &toolchain)?;
        }
    }
    Ok(())
}

fn run_contracts(options: &Options) -> Result<()> {
    let workspace = Workspace::load(options.manifest_path.as_deref())?;
    let chosen = workspace.select(&options.packages, options.all, options.balance)?;
    if chosen.is_empty() {
        println!("no contracts to build for {} balances in {}", options.balance.label(), workspace.root.display());
        return Ok(());
    }
    let toolchain = Toolchain::find()?;
    let text = read_lock(&workspace)?;
    let lock = Lock::parse(&text)?;
    let passes = if options.no_passes { Passes::Off } else { Passes::On };
    let bundles = workspace.target.join(options.form.folder(options.balance) + passes.suffix());
    fs::create_dir_all(&bundles).with_context(|| format!("cannot create {}", bundles.display()))?;
    let _turn = wait_for_turn(&bundles)?;
    let builder = Builder {
        fingerprints: Fingerprints::new(&workspace, &lock, &toolchain, options.balance, options.form, passes)?,
        workspace: &workspace,
        lock: &lock,
        toolchain: &toolchain,
        balance: options.balance,
        form: options.form,
        passes,
        bundles: &bundles,
    };
    let mut rows = Vec::new();
    for contract in chosen {
        rows.push(builder.bundle(contract)?);
    }
    print!("{}", table(&rows));
    Ok(())
}

/// What building any contract of the workspace needs.
struct Builder<'a> {
    workspace: &'a Workspace,
    lock: &'a Lock,
    toolchain: &'a Toolchain,
    balance: Balance,
    form: Form,
    passes: Passes,
    bundles: &'a Path,
    fingerprints: Fingerprints<'a>,
}

impl Builder<'_> {
    /// Builds a contract's bundle unless it is up to date.
    fn bundle(&self, contract: &Contract) -> Result<Row> {
        let name = &contract.name;
        let folder = self.bundles.join(name);
        let fingerprint = self.fingerprints.of(contract)?;
        if let Some(record) = Record::current(&folder, name, &fingerprint) {
            return Ok(Row { name: name.clone(), record, built: false });
        }
        eprintln!("{name}: compiling for the chain with Rust {}", self.toolchain.version);
        let form = contract.form(self.form);
        // The hot code contains the hash of the cold one.
        let cold = if form == Form::Split { Some(self.code(contract, Part::Cold, &folder)?) } else { None };
        let cold_hash = cold.as_ref().map(|cold| hex(&blake2_256(&cold.bytes)));
        let part = match (&cold_hash, form) {
            (Some(hash), _) => Part::Hot(hash),
            (None, Form::Official) => Part::Official,
            (None, _) => Part::Single,
        };
        let code = self.code(contract, part, &folder)?;
        eprintln!("{name}: reading its interface");
        let interface = metadata::interface(self.workspace, contract, self.balance, self.lock, self.toolchain)?;
        if form != Form::Official {
            let codes: Vec<_> =
                [Some(&code), cold.as_ref()].into_iter().flatten().map(|code| &code.bytes[..]).collect();
            check::check_selectors(&codes, &interface).map_err(|refusal| anyhow!("{name}: {refusal}"))?;
        }
        let record = Record {
            fingerprint,
            raw_bytes: code.linked.len(),
            bytes: code.bytes.len(),
            code_hash: hex(&blake2_256(&code.bytes)),
            cold: cold.as_ref().zip(cold_hash.clone()).map(|(code, code_hash)| ColdCode {
                raw_bytes: code.linked.len(),
                bytes: code.bytes.len(),
                code_hash,
            }),
            files: Vec::new(),
        };
        let making = Making { balance: self.balance, passes: self.passes, lock: self.lock, toolchain: self.toolchain };
        let metadata = metadata::assemble(contract, &making, code.bytes, cold_hash.as_deref(), interface)?;
        // For whoever wants to know what was done to a code, such as the tests of the passes.
        let mut files = vec![(format!("{name}.linked.wasm"), code.linked)];
        if let Some(cold) = cold {
            files.push((format!("{name}.cold.linked.wasm"), cold.linked));
            files.extend(metadata::cold_files(name, &metadata, cold.bytes)?);
        }
        files.extend(metadata::files(name, metadata)?);
        let record = record.write(&folder, name, &files)?;
        Ok(Row { name: name.clone(), record, built: true })
    }

    /// Compiles and shrinks a code of a contract.
    fn code(&self, contract: &Contract, part: Part<'_>, folder: &Path) -> Result<Code> {
        let name = &contract.name;
        let linked = compile::compile(self.workspace, contract, self.balance, part, self.toolchain)?;
        let bytes =
            wasm::shrink(&linked, folder, self.passes).with_context(|| format!("{name} cannot be optimised"))?;
        check::check(&bytes).map_err(|refusal| anyhow!("chains would refuse {name}: {refusal}"))?;
        Ok(Code { linked, bytes })
    }
}

/// A code for the chain.
struct Code {
    /// As the linker left it.
    linked: Vec<u8>,
    /// As it goes on the chain.
    bytes: Vec<u8>,
}

/// Reads the workspace's lock file. Cargo writes it first if there is none.
fn read_lock(workspace: &Workspace) -> Result<String> {
    let path = workspace.root.join("Cargo.lock");
    if !path.exists() {
        metadata::lock_dependencies(&workspace.root.join("Cargo.toml"))?;
    }
    fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))
}

/// Locks the target folder, as concurrent builds would read each other's files.
fn wait_for_turn(folder: &Path) -> Result<File> {
    let path = folder.join(".lock");
    let file = File::create(&path).with_context(|| format!("cannot create {}", path.display()))?;
    if file.try_lock().is_err() {
        eprintln!("waiting for another build");
        file.lock().with_context(|| format!("cannot lock {}", path.display()))?;
    }
    Ok(file)
}

/// A row of the report.
struct Row {
    name: String,
    record: Record,
    built: bool,
}

fn table(rows: &[Row]) -> String {
    let mut lines = Vec::new();
    for Row { name, record, built } in rows {
        let Record { raw_bytes, bytes, code_hash, cold, .. } = record;
        let state = if *built { "built" } else { "up to date" };
        lines.push((name.clone(), raw_bytes, bytes, code_hash, state));
        if let Some(ColdCode { raw_bytes, bytes, code_hash }) = cold {
            lines.push((format!("{name}.cold"), raw_bytes, bytes, code_hash, state));
        }
    }
    let width = lines.iter().map(|(name, ..)| name.len()).max().unwrap_or_default().max("contract".len());
    let mut text = format!("{:width$}  {:>9}  {:>9}  {:66}  state\n", "contract", "raw", "bytes", "code hash");
    for (name, raw_bytes, bytes, code_hash, state) in lines {
        text += &format!("{name:width$}  {raw_bytes:>9}  {bytes:>9}  {code_hash:66}  {state}\n");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_valid() {
        use clap::CommandFactory;
        Options::command().debug_assert();
        let options = Options::parse_from(["ink-bundle", "--balance", "u64", "a", "b"]);
        assert_eq!(options.balance, Balance::U64);
        assert_eq!(options.packages.len(), 2);
        assert!(!options.all);
        assert_eq!(options.form, Form::Split);
        assert!(!options.no_passes);
        assert!(Options::parse_from(["ink-bundle", "--no-passes"]).no_passes);
        let options = Options::parse_from(["ink-bundle", "runtime", "chain", "--out", "target", "--balance", "u64"]);
        assert!(matches!(options.job, Some(Job::Runtime { balance: Balance::U64, .. })));
    }

    #[test]
    fn the_tables_columns_are_aligned() {
        let record = Record {
            fingerprint: "f".into(),
            raw_bytes: 20_000,
            bytes: 9_000,
            code_hash: hex(&[7; 32]),
            cold: None,
            files: Vec::new(),
        };
        let cold = ColdCode { raw_bytes: 30_000, bytes: 11_000, code_hash: hex(&[8; 32]) };
        let row = |name: &str, built| Row { name: name.into(), record: record.clone(), built };
        let split = Row { name: "c".into(), record: Record { cold: Some(cold), ..record.clone() }, built: true };
        let text = table(&[row("a_contract", true), row("b", false), split]);
        let lines: Vec<_> = text.lines().collect();
        assert_eq!(lines.len(), 5);
        assert_eq!(lines[1].find("0x"), lines[2].find("0x"));
        assert!(lines[4].starts_with("c.cold          30000      11000  0x08"), "{}", lines[4]);
        assert!(lines[1].starts_with("a_contract      20000       9000  0x07"), "{}", lines[1]);
        assert!(lines[1].ends_with("  built") && lines[2].ends_with("  up to date"));
    }
}
