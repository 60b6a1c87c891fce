//! Checks of recipients: refuses accounts that can't use what they would receive.
//!
//! Tokens sent to one of the creator's contracts are lost. A contract can't cancel a subscription, and can't accept the ownership.
//! Each account in a command is checked for its purpose by [`check`].

use patronage_chain::{accounts::address, Chain};
use patronage_interfaces::{vault::PatronageVault, AccountId};

use crate::{
    client::Client,
    contracts::{self, Contracts},
    error::Error,
    report::{Report, Value},
};

/// The purpose of an account in a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Sends the transaction.
    Sender,
    /// Receives creator tokens by a transfer.
    Transfer,
    /// Receives creator tokens by a purchase.
    Purchase,
    /// Receives creator tokens by vesting.
    Vesting,
    /// May transfer creator tokens of another account.
    Allowance,
    /// Receives a share of the income.
    Split,
    /// Receives the token's fees.
    Fees,
    /// Receives a referrer's share of the fee.
    Referral,
    /// Receives a subscription or a grant.
    Subscription,
    /// Receives access to content.
    Access,
    /// Becomes the owner of the contracts.
    Ownership,
    /// Publishes content.
    Manager,
}

/// One of the creator's contracts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Contract {
    Token,
    Vault,
    Registry,
}

/// Refuses `who` if it can't serve `purpose`: the zero address, or one of the creator's `contracts`. Does not query the chain.
///
/// # Errors
///
/// A message that says what to do instead.
pub fn check(contracts: &Contracts, who: AccountId, purpose: Purpose) -> Result<(), String> {
    let shown = address(&who);
    if who == AccountId::from([0; 32]) {
        return Err(format!("{shown} is the zero address, which nobody has the key of: name another account"));
    }
    let contract = match who {
        who if who == contracts.token => Contract::Token,
        who if who == contracts.vault => Contract::Vault,
        who if who == contracts.registry => Contract::Registry,
        _ => return Ok(()),
    };
    match instead(contract, purpose) {
        None => Ok(()),
        Some(instead) => Err(format!("{shown} is the creator's {}, a contract, {instead}", contract.name())),
    }
}

/// As [`check`], for the contracts of `client`. Adds a warning to `quote` if `who` is another contract. Such a contract may support
/// the purpose, as a multisig does.
///
/// # Errors
///
/// As for [`check`], and if the chain can't be queried.
pub fn checked(client: &mut Client<'_>, who: AccountId, purpose: Purpose, quote: Report) -> Result<Report, Error> {
    let contracts = client.contracts();
    check(&contracts, who, purpose).map_err(Error::Request)?;
    match [contracts.token, contracts.vault, contracts.registry].contains(&who) {
        true => Ok(quote),
        false => warned(client.chain, who, quote),
    }
}

/// Adds a warning to `quote` if `who` is a contract.
///
/// # Errors
///
/// If the chain can't be queried.
pub(crate) fn warned(chain: &mut dyn Chain, who: AccountId, quote: Report) -> Result<Report, Error> {
    if chain.code_hash_of(&who)?.is_none() {
        return Ok(quote);
    }
    let shown = address(&who);
    let warning = format!(
        "{shown} is a contract, and loses what it receives unless it supports this: check with whoever gave you the address"
    );
    let warning = match quote.get("warning") {
        Some(Value::Text(before)) => format!("{before}; {warning}"),
        _ => warning,
    };
    Ok(quote.without("warning").text("warning", warning))
}

/// Refuses the creator's vault as the recipient of the token's fees if the vault was created for another token. A vault collects the fees
/// of its own creator token only.
///
/// # Errors
///
/// A message that says what to do instead, or if the vault returns no answer.
pub fn check_fees(client: &mut Client<'_>, who: AccountId) -> Result<(), Error> {
    let Contracts { token, vault, .. } = client.contracts();
    if who == vault && client.query(contracts::vault(vault).settings())?.token != Some(token) {
        return Err(Error::Request(format!(
            "{} is the creator's vault, which was created for another token and can't collect these fees: name an account that \
             someone has the key of",
            address(&who)
        )));
    }
    Ok(())
}

/// Refuses `other` if it is `who` itself. `what` is the reason, such as "has these tokens already".
///
/// # Errors
///
/// A message with the reason.
pub fn check_other(who: AccountId, other: AccountId, what: &str) -> Result<(), Error> {
    match who == other {
        true => Err(Error::Request(format!("{} {what}: name another account", address(&who)))),
        false => Ok(()),
    }
}

impl Contract {
    fn name(self) -> &'static str {
        match self {
            Self::Token => "token",
            Self::Vault => "vault",
            Self::Registry => "registry",
        }
    }
}

/// Why `contract` can't serve `purpose`, and what to do instead. Returns `None` if it can.
fn instead(contract: Contract, purpose: Purpose) -> Option<&'static str> {
    Some(match (purpose, contract) {
        // The vault receives stakes and payments by an allowance. It can collect fees.
        (Purpose::Allowance | Purpose::Fees | Purpose::Referral, Contract::Vault) => return None,
        (Purpose::Transfer | Purpose::Purchase | Purpose::Vesting, Contract::Token) => {
            "and tokens sent to it are lost: to sell tokens, use `patronage sell`; to destroy them, `patronage burn`"
        }
        (Purpose::Transfer | Purpose::Purchase | Purpose::Vesting, Contract::Vault) => {
            "and tokens sent to it are lost: to stake tokens, use `patronage stake`; to give them to the creator, `patronage tip \
             --in-tokens`"
        }
        (Purpose::Transfer | Purpose::Purchase | Purpose::Vesting, Contract::Registry) => {
            "and tokens sent to it are lost: name an account that someone has the key of"
        }
        (Purpose::Allowance, _) => {
            "which never transfers tokens of others: name the account that shall transfer them; staking and paying in tokens set \
             their allowances themselves"
        }
        (Purpose::Split, Contract::Vault) => {
            "which can't claim a share of its own income: give that share to the other recipients, or to an account that someone \
             has the key of"
        }
        (Purpose::Split, _) => "which can't claim: name an account that someone has the key of",
        (Purpose::Fees, _) => {
            "which can't claim: `patronage fees recipient --vault` shares the fees like all income, or name an account that \
             someone has the key of"
        }
        (Purpose::Referral, _) => "which can't claim: leave the referrer out, or name an account that someone has the key of",
        (Purpose::Subscription, _) => {
            "which can neither open content nor cancel: name the fan's account, or leave --for out to subscribe yourself"
        }
        (Purpose::Access, _) => "which can't open content: name the fan's account, or leave --for out to buy for yourself",
        (Purpose::Ownership, _) => "which can't accept the ownership: name the new owner's account",
        (Purpose::Manager, _) => "which can't publish: name an account that someone has the key of",
        (Purpose::Sender, _) => "which can't sign: name your own account",
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [Purpose; 12] = [
        Purpose::Sender,
        Purpose::Transfer,
        Purpose::Purchase,
        Purpose::Vesting,
        Purpose::Allowance,
        Purpose::Split,
        Purpose::Fees,
        Purpose::Referral,
        Purpose::Subscription,
        Purpose::Access,
        Purpose::Ownership,
        Purpose::Manager,
    ];

    #[test]
    fn own_contracts_are_refused_for_what_they_can_not_use() {
        let [token, vault, registry] = [1, 2, 3].map(|byte| AccountId::from([byte; 32]));
        let contracts = Contracts { token, vault, registry };
        for purpose in ALL {
            assert!(check(&contracts, AccountId::from([0; 32]), purpose).unwrap_err().contains("nobody has the key"));
            assert_eq!(check(&contracts, AccountId::from([9; 32]), purpose), Ok(()));
            assert!(check(&contracts, token, purpose).is_err() && check(&contracts, registry, purpose).is_err());
            let works = matches!(purpose, Purpose::Allowance | Purpose::Fees | Purpose::Referral);
            assert_eq!(check(&contracts, vault, purpose).is_ok(), works, "{purpose:?}");
        }
    }
}
