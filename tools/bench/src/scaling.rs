//! The cost of calls by size of the population.

use anyhow::Result;
use patronage::contracts;
use patronage_interfaces::{
    registry::ContentRegistry as _, token::CreatorToken as _, vault::PatronageVault as _, AccountId,
};
use test_kit::{
    access::{any_of, file, holds, subscribed},
    stranger, tier_terms, vault_terms, DAY, TOKEN, UNIT,
};

use crate::{
    bench_env::{BenchEnv, Record, Spent},
    figures::Point,
    scenarios::{token_terms, PRICE},
};

/// Sizes of the populations, each on its own chain.
pub const POPULATIONS: [u32; 3] = [10, 1_000, 10_000];

/// Number of fans that get tokens in one transaction, which must fit into a block.
const AT_ONCE: usize = 100;

/// Measures calls that must not depend on the number of fans, among `fans` of them. All fans hold tokens and subscribe,
/// on three days.
///
/// # Errors
///
/// If a call fails.
pub fn measure(record: &mut Record, fans: u32) -> Result<()> {
    let mut points = Vec::new();
    let mut env = BenchEnv::new(record);
    let Contracts { token, vault, registry } = population(&mut env, fans)?;
    let (creator, cleo) = (env.env.creator, env.env.cleo);
    let mut note = |call: &str, spent: Spent| {
        let Spent { ref_time, proof_size, deposit, .. } = spent;
        points.push(Point { call: call.into(), fans, ref_time, proof_size, deposit });
    };
    // Cleo does not have ten tokens, so the registry calls both contracts.
    let access = contracts::registry(registry).has_access(0, stranger(0));
    note("has_access", env.spend(creator, 0, access)?);
    note("buy", env.spend(cleo, 10 * UNIT, contracts::sale(token).buy(cleo, 0, None))?);
    note("subscribe", env.spend(cleo, PRICE, contracts::vault(vault).subscribe(0, cleo, 0, PRICE))?);
    note("collect, a day", env.spend(creator, 0, contracts::vault(vault).collect(0, 100))?);
    // The subscriptions of all three days have ended.
    env.env.chain.advance(31 * DAY);
    note("collect, a month", env.spend(creator, 0, contracts::vault(vault).collect(0, 100))?);
    record.figures.scaling.append(&mut points);
    Ok(())
}

struct Contracts {
    token: AccountId,
    vault: AccountId,
    registry: AccountId,
}

fn population(env: &mut BenchEnv<'_>, fans: u32) -> Result<Contracts> {
    let token = env.prepare("creator_token", &token_terms())?;
    let vault = env.prepare("patronage_vault", &vault_terms(vec![tier_terms(PRICE, 1)], &[]))?;
    let registry = env.prepare("content_registry", &Some(vault))?;
    let (ana, ben, creator) = (env.env.ana, env.env.ben, env.env.creator);
    let audience = any_of(&[&[holds(token, 10 * TOKEN)], &[subscribed(vault, 1)]]);
    let publish = contracts::registry(registry).publish(file(), audience.into());
    env.run(creator, 0, publish)?;
    // A thousandth of a token for each of ten thousand fans, and some more.
    env.run(ana, 100 * UNIT, contracts::sale(token).buy(ana, 0, None))?;
    let all: Vec<AccountId> = (0..fans).map(stranger).collect();
    for some in all.chunks(AT_ONCE) {
        let transfers = some.iter().map(|fan| (*fan, TOKEN / 1_000)).collect();
        env.run(ana, 0, contracts::sale(token).transfer_many(transfers))?;
    }
    for day in 0..3 {
        for fan in all.iter().skip(day).step_by(3) {
            let gift = contracts::vault(vault).subscribe(0, *fan, 0, PRICE);
            env.run(ben, PRICE, gift)?;
        }
        env.env.chain.advance(DAY);
    }
    Ok(Contracts { token, vault, registry })
}
