//! Staking, unstaking and withdrawing.

use patronage_chain::Messages;
use patronage_core::streams::EPOCH;
use patronage_interfaces::{
    token::CreatorToken,
    vault::{Asset, PatronageVault},
    AccountId,
};

use super::{paying, skipped::Skipped};
use crate::{
    client::Client,
    contracts,
    error::Error,
    messages,
    plan::{Tx, TxPlan},
    report::{Report, Value},
};

/// `fan` stakes `tokens` in the vault.
///
/// # Errors
///
/// If `fan` has fewer.
pub fn stake(client: &mut Client<'_>, fan: AccountId, tokens: u128) -> Result<TxPlan, Error> {
    let (token, unit) = (client.contracts().token, client.units.token.clone());
    let vault = client.contracts().vault;
    let settings = client.query(contracts::vault(vault).settings())?;
    let version = client.query(contracts::vault(vault).splits_version())?;
    let splits = client.query(contracts::vault(vault).splits(version))?;
    let mut quote = Report::new(format!("stake {}", unit.format(tokens)))
        .amount("tokens", tokens, &unit)
        .with("wait_after_unstaking", Value::Duration(settings.cooldown));
    if splits.stakers > 0 {
        // The next midnight.
        let counts_from = (client.chain.time()? / EPOCH).saturating_add(1).saturating_mul(EPOCH);
        quote = quote
            .with("stakers_share_of_the_income", Value::Part(splits.stakers))
            .with("counts_for_it_from", Value::Time(counts_from));
    }
    let message = contracts::vault(client.contracts().vault).stake(tokens);
    let error_unit = unit.clone();
    paying(client, fan, quote, (Asset::Psp22(token), tokens, unit), message, move |error| {
        messages::vault(error, &error_unit)
    })
}

/// The sender unstakes `tokens`. They can be withdrawn after the cooldown.
///
/// # Errors
///
/// If the vault returns no answer.
pub fn unstake(client: &mut Client<'_>, tokens: u128) -> Result<TxPlan, Error> {
    let unit = client.units.token.clone();
    let settings = client.query(contracts::vault(client.contracts().vault).settings())?;
    let ready = client.chain.time()?.saturating_add(settings.cooldown);
    let quote = Report::new(format!("unstake {}", unit.format(tokens)))
        .amount("tokens", tokens, &unit)
        .with("ready", Value::Time(ready))
        .text("then", "withdraw them with `patronage withdraw`");
    let message = contracts::vault(client.contracts().vault).unstake(tokens);
    Ok(TxPlan::new(quote, vec![Tx::new(0, message, move |error| messages::vault(error, &unit))]))
}

/// Storage deposit in planck of the record that the token keeps of `who` for a launch guard that has ended.
fn guard_deposit(client: &mut Client<'_>, who: AccountId) -> Result<Option<u128>, Error> {
    let guard = client.query(contracts::sale(client.contracts().token).curve())?.launch_guard;
    if guard.until == 0 || guard.is_active(client.chain.time()?) {
        return Ok(None);
    }
    let message = contracts::sale(client.contracts().token).prune_bought(who);
    let deposit = client.chain.preview(&who, 0, message)?.deposit;
    Ok((deposit < 0).then_some(deposit.unsigned_abs()))
}

/// `who` withdraws refunds in each of [`assets`](super::income::assets), unstaked tokens after their cooldown, and the deposit of the
/// record for a launch guard that has ended.
///
/// # Errors
///
/// If there is nothing to withdraw.
pub fn withdraw(client: &mut Client<'_>, who: AccountId, others: &[AccountId]) -> Result<TxPlan, Error> {
    let vault = client.contracts().vault;
    let mut quote = Report::new("withdraw");
    let mut txs = Vec::new();
    let (mut refunds, mut skipped) = (Vec::new(), Skipped::default());
    for asset in super::income::assets(client, others)? {
        let waiting = client.query(contracts::vault(vault).credit_of(who, asset))?;
        if waiting == 0 {
            continue;
        }
        let unit = client.unit(&asset)?;
        let part = Report::default().amount("amount", waiting, &unit);
        let tx = Tx::new(0, contracts::vault(vault).withdraw(asset), move |error| messages::vault(error, &unit));
        if skipped.includes(client, who, asset, &tx, &part)? {
            refunds.push(part);
            txs.push(tx);
        }
    }
    quote = skipped.add_to(quote.with("refunds", Value::List(refunds)));
    let stake = client.query(contracts::vault(vault).fan(who))?.stake.unwrap_or_default();
    let unit = client.units.token.clone();
    if stake.unstaking > 0 && stake.ready <= client.chain.time()? {
        quote = quote.amount("unstaked", stake.unstaking, &unit);
        txs.push(Tx::new(0, contracts::vault(vault).withdraw_stake(), move |error| messages::vault(error, &unit)));
    } else if stake.unstaking > 0 {
        quote = quote.amount("still_waiting", stake.unstaking, &unit).with("ready", Value::Time(stake.ready));
    }
    if let Some(deposit) = guard_deposit(client, who)? {
        let (native, units) = (client.units.native.clone(), client.units.clone());
        quote = quote.amount("deposit_of_the_launch_guard", deposit, &native);
        let message = contracts::sale(client.contracts().token).prune_bought(who);
        txs.push(Tx::new(0, message, move |error| messages::sale(error, &units)));
    }
    match (txs.is_empty(), stake.unstaking) {
        (false, _) => Ok(TxPlan::new(quote, txs)),
        (true, _) if skipped.is_some() => Err(skipped.into_error()),
        (true, 0) => {
            Err(Error::Request("nothing to withdraw: this account has no refund and no unstaked tokens".to_owned()))
        }
        (true, unstaking) => Err(Error::Request(format!(
            "{} can be withdrawn from {} on: wait",
            client.units.token.format(unstaking),
            patronage_chain::units::format_time(stake.ready)
        ))),
    }
}
