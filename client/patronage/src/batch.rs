//! A task of many rows in as many transactions as it takes: tried, estimated, sent, recorded, and gone on with.

use std::{num::NonZeroUsize, ops::Range};

use patronage_chain::{submission::Fate, ChainError, ContractEvent, Outcome, Signer};
use patronage_interfaces::AccountId;

use crate::{
    journal::Journal,
    plan::{Cost, Plan, Step},
    report::Report,
    session::{Failure, Session},
};

/// The transaction of the rows with these indexes.
type Make = Box<dyn Fn(Range<usize>) -> Step>;

/// Rows that one message does many of.
pub struct Batch {
    /// What will be done, but for the cost of the transactions.
    pub quote: Report,
    rows: usize,
    most: usize,
    make: Make,
}

/// What a batch will cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Estimate {
    /// Cost of all transactions. With more than one, each row is taken to cost what one of the first transaction does.
    pub cost: Cost,
    /// How many rows fit into a transaction.
    pub size: usize,
    /// How many transactions it takes.
    pub transactions: usize,
}

/// What came of a batch.
#[derive(Debug, Default)]
pub struct Sent {
    /// How many rows are done, from the first on.
    pub rows: usize,
    /// How many transactions did them.
    pub transactions: usize,
    /// What they cost.
    pub cost: Cost,
    /// What the contracts told in the last of them.
    pub events: Vec<ContractEvent>,
    /// Why not all rows are done.
    pub stopped: Option<Failure>,
}

impl Batch {
    /// So many `rows`, of which `make` does a range in one transaction: at most `most` of them.
    pub fn new(quote: Report, rows: usize, most: NonZeroUsize, make: impl Fn(Range<usize>) -> Step + 'static) -> Self {
        Self { quote, rows, most: most.get(), make: Box::new(make) }
    }

    /// All rows in one transaction, without a journal.
    pub fn at_once(self) -> Plan {
        let step = (self.make)(0..self.rows);
        Plan::new(self.quote, vec![step])
    }

    /// How many rows there are.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Tries the first transaction, with fewer rows until it fits into a block, and says what all of them would cost.
    ///
    /// # Errors
    ///
    /// What the first transaction would end with.
    pub fn preview(&self, session: &mut Session<'_>, from: &AccountId) -> Result<Estimate, Failure> {
        let mut size = self.most.min(self.rows).max(1);
        let outcome = loop {
            let step = (self.make)(0..size.min(self.rows));
            match session.chain.dry_run(from, &step.call()) {
                Ok(outcome) => {
                    step.check(&outcome)?;
                    break outcome;
                }
                Err(error) => size = smaller(size, &error).ok_or(error)?,
            }
        };
        let mut cost = Cost::default();
        cost.add(&outcome);
        let transactions = self.rows.div_ceil(size);
        if transactions > 1 {
            cost = scaled(&cost, self.rows, size);
        }
        Ok(Estimate { cost, size, transactions })
    }

    /// Sends the transactions, one after the other, each of at most `size` rows, or fewer where a block has no room for them.
    /// Before each one `goes_on` is told how many rows are done, and says whether to go on.
    ///
    /// With a `journal`, each is recorded before it is sent. The journal's task must have these rows left.
    pub fn execute(
        &self,
        session: &mut Session<'_>,
        signer: &Signer,
        size: usize,
        mut journal: Option<&mut Journal>,
        goes_on: &mut dyn FnMut(usize) -> bool,
    ) -> Sent {
        let mut sent = Sent::default();
        let mut size = size.max(1);
        while sent.rows < self.rows && sent.stopped.is_none() {
            if !goes_on(sent.rows) {
                sent.stopped = Some(Failure::Request("it was interrupted".to_owned()));
                break;
            }
            let end = sent.rows.saturating_add(size).min(self.rows);
            let step = (self.make)(sent.rows..end);
            let rows = end.saturating_sub(sent.rows);
            match self.send(session, signer, &step, rows, journal.as_deref_mut()) {
                Ok(outcome) => {
                    sent.cost.add(&outcome);
                    sent.events = outcome.events;
                    sent.transactions = sent.transactions.saturating_add(1);
                    sent.rows = end;
                }
                Err(Failure::Chain(error)) => match smaller(rows, &error) {
                    Some(fewer) if !is_pending(journal.as_deref()) => size = fewer,
                    _ => sent.stopped = Some(Failure::Chain(error)),
                },
                Err(failure) => sent.stopped = Some(failure),
            }
        }
        // Where the last transaction was sent, the rest of the journal follows from it.
        goes_on(sent.rows);
        sent
    }

    /// Sends one transaction and records what came of it.
    fn send(
        &self,
        session: &mut Session<'_>,
        signer: &Signer,
        step: &Step,
        rows: usize,
        journal: Option<&mut Journal>,
    ) -> Result<Outcome, Failure> {
        let Some(journal) = journal else {
            let outcome = session.chain.submit(signer, &step.call())?;
            step.check(&outcome)?;
            return Ok(outcome);
        };
        let submitted = session.chain.submit_recorded(signer, &step.call(), &mut journal.next(rows));
        let checked = submitted.map_err(Failure::from).and_then(|outcome| step.check(&outcome).map(|()| outcome));
        match checked {
            Ok(outcome) => {
                let block = session.chain.block()?;
                journal.done(block)?;
                Ok(outcome)
            }
            Err(failure) => {
                // The transaction may have happened for all that: then all is well. Where that can't be found out now, the
                // next run does.
                match settle(session, &signer.account(), journal) {
                    Ok(Some(Fate::Done { fee, deposit })) => Ok(Outcome {
                        output: Vec::new(),
                        reverted: false,
                        contract: None,
                        weight: patronage_chain::Weight::zero(),
                        deposit,
                        fee,
                        events: Vec::new(),
                    }),
                    _ => Err(failure),
                }
            }
        }
    }
}

/// Finds out what came of the transaction of which the `journal` does not know it, and records it. `None` where there is none.
///
/// # Errors
///
/// When the chain does not tell. Then nothing may be sent.
pub fn settle(session: &mut Session<'_>, from: &AccountId, journal: &mut Journal) -> Result<Option<Fate>, Failure> {
    let Some((submission, _)) = journal.progress().and_then(|progress| progress.pending.clone()) else {
        return Ok(None);
    };
    let fate = session.chain.resume(from, &submission)?;
    match &fate {
        Fate::Done { .. } => {
            let block = session.chain.block()?;
            journal.done(block)?;
        }
        Fate::Failed(why) => journal.not_done(why)?,
        Fate::Dropped => journal.not_done("no block has the transaction, and none can have it any more")?,
    }
    Ok(Some(fate))
}

fn is_pending(journal: Option<&Journal>) -> bool {
    journal.and_then(Journal::progress).is_some_and(|progress| progress.pending.is_some())
}

/// How many rows to try after so many were too much for the contract's memory or for a block; `None` where `error` says another
/// thing, or there was only one.
fn smaller(rows: usize, error: &ChainError) -> Option<usize> {
    let ChainError::Refused(words) = error else { return None };
    let too_large = ["OutOfGas", "ContractTrapped", "OutputBufferTooSmall", "more than a block has room for"];
    (rows > 1 && too_large.iter().any(|name| words.contains(name))).then(|| rows.div_ceil(2))
}

/// The cost of all `rows`, where `cost` is that of the first `part`, rounded up.
fn scaled(cost: &Cost, rows: usize, part: usize) -> Cost {
    let (rows, part) = (rows as u128, part.max(1) as u128);
    let all = |figure: u128| figure.saturating_mul(rows).div_ceil(part);
    let deposit = i128::try_from(all(cost.deposit.unsigned_abs())).unwrap_or(i128::MAX);
    let weight = |figure: u64| u64::try_from(all(figure.into())).unwrap_or(u64::MAX);
    Cost {
        fee: all(cost.fee),
        // Can't overflow: it is not negative before.
        deposit: if cost.deposit < 0 { -deposit } else { deposit },
        weight: patronage_chain::Weight::from_parts(weight(cost.weight.ref_time()), weight(cost.weight.proof_size())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_too_much_is_halved_down_to_one_row() {
        let refused = |words: &str| ChainError::Refused(words.to_owned());
        assert_eq!(smaller(200, &refused("OutOfGas")), Some(100));
        assert_eq!(smaller(3, &refused("the transaction takes more than a block has room for")), Some(2));
        assert_eq!(smaller(1, &refused("ContractTrapped")), None);
        assert_eq!(smaller(200, &refused("TransferFailed")), None);
        assert_eq!(smaller(200, &ChainError::Unavailable("OutOfGas".to_owned())), None);
    }

    #[test]
    fn an_estimate_is_in_proportion_and_rounded_up() {
        let cost = Cost { fee: 10, deposit: -7, weight: patronage_chain::Weight::from_parts(3, 1) };
        let all = scaled(&cost, 10, 3);
        assert_eq!(all.fee, 34);
        assert_eq!(all.deposit, -24);
        assert_eq!(all.weight.ref_time(), 10);
        assert_eq!(all.weight.proof_size(), 4);
    }
}
