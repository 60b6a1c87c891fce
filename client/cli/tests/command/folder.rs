//! Chains in a folder: killed commands, concurrent commands, and damaged files.

use std::{
    fs::{self, File},
    io::{BufRead, BufReader},
    process::Stdio,
    time::Duration,
};

use test_kit::{
    command::{amount, argument, example, text, ChainFolder, Shell},
    UNIT,
};

#[test]
fn a_killed_command_loses_itself_at_most() {
    let home = ChainFolder::launched();
    let tipped = || amount(&home.json_of(&["status", "ana"])["report"]["tipped"]);
    let mut before = tipped();
    for milliseconds in (0..120).step_by(4) {
        let mut command = home.command(&["tip", "1", "--as", "ana", "--yes"]);
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("the command starts");
        std::thread::sleep(Duration::from_millis(milliseconds));
        // The command may have ended before the signal.
        let _ = child.kill();
        child.wait().expect("it has ended");
        let now = tipped();
        assert!(now == before || now == before + UNIT, "{before} became {now}");
        before = now;
    }
    home.json_of(&["tip", "1", "--as", "ana"]);
    assert_eq!(tipped(), before + UNIT);
}

#[test]
fn a_launch_killed_anywhere_can_be_run_again() {
    let file = example();
    let launch = ["launch", &argument(&file), "--yes"];
    for milliseconds in [0, 10, 25, 50, 80, 120, 180, 260] {
        let home = ChainFolder::new();
        let mut command = home.command(&launch);
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("the command starts");
        std::thread::sleep(Duration::from_millis(milliseconds));
        let _ = child.kill();
        child.wait().expect("it has ended");
        home.output_of(&launch);
        assert_eq!(home.json_of(&["status"])["report"]["content_count"], 3, "after {milliseconds} ms");
    }
}

#[test]
fn commands_at_once_wait_for_each_other_and_all_are_done() {
    let home = ChainFolder::launched();
    let tip = || {
        let mut command = home.command(&["tip", "1", "--as", "ana", "--yes"]);
        command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("the command starts")
    };
    let children: Vec<_> = (0..8).map(|_| tip()).collect();
    for child in children {
        let output = child.wait_with_output().expect("it ends");
        assert!(output.status.success(), "{}", text(&output.stderr));
    }
    assert_eq!(amount(&home.json_of(&["status", "ana"])["report"]["tipped"]), 8 * UNIT);
}

#[test]
fn a_command_that_waits_says_so() {
    let home = ChainFolder::launched();
    let lock = File::create(home.chain().join("chain.lock")).expect("it can be written");
    lock.lock().expect("nobody else has it");
    let mut command = home.command(&["chain", "time", "+1d"]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the command starts");
    let (mut said, mut stderr) = (String::new(), BufReader::new(child.stderr.take().expect("it was asked for")));
    // The line is only printed if the command waits.
    stderr.read_line(&mut said).expect("its output is text");
    assert!(said.contains("waiting"), "{said}");
    // Commands that only read do not wait.
    assert!(home.output_of(&["chain", "time"]).contains("2026-01-01"));
    drop(lock);
    assert!(child.wait().expect("it ends").success());
    assert!(home.output_of(&["chain", "time"]).contains("2026-01-02"));
}

#[test]
fn a_chain_of_another_version_is_refused() {
    let home = ChainFolder::launched();
    let path = home.chain().join("chain.state");
    let mut bytes = fs::read(&path).expect("it is there");
    bytes[16] = 7;
    fs::write(&path, bytes).expect("it can be written");
    let words = home.error_of(&["status"])["message"].as_str().expect("words").to_owned();
    assert!(words.contains("another version") && words.contains("format 7"), "{words}");
}

#[test]
fn a_damaged_chain_is_refused_and_its_state_before_is_kept() {
    let home = ChainFolder::launched();
    home.json_of(&["tip", "1", "--as", "ana"]);
    home.json_of(&["tip", "1", "--as", "ana"]);
    let (path, previous) = (home.chain().join("chain.state"), home.chain().join("chain.state.previous"));
    let bytes = fs::read(&path).expect("it is there");
    for damaged in [&bytes[..bytes.len() / 2], &[], &[&bytes[..bytes.len() - 1], &[!bytes[bytes.len() - 1]]].concat()] {
        fs::write(&path, damaged).expect("it can be written");
        let words = home.error_of(&["tip", "1", "--as", "ana"])["message"].as_str().expect("words").to_owned();
        assert!(words.contains("is damaged") && words.contains("cp "), "{words}");
    }
    fs::copy(&previous, &path).expect("the advice can be followed");
    assert_eq!(amount(&home.json_of(&["status", "ana"])["report"]["tipped"]), UNIT);

    fs::remove_file(&path).expect("it is there");
    assert!(home.error_of(&["status"])["message"]
        .as_str()
        .expect("words")
        .contains("is missing, but the state before"));
    fs::write(&path, "something else altogether").expect("it can be written");
    assert!(home.error_of(&["status"])["message"].as_str().expect("words").contains("not a chain of this command"));
}

#[test]
fn a_folder_with_other_things_in_it_is_left_alone() {
    let home = ChainFolder::new();
    fs::create_dir(home.chain()).expect("a new folder");
    fs::write(home.chain().join("diary.txt"), "dear diary").expect("it can be written");
    assert!(home.error_of(&["chain", "accounts"])["message"].as_str().expect("words").contains("contains other files"));
    assert_eq!(fs::read_dir(home.chain()).expect("it is there").count(), 1);
    let node = home.command(&["--chain", "ws://127.0.0.1:9944", "status"]).output().expect("the command starts");
    assert!(!node.status.success());
}

#[test]
fn development_accounts_have_money_and_others_can_be_given_some() {
    let home = ChainFolder::new();
    let accounts = home.json_of(&["chain", "accounts"])["report"]["accounts"].clone();
    for account in accounts.as_array().expect("accounts") {
        assert_eq!(amount(&account["balance"]), 10_000 * UNIT);
    }
    home.json_of(&["chain", "fund", "zoe", "12.5"]);
    assert_eq!(amount(&home.json_of(&["chain", "fund", "zoe", "1"])["report"]["balance"]), 13 * UNIT + UNIT / 2);
}
