//! Tests of launch files on a chain with 64-bit balances.

use std::ops::RangeInclusive;

use patronage_chain::{
    submission::{Submission, SubmissionRecorder, SubmissionStatus},
    Call, ChainError, Outcome, PastEvent, Signer, Width,
};
use patronage_interfaces::AccountId;

use patronage_embedded::EmbeddedChain;

use super::*;

const EXAMPLE: &str = include_str!("../../../../examples/creator.toml");

/// A chain with 64-bit balances and 9 decimals, which refuses every call.
struct Narrow(Properties);

impl Narrow {
    fn new() -> Self {
        Self(Properties { width: Width::U64, decimals: 9, ..EmbeddedChain::properties_with([0; 32]) })
    }
}

impl Chain for Narrow {
    fn properties(&self) -> &Properties {
        &self.0
    }

    fn time(&mut self) -> Result<u64, ChainError> {
        Ok(0)
    }

    fn block(&mut self) -> Result<u32, ChainError> {
        Ok(0)
    }

    fn balance_of(&mut self, _: &AccountId) -> Result<u128, ChainError> {
        Ok(0)
    }

    fn code_hash_of(&mut self, _: &AccountId) -> Result<Option<[u8; 32]>, ChainError> {
        Ok(None)
    }

    fn has_code(&mut self, _: &[u8; 32]) -> Result<bool, ChainError> {
        Ok(false)
    }

    fn dry_run(&mut self, _: &AccountId, _: &Call<'_>) -> Result<Outcome, ChainError> {
        Err(ChainError::Refused("ContractNotFound".to_owned()))
    }

    fn submit(&mut self, _: &Signer, _: &Call<'_>) -> Result<Outcome, ChainError> {
        Err(ChainError::Refused("ContractNotFound".to_owned()))
    }

    fn submit_recorded(
        &mut self,
        _: &Signer,
        _: &Call<'_>,
        _: &mut dyn SubmissionRecorder,
    ) -> Result<Outcome, ChainError> {
        Err(ChainError::Refused("ContractNotFound".to_owned()))
    }

    fn resume(&mut self, _: &AccountId, _: &Submission) -> Result<SubmissionStatus, ChainError> {
        Ok(SubmissionStatus::Dropped)
    }

    fn history(&mut self, _: &[AccountId], _: RangeInclusive<u32>) -> Result<Vec<PastEvent>, ChainError> {
        Ok(Vec::new())
    }

    fn finalized(&mut self) -> Result<u32, ChainError> {
        Ok(0)
    }

    fn block_hash(&mut self, _: u32) -> Result<Option<[u8; 32]>, ChainError> {
        Ok(None)
    }
}

fn parse(text: &str) -> Result<Launch, String> {
    Launch::parse(text, &mut Narrow::new())
}

/// The example with `from` replaced by `to`.
fn with(from: &str, to: &str) -> String {
    assert!(EXAMPLE.contains(from), "the example has no {from}");
    EXAMPLE.replacen(from, to, 1)
}

#[test]
fn amounts_are_read_with_the_decimals_of_the_chain() {
    let launch = parse(EXAMPLE).unwrap();
    assert_eq!(launch.token.base_price, 500_000_000);
    assert_eq!(launch.token.slope, 2_000_000);
    assert_eq!(launch.vault.tiers[1].price, 12_500_000_000);
    let finer = parse(&with("base_price = \"0.50\"", "base_price = \"0.0000000005\"")).unwrap_err();
    assert!(finer.contains("token.base_price") && finer.contains("at most 9"), "{finer}");
}

#[test]
fn amounts_above_the_width_are_refused_with_field_value_and_bound() {
    // 2^64 - 1 planck, and one more.
    let (most, more) = ("18446744073.709551615", "18446744073.709551616");
    let most_of_it = "at most 18,446,744,073.709551615 UNIT";
    let price = "#: price = 3 ";
    let tier = |price: &str| with("price = 5", &format!("price = \"{price}\""));
    for (text, field) in [
        (with("base_price = \"0.50\"", &format!("base_price = \"{more}\"")), "token.base_price"),
        (with("slope = \"0.002\"", &format!("slope = \"{more}\"")), "token.slope"),
        (tier(more), "tier \"Listener\": price"),
        (with(price, &format!("price = \"{more}\" ")), "content \"Studio diary\": price"),
        (with("\"holds 20\",", &format!("\"tipped {more}\",")), "content \"Studio diary\": any_of, rule 2"),
    ] {
        let error = parse(&text).unwrap_err();
        assert!(error.starts_with(field) && error.contains(more) && error.contains(most_of_it), "{error}");
        // A chain with 128-bit balances accepts these amounts.
        assert!(!Launch::parse(&text, &mut EmbeddedChain::default()).is_err_and(|error| error.contains(more)));
    }
    for text in [tier(most), with(price, &format!("price = \"{most}\" "))] {
        parse(&text).unwrap();
    }
}

#[test]
fn a_sale_that_exceeds_the_width_is_refused_with_the_field_to_change() {
    // The price of the last token, and of all tokens up to the cap, must stay within half of the maximum balance.
    for (from, to, field, bound) in [
        ("base_price = \"0.50\"", "base_price = \"9223372036.9\"", "token.base_price", "9,223,372,036.854775807 UNIT"),
        ("cap = 100_000", "cap = 100_000_000", "token.cap", "3,036,750."),
        ("slope = \"0.002\"", "slope = 2_000", "token.cap", "MIRA: lower cap"),
    ] {
        let error = parse(&with(from, to)).unwrap_err();
        assert!(error.starts_with(field) && error.contains(bound), "{error}");
    }
    // Token amounts have 128 bits on every chain.
    let cheap = with("cap = 100_000", "cap = \"100000000000000\"").replace("0.002", "0").replace("0.50", "0.000000001");
    assert_eq!(parse(&cheap).unwrap().token.cap, Some(10_u128.pow(26)));
}
