//! Fields of launch files that the example does not use.

use serde_json::Value;
use test_kit::{
    command::{amount, argument, charge, example, ChainFolder, Shell},
    UNIT,
};

/// The example with `from` replaced by `to`.
fn example_with(from: &str, to: &str) -> String {
    let text = std::fs::read_to_string(example()).expect("it is part of the project");
    assert!(text.contains(from), "the example has no {from}");
    text.replace(from, to)
}

#[test]
fn everything_that_a_launch_file_can_say_is_shown_and_done() {
    let home = ChainFolder::new();
    let file = home.file("all.toml", example_with("#: ", "").as_bytes());
    let shown = home.json_of(&["launch", &file, "--dry-run"])["quote"].clone();
    assert_eq!(shown["referral_share"], 1_000);
    assert_eq!(amount(&shown["limit_per_account"]), 500 * UNIT);
    assert_eq!(shown["limit_until"], 1_767_463_200_000_u64);
    assert_eq!(amount(&shown["tiers"][2]["price"]), 20 * UNIT);
    let diary = &shown["content"][0];
    assert_eq!(diary["opens_to"], "level 1 | holds 20 MIRA");
    assert_eq!(amount(&diary["price"]), 3 * UNIT);
    assert_eq!(diary["release"], 1_769_904_000_000_u64);
    let words = home.output_of(&["launch", &file, "--dry-run"]);
    assert!(words.contains("Insider: level 2, price 20 MIRA, period 30 d"), "{words}");
    assert!(
        words.contains("Studio diary: opens to level 1 | holds 20 MIRA, price 3 UNIT, release 2026-02-01"),
        "{words}"
    );

    home.json_of(&["launch", &file]);
    let status = home.json_of(&["status"])["report"].clone();
    for (name, shown_as) in [
        ("referral_share", "referral_share"),
        ("launch_limit_per_account", "limit_per_account"),
        ("launch_limit_until", "limit_until"),
    ] {
        assert_eq!(status[name], shown[shown_as], "{name}");
    }
    assert_eq!(home.error_of(&["buy", "501", "--as", "ana"])["name"], "LaunchLimit");
    home.json_of(&["buy", "500", "--referrer", "ben", "--as", "ana"]);
    let fees = amount(&home.json_of(&["fees"])["report"]["waiting"]);
    let referred = amount(&home.json_of(&["status", "ben"])["report"]["token_fees_to_claim"]);
    assert!(referred > 0 && referred.abs_diff(fees / 9) <= 1, "{referred} of {fees} and itself");
    home.output_of(&["chain", "time", "+3d"]);
    home.json_of(&["buy", "1", "--as", "ana"]);
    assert_eq!(home.json_of(&["status"])["report"]["launch_limit_until"], Value::Null);
    // The deposit of the guard's record is returned.
    let withdrawn = home.json_of(&["withdraw", "--as", "ana"]);
    let deposit = amount(&withdrawn["quote"]["deposit_of_the_launch_guard"]);
    assert!(deposit > 0);
    assert_eq!(charge(&withdrawn["cost"]["storage_deposit"]), -i128::try_from(deposit).expect("a small number"));
    home.error_of(&["withdraw", "--as", "ana"]);

    home.json_of(&["subscribe", "Insider", "--as", "ana"]);
    home.json_of(&["purchase", "Studio diary", "--as", "cleo"]);
    let opens = || home.json_of(&["check", "Studio diary", "--as", "cleo"])["report"]["access"].clone();
    assert_eq!(opens(), false);
    home.output_of(&["chain", "time", "+30d"]);
    assert_eq!(opens(), true);
}

#[test]
fn a_launch_can_build_on_another_creators_token() {
    let home = ChainFolder::launched();
    let token = home.json_of(&["status"])["report"]["token"].as_str().expect("an address").to_owned();
    let text = example_with("\"mira\"", "\"juno\"").replacen(
        "account = \"juno\"\nshare = \"20%\"",
        "account = \"mira\"\nshare = \"20%\"",
        1,
    );
    let text = text.replacen("\"holds 20\"", &format!("\"holds 20 of {token}\""), 1);
    let text = text.replacen("price = 5\n", &format!("price = 5\ntoken = \"{token}\"\n"), 1);
    let file = home.file("juno.toml", text.as_bytes());
    let contracts = home.path("juno.json");
    let juno = ["--deployment", &argument(&contracts)];
    let shown = home.output_of(&[&["launch", &file, "--dry-run"], &juno[..]].concat());
    assert!(shown.contains(&format!("Listener: level 1, price 5 MIRA of {token}, period 30 d")), "{shown}");
    home.json_of(&[&["launch", &file], &juno[..]].concat());

    home.json_of(&["buy", "25", "--as", "ana"]);
    let opens = |name: &str| {
        home.json_of(&[&["check", "Studio diary", "--as", name], &juno[..]].concat())["report"]["access"].clone()
    };
    assert_eq!(opens("ana"), true);
    assert_eq!(opens("ben"), false);
    home.json_of(&[&["subscribe", "Listener", "--as", "ana"], &juno[..]].concat());
    assert_eq!(amount(&home.json_of(&["status", "ana"])["report"]["tokens"]), 20 * UNIT);

    // The same file on a chain without that token.
    let elsewhere = ChainFolder::new();
    elsewhere.output_of(&["chain", "time"]);
    let error = elsewhere.error_of(&["launch", &file]);
    let words = error["message"].as_str().expect("words");
    assert!(words.contains("tier \"Listener\": token: there is no PSP22 token"), "{words}");
}
