//! Finds and reads the bundles that `scripts/build` makes.

use std::path::{Path, PathBuf};

use contract_metadata::ContractMetadata;
use patronage_chain::Width;
use serde_json::Value;

/// Why a bundle can't be used.
#[derive(Debug, thiserror::Error)]
pub enum BundleError {
    /// The file is missing or is not a bundle.
    #[error(
        "{path} can't be read as a contract bundle ({cause}): run scripts/build --balance {width}",
        path = path.display(),
        width = width.name()
    )]
    Unreadable {
        /// Expected path of the bundle.
        path: PathBuf,
        /// Expected width of balances.
        width: Width,
        /// The reader's error.
        cause: String,
    },
    /// The bundle has metadata but no code.
    #[error("{path} contains no code: run scripts/build", path = .0.display())]
    NoCode(PathBuf),
    /// The cold code that the bundle names is missing, or has another hash.
    #[error("{path} is missing or has another hash than its bundle names: run scripts/build", path = .0.display())]
    Cold(PathBuf),
    /// The bundle is for chains with balances of another width.
    #[error(
        "{path} is built for another width of balances than this chain's {width}: run scripts/build --balance {width}, and unset \
         PATRONAGE_BUNDLES",
        path = path.display(),
        width = width.name()
    )]
    Width {
        /// The bundle.
        path: PathBuf,
        /// Width of the chain's balances.
        width: Width,
    },
}

/// Folder of the bundles for chains with balances of this width. This is `PATRONAGE_BUNDLES` if set, else `target/ink` or
/// `target/ink-u64` of this workspace.
pub fn folder(width: Width) -> PathBuf {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target");
    match (std::env::var_os("PATRONAGE_BUNDLES"), width) {
        (Some(folder), _) => folder.into(),
        (None, Width::U128) => workspace.join("ink"),
        (None, Width::U64) => workspace.join("ink-u64"),
    }
}

/// The entry of a bundle's build information with the hash of the cold code.
const COLD_CODE_HASH: &str = "cold_code_hash";

/// The code of a bundle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Codes {
    /// Code of the contract.
    pub code: Vec<u8>,
    /// Code that the contract delegates rare messages and its constructor to. It must be uploaded first.
    pub cold: Option<Vec<u8>>,
}

/// Code of the contract `name`, such as `creator_token`, for chains with 128-bit balances. Does not return its cold code.
///
/// # Errors
///
/// As for [`code_for`].
pub fn code(name: &str) -> Result<Vec<u8>, BundleError> {
    code_for(name, Width::U128)
}

/// Code of the contract `name` for chains with balances of this width, without its cold code.
///
/// # Errors
///
/// As for [`codes_for`].
pub fn code_for(name: &str, width: Width) -> Result<Vec<u8>, BundleError> {
    codes_for(name, width).map(|codes| codes.code)
}

/// Codes of the contract `name` from its `.contract` bundle in [`folder`], for chains with balances of this width. The file of the cold
/// code is in the same folder. Its hash must be the one in the bundle and in the contract's code.
///
/// # Errors
///
/// If the bundle or the cold code is missing or damaged, contains no code, or is for another width.
pub fn codes_for(name: &str, width: Width) -> Result<Codes, BundleError> {
    codes_in(&folder(width), name, width)
}

/// As [`codes_for`], from the bundles in `folder`.
///
/// # Errors
///
/// As for [`codes_for`].
pub fn codes_in(folder: &Path, name: &str, width: Width) -> Result<Codes, BundleError> {
    let folder = folder.join(name);
    let path = folder.join(format!("{name}.contract"));
    let metadata = ContractMetadata::load(&path).map_err(|cause| {
        let cause = cause.root_cause().to_string();
        BundleError::Unreadable { path: path.clone(), width, cause }
    })?;
    if balance_of(&metadata.abi).is_some_and(|name| name != width.name()) {
        return Err(BundleError::Width { path, width });
    }
    let cold =
        metadata.source.build_info.as_ref().and_then(|info| info.get(COLD_CODE_HASH)?.as_str().map(str::to_owned));
    let code = metadata.source.wasm.map(|wasm| wasm.0).ok_or(BundleError::NoCode(path))?;
    let cold = cold.map(|hash| cold_code(&folder.join(format!("{name}.cold.wasm")), &hash, &code)).transpose()?;
    Ok(Codes { code, cold })
}

/// Reads the cold code from the file `path`. Its hash must be `recorded`, and must occur in the contract's `code`.
fn cold_code(path: &Path, recorded: &str, code: &[u8]) -> Result<Vec<u8>, BundleError> {
    let other = || BundleError::Cold(path.to_owned());
    let cold = std::fs::read(path).map_err(|_| other())?;
    let hash = sp_core::hashing::blake2_256(&cold);
    let named = code.windows(hash.len()).any(|bytes| *bytes == hash);
    if !named || recorded != crate::deployment::hexadecimal(&hash) {
        return Err(other());
    }
    Ok(cold)
}

/// Name of the type of native balances in a contract's metadata, if the metadata has it.
fn balance_of(metadata: &serde_json::Map<String, Value>) -> Option<&str> {
    let number = metadata.get("spec")?.pointer("/environment/balance/type")?;
    let types = metadata.get("types")?.as_array()?;
    let kind = types.iter().find(|kind| kind.get("id") == Some(number))?;
    kind.pointer("/type/def/primitive")?.as_str()
}
