//! A bar chart of the token and the baselines, as SVG.

use std::fmt::Write;

use anyhow::{Context, Result};

use super::{millions, official, OURS};
use crate::{baselines::BASELINES, figures::Figures};

const WIDTH: u64 = 760;
/// Left end of the bars. The names are to the left of it.
const LEFT: u64 = 220;
/// Length of the longest bar. Its figure is to the right of it.
const LONGEST: u64 = 460;
const BAR: u64 = 16;
/// Space between two calls.
const GAP: u64 = 18;
const TOP: u64 = 84;
/// Colours that colour-blind people can distinguish (Okabe and Ito, 2008): ours, the baselines, the official tool.
const COLOURS: [&str; 4] = ["#0072B2", "#E69F00", "#009E73", "#999999"];

/// The chart.
///
/// # Errors
///
/// If the figures lack a call of the standard.
pub fn chart(figures: &Figures) -> Result<String> {
    let measured = |contract: &str, call: &str| {
        let cost = figures.cost(contract, call).map(|cost| cost.ref_time);
        cost.with_context(|| format!("{contract}: {call} is not among the figures"))
    };
    let mut groups = Vec::new();
    for (call, reference, _) in official::CALLS {
        let mut bars = vec![measured(OURS, call)?];
        for baseline in &BASELINES[..2] {
            bars.push(measured(baseline.name, call)?);
        }
        bars.push(reference);
        groups.push((call, bars));
    }
    let names = ["our creator token, with its sale", BASELINES[0].title, BASELINES[1].title, official::NAME];
    draw(&names, &groups).context("the chart does not fit into memory")
}

fn draw(names: &[&str], groups: &[(&str, Vec<u64>)]) -> Result<String, std::fmt::Error> {
    let most = groups.iter().flat_map(|(_, bars)| bars).copied().max().unwrap_or(0).max(1);
    let bars = groups.iter().map(|(_, bars)| bars.len() as u64).sum::<u64>();
    let height = TOP + bars * BAR + groups.len() as u64 * GAP;
    let mut svg = String::new();
    writeln!(
        svg,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" font-family=\"sans-serif\" \
         font-size=\"12\">\n<title>Computing of PSP22 calls</title>\n<rect width=\"{WIDTH}\" height=\"{height}\" \
         fill=\"#ffffff\"/>\n<text x=\"10\" y=\"22\" font-size=\"15\">ref_time of PSP22 calls in millions of ps \
         (less is better)</text>"
    )?;
    for (index, (name, colour)) in names.iter().zip(COLOURS).enumerate() {
        let (x, y) = (10 + index as u64 % 2 * 320, 34 + index as u64 / 2 * 18);
        writeln!(svg, "<rect x=\"{x}\" y=\"{y}\" width=\"12\" height=\"12\" fill=\"{colour}\"/>")?;
        writeln!(svg, "<text x=\"{}\" y=\"{}\">{name}</text>", x + 18, y + 10)?;
    }
    let mut y = TOP;
    for (call, bars) in groups {
        let (message, case) = call.split_once(", ").unwrap_or((call, ""));
        let message = message.trim_start_matches("PSP22::");
        writeln!(svg, "<text x=\"10\" y=\"{}\" font-weight=\"bold\">{message}</text>", y + 13)?;
        writeln!(svg, "<text x=\"10\" y=\"{}\">{case}</text>", y + 28)?;
        for (value, colour) in bars.iter().zip(COLOURS) {
            let length = scaled(*value, most);
            let thick = BAR - 2;
            writeln!(svg, "<rect x=\"{LEFT}\" y=\"{y}\" width=\"{length}\" height=\"{thick}\" fill=\"{colour}\"/>")?;
            let (x, base) = (LEFT + length + 5, y + 12);
            writeln!(svg, "<text x=\"{x}\" y=\"{base}\" font-size=\"11\">{}</text>", millions(*value))?;
            y += BAR;
        }
        y += GAP;
    }
    svg.push_str("</svg>\n");
    Ok(svg)
}

/// Length of a bar, at most `LONGEST`, so it fits.
fn scaled(value: u64, most: u64) -> u64 {
    let length = u128::from(value) * u128::from(LONGEST) / u128::from(most.max(1));
    u64::try_from(length).unwrap_or(LONGEST)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figures::Cost;

    #[test]
    fn a_bar_is_as_long_as_its_figure_and_the_longest_fills_the_room() {
        assert_eq!([0, 50, 100].map(|value| scaled(value, 100)), [0, LONGEST / 2, LONGEST]);
        assert_eq!(scaled(u64::MAX, u64::MAX), LONGEST);
        let figures = crate::report::tests::figures();
        let svg = chart(&figures).unwrap();
        // The chart has no baselines with our passes.
        let shown = |cost: &&Cost| !cost.contract.ends_with("-passes") && cost.call.starts_with("PSP22");
        let most = figures.calls.iter().filter(shown).map(|cost| cost.ref_time).max().unwrap();
        assert!(svg.contains(&format!(">{}</text>", millions(most))) && svg.contains("width=\"460\""));
    }

    #[test]
    fn a_call_that_was_not_measured_is_an_error() {
        let mut figures = crate::report::tests::figures();
        figures.calls.retain(|cost| cost.contract != "baseline/pendzl");
        assert!(chart(&figures).unwrap_err().to_string().contains("baseline/pendzl"));
    }
}
