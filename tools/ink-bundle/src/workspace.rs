//! The cargo workspace: which members are contracts, and which local packages their code comes from.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{anyhow, bail, Context, Result};
use cargo_metadata::{DependencyKind, MetadataCommand, Package};
use clap::ValueEnum;

/// Folders, relative to the workspace root, whose members are built by default.
const CONTRACTS: &str = "contracts";
/// Folders whose members are built only on request: contracts for tests and examples.
const ON_REQUEST: [&str; 2] = ["e2e-tests/fixtures", "examples"];

/// The type of native balances on the chain of a bundle.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Balance {
    /// The type of ink!'s default environment and of most chains.
    U128,
    /// The type of chains such as Bittensor. Needs the contract's feature `balance-u64`.
    U64,
}

impl Balance {
    /// The cargo feature of the contract for this type.
    pub fn feature(self) -> Option<&'static str> {
        match self {
            Balance::U128 => None,
            Balance::U64 => Some("balance-u64"),
        }
    }

    /// The name of the Rust type, as in the bundle's build information.
    pub fn label(self) -> &'static str {
        match self {
            Balance::U128 => "u128",
            Balance::U64 => "u64",
        }
    }
}

/// Forms of the code of a contract that depends on `ink-lite`. Other contracts have ink!'s own code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Form {
    /// A hot code, and a cold one that it names by its hash.
    Split,
    /// One code with all messages and the entry points of ink-lite.
    Single,
    /// One code with all messages and ink!'s own entry points, as the official tool builds it.
    Official,
}

impl Form {
    /// The folder under `target/` for bundles of this form, for chains with this `balance`.
    pub fn folder(self, balance: Balance) -> String {
        let form = match self {
            Form::Split => "",
            Form::Single => "-single",
            Form::Official => "-official",
        };
        let balance = balance.feature().map_or("", |_| "-u64");
        format!("ink{form}{balance}")
    }
}

/// A code of a contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part<'a> {
    /// With ink!'s entry points.
    Official,
    /// With ink-lite's entry points, and all messages.
    Single,
    /// The rare messages and the constructors. The hot code names it by its hash.
    Cold,
    /// The code of the contract, which forwards to the cold code with this hash.
    Hot(&'a str),
}

impl Part<'_> {
    /// The cargo feature of the contract for this code.
    pub fn feature(self) -> Option<&'static str> {
        match self {
            Part::Official => None,
            Part::Single => Some("lite"),
            Part::Cold => Some("lite-cold"),
            Part::Hot(_) => Some("lite-hot"),
        }
    }
}

/// A workspace member that is an ink! contract.
#[derive(Clone, Debug)]
pub struct Contract {
    /// The package as cargo describes it.
    pub package: Package,
    /// The package name with underscores, which names the bundle and its folder.
    pub name: String,
    /// Whether it is built only on request.
    pub fixture: bool,
}

impl Contract {
    /// The folder of the package.
    pub fn dir(&self) -> &Path {
        package_dir(&self.package)
    }

    /// Whether the contract can be built for chains with this balance type.
    pub fn supports(&self, balance: Balance) -> bool {
        balance.feature().is_none_or(|feature| self.package.features.contains_key(feature))
    }

    /// The form of the contract that is closest to `wanted`.
    pub fn form(&self, wanted: Form) -> Form {
        let has = |part: Part<'_>| part.feature().is_none_or(|feature| self.package.features.contains_key(feature));
        match wanted {
            Form::Split if has(Part::Hot("")) && has(Part::Cold) => Form::Split,
            Form::Split | Form::Single if has(Part::Single) => Form::Single,
            _ => Form::Official,
        }
    }

    /// The cargo features of a code for the chain.
    pub fn chain_features(&self, balance: Balance, part: Part<'_>) -> impl Iterator<Item = &'static str> {
        balance.feature().into_iter().chain(part.feature())
    }
}

/// The workspace, as far as building contracts needs it.
pub struct Workspace {
    /// The folder of the root manifest.
    pub root: PathBuf,
    /// The target folder, shared with every other build of the workspace.
    pub target: PathBuf,
    /// The contracts among the members, by name.
    pub contracts: Vec<Contract>,
    members: BTreeMap<PathBuf, Package>,
}

impl Workspace {
    /// Reads the workspace of a manifest, or that of the current folder.
    pub fn load(manifest: Option<&Path>) -> Result<Self> {
        let metadata = read_metadata(manifest)?;
        let root = metadata.workspace_root.into_std_path_buf();
        let target = metadata.target_directory.into_std_path_buf();
        let mut members = BTreeMap::new();
        let mut contracts = Vec::new();
        for package in metadata.packages {
            let dir = package_dir(&package).to_path_buf();
            let fixture = ON_REQUEST.iter().any(|folder| dir.starts_with(root.join(folder)));
            if is_contract(&package) && (fixture || dir.starts_with(root.join(CONTRACTS))) {
                let name = package.name.replace('-', "_");
                contracts.push(Contract { package: package.clone(), name, fixture });
            }
            members.insert(dir, package);
        }
        contracts.sort_by(|a, b| (a.fixture, &a.name).cmp(&(b.fixture, &b.name)));
        Ok(Self { root, target, contracts, members })
    }

    /// The contracts to build: the named ones, or all but those on request, or all.
    pub fn select(&self, names: &[String], all: bool, balance: Balance) -> Result<Vec<&Contract>> {
        if names.is_empty() {
            let chosen = self.contracts.iter().filter(|c| (all || !c.fixture) && c.supports(balance));
            return Ok(chosen.collect());
        }
        let mut chosen: Vec<&Contract> = Vec::new();
        for name in names {
            let wanted = name.replace('-', "_");
            let contract = self.contracts.iter().find(|c| c.name == wanted).ok_or_else(|| {
                let known: Vec<_> = self.contracts.iter().map(|c| c.package.name.as_str()).collect();
                anyhow!(
                    "there is no contract {name} under {CONTRACTS}/ or {}/ (a contract depends on ink and has \
                     the feature ink-as-dependency); there are: {}",
                    ON_REQUEST.join("/, "),
                    if known.is_empty() { "none".into() } else { known.join(", ") }
                )
            })?;
            if !contract.supports(balance) {
                bail!(
                    "{name} has no feature {}, so it cannot be built for chains with {} balances",
                    balance.feature().unwrap_or_default(),
                    balance.label()
                );
            }
            if !chosen.iter().any(|c| c.name == contract.name) {
                chosen.push(contract);
            }
        }
        Ok(chosen)
    }

    /// The contract's own package and every local package that it is built from, sorted by folder.
    pub fn local_packages(&self, contract: &Contract) -> Result<Vec<Package>> {
        let mut found: BTreeMap<PathBuf, Package> = BTreeMap::new();
        let mut open = vec![contract.package.clone()];
        while let Some(package) = open.pop() {
            let dir = package_dir(&package).to_path_buf();
            if found.contains_key(&dir) {
                continue;
            }
            for dependency in package.dependencies.iter().filter(|d| d.kind != DependencyKind::Development) {
                if let Some(path) = &dependency.path {
                    open.push(self.local_package(path.as_std_path())?);
                }
            }
            found.insert(dir, package);
        }
        Ok(found.into_values().collect())
    }

    fn local_package(&self, dir: &Path) -> Result<Package> {
        if let Some(package) = self.members.get(dir) {
            return Ok(package.clone());
        }
        // A path dependency outside the workspace. This is rare, so it may run cargo again.
        let manifest = dir.join("Cargo.toml");
        let packages = read_metadata(Some(&manifest))?.packages;
        packages
            .into_iter()
            .find(|p| package_dir(p) == dir)
            .ok_or_else(|| anyhow!("{} is not a package", manifest.display()))
    }
}

/// The folder of a package.
pub fn package_dir(package: &Package) -> &Path {
    package.manifest_path.parent().map_or(Path::new("."), |p| p.as_std_path())
}

/// ink! contracts declare no crate type (the builder sets it). They are recognised by the features that ink!'s macro
/// needs.
fn is_contract(package: &Package) -> bool {
    let uses_ink = package.dependencies.iter().any(|d| d.name == "ink" && d.kind == DependencyKind::Normal);
    uses_ink && package.features.contains_key("ink-as-dependency")
}

fn read_metadata(manifest: Option<&Path>) -> Result<cargo_metadata::Metadata> {
    let mut command = MetadataCommand::new();
    command.no_deps();
    if let Some(manifest) = manifest {
        command.manifest_path(manifest);
    }
    match command.exec() {
        Ok(metadata) => Ok(metadata),
        Err(cargo_metadata::Error::CargoMetadata { stderr }) => bail!("cargo cannot read the workspace: {stderr}"),
        Err(error) => Err(error).context("cannot run cargo to read the workspace"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn write(root: &Path, path: &str, text: &str) {
        let path = root.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    fn package(root: &Path, dir: &str, name: &str, rest: &str) {
        write(root, &format!("{dir}/src/lib.rs"), "");
        let head = format!("[package]\nname = \"{name}\"\nversion = \"1.0.0\"\nedition = \"2021\"\n");
        write(root, &format!("{dir}/Cargo.toml"), &(head + rest));
    }

    fn scratch() -> (tempfile::TempDir, Workspace) {
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path().canonicalize().unwrap();
        let contract = "[features]\nink-as-dependency = []\n";
        let members = r#"["contracts/*", "e2e-tests/fixtures/*", "examples/*", "tools/ink"]"#;
        write(&root, "Cargo.toml", &format!("[workspace]\nresolver = \"2\"\nmembers = {members}\n"));
        package(&root, "tools/ink", "ink", "");
        package(&root, "contracts/rules", "rules", "");
        let uses = "[dependencies]\nink = { path = \"../../tools/ink\" }\n";
        package(&root, "contracts/shared", "shared", &format!("{uses}rules = {{ path = \"../rules\" }}\n"));
        let token = format!("{uses}shared = {{ path = \"../shared\" }}\n{contract}balance-u64 = []\n");
        package(&root, "contracts/my-token", "my-token", &token);
        package(&root, "contracts/vault", "vault", &format!("{uses}{contract}"));
        let uses = "[dependencies]\nink = { path = \"../../../tools/ink\" }\n";
        let dev = "[dev-dependencies]\nrules = { path = \"../../../contracts/rules\" }\n";
        package(&root, "e2e-tests/fixtures/thief", "thief", &format!("{uses}{contract}{dev}"));
        let uses = "[dependencies]\nink = { path = \"../../tools/ink\" }\n";
        package(&root, "examples/club", "club", &format!("{uses}{contract}"));
        package(&root, "examples/creator-status", "creator-status", "");
        let workspace = Workspace::load(Some(&root.join("Cargo.toml"))).unwrap();
        (dir, workspace)
    }

    fn names(contracts: Vec<&Contract>) -> Vec<&str> {
        contracts.into_iter().map(|c| c.name.as_str()).collect()
    }

    #[test]
    fn contracts_are_selected_by_folder_name_and_balance() {
        let (_dir, ws) = scratch();
        assert_eq!(names(ws.select(&[], false, Balance::U128).unwrap()), ["my_token", "vault"]);
        assert_eq!(names(ws.select(&[], true, Balance::U128).unwrap()), ["my_token", "vault", "club", "thief"]);
        assert_eq!(names(ws.select(&[], true, Balance::U64).unwrap()), ["my_token"]);
        let both = ["thief".to_string(), "my_token".into(), "my-token".into()];
        assert_eq!(names(ws.select(&both, false, Balance::U128).unwrap()), ["thief", "my_token"]);
        let error = ws.select(&["shared".into()], false, Balance::U128).unwrap_err().to_string();
        assert!(error.contains("no contract shared") && error.contains("my-token, vault, club, thief"), "{error}");
        let error = ws.select(&["vault".into()], false, Balance::U64).unwrap_err().to_string();
        assert!(error.contains("no feature balance-u64"), "{error}");
    }

    #[test]
    fn codes_for_the_chain_have_the_features_of_balance_and_part() {
        let (_dir, ws) = scratch();
        let token = ws.contracts.iter().find(|c| c.name == "my_token").unwrap();
        let features = |balance, part| token.chain_features(balance, part).collect::<Vec<_>>();
        assert_eq!(features(Balance::U128, Part::Official), [""; 0]);
        assert_eq!(features(Balance::U64, Part::Official), ["balance-u64"]);
        assert_eq!(features(Balance::U128, Part::Hot("0x00")), ["lite-hot"]);
        assert_eq!(features(Balance::U64, Part::Cold), ["balance-u64", "lite-cold"]);
    }

    #[test]
    fn a_contract_is_built_in_the_closest_form() {
        let (dir, ws) = scratch();
        let forms = |ws: &Workspace| {
            let token = ws.contracts.iter().find(|c| c.name == "my_token").unwrap();
            [Form::Split, Form::Single, Form::Official].map(|form| token.form(form))
        };
        assert_eq!(forms(&ws), [Form::Official; 3]);
        let manifest = dir.path().join("contracts/my-token/Cargo.toml");
        let mut text = std::fs::read_to_string(&manifest).unwrap();
        for (features, expected) in [
            ("lite = []\n", [Form::Single, Form::Single, Form::Official]),
            ("lite-hot = []\nlite-cold = []\n", [Form::Split, Form::Single, Form::Official]),
        ] {
            text += features;
            std::fs::write(&manifest, &text).unwrap();
            assert_eq!(forms(&Workspace::load(Some(&dir.path().join("Cargo.toml"))).unwrap()), expected);
        }
        let folders = [Form::Split, Form::Single, Form::Official].map(|form| form.folder(Balance::U64));
        assert_eq!(folders, ["ink-u64", "ink-single-u64", "ink-official-u64"]);
        assert_eq!(Form::Split.folder(Balance::U128), "ink");
    }

    #[test]
    fn local_packages_include_path_dependencies_except_of_tests() {
        let (_dir, ws) = scratch();
        let of = |name: &str| {
            let contract = ws.contracts.iter().find(|c| c.name == name).unwrap();
            ws.local_packages(contract).unwrap().into_iter().map(|p| p.name.to_string()).collect::<Vec<_>>()
        };
        assert_eq!(of("my_token"), ["my-token", "rules", "shared", "ink"]);
        assert_eq!(of("thief"), ["thief", "ink"]);
    }
}
