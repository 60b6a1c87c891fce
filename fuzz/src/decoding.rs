//! Agreement of the two decoders of SCALE: `ink_lite::Decode`, which contracts use, and `parity-scale-codec`.

use std::fmt::Debug;

use parity_scale_codec::{Decode, Encode};

/// Reads `bytes` with both decoders, and returns what `ink_lite` has read.
///
/// The decoders differ in one thing: only `parity-scale-codec` refuses a length that is not in its shortest form.
///
/// # Panics
///
/// If the decoders disagree, or what was read is not written as those bytes.
pub fn agree<L, G>(bytes: &[u8]) -> Option<L>
where
    L: ink_lite::Decode + Encode + Debug,
    G: Decode + Encode,
{
    let mut rest = bytes;
    let general = G::decode(&mut rest).ok().map(|value| (value.encode(), rest.len()));
    let lite = ink_lite::testing::read::<L>(bytes);
    match (&lite, general) {
        (None, None) => {}
        (Some((value, left)), Some((written, rest))) => {
            let used = bytes.len() - rest;
            assert_eq!(*left, rest, "{value:?}: the decoders use different numbers of bytes");
            assert_eq!(value.encode(), written, "the decoders read different values");
            assert_eq!(written, bytes[..used], "{value:?} is written in another form than it was read");
        }
        (Some((value, left)), None) => {
            let used = bytes.len() - left;
            assert!(value.encoded_size() < used, "{value:?} is read from {used} bytes that the other decoder refuses");
            // In its shortest form, both read it.
            let written = value.encode();
            let again = ink_lite::testing::read::<L>(&written).expect("a value is read as it was written");
            assert_eq!(again.0.encode(), written);
            assert_eq!(G::decode(&mut &written[..]).expect("and by the other decoder").encode(), written);
        }
        (None, Some((written, _))) => panic!("refused, but the other decoder reads {written:02x?}"),
    }
    lite.map(|(value, _)| value)
}

/// As [`agree`]. The value has no lists, so it always fits into a record.
///
/// # Panics
///
/// As [`agree`], and if the encoding is longer than `MAX_ENCODED_LEN`.
pub fn agree_in_record<T>(bytes: &[u8]) -> Option<T>
where
    T: ink_lite::Decode + Decode + Encode + Debug,
{
    let value = agree::<T, T>(bytes)?;
    fits(&value);
    Some(value)
}

/// Checks that `value` fits into a record of its type.
///
/// # Panics
///
/// If it does not.
pub fn fits<T: ink_lite::MaxEncodedLen + Encode + Debug>(value: &T) {
    let length = value.encoded_size();
    assert!(length <= T::MAX_ENCODED_LEN, "{value:?} has {length} bytes, and a record {}", T::MAX_ENCODED_LEN);
}
