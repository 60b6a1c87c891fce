//! Vesting of creator tokens.

use patronage_interfaces::{
    token::{CreatorToken, Schedule, TokenError, Vesting, VestingStarted},
    AccountId,
};

use super::token::error_message;
use crate::{
    client::Client,
    contracts,
    error::Error,
    events::event_of,
    plan::{Tx, TxPlan},
    recipients::{checked, Purpose},
    report::{Report, Value},
};

/// The sender puts `tokens` under vesting for `beneficiary`.
///
/// # Errors
///
/// If `beneficiary` can't use the tokens.
pub fn grant(
    client: &mut Client<'_>,
    beneficiary: AccountId,
    tokens: u128,
    schedule: Schedule,
) -> Result<TxPlan, Error> {
    let unit = &client.units.token;
    let quote = Report::new(format!("vest {}", unit.format(tokens)))
        .amount("tokens", tokens, unit)
        .account("beneficiary", beneficiary);
    let quote = with_schedule(quote, &schedule).text("then", "nobody can change or revoke it");
    let quote = checked(client, beneficiary, Purpose::Vesting, quote)?;
    let message = contracts::sale(client.contracts().token).vest(beneficiary, tokens, schedule);
    Ok(TxPlan::new(quote, vec![Tx::new(0, message, error_message(client, None))]))
}

/// Releases vested tokens of `grantor` to `beneficiary`. Anyone may send this.
///
/// # Errors
///
/// If there is no such vesting.
pub fn release(client: &mut Client<'_>, grantor: AccountId, beneficiary: AccountId) -> Result<TxPlan, Error> {
    let vesting = found(client, grantor, beneficiary)?;
    let unit = client.units.token.clone();
    let free = vesting.releasable(client.chain.time()?);
    let left = vesting.tokens.saturating_sub(vesting.released).saturating_sub(free);
    let quote = Report::new("release vested tokens")
        .account("grantor", grantor)
        .account("beneficiary", beneficiary)
        .amount("tokens", free, &unit)
        .amount("not_vested_yet", left, &unit);
    let message = contracts::sale(client.contracts().token).release(grantor, beneficiary);
    Ok(TxPlan::new(quote, vec![Tx::new(0, message, error_message(client, None))]))
}

/// Shows the vesting of `grantor` for `beneficiary`.
///
/// # Errors
///
/// If there is none.
pub fn show(client: &mut Client<'_>, grantor: AccountId, beneficiary: AccountId) -> Result<Report, Error> {
    let vesting = found(client, grantor, beneficiary)?;
    let mut report = described(client, grantor, beneficiary, &vesting)?;
    report.title = "vesting".to_owned();
    Ok(report)
}

/// Lists all vestings in the order of their creation. The token can't enumerate them, so this reads the chain's history.
///
/// # Errors
///
/// If the history of the chain can't be read.
pub fn list(client: &mut Client<'_>) -> Result<Report, Error> {
    let token = client.contracts().token;
    let mut pairs = Vec::new();
    for past in client.chain.history(&[token], client.deployment.block..=u32::MAX)? {
        let started = event_of::<VestingStarted>(&past.event, token).map(|event| (event.grantor, event.beneficiary));
        pairs.extend(started.filter(|pair| !pairs.contains(pair)));
    }
    let mut all = Vec::new();
    for (grantor, beneficiary) in pairs {
        if let Some(vesting) = client.query(contracts::sale(token).vesting_of(grantor, beneficiary))? {
            all.push(described(client, grantor, beneficiary, &vesting)?);
        }
    }
    Ok(Report::new("vestings").with("vestings", Value::List(all)))
}

fn found(client: &mut Client<'_>, grantor: AccountId, beneficiary: AccountId) -> Result<Vesting, Error> {
    let vesting = client.query(contracts::sale(client.contracts().token).vesting_of(grantor, beneficiary))?;
    vesting.ok_or_else(|| {
        let message = "that account has no vesting for this one: `patronage vesting` lists all vestings";
        Error::refused(&TokenError::NothingToRelease, message.to_owned())
    })
}

fn described(
    client: &mut Client<'_>,
    grantor: AccountId,
    beneficiary: AccountId,
    vesting: &Vesting,
) -> Result<Report, Error> {
    let free = vesting.releasable(client.chain.time()?);
    let unit = &client.units.token;
    let report = Report::default()
        .account("grantor", grantor)
        .account("beneficiary", beneficiary)
        .amount("tokens", vesting.tokens, unit)
        .amount("released", vesting.released, unit)
        .amount("releasable", free, unit);
    Ok(with_schedule(report, &vesting.schedule))
}

/// Appends the vesting schedule to `report`.
pub(crate) fn with_schedule(report: Report, schedule: &Schedule) -> Report {
    report
        .with("start", Value::Time(schedule.start))
        .with_some("cliff", (schedule.cliff > schedule.start).then_some(Value::Time(schedule.cliff)))
        .with("end", Value::Time(schedule.end))
}
