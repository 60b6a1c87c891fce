//! Helpers for tests of types that implement [`Decode`]. Contracts are built without `std`, and so without this module.

use crate::{Decode, Reader};
use std::{fmt::Debug, panic};

/// Unwinds without the panic hook, which would print a line for each refused input.
fn abort() -> ! {
    panic::resume_unwind(Box::new("refused"))
}

/// Decodes `bytes`. Returns the value and the number of remaining bytes; `None` if they are refused.
pub fn read<T: Decode>(bytes: &[u8]) -> Option<(T, usize)> {
    panic::catch_unwind(|| {
        let mut reader = Reader::new(bytes, abort);
        let value = T::decode(&mut reader);
        (value, reader.remaining())
    })
    .ok()
}

/// Panics unless `written`, the encoding of `value`, decodes to `value`, is used to its last byte, and fits into a
/// record.
pub fn assert_read_back<T: Decode + PartialEq + Debug>(value: &T, written: &[u8]) {
    let back = read::<T>(written);
    assert!(matches!(&back, Some((back, 0)) if back == value), "{value:?} is read as {back:?}");
    assert!(
        written.len() <= T::MAX_ENCODED_LEN,
        "{value:?} takes {} bytes, and a record {}",
        written.len(),
        T::MAX_ENCODED_LEN
    );
}

/// Panics unless `encode` writes each value of an enum as `decode` has read it. The first two bytes are all that there are, and the
/// others are the same in all values. Returns the numbers of the variants that there are.
pub fn assert_variants_written<T: Debug>(
    decode: impl Fn(&mut &[u8]) -> Option<T>,
    encode: impl Fn(&T) -> Vec<u8>,
) -> Vec<u8> {
    let mut seen = Vec::new();
    for number in 0..=u8::MAX {
        for second in 0..=u8::MAX {
            let bytes = [&[number, second][..], &[0xa5; 64]].concat();
            let mut rest = &bytes[..];
            let Some(value) = decode(&mut rest) else { continue };
            assert_eq!(encode(&value), bytes[..bytes.len() - rest.len()], "{value:?}");
            if seen.last() != Some(&number) {
                seen.push(number);
            }
        }
    }
    seen
}
