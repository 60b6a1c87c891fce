//! Tips.

use patronage_interfaces::{
    vault::{Asset, PatronageVault},
    AccountId,
};

use super::paying;
use crate::{
    explain,
    plan::{Plan, Step},
    report::Report,
    session::{Failure, Session},
    suite,
};

/// A tip of `amount` planck with a `memo`.
pub fn tip(session: &Session<'_>, amount: u128, memo: &str) -> Plan {
    let native = session.units.native.clone();
    let quote =
        Report::new(format!("tip {}", native.format(amount))).amount("amount", amount, &native).text("memo", memo);
    let message = suite::vault(session.suite().vault).tip(memo.as_bytes().to_vec());
    Plan::new(quote, vec![Step::new(amount, message, move |error| explain::vault(error, &native))])
}

/// A tip of `amount` smallest units of the PSP22 token at `token`.
///
/// # Errors
///
/// When `from` has fewer, or there is no such token.
pub fn tip_token(
    session: &mut Session<'_>,
    from: AccountId,
    token: AccountId,
    amount: u128,
    memo: &str,
) -> Result<Plan, Failure> {
    let unit = session.unit(&Asset::Psp22(token))?;
    let quote = Report::new(format!("tip {}", unit.format(amount))).amount("amount", amount, &unit).text("memo", memo);
    let message = suite::vault(session.suite().vault).tip_token(token, amount, memo.as_bytes().to_vec());
    let words = unit.clone();
    paying(session, from, quote, (Asset::Psp22(token), amount, unit), message, move |error| {
        explain::vault(error, &words)
    })
}
