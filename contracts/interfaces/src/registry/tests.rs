//! Arguments and records of the registry decode to what was encoded.

use super::*;
use crate::Stored;
use ink::scale::{Decode, Encode};
use ink_lite::testing::{assert_read_back, assert_variants_written, read};
use proptest::{collection::vec, option, prelude::*};

fn account() -> impl Strategy<Value = AccountId> {
    any::<[u8; 32]>().prop_map(AccountId::from)
}

fn condition() -> impl Strategy<Value = Condition> {
    (0..9, account(), account(), any::<(u128, u8, u64, u64, u32)>()).prop_map(
        |(kind, token, vault, (amount, level, time, grace, number))| match kind {
            0 => Condition::Holds { token, amount },
            1 => Condition::Staked { vault, amount },
            2 => Condition::HoldsOrStaked { token, vault, amount },
            3 => Condition::Subscribed { vault, level, grace },
            4 => Condition::SubscribedFor { vault, level, lasting: time },
            5 => Condition::Tipped { vault, amount },
            6 => Condition::NotBefore { time },
            7 => Condition::Bought { content: number },
            _ => Condition::Listed { list: number },
        },
    )
}

fn audience() -> impl Strategy<Value = Audience> {
    let rules = vec(vec(condition(), 0..=MAX_CONDITIONS), 0..=MAX_RULES);
    prop_oneof![1 => Just(Audience::Everyone), 1 => Just(Audience::Nobody), 8 => rules.prop_map(Audience::AnyOf)]
}

prop_compose! {
    fn terms()(
        audience in audience(),
        price in option::of(any::<u128>()),
        (release, retired) in any::<(u64, bool)>(),
    ) -> Terms {
        Terms { audience, price, release, retired }
    }
}

fn shortfall() -> impl Strategy<Value = Shortfall> {
    (0..6, account(), any::<(u128, u128)>(), any::<(u8, Option<u64>, u64)>(), option::of(any::<u128>())).prop_map(
        |(kind, contract, (have, short_by), (level, ended, wait), price)| match kind {
            0 => Shortfall::Amount { have, short_by },
            1 => Shortfall::Subscription { level, ended, wait },
            2 => Shortfall::Time { wait },
            3 => Shortfall::Unavailable { contract },
            4 => Shortfall::Purchase { price },
            _ => Shortfall::NotListed,
        },
    )
}

fn access() -> impl Strategy<Value = Access> {
    let missing = (condition(), shortfall()).prop_map(|(condition, shortfall)| Missing { condition, shortfall });
    prop_oneof![
        any::<u8>().prop_map(|rule| Access::Granted(Grant::Rule(rule))),
        vec(vec(missing, 0..=MAX_CONDITIONS + 1), 0..=MAX_RULES + 1).prop_map(Access::Denied),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn terms_and_entries_are_read_as_they_were_written(terms in terms(), sold in any::<bool>()) {
        assert_read_back(&terms, &terms.encode());
        let entry = Entry { terms, sold };
        assert_read_back(&Stored(entry.clone()), &entry.encode());
    }

    #[test]
    fn a_file_is_read_as_it_was_written(
        uri in vec(any::<u8>(), 0..=MAX_URI as usize),
        (hash, public_key) in any::<([u8; 32], [u8; 32])>(),
    ) {
        let content = Content { uri, hash, public_key };
        assert_read_back(&content, &content.encode());
    }

    #[test]
    fn a_standing_is_read_from_just_as_many_bytes_as_it_has(
        (level, since, until) in any::<(u8, u64, u64)>(),
        (tipped, staked, staked_since) in any::<(u128, u128, u64)>(),
    ) {
        let standing = Standing { level, since, until, tipped, staked, staked_since };
        assert_read_back(&standing, &standing.encode());
        prop_assert_eq!(standing.encoded_size(), <Standing as ink_lite::MaxEncodedLen>::MAX_ENCODED_LEN);
    }

    #[test]
    fn no_answer_is_longer_than_it_is_said_to_be(access in access()) {
        prop_assert!(access.encoded_size() <= access.most_bytes());
        prop_assert!(Access::decode(&mut &access.encode()[..]).is_ok_and(|decoded| decoded == access));
    }
}

#[test]
fn a_kind_of_condition_or_audience_that_there_is_not_is_refused() {
    assert_eq!(read::<Condition>(&[9; 100]), None);
    assert_eq!(read::<Audience>(&[3; 100]), None);
}

/// Decoding is derived, so it knows each number and each field from the definition alone.
#[test]
fn every_error_is_written_as_the_derived_decoder_reads_it() {
    let errors = assert_variants_written(|bytes| RegistryError::decode(bytes).ok(), Encode::encode);
    assert_eq!(errors, Vec::from_iter(0..23));
}
