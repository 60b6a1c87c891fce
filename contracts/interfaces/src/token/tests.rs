//! Arguments and records of the token decode to what was encoded.

use super::*;
use crate::Stored;
use ink::scale::{Decode, Encode};
use ink_lite::testing::assert_read_back;
use proptest::{collection::vec, option, prelude::*};

prop_compose! {
    /// Any bytes that fit into a record, valid UTF-8 or not.
    fn any_text()(bytes in vec(any::<u8>(), 0..=1_024)) -> Utf8Bytes {
        Utf8Bytes(bytes)
    }
}

prop_compose! {
    fn any_terms()(
        (name, symbol, decimals) in (any_text(), any_text(), any::<u8>()),
        (base_price, slope, cap) in (any::<u128>(), any::<u128>(), option::of(any::<u128>())),
        (buy_fee_bp, sell_fee_bp, referral_bp) in any::<(u16, u16, u16)>(),
        (until, max_tokens) in any::<(u64, u128)>(),
    ) -> TokenTerms {
        let launch_guard = LaunchGuard { until, max_tokens };
        TokenTerms {
            name, symbol, decimals, base_price, slope, cap, buy_fee_bp, sell_fee_bp, referral_bp, launch_guard,
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_contract_reads_the_text_and_the_terms_that_were_sent(terms in any_terms()) {
        assert_read_back(&terms.name, &terms.name.encode());
        assert_read_back(&terms, &terms.encode());
    }

    #[test]
    fn what_is_stored_is_written_and_read_as_what_it_is(
        (tokens, released) in any::<(u128, u128)>(),
        (start, cliff, end) in any::<(u64, u64, u64)>(),
        (name, symbol, decimals) in (any_text(), any_text(), any::<u8>()),
    ) {
        let vesting = Vesting { tokens, released, schedule: Schedule { start, cliff, end } };
        prop_assert_eq!(Stored(vesting).encode(), vesting.encode());
        assert_read_back(&Stored(vesting), &vesting.encode());
        let metadata = Stored((name, symbol, decimals));
        assert_read_back(&metadata, &metadata.encode());
    }

    #[test]
    fn text_is_a_string_to_everyone_else(text in ".{0,200}") {
        let sent = text.encode();
        prop_assert_eq!(Utf8Bytes::from(text.as_str()).encode(), sent.as_slice());
        let received = Utf8Bytes::decode(&mut &sent[..]).unwrap();
        prop_assert_eq!(received.to_string(), text);
    }
}
