//! Transaction plans: transactions with a quote. They are dry-run first, and sent after confirmation.

use ink::scale::{Decode, Encode};
use patronage_chain::{
    decode_answer, encoded, funds::Budget, units::Unit, Call, ChainError, ContractEvent, Message, Outcome, Properties,
    Signer, Target, Weight,
};
use patronage_interfaces::{AccountId, PatronageEnvironment as Env};

use crate::{
    client::Client,
    error::Error,
    report::{Report, Value},
};

/// Reads the answer of a transaction. Returns whether to send the transaction again, or the contract's error.
type AnswerReader = Box<dyn Fn(&Outcome) -> Result<bool, Error>>;

/// One transaction.
pub struct Tx {
    name: Option<String>,
    receiver: Receiver,
    value: u128,
    data: Vec<u8>,
    read: AnswerReader,
}

/// The owned form of [`Target`].
enum Receiver {
    Contract(AccountId),
    Code(Vec<u8>),
    New { code: Vec<u8>, salt: Vec<u8> },
}

impl Tx {
    /// Sends `message` with `value` planck. `refused` describes the contract's error.
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

    /// As [`new`](Self::new). The transaction is sent again while `unfinished` returns true for its answer.
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

    /// As [`new`](Self::new). The transaction is sent again while `unfinished` returns true for its events.
    pub fn repeated_by_events<Args: Encode, R: Decode, E: Decode + std::fmt::Debug>(
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
            Err(error) => Err(Error::refused(&error, refused(&error))),
        };
        Self { name: None, receiver: Receiver::Contract(contract), value, data, read: Box::new(read) }
    }

    /// Uploads `code` without instantiating it.
    pub fn upload(code: Vec<u8>) -> Self {
        Self { name: None, receiver: Receiver::Code(code), value: 0, data: Vec::new(), read: Box::new(|_| Ok(false)) }
    }

    /// Instantiates `code`. `data` is the constructor's selector with its arguments. `salt` distinguishes equal instances. `read`
    /// checks the outcome.
    pub fn instantiate(
        code: Vec<u8>,
        salt: Vec<u8>,
        data: Vec<u8>,
        read: impl Fn(&Outcome) -> Result<(), Error> + 'static,
    ) -> Self {
        let read = move |outcome: &Outcome| read(outcome).map(|()| false);
        Self { name: None, receiver: Receiver::New { code, salt }, value: 0, data, read: Box::new(read) }
    }

    /// Sets the text that is shown while the transaction is being sent, such as "publishing a song".
    pub fn named(self, name: impl Into<String>) -> Self {
        Self { name: Some(name.into()), ..self }
    }

    /// Dry-runs this transaction alone, from `from`.
    ///
    /// # Errors
    ///
    /// If the chain or the contract would refuse it.
    pub fn dry_run(&self, client: &mut Client<'_>, from: &AccountId) -> Result<(), Error> {
        let outcome = client.chain.dry_run(from, &self.call())?;
        self.check(&outcome)
    }

    /// The call, without its sender.
    pub(crate) fn call(&self) -> Call<'_> {
        let target = match &self.receiver {
            Receiver::Contract(contract) => Target::Contract(*contract),
            Receiver::Code(code) => Target::Code(code),
            Receiver::New { code, salt } => Target::New { code, salt },
        };
        Call { target, value: self.value, data: &self.data }
    }

    /// Checks the contract's answer.
    ///
    /// # Errors
    ///
    /// The contract's own error, as text.
    pub(crate) fn check(&self, outcome: &Outcome) -> Result<(), Error> {
        (self.read)(outcome).map(|_| ())
    }
}

/// The cost of transactions, in addition to the value that they transfer.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Cost {
    /// Fees in planck.
    pub fee: u128,
    /// Storage deposits in planck. Negative if they are returned.
    pub deposit: i128,
    /// Weight.
    pub weight: Weight,
}

impl Cost {
    /// Adds the cost of `outcome`.
    pub fn add(&mut self, outcome: &Outcome) {
        self.fee = self.fee.saturating_add(outcome.fee);
        self.deposit = self.deposit.saturating_add(outcome.deposit);
        self.weight = self.weight.saturating_add(outcome.weight);
    }

    /// Appends the cost to `report`, in the unit `native` of the chain's own token.
    pub fn report(&self, report: Report, native: &Unit) -> Report {
        report
            .amount("transaction_fee", self.fee, native)
            .with("storage_deposit", Value::Charge(self.deposit, native.clone()))
    }
}

/// An upper bound for the cost of a transaction that can't be dry-run yet, because it depends on an earlier one.
///
/// The account must be able to pay this before the earlier transaction is sent. Otherwise that transaction's fee would be lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MaxCost {
    /// New storage records.
    pub items: u32,
    /// Bytes in these records, including their keys.
    pub bytes: u32,
    /// The fee, as a multiple of the fee of the earlier transaction.
    pub fees: u32,
}

impl MaxCost {
    /// Reserves this cost in `budget`. `fee` is the fee of the earlier transaction.
    ///
    /// # Errors
    ///
    /// The shortfall, if the account can't pay.
    pub fn pay_from(&self, budget: &mut Budget, fee: u128, chain: &Properties) -> Result<(), ChainError> {
        let times = |count: u32, planck: u128| planck.saturating_mul(count.into());
        let deposit = times(self.items, chain.item_deposit).saturating_add(times(self.bytes, chain.byte_deposit));
        budget.pay_at_most(times(self.fees, fee), deposit)
    }
}

/// Transactions with a quote.
pub struct TxPlan {
    /// What the plan does, and the amounts that it pays and receives. Does not include the cost of the transactions.
    pub quote: Report,
    txs: Vec<Tx>,
    /// Transactions that can be dry-run only after `txs` are in a block, with bounds for their cost.
    dependent: Vec<(Tx, MaxCost)>,
    /// Reverts `txs` if a dependent transaction is refused.
    undo: Option<Tx>,
}

/// The result of a plan that was executed.
#[derive(Debug, Clone, Default)]
pub struct Receipt {
    /// The cost of all transactions.
    pub cost: Cost,
    /// Events of the contracts, in order.
    pub events: Vec<ContractEvent>,
}

impl TxPlan {
    /// A plan of one or more independent transactions.
    pub fn new(quote: Report, txs: Vec<Tx>) -> Self {
        Self::staged(quote, txs, Vec::new())
    }

    /// A plan in two stages. The `dependent` transactions need `txs` to be in a block first. Each `dependent` transaction has a
    /// bound for its cost.
    pub fn staged(quote: Report, txs: Vec<Tx>, dependent: Vec<(Tx, MaxCost)>) -> Self {
        Self { quote, txs, dependent, undo: None }
    }

    /// A plan in which `approval` permits `payment`. If `payment` is refused, `undo` restores the previous allowance.
    pub fn with_approval(quote: Report, approval: Tx, payment: (Tx, MaxCost), undo: Tx) -> Self {
        Self { undo: Some(undo), ..Self::staged(quote, vec![approval], vec![payment]) }
    }

    /// Sum of the values of all transactions, in planck.
    pub fn value(&self) -> u128 {
        let txs = self.txs.iter().chain(self.dependent.iter().map(|(tx, _)| tx));
        txs.fold(0, |sum: u128, tx| sum.saturating_add(tx.value))
    }

    /// Dry-runs every transaction that can be dry-run now, and returns their cost. The cost of dependent transactions is not
    /// included. Checks that the account can pay for all transactions together.
    ///
    /// # Errors
    ///
    /// The error with which the plan would end.
    pub fn preview(&self, client: &mut Client<'_>, from: &AccountId) -> Result<Cost, Error> {
        let mut budget = Budget::of(client.chain, from)?;
        let mut cost = Cost::default();
        budget.has(self.value())?;
        let mut highest_fee = 0;
        for tx in &self.txs {
            let outcome = client.chain.dry_run(from, &tx.call())?;
            (tx.read)(&outcome)?;
            cost.add(&outcome);
            budget.pay(tx.value, &outcome)?;
            highest_fee = outcome.fee.max(highest_fee);
        }
        for (_, max_cost) in &self.dependent {
            max_cost.pay_from(&mut budget, highest_fee, client.chain.properties())?;
        }
        Ok(cost)
    }

    /// Number of transactions that can't be dry-run yet.
    pub fn dependent_count(&self) -> usize {
        self.dependent.len()
    }

    /// Sends the transactions in order. Stops at the first that is refused.
    ///
    /// # Errors
    ///
    /// The error of the refused transaction. The transactions before it stay in effect.
    pub fn execute(self, client: &mut Client<'_>, signer: &Signer) -> Result<Receipt, Error> {
        self.execute_with_progress(client, signer, &mut |_| ())
    }

    /// As [`execute`](Self::execute). Calls `progress` with the name of each named transaction before it is sent.
    ///
    /// # Errors
    ///
    /// As for [`execute`](Self::execute).
    pub fn execute_with_progress(
        self,
        client: &mut Client<'_>,
        signer: &Signer,
        progress: &mut dyn FnMut(&str),
    ) -> Result<Receipt, Error> {
        let mut receipt = Receipt::default();
        for tx in &self.txs {
            tx.name.iter().for_each(|name| progress(name));
            send(tx, client, signer, &mut receipt)?;
        }
        for (tx, _) in &self.dependent {
            tx.name.iter().for_each(|name| progress(name));
            if let Err(error) = send(tx, client, signer, &mut receipt) {
                // The first error is returned even if reverting fails.
                self.undo.iter().for_each(|undo| send(undo, client, signer, &mut receipt).unwrap_or(()));
                return Err(error);
            }
        }
        Ok(receipt)
    }
}

fn send(tx: &Tx, client: &mut Client<'_>, signer: &Signer, receipt: &mut Receipt) -> Result<(), Error> {
    loop {
        let outcome = client.chain.submit(signer, &tx.call())?;
        let again = (tx.read)(&outcome)?;
        receipt.cost.add(&outcome);
        receipt.events.extend(outcome.events);
        if !again {
            return Ok(());
        }
    }
}
