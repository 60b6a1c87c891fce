//! Tips.

use patronage_interfaces::{
    vault::{Asset, PatronageVault},
    AccountId,
};

use super::paying;
use crate::{
    client::Client,
    contracts,
    error::Error,
    messages,
    plan::{Tx, TxPlan},
    report::Report,
};

/// A tip of `amount` planck with a `memo`.
pub fn tip(client: &Client<'_>, amount: u128, memo: &str) -> TxPlan {
    let native = client.units.native.clone();
    let quote =
        Report::new(format!("tip {}", native.format(amount))).amount("amount", amount, &native).text("memo", memo);
    let message = contracts::vault(client.contracts().vault).tip(memo.as_bytes().to_vec());
    TxPlan::new(quote, vec![Tx::new(amount, message, move |error| messages::vault(error, &native))])
}

/// A tip of `amount` smallest units of the PSP22 token at `token`.
///
/// # Errors
///
/// If `from` does not have the amount, or there is no such token.
pub fn tip_token(
    client: &mut Client<'_>,
    from: AccountId,
    token: AccountId,
    amount: u128,
    memo: &str,
) -> Result<TxPlan, Error> {
    let unit = client.unit(&Asset::Psp22(token))?;
    let quote = Report::new(format!("tip {}", unit.format(amount))).amount("amount", amount, &unit).text("memo", memo);
    let message = contracts::vault(client.contracts().vault).tip_token(token, amount, memo.as_bytes().to_vec());
    let error_unit = unit.clone();
    paying(client, from, quote, (Asset::Psp22(token), amount, unit), message, move |error| {
        messages::vault(error, &error_unit)
    })
}
