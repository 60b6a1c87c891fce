//! What holders do with creator tokens beside buying and selling, and the creator's fees.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use ink::scale::Encode;
use patronage::{
    actions::{allowance, allowance::Change, token},
    recipients::{self, check_other, Purpose},
    rows::{self, Faults, Field, Once, Place, Row},
    session::{Failure, Session},
};
use patronage_chain::units::{parse_part, Unit};
use patronage_interfaces::AccountId;

use super::{
    desk::{at, Desk},
    field,
    many::{Again, Checked, Many},
    Global,
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
            let tokens = some(&self.tokens, session)?;
            check_other(owner.unwrap_or(sender), to, "has these tokens already")?;
            match owner {
                Some(owner) => token::send_from(session, sender, owner, to, tokens),
                None => token::send(session, to, tokens),
            }
        })
    }
}

/// The number of creator tokens in `text`, of which the token would move none without a word.
pub(super) fn some(text: &str, session: &Session<'_>) -> Result<u128, Failure> {
    let unit = &session.units.token;
    match unit.parse(text).map_err(Failure::Request)? {
        0 => Err(Failure::Request(format!("{} would change nothing: say how many, more than 0", unit.format(0)))),
        tokens => Ok(tokens),
    }
}

/// Sends creator tokens to many.
#[derive(Args)]
#[command(after_help = "\
Examples:
  patronage send-many ben=5 cleo=2.5 --as ana
  patronage send-many --file thanks.csv --as ana       with lines such as ben,5
  patronage send-many --file thanks.csv --as ana       once more, to go on after an interruption

All rows are checked before anything is sent. A file can have any number of them: they go out in as many transactions as it
takes. A journal beside the file (thanks.csv.XXXXXXXX.journal) says which rows are paid, so that the same command goes on where
an earlier one was interrupted, and pays nobody twice. Keep it as long as you keep the file.")]
pub struct SendMany {
    /// Each recipient with a number of tokens, such as ben=5.
    #[arg(required_unless_present = "file", value_name = "ACCOUNT=TOKENS")]
    transfers: Vec<String>,
    /// A CSV file of recipients: on each line an account, a comma (or semicolon, or tab), and how many tokens. A header and lines
    /// that begin with # are left out.
    #[arg(long, value_name = "FILE")]
    file: Option<PathBuf>,
    /// Pays everybody in the file once more, who was paid by an earlier run that has ended.
    #[arg(long, requires = "file")]
    again: bool,
    /// Lets an account be named several times. It gets all of its amounts.
    #[arg(long)]
    allow_duplicates: bool,
}

impl SendMany {
    /// Runs it.
    pub fn run(self, global: &Global) -> Result<(), Failure> {
        let mut desk = Desk::open(global)?;
        let again = Again::Pays { wanted: self.again };
        Many { file: self.file.as_deref(), again, done: "paid" }.run(&mut desk, |session, sender| {
            let (places, transfers): (Vec<Place>, Vec<_>) = self.transfers(session, sender)?.into_iter().unzip();
            let digest = transfers.using_encoded(sp_core::hashing::blake2_256);
            Ok(Checked {
                contract: session.suite().token,
                task: "send tokens".to_owned(),
                digest,
                places,
                make: Box::new(move |session, sender, from| {
                    token::send_many(session, sender, transfers.get(from..).unwrap_or_default().to_vec())
                }),
            })
        })
    }

    /// All rows, which are checked.
    fn transfers(&self, session: &mut Session<'_>, sender: AccountId) -> Result<Vec<(Place, Transfer)>, Failure> {
        let mut faults = Faults::new(self.file.as_deref());
        let mut rows: Vec<(Row, &str)> = Vec::new();
        for (index, text) in self.transfers.iter().enumerate() {
            let place = Place::Argument(index.saturating_add(1));
            let fields = text.splitn(2, '=').map(|part| Field { place, text: part.trim().to_owned() }).collect();
            rows.push((fields, "write an account, = and how many tokens, such as ben=5"));
        }
        if let Some(path) = &self.file {
            let form = "write an account, a comma, and how many tokens, such as ben,5";
            rows.extend(rows::read(path)?.into_iter().map(|row| (row, form)));
        }
        if rows.is_empty() {
            let words = "nobody is named: say who gets how much, such as ben=5";
            return Err(Failure::Request(match &self.file {
                Some(path) => format!("{}: {words}, or ben,5 on a line of the file", path.display()),
                None => words.to_owned(),
            }));
        }
        let (mut all, mut once) = (Vec::with_capacity(rows.len()), Once::default());
        for (row, form) in &rows {
            let [to, tokens] = row.as_slice() else {
                if let Some(first) = row.first() {
                    faults.add(first.place, *form);
                }
                continue;
            };
            let account = faults.take(to.place, recipient(to, session, sender));
            let amount = faults.take(tokens.place, amount(tokens, &session.units.token));
            let before = account.and_then(|account| once.before(account, to.place));
            if let (Some(before), false) = (before, self.allow_duplicates) {
                let words = format!(
                    "the same account as in {}: add the amounts together, or say --allow-duplicates",
                    faults.name(before)
                );
                faults.add(to.place, words);
            }
            if let (Some(account), Some(amount)) = (account, amount) {
                all.push((to.place, (account, amount)));
            }
        }
        faults.checked()?;
        Ok(all)
    }
}

/// A recipient, and how many smallest units it gets.
type Transfer = (AccountId, u128);

fn recipient(cell: &Field, session: &Session<'_>, sender: AccountId) -> Result<AccountId, String> {
    let account = field::account(cell, session.chain)?;
    if account == sender {
        return Err(format!("{} is the sender itself: leave the row out", cell.text));
    }
    recipients::check(&session.suite(), account, Purpose::Transfer)?;
    Ok(account)
}

fn amount(cell: &Field, unit: &Unit) -> Result<u128, String> {
    let text = field::short(cell)?;
    match unit.parse(text) {
        Ok(0) => Err("0 tokens: leave the row out".to_owned()),
        Err(why) if text.contains(',') => Err(format!("{why}, with a point and without groups")),
        parsed => parsed,
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
            let tokens = some(&self.tokens, session)?;
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
            check_other(owner, spender, "needs no allowance for its own tokens")?;
            allowance::change(session, owner, spender, change(tokens))
        })
    }
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
        /// The fee on top of the price, such as 2% or 200bp (basis points).
        #[arg(long, value_name = "PART", required_unless_present = "sell")]
        buy: Option<String>,
        /// The fee out of what selling brings, such as 1% or 100bp.
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
                let parsed =
                    |text: Option<String>, place| text.map(|text| parse_part(&text)).transpose().map_err(at(place));
                let (buy, sell) = (parsed(buy, "--buy")?, parsed(sell, "--sell")?);
                desk.act(|session, _| token::lower_fees(session, buy, sell))
            }
            Some(FeesCommand::Recipient { account, .. }) => {
                let account = account.as_deref().map(|text| desk.account(text)).transpose()?;
                desk.act(|session, _| {
                    let recipient = account.unwrap_or(session.suite().vault);
                    token::set_fee_recipient(session, recipient)
                })
            }
        }
    }
}
