//! The command `patronage`.

use std::{path::PathBuf, process::ExitCode};

use clap::{Parser, Subcommand};
use patronage_client::{demo, launch::Launch};

/// Creators get paid by their fans, without a gatekeeper.
#[derive(Parser)]
#[command(version, about)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Launches a creator on a chain in this process and tells what fans do there.
    Demo {
        /// The creator's launch file; without it, examples/creator.toml of the project.
        #[arg(long, value_name = "FILE")]
        config: Option<PathBuf>,
        /// Prints one JSON document instead of text.
        #[arg(long)]
        json: bool,
    },
}

fn main() -> ExitCode {
    match Arguments::parse().command {
        Command::Demo { config, json } => run_demo(config, json),
    }
}

fn run_demo(config: Option<PathBuf>, json: bool) -> ExitCode {
    let example = || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../examples/creator.toml"));
    let launch = match Launch::read(&config.unwrap_or_else(example)) {
        Ok(launch) => launch,
        Err(error) => {
            eprintln!("error: {error}");
            return ExitCode::FAILURE;
        }
    };
    let story = demo::tell(&launch, !json);
    if json {
        match serde_json::to_string_pretty(&story) {
            Ok(document) => println!("{document}"),
            Err(error) => eprintln!("error: {error}"),
        }
    }
    match (&story.error, story.ok) {
        (_, true) => ExitCode::SUCCESS,
        (error, false) => {
            let error = error.as_deref().unwrap_or("a contract does not hold what it owes");
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}
