//! Buying, selling and sending creator tokens.

use patronage_interfaces::{
    token::{CreatorToken, SaleError},
    AccountId,
};
use psp22::PSP22;

use super::{less_slippage, with_slippage};
use crate::{
    explain,
    plan::{Plan, Step},
    report::{Report, Value},
    session::{Failure, Session},
    suite,
};

/// How a buyer says how much.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wish {
    /// So many smallest units, for at most so many planck, where the buyer says so.
    Tokens(u128, Option<u128>),
    /// For so many planck, at least so many smallest units, where the buyer says so.
    Spend(u128, Option<u128>),
}

/// `recipient` gets tokens that the sender pays for.
///
/// # Errors
///
/// When the sale can't sell so much now.
pub fn buy(
    session: &mut Session<'_>,
    recipient: AccountId,
    wish: Wish,
    referrer: Option<AccountId>,
) -> Result<Plan, Failure> {
    let sale = suite::sale(session.suite().token);
    let (trade, most, step) = match wish {
        Wish::Tokens(tokens, limit) => {
            let trade = session.ask(sale.quote_buy_exact(tokens))?.map_err(|error| refused(session, &error))?;
            let most = limit.unwrap_or_else(|| with_slippage(trade.amount));
            let message = suite::sale(session.suite().token).buy_exact(recipient, tokens, referrer);
            (trade, most, Step::new(most, message, words(session, Some(most))))
        }
        Wish::Spend(value, limit) => {
            let trade = session.ask(sale.quote_buy(value))?.map_err(|error| refused(session, &error))?;
            let least = limit.unwrap_or_else(|| less_slippage(trade.tokens));
            let message = suite::sale(session.suite().token).buy(recipient, least, referrer);
            let step = Step::new(value, message, words(session, Some(least)));
            (trade, value, step)
        }
    };
    let (native, unit) = (&session.units.native, &session.units.token);
    let quote = Report::new(format!("buy {}", unit.format(trade.tokens)))
        .account("recipient", recipient)
        .amount("tokens", trade.tokens, unit)
        .amount("price", trade.amount, native)
        .amount("fee_in_it", trade.fee, native)
        .amount("sent_at_most", most, native)
        .with_some("referrer", referrer.map(Value::Account));
    Ok(Plan::new(quote, vec![step]))
}

/// The sender sells `tokens` back for at least `min_payout` planck.
///
/// # Errors
///
/// When selling brings nothing.
pub fn sell(session: &mut Session<'_>, tokens: u128, min_payout: Option<u128>) -> Result<Plan, Failure> {
    let sale = suite::sale(session.suite().token);
    let trade = session.ask(sale.quote_sell(tokens))?.map_err(|error| refused(session, &error))?;
    let least = min_payout.unwrap_or_else(|| less_slippage(trade.amount));
    let (native, unit) = (&session.units.native, &session.units.token);
    let quote = Report::new(format!("sell {}", unit.format(tokens)))
        .amount("tokens", tokens, unit)
        .amount("payout", trade.amount, native)
        .amount("fee_taken_off", trade.fee, native)
        .amount("accepted_at_least", least, native);
    let message = suite::sale(session.suite().token).sell(tokens, least);
    Ok(Plan::new(quote, vec![Step::new(0, message, words(session, Some(least)))]))
}

/// The sender gives `tokens` to `to`.
pub fn send(session: &Session<'_>, to: AccountId, tokens: u128) -> Plan {
    let unit = session.units.token.clone();
    let quote = Report::new(format!("send {}", unit.format(tokens))).amount("tokens", tokens, &unit).account("to", to);
    let message = suite::psp22(session.suite().token).transfer(to, tokens, Vec::new());
    Plan::new(quote, vec![Step::new(0, message, move |error| explain::psp22(error, &unit))])
}

/// Where the creator's fees go from now on. Only the owner.
pub fn set_fee_recipient(session: &Session<'_>, recipient: AccountId) -> Plan {
    let quote = Report::new("send the token's fees to").account("recipient", recipient);
    let message = suite::sale(session.suite().token).set_fee_recipient(recipient);
    Plan::new(quote, vec![Step::new(0, message, words(session, None))])
}

/// Suspends buying, or lets it go on. Only the owner.
pub fn set_paused(session: &Session<'_>, paused: bool) -> Step {
    Step::new(0, suite::sale(session.suite().token).set_paused(paused), words(session, None))
}

fn refused(session: &Session<'_>, error: &SaleError) -> Failure {
    Failure::refused(error, explain::sale(error, &session.units))
}

/// The sale's errors, with the sender's own `limit` (planck or smallest units, as the message has it) beside the figure now.
fn words(session: &Session<'_>, limit: Option<u128>) -> impl Fn(&Box<SaleError>) -> String + 'static {
    let units = session.units.clone();
    move |error| match (&**error, limit) {
        (SaleError::PaymentTooSmall { least }, Some(limit)) => format!(
            "the price is {} now, and you allowed {}: raise --max-price",
            units.native.format(*least),
            units.native.format(limit)
        ),
        (SaleError::TooFewTokens { tokens }, Some(limit)) if *tokens > 0 => format!(
            "that money buys {} now, and you asked for {}: spend more, or lower --min-tokens",
            units.token.format(*tokens),
            units.token.format(limit)
        ),
        (SaleError::PayoutTooLow { payout }, Some(limit)) if *payout > 0 => format!(
            "selling brings {} now, and you asked for {}: lower --min-payout, or wait",
            units.native.format(*payout),
            units.native.format(limit)
        ),
        (error, _) => explain::sale(error, &units),
    }
}
