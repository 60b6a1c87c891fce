//! Allowances: how many of an account's creator tokens another may take.

use patronage_interfaces::AccountId;
use psp22::{PSP22Error, PSP22};

use crate::{
    explain,
    plan::{Plan, Step},
    recipients::{checked, Purpose},
    report::{Report, Value},
    session::{Failure, Session},
    suite,
};

/// How an allowance changes, by smallest units or to them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// To so many, whatever it was.
    To(u128),
    /// By so many more.
    More(u128),
    /// By so many fewer.
    Fewer(u128),
}

/// How many tokens of `owner` the account `spender` may take.
///
/// # Errors
///
/// When the token gives no answer.
pub fn show(session: &mut Session<'_>, owner: AccountId, spender: AccountId) -> Result<Report, Failure> {
    let allowed = allowed(session, owner, spender)?;
    Ok(Report::new("allowance").account("owner", owner).account("spender", spender).amount(
        "allowance",
        allowed,
        &session.units.token,
    ))
}

/// `owner` lets `spender` take more or fewer tokens.
///
/// # Errors
///
/// When the token gives no answer, the allowance can't change so, or nobody could use it.
pub fn change(
    session: &mut Session<'_>,
    owner: AccountId,
    spender: AccountId,
    change: Change,
) -> Result<Plan, Failure> {
    let now = allowed(session, owner, spender)?;
    let unit = session.units.token.clone();
    let token = || suite::psp22(session.suite().token);
    let fewer = format!("only {} are allowed: take back no more than that", unit.format(now));
    let refused = {
        let unit = unit.clone();
        move |error: &PSP22Error| match error {
            PSP22Error::InsufficientAllowance => fewer.clone(),
            other => explain::psp22(other, &unit),
        }
    };
    let (later, step) = match change {
        Change::To(amount) => (Some(amount), Step::new(0, token().approve(spender, amount), refused)),
        Change::More(amount) => {
            (now.checked_add(amount), Step::new(0, token().increase_allowance(spender, amount), refused))
        }
        Change::Fewer(amount) => {
            // What is more than all is refused by the token.
            (Some(now.saturating_sub(amount)), Step::new(0, token().decrease_allowance(spender, amount), refused))
        }
    };
    let later = later
        .ok_or_else(|| Failure::Request("nobody can allow so much: take less, or approve an amount".to_owned()))?;
    let quote = Report::new("change an allowance")
        .account("spender", spender)
        .amount("allowed_until_now", now, &unit)
        .with("allowed_then", Value::Amount(later, unit));
    // What was allowed can be taken back from anyone.
    let quote = match change {
        Change::Fewer(_) | Change::To(0) => quote,
        Change::To(_) | Change::More(_) => checked(session, spender, Purpose::Allowance, quote)?,
    };
    Ok(Plan::new(quote, vec![step]))
}

/// How many smallest units of `owner` the account `spender` may take.
pub(super) fn allowed(session: &mut Session<'_>, owner: AccountId, spender: AccountId) -> Result<u128, Failure> {
    session.ask(suite::psp22(session.suite().token).allowance(owner, spender))
}
