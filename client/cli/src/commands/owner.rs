//! Commands of the owner: transferring the ownership, and pausing new money.

use clap::{Args, Subcommand, ValueEnum};
use patronage::{
    actions::{ownership, ownership::Contract},
    error::Error,
};

use super::{context::Context, Global};

/// The ownership of the contracts.
#[derive(Args)]
#[command(after_help = "\
Examples:
  patronage owner                                  the owners, and the proposed owners
  patronage owner propose juno --as mira           proposes juno for all three contracts
  patronage owner propose juno --of registry --as mira
  patronage owner accept --as juno                 accepts all proposals
Until the candidate accepts, the owner can propose another account.")]
pub struct Owner {
    #[command(subcommand)]
    command: Option<OwnerCommand>,
}

#[derive(Subcommand)]
enum OwnerCommand {
    /// Proposes a new owner. Replaces an earlier proposal. The owner changes when the account accepts.
    Propose {
        /// The proposed owner.
        account: String,
        /// The contract. Can be given several times. Without it, all three contracts.
        #[arg(long, value_name = "CONTRACT")]
        of: Vec<Which>,
    },
    /// Accepts the ownership.
    Accept {
        /// The contract. Can be given several times. Without it, all contracts for which you are proposed.
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
    pub fn run(self, global: &Global) -> Result<(), Error> {
        let mut context = Context::open(global)?;
        let named = |of: Vec<Which>| -> Vec<Contract> {
            let all = Contract::ALL.into_iter();
            all.filter(|contract| of.iter().any(|which| Contract::from(*which) == *contract)).collect()
        };
        match self.command {
            None => {
                let report = ownership::show(&mut context.client()?)?;
                context.show(&report)
            }
            Some(OwnerCommand::Propose { account, of }) => {
                let candidate = context.account(&account)?;
                let contracts = if of.is_empty() { Contract::ALL.to_vec() } else { named(of) };
                context.act(|client, _| ownership::propose(client, &contracts, candidate))
            }
            Some(OwnerCommand::Accept { of }) => {
                let contracts = named(of);
                context.act(|client, who| ownership::accept(client, who, &contracts))
            }
        }
    }
}

/// Pausing and resuming new money.
#[derive(Args)]
#[command(after_help = "\
Examples:
  patronage pause --as mira                        no buying, tips, subscriptions, stakes or purchases
  patronage pause --of token --as mira             no buying of tokens; everything else continues
  patronage resume --as mira
Selling, cancelling, withdrawing and claiming are always possible.")]
pub struct Pause {
    /// The contract. Without it, both.
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
    /// Pauses or resumes new money.
    pub fn run(self, global: &Global, paused: bool) -> Result<(), Error> {
        let of = self.of.map(|of| match of {
            Paused::Token => Contract::Token,
            Paused::Vault => Contract::Vault,
        });
        Context::open(global)?.act(|client, _| Ok(ownership::set_paused(client, of, paused)))
    }
}
