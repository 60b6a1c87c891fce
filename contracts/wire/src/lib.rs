//! Reads SCALE, the encoding of Substrate (<https://docs.polkadot.com/polkadot-protocol/parachain-basics/data-encoding/>), as
//! a contract needs it: arguments of messages and records of the contract's own storage.
//!
//! **Why not `parity-scale-codec`.** Its `Decode` gives a `Result` for every field of every type, which is returned through
//! memory, looked at, and copied to where it belongs. A contract pays for each byte of its code on every call, and can do
//! nothing with the error but to give up. Here a reader that runs out of bytes never returns, so that reading a struct is one
//! call for each field. In the creator token that is 2.3 KB less code.
//!
//! **Writing** stays with `parity_scale_codec::Encode`, which has no such cost, so the two describe every type independently.
//! The property tests beside each type hold what is read against what was written.
#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

use alloc::vec::Vec;

#[cfg(any(test, feature = "std"))]
pub mod testing;
#[cfg(test)]
mod tests;

/// Bytes in SCALE, read from the first to the last.
pub struct Reader<'a> {
    bytes: &'a [u8],
    refuse: fn() -> !,
}

impl<'a> Reader<'a> {
    /// Reads from `bytes`. Where they can't be what is read from them, `refuse` ends the call.
    pub fn new(bytes: &'a [u8], refuse: fn() -> !) -> Self {
        Self { bytes, refuse }
    }

    /// Ends the call.
    #[inline(never)]
    pub fn refuse(&self) -> ! {
        (self.refuse)()
    }

    /// The next `len` bytes.
    #[inline(never)]
    pub fn take(&mut self, len: usize) -> &'a [u8] {
        let Some((head, tail)) = self.bytes.split_at_checked(len) else { self.refuse() };
        self.bytes = tail;
        head
    }

    /// Fills `place` with the next bytes.
    #[inline(never)]
    fn fill(&mut self, place: &mut [u8]) {
        let bytes = self.take(place.len());
        copy(place, bytes);
    }

    /// An integer of `len` bytes, at most 8, with the little end first.
    #[inline(never)]
    fn integer(&mut self, len: usize) -> u64 {
        self.take(len).iter().rev().fold(0, |high, byte| high << 8 | u64::from(*byte))
    }

    /// A length in SCALE's compact form, which takes one, two or four bytes.
    #[inline(never)]
    fn length(&mut self) -> usize {
        let first = self.integer(1);
        let more = match first & 3 {
            0 => 0,
            1 => 1,
            2 => 3,
            // Longer than anything that fits into a contract.
            _ => self.refuse(),
        };
        (self.integer(more) << 6 | first >> 2) as usize
    }
}

/// Copies as many bytes as both have, eight at a time: the compiler's own routine, made small, goes byte by byte.
#[inline(never)]
pub fn copy(mut to: &mut [u8], mut from: &[u8]) {
    while let Some((word, rest)) = from.split_first_chunk::<8>() {
        let Some((place, places)) = core::mem::take(&mut to).split_first_chunk_mut() else { return };
        *place = *word;
        (to, from) = (places, rest);
    }
    for (place, byte) in to.iter_mut().zip(from) {
        *place = *byte;
    }
}

/// Adds to a list that was made with room for it. The code by which a list grows takes hundreds of bytes, and is not there
/// where no list does.
pub fn put<T>(list: &mut Vec<T>, item: T) {
    if list.len() < list.capacity() {
        list.push(item);
    }
}

/// A type that can be read from its SCALE encoding.
pub trait Read {
    /// The most bytes that its encoding takes in a record; what is longer does not fit.
    const MAX: usize;

    /// Reads one. Ends the call, as the reader says, where the bytes are not one.
    fn read(from: &mut Reader<'_>) -> Self;

    /// Reads `len` of them.
    fn read_list(from: &mut Reader<'_>, len: usize) -> Vec<Self>
    where
        Self: Sized,
    {
        // No item is without a byte, so whoever claims more items than that would only make us ask for too much memory.
        if len > from.bytes.len() {
            from.refuse()
        }
        let mut list = Vec::with_capacity(len);
        for _ in 0..len {
            put(&mut list, Self::read(from));
        }
        list
    }
}

macro_rules! integers {
    ($($integer:ty)*) => { $(
        impl Read for $integer {
            const MAX: usize = core::mem::size_of::<Self>();

            fn read(from: &mut Reader<'_>) -> Self {
                // Of as many bytes as it has.
                from.integer(core::mem::size_of::<Self>()) as Self
            }
        }
    )* };
}

integers!(u16 u32 u64);

impl Read for u8 {
    const MAX: usize = 1;

    fn read(from: &mut Reader<'_>) -> Self {
        // Of one byte.
        from.integer(1) as u8
    }

    fn read_list(from: &mut Reader<'_>, len: usize) -> Vec<Self> {
        from.take(len).to_vec()
    }
}

impl Read for u128 {
    const MAX: usize = 16;

    #[inline(never)]
    fn read(from: &mut Reader<'_>) -> Self {
        let mut bytes = [0; 16];
        from.fill(&mut bytes);
        Self::from_le_bytes(bytes)
    }
}

impl Read for bool {
    const MAX: usize = 1;

    fn read(from: &mut Reader<'_>) -> Self {
        match from.integer(1) {
            0 => false,
            1 => true,
            _ => from.refuse(),
        }
    }
}

impl<const N: usize> Read for [u128; N] {
    const MAX: usize = N * <u128 as Read>::MAX;

    fn read(from: &mut Reader<'_>) -> Self {
        core::array::from_fn(|_| u128::read(from))
    }
}

impl<T: Read> Read for Option<T> {
    const MAX: usize = 1 + T::MAX;

    fn read(from: &mut Reader<'_>) -> Self {
        if bool::read(from) {
            Some(T::read(from))
        } else {
            None
        }
    }
}

/// Most items of a list in a record. In arguments there can be as many as were sent.
const LIST: usize = 1_024;

impl<T: Read> Read for Vec<T> {
    const MAX: usize = 4 + LIST * T::MAX;

    fn read(from: &mut Reader<'_>) -> Self {
        let len = from.length();
        T::read_list(from, len)
    }
}

macro_rules! tuples {
    ($($item:ident)*) => {
        impl<$($item: Read),*> Read for ($($item,)*) {
            const MAX: usize = 0 $(+ $item::MAX)*;

            fn read(from: &mut Reader<'_>) -> Self {
                ($($item::read(from),)*)
            }
        }
    };
}

tuples!(A B);
tuples!(A B C);

/// A hash or a key.
impl Read for [u8; 32] {
    const MAX: usize = 32;

    #[inline(never)]
    fn read(from: &mut Reader<'_>) -> Self {
        let mut bytes = [0; 32];
        from.fill(&mut bytes);
        bytes
    }
}

#[cfg(feature = "ink")]
impl Read for ink_primitives::AccountId {
    const MAX: usize = 32;

    #[inline(never)]
    fn read(from: &mut Reader<'_>) -> Self {
        let mut account = Self([0; 32]);
        from.fill(&mut account.0);
        account
    }
}

/// Implements [`Read`] for a struct, given its fields and their types in the order of the struct:
/// `read!(struct Point { x: u32, y: u32 });`, or with one parameter `read!(struct Pair<T> { first: T, second: T });`.
#[macro_export]
macro_rules! read {
    (struct $name:ident $(<$kind:ident>)? { $($field:ident: $type:ty),* $(,)? }) => {
        impl $(<$kind: $crate::Read>)? $crate::Read for $name $(<$kind>)? {
            const MAX: usize = 0 $(+ <$type as $crate::Read>::MAX)*;

            #[inline(never)]
            fn read(from: &mut $crate::Reader<'_>) -> Self {
                Self { $($field: $crate::Read::read(from)),* }
            }
        }
    };
}
