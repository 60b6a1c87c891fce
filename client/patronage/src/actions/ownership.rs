//! Rights of the owner: pausing new money, and transferring the ownership in two steps. The owner proposes, and the candidate accepts.

use patronage_interfaces::{
    ownable::{Ownable, OwnershipError},
    token::{CreatorToken, TokenError},
    vault::{PatronageVault, VaultError},
    AccountId,
};

use crate::{
    client::Client,
    contracts,
    error::Error,
    messages,
    plan::{Tx, TxPlan},
    recipients::{check_other, checked, Purpose},
    report::{Report, Value},
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

    /// Its name in messages.
    pub fn name(self) -> &'static str {
        match self {
            Self::Token => "token",
            Self::Vault => "vault",
            Self::Registry => "registry",
        }
    }

    fn address(self, client: &Client<'_>) -> AccountId {
        let contracts = client.contracts();
        match self {
            Self::Token => contracts.token,
            Self::Vault => contracts.vault,
            Self::Registry => contracts.registry,
        }
    }
}

/// Shows the owner of each contract, and the proposed owner.
///
/// # Errors
///
/// If a contract returns no answer.
pub fn show(client: &mut Client<'_>) -> Result<Report, Error> {
    let contracts = each(client)?.into_iter().map(|(contract, owner, candidate)| {
        let report = Report::new(contract.name()).account("owner", owner);
        report.with_some("proposed", candidate.map(Value::Account))
    });
    Ok(Report::new("who owns the contracts").with("contracts", Value::List(contracts.collect())))
}

/// Whether all contracts have the same owner and the same proposed owner, if any.
///
/// # Errors
///
/// If a contract returns no answer.
pub(super) fn is_one(client: &mut Client<'_>) -> Result<bool, Error> {
    let all = each(client)?;
    let mut pairs = all.iter().map(|(_, owner, candidate)| (owner, candidate));
    let first = pairs.next();
    Ok(pairs.all(|pair| Some(pair) == first))
}

fn each(client: &mut Client<'_>) -> Result<Vec<(Contract, AccountId, Option<AccountId>)>, Error> {
    let of = |contract| owners(client, contract).map(|(owner, candidate)| (contract, owner, candidate));
    Contract::ALL.into_iter().map(of).collect()
}

/// The owner proposes `candidate` as the owner of `contracts`. Replaces an earlier proposal.
///
/// # Errors
///
/// If a contract returns no answer.
pub fn propose(client: &mut Client<'_>, contracts: &[Contract], candidate: AccountId) -> Result<TxPlan, Error> {
    let (mut txs, mut parts) = (Vec::new(), Vec::new());
    for contract in contracts {
        let (owner, _) = owners(client, *contract)?;
        check_other(owner, candidate, &format!("owns the {} already", contract.name()))?;
        parts.push(Report::new(contract.name()).account("owner_until_then", owner));
        txs.push(proposal(client, *contract, candidate));
    }
    let quote = Report::new("offer the ownership")
        .account("to", candidate)
        .with("contracts", Value::List(parts))
        .text("takes_effect", "when that account accepts, by `patronage owner accept`");
    let quote = checked(client, candidate, Purpose::Ownership, quote)?;
    Ok(TxPlan::new(quote, txs))
}

/// `who` accepts the ownership of `contracts`. With none, accepts all for which `who` is proposed.
///
/// # Errors
///
/// If `who` is proposed for none.
pub fn accept(client: &mut Client<'_>, who: AccountId, contracts: &[Contract]) -> Result<TxPlan, Error> {
    let (mut txs, mut parts) = (Vec::new(), Vec::new());
    for contract in Contract::ALL {
        let (owner, candidate) = owners(client, contract)?;
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
                let recipient = client.query(contracts::sale(client.contracts().token).fee_recipient())?;
                let later = if recipient == owner { who } else { recipient };
                part = part.account("fees_go_to", later);
            }
            Contract::Vault => part = part.text("splits", "stay as they are"),
            Contract::Registry => part = part.text("managers", "none: add your own"),
        }
        parts.push(part);
        txs.push(acceptance(client, contract));
    }
    if txs.is_empty() {
        let message =
            "this account is not proposed as the owner of a contract: its owner runs `patronage owner propose ACCOUNT`";
        return Err(Error::refused(&OwnershipError::NotProposed, message.to_owned()));
    }
    let quote = Report::new("become the owner").account("owner", who).with("contracts", Value::List(parts));
    Ok(TxPlan::new(quote, txs))
}

/// The owner pauses or resumes new money at one contract, or at the token and the vault. The registry receives no money: purchases
/// are paid to the vault.
pub fn set_paused(client: &Client<'_>, of: Option<Contract>, paused: bool) -> TxPlan {
    let contracts = client.contracts();
    let places = of.map_or("the token and the vault".to_owned(), |contract| format!("the {}", contract.name()));
    let title = if paused { "pause new money at" } else { "resume new money at" };
    let mut txs = Vec::new();
    if of != Some(Contract::Vault) {
        txs.push(Tx::new(0, contracts::sale(contracts.token).set_paused(paused), of_token(client)));
    }
    if of != Some(Contract::Token) {
        txs.push(Tx::new(0, contracts::vault(contracts.vault).set_paused(paused), of_vault(client)));
    }
    TxPlan::new(Report::new(format!("{title} {places}")), txs)
}

fn owners(client: &mut Client<'_>, contract: Contract) -> Result<(AccountId, Option<AccountId>), Error> {
    let messages = contracts::ownable(contract.address(client));
    Ok((client.query(messages.owner())?, client.query(messages.pending_owner())?))
}

fn proposal(client: &Client<'_>, contract: Contract, candidate: AccountId) -> Tx {
    let message = contracts::ownable(contract.address(client)).propose_owner(candidate);
    Tx::new(0, message, move |error| messages::ownership(error, contract.name()))
}

fn acceptance(client: &Client<'_>, contract: Contract) -> Tx {
    let message = contracts::ownable(contract.address(client)).accept_ownership();
    Tx::new(0, message, move |error| messages::ownership(error, contract.name()))
}

fn of_token(client: &Client<'_>) -> impl Fn(&Box<TokenError>) -> String + 'static {
    let units = client.units.clone();
    move |error| messages::sale(error, &units)
}

fn of_vault(client: &Client<'_>) -> impl Fn(&Box<VaultError>) -> String + 'static {
    let native = client.units.native.clone();
    move |error| messages::vault(error, &native)
}
