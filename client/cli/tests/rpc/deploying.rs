use std::{fs, os::unix::fs::PermissionsExt, process::Stdio, time::Duration};

use patronage::deployment::Deployment;
use patronage_chain::{accounts::development_key, Chain, Signer, Width};
use patronage_interfaces::AccountId;
use patronage_rpc::RpcChain;
use test_kit::{
    command::{argument, charge, document, error, example, Shell},
    node::Node,
};

fn mira() -> AccountId {
    Signer::from(development_key("mira").expect("a name")).account()
}

/// Contracts that mira has instantiated. Deploying twice would show here.
fn contracts_made(node: &Node) -> usize {
    let chain = RpcChain::connect(node.url()).expect("the node runs");
    chain.contracts_of(&mira(), 0).expect("it answers").len()
}

/// Mira's balance in planck. Every transaction changes it.
fn balance(node: &Node) -> u128 {
    let mut chain = RpcChain::connect(node.url()).expect("the node runs");
    chain.balance_of(&mira()).expect("it answers")
}

#[test]
fn a_launch_that_was_killed_goes_on_and_deploys_nothing_twice() {
    let node = Node::start(Width::U128);
    for after in [600, 1_200, 2_400] {
        let mut launch = node
            .command(&["launch", &argument(&example()), "--yes"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("the command starts");
        std::thread::sleep(Duration::from_millis(after));
        // SIGKILL can't be caught.
        launch.kill().expect("it can be killed");
        launch.wait().expect("it ends");
    }
    node.json_of(&["launch", &argument(&example())]);
    assert_eq!(contracts_made(&node), 3);

    let mut chain = RpcChain::connect(node.url()).expect("the node runs");
    let genesis = chain.properties().genesis;
    let deployment = Deployment::read(&node.deployment(), &genesis).expect("it was written");
    let (contracts, code) = (deployment.contracts, deployment.code);
    for (contract, hash) in
        [(contracts.token, code.token), (contracts.vault, code.vault), (contracts.registry, code.registry)]
    {
        assert_eq!(chain.code_hash_of(&contract).expect("it answers"), Some(hash));
    }
    let history =
        chain.history(&[contracts.token, contracts.registry], deployment.block..=u32::MAX).expect("it answers");
    let published = history.iter().filter(|past| past.event.contract == contracts.registry).count();
    assert_eq!(published, 3, "each content is published once");
    assert!(history.iter().all(|past| past.block > deployment.block));

    // Once more: nothing is left to do, and nothing is paid.
    let again = node.json_of(&["launch", &argument(&example())]);
    assert_eq!(charge(&again["cost"]["transaction_fee"]), 0, "{again:#}");
}

#[test]
fn a_local_chain_that_was_started_anew_is_launched_on_anew() {
    let earlier = Node::start(Width::U128);
    // It has more blocks than the next chain at the start of the launch.
    for _ in 0..3 {
        earlier.json_of(&["chain", "fund", "ana", "1"]);
    }
    earlier.json_of(&["launch", &argument(&example())]);
    let node = Node::start(Width::U128);
    fs::copy(earlier.deployment(), node.deployment()).expect("it was written");
    drop(earlier);
    node.json_of(&["launch", &argument(&example())]);
    let genesis = RpcChain::connect(node.url()).expect("the node runs").properties().genesis;
    let deployment = Deployment::read(&node.deployment(), &genesis).expect("it was written");
    // The history from there on is complete.
    let statement = node.json_of(&["statement"]);
    assert_eq!(statement["statement"], serde_json::json!([]));
    let chain = RpcChain::connect(node.url()).expect("the node runs");
    assert_eq!(chain.contracts_of(&mira(), deployment.block).expect("it answers").len(), 3);
}

#[test]
fn contracts_for_another_width_are_refused_before_anything_is_signed() {
    let node = Node::start(Width::U64);
    let before = balance(&node);
    let bundles = concat!(env!("CARGO_MANIFEST_DIR"), "/../../target/ink");
    let mut command = node.command(&["launch", &argument(&example()), "--yes", "--json"]);
    command.env("PATRONAGE_BUNDLES", bundles);
    let error = error(command, &["launch"]);
    assert!(error["message"].as_str().expect("words").contains("--balance u64"), "{error:#}");
    assert_eq!(contracts_made(&node), 0);
    assert_eq!(balance(&node), before);
}

#[test]
fn a_dry_run_sends_nothing_and_needs_no_key() {
    let node = Node::start(Width::U128);
    let before = balance(&node);
    let told = node.json_of(&["launch", &argument(&example()), "--dry-run"]);
    assert_eq!(told["sent"], false);
    assert!(charge(&told["cost"]["transaction_fee"]) > 0 && charge(&told["cost"]["storage_deposit"]) > 0, "{told:#}");
    assert_eq!(contracts_made(&node), 0);
    assert_eq!(balance(&node), before);
    assert!(!node.deployment().exists());
}

#[test]
fn a_key_from_a_file_signs_and_is_never_shown() {
    let node = Node::launched(Width::U128);
    let phrase = "bottom drive obey lake curtain smoke basket hold race lonely fit walk//Alice";
    let file = node.folder().join("alice.key");
    fs::write(&file, phrase).expect("it can be written");
    let name = file.to_str().expect("its path is text");
    fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).expect("its mode can be set");
    let error = node.error_of(&["tip", "1", "--key", name]);
    assert!(error["message"].as_str().expect("words").contains("chmod 600"), "{error:#}");

    fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).expect("its mode can be set");
    let output = node.command(&["tip", "1", "--yes", "--key", name]).output().expect("the command starts");
    assert!(output.status.success());
    for shown in [&output.stdout, &output.stderr] {
        let shown = String::from_utf8_lossy(shown);
        assert!(!shown.contains("bottom") && !shown.contains("fac7959d"), "{shown}");
    }
    let alice = development_key("alice").expect("a name");
    let alice = patronage_chain::Signer::from(alice).account();
    let told = node.json_of(&["status", &patronage_chain::accounts::address(&alice)]);
    assert_eq!(charge(&told["report"]["tipped"]), 1_000_000_000_000, "{told:#}");

    let mut command = node.command(&["tip", "1", "--yes", "--json"]);
    command.env("PATRONAGE_SURI", phrase);
    document(command, &["tip"]);
    let error = node.error_of(&["tip", "1", "--key", name, "--as", "mira"]);
    assert!(error["message"].as_str().expect("words").contains("not to mira"), "{error:#}");
}
