//! Text that is not checked.

use alloc::vec::Vec;

/// Text that wallets show. In SCALE and in the metadata it is a `str`.
///
/// The contract does not check that the bytes are UTF-8, which would cost code in every call. A creator who sends other bytes
/// spoils nothing but the name of their own token.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[cfg_attr(feature = "codec", derive(parity_scale_codec::Encode, parity_scale_codec::Decode))]
#[cfg_attr(feature = "codec", derive(ink_lite::Decode))]
pub struct Utf8Bytes(pub Vec<u8>);

#[cfg(feature = "std")]
impl core::fmt::Display for Utf8Bytes {
    fn fmt(&self, to: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        to.write_str(&alloc::string::String::from_utf8_lossy(&self.0))
    }
}

impl From<&str> for Utf8Bytes {
    fn from(text: &str) -> Self {
        Self(text.as_bytes().to_vec())
    }
}

#[cfg(all(feature = "codec", feature = "std"))]
impl scale_info::TypeInfo for Utf8Bytes {
    type Identity = str;

    fn type_info() -> scale_info::Type {
        str::type_info()
    }
}

#[cfg(all(test, feature = "std"))]
mod tests {
    use super::*;
    use std::{string::ToString, vec};

    #[test]
    fn text_is_shown_as_it_is_and_other_bytes_as_replacement_characters() {
        assert_eq!(Utf8Bytes::from("Mira's Circle \u{2665}").to_string(), "Mira's Circle \u{2665}");
        assert_eq!(Utf8Bytes(vec![b'a', 0xff, b'b']).to_string(), "a\u{fffd}b");
    }
}
