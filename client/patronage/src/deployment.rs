//! The deployment file of a creator: addresses, code hashes and names. A launch writes it, and every later command reads it. It
//! contains public data only, so a creator can give fans a copy.

use std::{fs, io, path::Path};

use hex::FromHex;
use patronage_chain::{
    accounts::{address, parse_address},
    Properties,
};
use patronage_interfaces::AccountId;
use serde::{Deserialize, Serialize};

use crate::contracts::Contracts;

const FORMAT: u32 = 1;

/// Addresses of a creator's contracts, and the names of tiers and content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deployment {
    /// Genesis hash of the chain.
    pub genesis: [u8; 32],
    /// Number of the newest block before the launch. The contracts have no history up to this block.
    pub block: u32,
    /// Addresses of the contracts.
    pub contracts: Contracts,
    /// Hashes of the contracts' code, for comparison with a build.
    pub code: CodeHashes,
    /// Names of the tiers, indexed by their numbers. The chain does not know them.
    pub tiers: Vec<String>,
    /// Titles of the content, indexed by its numbers. The chain does not know them.
    pub content: Vec<String>,
}

/// BLAKE2b-256 hashes of the code of the three contracts, which identify it on the chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct CodeHashes {
    /// Of the creator token.
    pub token: [u8; 32],
    /// Of the patronage vault.
    pub vault: [u8; 32],
    /// Of the content registry.
    pub registry: [u8; 32],
}

/// The format of the file.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct DeploymentFile {
    format: u32,
    genesis: String,
    block: u32,
    token: String,
    vault: String,
    registry: String,
    code: CodeFile,
    tiers: Vec<String>,
    content: Vec<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct CodeFile {
    token: String,
    vault: String,
    registry: String,
}

impl Deployment {
    /// Reads the file at `path`.
    ///
    /// # Errors
    ///
    /// A message if the file is missing, damaged, or for another chain than that with the hash `genesis`.
    pub fn read(path: &Path, genesis: &[u8; 32]) -> Result<Self, String> {
        let fail = |why: String| format!("{}: {why}", path.display());
        let text = fs::read_to_string(path).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => format!(
                "no launch found ({} is missing): run `patronage launch FILE`, or name the creator's deployment file with \
                 --deployment",
                path.display()
            ),
            _ => fail(format!("can't be read: {error}")),
        })?;
        let file: DeploymentFile =
            serde_json::from_str(&text).map_err(|error| fail(format!("is not a deployment file: {error}")))?;
        if file.format != FORMAT {
            return Err(fail(format!("has format {}, but this command reads format {FORMAT}", file.format)));
        }
        if file.genesis != hexadecimal(genesis) {
            return Err(fail("is for another chain: name that chain with --chain".to_owned()));
        }
        let contract = |text: &str| parse_address(text).map_err(fail);
        let contracts = Contracts {
            token: contract(&file.token)?,
            vault: contract(&file.vault)?,
            registry: contract(&file.registry)?,
        };
        let hash = |text: &str| {
            text.strip_prefix("0x")
                .and_then(|digits| <[u8; 32]>::from_hex(digits).ok())
                .ok_or_else(|| fail(format!("\"{text}\" is not a code hash")))
        };
        let CodeFile { token, vault, registry } = &file.code;
        let code = CodeHashes { token: hash(token)?, vault: hash(vault)?, registry: hash(registry)? };
        Ok(Self { genesis: *genesis, block: file.block, contracts, code, tiers: file.tiers, content: file.content })
    }

    /// Writes the file at `path` atomically.
    ///
    /// # Errors
    ///
    /// A message if the file can't be written.
    pub fn write(&self, path: &Path) -> Result<(), String> {
        let fail = |error: &dyn std::fmt::Display| format!("{} can't be written: {error}", path.display());
        let text = |contract: &AccountId| address(contract);
        let file = DeploymentFile {
            format: FORMAT,
            genesis: hexadecimal(&self.genesis),
            block: self.block,
            token: text(&self.contracts.token),
            vault: text(&self.contracts.vault),
            registry: text(&self.contracts.registry),
            code: CodeFile {
                token: hexadecimal(&self.code.token),
                vault: hexadecimal(&self.code.vault),
                registry: hexadecimal(&self.code.registry),
            },
            tiers: self.tiers.clone(),
            content: self.content.clone(),
        };
        let json = serde_json::to_string_pretty(&file).map_err(|error| fail(&error))?;
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let write = || -> io::Result<()> {
            fs::create_dir_all(folder)?;
            let mut next = tempfile::NamedTempFile::new_in(folder)?;
            io::Write::write_all(&mut next, json.as_bytes())?;
            next.as_file().sync_all()?;
            next.persist(path)?;
            Ok(())
        };
        write().map_err(|error| fail(&error))
    }

    /// Whether `chain` was restarted since the launch, so that the contracts no longer exist. `newest` is its newest block. Only a
    /// development chain restarts with the same genesis block. A node of another chain with fewer blocks is still syncing.
    pub fn is_outdated(&self, chain: &Properties, newest: u32) -> bool {
        chain.development && self.block > newest
    }
}

/// `bytes` as 0x and hexadecimal digits.
pub fn hexadecimal(bytes: &[u8]) -> String {
    format!("0x{}", hex::encode(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;
    use patronage_chain::Width;

    #[test]
    fn a_future_block_means_a_restart_on_local_chains_only() {
        let contract = AccountId::from([7; 32]);
        let there = Deployment {
            genesis: [1; 32],
            block: 8,
            contracts: Contracts { token: contract, vault: contract, registry: contract },
            code: CodeHashes::default(),
            tiers: Vec::new(),
            content: Vec::new(),
        };
        let chain = |development| Properties {
            item_deposit: 1,
            byte_deposit: 1,
            genesis: [1; 32],
            decimals: 12,
            symbol: "UNIT".to_owned(),
            existential_deposit: 1,
            width: Width::U128,
            development,
        };
        assert!(there.is_outdated(&chain(true), 7));
        assert!(!there.is_outdated(&chain(true), 8));
        assert!(!there.is_outdated(&chain(false), 7), "a launch on a chain that stays must not be forgotten");
    }
}
