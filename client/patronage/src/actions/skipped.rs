//! Parts of a plan that are left out because a foreign token does not permit its transfer.

use patronage_chain::ChainError;
use patronage_interfaces::{vault::Asset, AccountId};

use crate::{
    client::Client,
    error::Error,
    plan::Tx,
    report::{Report, Value},
};

/// Parts of a plan that fail now, because a foreign token refuses the transfer. The plan leaves them out and lists them in its quote.
#[derive(Default)]
pub(super) struct Skipped(Vec<(Report, Error)>);

impl Skipped {
    /// Returns whether the plan of `who` can include `tx`, which `part` describes. A `tx` in a foreign token is dry-run. If that
    /// fails, the part is recorded as skipped.
    ///
    /// # Errors
    ///
    /// If the chain can't be queried.
    pub fn includes(
        &mut self,
        client: &mut Client<'_>,
        who: AccountId,
        asset: Asset,
        tx: &Tx,
        part: &Report,
    ) -> Result<bool, Error> {
        let own = client.contracts().token;
        if !matches!(asset, Asset::Psp22(token) if token != own) {
            return Ok(true);
        }
        match tx.dry_run(client, &who) {
            Ok(()) => Ok(true),
            Err(Error::Chain(error @ ChainError::Unavailable(_))) => Err(error.into()),
            Err(error) => {
                self.0.push((part.clone().text("because", error.to_string()), error));
                Ok(false)
            }
        }
    }

    /// Whether any part was skipped.
    pub fn is_some(&self) -> bool {
        !self.0.is_empty()
    }

    /// Appends the skipped parts to `quote`.
    pub fn add_to(&self, quote: Report) -> Report {
        let parts: Vec<Report> = self.0.iter().map(|(part, _)| part.clone()).collect();
        quote.with_some("left_out", (!parts.is_empty()).then_some(Value::List(parts)))
    }

    /// The error to return if all parts were skipped.
    pub fn into_error(self) -> Error {
        let why = "all amounts for this account are in tokens that refuse the transfer now";
        match self.0.into_iter().next() {
            Some((_, Error::Refused { error, message })) => {
                Error::Refused { error, message: format!("{why}: {message}") }
            }
            Some((_, error)) => Error::Request(format!("{why}: {error}")),
            None => Error::Request(why.to_owned()),
        }
    }
}
