//! Creates a contract's metadata: its interface as the contract describes it, and the origin of its code.

use std::collections::BTreeSet;
use std::env;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{bail, Context, Result};
use cargo_metadata::Package;
use contract_metadata::{
    CodeHash, Compiler, Contract as ContractInfo, ContractMetadata, Language, Source, SourceCompiler, SourceLanguage,
    SourceWasm,
};
use semver::Version;
use serde_json::{json, Map, Value};

use crate::compile::{run_cargo, rustflags};
use crate::fingerprint::{blake2_256, write_whole};
use crate::lock::Lock;
use crate::toolchain::Toolchain;
use crate::wasm::{Passes, PASSES};
use crate::workspace::{Balance, Contract, Workspace};

/// Runs the contract's own description of its interface. Returns it as the JSON that every ink! tool reads.
///
/// ink! puts the description into the contract crate as a function. A generated program calls it, which is built for
/// this machine and run. It has its own workspace, so that only this contract determines the features.
pub fn interface(
    ws: &Workspace,
    contract: &Contract,
    balance: Balance,
    lock: &Lock,
    toolchain: &Toolchain,
) -> Result<Map<String, Value>> {
    let dir = ws.target.join("ink-metadata").join(balance.label()).join(&contract.name);
    let failed = || format!("the program that describes {} cannot be made", contract.package.name);
    generate(&dir, ws, contract, balance, lock, &ink_version(contract, lock)?).with_context(failed)?;
    let manifest = dir.join("Cargo.toml");
    let mut build = host_cargo();
    build.args(["build", "--message-format=json-render-diagnostics", "--manifest-path"]).arg(&manifest);
    build.arg("--target-dir").arg(&ws.target);
    if everything_is_here(&manifest, &toolchain.host) {
        build.arg("--offline");
    }
    let artifacts = run_cargo(build).with_context(failed)?;
    let program = artifacts.iter().find_map(|artifact| artifact.executable.as_ref()).with_context(failed)?;
    let output = Command::new(program).stderr(Stdio::inherit()).output().with_context(failed)?;
    if !output.status.success() {
        bail!("{} cannot describe its interface: the messages above say why", contract.package.name);
    }
    serde_json::from_slice(&output.stdout).with_context(failed)
}

/// Key of the build information with the hash of the cold code. The code of the bundle cannot be instantiated without
/// that code.
pub const COLD_CODE_HASH: &str = "cold_code_hash";

/// What a bundle is made with.
pub struct Making<'a> {
    /// The chain's type of native balances.
    pub balance: Balance,
    /// Whether our passes follow Binaryen's.
    pub passes: Passes,
    /// The versions of the dependencies.
    pub lock: &'a Lock,
    /// What compiles the contract.
    pub toolchain: &'a Toolchain,
}

/// Puts the metadata of a contract together, with its code and the hash of the cold code, where there is one.
pub fn assemble(
    contract: &Contract,
    making: &Making<'_>,
    code: Vec<u8>,
    cold: Option<&str>,
    interface: Map<String, Value>,
) -> Result<ContractMetadata> {
    let Making { balance, passes, lock, toolchain } = making;
    let mut build_info = json!({
        "builder": format!("{} {}", env!("CARGO_PKG_NAME"), env!("CARGO_PKG_VERSION")),
        "build_mode": "Release",
        "rust_toolchain": toolchain.description,
        "linker": toolchain.linker_version,
        "rustflags": rustflags(&toolchain.version),
        "wasm_opt_settings": { "optimization_passes": PASSES, "keep_debug_symbols": false },
        "balance": balance.label(),
    });
    if let Some(version) = passes.version() {
        build_info["wasm_passes"] = version.into();
    }
    if let Some(hash) = cold {
        build_info[COLD_CODE_HASH] = hash.into();
    }
    let Value::Object(build_info) = build_info else { bail!("the build information is not an object") };
    let source = Source::new(
        Some(SourceWasm::new(code.clone())),
        CodeHash(blake2_256(&code)),
        SourceLanguage::new(Language::Ink, ink_version(contract, lock)?),
        SourceCompiler::new(Compiler::RustC, toolchain.version.clone()),
        Some(build_info),
    );
    Ok(ContractMetadata::new(source, describe(&contract.package)?, None, None, interface))
}

fn ink_version(contract: &Contract, lock: &Lock) -> Result<Version> {
    let version = lock.version_of(&contract.package, "ink");
    version.with_context(|| format!("Cargo.lock has no ink for {}", contract.package.name))
}

/// Files of the cold code: the metadata with that code, for tools that upload bundles, and the code.
pub fn cold_files(name: &str, metadata: &ContractMetadata, code: Vec<u8>) -> Result<Vec<(String, Vec<u8>)>> {
    let mut metadata = metadata.clone();
    metadata.source.hash = CodeHash(blake2_256(&code));
    metadata.source.wasm = Some(SourceWasm::new(code));
    if let Some(info) = &mut metadata.source.build_info {
        info.remove(COLD_CODE_HASH);
    }
    let mut files = files(&format!("{name}.cold"), metadata)?;
    // The metadata is the contract's.
    files.retain(|(file, _)| !file.ends_with(".json"));
    Ok(files)
}

/// Files of a bundle: the metadata with the code, the code, and the metadata alone.
pub fn files(name: &str, mut metadata: ContractMetadata) -> Result<Vec<(String, Vec<u8>)>> {
    let bundle = serde_json::to_vec(&metadata).context("the bundle cannot be written")?;
    let code = metadata.source.wasm.take().context("the metadata has no code")?.0;
    let alone = serde_json::to_vec_pretty(&metadata).context("the metadata cannot be written")?;
    Ok(vec![(format!("{name}.wasm"), code), (format!("{name}.json"), alone), (format!("{name}.contract"), bundle)])
}

fn describe(package: &Package) -> Result<ContractInfo> {
    let url = |field: &str, text: &Option<String>| match text {
        Some(text) => text.parse().map(Some).with_context(|| format!("{}: {field} is no URL: {text}", package.name)),
        None => Ok(None),
    };
    Ok(ContractInfo {
        name: package.name.to_string(),
        version: package.version.clone(),
        authors: package.authors.clone(),
        description: package.description.clone(),
        documentation: url("documentation", &package.documentation)?,
        repository: url("repository", &package.repository)?,
        homepage: url("homepage", &package.homepage)?,
        license: package.license.clone(),
    })
}

fn generate(
    dir: &Path,
    ws: &Workspace,
    contract: &Contract,
    balance: Balance,
    lock: &Lock,
    ink: &Version,
) -> Result<()> {
    fs::create_dir_all(dir).with_context(|| format!("cannot create {}", dir.display()))?;
    let root = fs::read_to_string(ws.root.join("Cargo.toml")).context("cannot read the root manifest")?;
    let root: toml::Table = toml::from_str(&root).context("cannot read the root manifest")?;
    let manifest = manifest(&root, contract, balance, lock, ink)?;
    write_if_changed(&dir.join("Cargo.toml"), &manifest)?;
    write_if_changed(&dir.join("main.rs"), &program(&contract.package))?;
    // The versions that the contract is built with.
    let lock = ws.root.join("Cargo.lock");
    fs::copy(&lock, dir.join("Cargo.lock")).with_context(|| format!("cannot copy {}", lock.display()))?;
    Ok(())
}

/// Manifest of the program that describes a contract.
fn manifest(root: &toml::Table, contract: &Contract, balance: Balance, lock: &Lock, ink: &Version) -> Result<String> {
    let package = &contract.package;
    let path = contract.dir().to_str().with_context(|| format!("{} is not UTF-8", contract.dir().display()))?;
    let features: Vec<_> = ["std"].into_iter().chain(balance.feature()).collect();
    let mut manifest = toml::Table::new();
    let name = format!("describe-{}", package.name);
    let mut set = |key: &str, value: Value| -> Result<()> {
        let value = toml::Value::try_from(value).context("cannot write TOML")?;
        manifest.insert(key.into(), value);
        Ok(())
    };
    set("package", json!({ "name": name, "version": "0.0.0", "edition": "2021", "publish": false }))?;
    set("bin", json!([{ "name": name, "path": "main.rs" }]))?;
    set("workspace", json!({}))?;
    let mut dependencies = json!({
        "ink_metadata": { "version": format!("={ink}"), "default-features": false, "features": ["std"] },
        "serde_json": "1",
    });
    dependencies[package.name.as_str()] = json!({ "path": path, "default-features": false, "features": features });
    set("dependencies", dependencies)?;
    if let Some(dev) = root.get("profile").and_then(|profiles| profiles.get("dev")).and_then(toml::Value::as_table) {
        let used = lock.closure(std::slice::from_ref(package));
        manifest
            .insert("profile".into(), toml::Table::from_iter([("dev".to_string(), dev_profile(dev, &used))]).into());
    }
    Ok(manifest.to_string())
}

/// The root's dev profile, so that common packages are compiled once. Settings of packages that are not among the
/// locked ones are removed, as cargo would warn of each.
fn dev_profile(dev: &toml::Table, locked: &BTreeSet<String>) -> toml::Value {
    let mut dev = dev.clone();
    let named = |name: &str| locked.iter().any(|line| line.split(' ').next() == Some(name));
    if let Some(packages) = dev.get_mut("package").and_then(toml::Value::as_table_mut) {
        packages.retain(|name, _| name == "*" || named(name));
    }
    dev.into()
}

fn program(package: &Package) -> String {
    let library = package.targets.iter().find(|target| target.is_lib() || target.is_cdylib());
    let library = library.map_or(package.name.as_str(), |target| &target.name).replace('-', "_");
    format!(
        "extern crate {library} as _;\n\
         extern \"Rust\" {{\n    fn __ink_generate_metadata() -> ink_metadata::InkProject;\n}}\n\
         fn main() {{\n    \
         // The contract crate defines the function with this type.
         let project = unsafe {{ __ink_generate_metadata() }};\n    \
         serde_json::to_writer(std::io::stdout(), &project).expect(\"the metadata can be printed\");\n}}\n"
    )
}

/// Whether cargo can work offline. Checked first, as cargo would otherwise query the registry for the generated
/// program's dependencies.
fn everything_is_here(manifest: &Path, host: &str) -> bool {
    let mut fetch = host_cargo();
    fetch.args(["fetch", "--offline", "--quiet", "--manifest-path"]).arg(manifest);
    fetch.args(["--target", host]);
    fetch.stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok_and(|status| status.success())
}

/// Creates the lock file of a workspace that has none.
pub fn lock_dependencies(manifest: &Path) -> Result<()> {
    let mut command = host_cargo();
    command.arg("generate-lockfile").arg("--manifest-path").arg(manifest);
    run_cargo(command).map(drop).context("cargo cannot choose the versions of the dependencies")
}

/// The cargo that runs this tool, which also built the rest of the workspace for this machine.
fn host_cargo() -> Command {
    Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

fn write_if_changed(path: &Path, text: &str) -> Result<()> {
    if fs::read(path).is_ok_and(|old| old == text.as_bytes()) {
        return Ok(());
    }
    write_whole(path, text.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn contract() -> Contract {
        let package = serde_json::from_value(json!({
            "name": "my-token", "version": "0.2.0", "id": "my-token", "features": {"balance-u64": []},
            "edition": "2021", "manifest_path": "/w/contracts/my-token/Cargo.toml", "authors": [], "license": "MIT",
            "targets": [{"name": "my_token", "kind": ["lib"], "crate_types": ["lib"], "src_path": "/w/lib.rs"}],
            "dependencies": [{"name": "ink", "req": "*", "kind": "normal", "optional": false, "features": [],
                "uses_default_features": true, "source": null, "target": null}],
        }));
        Contract { package: package.unwrap(), name: "my_token".into(), fixture: false }
    }

    fn lock() -> Lock {
        let package = |name: &str, rest: &str| format!("[[package]]\nname = \"{name}\"\n{rest}\n");
        let registry = "version = \"5.1.1\"\nsource = \"registry\"";
        let own = package("my-token", "version = \"0.2.0\"\ndependencies = [\"ink\"]");
        Lock::parse(&(own + &package("ink", registry) + &package("drink", registry))).unwrap()
    }

    fn toolchain() -> Toolchain {
        Toolchain {
            bin: "/t/bin".into(),
            sysroot: "/t".into(),
            version: Version::new(1, 96, 0),
            description: "rustc 1.96.0 (abc) h-o-s-t".into(),
            host: "h-o-s-t".into(),
            linker: "/t/wasm-ld".into(),
            linker_version: "LLD 22".into(),
        }
    }

    #[test]
    fn a_bundle_reads_back_as_other_tools_expect() {
        let interface = json!({"spec": {"messages": []}, "version": 5});
        let Value::Object(interface) = interface else { unreachable!() };
        let code = vec![0, 0x61, 0xff];
        let (lock, toolchain) = (lock(), toolchain());
        let making = Making { balance: Balance::U64, passes: Passes::On, lock: &lock, toolchain: &toolchain };
        let metadata = assemble(&contract(), &making, code.clone(), Some("0x07"), interface).unwrap();
        let cold = cold_files("my_token", &metadata, vec![1, 2]).unwrap();
        let files = files("my_token", metadata).unwrap();
        let names: Vec<_> = files.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["my_token.wasm", "my_token.json", "my_token.contract"]);
        assert_eq!(files[0].1, code);

        let bundle: ContractMetadata = serde_json::from_slice(&files[2].1).unwrap();
        assert_eq!(bundle.source.wasm, Some(SourceWasm(code.clone())));
        assert_eq!(bundle.source.hash.0, blake2_256(&code));
        assert_eq!(bundle.abi["version"], 5);
        let alone: Value = serde_json::from_slice(&files[1].1).unwrap();
        assert_eq!(alone["source"]["wasm"], Value::Null);
        assert_eq!(alone["source"]["language"], "ink! 5.1.1");
        assert_eq!(alone["source"]["compiler"], "rustc 1.96.0");
        assert_eq!(alone["source"]["build_info"]["balance"], "u64");
        assert_eq!(alone["source"]["build_info"]["wasm_passes"], wasm_passes::VERSION);
        assert_eq!(alone["contract"]["name"], "my-token");
        assert_eq!(alone["contract"]["license"], "MIT");
        assert_eq!(alone["source"]["build_info"]["cold_code_hash"], "0x07");

        let names: Vec<_> = cold.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["my_token.cold.wasm", "my_token.cold.contract"]);
        assert_eq!(cold[0].1, [1, 2]);
        let cold: ContractMetadata = serde_json::from_slice(&cold[1].1).unwrap();
        assert_eq!(cold.source.wasm, Some(SourceWasm(vec![1, 2])));
        assert_eq!(cold.source.hash.0, blake2_256(&[1, 2]));
        assert_eq!(cold.abi, bundle.abi);
        assert!(!cold.source.build_info.unwrap().contains_key("cold_code_hash"));
    }

    #[test]
    fn the_describing_program_shares_the_profile_and_no_features() {
        let root = "[profile.dev]\ndebug = 1\n[profile.dev.package]\ndrink = { opt-level = 2 }\n\
                    ink = { opt-level = 1 }\n\"*\" = { debug = false }\n[profile.release]\nlto = true\n";
        let root: toml::Table = toml::from_str(root).unwrap();
        let text = manifest(&root, &contract(), Balance::U64, &lock(), &Version::new(5, 1, 1)).unwrap();
        let manifest: toml::Table = toml::from_str(&text).unwrap();
        let own = &manifest["dependencies"]["my-token"];
        assert_eq!(own["path"].as_str(), Some("/w/contracts/my-token"));
        assert_eq!(own["features"].to_string(), r#"["std", "balance-u64"]"#);
        assert_eq!(own["default-features"].as_bool(), Some(false));
        assert_eq!(manifest["dependencies"]["ink_metadata"]["version"].as_str(), Some("=5.1.1"));
        let profile = manifest["profile"].as_table().unwrap();
        assert_eq!(profile.keys().collect::<Vec<_>>(), ["dev"]);
        let packages = profile["dev"]["package"].as_table().unwrap();
        assert!(packages.contains_key("*") && packages.contains_key("ink") && !packages.contains_key("drink"));
        assert!(program(&contract().package).contains("extern crate my_token as _;"));
    }
}
