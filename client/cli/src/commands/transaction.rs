//! The steps of every transaction: preview, confirmation, execution, receipt.

use patronage::{
    client::{native_unit, Client},
    error::Error,
    plan::{Cost, Receipt, TxPlan},
    report::Report,
};
use patronage_chain::{units::Unit, Chain, Signer};
use serde_json::{json, Value as Json};

use super::{context::names, output, Global};

/// Dry-runs `plan`, shows its quote with the cost and a `note` on the cost, and asks for confirmation if `asks` is true. Returns whether
/// to execute the plan. A dry run returns false.
///
/// # Errors
///
/// The error with which the plan would end, or if the user declines.
pub fn propose(
    global: &Global,
    client: &mut Client<'_>,
    signer: &Signer,
    plan: &TxPlan,
    (note, asks): (Option<&str>, bool),
) -> Result<bool, Error> {
    let cost = plan.preview(client, &signer.account())?;
    confirmed(global, client.chain, &plan.quote, &cost, (note, asks))
}

/// Shows `quote` with its `cost` and a `note` on the cost, and asks for confirmation if `asks` is true. Returns whether to send. A dry run
/// returns false.
///
/// # Errors
///
/// If the user declines, or can't be asked.
pub fn confirmed(
    global: &Global,
    chain: &dyn Chain,
    quote: &Report,
    cost: &Cost,
    (note, asks): (Option<&str>, bool),
) -> Result<bool, Error> {
    let native = native_unit(chain);
    if !global.json {
        let shown = cost.report(quote.clone(), &native);
        let shown = note.into_iter().fold(shown, |shown, note| shown.text("that_is", note));
        output::text(&shown.lines(&names(chain)))?;
    }
    if global.dry_run {
        if global.json {
            let mut cost = paid(cost, &native);
            note.into_iter().for_each(|note| cost["that_is"] = json!(note));
            output::document(&json!({ "ok": true, "sent": false, "quote": quote.json(), "cost": cost }))?;
        }
        return Ok(false);
    }
    if asks {
        output::confirm(global.json, quote)?;
    }
    Ok(true)
}

/// Executes `plan`, and prints its progress.
///
/// # Errors
///
/// As for [`TxPlan::execute`].
pub fn execute(global: &Global, client: &mut Client<'_>, signer: &Signer, plan: TxPlan) -> Result<Receipt, Error> {
    plan.execute_with_progress(client, signer, &mut |name| {
        if !global.json {
            output::progress(name);
        }
    })
}

/// A receipt for output.
pub struct ReceiptView<'a> {
    /// The confirmed quote.
    pub quote: &'a Report,
    /// The cost.
    pub cost: Cost,
    /// Additional fields of the JSON document.
    pub fields: Vec<(&'static str, Json)>,
    /// A summary for people, instead of "done".
    pub summary: Option<Report>,
    /// Descriptions of the events.
    pub events: Vec<Report>,
}

impl ReceiptView<'_> {
    /// Prints it.
    ///
    /// # Errors
    ///
    /// If standard output can't be written.
    pub fn show(self, global: &Global, chain: &dyn Chain) -> Result<(), Error> {
        let Self { quote, cost, fields, summary, events } = self;
        let native = native_unit(chain);
        if global.json {
            let events: Vec<_> = events.iter().map(Report::json).collect();
            let mut document = json!({
                "ok": true, "sent": true, "quote": quote.json(), "cost": paid(&cost, &native), "events": events,
            });
            fields.into_iter().for_each(|(name, value)| document[name] = value);
            return output::document(&document);
        }
        let names = names(chain);
        let mut lines = vec![String::new()];
        match summary {
            Some(summary) => lines.extend(cost.report(summary, &native).lines(&names)),
            None => lines.push("done".to_owned()),
        }
        lines.extend(events.iter().flat_map(|report| report.lines(&names)));
        output::text(&lines)
    }
}

/// The cost as JSON.
fn paid(cost: &Cost, native: &Unit) -> Json {
    let mut json = cost.report(Report::default(), native).json();
    json["ref_time"] = json!(cost.weight.ref_time());
    json["proof_size"] = json!(cost.weight.proof_size());
    json
}
