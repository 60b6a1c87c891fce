//! Tokens that become free with time.

use clap::{Args, Subcommand};
use patronage::{
    actions::vesting,
    session::{Failure, Session},
};
use patronage_chain::units::parse_time;
use patronage_interfaces::token::Schedule;

use super::{
    desk::{at, Desk},
    token::some,
    Global,
};

/// Tokens that become free with time.
#[derive(Args)]
#[command(after_help = "\
Examples:
  patronage vesting                                          all that is put away, by whom and for whom
  patronage vesting grant juno 100 --end 365d --as mira      free bit by bit within a year
  patronage vesting grant mira 500 --start 2027-01-01 --cliff 90d --end 730d --as mira
  patronage vesting show mira juno                           of mira's, for juno
  patronage vesting release mira --as juno                   juno takes what has become free")]
pub struct Vestings {
    #[command(subcommand)]
    command: Option<VestingCommand>,
}

#[derive(Subcommand)]
enum VestingCommand {
    /// Puts own tokens away for someone, or for yourself. Nobody can take that back.
    Grant {
        /// Who gets them.
        beneficiary: String,
        /// How many tokens.
        tokens: String,
        /// When all of them are free: so long after the start, such as 365d, or a day, such as 2027-12-24.
        #[arg(long, value_name = "TIME")]
        end: String,
        /// When they begin to become free: a day, or so long from now. Without it, now.
        #[arg(long, value_name = "TIME")]
        start: Option<String>,
        /// Before this none is free, from then on as many as without it: so long after the start, or a day.
        #[arg(long, value_name = "TIME")]
        cliff: Option<String>,
    },
    /// Shows what someone has put away for someone.
    Show {
        /// Who has put them away.
        grantor: String,
        /// Who gets them.
        beneficiary: String,
    },
    /// Gives the beneficiary what has become free. Anyone may.
    Release {
        /// Who has put them away.
        grantor: String,
        /// Who gets them, if it is someone else.
        #[arg(long = "for", value_name = "ACCOUNT")]
        beneficiary: Option<String>,
    },
}

impl Vestings {
    /// Runs it.
    pub fn run(self, global: &Global) -> Result<(), Failure> {
        let mut desk = Desk::open(global)?;
        match self.command {
            None => {
                let report = vesting::list(&mut desk.session()?)?;
                desk.show(&report)
            }
            Some(VestingCommand::Grant { beneficiary, tokens, end, start, cliff }) => {
                let beneficiary = desk.account(&beneficiary)?;
                desk.act(|session, _| {
                    let tokens = some(&tokens, session)?;
                    let schedule = schedule(session, &end, start.as_deref(), cliff.as_deref())?;
                    vesting::grant(session, beneficiary, tokens, schedule)
                })
            }
            Some(VestingCommand::Show { grantor, beneficiary }) => {
                let (grantor, beneficiary) = (desk.account(&grantor)?, desk.account(&beneficiary)?);
                let report = vesting::show(&mut desk.session()?, grantor, beneficiary)?;
                desk.show(&report)
            }
            Some(VestingCommand::Release { grantor, beneficiary }) => {
                let grantor = desk.account(&grantor)?;
                let beneficiary = beneficiary.as_deref().map(|text| desk.account(text)).transpose()?;
                desk.act(|session, sender| vesting::release(session, grantor, beneficiary.unwrap_or(sender)))
            }
        }
    }
}

/// The times of --start, which counts from now, and of --cliff and --end, which count from the start.
fn schedule(
    session: &mut Session<'_>,
    end: &str,
    start: Option<&str>,
    cliff: Option<&str>,
) -> Result<Schedule, Failure> {
    let now = session.chain.time()?;
    let start = start.map(|text| parse_time(text, now)).transpose().map_err(at("--start"))?.unwrap_or(now);
    let cliff = cliff.map(|text| parse_time(text, start)).transpose().map_err(at("--cliff"))?.unwrap_or(start);
    Ok(Schedule { start, cliff, end: parse_time(end, start).map_err(at("--end"))? })
}
