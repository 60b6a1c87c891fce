//! The signed transaction is the one of the dry run: it succeeds if the dry run did, whatever was launched before, and with minimal
//! funds.

use std::{fs, path::Path};

use patronage::{actions::launch::Launching, bundle, error::Error, launch::Launch};
use patronage_chain::{accounts::development_key, Chain, ChainError, DevChain, Signer, Width};
use patronage_rpc::RpcChain;
use serde_json::Value;
use subxt::{OnlineClient, PolkadotConfig};
use subxt_signer::sr25519::dev;
use test_kit::{
    command::{argument, charge, document, example, Shell},
    dev::Dev,
    node::{on_node, Node},
};

/// `creator` launches the example with a deployment file of this name, after other launches.
fn launches(node: &Node, creator: &str, name: &str, salt: &str) -> Value {
    let text = fs::read_to_string(example()).expect("it is an example");
    let text = text.replacen("account = \"mira\"", &format!("account = \"{creator}\""), 1);
    let path = |ending: &str| node.folder().join(format!("{name}.{ending}"));
    fs::write(path("toml"), text).expect("the folder can be written");
    let (file, contracts) = (path("toml"), path("json"));
    let file = file.to_str().expect("its path is text");
    let arguments = ["launch", file, "--salt", salt, "--json", "--yes"];
    document(on_node(node.url(), &contracts, &arguments), &arguments)
}

#[test]
fn two_creators_launch_on_one_chain_and_one_of_them_three_times() {
    let node = Node::start(Width::U128);
    let first = launches(&node, "mira", "one", "");
    let mut launched = vec![first.clone()];
    for (creator, name, salt) in [("juno", "two", ""), ("mira", "three", "three"), ("mira", "four", "four")] {
        let next = launches(&node, creator, name, salt);
        // The code exists, so its deposit is not charged again.
        assert!(charge(&next["cost"]["storage_deposit"]) < charge(&first["cost"]["storage_deposit"]), "{next:#}");
        launched.push(next);
    }
    let addresses: std::collections::BTreeSet<String> =
        launched.iter().map(|told| told["launched"]["token"].to_string()).collect();
    assert_eq!(addresses.len(), launched.len());
}

#[test]
fn code_that_another_tool_uploaded_before_is_launched_from() {
    let node = Node::start(Width::U128);
    let code = bundle::code_for("creator_token", Width::U128).expect("bundles: scripts/build");
    tokio::runtime::Runtime::new().expect("a thread").block_on(async {
        use subxt::dynamic::Value;
        let api = OnlineClient::<PolkadotConfig>::from_url(node.url()).await.expect("the node runs");
        let (none, enforced) = (Value::unnamed_variant("None", []), Value::unnamed_variant("Enforced", []));
        let upload = subxt::dynamic::tx("Contracts", "upload_code", vec![Value::from_bytes(code), none, enforced]);
        let sent = api.tx().sign_and_submit_then_watch_default(&upload, &dev::bob()).await.expect("bob has money");
        sent.wait_for_finalized_success().await.expect("it is uploaded");
    });
    launches(&node, "mira", "one", "");
}

#[test]
fn a_tip_is_refused_before_signing_unless_it_can_just_be_paid() {
    let node = Node::launched(Width::U128);
    let zoe = Signer::from(development_key("zoe").expect("a name")).account();
    let dev = Dev::connect(&node, Width::U128);
    node.json_of(&["chain", "fund", "zoe", "0.6"]);
    let tip = ["tip", "0.2", "--as", "zoe"];
    node.json_of(&tip);
    // Now 0.2988 UNIT are left, and no new record is needed. A margin of two records could not be paid.
    node.json_of(&[&tip[..], &["--dry-run"]].concat());
    node.json_of(&tip);
    assert_eq!(charge(&node.json_of(&["status", "zoe"])["report"]["tipped"]), 400_000_000_000);

    let before = dev.free_and_nonce(&zoe);
    for more in [&["--dry-run"][..], &[]] {
        let error = node.error_of(&[&tip[..], more].concat());
        let words = error["message"].as_str().expect("words");
        assert!(
            words.contains("this needs 0.2 UNIT") && words.contains("more first, or choose a smaller amount"),
            "{words}"
        );
    }
    dev.set_free(&zoe, 201_500_000_000);
    let error = node.error_of(&tip);
    let words = error["message"].as_str().expect("words");
    assert!(words.contains("0.2 UNIT to pay") && words.contains("of fees at most"), "{words}");
    assert_eq!(dev.free_and_nonce(&zoe), (201_500_000_000, before.1));
}

#[test]
fn a_launch_that_cannot_be_paid_is_refused_before_signing() {
    let node = Node::start(Width::U128);
    let mut chain = RpcChain::connect(node.url()).expect("the node runs");
    let dev = Dev::connect(&node, Width::U128);
    let launch = Launch::read(Path::new(&example()), &mut chain).expect("it is an example");
    let signer = Signer::from(development_key("mira").expect("a name"));
    let mira = signer.account();
    let launching = Launching::new(&launch, mira, "", Width::U128).expect("bundles: scripts/build");

    let missing = |chain: &mut RpcChain, free: u128| {
        dev.set_free(&mira, free);
        let deployment = launching.deployment(chain.properties().genesis, 0);
        let mut client = launching.client(chain, deployment);
        let plan = launching.plan(&mut client).expect("it can be planned");
        match plan.preview(&mut client, &mira) {
            Ok(_) => 0,
            Err(Error::Chain(ChainError::Funds(shortfall))) if !shortfall.unknown_deposit => shortfall.missing(),
            Err(failure) => panic!("{failure}"),
        }
    };
    // Enough for the most expensive contract only.
    let mut enough = 2_000_000_000_000;
    loop {
        match missing(&mut chain, enough) {
            0 => break,
            more => enough += more,
        }
    }
    assert_eq!(missing(&mut chain, enough - 1), 1);
    assert_eq!(dev.free_and_nonce(&mira), (enough - 1, 0));
    let error = node.error_of(&["launch", &argument(&example())]);
    assert!(error["message"].as_str().expect("words").contains("0.000000000001 UNIT more first"), "{error:#}");
    assert_eq!(dev.free_and_nonce(&mira), (enough - 1, 0));

    dev.set_free(&mira, enough);
    let deployment = launching.deployment(chain.properties().genesis, 0);
    let mut client = launching.client(&mut chain, deployment);
    let plan = launching.plan(&mut client).expect("it can be planned");
    let done = plan.execute(&mut client, &signer).expect("it has enough");
    println!("{enough} is enough for {:?}", done.cost);
}

#[test]
fn money_is_given_to_the_planck_or_not_at_all() {
    let node = Node::start(Width::U64);
    let mut chain = RpcChain::connect(node.url()).expect("the node runs");
    let dev = Dev::connect(&node, Width::U64);
    let [alice, bob, newcomer] =
        ["alice", "bob", "newcomer"].map(|name| Signer::from(development_key(name).expect("a name")).account());
    let existential_deposit = chain.properties().existential_deposit;
    let before = dev.free_and_nonce(&alice);
    let error = chain.fund(&newcomer, existential_deposit - 1).expect_err("it would not exist");
    assert!(error.to_string().contains("0.001 UNIT"), "{error}");
    assert_eq!(dev.free_and_nonce(&alice), before);

    dev.set_free(&alice, existential_deposit);
    let ChainError::Funds(shortfall) = chain.fund(&bob, 5).expect_err("there is no money for it") else { panic!() };
    let enough = existential_deposit + shortfall.missing();
    dev.set_free(&alice, enough - 1);
    chain.fund(&bob, 5).expect_err("a planck is missing");
    assert_eq!(dev.free_and_nonce(&alice), (enough - 1, before.1));
    dev.set_free(&alice, enough);
    chain.fund(&bob, 5).expect("it is enough");
    assert_eq!(dev.free_and_nonce(&alice), (existential_deposit, before.1 + 1));
}
