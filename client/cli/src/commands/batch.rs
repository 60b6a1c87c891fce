//! Tasks with many rows. All rows are checked, and then sent in as many transactions as needed. For rows in a file, a journal in the
//! same folder records the progress, so that an interrupted task can be resumed.

use std::{path::Path, sync::atomic::Ordering};

use patronage::{
    batch::{self, Batch, Estimate, Sent},
    client::Client,
    error::Error,
    events,
    journal::{self, Journal, Progress, Task},
    plan::Cost,
    report::{Report, Value},
    rows::{Position, RowErrors},
};
use patronage_chain::{units::format_time, Signer};
use patronage_interfaces::AccountId;
use serde_json::json;

use super::{
    context::Context,
    output,
    progress::{interrupts, Counter},
    transaction::{self, ReceiptView},
    Global,
};

/// The effect of running the same task again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rerun {
    /// It changes nothing.
    Harmless,
    /// It pays all accounts again, so --again is required.
    Pays {
        /// Whether --again was given.
        wanted: bool,
    },
}

/// Checked rows.
pub struct CheckedRows {
    /// The contract that the transactions call.
    pub contract: AccountId,
    /// The name of the task. Contract and task distinguish the journals of one file.
    pub task: String,
    /// BLAKE2b-256 of the parsed rows.
    pub digest: [u8; 32],
    /// The position of each row.
    pub positions: Vec<Position>,
    /// Makes the batch for the rows from an index on.
    pub make: Box<MakeBatch>,
}

/// Makes the batch for the rows from an index on. The index is less than the number of rows.
type MakeBatch = dyn Fn(&mut Client<'_>, AccountId, usize) -> Result<Batch, Error>;

/// A task with many rows.
pub struct BatchTask<'a> {
    /// The file of its rows, if any.
    pub file: Option<&'a Path>,
    /// The effect of running it again.
    pub again: Rerun,
    /// The participle for completed rows, such as "paid".
    pub done: &'static str,
}

impl BatchTask<'_> {
    /// Checks the rows, shows their cost, asks for confirmation, and sends them.
    ///
    /// # Errors
    ///
    /// If a row is invalid, the user declines, or some rows were not sent. The message then has the number of completed rows.
    pub fn run(
        &self,
        context: &mut Context<'_>,
        check: impl FnOnce(&mut Client<'_>, AccountId) -> Result<CheckedRows, Error>,
    ) -> Result<(), Error> {
        let (global, signer) = (context.global, context.signer()?);
        let from = signer.account();
        let mut client = context.client()?;
        let checked = check(&mut client, from)?;
        let task = Task::new(
            &client.deployment.genesis,
            &checked.contract,
            &from,
            checked.task.clone(),
            checked.positions.len(),
            checked.digest,
        );
        // In the folder of the file itself, even if the path is a symbolic link.
        let path = self.file.map(|file| task.path(&file.canonicalize().unwrap_or_else(|_| file.to_owned())));
        let (mut journal, before) = self.earlier(&mut client, &from, path.as_deref(), global)?;
        let start = self.start(&mut client, &task, before.as_ref(), path.as_deref())?;
        let Some(batch) = self.left(&mut client, &from, &checked, start)? else {
            return self.finished(global, journal.as_mut());
        };
        let estimate = batch.preview(&mut client, &from)?;
        if self.file.is_none() && self.again != Rerun::Harmless && estimate.transactions > 1 {
            return Err(Error::Request(format!(
                "{} rows need {} transactions: write them into a file and name it with --file, so that an interrupted run can be \
                 resumed and no row is {} twice",
                batch.rows(),
                estimate.transactions,
                self.done
            )));
        }
        let quote = quote(&mut client, &from, &batch, &estimate, start.unwrap_or(0))?;
        let note = (estimate.transactions > 1).then_some("an estimate from the first transaction");
        if !transaction::confirmed(global, client.chain, &quote, &estimate.cost, (note, !global.yes))? {
            return Ok(());
        }
        if let (Some(path), None) = (&path, &journal) {
            journal = Some(opened_anew(path)?);
        }
        if let (Some(journal), None) = (journal.as_mut(), start) {
            journal.begin(task)?;
        }
        let sent = self.send(
            &mut client,
            &signer,
            &batch,
            (&checked, &estimate, start.unwrap_or(0)),
            journal.as_mut(),
            global,
        );
        self.close(&mut client, &quote, sent, (&checked, start.unwrap_or(0)), journal, global)
    }

    /// The journal of an earlier run, if there is one, and its progress. A dry run does not open the journal.
    fn earlier(
        &self,
        client: &mut Client<'_>,
        from: &AccountId,
        path: Option<&Path>,
        global: &Global,
    ) -> Result<(Option<Journal>, Option<Progress>), Error> {
        let Some(path) = path.filter(|path| path.exists()) else { return Ok((None, None)) };
        if global.dry_run {
            return Ok((None, journal::look(path)?));
        }
        let mut journal = Journal::open(path)?;
        let pending = journal.progress().and_then(|progress| progress.pending.as_ref());
        let settled = match pending {
            Some((submission, _)) if !is_outdated(client, journal.progress())? => {
                if !global.json {
                    let hash = patronage_chain::hexadecimal(&submission.hash());
                    output::progress(&format!("determining the status of the transaction {hash} of an earlier run"));
                }
                batch::settle(client, from, &mut journal)
            }
            _ => Ok(None),
        };
        match settled {
            Err(error) if self.again != Rerun::Harmless => return Err(error),
            _ => {}
        }
        let progress = journal.progress().cloned();
        Ok((Some(journal), progress))
    }

    /// The row to resume at. `None` if the task starts.
    fn start(
        &self,
        client: &mut Client<'_>,
        task: &Task,
        before: Option<&Progress>,
        path: Option<&Path>,
    ) -> Result<Option<usize>, Error> {
        let Some(before) = before else { return Ok(None) };
        let file = self.file.unwrap_or(Path::new("")).display();
        let (rows, of, same) = (before.rows, before.task.rows, before.task.is_same(task));
        let outlived = is_outdated(client, Some(before))?;
        let Rerun::Pays { wanted } = self.again else {
            // A journal with a pending transaction can't be resumed, nor one of other rows.
            let usable = same && !outlived && before.pending.is_none() && before.finished.is_none();
            return Ok(usable.then_some(rows));
        };
        let path = path.unwrap_or(Path::new("")).display();
        let done = self.done;
        let begun = format_time(before.task.begun);
        if outlived {
            return Err(Error::Request(format!(
                "{rows} of {of} rows of {file} were {done}, but the chain was restarted or reset since: delete {path} to start \
                 with the first row"
            )));
        }
        match before.finished {
            Some(_) if wanted => Ok(None),
            Some(time) if same => Err(Error::Request(format!(
                "all {of} rows of {file} were {done} already, at {}: add --again to do it once more",
                format_time(time)
            ))),
            Some(time) => Err(Error::Request(format!(
                "{of} rows of {file} were {done} at {}, and the file has changed since: put new rows into a file of their own, \
                 or add --again for all rows of the file",
                format_time(time)
            ))),
            // Nothing was sent yet.
            None if rows == 0 && before.pending.is_none() => Ok(same.then_some(0)),
            None if !same => Err(Error::Request(format!(
                "the first {rows} of {of} rows of {file} were {done} by a run that started at {begun}, and the file has changed \
                 since: restore the file and run the command again, or move the rows that are not {done} yet into another file"
            ))),
            None if wanted => Err(Error::Request(format!(
                "only {rows} of {of} rows of {file} were {done} by the run that started at {begun}: leave --again out to resume \
                 with the other rows"
            ))),
            None => Ok(Some(rows)),
        }
    }

    /// The batch of the remaining rows. `None` if there are none.
    fn left(
        &self,
        client: &mut Client<'_>,
        from: &AccountId,
        checked: &CheckedRows,
        start: Option<usize>,
    ) -> Result<Option<Batch>, Error> {
        let start = start.unwrap_or(0);
        match start < checked.positions.len() {
            true => (checked.make)(client, *from, start).map(Some),
            false => Ok(None),
        }
    }

    /// Handles the case that earlier runs have completed all rows.
    fn finished(&self, global: &Global, journal: Option<&mut Journal>) -> Result<(), Error> {
        let before = journal.as_ref().and_then(|journal| journal.progress()).map_or(0, |progress| progress.rows);
        if let Some(journal) = journal {
            journal.finish()?;
            if self.again == Rerun::Harmless {
                std::fs::remove_file(journal.path()).unwrap_or(());
            }
        }
        let note = format!("all rows were {} by earlier runs", self.done);
        match global.json {
            true => output::document(&json!({
                "ok": true, "sent": false, "rows": 0, "rows_before": before, "transactions": 0, "note": note, "events": [],
            })),
            false => output::text(&[note]),
        }
    }

    fn send(
        &self,
        client: &mut Client<'_>,
        signer: &Signer,
        batch: &Batch,
        (checked, estimate, start): (&CheckedRows, &Estimate, usize),
        journal: Option<&mut Journal>,
        global: &Global,
    ) -> Sent {
        if estimate.transactions <= 1 {
            return batch.execute(client, signer, estimate.size, journal, &mut |_| true);
        }
        let stop = interrupts(global.json);
        let mut counter = Counter::new(self.done, checked.positions.len(), global.json);
        batch.execute(client, signer, estimate.size, journal, &mut |rows| {
            counter.show(start.saturating_add(rows));
            !stop.load(Ordering::Relaxed)
        })
    }

    /// Prints the result.
    fn close(
        &self,
        client: &mut Client<'_>,
        quote: &Report,
        sent: Sent,
        (checked, start): (&CheckedRows, usize),
        journal: Option<Journal>,
        global: &Global,
    ) -> Result<(), Error> {
        let journaled = journal.is_some();
        let done = start.saturating_add(sent.rows);
        if let Some(error) = sent.stopped {
            let all = checked.positions.len();
            if !journaled && sent.rows == 0 {
                return Err(error);
            }
            let last = done.checked_sub(1).and_then(|last| checked.positions.get(last));
            let up_to = last.map_or(String::new(), |last| format!(", up to {}", RowErrors::new(self.file).name(*last)));
            let next = match journal.as_ref().and_then(Journal::progress).and_then(|progress| progress.pending.as_ref()) {
                Some(_) => {
                    "the status of the next transaction is unknown: run the same command again to determine it and resume"
                }
                None => "run the same command again to resume",
            };
            return Err(error.with(&format!("{done} of {all} rows are {}{up_to}; {next}", self.done)));
        }
        match journal {
            Some(journal) if self.again == Rerun::Harmless => journal.remove()?,
            Some(mut journal) => journal.finish()?,
            None => {}
        }
        let few = sent.transactions == 1 && sent.rows <= patronage::actions::MAX_SHOWN;
        let events = if few { events::describe(&sent.events, client) } else { Vec::new() };
        let summary = (!few).then(|| {
            Report::new("done")
                .with("rows", count(sent.rows))
                .with("transactions", count(sent.transactions))
                .with_some("rows_before", (start > 0).then(|| count(start)))
        });
        let fields =
            vec![("rows", json!(sent.rows)), ("rows_before", json!(start)), ("transactions", json!(sent.transactions))];
        ReceiptView { quote, cost: sent.cost, fields, summary, events }.show(global, client.chain)
    }
}

/// The batch's quote, with the number of transactions and a warning if the balance may be too low.
fn quote(
    client: &mut Client<'_>,
    from: &AccountId,
    batch: &Batch,
    estimate: &Estimate,
    before: usize,
) -> Result<Report, Error> {
    let quote = batch
        .quote
        .clone()
        .with_some("rows_done_before", (before > 0).then(|| count(before)))
        .with("transactions", count(estimate.transactions));
    let Cost { fee, deposit, .. } = estimate.cost;
    let needed = fee.saturating_add(u128::try_from(deposit).unwrap_or(0));
    let has = client.chain.balance_of(from)?;
    let native = client.units.native.clone();
    let short = (estimate.transactions > 1 && needed > has).then(|| {
        Value::Text(format!(
            "{} may not be enough: get more money first, or run the same command again later to resume",
            native.format(has)
        ))
    });
    Ok(quote.with_some("balance", short))
}

/// Opens a new journal. Fails if another process has started one in the meantime.
fn opened_anew(path: &Path) -> Result<Journal, Error> {
    let journal = Journal::open(path)?;
    match journal.progress() {
        None => Ok(journal),
        Some(_) => Err(Error::Request(format!(
            "another command has processed the same rows in the meantime ({}): run this command again",
            path.display()
        ))),
    }
}

/// Whether the chain was restarted or reset: it has fewer blocks than in the journal. Only a development chain can be.
fn is_outdated(client: &mut Client<'_>, before: Option<&Progress>) -> Result<bool, Error> {
    let newest = client.chain.block()?;
    let seen = before.map_or(0, |before| {
        before.pending.as_ref().map_or(before.block, |(submission, _)| submission.birth.max(before.block))
    });
    Ok(client.chain.properties().development && seen > newest)
}

fn count(number: usize) -> Value {
    Value::Number(u64::try_from(number).unwrap_or(u64::MAX))
}
