//! Batches: many rows in as many transactions as needed. A batch is dry-run, estimated, sent and recorded, and can be resumed.

use std::{num::NonZeroUsize, ops::Range};

use patronage_chain::{submission::SubmissionStatus, ChainError, ContractEvent, Outcome, Signer};
use patronage_interfaces::AccountId;

use crate::{
    client::Client,
    error::Error,
    journal::Journal,
    plan::{Cost, Tx, TxPlan},
    report::Report,
};

/// Makes the transaction for the rows with these indexes.
type MakeTx = Box<dyn Fn(Range<usize>) -> Tx>;

/// Rows of which one transaction processes many.
pub struct Batch {
    /// What the batch does. Does not include the cost of the transactions.
    pub quote: Report,
    rows: usize,
    most: usize,
    make: MakeTx,
}

/// The estimated cost of a batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Estimate {
    /// Cost of all transactions. With more than one, the cost per row of the first transaction is used for all rows.
    pub cost: Cost,
    /// Rows per transaction.
    pub size: usize,
    /// Number of transactions.
    pub transactions: usize,
}

/// The result of a batch.
#[derive(Debug, Default)]
pub struct Sent {
    /// Number of completed rows, from the first row on.
    pub rows: usize,
    /// Number of transactions that were sent.
    pub transactions: usize,
    /// The cost of these transactions.
    pub cost: Cost,
    /// Events of the last transaction.
    pub events: Vec<ContractEvent>,
    /// The error that stopped the batch before the last row, if any.
    pub stopped: Option<Error>,
}

impl Batch {
    /// A batch of `rows` rows. `make` makes the transaction for a range of at most `most` rows.
    pub fn new(quote: Report, rows: usize, most: NonZeroUsize, make: impl Fn(Range<usize>) -> Tx + 'static) -> Self {
        Self { quote, rows, most: most.get(), make: Box::new(make) }
    }

    /// A plan with all rows in one transaction.
    pub fn into_plan(self) -> TxPlan {
        let tx = (self.make)(0..self.rows);
        TxPlan::new(self.quote, vec![tx])
    }

    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Dry-runs the first transaction, and estimates the cost of all transactions. Halves the number of rows until the transaction
    /// fits into a block.
    ///
    /// # Errors
    ///
    /// The error of the first transaction.
    pub fn preview(&self, client: &mut Client<'_>, from: &AccountId) -> Result<Estimate, Error> {
        let mut size = self.most.min(self.rows).max(1);
        let outcome = loop {
            let tx = (self.make)(0..size.min(self.rows));
            match client.chain.dry_run(from, &tx.call()) {
                Ok(outcome) => {
                    tx.check(&outcome)?;
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

    /// Sends the transactions in order, each with at most `size` rows, or fewer if a block does not have the weight. Calls `goes_on`
    /// with the number of completed rows before each transaction, and stops if it returns false.
    ///
    /// With a `journal`, each transaction is recorded before it is sent. These rows must be the remaining rows of the journal's task.
    pub fn execute(
        &self,
        client: &mut Client<'_>,
        signer: &Signer,
        size: usize,
        mut journal: Option<&mut Journal>,
        goes_on: &mut dyn FnMut(usize) -> bool,
    ) -> Sent {
        let mut sent = Sent::default();
        let mut size = size.max(1);
        while sent.rows < self.rows && sent.stopped.is_none() {
            if !goes_on(sent.rows) {
                sent.stopped = Some(Error::Request("it was interrupted".to_owned()));
                break;
            }
            let end = sent.rows.saturating_add(size).min(self.rows);
            let tx = (self.make)(sent.rows..end);
            let rows = end.saturating_sub(sent.rows);
            match self.send(client, signer, &tx, rows, journal.as_deref_mut()) {
                Ok(outcome) => {
                    sent.cost.add(&outcome);
                    sent.events = outcome.events;
                    sent.transactions = sent.transactions.saturating_add(1);
                    sent.rows = end;
                }
                Err(Error::Chain(error)) => match smaller(rows, &error) {
                    Some(fewer) if !is_pending(journal.as_deref()) => size = fewer,
                    _ => sent.stopped = Some(Error::Chain(error)),
                },
                Err(error) => sent.stopped = Some(error),
            }
        }
        // Reports the final number of rows. The answer does not matter.
        goes_on(sent.rows);
        sent
    }

    /// Sends one transaction and records its result.
    fn send(
        &self,
        client: &mut Client<'_>,
        signer: &Signer,
        tx: &Tx,
        rows: usize,
        journal: Option<&mut Journal>,
    ) -> Result<Outcome, Error> {
        let Some(journal) = journal else {
            let outcome = client.chain.submit(signer, &tx.call())?;
            tx.check(&outcome)?;
            return Ok(outcome);
        };
        let submitted = client.chain.submit_recorded(signer, &tx.call(), &mut journal.next(rows));
        let checked = submitted.map_err(Error::from).and_then(|outcome| tx.check(&outcome).map(|()| outcome));
        match checked {
            Ok(outcome) => {
                let block = client.chain.block()?;
                journal.done(block)?;
                Ok(outcome)
            }
            Err(error) => {
                // The transaction may be in a block despite the error. If that can't be determined now, the next run does so.
                match settle(client, &signer.account(), journal) {
                    Ok(Some(SubmissionStatus::Done { fee, deposit })) => Ok(Outcome {
                        output: Vec::new(),
                        reverted: false,
                        contract: None,
                        weight: patronage_chain::Weight::zero(),
                        deposit,
                        fee,
                        events: Vec::new(),
                    }),
                    _ => Err(error),
                }
            }
        }
    }
}

/// Determines the status of the pending transaction of the `journal`, and records it. Returns `None` if no transaction is pending.
///
/// # Errors
///
/// If the chain can't be queried. In this case the caller must not send anything.
pub fn settle(
    client: &mut Client<'_>,
    from: &AccountId,
    journal: &mut Journal,
) -> Result<Option<SubmissionStatus>, Error> {
    let Some((submission, _)) = journal.progress().and_then(|progress| progress.pending.clone()) else {
        return Ok(None);
    };
    let status = client.chain.resume(from, &submission)?;
    match &status {
        SubmissionStatus::Done { .. } => {
            let block = client.chain.block()?;
            journal.done(block)?;
        }
        SubmissionStatus::Failed(why) => journal.not_done(why)?,
        SubmissionStatus::Dropped => journal.not_done("the transaction expired without being included in a block")?,
    }
    Ok(Some(status))
}

fn is_pending(journal: Option<&Journal>) -> bool {
    journal.and_then(Journal::progress).is_some_and(|progress| progress.pending.is_some())
}

/// The number of rows to try next, after `rows` were too many for the contract's memory or for a block. Returns `None` for other
/// errors, and for a single row.
fn smaller(rows: usize, error: &ChainError) -> Option<usize> {
    let ChainError::Refused(reason) = error else { return None };
    let too_large = ["OutOfGas", "ContractTrapped", "OutputBufferTooSmall", "more weight than a block has"];
    (rows > 1 && too_large.iter().any(|name| reason.contains(name))).then(|| rows.div_ceil(2))
}

/// Scales `cost`, which is that of the first `part` rows, to all `rows`. Rounds up.
fn scaled(cost: &Cost, rows: usize, part: usize) -> Cost {
    let (rows, part) = (rows as u128, part.max(1) as u128);
    let all = |figure: u128| figure.saturating_mul(rows).div_ceil(part);
    let deposit = i128::try_from(all(cost.deposit.unsigned_abs())).unwrap_or(i128::MAX);
    let weight = |figure: u64| u64::try_from(all(figure.into())).unwrap_or(u64::MAX);
    Cost {
        fee: all(cost.fee),
        // Can't overflow: `deposit` is not negative.
        deposit: if cost.deposit < 0 { -deposit } else { deposit },
        weight: patronage_chain::Weight::from_parts(weight(cost.weight.ref_time()), weight(cost.weight.proof_size())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_too_much_is_halved_down_to_one_row() {
        let refused = |name: &str| ChainError::Refused(name.to_owned());
        assert_eq!(smaller(200, &refused("OutOfGas")), Some(100));
        assert_eq!(smaller(3, &refused("the transaction needs more weight than a block has")), Some(2));
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
