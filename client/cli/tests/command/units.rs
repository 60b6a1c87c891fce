//! Amounts, shares and durations need units everywhere. Ambiguous input is refused.

use test_kit::command::{argument, example, ChainFolder, Shell};

/// A command line with a `?` in place of a value with a unit.
type Position = &'static [&'static str];

const DURATIONS: [Position; 14] = [
    &["tiers", "add", "T", "--price", "1", "--period", "?", "--level", "1", "--as", "mira"],
    &["subscribe", "0", "--last", "?", "--as", "ana"],
    &["top-up", "--last", "?", "--as", "ben"],
    &["members", "grant", "ana", "0", "?", "--as", "mira"],
    &["splits", "lock", "?", "--as", "mira"],
    &["chain", "time", "+?"],
    &["vesting", "grant", "juno", "1", "--end", "?", "--as", "ana"],
    &["vesting", "grant", "juno", "1", "--start", "?", "--end", "300d", "--as", "ana"],
    &["vesting", "grant", "juno", "1", "--cliff", "?", "--end", "300d", "--as", "ana"],
    &["content", "change", "0", "--release", "?", "--as", "mira"],
    &["content", "change", "0", "--rule", "level 1 grace ?", "--as", "mira"],
    &["content", "change", "0", "--rule", "loyal ?", "--as", "mira"],
    &["content", "change", "0", "--rule", "level 1 loyal ?", "--as", "mira"],
    &["content", "change", "0", "--rule", "after ?", "--as", "mira"],
];

const PARTS: [Position; 4] = [
    &["fees", "lower", "--buy", "?", "--as", "mira"],
    &["fees", "lower", "--sell", "?", "--as", "mira"],
    &["splits", "set", "mira=?", "juno=20%", "--as", "mira"],
    &["splits", "set", "juno=20%", "--stakers", "?", "--as", "mira"],
];

const AMOUNTS: [Position; 12] = [
    &["buy", "?", "--as", "ana"],
    &["buy", "--spend", "?", "--as", "ana"],
    &["buy", "1", "--max-price", "?", "--as", "ana"],
    &["sell", "?", "--as", "ana"],
    &["send", "?", "ben", "--as", "ana"],
    &["send-many", "ben=?", "--as", "ana"],
    &["burn", "?", "--as", "ana"],
    &["tip", "?", "--as", "ana"],
    &["subscribe", "0", "--pay", "?", "--as", "ana"],
    &["stake", "?", "--as", "ana"],
    &["tiers", "change", "0", "--price", "?", "--as", "mira"],
    &["content", "change", "0", "--rule", "holds ?", "--as", "mira"],
];

/// The example's creator, a fan with tokens, and one with a subscription.
fn peopled() -> ChainFolder {
    let home = ChainFolder::launched();
    home.json_of(&["buy", "100", "--as", "ana"]);
    home.json_of(&["subscribe", "0", "--as", "ben"]);
    home
}

/// Uses each of `wrong` at each of `places`, which must be refused with its reason, and `right`, which must work.
#[track_caller]
fn typed(places: &[Position], wrong: &[(&str, &str)], right: &[&str]) {
    let home = peopled();
    for place in places {
        let with = |text: &str| place.iter().map(|argument| argument.replace('?', text)).collect::<Vec<_>>();
        for (text, reason) in wrong {
            let arguments = with(text);
            let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
            let error = home.error_of(&arguments);
            let words = error["message"].as_str().expect("words");
            assert!(words.contains(reason), "{arguments:?}: expected {reason} in: {words}");
        }
        for text in right {
            let arguments = with(text);
            let dry = if place.starts_with(&["chain"]) { &[][..] } else { &["--dry-run"] };
            let arguments: Vec<&str> = arguments.iter().map(String::as_str).chain(dry.iter().copied()).collect();
            home.json_of(&arguments);
        }
    }
}

#[test]
fn a_duration_carries_a_unit_that_reads_one_way_wherever_it_is_typed() {
    typed(
        &DURATIONS,
        &[
            ("1m", "it can mean minutes or months: write 1min"),
            ("1M", "it can mean minutes or months: write 1min"),
            ("2mo", "months have no fixed length: write days, such as 30d"),
            ("1y", "years have no fixed length: write days, such as 365d"),
            ("30D", "write 30d"),
        ],
        &["43200min", "30d", "29d 24h"],
    );
}

#[test]
fn a_part_carries_its_unit_wherever_it_is_typed() {
    typed(
        &PARTS[..2],
        &[("1", "write 1% (100bp), or 1bp (0.01 %)"), ("0.5", "it has no unit"), ("1pc", "2.5% or 250bp")],
        &["1%", "0.5 %", "50bp"],
    );
    typed(
        &PARTS[2..],
        &[("80", "write 80% (8000bp), or 80bp (0.8 %)"), ("8000", "write 8000bp, or 80 %")],
        &["80%", "8000bp"],
    );
}

#[test]
fn an_amount_has_no_separators_that_read_two_ways_wherever_it_is_typed() {
    typed(
        &AMOUNTS,
        &[("1.000", "it can mean 1 or 1000"), ("1.500", "it can mean 1.5 or 1500"), ("1e3", "not an amount")],
        &["5.25"],
    );
    // A comma separates conditions there.
    let (places, _) = AMOUNTS.split_at(AMOUNTS.len() - 1);
    typed(places, &[("1,000", "without separators"), ("1_000", "without separators")], &[]);
}

#[test]
fn launch_file_parts_need_a_unit_or_a_field_in_basis_points() {
    let home = ChainFolder::new();
    let text = std::fs::read_to_string(example()).expect("it is an example");
    let path = home.path("launch.toml");
    let launch = ["launch", &argument(&path), "--dry-run"];
    for (from, to) in [
        ("buy_fee = \"3%\"", "buy_fee = \"300bp\""),
        ("buy_fee = \"3%\"", "buy_fee_bp = 300"),
        ("share = \"20%\"", "share_bp = 2_000"),
    ] {
        std::fs::write(&path, text.replacen(from, to, 1)).expect("a new folder");
        let quote = &home.json_of(&launch)["quote"];
        assert_eq!(quote["buy_fee"], 300, "{to}");
        assert_eq!(quote["shares"][1]["share"], 2_000, "{to}");
    }
    std::fs::write(&path, text.replacen("buy_fee = \"3%\"", "buy_fee = 3", 1)).expect("a new folder");
    let error = home.error_of(&launch);
    assert!(error["message"].as_str().expect("words").contains("with its unit, such as \"3%\""), "{error}");
}

#[test]
fn a_period_under_a_day_is_asked_about() {
    let home = ChainFolder::launched();
    let add = |period| ["tiers", "add", "T", "--price", "5", "--period", period, "--level", "1", "--as", "mira"];
    let shown = home.output_of(&[&add("90min")[..], &["--dry-run"]].concat());
    let warning = "a fan pays 5 UNIT for every 1 h 30 min, less than a day";
    assert!(shown.contains(warning), "{shown}");
    let told = home.json_of(&add("90min"));
    assert!(told["quote"]["short_period"].as_str().is_some_and(|words| words.contains(warning)), "{told}");
    let asked = home.json_of(&["tiers", "add", "U", "--price", "5", "--period", "1d", "--level", "1", "--as", "mira"]);
    assert!(asked["quote"].get("short_period").is_none(), "{asked}");

    let home = ChainFolder::new();
    let path = home.path("launch.toml");
    let text = std::fs::read_to_string(example()).expect("it is an example");
    std::fs::write(
        &path,
        text.replacen("period = \"30d\"", "period = \"2h\"", 1).replacen("minimum_stay = \"7d\"", "", 1),
    )
    .expect("a new folder");
    let shown = home.output_of(&["launch", &argument(&path), "--dry-run"]);
    assert!(shown.contains("tier \"Listener\": a fan pays 5 UNIT for every 2 h, less than a day"), "{shown}");
}
