//! `serve` with its index: `/v1` by its OpenAPI document, sign-in, and the feed.

use std::{
    collections::BTreeSet,
    time::{Duration, Instant},
};

use patronage_chain::{
    accounts::{account, address, development_key},
    keys::{Key, Signature},
};
use serde_json::{json, Value};
use test_kit::{
    command::{argument, ChainFolder, Shell},
    gateway::Gateway,
};

/// An answer of the server.
pub struct Answer {
    pub status: u16,
    pub headers: ureq::http::HeaderMap,
    pub body: String,
}

impl Answer {
    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("{} {}", self.status, self.body))
    }
}

fn agent() -> ureq::Agent {
    ureq::Agent::config_builder().http_status_as_error(false).build().new_agent()
}

/// Reads an answer to its end.
pub fn answer(answer: ureq::http::Response<ureq::Body>) -> Answer {
    let (parts, mut body) = answer.into_parts();
    Answer { status: parts.status.as_u16(), headers: parts.headers, body: body.read_to_string().expect("text") }
}

pub fn get(url: &str, headers: &[(&str, &str)]) -> Answer {
    let request = headers.iter().fold(agent().get(url), |request, (name, value)| request.header(*name, *value));
    answer(request.call().expect("it answers"))
}

pub fn post(url: &str, body: &Value) -> Answer {
    answer(agent().post(url).send(&body.to_string()).expect("it answers"))
}

/// Waits until `/v1/creator` counts so many members.
#[track_caller]
pub fn wait_for_members(gateway: &Gateway, members: i64) {
    let begin = Instant::now();
    loop {
        let creator = get(&format!("{}/v1/creator", gateway.url), &[]).json();
        if creator["members"] == members {
            return;
        }
        assert!(begin.elapsed() < Duration::from_secs(30), "{creator:#}");
        std::thread::sleep(Duration::from_millis(100));
    }
}

/// Signs in as the development account `name`.
pub fn sign_in(url: &str, name: &str) -> Answer {
    let key = Key::from(development_key(name).expect("a name"));
    let challenge = post(&format!("{url}/v1/sign-in/challenge"), &json!({ "account": address(&key.account()) }));
    let challenge = challenge.json()["challenge"].as_str().expect("a text").to_owned();
    let Signature::Sr25519(bytes) = key.sign(challenge.as_bytes()) else { panic!("it is an sr25519 key") };
    let signed =
        json!({ "challenge": challenge, "scheme": "sr25519", "signature": format!("0x{}", hex::encode(bytes)) });
    let first = post(&format!("{url}/v1/sign-in"), &signed);
    if first.status == 200 {
        assert_eq!(post(&format!("{url}/v1/sign-in"), &signed).json()["code"], "used");
    }
    first
}

/// A chain with two members, a tip with a hostile memo, a stake and content, and a signed profile.
fn story() -> ChainFolder {
    let home = ChainFolder::launched();
    let song = home.file("song", b"la la");
    home.json_of(&["publish", &song, "--level", "1", "--price", "3", "--as", "mira"]);
    home.json_of(&["buy", "25", "--as", "ana"]);
    home.json_of(&["stake", "5", "--as", "ana"]);
    home.json_of(&["tip", "2", "--memo", "</title><script>alert(1)</script> \"&\u{202e}", "--as", "ben"]);
    home.json_of(&["subscribe", "Listener", "--as", "ana"]);
    home.json_of(&["subscribe", "Backstage", "--as", "ben"]);
    home.json_of(&["purchase", "song", "--as", "cleo"]);
    home.json_of(&["profile", "write", &argument(&test_kit::command::example()), "--as", "mira"]);
    home
}

/// Checks `value` by a schema of the document. Every field that it has must be in the schema.
fn validate(document: &Value, schema: &Value, value: &Value, place: &str) {
    if let Some(reference) = schema["$ref"].as_str() {
        let pointer = reference.strip_prefix('#').expect("it is in the document");
        return validate(document, document.pointer(pointer).expect("it is there"), value, place);
    }
    if let Some(choices) = schema["oneOf"].as_array() {
        let null = choices.iter().any(|choice| choice["type"] == "null");
        let other = choices.iter().find(|choice| choice["type"] != "null").expect("another one");
        if !(null && value.is_null()) {
            validate(document, other, value, place);
        }
        return;
    }
    let kinds: BTreeSet<&str> = match &schema["type"] {
        Value::String(kind) => [kind.as_str()].into(),
        Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).collect(),
        other => panic!("{place}: the schema has the type {other}"),
    };
    let kind = match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_f64() => "number",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    assert!(kinds.contains(kind), "{place}: {value} is no {kinds:?}");
    if let Value::Array(items) = value {
        items.iter().for_each(|item| validate(document, &schema["items"], item, &format!("{place}[]")));
    }
    if let (Value::Object(fields), Some(properties)) = (value, schema["properties"].as_object()) {
        for required in schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str) {
            assert!(fields.contains_key(required), "{place}: {required} is missing");
        }
        for (name, field) in fields {
            let schema = properties.get(name).unwrap_or_else(|| panic!("{place}: {name} is not in the schema"));
            validate(document, schema, field, &format!("{place}.{name}"));
        }
    }
}

#[test]
fn every_path_of_the_openapi_document_answers_by_its_schema() {
    let home = story();
    let gateway = home.gateway();
    let url = &gateway.url;
    wait_for_members(&gateway, 2);
    let ana = address(&account("ana").expect("a name"));
    let token = sign_in(url, "mira").json()["token"].as_str().expect("a token").to_owned();
    let document = get(&format!("{url}/v1/openapi.json"), &[]).json();
    let paths = document["paths"].as_object().expect("there are paths");
    let mut seen = 0;
    for (path, operations) in paths {
        let Some(operation) = operations.get("get") else { continue };
        let choices: &[&str] = if path.contains("{by}") { &["tippers", "holders", "stakers"] } else { &[""] };
        for choice in choices {
            let filled = path.replace("{account}", &ana).replace("{by}", choice);
            let bearer = format!("Bearer {token}");
            let answer = get(&format!("{url}{filled}"), &[("authorization", &bearer)]);
            assert_eq!(answer.status, 200, "{filled}: {}", answer.body);
            let tag = answer.headers["etag"].to_str().expect("text");
            let again = get(&format!("{url}{filled}"), &[("authorization", &bearer), ("if-none-match", tag)]);
            // The time of the chain may have moved on.
            assert!(again.status == 304 || again.headers["etag"] != tag, "{filled}");
            if path.ends_with(".atom") {
                assert!(!answer.body.contains("<script"), "{}", answer.body);
                continue;
            }
            let schema = &operation["responses"]["200"]["content"]["application/json"]["schema"];
            validate(&document, schema, &answer.json(), &filled);
            seen += 1;
        }
        // With a parameter that is not in the document, and with limits out of bounds.
        if operation["parameters"].as_array().is_some_and(|all| all.iter().any(|one| one["name"] == "limit")) {
            let filled = path.replace("{account}", &ana).replace("{by}", "holders");
            for query in ["limit=0", "limit=101", "limit=x", "after=nonsense&before=nonsense", "unknown=1"] {
                let answer = get(&format!("{url}{filled}?{query}"), &[("authorization", &format!("Bearer {token}"))]);
                assert_eq!(answer.status, 400, "{filled}?{query}");
                assert_eq!(answer.json()["code"], "malformed", "{filled}?{query}");
            }
        }
    }
    assert!(seen >= 12, "{seen}");
    // The requests that sign in are made by `sign_in`, and those of uploads in `uploads`.
    let posts: Vec<_> = paths
        .iter()
        .filter(|(_, operations)| operations.get("post").is_some())
        .map(|(path, _)| path.as_str())
        .collect();
    assert_eq!(posts, ["/v1/sign-in", "/v1/sign-in/challenge", "/v1/uploads"]);
}

#[test]
fn v1_tells_what_happened_and_only_the_owner_lists_members() {
    let home = story();
    let gateway = home.gateway();
    let url = &gateway.url;
    wait_for_members(&gateway, 2);
    let (ana, ben) = (address(&account("ana").expect("a name")), address(&account("ben").expect("a name")));

    let view = get(&format!("{url}/v1/accounts/{ana}"), &[]).json();
    assert_eq!(view["membership"]["tier_name"], "Listener");
    assert_eq!(view["tokens"], "20000000000000");
    assert_eq!(view["staked"], "5000000000000");
    let history = get(&format!("{url}/v1/accounts/{ben}/history?limit=1"), &[]).json();
    assert_eq!(history["items"][0]["kind"], "subscribed");
    let next = history["next"].as_str().expect("there is more");
    let history = get(&format!("{url}/v1/accounts/{ben}/history?limit=1&before={next}"), &[]).json();
    assert_eq!(history["items"][0]["kind"], "tip");
    assert!(history["items"][0]["details"]["note"].as_str().expect("a memo").contains("<script>"));
    let cleo = address(&account("cleo").expect("a name"));
    assert_eq!(get(&format!("{url}/v1/accounts/{cleo}"), &[]).json()["bought"], json!([3]));

    let tippers = get(&format!("{url}/v1/top/tippers"), &[]).json();
    assert_eq!(tippers["items"], json!([{ "account": ben, "amount": "2000000000000" }]));
    let income = get(&format!("{url}/v1/income?by=year"), &[]).json();
    let tip =
        income["items"].as_array().expect("a list").iter().find(|sum| sum["kind"] == "tip").expect("a tip").clone();
    assert_eq!(tip["amount"], "2000000000000");
    assert_eq!(tip["comes_in"], true);
    assert_eq!(tip["lines"], 1);
    let content = get(&format!("{url}/v1/content?limit=2"), &[]).json();
    assert_eq!(content["items"].as_array().map(Vec::len), Some(2));
    let rest = get(&format!("{url}/v1/content?limit=2&after={}", content["next"].as_str().expect("more")), &[]).json();
    assert_eq!(rest["items"][1]["title"], "song");
    assert_eq!(rest["next"], Value::Null);
    assert_eq!(get(&format!("{url}/v1/profile"), &[]).json()["profile"]["tiers"][0]["name"], "Listener");
    let feed = get(&format!("{url}/v1/feed.atom"), &[]);
    assert!(feed.headers["content-type"].to_str().expect("text").starts_with("application/atom+xml"));

    let members = format!("{url}/v1/members");
    assert_eq!(get(&members, &[]).status, 401);
    assert_eq!(get(&members, &[("authorization", "Bearer AAAA")]).status, 401);
    assert_eq!(sign_in(url, "ana").status, 403);
    let token = sign_in(url, "mira").json()["token"].as_str().expect("a token").to_owned();
    let bearer = format!("Bearer {token}");
    let list = |query: &str| get(&format!("{members}{query}"), &[("authorization", &bearer)]).json();
    assert_eq!(list("?sort=paid")["items"][0]["account"], ben.as_str());
    let first = list("?limit=1");
    let second = list(&format!("?limit=1&after={}", first["next"].as_str().expect("more")));
    assert_eq!(second["next"], Value::Null);
    assert_ne!(first["items"][0]["account"], second["items"][0]["account"]);
    assert_eq!(list("?tier=1")["items"].as_array().map(Vec::len), Some(1));
    assert_eq!(list("?lapsed=true")["items"], json!([]));

    // The owner has changed, so the token of the earlier one is worth nothing.
    home.json_of(&["owner", "propose", "ana", "--as", "mira"]);
    home.json_of(&["owner", "accept", "--as", "ana"]);
    assert_eq!(get(&members, &[("authorization", &bearer)]).status, 403);
}

#[test]
fn a_gateway_without_an_index_has_no_v1_and_still_unlocks() {
    let home = ChainFolder::launched();
    let song = home.file("song", b"la la");
    home.json_of(&["publish", &song, "--everyone", "--as", "mira"]);
    let mut command = home.command(&test_kit::gateway::SERVE);
    command.args(["--index", "off"]);
    let gateway = Gateway::start(command, home.path("gateway.log"));
    assert_eq!(home.unlock(&gateway, "song", "ana"), b"la la");
    assert_eq!(get(&format!("{}/v1/creator", gateway.url), &[]).status, 404);
    assert!(!home.chain().join("deployment.index.sqlite").exists());
}

#[test]
fn bad_settings_of_the_server_are_named_in_one_line() {
    let home = ChainFolder::launched();
    for (arguments, expected) in [
        (&["--index", "mysql://x"][..], "no index"),
        (&["--index", "postgres://test@127.0.0.1:1/x"], "does not answer"),
        (&["--state", "postgres://test@127.0.0.1:1/x"], "--state: the database does not answer"),
        (&["--state", "redis://x"], "--state: this is not the address"),
        (&["--webhook", "https://mira.example"], "PATRONAGE_WEBHOOK_SECRET"),
        (&["--webhook", "https://mira.example", "--index", "off"], "needs an index"),
        (&["--notice-before", "soon"], "--notice-before"),
        (&["--store", "bucket"], "AWS_ACCESS_KEY_ID"),
        (&["--profile", "/nowhere/profile.json"], "can't be read"),
    ] {
        let error = home.error_of(&[&["serve", "--listen", "127.0.0.1:0"], arguments].concat());
        let message = error["message"].as_str().expect("words");
        assert!(message.contains(expected) && message.lines().count() == 1, "{arguments:?}: {message}");
    }
}

#[test]
fn a_profile_is_written_by_the_owner_and_checked() {
    let home = ChainFolder::launched();
    let example = argument(&test_kit::command::example());
    let error = home.error_of(&["profile", "write", &example, "--as", "ana"]);
    assert!(error["message"].as_str().expect("words").contains("the owner is"), "{error}");
    home.json_of(&["profile", "write", &example, "--as", "mira"]);
    let path = home.chain().join("profile.json");
    home.json_of(&["profile", "check"]);
    let text = std::fs::read_to_string(&path).expect("it was written");
    std::fs::write(&path, text.replacen("Listener", "Liar", 1)).expect("ours");
    for arguments in [&["profile", "check"][..], &["serve", "--listen", "127.0.0.1:0"]] {
        let error = home.error_of(arguments);
        assert!(error["message"].as_str().expect("words").contains("has not signed this profile"), "{error}");
    }
    std::fs::write(&path, vec![b' '; 100_000]).expect("ours");
    assert!(home.error_of(&["profile", "check"])["message"].as_str().expect("words").contains("too large"));
}
