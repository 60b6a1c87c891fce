//! How things stand, for the creator and for a fan.

use patronage_interfaces::{
    patronage::Patronage,
    token::CreatorToken,
    vault::{Asset, PatronageVault},
    AccountId,
};

use crate::{
    report::{Report, Value},
    session::{Failure, Session},
    suite::{self, Suite},
};

/// What the creator has on offer, what came in, and what the contracts owe.
///
/// # Errors
///
/// When a contract gives no answer.
pub fn of_creator(session: &mut Session<'_>) -> Result<Report, Failure> {
    let Suite { token, vault, registry } = session.suite();
    let owner = session.ask(suite::vault(vault).owner())?;
    let sale = session.ask(suite::sale(token).curve())?;
    let price = session.ask(suite::sale(token).spot_price())?;
    let fees = session.ask(suite::sale(token).claimable(vault))?;
    let settings = session.ask(suite::vault(vault).settings())?;
    let owed = session.ask(suite::vault(vault).obligations(Asset::Native))?;
    let held = session.chain.balance_of(&vault)?;
    let content = super::content::count(session)?;
    let time = session.chain.time()?;
    let units = session.units.clone();
    let report = Report::new(format!("the creator of {}", units.token.symbol))
        .account("creator", owner)
        .with("time", Value::Time(time))
        .account("token", token)
        .account("vault", vault)
        .account("registry", registry)
        .amount("price", price, &units.native)
        .with("buy_fee", Value::Part(sale.buy_fee_bp))
        .with("sell_fee", Value::Part(sale.sell_fee_bp))
        .amount("supply", sale.supply(), &units.token)
        .amount("left_to_sell", sale.available(), &units.token)
        .amount("reserve", sale.reserve, &units.native)
        .amount("token_fees_to_collect", fees, &units.native)
        .amount("vault_holds", held, &units.native)
        .amount("owed_for_subscriptions", owed.streams, &units.native)
        .amount("income_not_claimed", owed.unclaimed, &units.native)
        .amount("refunds_that_wait", owed.credits, &units.native)
        .with("buying_paused", Value::Flag(sale.paused))
        .with("vault_paused", Value::Flag(settings.paused))
        .with("content_count", Value::Number(content.into()));
    let tiers = super::tiers::list(session)?;
    let report = report.with_some("tiers", tiers.get("tiers").cloned());
    let splits = super::income::splits(session)?;
    Ok(report.with_some("shares", splits.get("shares").cloned()))
}

/// What `who` has, holds and can get.
///
/// # Errors
///
/// When a contract gives no answer.
pub fn of_fan(session: &mut Session<'_>, who: AccountId) -> Result<Report, Failure> {
    let vault = session.suite().vault;
    let units = session.units.clone();
    let time = session.chain.time()?;
    let tokens = session.tokens_of(who)?;
    let standing = session.ask(suite::patronage(vault).standing_of(who))?;
    let fan = session.ask(suite::vault(vault).fan(who))?;
    let stake = fan.stake.unwrap_or_default();
    let mut report = Report::new("account")
        .account("account", who)
        .with("time", Value::Time(time))
        .amount("balance", session.chain.balance_of(&who)?, &units.native)
        .amount("tokens", tokens, &units.token)
        .amount("staked", stake.staked, &units.token)
        .amount("unstaking", stake.unstaking, &units.token)
        .with_some("unstaked_ready", (stake.unstaking > 0).then_some(Value::Time(stake.ready)))
        .amount("tipped", standing.tipped, &units.native);
    match fan.subscription {
        Some(subscription) => {
            let (_, unit) = session.tier(subscription.tier)?;
            let refund = session.ask(suite::vault(vault).refund_of(who))?;
            report = report
                .text("subscribed_to", session.tier_name(subscription.tier))
                .with("level", Value::Number(standing.level.into()))
                .amount("agreed_price", subscription.stream.price, &unit)
                .with("since", Value::Time(subscription.since))
                .with("until", Value::Time(subscription.stream.end))
                .with("running", Value::Flag(time < subscription.stream.end))
                .amount("refund_if_cancelled_now", refund, &unit);
        }
        None => report = report.text("subscribed_to", "nothing"),
    }
    let (mut claimable, mut credits) = (Vec::new(), Vec::new());
    let versions = session.ask(suite::vault(vault).splits_version())?;
    for asset in super::income::assets(session)? {
        let unit = session.unit(&asset)?;
        let mut waiting = 0_u128;
        for version in 0..=versions {
            let part = session.ask(suite::vault(vault).claimable_of(who, asset, version))?;
            waiting = waiting.saturating_add(part);
        }
        if waiting > 0 {
            claimable.push(Report::default().amount("amount", waiting, &unit));
        }
        let credit = session.ask(suite::vault(vault).credit_of(who, asset))?;
        if credit > 0 {
            credits.push(Report::default().amount("amount", credit, &unit));
        }
    }
    let fees = session.ask(suite::sale(session.suite().token).claimable(who))?;
    Ok(report
        .with_some("income_to_claim", (!claimable.is_empty()).then_some(Value::List(claimable)))
        .with_some("refunds_to_withdraw", (!credits.is_empty()).then_some(Value::List(credits)))
        .with_some("token_fees_to_claim", (fees > 0).then(|| Value::Amount(fees, units.native.clone()))))
}
