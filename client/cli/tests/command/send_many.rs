//! Tasks with many rows: formats of files, any number of rows, and interrupted runs.

use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
};

use patronage::{deployment::Deployment, journal::Journal};
use patronage_chain::{accounts::address, Chain};
use patronage_embedded::FolderChain;
use serde_json::Value;
use test_kit::{
    command::{text, ChainFolder, Shell},
    rows::{assert_paid_once, csv, journals, kill, rows},
    UNIT,
};

fn words(error: &Value) -> &str {
    error["message"].as_str().expect("words")
}

/// Starts `command`, and waits until it prints `words` on standard error. The command continues.
fn started_until(command: &mut Command, words: &str) -> Child {
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("the command starts");
    let mut lines = BufReader::new(child.stderr.take().expect("it is piped")).lines();
    let mut said = Vec::new();
    loop {
        match lines.next() {
            Some(Ok(line)) if line.contains(words) => break,
            Some(Ok(line)) => said.push(line),
            _ => panic!("it ended without saying \"{words}\": {said:#?}"),
        }
    }
    // Reads the rest, so that the command does not block.
    std::thread::spawn(move || lines.for_each(drop));
    child
}

/// A launched creator. Ana has tokens.
fn home() -> ChainFolder {
    let home = ChainFolder::launched();
    home.json_of(&["buy", "100", "--as", "ana"]);
    home
}

fn chain(home: &ChainFolder) -> (FolderChain, Deployment) {
    let chain = FolderChain::open(&home.chain(), |_| ()).expect("it is there");
    let deployment =
        Deployment::read(&home.chain().join("deployment.json"), &chain.properties().genesis).expect("launched");
    (chain, deployment)
}

#[test]
fn any_number_of_rows_goes_out_in_as_many_transactions_as_it_takes() {
    for (count, transactions) in [(1, 1), (200, 1), (220, 2), (342, 2), (1_000, 5)] {
        let home = home();
        let rows = rows(count);
        let file = home.file("thanks.csv", csv(&rows).as_bytes());
        let send = ["send-many", "--file", &file, "--as", "ana"];
        let tried = home.json_of(&[&send[..], &["--dry-run"]].concat());
        assert_eq!(tried["sent"], false);
        assert_eq!(tried["quote"]["transactions"], transactions);
        assert!(journals(Path::new(&file)).is_empty());
        let done = home.json_of(&send);
        assert_eq!(done["rows"], count, "{done:#}");
        assert_eq!(done["transactions"], transactions, "{done:#}");
        assert_eq!(tried["cost"]["storage_deposit"], done["cost"]["storage_deposit"]);
        assert!(done.to_string().len() < 2_000, "{done:#}");
        let (mut chain, deployment) = chain(&home);
        assert_paid_once(&mut chain, &deployment, "ana", &rows);
    }
}

#[test]
fn every_bad_row_is_named_by_line_and_column_before_sending() {
    let home = home();
    let contracts = std::fs::read_to_string(home.chain().join("deployment.json")).expect("it was launched");
    let contracts: Value = serde_json::from_str(&contracts).expect("JSON");
    let vault = contracts["vault"].as_str().expect("an address");
    let rows = format!(
        "Account;Tokens\ncleo;1\n# not these\nNobody!;1\nben; 1,5\n  dana;x\nfinn;0\nana;1\ncleo;2\nelia\njuno;1;2\n;1\nmira;\
         \n{vault};1\n\"{}\";1\n",
        "x".repeat(5_000)
    );
    let file = home.file("bad.csv", rows.as_bytes());
    let error = home.error_of(&["send-many", "eve=one", "--file", &file, "--as", "ana"]);
    let said: Vec<&str> = words(&error).lines().collect();
    for (line, (place, why)) in [
        ("argument 1", "\"one\" is not an amount"),
        ("bad.csv:4:1", "\"Nobody!\" is not an address"),
        ("bad.csv:5:6", "\"1,5\" is not an amount"),
        ("bad.csv:6:8", "\"x\" is not an amount"),
        ("bad.csv:7:6", "0 tokens: leave the row out"),
        ("bad.csv:8:1", "is the sender"),
        ("bad.csv:9:1", "the same account as in"),
        ("bad.csv:10:1", "write an account, a comma and a number of tokens"),
        ("bad.csv:11:1", "write an account, a comma and a number of tokens"),
        ("bad.csv:12:1", "the field is empty"),
    ]
    .into_iter()
    .enumerate()
    {
        assert!(said[line].contains(place) && said[line].contains(why), "{}: expected {place}, {why}", said[line]);
    }
    assert_eq!(said.len(), 11);
    assert_eq!(said[10], "and 3 more; nothing was sent");
    assert!(words(&error).len() < 2_000);
    assert!(journals(Path::new(&file)).is_empty());

    let file = home.file("vault.csv", format!("{vault},1\n").as_bytes());
    let error = home.error_of(&["send-many", "--file", &file, "--as", "ana"]);
    assert!(words(&error).contains("vault.csv:1:1: ") && words(&error).contains("is the creator's vault"), "{error}");
    for (bytes, why) in [
        (&b"cleo,1\nzo\xeb,1\n"[..], "bytes.csv:2:3: byte 0xeb is not valid UTF-8"),
        (b"\xff\xfec\0", "UTF-16"),
        (b"", "bytes.csv: no recipients"),
        (b"cleo,1\ndana,999999999999999999999999999\n", "bytes.csv:2:6: \"999999999999999999999999999\""),
        (b"cleo,300000000000000000000000000\ndana,300000000000000000000000000\n", "more tokens than there can be"),
        (b"cleo,99\ndana,2\n", "this sends 101 MIRA, and the account has 100 MIRA"),
    ] {
        let file = home.file("bytes.csv", bytes);
        let error = home.error_of(&["send-many", "--file", &file, "--as", "ana"]);
        assert!(words(&error).contains(why), "{error}");
    }
    let folder = home.chain();
    let folder = folder.to_str().expect("its path is text");
    assert!(words(&home.error_of(&["send-many", "--file", folder, "--as", "ana"])).contains("is a folder: name a file"));

    let file = home.file("twice.csv", b"\xef\xbb\xbfcleo,1\r\ncleo,2\r\n");
    home.json_of(&["send-many", "--file", &file, "--allow-duplicates", "--as", "ana"]);
    assert_eq!(home.json_of(&["status", "cleo"])["report"]["tokens"], (3 * UNIT).to_string());
}

#[test]
fn many_rows_without_a_file_could_not_be_gone_on_with() {
    let home = home();
    let arguments: Vec<String> = rows(201).iter().map(|(to, _)| format!("{}=0.000000000001", address(to))).collect();
    let mut send = vec!["send-many", "--as", "ana"];
    send.extend(arguments.iter().map(String::as_str));
    assert!(words(&home.error_of(&send)).contains("write them into a file and name it with --file"));
    send.pop();
    assert_eq!(home.json_of(&send)["rows"], 200);
}

#[test]
fn what_was_paid_is_paid_again_only_when_that_is_asked_for() {
    let home = home();
    let file = home.file("thanks.csv", b"cleo,1\ndana,2\n");
    let send = ["send-many", "--file", &file, "--as", "ana"];
    home.json_of(&send);
    let cleo = || home.json_of(&["status", "cleo"])["report"]["tokens"].clone();
    assert!(words(&home.error_of(&send)).contains("all 2 rows of") && cleo() == UNIT.to_string());
    // Equal rows in another format are the same rows.
    home.file("thanks.csv", b"\xef\xbb\xbfaccount;tokens\r\n# thanks\r\ncleo;1.0\r\ndana;2\r\n");
    assert!(words(&home.error_of(&send)).contains("add --again to do it once more"));
    home.file("thanks.csv", b"cleo,1\ndana,2\nelia,1\n");
    let error = home.error_of(&send);
    assert!(words(&error).contains("the file has changed since: put new rows into a file of their own"), "{error}");
    // Another sender has not paid these rows.
    home.json_of(&["buy", "10", "--as", "ben"]);
    home.json_of(&["send-many", "--file", &file, "--as", "ben"]);
    assert_eq!(cleo(), (2 * UNIT).to_string());
    home.json_of(&[&send[..], &["--again"]].concat());
    assert_eq!(cleo(), (3 * UNIT).to_string());
    assert!(words(&home.error_of(&send)).contains("all 3 rows"));
}

/// The error of a refused command, which may record the status of an earlier run.
#[track_caller]
fn refused(home: &ChainFolder, arguments: &[&str]) -> Value {
    let output = home.run(&[arguments, &["--yes", "--json"]].concat());
    let told: Value = serde_json::from_slice(&output.stdout).expect("one JSON document and nothing else");
    assert!(!output.status.success() && told["ok"] == false, "{told:#}");
    told["error"].clone()
}

#[test]
fn a_run_that_was_killed_goes_on_and_pays_nobody_twice() {
    let home = home();
    let rows = rows(2_000);
    let file = home.file("thanks.csv", csv(&rows).as_bytes());
    let send = ["send-many", "--file", &file, "--as", "ana", "--yes"];
    for words in ["paid: 0 of", "paid: 400 of", "paid: 600 of"] {
        kill(started_until(&mut home.command(&send), words));
    }
    let looked = home.json_of(&[&send[..5], &["--dry-run"]].concat());
    assert!(looked["quote"]["rows_done_before"].as_u64().expect("a number") >= 400, "{looked:#}");
    let error = refused(&home, &[&send[..5], &["--again"]].concat());
    assert!(words(&error).contains("leave --again out to resume"), "{error}");

    home.file("thanks.csv", csv(&rows[..1_999]).as_bytes());
    let error = refused(&home, &send[..5]);
    assert!(words(&error).contains("of 2000 rows of") && words(&error).contains("restore the file"), "{error}");
    home.file("thanks.csv", csv(&rows).as_bytes());

    let done = home.json_of(&send[..5]);
    let (now, before) = (done["rows"].as_u64().expect("a number"), done["rows_before"].as_u64().expect("a number"));
    assert!(before >= 400 && now + before == 2_000, "{done:#}");
    let (mut chain, deployment) = chain(&home);
    assert_paid_once(&mut chain, &deployment, "ana", &rows);
}

#[test]
fn a_run_that_ends_at_any_journal_line_is_resumed_correctly() {
    let home = home();
    let rows = rows(30);
    let file = home.file("thanks.csv", csv(&rows).as_bytes());
    let send = ["send-many", "--file", &file, "--as", "ana"];
    let state = home.chain().join("chain.state");
    let before = std::fs::read(&state).expect("it is there");
    home.json_of(&send);
    let after = std::fs::read(&state).expect("it is there");
    let journal = journals(Path::new(&file)).pop().expect("it was kept");
    let lines = std::fs::read_to_string(&journal).expect("text");
    let lines: Vec<&str> = lines.split_inclusive('\n').collect();
    assert_eq!(lines.len(), 4, "begin, sending, done, finished: {lines:#?}");
    // Number of complete lines, followed by half of the next one, and whether the transaction was executed by then.
    for (kept, chain_state, rest) in
        [(0, &before, 30), (1, &before, 30), (2, &before, 30), (2, &after, 0), (3, &after, 0)]
    {
        let torn = &lines[kept][..lines[kept].len() / 2];
        std::fs::write(&journal, [&lines[..kept].concat(), torn].concat()).expect("it can be written");
        std::fs::write(&state, chain_state).expect("it can be written");
        let done = home.json_of(&send);
        assert_eq!(done["rows"], rest, "{kept} lines: {done:#}");
        let (mut chain, deployment) = chain(&home);
        assert_paid_once(&mut chain, &deployment, "ana", &rows);
        assert!(words(&home.error_of(&send)).contains("all 30 rows"));
    }
    // The chain was reset to a block before the journal's.
    std::fs::write(&state, &before).expect("it can be written");
    assert!(words(&home.error_of(&send)).contains("restarted or reset since: delete"));
}

#[test]
fn two_commands_do_not_pay_the_same_rows_at_once() {
    let home = home();
    let file = home.file("thanks.csv", b"cleo,1\n");
    let send = ["send-many", "--file", &file, "--again", "--as", "ana"];
    home.json_of(&send);
    let other = Journal::open(&journals(Path::new(&file)).pop().expect("it was kept")).expect("nobody has it");
    assert!(words(&home.error_of(&send)).contains("another command is processing the same rows"));
    drop(other);
    home.json_of(&send);
    assert_eq!(home.json_of(&["status", "cleo"])["report"]["tokens"], (2 * UNIT).to_string());
}

#[test]
fn out_of_money_it_reports_paid_rows_and_resumes_when_funded() {
    let home = home();
    home.json_of(&["send", "50", "pauper", "--as", "ana"]);
    // Enough for the storage deposits of 200 rows, but not of 400.
    home.json_of(&["chain", "fund", "pauper", "0.000000004"]);
    let rows: Vec<_> = rows(600).into_iter().map(|(to, _)| (to, UNIT / 20)).collect();
    let file = home.file("thanks.csv", csv(&rows).as_bytes());
    let send = ["send-many", "--file", &file, "--as", "pauper"];
    let told = home.run(&[&send[..], &["--yes"]].concat());
    assert!(text(&told.stdout).contains("0.000000004 UNIT may not be enough"), "{}", text(&told.stdout));
    let said = text(&told.stderr).lines().last().unwrap_or_default().to_owned();
    assert!(said.starts_with("error: the account can't pay the storage deposit"), "{said}");
    assert!(said.contains("; 200 of 600 rows are paid, up to ") && said.contains("thanks.csv:201:1; "), "{said}");
    assert!(said.ends_with("run the same command again to resume"), "{said}");
    home.json_of(&["chain", "fund", "pauper", "1"]);
    let done = home.json_of(&send);
    assert_eq!(done["rows_before"], 200, "{done:#}");
    assert_eq!(done["rows"], 400, "{done:#}");
    let (mut chain, deployment) = chain(&home);
    assert_paid_once(&mut chain, &deployment, "pauper", &rows);
}

#[test]
fn a_list_that_was_cut_off_goes_on_and_can_be_kept_again_and_again() {
    let home = ChainFolder::launched();
    let accounts: String = rows(1_000).iter().map(|(who, _)| format!("{}\n", address(who))).collect();
    let file = home.file("backers.txt", accounts.as_bytes());
    let add = ["lists", "add", "3", "--file", &file, "--as", "mira", "--yes"];
    kill(started_until(&mut home.command(&add), "added: 300 of"));
    assert_eq!(journals(Path::new(&file)).len(), 1);
    let done = home.json_of(&add[..7]);
    let before = done["rows_before"].as_u64().expect("a number");
    assert!(before >= 300 && done["transactions"].as_u64() == Some((1_000 - before) / 100), "{done:#}");
    assert!(journals(Path::new(&file)).is_empty());
    let listed = || {
        let told = home.json_of(&["lists", "show", "3"]);
        told["report"]["accounts"].as_array().map(Vec::len)
    };
    assert_eq!(listed(), Some(1_000));
    // Adding after an interrupted removal starts with the first row.
    let remove = ["lists", "remove", "3", "--file", &file, "--as", "mira", "--yes"];
    kill(started_until(&mut home.command(&remove), "removed: 300 of"));
    assert_eq!(home.json_of(&add[..7])["rows"], 1_000);
    assert_eq!(listed(), Some(1_000));
    assert_eq!(home.json_of(&add[..7])["rows"], 1_000);
    let bad = home.file("bad.txt", b"account\nana\nben,5\nNobody!\nana\n");
    let error = home.error_of(&["lists", "add", "3", "--file", &bad, "--as", "mira"]);
    let said: Vec<&str> = words(&error).lines().collect();
    assert!(said[0].contains("bad.txt:3:5: write one account on each line"), "{error}");
    assert!(said[1].contains("bad.txt:4:1: \"Nobody!\" is not an address"), "{error}");
}

#[test]
fn an_interrupt_waits_for_the_transaction_that_is_on_its_way() {
    let home = home();
    let rows = rows(2_000);
    let file = home.file("thanks.csv", csv(&rows).as_bytes());
    let send = ["send-many", "--file", &file, "--as", "ana"];
    let mut run = home.command(&[&send[..], &["--yes"]].concat());
    let mut run = run.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("the command starts");
    let lines = BufReader::new(run.stderr.take().expect("it is piped")).lines();
    let mut lines = lines.map(|line| line.expect("text"));
    assert!(lines.by_ref().any(|line| line.starts_with("paid: 0 of")));
    let told = Command::new("sh").args(["-c", &format!("kill -INT {}", run.id())]).status().expect("there is a shell");
    assert!(told.success());
    let said: Vec<String> = lines.collect();
    assert_eq!(run.wait().expect("it ends").code(), Some(1), "{said:#?}");
    let last = said.last().expect("it says something");
    assert!(
        last.starts_with("error: it was interrupted; ") && last.contains(" of 2000 rows are paid, up to "),
        "{last}"
    );
    home.json_of(&send);
    let (mut chain, deployment) = chain(&home);
    assert_paid_once(&mut chain, &deployment, "ana", &rows);
}
