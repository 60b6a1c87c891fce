//! Allowances of creator tokens.

use patronage_interfaces::AccountId;
use psp22::{PSP22Error, PSP22};

use crate::{
    client::Client,
    contracts,
    error::Error,
    messages,
    plan::{Tx, TxPlan},
    recipients::{checked, Purpose},
    report::{Report, Value},
};

/// A change of an allowance, in smallest units.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// Sets the allowance.
    To(u128),
    /// Increases the allowance.
    More(u128),
    /// Decreases the allowance.
    Fewer(u128),
}

/// Shows how many tokens of `owner` the account `spender` may transfer.
///
/// # Errors
///
/// If the token returns no answer.
pub fn show(client: &mut Client<'_>, owner: AccountId, spender: AccountId) -> Result<Report, Error> {
    let allowed = allowed(client, owner, spender)?;
    Ok(Report::new("allowance").account("owner", owner).account("spender", spender).amount(
        "allowance",
        allowed,
        &client.units.token,
    ))
}

/// `owner` changes the allowance of `spender`.
///
/// # Errors
///
/// If the token returns no answer, the allowance would overflow, or `spender` can't use it.
pub fn change(client: &mut Client<'_>, owner: AccountId, spender: AccountId, change: Change) -> Result<TxPlan, Error> {
    let now = allowed(client, owner, spender)?;
    let unit = client.units.token.clone();
    let token = || contracts::psp22(client.contracts().token);
    let fewer = format!("the allowance is {}: decrease it by at most that", unit.format(now));
    let refused = {
        let unit = unit.clone();
        move |error: &PSP22Error| match error {
            PSP22Error::InsufficientAllowance => fewer.clone(),
            other => messages::psp22(other, &unit),
        }
    };
    let (later, tx) = match change {
        Change::To(amount) => (Some(amount), Tx::new(0, token().approve(spender, amount), refused)),
        Change::More(amount) => {
            (now.checked_add(amount), Tx::new(0, token().increase_allowance(spender, amount), refused))
        }
        Change::Fewer(amount) => {
            // The token refuses to decrease the allowance below 0.
            (Some(now.saturating_sub(amount)), Tx::new(0, token().decrease_allowance(spender, amount), refused))
        }
    };
    let later = later.ok_or_else(|| {
        Error::Request("the allowance would be too large: choose a smaller amount, or approve one".to_owned())
    })?;
    let quote = Report::new("change an allowance")
        .account("spender", spender)
        .amount("allowed_until_now", now, &unit)
        .with("allowed_then", Value::Amount(later, unit));
    // An allowance can be lowered whoever the spender is.
    let quote = match change {
        Change::Fewer(_) | Change::To(0) => quote,
        Change::To(_) | Change::More(_) => checked(client, spender, Purpose::Allowance, quote)?,
    };
    Ok(TxPlan::new(quote, vec![tx]))
}

/// The allowance of `spender` for tokens of `owner`, in smallest units.
pub(super) fn allowed(client: &mut Client<'_>, owner: AccountId, spender: AccountId) -> Result<u128, Error> {
    client.query(contracts::psp22(client.contracts().token).allowance(owner, spender))
}
