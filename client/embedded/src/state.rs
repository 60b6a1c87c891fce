//! The file of a chain: a magic number, the version of the format, a checksum, and the state.

use ink::scale::{Decode, Encode};
use patronage_chain::PastEvent;

/// The first bytes of the file.
const MAGIC: &[u8; 16] = b"patronage chain\n";
/// Version of the format. It changes with [`State`] and with the runtime, as the encoding depends on both.
const VERSION: u32 = 1;
const HEADER: usize = MAGIC.len() + 4 + 32;

/// BLAKE2b-256 of the encoded state, to detect changes.
pub type Checksum = [u8; 32];

/// A node of the storage trie: key, value, and reference count.
pub type Node = (Vec<u8>, (Vec<u8>, i32));

/// The persistent state of a chain.
#[ink::scale_derive(Encode, Decode)]
pub struct State {
    /// Hash of the genesis block.
    pub genesis: [u8; 32],
    /// Block time in ms.
    pub now: u64,
    /// All past events of contracts.
    pub log: Vec<PastEvent>,
    /// All nodes of the trie.
    pub storage: Vec<Node>,
    /// Root of the trie.
    pub root: [u8; 32],
}

/// Why bytes can't be read as a state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unreadable {
    /// They are another kind of file.
    Foreign,
    /// They have another version of the format.
    Version(u32),
    /// They are damaged.
    Damaged,
}

/// The checksum in the header of a file that begins with `bytes`. `None` if the header is incomplete.
pub fn checksum(bytes: &[u8]) -> Option<Checksum> {
    bytes.get(HEADER - 32..HEADER)?.try_into().ok()
}

/// Number of bytes that [`checksum`] needs.
pub const fn header_length() -> usize {
    HEADER
}

/// Encodes a state.
pub fn to_bytes(state: &State) -> Vec<u8> {
    let body = state.encode();
    let mut bytes = Vec::with_capacity(HEADER.saturating_add(body.len()));
    bytes.extend_from_slice(MAGIC);
    bytes.extend_from_slice(&VERSION.to_le_bytes());
    bytes.extend_from_slice(&sp_core::hashing::blake2_256(&body));
    bytes.extend_from_slice(&body);
    bytes
}

/// Decodes a state.
///
/// # Errors
///
/// If `bytes` are not a complete, unchanged state of this version.
pub fn from_bytes(bytes: &[u8]) -> Result<State, Unreadable> {
    let rest = match bytes.strip_prefix(MAGIC) {
        Some(rest) => rest,
        // A truncated file, or another kind of file.
        None if MAGIC.starts_with(bytes) => return Err(Unreadable::Damaged),
        None => return Err(Unreadable::Foreign),
    };
    let (version, _) = rest.split_first_chunk::<4>().ok_or(Unreadable::Damaged)?;
    match u32::from_le_bytes(*version) {
        VERSION => {}
        other => return Err(Unreadable::Version(other)),
    }
    let body = bytes.get(HEADER..).ok_or(Unreadable::Damaged)?;
    if checksum(bytes) != Some(sp_core::hashing::blake2_256(body)) {
        return Err(Unreadable::Damaged);
    }
    State::decode(&mut &body[..]).map_err(|_| Unreadable::Damaged)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn state() -> State {
        State { genesis: [1; 32], now: 5, log: Vec::new(), storage: vec![(vec![1], (vec![2], 1))], root: [3; 32] }
    }

    #[test]
    fn a_state_reads_back() {
        let bytes = to_bytes(&state());
        let read = from_bytes(&bytes).ok().unwrap();
        assert_eq!(read.genesis, [1; 32]);
        assert_eq!(read.now, 5);
        assert_eq!(read.storage, state().storage);
        assert_eq!(read.root, [3; 32]);
        assert_eq!(checksum(&bytes[..header_length()]), checksum(&bytes));
    }

    #[test]
    fn a_file_cut_off_anywhere_or_changed_in_any_byte_is_refused() {
        let bytes = to_bytes(&state());
        for length in 0..bytes.len() {
            assert_eq!(from_bytes(&bytes[..length]).err(), Some(Unreadable::Damaged), "{length} bytes");
        }
        for index in 0..bytes.len() {
            let mut bytes = bytes.clone();
            bytes[index] ^= 1;
            assert!(from_bytes(&bytes).is_err(), "byte {index}");
        }
    }

    #[test]
    fn another_version_and_another_file_are_distinguished() {
        let mut bytes = to_bytes(&state());
        bytes[MAGIC.len()] = 9;
        assert_eq!(from_bytes(&bytes).err(), Some(Unreadable::Version(9)));
        assert_eq!(from_bytes(b"something else altogether").err(), Some(Unreadable::Foreign));
    }
}
