//! The file that says where a creator's contracts are, written at launch and read by every later command. Only public data is
//! in it: fans can be given a copy.

use std::{fs, io, path::Path};

use hex::FromHex;
use patronage_chain::{
    accounts::{address, parse_address},
    Properties,
};
use patronage_interfaces::AccountId;
use serde::{Deserialize, Serialize};

use crate::suite::Suite;

const FORMAT: u32 = 1;

/// Where a creator's contracts are, and names for their numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deployment {
    /// Genesis hash of the chain.
    pub genesis: [u8; 32],
    /// Number of the newest block before the launch: nothing happened to the contracts up to there.
    pub block: u32,
    /// The contracts.
    pub suite: Suite,
    /// What their code is, so that everybody can compare it with a build of their own.
    pub code: CodeHashes,
    /// Names of the tiers, by their numbers. The chain does not know them.
    pub tiers: Vec<String>,
    /// Titles of the content, by its numbers. The chain does not know them.
    pub content: Vec<String>,
}

/// BLAKE2b-256 hashes of the three contracts' code, by which the chain knows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct CodeHashes {
    /// Of the creator token.
    pub token: [u8; 32],
    /// Of the patronage vault.
    pub vault: [u8; 32],
    /// Of the content registry.
    pub registry: [u8; 32],
}

/// The file as it is written.
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
    /// In words, when it is missing, damaged, or for another chain than that with the hash `genesis`.
    pub fn read(path: &Path, genesis: &[u8; 32]) -> Result<Self, String> {
        let fail = |why: String| format!("{}: {why}", path.display());
        let text = fs::read_to_string(path).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => format!(
                "nobody has launched here yet ({} is missing): run `patronage launch FILE`, or name the creator's file with \
                 --suite",
                path.display()
            ),
            _ => fail(format!("can't be read: {error}")),
        })?;
        let file: DeploymentFile =
            serde_json::from_str(&text).map_err(|error| fail(format!("is no file of a launch: {error}")))?;
        if file.format != FORMAT {
            return Err(fail(format!("it has format {}, and this command reads {FORMAT}", file.format)));
        }
        if file.genesis != hexadecimal(genesis) {
            return Err(fail("it is for another chain: choose that one with --chain".to_owned()));
        }
        let contract = |text: &str| parse_address(text).map_err(fail);
        let suite =
            Suite { token: contract(&file.token)?, vault: contract(&file.vault)?, registry: contract(&file.registry)? };
        let hash = |text: &str| {
            text.strip_prefix("0x")
                .and_then(|digits| <[u8; 32]>::from_hex(digits).ok())
                .ok_or_else(|| fail(format!("\"{text}\" is no hash of code")))
        };
        let CodeFile { token, vault, registry } = &file.code;
        let code = CodeHashes { token: hash(token)?, vault: hash(vault)?, registry: hash(registry)? };
        Ok(Self { genesis: *genesis, block: file.block, suite, code, tiers: file.tiers, content: file.content })
    }

    /// Writes the file at `path`, as a whole or not at all.
    ///
    /// # Errors
    ///
    /// In words, when it can't be written.
    pub fn write(&self, path: &Path) -> Result<(), String> {
        let fail = |error: &dyn std::fmt::Display| format!("{} can't be written: {error}", path.display());
        let text = |contract: &AccountId| address(contract);
        let file = DeploymentFile {
            format: FORMAT,
            genesis: hexadecimal(&self.genesis),
            block: self.block,
            token: text(&self.suite.token),
            vault: text(&self.suite.vault),
            registry: text(&self.suite.registry),
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

    /// Whether nothing of this is there any more, as `chain` was started anew since; its newest block has the number `newest`.
    /// Only a chain for trying things starts anew, with the same first block. A node of any other that has fewer blocks has only
    /// not caught up.
    pub fn is_outlived(&self, chain: &Properties, newest: u32) -> bool {
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
            suite: Suite { token: contract, vault: contract, registry: contract },
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
        assert!(there.is_outlived(&chain(true), 7));
        assert!(!there.is_outlived(&chain(true), 8));
        assert!(!there.is_outlived(&chain(false), 7), "a launch on a chain that stays must not be forgotten");
    }
}
