//! The command and the gateway on a node that delays, loses, repeats and falsifies answers. The chain is never paid twice, and nobody
//! without access gets a key.

use std::{
    process::{Command, Output, Stdio},
    time::{Duration, Instant},
};

use patronage_chain::Width;
use test_kit::{
    command::{argument, charge, text, Shell},
    gateway::{Gateway, SERVE},
    node::{on_node, Node},
    proxy::Proxy,
};

/// A unit in planck.
const UNIT: i128 = 1_000_000_000_000;

/// Longer than any timeout of a request to a node.
const MAX_TIME: Duration = Duration::from_secs(100);

/// The planck that ana has tipped by the chain's own state.
fn tipped(node: &Node) -> i128 {
    charge(&node.json_of(&["status", "ana"])["report"]["tipped"])
}

/// Runs `command` to its end, which must come in time and without a panic.
#[track_caller]
fn finish(mut command: Command, fault: &str) -> Output {
    let begun = Instant::now();
    let mut process = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the command starts");
    while process.try_wait().expect("it can be asked").is_none() {
        assert!(begun.elapsed() < MAX_TIME, "{fault}: it does not end");
        std::thread::sleep(Duration::from_millis(20));
    }
    let output = process.wait_with_output().expect("it ended");
    assert!(!text(&output.stderr).contains("panicked"), "{fault}: {}", text(&output.stderr));
    assert!(output.status.code().is_some_and(|code| code != 101), "{fault}: {:?}", output.status);
    output
}

/// A tip of 1 unit by ana through a proxy with this fault. Returns the JSON document.
#[track_caller]
fn tip(node: &Node, fault: &str, seed: u32) -> serde_json::Value {
    let proxy = Proxy::start(node.url(), fault, seed);
    let command = on_node(proxy.url(), &node.deployment(), &["tip", "1", "--as", "ana", "--yes", "--json"]);
    let output = finish(command, fault);
    let document: serde_json::Value = serde_json::from_slice(&output.stdout).expect("one JSON document");
    assert_eq!(document["ok"] == true, output.status.success(), "{fault}: {document:#}");
    document
}

/// Checks that the tip of [`tip`] was paid once if the command says so, at most once otherwise, and that its message says what to do.
#[track_caller]
fn assert_paid_at_most_once(node: &Node, before: i128, document: &serde_json::Value, fault: &str) {
    let paid = tipped(node) - before;
    match document["ok"] == true {
        true => assert_eq!(paid, UNIT, "{fault}: {document:#}"),
        false => {
            let message = document["error"]["message"].as_str().expect("words");
            assert!(paid == 0 || paid == UNIT, "{fault}: {paid} planck were paid: {message}");
            assert!(paid == 0 || message.contains("check `patronage status`"), "{fault}: paid, and it says: {message}");
        }
    }
}

#[test]
fn a_node_that_stumbles_is_paid_once_or_says_what_to_check() {
    let node = Node::launched(Width::U128);
    // Slow, overtaking and doubled answers are no errors.
    for fault in ["none", "delay", "reorder", "repeat"] {
        let before = tipped(&node);
        let document = tip(&node, fault, 1);
        assert_eq!(document["ok"], true, "{fault}: {document:#}");
        assert_eq!(tipped(&node) - before, UNIT, "{fault}");
    }
    let cuts = [1, 9, 37].map(|count| format!("cut={count}"));
    for fault in cuts.iter().map(String::as_str).chain(["cut-submission", "dropped", "stale-nonce", "repeat-answers"]) {
        let before = tipped(&node);
        let document = tip(&node, fault, 1);
        assert_paid_at_most_once(&node, before, &document, fault);
    }
}

#[test]
fn a_node_that_falsifies_answers_takes_no_more_than_was_confirmed() {
    let node = Node::launched(Width::U128);
    let mut failures = 0;
    for seed in 1..=2 {
        for fault in ["flip", "truncate"] {
            let before = tipped(&node);
            let document = tip(&node, fault, seed);
            assert_paid_at_most_once(&node, before, &document, fault);
            failures += u32::from(document["ok"] == false);
        }
    }
    assert!(failures > 0, "no fault was noticed");
}

#[test]
fn everybody_is_paid_once_over_a_connection_that_breaks() {
    let node = Node::launched(Width::U128);
    node.json_of(&["buy", "10", "--as", "ana"]);
    let file = node.file("thanks.csv", b"account,tokens\nben,1\ncleo,2\n");
    let send = ["send-many", "--file", &file, "--as", "ana", "--yes", "--json"];
    let mut done = false;
    for fault in ["cut-submission", "cut=25", "cut=40"] {
        let proxy = Proxy::start(node.url(), fault, 1);
        let output = finish(on_node(proxy.url(), &node.deployment(), &send), fault);
        done |= output.status.success();
    }
    if !done {
        node.json_of(&send[..5]);
    }
    for (name, tokens) in [("ben", 1_000_000_000_000), ("cleo", 2_000_000_000_000)] {
        assert_eq!(charge(&node.json_of(&["status", name])["report"]["tokens"]), tokens, "{name}");
    }
}

#[test]
fn an_index_over_a_bad_connection_has_what_one_over_a_good_one_has() {
    let node = Node::launched(Width::U128);
    node.json_of(&["buy", "10", "--as", "ana"]);
    node.json_of(&["subscribe", "Listener", "--as", "ana"]);
    node.json_of(&["tip", "2", "--memo", "once", "--as", "ben"]);
    let statement = |url: &str, index: &str, fault: &str| {
        let file = node.folder().join(index);
        let arguments = ["statement", "--index", &argument(&file), "--json"];
        let output = finish(on_node(url, &node.deployment(), &arguments), fault);
        let document: serde_json::Value = serde_json::from_slice(&output.stdout).expect("one JSON document");
        assert_eq!(document["ok"] == true, output.status.success(), "{fault}: {document:#}");
        document
    };
    let good = statement(node.url(), "good.sqlite", "none");
    assert_eq!(good["ok"], true, "{good:#}");
    let mut errors = 0;
    for fault in ["cut=3", "cut=12", "cut=30", "repeat", "reorder", "truncate", "cut=20"] {
        let proxy = Proxy::start(node.url(), fault, 1);
        let document = statement(proxy.url(), "bad.sqlite", fault);
        match document["ok"] == true {
            true => assert_eq!(document, good, "{fault}"),
            false => errors += 1,
        }
    }
    assert!(errors > 0, "no connection was bad");
    // What was stored before each interruption is kept, and nothing is there twice.
    assert_eq!(statement(node.url(), "bad.sqlite", "none"), good);
}

#[test]
fn a_gateway_on_a_bad_connection_gives_keys_to_those_with_access_only() {
    let node = Node::launched(Width::U128);
    let song = node.file("song", b"for members");
    node.json_of(&["publish", &song, "--rule", "level 1", "--as", "mira"]);
    node.json_of(&["subscribe", "Listener", "--as", "ana"]);
    for fault in ["reorder", "cut=60"] {
        let proxy = Proxy::start(node.url(), fault, 1);
        let log = node.folder().join("gateway.log");
        let gateway = Gateway::start(on_node(proxy.url(), &node.deployment(), &SERVE), log);
        let out = node.folder().join("out");
        let mut opened = 0;
        for fan in ["ana", "ben", "ana", "ben"] {
            std::fs::remove_file(&out).unwrap_or(());
            let arguments =
                ["unlock", "song", "--gateway", &gateway.url, "--out", &argument(&out), "--as", fan, "--json"];
            let output = finish(node.command(&arguments), fault);
            let document: serde_json::Value = serde_json::from_slice(&output.stdout).expect("one JSON document");
            match fan {
                "ben" => assert!(document["ok"] == false && !out.exists(), "{fault}: {document:#}"),
                _ => opened += u32::from(document["ok"] == true),
            }
        }
        assert!(opened > 0, "{fault}: nobody could open it");
    }
    // Without the proxies, the same people get the same answers.
    let gateway = node.gateway();
    assert_eq!(node.unlock(&gateway, "song", "ana"), b"for members");
}
