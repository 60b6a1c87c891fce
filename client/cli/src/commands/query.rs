//! Commands that only read.

use std::path::PathBuf;

use clap::Args;
use patronage::{
    actions::{content, export, status},
    error::Error,
    report::{Report, Value},
};
use serde_json::json;

use super::{context::Context, currency::Others, output, Global};

/// The status of the creator or of an account.
#[derive(Args)]
#[command(after_help = "Examples:\n  patronage status           the creator\n  patronage status ana       a fan")]
pub struct Status {
    /// The account. Without it, the account of --as, or the creator.
    account: Option<String>,
    #[command(flatten)]
    others: Others,
}

impl Status {
    /// Runs it.
    pub fn run(self, global: &Global) -> Result<(), Error> {
        let mut context = Context::open(global)?;
        let account = self.account.as_ref().or(global.signer.as_ref());
        let account = account.map(|text| context.account(text)).transpose()?;
        let mut client = context.client()?;
        let others = self.others.tokens()?;
        let report = match account {
            Some(who) => status::of_fan(&mut client, who, &others)?,
            None => status::of_creator(&mut client, &others)?,
        };
        context.show(&report)
    }
}

/// Access to content.
#[derive(Args)]
#[command(after_help = "\
Examples:
  patronage check --as ana                         all content
  patronage check \"Studio diary\" --as ana          one piece of content")]
pub struct Check {
    /// Title or number of the content, such as 3, or '#3' where another title is 3. Without it, all content.
    content: Option<String>,
}

impl Check {
    /// Runs it.
    pub fn run(self, global: &Global) -> Result<(), Error> {
        let mut context = Context::open(global)?;
        let who = context.signer()?.account();
        let mut client = context.client()?;
        let answers = match &self.content {
            Some(text) => {
                let id = client.find_content(text)?;
                vec![content::check(&mut client, id, who)?]
            }
            None => content::check_all(&mut client, who)?,
        };
        match (self.content, global.json) {
            (Some(_), _) => answers.iter().try_for_each(|answer| context.show(answer)),
            (None, true) => context.show(&Report::default().with("content", Value::List(answers))),
            (None, false) => answers.iter().try_for_each(|answer| context.show(answer)),
        }
    }
}

/// A statement of income.
#[derive(Args)]
#[command(after_help = "Example:\n  patronage export --out income.csv")]
pub struct Export {
    /// The file to write. Without it, standard output.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// The first block to read. Without it, the block of the launch.
    #[arg(long, value_name = "BLOCK")]
    from_block: Option<u32>,
}

impl Export {
    /// Runs it.
    pub fn run(self, global: &Global) -> Result<(), Error> {
        let mut context = Context::open(global)?;
        let mut client = context.client()?;
        let from_block = self.from_block.unwrap_or(client.deployment.block);
        let lines = export::statement(&mut client, from_block)?;
        if global.json {
            let named = lines.iter().map(|line| {
                let fields = export::COLUMNS.iter().zip(line).map(|(name, field)| ((*name).to_owned(), json!(field)));
                serde_json::Value::Object(fields.collect())
            });
            return output::document(&json!({ "ok": true, "statement": named.collect::<Vec<_>>() }));
        }
        let csv = export::csv(&lines).map_err(Error::Request)?;
        match &self.out {
            None => output::raw(csv.as_bytes()),
            Some(path) => std::fs::write(path, csv)
                .map_err(|error| Error::Request(format!("{} can't be written: {error}", path.display()))),
        }
    }
}
