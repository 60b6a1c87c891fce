//! Parts of a plan that are in tokens of others.

use patronage_chain::ChainError;
use patronage_interfaces::{vault::Asset, AccountId};

use crate::{
    plan::Step,
    report::{Report, Value},
    session::{Failure, Session},
};

/// Parts that can't be had now, as their tokens do not move. The plan goes on without them, and says so.
#[derive(Default)]
pub(super) struct LeftOut(Vec<(Report, Failure)>);

impl LeftOut {
    /// Whether the `part` of a plan of `who` that `step` does can be had. What is in a token of others is tried, and left out
    /// where that fails.
    ///
    /// # Errors
    ///
    /// When the chain can't be asked.
    pub fn takes(
        &mut self,
        session: &mut Session<'_>,
        who: AccountId,
        asset: Asset,
        step: &Step,
        part: &Report,
    ) -> Result<bool, Failure> {
        let own = session.suite().token;
        if !matches!(asset, Asset::Psp22(token) if token != own) {
            return Ok(true);
        }
        match step.try_out(session, &who) {
            Ok(()) => Ok(true),
            Err(Failure::Chain(error @ ChainError::Unavailable(_))) => Err(error.into()),
            Err(failure) => {
                self.0.push((part.clone().text("because", failure.to_string()), failure));
                Ok(false)
            }
        }
    }

    /// Whether anything was left out.
    pub fn is_some(&self) -> bool {
        !self.0.is_empty()
    }

    /// `quote`, and what was left out of it.
    pub fn told(&self, quote: Report) -> Report {
        let parts: Vec<Report> = self.0.iter().map(|(part, _)| part.clone()).collect();
        quote.with_some("left_out", (!parts.is_empty()).then_some(Value::List(parts)))
    }

    /// Why nothing of what was left out can be had.
    pub fn failure(self) -> Failure {
        let why = "nothing waits but what its token does not give now";
        match self.0.into_iter().next() {
            Some((_, Failure::Refused { error, message })) => {
                Failure::Refused { error, message: format!("{why}: {message}") }
            }
            Some((_, failure)) => Failure::Request(format!("{why}: {failure}")),
            None => Failure::Request(why.to_owned()),
        }
    }
}
