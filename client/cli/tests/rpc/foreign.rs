//! Tokens of others that do not say how they are called, behind a node.

use crooked_token::{Answer, Crooked, Trick};
use ink::{
    codegen::TraitCallBuilder,
    contract_ref,
    env::{call::FromAccountId, DefaultEnvironment},
    scale::Encode,
};
use patronage_client::{
    bundle,
    chain::{Call, Chain, Messages, Signer, Target, Width},
    embedded::{address, development_key},
    rpc::RpcChain,
};

use super::node::{figure, Node};

type CrookedMessages = <contract_ref!(Crooked, DefaultEnvironment) as TraitCallBuilder>::Builder;

#[test]
fn a_token_that_gives_no_name_is_paid_and_claimed_in_smallest_units() {
    let node = Node::launched(Width::U128);
    let mut chain = RpcChain::connect(node.url()).expect("it answers");
    let mira = Signer::from(development_key("mira").expect("a name"));
    let code = bundle::code("crooked_token").expect("the bundles are built: scripts/build --all");
    let data = [ink::selector_bytes!("new").as_slice(), &1_000_000_u128.encode()].concat();
    let made = chain.submit(&mira, &Call { target: Target::New { code: &code, salt: b"" }, value: 0, data: &data });
    let token = made.expect("the chain takes it").contract.expect("a new contract");
    let shown = address(&token);
    for answer in [Answer::Traps, Answer::BurnsGas, Answer::Bytes(vec![0xff; 9])] {
        let mut messages: CrookedMessages = FromAccountId::<DefaultEnvironment>::from_account_id(token);
        let trick = Trick::Named { symbol: answer.clone(), decimals: answer.clone() };
        chain.send(&mira, 0, messages.play(trick)).expect("it answers");
        let tipped = node.tells(&["tip", "500", "--token", &shown, "--as", "mira"]);
        assert_eq!(tipped["quote"]["title"], format!("tip 500 smallest units of {shown}"), "{answer:?}");
        let held = node.tells(&["status", "--token", &shown])["report"]["in_tokens"][0].clone();
        assert_eq!(figure(&held["vault_holds"]), 500, "{answer:?}");
        for (name, share) in [("mira", 400), ("juno", 100)] {
            let claimed = node.tells(&["claim", "--token", &shown, "--as", name]);
            assert_eq!(figure(&claimed["events"][0]["amount"]), share, "{answer:?}");
        }
    }
}
