//! What comes with owning the contracts: handing them over, and suspending new money.

use clap::{Args, Subcommand, ValueEnum};
use patronage::{
    actions::{ownership, ownership::Contract},
    session::Failure,
};

use super::{desk::Desk, Global};

/// Who owns the contracts.
#[derive(Args)]
#[command(after_help = "\
Examples:
  patronage owner                                  who owns the contracts, and whom they are offered to
  patronage owner propose juno --as mira           offers all three
  patronage owner propose juno --of registry --as mira
  patronage owner accept --as juno                 takes what is offered
Until the other accepts, the owner can propose someone else.")]
pub struct Owner {
    #[command(subcommand)]
    command: Option<OwnerCommand>,
}

#[derive(Subcommand)]
enum OwnerCommand {
    /// Offers the ownership to someone, in place of any offer before. It changes when that account accepts.
    Propose {
        /// To whom.
        account: String,
        /// Which contract; can be given several times. Without it, all three.
        #[arg(long, value_name = "CONTRACT")]
        of: Vec<Which>,
    },
    /// Accepts what was offered to you.
    Accept {
        /// Which contract; can be given several times. Without it, all that are offered to you.
        #[arg(long, value_name = "CONTRACT")]
        of: Vec<Which>,
    },
}

/// A contract on the command line.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Which {
    Token,
    Vault,
    Registry,
}

impl From<Which> for Contract {
    fn from(which: Which) -> Self {
        match which {
            Which::Token => Self::Token,
            Which::Vault => Self::Vault,
            Which::Registry => Self::Registry,
        }
    }
}

impl Owner {
    /// Runs it.
    pub fn run(self, global: &Global) -> Result<(), Failure> {
        let mut desk = Desk::open(global)?;
        let named = |of: Vec<Which>| -> Vec<Contract> {
            let all = Contract::ALL.into_iter();
            all.filter(|contract| of.iter().any(|which| Contract::from(*which) == *contract)).collect()
        };
        match self.command {
            None => {
                let report = ownership::show(&mut desk.session()?)?;
                desk.show(&report)
            }
            Some(OwnerCommand::Propose { account, of }) => {
                let candidate = desk.account(&account)?;
                let contracts = if of.is_empty() { Contract::ALL.to_vec() } else { named(of) };
                desk.act(|session, _| ownership::propose(session, &contracts, candidate))
            }
            Some(OwnerCommand::Accept { of }) => {
                let contracts = named(of);
                desk.act(|session, who| ownership::accept(session, who, &contracts))
            }
        }
    }
}

/// Suspending new money, and going on.
#[derive(Args)]
#[command(after_help = "\
Examples:
  patronage pause --as mira                        no buying, tips, subscriptions, stakes or purchases
  patronage pause --of token --as mira             no buying of tokens, and all else goes on
  patronage resume --as mira
Selling, cancelling, taking out and claiming always go on.")]
pub struct Pause {
    /// Where; without it, at both.
    #[arg(long, value_name = "CONTRACT")]
    of: Option<Paused>,
}

/// A contract that takes new money.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Paused {
    Token,
    Vault,
}

impl Pause {
    /// Suspends new money, or lets it in again.
    pub fn run(self, global: &Global, paused: bool) -> Result<(), Failure> {
        let of = self.of.map(|of| match of {
            Paused::Token => Contract::Token,
            Paused::Vault => Contract::Vault,
        });
        Desk::open(global)?.act(|session, _| Ok(ownership::set_paused(session, of, paused)))
    }
}
