//! Subscriptions and grants.

use patronage_chain::units::{format_duration, format_time, Unit};
use patronage_core::{streams::cost, tiers::minimum};
use patronage_interfaces::{
    vault::{Asset, PatronageVault, Subscription, TierId, VaultError},
    AccountId,
};

use super::{members, paying, tiers::minimum_stay};
use crate::{
    client::Client,
    contracts,
    error::Error,
    messages,
    plan::{Tx, TxPlan},
    recipients::{checked, Purpose},
    report::{Report, Value},
};

/// The amount of a payment for a subscription.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Payment {
    /// The price of this number of periods.
    Periods(u64),
    /// The price of this time in milliseconds, rounded up.
    Duration(u64),
    /// This amount.
    Amount(u128),
}

impl Payment {
    /// The amount at `price` for `period` ms.
    fn amount(self, price: u128, period: u64) -> Result<u128, Error> {
        let too_much = || Error::Request("the payment would be too large: pay for a shorter time".to_owned());
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

/// `payer` subscribes `fan` to `tier` at a price of at most `max_price`, or the price now with `None`.
///
/// # Errors
///
/// If there is no such tier, or `payer` does not have the amount.
pub fn subscribe(
    client: &mut Client<'_>,
    payer: AccountId,
    fan: AccountId,
    tier: TierId,
    payment: Payment,
    max_price: Option<u128>,
) -> Result<TxPlan, Error> {
    let (offer, unit) = client.tier(tier)?;
    let full = members::full(client, fan, tier, &offer)?;
    let terms = offer.terms;
    let amount = payment.amount(terms.price, terms.period)?;
    let most = max_price.unwrap_or(terms.price);
    let quote = Report::new(format!("subscribe to tier {}", client.tier_name(tier)))
        .account("fan", fan)
        .with("level", Value::Number(terms.level.into()))
        .amount("price", terms.price, &unit)
        .with("period", Value::Duration(terms.period))
        .amount("paid_now", amount, &unit)
        .with("lasts", Value::Duration(lasts(amount, terms.price, terms.period)))
        .with_some("minimum_stay", minimum_stay(&terms))
        .with_some("not_refundable", some(cost(terms.price, terms.period, terms.minimum_stay), &unit));
    let quote = checked(client, fan, Purpose::Subscription, quote)?;
    let tokens = if terms.asset == Asset::Native { 0 } else { amount };
    let message = contracts::vault(client.contracts().vault).subscribe(tier, fan, tokens, most);
    let held = held(client, payer, fan)?;
    let refused = error_message_or(unit.clone(), most, move |error| match error {
        VaultError::SoldOut => full.clone(),
        VaultError::AlreadySubscribed { .. } => held.clone(),
        _ => None,
    });
    paying(client, payer, quote, (terms.asset, amount, unit), message, refused)
}

/// `payer` tops up the subscription of `fan`.
///
/// # Errors
///
/// If `fan` has no subscription that can be topped up.
pub fn top_up(client: &mut Client<'_>, payer: AccountId, fan: AccountId, payment: Payment) -> Result<TxPlan, Error> {
    let running = running(client, payer, fan, None)?;
    let (offer, unit) = client.tier(running.tier)?;
    let (price, period) = (running.stream.price, offer.terms.period);
    let amount = payment.amount(price, period)?;
    let quote = Report::new(format!("top up tier {}", client.tier_name(running.tier)))
        .account("fan", fan)
        .amount("price", price, &unit)
        .with("period", Value::Duration(period))
        .amount("paid_now", amount, &unit)
        .with("lasts_longer_by", Value::Duration(lasts(amount, price, period)));
    let quote = checked(client, fan, Purpose::Subscription, quote)?;
    let tokens = if offer.terms.asset == Asset::Native { 0 } else { amount };
    let message = contracts::vault(client.contracts().vault).top_up(fan, running.tier, tokens, price);
    paying(client, payer, quote, (offer.terms.asset, amount, unit.clone()), message, move |error| {
        match error.as_ref() {
            VaultError::PriceTooHigh { price: now } => format!(
                "the fan pays {} for a period now, and this payment was for {}: check `patronage status`, and pay again",
                unit.format(*now),
                unit.format(price)
            ),
            error => messages::vault(error, &unit),
        }
    })
}

/// `fan` switches to `tier`. The rest of the subscription moves over, and `fan` pays `amount` in addition.
///
/// # Errors
///
/// If there is no subscription or no such tier.
pub fn switch(
    client: &mut Client<'_>,
    fan: AccountId,
    tier: TierId,
    amount: u128,
    max_price: Option<u128>,
) -> Result<TxPlan, Error> {
    let running = running(client, fan, fan, Some(tier))?;
    let left = unearned(client, &running)?;
    let (before, _) = client.tier(running.tier)?;
    let (offer, unit) = client.tier(tier)?;
    let full = members::full(client, fan, tier, &offer)?;
    let terms = offer.terms;
    if before.terms.asset != terms.asset {
        let (from, to) = (client.tier_name(running.tier), client.tier_name(tier));
        return Err(Error::refused(
            &VaultError::WrongAsset,
            format!(
                "tiers {to} and {from} are paid in different assets, so the rest can't be carried over: get it back with \
                 `patronage cancel`, then {}",
                subscribing(client, fan, fan, tier)
            ),
        ));
    }
    let stay = cost(terms.price, terms.period, terms.minimum_stay);
    let minimum = minimum(stay, terms.level, Some(&running), left);
    let most = max_price.unwrap_or(terms.price);
    let quote = Report::new(format!("switch to tier {}", client.tier_name(tier)))
        .text("from_tier", client.tier_name(running.tier))
        .with("level", Value::Number(terms.level.into()))
        .amount("price", terms.price, &unit)
        .with("period", Value::Duration(terms.period))
        .amount("carried_over", left, &unit)
        .amount("paid_now", amount, &unit)
        .with("lasts", Value::Duration(lasts(left.saturating_add(amount), terms.price, terms.period)))
        .with_some("not_refundable", some(minimum, &unit));
    let tokens = if terms.asset == Asset::Native { 0 } else { amount };
    let message = contracts::vault(client.contracts().vault).switch_tier(tier, tokens, most);
    let refused = error_message_or(unit.clone(), most, move |error| match error {
        VaultError::SoldOut => full.clone(),
        _ => None,
    });
    match amount {
        0 => Ok(TxPlan::new(quote, vec![Tx::new(0, message, refused)])),
        _ => paying(client, fan, quote, (terms.asset, amount, unit), message, refused),
    }
}

/// `fan` cancels the subscription.
///
/// # Errors
///
/// If there is no subscription.
pub fn cancel(client: &mut Client<'_>, fan: AccountId) -> Result<TxPlan, Error> {
    let running = subscription(client, fan)?;
    let refund = client.query(contracts::vault(client.contracts().vault).refund_of(fan))?;
    let left = unearned(client, &running)?;
    let (_, unit) = client.tier(running.tier)?;
    let quote = Report::new(format!("cancel tier {}", client.tier_name(running.tier)))
        .amount("refund", refund, &unit)
        .amount("earned_until_now", running.stream.paid.saturating_sub(left), &unit)
        .with_some("kept_for_the_minimum_stay", some(left.saturating_sub(refund), &unit));
    let message = contracts::vault(client.contracts().vault).cancel();
    Ok(TxPlan::new(quote, vec![Tx::new(0, message, error_message(unit, 0))]))
}

/// The owner ends the subscription of `fan`. Everything that is not yet earned is refunded.
///
/// # Errors
///
/// If there is no subscription.
pub fn end(client: &mut Client<'_>, fan: AccountId) -> Result<TxPlan, Error> {
    let running = subscription(client, fan)?;
    let refund = unearned(client, &running)?;
    let (_, unit) = client.tier(running.tier)?;
    let quote = Report::new("end a subscription").account("fan", fan).amount("refund", refund, &unit);
    let message = contracts::vault(client.contracts().vault).end_subscription(fan);
    Ok(TxPlan::new(quote, vec![Tx::new(0, message, error_message(unit, 0))]))
}

/// The owner grants `fan` a membership in `tier` for `duration` ms from now.
///
/// # Errors
///
/// If there is no such tier, or `fan` can't use the membership.
pub fn grant(client: &mut Client<'_>, fan: AccountId, tier: TierId, duration: u64) -> Result<TxPlan, Error> {
    let (offer, unit) = client.tier(tier)?;
    let until = client.chain.time()?.saturating_add(duration);
    let quote = Report::new(format!("grant a membership in tier {}", client.tier_name(tier)))
        .account("fan", fan)
        .with("until", Value::Time(until));
    let quote = checked(client, fan, Purpose::Subscription, quote)?;
    let message = contracts::vault(client.contracts().vault).grant(fan, tier, until);
    let full = members::full(client, fan, tier, &offer)?;
    let who = client.account_argument(&fan);
    let refused = error_message_or(unit, 0, move |error| match error {
        VaultError::SoldOut => full.clone(),
        VaultError::AlreadySubscribed { until } => Some(format!(
            "{who} has paid until {}: wait until then, or end the subscription with `patronage members end {who}`",
            format_time(*until)
        )),
        _ => None,
    });
    Ok(TxPlan::new(quote, vec![Tx::new(0, message, refused)]))
}

/// The owner revokes the grant of `fan`.
///
/// # Errors
///
/// If there is no grant, or the subscription is paid.
pub fn revoke(client: &mut Client<'_>, fan: AccountId) -> Result<TxPlan, Error> {
    let held = subscription(client, fan)?;
    let quote = Report::new("revoke a grant").account("fan", fan);
    let message = contracts::vault(client.contracts().vault).revoke_grant(fan);
    let who = client.account_argument(&fan);
    let refused = error_message_or(client.units.native.clone(), 0, move |error| {
        match error {
        VaultError::NotSubscribed if !held.is_grant() => Some(format!(
            "the subscription of {who} is paid, and not a grant: `patronage members end {who}` ends it and refunds what is not \
             earned"
        )),
        _ => None,
    }
    });
    Ok(TxPlan::new(quote, vec![Tx::new(0, message, refused)]))
}

/// Prunes the expired subscription of `fan`, which frees its seat.
///
/// # Errors
///
/// If there is no subscription.
pub fn prune(client: &mut Client<'_>, fan: AccountId) -> Result<TxPlan, Error> {
    subscription(client, fan)?;
    let quote = Report::new("prune an expired subscription").account("fan", fan);
    let message = contracts::vault(client.contracts().vault).prune(fan);
    Ok(TxPlan::new(quote, vec![Tx::new(0, message, error_message(client.units.native.clone(), 0))]))
}

/// Unit of the subscription of `fan`, which `payer` wants to top up.
///
/// # Errors
///
/// If there is no subscription that can be topped up.
pub fn unit_of(client: &mut Client<'_>, payer: AccountId, fan: AccountId) -> Result<Unit, Error> {
    let tier = running(client, payer, fan, None)?.tier;
    Ok(client.tier(tier)?.1)
}

/// The subscription or grant of `fan`, running or expired.
fn subscription(client: &mut Client<'_>, fan: AccountId) -> Result<Subscription, Error> {
    let found = client.query(contracts::vault(client.contracts().vault).fan(fan))?.subscription;
    found.ok_or_else(|| {
        let who = client.account_argument(&fan);
        let message = format!("{who} has no subscription: `patronage tiers` lists the tiers");
        Error::refused(&VaultError::NotSubscribed, message)
    })
}

/// The running, paid subscription of `fan`. The error says how `payer` can subscribe `fan` to the tier `wanted`, or to the tier before.
fn running(
    client: &mut Client<'_>,
    payer: AccountId,
    fan: AccountId,
    wanted: Option<TierId>,
) -> Result<Subscription, Error> {
    let refused = |message| Error::refused(&VaultError::NotSubscribed, message);
    let Some(held) = client.query(contracts::vault(client.contracts().vault).fan(fan))?.subscription else {
        let (begin, more) = match wanted {
            Some(tier) => (subscribing(client, payer, fan, tier), ""),
            None => ("`patronage subscribe TIER`".to_owned(), ", and `patronage tiers` lists the tiers"),
        };
        let who = client.account_argument(&fan);
        return Err(refused(format!("{who} has no subscription yet: {begin} starts one{more}")));
    };
    let now = client.chain.time()?;
    if held.is_paid_at(now) {
        return Ok(held);
    }
    let name = client.tier_name(held.tier);
    let again = subscribing(client, payer, fan, wanted.unwrap_or(held.tier));
    let end = format_time(held.stream.end);
    Err(refused(match (held.stream.runs(now), payer == fan) {
        (false, _) => {
            let (offer, unit) = client.tier(wanted.unwrap_or(held.tier))?;
            match offer.open {
                true => {
                    let (price, period) = (unit.format(offer.terms.price), format_duration(offer.terms.period));
                    format!("the subscription to tier {name} ended on {end}: {again} starts a new one, for {price} each {period}")
                }
                false => format!(
                    "the subscription to tier {name} ended on {end}, and the tier takes no new ones: `patronage tiers` lists \
                     others, and `patronage subscribe TIER` starts a new one"
                ),
            }
        }
        (true, true) => format!(
            "the membership in tier {name} is a grant until {end}, without a payment: {again} replaces it by a paid subscription"
        ),
        (true, false) => format!(
            "the membership in tier {name} is a grant until {end}, and only the fan can replace it: wait until then"
        ),
    }))
}

/// The command by which `payer` subscribes `fan` to `tier`.
fn subscribing(client: &Client<'_>, payer: AccountId, fan: AccountId, tier: TierId) -> String {
    let tier = client.tier_argument(tier);
    match payer == fan {
        true => format!("`patronage subscribe {tier}`"),
        false => format!("`patronage subscribe {tier} --for {}`", client.account_argument(&fan)),
    }
}

/// What `payer` can do for `fan`, who has a running subscription or grant.
fn held(client: &mut Client<'_>, payer: AccountId, fan: AccountId) -> Result<Option<String>, Error> {
    let now = client.chain.time()?;
    let held = client.query(contracts::vault(client.contracts().vault).fan(fan))?;
    let Some(held) = held.running_at(now) else { return Ok(None) };
    let (name, until) = (client.tier_name(held.tier), format_time(held.stream.end));
    let who = client.account_argument(&fan);
    Ok(Some(match (payer == fan, held.is_grant()) {
        (true, _) => format!(
            "the fan is subscribed until {until}, to tier {name}: top up, switch, or cancel first (`patronage top-up`, \
             `patronage switch TIER`, `patronage cancel`)"
        ),
        (false, false) => {
            format!("{who} is subscribed until {until}, to tier {name}: `patronage top-up --for {who}` extends it")
        }
        (false, true) => format!("{who} has a grant in tier {name} until {until}: wait until then"),
    }))
}

/// The part of `running` that is not yet earned.
fn unearned(client: &mut Client<'_>, running: &Subscription) -> Result<u128, Error> {
    let now = client.chain.time()?;
    let (tier, _) = client.tier(running.tier)?;
    Ok(running.stream.unearned(tier.terms.period, now))
}

/// `amount`, if it is not 0.
fn some(amount: u128, unit: &Unit) -> Option<Value> {
    (amount > 0).then(|| Value::Amount(amount, unit.clone()))
}

/// Milliseconds that `amount` pays for, rounded down as in the vault.
fn lasts(amount: u128, price: u128, period: u64) -> u64 {
    let product = amount.saturating_mul(period.into());
    u64::try_from(product.checked_div(price).unwrap_or(0)).unwrap_or(u64::MAX)
}

/// Describes the vault's errors. A price above the sender's limit `most` is shown with that limit.
fn error_message(unit: Unit, most: u128) -> impl Fn(&Box<VaultError>) -> String + 'static {
    move |error| match error.as_ref() {
        VaultError::PaymentTooSmall { least } => format!(
            "a payment must cover at least one period: pay {} or more with --pay {}",
            unit.format(*least),
            unit.plain(*least)
        ),
        VaultError::PriceTooHigh { price } => format!(
            "the price of a period is {} now, and --max-price is {}: raise it",
            unit.format(*price),
            unit.format(most)
        ),
        error => messages::vault(error, &unit),
    }
}

/// As [`error_message`]. A message of `own` takes precedence.
fn error_message_or(
    unit: Unit,
    most: u128,
    own: impl Fn(&VaultError) -> Option<String> + 'static,
) -> impl Fn(&Box<VaultError>) -> String + 'static {
    let message = error_message(unit, most);
    move |error| own(error).unwrap_or_else(|| message(error))
}
