//! What holders do with creator tokens beside buying and selling, and the creator's fees.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use patronage_client::{
    actions::{allowance, allowance::Change, token, vesting},
    session::{Failure, Session},
    units::{parse_amount, parse_time},
};
use patronage_interfaces::{token::Schedule, AccountId};

use super::{
    desk::{at, Desk},
    table, Global,
};

/// Sends creator tokens.
#[derive(Args)]
#[command(after_help = "\
Examples:
  patronage send 5 ben --as ana
  patronage send 5 ben --from ana --as cleo        what cleo may take of ana's: see `patronage allowance`")]
pub struct Send {
    /// How many tokens.
    tokens: String,
    /// Who gets them.
    to: String,
    /// Whose tokens, if they are someone else's who allows it.
    #[arg(long, value_name = "ACCOUNT")]
    from: Option<String>,
}

impl Send {
    /// Runs it.
    pub fn run(self, global: &Global) -> Result<(), Failure> {
        let mut desk = Desk::open(global)?;
        let to = desk.account(&self.to)?;
        let owner = self.from.as_deref().map(|text| desk.account(text)).transpose()?;
        desk.act(|session, sender| {
            let tokens = session.units.token.parse(&self.tokens).map_err(Failure::Request)?;
            match owner {
                Some(owner) => token::send_from(session, sender, owner, to, tokens),
                None => Ok(token::send(session, to, tokens)),
            }
        })
    }
}

/// Sends creator tokens to many.
#[derive(Args)]
#[command(after_help = "\
Examples:
  patronage send-many ben=5 cleo=2.5 --as ana
  patronage send-many --file thanks.csv --as ana       with lines such as ben,5
All of them get their tokens, or nobody does.")]
pub struct SendMany {
    /// Each recipient with a number of tokens, such as ben=5.
    #[arg(required_unless_present = "file", value_name = "ACCOUNT=TOKENS")]
    transfers: Vec<String>,
    /// A file of recipients: on each line an account, a comma, and how many tokens.
    #[arg(long, value_name = "FILE")]
    file: Option<PathBuf>,
}

impl SendMany {
    /// Runs it.
    pub fn run(self, global: &Global) -> Result<(), Failure> {
        let mut desk = Desk::open(global)?;
        let mut all: Vec<(AccountId, String)> = Vec::new();
        for text in &self.transfers {
            let wrong = || Failure::Request(format!("\"{text}\" is no transfer: write ben=5"));
            let (account, tokens) = text.split_once('=').ok_or_else(wrong)?;
            all.push((desk.account(account)?, tokens.to_owned()));
        }
        if let Some(path) = &self.file {
            all.extend(table::read(path, |row| match row {
                [account, tokens] => Ok((desk.account(account)?, (*tokens).to_owned())),
                _ => Err(Failure::Request("write an account, a comma, and how many tokens, such as ben,5".to_owned())),
            })?);
        }
        desk.act(|session, sender| {
            let unit = session.units.token.clone();
            let parsed = all.iter().map(|(to, tokens)| Ok((*to, unit.parse(tokens).map_err(Failure::Request)?)));
            let transfers = parsed.collect::<Result<Vec<_>, Failure>>()?;
            token::send_many(session, sender, transfers)
        })
    }
}

/// Destroys creator tokens.
#[derive(Args)]
#[command(after_help = "\
Example:
  patronage burn 5 --as ana
Nobody gets anything for burned tokens, and no price changes. To get money for tokens, sell them.")]
pub struct Burn {
    /// How many tokens.
    tokens: String,
}

impl Burn {
    /// Runs it.
    pub fn run(self, global: &Global) -> Result<(), Failure> {
        Desk::open(global)?.act(|session, _| {
            let tokens = session.units.token.parse(&self.tokens).map_err(Failure::Request)?;
            token::burn(session, tokens)
        })
    }
}

/// What others may take.
#[derive(Args)]
#[command(after_help = "\
Examples:
  patronage allowance show ana cleo                how many of ana's tokens cleo may take
  patronage allowance approve cleo 10 --as ana     10, whatever it was before
  patronage allowance increase cleo 5 --as ana
  patronage allowance decrease cleo 5 --as ana
  patronage send 3 ben --from ana --as cleo        cleo takes 3 of them")]
pub struct Allowance {
    #[command(subcommand)]
    command: AllowanceCommand,
}

#[derive(Subcommand)]
enum AllowanceCommand {
    /// Shows how many of someone's creator tokens another may take.
    Show {
        /// Whose tokens.
        owner: String,
        /// Who may take them.
        spender: String,
    },
    /// Lets someone take so many of your tokens, in place of what was allowed before.
    Approve(Allowed),
    /// Lets someone take so many more.
    Increase(Allowed),
    /// Lets someone take so many fewer.
    Decrease(Allowed),
}

#[derive(Args)]
struct Allowed {
    /// Who may take them.
    spender: String,
    /// How many tokens.
    tokens: String,
}

impl Allowance {
    /// Runs it.
    pub fn run(self, global: &Global) -> Result<(), Failure> {
        let mut desk = Desk::open(global)?;
        let (allowed, change): (Allowed, fn(u128) -> Change) = match self.command {
            AllowanceCommand::Show { owner, spender } => {
                let (owner, spender) = (desk.account(&owner)?, desk.account(&spender)?);
                let report = allowance::show(&mut desk.session()?, owner, spender)?;
                return desk.show(&report);
            }
            AllowanceCommand::Approve(allowed) => (allowed, Change::To),
            AllowanceCommand::Increase(allowed) => (allowed, Change::More),
            AllowanceCommand::Decrease(allowed) => (allowed, Change::Fewer),
        };
        let spender = desk.account(&allowed.spender)?;
        desk.act(|session, owner| {
            let tokens = session.units.token.parse(&allowed.tokens).map_err(Failure::Request)?;
            allowance::change(session, owner, spender, change(tokens))
        })
    }
}

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
                    let tokens = session.units.token.parse(&tokens).map_err(Failure::Request)?;
                    let schedule = schedule(session, &end, start.as_deref(), cliff.as_deref())?;
                    Ok(vesting::grant(session, beneficiary, tokens, schedule))
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

/// The creator's fees.
#[derive(Args)]
#[command(after_help = "\
Examples:
  patronage fees                                   what they are, and who gets them
  patronage fees lower --buy 2% --as mira          for good: no fee can ever be raised
  patronage fees recipient juno --as mira          from now on juno gets them
  patronage fees recipient --vault --as mira       from now on they are shared like all income")]
pub struct Fees {
    #[command(subcommand)]
    command: Option<FeesCommand>,
}

#[derive(Subcommand)]
enum FeesCommand {
    /// Lowers the fee on buying, on selling, or both. Nobody can raise it again.
    Lower {
        /// The fee on top of the price, such as 2% or 200 (basis points).
        #[arg(long, value_name = "PART", required_unless_present = "sell")]
        buy: Option<String>,
        /// The fee out of what selling brings.
        #[arg(long, value_name = "PART")]
        sell: Option<String>,
    },
    /// Says who gets the fees from now on. Those before stay whose they are.
    Recipient {
        /// Who.
        #[arg(required_unless_present = "vault", conflicts_with = "vault")]
        account: Option<String>,
        /// The creator's vault, which shares them like all income.
        #[arg(long)]
        vault: bool,
    },
}

impl Fees {
    /// Runs it.
    pub fn run(self, global: &Global) -> Result<(), Failure> {
        let mut desk = Desk::open(global)?;
        match self.command {
            None => {
                let report = token::fees(&mut desk.session()?)?;
                desk.show(&report)
            }
            Some(FeesCommand::Lower { buy, sell }) => {
                let parsed = |text: Option<String>, place| text.map(|text| part(&text)).transpose().map_err(at(place));
                let (buy, sell) = (parsed(buy, "--buy")?, parsed(sell, "--sell")?);
                desk.act(|session, _| token::lower_fees(session, buy, sell))
            }
            Some(FeesCommand::Recipient { account, .. }) => {
                let account = account.as_deref().map(|text| desk.account(text)).transpose()?;
                desk.act(|session, _| {
                    let recipient = account.unwrap_or(session.suite().vault);
                    Ok(token::set_fee_recipient(session, recipient))
                })
            }
        }
    }
}

/// The basis points in `text`, such as 2.5% or 250.
///
/// # Errors
///
/// In words, when it is no part.
pub fn part(text: &str) -> Result<u16, String> {
    let bp = match text.strip_suffix('%') {
        // Basis points are hundredths of a percent: a percentage with two decimals.
        Some(percent) => parse_amount(percent, 2).ok().and_then(|bp| u16::try_from(bp).ok()),
        None => text.parse().ok(),
    };
    bp.ok_or_else(|| format!("\"{text}\" is no part: write 2.5% or 250 (basis points)"))
}
