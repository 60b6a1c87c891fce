//! Tasks of many rows: all of them are checked, then sent in as many transactions as it takes. With a file a journal beside it
//! says how far the task has come, so that it goes on there when it is run again.

use std::{path::Path, sync::atomic::Ordering};

use patronage::{
    batch::{self, Batch, Estimate, Sent},
    happenings,
    journal::{self, Journal, Progress, Task},
    plan::Cost,
    report::{Report, Value},
    rows::{Faults, Place},
    session::{Failure, Session},
};
use patronage_chain::{units::format_time, Signer};
use patronage_interfaces::AccountId;
use serde_json::json;

use super::{
    desk::Desk,
    out,
    progress::{interrupts, Counter},
    transaction::{self, Receipt},
    Global,
};

/// What doing the same task again means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Again {
    /// It changes nothing.
    Harmless,
    /// It pays everybody once more, so that has to be asked for.
    Pays {
        /// Whether it was asked for.
        wanted: bool,
    },
}

/// Rows that were checked.
pub struct Checked {
    /// The contract that they are for.
    pub contract: AccountId,
    /// What is done, in words. With the contract, it tells journals of one file apart.
    pub task: String,
    /// BLAKE2b-256 of the rows as they were understood.
    pub digest: [u8; 32],
    /// Where each row is.
    pub places: Vec<Place>,
    /// What does the rows from this one on.
    pub make: Box<Make>,
}

/// The transactions of the rows from this one on, which are not none.
type Make = dyn Fn(&mut Session<'_>, AccountId, usize) -> Result<Batch, Failure>;

/// A task on the command line.
pub struct Many<'a> {
    /// The file of its rows, where there is one.
    pub file: Option<&'a Path>,
    /// What doing it again means.
    pub again: Again,
    /// What happens to rows, in one word, such as "paid".
    pub done: &'static str,
}

impl Many<'_> {
    /// Checks the rows, shows what they cost, asks, and sends them.
    ///
    /// # Errors
    ///
    /// When they can't be used, the answer is no, or some were not sent: with how many were.
    pub fn run(
        &self,
        desk: &mut Desk<'_>,
        check: impl FnOnce(&mut Session<'_>, AccountId) -> Result<Checked, Failure>,
    ) -> Result<(), Failure> {
        let (global, signer) = (desk.global, desk.signer()?);
        let from = signer.account();
        let mut session = desk.session()?;
        let checked = check(&mut session, from)?;
        let task = Task::new(
            &session.deployment.genesis,
            &checked.contract,
            &from,
            checked.task.clone(),
            checked.places.len(),
            checked.digest,
        );
        // Beside the file itself, whatever leads there.
        let path = self.file.map(|file| task.path(&file.canonicalize().unwrap_or_else(|_| file.to_owned())));
        let (mut journal, before) = self.earlier(&mut session, &from, path.as_deref(), global)?;
        let start = self.start(&mut session, &task, before.as_ref(), path.as_deref())?;
        let Some(batch) = self.left(&mut session, &from, &checked, start)? else {
            return self.finished(global, journal.as_mut());
        };
        let estimate = batch.preview(&mut session, &from)?;
        if self.file.is_none() && self.again != Again::Harmless && estimate.transactions > 1 {
            return Err(Failure::Request(format!(
                "{} rows take {} transactions: write them into a file and name it with --file, so that an interrupted run \
                 can go on and nobody is {} twice",
                batch.rows(),
                estimate.transactions,
                self.done
            )));
        }
        let quote = quote(&mut session, &from, &batch, &estimate, start.unwrap_or(0))?;
        let note = (estimate.transactions > 1).then_some("an estimate from the first transaction");
        if !transaction::agreed(global, session.chain, &quote, &estimate.cost, (note, !global.yes))? {
            return Ok(());
        }
        if let (Some(path), None) = (&path, &journal) {
            journal = Some(opened_anew(path)?);
        }
        if let (Some(journal), None) = (journal.as_mut(), start) {
            journal.begin(task)?;
        }
        let sent = self.send(
            &mut session,
            &signer,
            &batch,
            (&checked, &estimate, start.unwrap_or(0)),
            journal.as_mut(),
            global,
        );
        self.close(&mut session, &quote, sent, (&checked, start.unwrap_or(0)), journal, global)
    }

    /// The journal of an earlier run where there is one, open unless this is a dry run, and how far that came.
    fn earlier(
        &self,
        session: &mut Session<'_>,
        from: &AccountId,
        path: Option<&Path>,
        global: &Global,
    ) -> Result<(Option<Journal>, Option<Progress>), Failure> {
        let Some(path) = path.filter(|path| path.exists()) else { return Ok((None, None)) };
        if global.dry_run {
            return Ok((None, journal::look(path)?));
        }
        let mut journal = Journal::open(path)?;
        let pending = journal.progress().and_then(|progress| progress.pending.as_ref());
        let there = match pending {
            Some((submission, _)) if !is_outlived(session, journal.progress())? => {
                if !global.json {
                    let hash = patronage_chain::hexadecimal(&submission.hash());
                    out::progress(&format!("looking what came of the transaction {hash} of an earlier run"));
                }
                batch::settle(session, from, &mut journal)
            }
            _ => Ok(None),
        };
        match there {
            Err(failure) if self.again != Again::Harmless => return Err(failure),
            _ => {}
        }
        let progress = journal.progress().cloned();
        Ok((Some(journal), progress))
    }

    /// The row to go on from; `None` where the task begins.
    fn start(
        &self,
        session: &mut Session<'_>,
        task: &Task,
        before: Option<&Progress>,
        path: Option<&Path>,
    ) -> Result<Option<usize>, Failure> {
        let Some(before) = before else { return Ok(None) };
        let file = self.file.unwrap_or(Path::new("")).display();
        let (rows, of, same) = (before.rows, before.task.rows, before.task.is_same(task));
        let outlived = is_outlived(session, Some(before))?;
        let Again::Pays { wanted } = self.again else {
            // A journal in which nothing is known of a transaction can't be gone on with, nor one of other rows.
            let usable = same && !outlived && before.pending.is_none() && before.finished.is_none();
            return Ok(usable.then_some(rows));
        };
        let path = path.unwrap_or(Path::new("")).display();
        let done = self.done;
        let begun = format_time(before.task.begun);
        if outlived {
            return Err(Failure::Request(format!(
                "{rows} of {of} rows of {file} were {done}, and the chain has been started anew since, or put back: delete \
                 {path} to begin with the first row"
            )));
        }
        match before.finished {
            Some(_) if wanted => Ok(None),
            Some(time) if same => Err(Failure::Request(format!(
                "all {of} rows of {file} were {done} already, at {}: with --again, everybody is {done} once more",
                format_time(time)
            ))),
            Some(time) => Err(Failure::Request(format!(
                "{of} rows of {file} were {done} at {}, and it has changed since: put rows that are new into a file of \
                 their own; with --again, all rows that it has now are {done}",
                format_time(time)
            ))),
            // Nothing has happened yet.
            None if rows == 0 && before.pending.is_none() => Ok(same.then_some(0)),
            None if !same => Err(Failure::Request(format!(
                "the first {rows} of {of} rows of {file} were {done} by a run that was begun at {begun}, and the file has \
                 changed since: put it back as it was, and run the command again; or move the rows that are not {done} yet \
                 into a file of their own"
            ))),
            None if wanted => Err(Failure::Request(format!(
                "only {rows} of {of} rows of {file} were {done} by the run that was begun at {begun}: without --again it \
                 goes on with the others"
            ))),
            None => Ok(Some(rows)),
        }
    }

    /// What is left to do, or `None` for nothing.
    fn left(
        &self,
        session: &mut Session<'_>,
        from: &AccountId,
        checked: &Checked,
        start: Option<usize>,
    ) -> Result<Option<Batch>, Failure> {
        let start = start.unwrap_or(0);
        match start < checked.places.len() {
            true => (checked.make)(session, *from, start).map(Some),
            false => Ok(None),
        }
    }

    /// The last transaction of an earlier run did all that was left.
    fn finished(&self, global: &Global, journal: Option<&mut Journal>) -> Result<(), Failure> {
        let before = journal.as_ref().and_then(|journal| journal.progress()).map_or(0, |progress| progress.rows);
        if let Some(journal) = journal {
            journal.finish()?;
            if self.again == Again::Harmless {
                std::fs::remove_file(journal.path()).unwrap_or(());
            }
        }
        let words = format!("all rows were {} by earlier runs", self.done);
        match global.json {
            true => out::document(&json!({
                "ok": true, "sent": false, "rows": 0, "rows_before": before, "transactions": 0, "note": words, "events": [],
            })),
            false => out::text(&[words]),
        }
    }

    fn send(
        &self,
        session: &mut Session<'_>,
        signer: &Signer,
        batch: &Batch,
        (checked, estimate, start): (&Checked, &Estimate, usize),
        journal: Option<&mut Journal>,
        global: &Global,
    ) -> Sent {
        if estimate.transactions <= 1 {
            return batch.execute(session, signer, estimate.size, journal, &mut |_| true);
        }
        let stop = interrupts(global.json);
        let mut counter = Counter::new(self.done, checked.places.len(), global.json);
        batch.execute(session, signer, estimate.size, journal, &mut |rows| {
            counter.show(start.saturating_add(rows));
            !stop.load(Ordering::Relaxed)
        })
    }

    /// Says what came of it.
    fn close(
        &self,
        session: &mut Session<'_>,
        quote: &Report,
        sent: Sent,
        (checked, start): (&Checked, usize),
        journal: Option<Journal>,
        global: &Global,
    ) -> Result<(), Failure> {
        let journaled = journal.is_some();
        let done = start.saturating_add(sent.rows);
        if let Some(failure) = sent.stopped {
            let all = checked.places.len();
            if !journaled && sent.rows == 0 {
                return Err(failure);
            }
            let last = done.checked_sub(1).and_then(|last| checked.places.get(last));
            let up_to = last.map_or(String::new(), |last| format!(", up to {}", Faults::new(self.file).name(*last)));
            let next = match journal.as_ref().and_then(Journal::progress).and_then(|progress| progress.pending.as_ref()) {
                Some(_) => {
                    "of the transaction after that it is not known: the same command finds that out, and goes on from there"
                }
                None => "the same command goes on from there",
            };
            return Err(failure.with(&format!("{done} of {all} rows are {}{up_to}; {next}", self.done)));
        }
        match journal {
            Some(journal) if self.again == Again::Harmless => journal.remove()?,
            Some(mut journal) => journal.finish()?,
            None => {}
        }
        let few = sent.transactions == 1 && sent.rows <= patronage::actions::MOST_SHOWN;
        let told = if few { happenings::told(&sent.events, session) } else { Vec::new() };
        let summary = (!few).then(|| {
            Report::new("done")
                .with("rows", count(sent.rows))
                .with("transactions", count(sent.transactions))
                .with_some("rows_before", (start > 0).then(|| count(start)))
        });
        let fields =
            vec![("rows", json!(sent.rows)), ("rows_before", json!(start)), ("transactions", json!(sent.transactions))];
        Receipt { quote, cost: sent.cost, fields, summary, told }.show(global, session.chain)
    }
}

/// The batch's quote, with what is to know before it is sent.
fn quote(
    session: &mut Session<'_>,
    from: &AccountId,
    batch: &Batch,
    estimate: &Estimate,
    before: usize,
) -> Result<Report, Failure> {
    let quote = batch
        .quote
        .clone()
        .with_some("rows_done_before", (before > 0).then(|| count(before)))
        .with("transactions", count(estimate.transactions));
    let Cost { fee, deposit, .. } = estimate.cost;
    let needed = fee.saturating_add(u128::try_from(deposit).unwrap_or(0));
    let has = session.chain.balance_of(from)?;
    let native = session.units.native.clone();
    let short = (estimate.transactions > 1 && needed > has).then(|| {
        Value::Text(format!(
            "{} may not be enough: get more money first, or go on by the same command when there is more",
            native.format(has)
        ))
    });
    Ok(quote.with_some("balance", short))
}

/// A new journal. Another process may have begun one since it was looked for.
fn opened_anew(path: &Path) -> Result<Journal, Failure> {
    let journal = Journal::open(path)?;
    match journal.progress() {
        None => Ok(journal),
        Some(_) => Err(Failure::Request(format!(
            "another command was at work on the same rows meanwhile ({}): run this one again",
            path.display()
        ))),
    }
}

/// Whether the chain has fewer blocks than the journal has seen: only one for trying things is started anew or put back.
fn is_outlived(session: &mut Session<'_>, before: Option<&Progress>) -> Result<bool, Failure> {
    let newest = session.chain.block()?;
    let seen = before.map_or(0, |before| {
        before.pending.as_ref().map_or(before.block, |(submission, _)| submission.birth.max(before.block))
    });
    Ok(session.chain.properties().development && seen > newest)
}

fn count(number: usize) -> Value {
    Value::Number(u64::try_from(number).unwrap_or(u64::MAX))
}
