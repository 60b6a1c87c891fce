//! Buying, selling, sending and burning creator tokens, and the creator's fees for it.

use patronage_interfaces::{
    token::{CreatorToken, SaleError, TermsError},
    AccountId,
};
use psp22::{PSP22Burnable, PSP22Error, PSP22};

use super::{allowance, less_slippage, with_slippage};
use crate::{
    explain,
    plan::{Plan, Step},
    report::{Report, Value},
    session::{Failure, Session},
    suite,
    units::format_basis_points,
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

/// The sender gives `tokens` of `owner`, who has allowed it, to `to`.
///
/// # Errors
///
/// When the token gives no answer.
pub fn send_from(
    session: &mut Session<'_>,
    spender: AccountId,
    owner: AccountId,
    to: AccountId,
    tokens: u128,
) -> Result<Plan, Failure> {
    let unit = session.units.token.clone();
    let allowed = allowance::allowed(session, owner, spender)?;
    let quote = Report::new(format!("send {}", unit.format(tokens)))
        .amount("tokens", tokens, &unit)
        .account("from", owner)
        .account("to", to)
        .amount("allowed", allowed, &unit);
    let message = suite::psp22(session.suite().token).transfer_from(owner, to, tokens, Vec::new());
    let refused = move |error: &PSP22Error| match error {
        PSP22Error::InsufficientAllowance => format!(
            "the owner allows you {}: ask for more, by `patronage allowance approve` with your account",
            unit.format(allowed)
        ),
        other => explain::psp22(other, &unit),
    };
    Ok(Plan::new(quote, vec![Step::new(0, message, refused)]))
}

/// `sender` gives tokens to many accounts at once, to all of them or to none.
///
/// # Errors
///
/// When nobody is named, or `sender` has fewer.
pub fn send_many(
    session: &mut Session<'_>,
    sender: AccountId,
    transfers: Vec<(AccountId, u128)>,
) -> Result<Plan, Failure> {
    if transfers.is_empty() {
        return Err(Failure::Request("nobody is named: say who gets how much, such as ben=5".to_owned()));
    }
    let held = session.tokens_of(sender)?;
    let unit = session.units.token.clone();
    let sum = transfers.iter().try_fold(0_u128, |sum, (_, tokens)| sum.checked_add(*tokens));
    let Some(sum) = sum.filter(|sum| *sum <= held) else {
        let held = unit.format(held);
        return Err(Failure::Request(format!("the account has only {held}: send no more than that in all")));
    };
    let each =
        transfers.iter().map(|(to, tokens)| Report::default().account("to", *to).amount("tokens", *tokens, &unit));
    let quote = Report::new(format!("send {} to {} accounts", unit.format(sum), transfers.len()))
        .with("transfers", Value::List(each.collect()));
    let message = suite::sale(session.suite().token).transfer_many(transfers);
    Ok(Plan::new(quote, vec![Step::new(0, message, words(session, None))]))
}

/// The sender destroys `tokens` of its own.
///
/// # Errors
///
/// When the token gives no answer.
pub fn burn(session: &mut Session<'_>, tokens: u128) -> Result<Plan, Failure> {
    let (native, unit) = (session.units.native.clone(), session.units.token.clone());
    // What brings nothing, or is more than there is, has no price.
    let sold = session.ask(suite::sale(session.suite().token).quote_sell(tokens))?.map_or(0, |trade| trade.amount);
    let quote = Report::new(format!("burn {}", unit.format(tokens)))
        .amount("tokens", tokens, &unit)
        .amount("selling_them_would_bring", sold, &native)
        .text("comes_back", "nothing, to nobody");
    let message = suite::psp22_burnable(session.suite().token).burn(tokens);
    Ok(Plan::new(quote, vec![Step::new(0, message, move |error| explain::psp22(error, &unit))]))
}

/// The creator's fees, and whose they are.
///
/// # Errors
///
/// When the token gives no answer.
pub fn fees(session: &mut Session<'_>) -> Result<Report, Failure> {
    let token = session.suite().token;
    let sale = session.ask(suite::sale(token).curve())?;
    let recipient = session.ask(suite::sale(token).fee_recipient())?;
    let waiting = session.ask(suite::sale(token).claimable(recipient))?;
    Ok(Report::new("the token's fees")
        .with("buy_fee", Value::Part(sale.buy_fee_bp))
        .with("sell_fee", Value::Part(sale.sell_fee_bp))
        .with("referral_share", Value::Part(sale.referral_bp))
        .account("recipient", recipient)
        .amount("waiting", waiting, &session.units.native))
}

/// The owner lowers the fee (basis points) on buying, on selling, or both; `None` stays.
///
/// # Errors
///
/// When the token gives no answer.
pub fn lower_fees(session: &mut Session<'_>, buy: Option<u16>, sell: Option<u16>) -> Result<Plan, Failure> {
    let token = session.suite().token;
    let sale = session.ask(suite::sale(token).curve())?;
    let (buy, sell) = (buy.unwrap_or(sale.buy_fee_bp), sell.unwrap_or(sale.sell_fee_bp));
    let quote = Report::new("lower the token's fees for good")
        .with("buy_fee_until_now", Value::Part(sale.buy_fee_bp))
        .with("buy_fee", Value::Part(buy))
        .with("sell_fee_until_now", Value::Part(sale.sell_fee_bp))
        .with("sell_fee", Value::Part(sell));
    let message = suite::sale(token).lower_fees(buy, sell);
    Ok(Plan::new(quote, vec![Step::new(0, message, lowering_words(session))]))
}

/// Where the creator's fees go from now on. Only the owner.
pub fn set_fee_recipient(session: &Session<'_>, recipient: AccountId) -> Plan {
    let quote = Report::new("send the token's fees to").account("recipient", recipient);
    let message = suite::sale(session.suite().token).set_fee_recipient(recipient);
    Plan::new(quote, vec![Step::new(0, message, words(session, None))])
}

fn refused(session: &Session<'_>, error: &SaleError) -> Failure {
    Failure::refused(error, explain::sale(error, &session.units))
}

/// The sale's errors, with the fee that can only be lowered.
fn lowering_words(session: &Session<'_>) -> impl Fn(&Box<SaleError>) -> String + 'static {
    let units = session.units.clone();
    move |error| match **error {
        SaleError::InvalidTerms(TermsError::FeeTooHigh { max_bp }) => {
            format!("that fee is {} now, and can only be lowered", format_basis_points(max_bp))
        }
        ref error => explain::sale(error, &units),
    }
}

/// The sale's errors, with the sender's own `limit` (planck or smallest units, as the message has it) beside the figure now.
pub(super) fn words(session: &Session<'_>, limit: Option<u128>) -> impl Fn(&Box<SaleError>) -> String + 'static {
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
