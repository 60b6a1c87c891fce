//! The part of the page about hot and cold code.

use std::fmt::Write;

use anyhow::{Context, Result};

use super::millions;
use crate::{
    figures::{Cost, Figures},
    scenarios::{CONTRACTS, HOT},
};

/// Appends which messages are hot and why, and what the split costs and saves.
///
/// # Errors
///
/// When a call was not measured in one code.
pub fn section(page: &mut String, figures: &Figures) -> Result<()> {
    page.push_str(
        "\n## Hot and cold\n\nEach contract has two codes. Every call loads the hot one. A message that is not in it is handed to \
         the cold one, which costs a delegate call and the loading of the cold code. Hot is what people and contracts call who \
         did not choose the contract and pay for each of its bytes: fans, and other contracts in calls of their users. Cold is \
         what creators decide, and what people look up, mostly by asking a node, which costs nothing.\n\n\
         | contract | hot message | who calls it, and pays |\n|---|---|---|\n",
    );
    for (contract, messages) in HOT {
        for (message, reason) in messages {
            writeln!(page, "| {contract} | {message} | {reason} |")?;
        }
    }
    page.push_str(
        "\nThe same contracts with one code for all messages (`scripts/build --form single`) were measured by the same calls: the \
         column \"in one code\" below. By the split, a call of a hot message costs less, and one of a cold message more:\n\n\
         | contract | calls | least difference | greatest difference |\n|---|---|--:|--:|\n",
    );
    for contract in CONTRACTS {
        for (kind, hot) in [("hot", true), ("cold", false)] {
            let calls = figures.calls.iter().filter(|cost| {
                cost.contract == contract && cost.call != "new" && figures.is_hot(contract, cost.message()) == hot
            });
            let mut differences = Vec::new();
            for cost in calls {
                differences.push((difference(figures, cost)?, &cost.call));
            }
            differences.sort();
            let (Some(first), Some(last)) = (differences.first(), differences.last()) else { continue };
            // The one with the larger amount last.
            let (least, greatest) = if hot { (last, first) } else { (first, last) };
            writeln!(page, "| {contract} | {kind} | {} | {} |", cell(least), cell(greatest))?;
        }
    }
    Ok(())
}

/// How much more a call costs than in one code.
fn difference(figures: &Figures, cost: &Cost) -> Result<i64> {
    let single = figures.single(&cost.contract, &cost.call);
    let single = single.with_context(|| format!("{}: {} was not measured in one code", cost.contract, cost.call))?;
    // Both are far below 2^63 ps, which is three months.
    Ok((cost.ref_time as i64).saturating_sub(single as i64))
}

fn cell((difference, call): &(i64, &String)) -> String {
    let sign = if *difference < 0 { "-" } else { "+" };
    format!("{sign}{} ({call})", millions(difference.unsigned_abs()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::tests::figures;

    #[test]
    fn the_greatest_and_the_least_differences_are_shown() {
        let mut page = String::new();
        section(&mut page, &figures()).unwrap();
        // A hot call costs 1 M less per call before it, a cold one 2 M more than that.
        assert!(page.contains("| creator_token | CreatorToken::buy | fans, who buy |"), "{page}");
        assert!(page.contains("| creator_token | hot | -1.0 (PSP22::balance_of) |"), "{page}");
        assert!(page.contains("| creator_token | cold | +2.0 (CreatorToken::vest) |"), "{page}");
    }

    #[test]
    fn a_call_that_was_not_measured_in_one_code_is_an_error() {
        let mut figures = figures();
        figures.single.pop();
        let error = section(&mut String::new(), &figures).unwrap_err();
        assert!(error.to_string().contains("in one code"), "{error}");
    }
}
