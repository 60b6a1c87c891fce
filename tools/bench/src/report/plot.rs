//! A plot of calls over the population size, as SVG.

use std::{collections::BTreeSet, fmt::Write};

use anyhow::{ensure, Context, Result};

use super::millions;
use crate::figures::{Figures, Point};

const WIDTH: u64 = 760;
const HEIGHT: u64 = 380;
const LEFT: u64 = 70;
/// Right end of the lines. Their names are to the right of it.
const RIGHT: u64 = 560;
const TOP: u64 = 50;
const BOTTOM: u64 = 330;
const COLOURS: [&str; 6] = ["#0072B2", "#E69F00", "#009E73", "#D55E00", "#CC79A7", "#56B4E9"];
/// Space between two names.
const LINE: u64 = 15;

/// Returns the plot.
///
/// # Errors
///
/// If there are no figures.
pub fn plot(figures: &Figures) -> Result<String> {
    ensure!(!figures.scaling.is_empty(), "no call was measured among fans");
    draw(&figures.scaling).context("the plot does not fit into memory")
}

fn draw(points: &[Point]) -> Result<String, std::fmt::Error> {
    let populations: BTreeSet<u32> = points.iter().map(|point| point.fans).collect();
    let mut calls: Vec<&str> = Vec::new();
    for point in points {
        if !calls.contains(&point.call.as_str()) {
            calls.push(&point.call);
        }
    }
    let most = points.iter().map(|point| point.ref_time).max().unwrap_or(0);
    // The axis ends at a whole thousand million.
    let step = 1_000_000_000;
    let end = (most / step + 1) * step;
    // Populations have equal distances, as on a logarithmic scale.
    let room = (populations.len() as u64 - 1).max(1);
    let x = |fans: u32| LEFT + populations.range(..fans).count() as u64 * (RIGHT - LEFT) / room;
    let y = |time: u64| BOTTOM - (BOTTOM - TOP) * (time / 1_000_000) / (end / 1_000_000);

    let mut svg = String::new();
    writeln!(
        svg,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" font-family=\"sans-serif\" \
         font-size=\"12\">\n<title>Computing by number of fans</title>\n<rect width=\"{WIDTH}\" height=\"{HEIGHT}\" \
         fill=\"#ffffff\"/>\n<text x=\"10\" y=\"22\" font-size=\"15\">ref_time in millions of ps, by number of \
         fans</text>"
    )?;
    for tick in (0..=end / step).map(|tick| tick * step) {
        let at = y(tick);
        writeln!(svg, "<path d=\"M{LEFT} {at}H{RIGHT}\" stroke=\"#dddddd\"/>")?;
        writeln!(svg, "<text x=\"{}\" y=\"{}\" text-anchor=\"end\">{}</text>", LEFT - 8, at + 4, tick / 1_000_000)?;
    }
    for fans in &populations {
        let (at, below) = (x(*fans), BOTTOM + 20);
        writeln!(svg, "<text x=\"{at}\" y=\"{below}\" text-anchor=\"middle\">{}</text>", super::thousands(fans))?;
    }
    let mut names = Vec::new();
    for (call, colour) in calls.iter().zip(COLOURS.iter().cycle()) {
        let line: Vec<&Point> = points.iter().filter(|point| point.call == *call).collect();
        let path: Vec<_> = line.iter().map(|point| format!("{},{}", x(point.fans), y(point.ref_time))).collect();
        writeln!(
            svg,
            "<polyline points=\"{}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\"/>",
            path.join(" ")
        )?;
        for point in &line {
            let (x, y) = (x(point.fans), y(point.ref_time));
            writeln!(svg, "<circle cx=\"{x}\" cy=\"{y}\" r=\"3.5\" fill=\"{colour}\"/>")?;
        }
        if let Some(last) = line.last() {
            names.push((y(last.ref_time), format!("{call}: {}", millions(last.ref_time)), colour));
        }
    }
    // From the top down, each below the previous one.
    names.sort();
    let mut free = 0;
    for (wanted, name, colour) in names {
        let at = wanted.max(free);
        free = at + LINE;
        writeln!(svg, "<text x=\"{}\" y=\"{}\" fill=\"{colour}\">{name}</text>", RIGHT + 12, at + 4)?;
    }
    svg.push_str("</svg>\n");
    Ok(svg)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn point(call: &str, fans: u32, ref_time: u64) -> Point {
        Point { call: call.into(), fans, ref_time, proof_size: 0, deposit: 0 }
    }

    #[test]
    fn a_call_of_constant_cost_is_a_level_line() {
        let svg = draw(&[point("buy", 10, 500_000_000), point("buy", 1_000, 500_000_000)]).unwrap();
        // Half of the axis, which ends at a thousand million.
        assert!(svg.contains("points=\"70,190 560,190\""), "{svg}");
    }

    #[test]
    fn names_of_lines_that_meet_do_not_overlap() {
        let svg = draw(&[point("buy", 10, 5), point("sell", 10, 5)]).unwrap();
        assert!(svg.contains("y=\"334\" fill") && svg.contains("y=\"349\" fill"), "{svg}");
    }
}
