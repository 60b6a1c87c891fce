use anyhow::Result;
use patronage::contracts::{ownable, registry as to, sale, vault as to_vault};
use patronage_interfaces::{
    ownable::Ownable as _,
    registry::{Audience, Content, ContentRegistry as _, QuestionLimits, Terms},
    token::CreatorToken as _,
    vault::PatronageVault as _,
    AccountId,
};
use test_kit::{
    access::{any_of, file, holds, subscribed},
    tier_terms, vault_terms, TOKEN, UNIT,
};

use super::{token_terms, PRICE};
use crate::stage::{Record, Stage};

/// For everyone.
const OPEN: u32 = 0;
/// For holders of ten tokens and for subscribers, and for sale.
const GATED: u32 = 1;

/// Measures the content registry.
pub fn measure(record: &mut Record) -> Result<()> {
    let mut stage = Stage::new(record);
    let token = stage.prepare("creator_token", &token_terms())?;
    let vault = stage.prepare("patronage_vault", &vault_terms(vec![tier_terms(PRICE, 1)], &[]))?;
    let registry = stage.deploy("content_registry", &Some(vault))?;
    let (ana, ben, creator) = (stage.world.ana, stage.world.ben, stage.world.creator);
    stage.run(ana, 100 * UNIT, sale(token).buy(ana, 0, None))?;
    stage.run(ben, PRICE, to_vault(vault).subscribe(0, ben, 0, PRICE))?;
    stage.measure("", creator, 0, to(registry).set_vault(Some(vault)))?;
    stage.measure("", ana, 0, to(registry).vault())?;

    stage.measure("for everyone", creator, 0, to(registry).publish(file(), Audience::Everyone.into()))?;
    let rules = any_of(&[&[holds(token, 10 * TOKEN)], &[subscribed(vault, 1)]]);
    let terms = Terms { price: Some(UNIT), ..rules.into() };
    stage.measure("two rules", creator, 0, to(registry).publish(file(), terms.clone()))?;
    stage.measure("", creator, 0, to(registry).change_terms(GATED, terms))?;
    let moved = Content { uri: b"https://ana.example/second.age".to_vec(), ..file() };
    stage.measure("", creator, 0, to(registry).replace_file(GATED, moved))?;
    stage.measure("", ana, 0, to(registry).content_count())?;
    stage.measure("", ana, 0, to(registry).content(GATED))?;
    stage.measure("two rules", ana, 0, to(registry).terms(GATED))?;
    access(&mut stage, registry)?;
    stage.measure("by the registry itself alone", ana, 0, to(registry).balance_at(token, ana))?;
    stage.measure("by the registry itself alone", ana, 0, to(registry).standing_at(vault, ana))?;
    purchase(&mut stage, registry)?;
    owner(&mut stage, registry)
}

/// Whether someone may open content, and why not.
fn access(stage: &mut Stage<'_>, registry: AccountId) -> Result<()> {
    let (ana, ben, cleo) = (stage.world.ana, stage.world.ben, stage.world.cleo);
    stage.measure("everyone", ana, 0, to(registry).has_access(OPEN, ana))?;
    stage.measure("by tokens", ana, 0, to(registry).has_access(GATED, ana))?;
    stage.measure("by a subscription", ben, 0, to(registry).has_access(GATED, ben))?;
    stage.measure("denied", cleo, 0, to(registry).has_access(GATED, cleo))?;
    stage.measure("by tokens", ana, 0, to(registry).check(GATED, ana))?;
    stage.measure("by a subscription", ben, 0, to(registry).check(GATED, ben))?;
    stage.measure("denied", cleo, 0, to(registry).check(GATED, cleo))?;
    stage.measure("two, denied", cleo, 0, to(registry).check_many(vec![OPEN, GATED], cleo))?;
    Ok(())
}

/// Buying access for good.
fn purchase(stage: &mut Stage<'_>, registry: AccountId) -> Result<()> {
    let cleo = stage.world.cleo;
    stage.measure("the first", cleo, UNIT, to(registry).purchase(GATED, cleo, UNIT, 0))?;
    stage.measure("another", cleo, UNIT, to(registry).purchase(GATED, stage.world.ben, UNIT, 0))?;
    stage.measure("", cleo, 0, to(registry).has_bought(GATED, cleo))?;
    stage.measure("bought", cleo, 0, to(registry).has_access(GATED, cleo))?;
    Ok(())
}

/// What the owner does.
fn owner(stage: &mut Stage<'_>, registry: AccountId) -> Result<()> {
    let (ana, ben, cleo, creator) = (stage.world.ana, stage.world.ben, stage.world.cleo, stage.world.creator);
    stage.measure("three accounts", creator, 0, to(registry).set_listed(0, vec![ana, ben, cleo], true))?;
    stage.measure("", ana, 0, to(registry).is_listed(0, ana))?;
    stage.measure("", creator, 0, to(registry).set_manager(ben, true))?;
    stage.measure("", ana, 0, to(registry).is_manager(ben))?;
    stage.measure("", ana, 0, to(registry).manager_count())?;
    stage.measure("", creator, 0, to(registry).set_question_limits(QuestionLimits::MOST))?;
    stage.measure("", ana, 0, to(registry).question_limits())?;
    stage.measure("", creator, 0, ownable(registry).propose_owner(ana))?;
    stage.measure("", ana, 0, ownable(registry).pending_owner())?;
    stage.measure("", ana, 0, ownable(registry).accept_ownership())?;
    stage.measure("", ana, 0, ownable(registry).owner())?;
    Ok(())
}
