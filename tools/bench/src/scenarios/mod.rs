//! One fixed scenario for each contract. It calls every message, once in each case with a different cost.
//!
//! A new message must be added to its contract's scenario, or the benchmark fails. [`LEFT_OUT`] lists messages that
//! cannot be measured, with the reason.

mod hot;
mod psp22;
mod registry;
mod token;
mod vault;

use ::psp22::PSP22 as _;
use anyhow::Result;
use patronage::contracts;
use patronage_interfaces::token::TokenTerms;
use test_kit::{TOKEN, UNIT};

pub use self::hot::{ensure_reasons, HOT};
use crate::bench_env::{BenchEnv, Record};

/// The contracts, by the names of their bundles.
pub const CONTRACTS: [&str; 3] = ["creator_token", "patronage_vault", "content_registry"];

/// Messages that are not measured, by contract, each with the reason.
const LEFT_OUT: [(&str, &[(&str, &str)]); 3] =
    [("creator_token", &[]), ("patronage_vault", &[]), ("content_registry", &[])];

/// Price of the first tier for 30 days.
pub const PRICE: u128 = 30 * UNIT;

/// Measures the contracts.
///
/// # Errors
///
/// If a scenario fails, or a message is in none.
pub fn suite(record: &mut Record) -> Result<()> {
    token::measure(record)?;
    vault::measure(record)?;
    registry::measure(record)?;
    LEFT_OUT.iter().try_for_each(|(contract, messages)| record.ensure_complete(contract, messages))
}

/// Measures a baseline by the same calls as the PSP22 messages of the creator token.
///
/// # Errors
///
/// If the scenario fails.
pub fn baseline(record: &mut Record, name: &str) -> Result<()> {
    let mut env = BenchEnv::new(record);
    let supply = 1_000_000 * TOKEN;
    let (symbol, decimals) = (Some(String::from("MIRA")), 6_u8);
    let token = env.deploy(name, &(supply, Some(String::from("Mira's Circle")), symbol, decimals))?;
    let (creator, ana, ben) = (env.env.creator, env.env.ana, env.env.ben);
    for holder in [ana, ben] {
        env.run(creator, 0, contracts::psp22(token).transfer(holder, 100 * TOKEN, vec![]))?;
    }
    psp22::measure(&mut env, token)
}

/// Terms of a token with both fees and a referral share.
pub fn token_terms() -> TokenTerms {
    TokenTerms { buy_fee_bp: 250, sell_fee_bp: 100, referral_bp: 2_000, ..test_kit::token_terms() }
}
