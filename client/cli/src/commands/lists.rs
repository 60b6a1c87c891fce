//! Lists of accounts, which access rules can require.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use ink::scale::Encode;
use patronage::{
    actions::registry,
    client::Client,
    error::Error,
    references::parse_number,
    rows::{self, Field, Position, Row, RowErrors, UniqueAccounts},
};
use patronage_interfaces::AccountId;

use super::{
    batch::{BatchTask, CheckedRows, Rerun},
    context::Context,
    field, Global,
};

/// Lists of accounts.
#[derive(Args)]
#[command(after_help = "\
Examples:
  patronage lists add 1 ana ben --as mira                  for the rule \"listed 1\"
  patronage lists add 1 --file backers.txt --as mira       one account on each line
  patronage lists remove 1 ben --as mira
  patronage lists show 1                                   the accounts on the list")]
pub struct Lists {
    #[command(subcommand)]
    command: ListsCommand,
}

#[derive(Subcommand)]
enum ListsCommand {
    /// Adds accounts to a list. Rules can require an entry on a list.
    Add {
        /// Number of the list. A list exists as soon as it has an account.
        #[arg(value_parser = parse_number)]
        list: u32,
        #[command(flatten)]
        accounts: Accounts,
    },
    /// Removes accounts from a list.
    Remove {
        /// Number of the list.
        #[arg(value_parser = parse_number)]
        list: u32,
        #[command(flatten)]
        accounts: Accounts,
    },
    /// Shows the accounts on a list. Without ACCOUNTS, this reads the chain's history.
    Show {
        /// Number of the list.
        #[arg(value_parser = parse_number)]
        list: u32,
        /// Shows whether these accounts are on the list. Without them, all accounts on it.
        accounts: Vec<String>,
    },
}

/// Accounts as arguments or in a file.
#[derive(Args)]
struct Accounts {
    /// The accounts.
    #[arg(required_unless_present = "file")]
    accounts: Vec<String>,
    /// A file with one account on each line. The number of accounts is not limited: they are sent in as many transactions as
    /// needed. Run the same command again to resume after an interruption.
    #[arg(long, value_name = "FILE")]
    file: Option<PathBuf>,
}

impl Accounts {
    /// Parses and checks all accounts, without duplicates. Each has the position of its first occurrence.
    fn all(&self, client: &Client<'_>) -> Result<Vec<(Position, AccountId)>, Error> {
        let mut row_errors = RowErrors::new(self.file.as_deref());
        let argument = |(index, text): (usize, &String)| {
            vec![Field { position: Position::Argument(index.saturating_add(1)), text: text.clone() }]
        };
        let mut rows: Vec<Row> = self.accounts.iter().enumerate().map(argument).collect();
        if let Some(path) = &self.file {
            rows.extend(rows::read(path)?);
        }
        let (mut all, mut seen) = (Vec::with_capacity(rows.len()), UniqueAccounts::default());
        for row in &rows {
            let [field] = row.as_slice() else {
                if let Some(second) = row.get(1) {
                    row_errors.add(second.position, "write one account on each line, and nothing else");
                }
                continue;
            };
            let account = row_errors.ok(field.position, field::account(field, client.chain));
            // A duplicate changes nothing.
            all.extend(
                account
                    .filter(|account| seen.first_position(*account, field.position).is_none())
                    .map(|to| (field.position, to)),
            );
        }
        row_errors.checked()?;
        match (all.is_empty(), &self.file) {
            (false, _) => Ok(all),
            (true, Some(path)) => Err(Error::Request(format!("{}: no accounts: name at least one", path.display()))),
            (true, None) => Err(Error::Request("no accounts: name at least one".to_owned())),
        }
    }
}

impl Lists {
    /// Runs it.
    pub fn run(self, global: &Global) -> Result<(), Error> {
        let mut context = Context::open(global)?;
        match self.command {
            ListsCommand::Add { list, accounts } => set_listed(&mut context, list, &accounts, true),
            ListsCommand::Remove { list, accounts } => set_listed(&mut context, list, &accounts, false),
            ListsCommand::Show { list, accounts } => {
                let accounts = accounts.iter().map(|text| context.account(text)).collect::<Result<Vec<_>, _>>()?;
                let report = registry::listed(&mut context.client()?, list, &accounts)?;
                context.show(&report)
            }
        }
    }
}

fn set_listed(context: &mut Context<'_>, list: u32, accounts: &Accounts, listed: bool) -> Result<(), Error> {
    let done = if listed { "added" } else { "removed" };
    BatchTask { file: accounts.file.as_deref(), again: Rerun::Harmless, done }.run(context, |client, _| {
        let (positions, accounts): (Vec<Position>, Vec<AccountId>) = accounts.all(client)?.into_iter().unzip();
        let digest = (list, listed, &accounts).using_encoded(sp_core::hashing::blake2_256);
        Ok(CheckedRows {
            contract: client.contracts().registry,
            // Adding and removing share a journal: starting one discards the progress of the other.
            task: format!("list {list}"),
            digest,
            positions,
            make: Box::new(move |client, _, from| {
                let left = accounts.get(from..).unwrap_or_default().to_vec();
                Ok(registry::set_listed(client, list, left, listed))
            }),
        })
    })
}
