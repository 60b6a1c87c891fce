//! Tips and subscriptions.

use patronage_chain::units::{format_duration, format_time, Unit};
use patronage_core::{streams::cost, tiers::minimum};
use patronage_interfaces::{
    vault::{Asset, PatronageVault, Subscription, TierId, VaultError},
    AccountId,
};

use super::{paying, seats, tiers::minimum_stay};
use crate::{
    explain,
    plan::{Plan, Step},
    recipients::{checked, Purpose},
    report::{Report, Value},
    session::{Failure, Session},
    suite,
};

/// How long a payment shall last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Payment {
    /// So many periods.
    Periods(u64),
    /// At least so many milliseconds.
    Duration(u64),
    /// As long as this amount lasts.
    Amount(u128),
}

impl Payment {
    /// The amount at `price` for `period` ms.
    fn amount(self, price: u128, period: u64) -> Result<u128, Failure> {
        let too_much = || Failure::Request("nobody can pay so far ahead: take less".to_owned());
        match self {
            Self::Amount(amount) => Ok(amount),
            Self::Periods(periods) => price.checked_mul(periods.into()).ok_or_else(too_much),
            Self::Duration(time) => {
                let product = price.checked_mul(time.into()).ok_or_else(too_much)?;
                Ok(product.div_ceil(u128::from(period).max(1)))
            }
        }
    }
}

/// `payer` subscribes `fan` to `tier`, at today's price or at most `max_price`.
///
/// # Errors
///
/// When there is no such tier, or `payer` has not so much.
pub fn subscribe(
    session: &mut Session<'_>,
    payer: AccountId,
    fan: AccountId,
    tier: TierId,
    payment: Payment,
    max_price: Option<u128>,
) -> Result<Plan, Failure> {
    let (offer, unit) = session.tier(tier)?;
    let full = seats::full(session, fan, tier, &offer)?;
    let terms = offer.terms;
    let amount = payment.amount(terms.price, terms.period)?;
    let most = max_price.unwrap_or(terms.price);
    let quote = Report::new(format!("subscribe to tier {}", session.tier_name(tier)))
        .account("fan", fan)
        .with("level", Value::Number(terms.level.into()))
        .amount("price", terms.price, &unit)
        .with("period", Value::Duration(terms.period))
        .amount("paid_now", amount, &unit)
        .with("lasts", Value::Duration(lasts(amount, terms.price, terms.period)))
        .with_some("minimum_stay", minimum_stay(&terms))
        .with_some("not_refundable", some(cost(terms.price, terms.period, terms.minimum_stay), &unit));
    let quote = checked(session, fan, Purpose::Subscription, quote)?;
    let tokens = if terms.asset == Asset::Native { 0 } else { amount };
    let message = suite::vault(session.suite().vault).subscribe(tier, fan, tokens, most);
    let held = held(session, payer, fan)?;
    let refused = words_or(unit.clone(), most, move |error| match error {
        VaultError::SoldOut => full.clone(),
        VaultError::AlreadySubscribed { .. } => held.clone(),
        _ => None,
    });
    paying(session, payer, quote, (terms.asset, amount, unit), message, refused)
}

/// `payer` pays the subscription of `fan` further ahead.
///
/// # Errors
///
/// When there is none.
pub fn top_up(session: &mut Session<'_>, payer: AccountId, fan: AccountId, payment: Payment) -> Result<Plan, Failure> {
    let running = running(session, payer, fan, None)?;
    let (offer, unit) = session.tier(running.tier)?;
    let (price, period) = (running.stream.price, offer.terms.period);
    let amount = payment.amount(price, period)?;
    let quote = Report::new(format!("top up tier {}", session.tier_name(running.tier)))
        .account("fan", fan)
        .amount("price", price, &unit)
        .with("period", Value::Duration(period))
        .amount("paid_now", amount, &unit)
        .with("lasts_longer_by", Value::Duration(lasts(amount, price, period)));
    let quote = checked(session, fan, Purpose::Subscription, quote)?;
    let tokens = if offer.terms.asset == Asset::Native { 0 } else { amount };
    let message = suite::vault(session.suite().vault).top_up(fan, running.tier, tokens, price);
    paying(session, payer, quote, (offer.terms.asset, amount, unit.clone()), message, move |error| {
        match error.as_ref() {
            VaultError::PriceTooHigh { price: now } => format!(
                "the fan pays {} for a period by now, and this was for {}: look again",
                unit.format(*now),
                unit.format(price)
            ),
            error => explain::vault(error, &unit),
        }
    })
}

/// `fan` moves to `tier` with what is left, and pays `amount` beside it.
///
/// # Errors
///
/// When there is no subscription or no such tier.
pub fn switch(
    session: &mut Session<'_>,
    fan: AccountId,
    tier: TierId,
    amount: u128,
    max_price: Option<u128>,
) -> Result<Plan, Failure> {
    let running = running(session, fan, fan, Some(tier))?;
    let left = unearned(session, &running)?;
    let (before, _) = session.tier(running.tier)?;
    let (offer, unit) = session.tier(tier)?;
    let full = seats::full(session, fan, tier, &offer)?;
    let terms = offer.terms;
    if before.terms.asset != terms.asset {
        let (from, to) = (session.tier_name(running.tier), session.tier_name(tier));
        return Err(Failure::refused(
            &VaultError::WrongAsset,
            format!(
                "tier {to} is not paid in what tier {from} is, so what is left can't be carried over: get it back with \
                 `patronage cancel`, then {}",
                subscribing(session, fan, fan, tier)
            ),
        ));
    }
    let stay = cost(terms.price, terms.period, terms.minimum_stay);
    let minimum = minimum(stay, terms.level, Some(&running), left);
    let most = max_price.unwrap_or(terms.price);
    let quote = Report::new(format!("switch to tier {}", session.tier_name(tier)))
        .text("from_tier", session.tier_name(running.tier))
        .with("level", Value::Number(terms.level.into()))
        .amount("price", terms.price, &unit)
        .with("period", Value::Duration(terms.period))
        .amount("carried_over", left, &unit)
        .amount("paid_now", amount, &unit)
        .with("lasts", Value::Duration(lasts(left.saturating_add(amount), terms.price, terms.period)))
        .with_some("not_refundable", some(minimum, &unit));
    let tokens = if terms.asset == Asset::Native { 0 } else { amount };
    let message = suite::vault(session.suite().vault).switch_tier(tier, tokens, most);
    let refused = words_or(unit.clone(), most, move |error| match error {
        VaultError::SoldOut => full.clone(),
        _ => None,
    });
    match amount {
        0 => Ok(Plan::new(quote, vec![Step::new(0, message, refused)])),
        _ => paying(session, fan, quote, (terms.asset, amount, unit), message, refused),
    }
}

/// `fan` cancels.
///
/// # Errors
///
/// When there is no subscription.
pub fn cancel(session: &mut Session<'_>, fan: AccountId) -> Result<Plan, Failure> {
    let running = subscription(session, fan)?;
    let refund = session.ask(suite::vault(session.suite().vault).refund_of(fan))?;
    let left = unearned(session, &running)?;
    let (_, unit) = session.tier(running.tier)?;
    let quote = Report::new(format!("cancel tier {}", session.tier_name(running.tier)))
        .amount("refund", refund, &unit)
        .amount("earned_until_now", running.stream.paid.saturating_sub(left), &unit)
        .with_some("kept_for_the_minimum_stay", some(left.saturating_sub(refund), &unit));
    let message = suite::vault(session.suite().vault).cancel();
    Ok(Plan::new(quote, vec![Step::new(0, message, words(unit, 0))]))
}

/// The owner ends the subscription of `fan`, who gets back all that time has not earned.
///
/// # Errors
///
/// When there is no subscription.
pub fn end(session: &mut Session<'_>, fan: AccountId) -> Result<Plan, Failure> {
    let running = subscription(session, fan)?;
    let refund = unearned(session, &running)?;
    let (_, unit) = session.tier(running.tier)?;
    let quote = Report::new("end a subscription").account("fan", fan).amount("refund", refund, &unit);
    let message = suite::vault(session.suite().vault).end_subscription(fan);
    Ok(Plan::new(quote, vec![Step::new(0, message, words(unit, 0))]))
}

/// The owner gives `fan` a seat in `tier` for `duration` ms from now.
///
/// # Errors
///
/// When there is no such tier, or nobody could use the seat.
pub fn grant(session: &mut Session<'_>, fan: AccountId, tier: TierId, duration: u64) -> Result<Plan, Failure> {
    let (offer, unit) = session.tier(tier)?;
    let until = session.chain.time()?.saturating_add(duration);
    let quote = Report::new(format!("give a seat in tier {}", session.tier_name(tier)))
        .account("fan", fan)
        .with("until", Value::Time(until));
    let quote = checked(session, fan, Purpose::Subscription, quote)?;
    let message = suite::vault(session.suite().vault).grant(fan, tier, until);
    let full = seats::full(session, fan, tier, &offer)?;
    let who = session.account_argument(&fan);
    let refused = words_or(unit, 0, move |error| match error {
        VaultError::SoldOut => full.clone(),
        VaultError::AlreadySubscribed { until } => Some(format!(
            "{who} has paid until {}: wait until then, or end that with `patronage seats end {who}`",
            format_time(*until)
        )),
        _ => None,
    });
    Ok(Plan::new(quote, vec![Step::new(0, message, refused)]))
}

/// The owner takes a given seat of `fan` back.
///
/// # Errors
///
/// When there is none, or it is paid for.
pub fn revoke(session: &mut Session<'_>, fan: AccountId) -> Result<Plan, Failure> {
    let held = subscription(session, fan)?;
    let quote = Report::new("take a given seat back").account("fan", fan);
    let message = suite::vault(session.suite().vault).revoke_grant(fan);
    let who = session.account_argument(&fan);
    let refused = words_or(session.units.native.clone(), 0, move |error| {
        match error {
        VaultError::NotSubscribed if !held.is_grant() => Some(format!(
            "there is no subscription of {who} that was given, as it is paid for: `patronage seats end {who}` ends it, and the \
             fan gets back what is not earned"
        )),
        _ => None,
    }
    });
    Ok(Plan::new(quote, vec![Step::new(0, message, refused)]))
}

/// Frees the seat of an expired subscription of `fan`.
///
/// # Errors
///
/// When there is none.
pub fn prune(session: &mut Session<'_>, fan: AccountId) -> Result<Plan, Failure> {
    subscription(session, fan)?;
    let quote = Report::new("free the seat of an expired subscription").account("fan", fan);
    let message = suite::vault(session.suite().vault).prune(fan);
    Ok(Plan::new(quote, vec![Step::new(0, message, words(session.units.native.clone(), 0))]))
}

/// Unit that the subscription of `fan` is paid in, which `payer` wants to top up.
///
/// # Errors
///
/// When there is none that can be topped up.
pub fn unit_of(session: &mut Session<'_>, payer: AccountId, fan: AccountId) -> Result<Unit, Failure> {
    let tier = running(session, payer, fan, None)?.tier;
    Ok(session.tier(tier)?.1)
}

/// The subscription or given seat of `fan`, running or expired.
fn subscription(session: &mut Session<'_>, fan: AccountId) -> Result<Subscription, Failure> {
    let found = session.ask(suite::vault(session.suite().vault).fan(fan))?.subscription;
    found.ok_or_else(|| {
        let who = session.account_argument(&fan);
        let words = format!("there is no subscription of {who}: `patronage tiers` lists what can be subscribed to");
        Failure::refused(&VaultError::NotSubscribed, words)
    })
}

/// The subscription of `fan` that runs and is paid for, so that `payer` can go on with it; else how to subscribe, to the tier
/// `wanted` or to the one that it was.
fn running(
    session: &mut Session<'_>,
    payer: AccountId,
    fan: AccountId,
    wanted: Option<TierId>,
) -> Result<Subscription, Failure> {
    let refused = |words| Failure::refused(&VaultError::NotSubscribed, words);
    let Some(held) = session.ask(suite::vault(session.suite().vault).fan(fan))?.subscription else {
        let (begin, more) = match wanted {
            Some(tier) => (subscribing(session, payer, fan, tier), ""),
            None => ("`patronage subscribe TIER`".to_owned(), ", and `patronage tiers` lists the tiers"),
        };
        let who = session.account_argument(&fan);
        return Err(refused(format!("there is no subscription of {who} yet: {begin} begins one{more}")));
    };
    let now = session.chain.time()?;
    if held.is_paid_at(now) {
        return Ok(held);
    }
    let name = session.tier_name(held.tier);
    let again = subscribing(session, payer, fan, wanted.unwrap_or(held.tier));
    let end = format_time(held.stream.end);
    Err(refused(match (held.stream.runs(now), payer == fan) {
        (false, _) => {
            let (offer, unit) = session.tier(wanted.unwrap_or(held.tier))?;
            match offer.open {
                true => {
                    let (price, period) = (unit.format(offer.terms.price), format_duration(offer.terms.period));
                    format!("the subscription to tier {name} ended on {end}: {again} begins a new one, for {price} each {period}")
                }
                false => format!(
                    "the subscription to tier {name} ended on {end}, and the tier takes no new ones: `patronage tiers` lists \
                     others, and `patronage subscribe TIER` begins a new one"
                ),
            }
        }
        (true, true) => format!(
            "the seat in tier {name} was given until {end}, and nothing is paid for it: {again} pays for one in its place"
        ),
        (true, false) => format!(
            "the seat in tier {name} was given until {end}, and only the fan can subscribe in its place: wait until then"
        ),
    }))
}

/// The command by which `payer` subscribes `fan` to `tier`.
fn subscribing(session: &Session<'_>, payer: AccountId, fan: AccountId, tier: TierId) -> String {
    let tier = session.tier_argument(tier);
    match payer == fan {
        true => format!("`patronage subscribe {tier}`"),
        false => format!("`patronage subscribe {tier} --for {}`", session.account_argument(&fan)),
    }
}

/// What `payer` can do for `fan`, who holds something that runs already.
fn held(session: &mut Session<'_>, payer: AccountId, fan: AccountId) -> Result<Option<String>, Failure> {
    let now = session.chain.time()?;
    let held = session.ask(suite::vault(session.suite().vault).fan(fan))?;
    let Some(held) = held.running_at(now) else { return Ok(None) };
    let (name, until) = (session.tier_name(held.tier), format_time(held.stream.end));
    let who = session.account_argument(&fan);
    Ok(Some(match (payer == fan, held.is_grant()) {
        (true, _) => format!(
            "the fan is subscribed until {until}, to tier {name}: top up, switch, or cancel first (`patronage top-up`, \
             `patronage switch TIER`, `patronage cancel`)"
        ),
        (false, false) => format!(
            "{who} is subscribed until {until}, to tier {name}: `patronage top-up --for {who}` makes that longer"
        ),
        (false, true) => format!("{who} has a seat in tier {name} that was given until {until}: wait until then"),
    }))
}

/// What time has not earned of `running` now.
fn unearned(session: &mut Session<'_>, running: &Subscription) -> Result<u128, Failure> {
    let now = session.chain.time()?;
    let (tier, _) = session.tier(running.tier)?;
    Ok(running.stream.unearned(tier.terms.period, now))
}

/// `amount`, where it is not zero.
fn some(amount: u128, unit: &Unit) -> Option<Value> {
    (amount > 0).then(|| Value::Amount(amount, unit.clone()))
}

/// Milliseconds that `amount` lasts, rounded down as the vault does.
fn lasts(amount: u128, price: u128, period: u64) -> u64 {
    let product = amount.saturating_mul(period.into());
    u64::try_from(product.checked_div(price).unwrap_or(0)).unwrap_or(u64::MAX)
}

/// The vault's errors, with the sender's own limit beside the price now.
fn words(unit: Unit, most: u128) -> impl Fn(&Box<VaultError>) -> String + 'static {
    move |error| match error.as_ref() {
        VaultError::PaymentTooSmall { least } => format!(
            "a subscription takes at least one period: pay {} or more, by --pay {}",
            unit.format(*least),
            unit.plain(*least)
        ),
        VaultError::PriceTooHigh { price } => format!(
            "the price of a period is {} now, and you allowed {}: raise --max-price",
            unit.format(*price),
            unit.format(most)
        ),
        error => explain::vault(error, &unit),
    }
}

/// As [`words`], and in place of them what `own` has for an error.
fn words_or(
    unit: Unit,
    most: u128,
    own: impl Fn(&VaultError) -> Option<String> + 'static,
) -> impl Fn(&Box<VaultError>) -> String + 'static {
    let words = words(unit, most);
    move |error| own(error).unwrap_or_else(|| words(error))
}
