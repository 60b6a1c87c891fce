//! The dependencies of each crate: a program that only talks to nodes compiles no chain.

use std::{collections::BTreeSet, process::Command};

/// Names of all dependencies of a workspace package, direct and indirect.
fn dependencies(package: &str) -> BTreeSet<String> {
    let output = Command::new(env!("CARGO"))
        .args([
            "tree",
            "--offline",
            "--locked",
            "--edges",
            "normal",
            "--prefix",
            "none",
            "--format",
            "{p}",
            "--package",
        ])
        .arg(package)
        .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
        .output()
        .expect("cargo starts");
    assert!(output.status.success(), "{package}: {}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).expect("cargo writes text");
    text.lines().skip(1).filter_map(|line| line.split(' ').next()).map(str::to_owned).collect()
}

/// Packages of an embedded chain.
const EMBEDDED: [&str; 4] = ["drink", "ink_sandbox", "frame-support", "pallet-contracts"];
/// Packages that talk to a node.
const NODE: [&str; 2] = ["subxt", "jsonrpsee"];

#[test]
fn a_program_that_only_talks_to_nodes_compiles_no_chain() {
    let program = dependencies("creator-status");
    for name in EMBEDDED {
        assert!(!program.contains(name), "{name}");
    }
    for name in NODE.iter().chain(&["patronage", "patronage-rpc"]) {
        assert!(program.contains(*name), "{name}");
    }
}

#[test]
fn neither_the_chain_trait_nor_a_chain_depends_on_the_other_chains() {
    for (package, left_out) in [
        ("patronage-chain", [&EMBEDDED[..], &NODE].concat()),
        ("patronage", [&EMBEDDED[..], &NODE].concat()),
        ("patronage-rpc", EMBEDDED.to_vec()),
        ("patronage-embedded", [&NODE[..], &["patronage-rpc"]].concat()),
        ("patronage-gateway", vec!["ink", "sp-core", "sqlx", "patronage-chain"]),
        ("patronage-server", [&EMBEDDED[..], &NODE, &["patronage-cli", "reqwest"]].concat()),
    ] {
        let found = dependencies(package);
        let wrong: Vec<_> = left_out.iter().filter(|name| found.contains(**name)).collect();
        assert!(wrong.is_empty(), "{package}: {wrong:?}");
    }
    let embedded = dependencies("patronage-embedded");
    assert!(EMBEDDED.iter().all(|name| embedded.contains(*name)), "the names have changed");
}
