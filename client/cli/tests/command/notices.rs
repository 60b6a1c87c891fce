//! Notices of `serve`: signed, sent until they are taken, and not lost when the process is killed.

use std::{
    collections::{BTreeMap, BTreeSet},
    io::{BufRead, BufReader, Read, Write},
    net::TcpListener,
    sync::{
        atomic::{AtomicBool, Ordering::SeqCst},
        Arc, Mutex,
    },
    time::{Duration, Instant},
};

use patronage_server::notices::webhook::Webhook;
use serde_json::Value;
use test_kit::{
    command::{ChainFolder, Shell},
    gateway::{Gateway, SERVE},
};

use crate::server::get;

const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

/// A request that the receiver got.
#[derive(Debug, Clone)]
struct Received {
    headers: BTreeMap<String, String>,
    body: String,
    taken: bool,
}

/// A receiver of webhooks. It answers 503 until [`Self::open`].
#[derive(Clone)]
struct Receiver {
    url: String,
    received: Arc<Mutex<Vec<Received>>>,
    takes: Arc<AtomicBool>,
}

impl Receiver {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let url = format!("http://{}/hook", listener.local_addr().expect("it listens"));
        let receiver = Self { url, received: Arc::default(), takes: Arc::default() };
        let shared = receiver.clone();
        // It ends with the test program.
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let Some((headers, body)) = read(&stream) else { continue };
                let taken = shared.takes.load(SeqCst);
                shared.received.lock().expect("whole").push(Received { headers, body, taken });
                let status = if taken { "204 No Content" } else { "503 Service Unavailable" };
                let answer = format!("HTTP/1.1 {status}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
                let _ = (&stream).write_all(answer.as_bytes());
            }
        });
        receiver
    }

    fn open(&self) {
        self.takes.store(true, SeqCst);
    }

    fn received(&self) -> Vec<Received> {
        self.received.lock().expect("whole").clone()
    }

    /// Waits until it has got notices of these types, taken or not. Returns them.
    #[track_caller]
    fn wait(&self, taken: bool, types: &[&str]) -> Vec<Received> {
        let begin = Instant::now();
        loop {
            let received: Vec<_> = self.received().into_iter().filter(|one| one.taken == taken).collect();
            let found: BTreeSet<String> =
                received.iter().map(|one| one.json()["type"].as_str().expect("a text").to_owned()).collect();
            if types.iter().all(|kind| found.contains(*kind)) {
                return received;
            }
            assert!(begin.elapsed() < Duration::from_secs(90), "{types:?} {received:#?}");
            std::thread::sleep(Duration::from_millis(50));
        }
    }
}

impl Received {
    fn json(&self) -> Value {
        serde_json::from_str(&self.body).expect("it is JSON")
    }
}

/// Reads one request.
fn read(stream: &std::net::TcpStream) -> Option<(BTreeMap<String, String>, String)> {
    let mut reader = BufReader::new(stream);
    let mut headers = BTreeMap::new();
    let mut line = String::new();
    reader.read_line(&mut line).ok()?;
    loop {
        line.clear();
        reader.read_line(&mut line).ok()?;
        let Some((name, value)) = line.trim_end().split_once(": ") else { break };
        headers.insert(name.to_ascii_lowercase(), value.to_owned());
    }
    let mut body = vec![0; headers.get("content-length")?.parse().ok()?];
    reader.read_exact(&mut body).ok()?;
    Some((headers, String::from_utf8(body).ok()?))
}

fn serve(home: &ChainFolder, receiver: &Receiver, log: &str) -> Gateway {
    let mut command = home.command(&SERVE);
    command.args(["--webhook", &receiver.url]).env("PATRONAGE_WEBHOOK_SECRET", SECRET);
    Gateway::start(command, home.path(log))
}

#[test]
fn notices_are_signed_repeated_and_survive_the_end_of_the_process() {
    let (home, receiver) = (ChainFolder::launched(), Receiver::start());
    // What happened before the first start is not announced.
    home.json_of(&["tip", "1", "--memo", "before", "--as", "ana"]);
    home.json_of(&["chain", "time", "+1d"]);
    let mut first = serve(&home, &receiver, "first.log");
    // The first look at the chain begins the notices.
    while get(&format!("{}/v1/creator", first.url), &[]).json()["as_of"]["time"] == 0 {
        std::thread::sleep(Duration::from_millis(50));
    }
    std::thread::sleep(Duration::from_secs(1));
    home.json_of(&["tip", "2", "--memo", "for <b>you</b>", "--as", "ben"]);
    home.json_of(&["subscribe", "Listener", "--as", "ana"]);
    let refused = receiver.wait(false, &["tip", "member.new"]);
    first.process.kill().expect("it runs");
    first.process.wait().expect("it was started");
    drop(first);

    // The receiver is back, and the process too.
    receiver.open();
    let second = serve(&home, &receiver, "second.log");
    let taken = receiver.wait(true, &["tip", "member.new"]);
    let webhook = Webhook::new(&receiver.url, SECRET).expect("it is a webhook");
    for one in refused.iter().chain(&taken) {
        let header = |name: &str| one.headers[name].as_str();
        let timestamp = header("webhook-timestamp").parse().expect("seconds");
        assert_eq!(header("webhook-signature"), webhook.signature(header("webhook-id"), timestamp, &one.body));
        assert_eq!(header("content-type"), "application/json");
    }
    let ids = |all: &[Received]| all.iter().map(|one| one.headers["webhook-id"].clone()).collect::<BTreeSet<_>>();
    assert_eq!(ids(&refused), ids(&taken), "the same notices have the same ids");
    let tip = taken.iter().map(Received::json).find(|one| one["type"] == "tip").expect("a tip");
    assert_eq!(tip["data"]["memo"], "for <b>you</b>");
    assert_eq!(tip["data"]["amount"], "2000000000000");

    // The end of ana's time is near. What was taken does not come again.
    home.json_of(&["chain", "time", "+28d"]);
    let all = receiver.wait(true, &["member.ending"]);
    std::thread::sleep(Duration::from_secs(3));
    assert_eq!(receiver.received().iter().filter(|one| one.taken).count(), all.len());
    assert_eq!(ids(&all).len(), all.len(), "each is taken once");
    assert_eq!(all.len(), 3);
    let feed = get(&format!("{}/v1/feed.atom", second.url), &[]).body;
    assert_eq!(feed.matches("<entry>").count(), 3, "{feed}");
    assert!(feed.contains("for &lt;b&gt;you&lt;/b&gt;") && !feed.contains("before"), "{feed}");
}
