use anyhow::Result;
use e2e_tests::{
    access::{any_of, file, holds, subscribed},
    tier_terms, vault_terms, TOKEN, UNIT,
};
use patronage_client::suite::{registry as to, sale, vault as to_vault};
use patronage_interfaces::{
    registry::{Audience, ContentRegistry as _, NewContent},
    token::CreatorToken as _,
    vault::PatronageVault as _,
};

use super::{token_terms, PRICE};
use crate::stage::{Record, Stage};

/// Measures the content registry.
pub fn measure(record: &mut Record) -> Result<()> {
    let mut stage = Stage::new(record);
    let token = stage.prepare("creator_token", &token_terms())?;
    let vault = stage.prepare("patronage_vault", &vault_terms(vec![tier_terms(PRICE, 1)], &[]))?;
    let registry = stage.deploy("content_registry", &())?;
    let (ana, ben, cleo, creator) = (stage.world.ana, stage.world.ben, stage.world.cleo, stage.world.creator);
    stage.run(ana, 100 * UNIT, sale(token).buy(ana, 0, None))?;
    stage.run(ben, PRICE, to_vault(vault).subscribe(0, ben, 0, PRICE))?;

    let publish = |audience| to(registry).publish(NewContent { content: file(), audience });
    stage.measure("for everyone", creator, 0, publish(Audience::Everyone))?;
    // Holders of ten tokens, and subscribers.
    let rules = any_of(&[&[holds(token, 10 * TOKEN)], &[subscribed(vault, 1)]]);
    stage.measure("two rules", creator, 0, publish(rules))?;
    stage.measure("", ana, 0, to(registry).content_count())?;
    stage.measure("", ana, 0, to(registry).content(1))?;
    stage.measure("two rules", ana, 0, to(registry).audience(1))?;
    stage.measure("everyone", ana, 0, to(registry).has_access(0, ana))?;
    stage.measure("by tokens", ana, 0, to(registry).has_access(1, ana))?;
    stage.measure("by a subscription", ben, 0, to(registry).has_access(1, ben))?;
    stage.measure("denied", cleo, 0, to(registry).has_access(1, cleo))?;
    stage.measure("by tokens", ana, 0, to(registry).check(1, ana))?;
    stage.measure("by a subscription", ben, 0, to(registry).check(1, ben))?;
    stage.measure("denied", cleo, 0, to(registry).check(1, cleo))?;
    stage.measure("", ana, 0, to(registry).owner())?;
    Ok(())
}
