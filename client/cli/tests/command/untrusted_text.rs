//! Untrusted text that controls terminals, is invisible, or imitates other output: it is shown with visible escapes, and data for programs
//! is unchanged.

use std::{
    fs,
    io::{Read, Write},
    net::TcpListener,
    process::Output,
};

use serde_json::{json, Value};
use test_kit::command::{argument, example, text, ChainFolder, Shell};

/// Clears the screen, rings, reverses the direction, is invisible, and adds a line that imitates the command's output.
const HOSTILE: &str = "=M\u{1b}[2J\u{7}\u{9b}1\u{202e}evil\u{200b}\u{2028}\u{feff}\n  price  0 UNIT";

/// The same without control characters, which are refused in new names.
const NAME: &str = "=M\u{202e}evil\u{200b}\u{2028}\u{feff}x";

/// The escaped beginning of [`HOSTILE`].
const SHOWN: &str = "=M\\u{1b}[2J\\u{7}\\u{9b}1\\u{202e}evil\\u{200b}\\u{2028}\\u{feff}\\n  price  0 UNIT";

/// `bytes` has no control or invisible characters, and not the line that [`HOSTILE`] would add.
#[track_caller]
fn is_harmless(bytes: &[u8], what: &dyn std::fmt::Debug) {
    let all = text(bytes);
    let hidden = ['\u{202e}', '\u{200b}', '\u{2028}', '\u{feff}'];
    let found = all.chars().find(|letter| (letter.is_control() && *letter != '\n') || hidden.contains(letter));
    assert_eq!(found, None, "{what:?}: {all:?}");
    assert!(!all.lines().any(|line| line == "  price  0 UNIT"), "{what:?}: a forged line: {all}");
}

/// Runs `arguments` with text and with JSON output. Returns both.
#[track_caller]
fn told(home: &ChainFolder, arguments: &[&str]) -> (Output, Value) {
    // The first run must not change the state for the second.
    let document = home.run(&[arguments, &["--dry-run", "--json"]].concat());
    is_harmless(&document.stdout, &arguments);
    is_harmless(&document.stderr, &arguments);
    let spoken = home.run(&[arguments, &["--yes"]].concat());
    is_harmless(&spoken.stdout, &arguments);
    is_harmless(&spoken.stderr, &arguments);
    (spoken, serde_json::from_slice(&document.stdout).unwrap_or_default())
}

/// The example's creator. The first tier and the first content are called [`HOSTILE`].
fn home() -> ChainFolder {
    let home = ChainFolder::launched();
    let path = home.chain().join("deployment.json");
    let mut file: Value = serde_json::from_slice(&fs::read(&path).expect("it was launched")).expect("JSON");
    (file["tiers"][0], file["content"][0]) = (json!(HOSTILE), json!(HOSTILE));
    fs::write(path, file.to_string()).expect("ours");
    home
}

#[test]
fn foreign_names_memos_and_addresses_are_shown_escaped() {
    let home = home();
    let song = home.file("song", b"words");
    for arguments in [
        &["tip", "2", "--memo", HOSTILE, "--as", "ana"][..],
        &["tiers"],
        &["tiers", "change", "0", "--uri", HOSTILE, "--as", "mira"],
        &["tiers", "add", NAME, "--price", "1", "--period", "30d", "--level", "3", "--as", "mira"],
        &["status"],
        &["subscribe", "0", "--periods", "2", "--as", "ana"],
        &["top-up", "--as", "ana"],
        &["status", "ana"],
        &["switch", "1", "--pay", "9", "--as", "ana"],
        &["switch", "0", "--as", "ana"],
        &["chain", "time", "+31d"],
        &["collect", "--as", "mira"],
        &["cancel", "--as", "ana"],
        &["members", "grant", "cleo", "0", "9d", "--as", "mira"],
        &["publish", &song, "--title", NAME, "--uri", HOSTILE, "--rule", "bought 0", "--price", "1", "--as", "mira"],
        &["content"],
        &["content", "change", "0", "--rule", "bought 3", "--as", "mira"],
        &["check", "--as", "ben"],
        &["check", "0", "--as", "ben"],
        &["purchase", "3", "--as", "ben"],
        &["rotate", "3", &song, "--uri", HOSTILE, "--as", "mira"],
        &["statement"],
        &["statement", "--csv"],
        &["history", "ana"],
        &["members", "list"],
    ] {
        let (spoken, _) = told(&home, arguments);
        assert!(spoken.status.success(), "{arguments:?}: {}", text(&spoken.stderr));
    }
    assert!(home.output_of(&["tiers"]).contains(&format!("#0 \"{SHOWN}\"")));
    assert!(home.output_of(&["content"]).contains(SHOWN));
    assert_eq!(home.json_of(&["tiers"])["report"]["tiers"][0]["title"], format!("#0 \"{HOSTILE}\""));
    assert_eq!(home.json_of(&["tiers"])["report"]["tiers"][0]["uri"], HOSTILE);
    let statement = home.json_of(&["statement"])["statement"].clone();
    let tip = statement.as_array().and_then(|lines| lines.iter().find(|line| line["what"] == "tip"));
    assert_eq!(tip.expect("a tip")["note"], HOSTILE);
    let csv = home.output_of(&["statement", "--csv"]);
    assert!(csv.contains(&format!(",'{SHOWN}")), "{csv}");
}

#[test]
fn what_a_user_types_is_told_back_as_what_it_is() {
    let home = home();
    for arguments in [
        &["subscribe", HOSTILE, "--for", HOSTILE, "--as", "ana"][..],
        &["subscribe", &format!("no {HOSTILE}"), "--as", "ana"],
        &["check", &format!("no {HOSTILE}"), "--as", "ana"],
        &["buy", HOSTILE, "--as", "ana"],
        &["send", "1", HOSTILE, "--as", "ana"],
        &["tip", "1", "--token", HOSTILE, "--as", "ana"],
        &["tip", "1", HOSTILE, "--as", "ana"],
        &["fees", "lower", "--buy", HOSTILE, "--as", "mira"],
        &["launch", &format!("/nowhere/{HOSTILE}")],
        &["publish", &format!("/nowhere/{HOSTILE}"), "--everyone", "--as", "mira"],
        &["--deployment", &format!("/nowhere/{HOSTILE}"), "status"],
        &[HOSTILE],
    ] {
        let (spoken, _) = told(&home, arguments);
        assert!(!spoken.status.success(), "{arguments:?}");
        // A parser of JSON reads the original text.
        let json = home.run(&[arguments, &["--json"]].concat());
        is_harmless(&json.stdout, &arguments);
        assert!(serde_json::from_slice::<Value>(&json.stdout).is_ok(), "{arguments:?}: {}", text(&json.stdout));
    }
}

#[test]
fn a_launch_file_and_a_tokens_own_name_are_shown_as_what_they_are() {
    let home = ChainFolder::new();
    let hostile = serde_json::to_string(&HOSTILE[..20]).expect("text");
    let file = fs::read_to_string(example()).expect("it is there");
    let name = serde_json::to_string(NAME).expect("text");
    let file = file
        .replace("name = \"Mira's Circle\"", &format!("name = {hostile}"))
        .replace("name = \"Listener\"", &format!("name = {name}"))
        .replace("title = \"First single\"", &format!("title = {name}"))
        .replace("symbol = \"MIRA\"", "symbol = \"M\\u202e\\u001b\"");
    let file = home.file("launch.toml", file.as_bytes());
    let wrong =
        home.file("wrong.toml", fs::read_to_string(&file).expect("ours").replace("\"30d\"", &hostile).as_bytes());
    let (spoken, _) = told(&home, &["launch", &wrong]);
    assert!(!spoken.status.success());
    for arguments in [&["launch", &file][..], &["status"], &["buy", "3", "--as", "ana"], &["status", "ana"], &["tiers"]]
    {
        let (spoken, _) = told(&home, arguments);
        assert!(spoken.status.success(), "{arguments:?}: {}", text(&spoken.stderr));
    }
    assert_eq!(home.json_of(&["status"])["report"]["token_name"], HOSTILE[..20]);
    let demo = home.run(&["demo", "--config", &file]);
    is_harmless(&demo.stdout, &"demo");
    is_harmless(&demo.stderr, &"demo");
    is_harmless(&home.run(&["demo", "--config", &file, "--json"]).stdout, &"demo");
}

#[test]
fn a_gateways_answer_is_shown_as_what_it_is() {
    let home = home();
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.expect("a client");
            let mut request = [0; 4096];
            let _ = stream.read(&mut request).expect("a request");
            let body = json!({ "code": "no_access", "message": HOSTILE }).to_string();
            let length = body.len();
            let answer = format!(
                "HTTP/1.1 403 Forbidden\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\
                 Connection: close\r\n\r\n{body}"
            );
            stream.write_all(answer.as_bytes()).expect("a client");
        }
    });
    for content in ["0", "1"] {
        let unlock = ["unlock", content, "--gateway", &url, "--out", "/dev/shm/never", "--as", "ana"];
        let (spoken, _) = told(&home, &unlock);
        assert!(text(&spoken.stderr).contains(SHOWN), "{}", text(&spoken.stderr));
        let document = home.run(&[&unlock[..], &["--json"]].concat());
        is_harmless(&document.stdout, &unlock);
    }
    let (spoken, _) = told(&home, &["unlock", "0", "--gateway", HOSTILE, "--as", "ana"]);
    assert!(!spoken.status.success());
}

#[test]
fn what_a_gateway_says_and_logs_is_harmless() {
    let home = home();
    let gateway = home.gateway();
    assert!(gateway.report["incomplete"][0]["title"].as_str().is_some_and(|title| title.contains(HOSTILE)));
    let client = patronage_gateway::client::Client::new(&gateway.url).expect("its address");
    assert_eq!(client.health().expect("it answers").status, "ok");
    let address = gateway.url.trim_start_matches("http://").to_owned();
    let mut stream = std::net::TcpStream::connect(address).expect("it listens");
    stream
        .write_all("GET /%1b%5b2J%e2%80%ae\u{202e} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n".as_bytes())
        .expect("it listens");
    stream.read_to_end(&mut Vec::new()).expect("it answers");
    is_harmless(gateway.stop().as_bytes(), &"serve");
    assert!(!argument(&home.path("gateway.log")).is_empty());
}
