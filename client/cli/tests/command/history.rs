//! Members, statements and histories from the index.

use std::fs;

use serde_json::Value;
use test_kit::command::{argument, ChainFolder, Shell};

/// The rows of a command's table.
fn rows(home: &ChainFolder, arguments: &[&str], name: &str) -> Vec<Value> {
    home.json_of(arguments)[name].as_array().expect("a list").clone()
}

/// The addresses in the column `name` of `rows`.
fn column(rows: &[Value], name: &str) -> Vec<String> {
    rows.iter().map(|row| row[name].as_str().unwrap_or_default().to_owned()).collect()
}

/// The address of a development account.
fn address(name: &str) -> String {
    patronage_chain::accounts::address(&patronage_chain::accounts::account(name).expect("a name"))
}

fn home() -> ChainFolder {
    let home = ChainFolder::launched();
    home.json_of(&["subscribe", "Listener", "--as", "ben"]);
    home.json_of(&["subscribe", "Backstage", "--for", "cleo", "--as", "ana"]);
    home.json_of(&["members", "grant", "finn", "Listener", "5d", "--as", "mira"]);
    home.json_of(&["tip", "2", "--memo", "more", "--as", "ana"]);
    home.json_of(&["tip", "3", "--as", "ben"]);
    home.json_of(&["buy", "50", "--as", "ana"]);
    home
}

#[test]
fn members_are_listed_by_tier_end_payment_and_state() {
    let home = home();
    let all = rows(&home, &["members", "list"], "members");
    assert_eq!(column(&all, "fan"), ["finn", "ben", "cleo"].map(address), "who ends first comes first");
    assert_eq!(column(&all, "state"), ["granted", "paid", "gift"]);
    let listed = rows(&home, &["members", "list", "--tier", "Listener"], "members");
    assert_eq!(column(&listed, "fan"), ["finn", "ben"].map(address));
    let soon = rows(&home, &["members", "list", "--expiring", "7d"], "members");
    assert_eq!(column(&soon, "fan"), [address("finn")]);
    let paid = rows(&home, &["members", "list", "--sort", "paid"], "members");
    assert_eq!(column(&paid, "fan")[0], address("cleo"));
    // What the index says would come back is what comes back.
    home.output_of(&["chain", "time", "+10d"]);
    let ben = rows(&home, &["members", "list", "--tier", "Listener"], "members")[0].clone();
    assert_eq!(ben["refundable"], home.json_of(&["cancel", "--as", "ben", "--dry-run"])["quote"]["refund"]);
    home.json_of(&["cancel", "--as", "ben"]);
    let former = rows(&home, &["members", "list", "--lapsed"], "members");
    assert_eq!(column(&former, "fan"), ["finn", "ben"].map(address));
    assert_eq!(column(&former, "state"), ["expired", "cancelled by the fan"]);
    assert!(home.text_of(&["members", "list"]).contains("cleo"));
}

#[test]
fn a_statement_tells_what_came_in_and_what_was_paid_out() {
    let home = home();
    home.json_of(&["content", "change", "2", "--rule", "level 1", "--price", "3", "--as", "mira"]);
    home.json_of(&["purchase", "2", "--as", "ben"]);
    home.output_of(&["chain", "time", "+30d"]);
    home.json_of(&["collect", "--as", "mira"]);
    home.json_of(&["claim", "--as", "mira"]);
    let all = rows(&home, &["statement"], "statement");
    let of = |what: &str| all.iter().filter(|row| row["what"] == what).cloned().collect::<Vec<_>>();
    let tips = of("tip");
    assert_eq!(column(&tips, "amount"), ["2000000000000", "3000000000000"]);
    assert_eq!(tips[0]["note"], "more");
    assert_eq!(tips[0]["currency"], "UNIT");
    assert!(tips[0]["token"].is_null());
    let bought = of("tokens bought");
    assert!(
        bought[0]["amount"].is_null() && bought[0]["fee"].is_string() && bought[0]["paid"].is_string(),
        "{bought:?}"
    );
    let purchase = of("content bought");
    assert_eq!(purchase[0]["account"], address("ben"));
    assert!(purchase[0]["title"].as_str().is_some_and(|title| title.starts_with("#2")), "{purchase:?}");
    assert!(of("claimed")[0]["amount"].as_str().is_some_and(|amount| amount.starts_with('-')));
    // The months add up to the same.
    let sum =
        |rows: &[Value]| -> i128 { rows.iter().filter_map(|row| row["amount"].as_str()?.parse::<i128>().ok()).sum() };
    assert_eq!(sum(&rows(&home, &["statement", "--by", "month"], "statement")), sum(&all));
    assert_eq!(sum(&rows(&home, &["statement", "--by", "day"], "statement")), sum(&all));
    let january = rows(&home, &["statement", "--from", "2026-01-01", "--to", "2026-01-02"], "statement");
    assert!(!january.is_empty() && january.len() < all.len());
    // A file that a spreadsheet reads as UTF-8.
    let file = home.path("income.csv");
    home.output_of(&["statement", "--csv", "--bom", "--out", &argument(&file)]);
    assert!(fs::read(&file).expect("it was written").starts_with("\u{feff}time,block,".as_bytes()));
}

#[test]
fn the_history_of_an_account_names_what_it_did_and_got() {
    let home = home();
    let ana = rows(&home, &["history", "ana"], "history");
    assert_eq!(column(&ana, "what"), ["tokens bought", "tip", "subscribed"], "the newest comes first");
    assert_eq!(column(&rows(&home, &["history", "cleo"], "history"), "what"), ["subscribed"]);
    assert!(rows(&home, &["history", "juno"], "history").is_empty());
    assert_eq!(rows(&home, &["history", "ana", "--limit", "1"], "history").len(), 1);
}

#[test]
fn the_largest_tippers_holders_and_stakers_come_first() {
    let home = home();
    home.json_of(&["buy", "10", "--as", "ben"]);
    home.json_of(&["stake", "4", "--as", "ben"]);
    home.json_of(&["tip", "1", "--in-tokens", "--as", "ana"]);
    assert_eq!(column(&rows(&home, &["top", "tippers"], "tippers"), "account"), ["ben", "ana"].map(address));
    let in_tokens = rows(&home, &["top", "tippers", "--in-tokens"], "tippers");
    assert_eq!(column(&in_tokens, "account"), [address("ana")]);
    let holders = rows(&home, &["top", "holders"], "holders");
    assert_eq!(column(&holders, "account")[..2], ["ana", "ben"].map(address));
    let stakers = rows(&home, &["top", "stakers"], "stakers");
    assert_eq!(column(&stakers, "amount"), ["4000000000000"]);
}

#[test]
fn an_index_is_made_again_and_named_if_it_is_none() {
    let home = home();
    let index = home.path("index.sqlite");
    let list = ["members", "list", "--index", &argument(&index)];
    let before = home.json_of(&list);
    fs::remove_file(&index).expect("it was made");
    assert_eq!(home.json_of(&list), before);
    fs::write(&index, b"no database, but a file of some length, as SQLite would say").expect("it can be written");
    for suffix in ["-wal", "-shm"] {
        fs::remove_file(home.path(&format!("index.sqlite{suffix}"))).unwrap_or(());
    }
    let error = home.error_of(&list)["message"].clone();
    assert!(error.as_str().is_some_and(|words| words.contains("is damaged or no index")), "{error}");
    let error =
        home.error_of(&["members", "list", "--index", "postgres://mira:secret@127.0.0.1:1/none"])["message"].clone();
    let words = error.as_str().expect("words");
    assert!(words.contains("does not answer") && !words.contains("secret"), "{words}");
}
