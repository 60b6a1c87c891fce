//! Stakes, and taking out what waits.

use patronage_chain::Messages;
use patronage_core::streams::EPOCH;
use patronage_interfaces::{
    token::CreatorToken,
    vault::{Asset, PatronageVault},
    AccountId,
};

use super::{foreign_part::LeftOut, paying};
use crate::{
    explain,
    plan::{Plan, Step},
    report::{Report, Value},
    session::{Failure, Session},
    suite,
};

/// `fan` locks `tokens` in the vault.
///
/// # Errors
///
/// When `fan` has fewer.
pub fn stake(session: &mut Session<'_>, fan: AccountId, tokens: u128) -> Result<Plan, Failure> {
    let (token, unit) = (session.suite().token, session.units.token.clone());
    let vault = session.suite().vault;
    let settings = session.ask(suite::vault(vault).settings())?;
    let version = session.ask(suite::vault(vault).splits_version())?;
    let splits = session.ask(suite::vault(vault).splits(version))?;
    let mut quote = Report::new(format!("stake {}", unit.format(tokens)))
        .amount("tokens", tokens, &unit)
        .with("wait_after_unstaking", Value::Duration(settings.cooldown));
    if splits.stakers > 0 {
        // The midnight after now.
        let counts_from = (session.chain.time()? / EPOCH).saturating_add(1).saturating_mul(EPOCH);
        quote = quote
            .with("stakers_share_of_the_income", Value::Part(splits.stakers))
            .with("counts_for_it_from", Value::Time(counts_from));
    }
    let message = suite::vault(session.suite().vault).stake(tokens);
    let words = unit.clone();
    paying(session, fan, quote, (Asset::Psp22(token), tokens, unit), message, move |error| {
        explain::vault(error, &words)
    })
}

/// The sender begins to unlock `tokens`.
///
/// # Errors
///
/// When the vault gives no answer.
pub fn unstake(session: &mut Session<'_>, tokens: u128) -> Result<Plan, Failure> {
    let unit = session.units.token.clone();
    let settings = session.ask(suite::vault(session.suite().vault).settings())?;
    let ready = session.chain.time()?.saturating_add(settings.cooldown);
    let quote = Report::new(format!("unstake {}", unit.format(tokens)))
        .amount("tokens", tokens, &unit)
        .with("ready", Value::Time(ready))
        .text("then", "take them out with `patronage withdraw`");
    let message = suite::vault(session.suite().vault).unstake(tokens);
    Ok(Plan::new(quote, vec![Step::new(0, message, move |error| explain::vault(error, &unit))]))
}

/// Deposit in planck of what the token still keeps of the purchases of `who` under a launch guard that has ended.
fn guard_deposit(session: &mut Session<'_>, who: AccountId) -> Result<Option<u128>, Failure> {
    let guard = session.ask(suite::sale(session.suite().token).curve())?.launch_guard;
    if guard.until == 0 || guard.is_active(session.chain.time()?) {
        return Ok(None);
    }
    let message = suite::sale(session.suite().token).prune_bought(who);
    let deposit = session.chain.preview(&who, 0, message)?.deposit;
    Ok((deposit < 0).then_some(deposit.unsigned_abs()))
}

/// `who` takes out refunds that wait, in every asset that the vault knows and in the tokens `others`, unstaked tokens that are
/// ready, and what the token keeps for a launch guard that has ended.
///
/// # Errors
///
/// When there is nothing to take out.
pub fn withdraw(session: &mut Session<'_>, who: AccountId, others: &[AccountId]) -> Result<Plan, Failure> {
    let vault = session.suite().vault;
    let mut quote = Report::new("withdraw");
    let mut steps = Vec::new();
    let (mut refunds, mut left) = (Vec::new(), LeftOut::default());
    for asset in super::income::assets(session, others)? {
        let waiting = session.ask(suite::vault(vault).credit_of(who, asset))?;
        if waiting == 0 {
            continue;
        }
        let unit = session.unit(&asset)?;
        let part = Report::default().amount("amount", waiting, &unit);
        let step = Step::new(0, suite::vault(vault).withdraw(asset), move |error| explain::vault(error, &unit));
        if left.takes(session, who, asset, &step, &part)? {
            refunds.push(part);
            steps.push(step);
        }
    }
    quote = left.told(quote.with("refunds", Value::List(refunds)));
    let stake = session.ask(suite::vault(vault).fan(who))?.stake.unwrap_or_default();
    let unit = session.units.token.clone();
    if stake.unstaking > 0 && stake.ready <= session.chain.time()? {
        quote = quote.amount("unstaked", stake.unstaking, &unit);
        steps.push(Step::new(0, suite::vault(vault).withdraw_stake(), move |error| explain::vault(error, &unit)));
    } else if stake.unstaking > 0 {
        quote = quote.amount("still_waiting", stake.unstaking, &unit).with("ready", Value::Time(stake.ready));
    }
    if let Some(deposit) = guard_deposit(session, who)? {
        let (native, units) = (session.units.native.clone(), session.units.clone());
        quote = quote.amount("deposit_of_the_launch_guard", deposit, &native);
        let message = suite::sale(session.suite().token).prune_bought(who);
        steps.push(Step::new(0, message, move |error| explain::sale(error, &units)));
    }
    match (steps.is_empty(), stake.unstaking) {
        (false, _) => Ok(Plan::new(quote, steps)),
        (true, _) if left.is_some() => Err(left.failure()),
        (true, 0) => Err(Failure::Request(
            "there is nothing to withdraw: no refund waits for this account, and nothing was unstaked".to_owned(),
        )),
        (true, unstaking) => Err(Failure::Request(format!(
            "{} can be taken out from {} on: wait",
            session.units.token.format(unstaking),
            patronage_chain::units::format_time(stake.ready)
        ))),
    }
}
