//! Finding and reading the bundles that `scripts/build` makes.

use std::path::{Path, PathBuf};

use contract_metadata::ContractMetadata;

/// Why a bundle could not be used.
#[derive(Debug, thiserror::Error)]
pub enum BundleError {
    /// The file is not there or is not a bundle.
    #[error("{path} can't be read as a contract bundle ({cause}): run scripts/build", path = path.display())]
    Unreadable {
        /// Where the bundle was looked for.
        path: PathBuf,
        /// What the reader said.
        cause: String,
    },
    /// The bundle has metadata but no code.
    #[error("{path} holds no code: run scripts/build", path = .0.display())]
    NoCode(PathBuf),
}

/// Folder of the bundles: `PATRONAGE_BUNDLES` where that is set, else `target/ink` of this workspace.
pub fn folder() -> PathBuf {
    match std::env::var_os("PATRONAGE_BUNDLES") {
        Some(folder) => folder.into(),
        None => Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/ink"),
    }
}

/// Code of the contract `name` (with underscores, as in `creator_token`) from its `.contract` bundle in [`folder`].
///
/// # Errors
///
/// When the bundle is missing, damaged or holds no code.
pub fn code(name: &str) -> Result<Vec<u8>, BundleError> {
    let path = folder().join(name).join(format!("{name}.contract"));
    let metadata = ContractMetadata::load(&path)
        .map_err(|cause| BundleError::Unreadable { path: path.clone(), cause: cause.root_cause().to_string() })?;
    metadata.source.wasm.map(|wasm| wasm.0).ok_or(BundleError::NoCode(path))
}
