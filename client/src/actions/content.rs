//! Content: publishing it, and who may open it.

use patronage_interfaces::{
    registry::{Access, Audience, Content, ContentId, ContentRegistry, Grant, ListId, RegistryError, Terms},
    AccountId,
};

use crate::{
    explain,
    happenings::harmless,
    plan::{Plan, Step},
    report::{Report, Value},
    rules,
    session::{Failure, Session},
    suite,
    units::Unit,
};

/// The sender publishes content called `title`.
pub fn publish(session: &Session<'_>, title: &str, file: Content, terms: Terms) -> Plan {
    let quote = Report::new(format!("publish \"{title}\""))
        .text("uri", harmless(&file.uri))
        .text("hash", crate::deployment::hexadecimal(&file.hash));
    let quote = with_terms(session, quote, &terms);
    let message = suite::registry(session.suite().registry).publish(file, terms);
    Plan::new(quote, vec![Step::new(0, message, words(session))])
}

/// The sender replaces the file of content `id`, and with it the key: from now on whoever has access gets the new one. Who
/// has the old key keeps what it opens.
///
/// # Errors
///
/// When there is no such content.
pub fn replace_file(session: &mut Session<'_>, id: ContentId, file: Content) -> Result<Plan, Failure> {
    terms(session, id)?;
    let quote = Report::new(format!("new file and key for {}", session.content_name(id)))
        .text("uri", harmless(&file.uri))
        .text("hash", crate::deployment::hexadecimal(&file.hash));
    let message = suite::registry(session.suite().registry).replace_file(id, file);
    Ok(Plan::new(quote, vec![Step::new(0, message, words(session))]))
}

/// The published file of content `id`.
///
/// # Errors
///
/// When there is no such content.
pub fn file(session: &mut Session<'_>, id: ContentId) -> Result<Content, Failure> {
    let file = session.ask(suite::registry(session.suite().registry).content(id))?;
    file.ok_or_else(|| {
        let error = RegistryError::UnknownContent;
        Failure::refused(&error, explain::registry(&error, &session.units.native))
    })
}

/// The sender puts `accounts` on the list with number `list`, which rules can ask for, or takes them off it.
pub fn set_listed(session: &Session<'_>, list: ListId, accounts: Vec<AccountId>, listed: bool) -> Plan {
    let title = if listed { "put accounts on a list" } else { "take accounts off a list" };
    let people = accounts.iter().map(|account| Report::default().account("account", *account)).collect();
    let quote = Report::new(title).with("list", Value::Number(list.into())).with("accounts", Value::List(people));
    let message = suite::registry(session.suite().registry).set_listed(list, accounts, listed);
    Plan::new(quote, vec![Step::new(0, message, words(session))])
}

/// The sender buys content `id` for `recipient`, for good, for at most `max_price` planck or what it costs now.
///
/// # Errors
///
/// When there is no such content, or it is not for sale.
pub fn purchase(
    session: &mut Session<'_>,
    id: ContentId,
    recipient: AccountId,
    max_price: Option<u128>,
) -> Result<Plan, Failure> {
    let terms = terms(session, id)?;
    let price = terms.for_sale().ok_or_else(|| {
        let error = RegistryError::NotForSale;
        Failure::refused(&error, explain::registry(&error, &session.units.native))
    })?;
    let most = max_price.unwrap_or(price);
    let native = session.units.native.clone();
    let quote = Report::new(format!("buy access to {}", session.content_name(id)))
        .account("recipient", recipient)
        .amount("price", price, &native)
        .with_some("opens", (terms.release > session.chain.time()?).then_some(Value::Time(terms.release)));
    let message = suite::registry(session.suite().registry).purchase(id, recipient, most);
    Ok(Plan::new(quote, vec![Step::new(price.min(most), message, purchase_words(native, most))]))
}

/// What the owner or a manager changes about the terms of content; what is `None` stays.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Change {
    /// Whom it is for, beside its buyers.
    pub audience: Option<Audience>,
    /// Before when nobody can open it, in ms; 0 is no such time.
    pub release: Option<u64>,
    /// Price in planck; the inner `None` is not for sale.
    pub price: Option<Option<u128>>,
    /// Whether it is withdrawn.
    pub retired: Option<bool>,
}

/// The sender changes the terms of content `id`.
///
/// # Errors
///
/// When there is no such content.
pub fn change(session: &mut Session<'_>, id: ContentId, change: Change) -> Result<Plan, Failure> {
    let mut terms = terms(session, id)?;
    terms.audience = change.audience.unwrap_or(terms.audience);
    terms.release = change.release.unwrap_or(terms.release);
    terms.price = change.price.unwrap_or(terms.price);
    terms.retired = change.retired.unwrap_or(terms.retired);
    let quote = Report::new(format!("new terms of {}", session.content_name(id)));
    let quote = with_terms(session, quote, &terms);
    let message = suite::registry(session.suite().registry).change_terms(id, terms);
    Ok(Plan::new(quote, vec![Step::new(0, message, words(session))]))
}

/// The owner appoints `account` as a manager, who may publish, or dismisses it.
pub fn set_manager(session: &Session<'_>, account: AccountId, appointed: bool) -> Plan {
    let title = if appointed { "appoint a manager, who may publish" } else { "dismiss a manager" };
    let message = suite::registry(session.suite().registry).set_manager(account, appointed);
    let quote = Report::new(title).account("account", account);
    Plan::new(quote, vec![Step::new(0, message, words(session))])
}

/// All content with its terms.
///
/// # Errors
///
/// When the registry gives no answer.
pub fn list(session: &mut Session<'_>) -> Result<Report, Failure> {
    let registry = session.suite().registry;
    let mut all = Vec::new();
    for id in 0..count(session)? {
        let terms = terms(session, id)?;
        let file = session.ask(suite::registry(registry).content(id))?;
        let report = Report::new(session.content_name(id)).with("content", Value::Number(id.into()));
        let report = with_terms(session, report, &terms);
        all.push(report.with_some("uri", file.map(|file| Value::Text(harmless(&file.uri)))));
    }
    Ok(Report::new("content").with("content", Value::List(all)))
}

fn terms(session: &mut Session<'_>, id: ContentId) -> Result<Terms, Failure> {
    let terms = session.ask(suite::registry(session.suite().registry).terms(id))?;
    terms.ok_or_else(|| {
        let error = RegistryError::UnknownContent;
        Failure::refused(&error, explain::registry(&error, &session.units.native))
    })
}

fn with_terms(session: &Session<'_>, report: Report, terms: &Terms) -> Report {
    let opens_to = match &terms.audience {
        Audience::Everyone => "everyone".to_owned(),
        Audience::Nobody => "nobody but buyers".to_owned(),
        Audience::AnyOf(rules) => rules::words(rules, session),
    };
    report
        .text("opens_to", opens_to)
        .with_some("price", terms.price.map(|price| Value::Amount(price, session.units.native.clone())))
        .with_some("release", (terms.release > 0).then_some(Value::Time(terms.release)))
        .with_some("retired", terms.retired.then_some(Value::Flag(true)))
}

fn words(session: &Session<'_>) -> impl Fn(&Box<RegistryError>) -> String + 'static {
    let native = session.units.native.clone();
    move |error| explain::registry(error, &native)
}

/// The registry's errors, with the buyer's own limit beside the price now.
fn purchase_words(native: Unit, most: u128) -> impl Fn(&Box<RegistryError>) -> String + 'static {
    move |error| match **error {
        RegistryError::PriceTooHigh { price } => format!(
            "the price is {} now, and you allowed {}: raise --max-price",
            native.format(price),
            native.format(most)
        ),
        ref error => explain::registry(error, &native),
    }
}

/// Whether `who` may open content `id` and why, or what is missing.
///
/// # Errors
///
/// When there is no such content.
pub fn check(session: &mut Session<'_>, id: u32, who: AccountId) -> Result<Report, Failure> {
    let access = session.ask(suite::registry(session.suite().registry).check(id, who))?;
    let access = access.map_err(|error| Failure::refused(&error, explain::registry(&error, &session.units.native)))?;
    let report = Report::new(session.content_name(id))
        .with("content", Value::Number(id.into()))
        .account("account", who)
        .with("access", Value::Flag(access.is_granted()));
    Ok(match access {
        Access::Granted(Grant::Purchase) => report.text("because", "it was bought"),
        Access::Granted(Grant::Everyone) => report.text("because", "it is for everyone"),
        Access::Granted(Grant::Rule(rule)) => report.text("because", format!("rule {} holds", u16::from(rule) + 1)),
        Access::Denied(rules) => {
            let ways = rules.iter().map(|rule| Report::new(explain::lacks(rule, &session.units)));
            report.with("any_of_these_opens_it", Value::List(ways.collect()))
        }
    })
}

/// How much content there is.
///
/// # Errors
///
/// When the registry gives no answer.
pub fn count(session: &mut Session<'_>) -> Result<u32, Failure> {
    session.ask(suite::registry(session.suite().registry).content_count())
}
