//! The steps of the embedded chain with the same amounts, and what only a node has: fees, signatures and blocks.

use patronage_chain::{accounts::account, Chain, Width};
use patronage_rpc::RpcChain;
use serde_json::Value;
use tempfile::TempDir;
use test_kit::{
    command::{argument, charge, document, example, Shell},
    node::{on_node, Node},
};

/// Runs `arguments` as `who`. The balance must change by `gain` less the costs.
#[track_caller]
fn moves(node: &Node, who: &str, arguments: &[&str], gain: impl Fn(&Value) -> i128) -> Value {
    let arguments = [arguments, &["--as", who]].concat();
    let before = balance(node, who);
    let done = node.json_of(&arguments);
    let fee = charge(&done["cost"]["transaction_fee"]);
    assert!(fee > 0, "{done:#}");
    let costs = fee + charge(&done["cost"]["storage_deposit"]);
    assert_eq!(balance(node, who) - before, gain(&done) - costs, "{done:#}");
    done
}

/// Free native balance of the development account `name`, in planck.
fn balance(node: &Node, name: &str) -> i128 {
    let mut chain = RpcChain::connect(node.url()).expect("the node runs");
    let balance = chain.balance_of(&account(name).expect("a name")).expect("it answers");
    i128::try_from(balance).expect("below the supply")
}

#[test]
fn the_story_has_the_same_figures_as_on_a_chain_in_this_process() {
    let node = Node::launched(Width::U128);
    let folder = TempDir::new().expect("the folder for temporary files can be written");
    let (chain, contracts) = (folder.path().join("chain"), folder.path().join("deployment.json"));
    let here = |arguments: &[&str]| {
        let arguments = [arguments, &["--json", "--yes"]].concat();
        document(on_node(chain.to_str().expect("its path is text"), &contracts, &arguments), &arguments)
    };
    here(&["launch", &argument(&example())]);

    let both = |who: &str, arguments: &[&str], gain: &dyn Fn(&Value) -> i128| {
        let there = moves(&node, who, arguments, gain);
        let here = here(&[arguments, &["--as", who]].concat());
        assert_eq!(there["quote"]["title"], here["quote"]["title"]);
        there_and_here(&there["events"], &here["events"]);
        there
    };
    let bought = both("ana", &["buy", "25"], &|done| -charge(&done["quote"]["price"]));
    assert_eq!(charge(&bought["events"][0]["tokens"]), 25_000_000_000_000);
    both("ana", &["tip", "2", "--memo", "for the encore"], &|_| -2_000_000_000_000);
    both("ben", &["subscribe", "listener", "--last", "60d"], &|done| -charge(&done["quote"]["paid_now"]));
    let open = |name: &str| node.json_of(&["check", "Studio diary", "--as", name])["report"]["access"].clone();
    assert_eq!(open("ana"), true);
    assert_eq!(open("ben"), true);
    assert_eq!(open("mira"), false);

    node.json_of(&["chain", "time", "+10d"]);
    let cancelled = moves(&node, "ben", &["cancel"], |done| charge(&done["events"][0]["refund"]));
    // 10 of 60 days at 5 UNIT for 30 days have passed, and some blocks.
    let refund = charge(&cancelled["events"][0]["refund"]);
    assert!((8_333_000_000_000..=8_333_333_333_333).contains(&refund), "{refund}");
    assert_eq!(open("ben"), false);
    moves(&node, "ana", &["sell", "all"], |done| charge(&done["events"][0]["payout"]));

    node.json_of(&["chain", "time", "+30d"]);
    moves(&node, "mira", &["collect"], |_| 0);
    moves(&node, "mira", &["claim"], |done| charge(&done["events"][0]["amount"]));
    let statement = node.json_of(&["statement"]);
    let kinds: Vec<&str> =
        statement["statement"].as_array().expect("lines").iter().filter_map(|line| line["what"].as_str()).collect();
    for kind in ["tip", "subscriptions", "token fees", "claimed"] {
        assert!(kinds.contains(&kind), "{statement:#}");
    }
}

/// Events of both kinds of chain must be equal, except for their times.
#[track_caller]
fn there_and_here(there: &Value, here: &Value) {
    let plain = |events: &Value| -> Vec<Value> {
        let mut events = events.as_array().cloned().expect("events");
        for event in events.iter_mut().filter_map(Value::as_object_mut) {
            event.retain(|name, _| !["since", "until", "ends", "time", "end"].contains(&name.as_str()));
        }
        events
    };
    assert_eq!(plain(there), plain(here));
}

#[test]
fn a_short_story_on_a_chain_with_64_bit_balances() {
    let node = Node::launched(Width::U64);
    let bought = moves(&node, "ana", &["buy", "25"], |done| -charge(&done["quote"]["price"]));
    // This chain has 9 decimals, as Bittensor.
    let price = charge(&bought["quote"]["price"]);
    assert!((13_000_000_000..15_000_000_000).contains(&price), "{price}");
    moves(&node, "ana", &["subscribe", "listener"], |done| -charge(&done["quote"]["paid_now"]));
    node.json_of(&["chain", "time", "+10d"]);
    moves(&node, "ana", &["cancel"], |done| charge(&done["events"][0]["refund"]));
    moves(&node, "ana", &["sell", "all"], |done| charge(&done["events"][0]["payout"]));
}
