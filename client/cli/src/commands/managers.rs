//! Managers of the registry, who may publish content.

use clap::{Args, Subcommand};
use patronage::{actions::registry, error::Error};

use super::{context::Context, Global};

/// Managers, who may publish content.
#[derive(Args)]
#[command(after_help = "\
Examples:
  patronage managers                          the owner and the managers
  patronage managers add juno --as mira       juno may publish
  patronage managers remove juno --as mira")]
pub struct Managers {
    #[command(subcommand)]
    command: Option<ManagersCommand>,
}

#[derive(Subcommand)]
enum ManagersCommand {
    /// Adds a manager, who may publish content and change its terms. Only the owner may.
    Add {
        /// The account.
        account: String,
    },
    /// Removes a manager. Only the owner may.
    Remove {
        /// The account.
        account: String,
    },
}

impl Managers {
    /// Runs it.
    pub fn run(self, global: &Global) -> Result<(), Error> {
        let mut context = Context::open(global)?;
        let (account, is_manager) = match self.command {
            None => {
                let report = registry::managers(&mut context.client()?)?;
                return context.show(&report);
            }
            Some(ManagersCommand::Add { account }) => (account, true),
            Some(ManagersCommand::Remove { account }) => (account, false),
        };
        let account = context.account(&account)?;
        context.act(|client, _| registry::set_manager(client, account, is_manager))
    }
}
