//! Seats of tiers: ending, giving, taking back, freeing and listing them.

use clap::{Args, Subcommand};
use patronage::{
    actions::{seats, subscriptions},
    session::Failure,
};
use patronage_chain::units::parse_duration;

use super::{desk::Desk, Global};

/// Subscriptions of fans, for the owner.
#[derive(Args)]
#[command(after_help = "\
Examples:
  patronage seats give finn Backstage 30d --as mira
  patronage seats take-back finn --as mira
  patronage seats end ben --as mira                all that time has not earned waits for ben: `patronage withdraw`
  patronage seats list Backstage                   who holds them, and which can be freed
  patronage seats free cleo --as ana               a week after the end, for whoever wants the seat")]
pub struct Seats {
    #[command(subcommand)]
    command: SeatsCommand,
}

#[derive(Subcommand)]
enum SeatsCommand {
    /// Gives a fan a seat without money.
    Give {
        /// Who gets it.
        fan: String,
        /// Name or number of the tier, such as 1, or '#1' where another tier is called 1.
        tier: String,
        /// How long, such as 30d.
        duration: String,
    },
    /// Takes back a seat that was given.
    TakeBack {
        /// From whom.
        fan: String,
    },
    /// Ends a paid subscription; the fan gets back all that time has not earned, whatever the minimum stay.
    End {
        /// Whose.
        fan: String,
    },
    /// Frees the seat of a subscription that ended a week ago or longer, or a period ago where the tier is full. Anyone may.
    Free {
        /// Whose.
        fan: String,
    },
    /// Lists who holds the seats of a tier, and which of them can be freed. This reads the chain's history.
    List {
        /// Name or number of the tier, such as 1, or '#1' where another tier is called 1.
        tier: String,
    },
}

impl Seats {
    /// Runs it.
    pub fn run(self, global: &Global) -> Result<(), Failure> {
        let mut desk = Desk::open(global)?;
        match self.command {
            SeatsCommand::Give { fan, tier, duration } => {
                let fan = desk.account(&fan)?;
                let duration = parse_duration(&duration).map_err(Failure::Request)?;
                desk.act(|session, _| {
                    let tier = session.find_tier(&tier)?;
                    subscriptions::grant(session, fan, tier, duration)
                })
            }
            SeatsCommand::TakeBack { fan } => {
                let fan = desk.account(&fan)?;
                desk.act(|session, _| subscriptions::revoke(session, fan))
            }
            SeatsCommand::End { fan } => {
                let fan = desk.account(&fan)?;
                desk.act(|session, _| subscriptions::end(session, fan))
            }
            SeatsCommand::Free { fan } => {
                let fan = desk.account(&fan)?;
                desk.act(|session, _| subscriptions::prune(session, fan))
            }
            SeatsCommand::List { tier } => {
                let mut session = desk.session()?;
                let tier = session.find_tier(&tier)?;
                let report = seats::list(&mut session, tier)?;
                desk.show(&report)
            }
        }
    }
}
