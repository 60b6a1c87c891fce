//! Tiers: listing, adding and changing them.

use patronage_chain::units::{format_duration, Unit, DAY};
use patronage_interfaces::vault::{PatronageVault, Tier, TierId, TierTerms};

use crate::{
    client::Client,
    contracts,
    error::Error,
    events::text_of,
    messages,
    plan::{Tx, TxPlan},
    references::{self, Kind},
    report::{Report, Value},
};

/// A change of a tier. A field that is `None` stays as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Change {
    /// Price of a period, in whole units.
    pub price: Option<String>,
    /// Seats. The inner `None` means no limit.
    pub seats: Option<Option<u32>>,
    /// Whether it takes new subscriptions.
    pub open: Option<bool>,
    /// Address of a page about it.
    pub uri: Option<String>,
}

/// The field of a quote with the warning that a tier's period is shorter than a day. The command asks for confirmation of it.
pub const SHORT_PERIOD: &str = "short_period";

/// A warning if the `period` (ms) of the tier called `name` is shorter than a day. A tier's period can't be changed later.
pub fn short_period(name: &str, price: u128, period: u64, unit: &Unit) -> Option<String> {
    (period < DAY).then(|| {
        let (price, period) = (unit.format(price), format_duration(period));
        format!("tier \"{name}\": a fan pays {price} for every {period}, less than a day")
    })
}

/// Lists all tiers.
///
/// # Errors
///
/// If the vault returns no answer.
pub fn list(client: &mut Client<'_>) -> Result<Report, Error> {
    let mut tiers = Vec::new();
    for id in 0..client.query(contracts::vault(client.contracts().vault).tier_count())? {
        let (tier, unit) = client.tier(id)?;
        tiers.push(described(client, id, &tier, &unit));
    }
    Ok(Report::new("tiers").with("tiers", Value::List(tiers)))
}

fn described(client: &Client<'_>, id: TierId, tier: &Tier, unit: &Unit) -> Report {
    let terms = &tier.terms;
    Report::new(client.tier_name(id))
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

/// The minimum stay of a tier, if it has one.
pub fn minimum_stay(terms: &TierTerms) -> Option<Value> {
    (terms.minimum_stay > 0).then_some(Value::Duration(terms.minimum_stay))
}

/// The owner adds a tier.
///
/// # Errors
///
/// If its token does not exist, or its `name` is empty, taken, or can't be used as a reference.
pub fn add(client: &mut Client<'_>, name: &str, terms: TierTerms) -> Result<TxPlan, Error> {
    references::check_new(Kind::Tier, name, &client.deployment.tiers).map_err(Error::Request)?;
    let unit = client.unit(&terms.asset)?;
    let quote = Report::new(format!("add the tier \"{name}\""))
        .with("level", Value::Number(terms.level.into()))
        .amount("price", terms.price, &unit)
        .with("period", Value::Duration(terms.period))
        .with_some("note", references::note(name, &client.deployment.tiers).map(Value::Text))
        .with_some(SHORT_PERIOD, short_period(name, terms.price, terms.period, &unit).map(Value::Text))
        .with_some("minimum_stay", minimum_stay(&terms))
        .with_some("seats", terms.seats.map(|seats| Value::Number(seats.into())));
    let message = contracts::vault(client.contracts().vault).add_tier(terms);
    Ok(TxPlan::new(quote, vec![Tx::new(0, message, move |error| messages::vault(error, &unit))]))
}

/// The owner changes the terms of tier `id` for new subscriptions.
///
/// # Errors
///
/// If there is no such tier, or the price is not an amount.
pub fn update(client: &mut Client<'_>, id: TierId, change: &Change) -> Result<TxPlan, Error> {
    let (mut tier, unit) = client.tier(id)?;
    if let Some(price) = &change.price {
        tier.terms.price = unit.parse(price).map_err(|error| Error::Request(format!("price: {error}")))?;
    }
    tier.terms.seats = change.seats.unwrap_or(tier.terms.seats);
    tier.open = change.open.unwrap_or(tier.open);
    if let Some(uri) = &change.uri {
        tier.terms.uri = uri.as_bytes().to_vec();
    }
    let mut quote = described(client, id, &tier, &unit);
    quote.title = format!("new terms of tier {}, for new subscriptions", quote.title);
    let TierTerms { price, seats, uri, .. } = tier.terms;
    let message = contracts::vault(client.contracts().vault).update_tier(id, price, seats, tier.open, uri);
    Ok(TxPlan::new(quote, vec![Tx::new(0, message, move |error| messages::vault(error, &unit))]))
}
