//! Who must not get what: accounts where it would be stuck for ever.
//!
//! A contract does what its messages say and nothing else. Tokens that are sent to one of the creator's contracts can't be taken
//! out again, a subscription that is given to one is nobody's, and a contract that is offered the ownership can't accept. Each
//! account that a command names goes through [`check`], which knows for what it is named.

use patronage_chain::{accounts::address, Chain};
use patronage_interfaces::{vault::PatronageVault, AccountId};

use crate::{
    report::{Report, Value},
    session::{Failure, Session},
    suite::{self, Suite},
};

/// For what an account is named.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// To send the transaction.
    Sender,
    /// To get creator tokens that someone sends.
    Transfer,
    /// To get creator tokens that someone buys.
    Purchase,
    /// To get creator tokens bit by bit.
    Vesting,
    /// To take creator tokens of another account.
    Allowance,
    /// To get a part of the income.
    Split,
    /// To get the token's fees.
    Fees,
    /// To get a part of the fee for bringing a buyer.
    Referral,
    /// To be subscribed, for money or without.
    Subscription,
    /// To get access to content.
    Access,
    /// To own the contracts.
    Ownership,
    /// To publish content.
    Manager,
}

/// One of the creator's contracts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Contract {
    Token,
    Vault,
    Registry,
}

/// Refuses `who` for `purpose` where that is a dead end: an account of zeros, or one of the creator's contracts `suite` that can
/// do nothing with it. Asks no chain.
///
/// # Errors
///
/// In words, with what to do instead.
pub fn check(suite: &Suite, who: AccountId, purpose: Purpose) -> Result<(), String> {
    let shown = address(&who);
    if who == AccountId::from([0; 32]) {
        return Err(format!("{shown} is the address of zeros, which nobody has the key of: name another account"));
    }
    let contract = match who {
        who if who == suite.token => Contract::Token,
        who if who == suite.vault => Contract::Vault,
        who if who == suite.registry => Contract::Registry,
        _ => return Ok(()),
    };
    match instead(contract, purpose) {
        None => Ok(()),
        Some(instead) => Err(format!("{shown} is the creator's {}, a contract, {instead}", contract.name())),
    }
}

/// As [`check`], for `session`'s contracts, as a plan's `quote` begins. The quote warns of an account that is another contract:
/// it may have been made for that, such as one that several people sign for, and it may not.
///
/// # Errors
///
/// As for [`check`]; and when the chain can't be asked.
pub fn checked(session: &mut Session<'_>, who: AccountId, purpose: Purpose, quote: Report) -> Result<Report, Failure> {
    let suite = session.suite();
    check(&suite, who, purpose).map_err(Failure::Request)?;
    match [suite.token, suite.vault, suite.registry].contains(&who) {
        true => Ok(quote),
        false => warned(session.chain, who, quote),
    }
}

/// `quote`, with a warning where `who` is a contract.
///
/// # Errors
///
/// When the chain can't be asked.
pub(crate) fn warned(chain: &mut dyn Chain, who: AccountId, quote: Report) -> Result<Report, Failure> {
    if chain.code_hash_of(&who)?.is_none() {
        return Ok(quote);
    }
    let shown = address(&who);
    let words =
        format!("{shown} is a contract: what it gets is lost unless it was made for that, so ask whoever named it");
    let words = match quote.get("warning") {
        Some(Value::Text(before)) => format!("{before}; {words}"),
        _ => words,
    };
    Ok(quote.without("warning").text("warning", words))
}

/// Refuses the creator's vault as the recipient of the token's fees where it would not take them: it collects those of its own
/// creator token, and of no other.
///
/// # Errors
///
/// In words; and when the vault gives no answer.
pub fn check_fees(session: &mut Session<'_>, who: AccountId) -> Result<(), Failure> {
    let Suite { token, vault, .. } = session.suite();
    if who == vault && session.ask(suite::vault(vault).settings())?.token != Some(token) {
        return Err(Failure::Request(format!(
            "{} is the creator's vault, which was made for another token and can't collect these fees: name an account that \
             someone has the key of",
            address(&who)
        )));
    }
    Ok(())
}

/// Refuses that `who` gives or allows something to itself; `what` says what.
///
/// # Errors
///
/// In words.
pub fn check_other(who: AccountId, other: AccountId, what: &str) -> Result<(), Failure> {
    match who == other {
        true => Err(Failure::Request(format!("{} {what}: name another account", address(&who)))),
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

/// Why `contract` can't be named for `purpose`, and what to do instead; `None` where it can.
fn instead(contract: Contract, purpose: Purpose) -> Option<&'static str> {
    Some(match (purpose, contract) {
        // The vault takes stakes and payments by an allowance, and collects fees that are its own.
        (Purpose::Allowance | Purpose::Fees | Purpose::Referral, Contract::Vault) => return None,
        (Purpose::Transfer | Purpose::Purchase | Purpose::Vesting, Contract::Token) => {
            "where tokens are stuck for ever: to get money for tokens, `patronage sell`; to destroy them, `patronage burn`"
        }
        (Purpose::Transfer | Purpose::Purchase | Purpose::Vesting, Contract::Vault) => {
            "where tokens that are only sent are stuck for ever: to lock tokens there, `patronage stake`; to give them to the \
             creator, `patronage tip --in-tokens`"
        }
        (Purpose::Transfer | Purpose::Purchase | Purpose::Vesting, Contract::Registry) => {
            "where tokens are stuck for ever: name an account that someone has the key of"
        }
        (Purpose::Allowance, _) => {
            "which never takes tokens of others: name who shall take them; staking and paying in tokens allow what they need \
             by themselves"
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
            "which can neither open content nor cancel: name the fan's account, or leave it out to subscribe yourself"
        }
        (Purpose::Access, _) => "which can't open content: name the fan's account, or leave it out to buy for yourself",
        (Purpose::Ownership, _) => {
            "which can't accept: name the new owner's account. The owner's rights can't be given up this way"
        }
        (Purpose::Manager, _) => "which can't publish: name an account that someone has the key of",
        (Purpose::Sender, _) => "which signs nothing: name your own account",
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
    fn a_dead_end_is_refused_for_every_purpose_and_anyone_else_for_none() {
        let [token, vault, registry] = [1, 2, 3].map(|byte| AccountId::from([byte; 32]));
        let suite = Suite { token, vault, registry };
        for purpose in ALL {
            assert!(check(&suite, AccountId::from([0; 32]), purpose).unwrap_err().contains("nobody has the key"));
            assert_eq!(check(&suite, AccountId::from([9; 32]), purpose), Ok(()));
            assert!(check(&suite, token, purpose).is_err() && check(&suite, registry, purpose).is_err());
            let works = matches!(purpose, Purpose::Allowance | Purpose::Fees | Purpose::Referral);
            assert_eq!(check(&suite, vault, purpose).is_ok(), works, "{purpose:?}");
        }
    }
}
