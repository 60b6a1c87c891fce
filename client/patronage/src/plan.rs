//! What a command is about to do: transactions with a quote, which are tried first and sent when they are wanted.

use ink::scale::{Decode, Encode};
use patronage_chain::{
    decode_answer, encoded, funds::Purse, units::Unit, Call, ChainError, ContractEvent, Message, Outcome, Properties,
    Signer, Target, Weight,
};
use patronage_interfaces::{AccountId, PatronageEnvironment as Env};

use crate::{
    report::{Report, Value},
    session::{Failure, Session},
};

/// Reads a message's answer: whether to send the message again, or why the contract refused.
type Reader = Box<dyn Fn(&Outcome) -> Result<bool, Failure>>;

/// One transaction.
pub struct Step {
    name: Option<String>,
    receiver: Receiver,
    value: u128,
    data: Vec<u8>,
    read: Reader,
}

/// What a transaction is for: see [`Target`].
enum Receiver {
    Contract(AccountId),
    Code(Vec<u8>),
    New { code: Vec<u8>, salt: Vec<u8> },
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
        Self::reading(value, message, refused, |_, _| false)
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
        Self::reading(value, message, refused, move |answer, _| unfinished(answer))
    }

    /// As [`new`](Self::new), and again as long as its events say that it is `unfinished`.
    pub fn repeated_as_told<Args: Encode, R: Decode, E: Decode + std::fmt::Debug>(
        value: u128,
        message: Message<Env, Args, Result<R, E>>,
        refused: impl Fn(&E) -> String + 'static,
        unfinished: impl Fn(&[ContractEvent]) -> bool + 'static,
    ) -> Self
    where
        Result<R, E>: Decode,
    {
        Self::reading(value, message, refused, move |_, events| unfinished(events))
    }

    fn reading<Args: Encode, R: Decode, E: Decode + std::fmt::Debug>(
        value: u128,
        message: Message<Env, Args, Result<R, E>>,
        refused: impl Fn(&E) -> String + 'static,
        unfinished: impl Fn(&R, &[ContractEvent]) -> bool + 'static,
    ) -> Self
    where
        Result<R, E>: Decode,
    {
        let (contract, data) = encoded(message);
        let read = move |outcome: &Outcome| match decode_answer::<Result<R, E>>(&outcome.output)? {
            Ok(answer) => Ok(unfinished(&answer, &outcome.events)),
            Err(error) => Err(Failure::refused(&error, refused(&error))),
        };
        Self { name: None, receiver: Receiver::Contract(contract), value, data, read: Box::new(read) }
    }

    /// Uploads `code` alone.
    pub fn upload(code: Vec<u8>) -> Self {
        Self { name: None, receiver: Receiver::Code(code), value: 0, data: Vec::new(), read: Box::new(|_| Ok(false)) }
    }

    /// A new contract of `code`, by its constructor and arguments in `data`, told apart from others by `salt`; `read` says whether
    /// it became what was asked for.
    pub fn instantiate(
        code: Vec<u8>,
        salt: Vec<u8>,
        data: Vec<u8>,
        read: impl Fn(&Outcome) -> Result<(), Failure> + 'static,
    ) -> Self {
        let read = move |outcome: &Outcome| read(outcome).map(|()| false);
        Self { name: None, receiver: Receiver::New { code, salt }, value: 0, data, read: Box::new(read) }
    }

    /// The same, with words for what is done while it is under way, such as "publishing a song".
    pub fn named(self, name: impl Into<String>) -> Self {
        Self { name: Some(name.into()), ..self }
    }

    /// Tries it alone, from `from`.
    ///
    /// # Errors
    ///
    /// When the chain or the contract would refuse it.
    pub fn try_out(&self, session: &mut Session<'_>, from: &AccountId) -> Result<(), Failure> {
        let outcome = session.chain.dry_run(from, &self.call())?;
        self.check(&outcome)
    }

    /// The transaction without its sender.
    pub(crate) fn call(&self) -> Call<'_> {
        let target = match &self.receiver {
            Receiver::Contract(contract) => Target::Contract(*contract),
            Receiver::Code(code) => Target::Code(code),
            Receiver::New { code, salt } => Target::New { code, salt },
        };
        Call { target, value: self.value, data: &self.data }
    }

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

/// The most that a transaction takes which can't be tried before another has happened. The account must have it before that one
/// is sent, as otherwise its fee would be lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Untried {
    /// Records that it makes.
    pub items: u32,
    /// Bytes in them, with their keys.
    pub bytes: u32,
    /// Its fee, in fees of the transaction before it.
    pub fees: u32,
}

impl Untried {
    /// Pays for it, beside a transaction with this `fee`.
    ///
    /// # Errors
    ///
    /// The shortfall.
    pub fn pay_from(&self, purse: &mut Purse, fee: u128, chain: &Properties) -> Result<(), ChainError> {
        let times = |count: u32, planck: u128| planck.saturating_mul(count.into());
        let deposit = times(self.items, chain.item_deposit).saturating_add(times(self.bytes, chain.byte_deposit));
        purse.pay_at_most(times(self.fees, fee), deposit)
    }
}

/// Transactions with a quote.
pub struct Plan {
    /// What will be done and what it brings and takes, but for the cost of the transactions.
    pub quote: Report,
    steps: Vec<Step>,
    /// What can be tried only when the steps have happened, with the most that it takes.
    later: Vec<(Step, Untried)>,
    /// What takes the steps back where something later is refused.
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
        Self::staged(quote, steps, Vec::new())
    }

    /// A plan in which `steps` that do not need each other let what comes `later` happen, of which each takes no more than it says.
    pub fn staged(quote: Report, steps: Vec<Step>, later: Vec<(Step, Untried)>) -> Self {
        Self { quote, steps, later, undo: None }
    }

    /// A plan in which `first` lets `second` happen, which takes no more than `most`, and is taken back by `undo` where that is
    /// refused.
    pub fn prepared(quote: Report, first: Step, second: (Step, Untried), undo: Step) -> Self {
        Self { undo: Some(undo), ..Self::staged(quote, vec![first], vec![second]) }
    }

    /// Planck that go along with all its transactions.
    pub fn value(&self) -> u128 {
        let steps = self.steps.iter().chain(self.later.iter().map(|(step, _)| step));
        steps.fold(0, |sum: u128, step| sum.saturating_add(step.value))
    }

    /// Tries every transaction that can be tried now, and says what they would cost. What comes later is not in that. The account
    /// must have what all of them take together.
    ///
    /// # Errors
    ///
    /// What the plan would end with.
    pub fn preview(&self, session: &mut Session<'_>, from: &AccountId) -> Result<Cost, Failure> {
        let mut purse = Purse::of(session.chain, from)?;
        let mut cost = Cost::default();
        purse.has(self.value())?;
        let mut dearest = 0;
        for step in &self.steps {
            let outcome = session.chain.dry_run(from, &step.call())?;
            (step.read)(&outcome)?;
            cost.add(&outcome);
            purse.pay(step.value, &outcome)?;
            dearest = outcome.fee.max(dearest);
        }
        for (_, most) in &self.later {
            most.pay_from(&mut purse, dearest, session.chain.properties())?;
        }
        Ok(cost)
    }

    /// How many transactions can't be tried before the others have happened.
    pub fn untried(&self) -> usize {
        self.later.len()
    }

    /// Sends the transactions, one after the other, up to the first that is refused.
    ///
    /// # Errors
    ///
    /// Why one was refused. Those before it have happened.
    pub fn execute(self, session: &mut Session<'_>, signer: &Signer) -> Result<Done, Failure> {
        self.execute_telling(session, signer, &mut |_| ())
    }

    /// As [`execute`](Self::execute), and tells `progress` what comes next, where that has a name.
    ///
    /// # Errors
    ///
    /// As for [`execute`](Self::execute).
    pub fn execute_telling(
        self,
        session: &mut Session<'_>,
        signer: &Signer,
        progress: &mut dyn FnMut(&str),
    ) -> Result<Done, Failure> {
        let mut done = Done::default();
        for step in &self.steps {
            step.name.iter().for_each(|name| progress(name));
            send(step, session, signer, &mut done)?;
        }
        for (step, _) in &self.later {
            step.name.iter().for_each(|name| progress(name));
            if let Err(failure) = send(step, session, signer, &mut done) {
                // Whatever comes of this, the reader needs to know the first failure.
                self.undo.iter().for_each(|undo| send(undo, session, signer, &mut done).unwrap_or(()));
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
