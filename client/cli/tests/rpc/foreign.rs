//! Foreign tokens without metadata, behind a node.

use crooked_token::{Answer, Trick};
use patronage_chain::{
    accounts::{address, development_key},
    Signer, Width,
};
use patronage_rpc::RpcChain;
use test_kit::{
    command::{charge, Shell},
    node::Node,
    tokens::{deployed, play},
};

#[test]
fn a_token_that_gives_no_name_is_paid_and_claimed_in_smallest_units() {
    let node = Node::launched(Width::U128);
    let mut chain = RpcChain::connect(node.url()).expect("it answers");
    let mira = Signer::from(development_key("mira").expect("a name"));
    let token = deployed(&mut chain, &mira, "crooked_token", &1_000_000_u128);
    let shown = address(&token);
    for answer in [Answer::Traps, Answer::BurnsGas, Answer::Bytes(vec![0xff; 9])] {
        let trick = Trick::Named { symbol: answer.clone(), decimals: answer.clone() };
        play(&mut chain, &mira, token, trick);
        let tipped = node.json_of(&["tip", "950", "--token", &shown, "--as", "mira"]);
        assert_eq!(tipped["quote"]["title"], format!("tip 950 smallest units of {shown}"), "{answer:?}");
        let held = node.json_of(&["status", "--token", &shown])["report"]["in_tokens"][0].clone();
        assert_eq!(charge(&held["vault_holds"]), 950, "{answer:?}");
        // Nobody stakes: the stakers' 5 % are shared by the recipients.
        for (name, share) in [("mira", 750), ("juno", 200)] {
            let claimed = node.json_of(&["claim", "--token", &shown, "--as", name]);
            assert_eq!(charge(&claimed["events"][0]["amount"]), share, "{answer:?}");
        }
    }
}
