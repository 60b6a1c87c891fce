//! One fixed scenario for each contract, in which every message is called, once in each case that costs something else.
//!
//! A new message goes into its contract's scenario; the bench refuses to run while one is missing. A message that can't be
//! measured is named in [`LEFT_OUT`], with the reason.

mod hot;
mod psp22;
mod registry;
mod token;
mod vault;

use ::psp22::PSP22 as _;
use anyhow::Result;
use patronage::suite;
use patronage_interfaces::token::TokenTerms;
use test_kit::{TOKEN, UNIT};

pub use self::hot::{ensure_reasons, HOT};
use crate::stage::{Record, Stage};

/// The contracts of the suite, by the names of their bundles.
pub const CONTRACTS: [&str; 3] = ["creator_token", "patronage_vault", "content_registry"];

/// Messages without a figure, by contract, each with the reason.
const LEFT_OUT: [(&str, &[(&str, &str)]); 3] =
    [("creator_token", &[]), ("patronage_vault", &[]), ("content_registry", &[])];

/// Price of the first tier for 30 days.
pub const PRICE: u128 = 30 * UNIT;

/// Measures the contracts of the suite.
///
/// # Errors
///
/// When a scenario fails, or a message is in none.
pub fn suite(record: &mut Record) -> Result<()> {
    token::measure(record)?;
    vault::measure(record)?;
    registry::measure(record)?;
    LEFT_OUT.iter().try_for_each(|(contract, messages)| record.ensure_complete(contract, messages))
}

/// Measures a token of others, of the record, by the same calls as PSP22 of the creator token.
///
/// # Errors
///
/// When the scenario fails.
pub fn peer(record: &mut Record, name: &str) -> Result<()> {
    let mut stage = Stage::new(record);
    let supply = 1_000_000 * TOKEN;
    let (symbol, decimals) = (Some(String::from("MIRA")), 6_u8);
    let token = stage.deploy(name, &(supply, Some(String::from("Mira's Circle")), symbol, decimals))?;
    let (creator, ana, ben) = (stage.world.creator, stage.world.ana, stage.world.ben);
    for holder in [ana, ben] {
        stage.run(creator, 0, suite::psp22(token).transfer(holder, 100 * TOKEN, vec![]))?;
    }
    psp22::measure(&mut stage, token)
}

/// Terms of a token with fees on both sides and a share for referrers.
pub fn token_terms() -> TokenTerms {
    TokenTerms { buy_fee_bp: 250, sell_fee_bp: 100, referral_bp: 2_000, ..test_kit::token_terms() }
}
