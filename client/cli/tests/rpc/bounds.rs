//! Amounts above 64 bits are refused on a chain with 64-bit balances.

use std::fs;

use patronage_chain::Width;
use test_kit::{
    command::{example, Shell},
    node::Node,
};

/// One planck more than the maximum of 64 bits, with 9 decimals.
const TOO_MUCH: &str = "18446744073.709551616";
/// The maximum, as it is shown.
const MOST: &str = "18,446,744,073.709551615 UNIT";

#[test]
fn no_amount_beyond_64_bits_is_signed_on_a_chain_that_has_64() {
    let node = Node::launched(Width::U64);
    node.json_of(&["buy", "2", "--as", "ana"]);
    let (folder, launch) = (node.folder(), fs::read_to_string(example()).expect("it is an example"));
    let path = |name: &str| folder.join(name).to_str().expect("its path is text").to_owned();
    let (file, song) = (path("dear.toml"), path("song"));
    fs::write(&file, launch.replacen("price = 5", &format!("price = \"{TOO_MUCH}\""), 1)).expect("it can be written");
    fs::write(&song, b"la").expect("it can be written");
    let height = || node.json_of(&["chain", "time"])["report"]["time"].clone();
    let before = height();
    let tier = ["tiers", "add", "Whale", "--price", TOO_MUCH, "--period", "30d", "--level", "3", "--as", "mira"];
    for (arguments, place) in [
        (&["launch", &file, "--salt", "dear"][..], "tier \"Listener\": price"),
        (&tier, "--price"),
        (&["tiers", "change", "Listener", "--price", TOO_MUCH, "--as", "mira"], "price"),
        (&["publish", &song, "--price", TOO_MUCH, "--as", "mira"], "--price"),
        (&["publish", &song, "--rule", &format!("tipped {TOO_MUCH}"), "--as", "mira"], "tipped"),
        (&["content", "change", "0", "--price", TOO_MUCH, "--as", "mira"], "--price"),
        (&["tip", TOO_MUCH, "--as", "ana"], "AMOUNT"),
        (&["buy", "--spend", TOO_MUCH, "--as", "ana"], "--spend"),
        (&["buy", "1", "--max-price", TOO_MUCH, "--as", "ana"], "--max-price"),
        (&["sell", "1", "--min-payout", TOO_MUCH, "--as", "ana"], "--min-payout"),
        (&["subscribe", "0", "--pay", TOO_MUCH, "--as", "ana"], "--pay"),
        (&["subscribe", "0", "--max-price", TOO_MUCH, "--as", "ana"], "--max-price"),
        (&["chain", "fund", "ana", TOO_MUCH], "AMOUNT"),
    ] {
        let error = node.error_of(arguments);
        let words = error["message"].as_str().expect("words");
        assert!(words.contains(place) && words.contains(TOO_MUCH) && words.contains(MOST), "{arguments:?}: {words}");
    }
    assert_eq!(height(), before, "nothing was sent, so there is no new block");
}
