//! What creators and fans can do, as plans. Each function queries the contracts for a quote, and returns a [`TxPlan`] to show, to
//! dry-run and to send. Amounts are in planck and smallest units.

pub mod allowance;
pub mod content;
pub mod income;
pub mod launch;
pub mod members;
pub mod ownership;
pub mod registry;
mod skipped;
pub mod stakes;
pub mod status;
pub mod subscriptions;
pub mod tiers;
pub mod tips;
pub mod token;
pub mod vesting;

use patronage_chain::{accounts::address, units::Unit, Message, Messages};
use patronage_interfaces::{vault::Asset, AccountId, PatronageEnvironment as Env};
use psp22::PSP22;

use crate::{
    client::Client,
    contracts,
    error::Error,
    foreign, messages,
    plan::{MaxCost, Tx, TxPlan},
    report::{Report, Value},
};

/// Slippage in percent that is accepted if a buyer or a seller sets no limit.
pub const SLIPPAGE_PERCENT: u128 = 1;

/// Maximum number of rows that a quote lists. For more rows, it shows their number only.
pub const MAX_SHOWN: usize = 20;

/// A count as a value.
pub(crate) fn number(count: usize) -> Value {
    Value::Number(u64::try_from(count).unwrap_or(u64::MAX))
}

/// An upper bound for the cost of a payment in tokens, without the approval before it. A subscription makes the largest records, and
/// its fee is less than three times that of the approval.
const PAYMENT_IN_TOKENS: MaxCost = MaxCost { items: 6, bytes: 192, fees: 4 };

/// `amount` increased by the accepted slippage, rounded up.
pub(crate) fn with_slippage(amount: u128) -> u128 {
    amount.saturating_add(amount.div_ceil(100).saturating_mul(SLIPPAGE_PERCENT))
}

/// `amount` decreased by the accepted slippage, rounded down.
pub(crate) fn less_slippage(amount: u128) -> u128 {
    amount.saturating_sub(amount.div_ceil(100).saturating_mul(SLIPPAGE_PERCENT))
}

/// A plan for a message that pays `amount` of `asset` to the vault. A native amount is the value of the message. For a token, the
/// vault gets an allowance first. If the vault refuses, the previous allowance is restored.
pub(crate) fn paying<Args, R, E>(
    client: &mut Client<'_>,
    from: AccountId,
    quote: Report,
    (asset, amount, unit): (Asset, u128, Unit),
    message: Message<Env, Args, Result<R, E>>,
    refused: impl Fn(&E) -> String + 'static,
) -> Result<TxPlan, Error>
where
    Args: ink::scale::Encode,
    R: ink::scale::Decode,
    E: ink::scale::Decode + std::fmt::Debug,
{
    let token = match asset {
        Asset::Native => return Ok(TxPlan::new(quote, vec![Tx::new(amount, message, refused)])),
        Asset::Psp22(token) => token,
    };
    if amount == 0 {
        return Err(Error::Request("the amount is 0: pay more than 0".to_owned()));
    }
    let no_answer = || {
        let shown = address(&token);
        Error::Request(format!(
            "the token at {shown} does not return balances, so nothing can be paid in it now: try again later"
        ))
    };
    let balance = foreign::answered(client.chain.query_untrusted(contracts::psp22(token).balance_of(from)))?
        .ok_or_else(no_answer)?;
    if amount > balance {
        return Err(Error::Request(format!(
            "insufficient balance: this needs {}, and the account has {}; get more first, or pay less",
            unit.format(amount),
            unit.format(balance)
        )));
    }
    let vault = client.contracts().vault;
    let allowed = foreign::answered(client.chain.query_untrusted(contracts::psp22(token).allowance(from, vault)))?
        .ok_or_else(no_answer)?;
    let approve = |amount: u128| {
        let unit = unit.clone();
        Tx::new(0, contracts::psp22(token).approve(vault, amount), move |error| messages::psp22(error, &unit))
    };
    let quote = quote.amount("approved_for_the_vault_first", amount, &unit);
    Ok(TxPlan::with_approval(
        quote,
        approve(amount),
        (Tx::new(0, message, refused), PAYMENT_IN_TOKENS),
        approve(allowed),
    ))
}
