//! The report for people, made from the figures alone: docs/weights.md and its drawings.

mod bars;
mod page;
mod plot;
mod split;

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{ensure, Context, Result};

use crate::figures::Figures;

/// File name of the figures.
pub const FIGURES: &str = "weights.json";
/// File name of the chart of the token and the baselines.
const BARS: &str = "weights-token.svg";
/// File name of the plot over population sizes.
const PLOT: &str = "weights-scaling.svg";

/// Name of the creator token among the figures.
const OURS: &str = "creator_token";

/// Recorded figures of Cardinal's psp22 by the official tool: cargo-contract 5.0.3 with Rust 1.85, measured in drink.
/// It does not build with a current Rust.
mod official {
    pub const NAME: &str = "psp22 2.0.0 by cargo-contract";
    /// Date of the record. They were measured on that day or before.
    pub const DATE: &str = "2026-11-22";
    pub const CODE_BYTES: u64 = 14_868;
    /// Call, ref_time, proof size.
    pub const CALLS: [(&str, u64, u64); 5] = [
        ("PSP22::balance_of", 579_062_670, 15_558),
        ("PSP22::transfer, new holder", 1_442_914_136, 24_313),
        ("PSP22::transfer, existing holder", 1_444_138_141, 24_345),
        ("PSP22::approve, new allowance", 1_243_929_841, 23_394),
        ("PSP22::transfer_from, part of the allowance", 2_040_605_571, 32_501),
    ];
}

/// Returns the files of the report, by name.
///
/// # Errors
///
/// If the figures lack something that the report needs.
pub fn files(figures: &Figures) -> Result<Vec<(&'static str, String)>> {
    Ok(vec![
        (FIGURES, figures.to_json()?),
        ("weights.md", page::page(figures)?),
        (BARS, bars::chart(figures)?),
        (PLOT, plot::plot(figures)?),
    ])
}

/// Writes the report into `folder`. Returns the paths.
///
/// # Errors
///
/// If a file cannot be written.
pub fn write(figures: &Figures, folder: &Path) -> Result<Vec<PathBuf>> {
    fs::create_dir_all(folder).with_context(|| format!("cannot create {}", folder.display()))?;
    let written = files(figures)?.into_iter().map(|(name, text)| {
        let path = folder.join(name);
        fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))?;
        Ok(path)
    });
    written.collect()
}

/// Checks that the report in `folder` is made from the figures.
///
/// # Errors
///
/// If a file differs; names the first one.
pub fn ensure_written(figures: &Figures, folder: &Path) -> Result<()> {
    for (name, text) in files(figures)? {
        let same = fs::read_to_string(folder.join(name)).is_ok_and(|known| known == text);
        ensure!(same, "docs/{name} is not what docs/{FIGURES} makes: run scripts/bench --accept");
    }
    Ok(())
}

/// Millions with separated thousands, rounded for display.
fn millions(picoseconds: u64) -> String {
    let rounded = picoseconds.saturating_add(50_000) / 100_000;
    format!("{}.{}", thousands(rounded / 10), rounded % 10)
}

/// A number with separated thousands.
fn thousands(number: impl ToString) -> String {
    let text = number.to_string();
    let (sign, digits) = text.strip_prefix('-').map_or(("", text.as_str()), |digits| ("-", digits));
    let mut grouped = String::new();
    for (index, digit) in digits.chars().enumerate() {
        // An index is below the number of digits, so this cannot underflow.
        if index > 0 && (digits.len() - index) % 3 == 0 {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    format!("{sign}{grouped}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::baselines::BASELINES;
    use crate::figures::{Cost, HostCost, Point, Single};

    /// The smallest figures that the report accepts.
    pub fn figures() -> Figures {
        let mut figures = Figures::default();
        for (index, contract) in [OURS].into_iter().chain(BASELINES.map(|baseline| baseline.name)).enumerate() {
            let factor = index as u64 + 1;
            figures.code_bytes.insert(contract.into(), 20_000 * factor);
            for (call, ref_time, proof_size) in official::CALLS {
                let (contract, call) = (String::from(contract), String::from(call));
                let (ref_time, proof_size, deposit) = (ref_time * factor, proof_size, 3);
                figures.calls.push(Cost {
                    contract: contract.clone(),
                    call: call.clone(),
                    ref_time,
                    proof_size,
                    deposit,
                });
                figures.host_costs.push(HostCost {
                    contract,
                    call,
                    ref_time: ref_time / 2,
                    reads: 1,
                    writes: 2,
                    events: 1,
                });
            }
        }
        // A cold call beside the hot ones of the standard, and what all of ours cost in one code.
        let cold = String::from("CreatorToken::vest");
        let vest = Cost { contract: OURS.into(), call: cold.clone(), ref_time: 9_000_000, proof_size: 1, deposit: 1 };
        figures.calls.push(vest);
        figures.host_costs.push(HostCost {
            contract: OURS.into(),
            call: cold,
            ref_time: 1,
            reads: 1,
            writes: 1,
            events: 1,
        });
        figures.hot.insert(
            OURS.into(),
            figures.calls[..official::CALLS.len()].iter().map(|cost| cost.message().to_owned()).collect(),
        );
        for cost in figures.calls.iter().filter(|cost| cost.contract == OURS) {
            let more = if cost.call.starts_with("PSP22") { 1_000_000 * (figures.single.len() as u64 + 1) } else { 0 };
            let ref_time = cost.ref_time + more - if more == 0 { 2_000_000 } else { 0 };
            figures.single.push(Single { contract: OURS.into(), call: cost.call.clone(), ref_time });
        }
        for (index, fans) in [10, 1_000].into_iter().enumerate() {
            let ref_time = 1_000_000_000 + index as u64;
            figures.scaling.push(Point { call: "buy".into(), fans, ref_time, proof_size: 1, deposit: 1 });
        }
        figures
    }

    #[test]
    fn a_report_that_was_not_made_from_the_figures_is_an_error() {
        let folder = std::env::temp_dir().join(format!("bench-report-{}", std::process::id()));
        let written = write(&figures(), &folder).unwrap();
        assert_eq!(written.len(), 4);
        assert!(ensure_written(&figures(), &folder).is_ok());
        for path in &written {
            let text = fs::read_to_string(path).unwrap();
            fs::write(path, text.clone() + "edited").unwrap();
            let refusal = ensure_written(&figures(), &folder).unwrap_err().to_string();
            assert!(refusal.contains(path.file_name().unwrap().to_str().unwrap()), "{refusal}");
            fs::write(path, text).unwrap();
        }
        fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn numbers_are_grouped() {
        assert_eq!([0, 12, 123, 1_234, 1_234_567].map(thousands), ["0", "12", "123", "1,234", "1,234,567"]);
        assert_eq!([-1, -999, -1_000].map(thousands), ["-1", "-999", "-1,000"]);
        assert_eq!([0, 50_000, 1_444_138_141].map(millions), ["0.0", "0.1", "1,444.1"]);
    }
}
