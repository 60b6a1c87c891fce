//! What is read is what `parity-scale-codec` wrote, and what it would not decode is refused.

use crate::{
    testing::{assert_read_back, read},
    Read,
};
use parity_scale_codec::{Decode, Encode};
use proptest::prelude::*;
use std::{fmt::Debug, vec::Vec};

#[derive(Debug, Clone, PartialEq, Encode, Decode)]
struct Everything {
    flag: bool,
    byte: u8,
    short: u16,
    word: u32,
    time: u64,
    amount: u128,
    maybe: Option<(u64, bool)>,
    hash: [u8; 32],
    list: Vec<(u8, u32, u128)>,
}

crate::read!(
    struct Everything {
        flag: bool,
        byte: u8,
        short: u16,
        word: u32,
        time: u64,
        amount: u128,
        maybe: Option<(u64, bool)>,
        hash: [u8; 32],
        list: Vec<(u8, u32, u128)>,
    }
);

prop_compose! {
    fn everything()(
        (flag, byte, short, word) in any::<(bool, u8, u16, u32)>(),
        (time, amount, maybe, hash) in any::<(u64, u128, Option<(u64, bool)>, [u8; 32])>(),
        list in prop::collection::vec(any::<(u8, u32, u128)>(), 0..200),
    ) -> Everything {
        Everything { flag, byte, short, word, time, amount, maybe, hash, list }
    }
}

/// The general decoder refuses a length that could be written in fewer bytes, which is of no consequence here.
fn agrees<T: Read + Encode + Decode + PartialEq + Debug>(bytes: &[u8]) -> bool {
    let mut rest = bytes;
    let decoded = T::decode(&mut rest).ok().map(|value| (value, rest.len()));
    match read::<T>(bytes) {
        Some((value, left)) if decoded.is_none() => value.encoded_size() < bytes.len() - left,
        read => read == decoded,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_was_written_is_read(value in everything(), rest in 0usize..3) {
        let mut bytes = value.encode();
        assert_read_back(&value, &bytes);
        bytes.resize(bytes.len() + rest, 7);
        prop_assert_eq!(read::<Everything>(&bytes), Some((value, rest)));
    }

    #[test]
    fn any_bytes_are_read_or_refused_as_the_general_decoder_does(bytes in prop::collection::vec(0u8..5, 0..80)) {
        prop_assert!(agrees::<Everything>(&bytes));
        prop_assert!(agrees::<Option<(u8, bool)>>(&bytes));
    }

    #[test]
    fn bytes_that_end_too_early_are_refused(value in everything(), missing in 1usize..9) {
        let bytes = value.encode();
        let short = &bytes[..bytes.len().saturating_sub(missing)];
        prop_assert_eq!(read::<Everything>(short), None);
    }
}

#[test]
fn lengths_of_every_form_are_read() {
    for len in [0, 1, 63, 64, 65, 16_383, 16_384, 70_000] {
        let bytes = vec![9u8; len].encode();
        assert_eq!(read::<Vec<u8>>(&bytes), Some((vec![9; len], 0)), "{len}");
    }
}

#[test]
fn a_list_that_claims_more_than_was_sent_is_refused_at_once() {
    let mut bytes = parity_scale_codec::Compact(1u32 << 29).encode();
    assert_eq!(read::<Vec<u128>>(&bytes), None);
    bytes.extend([0; 64]);
    assert_eq!(read::<Vec<u128>>(&bytes), None);
}

#[test]
fn the_most_bytes_are_the_sum_over_the_fields() {
    assert_eq!(<(u8, Option<u64>, u128)>::MAX, 1 + 9 + 16);
    assert_eq!(Everything::MAX, 1 + 1 + 2 + 4 + 8 + 16 + 10 + 32 + 4 + 1_024 * 21);
}

#[test]
fn what_is_put_into_a_list_with_room_is_in_it() {
    let mut list = Vec::with_capacity(2);
    crate::put(&mut list, 1);
    crate::put(&mut list, 2);
    assert_eq!(list, [1, 2]);
}
