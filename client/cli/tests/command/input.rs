//! Invalid input is refused with a message that contains it, and nothing changes.

use test_kit::{
    command::{amount, text, ChainFolder, Shell},
    UNIT,
};

#[test]
fn every_argument_is_checked() {
    let home = ChainFolder::launched();
    home.json_of(&["buy", "10", "--as", "ana"]);
    home.json_of(&["subscribe", "0", "--as", "ben"]);
    for (arguments, reason) in [
        (&["buy", "ten", "--as", "ana"][..], "\"ten\" is not an amount"),
        (&["buy", "0", "--as", "ana"], "0 MIRA"),
        (&["buy", "1e3", "--as", "ana"], "not an amount"),
        (&["buy", "1.0000000000001", "--as", "ana"], "write at most 12"),
        (&["buy", "400000000000000000000000000000", "--as", "ana"], "too large"),
        (&["buy", "200000", "--as", "ana"], "are available"),
        (&["buy", "20000", "--as", "ana"], "the account has 9,994"),
        (&["buy", "--as", "ana"], "required"),
        (&["buy", "1", "--spend", "1", "--as", "ana"], "cannot be used with"),
        (&["buy", "1", "--max-price", "x", "--as", "ana"], "--max-price: \"x\""),
        (&["buy", "1", "--max-price", "0.1", "--as", "ana"], "and --max-price is 0.1 UNIT: raise it"),
        (&["buy", "--spend", "1", "--min-tokens", "9", "--as", "ana"], "and --min-tokens is 9 MIRA"),
        (&["buy", "--spend", "", "--as", "ana"], "--spend: \"\""),
        (&["buy", "1", "--for", "Nobody!", "--as", "ana"], "\"Nobody!\" is not an address"),
        (&["buy", "1", "--referrer", "ana", "--as", "ana"], "their own referrer"),
        (&["buy", "1"], "--as NAME"),
        (&["buy", "1", "--as", "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQZ"], "is not an address"),
        (&["buy", "1", "--as", "stranger"], "the account has 0 UNIT"),
        (&["sell", "11", "--as", "ana"], "has 10 MIRA"),
        (&["sell", "0", "--as", "ana"], "0 MIRA can't be sold"),
        (&["sell", "1", "--min-payout", "99", "--as", "ana"], "and --min-payout is 99 UNIT"),
        (&["send", "11", "ben", "--as", "ana"], "insufficient balance"),
        (&["send", "1", "", "--as", "ana"], "\"\" is not an address"),
        (&["send", "1", "--as", "ana"], "required"),
        (&["tip", "0", "--as", "ana"], "no amount arrived"),
        (&["tip", "20000", "--as", "ana"], "UNIT more first, or choose a smaller amount"),
        (&["tip", "99", "--in-tokens", "--as", "ana"], "the account has 10 MIRA"),
        (&["tip", "1", "--memo", &"x".repeat(257), "--as", "ana"], "at most 256 bytes"),
        (&["subscribe", "gold", "--as", "ana"], "there is no tier \"gold\""),
        (&["subscribe", "7", "--as", "ana"], "there is no tier #7"),
        (&["subscribe", "0", "--as", "ben"], "top up, switch, or cancel first"),
        (&["subscribe", "0", "--pay", "1", "--as", "ana"], "pay 5 UNIT or more"),
        (&["subscribe", "0", "--last", "soon", "--as", "ana"], "--last: \"soon\" is not a duration"),
        (&["subscribe", "0", "--periods", "0", "--as", "ana"], "pay 5 UNIT or more"),
        (
            &["subscribe", "0", "--periods", "18446744073709551615", "--as", "ana"],
            "UNIT more first, or choose a smaller amount",
        ),
        (&["subscribe", "0", "--max-price", "4", "--as", "ana"], "is 5 UNIT now, and --max-price is 4 UNIT"),
        (&["subscribe", "0", "--pay", "5", "--last", "30d", "--as", "ana"], "cannot be used with"),
        (&["top-up", "--as", "ana"], "has no subscription"),
        (&["top-up", "--pay", "0", "--as", "ben"], "no amount arrived"),
        (&["switch", "1", "--as", "ana"], "has no subscription"),
        (&["switch", "1", "--as", "ben"], "at least one period"),
        (&["cancel", "--as", "ana"], "has no subscription"),
        (&["stake", "11", "--as", "ana"], "the account has 10 MIRA"),
        (&["stake", "0", "--as", "ana"], "the amount is 0"),
        (&["unstake", "1", "--as", "ana"], "staked 0 MIRA"),
        (&["withdraw", "--as", "ana"], "nothing to withdraw"),
        (&["check", "9", "--as", "ana"], "there is no content #9"),
        (&["check"], "--as NAME"),
        (&["purchase", "9", "--as", "ana"], "there is no content #9"),
        (&["purchase", "0", "--as", "ana"], "not for sale"),
        (&["purchase", "0", "--max-price", "x", "--as", "ana"], "--max-price: \"x\""),
        (&["content", "change", "0", "--as", "mira"], "nothing to change"),
        (&["content", "change", "0", "--price", "0", "--as", "mira"], "more than 0"),
        (&["managers", "add", "B@d", "--as", "mira"], "is not an address"),
        (&["collect", "gold", "--as", "mira"], "there is no tier"),
        (&["splits", "set", "mira=80%", "--as", "mira"], "add up to 80 %"),
        (&["splits", "set", "mira=80%", "--stakers", "10%", "--as", "mira"], "add up to 90 %"),
        (&["splits", "set", "mira=1%", "--stakers", "100%", "--as", "mira"], "the stakers can't have all of it"),
        (&["splits", "set", "mira=95%", "--stakers", "5", "--as", "mira"], "--stakers: \"5\" is not a share"),
        (&["splits", "set", "mira", "--as", "mira"], "is not a share"),
        (&["splits", "set", "mira=80.001%", "--as", "mira"], "is not a share"),
        (&["splits", "set", "mira=70000", "--as", "mira"], "is not a share"),
        (&["fees", "lower", "--buy", "2", "--as", "mira"], "--buy: \"2\" is not a share: it has no unit"),
        (&["splits", "set", "mira=50%", "mira=50%", "--as", "mira"], "named twice"),
        (&["splits", "set", "ana=100%", "--as", "ana"], "only the owner of the vault"),
        (&["splits", "lock", "0d", "--as", "mira"], "not a duration"),
        (&["tiers", "add", "T", "--price", "0", "--period", "30d", "--level", "1", "--as", "mira"], "more than 0"),
        (
            &["tiers", "add", "T", "--price", "1", "--period", "1s", "--level", "1", "--as", "mira"],
            "period must be from",
        ),
        (&["tiers", "add", "T", "--price", "1", "--period", "1d", "--level", "0", "--as", "mira"], "at least 1"),
        (&["tiers", "add", "T", "--price", "1", "--period", "1d", "--level", "256", "--as", "mira"], "256"),
        (&["tiers", "change", "0", "--as", "mira"], "nothing to change"),
        (&["tiers", "change", "0", "--seats", "many", "--as", "mira"], "\"many\" is not a number"),
        (&["tiers", "change", "0", "--seats", "0", "--as", "mira"], "at least one seat"),
        (&["members", "grant", "ana", "0", "-1d", "--as", "mira"], "-1"),
        (&["members", "revoke", "ben", "--as", "mira"], "not a grant"),
        (&["members", "prune", "ben", "--as", "ana"], "can be pruned from"),
        (&["pause", "--as", "ana"], "only the owner of the token"),
        (
            &["publish", "T", "--uri", "u", "--hash", "12", "--public-key", "age1", "--everyone", "--as", "mira"],
            "--hash",
        ),
        (&["chain", "time", "30d"], "does not begin with +"),
        (&["chain", "time", "+30"], "not a duration"),
        (&["chain", "time", "+99999w"], "at most 100 years"),
        (&["chain", "fund", "ana", "-1"], "-1"),
        (&["chain", "fund", "Ana", "1"], "is not an address"),
        (&["launch", "/nonexistent.toml"], "/nonexistent.toml"),
        (&["statement", "--out", "/nonexistent/income.csv"], "/nonexistent/income.csv"),
        (&["statement", "--from", "x"], "--from: \"x\" is not a time"),
        (&["statement", "--from", "2026-02-01", "--to", "2026-02-01"], "not later than --from"),
        (&["statement", "--by", "year"], "invalid value 'year'"),
        (&["statement", "--bom"], "--csv"),
        (&["members", "list", "--tier", "Nobody"], "Nobody"),
        (&["members", "list", "--expiring", "7"], "--expiring"),
        (&["history", "Ana"], "is not an address"),
        (&["top", "tippers", "--token", "x"], "--token"),
        (&["top", "holders", "--index", "mysql://host/name"], "is no index"),
        (&["top", "holders", "--index", "/nonexistent/index.sqlite"], "can't be opened"),
        (&["status", "--deployment", "/nonexistent.json"], "/nonexistent.json"),
        (&["fly"], "unrecognized subcommand"),
        (&[], "Usage"),
    ] {
        // The usage, without an error message.
        if arguments.is_empty() {
            assert_eq!(home.run(arguments).status.code(), Some(2));
            continue;
        }
        let error = home.error_of(arguments);
        let words = error["message"].as_str().expect("words");
        assert!(words.contains(reason), "{arguments:?}: expected {reason} in: {words}");
    }
    assert_eq!(amount(&home.json_of(&["status", "ana"])["report"]["tokens"]), 10 * UNIT);
}

#[test]
fn money_moves_only_after_a_yes() {
    let home = ChainFolder::launched();
    for arguments in [&["tip", "1", "--as", "ana"][..], &["tip", "1", "--as", "ana", "--json"]] {
        let output = home.run(arguments);
        assert_eq!(output.status.code(), Some(1));
        let told = [text(&output.stdout), text(&output.stderr)].concat();
        assert!(told.contains("add --yes to send"), "{told}");
    }
    assert_eq!(home.json_of(&["status", "ana"])["report"]["tipped"], "0");
    let looked = home.json_of(&["tip", "1", "--as", "ana", "--dry-run"]);
    assert_eq!(looked["sent"], false);
    assert_eq!(home.json_of(&["status", "ana"])["report"]["tipped"], "0");
}

#[test]
fn a_file_of_a_launch_that_is_none_or_of_another_chain_is_refused() {
    let home = ChainFolder::launched();
    let path = home.chain().join("deployment.json");
    let good = std::fs::read_to_string(&path).expect("it was launched");
    let other = ChainFolder::new();
    other.output_of(&["chain", "time"]);
    std::fs::write(other.chain().join("deployment.json"), &good).expect("it can be written");
    assert!(other.error_of(&["status"])["message"].as_str().expect("words").contains("another chain"));
    for (bad, reason) in [
        (String::new(), "not a deployment file"),
        (good.replacen("\"format\": 1", "\"format\": 2", 1), "format 2"),
        (good.replacen("\"vault\": \"5", "\"vault\": \"6", 1), "is not an address"),
    ] {
        std::fs::write(&path, bad).expect("it can be written");
        let words = home.error_of(&["status"])["message"].as_str().expect("words").to_owned();
        assert!(words.contains(reason), "{words}");
    }
    let (token, registry) = (pick(&good, "token"), pick(&good, "registry"));
    std::fs::write(&path, good.replace(&registry, "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY"))
        .expect("written");
    assert!(home.error_of(&["status"])["message"].as_str().expect("words").contains("there is no contract at 5Grwva"));
    std::fs::write(&path, good.replace(&token, &registry)).expect("it can be written");
    home.error_of(&["status"]);
}

fn pick(file: &str, key: &str) -> String {
    let file: serde_json::Value = serde_json::from_str(file).expect("JSON");
    file[key].as_str().expect("an address").to_owned()
}
