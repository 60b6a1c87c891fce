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
use crate::bench_env::{BenchEnv, Record};

/// For everyone.
const OPEN: u32 = 0;
/// For holders of ten tokens, for subscribers, and for sale.
const GATED: u32 = 1;

/// Measures the content registry.
pub fn measure(record: &mut Record) -> Result<()> {
    let mut env = BenchEnv::new(record);
    let token = env.prepare("creator_token", &token_terms())?;
    let vault = env.prepare("patronage_vault", &vault_terms(vec![tier_terms(PRICE, 1)], &[]))?;
    let registry = env.deploy("content_registry", &Some(vault))?;
    let (ana, ben, creator) = (env.env.ana, env.env.ben, env.env.creator);
    env.run(ana, 100 * UNIT, sale(token).buy(ana, 0, None))?;
    env.run(ben, PRICE, to_vault(vault).subscribe(0, ben, 0, PRICE))?;
    env.measure("", creator, 0, to(registry).set_vault(Some(vault)))?;
    env.measure("", ana, 0, to(registry).vault())?;

    env.measure("for everyone", creator, 0, to(registry).publish(file(), Audience::Everyone.into()))?;
    let rules = any_of(&[&[holds(token, 10 * TOKEN)], &[subscribed(vault, 1)]]);
    let terms = Terms { price: Some(UNIT), ..rules.into() };
    env.measure("two rules", creator, 0, to(registry).publish(file(), terms.clone()))?;
    env.measure("", creator, 0, to(registry).change_terms(GATED, terms))?;
    let moved = Content { uri: b"https://ana.example/second.age".to_vec(), ..file() };
    env.measure("", creator, 0, to(registry).replace_file(GATED, moved))?;
    env.measure("", ana, 0, to(registry).content_count())?;
    env.measure("", ana, 0, to(registry).content(GATED))?;
    env.measure("two rules", ana, 0, to(registry).terms(GATED))?;
    access(&mut env, registry)?;
    env.measure("by the registry itself alone", ana, 0, to(registry).balance_at(token, ana))?;
    env.measure("by the registry itself alone", ana, 0, to(registry).standing_at(vault, ana))?;
    purchase(&mut env, registry)?;
    owner(&mut env, registry)
}

/// Queries about access, with and without reasons.
fn access(env: &mut BenchEnv<'_>, registry: AccountId) -> Result<()> {
    let (ana, ben, cleo) = (env.env.ana, env.env.ben, env.env.cleo);
    env.measure("everyone", ana, 0, to(registry).has_access(OPEN, ana))?;
    env.measure("by tokens", ana, 0, to(registry).has_access(GATED, ana))?;
    env.measure("by a subscription", ben, 0, to(registry).has_access(GATED, ben))?;
    env.measure("denied", cleo, 0, to(registry).has_access(GATED, cleo))?;
    env.measure("by tokens", ana, 0, to(registry).check(GATED, ana))?;
    env.measure("by a subscription", ben, 0, to(registry).check(GATED, ben))?;
    env.measure("denied", cleo, 0, to(registry).check(GATED, cleo))?;
    env.measure("two, denied", cleo, 0, to(registry).check_many(vec![OPEN, GATED], cleo))?;
    Ok(())
}

/// Purchases.
fn purchase(env: &mut BenchEnv<'_>, registry: AccountId) -> Result<()> {
    let cleo = env.env.cleo;
    env.measure("the first", cleo, UNIT, to(registry).purchase(GATED, cleo, UNIT, 0))?;
    env.measure("another", cleo, UNIT, to(registry).purchase(GATED, env.env.ben, UNIT, 0))?;
    env.measure("", cleo, 0, to(registry).has_bought(GATED, cleo))?;
    env.measure("bought", cleo, 0, to(registry).has_access(GATED, cleo))?;
    Ok(())
}

/// Messages of the owner.
fn owner(env: &mut BenchEnv<'_>, registry: AccountId) -> Result<()> {
    let (ana, ben, cleo, creator) = (env.env.ana, env.env.ben, env.env.cleo, env.env.creator);
    env.measure("three accounts", creator, 0, to(registry).set_listed(0, vec![ana, ben, cleo], true))?;
    env.measure("", ana, 0, to(registry).is_listed(0, ana))?;
    env.measure("", creator, 0, to(registry).set_manager(ben, true))?;
    env.measure("", ana, 0, to(registry).is_manager(ben))?;
    env.measure("", ana, 0, to(registry).manager_count())?;
    env.measure("", creator, 0, to(registry).set_question_limits(QuestionLimits::MOST))?;
    env.measure("", ana, 0, to(registry).question_limits())?;
    env.measure("", creator, 0, ownable(registry).propose_owner(ana))?;
    env.measure("", ana, 0, ownable(registry).pending_owner())?;
    env.measure("", ana, 0, ownable(registry).accept_ownership())?;
    env.measure("", ana, 0, ownable(registry).owner())?;
    Ok(())
}
