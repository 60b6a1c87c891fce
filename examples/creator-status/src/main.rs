//! Prints the status of a creator: `creator-status ws://127.0.0.1:9944 deployment.json`, with the deployment file that
//! `patronage launch` wrote.
//!
//! It only uses nodes, so it does not compile a chain.

use std::{path::Path, process::ExitCode};

use patronage::{actions::status, client::Client, deployment::Deployment};
use patronage_chain::Chain;
use patronage_rpc::RpcChain;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [url, file] = arguments.as_slice() else {
        eprintln!("usage: creator-status URL DEPLOYMENT");
        return ExitCode::from(2);
    };
    match shown(url, Path::new(file)) {
        Ok(lines) => {
            lines.iter().for_each(|line| println!("{line}"));
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// The status as lines of text.
fn shown(url: &str, file: &Path) -> Result<Vec<String>, Box<dyn std::error::Error>> {
    let mut chain = RpcChain::connect(url)?;
    let genesis = chain.properties().genesis;
    let deployment = Deployment::read(file, &genesis)?;
    let mut client = Client::new(&mut chain, deployment)?;
    let report = status::of_creator(&mut client, &[])?;
    // Shows accounts as addresses. On a development chain, this function could return their names.
    Ok(report.lines(&|_| None))
}
