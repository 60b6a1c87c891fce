//! Who may publish, who is on the lists that rules ask for, which vault is paid, and what the registry's questions may cost.

use std::num::NonZeroUsize;

use patronage_interfaces::{
    ownable::Ownable,
    patronage::Patronage,
    registry::{ContentRegistry, ListChanged, ListId, ManagerChanged, QuestionLimits, MAX_LISTED},
    AccountId,
};

use super::{content::words, number, MOST_SHOWN};
use crate::{
    batch::Batch,
    explain,
    happenings::event_of,
    plan::{Plan, Step},
    recipients::{checked, Purpose},
    report::{Report, Value},
    session::{Failure, Session},
    suite,
};

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
