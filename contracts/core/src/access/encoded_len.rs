//! How long answers about access are.

use super::{Access, Condition};
use ink_lite::MaxEncodedLen;

impl<Id: MaxEncodedLen> Access<Id> {
    /// More bytes than its SCALE encoding takes.
    pub fn most_bytes(&self) -> usize {
        // The longest lack is an amount; a contract that is unavailable takes no more where an account is at most 32 bytes.
        let missing = Condition::<Id>::MAX_ENCODED_LEN + 1 + 32;
        match self {
            Access::Granted(_) => 3,
            // Lists that fit into memory, so that the sum does too.
            Access::Denied(ways) => {
                ways.iter().fold(6, |sum: usize, way| sum.wrapping_add(4).wrapping_add(way.len().wrapping_mul(missing)))
            }
        }
    }
}
