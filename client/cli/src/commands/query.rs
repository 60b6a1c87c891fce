//! Commands that only read.

use super::{context::Context, currency::Others, Global};
use clap::Args;
use patronage::{
    actions::{content, status},
    error::Error,
    report::{Report, Value},
};

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
