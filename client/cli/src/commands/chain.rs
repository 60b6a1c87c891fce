//! A chain for trying things: its clock and its accounts.

use clap::{Args, Subcommand};
use patronage::{
    report::{Report, Value},
    session::{native_unit, Failure},
};
use patronage_chain::{
    accounts::{account, NAMES},
    units::{format_duration, parse_duration},
};
use patronage_embedded::BLOCK_TIME;
use serde_json::json;

use super::{
    desk::{at, names, open_trial},
    out, Global,
};

/// The chain.
#[derive(Args)]
pub struct Chain {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Shows the clock, or moves it forward. It stands still by itself, but for 6 s with each transaction.
    #[command(after_help = "Examples:\n  patronage chain time\n  patronage chain time +30d")]
    Time {
        /// How far, such as +30d.
        #[arg(value_name = "+DURATION")]
        step: Option<String>,
    },
    /// Lists the development accounts with what they have.
    Accounts,
    /// Gives an account new money.
    #[command(after_help = "Example:\n  patronage chain fund zoe 1000")]
    Fund {
        /// Who gets it: any name will do.
        account: String,
        /// How much.
        amount: String,
    },
}

/// A century in milliseconds: further than any subscription, and near enough for every date.
const FARTHEST: u64 = 3_155_760_000_000;

impl Chain {
    /// Runs it.
    pub fn run(self, global: &Global) -> Result<(), Failure> {
        let mut chain = open_trial(global)?;
        let native = native_unit(&*chain);
        let report = match self.command {
            Command::Time { step } => {
                if let Some(step) = step {
                    let wrong =
                        |why: String| Failure::Request(format!("the clock moves by +30d, +12h and so on: {why}"));
                    let Some(duration) = step.strip_prefix('+') else {
                        return Err(wrong(format!("\"{step}\" does not begin with +")));
                    };
                    let duration = parse_duration(duration).map_err(wrong)?;
                    if duration > FARTHEST {
                        return Err(wrong("that is more than a century at once".to_owned()));
                    }
                    chain.advance(duration)?;
                }
                Report::new("the chain's clock").with("time", Value::Time(chain.time()?))
            }
            Command::Accounts => {
                let mut accounts = Vec::new();
                for name in NAMES {
                    let who = account(name).map_err(Failure::Request)?;
                    let balance = chain.balance_of(&who)?;
                    accounts.push(Report::new(name).account("address", who).amount("balance", balance, &native));
                }
                Report::new("development accounts, for --as: everybody knows their keys")
                    .text("block_time", format_duration(BLOCK_TIME))
                    .with("accounts", Value::List(accounts))
            }
            Command::Fund { account, amount } => {
                let who = patronage_chain::accounts::named_account(&account, true).map_err(Failure::Request)?;
                let amount = native.parse(&amount).map_err(at("AMOUNT"))?;
                chain.fund(&who, amount)?;
                let balance = chain.balance_of(&who)?;
                Report::new("new money").account("account", who).amount("balance", balance, &native)
            }
        };
        match global.json {
            true => out::document(&json!({ "ok": true, "report": report.json() })),
            false => out::text(&report.lines(&names(&*chain))),
        }
    }
}
