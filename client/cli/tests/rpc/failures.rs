use std::net::TcpListener;

use patronage::{contracts, deployment::Deployment, messages};
use patronage_chain::{accounts::development_key, Call, Chain, ChainError, DevChain, Messages, Signer, Target, Width};
use patronage_interfaces::token::{Bought, CreatorToken};
use patronage_rpc::RpcChain;
use psp22::{Transfer, PSP22};
use test_kit::{
    command::{charge, Shell},
    field_topic,
    node::Node,
};

#[test]
fn concurrent_commands_of_one_account_succeed_or_say_who_was_first() {
    let node = Node::launched(Width::U128);
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
    let tipped = node.json_of(&["status", "ana"])["report"]["tipped"].clone();
    assert_eq!(charge(&tipped), done * 1_000_000_000_000);
}

#[test]
fn a_node_that_is_away_or_foreign_is_named() {
    let error = RpcChain::connect("ws://127.0.0.1:9").err().expect("nobody listens there");
    assert!(messages::chain(&error).contains("no node answers at ws://127.0.0.1:9"));
    // It accepts connections, and does not respond.
    let silent = TcpListener::bind("127.0.0.1:0").expect("a port is free");
    let url = format!("ws://{}", silent.local_addr().expect("it has an address"));
    let error = RpcChain::connect(&url).err().expect("nobody speaks there");
    assert!(messages::chain(&error).contains("timeout after 10 s"), "{error}");
    let error = RpcChain::connect("ws://node.example").err().expect("it is not encrypted");
    assert!(messages::chain(&error).contains("wss://"));
}

fn signer(name: &str) -> Signer {
    Signer::from(development_key(name).expect("a name"))
}

fn words(error: ChainError) -> String {
    messages::chain(&error)
}

#[test]
fn what_fails_is_said_in_words_and_costs_nothing_that_was_not_said() {
    let node = Node::launched(Width::U128);
    let mut chain = RpcChain::connect(node.url()).expect("the node runs");
    let deployment = Deployment::read(&node.deployment(), &chain.properties().genesis).expect("it was written");
    let token = deployment.contracts.token;
    let alice = signer("alice");

    // A contract's own error, with its name and a message, without a transaction.
    let before = chain.balance_of(&alice.account()).expect("it answers");
    let error = node.error_of(&["cancel", "--as", "alice"]);
    assert_eq!(error["kind"], "refused", "{error:#}");
    assert_eq!(error["name"], "NotSubscribed", "{error:#}");
    assert_eq!(chain.balance_of(&alice.account()).expect("it answers"), before);

    // An account without funds.
    let pauper = signer("pauper");
    let message = || contracts::sale(token).buy(pauper.account(), 0, None);
    let error = chain.send(&pauper, 1_000_000_000_000, message()).expect_err("there is no money");
    let said = words(error);
    assert!(said.contains("the account has 0 UNIT") && said.contains("1.001 UNIT more first"), "{said}");
    // Enough to exist, but not for the fee.
    let least = chain.properties().existential_deposit;
    chain.fund(&pauper.account(), least).expect("alice gives it");
    let nothing = contracts::psp22(token).transfer(pauper.account(), 0, Vec::new());
    let error = chain.send(&pauper, 0, nothing).expect_err("nobody pays the fee");
    let said = words(error);
    assert!(said.contains("this needs 0.00") && said.contains("the account has 0.001 UNIT"), "{said}");

    // An account without a contract.
    let nowhere = Call { target: Target::Contract([9; 32].into()), value: 0, data: &[0; 4] };
    let error = chain.submit(&alice, &nowhere).expect_err("there is no contract");
    assert!(words(error).contains("no contract at that address"));

    // Events have their topics, such as the recipient of a transfer. The sum of all changes of balances is checked.
    let before = chain.balance_of(&alice.account()).expect("it answers");
    let bought = chain
        .send(&alice, 1_000_000_000_000, contracts::sale(token).buy(alice.account(), 0, None))
        .expect("alice has money");
    bought.value.expect("the sale is open");
    let event = bought.events.iter().find(|event| event.decode::<Bought>().is_some()).expect("it is told");
    assert_eq!(event.contract, token);
    assert_eq!(event.topics.len(), 1, "{event:?}");
    let event: Bought = event.decode().expect("it decoded before");
    let transfer = bought.events.iter().find(|event| event.decode::<Transfer>().is_some()).expect("it is told");
    assert_eq!(transfer.topics[2], field_topic(&alice.account()));
    let after = chain.balance_of(&alice.account()).expect("it answers");
    let costs = i128::try_from(event.paid + bought.fee).expect("small") + bought.deposit;
    assert_eq!(i128::try_from(before - after).expect("small"), costs);
    assert!(bought.fee > 0 && bought.deposit > 0);
}
