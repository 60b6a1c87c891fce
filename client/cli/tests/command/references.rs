//! References to tiers and content: names take precedence over numbers, ambiguous ones are refused, and names are unique.

use std::path::PathBuf;

use test_kit::command::{argument, ChainFolder, Shell};

const TOKEN: &str = "[creator]\naccount = \"mira\"\n[token]\nname = \"Mira\"\nsymbol = \"MIRA\"\nbase_price = 1\n";

/// A launch file in `home` with tiers of these names, at prices 1, 2 and so on.
fn launch_file(home: &ChainFolder, tiers: &[&str]) -> PathBuf {
    let tier = |(price, name): (usize, &&str)| {
        format!("[[tiers]]\nname = '{name}'\nprice = {price}\nperiod = \"30d\"\nlevel = 1\n")
    };
    let tiers: String = (1..).zip(tiers).map(tier).collect();
    let path = home.path("launch.toml");
    std::fs::write(&path, format!("{TOKEN}{tiers}")).expect("a new folder");
    path
}

fn launched_with(tiers: &[&str]) -> ChainFolder {
    let home = ChainFolder::new();
    let path = launch_file(&home, tiers);
    home.output_of(&["launch", &argument(&path), "--yes"]);
    home
}

/// Writes these names into the deployment file.
fn rename(home: &ChainFolder, list: &str, names: &[&str]) {
    let path = home.chain().join("deployment.json");
    let text = std::fs::read_to_string(&path).expect("it was launched");
    let mut file: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    file[list] = names.into();
    std::fs::write(&path, file.to_string()).expect("it can be written");
}

/// Publishes content for everyone under these titles.
fn publish(home: &ChainFolder, titles: &[&str]) {
    let file = home.path("song");
    std::fs::write(&file, "la").expect("a new folder");
    for title in titles {
        home.json_of(&["publish", &argument(&file), "--title", title, "--everyone", "--as", "mira"]);
    }
}

#[track_caller]
fn refused(home: &ChainFolder, arguments: &[&str], reasons: &[&str]) {
    let error = home.error_of(arguments);
    let words = error["message"].as_str().expect("words");
    for reason in reasons {
        assert!(words.contains(reason), "{arguments:?}: expected {reason} in: {words}");
    }
}

#[test]
fn a_tier_is_the_one_of_that_name_before_the_one_of_that_number() {
    let home = launched_with(&["1", "2", "Gold"]);
    for (text, tier) in
        [("1", "#0 \"1\""), ("#1", "#1 \"2\""), ("2", "#1 \"2\""), ("#2", "#2 \"Gold\""), ("gold", "#2")]
    {
        let quote = &home.json_of(&["subscribe", text, "--as", "ben", "--dry-run"])["quote"];
        let title = quote["title"].as_str().expect("words");
        assert!(title.starts_with(&format!("subscribe to tier {tier}")), "{text}: {title}");
    }
    refused(&home, &["subscribe", "#3", "--as", "ben"], &["there is no tier #3", "`patronage tiers`"]);
    // Every command with a tier resolves it in the same way.
    for arguments in [
        &["tiers", "change", "1", "--price", "9", "--as", "mira"][..],
        &["members", "grant", "ana", "1", "30d", "--as", "mira"],
        &["subscribe", "1", "--for", "cleo", "--as", "ben"],
        &["switch", "1", "--pay", "9", "--as", "cleo"],
    ] {
        let quote = &home.json_of(arguments)["quote"];
        let title = quote["title"].as_str().expect("words");
        assert!(title.contains("#0 \"1\""), "{arguments:?}: {title}");
    }
}

#[test]
fn content_is_found_by_a_title_of_digits_and_of_any_letters() {
    let home = ChainFolder::launched();
    publish(&home, &["1984", "Hello, Goodbye", "Caf\u{e9}", "She said \"hi\", twice", "level 2"]);
    for (text, id) in [
        ("1984", 3),
        ("hello, goodbye", 4),
        ("CAFE\u{301}", 5),
        ("#5", 5),
        ("5", 5),
        ("she said \"hi\", twice", 6),
        ("Level  2", 7),
    ] {
        let report = &home.json_of(&["check", text, "--as", "ana"])["report"];
        assert_eq!(report["content"], id, "{text}");
    }
    for (rule, id) in [
        ("bought 1984", 3),
        ("bought \"Hello, Goodbye\"", 4),
        ("bought #4, level 1", 4),
        ("level 1, bought \"She said \"\"hi\"\", twice\"", 6),
        ("bought level 2, holds 1", 7),
    ] {
        let quote = &home.json_of(&["content", "change", "0", "--rule", rule, "--as", "mira", "--dry-run"])["quote"];
        let opens = quote["opens_to"].as_str().expect("words");
        assert!(opens.contains(&format!("bought #{id} ")), "{rule}: {opens}");
    }
    for (rule, reason) in [
        ("bought Hello, Goodbye", "there is no content \"Hello\""),
        ("bought Caf\u{e9}, Goodbye", "write a title that contains a comma in double quotes"),
        ("bought \"Hello, Goodbye", "a quote is not closed"),
        ("bought \"Hello\" again", "write a quote inside a title twice"),
        ("bought #8", "there is no content #8"),
    ] {
        refused(&home, &["content", "change", "0", "--rule", rule, "--as", "mira"], &[reason]);
    }
}

#[test]
fn what_could_be_several_is_refused_with_all_of_them() {
    let home = ChainFolder::launched();
    // Deployment files of other creators may have such names.
    rename(&home, "content", &["Song", "Diary", "song"]);
    rename(&home, "tiers", &["Gold", "GOLD"]);
    let contents: &[&str] = &["#0 \"Song\" and #2 \"song\"", "write a number, such as 0"];
    refused(&home, &["check", "Song", "--as", "ana"], contents);
    refused(&home, &["purchase", "SONG", "--as", "ana"], contents);
    refused(&home, &["content", "change", "song", "--everyone", "--as", "mira"], contents);
    refused(&home, &["content", "change", "1", "--rule", "bought song", "--as", "mira"], contents);
    refused(&home, &["rotate", "song", "Cargo.toml", "--as", "mira"], contents);
    refused(&home, &["unlock", "song", "--gateway", "http://127.0.0.1:1", "--as", "ana"], contents);
    let tiers: &[&str] = &["#0 \"Gold\" and #1 \"GOLD\"", "write a number, such as 0"];
    refused(&home, &["subscribe", "gold", "--as", "ana"], tiers);
    refused(&home, &["tiers", "change", "Gold", "--close", "--as", "mira"], tiers);
    refused(&home, &["members", "grant", "ana", "Gold", "30d", "--as", "mira"], tiers);
    refused(&home, &["collect", "gold", "--as", "mira"], tiers);
    assert_eq!(home.json_of(&["check", "#2", "--as", "ana"])["report"]["content"], 2);
}

#[test]
fn names_that_would_be_ambiguous_are_refused_where_they_are_made() {
    let home = ChainFolder::launched();
    let add =
        |name: &'static str| ["tiers", "add", name, "--price", "1", "--period", "30d", "--level", "1", "--as", "mira"];
    for (name, reason) in [
        ("LISTENER", "it is taken by tier #0 \"Listener\""),
        ("\u{ff2c}istener", "it is taken by tier #0 \"Listener\""),
        ("#1", "reads as the number 1"),
        ("", "must not be empty"),
        (" ", "must not be empty"),
        ("Gold ", "begins or ends with a space"),
        ("Go\nld", "control character"),
    ] {
        refused(&home, &add(name), &[reason]);
    }
    let file = home.path("Studio Diary.txt");
    std::fs::write(&file, "dear").expect("a new folder");
    let file = file.to_str().expect("text");
    for title in ["Studio diary", "STUDIO DIARY"] {
        refused(
            &home,
            &["publish", file, "--title", title, "--everyone", "--as", "mira"],
            &["it is taken by content #0 \"Studio diary\"", "choose another name"],
        );
    }
    refused(&home, &["publish", file, "--everyone", "--as", "mira"], &["it is taken by content #0 \"Studio diary\""]);
    assert!(!home.chain().join("content").exists(), "something was encrypted for nothing");

    let other = ChainFolder::new();
    other.output_of(&["chain", "time"]);
    for (tiers, reason) in
        [(&["Gold", "gold"][..], "it is taken by tier #0 \"Gold\""), (&["#1"], "reads as the number")]
    {
        let path = launch_file(&other, tiers);
        refused(&other, &["launch", &argument(&path)], &["launch.toml: tiers: ", reason]);
    }
}

#[test]
fn a_tier_that_others_have_added_has_no_name_here_and_is_no_other() {
    let home = ChainFolder::launched();
    let path = home.chain().join("deployment.json");
    let before = std::fs::read(&path).expect("it was launched");
    let add = |name: &str| {
        home.json_of(&["tiers", "add", name, "--price", "3", "--period", "30d", "--level", "1", "--as", "mira"]);
    };
    add("Elsewhere");
    // As if it was added with another copy of the file.
    std::fs::write(&path, before).expect("it can be written");
    add("2");
    let title = |text| {
        home.json_of(&["subscribe", text, "--as", "ben", "--dry-run"])["quote"]["title"]
            .as_str()
            .expect("words")
            .to_owned()
    };
    let note = &home.json_of(&["tiers", "add", "0", "--price", "3", "--period", "30d", "--level", "1", "--as", "mira"])
        ["quote"];
    assert_eq!(note["note"], "\"0\" refers to this one from now on; use '#0' for #0 \"Listener\"");
    assert_eq!(title("#0"), "subscribe to tier #0 \"Listener\"");
    assert_eq!(title("0"), "subscribe to tier #4 \"0\"");
    assert_eq!(title("#2"), "subscribe to tier #2");
    assert_eq!(title("2"), "subscribe to tier #3 \"2\"");
}

#[test]
fn a_list_can_be_numbered_with_a_sign() {
    let home = ChainFolder::launched();
    home.json_of(&["lists", "add", "#7", "ana", "--as", "mira"]);
    assert_eq!(home.json_of(&["lists", "show", "7", "ana"])["report"]["accounts"][0]["listed"], true);
    refused(&home, &["lists", "add", "ana", "ben", "--as", "mira"], &["is not a number"]);
}
