//! Finds a Rust toolchain that can compile the core library for contracts, and its linker.

use std::env;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{bail, Context, Result};
use semver::Version;

/// The first Rust version with `-Cpanic=immediate-abort`.
const OLDEST: Version = Version::new(1, 91, 0);
/// Environment variable with the folder of the `cargo` and `rustc` for contracts. Without it they are searched.
const OVERRIDE: &str = "INK_BUNDLE_TOOLCHAIN_BIN";
const SOURCE: &str = "lib/rustlib/src/rust/library/core/Cargo.toml";
const ADVICE: &str = "run scripts/setup, or install it: on Debian `apt-get install rustc-web cargo-web rust-web-src \
                      libstd-rust-web-dev lld`, with rustup `rustup component add rust-src`";

/// A toolchain that can build contracts.
#[derive(Clone, Debug)]
pub struct Toolchain {
    /// The folder with `cargo` and `rustc`. Never that of rustup's shims.
    pub bin: PathBuf,
    /// The root of the installation, which has the source of the library.
    pub sysroot: PathBuf,
    /// The version of the compiler.
    pub version: Version,
    /// The first line of `rustc --version`, with the commit, and the host.
    pub description: String,
    /// The machine it runs on, as a target triple.
    pub host: String,
    /// The linker.
    pub linker: PathBuf,
    /// The linker's own name and version.
    pub linker_version: String,
}

/// The output of `rustc -vV`.
#[derive(Debug, PartialEq)]
struct Compiler {
    version: Version,
    description: String,
    host: String,
}

impl Toolchain {
    /// Finds the toolchain for contracts: the override, or that on PATH, or another one of rustup, or Debian's.
    pub fn find() -> Result<Self> {
        if let Some(bin) = env::var_os(OVERRIDE) {
            let bin = PathBuf::from(bin);
            return match inspect(&bin)? {
                Some(found) if found.1.version >= OLDEST => Self::new(bin, found),
                Some((_, compiler)) => bail!("{OVERRIDE} is Rust {}, older than {OLDEST}", compiler.version),
                None => bail!(
                    "{OVERRIDE}={} has no cargo and rustc with the source of the library (rust-src)",
                    bin.display()
                ),
            };
        }
        if let Some(sysroot) = sysroot(Path::new("rustc")) {
            let bin = sysroot.join("bin");
            if let Some(found) = inspect(&bin)?.filter(|(_, c)| c.version >= OLDEST) {
                return Self::new(bin, found);
            }
        }
        if let Some((bin, found)) = newest_stable(&rustup_toolchains()) {
            return Self::new(bin, found);
        }
        let debian = PathBuf::from("/usr/bin");
        if let Some(found) = inspect(&debian)?.filter(|(_, c)| c.version >= OLDEST) {
            return Self::new(debian, found);
        }
        bail!("no Rust of {OLDEST} or later with the source of its library (rust-src) was found: {ADVICE}")
    }

    /// The `cargo` of this toolchain.
    pub fn cargo(&self) -> PathBuf {
        self.bin.join("cargo")
    }

    /// The `rustc` of this toolchain.
    pub fn rustc(&self) -> PathBuf {
        self.bin.join("rustc")
    }

    fn new(bin: PathBuf, (sysroot, compiler): (PathBuf, Compiler)) -> Result<Self> {
        let Compiler { version, description, host } = compiler;
        let linker = find_linker(&env::var_os("PATH").unwrap_or_default(), &sysroot, &host)
            .with_context(|| format!("no linker for Wasm (wasm-ld or rust-lld) was found: {ADVICE}"))?;
        // rust-lld is four linkers in one and needs the name of the one to be.
        let linker_version = run(Command::new(&linker).args(["-flavor", "wasm", "--version"]))?;
        let linker_version = linker_version.trim().to_string();
        Ok(Self { bin, sysroot, version, description, host, linker, linker_version })
    }
}

/// The sysroot and the compiler of a folder, if it can build the core library.
fn inspect(bin: &Path) -> Result<Option<(PathBuf, Compiler)>> {
    let rustc = bin.join("rustc");
    if !rustc.is_file() || !bin.join("cargo").is_file() {
        return Ok(None);
    }
    let Some(sysroot) = sysroot(&rustc).filter(|root| root.join(SOURCE).is_file()) else { return Ok(None) };
    let compiler = parse_compiler(&run(Command::new(&rustc).arg("-vV"))?)?;
    Ok(Some((sysroot, compiler)))
}

fn sysroot(rustc: &Path) -> Option<PathBuf> {
    let root = run(Command::new(rustc).args(["--print", "sysroot"])).ok()?;
    Some(PathBuf::from(root.trim()))
}

fn rustup_toolchains() -> Vec<PathBuf> {
    let home = env::var_os("RUSTUP_HOME").map(PathBuf::from);
    let home = home.or_else(|| env::var_os("HOME").map(|home| Path::new(&home).join(".rustup")));
    let Some(entries) = home.and_then(|home| std::fs::read_dir(home.join("toolchains")).ok()) else {
        return Vec::new();
    };
    entries.flatten().map(|entry| entry.path().join("bin")).collect()
}

/// The newest one that can build contracts. Pre-releases are used only on request, as the flags for contracts change
/// there without notice.
fn newest_stable(bins: &[PathBuf]) -> Option<(PathBuf, (PathBuf, Compiler))> {
    let usable = bins.iter().filter_map(|bin| Some((bin.clone(), inspect(bin).ok()??)));
    usable.filter(|(_, (_, c))| c.version.pre.is_empty() && c.version >= OLDEST).max_by(|a, b| {
        // The folder breaks ties, so that every run finds the same toolchain.
        (&a.1 .1.version, &a.0).cmp(&(&b.1 .1.version, &b.0))
    })
}

fn find_linker(path: &OsStr, sysroot: &Path, host: &str) -> Option<PathBuf> {
    let on_path = env::split_paths(path).map(|dir| dir.join("wasm-ld"));
    let own = sysroot.join("lib/rustlib").join(host).join("bin/rust-lld");
    on_path.chain([own]).find(|program| program.is_file())
}

fn parse_compiler(text: &str) -> Result<Compiler> {
    let field = |name: &str| {
        let value = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
        value.map(str::to_string).with_context(|| format!("`rustc -vV` gave no {name}: {text}"))
    };
    let (release, host) = (field("release")?, field("host")?);
    let version = Version::parse(&release).with_context(|| format!("`rustc -vV` gave the release {release}"))?;
    let description = format!("{} {host}", text.lines().next().unwrap_or_default().trim());
    Ok(Compiler { version, description, host })
}

fn run(command: &mut Command) -> Result<String> {
    let program = command.get_program().to_string_lossy().into_owned();
    let output = command.output().with_context(|| format!("cannot run {program}"))?;
    if !output.status.success() {
        bail!("{program} failed: {}", String::from_utf8_lossy(&output.stderr).trim());
    }
    String::from_utf8(output.stdout).with_context(|| format!("{program} printed what is not text"))
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    /// A fake toolchain of shell scripts.
    fn fake(root: &Path, name: &str, release: &str, with_source: bool) -> PathBuf {
        let (sysroot, bin) = (root.join(name), root.join(name).join("bin"));
        std::fs::create_dir_all(&bin).unwrap();
        let script = format!(
            "#!/bin/sh\nif [ \"$1\" = -vV ]; then printf 'rustc {release} (abc)\\nrelease: {release}\\nhost: h-o-s-t\\n'\n\
             else echo {}; fi\n",
            sysroot.display()
        );
        for program in ["rustc", "cargo"] {
            std::fs::write(bin.join(program), &script).unwrap();
            std::fs::set_permissions(bin.join(program), PermissionsExt::from_mode(0o755)).unwrap();
        }
        if with_source {
            let source = sysroot.join(SOURCE);
            std::fs::create_dir_all(source.parent().unwrap()).unwrap();
            std::fs::write(source, "").unwrap();
        }
        bin
    }

    #[test]
    fn the_newest_stable_toolchain_with_the_source_is_found() {
        let dir = tempfile::tempdir().unwrap();
        let bins = [
            fake(dir.path(), "old", "1.90.0", true),
            fake(dir.path(), "good", "1.100.2", true),
            fake(dir.path(), "good-too", "1.95.0", true),
            fake(dir.path(), "nightly", "1.101.0-nightly", true),
            fake(dir.path(), "bare", "1.102.0", false),
            dir.path().join("missing/bin"),
        ];
        let (bin, (sysroot, compiler)) = newest_stable(&bins).unwrap();
        assert_eq!(bin, bins[1].clone());
        assert_eq!(sysroot, dir.path().join("good"));
        assert_eq!(compiler.description, "rustc 1.100.2 (abc) h-o-s-t");
        assert!(newest_stable(&[bins[0].clone(), bins[3].clone(), bins[4].clone()]).is_none());
    }

    #[test]
    fn the_linker_on_path_comes_before_the_toolchains_own() {
        let dir = tempfile::tempdir().unwrap();
        let own = dir.path().join("sys/lib/rustlib/h-o-s-t/bin");
        let tools = dir.path().join("tools");
        std::fs::create_dir_all(&own).unwrap();
        std::fs::create_dir_all(&tools).unwrap();
        let path = env::join_paths([dir.path().join("none"), tools.clone()]).unwrap();
        let find = || find_linker(&path, &dir.path().join("sys"), "h-o-s-t");
        assert_eq!(find(), None);
        std::fs::write(own.join("rust-lld"), "").unwrap();
        assert_eq!(find(), Some(own.join("rust-lld")));
        std::fs::write(tools.join("wasm-ld"), "").unwrap();
        assert_eq!(find(), Some(tools.join("wasm-ld")));
    }

    #[test]
    fn unexpected_output_of_rustc_is_refused() {
        assert!(parse_compiler("rustc 1.96.0\nhost: x\n").is_err());
        assert!(parse_compiler("rustc\nhost: x\nrelease: new\n").is_err());
    }
}
