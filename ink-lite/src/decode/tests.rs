//! `Decode` agrees with `parity-scale-codec`, on valid and on malformed bytes.

use crate::{
    testing::{assert_read_back, read},
    MaxEncodedLen,
};
use parity_scale_codec::{Decode, Encode};
use proptest::prelude::*;
use std::{fmt::Debug, vec::Vec};

#[derive(Debug, Clone, PartialEq, Encode, Decode, crate::Decode)]
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

/// Variants of every kind, with indices of every kind.
#[derive(Debug, Clone, PartialEq, Encode, Decode, crate::Decode)]
enum Choice<T> {
    Nothing,
    #[codec(index = 4)]
    Two(T, bool),
    Named {
        amount: u128,
    },
    Twice(Option<T>),
}

/// Indices given as discriminants.
#[derive(Debug, Clone, Copy, PartialEq, Encode, Decode, crate::Decode)]
enum Level {
    Low = 3,
    High = 1,
}

/// A list with few items in a record.
#[derive(Debug, Clone, PartialEq, Encode, Decode, crate::Decode)]
#[ink_lite(max_encoded_len = 1 + 3 * <u64 as MaxEncodedLen>::MAX_ENCODED_LEN)]
struct Few(Vec<u64>);

prop_compose! {
    fn everything()(
        (flag, byte, short, word) in any::<(bool, u8, u16, u32)>(),
        (time, amount, maybe, hash) in any::<(u64, u128, Option<(u64, bool)>, [u8; 32])>(),
        list in prop::collection::vec(any::<(u8, u32, u128)>(), 0..200),
    ) -> Everything {
        Everything { flag, byte, short, word, time, amount, maybe, hash, list }
    }
}

/// The general decoder refuses lengths that are not in their shortest form. `Decode` accepts them, which does no harm.
fn agrees<T: crate::Decode + Encode + Decode + PartialEq + Debug>(bytes: &[u8]) -> bool {
    let mut rest = bytes;
    let decoded = <T as Decode>::decode(&mut rest).ok().map(|value| (value, rest.len()));
    match read::<T>(bytes) {
        Some((value, left)) if decoded.is_none() => value.encoded_size() < bytes.len() - left,
        read => read == decoded,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn encoded_values_are_decoded(value in everything(), rest in 0usize..3) {
        let mut bytes = value.encode();
        assert_read_back(&value, &bytes);
        bytes.resize(bytes.len() + rest, 7);
        prop_assert_eq!(read::<Everything>(&bytes), Some((value, rest)));
    }

    #[test]
    fn any_bytes_are_decoded_or_refused_as_by_the_general_decoder(bytes in prop::collection::vec(0u8..5, 0..80)) {
        prop_assert!(agrees::<Everything>(&bytes));
        prop_assert!(agrees::<Option<(u8, bool)>>(&bytes));
        prop_assert!(agrees::<Choice<u32>>(&bytes));
    }

    #[test]
    fn truncated_bytes_are_refused(value in everything(), missing in 1usize..9) {
        let bytes = value.encode();
        let short = &bytes[..bytes.len().saturating_sub(missing)];
        prop_assert_eq!(read::<Everything>(short), None);
    }
}

#[test]
fn lengths_of_every_form_are_decoded() {
    for len in [0, 1, 63, 64, 65, 16_383, 16_384, 70_000] {
        let bytes = vec![9u8; len].encode();
        assert_eq!(read::<Vec<u8>>(&bytes), Some((vec![9; len], 0)), "{len}");
    }
}

#[test]
fn a_list_longer_than_its_bytes_is_refused_at_once() {
    let mut bytes = parity_scale_codec::Compact(1u32 << 29).encode();
    assert_eq!(read::<Vec<u128>>(&bytes), None);
    bytes.extend([0; 64]);
    assert_eq!(read::<Vec<u128>>(&bytes), None);
}

#[test]
fn the_maximum_length_is_the_sum_of_the_fields() {
    assert_eq!(<(u8, Option<u64>, u128)>::MAX_ENCODED_LEN, 1 + 9 + 16);
    assert_eq!(Everything::MAX_ENCODED_LEN, 1 + 1 + 2 + 4 + 8 + 16 + 10 + 32 + 4 + 1_024 * 21);
}

#[test]
fn put_adds_to_a_list_with_capacity() {
    let mut list = Vec::with_capacity(2);
    crate::put(&mut list, 1);
    crate::put(&mut list, 2);
    assert_eq!(list, [1, 2]);
}

#[test]
fn variants_have_the_index_of_the_general_encoder() {
    for choice in [
        Choice::Nothing,
        Choice::Two(7u32, true),
        Choice::Named { amount: u128::MAX },
        Choice::Twice(Some(9)),
        Choice::Twice(None),
    ] {
        assert_read_back(&choice, &choice.encode());
    }
    for level in [Level::Low, Level::High] {
        assert_read_back(&level, &level.encode());
    }
    assert_eq!([Level::Low.encode(), Level::High.encode()], [[3], [1]]);
    assert_eq!(read::<Level>(&[0]), None);
    assert_eq!(read::<Choice<u32>>(&[9]), None);
}

#[test]
fn the_maximum_length_of_an_enum_is_that_of_its_longest_variant() {
    assert_eq!(Choice::<u32>::MAX_ENCODED_LEN, 1 + 16);
    assert_eq!(Choice::<u128>::MAX_ENCODED_LEN, 1 + 1 + 16);
    assert_eq!(Level::MAX_ENCODED_LEN, 1);
    assert_eq!(Few::MAX_ENCODED_LEN, 25);
    let few = Few(vec![1, 2, 3]);
    assert_read_back(&few, &few.encode());
}
