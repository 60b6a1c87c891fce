//! The one way of everything that is sent: a plan, its preview, the question, the transactions, the receipt.

use patronage::{
    plan::{Cost, Done, Plan},
    report::Report,
    session::{native_unit, Failure, Session},
};
use patronage_chain::{units::Unit, Chain, Signer};
use serde_json::{json, Value as Json};

use super::{desk::names, out, Global};

/// Tries what `plan` does now, shows it with its cost and a `note` on that, and asks where `asks` says so. Whether to go on: not
/// where this is a dry run.
///
/// # Errors
///
/// What the plan would end with, and when the answer is no.
pub fn propose(
    global: &Global,
    session: &mut Session<'_>,
    signer: &Signer,
    plan: &Plan,
    (note, asks): (Option<&str>, bool),
) -> Result<bool, Failure> {
    let cost = plan.preview(session, &signer.account())?;
    agreed(global, session.chain, &plan.quote, &cost, (note, asks))
}

/// Shows a `quote` with its `cost` and a `note` on that, and asks where `asks` says so. Whether to go on: not where this is a dry
/// run.
///
/// # Errors
///
/// When the answer is no, or there is nobody to ask.
pub fn agreed(
    global: &Global,
    chain: &dyn Chain,
    quote: &Report,
    cost: &Cost,
    (note, asks): (Option<&str>, bool),
) -> Result<bool, Failure> {
    let native = native_unit(chain);
    if !global.json {
        let shown = cost.report(quote.clone(), &native);
        let shown = note.into_iter().fold(shown, |shown, note| shown.text("that_is", note));
        out::text(&shown.lines(&names(chain)))?;
    }
    if global.dry_run {
        if global.json {
            let mut cost = paid(cost, &native);
            note.into_iter().for_each(|note| cost["that_is"] = json!(note));
            out::document(&json!({ "ok": true, "sent": false, "quote": quote.json(), "cost": cost }))?;
        }
        return Ok(false);
    }
    if asks {
        out::confirm(global.json, quote)?;
    }
    Ok(true)
}

/// Sends what `plan` does, and says what it is at.
///
/// # Errors
///
/// Why a transaction was refused. Those before it have happened.
pub fn carry_out(global: &Global, session: &mut Session<'_>, signer: &Signer, plan: Plan) -> Result<Done, Failure> {
    plan.execute_telling(session, signer, &mut |words| {
        if !global.json {
            out::progress(words);
        }
    })
}

/// What came of what was sent.
pub struct Receipt<'a> {
    /// What was agreed to.
    pub quote: &'a Report,
    /// What it has cost.
    pub cost: Cost,
    /// Fields of its own for machines.
    pub fields: Vec<(&'static str, Json)>,
    /// For people, in place of "done".
    pub summary: Option<Report>,
    /// What the contracts told.
    pub told: Vec<Report>,
}

impl Receipt<'_> {
    /// Prints it.
    ///
    /// # Errors
    ///
    /// When nobody takes it.
    pub fn show(self, global: &Global, chain: &dyn Chain) -> Result<(), Failure> {
        let Self { quote, cost, fields, summary, told } = self;
        let native = native_unit(chain);
        if global.json {
            let events: Vec<_> = told.iter().map(Report::json).collect();
            let mut document = json!({
                "ok": true, "sent": true, "quote": quote.json(), "cost": paid(&cost, &native), "events": events,
            });
            fields.into_iter().for_each(|(name, value)| document[name] = value);
            return out::document(&document);
        }
        let names = names(chain);
        let mut lines = vec![String::new()];
        match summary {
            Some(summary) => lines.extend(cost.report(summary, &native).lines(&names)),
            None => lines.push("done".to_owned()),
        }
        lines.extend(told.iter().flat_map(|report| report.lines(&names)));
        out::text(&lines)
    }
}

/// A cost for machines.
fn paid(cost: &Cost, native: &Unit) -> Json {
    let mut json = cost.report(Report::default(), native).json();
    json["ref_time"] = json!(cost.weight.ref_time());
    json["proof_size"] = json!(cost.weight.proof_size());
    json
}
