//! Reads from `Cargo.lock` which locked dependencies a contract's code is built from.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result};
use cargo_metadata::{DependencyKind, Package};
use semver::Version;
use serde::Deserialize;

/// The contents of a `Cargo.lock`.
#[derive(Debug, Deserialize)]
pub struct Lock {
    #[serde(default)]
    package: Vec<Locked>,
}

#[derive(Debug, Deserialize)]
struct Locked {
    name: String,
    version: String,
    source: Option<String>,
    checksum: Option<String>,
    /// `name`, `name version` or `name version (source)`: as much as is needed to be unique.
    #[serde(default)]
    dependencies: Vec<String>,
}

impl Lock {
    /// Parses a `Cargo.lock`.
    pub fn parse(text: &str) -> Result<Self> {
        toml::from_str(text).context("Cargo.lock cannot be read")
    }

    /// Returns one line for each locked package outside the workspace that these local packages are built from, sorted.
    ///
    /// A lock file does not distinguish dependencies of tests, so the search starts with the local packages' manifests.
    pub fn closure(&self, local: &[Package]) -> BTreeSet<String> {
        let mut by_name: BTreeMap<&str, Vec<&Locked>> = BTreeMap::new();
        for package in &self.package {
            by_name.entry(&package.name).or_default().push(package);
        }
        let resolve = |dependency: &str| -> Vec<&Locked> {
            let mut parts = dependency.split(' ');
            let candidates = parts.next().and_then(|name| by_name.get(name)).cloned().unwrap_or_default();
            let version = parts.next();
            candidates.into_iter().filter(|p| version.is_none_or(|v| p.version == v)).collect()
        };
        let mut open: Vec<&Locked> = Vec::new();
        for package in local {
            open.extend(self.direct(package).into_iter().flat_map(|(_, dependency)| resolve(dependency)));
        }
        let mut lines = BTreeSet::new();
        while let Some(package) = open.pop() {
            let Some(source) = &package.source else { continue };
            let checksum = package.checksum.as_deref().unwrap_or_default();
            if lines.insert(format!("{} {} {source} {checksum}", package.name, package.version)) {
                open.extend(package.dependencies.iter().flat_map(|dependency| resolve(dependency)));
            }
        }
        lines
    }

    /// The locked version of a package's direct dependency.
    pub fn version_of(&self, package: &Package, dependency: &str) -> Option<Version> {
        let (_, entry) = self.direct(package).into_iter().find(|(name, _)| *name == dependency)?;
        let version = match entry.split(' ').nth(1) {
            Some(version) => version,
            None => &self.package.iter().find(|p| p.name == dependency)?.version,
        };
        Version::parse(version).ok()
    }

    /// The locked direct dependencies of a local package without those of tests: name and whole entry.
    fn direct(&self, package: &Package) -> Vec<(&str, &str)> {
        let version = package.version.to_string();
        let own = self.package.iter().find(|p| p.source.is_none() && p.name == package.name && p.version == version);
        let entries = own.map_or(&[][..], |own| &own.dependencies).iter();
        let needed =
            |name: &str| package.dependencies.iter().any(|d| d.name == name && d.kind != DependencyKind::Development);
        let named = entries.map(|entry| (entry.split(' ').next().unwrap_or_default(), entry.as_str()));
        named.filter(|(name, _)| needed(name)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOCK: &str = r#"
version = 4
[[package]]
name = "token"
version = "0.1.0"
dependencies = ["drink", "ink 5.1.1", "rules"]
[[package]]
name = "rules"
version = "0.1.0"
[[package]]
name = "ink"
version = "5.1.1"
source = "registry"
checksum = "aa"
dependencies = ["scale"]
[[package]]
name = "ink"
version = "6.0.0"
source = "registry"
[[package]]
name = "scale"
version = "3.7.0"
source = "registry"
dependencies = ["ink 5.1.1"]
[[package]]
name = "drink"
version = "0.18.0"
source = "registry"
"#;

    fn token() -> Package {
        let dependency = |name: &str, kind: &str| {
            serde_json::json!({"name": name, "req": "*", "kind": kind, "optional": false,
                "uses_default_features": true, "features": [], "source": null, "target": null})
        };
        serde_json::from_value(serde_json::json!({
            "name": "token", "version": "0.1.0", "id": "token", "features": {}, "targets": [], "edition": "2021",
            "manifest_path": "/w/token/Cargo.toml", "authors": [],
            "dependencies": [dependency("ink", "normal"), dependency("rules", "normal"), dependency("drink", "dev")],
        }))
        .unwrap()
    }

    #[test]
    fn the_closure_has_dependencies_of_the_code_and_not_of_tests() {
        let lines: Vec<_> = Lock::parse(LOCK).unwrap().closure(&[token()]).into_iter().collect();
        assert_eq!(lines, ["ink 5.1.1 registry aa", "scale 3.7.0 registry "]);
    }

    #[test]
    fn the_version_of_a_dependency_is_the_packages() {
        let lock = Lock::parse(LOCK).unwrap();
        assert_eq!(lock.version_of(&token(), "ink"), Some(Version::new(5, 1, 1)));
        assert_eq!(lock.version_of(&token(), "rules"), Some(Version::new(0, 1, 0)));
        assert_eq!(lock.version_of(&token(), "drink"), None);
    }
}
