//! Files and keys that the creator sends to the gateway, from a browser.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpListener,
    sync::mpsc,
};

use patronage::content_store::ContentStore;
use patronage_chain::accounts::address;
use patronage_gateway::key_folder::KeyFolder;
use serde_json::Value;
use test_kit::command::{ChainFolder, Shell};

use crate::server::{answer, post, sign_in, Answer};

const PART: &str = "application/offset+octet-stream";
/// `song.age` in base64.
const NAME: &str = "filename c29uZy5hZ2U=";

/// A request by `method` with the token of who has signed in.
fn request(method: &str, url: &str, token: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
    let mut request = ureq::http::Request::builder().method(method).uri(url);
    request = request.header("authorization", format!("Bearer {token}")).header("tus-resumable", "1.0.0");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let agent = ureq::Agent::config_builder().http_status_as_error(false).build().new_agent();
    answer(agent.run(request.body(body).expect("it is a request")).expect("it answers"))
}

fn token(url: &str, name: &str) -> String {
    sign_in(url, name).json()["token"].as_str().expect("a token").to_owned()
}

fn offset(answer: &Answer) -> &str {
    answer.headers["upload-offset"].to_str().expect("a number")
}

/// A file of 300,000 bytes, encrypted on another machine. Returns its bytes, its key as text, and what the command needs to publish it.
fn sealed(home: &ChainFolder) -> (Vec<u8>, String, [String; 2]) {
    let elsewhere = ContentStore { keys: home.path("elsewhere/keys"), files: home.path("elsewhere/files") };
    let source = home.path("song");
    std::fs::write(&source, vec![b'x'; 300_000]).expect("ours");
    let sealed = elsewhere.seal(&source, |_, _| ()).expect("it is a file");
    let public = sealed.key_path.file_stem().expect("it has a name").to_str().expect("text").to_owned();
    let bytes = std::fs::read(&sealed.path).expect("it was written");
    let key = std::fs::read_to_string(&sealed.key_path).expect("it was written");
    (bytes, key, [patronage_chain::hexadecimal(&sealed.content.hash), public])
}

#[test]
fn a_manager_uploads_a_file_that_fans_then_unlock() {
    let home = ChainFolder::launched();
    home.json_of(&["managers", "add", "juno", "--as", "mira"]);
    let (bytes, key, [hash, public]) = sealed(&home);
    let gateway = home.gateway();
    let url = &gateway.url;
    let juno = token(url, "juno");
    let length = bytes.len().to_string();
    let begin = |token: &str| {
        let headers = [("upload-length", length.as_str()), ("upload-metadata", NAME)];
        request("POST", &format!("{url}/v1/uploads"), token, &headers, &[])
    };
    let patch = |token: &str, at: &str, part: &[u8]| {
        let headers = [("upload-offset", at), ("content-type", PART)];
        request("PATCH", &format!("{url}/v1/uploads/song.age"), token, &headers, part)
    };

    assert_eq!(request("PUT", &format!("{url}/v1/keys/{public}"), &juno, &[], key.as_bytes()).status, 204);
    let begun = begin(&juno);
    assert_eq!(begun.status, 201, "{}", begun.body);
    assert_eq!(offset(&begun), "0");
    assert_eq!(begun.headers["location"], "/v1/uploads/song.age");
    assert_eq!(offset(&patch(&juno, "0", &bytes[..100_000])), "100000");
    // The next part comes at a wrong place, and what is not complete is not served.
    assert_eq!(patch(&juno, "0", &bytes[..5]).json()["code"], "conflict");
    assert_eq!(crate::server::get(&format!("{url}/content/song.age"), &[]).status, 404);
    assert_eq!(offset(&request("HEAD", &format!("{url}/v1/uploads/song.age"), &juno, &[], &[])), "100000");

    // The gateway was restarted, and the owner goes on with what the manager began.
    drop(gateway);
    let gateway = home.gateway();
    let url = &gateway.url;
    let mira = token(url, "mira");
    let headers = [("upload-length", length.as_str()), ("upload-metadata", NAME)];
    let again = request("POST", &format!("{url}/v1/uploads"), &mira, &headers, &[]);
    assert_eq!(again.status, 201, "{}", again.body);
    assert_eq!(offset(&again), "100000");
    let headers = [("upload-offset", "100000"), ("content-type", PART)];
    let done = request("PATCH", &format!("{url}/v1/uploads/song.age"), &mira, &headers, &bytes[100_000..]);
    assert_eq!(done.status, 204, "{}", done.body);
    assert_eq!(offset(&done), length);

    let publish = ["publish", "song", "--uri", "song.age", "--hash", &hash, "--public-key", &public];
    home.json_of(&[&publish[..], &["--level", "1", "--as", "mira"]].concat());
    home.json_of(&["subscribe", "Listener", "--as", "ana"]);
    assert_eq!(home.unlock(&gateway, "song", "ana"), vec![b'x'; 300_000]);
}

/// A store that has nothing at first, and keeps what it gets: it answers HEAD and PUT of S3. Returns its address.
fn empty_store() -> (String, mpsc::Receiver<(String, Vec<u8>)>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = format!("http://{}", listener.local_addr().expect("it listens"));
    let (kept, files) = mpsc::channel();
    std::thread::spawn(move || {
        let mut names = Vec::new();
        for stream in listener.incoming().map_while(Result::ok) {
            let mut reader = BufReader::new(stream);
            let lines: Vec<String> =
                (&mut reader).lines().map_while(Result::ok).take_while(|line| !line.is_empty()).collect();
            let path = lines[0].split(['?', ' ']).nth(1).expect("a path").to_owned();
            let length =
                lines.iter().find_map(|line| line.to_lowercase().strip_prefix("content-length: ")?.parse().ok());
            let mut body = vec![0; length.unwrap_or(0)];
            reader.read_exact(&mut body).expect("the body is whole");
            let found = names.contains(&path);
            let status = if lines[0].starts_with("PUT") || found { "200 OK" } else { "404 Not Found" };
            if lines[0].starts_with("PUT") {
                names.push(path.clone());
                kept.send((path, body)).unwrap_or(());
            }
            let answer = format!("HTTP/1.1 {status}\r\ncontent-length: 5\r\netag: \"1\"\r\nconnection: close\r\n\r\n");
            let end = if lines[0].starts_with("HEAD") { "" } else { "12345" };
            reader.into_inner().write_all(format!("{answer}{end}").as_bytes()).unwrap_or(());
        }
    });
    (address, files)
}

#[test]
fn publish_copies_the_encrypted_file_into_a_store_and_replaces_none() {
    let home = ChainFolder::launched();
    let (address, files) = empty_store();
    let song = home.file("song", b"la la");
    let publish = |title: &str| {
        let mut command =
            home.command(&["publish", &song, "--title", title, "--everyone", "--as", "mira", "--yes", "--json"]);
        command.env("PATRONAGE_STORE", "s3://songs/mira").env("AWS_ENDPOINT_URL", &address);
        command.env("AWS_ACCESS_KEY_ID", "key").env("AWS_SECRET_ACCESS_KEY", "secret");
        let output = command.output().expect("the command starts");
        serde_json::from_slice::<Value>(&output.stdout).expect("one JSON document")
    };
    let done = publish("One");
    assert_eq!(done["ok"], true, "{done:#}");
    let (path, bytes) = files.try_recv().expect("it was copied");
    assert_eq!(path, "/songs/mira/song.age");
    assert_eq!(bytes, std::fs::read(home.chain().join("content/song.age")).expect("it is in the folder, too"));
    // The folder was emptied, and the store was not.
    std::fs::remove_file(home.chain().join("content/song.age")).expect("it was there");
    let refused = publish("Two");
    let message = refused["error"]["message"].as_str().expect("words");
    assert!(message.contains("song.age already") && message.contains("are kept"), "{message}");
    assert!(files.try_recv().is_err(), "nothing was replaced");
}

#[test]
fn nobody_else_uploads_and_nothing_that_is_not_encrypted_is_kept() {
    let home = ChainFolder::launched();
    home.json_of(&["managers", "add", "juno", "--as", "mira"]);
    let (_, key, [_, public]) = sealed(&home);
    let gateway = home.gateway();
    let url = &gateway.url;
    assert_eq!(sign_in(url, "ana").status, 403);
    let juno = token(url, "juno");
    let headers = [("upload-length", "5"), ("upload-metadata", NAME)];
    let uploads = format!("{url}/v1/uploads");
    for bad in ["", "AAAA"] {
        assert_eq!(request("POST", &uploads, bad, &headers, &[]).status, 401);
        assert_eq!(request("PUT", &format!("{url}/v1/keys/{public}"), bad, &[], key.as_bytes()).status, 401);
    }
    // A manager may send files, and sees no list of members.
    assert_eq!(request("GET", &format!("{url}/v1/members"), &juno, &[], &[]).status, 403);
    assert_eq!(request("POST", &uploads, &juno, &headers, &[]).status, 201);
    let part = [("upload-offset", "0"), ("content-type", PART)];
    let refused = request("PATCH", &format!("{uploads}/song.age"), &juno, &part, b"plain");
    assert_eq!(refused.json()["code"], "malformed", "{}", refused.body);
    for (headers, body) in [
        (&[("upload-length", "-1"), ("upload-metadata", NAME)][..], ""),
        (&[("upload-length", "99999999999999999999"), ("upload-metadata", NAME)], ""),
        (&[("upload-length", "5")], ""),
        // `../keys/a` in base64.
        (&[("upload-length", "5"), ("upload-metadata", "filename Li4va2V5cy9h")], ""),
    ] {
        let answer = request("POST", &uploads, &juno, headers, body.as_bytes());
        assert_eq!(answer.json()["code"], "malformed", "{headers:?}: {}", answer.body);
    }
    assert_eq!(request("PUT", &format!("{url}/v1/keys/{public}"), &juno, &[], b"AGE-SECRET-KEY-1QQ").status, 400);
    // A manager who was dismissed has a token that is worth nothing.
    home.json_of(&["managers", "remove", "juno", "--as", "mira"]);
    assert_eq!(request("POST", &uploads, &juno, &headers, &[]).status, 403);
    let store = KeyFolder::open(&home.chain().join("keys")).expect("the gateway made it");
    assert_eq!(store.public_keys().expect("it is readable"), []);
    assert_eq!(std::fs::read_dir(home.chain().join("content")).expect("it was made").count(), 0);
    let challenge =
        post(&format!("{url}/v1/sign-in/challenge"), &serde_json::json!({ "account": address(&[7; 32].into()) }));
    assert!(
        challenge.json()["challenge"].as_str().expect("a text").contains("upload files"),
        "{}",
        Value::from(challenge.body)
    );
}
