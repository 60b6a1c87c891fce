//! Decodes rules, from arguments of messages and from storage.

use super::{Access, Audience, Condition, Standing, MAX_CONDITIONS, MAX_RULES};
use crate::content::{Entry, Terms};
use patronage_wire::{read, Read, Reader};

impl<Id: Read> Read for Condition<Id> {
    // The longest is `HoldsOrStaked`.
    const MAX: usize = 1 + 2 * Id::MAX + 16;

    #[inline(never)]
    fn read(from: &mut Reader<'_>) -> Self {
        match u8::read(from) {
            0 => Self::Holds { token: Id::read(from), amount: Read::read(from) },
            1 => Self::Staked { vault: Id::read(from), amount: Read::read(from) },
            2 => Self::HoldsOrStaked { token: Id::read(from), vault: Id::read(from), amount: Read::read(from) },
            3 => Self::Subscribed { vault: Id::read(from), level: Read::read(from), grace: Read::read(from) },
            4 => Self::SubscribedFor { vault: Id::read(from), level: Read::read(from), lasting: Read::read(from) },
            5 => Self::Tipped { vault: Id::read(from), amount: Read::read(from) },
            6 => Self::NotBefore { time: Read::read(from) },
            7 => Self::Bought { content: Read::read(from) },
            8 => Self::Listed { list: Read::read(from) },
            _ => from.refuse(),
        }
    }
}

impl<Id: Read> Read for Audience<Id> {
    // A record has no more rules than are valid, so each length takes one byte.
    const MAX: usize = 2 + MAX_RULES * (1 + MAX_CONDITIONS * Condition::<Id>::MAX);

    fn read(from: &mut Reader<'_>) -> Self {
        match u8::read(from) {
            0 => Self::Everyone,
            1 => Self::Nobody,
            2 => Self::AnyOf(Read::read(from)),
            _ => from.refuse(),
        }
    }
}

read!(
    struct Standing {
        level: u8,
        since: u64,
        until: u64,
        tipped: u128,
        staked: u128,
        staked_since: u64,
    }
);
read!(
    struct Terms<Id> {
        audience: Audience<Id>,
        price: Option<u128>,
        release: u64,
        retired: bool,
    }
);
read!(
    struct Entry<Id> {
        terms: Terms<Id>,
        sold: bool,
    }
);

impl<Id: Read> Access<Id> {
    /// An upper bound of the length of the SCALE encoding, in bytes.
    pub fn most_bytes(&self) -> usize {
        // The longest shortfall is an amount. An unavailable contract takes no more, as an account is at most 32 bytes.
        let missing = Condition::<Id>::MAX + 1 + 32;
        match self {
            Access::Granted(_) => 3,
            // The lists fit into memory, so the sum does not overflow.
            Access::Denied(ways) => {
                ways.iter().fold(6, |sum: usize, way| sum.wrapping_add(4).wrapping_add(way.len().wrapping_mul(missing)))
            }
        }
    }
}
