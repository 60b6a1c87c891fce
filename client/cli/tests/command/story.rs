//! All steps from a launch to the end. Each quote is compared with the result.

use serde_json::Value;
use test_kit::{
    command::{amount, argument, charge, example, ChainFolder, Shell},
    UNIT,
};

/// Runs `arguments`. The cost must be the quoted one, and the balance of `who` must change by it and by `gain`.
#[track_caller]
fn moves(home: &ChainFolder, who: &str, arguments: &[&str], gain: impl Fn(&Value) -> i128) -> Value {
    let arguments = [arguments, &["--as", who]].concat();
    let quoted = home.json_of(&[&arguments[..], &["--dry-run"]].concat());
    assert_eq!(quoted["sent"], false);
    let before = home.balance(who);
    let done = home.json_of(&arguments);
    assert_eq!(done["sent"], Value::Bool(true));
    assert_eq!(done["quote"], quoted["quote"]);
    let costs = charge(&done["cost"]["storage_deposit"]) + charge(&done["cost"]["transaction_fee"]);
    let moved = home.balance(who) as i128 - before as i128;
    assert_eq!(moved, gain(&done) - costs, "{done:#}");
    if done["events"].as_array().is_some_and(|events| events.len() == 1) && !arguments.contains(&"stake") {
        assert_eq!(done["cost"]["storage_deposit"], quoted["cost"]["storage_deposit"], "the deposit was quoted");
    }
    done
}

#[test]
fn a_fan_buys_and_sells_as_quoted() {
    let home = ChainFolder::launched();
    let bought = moves(&home, "ana", &["buy", "25"], |done| -(amount(&done["quote"]["price"]) as i128));
    assert_eq!(amount(&bought["events"][0]["tokens"]), 25 * UNIT);
    assert_eq!(bought["events"][0]["paid"], bought["quote"]["price"]);

    let spent = moves(&home, "ana", &["buy", "--spend", "10"], |done| -(amount(&done["events"][0]["paid"]) as i128));
    assert_eq!(spent["events"][0]["tokens"], spent["quote"]["tokens"]);
    assert!(amount(&spent["events"][0]["paid"]) <= 10 * UNIT);

    home.json_of(&["send", "5", "ben", "--as", "ana"]);
    assert_eq!(amount(&home.json_of(&["status", "ben"])["report"]["tokens"]), 5 * UNIT);

    let sold = moves(&home, "ana", &["sell", "all"], |done| amount(&done["quote"]["payout"]) as i128);
    assert_eq!(sold["events"][0]["payout"], sold["quote"]["payout"]);
    assert_eq!(home.json_of(&["status", "ana"])["report"]["tokens"], "0");
}

#[test]
fn a_subscription_can_be_topped_up_switched_and_cancelled_as_quoted() {
    let home = ChainFolder::launched();
    let paid = |done: &Value| -(amount(&done["quote"]["paid_now"]) as i128);
    let done = moves(&home, "ben", &["subscribe", "listener", "--last", "60d"], paid);
    assert_eq!(amount(&done["quote"]["paid_now"]), 10 * UNIT);
    assert_eq!(home.json_of(&["status", "--as", "ben"]), home.json_of(&["status", "ben"]));
    moves(&home, "ben", &["top-up", "--periods", "1"], paid);
    home.output_of(&["chain", "time", "+10d"]);
    let switched = moves(&home, "ben", &["switch", "Backstage", "--pay", "1"], paid);
    assert!(amount(&switched["quote"]["carried_over"]) > 13 * UNIT);
    let status = home.json_of(&["status", "ben"])["report"].clone();
    assert_eq!(status["level"], Value::from(2));
    assert_eq!(status["running"], Value::Bool(true));
    let cancelled = moves(&home, "ben", &["cancel"], |done| amount(&done["quote"]["refund"]) as i128);
    assert_eq!(cancelled["events"][0]["refund"], cancelled["quote"]["refund"]);
    assert_eq!(home.json_of(&["status", "ben"])["report"]["subscribed_to"], "nothing");
}

#[test]
fn a_gift_belongs_to_the_fan() {
    let home = ChainFolder::launched();
    home.json_of(&["subscribe", "0", "--for", "cleo", "--as", "ben"]);
    assert_eq!(home.error_of(&["cancel", "--as", "ben"])["name"], "NotSubscribed");
    moves(&home, "cleo", &["cancel"], |done| amount(&done["quote"]["refund"]) as i128);
}

#[test]
fn income_is_collected_claimed_and_stated() {
    let home = ChainFolder::launched();
    home.json_of(&["tip", "2", "--memo", "=for the encore", "--as", "ana"]);
    home.json_of(&["buy", "100", "--as", "ana"]);
    home.json_of(&["tip", "3", "--in-tokens", "--as", "ana"]);
    home.json_of(&["subscribe", "0", "--as", "ben"]);
    home.output_of(&["chain", "time", "+15d"]);
    let collected = home.json_of(&["collect", "--as", "finn"]);
    let waiting = |name: &str| amount(&home.json_of(&["status", name])["report"]["income_to_claim"][0]["amount"]);
    let (mira, juno) = (waiting("mira"), waiting("juno"));
    // 75 % and 20 %, each rounded down. Nobody is staked, so these two share all income.
    assert!((4 * mira).abs_diff(15 * juno) <= 15, "{mira} and {juno}");
    let claimed = moves(&home, "mira", &["claim"], |done| amount(&done["quote"]["waiting"][0]["amount"]) as i128);
    assert_eq!(amount(&claimed["events"][0]["amount"]), mira);
    assert_eq!(home.error_of(&["claim", "--as", "mira"])["kind"], "request");

    let statement = home.output_of(&["statement", "--csv"]);
    let lines: Vec<&str> = statement.lines().collect();
    assert!(lines[0].starts_with("time,block,what,account,other,amount,currency,token,paid,fee,"), "{statement}");
    assert!(lines[1].contains(",tip,") && lines[1].contains(",2,UNIT,"), "{statement}");
    assert!(lines[1].ends_with(",'=for the encore"), "{statement}");
    let tip = lines.iter().find(|line| line.contains(",3,MIRA,")).expect("the second tip");
    assert!(tip.contains(",tip,"), "{statement}");
    assert!(lines.iter().any(|line| line.contains(",claimed,") && line.contains(",-")), "{statement}");
    let told = home.json_of(&["statement"]);
    assert_eq!(told["statement"].as_array().map(Vec::len), Some(lines.len() - 1));
    let sum = |what: &str| -> u128 {
        let rows = collected["events"].as_array().expect("events").iter();
        rows.filter(|row| row["title"] == what).map(|row| amount(&row["amount"])).sum()
    };
    assert_eq!(sum("collected") / UNIT, 2);
    assert!(sum("income paid in") > 0);
}

#[test]
fn stakes_wait_for_their_cooldown() {
    let home = ChainFolder::launched();
    home.json_of(&["buy", "30", "--as", "ana"]);
    home.json_of(&["stake", "20", "--as", "ana"]);
    home.json_of(&["unstake", "20", "--as", "ana"]);
    let error = home.error_of(&["withdraw", "--as", "ana"]);
    assert!(error["message"].as_str().expect("words").contains("20 MIRA can be withdrawn from 2026-01-15"), "{error}");
    home.output_of(&["chain", "time", "+14d"]);
    home.json_of(&["withdraw", "--as", "ana"]);
    assert_eq!(amount(&home.json_of(&["status", "ana"])["report"]["tokens"]), 30 * UNIT);
}

#[test]
fn who_stakes_has_a_part_of_what_comes_in_from_the_next_midnight_on() {
    let home = ChainFolder::launched();
    home.json_of(&["buy", "30", "--as", "ana"]);
    assert_eq!(home.json_of(&["splits"])["report"]["stakers"], 500);
    assert_eq!(home.json_of(&["status"])["report"]["stakers"], 500);
    let staked = home.json_of(&["stake", "20", "--as", "ana"]);
    assert_eq!(staked["quote"]["stakers_share_of_the_income"], 500);
    let midnight = staked["quote"]["counts_for_it_from"].as_u64().expect("a time");
    assert_eq!(midnight % 86_400_000, 0);
    home.json_of(&["tip", "10", "--as", "ben"]);
    home.output_of(&["chain", "time", "+1d"]);
    assert_eq!(home.json_of(&["status", "ana"])["report"].get("stake_income_to_claim"), None);
    let early = home.error_of(&["claim", "--as", "ana"]);
    assert!(early["message"].as_str().expect("words").contains("from the next midnight"), "{early}");

    home.json_of(&["tip", "10", "--as", "ben"]);
    home.json_of(&["tip", "1", "--as", "ben"]);
    home.output_of(&["chain", "time", "+1d"]);
    let waits = home.json_of(&["status", "ana"])["report"]["stake_income_to_claim"][0]["amount"].clone();
    assert_eq!(amount(&waits), 11 * UNIT / 20);
    let claimed = moves(&home, "ana", &["claim"], |done| amount(&done["quote"]["waiting"][0]["amount"]) as i128);
    assert_eq!(claimed["events"][0]["title"], "claimed from the stakers' share");
    assert_eq!(claimed["events"][0]["amount"], waits);
    let statement = home.output_of(&["statement", "--csv"]);
    assert!(statement.contains(",claimed by a staker,"), "{statement}");

    // The share of a day without stakers returns to the other recipients when it is collected.
    home.json_of(&["tip", "10", "--as", "ben"]);
    home.json_of(&["unstake", "20", "--as", "ana"]);
    home.output_of(&["chain", "time", "+1d"]);
    let of_mira = || amount(&home.json_of(&["status", "mira"])["report"]["income_to_claim"][0]["amount"]);
    let before = of_mira();
    let collected = home.json_of(&["collect", "--as", "mira"]);
    let titles: Vec<_> =
        collected["events"].as_array().expect("events").iter().map(|event| event["title"].clone()).collect();
    assert!(
        titles.iter().any(|title| title == "income of a day without stakers, returned to the other recipients"),
        "{titles:?}"
    );
    assert!(of_mira() > before);

    home.json_of(&["splits", "set", "mira=75%", "juno=15%", "--stakers", "10%", "--as", "mira"]);
    assert_eq!(home.json_of(&["splits"])["report"]["stakers"], 1_000);
    home.json_of(&["splits", "set", "mira=100%", "--as", "mira"]);
    assert_eq!(home.json_of(&["splits"])["report"].get("stakers"), None);
}

#[test]
fn what_is_missing_for_access_is_said() {
    let home = ChainFolder::launched();
    let answer = home.json_of(&["check", "Studio diary", "--as", "ana"])["report"].clone();
    assert_eq!(answer["access"], false);
    assert_eq!(answer["any_of_these_opens_it"][1]["title"], "20 MIRA more (holds 0 MIRA)");
    home.json_of(&["subscribe", "listener", "--as", "ana"]);
    assert_eq!(home.json_of(&["check", "0", "--as", "ana"])["report"]["access"], true);
    assert_eq!(home.json_of(&["check", "--as", "ben"])["report"]["content"].as_array().map(Vec::len), Some(3));
}

#[test]
fn the_owner_changes_what_is_on_offer() {
    let home = ChainFolder::launched();
    home.json_of(&["tiers", "add", "Patron", "--price", "50", "--period", "30d", "--level", "3", "--as", "mira"]);
    home.json_of(&["tiers", "change", "patron", "--price", "60", "--seats", "1", "--as", "mira"]);
    home.json_of(&["members", "grant", "finn", "Patron", "30d", "--as", "mira"]);
    assert_eq!(home.error_of(&["subscribe", "Patron", "--as", "ana"])["name"], "SoldOut");
    home.json_of(&["members", "revoke", "finn", "--as", "mira"]);
    home.json_of(&["subscribe", "Patron", "--as", "ana"]);
    home.json_of(&["members", "end", "ana", "--as", "mira"]);
    moves(&home, "ana", &["withdraw"], |done| amount(&done["quote"]["refunds"][0]["amount"]) as i128);

    home.json_of(&["splits", "set", "mira=50%", "ana=49.99%", "ben=1bp", "--as", "mira"]);
    let shares = home.json_of(&["splits"])["report"]["shares"].clone();
    assert_eq!([&shares[0]["share"], &shares[1]["share"], &shares[2]["share"]], [5_000, 4_999, 1]);
    home.json_of(&["splits", "lock", "180d", "--as", "mira"]);
    assert_eq!(home.error_of(&["splits", "set", "mira=100%", "--as", "mira"])["name"], "SplitsLocked");

    home.json_of(&["pause", "--as", "mira"]);
    for arguments in [&["buy", "1"][..], &["tip", "1"], &["subscribe", "0"]] {
        assert_eq!(home.error_of(&[arguments, &["--as", "ana"]].concat())["name"], "Paused");
    }
    home.json_of(&["resume", "--as", "mira"]);
    home.json_of(&["buy", "2", "--as", "ana"]);

    // If the vault refuses, the allowance is restored, so that the next stake has the same quote as the first.
    home.json_of(&["pause", "--as", "mira"]);
    let refused = home.run(&["stake", "1", "--as", "ana", "--yes", "--json"]);
    let refused: Value = serde_json::from_slice(&refused.stdout).expect("one JSON document");
    assert_eq!(refused["error"]["name"], "Paused");
    home.json_of(&["resume", "--as", "mira"]);
    let staked = home.json_of(&["stake", "1", "--as", "ana"]);
    assert_eq!(amount(&staked["events"][0]["staked"]), UNIT);
}

#[test]
fn content_is_sold_for_good_and_the_money_is_income() {
    let home = ChainFolder::launched();
    let hash = "d0d38ca69dd13ac9ae492c6148b80e1fe524898befa43a701814e0ab47a6b5ab";
    let key = "age1v3z5qlwuel0yfrps03enxzundx5e9n5hg3zqz3wzua5jl4vjfeksmue6j9";
    let file = ["--uri", "https://mira.example/album.age", "--hash", hash, "--public-key", key];
    home.json_of(&["managers", "add", "juno", "--as", "mira"]);
    home.json_of(&[&["publish", "Album"], &file[..], &["--price", "3", "--as", "juno"]].concat());
    assert_eq!(home.error_of(&["purchase", "0", "--as", "ana"])["name"], "NotForSale");
    let error = home.error_of(&["purchase", "Album", "--max-price", "2", "--as", "ana"]);
    assert!(error["message"].as_str().expect("words").contains("is 3 UNIT now, and --max-price is 2 UNIT"), "{error}");
    moves(&home, "ana", &["purchase", "album"], |done| -(amount(&done["quote"]["price"]) as i128));
    assert_eq!(home.json_of(&["check", "album", "--as", "ana"])["report"]["because"], "it was bought");
    assert_eq!(home.json_of(&["check", "album", "--as", "ben"])["report"]["access"], false);
    home.json_of(&["content", "change", "album", "--retire", "--as", "juno"]);
    assert_eq!(home.error_of(&["purchase", "album", "--as", "ben"])["name"], "NotForSale");
    assert_eq!(home.json_of(&["content"])["report"]["content"][3]["retired"], true);
    assert_eq!(home.json_of(&["check", "album", "--as", "ana"])["report"]["access"], true);
    home.json_of(&["managers", "remove", "juno", "--as", "mira"]);
    let error = home.error_of(&["content", "change", "album", "--offer", "--as", "juno"]);
    assert_eq!(error["name"], "NotManager");
    // Juno receives 20 of 95 parts of 3 UNIT while nobody is staked.
    moves(&home, "juno", &["claim"], |_| 631_578_947_368);
}

#[test]
fn published_content_is_found_by_its_title() {
    let home = ChainFolder::launched();
    let hash = "d0d38ca69dd13ac9ae492c6148b80e1fe524898befa43a701814e0ab47a6b5ab";
    let key = "age1v3z5qlwuel0yfrps03enxzundx5e9n5hg3zqz3wzua5jl4vjfeksmue6j9";
    let file = ["--uri", "https://mira.example/song.age", "--hash", hash, "--public-key", key];
    home.json_of(&[&["publish", "New song"], &file[..], &["--level", "1", "--as", "mira"]].concat());
    assert_eq!(home.json_of(&["check", "new song", "--as", "ana"])["report"]["content"], 3);
}

#[test]
fn a_launch_is_shown_before_it_happens_and_goes_on_where_it_stopped() {
    let home = ChainFolder::new();
    let file = example();
    let launch = ["launch", &argument(&file)];
    let shown = home.json_of(&[&launch[..], &["--dry-run"]].concat());
    assert!(home.error_of(&["status"])["message"].as_str().expect("words").contains("patronage launch"));
    let done = home.json_of(&launch);
    assert_eq!(shown["quote"], done["quote"]);
    let address = |document: &Value| document["quote"]["contracts"][0]["address"].clone();
    assert_eq!(done["launched"]["token"], address(&shown));

    // As after a launch that was stopped before it wrote the deployment file.
    std::fs::remove_file(home.chain().join("deployment.json")).expect("it was written");
    let again = home.json_of(&launch);
    assert_eq!(again["launched"]["token"], done["launched"]["token"]);
    assert_eq!(again["cost"]["storage_deposit"], "0");
    assert_eq!(home.json_of(&["status"])["report"]["content_count"], 3);

    let error = home.error_of(&[&launch[..], &["--salt", "2"]].concat());
    assert!(error["message"].as_str().expect("words").contains("another launch"), "{error}");
    let second = home.chain().join("second.json");
    let second = ["--salt", "2", "--deployment", &argument(&second)];
    home.json_of(&[&launch[..], &second].concat());
}

#[test]
fn help_and_completions_name_every_command() {
    let home = ChainFolder::new();
    let help = home.output_of(&["--help"]);
    let script = home.output_of(&["completions", "bash"]);
    for name in [
        "launch",
        "status",
        "buy",
        "sell",
        "send",
        "send-many",
        "burn",
        "allowance",
        "vesting",
        "tip",
        "subscribe",
        "top-up",
        "switch",
        "cancel",
        "stake",
        "unstake",
        "withdraw",
        "check",
        "purchase",
        "publish",
        "rotate",
        "serve",
        "unlock",
        "content",
        "lists",
        "managers",
        "collect",
        "claim",
        "splits",
        "tiers",
        "members",
        "fees",
        "pause",
        "resume",
        "owner",
        "statement",
        "history",
        "top",
        "chain",
    ] {
        assert!(help.contains(&format!("\n  {name} ")) && script.contains(name), "{name}");
        assert!(home.output_of(&[name, "--help"]).contains("Usage: patronage"), "{name}");
    }
    let pages = home.path("pages");
    home.output_of(&["man", &argument(&pages)]);
    assert!(pages.join("patronage-subscribe.1").exists());
    assert!(!home.chain().exists(), "asking for help made a chain");
}
