//! The program as a user runs it, on a local chain of its own. `scripts/test` builds what that needs.

use std::{
    path::Path,
    process::{Command, Output},
};

use patronage::{actions::launch::Launching, launch::Launch};
use patronage_chain::{
    accounts::{account, address, development_key},
    Chain, Width,
};
use patronage_rpc::RpcChain;
use tempfile::TempDir;
use test_kit::{command::example, node::Node};

fn program(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_creator-status")).args(arguments).output().expect("the program starts")
}

/// The example's creator launches on the chain at `url`, and the deployment is written to `file`.
fn launch(url: &str, file: &Path) {
    let mut chain = RpcChain::connect(url).expect("the node runs");
    let launch = Launch::read(&example(), &mut chain).expect("it is an example");
    let mira = account(&launch.creator).expect("a name");
    let launching = Launching::new(&launch, mira, "", Width::U128).expect("bundles: scripts/build");
    let block = chain.block().expect("the node answers");
    let deployment = launching.deployment(chain.properties().genesis, block);
    deployment.write(file).expect("the folder can be written");
    let mut client = launching.client(&mut chain, deployment);
    let plan = launching.plan(&mut client).expect("it can be planned");
    let signer = development_key(&launch.creator).expect("a name").into();
    plan.execute(&mut client, &signer).expect("it launches");
}

#[test]
fn it_shows_how_a_creator_stands_on_a_node() {
    let node = Node::start(Width::U128);
    let folder = TempDir::new().expect("the folder for temporary files can be written");
    let file = folder.path().join("deployment.json");
    let path = file.to_str().expect("its path is text");

    let early = program(&[node.url(), path]);
    assert_eq!(early.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&early.stderr).contains("no launch found"), "{early:?}");

    launch(node.url(), &file);
    let shown = program(&[node.url(), path]);
    assert!(shown.status.success(), "{shown:?}");
    let text = String::from_utf8_lossy(&shown.stdout);
    let mira = address(&account("mira").expect("a name"));
    for part in ["the creator of MIRA", mira.as_str(), "0.5 UNIT"] {
        assert!(text.contains(part), "{part} is missing in\n{text}");
    }
}

#[test]
fn it_says_how_it_is_used() {
    let output = program(&["ws://127.0.0.1:9944"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("usage: creator-status URL DEPLOYMENT"), "{output:?}");
}
