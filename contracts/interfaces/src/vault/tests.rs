//! Arguments and records of the vault decode to what was encoded, and zeros decode to the default.

use super::*;
use crate::Stored;
use ink::scale::{Decode, Encode};
use ink_lite::testing::{assert_read_back, read};
use patronage_core::{
    ledger::Ledger,
    stake_income::{Checkpoint, DayPart, Pool, StakeRecord, Terms},
    streams::{Bucket, EPOCH},
    tiers,
};
use proptest::{collection::vec, option, prelude::*};
use std::fmt::Debug;

fn any_account() -> impl Strategy<Value = AccountId> {
    any::<[u8; 32]>().prop_map(AccountId::from)
}

fn any_asset() -> impl Strategy<Value = Asset> {
    option::of(any_account()).prop_map(|token| token.map_or(Asset::Native, Asset::Psp22))
}

prop_compose! {
    fn any_tier()(
        asset in any_asset(),
        (price, period, level, minimum_stay) in any::<(u128, u64, u8, u64)>(),
        seats in option::of(any::<u32>()),
        uri in vec(any::<u8>(), 0..=MAX_TEXT as usize),
    ) -> TierTerms {
        TierTerms { asset, price, period, level, seats, minimum_stay, uri }
    }
}

/// That any bytes of a record's length decode as with the derived decoder, or fail with both.
fn assert_read_as_decoded<T: ink_lite::Decode + Decode + PartialEq + Debug>(bytes: &[u8]) {
    let mut rest = bytes;
    let decoded = <T as Decode>::decode(&mut rest).ok().map(|value| (value, rest.len()));
    assert_eq!(read::<T>(bytes), decoded);
}

/// That a missing record is read as the default.
fn assert_zeros_are_the_default<T: ink_lite::Decode + Default + PartialEq + Debug>() {
    let zeros = vec![0; T::MAX_ENCODED_LEN];
    assert_eq!(read::<T>(&zeros).map(|(value, _)| value), Some(T::default()));
}

#[test]
fn a_record_that_is_not_there_is_the_default() {
    assert_zeros_are_the_default::<Stored<Fan>>();
    assert_zeros_are_the_default::<Stored<Ledger>>();
    assert_zeros_are_the_default::<Stored<Bucket>>();
    assert_zeros_are_the_default::<Stored<StakeRecord>>();
    assert_zeros_are_the_default::<Stored<Checkpoint>>();
    assert_zeros_are_the_default::<Stored<DayPart>>();
    assert_zeros_are_the_default::<Stored<Pool>>();
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_vault_reads_the_terms_that_were_sent(
        tiers in vec(any_tier(), 0..4),
        splits in vec((any_account(), any::<u16>()), 0..17),
        token in option::of(any_account()),
        (cooldown, paused, splits_locked_until, stakers) in any::<(u64, bool, u64, u16)>(),
    ) {
        for terms in &tiers {
            assert_read_back(terms, &terms.encode());
            assert_read_back(&terms.asset, &terms.asset.encode());
        }
        let settings = Settings { token, cooldown, paused, splits_locked_until };
        assert_read_back(&settings, &settings.encode());
        let splits = splits.into_iter().map(|(recipient, bp)| Share { recipient, bp }).collect();
        let terms = VaultTerms { splits, stakers, tiers, token, cooldown };
        assert_read_back(&terms, &terms.encode());
    }

    #[test]
    fn what_the_vault_keeps_is_written_and_read_as_what_it_is(
        bytes in vec(prop_oneof![1 => any::<u8>(), 2 => 0..2u8], 0..200),
    ) {
        assert_read_as_decoded::<Stored<Fan>>(&bytes);
        assert_read_as_decoded::<Stored<Ledger>>(&bytes);
        assert_read_as_decoded::<Stored<Bucket>>(&bytes);
        assert_read_as_decoded::<Stored<StakeRecord>>(&bytes);
        assert_read_as_decoded::<Stored<Checkpoint>>(&bytes);
        assert_read_as_decoded::<Stored<DayPart>>(&bytes);
        assert_read_as_decoded::<Stored<Pool>>(&bytes);
        assert_read_as_decoded::<Stored<Terms>>(&bytes);
        assert_read_as_decoded::<Stored<tiers::Tier<AccountId>>>(&bytes);
    }

    #[test]
    fn a_valid_tier_decodes_to_what_was_encoded(terms in any_tier(), now in 0..1u64 << 50) {
        let terms = TierTerms { price: terms.price >> 32 | 1, period: 30 * EPOCH, level: terms.level | 1, ..terms };
        let seats = terms.seats.map(|seats| seats | 1);
        let minimum_stay = terms.minimum_stay % (30 * EPOCH + 1);
        let tier = TierTerms { seats, minimum_stay, ..terms }.tier(now);
        assert_read_back(&tier, &tier.encode());
    }
}
