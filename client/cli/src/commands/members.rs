//! Members of tiers: granting, revoking, ending, pruning and listing memberships.

use clap::{Args, Subcommand};
use patronage::{actions::subscriptions, error::Error};
use patronage_chain::units::parse_duration;

use super::{context::Context, history, Global};

/// Members of tiers.
#[derive(Args)]
#[command(after_help = "\
Examples:
  patronage members list                           all members, the first to end first
  patronage members list --tier Backstage --expiring 7d
  patronage members list --lapsed --csv --out former.csv
  patronage members grant finn Backstage 30d --as mira
  patronage members revoke finn --as mira
  patronage members end ben --as mira              everything not yet earned is refunded: ben withdraws it
  patronage members prune cleo --as ana            frees the seat of an expired subscription")]
pub struct Members {
    #[command(subcommand)]
    command: MembersCommand,
}

#[derive(Subcommand)]
enum MembersCommand {
    /// Grants a membership without payment. Only the owner may.
    Grant {
        /// The fan.
        fan: String,
        /// Name or number of the tier, such as 1, or '#1' where another tier is called 1.
        tier: String,
        /// How long, such as 30d.
        duration: String,
    },
    /// Revokes a grant. Only the owner may.
    Revoke {
        /// The fan.
        fan: String,
    },
    /// Ends a paid subscription. Everything not yet earned is refunded, whatever the minimum stay. Only the owner may.
    End {
        /// The fan.
        fan: String,
    },
    /// Prunes an expired subscription, which frees its seat. Possible 7 days after its end, or one period after its end if the tier is
    /// full. Anyone may.
    Prune {
        /// The fan.
        fan: String,
    },
    /// Lists the members, with the end of their time and what they would get back now.
    List(history::List),
}

impl Members {
    /// Runs it.
    pub fn run(self, global: &Global) -> Result<(), Error> {
        let command = match self.command {
            MembersCommand::List(list) => return list.run(global),
            other => other,
        };
        let mut context = Context::open(global)?;
        match command {
            // Handled above.
            MembersCommand::List(_) => Ok(()),
            MembersCommand::Grant { fan, tier, duration } => {
                let fan = context.account(&fan)?;
                let duration = parse_duration(&duration).map_err(Error::Request)?;
                context.act(|client, _| {
                    let tier = client.find_tier(&tier)?;
                    subscriptions::grant(client, fan, tier, duration)
                })
            }
            MembersCommand::Revoke { fan } => {
                let fan = context.account(&fan)?;
                context.act(|client, _| subscriptions::revoke(client, fan))
            }
            MembersCommand::End { fan } => {
                let fan = context.account(&fan)?;
                context.act(|client, _| subscriptions::end(client, fan))
            }
            MembersCommand::Prune { fan } => {
                let fan = context.account(&fan)?;
                context.act(|client, _| subscriptions::prune(client, fan))
            }
        }
    }
}
