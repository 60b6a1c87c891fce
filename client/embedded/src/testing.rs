//! Operations for tests that no transaction can do.

use std::collections::BTreeMap;

use drink::frame_support::storage::{storage_prefix, unhashed, ChildTriePrefixIterator};
use ink::scale::{Decode, Encode, Error, Input};
use patronage_chain::ChainError;
use patronage_interfaces::AccountId;
use sp_core::storage::ChildInfo;

use super::{execution::refused, EmbeddedChain};

impl EmbeddedChain {
    /// Burns `amount` planck of `who`, to test a contract whose balance is too low.
    ///
    /// # Errors
    ///
    /// If `who` has less.
    pub fn destroy(&mut self, who: &AccountId, amount: u128) -> Result<(), ChainError> {
        self.sandbox.burn(who, amount).map_err(refused)
    }

    /// Removes the code with this hash, which `who` uploaded. A transaction can do this too.
    ///
    /// # Errors
    ///
    /// If a contract uses it, or another account uploaded it.
    pub fn remove_code(&mut self, who: &AccountId, hash: &[u8; 32]) -> Result<(), ChainError> {
        self.sandbox.remove_code(who, hash).map_err(refused)
    }

    /// Removes the code with this hash even if it is in use, to test a contract whose code is missing.
    pub fn forget_code(&mut self, hash: &[u8; 32]) {
        let keys = [code_key("PristineCode", hash), code_key("CodeInfoOf", hash)];
        self.on_storage(|| keys.iter().for_each(|key| unhashed::kill(key)));
    }

    /// The storage of `contract`, with its own keys.
    pub fn storage_of(&mut self, contract: &AccountId) -> BTreeMap<Vec<u8>, Vec<u8>> {
        let account = contract.encode();
        let hash = sp_core::hashing::twox_64(&account);
        let key = [&storage_prefix(b"Contracts", b"ContractInfoOf")[..], &hash, &account].concat();
        self.on_storage(|| {
            let mut kept = BTreeMap::new();
            // The first field of a contract's record is the id of its child trie.
            let Some(trie) = unhashed::get_raw(&key).and_then(|info| Vec::<u8>::decode(&mut &info[..]).ok()) else {
                return kept;
            };
            let trie = ChildInfo::new_default(&trie);
            for (key, Raw(value)) in ChildTriePrefixIterator::<(Vec<u8>, Raw)>::with_prefix(&trie, &[]) {
                // The key has its BLAKE2b-128 hash as a prefix.
                kept.insert(key.get(16..).unwrap_or_default().to_vec(), value);
            }
            kept
        })
    }
}

/// A stored value, not decoded.
struct Raw(Vec<u8>);

impl Decode for Raw {
    fn decode<I: Input>(input: &mut I) -> Result<Self, Error> {
        let mut bytes = vec![0; input.remaining_len()?.unwrap_or(0)];
        input.read(&mut bytes)?;
        Ok(Self(bytes))
    }
}

/// Key of an entry of a map of `pallet-contracts` with unhashed code hashes as keys.
pub(super) fn code_key(map: &str, hash: &[u8; 32]) -> Vec<u8> {
    [&storage_prefix(b"Contracts", map.as_bytes())[..], hash].concat()
}
