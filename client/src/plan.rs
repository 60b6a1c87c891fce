//! What a command is about to do: transactions with a quote, which are tried first and sent when they are wanted.

use drink::Weight;
use ink::scale::{Decode, Encode};
use patronage_interfaces::{AccountId, PatronageEnvironment as Env};

use crate::{
    chain::{decode_answer, encoded, Call, ContractEvent, Message, Outcome, Signer, Target},
    report::{Report, Value},
    session::{Failure, Session},
    units::Unit,
};

/// Reads a message's answer: whether to send the message again, or why the contract refused.
type Reader = Box<dyn Fn(&Outcome) -> Result<bool, Failure>>;

/// One transaction.
pub struct Step {
    contract: AccountId,
    value: u128,
    data: Vec<u8>,
    read: Reader,
}

impl Step {
    /// Sends `message` with `value` planck; `refused` has the words for the contract's error.
    pub fn new<Args: Encode, R: Decode, E: Decode + std::fmt::Debug>(
        value: u128,
        message: Message<Env, Args, Result<R, E>>,
        refused: impl Fn(&E) -> String + 'static,
    ) -> Self
    where
        Result<R, E>: Decode,
    {
        Self::repeated(value, message, refused, |_| false)
    }

    /// As [`new`](Self::new), and again as long as the answer is `unfinished`.
    pub fn repeated<Args: Encode, R: Decode, E: Decode + std::fmt::Debug>(
        value: u128,
        message: Message<Env, Args, Result<R, E>>,
        refused: impl Fn(&E) -> String + 'static,
        unfinished: impl Fn(&R) -> bool + 'static,
    ) -> Self
    where
        Result<R, E>: Decode,
    {
        let (contract, data) = encoded(message);
        let read = move |outcome: &Outcome| match decode_answer::<Result<R, E>>(&outcome.output)? {
            Ok(answer) => Ok(unfinished(&answer)),
            Err(error) => Err(Failure::refused(&error, refused(&error))),
        };
        Self { contract, value, data, read: Box::new(read) }
    }

    /// Tries it alone, from `from`.
    ///
    /// # Errors
    ///
    /// When the chain or the contract would refuse it.
    pub fn try_out(&self, session: &mut Session<'_>, from: &AccountId) -> Result<(), Failure> {
        let outcome = session.chain.dry_run(from, &self.call())?;
        (self.read)(&outcome).map(|_| ())
    }

    /// The transaction without its sender.
    pub(crate) fn call(&self) -> Call<'_> {
        Call { target: Target::Contract(self.contract), value: self.value, data: &self.data }
    }
}

impl Step {
    /// Whether the contract did what was asked.
    ///
    /// # Errors
    ///
    /// The contract's own error, in words.
    pub(crate) fn check(&self, outcome: &Outcome) -> Result<(), Failure> {
        (self.read)(outcome).map(|_| ())
    }
}

/// What transactions cost beside what they pay.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Cost {
    /// Fees in planck.
    pub fee: u128,
    /// Storage deposits in planck, negative where they come back.
    pub deposit: i128,
    /// Weight.
    pub weight: Weight,
}

impl Cost {
    /// Counts `outcome` in.
    pub fn add(&mut self, outcome: &Outcome) {
        self.fee = self.fee.saturating_add(outcome.fee);
        self.deposit = self.deposit.saturating_add(outcome.deposit);
        self.weight = self.weight.saturating_add(outcome.weight);
    }

    /// `report`, and the cost in the chain's own token, `native`.
    pub fn report(&self, report: Report, native: &Unit) -> Report {
        report
            .amount("transaction_fee", self.fee, native)
            .with("storage_deposit", Value::Charge(self.deposit, native.clone()))
    }
}

/// Transactions with a quote.
pub struct Plan {
    /// What will be done and what it brings and takes, but for the cost of the transactions.
    pub quote: Report,
    steps: Vec<Step>,
    undo: Option<Step>,
}

/// What came of a plan.
#[derive(Debug, Clone, Default)]
pub struct Done {
    /// What it cost.
    pub cost: Cost,
    /// What the contracts told, in order.
    pub events: Vec<ContractEvent>,
}

impl Plan {
    /// A plan of one transaction, or of several that do not need each other.
    pub fn new(quote: Report, steps: Vec<Step>) -> Self {
        Self { quote, steps, undo: None }
    }

    /// A plan in which `first` lets `second` happen, and is taken back by `undo` where that is refused.
    pub fn prepared(quote: Report, first: Step, second: Step, undo: Step) -> Self {
        Self { quote, steps: vec![first, second], undo: Some(undo) }
    }

    /// Planck that go along with all its transactions.
    pub fn value(&self) -> u128 {
        self.steps.iter().fold(0, |sum: u128, step| sum.saturating_add(step.value))
    }

    /// Tries every transaction that can be tried now, and says what they would cost. Where the second needs the first, that
    /// is the first alone.
    ///
    /// # Errors
    ///
    /// What the plan would end with.
    pub fn preview(&self, session: &mut Session<'_>, from: &AccountId) -> Result<Cost, Failure> {
        let (value, balance) = (self.value(), session.chain.balance_of(from)?);
        if value > balance {
            let native = &session.units.native;
            return Err(Failure::Request(format!(
                "this takes {}, and the account has {}: get more money first, or take less",
                native.format(value),
                native.format(balance)
            )));
        }
        let mut cost = Cost::default();
        let independent = if self.undo.is_some() { 1 } else { self.steps.len() };
        for step in self.steps.iter().take(independent) {
            let outcome = session.chain.dry_run(from, &step.call())?;
            (step.read)(&outcome)?;
            cost.add(&outcome);
        }
        Ok(cost)
    }

    /// Sends the transactions, one after the other, up to the first that is refused.
    ///
    /// # Errors
    ///
    /// Why one was refused. Those before it have happened.
    pub fn execute(self, session: &mut Session<'_>, signer: &Signer) -> Result<Done, Failure> {
        let mut done = Done::default();
        for (index, step) in self.steps.iter().enumerate() {
            if let Err(failure) = send(step, session, signer, &mut done) {
                match self.undo {
                    // Whatever comes of this, the reader needs to know the first failure.
                    Some(undo) if index > 0 => send(&undo, session, signer, &mut done).unwrap_or(()),
                    _ => {}
                }
                return Err(failure);
            }
        }
        Ok(done)
    }
}

fn send(step: &Step, session: &mut Session<'_>, signer: &Signer, done: &mut Done) -> Result<(), Failure> {
    loop {
        let outcome = session.chain.submit(signer, &step.call())?;
        let again = (step.read)(&outcome)?;
        done.cost.add(&outcome);
        done.events.extend(outcome.events);
        if !again {
            return Ok(());
        }
    }
}
