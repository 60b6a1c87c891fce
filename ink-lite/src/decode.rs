//! Decodes SCALE, Substrate's encoding (<https://docs.polkadot.com/polkadot-protocol/parachain-basics/data-encoding/>),
//! as contracts need it: arguments of messages and records in storage.
//!
//! **Why not `parity-scale-codec`.** Its `Decode` returns a `Result` for every field of every type. It passes through
//! memory, is checked, and is copied to its place. A contract pays for each byte of its code on every call, and cannot
//! handle the error except by giving up. Here a reader that runs out of bytes never returns, so reading a struct is one
//! call for each field. In the creator token that saves 2.3 KB of code.
//!
//! **Encoding** stays with `parity_scale_codec::Encode`, which has no such cost. So the two implement every type
//! independently. Property tests beside each type compare what is decoded with what was encoded.

use alloc::vec::Vec;

#[cfg(test)]
mod tests;

/// Reads SCALE from the first byte to the last.
pub struct Reader<'a> {
    bytes: &'a [u8],
    abort: fn() -> !,
}

impl<'a> Reader<'a> {
    /// Creates a reader of `bytes`. It calls `abort` if they are malformed.
    pub fn new(bytes: &'a [u8], abort: fn() -> !) -> Self {
        Self { bytes, abort }
    }

    /// Ends the call.
    #[inline(never)]
    pub fn abort(&self) -> ! {
        (self.abort)()
    }

    /// Returns the next `len` bytes.
    #[inline(never)]
    pub fn take(&mut self, len: usize) -> &'a [u8] {
        let Some((head, tail)) = self.bytes.split_at_checked(len) else { self.abort() };
        self.bytes = tail;
        head
    }

    /// Returns the number of remaining bytes.
    #[cfg(any(test, feature = "std"))]
    pub(crate) fn remaining(&self) -> usize {
        self.bytes.len()
    }

    /// Fills `place` with the next bytes.
    #[inline(never)]
    fn fill(&mut self, place: &mut [u8]) {
        let bytes = self.take(place.len());
        copy(place, bytes);
    }

    /// Reads a little-endian integer of `len` bytes, at most 8.
    #[inline(never)]
    fn integer(&mut self, len: usize) -> u64 {
        self.take(len).iter().rev().fold(0, |high, byte| high << 8 | u64::from(*byte))
    }

    /// Reads a length in SCALE's compact form of one, two or four bytes.
    #[inline(never)]
    fn length(&mut self) -> usize {
        let first = self.integer(1);
        let more = match first & 3 {
            0 => 0,
            1 => 1,
            2 => 3,
            // Longer than any input of a contract.
            _ => self.abort(),
        };
        (self.integer(more) << 6 | first >> 2) as usize
    }
}

/// Copies bytes into a place of the same length. It calls `memcpy`, which the builder replaces by a routine that copies eight bytes at
/// a time.
#[inline]
pub fn copy(to: &mut [u8], from: &[u8]) {
    // Tells the compiler that the lengths are equal, so that it compares them once.
    if let Some(to) = to.get_mut(..from.len()) {
        to.copy_from_slice(from);
    }
}

/// Adds an item to a list with capacity for it. The code that grows a list takes hundreds of bytes, and is left out if
/// no list grows.
pub fn put<T>(list: &mut Vec<T>, item: T) {
    if list.len() < list.capacity() {
        list.push(item);
    }
}

/// A type whose encoding has a maximum length in a record.
pub trait MaxEncodedLen {
    /// The maximum length of the encoding in a record, in bytes. A longer value cannot be stored.
    const MAX_ENCODED_LEN: usize;
}

/// A type that can be decoded from its SCALE encoding.
pub trait Decode: MaxEncodedLen {
    /// Decodes one value. Ends the call if the bytes are malformed.
    fn decode(from: &mut Reader<'_>) -> Self;

    /// Decodes `len` values.
    fn decode_list(from: &mut Reader<'_>, len: usize) -> Vec<Self>
    where
        Self: Sized,
    {
        // Every item has at least one byte. A longer list would only allocate too much memory.
        if len > from.bytes.len() {
            from.abort()
        }
        let mut list = Vec::with_capacity(len);
        for _ in 0..len {
            put(&mut list, Self::decode(from));
        }
        list
    }
}

/// The greatest of these lengths; 0 if there are none.
#[doc(hidden)]
#[must_use]
pub const fn longest(lengths: &[usize]) -> usize {
    let (mut most, mut i) = (0, 0);
    while i < lengths.len() {
        if lengths[i] > most {
            most = lengths[i];
        }
        // At most the length of the list.
        i = i.wrapping_add(1);
    }
    most
}

macro_rules! integers {
    ($($integer:ty)*) => { $(
        impl MaxEncodedLen for $integer {
            const MAX_ENCODED_LEN: usize = core::mem::size_of::<Self>();
        }

        impl Decode for $integer {
            fn decode(from: &mut Reader<'_>) -> Self {
                // An integer of its own size.
                from.integer(core::mem::size_of::<Self>()) as Self
            }
        }
    )* };
}

integers!(u16 u32 u64);

impl MaxEncodedLen for u8 {
    const MAX_ENCODED_LEN: usize = 1;
}

impl Decode for u8 {
    fn decode(from: &mut Reader<'_>) -> Self {
        // A single byte.
        from.integer(1) as u8
    }

    fn decode_list(from: &mut Reader<'_>, len: usize) -> Vec<Self> {
        from.take(len).to_vec()
    }
}

impl MaxEncodedLen for u128 {
    const MAX_ENCODED_LEN: usize = 16;
}

impl Decode for u128 {
    #[inline(never)]
    fn decode(from: &mut Reader<'_>) -> Self {
        let mut bytes = [0; 16];
        from.fill(&mut bytes);
        Self::from_le_bytes(bytes)
    }
}

impl MaxEncodedLen for bool {
    const MAX_ENCODED_LEN: usize = 1;
}

impl Decode for bool {
    fn decode(from: &mut Reader<'_>) -> Self {
        match from.integer(1) {
            0 => false,
            1 => true,
            _ => from.abort(),
        }
    }
}

impl<const N: usize> MaxEncodedLen for [u128; N] {
    const MAX_ENCODED_LEN: usize = N * u128::MAX_ENCODED_LEN;
}

impl<const N: usize> Decode for [u128; N] {
    fn decode(from: &mut Reader<'_>) -> Self {
        core::array::from_fn(|_| u128::decode(from))
    }
}

impl<T: MaxEncodedLen> MaxEncodedLen for Option<T> {
    const MAX_ENCODED_LEN: usize = 1 + T::MAX_ENCODED_LEN;
}

impl<T: Decode> Decode for Option<T> {
    fn decode(from: &mut Reader<'_>) -> Self {
        if bool::decode(from) {
            Some(T::decode(from))
        } else {
            None
        }
    }
}

/// The maximum number of items of a list in a record. Arguments can have as many as were sent.
const LIST: usize = 1_024;

impl<T: MaxEncodedLen> MaxEncodedLen for Vec<T> {
    const MAX_ENCODED_LEN: usize = 4 + LIST * T::MAX_ENCODED_LEN;
}

impl<T: Decode> Decode for Vec<T> {
    fn decode(from: &mut Reader<'_>) -> Self {
        let len = from.length();
        T::decode_list(from, len)
    }
}

impl MaxEncodedLen for () {
    const MAX_ENCODED_LEN: usize = 0;
}

macro_rules! tuples {
    ($($item:ident)*) => {
        impl<$($item: MaxEncodedLen),*> MaxEncodedLen for ($($item,)*) {
            const MAX_ENCODED_LEN: usize = 0 $(+ $item::MAX_ENCODED_LEN)*;
        }

        impl<$($item: Decode),*> Decode for ($($item,)*) {
            fn decode(from: &mut Reader<'_>) -> Self {
                ($($item::decode(from),)*)
            }
        }
    };
}

tuples!(A);
tuples!(A B);
tuples!(A B C);
tuples!(A B C D);

/// A hash or a key.
impl MaxEncodedLen for [u8; 32] {
    const MAX_ENCODED_LEN: usize = 32;
}

impl Decode for [u8; 32] {
    #[inline(never)]
    fn decode(from: &mut Reader<'_>) -> Self {
        let mut bytes = [0; 32];
        from.fill(&mut bytes);
        bytes
    }
}

#[cfg(feature = "contract")]
impl MaxEncodedLen for ink::primitives::AccountId {
    const MAX_ENCODED_LEN: usize = 32;
}

#[cfg(feature = "contract")]
impl Decode for ink::primitives::AccountId {
    #[inline(never)]
    fn decode(from: &mut Reader<'_>) -> Self {
        let mut account = Self([0; 32]);
        from.fill(&mut account.0);
        account
    }
}
