//! What comes with owning the contracts: suspending new money, and handing them over. The owner proposes, the other accepts.

use patronage_interfaces::{
    ownable::{Ownable, OwnershipError},
    token::{CreatorToken, TokenError},
    vault::{PatronageVault, VaultError},
    AccountId,
};

use crate::{
    explain,
    plan::{Plan, Step},
    recipients::{check_other, checked, Purpose},
    report::{Report, Value},
    session::{Failure, Session},
    suite,
};

/// One of a creator's contracts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Contract {
    /// The creator token.
    Token,
    /// The patronage vault.
    Vault,
    /// The content registry.
    Registry,
}

impl Contract {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Token, Self::Vault, Self::Registry];

    /// What people call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Token => "token",
            Self::Vault => "vault",
            Self::Registry => "registry",
        }
    }

    fn address(self, session: &Session<'_>) -> AccountId {
        let suite = session.suite();
        match self {
            Self::Token => suite.token,
            Self::Vault => suite.vault,
            Self::Registry => suite.registry,
        }
    }
}

/// Who owns each contract, and whom the owner has proposed.
///
/// # Errors
///
/// When a contract gives no answer.
pub fn show(session: &mut Session<'_>) -> Result<Report, Failure> {
    let contracts = each(session)?.into_iter().map(|(contract, owner, candidate)| {
        let report = Report::new(contract.name()).account("owner", owner);
        report.with_some("proposed", candidate.map(Value::Account))
    });
    Ok(Report::new("who owns the contracts").with("contracts", Value::List(contracts.collect())))
}

/// Whether one account owns all contracts, and the same one, or nobody, is proposed for all.
///
/// # Errors
///
/// When a contract gives no answer.
pub(super) fn is_one(session: &mut Session<'_>) -> Result<bool, Failure> {
    let all = each(session)?;
    let mut pairs = all.iter().map(|(_, owner, candidate)| (owner, candidate));
    let first = pairs.next();
    Ok(pairs.all(|pair| Some(pair) == first))
}

fn each(session: &mut Session<'_>) -> Result<Vec<(Contract, AccountId, Option<AccountId>)>, Failure> {
    let of = |contract| owners(session, contract).map(|(owner, candidate)| (contract, owner, candidate));
    Contract::ALL.into_iter().map(of).collect()
}

/// The owner offers `contracts` to `candidate`, in place of any offer before.
///
/// # Errors
///
/// When a contract gives no answer.
pub fn propose(session: &mut Session<'_>, contracts: &[Contract], candidate: AccountId) -> Result<Plan, Failure> {
    let (mut steps, mut parts) = (Vec::new(), Vec::new());
    for contract in contracts {
        let (owner, _) = owners(session, *contract)?;
        check_other(owner, candidate, &format!("owns the {} already", contract.name()))?;
        parts.push(Report::new(contract.name()).account("owner_until_then", owner));
        steps.push(proposal(session, *contract, candidate));
    }
    let quote = Report::new("offer the ownership")
        .account("to", candidate)
        .with("contracts", Value::List(parts))
        .text("takes_effect", "when that account accepts, by `patronage owner accept`");
    let quote = checked(session, candidate, Purpose::Ownership, quote)?;
    Ok(Plan::new(quote, steps))
}

/// `who` becomes the owner of `contracts`; without any, of all that are offered to it.
///
/// # Errors
///
/// When nothing is.
pub fn accept(session: &mut Session<'_>, who: AccountId, contracts: &[Contract]) -> Result<Plan, Failure> {
    let (mut steps, mut parts) = (Vec::new(), Vec::new());
    for contract in Contract::ALL {
        let (owner, candidate) = owners(session, contract)?;
        let wanted = match contracts {
            [] => candidate == Some(who),
            some => some.contains(&contract),
        };
        if !wanted {
            continue;
        }
        let mut part = Report::new(contract.name()).account("owner_until_now", owner);
        match contract {
            Contract::Token => {
                let recipient = session.ask(suite::sale(session.suite().token).fee_recipient())?;
                let later = if recipient == owner { who } else { recipient };
                part = part.account("fees_go_to", later);
            }
            Contract::Vault => part = part.text("splits", "stay as they are"),
            Contract::Registry => part = part.text("managers", "none: appoint your own"),
        }
        parts.push(part);
        steps.push(acceptance(session, contract));
    }
    if steps.is_empty() {
        let words = "no contract is offered to this account: its owner offers it by `patronage owner propose ACCOUNT`";
        return Err(Failure::refused(&OwnershipError::NotProposed, words.to_owned()));
    }
    let quote = Report::new("become the owner").account("owner", who).with("contracts", Value::List(parts));
    Ok(Plan::new(quote, steps))
}

/// The owner suspends new money at one contract, or at the token and the vault, or lets it in again. The registry takes none:
/// what is bought there is paid to the vault.
pub fn set_paused(session: &Session<'_>, of: Option<Contract>, paused: bool) -> Plan {
    let suite = session.suite();
    let places = of.map_or("the token and the vault".to_owned(), |contract| format!("the {}", contract.name()));
    let title = if paused { "suspend new money at" } else { "let new money in again at" };
    let mut steps = Vec::new();
    if of != Some(Contract::Vault) {
        steps.push(Step::new(0, suite::sale(suite.token).set_paused(paused), of_token(session)));
    }
    if of != Some(Contract::Token) {
        steps.push(Step::new(0, suite::vault(suite.vault).set_paused(paused), of_vault(session)));
    }
    Plan::new(Report::new(format!("{title} {places}")), steps)
}

fn owners(session: &mut Session<'_>, contract: Contract) -> Result<(AccountId, Option<AccountId>), Failure> {
    let messages = suite::ownable(contract.address(session));
    Ok((session.ask(messages.owner())?, session.ask(messages.pending_owner())?))
}

fn proposal(session: &Session<'_>, contract: Contract, candidate: AccountId) -> Step {
    let message = suite::ownable(contract.address(session)).propose_owner(candidate);
    Step::new(0, message, move |error| explain::ownership(error, contract.name()))
}

fn acceptance(session: &Session<'_>, contract: Contract) -> Step {
    let message = suite::ownable(contract.address(session)).accept_ownership();
    Step::new(0, message, move |error| explain::ownership(error, contract.name()))
}

fn of_token(session: &Session<'_>) -> impl Fn(&Box<TokenError>) -> String + 'static {
    let units = session.units.clone();
    move |error| explain::sale(error, &units)
}

fn of_vault(session: &Session<'_>) -> impl Fn(&Box<VaultError>) -> String + 'static {
    let native = session.units.native.clone();
    move |error| explain::vault(error, &native)
}
