//! Development chains: the clock and the accounts.

use clap::{Args, Subcommand};
use patronage::{
    client::native_unit,
    error::Error,
    report::{Report, Value},
};
use patronage_chain::{
    accounts::{account, NAMES},
    units::{format_duration, parse_duration},
};
use patronage_embedded::BLOCK_TIME;
use serde_json::json;

use super::{
    context::{at, names, open_dev_chain},
    output, Global,
};

/// A development chain.
#[derive(Args)]
pub struct Chain {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Shows the clock, or moves it forward. Otherwise the clock only moves by 6 s with each transaction.
    #[command(after_help = "Examples:\n  patronage chain time\n  patronage chain time +30d")]
    Time {
        /// The duration, such as +30d.
        #[arg(value_name = "+DURATION")]
        step: Option<String>,
    },
    /// Lists the development accounts with their balances.
    Accounts,
    /// Funds an account with new money.
    #[command(after_help = "Example:\n  patronage chain fund zoe 1000")]
    Fund {
        /// The account: an address or any name.
        account: String,
        /// The amount.
        amount: String,
    },
}

/// Maximum move of the clock in milliseconds: 100 years. Longer than any subscription, and within the range of dates.
const MAX_STEP: u64 = 3_155_760_000_000;

impl Chain {
    /// Runs it.
    pub fn run(self, global: &Global) -> Result<(), Error> {
        let mut chain = open_dev_chain(global)?;
        let native = native_unit(&*chain);
        let report = match self.command {
            Command::Time { step } => {
                if let Some(step) = step {
                    let wrong =
                        |why: String| Error::Request(format!("{why}: write a duration with a +, such as +30d or +12h"));
                    let Some(duration) = step.strip_prefix('+') else {
                        return Err(wrong(format!("\"{step}\" does not begin with +")));
                    };
                    let duration = parse_duration(duration).map_err(wrong)?;
                    if duration > MAX_STEP {
                        return Err(wrong("the clock moves by at most 100 years at once".to_owned()));
                    }
                    chain.advance(duration)?;
                }
                Report::new("the chain's clock").with("time", Value::Time(chain.time()?))
            }
            Command::Accounts => {
                let mut accounts = Vec::new();
                for name in NAMES {
                    let who = account(name).map_err(Error::Request)?;
                    let balance = chain.balance_of(&who)?;
                    accounts.push(Report::new(name).account("address", who).amount("balance", balance, &native));
                }
                Report::new("development accounts for --as; their keys are public")
                    .text("block_time", format_duration(BLOCK_TIME))
                    .with("accounts", Value::List(accounts))
            }
            Command::Fund { account, amount } => {
                let who = patronage_chain::accounts::named_account(&account, true).map_err(Error::Request)?;
                let amount = native.parse(&amount).map_err(at("AMOUNT"))?;
                chain.fund(&who, amount)?;
                let balance = chain.balance_of(&who)?;
                Report::new("funded").account("account", who).amount("balance", balance, &native)
            }
        };
        match global.json {
            true => output::document(&json!({ "ok": true, "report": report.json() })),
            false => output::text(&report.lines(&names(&*chain))),
        }
    }
}
