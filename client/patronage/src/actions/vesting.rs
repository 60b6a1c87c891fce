//! Creator tokens that are put away for someone and become free with time.

use patronage_interfaces::{
    token::{CreatorToken, Schedule, TokenError, Vesting, VestingStarted},
    AccountId,
};

use super::token::words;
use crate::{
    happenings::event_of,
    plan::{Plan, Step},
    recipients::{checked, Purpose},
    report::{Report, Value},
    session::{Failure, Session},
    suite,
};

/// The sender puts `tokens` away for `beneficiary`.
///
/// # Errors
///
/// When they would be stuck there.
pub fn grant(
    session: &mut Session<'_>,
    beneficiary: AccountId,
    tokens: u128,
    schedule: Schedule,
) -> Result<Plan, Failure> {
    let unit = &session.units.token;
    let quote = Report::new(format!("put {} away", unit.format(tokens)))
        .amount("tokens", tokens, unit)
        .account("beneficiary", beneficiary);
    let quote = with_schedule(quote, &schedule).text("then", "nobody can change it or take it back");
    let quote = checked(session, beneficiary, Purpose::Vesting, quote)?;
    let message = suite::sale(session.suite().token).vest(beneficiary, tokens, schedule);
    Ok(Plan::new(quote, vec![Step::new(0, message, words(session, None))]))
}

/// `beneficiary` gets what is free by now of the tokens that `grantor` has put away. Anyone may send it.
///
/// # Errors
///
/// When nothing is put away.
pub fn release(session: &mut Session<'_>, grantor: AccountId, beneficiary: AccountId) -> Result<Plan, Failure> {
    let vesting = found(session, grantor, beneficiary)?;
    let unit = session.units.token.clone();
    let free = vesting.releasable(session.chain.time()?);
    let left = vesting.tokens.saturating_sub(vesting.released).saturating_sub(free);
    let quote = Report::new("release what has become free")
        .account("grantor", grantor)
        .account("beneficiary", beneficiary)
        .amount("tokens", free, &unit)
        .amount("still_put_away", left, &unit);
    let message = suite::sale(session.suite().token).release(grantor, beneficiary);
    Ok(Plan::new(quote, vec![Step::new(0, message, words(session, None))]))
}

/// The tokens that `grantor` has put away for `beneficiary`.
///
/// # Errors
///
/// When there are none.
pub fn show(session: &mut Session<'_>, grantor: AccountId, beneficiary: AccountId) -> Result<Report, Failure> {
    let vesting = found(session, grantor, beneficiary)?;
    let mut report = described(session, grantor, beneficiary, &vesting)?;
    report.title = "tokens that are put away".to_owned();
    Ok(report)
}

/// All tokens that are put away, in the order in which that was done. The token keeps no list: this reads the chain's history.
///
/// # Errors
///
/// When the chain does not tell its history.
pub fn list(session: &mut Session<'_>) -> Result<Report, Failure> {
    let token = session.suite().token;
    let mut pairs = Vec::new();
    for past in session.chain.history(&[token], session.deployment.block)? {
        let started = event_of::<VestingStarted>(&past.event, token).map(|event| (event.grantor, event.beneficiary));
        pairs.extend(started.filter(|pair| !pairs.contains(pair)));
    }
    let mut all = Vec::new();
    for (grantor, beneficiary) in pairs {
        if let Some(vesting) = session.ask(suite::sale(token).vesting_of(grantor, beneficiary))? {
            all.push(described(session, grantor, beneficiary, &vesting)?);
        }
    }
    Ok(Report::new("tokens that are put away").with("vestings", Value::List(all)))
}

fn found(session: &mut Session<'_>, grantor: AccountId, beneficiary: AccountId) -> Result<Vesting, Failure> {
    let vesting = session.ask(suite::sale(session.suite().token).vesting_of(grantor, beneficiary))?;
    vesting.ok_or_else(|| {
        let words = "no tokens are put away by that account for this one: `patronage vesting` lists all that are";
        Failure::refused(&TokenError::NothingToRelease, words.to_owned())
    })
}

fn described(
    session: &mut Session<'_>,
    grantor: AccountId,
    beneficiary: AccountId,
    vesting: &Vesting,
) -> Result<Report, Failure> {
    let free = vesting.releasable(session.chain.time()?);
    let unit = &session.units.token;
    let report = Report::default()
        .account("grantor", grantor)
        .account("beneficiary", beneficiary)
        .amount("tokens", vesting.tokens, unit)
        .amount("released", vesting.released, unit)
        .amount("can_be_released", free, unit);
    Ok(with_schedule(report, &vesting.schedule))
}

/// `report`, and when the tokens become free.
pub(crate) fn with_schedule(report: Report, schedule: &Schedule) -> Report {
    report
        .with("start", Value::Time(schedule.start))
        .with_some("cliff", (schedule.cliff > schedule.start).then_some(Value::Time(schedule.cliff)))
        .with("end", Value::Time(schedule.end))
}
