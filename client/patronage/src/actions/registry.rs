//! Settings of the registry: managers, lists, the vault that is paid, and the weight limits of its queries to other contracts.

use std::num::NonZeroUsize;

use patronage_interfaces::{
    ownable::Ownable,
    patronage::Patronage,
    registry::{ContentRegistry, ListChanged, ListId, ManagerChanged, QuestionLimits, MAX_LISTED},
    AccountId,
};

use super::{content::error_message, number, MAX_SHOWN};
use crate::{
    batch::Batch,
    client::Client,
    contracts,
    error::Error,
    events::event_of,
    messages,
    plan::{Tx, TxPlan},
    recipients::{checked, Purpose},
    report::{Report, Value},
};

/// The sender adds `accounts` to the list with number `list`, or removes them. Rules can require an entry on a list. The batch has as
/// many transactions as needed. Repeating one changes nothing.
pub fn set_listed(client: &Client<'_>, list: ListId, accounts: Vec<AccountId>, listed: bool) -> Batch {
    let title = if listed { "add accounts to a list" } else { "remove accounts from a list" };
    let people = accounts.iter().map(|account| Report::default().account("account", *account));
    let few = (accounts.len() <= MAX_SHOWN).then(|| Value::List(people.collect()));
    let quote = Report::new(title)
        .with("list", Value::Number(list.into()))
        .with("rows", number(accounts.len()))
        .with_some("accounts", few);
    let (registry, native) = (client.contracts().registry, client.units.native.clone());
    Batch::new(quote, accounts.len(), MAX_ACCOUNTS, move |range| {
        let some = accounts.get(range).unwrap_or_default().to_vec();
        let native = native.clone();
        let message = contracts::registry(registry).set_listed(list, some, listed);
        Tx::new(0, message, move |error| messages::registry(error, &native))
    })
}

/// Accounts in one transaction.
const MAX_ACCOUNTS: NonZeroUsize = NonZeroUsize::new(MAX_LISTED as usize).expect("it is not zero");

/// Shows which of `accounts` are on the list with number `list`. With no `accounts`, shows all that are. The registry can't enumerate
/// a list, so that reads the chain's history.
///
/// # Errors
///
/// If the registry returns no answer, or the history of the chain can't be read.
pub fn listed(client: &mut Client<'_>, list: ListId, accounts: &[AccountId]) -> Result<Report, Error> {
    let registry = client.contracts().registry;
    let everyone = accounts.is_empty();
    let accounts = match everyone {
        false => accounts.to_vec(),
        true => accounts_in_events(client, |event: ListChanged| match event.list == list {
            true => event.accounts,
            false => Vec::new(),
        })?,
    };
    let mut found = Vec::new();
    for account in accounts {
        let listed = client.query(contracts::registry(registry).is_listed(list, account))?;
        if listed || !everyone {
            found.push(Report::default().account("account", account).with("listed", Value::Flag(listed)));
        }
    }
    Ok(Report::new(format!("list {list}")).with("accounts", Value::List(found)))
}

/// Shows the managers, who may publish. The registry can't enumerate them, so this reads the chain's history.
///
/// # Errors
///
/// If the registry returns no answer, or the history of the chain can't be read.
pub fn managers(client: &mut Client<'_>) -> Result<Report, Error> {
    let registry = client.contracts().registry;
    let owner = client.query(contracts::ownable(registry).owner())?;
    let mut managers = Vec::new();
    for account in accounts_in_events(client, |event: ManagerChanged| vec![event.account])? {
        if client.query(contracts::registry(registry).is_manager(account))? {
            managers.push(Report::default().account("account", account));
        }
    }
    let count = client.query(contracts::registry(registry).manager_count())?;
    Ok(Report::new("who may publish")
        .account("owner", owner)
        .with("number_of_managers", Value::Number(count.into()))
        .with("managers", Value::List(managers)))
}

/// The owner adds `account` as a manager, who may publish, or removes it.
///
/// # Errors
///
/// If `account` can't publish.
pub fn set_manager(client: &mut Client<'_>, account: AccountId, is_manager: bool) -> Result<TxPlan, Error> {
    let title = if is_manager { "add a manager, who may publish" } else { "remove a manager" };
    let message = contracts::registry(client.contracts().registry).set_manager(account, is_manager);
    let quote = Report::new(title).account("account", account);
    let quote = if is_manager { checked(client, account, Purpose::Manager, quote)? } else { quote };
    Ok(TxPlan::new(quote, vec![Tx::new(0, message, error_message(client))]))
}

/// The accounts that past events of the registry named, without duplicates.
fn accounts_in_events<E: ink::env::Event + ink::scale::Decode>(
    client: &mut Client<'_>,
    accounts: impl Fn(E) -> Vec<AccountId>,
) -> Result<Vec<AccountId>, Error> {
    let registry = client.contracts().registry;
    let mut all = Vec::new();
    for past in client.chain.history(&[registry], client.deployment.block..=u32::MAX)? {
        for account in event_of(&past.event, registry).map(&accounts).unwrap_or_default() {
            if !all.contains(&account) {
                all.push(account);
            }
        }
    }
    Ok(all)
}

/// Shows the weight limits for a query of the registry to another contract.
///
/// # Errors
///
/// If the registry returns no answer.
pub fn question_limits(client: &mut Client<'_>) -> Result<Report, Error> {
    let limits = client.query(contracts::registry(client.contracts().registry).question_limits())?;
    let report = Report::new("weight limits for a query to another contract");
    Ok(with_limits(report, limits)
        .with("most_computing_time_ps", Value::Number(QuestionLimits::MOST.ref_time))
        .with("most_proof_bytes", Value::Number(QuestionLimits::MOST.proof_size)))
}

/// The owner sets the weight limits for a query of the registry to another contract. A limit that is `None` stays as it is.
///
/// # Errors
///
/// If the registry returns no answer.
pub fn set_question_limits(
    client: &mut Client<'_>,
    ref_time: Option<u64>,
    proof_size: Option<u64>,
) -> Result<TxPlan, Error> {
    let registry = client.contracts().registry;
    let now = client.query(contracts::registry(registry).question_limits())?;
    let limits =
        QuestionLimits { ref_time: ref_time.unwrap_or(now.ref_time), proof_size: proof_size.unwrap_or(now.proof_size) };
    let quote = with_limits(Report::new("change the weight limits for a query to another contract"), limits);
    let message = contracts::registry(registry).set_question_limits(limits);
    Ok(TxPlan::new(quote, vec![Tx::new(0, message, error_message(client))]))
}

fn with_limits(report: Report, limits: QuestionLimits) -> Report {
    let QuestionLimits { ref_time, proof_size } = limits;
    report.with("computing_time_ps", Value::Number(ref_time)).with("proof_bytes", Value::Number(proof_size))
}

/// The owner sets the vault that receives the money of later purchases. With `None`, nothing can be bought.
///
/// # Errors
///
/// If there is no such vault.
pub fn set_vault(client: &mut Client<'_>, vault: Option<AccountId>) -> Result<TxPlan, Error> {
    let registry = client.contracts().registry;
    let now = client.query(contracts::registry(registry).vault())?;
    if let Some(vault) = vault {
        let there = client.chain.code_hash_of(&vault)?.is_some();
        // Purchases would fail with any other contract.
        if !there || client.query(contracts::patronage(vault).standing_of(registry)).is_err() {
            return Err(Error::Request(
                "there is no vault at that address: `patronage status` shows the address of yours".to_owned(),
            ));
        }
    }
    let paid =
        |vault: Option<AccountId>| vault.map_or(Value::Text("nobody: nothing is for sale".to_owned()), Value::Account);
    let quote = Report::new("set the vault that receives the money of purchases")
        .with("paid_until_now", paid(now))
        .with("paid_from_now_on", paid(vault));
    let message = contracts::registry(registry).set_vault(vault);
    Ok(TxPlan::new(quote, vec![Tx::new(0, message, error_message(client))]))
}
