//! Measures the cost of every message on the real `pallet-contracts`, in process, and compares it with
//! docs/weights.json. See `scripts/bench --help`.

mod baselines;
mod bench_env;
mod figures;
mod host;
mod report;
mod scaling;
mod scenarios;

use std::{
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::{Context, Result};
use clap::Parser;
use patronage::bundle::{self, Codes};
use patronage_chain::Width;

use crate::{
    bench_env::{Built, Record},
    figures::{differences, Cost, Figures, Single, Table},
};

/// Measure the cost of every message. Without an option, print the differences from docs/weights.json; without
/// differences, write that file and its report.
#[derive(Debug, Parser)]
#[command(name = "scripts/bench")]
struct Options {
    /// Fail if a figure differs from docs/weights.json; write nothing
    #[arg(long, conflicts_with = "accept")]
    check: bool,
    /// Write docs/weights.json and its report
    #[arg(long)]
    accept: bool,
    /// With --check: leave out populations of more fans than this, which take minutes
    #[arg(long, value_name = "FANS", requires = "check")]
    population: Option<u32>,
}

fn main() -> ExitCode {
    match run(&Options::parse()) {
        Ok(code) => code,
        Err(error) => {
            // The chain of causes in one sentence.
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(options: &Options) -> Result<ExitCode> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let docs = root.join("docs");
    // Read before the measurement, which takes minutes.
    let committed = match options.accept {
        true => None,
        false => Figures::read(&docs.join(report::FIGURES))?,
    };
    let most_fans = options.population.unwrap_or(u32::MAX);
    let measured = measure(&root, most_fans)?;
    let Some(committed) = committed else {
        anyhow::ensure!(!options.check, "there is no docs/{}: scripts/bench --accept writes it", report::FIGURES);
        return write(&measured, &docs);
    };
    let mut comparable = committed.clone();
    comparable.up_to_fans(most_fans);
    let found = differences(&comparable, &measured);
    if found.is_empty() {
        if options.check {
            report::ensure_written(&committed, &docs)?;
        }
        println!("{} calls cost as in docs/{}", measured.calls.len(), report::FIGURES);
        return if options.check { Ok(ExitCode::SUCCESS) } else { write(&measured, &docs) };
    }
    print!("{}", Table(&found));
    if committed.compiler != measured.compiler {
        println!("{} compiled the accepted code and {} this one", committed.compiler, measured.compiler);
    }
    println!(
        "{} figures differ from docs/{}: scripts/bench --accept writes the new ones",
        found.len(),
        report::FIGURES
    );
    Ok(if options.check { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

fn write(figures: &Figures, docs: &Path) -> Result<ExitCode> {
    for path in report::write(figures, docs)? {
        let path = path.file_name().map(PathBuf::from).unwrap_or(path);
        println!("wrote docs/{}", path.display());
    }
    Ok(ExitCode::SUCCESS)
}

fn measure(root: &Path, most_fans: u32) -> Result<Figures> {
    let mut record = suite_of(&bundle::folder(Width::U128))?;
    scenarios::ensure_reasons(&record.figures)?;
    for baseline in baselines::build(root)? {
        record.add(baseline)?;
    }
    eprintln!("measuring every message");
    scenarios::suite(&mut record)?;
    for baseline in &baselines::BASELINES {
        scenarios::baseline(&mut record, baseline.name)
            .with_context(|| format!("{} does not answer as a PSP22 token", baseline.title))?;
    }
    eprintln!("measuring every message with one code for each contract");
    let mut single = suite_of(&bundle::folder(Width::U128).with_file_name("ink-single"))?;
    scenarios::suite(&mut single)?;
    let costs = single.figures.calls.into_iter();
    record.figures.single =
        costs.map(|Cost { contract, call, ref_time, .. }| Single { contract, call, ref_time }).collect();
    for (contract, bytes) in single.figures.code_bytes {
        record.figures.code_bytes.insert(format!("{contract}, in one code"), bytes);
    }
    // The chain of these figures has balances of 128 bits, so the codes for the others are only counted.
    for name in scenarios::CONTRACTS {
        let Codes { code, cold } = bundle::codes_for(name, Width::U64)?;
        let mut count = |name: String, code: &[u8]| -> Result<()> {
            record.figures.code_bytes.insert(name, u64::try_from(code.len())?);
            Ok(())
        };
        count(format!("{name}, u64"), &code)?;
        cold.map_or(Ok(()), |cold| count(bench_env::cold_of(&format!("{name}, u64")), &cold))?;
    }
    for fans in scaling::POPULATIONS.into_iter().filter(|fans| *fans <= most_fans) {
        eprintln!("measuring among {fans} fans");
        scaling::measure(&mut record, fans)?;
    }
    Ok(record.figures)
}

/// The contracts of the suite from a folder of bundles, for a chain with balances of 128 bits.
fn suite_of(bundles: &Path) -> Result<Record> {
    let mut record = Record::default();
    for name in scenarios::CONTRACTS {
        record.add(Built::read(name, &bundles.join(name).join(format!("{name}.contract")))?)?;
    }
    Ok(record)
}
