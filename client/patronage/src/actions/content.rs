//! Content: publishing, buying, changing terms, and checking access.

use patronage_chain::units::Unit;
use patronage_interfaces::{
    registry::{Access, Audience, Content, ContentId, ContentRegistry, Grant, RegistryError, Terms, MAX_CHECKS},
    AccountId,
};

use crate::{
    client::Client,
    contracts,
    error::Error,
    events::text_of,
    messages,
    plan::{Tx, TxPlan},
    recipients::{checked, Purpose},
    references::{self, Kind},
    report::{Report, Value},
    rules,
};

/// Checks that new content can have this `title`.
///
/// # Errors
///
/// If the title is empty, taken, or can't be used as a reference.
pub fn check_title(client: &Client<'_>, title: &str) -> Result<(), Error> {
    references::check_new(Kind::Content, title, &client.deployment.content).map_err(Error::Request)
}

/// The sender publishes `file` with this `title` on these `terms`. Call [`check_title`] first.
pub fn publish(client: &Client<'_>, title: &str, file: Content, terms: Terms) -> TxPlan {
    let quote = Report::new(format!("publish \"{title}\""))
        .with_some("note", references::note(title, &client.deployment.content).map(Value::Text))
        .text("uri", text_of(&file.uri))
        .text("hash", patronage_chain::hexadecimal(&file.hash));
    let quote = with_terms(client, quote, &terms);
    TxPlan::new(quote, vec![publishing(client, file, terms)])
}

/// The transaction that publishes `file` on these `terms`.
pub(super) fn publishing(client: &Client<'_>, file: Content, terms: Terms) -> Tx {
    let message = contracts::registry(client.contracts().registry).publish(file, terms);
    Tx::new(0, message, error_message(client))
}

/// The sender replaces the file and the key of content `id`. From now on, whoever has access gets the new key. The old key still
/// opens the old file.
///
/// # Errors
///
/// If there is no such content.
pub fn replace_file(client: &mut Client<'_>, id: ContentId, file: Content) -> Result<TxPlan, Error> {
    terms(client, id)?;
    let quote = Report::new(format!("new file and key for {}", client.content_name(id)))
        .text("uri", text_of(&file.uri))
        .text("hash", patronage_chain::hexadecimal(&file.hash));
    let message = contracts::registry(client.contracts().registry).replace_file(id, file);
    Ok(TxPlan::new(quote, vec![Tx::new(0, message, error_message(client))]))
}

/// The published file of content `id`.
///
/// # Errors
///
/// If there is no such content.
pub fn file(client: &mut Client<'_>, id: ContentId) -> Result<Content, Error> {
    let file = client.query(contracts::registry(client.contracts().registry).content(id))?;
    file.ok_or_else(|| {
        let error = RegistryError::UnknownContent;
        Error::refused(&error, messages::registry(&error, &client.units.native))
    })
}

/// The sender buys permanent access to content `id` for `recipient`. Pays at most `max_price` planck, or the price now with `None`.
///
/// # Errors
///
/// If there is no such content, or it is not for sale.
pub fn purchase(
    client: &mut Client<'_>,
    id: ContentId,
    recipient: AccountId,
    max_price: Option<u128>,
) -> Result<TxPlan, Error> {
    let terms = terms(client, id)?;
    let price = terms.for_sale().ok_or_else(|| {
        let error = RegistryError::NotForSale;
        Error::refused(&error, messages::registry(&error, &client.units.native))
    })?;
    let most = max_price.unwrap_or(price);
    let native = client.units.native.clone();
    let quote = Report::new(format!("buy access to {}", client.content_name(id)))
        .account("recipient", recipient)
        .amount("price", price, &native)
        .with_some("opens", (terms.release > client.chain.time()?).then_some(Value::Time(terms.release)));
    let quote = checked(client, recipient, Purpose::Access, quote)?;
    let message = contracts::registry(client.contracts().registry).purchase(id, recipient, most, terms.release);
    Ok(TxPlan::new(quote, vec![Tx::new(price.min(most), message, purchase_message(native, most))]))
}

/// A change of the terms of content. A field that is `None` stays as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Change {
    /// Who may open it, in addition to its buyers.
    pub audience: Option<Audience>,
    /// Nobody can open it before this time, in ms. 0 is no release time.
    pub release: Option<u64>,
    /// Price in planck. The inner `None` means not for sale.
    pub price: Option<Option<u128>>,
    /// Whether it is retired.
    pub retired: Option<bool>,
}

/// The sender changes the terms of content `id`.
///
/// # Errors
///
/// If there is no such content.
pub fn change(client: &mut Client<'_>, id: ContentId, change: Change) -> Result<TxPlan, Error> {
    let mut terms = terms(client, id)?;
    terms.audience = change.audience.unwrap_or(terms.audience);
    terms.release = change.release.unwrap_or(terms.release);
    terms.price = change.price.unwrap_or(terms.price);
    terms.retired = change.retired.unwrap_or(terms.retired);
    let quote = Report::new(format!("new terms of {}", client.content_name(id)));
    let quote = with_terms(client, quote, &terms);
    let message = contracts::registry(client.contracts().registry).change_terms(id, terms);
    Ok(TxPlan::new(quote, vec![Tx::new(0, message, error_message(client))]))
}

/// Lists all content with its terms.
///
/// # Errors
///
/// If the registry returns no answer.
pub fn list(client: &mut Client<'_>) -> Result<Report, Error> {
    let registry = client.contracts().registry;
    let mut all = Vec::new();
    for id in 0..count(client)? {
        let terms = terms(client, id)?;
        let file = client.query(contracts::registry(registry).content(id))?;
        let report = Report::new(client.content_name(id)).with("content", Value::Number(id.into()));
        let report = with_terms(client, report, &terms);
        all.push(report.with_some("uri", file.map(|file| Value::Text(text_of(&file.uri)))));
    }
    let vault = client.query(contracts::registry(registry).vault())?.filter(|vault| *vault != client.contracts().vault);
    Ok(Report::new("content")
        .with_some("paid_to_another_vault", vault.map(Value::Account))
        .with("content", Value::List(all)))
}

fn terms(client: &mut Client<'_>, id: ContentId) -> Result<Terms, Error> {
    let terms = client.query(contracts::registry(client.contracts().registry).terms(id))?;
    terms.ok_or_else(|| {
        let error = RegistryError::UnknownContent;
        Error::refused(&error, messages::registry(&error, &client.units.native))
    })
}

/// Appends `terms` to `report`.
pub(super) fn with_terms(client: &Client<'_>, report: Report, terms: &Terms) -> Report {
    let opens_to = match &terms.audience {
        Audience::Everyone => "everyone".to_owned(),
        Audience::Nobody => "nobody but buyers".to_owned(),
        Audience::AnyOf(rules) => rules::format(rules, client),
    };
    report
        .text("opens_to", opens_to)
        .with_some("price", terms.price.map(|price| Value::Amount(price, client.units.native.clone())))
        .with_some("release", (terms.release > 0).then_some(Value::Time(terms.release)))
        .with_some("retired", terms.retired.then_some(Value::Flag(true)))
}

pub(super) fn error_message(client: &Client<'_>) -> impl Fn(&Box<RegistryError>) -> String + 'static {
    let native = client.units.native.clone();
    move |error| messages::registry(error, &native)
}

/// Describes the registry's errors. A price above the buyer's limit is shown with that limit.
fn purchase_message(native: Unit, most: u128) -> impl Fn(&Box<RegistryError>) -> String + 'static {
    move |error| match **error {
        RegistryError::PriceTooHigh { price } => {
            format!("the price is {} now, and --max-price is {}: raise it", native.format(price), native.format(most))
        }
        ref error => messages::registry(error, &native),
    }
}

/// Checks whether `who` may open content `id`. Reports the reason, or the unmet conditions.
///
/// # Errors
///
/// If there is no such content.
pub fn check(client: &mut Client<'_>, id: ContentId, who: AccountId) -> Result<Report, Error> {
    let access = client.query(contracts::registry(client.contracts().registry).check(id, who))?;
    let access = access.map_err(|error| Error::refused(&error, messages::registry(&error, &client.units.native)))?;
    Ok(verdict(client, id, who, &access))
}

/// As [`check`], for all content.
///
/// # Errors
///
/// If the registry returns no answer.
pub fn check_all(client: &mut Client<'_>, who: AccountId) -> Result<Vec<Report>, Error> {
    let ids: Vec<ContentId> = (0..count(client)?).collect();
    let (mut rest, mut most, mut all) = (&ids[..], MAX_CHECKS as usize, Vec::new());
    while !rest.is_empty() {
        let some = rest.get(..most).unwrap_or(rest);
        let answers = client.query(contracts::registry(client.contracts().registry).check_many(some.to_vec(), who))?;
        match answers.map_err(|error| *error) {
            Ok(answers) => {
                let known = some.iter().zip(&answers).filter_map(|(id, answer)| Some((*id, answer.as_ref()?)));
                all.extend(known.map(|(id, access)| verdict(client, id, who, access)));
                rest = rest.get(some.len()..).unwrap_or_default();
            }
            // One answer always fits: it is as long as that of `check`.
            Err(RegistryError::AnswerTooLong { fit }) if most > 1 => most = (fit as usize).clamp(1, most - 1),
            Err(error) => return Err(Error::refused(&error, messages::registry(&error, &client.units.native))),
        }
    }
    Ok(all)
}

fn verdict(client: &mut Client<'_>, id: ContentId, who: AccountId, access: &Access) -> Report {
    let report = Report::new(client.content_name(id))
        .with("content", Value::Number(id.into()))
        .account("account", who)
        .with("access", Value::Flag(access.is_granted()));
    match access {
        Access::Granted(Grant::Purchase) => report.text("because", "it was bought"),
        Access::Granted(Grant::Everyone) => report.text("because", "it is for everyone"),
        Access::Granted(Grant::Rule(rule)) => report.text("because", format!("rule {} holds", u16::from(*rule) + 1)),
        Access::Denied(rules) => {
            let units = client.units.clone();
            let mut unit_of = |token| client.token_unit(token);
            let ways = rules.iter().map(|rule| Report::new(messages::missing_conditions(rule, &units, &mut unit_of)));
            report.with("any_of_these_opens_it", Value::List(ways.collect()))
        }
    }
}

/// Number of pieces of content.
///
/// # Errors
///
/// If the registry returns no answer.
pub fn count(client: &mut Client<'_>) -> Result<u32, Error> {
    client.query(contracts::registry(client.contracts().registry).content_count())
}
