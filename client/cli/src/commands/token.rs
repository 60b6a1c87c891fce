//! Commands for creator tokens other than buying and selling, and for the creator's fees.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use ink::scale::Encode;
use patronage::{
    actions::{allowance, allowance::Change, token},
    client::Client,
    error::Error,
    recipients::{self, check_other, Purpose},
    rows::{self, Field, Position, Row, RowErrors, UniqueAccounts},
};
use patronage_chain::units::{parse_part, Unit};
use patronage_interfaces::AccountId;

use super::{
    batch::{BatchTask, CheckedRows, Rerun},
    context::{at, Context},
    field, Global,
};

/// Sends creator tokens.
#[derive(Args)]
#[command(after_help = "\
Examples:
  patronage send 5 ben --as ana
  patronage send 5 ben --from ana --as cleo        by an allowance of ana for cleo: see `patronage allowance`")]
pub struct Send {
    /// Number of tokens.
    tokens: String,
    /// The recipient.
    to: String,
    /// The owner of the tokens, who has set an allowance for the sender. Without it, the sender.
    #[arg(long, value_name = "ACCOUNT")]
    from: Option<String>,
}

impl Send {
    /// Runs it.
    pub fn run(self, global: &Global) -> Result<(), Error> {
        let mut context = Context::open(global)?;
        let to = context.account(&self.to)?;
        let owner = self.from.as_deref().map(|text| context.account(text)).transpose()?;
        context.act(|client, sender| {
            let tokens = some(&self.tokens, client)?;
            check_other(owner.unwrap_or(sender), to, "has these tokens already")?;
            match owner {
                Some(owner) => token::send_from(client, sender, owner, to, tokens),
                None => token::send(client, to, tokens),
            }
        })
    }
}

/// Parses a number of creator tokens. Refuses 0, for which the token would silently do nothing.
pub(super) fn some(text: &str, client: &Client<'_>) -> Result<u128, Error> {
    let unit = &client.units.token;
    match unit.parse(text).map_err(Error::Request)? {
        0 => Err(Error::Request(format!("{} would change nothing: give more than 0", unit.format(0)))),
        tokens => Ok(tokens),
    }
}

/// Sends creator tokens to many.
#[derive(Args)]
#[command(after_help = "\
Examples:
  patronage send-many ben=5 cleo=2.5 --as ana
  patronage send-many --file thanks.csv --as ana       a file with lines such as ben,5
  patronage send-many --file thanks.csv --as ana       run again, to resume after an interruption

All rows are checked before anything is sent. The number of rows in a file is not limited: they are sent in as many transactions as
needed. A journal in the folder of the file (thanks.csv.XXXXXXXX.journal) records which rows are paid. The same command resumes an
interrupted run, and pays nobody twice. Keep the journal as long as the file.")]
pub struct SendMany {
    /// Recipients with numbers of tokens, such as ben=5.
    #[arg(required_unless_present = "file", value_name = "ACCOUNT=TOKENS")]
    transfers: Vec<String>,
    /// A CSV file of recipients. Each line has an account, a comma (or semicolon, or tab), and a number of tokens. A header and lines
    /// that begin with # are ignored.
    #[arg(long, value_name = "FILE")]
    file: Option<PathBuf>,
    /// Pays a file again that an earlier run has paid completely.
    #[arg(long, requires = "file")]
    again: bool,
    /// Permits an account to be named several times. It receives all of its amounts.
    #[arg(long)]
    allow_duplicates: bool,
}

impl SendMany {
    /// Runs it.
    pub fn run(self, global: &Global) -> Result<(), Error> {
        let mut context = Context::open(global)?;
        let again = Rerun::Pays { wanted: self.again };
        BatchTask { file: self.file.as_deref(), again, done: "paid" }.run(&mut context, |client, sender| {
            let (positions, transfers): (Vec<Position>, Vec<_>) = self.transfers(client, sender)?.into_iter().unzip();
            let digest = transfers.using_encoded(sp_core::hashing::blake2_256);
            Ok(CheckedRows {
                contract: client.contracts().token,
                task: "send tokens".to_owned(),
                digest,
                positions,
                make: Box::new(move |client, sender, from| {
                    token::send_many(client, sender, transfers.get(from..).unwrap_or_default().to_vec())
                }),
            })
        })
    }

    /// Parses and checks all rows.
    fn transfers(&self, client: &mut Client<'_>, sender: AccountId) -> Result<Vec<(Position, Transfer)>, Error> {
        let mut row_errors = RowErrors::new(self.file.as_deref());
        let mut rows: Vec<(Row, &str)> = Vec::new();
        for (index, text) in self.transfers.iter().enumerate() {
            let position = Position::Argument(index.saturating_add(1));
            let fields = text.splitn(2, '=').map(|part| Field { position, text: part.trim().to_owned() }).collect();
            rows.push((fields, "write an account, = and a number of tokens, such as ben=5"));
        }
        if let Some(path) = &self.file {
            let form = "write an account, a comma and a number of tokens, such as ben,5";
            rows.extend(rows::read(path)?.into_iter().map(|row| (row, form)));
        }
        if rows.is_empty() {
            return Err(Error::Request(match &self.file {
                Some(path) => {
                    format!("{}: no recipients: name accounts with amounts, such as ben,5 on a line", path.display())
                }
                None => "no recipients: name accounts with amounts, such as ben=5".to_owned(),
            }));
        }
        let (mut all, mut seen) = (Vec::with_capacity(rows.len()), UniqueAccounts::default());
        for (row, form) in &rows {
            let [to, tokens] = row.as_slice() else {
                if let Some(first) = row.first() {
                    row_errors.add(first.position, *form);
                }
                continue;
            };
            let account = row_errors.ok(to.position, recipient(to, client, sender));
            let amount = row_errors.ok(tokens.position, amount(tokens, &client.units.token));
            let before = account.and_then(|account| seen.first_position(account, to.position));
            if let (Some(before), false) = (before, self.allow_duplicates) {
                let message = format!(
                    "the same account as in {}: add the amounts together, or add --allow-duplicates",
                    row_errors.name(before)
                );
                row_errors.add(to.position, message);
            }
            if let (Some(account), Some(amount)) = (account, amount) {
                all.push((to.position, (account, amount)));
            }
        }
        row_errors.checked()?;
        Ok(all)
    }
}

/// A recipient and a number of smallest units.
type Transfer = (AccountId, u128);

fn recipient(cell: &Field, client: &Client<'_>, sender: AccountId) -> Result<AccountId, String> {
    let account = field::account(cell, client.chain)?;
    if account == sender {
        return Err(format!("{} is the sender: leave the row out", cell.text));
    }
    recipients::check(&client.contracts(), account, Purpose::Transfer)?;
    Ok(account)
}

fn amount(cell: &Field, unit: &Unit) -> Result<u128, String> {
    let text = field::short(cell)?;
    match unit.parse(text) {
        Ok(0) => Err("0 tokens: leave the row out".to_owned()),
        Err(why) if text.contains(',') => Err(format!("{why}, with a decimal point and without thousands separators")),
        parsed => parsed,
    }
}

/// Burns creator tokens.
#[derive(Args)]
#[command(after_help = "\
Example:
  patronage burn 5 --as ana
Nothing is paid for burned tokens, and the price does not change. To get money for tokens, sell them.")]
pub struct Burn {
    /// Number of tokens.
    tokens: String,
}

impl Burn {
    /// Runs it.
    pub fn run(self, global: &Global) -> Result<(), Error> {
        Context::open(global)?.act(|client, _| {
            let tokens = some(&self.tokens, client)?;
            token::burn(client, tokens)
        })
    }
}

/// Allowances.
#[derive(Args)]
#[command(after_help = "\
Examples:
  patronage allowance show ana cleo                the number of ana's tokens that cleo may transfer
  patronage allowance approve cleo 10 --as ana     sets the allowance to 10
  patronage allowance increase cleo 5 --as ana
  patronage allowance decrease cleo 5 --as ana
  patronage send 3 ben --from ana --as cleo        uses 3 of the allowance")]
pub struct Allowance {
    #[command(subcommand)]
    command: AllowanceCommand,
}

#[derive(Subcommand)]
enum AllowanceCommand {
    /// Shows an allowance.
    Show {
        /// The owner of the tokens.
        owner: String,
        /// The account that may transfer them.
        spender: String,
    },
    /// Sets an allowance. Replaces the one before.
    Approve(Allowed),
    /// Increases an allowance.
    Increase(Allowed),
    /// Decreases an allowance.
    Decrease(Allowed),
}

#[derive(Args)]
struct Allowed {
    /// The account that may transfer your tokens.
    spender: String,
    /// Number of tokens.
    tokens: String,
}

impl Allowance {
    /// Runs it.
    pub fn run(self, global: &Global) -> Result<(), Error> {
        let mut context = Context::open(global)?;
        let (allowed, change): (Allowed, fn(u128) -> Change) = match self.command {
            AllowanceCommand::Show { owner, spender } => {
                let (owner, spender) = (context.account(&owner)?, context.account(&spender)?);
                let report = allowance::show(&mut context.client()?, owner, spender)?;
                return context.show(&report);
            }
            AllowanceCommand::Approve(allowed) => (allowed, Change::To),
            AllowanceCommand::Increase(allowed) => (allowed, Change::More),
            AllowanceCommand::Decrease(allowed) => (allowed, Change::Fewer),
        };
        let spender = context.account(&allowed.spender)?;
        context.act(|client, owner| {
            let tokens = client.units.token.parse(&allowed.tokens).map_err(Error::Request)?;
            check_other(owner, spender, "needs no allowance for its own tokens")?;
            allowance::change(client, owner, spender, change(tokens))
        })
    }
}

/// The creator's fees.
#[derive(Args)]
#[command(after_help = "\
Examples:
  patronage fees                                   the fees and their recipient
  patronage fees lower --buy 2% --as mira          fees can't be raised again
  patronage fees recipient juno --as mira          later fees go to juno
  patronage fees recipient --vault --as mira       later fees are split like all income")]
pub struct Fees {
    #[command(subcommand)]
    command: Option<FeesCommand>,
}

#[derive(Subcommand)]
enum FeesCommand {
    /// Lowers the fee on buying, on selling, or both. It can't be raised again.
    Lower {
        /// The fee on top of the price, such as 2% or 200bp (basis points).
        #[arg(long, value_name = "PART", required_unless_present = "sell")]
        buy: Option<String>,
        /// The fee out of the payout of a sale, such as 1% or 100bp.
        #[arg(long, value_name = "PART")]
        sell: Option<String>,
    },
    /// Sets the recipient of later fees.
    Recipient {
        /// The recipient.
        #[arg(required_unless_present = "vault", conflicts_with = "vault")]
        account: Option<String>,
        /// Sends the fees to the creator's vault, which splits them like all income.
        #[arg(long)]
        vault: bool,
    },
}

impl Fees {
    /// Runs it.
    pub fn run(self, global: &Global) -> Result<(), Error> {
        let mut context = Context::open(global)?;
        match self.command {
            None => {
                let report = token::fees(&mut context.client()?)?;
                context.show(&report)
            }
            Some(FeesCommand::Lower { buy, sell }) => {
                let parsed = |text: Option<String>, argument| {
                    text.map(|text| parse_part(&text)).transpose().map_err(at(argument))
                };
                let (buy, sell) = (parsed(buy, "--buy")?, parsed(sell, "--sell")?);
                context.act(|client, _| token::lower_fees(client, buy, sell))
            }
            Some(FeesCommand::Recipient { account, .. }) => {
                let account = account.as_deref().map(|text| context.account(text)).transpose()?;
                context.act(|client, _| {
                    let recipient = account.unwrap_or(client.contracts().vault);
                    token::set_fee_recipient(client, recipient)
                })
            }
        }
    }
}
