//! Content: publishing it, and who may open it.

use std::num::NonZeroUsize;

use patronage_interfaces::{
    ownable::Ownable,
    patronage::Patronage,
    registry::{
        Access, Audience, Content, ContentId, ContentRegistry, Grant, ListChanged, ListId, ManagerChanged,
        QuestionLimits, RegistryError, Terms, MAX_CHECKS, MAX_LISTED,
    },
    AccountId,
};

use super::{number, MOST_SHOWN};
use crate::{
    batch::Batch,
    explain,
    happenings::{event_of, text_of},
    plan::{Plan, Step},
    recipients::{checked, Purpose},
    references::{self, Kind},
    report::{Report, Value},
    rules,
    session::{Failure, Session},
    suite,
    units::Unit,
};

/// Whether new content can be called `title`.
///
/// # Errors
///
/// In words, when nobody could refer to it by that.
pub fn check_title(session: &Session<'_>, title: &str) -> Result<(), Failure> {
    references::check_new(Kind::Content, title, &session.deployment.content).map_err(Failure::Request)
}

/// The sender publishes content called `title`: see [`check_title`].
pub fn publish(session: &Session<'_>, title: &str, file: Content, terms: Terms) -> Plan {
    let quote = Report::new(format!("publish \"{title}\""))
        .with_some("note", references::note(title, &session.deployment.content).map(Value::Text))
        .text("uri", text_of(&file.uri))
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
        .text("uri", text_of(&file.uri))
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

/// The sender puts `accounts` on the list with number `list`, which rules can ask for, or takes them off it. As many
/// transactions as it takes; doing one again changes nothing.
pub fn set_listed(session: &Session<'_>, list: ListId, accounts: Vec<AccountId>, listed: bool) -> Batch {
    let title = if listed { "put accounts on a list" } else { "take accounts off a list" };
    let people = accounts.iter().map(|account| Report::default().account("account", *account));
    let few = (accounts.len() <= MOST_SHOWN).then(|| Value::List(people.collect()));
    let quote = Report::new(title)
        .with("list", Value::Number(list.into()))
        .with("rows", number(accounts.len()))
        .with_some("accounts", few);
    let (registry, native) = (session.suite().registry, session.units.native.clone());
    Batch::new(quote, accounts.len(), MOST_ACCOUNTS, move |range| {
        let some = accounts.get(range).unwrap_or_default().to_vec();
        let native = native.clone();
        let message = suite::registry(registry).set_listed(list, some, listed);
        Step::new(0, message, move |error| explain::registry(error, &native))
    })
}

/// How many accounts the registry lists in one transaction.
const MOST_ACCOUNTS: NonZeroUsize = NonZeroUsize::new(MAX_LISTED as usize).expect("it is not zero");

/// Which of `accounts` are on the list with number `list`. Without any, who is: the registry keeps no list of them, so that
/// reads the chain's history.
///
/// # Errors
///
/// When the registry gives no answer, or the chain does not tell its history.
pub fn listed(session: &mut Session<'_>, list: ListId, accounts: &[AccountId]) -> Result<Report, Failure> {
    let registry = session.suite().registry;
    let everyone = accounts.is_empty();
    let accounts = match everyone {
        false => accounts.to_vec(),
        true => concerned(session, |event: ListChanged| match event.list == list {
            true => event.accounts,
            false => Vec::new(),
        })?,
    };
    let mut found = Vec::new();
    for account in accounts {
        let listed = session.ask(suite::registry(registry).is_listed(list, account))?;
        if listed || !everyone {
            found.push(Report::default().account("account", account).with("listed", Value::Flag(listed)));
        }
    }
    Ok(Report::new(format!("list {list}")).with("accounts", Value::List(found)))
}

/// Who may publish beside the owner. The registry keeps no list of them: this reads the chain's history.
///
/// # Errors
///
/// When the registry gives no answer, or the chain does not tell its history.
pub fn managers(session: &mut Session<'_>) -> Result<Report, Failure> {
    let registry = session.suite().registry;
    let owner = session.ask(suite::ownable(registry).owner())?;
    let mut managers = Vec::new();
    for account in concerned(session, |event: ManagerChanged| vec![event.account])? {
        if session.ask(suite::registry(registry).is_manager(account))? {
            managers.push(Report::default().account("account", account));
        }
    }
    let count = session.ask(suite::registry(registry).manager_count())?;
    Ok(Report::new("who may publish")
        .account("owner", owner)
        .with("number_of_managers", Value::Number(count.into()))
        .with("managers", Value::List(managers)))
}

/// What a question of the registry to another contract may cost.
///
/// # Errors
///
/// When the registry gives no answer.
pub fn question_limits(session: &mut Session<'_>) -> Result<Report, Failure> {
    let limits = session.ask(suite::registry(session.suite().registry).question_limits())?;
    let report = Report::new("what a question to another contract may cost");
    Ok(with_limits(report, limits)
        .with("most_computing_time_ps", Value::Number(QuestionLimits::MOST.ref_time))
        .with("most_proof_bytes", Value::Number(QuestionLimits::MOST.proof_size)))
}

/// The owner sets what a question of the registry to another contract may cost; what is `None` stays.
///
/// # Errors
///
/// When the registry gives no answer.
pub fn set_question_limits(
    session: &mut Session<'_>,
    ref_time: Option<u64>,
    proof_size: Option<u64>,
) -> Result<Plan, Failure> {
    let registry = session.suite().registry;
    let now = session.ask(suite::registry(registry).question_limits())?;
    let limits =
        QuestionLimits { ref_time: ref_time.unwrap_or(now.ref_time), proof_size: proof_size.unwrap_or(now.proof_size) };
    let quote = with_limits(Report::new("change what a question to another contract may cost"), limits);
    let message = suite::registry(registry).set_question_limits(limits);
    Ok(Plan::new(quote, vec![Step::new(0, message, words(session))]))
}

fn with_limits(report: Report, limits: QuestionLimits) -> Report {
    let QuestionLimits { ref_time, proof_size } = limits;
    report.with("computing_time_ps", Value::Number(ref_time)).with("proof_bytes", Value::Number(proof_size))
}

/// The accounts that events of the registry ever named, once each.
fn concerned<E: ink::env::Event + ink::scale::Decode>(
    session: &mut Session<'_>,
    accounts: impl Fn(E) -> Vec<AccountId>,
) -> Result<Vec<AccountId>, Failure> {
    let registry = session.suite().registry;
    let mut all = Vec::new();
    for past in session.chain.history(&[registry], session.deployment.block)? {
        for account in event_of(&past.event, registry).map(&accounts).unwrap_or_default() {
            if !all.contains(&account) {
                all.push(account);
            }
        }
    }
    Ok(all)
}

/// The owner names the vault that is paid for what is bought from now on; with `None` nothing can be bought.
///
/// # Errors
///
/// When there is no such vault.
pub fn set_vault(session: &mut Session<'_>, vault: Option<AccountId>) -> Result<Plan, Failure> {
    let registry = session.suite().registry;
    let now = session.ask(suite::registry(registry).vault())?;
    if let Some(vault) = vault {
        let there = session.chain.code_hash_of(&vault)?.is_some();
        // Whoever named another contract here could sell nothing.
        if !there || session.ask(suite::patronage(vault).standing_of(registry)).is_err() {
            return Err(Failure::Request(
                "there is no vault at that address: `patronage status` says yours".to_owned(),
            ));
        }
    }
    let paid =
        |vault: Option<AccountId>| vault.map_or(Value::Text("nobody: nothing is sold".to_owned()), Value::Account);
    let quote = Report::new("name the vault that gets the money for what is bought")
        .with("paid_until_now", paid(now))
        .with("paid_from_now_on", paid(vault));
    let message = suite::registry(registry).set_vault(vault);
    Ok(Plan::new(quote, vec![Step::new(0, message, words(session))]))
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
    let quote = checked(session, recipient, Purpose::Access, quote)?;
    let message = suite::registry(session.suite().registry).purchase(id, recipient, most, terms.release);
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
///
/// # Errors
///
/// When it could not publish.
pub fn set_manager(session: &mut Session<'_>, account: AccountId, appointed: bool) -> Result<Plan, Failure> {
    let title = if appointed { "appoint a manager, who may publish" } else { "dismiss a manager" };
    let message = suite::registry(session.suite().registry).set_manager(account, appointed);
    let quote = Report::new(title).account("account", account);
    let quote = if appointed { checked(session, account, Purpose::Manager, quote)? } else { quote };
    Ok(Plan::new(quote, vec![Step::new(0, message, words(session))]))
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
        all.push(report.with_some("uri", file.map(|file| Value::Text(text_of(&file.uri)))));
    }
    let vault = session.ask(suite::registry(registry).vault())?.filter(|vault| *vault != session.suite().vault);
    Ok(Report::new("content")
        .with_some("paid_to_another_vault", vault.map(Value::Account))
        .with("content", Value::List(all)))
}

fn terms(session: &mut Session<'_>, id: ContentId) -> Result<Terms, Failure> {
    let terms = session.ask(suite::registry(session.suite().registry).terms(id))?;
    terms.ok_or_else(|| {
        let error = RegistryError::UnknownContent;
        Failure::refused(&error, explain::registry(&error, &session.units.native))
    })
}

/// `report`, and on which terms content may be opened.
pub(super) fn with_terms(session: &Session<'_>, report: Report, terms: &Terms) -> Report {
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
pub fn check(session: &mut Session<'_>, id: ContentId, who: AccountId) -> Result<Report, Failure> {
    let access = session.ask(suite::registry(session.suite().registry).check(id, who))?;
    let access = access.map_err(|error| Failure::refused(&error, explain::registry(&error, &session.units.native)))?;
    Ok(verdict(session, id, who, &access))
}

/// As [`check`], for all content.
///
/// # Errors
///
/// When the registry gives no answer.
pub fn check_all(session: &mut Session<'_>, who: AccountId) -> Result<Vec<Report>, Failure> {
    let ids: Vec<ContentId> = (0..count(session)?).collect();
    let (mut rest, mut most, mut all) = (&ids[..], MAX_CHECKS as usize, Vec::new());
    while !rest.is_empty() {
        let some = rest.get(..most).unwrap_or(rest);
        let answers = session.ask(suite::registry(session.suite().registry).check_many(some.to_vec(), who))?;
        match answers.map_err(|error| *error) {
            Ok(answers) => {
                let known = some.iter().zip(&answers).filter_map(|(id, answer)| Some((*id, answer.as_ref()?)));
                all.extend(known.map(|(id, access)| verdict(session, id, who, access)));
                rest = rest.get(some.len()..).unwrap_or_default();
            }
            // One answer always fits: it is that of `check`.
            Err(RegistryError::AnswerTooLong { fit }) if most > 1 => most = (fit as usize).clamp(1, most - 1),
            Err(error) => return Err(Failure::refused(&error, explain::registry(&error, &session.units.native))),
        }
    }
    Ok(all)
}

fn verdict(session: &mut Session<'_>, id: ContentId, who: AccountId, access: &Access) -> Report {
    let report = Report::new(session.content_name(id))
        .with("content", Value::Number(id.into()))
        .account("account", who)
        .with("access", Value::Flag(access.is_granted()));
    match access {
        Access::Granted(Grant::Purchase) => report.text("because", "it was bought"),
        Access::Granted(Grant::Everyone) => report.text("because", "it is for everyone"),
        Access::Granted(Grant::Rule(rule)) => report.text("because", format!("rule {} holds", u16::from(*rule) + 1)),
        Access::Denied(rules) => {
            let units = session.units.clone();
            let mut unit_of = |token| session.token_unit(token);
            let ways = rules.iter().map(|rule| Report::new(explain::lacks(rule, &units, &mut unit_of)));
            report.with("any_of_these_opens_it", Value::List(ways.collect()))
        }
    }
}

/// How much content there is.
///
/// # Errors
///
/// When the registry gives no answer.
pub fn count(session: &mut Session<'_>) -> Result<u32, Failure> {
    session.ask(suite::registry(session.suite().registry).content_count())
}
