//! Foreign tokens without metadata, or without any answer: everything that is not paid in them still works, and
//! amounts in them are shown in smallest units with the token's address.

use crooked_token::{Answer, Trick};
use ink::scale::Encode;
use patronage::contracts;
use patronage_chain::{
    accounts::{account, address, parse_address},
    Messages, Signer,
};
use patronage_interfaces::{
    vault::{Asset, PatronageVault, TierTerms},
    AccountId,
};
use test_kit::command::{amount, argument, example, text, ChainFolder, Shell};

/// The message of a refused command.
#[track_caller]
fn why_not(home: &ChainFolder, arguments: &[&str]) -> String {
    home.error_of(arguments)["message"].as_str().expect("words").to_owned()
}

fn who(name: &str) -> Signer {
    Signer::from(account(name).expect("a name"))
}

/// The encoded answer of a message that returns `T`.
fn answers<T: Encode>(value: T) -> Answer {
    Answer::Bytes(Ok::<T, ()>(value).encode())
}

fn symbol(text: &str) -> Answer {
    answers(Some(text.to_owned()))
}

/// Answers of a token to queries for symbol and decimals, and the unit of amounts before "of" and
/// its address. `None` is the token without these messages.
fn kinds() -> Vec<(&'static str, Option<Trick>, &'static str)> {
    let named = |symbol, decimals| Some(Trick::Named { symbol, decimals });
    let same = |answer: Answer| named(answer.clone(), answer);
    vec![
        ("no metadata", None, "smallest units"),
        ("traps", same(Answer::Traps), "smallest units"),
        ("burns all gas", same(Answer::BurnsGas), "smallest units"),
        ("reverts", same(Answer::Reverts(vec![1])), "smallest units"),
        ("answers nothing", same(Answer::Bytes(Vec::new())), "smallest units"),
        ("answers nonsense", same(Answer::Bytes(vec![0xff; 99])), "smallest units"),
        ("decimals that are none", named(symbol("OK"), answers(255_u8)), "smallest units"),
        ("no symbol", named(answers(None::<String>), answers(0_u8)), "tokens"),
        ("an empty symbol", named(symbol(""), answers(0_u8)), "tokens"),
        ("a huge symbol", named(symbol(&"M".repeat(10_000)), answers(0_u8)), "tokens"),
        ("a symbol that burns all gas", named(Answer::BurnsGas, answers(0_u8)), "tokens"),
        ("a symbol that steers the terminal", named(symbol("\u{1b}[2J"), answers(0_u8)), "tokens"),
        ("the chain's symbol", named(symbol("UNIT"), answers(0_u8)), "UNIT"),
        ("the creator's symbol", named(symbol("MIRA"), answers(0_u8)), "MIRA"),
    ]
}

/// A chain with a foreign token that plays `trick`, and the token's address.
fn with_token(trick: Option<Trick>) -> (ChainFolder, String) {
    let home = ChainFolder::launched();
    let token = home.token_of_others(if trick.is_some() { "crooked_token" } else { "foreign_token" });
    trick.into_iter().for_each(|trick| home.plays(token, trick));
    (home, address(&token))
}

#[test]
fn whatever_a_token_says_of_itself_it_is_told_with_its_address() {
    for (kind, trick, unit) in kinds() {
        let (home, token) = with_token(trick);
        let of = |amount: &str| format!("{amount} {unit} of {token}");
        let told = |arguments: &[&str], amount: &str| {
            let said = home.text_of(arguments);
            assert!(said.contains(&of(amount)), "{kind}: {arguments:?} does not tell {}: {said}", of(amount));
        };
        told(&["tip", "500", "--token", &token, "--as", "ana"], "500");
        let tier = ["--price", "100", "--period", "30d", "--level", "2", "--token", &token, "--as", "mira"];
        told(&[&["tiers", "add", "Guest"], &tier[..]].concat(), "100");
        told(&["status"], "100");
        // Juno receives 20 of 95 parts while nobody is staked.
        told(&["claim", "--token", &token, "--as", "juno"], "105");
        let exported = home.output_of(&["statement", "--csv"]);
        assert!(exported.contains(&format!(",500,{unit} of {token},")), "{kind}: {exported}");
    }
}

#[test]
fn everything_goes_on_with_a_token_that_has_no_metadata() {
    goes_on("no metadata");
}

#[test]
fn everything_goes_on_with_a_token_that_traps() {
    goes_on("traps");
}

#[test]
fn everything_goes_on_with_a_token_that_passes_for_the_chains_own() {
    goes_on("the chain's symbol");
}

/// All commands work, with a token of this `kind` and with other assets.
#[track_caller]
fn goes_on(kind: &str) {
    let (_, trick, unit) = kinds().into_iter().find(|(name, ..)| *name == kind).expect("a kind");
    let (home, token) = with_token(trick);
    let of = |amount: &str| format!("{amount} {unit} of {token}");
    let told = |arguments: &[&str], amount: &str| {
        let said = home.text_of(arguments);
        assert!(said.contains(&of(amount)), "{kind}: {arguments:?} does not tell {}: {said}", of(amount));
    };
    let error = why_not(&home, &["tip", "0.5", "--token", &token, "--as", "ana"]);
    assert!(error.contains(&format!("write a whole number of {unit} of {token}")), "{kind}: {error}");

    told(&["tip", "500", "--token", &token, "--as", "ana"], "500");
    let tier = ["--price", "100", "--period", "30d", "--level", "2", "--token", &token, "--as", "mira"];
    told(&[&["tiers", "add", "Guest"], &tier[..]].concat(), "100");
    told(&["tiers", "change", "Guest", "--price", "200", "--as", "mira"], "200");
    told(&["tiers", "change", "Guest", "--price", "100", "--as", "mira"], "100");
    told(&["tiers"], "100");
    told(&["status", "--token", &token], "500");
    told(&["status", "ana", "--token", &token], "500");

    told(&["subscribe", "Guest", "--as", "ana"], "100");
    told(&["status", "ana"], "100");
    told(&["top-up", "--periods", "2", "--as", "ana"], "200");
    told(&["switch", "Guest", "--pay", "7", "--as", "ana"], "7");
    home.text_of(&["members", "grant", "cleo", "Guest", "30d", "--as", "mira"]);
    home.output_of(&["chain", "time", "+30d"]);
    told(&["collect", "--as", "mira"], "101");
    home.text_of(&["cancel", "--as", "ana"]);
    told(&["subscribe", "Guest", "--as", "ben"], "100");
    told(&["members", "end", "ben", "--as", "mira"], "99");
    told(&["withdraw", "--as", "ben"], "99");
    home.output_of(&["chain", "time", "+1d"]);

    home.text_of(&["tip", "3", "--as", "ben"]);
    let claimed = home.text_of(&["claim", "--as", "mira"]);
    assert!(claimed.contains("2.368421052631 UNIT") && claimed.contains(&token), "{kind}: {claimed}");
    let claimed = home.json_of(&["claim", "--token", &token, "--as", "juno"]);
    assert!(amount(&claimed["quote"]["waiting"][1]["amount"]) >= 100, "{kind}: {claimed}");
    let exported = home.output_of(&["statement", "--csv"]);
    assert!(exported.contains(&format!(",500,{unit} of {token},")), "{kind}: {exported}");

    let song = home.file("song", b"words");
    home.text_of(&["publish", &song, "--rule", &format!("holds 2000000 of {token}"), "--as", "mira"]);
    told(&["check", "song", "--as", "cleo"], "2,000,000");
    home.text_of(&["check", "--as", "cleo"]);
    let why = home.denial_of(&home.gateway(), "song", "cleo");
    assert!(why.contains(&format!("{} more", of("2,000,000"))), "{kind}: {why}");
    assert!(home.output_of(&["content"]).contains(&token), "{kind}");

    let file = std::fs::read_to_string(example()).expect("it is there");
    let file = file.replacen("price = 5\n", &format!("price = 5\ntoken = \"{token}\"\n"), 1);
    let file = home.file("launch.toml", file.as_bytes());
    let other = home.path("other.json");
    let other = ["--salt", "2", "--dry-run", "--deployment", &argument(&other)];
    told(&[&["launch", &file], &other[..]].concat(), "5");
}

#[test]
fn a_token_that_stops_answering_keeps_only_what_is_in_it() {
    let kinds = [
        ("traps", Trick::Silent(Answer::Traps)),
        ("burns all gas", Trick::Silent(Answer::BurnsGas)),
        ("answers nonsense", Trick::Silent(Answer::Bytes(vec![0xff]))),
        ("traps when it moves", Trick::Traps),
        ("refuses to move", Trick::Refuses),
    ];
    for (kind, trick) in kinds {
        let home = ChainFolder::launched();
        let token = home.token_of_others("crooked_token");
        let shown = address(&token);
        let tier = ["--price", "0.0001", "--period", "30d", "--level", "2", "--token", &shown, "--as", "mira"];
        home.text_of(&[&["tiers", "add", "Guest"], &tier[..]].concat());
        home.text_of(&["subscribe", "Guest", "--periods", "2", "--as", "ana"]);
        home.text_of(&["tip", "0.0005", "--token", &shown, "--as", "ben"]);
        home.text_of(&["tip", "5", "--as", "ben"]);
        home.output_of(&["chain", "time", "+31d"]);
        let silent = matches!(trick, Trick::Silent(_));
        home.plays(token, trick);

        let status = home.text_of(&["status"]);
        assert!(status.contains(&shown), "{kind}: {status}");
        assert_eq!(status.contains("unknown: the token returns no answer"), silent, "{kind}: {status}");
        assert!(home.text_of(&["tiers"]).contains(&shown));
        home.text_of(&["status", "ana", "--token", &shown]);
        home.text_of(&["collect", "--as", "mira"]);
        let claimed = home.text_of(&["claim", "--token", &shown, "--as", "mira"]);
        assert!(claimed.contains("amount     3.947368421052 UNIT"), "{kind}: {claimed}");
        home.text_of(&["cancel", "--as", "ana"]);
        if !silent {
            assert!(
                claimed.contains("left out:") && claimed.contains("because the token transfer failed"),
                "{kind}: {claimed}"
            );
            for takes in [&["claim", "--token", &shown, "--as", "mira"][..], &["withdraw", "--as", "ana"]] {
                let error = why_not(&home, takes);
                assert!(error.contains("in tokens that refuse the transfer now"), "{kind}: {error}");
            }
        }
        for pays in [&["tip", "0.0001", "--token", &shown][..], &["subscribe", "Guest"]] {
            // The approval succeeds and the payment fails: the allowance is restored.
            let output = home.run(&[pays, &["--as", "ben", "--yes"]].concat());
            let error = text(&output.stderr);
            assert!(!output.status.success(), "{kind}: {pays:?} was done");
            let reason = match (silent, pays[0]) {
                (true, "tip") => "there is no PSP22 token",
                (true, _) => "does not return balances",
                (false, _) => "the token transfer failed",
            };
            assert!(error.contains(reason), "{kind}: {error}");
        }
        home.text_of(&["subscribe", "Listener", "--as", "ben"]);
        home.text_of(&["cancel", "--as", "ben"]);
        assert!(home.output_of(&["statement", "--csv"]).contains(&shown), "{kind}");
    }
}

#[test]
fn a_token_that_is_gone_stops_nothing() {
    let home = ChainFolder::launched();
    let gone = AccountId::from([9; 32]);
    let vault = home.json_of(&["status"])["report"]["vault"].clone();
    let vault = parse_address(vault.as_str().expect("an address")).expect("an address");
    let terms = TierTerms {
        asset: Asset::Psp22(gone),
        price: 5,
        period: 86_400_000,
        level: 1,
        seats: None,
        minimum_stay: 0,
        uri: Vec::new(),
    };
    home.opened()
        .send(&who("mira"), 0, contracts::vault(vault).add_tier(terms))
        .expect("it answers")
        .value
        .expect("a tier");
    let shown = address(&gone);

    let tiers = home.text_of(&["tiers"]);
    assert!(tiers.contains(&format!("5 smallest units of {shown}")), "{tiers}");
    home.text_of(&["status"]);
    home.text_of(&["status", "ana", "--token", &shown]);
    home.text_of(&["tip", "5", "--as", "ana"]);
    home.text_of(&["claim", "--token", &shown, "--as", "mira"]);
    home.text_of(&["members", "grant", "cleo", "2", "30d", "--as", "mira"]);
    home.text_of(&["cancel", "--as", "cleo"]);
    home.text_of(&["statement"]);
    home.text_of(&["members", "list"]);
    let error = why_not(&home, &["subscribe", "2", "--as", "ana"]);
    assert!(error.contains(&format!("the token at {shown} does not return balances")), "{error}");
    let error = why_not(&home, &["tip", "1", "--token", &shown, "--as", "ana"]);
    assert!(error.contains("there is no PSP22 token"), "{error}");
    assert_eq!(
        text(&home.run(&["withdraw", "--token", &shown, "--as", "ana"]).stderr),
        "error: nothing to withdraw: this account has no refund and no unstaked tokens\n"
    );
}
