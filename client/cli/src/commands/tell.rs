//! Commands that only look.

use std::path::PathBuf;

use clap::Args;
use patronage::{
    actions::{content, export, status},
    report::{Report, Value},
    session::Failure,
};
use serde_json::json;

use super::{currency::Others, desk::Desk, out, Global};

/// How things stand.
#[derive(Args)]
#[command(
    after_help = "Examples:\n  patronage status           the creator's view\n  patronage status ana       a fan's view"
)]
pub struct Status {
    /// Whose; without it, the creator's, or that of --as.
    account: Option<String>,
    #[command(flatten)]
    others: Others,
}

impl Status {
    /// Runs it.
    pub fn run(self, global: &Global) -> Result<(), Failure> {
        let mut desk = Desk::open(global)?;
        let account = self.account.as_ref().or(global.signer.as_ref());
        let account = account.map(|text| desk.account(text)).transpose()?;
        let mut session = desk.session()?;
        let others = self.others.tokens()?;
        let report = match account {
            Some(who) => status::of_fan(&mut session, who, &others)?,
            None => status::of_creator(&mut session, &others)?,
        };
        desk.show(&report)
    }
}

/// Who may open what.
#[derive(Args)]
#[command(after_help = "\
Examples:
  patronage check --as ana                         everything
  patronage check \"Studio diary\" --as ana          one piece")]
pub struct Check {
    /// Title or number of the content, such as 3, or '#3' where another title is 3; without it, all of it.
    content: Option<String>,
}

impl Check {
    /// Runs it.
    pub fn run(self, global: &Global) -> Result<(), Failure> {
        let mut desk = Desk::open(global)?;
        let who = desk.signer()?.account();
        let mut session = desk.session()?;
        let answers = match &self.content {
            Some(text) => {
                let id = session.find_content(text)?;
                vec![content::check(&mut session, id, who)?]
            }
            None => content::check_all(&mut session, who)?,
        };
        match (self.content, global.json) {
            (Some(_), _) => answers.iter().try_for_each(|answer| desk.show(answer)),
            (None, true) => desk.show(&Report::default().with("content", Value::List(answers))),
            (None, false) => answers.iter().try_for_each(|answer| desk.show(answer)),
        }
    }
}

/// A statement of income.
#[derive(Args)]
#[command(after_help = "Example:\n  patronage export --out income.csv")]
pub struct Export {
    /// The file to write; without it, standard output.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// The first block to look at; without it, that of the launch.
    #[arg(long, value_name = "BLOCK")]
    from_block: Option<u32>,
}

impl Export {
    /// Runs it.
    pub fn run(self, global: &Global) -> Result<(), Failure> {
        let mut desk = Desk::open(global)?;
        let mut session = desk.session()?;
        let from_block = self.from_block.unwrap_or(session.deployment.block);
        let lines = export::statement(&mut session, from_block)?;
        if global.json {
            let named = lines.iter().map(|line| {
                let fields = export::COLUMNS.iter().zip(line).map(|(name, field)| ((*name).to_owned(), json!(field)));
                serde_json::Value::Object(fields.collect())
            });
            return out::document(&json!({ "ok": true, "statement": named.collect::<Vec<_>>() }));
        }
        let csv = export::csv(&lines).map_err(Failure::Request)?;
        match &self.out {
            None => out::raw(csv.as_bytes()),
            Some(path) => std::fs::write(path, csv)
                .map_err(|error| Failure::Request(format!("{} can't be written: {error}", path.display()))),
        }
    }
}
