//! The page: docs/weights.md.

use std::fmt::Write;

use anyhow::{Context, Result};

use super::{millions, official, split, thousands, BARS, OURS, PLOT};
use crate::{
    figures::{Figures, Floor},
    host,
    peers::PEERS,
    scenarios::CONTRACTS,
};

const HEAD: &str = "\
# What the contracts cost

Written by `scripts/bench`; the figures are those of [weights.json](weights.json). They are the same on every machine: the chain
counts them by a fixed table, and `scripts/bench --check` fails when one of them changes. Only another compiler makes other code.

- **ref_time** is computing, in millions of picoseconds on the chain's reference machine, as `pallet-contracts` 31 charges it
  (in [drink](https://crates.io/crates/drink), with its default schedule). What a transaction costs beside that, whatever it
  calls, is not in it.
- **floor** is what the host functions of the call alone cost by the same schedule: every read, write, event, transfer and
  call that it makes, taken from the chain's own trace of it, with the bytes that go in and out. A contract without any code
  could not do this work for less. Two things are not in the trace, and so in the rest and not in the floor: the bytes of
  values that are read and of other contracts' answers, about a thousand ps each, and the surcharge where a contract sends
  money along with a call to another one, which is hundreds of millions.
- **in one code** is the ref_time where each contract has one code with all its messages.
- **code** is what loading the contract's hot code costs, on every call. A constructor (`new`) is measured together with the
  upload, and then nothing has to be loaded.
- **rest** is what remains: instructions, the cold code, and the codes of the contracts that are called.
- **proof** is in bytes. **deposit** is in planck of drink's chain: charged where positive, paid back where negative.
";

/// The page.
///
/// # Errors
///
/// When the figures lack a contract.
pub fn page(figures: &Figures) -> Result<String> {
    let mut page = String::from(HEAD);
    writeln!(page, "\nThese contracts were compiled by {}.", figures.compiler)?;
    code(&mut page, figures)?;
    split::section(&mut page, figures)?;
    peers(&mut page, figures)?;
    scaling(&mut page, figures)?;
    page.push_str("\n## Every message\n");
    let peers = PEERS.iter().map(|peer| (peer.name, peer.title));
    for (contract, title) in CONTRACTS.into_iter().map(|name| (name, name)).chain(peers) {
        // Small figures in tests have fewer contracts.
        if figures.code_bytes.contains_key(contract) {
            messages(&mut page, figures, contract, title)?;
        }
    }
    Ok(page)
}

/// Bytes of a contract.
fn bytes_of(figures: &Figures, contract: &str) -> Result<u64> {
    figures.code_bytes.get(contract).copied().with_context(|| format!("{contract} is not among the figures"))
}

fn code(page: &mut String, figures: &Figures) -> Result<()> {
    let byte = host::load(1)?.ref_time();
    writeln!(
        page,
        "\n## Size of the code\n\nEvery call loads the whole hot code, at {} ps per byte.\n\n| contract | bytes | ref_time \
         of loading it |\n|---|--:|--:|",
        thousands(byte)
    )?;
    let mut row = |name: &str, bytes: u64| -> Result<()> {
        let load = host::load(usize::try_from(bytes)?)?.ref_time();
        Ok(writeln!(page, "| {name} | {} | {} |", thousands(bytes), millions(load))?)
    };
    for (contract, bytes) in figures.code_bytes.iter().filter(|(contract, _)| !contract.starts_with("peer/")) {
        row(contract, *bytes)?;
    }
    for peer in &PEERS {
        row(&format!("{}, by our builder", peer.title), bytes_of(figures, peer.name)?)?;
    }
    row(&format!("{} (on record since {})", official::NAME, official::DATE), official::CODE_BYTES)
}

fn peers(page: &mut String, figures: &Figures) -> Result<()> {
    writeln!(
        page,
        "\n## The token beside other PSP22 tokens\n\n![computing of PSP22 calls, token and peers]({BARS})\n\nThe peers are \
         built by the same builder from the source in the registry, and do the same calls in the same order. They are \
         plain tokens; ours has its sale, fees, vesting and the rest on top. The passes of our builder that follow Binaryen's \
         are left out for them, and the columns \"with our passes\" have them. The last column is what the official tool made \
         of {} with Rust 1.85 (on record since {}); it does not build with a current Rust.\n",
        PEERS[0].title,
        official::DATE
    )?;
    let titles: String = PEERS.iter().map(|peer| format!(" {} |", peer.title)).collect();
    writeln!(page, "| call | creator token |{titles} by cargo-contract |")?;
    writeln!(page, "|---|--:|{}--:|", "--:|".repeat(PEERS.len()))?;
    for cost in figures.calls.iter().filter(|cost| cost.contract == PEERS[0].name) {
        let Some(ours) = figures.cost(OURS, &cost.call) else { continue };
        let relative = |ref_time: u64| {
            // For reading only: a rounded percentage decides nothing.
            let percent = ours.ref_time as f64 / ref_time as f64 * 100.0;
            format!("{} (ours {percent:.0} %)", millions(ref_time))
        };
        let theirs: String = PEERS
            .iter()
            .map(|peer| figures.cost(peer.name, &cost.call).map_or(String::new(), |cost| relative(cost.ref_time)))
            .map(|text| format!(" {text} |"))
            .collect();
        let reference = official::CALLS.iter().find(|(call, ..)| *call == cost.call);
        let reference = reference.map_or(String::new(), |(_, ref_time, _)| relative(*ref_time));
        writeln!(page, "| {} | {} |{theirs} {reference} |", cost.call, millions(ours.ref_time))?;
    }
    Ok(())
}

fn scaling(page: &mut String, figures: &Figures) -> Result<()> {
    writeln!(
        page,
        "\n## Among many fans\n\nEach crowd is on a chain of its own: all of them hold tokens and have joined on three days. \
         Then one more buys and subscribes, one is asked for access, and the creator collects: a day after the last ones \
         joined, and a month later, when all have ended.\n\n![computing by number of fans]({PLOT})\n\n| call | fans | \
         ref_time | proof | deposit |\n|---|--:|--:|--:|--:|"
    )?;
    let mut points: Vec<_> = figures.scaling.iter().collect();
    points.sort_by_key(|point| (&point.call, point.fans));
    for point in points {
        let (fans, time) = (thousands(point.fans), millions(point.ref_time));
        let (proof, deposit) = (thousands(point.proof_size), thousands(point.deposit));
        writeln!(page, "| {} | {fans} | {time} | {proof} | {deposit} |", point.call)?;
    }
    Ok(())
}

fn messages(page: &mut String, figures: &Figures, contract: &str, title: &str) -> Result<()> {
    let load = host::load(usize::try_from(bytes_of(figures, contract)?)?)?.ref_time();
    let is_split = figures.hot.contains_key(contract);
    writeln!(
        page,
        "\n### {title}\n\n| call | ref_time |{} floor | code | rest | reads, writes, events | proof | deposit |\n\
         |---|--:|{}--:|--:|--:|--:|--:|--:|",
        if is_split { " in one code |" } else { "" },
        if is_split { "--:|" } else { "" },
    )?;
    for cost in figures.calls.iter().filter(|cost| cost.contract == contract) {
        let floor = figures.floors.iter().find(|floor| floor.contract == contract && floor.call == cost.call);
        let Floor { ref_time: floor, reads, writes, events, .. } =
            floor.with_context(|| format!("{contract}: {} has no floor", cost.call))?;
        let (floor, reads, writes, events) = (*floor, reads, writes, events);
        // The chain has the code at hand that is being uploaded.
        let load = if cost.call == "new" { 0 } else { load };
        let rest = cost.ref_time.saturating_sub(floor).saturating_sub(load);
        let single = figures.single(contract, &cost.call).filter(|_| is_split);
        writeln!(
            page,
            "| {} | {} |{} {} | {} | {} | {reads}, {writes}, {events} | {} | {} |",
            cost.call,
            millions(cost.ref_time),
            single.map_or(String::new(), |single| format!(" {} |", millions(single))),
            millions(floor),
            millions(load),
            millions(rest),
            thousands(cost.proof_size),
            thousands(cost.deposit)
        )?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::tests::figures;

    #[test]
    fn every_call_has_its_row() {
        let page = page(&figures()).unwrap();
        for cost in &figures().calls {
            let row = format!("| {} | {} |", cost.call, millions(cost.ref_time));
            assert!(page.contains(&row), "{row}\n{page}");
        }
        assert!(page.contains("579.1 (ours 100 %)") && page.contains("1,158.1 (ours 50 %)"), "{page}");
    }

    #[test]
    fn figures_without_a_floor_are_an_error() {
        let mut figures = figures();
        figures.floors.pop();
        assert!(page(&figures).unwrap_err().to_string().contains("has no floor"));
    }
}
