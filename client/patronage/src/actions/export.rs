//! The statement of income as CSV, from the contracts' events.

use patronage_chain::{
    accounts::address,
    units::{format_time, Unit},
};
use patronage_interfaces::{token, vault};

use crate::{
    client::Client,
    contracts::Contracts,
    error::Error,
    escape,
    events::{event_of, text_of},
};

/// Names of the columns.
pub const COLUMNS: [&str; 7] = ["time", "block", "what", "account", "amount", "currency", "note"];

/// One line of the statement. Its fields are those of [`COLUMNS`].
pub type Line = [String; 7];

/// Income and claims from block `from_block` on, oldest first. Amounts are in whole units.
///
/// # Errors
///
/// If the history of the chain can't be read.
pub fn statement(client: &mut Client<'_>, from_block: u32) -> Result<Vec<Line>, Error> {
    let Contracts { token, vault, .. } = client.contracts();
    let history = client.chain.history(&[token, vault], from_block)?;
    let mut lines = Vec::new();
    for past in history {
        let event = &past.event;
        let native = client.units.native.clone();
        let entry = if let Some(event) = event_of::<vault::Tipped>(event, vault) {
            Some(("tip", event.fan, event.amount, client.unit(&event.asset)?, text_of(&event.memo)))
        } else if let Some(event) = event_of::<vault::Collected>(event, vault) {
            let (tier, unit) = client.tier(event.tier)?;
            // The event names a tier and no fan. It covers all fans of the tier.
            let note = format!("tier {}, level {}", client.tier_name(event.tier), tier.terms.level);
            Some(("subscriptions", vault, event.amount, unit, note))
        } else if let Some(event) = event_of::<vault::Paid>(event, vault) {
            let (what, note) = match event.payer == token {
                true => ("token fees", String::new()),
                false => ("paid in", format!("purpose {}", event.purpose)),
            };
            Some((what, event.payer, event.amount, native, note))
        } else if let Some(event) = event_of::<vault::Claimed>(event, vault) {
            let unit = client.unit(&event.asset)?;
            Some(("claimed", event.recipient, event.amount, unit, format!("splits {}", event.version)))
        } else if let Some(event) = event_of::<vault::StakeIncomeClaimed>(event, vault).filter(|event| event.amount > 0)
        {
            let unit = client.unit(&event.asset)?;
            Some(("claimed", event.fan, event.amount, unit, "stakers' share".to_owned()))
        } else {
            event_of::<token::Claimed>(event, token)
                // The vault emits an event of its own for fees that it collects from the token.
                .filter(|event| event.account != vault)
                .map(|event| ("claimed", event.account, event.amount, native, "token fees".to_owned()))
        };
        if let Some((what, account, amount, unit, note)) = entry {
            lines.push([
                format_time(past.time),
                past.block.to_string(),
                what.to_owned(),
                address(&account),
                plain(amount, &unit),
                unit.symbol,
                note,
            ]);
        }
    }
    Ok(lines)
}

/// The statement as CSV with a header. Cells are escaped for terminals and spreadsheets ([`crate::escape::for_table`]).
///
/// # Errors
///
/// If a line can't be encoded.
pub fn csv(lines: &[Line]) -> Result<String, String> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let written = writer.write_record(COLUMNS).and_then(|()| {
        lines.iter().try_for_each(|line| writer.write_record(line.each_ref().map(|cell| escape::for_table(cell))))
    });
    written.map_err(|error| error.to_string())?;
    let bytes = writer.into_inner().map_err(|error| error.to_string())?;
    String::from_utf8(bytes).map_err(|error| error.to_string())
}

/// `amount` in whole units without thousands separators.
fn plain(amount: u128, unit: &Unit) -> String {
    patronage_chain::units::format_amount(amount, unit.decimals).replace(',', "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_can_break_the_table_or_be_a_formula() {
        let hostile = ["a \"b\",\nc", "=HYPERLINK(1)", "\u{200b}=1", "＠SUM(1)", "a;=1", "\u{1b}[2J", "plain"];
        let shown = ["a \"b\",\\nc", "'=HYPERLINK(1)", "\\u{200b}=1", "'＠SUM(1)", "a;'=1", "\\u{1b}[2J", "plain"];
        let text = csv(&[hostile.map(str::to_owned)]).unwrap();
        let rows: Vec<csv::StringRecord> =
            csv::Reader::from_reader(text.as_bytes()).records().map(Result::unwrap).collect();
        assert_eq!(rows.len(), 1);
        assert_eq!(rows[0].iter().collect::<Vec<_>>(), shown);
    }
}
