//! Rights of holders and owners: transfers, allowances, vesting, fees, ownership, lists and managers.

use serde_json::Value;
use test_kit::{
    command::{amount, argument, example, ChainFolder, Shell},
    UNIT,
};

fn tokens(home: &ChainFolder, name: &str) -> u128 {
    amount(&home.json_of(&["status", name])["report"]["tokens"])
}

#[track_caller]
fn words(error: &Value) -> &str {
    error["message"].as_str().expect("words")
}

#[test]
fn tokens_go_to_many_or_to_nobody() {
    let home = ChainFolder::launched();
    home.json_of(&["buy", "10", "--as", "ana"]);
    let file = home.file("thanks.csv", b"# for the tour\ncleo, 1.5\n\ndana,2\n");
    let done = home.json_of(&["send-many", "ben=3", "--file", &file, "--as", "ana"]);
    assert_eq!(done["quote"]["title"], "send 6.5 MIRA to 3 accounts");
    assert_eq!(done["events"].as_array().map(Vec::len), Some(3));
    assert_eq!(tokens(&home, "ana"), 7 * UNIT / 2);
    assert_eq!(["ben", "cleo", "dana"].map(|name| tokens(&home, name)), [3 * UNIT, 3 * UNIT / 2, 2 * UNIT]);

    let error = home.error_of(&["send-many", "ben=3", "cleo=3", "--as", "ana"]);
    assert!(words(&error).contains("the account has 3.5 MIRA; send at most that in total"), "{error}");
    let bad = home.file("bad.csv", b"cleo,1\ndana\n");
    let error = home.error_of(&["send-many", "--file", &bad, "--as", "ana"]);
    assert!(words(&error).contains("bad.csv:2:1: write an account, a comma"), "{error}");
    let empty = home.file("empty.csv", b"# nobody yet\n");
    assert!(words(&home.error_of(&["send-many", "--file", &empty, "--as", "ana"])).contains("no recipients"));
}

#[test]
fn burned_tokens_are_gone_and_move_no_price() {
    let home = ChainFolder::launched();
    home.json_of(&["buy", "10", "--as", "ana"]);
    let price = home.json_of(&["status"])["report"]["price"].clone();
    let done = home.json_of(&["burn", "4", "--as", "ana"]);
    assert!(amount(&done["quote"]["selling_them_would_bring"]) > 0);
    assert_eq!(done["events"][0]["title"], "burned");
    let status = home.json_of(&["status"])["report"].clone();
    assert_eq!(amount(&status["supply"]), 6 * UNIT);
    assert_eq!(status["price"], price);
    assert_eq!(tokens(&home, "ana"), 6 * UNIT);
    assert!(words(&home.error_of(&["burn", "7", "--as", "ana"])).contains("insufficient balance"));
}

#[test]
fn whoever_is_allowed_takes_so_many_and_no_more() {
    let home = ChainFolder::launched();
    home.json_of(&["buy", "10", "--as", "ana"]);
    let allowed = || amount(&home.json_of(&["allowance", "show", "ana", "cleo"])["report"]["allowance"]);
    home.json_of(&["allowance", "approve", "cleo", "5", "--as", "ana"]);
    let more = home.json_of(&["allowance", "increase", "cleo", "2", "--as", "ana"]);
    assert_eq!(amount(&more["quote"]["allowed_then"]), 7 * UNIT);
    home.json_of(&["allowance", "decrease", "cleo", "3", "--as", "ana"]);
    assert_eq!(allowed(), 4 * UNIT);
    let error = home.error_of(&["allowance", "decrease", "cleo", "5", "--as", "ana"]);
    assert!(words(&error).contains("the allowance is 4 MIRA"), "{error}");
    let most = "340282366920938463463374607";
    let error = home.error_of(&["allowance", "increase", "cleo", most, "--as", "ana"]);
    assert!(words(&error).contains("the allowance would be too large"), "{error}");

    home.json_of(&["send", "3", "ben", "--from", "ana", "--as", "cleo"]);
    assert_eq!(tokens(&home, "ben"), 3 * UNIT);
    assert_eq!(tokens(&home, "ana"), 7 * UNIT);
    assert_eq!(allowed(), UNIT);
    let error = home.error_of(&["send", "2", "ben", "--from", "ana", "--as", "cleo"]);
    assert_eq!(error["name"], "InsufficientAllowance");
    assert!(words(&error).contains("the owner allows you 1 MIRA"), "{error}");
}

#[test]
fn tokens_that_are_put_away_become_free_with_time() {
    let home = ChainFolder::launched();
    home.json_of(&["buy", "200", "--as", "mira"]);
    let grant = ["vesting", "grant", "juno", "100", "--cliff", "30d", "--end", "100d", "--as", "mira"];
    let shown = home.json_of(&[&grant[..], &["--dry-run"]].concat());
    let done = home.json_of(&grant);
    assert_eq!(done["quote"]["cliff"], shown["quote"]["cliff"]);
    assert_eq!(tokens(&home, "mira"), 100 * UNIT);
    assert_eq!(done["events"][0]["title"], "vesting started");
    assert!(words(&home.error_of(&grant)).contains("already vests tokens for that beneficiary"));

    home.output_of(&["chain", "time", "+29d"]);
    let error = home.error_of(&["vesting", "release", "mira", "--as", "juno"]);
    assert_eq!(error["name"], "NothingToRelease");
    home.output_of(&["chain", "time", "+21d"]);
    let listed = home.json_of(&["vesting"])["report"]["vestings"][0].clone();
    let shown = home.json_of(&["vesting", "show", "mira", "juno"])["report"].clone();
    assert_eq!(listed["releasable"], shown["releasable"]);
    assert_eq!(listed["end"], shown["end"]);
    assert!((50 * UNIT..51 * UNIT).contains(&amount(&shown["releasable"])), "{shown}");
    home.json_of(&["vesting", "release", "mira", "--for", "juno", "--as", "ana"]);
    assert!((50 * UNIT..51 * UNIT).contains(&tokens(&home, "juno")));

    home.output_of(&["chain", "time", "+50d"]);
    home.json_of(&["vesting", "release", "mira", "--as", "juno"]);
    assert_eq!(tokens(&home, "juno"), 100 * UNIT);
    assert_eq!(home.json_of(&["vesting"])["report"]["vestings"].as_array().map(Vec::len), Some(0));
    assert!(words(&home.error_of(&["vesting", "show", "mira", "juno"])).contains("has no vesting for this one"));
}

#[test]
fn a_vesting_can_begin_later_and_counts_from_there() {
    let home = ChainFolder::launched();
    home.json_of(&["buy", "10", "--as", "mira"]);
    let start = ["vesting", "grant", "mira", "10", "--start", "2026-03-01", "--as", "mira"];
    let quote = home.json_of(&[&start[..], &["--end", "10d", "--dry-run"]].concat())["quote"].clone();
    assert_eq!(quote["start"], 1_772_323_200_000_u64);
    assert_eq!(quote["end"], 1_773_187_200_000_u64);
    for (times, reason) in [
        (&["--end", "2026-02-01"][..], "start, cliff and end in this order"),
        (&["--end", "10d", "--cliff", "11d"], "start, cliff and end in this order"),
        (&["--end", "soon"], "--end: \"soon\" is not a time"),
        (&["--end", "10d", "--cliff", "1x"], "--cliff: \"1x\" is not a time"),
        (&["--end", "99999w"], "within 100 years"),
        (&[], "--end"),
    ] {
        let error = home.error_of(&[&start[..], times].concat());
        assert!(words(&error).contains(reason), "{times:?}: {error}");
    }
}

#[test]
fn fees_are_lowered_for_good_and_go_to_whom_the_owner_says() {
    let home = ChainFolder::launched();
    let fees = |key: &str| home.json_of(&["fees"])["report"][key].clone();
    assert_eq!(fees("buy_fee"), 300);
    assert_eq!(fees("sell_fee"), 100);
    let done = home.json_of(&["fees", "lower", "--buy", "2.5%", "--as", "mira"]);
    assert_eq!(done["quote"]["buy_fee_until_now"], 300);
    assert_eq!(done["events"][0]["buy_fee"], 250);
    assert_eq!(fees("buy_fee"), 250);
    assert_eq!(fees("sell_fee"), 100);
    let error = home.error_of(&["fees", "lower", "--sell", "1.01%", "--as", "mira"]);
    assert!(words(&error).contains("the fee is 1 % now, and can only be lowered"), "{error}");
    assert_eq!(home.error_of(&["fees", "lower", "--buy", "0", "--as", "juno"])["name"], "NotOwner");
    assert!(words(&home.error_of(&["fees", "lower", "--buy", "much", "--as", "mira"])).contains("--buy: \"much\""));
    assert!(words(&home.error_of(&["fees", "lower", "--as", "mira"])).contains("--buy"));

    home.json_of(&["fees", "recipient", "juno", "--as", "mira"]);
    home.json_of(&["buy", "10", "--as", "ana"]);
    assert!(amount(&fees("waiting")) > 0);
    let claimed = home.json_of(&["claim", "--as", "juno"]);
    assert_eq!(claimed["events"][0]["title"], "claimed from the token");
    home.json_of(&["fees", "recipient", "--vault", "--as", "mira"]);
    assert_eq!(fees("recipient"), home.json_of(&["status"])["report"]["vault"]);
    assert!(words(&home.error_of(&["fees", "recipient", "--as", "mira"])).contains("required"));
}

#[test]
fn the_contracts_are_handed_over_in_two_steps() {
    let home = ChainFolder::launched();
    let owners = |key: &str| {
        let contracts = home.json_of(&["owner"])["report"]["contracts"].clone();
        [0, 1, 2].map(|place| contracts[place][key].clone())
    };
    let address = |name: &str| home.json_of(&["status", name])["report"]["account"].clone();
    let [mira, juno] = ["mira", "juno"].map(address);
    assert_eq!(home.json_of(&["status"])["report"]["owners"], Value::Null);
    assert_eq!(owners("owner"), [mira.clone(), mira.clone(), mira.clone()]);

    assert_eq!(home.error_of(&["owner", "propose", "juno", "--as", "juno"])["name"], "NotOwner");
    assert_eq!(home.error_of(&["owner", "accept", "--as", "juno"])["name"], "NotProposed");
    home.json_of(&["owner", "propose", "ana", "--as", "mira"]);
    let done = home.json_of(&["owner", "propose", "juno", "--of", "token", "--of", "vault", "--as", "mira"]);
    assert_eq!(done["events"].as_array().map(Vec::len), Some(2));
    assert_eq!(owners("owner"), [mira.clone(), mira.clone(), mira.clone()]);
    assert_eq!(owners("proposed"), [juno.clone(), juno.clone(), address("ana")]);
    assert_eq!(home.json_of(&["status"])["report"]["proposed_owner"], juno);

    assert_eq!(home.error_of(&["owner", "accept", "--of", "registry", "--as", "juno"])["name"], "NotProposed");
    let done = home.json_of(&["owner", "accept", "--as", "juno"]);
    assert_eq!(done["events"][1]["title"], "the vault has a new owner");
    assert_eq!(owners("owner"), [juno.clone(), juno.clone(), mira]);
    let status = home.json_of(&["status"])["report"].clone();
    assert_eq!(status["creator"], juno);
    assert_eq!(status["owners"][2]["owner"], owners("owner")[2]);
    assert_eq!(home.error_of(&["splits", "set", "mira=100%", "--as", "mira"])["name"], "NotOwner");
    home.json_of(&["splits", "set", "juno=100%", "--as", "juno"]);
}

#[test]
fn one_contract_is_paused_and_the_other_goes_on() {
    let home = ChainFolder::launched();
    home.json_of(&["pause", "--of", "token", "--as", "mira"]);
    assert_eq!(home.error_of(&["buy", "1", "--as", "ana"])["name"], "Paused");
    home.json_of(&["tip", "1", "--as", "ana"]);
    home.json_of(&["resume", "--of", "token", "--as", "mira"]);
    home.json_of(&["pause", "--of", "vault", "--as", "mira"]);
    home.json_of(&["buy", "1", "--as", "ana"]);
    assert_eq!(home.error_of(&["tip", "1", "--as", "ana"])["name"], "Paused");
    assert!(words(&home.error_of(&["pause", "--of", "registry", "--as", "mira"])).contains("registry"));
}

#[test]
fn a_list_is_kept_from_a_file_however_long_it_is() {
    let home = ChainFolder::launched();
    let names = (0..230).map(|number| format!("backer-{number}\n")).collect::<String>();
    let file = home.file("backers.txt", names.as_bytes());
    let done = home.json_of(&["lists", "add", "3", "ana", "--file", &file, "--as", "mira"]);
    assert_eq!(done["rows"], 231);
    assert_eq!(done["transactions"], 3);
    let listed = |arguments: &[&str]| {
        let told = home.json_of(&[&["lists", "show", "3"], arguments].concat());
        told["report"]["accounts"].as_array().expect("accounts").clone()
    };
    assert_eq!(listed(&[]).len(), 231);
    home.json_of(&["lists", "remove", "3", "ana", "backer-7", "--as", "mira"]);
    assert_eq!(listed(&[]).len(), 229);
    let asked = listed(&["ana", "backer-8"]);
    assert_eq!([&asked[0]["listed"], &asked[1]["listed"]], [&Value::Bool(false), &Value::Bool(true)]);

    let bad = home.file("bad.txt", b"ana\nNobody!\n");
    let error = home.error_of(&["lists", "add", "3", "--file", &bad, "--as", "mira"]);
    assert!(words(&error).contains("bad.txt:2:1: \"Nobody!\" is not an address"), "{error}");
    let error = home.error_of(&["lists", "add", "3", "--file", "/nonexistent.txt", "--as", "mira"]);
    assert!(words(&error).contains("/nonexistent.txt: can't be read"), "{error}");
    assert_eq!(home.error_of(&["lists", "add", "3", "ana", "--as", "ana"])["name"], "NotManager");
}

#[test]
fn managers_are_shown_and_the_paid_vault_is_named() {
    let home = ChainFolder::launched();
    home.json_of(&["managers", "add", "juno", "--as", "mira"]);
    home.json_of(&["managers", "add", "ana", "--as", "mira"]);
    home.json_of(&["managers", "remove", "ana", "--as", "mira"]);
    let report = home.json_of(&["managers"])["report"].clone();
    let juno = home.json_of(&["status", "juno"])["report"].clone();
    assert_eq!(report["managers"].as_array().map(Vec::len), Some(1));
    assert_eq!(report["managers"][0]["account"], juno["account"]);
    assert_eq!(juno["manager_of_the_content"], true);

    let song = home.file("song", b"words");
    home.json_of(&["publish", &song, "--price", "3", "--as", "mira"]);
    let done = home.json_of(&["content", "set-vault", "none", "--as", "mira"]);
    assert_eq!(done["events"][0]["goes_to"], "nobody: nothing is for sale");
    assert_eq!(home.error_of(&["purchase", "song", "--as", "ana"])["name"], "NoVault");
    home.json_of(&["content", "set-vault", "own", "--as", "mira"]);
    home.json_of(&["purchase", "song", "--as", "ana"]);
    let token = home.json_of(&["status"])["report"]["token"].clone();
    for (vault, reason) in [
        (token.as_str().expect("an address"), "there is no vault at that address"),
        ("5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY", "there is no vault at that address"),
        ("mine", "is not an address"),
    ] {
        let error = home.error_of(&["content", "set-vault", vault, "--as", "mira"]);
        assert!(words(&error).contains(reason), "{error}");
    }
    assert_eq!(home.error_of(&["content", "set-vault", "none", "--as", "juno"])["name"], "NotOwner");
}

#[test]
fn tips_and_tiers_can_be_in_any_token() {
    let home = ChainFolder::launched();
    // Another creator's token on the same chain.
    let (file, other) = (example(), home.path("other.json"));
    let other = ["--salt", "2", "--deployment", &argument(&other)];
    let launched = home.json_of(&[&["launch", &argument(&file)], &other[..]].concat());
    let token = launched["launched"]["token"].as_str().expect("an address");
    home.json_of(&["buy", "30", "--as", "ana", other[2], other[3]]);

    let done = home.json_of(&["tip", "5", "--token", token, "--as", "ana"]);
    assert_eq!(amount(&done["quote"]["amount"]), 5 * UNIT);
    let fan = home.json_of(&["status", "ana", "--token", token])["report"].clone();
    assert_eq!(amount(&fan["tipped_in_tokens"][0]["amount"]), 5 * UNIT);
    assert!(words(&home.error_of(&["claim", "--as", "mira"])).contains("nothing to claim"));
    let held = home.json_of(&["status", "--token", token])["report"]["in_tokens"][0].clone();
    assert_eq!(amount(&held["vault_holds"]), 5 * UNIT);
    assert_eq!(amount(&held["income_not_claimed"]), 5 * UNIT);
    let claimed = home.json_of(&["claim", "--token", token, "--as", "mira"]);
    // Mira receives 75 of 95 parts while nobody is staked.
    assert_eq!(amount(&claimed["quote"]["waiting"][0]["amount"]), 5 * UNIT * 75 / 95);

    let add = ["tiers", "add", "Guest", "--price", "10", "--period", "30d", "--level", "1", "--as", "mira"];
    home.json_of(&[&add[..], &["--token", token]].concat());
    home.json_of(&["subscribe", "Guest", "--as", "ana"]);
    let owed = home.json_of(&["status"])["report"]["in_tokens"][0].clone();
    assert_eq!(amount(&owed["owed_for_subscriptions"]), 10 * UNIT);
    home.json_of(&["members", "end", "ana", "--as", "mira"]);
    let withdrawn = home.json_of(&["withdraw", "--as", "ana"]);
    assert!(amount(&withdrawn["quote"]["refunds"][0]["amount"]) > 9 * UNIT);

    home.json_of(&["buy", "20", "--as", "ben"]);
    home.json_of(&[&["tiers", "add", "Insider"], &add[3..], &["--in-tokens"]].concat());
    let done = home.json_of(&["subscribe", "Insider", "--as", "ben"]);
    assert_eq!(amount(&done["quote"]["paid_now"]), 10 * UNIT);
    assert_eq!(tokens(&home, "ben"), 10 * UNIT);

    let vault = home.json_of(&["status"])["report"]["vault"].clone();
    for (token, reason) in [
        ("me", "--token: \"me\" is not an address"),
        (vault.as_str().expect("an address"), "--token: there is no PSP22 token"),
        ("5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY", "--token: there is no PSP22 token"),
    ] {
        let error = home.error_of(&["tip", "1", "--token", token, "--as", "ana"]);
        assert!(words(&error).contains(reason), "{error}");
    }
    let error = home.error_of(&["tip", "1", "--in-tokens", "--token", token, "--as", "ana"]);
    assert!(words(&error).contains("cannot be used with"), "{error}");
}

#[test]
fn all_content_is_checked_however_much_there_is() {
    let home = ChainFolder::launched();
    let hash = "d0d38ca69dd13ac9ae492c6148b80e1fe524898befa43a701814e0ab47a6b5ab";
    let key = "age1v3z5qlwuel0yfrps03enxzundx5e9n5hg3zqz3wzua5jl4vjfeksmue6j9";
    let file = ["--uri", "https://mira.example/song.age", "--hash", hash, "--public-key", key, "--as", "mira"];
    for number in 3..35 {
        let title = format!("Song {number}");
        home.json_of(&[&["publish", &title, "--rule", "listed 1", "--rule", "level 2, tipped 3"], &file[..]].concat());
    }
    let told = home.json_of(&["check", "--as", "ana"])["report"]["content"].clone();
    let numbers: Vec<u64> =
        told.as_array().expect("content").iter().map(|one| one["content"].as_u64().expect("a number")).collect();
    assert_eq!(numbers, (0..35).collect::<Vec<_>>());
    let one = home.json_of(&["check", "34", "--as", "ana"])["report"].clone();
    assert_eq!(told[34], one);
}
