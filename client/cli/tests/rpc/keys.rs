use patronage_chain::Width;
use test_kit::{
    command::{charge, Shell},
    node::Node,
};

/// The account of the vector with an ed25519 key.
const WITH_ED25519: &str = "5CNf3MEtw22A8V1b5jgSc4vaGjEaro4mmrLugBKYNN2xNpHN";

/// Tips of `who` in planck.
fn tipped(node: &Node, who: &str) -> i128 {
    charge(&node.json_of(&["status", who])["report"]["tipped"])
}

#[test]
fn exports_of_wallets_sign_transactions_with_either_kind_of_key() {
    let node = Node::launched(Width::U128);
    node.json_of(&["chain", "fund", WITH_ED25519, "100"]);
    let sr25519 = node.secret("ana.json", include_bytes!("../../../chain/tests/vectors/ana-sr25519.json"));
    let ed25519 = node.secret("fan.json", include_bytes!("../../../chain/tests/vectors/ana-ed25519.json"));
    let password = node.secret("password", "correct hörse\n".as_bytes());
    node.json_of(&["tip", "1", "--key", &sr25519, "--password-file", &password]);
    node.json_of(&["tip", "2", "--key", &ed25519, "--password-file", &password]);
    assert_eq!(tipped(&node, "ana"), 1_000_000_000_000);
    assert_eq!(tipped(&node, WITH_ED25519), 2_000_000_000_000);

    let mut command = node.command(&["tip", "1", "--yes", "--key", &ed25519]);
    let output = command.env("PATRONAGE_PASSWORD", "hunter2").output().expect("the command starts");
    let words = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success() && words.contains("does not open with this password"), "{words}");
    assert!(!words.contains("hunter2"), "{words}");
    assert_eq!(tipped(&node, WITH_ED25519), 2_000_000_000_000);
}
