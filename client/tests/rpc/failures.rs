use patronage_client::{chain::Width, explain, rpc::RpcChain};

use super::node::Node;

#[test]
fn of_commands_at_once_by_one_account_each_is_done_or_says_that_another_came_first() {
    let node = Node::launched(Width::U128, &["ana"]);
    let tips: Vec<_> = (0..3)
        .map(|_| {
            let mut tip = node.command(&["tip", "1", "--as", "ana", "--yes", "--json"]);
            tip.stdout(std::process::Stdio::piped()).spawn().expect("the command starts")
        })
        .collect();
    let mut done = 0;
    for tip in tips {
        let output = tip.wait_with_output().expect("it ends");
        let told: serde_json::Value = serde_json::from_slice(&output.stdout).expect("one JSON document");
        match output.status.success() {
            true => done += 1,
            false => assert!(told["error"]["message"].as_str().expect("words").contains("transaction"), "{told:#}"),
        }
    }
    assert!(done > 0);
    let tipped = node.tells(&["status", "ana"])["report"]["tipped"].clone();
    assert_eq!(super::node::figure(&tipped), done * 1_000_000_000_000);
}

#[test]
fn a_node_that_is_away_or_foreign_is_named() {
    let error = RpcChain::connect("ws://127.0.0.1:9").err().expect("nobody listens there");
    assert!(explain::chain(&error).contains("no node answers at ws://127.0.0.1:9"));
    let error = RpcChain::connect("ws://node.example").err().expect("it is not encrypted");
    assert!(explain::chain(&error).contains("wss://"));
}
