//! What calls cost among few fans and among many.

use anyhow::Result;
use patronage::contracts as suite;
use patronage_interfaces::{
    registry::ContentRegistry as _, token::CreatorToken as _, vault::PatronageVault as _, AccountId,
};
use test_kit::{
    access::{any_of, file, holds, subscribed},
    stranger, tier_terms, vault_terms, DAY, TOKEN, UNIT,
};

use crate::{
    figures::Point,
    scenarios::{token_terms, PRICE},
    stage::{Record, Spent, Stage},
};

/// How many fans there are, each time in a world of their own.
pub const CROWDS: [u32; 3] = [10, 1_000, 10_000];

/// How many fans get tokens in one transaction: a block has room for them.
const AT_ONCE: usize = 100;

/// Measures the calls that must not depend on how many fans there are among `fans` of them, who all hold tokens and subscribe,
/// and joined on three days.
///
/// # Errors
///
/// When a call fails.
pub fn measure(record: &mut Record, fans: u32) -> Result<()> {
    let mut points = Vec::new();
    let mut stage = Stage::new(record);
    let Scene { token, vault, registry } = crowd(&mut stage, fans)?;
    let (creator, cleo) = (stage.world.creator, stage.world.cleo);
    let mut note = |call: &str, spent: Spent| {
        let Spent { ref_time, proof_size, deposit, .. } = spent;
        points.push(Point { call: call.into(), fans, ref_time, proof_size, deposit });
    };
    // Has no ten tokens, so the registry asks both contracts.
    let access = suite::registry(registry).has_access(0, stranger(0));
    note("has_access", stage.spend(creator, 0, access)?);
    note("buy", stage.spend(cleo, 10 * UNIT, suite::sale(token).buy(cleo, 0, None))?);
    note("subscribe", stage.spend(cleo, PRICE, suite::vault(vault).subscribe(0, cleo, 0, PRICE))?);
    note("collect, a day", stage.spend(creator, 0, suite::vault(vault).collect(0, 100))?);
    // By then the subscriptions of all three days have ended.
    stage.world.chain.advance(31 * DAY);
    note("collect, a month", stage.spend(creator, 0, suite::vault(vault).collect(0, 100))?);
    record.figures.scaling.append(&mut points);
    Ok(())
}

struct Scene {
    token: AccountId,
    vault: AccountId,
    registry: AccountId,
}

fn crowd(stage: &mut Stage<'_>, fans: u32) -> Result<Scene> {
    let token = stage.prepare("creator_token", &token_terms())?;
    let vault = stage.prepare("patronage_vault", &vault_terms(vec![tier_terms(PRICE, 1)], &[]))?;
    let registry = stage.prepare("content_registry", &Some(vault))?;
    let (ana, ben, creator) = (stage.world.ana, stage.world.ben, stage.world.creator);
    let audience = any_of(&[&[holds(token, 10 * TOKEN)], &[subscribed(vault, 1)]]);
    let publish = suite::registry(registry).publish(file(), audience.into());
    stage.run(creator, 0, publish)?;
    // A thousandth of a token for each of ten thousand fans, and some to spare.
    stage.run(ana, 100 * UNIT, suite::sale(token).buy(ana, 0, None))?;
    let all: Vec<AccountId> = (0..fans).map(stranger).collect();
    for some in all.chunks(AT_ONCE) {
        let transfers = some.iter().map(|fan| (*fan, TOKEN / 1_000)).collect();
        stage.run(ana, 0, suite::sale(token).transfer_many(transfers))?;
    }
    for day in 0..3 {
        for fan in all.iter().skip(day).step_by(3) {
            let gift = suite::vault(vault).subscribe(0, *fan, 0, PRICE);
            stage.run(ben, PRICE, gift)?;
        }
        stage.world.chain.advance(DAY);
    }
    Ok(Scene { token, vault, registry })
}
