//! How long answers about access are.

use super::{Access, Condition};
use ink_lite::MaxEncodedLen;

impl<Id: MaxEncodedLen> Access<Id> {
    /// An upper bound of the length of the SCALE encoding, in bytes.
    pub fn most_bytes(&self) -> usize {
        // The longest shortfall is an amount. An unavailable contract takes no more, as an account is at most 32 bytes.
        let missing = Condition::<Id>::MAX_ENCODED_LEN + 1 + 32;
        match self {
            Access::Granted(_) => 3,
            // The lists fit into memory, so the sum does not overflow.
            Access::Denied(ways) => {
                ways.iter().fold(6, |sum: usize, way| sum.wrapping_add(4).wrapping_add(way.len().wrapping_mul(missing)))
            }
        }
    }
}
