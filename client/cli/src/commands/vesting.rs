//! Vesting of creator tokens.

use clap::{Args, Subcommand};
use patronage::{actions::vesting, client::Client, error::Error};
use patronage_chain::units::parse_time;
use patronage_interfaces::token::Schedule;

use super::{
    context::{at, Context},
    token::some,
    Global,
};

/// Vestings.
#[derive(Args)]
#[command(after_help = "\
Examples:
  patronage vesting                                          lists all vestings
  patronage vesting grant juno 100 --end 365d --as mira      vests linearly within a year
  patronage vesting grant mira 500 --start 2027-01-01 --cliff 90d --end 730d --as mira
  patronage vesting show mira juno                           the vesting by mira for juno
  patronage vesting release mira --as juno                   releases vested tokens to juno")]
pub struct Vestings {
    #[command(subcommand)]
    command: Option<VestingCommand>,
}

#[derive(Subcommand)]
enum VestingCommand {
    /// Vests own tokens for an account. A vesting can't be revoked.
    Grant {
        /// The account that receives the tokens.
        beneficiary: String,
        /// Number of tokens.
        tokens: String,
        /// End of the vesting: a duration after the start, such as 365d, or a day, such as 2027-12-24.
        #[arg(long, value_name = "TIME")]
        end: String,
        /// Start of the vesting: a duration from now, or a day. Without it, now.
        #[arg(long, value_name = "TIME")]
        start: Option<String>,
        /// Cliff: nothing vests before this time. A duration after the start, or a day.
        #[arg(long, value_name = "TIME")]
        cliff: Option<String>,
    },
    /// Shows a vesting.
    Show {
        /// The account that granted it.
        grantor: String,
        /// The account that receives the tokens.
        beneficiary: String,
    },
    /// Releases vested tokens to the beneficiary. Anyone may.
    Release {
        /// The account that granted the vesting.
        grantor: String,
        /// The account that receives the tokens. Without it, the sender.
        #[arg(long = "for", value_name = "ACCOUNT")]
        beneficiary: Option<String>,
    },
}

impl Vestings {
    /// Runs it.
    pub fn run(self, global: &Global) -> Result<(), Error> {
        let mut context = Context::open(global)?;
        match self.command {
            None => {
                let report = vesting::list(&mut context.client()?)?;
                context.show(&report)
            }
            Some(VestingCommand::Grant { beneficiary, tokens, end, start, cliff }) => {
                let beneficiary = context.account(&beneficiary)?;
                context.act(|client, _| {
                    let tokens = some(&tokens, client)?;
                    let schedule = schedule(client, &end, start.as_deref(), cliff.as_deref())?;
                    vesting::grant(client, beneficiary, tokens, schedule)
                })
            }
            Some(VestingCommand::Show { grantor, beneficiary }) => {
                let (grantor, beneficiary) = (context.account(&grantor)?, context.account(&beneficiary)?);
                let report = vesting::show(&mut context.client()?, grantor, beneficiary)?;
                context.show(&report)
            }
            Some(VestingCommand::Release { grantor, beneficiary }) => {
                let grantor = context.account(&grantor)?;
                let beneficiary = beneficiary.as_deref().map(|text| context.account(text)).transpose()?;
                context.act(|client, sender| vesting::release(client, grantor, beneficiary.unwrap_or(sender)))
            }
        }
    }
}

/// The schedule. Durations in --start count from now. Durations in --cliff and --end count from the start.
fn schedule(client: &mut Client<'_>, end: &str, start: Option<&str>, cliff: Option<&str>) -> Result<Schedule, Error> {
    let now = client.chain.time()?;
    let start = start.map(|text| parse_time(text, now)).transpose().map_err(at("--start"))?.unwrap_or(now);
    let cliff = cliff.map(|text| parse_time(text, start)).transpose().map_err(at("--cliff"))?.unwrap_or(start);
    Ok(Schedule { start, cliff, end: parse_time(end, start).map_err(at("--end"))? })
}
