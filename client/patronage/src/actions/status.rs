//! Status reports of a creator and of a fan.

use patronage_chain::Messages;
use patronage_interfaces::{
    ownable::Ownable,
    patronage::Patronage,
    registry::ContentRegistry,
    token::CreatorToken,
    vault::{Asset, PatronageVault},
    AccountId,
};
use psp22::{PSP22Metadata, PSP22};

use crate::{
    client::Client,
    contracts::{self, Contracts},
    error::Error,
    foreign,
    report::{Report, Value},
};

/// The creator's offers, income and obligations, in each of [`assets`](super::income::assets).
///
/// # Errors
///
/// If a contract returns no answer.
pub fn of_creator(client: &mut Client<'_>, others: &[AccountId]) -> Result<Report, Error> {
    let Contracts { token, vault, registry } = client.contracts();
    let owner = client.query(contracts::ownable(vault).owner())?;
    let proposed = client.query(contracts::ownable(vault).pending_owner())?;
    let owners = match super::ownership::is_one(client)? {
        true => None,
        false => super::ownership::show(client)?.get("contracts").cloned(),
    };
    let sale = client.query(contracts::sale(token).curve())?;
    let name = client.query(contracts::psp22_metadata(token).token_name())?;
    let price = client.query(contracts::sale(token).spot_price())?;
    let fees = client.query(contracts::sale(token).claimable(vault))?;
    let settings = client.query(contracts::vault(vault).settings())?;
    let owed = client.query(contracts::vault(vault).obligations(Asset::Native))?;
    let held = client.chain.balance_of(&vault)?;
    let content = super::content::count(client)?;
    let time = client.chain.time()?;
    let units = client.units.clone();
    let report = Report::new(format!("the creator of {}", units.token.symbol))
        .account("creator", owner)
        .with_some("proposed_owner", proposed.map(Value::Account))
        .with_some("owners", owners)
        .with("time", Value::Time(time))
        .with_some("token_name", name.map(Value::Text))
        .account("token", token)
        .account("vault", vault)
        .account("registry", registry)
        .amount("price", price, &units.native)
        .with("buy_fee", Value::Part(sale.buy_fee_bp))
        .with("sell_fee", Value::Part(sale.sell_fee_bp))
        .with_some("referral_share", (sale.referral_bp > 0).then_some(Value::Part(sale.referral_bp)));
    let guard = sale.launch_guard;
    let report = match time < guard.until {
        true => report
            .amount("launch_limit_per_account", guard.max_tokens, &units.token)
            .with("launch_limit_until", Value::Time(guard.until)),
        false => report,
    };
    let report = report
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
    let mut in_tokens = Vec::new();
    for asset in super::income::assets(client, others)? {
        in_tokens.extend(held_in(client, asset)?);
    }
    let report = report.with_some("in_tokens", (!in_tokens.is_empty()).then_some(Value::List(in_tokens)));
    let tiers = super::tiers::list(client)?;
    let report = report.with_some("tiers", tiers.get("tiers").cloned());
    let splits = super::income::splits(client)?;
    let report = report.with_some("shares", splits.get("shares").cloned());
    Ok(report.with_some("stakers", splits.get("stakers").cloned()))
}

/// The vault's holdings and obligations in a token. Returns `None` if it owes nothing, or for the chain's own token.
fn held_in(client: &mut Client<'_>, asset: Asset) -> Result<Option<Report>, Error> {
    let (Asset::Psp22(token), vault) = (asset, client.contracts().vault) else { return Ok(None) };
    let owed = client.query(contracts::vault(vault).obligations(asset))?;
    if owed.total() == 0 {
        return Ok(None);
    }
    let held = foreign::answered(client.chain.query_untrusted(contracts::psp22(token).balance_of(vault)))?;
    let unit = client.unit(&asset)?;
    let held = held.map_or_else(
        || Value::Text("unknown: the token returns no answer".to_owned()),
        |held| Value::Amount(held, unit.clone()),
    );
    Ok(Some(
        Report::default()
            .account("token", token)
            .with("vault_holds", held)
            .amount("owed_for_subscriptions", owed.streams, &unit)
            .amount("income_not_claimed", owed.unclaimed, &unit)
            .amount("refunds_that_wait", owed.credits, &unit)
            .amount("stakes", owed.stakes, &unit),
    ))
}

/// The balances, the subscription and the claims of `who`, in each of [`assets`](super::income::assets).
///
/// # Errors
///
/// If a contract returns no answer.
pub fn of_fan(client: &mut Client<'_>, who: AccountId, others: &[AccountId]) -> Result<Report, Error> {
    let Contracts { vault, registry, .. } = client.contracts();
    let units = client.units.clone();
    let time = client.chain.time()?;
    let tokens = client.tokens_of(who)?;
    let standing = client.query(contracts::patronage(vault).standing_of(who))?;
    let fan = client.query(contracts::vault(vault).fan(who))?;
    let stake = fan.stake.unwrap_or_default();
    let mut report = Report::new("account")
        .account("account", who)
        .with("time", Value::Time(time))
        .amount("balance", client.chain.balance_of(&who)?, &units.native)
        .amount("tokens", tokens, &units.token)
        .amount("staked", stake.staked, &units.token)
        .amount("unstaking", stake.unstaking, &units.token)
        .with_some("unstaked_ready", (stake.unstaking > 0).then_some(Value::Time(stake.ready)))
        .amount("tipped", standing.tipped, &units.native);
    match fan.subscription {
        Some(subscription) => {
            let (_, unit) = client.tier(subscription.tier)?;
            let refund = client.query(contracts::vault(vault).refund_of(who))?;
            report = report
                .text("subscribed_to", client.tier_name(subscription.tier))
                .with("level", Value::Number(standing.level.into()))
                .amount("agreed_price", subscription.stream.price, &unit)
                .with("since", Value::Time(subscription.since))
                .with("until", Value::Time(subscription.stream.end))
                .with("running", Value::Flag(time < subscription.stream.end))
                .amount("refund_if_cancelled_now", refund, &unit);
            if subscription.stream.minimum > 0 {
                report = report.amount("not_refundable", subscription.stream.minimum, &unit);
            }
        }
        None => report = report.text("subscribed_to", "nothing"),
    }
    let (mut tips, mut claimable, mut credits) = (Vec::new(), Vec::new(), Vec::new());
    let mut stake_income = Vec::new();
    let versions = client.query(contracts::vault(vault).splits_version())?;
    for asset in super::income::assets(client, others)? {
        let unit = client.unit(&asset)?;
        let tipped = client.query(contracts::vault(vault).tipped_of(who, asset))?;
        if tipped > 0 && asset != Asset::Native {
            tips.push(Report::default().amount("amount", tipped, &unit));
        }
        let mut waiting = 0_u128;
        for version in 0..=versions {
            let part = client.query(contracts::vault(vault).claimable_of(who, asset, version))?;
            waiting = waiting.saturating_add(part);
        }
        if waiting > 0 {
            claimable.push(Report::default().amount("amount", waiting, &unit));
        }
        let earned = client.query(contracts::vault(vault).stake_income_of(who, asset))?;
        if earned > 0 {
            stake_income.push(Report::default().amount("amount", earned, &unit));
        }
        let credit = client.query(contracts::vault(vault).credit_of(who, asset))?;
        if credit > 0 {
            credits.push(Report::default().amount("amount", credit, &unit));
        }
    }
    let fees = client.query(contracts::sale(client.contracts().token).claimable(who))?;
    let manager = client.query(contracts::registry(registry).is_manager(who))?;
    Ok(report
        .with_some("tipped_in_tokens", (!tips.is_empty()).then_some(Value::List(tips)))
        .with_some("income_to_claim", (!claimable.is_empty()).then_some(Value::List(claimable)))
        .with_some("stake_income_to_claim", (!stake_income.is_empty()).then_some(Value::List(stake_income)))
        .with_some("refunds_to_withdraw", (!credits.is_empty()).then_some(Value::List(credits)))
        .with_some("token_fees_to_claim", (fees > 0).then(|| Value::Amount(fees, units.native.clone())))
        .with_some("manager_of_the_content", manager.then_some(Value::Flag(true))))
}
