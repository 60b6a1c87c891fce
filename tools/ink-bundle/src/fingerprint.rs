//! Decides whether a bundle is up to date: a fingerprint of all its inputs, and a record in the bundle's folder.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use blake2::digest::consts::U32;
use blake2::{Blake2b, Digest};
use cargo_metadata::Package;
use serde::{Deserialize, Serialize};

use crate::lock::Lock;
use crate::toolchain::Toolchain;
use crate::wasm::Passes;
use crate::workspace::{package_dir, Balance, Contract, Form, Workspace};

/// The sources of this tool that determine a bundle's contents. A change of them rebuilds every bundle.
const TOOL: [&str; 5] = [
    env!("CARGO_PKG_VERSION"),
    include_str!("compile.rs"),
    include_str!("wasm.rs"),
    include_str!("check.rs"),
    include_str!("metadata.rs"),
];
/// The sections of the root manifest that a member's code can depend on.
const ROOT_SETTINGS: [&[&str]; 6] = [
    &["profile", "release"],
    &["workspace", "package"],
    &["workspace", "dependencies"],
    &["workspace", "lints"],
    &["patch"],
    &["replace"],
];
/// Folders of a package that are not part of its code.
const NOT_CODE: [&str; 5] = ["target", "tests", "benches", "examples", "fuzz"];

/// BLAKE2b-256, the hash that chains use for code.
pub fn blake2_256(bytes: &[u8]) -> [u8; 32] {
    Blake2b::<U32>::digest(bytes).into()
}

/// Hexadecimal digits with the customary `0x`.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold("0x".to_string(), |text, byte| format!("{text}{byte:02x}"))
}

/// Computes fingerprints. What all contracts of a workspace share is hashed once.
pub struct Fingerprints<'a> {
    workspace: &'a Workspace,
    lock: &'a Lock,
    common: [u8; 32],
}

impl<'a> Fingerprints<'a> {
    /// Hashes what all contracts of the workspace share.
    pub fn new(
        workspace: &'a Workspace,
        lock: &'a Lock,
        toolchain: &Toolchain,
        balance: Balance,
        form: Form,
        passes: Passes,
    ) -> Result<Self> {
        let mut hash = Fields::default();
        TOOL.iter().chain(passes.sources()).for_each(|part| hash.add(part));
        hash.add(&toolchain.description);
        hash.add(toolchain.sysroot.to_string_lossy().as_bytes());
        hash.add(&toolchain.linker_version);
        hash.add(form.folder(balance));
        hash.add(passes.version().unwrap_or_default());
        hash.add(root_settings(&workspace.root)?);
        // Cargo's settings for this workspace. Users are responsible for their own settings.
        for file in [".cargo/config.toml", ".cargo/config"] {
            hash.add(fs::read(workspace.root.join(file)).unwrap_or_default());
        }
        Ok(Self { workspace, lock, common: hash.finish() })
    }

    /// Fingerprint of all inputs of one contract's bundle.
    pub fn of(&self, contract: &Contract) -> Result<String> {
        let mut hash = Fields::default();
        hash.add(self.common);
        let packages = self.workspace.local_packages(contract)?;
        for package in &packages {
            hash_package(&mut hash, package, &self.workspace.root)?;
        }
        for line in self.lock.closure(&packages) {
            hash.add(line);
        }
        Ok(hex(&hash.finish()))
    }
}

/// Record of a built bundle. It is stored as `<name>.fingerprint` in the bundle's folder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// Fingerprint of the inputs.
    pub fingerprint: String,
    /// Bytes of code from the compiler.
    pub raw_bytes: usize,
    /// Bytes of code in the bundle.
    pub bytes: usize,
    /// Code hash, by which the chain knows the code.
    pub code_hash: String,
    /// The cold code, if there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cold: Option<ColdCode>,
    /// Name and hash of each file of the bundle.
    pub files: Vec<(String, String)>,
}

/// Record of the cold code of a bundle.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ColdCode {
    /// Bytes of code from the compiler.
    pub raw_bytes: usize,
    /// Bytes of code for the chain.
    pub bytes: usize,
    /// Code hash, which is a constant in the hot code.
    pub code_hash: String,
}

impl Record {
    /// Returns the record of a bundle with this fingerprint, if all its files are present and unchanged.
    pub fn current(folder: &Path, name: &str, fingerprint: &str) -> Option<Self> {
        let record: Self = serde_json::from_slice(&fs::read(record_path(folder, name)).ok()?).ok()?;
        let whole = |(file, hash): &(String, String)| {
            fs::read(folder.join(file)).is_ok_and(|bytes| hex(&blake2_256(&bytes)) == *hash)
        };
        (record.fingerprint == fingerprint && !record.files.is_empty() && record.files.iter().all(whole))
            .then_some(record)
    }

    /// Writes the files of a bundle, then their record.
    pub fn write(mut self, folder: &Path, name: &str, files: &[(String, Vec<u8>)]) -> Result<Self> {
        fs::create_dir_all(folder).with_context(|| format!("cannot create {}", folder.display()))?;
        // Without a record, an interrupted build starts again.
        let record = record_path(folder, name);
        let _ = fs::remove_file(&record);
        for (file, bytes) in files {
            write_whole(&folder.join(file), bytes)?;
        }
        self.files = files.iter().map(|(file, bytes)| (file.clone(), hex(&blake2_256(bytes)))).collect();
        let text = serde_json::to_vec_pretty(&self).context("cannot write the record of a bundle")?;
        write_whole(&record, &text)?;
        Ok(self)
    }
}

/// Replaces a file atomically, so that a reader finds the old or the new one.
pub fn write_whole(path: &Path, bytes: &[u8]) -> Result<()> {
    let mut partial = path.as_os_str().to_owned();
    partial.push(".partial");
    let done = fs::write(&partial, bytes).and_then(|()| fs::rename(&partial, path));
    done.with_context(|| format!("cannot write {}", path.display()))
}

fn record_path(folder: &Path, name: &str) -> PathBuf {
    folder.join(format!("{name}.fingerprint"))
}

fn root_settings(root: &Path) -> Result<String> {
    let path = root.join("Cargo.toml");
    let text = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    let manifest: toml::Table = toml::from_str(&text).with_context(|| format!("cannot read {}", path.display()))?;
    let found = ROOT_SETTINGS.map(|keys| {
        let (first, rest) = (manifest.get(keys[0]), &keys[1..]);
        rest.iter().fold(first, |value, key| value.and_then(|v| v.get(key))).map(|v| v.to_string()).unwrap_or_default()
    });
    Ok(found.join("\n"))
}

fn hash_package(hash: &mut Fields, package: &Package, root: &Path) -> Result<()> {
    hash_code(hash, package_dir(package), root)
}

/// Adds every source file of the package in `dir`, with its path relative to `root`.
pub fn hash_code(hash: &mut Fields, dir: &Path, root: &Path) -> Result<()> {
    let mut files = Vec::new();
    list_code(dir, true, &mut files).with_context(|| format!("cannot read the sources in {}", dir.display()))?;
    files.sort();
    for file in files {
        hash.add(file.strip_prefix(root).unwrap_or(&file).to_string_lossy().as_bytes());
        hash.add(fs::read(&file).with_context(|| format!("cannot read {}", file.display()))?);
    }
    Ok(())
}

/// Lists every source file of a package, including text that a macro may include.
fn list_code(dir: &Path, top: bool, files: &mut Vec<PathBuf>) -> std::io::Result<()> {
    for entry in fs::read_dir(dir)? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if name.starts_with('.') {
            continue;
        }
        if !path.is_dir() {
            // Broken links, such as the lock files of editors, are not sources.
            files.extend(path.is_file().then_some(path));
            continue;
        }
        let another_package = path.join("Cargo.toml").exists();
        let not_code = top && NOT_CODE.contains(&name.as_str());
        if !another_package && !not_code {
            list_code(&path, false, files)?;
        }
    }
    Ok(())
}

/// A hash over a sequence of fields. Each has its length, so that fields cannot run into each other.
#[derive(Default)]
pub struct Fields(Blake2b<U32>);

impl Fields {
    /// Adds a field.
    pub fn add(&mut self, field: impl AsRef<[u8]>) {
        let bytes = field.as_ref();
        self.0.update((bytes.len() as u64).to_le_bytes());
        self.0.update(bytes);
    }

    /// Returns the hash of all fields.
    pub fn finish(self) -> [u8; 32] {
        self.0.finalize().into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use semver::Version;

    fn write(path: PathBuf, text: &str) {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn toolchain() -> Toolchain {
        Toolchain {
            bin: "/t/bin".into(),
            sysroot: "/t".into(),
            version: Version::new(1, 96, 0),
            description: "rustc 1.96.0".into(),
            host: "h".into(),
            linker: "/t/wasm-ld".into(),
            linker_version: "LLD 22".into(),
        }
    }

    #[test]
    fn every_input_changes_the_fingerprint_and_nothing_else_does() {
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path().canonicalize().unwrap();
        let file = |path: &str, text: &str| write(root.join(path), text);
        let head = |name: &str| format!("[package]\nname = \"{name}\"\nversion = \"1.0.0\"\nedition = \"2021\"\n");
        let manifest = "[workspace]\nresolver = \"2\"\nmembers = [\"contracts/*\", \"ink\"]\n";
        file("Cargo.toml", manifest);
        file("ink/Cargo.toml", &head("ink"));
        file("ink/src/lib.rs", "");
        file(
            "contracts/a/Cargo.toml",
            &(head("a") + "[dependencies]\nink = { path = \"../../ink\" }\n[features]\nink-as-dependency = []\n"),
        );
        file("contracts/a/src/lib.rs", "fn a() {}");
        let lock = Lock::parse("").unwrap();
        let fingerprint_as = |toolchain: Toolchain, balance: Balance, form: Form, passes: Passes| {
            let workspace = Workspace::load(Some(&root.join("Cargo.toml"))).unwrap();
            let prints = Fingerprints::new(&workspace, &lock, &toolchain, balance, form, passes).unwrap();
            prints.of(&workspace.contracts[0]).unwrap()
        };
        let fingerprint_with = |toolchain, balance| fingerprint_as(toolchain, balance, Form::Split, Passes::On);
        let fingerprint = || fingerprint_with(toolchain(), Balance::U128);
        let mut last = fingerprint();
        assert_eq!(last, fingerprint());

        for (path, text) in [("contracts/a/tests/t.rs", "x"), ("contracts/a/.hidden", "x"), ("README.md", "x")] {
            file(path, text);
            assert_eq!(last, fingerprint(), "{path}");
        }
        file("Cargo.toml", &format!("{manifest}[profile.dev]\nopt-level = 1\n"));
        assert_eq!(last, fingerprint(), "profile.dev");

        let release = format!("{manifest}[profile.release]\nopt-level = 1\n");
        for (path, text) in [
            ("contracts/a/src/lib.rs", "fn b() {}"),
            ("contracts/a/src/text.txt", "included"),
            ("ink/src/lib.rs", "fn c() {}"),
            (".cargo/config.toml", "[build]\n"),
            ("Cargo.toml", &release),
        ] {
            file(path, text);
            let now = fingerprint();
            assert_ne!(last, now, "{path}");
            last = now;
        }
        let newer = Toolchain { description: "rustc 1.97.0".into(), ..toolchain() };
        assert_ne!(last, fingerprint_with(newer, Balance::U128));
        assert_ne!(last, fingerprint_with(toolchain(), Balance::U64));
        assert_ne!(last, fingerprint_as(toolchain(), Balance::U128, Form::Single, Passes::On));
        assert_ne!(last, fingerprint_as(toolchain(), Balance::U128, Form::Split, Passes::Off));
    }

    #[test]
    fn a_record_is_valid_while_every_file_is_unchanged() {
        let dir = tempfile::tempdir().unwrap();
        let folder = dir.path().join("token");
        let record = Record {
            fingerprint: "f".into(),
            raw_bytes: 2,
            bytes: 1,
            code_hash: "0x00".into(),
            cold: None,
            files: Vec::new(),
        };
        let files = [("token.wasm".to_string(), vec![1]), ("token.json".to_string(), vec![2])];
        let written = record.write(&folder, "token", &files).unwrap();
        assert_eq!(Record::current(&folder, "token", "f"), Some(written));
        assert_eq!(Record::current(&folder, "token", "g"), None);
        fs::write(folder.join("token.json"), [3]).unwrap();
        assert_eq!(Record::current(&folder, "token", "f"), None);
        fs::write(folder.join("token.json"), [2]).unwrap();
        assert!(Record::current(&folder, "token", "f").is_some());
        fs::remove_file(folder.join("token.wasm")).unwrap();
        assert_eq!(Record::current(&folder, "token", "f"), None);
    }

    #[test]
    fn the_hash_is_the_chains() {
        // The known BLAKE2b-256 of the empty input.
        let empty = "0x0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8";
        assert_eq!(hex(&blake2_256(&[])), empty);
    }
}
