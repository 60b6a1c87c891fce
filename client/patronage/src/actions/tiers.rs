//! Tiers: what is on offer.

use patronage_chain::units::{format_duration, Unit, DAY};
use patronage_interfaces::vault::{PatronageVault, Tier, TierId, TierTerms};

use crate::{
    explain,
    happenings::text_of,
    plan::{Plan, Step},
    references::{self, Kind},
    report::{Report, Value},
    session::{Failure, Session},
    suite,
};

/// What the owner changes about a tier; what is `None` stays.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Change {
    /// Price of a period, as it is written.
    pub price: Option<String>,
    /// Seats; the inner `None` is no limit.
    pub seats: Option<Option<u32>>,
    /// Whether it takes new subscriptions.
    pub open: Option<bool>,
    /// Address of a page about it.
    pub uri: Option<String>,
}

/// The field of a quote that says of a tier's period that it is shorter than a day: whoever confirms is asked about it.
pub const SHORT_PERIOD: &str = "short_period";

/// What to ask about a tier called `name` whose `period` (ms) is shorter than a day, as a month's price for a minute is a slip
/// that can't be taken back: a tier's period never changes.
pub fn short_period(name: &str, price: u128, period: u64, unit: &Unit) -> Option<String> {
    (period < DAY).then(|| {
        let (price, period) = (unit.format(price), format_duration(period));
        format!("tier \"{name}\": a fan pays {price} for every {period}, less than a day")
    })
}

/// Every tier.
///
/// # Errors
///
/// When the vault gives no answer.
pub fn list(session: &mut Session<'_>) -> Result<Report, Failure> {
    let mut tiers = Vec::new();
    for id in 0..session.ask(suite::vault(session.suite().vault).tier_count())? {
        let (tier, unit) = session.tier(id)?;
        tiers.push(described(session, id, &tier, &unit));
    }
    Ok(Report::new("tiers").with("tiers", Value::List(tiers)))
}

fn described(session: &Session<'_>, id: TierId, tier: &Tier, unit: &Unit) -> Report {
    let terms = &tier.terms;
    Report::new(session.tier_name(id))
        .with("tier", Value::Number(id.into()))
        .with("level", Value::Number(terms.level.into()))
        .amount("price", terms.price, unit)
        .with("period", Value::Duration(terms.period))
        .with_some("minimum_stay", minimum_stay(terms))
        .with("taken", Value::Number(tier.taken.into()))
        .with_some("seats", terms.seats.map(|seats| Value::Number(seats.into())))
        .with("open", Value::Flag(tier.open))
        .with_some("uri", (!terms.uri.is_empty()).then(|| Value::Text(text_of(&terms.uri))))
}

/// The minimum stay of a tier, where it has one.
pub fn minimum_stay(terms: &TierTerms) -> Option<Value> {
    (terms.minimum_stay > 0).then_some(Value::Duration(terms.minimum_stay))
}

/// The owner offers a new tier.
///
/// # Errors
///
/// When there is no such token as it is paid in, or nobody could refer to the tier by its `name`.
pub fn add(session: &mut Session<'_>, name: &str, terms: TierTerms) -> Result<Plan, Failure> {
    references::check_new(Kind::Tier, name, &session.deployment.tiers).map_err(Failure::Request)?;
    let unit = session.unit(&terms.asset)?;
    let quote = Report::new(format!("offer the tier \"{name}\""))
        .with("level", Value::Number(terms.level.into()))
        .amount("price", terms.price, &unit)
        .with("period", Value::Duration(terms.period))
        .with_some("note", references::note(name, &session.deployment.tiers).map(Value::Text))
        .with_some(SHORT_PERIOD, short_period(name, terms.price, terms.period, &unit).map(Value::Text))
        .with_some("minimum_stay", minimum_stay(&terms))
        .with_some("seats", terms.seats.map(|seats| Value::Number(seats.into())));
    let message = suite::vault(session.suite().vault).add_tier(terms);
    Ok(Plan::new(quote, vec![Step::new(0, message, move |error| explain::vault(error, &unit))]))
}

/// The owner changes what new subscriptions to `id` get.
///
/// # Errors
///
/// When there is no such tier, or the price is no amount.
pub fn update(session: &mut Session<'_>, id: TierId, change: &Change) -> Result<Plan, Failure> {
    let (mut tier, unit) = session.tier(id)?;
    if let Some(price) = &change.price {
        tier.terms.price = unit.parse(price).map_err(|error| Failure::Request(format!("price: {error}")))?;
    }
    tier.terms.seats = change.seats.unwrap_or(tier.terms.seats);
    tier.open = change.open.unwrap_or(tier.open);
    if let Some(uri) = &change.uri {
        tier.terms.uri = uri.as_bytes().to_vec();
    }
    let mut quote = described(session, id, &tier, &unit);
    quote.title = format!("new terms of tier {}, for new subscriptions", quote.title);
    let TierTerms { price, seats, uri, .. } = tier.terms;
    let message = suite::vault(session.suite().vault).update_tier(id, price, seats, tier.open, uri);
    Ok(Plan::new(quote, vec![Step::new(0, message, move |error| explain::vault(error, &unit))]))
}
