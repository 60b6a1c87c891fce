//! What creators and fans can do, as plans: each function asks the contracts what it would bring and take, and gives a
//! [`Plan`] to show, to try, and to send. Amounts are in planck and smallest units.

pub mod allowance;
pub mod content;
pub mod export;
mod foreign_part;
pub mod income;
pub mod launch;
pub mod ownership;
pub mod registry;
pub mod seats;
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
    explain, foreign,
    plan::{Plan, Step, Untried},
    report::{Report, Value},
    session::{Failure, Session},
    suite,
};

/// How far a price may move against a buyer or seller who names no limit, in percent.
pub const SLIPPAGE_PERCENT: u128 = 1;

/// So many rows are shown one by one. Of more than that, only how many they are.
pub const MOST_SHOWN: usize = 20;

/// How many things there are.
pub(crate) fn number(count: usize) -> Value {
    Value::Number(u64::try_from(count).unwrap_or(u64::MAX))
}
/// What a payment in tokens takes of the vault and the token at most, beside the approval before it: a subscription makes the
/// largest records, and costs less than three times the fee.
const PAYMENT_IN_TOKENS: Untried = Untried { items: 6, bytes: 192, fees: 4 };

/// `amount` and a little more, rounded up.
pub(crate) fn with_slippage(amount: u128) -> u128 {
    amount.saturating_add(amount.div_ceil(100).saturating_mul(SLIPPAGE_PERCENT))
}

/// `amount` less a little, rounded down to what is surely acceptable.
pub(crate) fn less_slippage(amount: u128) -> u128 {
    amount.saturating_sub(amount.div_ceil(100).saturating_mul(SLIPPAGE_PERCENT))
}

/// A plan for a message that takes `amount` of `asset` into the vault: along with the message where it is native, else by an
/// allowance that is given before and taken back where the vault refuses.
pub(crate) fn paying<Args, R, E>(
    session: &mut Session<'_>,
    from: AccountId,
    quote: Report,
    (asset, amount, unit): (Asset, u128, Unit),
    message: Message<Env, Args, Result<R, E>>,
    refused: impl Fn(&E) -> String + 'static,
) -> Result<Plan, Failure>
where
    Args: ink::scale::Encode,
    R: ink::scale::Decode,
    E: ink::scale::Decode + std::fmt::Debug,
{
    let token = match asset {
        Asset::Native => return Ok(Plan::new(quote, vec![Step::new(amount, message, refused)])),
        Asset::Psp22(token) => token,
    };
    if amount == 0 {
        return Err(Failure::Request("that needs an amount: give more than nothing".to_owned()));
    }
    let silent = || {
        let shown = address(&token);
        Failure::Request(format!(
            "the token at {shown} does not say what an account has: nothing can be paid in it now"
        ))
    };
    let balance =
        foreign::answered(session.chain.ask_stranger(suite::psp22(token).balance_of(from)))?.ok_or_else(silent)?;
    if amount > balance {
        return Err(Failure::Request(format!(
            "this takes {}, and the account has {}: get more first, or take less",
            unit.format(amount),
            unit.format(balance)
        )));
    }
    let vault = session.suite().vault;
    let allowed = foreign::answered(session.chain.ask_stranger(suite::psp22(token).allowance(from, vault)))?
        .ok_or_else(silent)?;
    let approve = |amount: u128| {
        let unit = unit.clone();
        Step::new(0, suite::psp22(token).approve(vault, amount), move |error| explain::psp22(error, &unit))
    };
    let quote = quote.amount("approved_for_the_vault_first", amount, &unit);
    Ok(Plan::prepared(quote, approve(amount), (Step::new(0, message, refused), PAYMENT_IN_TOKENS), approve(allowed)))
}
