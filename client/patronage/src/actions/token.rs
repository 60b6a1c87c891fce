//! Buying, selling, sending and burning creator tokens, and the creator's fees for it.

use std::num::NonZeroUsize;

use patronage_chain::units::{format_basis_points, format_time, Unit};
use patronage_interfaces::{
    token::{CreatorToken, LaunchGuard, TermsError, TokenError},
    AccountId,
};
use psp22::{PSP22Burnable, PSP22Error, PSP22};

use super::{allowance, less_slippage, number, with_slippage, MOST_SHOWN, SLIPPAGE_PERCENT};
use crate::{
    batch::Batch,
    explain,
    plan::{Plan, Step},
    recipients::{self, checked, Purpose},
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
        Wish::Tokens(0, _) => {
            let unit = &session.units.token;
            let words = format!("{} can't be bought: say how many, more than 0", unit.format(0));
            return Err(Failure::refused(&TokenError::TooFewTokens { tokens: 0 }, words));
        }
        Wish::Spend(0, _) => {
            let words = format!("{} buys nothing: spend more than 0", session.units.native.format(0));
            return Err(Failure::refused(&TokenError::TooFewTokens { tokens: 0 }, words));
        }
        Wish::Spend(_, Some(0)) => return Err(no_limit("--min-tokens")),
        Wish::Tokens(tokens, limit) => {
            let trade = session.ask(sale.quote_buy_exact(tokens))?.map_err(|error| refused(session, &error))?;
            let most = limit.unwrap_or_else(|| with_slippage(trade.amount));
            let message = suite::sale(session.suite().token).buy_exact(recipient, tokens, referrer);
            (trade, most, Step::new(most, message, buying_words(session, most)?))
        }
        Wish::Spend(value, limit) => {
            let trade = session.ask(sale.quote_buy(value))?.map_err(|error| refused(session, &error))?;
            let least = limit.unwrap_or_else(|| less_slippage(trade.tokens));
            let message = suite::sale(session.suite().token).buy(recipient, least, referrer);
            let step = Step::new(value, message, buying_words(session, least)?);
            (trade, value, step)
        }
    };
    let (native, unit) = (session.units.native.clone(), session.units.token.clone());
    let (native, unit) = (&native, &unit);
    let quote = Report::new(format!("buy {}", unit.format(trade.tokens)))
        .account("recipient", recipient)
        .amount("tokens", trade.tokens, unit)
        .amount("price", trade.amount, native)
        .amount("fee_in_it", trade.fee, native)
        .amount("sent_at_most", most, native)
        .with_some("referrer", referrer.map(Value::Account));
    let mut quote = checked(session, recipient, Purpose::Purchase, quote)?;
    if let Some(referrer) = referrer {
        quote = checked(session, referrer, Purpose::Referral, quote)?;
    }
    Ok(Plan::new(quote, vec![step]))
}

/// The sender sells `tokens` back for at least `min_payout` planck.
///
/// # Errors
///
/// When selling brings nothing, or `min_payout` is 0, which is no limit.
pub fn sell(session: &mut Session<'_>, tokens: u128, min_payout: Option<u128>) -> Result<Plan, Failure> {
    if tokens == 0 {
        let words = format!("{} can't be sold: say how many, more than 0", session.units.token.format(0));
        return Err(Failure::refused(&TokenError::PayoutTooLow { payout: 0 }, words));
    }
    if min_payout == Some(0) {
        return Err(no_limit("--min-payout"));
    }
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
///
/// # Errors
///
/// When they would be stuck there.
pub fn send(session: &mut Session<'_>, to: AccountId, tokens: u128) -> Result<Plan, Failure> {
    let unit = session.units.token.clone();
    let quote = Report::new(format!("send {}", unit.format(tokens))).amount("tokens", tokens, &unit).account("to", to);
    let quote = checked(session, to, Purpose::Transfer, quote)?;
    let message = suite::psp22(session.suite().token).transfer(to, tokens, Vec::new());
    Ok(Plan::new(quote, vec![Step::new(0, message, move |error| explain::psp22(error, &unit))]))
}

/// The sender gives `tokens` of `owner`, who has allowed it, to `to`.
///
/// # Errors
///
/// When the token gives no answer, or the tokens would be stuck there.
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
    let quote = checked(session, to, Purpose::Transfer, quote)?;
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

/// How many transfers go into one transaction at most. With 212, the contract has no memory left for input and list. 200, to new
/// accounts, take 113 billion of ref_time and 1.65 MB of proof: less than half of what transactions of a parachain's block may
/// take. Where a chain has less room, they are halved.
pub const MOST_TRANSFERS: NonZeroUsize = NonZeroUsize::new(200).expect("it is not zero");

/// `sender` gives tokens to many accounts: as many transactions as it takes, each of which happens as a whole or not at all.
///
/// # Errors
///
/// When nobody is named, `sender` has fewer, or tokens would be stuck somewhere.
pub fn send_many(
    session: &mut Session<'_>,
    sender: AccountId,
    transfers: Vec<(AccountId, u128)>,
) -> Result<Batch, Failure> {
    if transfers.is_empty() {
        return Err(Failure::Request("nobody is named: say who gets how much, such as ben=5".to_owned()));
    }
    let suite = session.suite();
    let dead_end = |(to, _): &(AccountId, u128)| recipients::check(&suite, *to, Purpose::Transfer);
    transfers.iter().try_for_each(dead_end).map_err(Failure::Request)?;
    let held = session.tokens_of(sender)?;
    let units = session.units.clone();
    let sum = transfers.iter().try_fold(0_u128, |sum, (_, tokens)| sum.checked_add(*tokens));
    let Some(sum) = sum.filter(|sum| *sum <= held) else {
        let all = sum.map_or("more tokens than there can be".to_owned(), |sum| units.token.format(sum));
        let held = units.token.format(held);
        return Err(Failure::Request(format!(
            "this sends {all}, and the account has only {held}: send no more than that in all"
        )));
    };
    let each = transfers
        .iter()
        .map(|(to, tokens)| Report::default().account("to", *to).amount("tokens", *tokens, &units.token));
    let few = (transfers.len() <= MOST_SHOWN).then(|| Value::List(each.collect()));
    let quote = Report::new(format!("send {} to {} accounts", units.token.format(sum), transfers.len()))
        .amount("tokens", sum, &units.token)
        .with("rows", number(transfers.len()))
        .with_some("transfers", few);
    let token = session.suite().token;
    Ok(Batch::new(quote, transfers.len(), MOST_TRANSFERS, move |range| {
        let some = transfers.get(range).unwrap_or_default().to_vec();
        let units = units.clone();
        Step::new(0, suite::sale(token).transfer_many(some), move |error| explain::sale(error, &units))
    }))
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
///
/// # Errors
///
/// When they would be stuck there.
pub fn set_fee_recipient(session: &mut Session<'_>, recipient: AccountId) -> Result<Plan, Failure> {
    let quote = Report::new("send the token's fees to").account("recipient", recipient);
    let quote = checked(session, recipient, Purpose::Fees, quote)?;
    recipients::check_fees(session, recipient)?;
    Ok(Plan::new(quote, vec![fees_to(session, recipient)]))
}

/// Sends the creator's fees to `recipient` from now on.
pub(super) fn fees_to(session: &Session<'_>, recipient: AccountId) -> Step {
    let message = suite::sale(session.suite().token).set_fee_recipient(recipient);
    Step::new(0, message, words(session, None))
}

/// The refusal of 0 for the least that is acceptable.
fn no_limit(option: &str) -> Failure {
    Failure::Request(format!(
        "{option}: 0 would accept any price: leave {option} out to accept {SLIPPAGE_PERCENT} % less than now, or say the least that \
         you accept"
    ))
}

/// The sale's errors for a buyer, with the `limit` as [`words`] has it, and when the launch guard ends.
fn buying_words(
    session: &mut Session<'_>,
    limit: u128,
) -> Result<impl Fn(&Box<TokenError>) -> String + use<>, Failure> {
    let guard = session.ask(suite::sale(session.suite().token).curve())?.launch_guard;
    Ok(guarded(guard, session.units.token.clone(), words(session, Some(limit))))
}

fn guarded(
    guard: LaunchGuard,
    unit: Unit,
    others: impl Fn(&Box<TokenError>) -> String + 'static,
) -> impl Fn(&Box<TokenError>) -> String + 'static {
    move |error| match **error {
        TokenError::LaunchLimit { room } => {
            let (most, until) = (unit.format(guard.max_tokens), format_time(guard.until));
            let less = if room > 0 { format!("buy at most {}, or ", unit.format(room)) } else { String::new() };
            format!("until {until} an account can buy at most {most}, also for others, and what it passed on counts: {less}wait until then")
        }
        _ => others(error),
    }
}

fn refused(session: &Session<'_>, error: &TokenError) -> Failure {
    Failure::refused(error, explain::sale(error, &session.units))
}

/// The sale's errors, with the fee that can only be lowered.
fn lowering_words(session: &Session<'_>) -> impl Fn(&Box<TokenError>) -> String + 'static {
    let units = session.units.clone();
    move |error| match **error {
        TokenError::InvalidTerms(TermsError::FeeTooHigh { max_bp }) => {
            format!("that fee is {} now, and can only be lowered", format_basis_points(max_bp))
        }
        ref error => explain::sale(error, &units),
    }
}

/// The sale's errors, with the sender's own `limit` (planck or smallest units, as the message has it) beside the figure now.
pub(super) fn words(session: &Session<'_>, limit: Option<u128>) -> impl Fn(&Box<TokenError>) -> String + 'static {
    let units = session.units.clone();
    move |error| match (&**error, limit) {
        (TokenError::PaymentTooSmall { least }, Some(limit)) => format!(
            "the price is {} now, and you allowed {}: raise --max-price",
            units.native.format(*least),
            units.native.format(limit)
        ),
        (TokenError::TooFewTokens { tokens }, Some(limit)) if *tokens > 0 => format!(
            "that money buys {} now, and you asked for {}: spend more, or lower --min-tokens",
            units.token.format(*tokens),
            units.token.format(limit)
        ),
        (TokenError::PayoutTooLow { payout }, Some(limit)) if *payout > 0 => format!(
            "selling brings {} now, and you asked for {}: lower --min-payout, or wait until the price has risen",
            units.native.format(*payout),
            units.native.format(limit)
        ),
        (error, _) => explain::sale(error, &units),
    }
}
