//! Buying, selling, sending and burning creator tokens, and the creator's fees.

use std::num::NonZeroUsize;

use patronage_chain::units::{format_basis_points, format_time, Unit};
use patronage_interfaces::{
    token::{CreatorToken, LaunchGuard, TermsError, TokenError},
    AccountId,
};
use psp22::{PSP22Burnable, PSP22Error, PSP22};

use super::{allowance, less_slippage, number, with_slippage, MAX_SHOWN, SLIPPAGE_PERCENT};
use crate::{
    batch::Batch,
    client::Client,
    contracts,
    error::Error,
    messages,
    plan::{Tx, TxPlan},
    recipients::{self, checked, Purpose},
    report::{Report, Value},
};

/// The amount of a purchase.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BuyOrder {
    /// Buys this number of smallest units, for at most the given planck.
    Tokens(u128, Option<u128>),
    /// Spends this number of planck, for at least the given smallest units.
    Spend(u128, Option<u128>),
}

/// The sender buys tokens for `recipient`.
///
/// # Errors
///
/// If the sale refuses the order now.
pub fn buy(
    client: &mut Client<'_>,
    recipient: AccountId,
    order: BuyOrder,
    referrer: Option<AccountId>,
) -> Result<TxPlan, Error> {
    let sale = contracts::sale(client.contracts().token);
    let (trade, most, tx) = match order {
        BuyOrder::Tokens(0, _) => {
            let unit = &client.units.token;
            let message = format!("{} can't be bought: buy more than 0", unit.format(0));
            return Err(Error::refused(&TokenError::TooFewTokens { tokens: 0 }, message));
        }
        BuyOrder::Spend(0, _) => {
            let message = format!("{} buys nothing: spend more than 0", client.units.native.format(0));
            return Err(Error::refused(&TokenError::TooFewTokens { tokens: 0 }, message));
        }
        BuyOrder::Spend(_, Some(0)) => return Err(no_limit("--min-tokens")),
        BuyOrder::Tokens(tokens, limit) => {
            let trade = client.query(sale.quote_buy_exact(tokens))?.map_err(|error| refused(client, &error))?;
            let most = limit.unwrap_or_else(|| with_slippage(trade.amount));
            let message = contracts::sale(client.contracts().token).buy_exact(recipient, tokens, referrer);
            (trade, most, Tx::new(most, message, buying_message(client, most)?))
        }
        BuyOrder::Spend(value, limit) => {
            let trade = client.query(sale.quote_buy(value))?.map_err(|error| refused(client, &error))?;
            let least = limit.unwrap_or_else(|| less_slippage(trade.tokens));
            let message = contracts::sale(client.contracts().token).buy(recipient, least, referrer);
            let tx = Tx::new(value, message, buying_message(client, least)?);
            (trade, value, tx)
        }
    };
    let (native, unit) = (client.units.native.clone(), client.units.token.clone());
    let (native, unit) = (&native, &unit);
    let quote = Report::new(format!("buy {}", unit.format(trade.tokens)))
        .account("recipient", recipient)
        .amount("tokens", trade.tokens, unit)
        .amount("price", trade.amount, native)
        .amount("fee_in_it", trade.fee, native)
        .amount("sent_at_most", most, native)
        .with_some("referrer", referrer.map(Value::Account));
    let mut quote = checked(client, recipient, Purpose::Purchase, quote)?;
    if let Some(referrer) = referrer {
        quote = checked(client, referrer, Purpose::Referral, quote)?;
    }
    Ok(TxPlan::new(quote, vec![tx]))
}

/// The sender sells `tokens` back for at least `min_payout` planck.
///
/// # Errors
///
/// If the payout would be 0, or `min_payout` is 0, which would accept any price.
pub fn sell(client: &mut Client<'_>, tokens: u128, min_payout: Option<u128>) -> Result<TxPlan, Error> {
    if tokens == 0 {
        let message = format!("{} can't be sold: sell more than 0", client.units.token.format(0));
        return Err(Error::refused(&TokenError::PayoutTooLow { payout: 0 }, message));
    }
    if min_payout == Some(0) {
        return Err(no_limit("--min-payout"));
    }
    let sale = contracts::sale(client.contracts().token);
    let trade = client.query(sale.quote_sell(tokens))?.map_err(|error| refused(client, &error))?;
    let least = min_payout.unwrap_or_else(|| less_slippage(trade.amount));
    let (native, unit) = (&client.units.native, &client.units.token);
    let quote = Report::new(format!("sell {}", unit.format(tokens)))
        .amount("tokens", tokens, unit)
        .amount("payout", trade.amount, native)
        .amount("fee_taken_off", trade.fee, native)
        .amount("accepted_at_least", least, native);
    let message = contracts::sale(client.contracts().token).sell(tokens, least);
    Ok(TxPlan::new(quote, vec![Tx::new(0, message, error_message(client, Some(least)))]))
}

/// The sender transfers `tokens` to `to`.
///
/// # Errors
///
/// If `to` can't use tokens.
pub fn send(client: &mut Client<'_>, to: AccountId, tokens: u128) -> Result<TxPlan, Error> {
    let unit = client.units.token.clone();
    let quote = Report::new(format!("send {}", unit.format(tokens))).amount("tokens", tokens, &unit).account("to", to);
    let quote = checked(client, to, Purpose::Transfer, quote)?;
    let message = contracts::psp22(client.contracts().token).transfer(to, tokens, Vec::new());
    Ok(TxPlan::new(quote, vec![Tx::new(0, message, move |error| messages::psp22(error, &unit))]))
}

/// The sender transfers `tokens` of `owner` to `to`, by an allowance.
///
/// # Errors
///
/// If the token returns no answer, or `to` can't use tokens.
pub fn send_from(
    client: &mut Client<'_>,
    spender: AccountId,
    owner: AccountId,
    to: AccountId,
    tokens: u128,
) -> Result<TxPlan, Error> {
    let unit = client.units.token.clone();
    let allowed = allowance::allowed(client, owner, spender)?;
    let quote = Report::new(format!("send {}", unit.format(tokens)))
        .amount("tokens", tokens, &unit)
        .account("from", owner)
        .account("to", to)
        .amount("allowed", allowed, &unit);
    let quote = checked(client, to, Purpose::Transfer, quote)?;
    let message = contracts::psp22(client.contracts().token).transfer_from(owner, to, tokens, Vec::new());
    let refused = move |error: &PSP22Error| {
        match error {
        PSP22Error::InsufficientAllowance => format!(
            "insufficient allowance: the owner allows you {}, and raises it with `patronage allowance approve` and your account",
            unit.format(allowed)
        ),
        other => messages::psp22(other, &unit),
    }
    };
    Ok(TxPlan::new(quote, vec![Tx::new(0, message, refused)]))
}

/// Maximum number of transfers in one transaction. With 212, the contract's memory is too small for the input and the list. 200
/// transfers to new accounts take 113 billion ps of `ref_time` and 1.65 MB of proof size, which is less than half of the limit for
/// transactions in a parachain's block. On a chain with lower limits, the number is halved.
pub const MAX_TRANSFERS: NonZeroUsize = NonZeroUsize::new(200).expect("it is not zero");

/// `sender` transfers tokens to many accounts. The batch has as many transactions as needed. Each transaction is atomic.
///
/// # Errors
///
/// If there are no transfers, `sender` has fewer tokens, or a recipient can't use tokens.
pub fn send_many(
    client: &mut Client<'_>,
    sender: AccountId,
    transfers: Vec<(AccountId, u128)>,
) -> Result<Batch, Error> {
    if transfers.is_empty() {
        return Err(Error::Request("no recipients: name accounts with amounts, such as ben=5".to_owned()));
    }
    let contracts = client.contracts();
    let dead_end = |(to, _): &(AccountId, u128)| recipients::check(&contracts, *to, Purpose::Transfer);
    transfers.iter().try_for_each(dead_end).map_err(Error::Request)?;
    let held = client.tokens_of(sender)?;
    let units = client.units.clone();
    let sum = transfers.iter().try_fold(0_u128, |sum, (_, tokens)| sum.checked_add(*tokens));
    let Some(sum) = sum.filter(|sum| *sum <= held) else {
        let all = sum.map_or("more tokens than there can be".to_owned(), |sum| units.token.format(sum));
        let held = units.token.format(held);
        return Err(Error::Request(format!(
            "insufficient balance: this sends {all}, and the account has {held}; send at most that in total"
        )));
    };
    let each = transfers
        .iter()
        .map(|(to, tokens)| Report::default().account("to", *to).amount("tokens", *tokens, &units.token));
    let few = (transfers.len() <= MAX_SHOWN).then(|| Value::List(each.collect()));
    let quote = Report::new(format!("send {} to {} accounts", units.token.format(sum), transfers.len()))
        .amount("tokens", sum, &units.token)
        .with("rows", number(transfers.len()))
        .with_some("transfers", few);
    let token = client.contracts().token;
    Ok(Batch::new(quote, transfers.len(), MAX_TRANSFERS, move |range| {
        let some = transfers.get(range).unwrap_or_default().to_vec();
        let units = units.clone();
        Tx::new(0, contracts::sale(token).transfer_many(some), move |error| messages::sale(error, &units))
    }))
}

/// The sender burns `tokens` of its own.
///
/// # Errors
///
/// If the token returns no answer.
pub fn burn(client: &mut Client<'_>, tokens: u128) -> Result<TxPlan, Error> {
    let (native, unit) = (client.units.native.clone(), client.units.token.clone());
    // No quote if the payout is 0, or the amount exceeds the supply.
    let sold =
        client.query(contracts::sale(client.contracts().token).quote_sell(tokens))?.map_or(0, |trade| trade.amount);
    let quote = Report::new(format!("burn {}", unit.format(tokens)))
        .amount("tokens", tokens, &unit)
        .amount("selling_them_would_bring", sold, &native)
        .text("comes_back", "nothing, to nobody");
    let message = contracts::psp22_burnable(client.contracts().token).burn(tokens);
    Ok(TxPlan::new(quote, vec![Tx::new(0, message, move |error| messages::psp22(error, &unit))]))
}

/// Shows the creator's fees and their recipient.
///
/// # Errors
///
/// If the token returns no answer.
pub fn fees(client: &mut Client<'_>) -> Result<Report, Error> {
    let token = client.contracts().token;
    let sale = client.query(contracts::sale(token).curve())?;
    let recipient = client.query(contracts::sale(token).fee_recipient())?;
    let waiting = client.query(contracts::sale(token).claimable(recipient))?;
    Ok(Report::new("the token's fees")
        .with("buy_fee", Value::Part(sale.buy_fee_bp))
        .with("sell_fee", Value::Part(sale.sell_fee_bp))
        .with("referral_share", Value::Part(sale.referral_bp))
        .account("recipient", recipient)
        .amount("waiting", waiting, &client.units.native))
}

/// The owner lowers the fee on buying, on selling, or both, in basis points. A fee that is `None` stays as it is.
///
/// # Errors
///
/// If the token returns no answer.
pub fn lower_fees(client: &mut Client<'_>, buy: Option<u16>, sell: Option<u16>) -> Result<TxPlan, Error> {
    let token = client.contracts().token;
    let sale = client.query(contracts::sale(token).curve())?;
    let (buy, sell) = (buy.unwrap_or(sale.buy_fee_bp), sell.unwrap_or(sale.sell_fee_bp));
    let quote = Report::new("lower the token's fees for good")
        .with("buy_fee_until_now", Value::Part(sale.buy_fee_bp))
        .with("buy_fee", Value::Part(buy))
        .with("sell_fee_until_now", Value::Part(sale.sell_fee_bp))
        .with("sell_fee", Value::Part(sell));
    let message = contracts::sale(token).lower_fees(buy, sell);
    Ok(TxPlan::new(quote, vec![Tx::new(0, message, lowering_message(client))]))
}

/// The owner sets the recipient of later fees.
///
/// # Errors
///
/// If `recipient` can't claim fees.
pub fn set_fee_recipient(client: &mut Client<'_>, recipient: AccountId) -> Result<TxPlan, Error> {
    let quote = Report::new("send the token's fees to").account("recipient", recipient);
    let quote = checked(client, recipient, Purpose::Fees, quote)?;
    recipients::check_fees(client, recipient)?;
    Ok(TxPlan::new(quote, vec![fees_to(client, recipient)]))
}

/// The transaction that sets the recipient of later fees.
pub(super) fn fees_to(client: &Client<'_>, recipient: AccountId) -> Tx {
    let message = contracts::sale(client.contracts().token).set_fee_recipient(recipient);
    Tx::new(0, message, error_message(client, None))
}

/// The error for a minimum of 0.
fn no_limit(option: &str) -> Error {
    Error::Request(format!(
        "{option}: 0 would accept any price: leave {option} out to accept {SLIPPAGE_PERCENT} % less than now, or set a higher minimum"
    ))
}

/// Describes the sale's errors for a buyer, as [`error_message`] with this `limit`. Adds the end of the launch guard.
fn buying_message(client: &mut Client<'_>, limit: u128) -> Result<impl Fn(&Box<TokenError>) -> String + use<>, Error> {
    let guard = client.query(contracts::sale(client.contracts().token).curve())?.launch_guard;
    Ok(guarded(guard, client.units.token.clone(), error_message(client, Some(limit))))
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
            format!(
                "until {until} an account can buy at most {most}, including for others; tokens that were sent on count: {less}wait until \
                 then"
            )
        }
        _ => others(error),
    }
}

fn refused(client: &Client<'_>, error: &TokenError) -> Error {
    Error::refused(error, messages::sale(error, &client.units))
}

/// Describes the sale's errors when fees are lowered.
fn lowering_message(client: &Client<'_>) -> impl Fn(&Box<TokenError>) -> String + 'static {
    let units = client.units.clone();
    move |error| match **error {
        TokenError::InvalidTerms(TermsError::FeeTooHigh { max_bp }) => {
            format!("the fee is {} now, and can only be lowered: choose a lower fee", format_basis_points(max_bp))
        }
        ref error => messages::sale(error, &units),
    }
}

/// Describes the sale's errors. Shows the sender's `limit`, in planck or in smallest units as in the message, beside the current value.
pub(super) fn error_message(client: &Client<'_>, limit: Option<u128>) -> impl Fn(&Box<TokenError>) -> String + 'static {
    let units = client.units.clone();
    move |error| match (&**error, limit) {
        (TokenError::PaymentTooSmall { least }, Some(limit)) => format!(
            "the price is {} now, and --max-price is {}: raise it",
            units.native.format(*least),
            units.native.format(limit)
        ),
        (TokenError::TooFewTokens { tokens }, Some(limit)) if *tokens > 0 => format!(
            "the amount buys {} now, and --min-tokens is {}: spend more, or lower it",
            units.token.format(*tokens),
            units.token.format(limit)
        ),
        (TokenError::PayoutTooLow { payout }, Some(limit)) if *payout > 0 => format!(
            "the payout is {} now, and --min-payout is {}: lower it, or wait until the price has risen",
            units.native.format(*payout),
            units.native.format(limit)
        ),
        (error, _) => messages::sale(error, &units),
    }
}
