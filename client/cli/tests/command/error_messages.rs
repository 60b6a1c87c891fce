//! Error messages say what to do. The commands that they name work when they are typed.

use test_kit::command::{argument, ChainFolder, Shell};

/// The message with which these arguments are refused.
#[track_caller]
fn words(home: &ChainFolder, arguments: &[&str]) -> String {
    let error = home.error_of(arguments);
    error["message"].as_str().expect("words").to_owned()
}

#[track_caller]
fn assert_error(home: &ChainFolder, arguments: &[&str], parts: &[&str]) {
    let words = words(home, arguments);
    for part in parts {
        assert!(words.contains(part), "{arguments:?}: expected {part} in: {words}");
    }
}

/// The arguments of the command between backquotes that contains `part`.
#[track_caller]
fn command(words: &str, part: &str) -> Vec<String> {
    let found = words.split('`').skip(1).step_by(2).find(|command| command.contains(part));
    let found = found.unwrap_or_else(|| panic!("no {part} in: {words}"));
    let arguments = found.strip_prefix("patronage ").expect("a command");
    arguments.split(' ').map(|argument| argument.trim_matches('\'').to_owned()).collect()
}

/// Runs the command that the message `words` names, as `name`.
#[track_caller]
fn types(home: &ChainFolder, words: &str, part: &str, name: &str) {
    let arguments = command(words, part);
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).chain(["--as", name]).collect();
    home.json_of(&arguments);
}

#[test]
fn an_expired_subscription_says_how_to_subscribe_again() {
    let home = ChainFolder::launched();
    home.json_of(&["subscribe", "Listener", "--as", "ben"]);
    home.output_of(&["chain", "time", "+31d"]);
    let ended = "the subscription to tier #0 \"Listener\" ended on";
    assert_error(&home, &["top-up", "--as", "ben"], &[ended, "`patronage subscribe Listener`", "for 5 UNIT each 30 d"]);
    assert_error(
        &home,
        &["top-up", "--for", "ben", "--as", "ana"],
        &[ended, "`patronage subscribe Listener --for ben`"],
    );
    let again = words(&home, &["switch", "backstage", "--as", "ben"]);
    assert!(again.contains(ended) && again.contains("for 12.5 UNIT each 30 d"), "{again}");
    types(&home, &again, "subscribe", "ben");
    home.json_of(&["top-up", "--as", "ben"]);

    assert_error(&home, &["top-up", "--as", "ana"], &["ana has no subscription yet", "`patronage subscribe TIER`"]);
    assert_error(&home, &["switch", "1", "--as", "ana"], &["`patronage subscribe Backstage` starts one"]);
    home.json_of(&["members", "grant", "cleo", "Listener", "30d", "--as", "mira"]);
    assert_error(
        &home,
        &["top-up", "--as", "cleo"],
        &["is a grant until", "`patronage subscribe Listener` replaces it"],
    );
    assert_error(
        &home,
        &["top-up", "--for", "cleo", "--as", "ben"],
        &["is a grant until", "only the fan can replace it"],
    );
}

#[test]
fn a_tier_that_takes_no_new_subscriptions_is_not_offered_again() {
    let home = ChainFolder::launched();
    home.json_of(&["subscribe", "Listener", "--as", "ben"]);
    home.json_of(&["tiers", "change", "Listener", "--close", "--as", "mira"]);
    home.output_of(&["chain", "time", "+31d"]);
    assert_error(&home, &["top-up", "--as", "ben"], &["the tier takes no new ones", "`patronage tiers`"]);
}

#[test]
fn a_full_tier_names_the_member_who_can_be_pruned() {
    let home = ChainFolder::launched();
    home.json_of(&["tiers", "change", "Backstage", "--seats", "2", "--as", "mira"]);
    home.json_of(&["subscribe", "Backstage", "--as", "ben"]);
    home.json_of(&["members", "grant", "finn", "Backstage", "60d", "--as", "mira"]);
    let full = "all 2 seats of tier #1 \"Backstage\" are taken";
    let subscribe = &["subscribe", "Backstage", "--as", "ana"];
    assert_error(
        &home,
        subscribe,
        &[full, "the first subscription ends on", "`patronage members list --tier Backstage`"],
    );
    home.output_of(&["chain", "time", "+31d"]);
    assert_error(&home, subscribe, &[full, "of ben ended on", "`patronage members prune ben` is possible from"]);
    // A member of the tier needs no other seat.
    home.json_of(&["subscribe", "Backstage", "--as", "ben", "--dry-run"]);
    home.output_of(&["chain", "time", "+7d"]);
    for arguments in [
        &subscribe[..],
        &["members", "grant", "ana", "Backstage", "30d", "--as", "mira"],
        &["subscribe", "Backstage", "--for", "ana", "--as", "cleo"],
    ] {
        assert_error(&home, arguments, &[full, "of ben ended on", "run `patronage members prune ben`"]);
    }
    home.json_of(&["subscribe", "Listener", "--as", "cleo"]);
    assert_error(
        &home,
        &["switch", "Backstage", "--pay", "20", "--as", "cleo"],
        &[full, "`patronage members prune ben`"],
    );

    let listed = home.json_of(&["members", "list", "--lapsed", "--tier", "Backstage"])["members"].clone();
    assert_eq!(listed.as_array().map(Vec::len), Some(1), "{listed}");
    assert!(listed[0]["prunable_from"].as_u64() > listed[0]["until"].as_u64(), "{listed}");

    types(&home, &words(&home, subscribe), "prune", "ana");
    home.json_of(subscribe);
    assert_eq!(home.json_of(&["members", "list", "--tier", "#1"])["members"].as_array().map(Vec::len), Some(2));
}

#[test]
fn a_tier_that_is_paid_in_something_else_is_subscribed_to_anew() {
    let home = ChainFolder::launched();
    home.json_of(&[
        "tiers",
        "add",
        "Inner circle",
        "--price",
        "2",
        "--in-tokens",
        "--period",
        "30d",
        "--level",
        "2",
        "--as",
        "mira",
    ]);
    home.json_of(&["subscribe", "0", "--as", "ben"]);
    assert_error(
        &home,
        &["switch", "inner circle", "--as", "ben"],
        &["the rest can't be carried over", "`patronage cancel`", "`patronage subscribe \"Inner circle\"`"],
    );
}

#[test]
fn who_is_subscribed_is_told_what_can_be_done_with_that() {
    let home = ChainFolder::launched();
    home.json_of(&["subscribe", "0", "--as", "ben"]);
    assert_error(&home, &["subscribe", "1", "--as", "ben"], &["to tier #0 \"Listener\"", "`patronage switch TIER`"]);
    let gift = words(&home, &["subscribe", "1", "--for", "ben", "--as", "ana"]);
    types(&home, &gift, "top-up", "ana");
    assert_error(&home, &["members", "grant", "ben", "1", "30d", "--as", "mira"], &["`patronage members end ben`"]);
    let paid = words(&home, &["members", "revoke", "ben", "--as", "mira"]);
    types(&home, &paid, "end", "mira");
    assert_error(&home, &["members", "prune", "zoe", "--as", "ana"], &["has no subscription"]);
}

#[test]
fn what_selling_and_buying_can_not_do_is_said_for_each_case() {
    let home = ChainFolder::launched();
    assert_error(
        &home,
        &["sell", "all", "--as", "ana"],
        &["insufficient balance: the account has no MIRA; buy some first"],
    );
    home.json_of(&["buy", "10", "--as", "ana"]);
    let cases: [(&[&str], &str); 12] = [
        (&["sell", "0"], "0 MIRA can't be sold: sell more than 0"),
        (&["sell", "0.000000000001"], "the smallest unit: sell more tokens at once"),
        (&["sell", "1", "--min-payout", "0"], "--min-payout: 0 would accept any price: leave --min-payout out"),
        (&["sell", "1", "--min-payout", "99"], "--min-payout is 99 UNIT: lower it"),
        (&["buy", "0"], "0 MIRA can't be bought: buy more than 0"),
        (&["buy", "--spend", "0"], "0 UNIT buys nothing: spend more than 0"),
        (&["buy", "--spend", "0.000000000001"], "less than the smallest unit of MIRA"),
        (&["buy", "--spend", "1", "--min-tokens", "0"], "--min-tokens: 0 would accept any price"),
        (&["send", "0", "ben"], "0 MIRA would change nothing"),
        (&["burn", "0"], "0 MIRA would change nothing"),
        (&["unstake", "1"], "staked 0 MIRA, so nothing can be unstaked"),
        (&["claim"], "it has no share of the income now: `patronage splits`"),
    ];
    let mut all = Vec::new();
    for (arguments, reason) in cases {
        let words = words(&home, &[arguments, &["--as", "ana"]].concat());
        assert!(words.contains(reason), "{arguments:?}: expected {reason} in: {words}");
        assert!(!words.contains("accept that, or wait"), "{words}");
        all.push(words);
    }
    all.sort();
    all.dedup();
    // Sending 0 and burning 0 have the same message.
    assert_eq!(all.len(), cases.len() - 1);
}

#[test]
fn when_all_is_sold_nobody_is_asked_to_buy_less() {
    let home = ChainFolder::new();
    let path = home.path("launch.toml");
    let text = "[creator]\naccount = \"mira\"\n[token]\nname = \"M\"\nsymbol = \"M\"\nbase_price = 1\ncap = 10\n\
                launch_guard = { until = 2200-01-01, max_tokens = 8 }\n";
    std::fs::write(&path, text).expect("a new folder");
    home.output_of(&["launch", &argument(&path), "--yes"]);
    home.json_of(&["buy", "8", "--as", "ana"]);
    assert_error(
        &home,
        &["buy", "1", "--as", "ana"],
        &["until 2200-01-01", "at most 8 M, including for others; tokens that were sent on count: wait until then"],
    );
    assert_error(&home, &["buy", "9", "--as", "ben"], &["only 2 M are available: `patronage buy 2`"]);
    home.json_of(&["buy", "2", "--as", "ben"]);
    assert_error(&home, &["buy", "1", "--as", "cleo"], &["all M up to the cap are sold"]);
    assert_error(&home, &["splits", "lock", "0d", "--as", "mira"], &["longer than 0"]);
    home.json_of(&["splits", "lock", "30d", "--as", "mira"]);
    assert_error(&home, &["splits", "lock", "10d", "--as", "mira"], &["a lock can't be shortened"]);
}
