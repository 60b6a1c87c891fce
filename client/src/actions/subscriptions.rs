//! Tips and subscriptions.

use patronage_core::{streams::cost, tiers::minimum};
use patronage_interfaces::{
    vault::{Asset, PatronageVault, Subscription, TierId, VaultError},
    AccountId,
};

use super::{paying, tiers::minimum_stay};
use crate::{
    explain,
    plan::{Plan, Step},
    report::{Report, Value},
    session::{Failure, Session},
    suite,
    units::Unit,
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
    let tokens = if terms.asset == Asset::Native { 0 } else { amount };
    let message = suite::vault(session.suite().vault).subscribe(tier, fan, tokens, most);
    paying(session, payer, quote, (terms.asset, amount, unit.clone()), message, words(unit, most))
}

/// `payer` pays the subscription of `fan` further ahead.
///
/// # Errors
///
/// When there is none.
pub fn top_up(session: &mut Session<'_>, payer: AccountId, fan: AccountId, payment: Payment) -> Result<Plan, Failure> {
    let running = subscription(session, fan)?;
    let (offer, unit) = session.tier(running.tier)?;
    let (price, period) = (running.stream.price, offer.terms.period);
    let amount = payment.amount(price, period)?;
    let quote = Report::new(format!("top up tier {}", session.tier_name(running.tier)))
        .account("fan", fan)
        .amount("price", price, &unit)
        .with("period", Value::Duration(period))
        .amount("paid_now", amount, &unit)
        .with("lasts_longer_by", Value::Duration(lasts(amount, price, period)));
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
    let running = subscription(session, fan)?;
    let left = unearned(session, &running)?;
    let (offer, unit) = session.tier(tier)?;
    let terms = offer.terms;
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
    match amount {
        0 => Ok(Plan::new(quote, vec![Step::new(0, message, words(unit, most))])),
        _ => paying(session, fan, quote, (terms.asset, amount, unit.clone()), message, words(unit, most)),
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
/// When there is no such tier.
pub fn grant(session: &mut Session<'_>, fan: AccountId, tier: TierId, duration: u64) -> Result<Plan, Failure> {
    let (_, unit) = session.tier(tier)?;
    let until = session.chain.time()?.saturating_add(duration);
    let quote = Report::new(format!("give a seat in tier {}", session.tier_name(tier)))
        .account("fan", fan)
        .with("until", Value::Time(until));
    let message = suite::vault(session.suite().vault).grant(fan, tier, until);
    Ok(Plan::new(quote, vec![Step::new(0, message, words(unit, 0))]))
}

/// The owner takes a given seat of `fan` back.
pub fn revoke(session: &Session<'_>, fan: AccountId) -> Plan {
    let quote = Report::new("take a given seat back").account("fan", fan);
    let message = suite::vault(session.suite().vault).revoke_grant(fan);
    Plan::new(quote, vec![Step::new(0, message, words(session.units.native.clone(), 0))])
}

/// Frees the seat of an expired subscription of `fan`.
pub fn prune(session: &Session<'_>, fan: AccountId) -> Plan {
    let quote = Report::new("free the seat of an expired subscription").account("fan", fan);
    let message = suite::vault(session.suite().vault).prune(fan);
    Plan::new(quote, vec![Step::new(0, message, words(session.units.native.clone(), 0))])
}

/// Unit that the subscription of `fan` is paid in.
///
/// # Errors
///
/// When there is none.
pub fn unit_of(session: &mut Session<'_>, fan: AccountId) -> Result<Unit, Failure> {
    let tier = subscription(session, fan)?.tier;
    Ok(session.tier(tier)?.1)
}

fn subscription(session: &mut Session<'_>, fan: AccountId) -> Result<Subscription, Failure> {
    let found = session.ask(suite::vault(session.suite().vault).fan(fan))?.subscription;
    found.ok_or_else(|| {
        Failure::refused(&VaultError::NotSubscribed, "there is no subscription: see `patronage tiers`".to_owned())
    })
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
        VaultError::PriceTooHigh { price } => format!(
            "the price of a period is {} now, and you allowed {}: raise --max-price",
            unit.format(*price),
            unit.format(most)
        ),
        error => explain::vault(error, &unit),
    }
}
