//! Recipients: the creator's own contracts, the zero address and the sender itself are refused with a message that says what to do
//! instead. Other contracts get a warning.

use patronage_chain::accounts::{address, named_account};
use patronage_interfaces::AccountId;
use serde_json::Value;
use test_kit::command::{example, ChainFolder, Shell};

/// Addresses of the contracts: token, vault, registry.
fn contracts(home: &ChainFolder) -> [String; 3] {
    let report = home.json_of(&["status"])["report"].clone();
    ["token", "vault", "registry"].map(|name| report[name].as_str().expect("an address").to_owned())
}

#[track_caller]
fn words(error: &Value) -> &str {
    error["message"].as_str().expect("words")
}

/// Commands with an account in place of `{}`. For token, vault and registry: a part of the message, or `None` if the command works.
const COMMANDS: &[(&[&str], [Option<&str>; 3])] = &[
    (
        &["send", "1", "{}", "--as", "ana"],
        [Some("`patronage sell`"), Some("`patronage stake`"), Some("an account that someone has the key of")],
    ),
    (
        &["send", "1", "{}", "--from", "ana", "--as", "cleo"],
        [Some("`patronage burn`"), Some("`patronage tip --in-tokens`"), Some("are lost")],
    ),
    (
        &["send-many", "ben=1", "{}=1", "--as", "ana"],
        [Some("`patronage sell`"), Some("`patronage stake`"), Some("are lost")],
    ),
    (
        &["buy", "1", "--for", "{}", "--as", "ana"],
        [Some("`patronage sell`"), Some("`patronage stake`"), Some("are lost")],
    ),
    (&["buy", "1", "--referrer", "{}", "--as", "ana"], [Some("leave the referrer out"), None, Some("can't claim")]),
    (
        &["vesting", "grant", "{}", "1", "--end", "9d", "--as", "ana"],
        [Some("`patronage sell`"), Some("`patronage stake`"), Some("are lost")],
    ),
    (
        &["allowance", "approve", "{}", "1", "--as", "ana"],
        [Some("never transfers tokens"), None, Some("never transfers tokens")],
    ),
    (
        &["allowance", "increase", "{}", "1", "--as", "ana"],
        [Some("never transfers tokens"), None, Some("never transfers tokens")],
    ),
    (
        &["splits", "set", "mira=50%", "{}=50%", "--as", "mira"],
        [Some("can't claim"), Some("to the other recipients"), Some("can't claim")],
    ),
    (
        &["fees", "recipient", "{}", "--as", "mira"],
        [Some("`patronage fees recipient --vault`"), None, Some("can't claim")],
    ),
    (
        &["subscribe", "Listener", "--for", "{}", "--as", "ana"],
        [Some("name the fan's account"), Some("can neither open content nor cancel"), Some("name the fan's account")],
    ),
    (
        &["members", "grant", "{}", "Listener", "9d", "--as", "mira"],
        [Some("name the fan's account"), Some("can neither open content nor cancel"), Some("name the fan's account")],
    ),
    (
        &["purchase", "song", "--for", "{}", "--as", "ana"],
        [Some("can't open content"), Some("can't open content"), Some("can't open content")],
    ),
    (&["owner", "propose", "{}", "--as", "mira"], [Some("can't accept"), Some("can't accept"), Some("can't accept")]),
    (&["managers", "add", "{}", "--as", "mira"], [Some("can't publish"), Some("can't publish"), Some("can't publish")]),
    (&["tip", "1", "--as", "{}"], [Some("can't sign"), Some("can't sign"), Some("can't sign")]),
];

/// `command` with `account` in its place.
fn naming<'a>(command: &[&'a str], account: &'a str, kept: &'a mut Vec<String>) -> Vec<&'a str> {
    kept.extend(command.iter().map(|word| word.replace("{}", account)));
    kept.iter().map(String::as_str).collect()
}

fn prepared() -> ChainFolder {
    let home = ChainFolder::launched();
    home.json_of(&["buy", "10", "--as", "ana"]);
    home.json_of(&["allowance", "approve", "cleo", "5", "--as", "ana"]);
    let song = home.file("song", b"words");
    home.json_of(&["publish", &song, "--price", "3", "--as", "mira"]);
    home
}

#[test]
fn nothing_is_given_to_the_creators_own_contracts() {
    let home = prepared();
    let contracts = contracts(&home);
    for (command, answers) in COMMANDS {
        for ((contract, answer), name) in contracts.iter().zip(answers).zip(["token", "vault", "registry"]) {
            let mut kept = Vec::new();
            let arguments = naming(command, contract, &mut kept);
            match answer {
                None => {
                    home.json_of(&[&arguments[..], &["--dry-run"]].concat());
                }
                Some(instead) => {
                    let error = home.error_of(&arguments);
                    let begins = format!("{contract} is the creator's {name}, a contract, ");
                    assert!(words(&error).contains(&begins), "{arguments:?}: {error}");
                    assert!(words(&error).contains(instead), "{arguments:?}: {error}");
                }
            }
        }
    }
}

#[test]
fn nothing_is_given_to_the_address_of_zeros() {
    let home = prepared();
    let zeros = address(&AccountId::from([0; 32]));
    for (command, _) in COMMANDS {
        let mut kept = Vec::new();
        let arguments = naming(command, &zeros, &mut kept);
        assert!(words(&home.error_of(&arguments)).contains("is the zero address"), "{arguments:?}");
    }
}

#[test]
fn nobody_gives_to_oneself_what_is_ones_own() {
    let home = prepared();
    for (arguments, reason) in [
        (&["send", "1", "ana", "--as", "ana"][..], "has these tokens already"),
        (&["send", "1", "ana", "--from", "ana", "--as", "cleo"], "has these tokens already"),
        (&["allowance", "approve", "ana", "1", "--as", "ana"], "needs no allowance for its own tokens"),
        (&["owner", "propose", "mira", "--as", "mira"], "owns the token already"),
    ] {
        assert!(words(&home.error_of(arguments)).contains(reason), "{arguments:?}");
    }
    home.json_of(&["vesting", "grant", "ana", "1", "--end", "9d", "--as", "ana"]);
}

#[test]
fn a_contract_of_others_is_warned_of_and_an_account_is_not() {
    let home = prepared();
    let contract = address(&home.token_of_others("foreign_token"));
    for (command, _) in COMMANDS.iter().filter(|(command, _)| !["tip", "send-many"].contains(&command[0])) {
        for (account, warned) in [(contract.as_str(), true), ("dana", false)] {
            let mut kept = Vec::new();
            let arguments = naming(command, account, &mut kept);
            let quote = home.json_of(&[&arguments[..], &["--dry-run"]].concat())["quote"].clone();
            let warning = quote["warning"].as_str().unwrap_or_default();
            assert_eq!(warning.contains(&format!("{contract} is a contract")), warned, "{arguments:?}: {quote}");
        }
    }
}

#[test]
fn no_share_of_a_launch_goes_to_what_it_makes() {
    let home = ChainFolder::new();
    let text = std::fs::read_to_string(example()).expect("it is there");
    // The token's address follows from its own terms, and does not depend on the splits.
    let file = home.file("launch.toml", text.as_bytes());
    let shown = home.json_of(&["launch", &file, "--dry-run"])["quote"]["contracts"].clone();
    let zeros = address(&AccountId::from([0; 32]));
    for (account, reason) in [
        (shown[0]["address"].as_str().expect("an address"), "is the creator's token, a contract, which can't claim"),
        (&zeros, "is the zero address"),
    ] {
        let text = text.replace("account = \"juno\"", &format!("account = \"{account}\""));
        let error = home.error_of(&["launch", &home.file("launch.toml", text.as_bytes())]);
        assert!(words(&error).contains("splits: ") && words(&error).contains(reason), "{error}");
    }
    assert!(named_account("juno", true).is_ok());
}

#[test]
fn what_was_allowed_to_a_contract_can_be_taken_back() {
    let home = prepared();
    let [token, vault, _] = contracts(&home);
    home.json_of(&["allowance", "approve", &vault, "5", "--as", "ana"]);
    home.json_of(&["allowance", "decrease", &vault, "2", "--as", "ana"]);
    home.json_of(&["allowance", "approve", &token, "0", "--as", "ana"]);
}
