//! Content from a creator's file to a fan's file, through the gateway.

use std::{fs, os::unix::fs::PermissionsExt, process::Command};

use test_kit::command::{argument, example, text, ChainFolder, Shell};

const WORDS: &[u8] = b"the words that fans pay for";

#[test]
fn each_rule_opens_content_to_whom_it_names() {
    let home = ChainFolder::launched();
    let song = home.file("song.mp3", WORDS);
    let publish = |title: &str, terms: &[&str]| {
        home.json_of(&[&["publish", &song, "--title", title, "--as", "mira"], terms].concat());
    };
    publish("Album", &["--price", "3"]);
    for (title, rule) in [
        ("Wallet", "holds 5"),
        ("Stake", "staked 5"),
        ("Both", "holds-or-staked 8"),
        ("Level", "level 1"),
        ("Grace", "level 1 grace 3d"),
        ("Loyal", "level 1, loyal 20d"),
        ("Tipped", "tipped 2"),
        ("Bought", "bought Album"),
        ("Listed", "listed 7"),
        ("Two", "level 1, tipped 1"),
    ] {
        publish(title, &["--rule", rule]);
    }
    publish("Later", &["--rule", "after 25d"]);
    publish("Either", &["--rule", "holds 900", "--rule", "tipped 2"]);
    publish("Open", &["--everyone"]);
    publish("Release", &["--everyone", "--release", "2026-01-20"]);
    let gateway = home.gateway();
    let shut = |content: &str, name: &str, reason: &str| {
        let why = home.denial_of(&gateway, content, name);
        assert!(why.contains(reason), "{content}: {why}");
    };
    let opens = |content: &str, name: &str| assert!(home.unlock(&gateway, content, name) == WORDS, "{content}");

    opens("Open", "alice");
    shut("Wallet", "ana", "access takes 5 MIRA more (holds 0 MIRA)");
    home.json_of(&["buy", "8", "--as", "ana"]);
    opens("Wallet", "ana");
    shut("Stake", "ana", "5 MIRA more staked");
    home.json_of(&["stake", "5", "--as", "ana"]);
    opens("Stake", "ana");
    shut("Wallet", "ana", "2 MIRA more");
    opens("Both", "ana");
    shut("Both", "ben", "8 MIRA more, held or staked");

    shut("Tipped", "ben", "2 UNIT more in tips");
    shut("Either", "ben", "900 MIRA more (holds 0 MIRA); or 2 UNIT more in tips");
    home.json_of(&["tip", "2", "--as", "ben"]);
    opens("Tipped", "ben");
    opens("Either", "ben");
    shut("Two", "ben", "a subscription at level 1");

    shut("Album", "cleo", "a purchase, for 3 UNIT");
    shut("Bought", "cleo", "a purchase, for 3 UNIT");
    home.json_of(&["purchase", "Album", "--as", "cleo"]);
    opens("Album", "cleo");
    opens("Bought", "cleo");

    shut("Listed", "dana", "an entry on the creator's list");
    home.json_of(&["lists", "add", "7", "dana", "elia", "--as", "mira"]);
    opens("Listed", "dana");
    home.json_of(&["lists", "remove", "7", "dana", "--as", "mira"]);
    shut("Listed", "dana", "an entry on the creator's list");

    shut("Level", "finn", "a subscription at level 1");
    home.json_of(&["subscribe", "Listener", "--as", "finn"]);
    home.json_of(&["subscribe", "Listener", "--as", "ben"]);
    opens("Level", "finn");
    opens("Two", "ben");
    shut("Loyal", "finn", "of subscription without a gap");
    shut("Later", "finn", "to wait");
    shut("Release", "finn", "to wait");
    home.output_of(&["chain", "time", "+21d"]);
    opens("Loyal", "finn");
    opens("Release", "finn");
    shut("Later", "finn", "to wait");
    home.output_of(&["chain", "time", "+10d"]);
    opens("Later", "finn");
    shut("Level", "finn", "a subscription at level 1 (the last one has ended)");
    opens("Grace", "finn");
    home.output_of(&["chain", "time", "+3d"]);
    shut("Grace", "finn", "a subscription at level 1 (the last one has ended)");
}

#[test]
fn who_cancels_is_refused_from_that_moment_and_keeps_what_age_opens() {
    let home = ChainFolder::launched();
    // More than one chunk of age, and not a multiple of the chunk size.
    let bytes: Vec<u8> = (0..200_001_u32).map(|index| (index % 251) as u8).collect();
    let diary = home.file("Studio diary, part 2.wav", &bytes);
    home.json_of(&["publish", &diary, "--rule", "level 1", "--as", "mira"]);
    let gateway = home.gateway();
    let title = "Studio diary, part 2";
    assert!(home.denial_of(&gateway, title, "ana").contains("a subscription at level 1"));

    home.json_of(&["subscribe", "Listener", "--as", "ana"]);
    let (out, key) = (argument(&home.path("diary.wav")), home.path("diary.key"));
    let identity = argument(&key);
    let unlock = ["unlock", title, "--gateway", &gateway.url, "--out", &out, "--identity", &identity, "--as", "ana"];
    let told = home.json_of(&unlock);
    assert_eq!(told["report"]["bytes"], 200_001);
    assert!(fs::read(&out).expect("it was written") == bytes);
    assert_eq!(key.metadata().expect("it was written").permissions().mode() & 0o777, 0o600);
    let error = home.error_of(&unlock);
    assert!(error["message"].as_str().expect("words").contains("exists already"), "{error}");

    home.json_of(&["cancel", "--as", "ana"]);
    let error = home.error_of(&["unlock", title, "--gateway", &gateway.url, "--out", "/dev/shm/never", "--as", "ana"]);
    assert_eq!(error["kind"], "refused", "{error}");
    assert_eq!(error["name"], "NoAccess", "{error}");
    let encrypted = home.encrypted("Studio-diary--part-2.wav.age");
    let opened = Command::new("age").arg("-d").arg("-i").arg(&key).arg(encrypted).output();
    assert!(opened.expect("age is installed: scripts/setup").stdout == bytes);

    let log = gateway.stop();
    assert!(log.contains("stopped") && !log.contains("AGE-SECRET-KEY"), "{log}");
}

#[test]
fn a_new_key_is_for_new_readers_and_the_old_one_opens_the_old_file() {
    let home = ChainFolder::launched();
    let song = home.file("song", WORDS);
    home.json_of(&["publish", &song, "--everyone", "--as", "mira"]);
    let gateway = home.gateway();
    let identity = |name: &str| {
        let (out, key) = (argument(&home.path(&format!("{name}.out"))), argument(&home.path(name)));
        home.json_of(&["unlock", "song", "--gateway", &gateway.url, "--out", &out, "--identity", &key, "--as", "ana"]);
        key
    };
    let old = identity("old");
    let again = home.file("again", b"other words");
    let error = home.error_of(&["rotate", "song", &again, "--as", "ana"]);
    assert_eq!(error["name"], "NotManager");
    let told = home.json_of(&["rotate", "song", &again, "--as", "mira"]);
    assert_eq!(told["events"][0]["title"], "new file and key");
    assert_eq!(home.unlock(&gateway, "song", "ben"), b"other words");

    let new = identity("new");
    let age = |key: &str, file: &str| {
        let opened = Command::new("age").args(["-d", "-i", key]).arg(home.encrypted(file)).output();
        opened.expect("age is installed: scripts/setup").stdout
    };
    assert_eq!(age(&old, "song.age"), WORDS.to_vec());
    assert_eq!(age(&new, "again.age"), b"other words".to_vec());
    assert!(age(&old, "again.age").is_empty() && age(&new, "song.age").is_empty());
}

#[test]
fn what_the_chain_would_refuse_is_refused_before_anything_is_encrypted() {
    let home = ChainFolder::launched();
    let song = home.file("song", WORDS);
    for (arguments, reason) in [
        (vec!["--rule", "level 1", "--as", "ana"], "only the owner"),
        (vec!["--rule", "level 0", "--as", "mira"], "asks for level 0"),
        (vec!["--rule", "holds 0", "--as", "mira"], "an amount of 0"),
        (vec!["--rule", "levels 1", "--as", "mira"], "not a condition"),
        (vec!["--rule", "", "--as", "mira"], "not a condition"),
        (vec!["--rule", "level 1,", "--as", "mira"], "not a condition"),
        (vec!["--rule", "level 300", "--as", "mira"], "\"300\" is not a level"),
        (vec!["--rule", "bought Nothing", "--as", "mira"], "there is no content \"Nothing\""),
        (vec!["--rule", "after soon", "--as", "mira"], "\"soon\" is not a time"),
        (vec!["--rule", "level 1 at ana", "--as", "mira"], "is not an address"),
        (vec!["--rule", "level 1", "--release", "7", "--as", "mira"], "--release"),
        (vec!["--everyone", "--rule", "level 1", "--as", "mira"], "cannot be used with"),
        (vec!["--as", "mira"], "--everyone"),
    ] {
        let output = home.run(&[&["publish", &song, "--yes"], &arguments[..]].concat());
        let words = text(&output.stderr);
        assert!(!output.status.success() && words.contains(reason), "{arguments:?}: {words}");
    }
    let error = home.error_of(&["publish", "/nonexistent/song", "--everyone", "--as", "mira"]);
    assert!(error["message"].as_str().expect("words").contains("/nonexistent/song is not a regular file"), "{error}");
    let asked = home.run(&["publish", &song, "--everyone", "--as", "mira"]);
    assert!(text(&asked.stderr).contains("needs a terminal"));
    let shown = home.json_of(&["publish", &song, "--rule", "level 2, loyal 30d", "--dry-run", "--as", "mira"]);
    assert_eq!(shown["quote"]["opens_to"], "level 2, level 1 loyal 30 d");
    assert!(!home.chain().join("keys").exists() && !home.chain().join("content").exists());
    assert_eq!(home.json_of(&["status"])["report"]["content_count"], 3);
}

#[test]
fn a_failed_publish_keeps_the_encrypted_file_and_resumes() {
    let home = ChainFolder::launched();
    let song = home.file("song", WORDS);
    // The next state can't be written, so the transaction fails after everything else.
    let mut publish = home.command(&["publish", &song, "--everyone", "--yes", "--as", "mira"]);
    fs::create_dir(home.chain().join("chain.state.next")).expect("a new folder");
    let words = publish.output().expect("the command starts").stderr;
    let words = text(&words);
    fs::remove_dir(home.chain().join("chain.state.next")).expect("it was made");
    assert_eq!(home.json_of(&["status"])["report"]["content_count"], 3, "{words}");

    let command = words.split('`').nth(1).unwrap_or_else(|| panic!("no command to go on with: {words}"));
    let arguments: Vec<&str> = command.split(' ').skip(1).map(|word| word.trim_matches('"')).collect();
    home.json_of(&[&arguments[..], &["--everyone", "--as", "mira"]].concat());
    let gateway = home.gateway();
    assert_eq!(home.unlock(&gateway, "song", "ana"), WORDS);
}

#[test]
fn rules_and_release_can_be_changed() {
    let home = ChainFolder::launched();
    let song = home.file("song", WORDS);
    home.json_of(&["publish", &song, "--rule", "level 1", "--as", "mira"]);
    let gateway = home.gateway();
    home.json_of(&["tip", "1", "--as", "ana"]);
    assert!(home.denial_of(&gateway, "song", "ana").contains("level 1"));
    let change = |terms: &[&str]| home.json_of(&[&["content", "change", "song", "--as", "mira"], terms].concat());
    change(&["--rule", "tipped 1", "--rule", "holds 5", "--release", "7d"]);
    let why = home.denial_of(&gateway, "song", "ana");
    assert!(why.contains("5 MIRA more") && why.contains("to wait"), "{why}");
    change(&["--release", "none"]);
    assert_eq!(home.unlock(&gateway, "song", "ana"), WORDS);
    change(&["--everyone"]);
    assert_eq!(home.unlock(&gateway, "song", "ben"), WORDS);
}

#[test]
fn a_gateway_says_what_it_can_not_serve() {
    let home = ChainFolder::launched();
    let song = home.file("song", WORDS);
    home.json_of(&["publish", &song, "--everyone", "--as", "mira"]);
    let gateway = home.gateway();
    // The example's content was encrypted elsewhere.
    let incomplete = gateway.report["incomplete"].as_array().expect("some are").clone();
    assert_eq!(incomplete.len(), 3);
    assert_eq!(incomplete[0]["because"], "its key is missing");
    assert!(home.denial_of(&gateway, "First single", "ana").contains("key"));

    fs::set_permissions(home.chain().join("keys"), fs::Permissions::from_mode(0o755)).expect("ours");
    let error = home.error_of(&["serve", "--listen", "127.0.0.1:0"]);
    assert!(error["message"].as_str().expect("words").contains("chmod 700"), "{error}");
}

#[test]
fn changed_file_foreign_gateway_and_lost_chain_open_nothing() {
    let home = ChainFolder::launched();
    let song = home.file("song", WORDS);
    home.json_of(&["publish", &song, "--everyone", "--as", "mira"]);
    let gateway = home.gateway();
    assert_eq!(home.unlock(&gateway, "song", "ana"), WORDS);

    let encrypted = home.encrypted("song.age");
    let good = fs::read(&encrypted).expect("it was published");
    let mut changed = good.clone();
    changed[good.len() / 2] ^= 1;
    fs::write(&encrypted, changed).expect("ours");
    assert!(home.denial_of(&gateway, "song", "ana").contains("is not the published one"));
    fs::write(&encrypted, good).expect("ours");

    // The same contracts at the same addresses, on another chain.
    let other = ChainFolder::new();
    let example = argument(&example());
    other.json_of(&["launch", &example]);
    let file = other.file("song", b"other words");
    other.json_of(&["publish", &file, "--everyone", "--as", "mira"]);
    let stranger = other.gateway();
    let why = home.denial_of(&stranger, "song", "ana");
    assert!(why.contains("another chain") && why.contains("nothing was signed"), "{why}");

    let (state, hidden) = (home.chain().join("chain.state"), home.path("hidden"));
    fs::copy(&state, &hidden).expect("ours");
    fs::write(&state, b"no chain at all").expect("ours");
    let client = patronage_gateway::client::Client::new(&gateway.url).expect("its address");
    assert_eq!(client.health().expect("it answers").status, "unreachable");
    fs::copy(&hidden, &state).expect("ours");
    assert_eq!(home.unlock(&gateway, "song", "ana"), WORDS);
}
