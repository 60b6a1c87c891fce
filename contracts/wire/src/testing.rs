//! For the tests beside the types that implement [`Read`]. No contract has it, as those are built without `std`.

use crate::{Read, Reader};
use std::{fmt::Debug, panic};

/// Unwinds without the hook of panics, which would print a line for each refusal.
fn refuse() -> ! {
    panic::resume_unwind(Box::new("refused"))
}

/// What is read from `bytes` and how many bytes are left; `None` where they are refused.
pub fn read<T: Read>(bytes: &[u8]) -> Option<(T, usize)> {
    panic::catch_unwind(|| {
        let mut reader = Reader::new(bytes, refuse);
        let value = T::read(&mut reader);
        (value, reader.bytes.len())
    })
    .ok()
}

/// Panics unless `written`, the encoding of `value`, is read as `value` to its last byte, and fits into a record.
pub fn assert_read_back<T: Read + PartialEq + Debug>(value: &T, written: &[u8]) {
    let back = read::<T>(written);
    assert!(matches!(&back, Some((back, 0)) if back == value), "{value:?} is read as {back:?}");
    assert!(written.len() <= T::MAX, "{value:?} takes {} bytes, and a record {}", written.len(), T::MAX);
}
