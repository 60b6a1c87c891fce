//! The gateway as an HTTP server: whole requests over a connection.

use std::{
    cell::Cell,
    net::{IpAddr, Ipv4Addr, SocketAddr},
    num::NonZeroU32,
    sync::Arc,
    time::Duration,
};

use patronage_gateway::{
    key_folder::KeyFolder,
    registry::{Access, AccountId, ContentId, ContentInfo, Registry, RegistryId, Unreachable},
    server::{Config, Gateway},
};
use tempfile::TempDir;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpSocket,
    runtime::{Builder, Runtime},
    signal::unix::{signal, SignalKind},
    time::timeout,
};

use crate::{age_key::one_time, challenge::REGISTRY, world::folder};

/// A rate that no caller reaches.
const UNLIMITED: NonZeroU32 = NonZeroU32::new(1_000_000).unwrap();
/// The name of the only file.
const NAME: &str = "diary.age";
/// How long a request may be incomplete before the client gives up.
const PATIENCE: Duration = Duration::from_millis(4);

/// The bytes of the file, each of which tells its position.
fn content() -> Vec<u8> {
    (0_u16..500).map(|position| (position % 251) as u8).collect()
}

/// A registry with one content, which nobody may open.
struct OneContent;

impl Registry for OneContent {
    fn identity(&self) -> RegistryId {
        REGISTRY
    }

    fn content(&self, id: ContentId) -> Result<Option<ContentInfo>, Unreachable> {
        let public_key = one_time().public().map_err(|_| Unreachable(String::new()))?.to_bytes();
        Ok((id == 0).then(|| ContentInfo { public_key, hash: [0; 32], uri: NAME.to_owned() }))
    }

    fn access(&self, _: ContentId, _: &AccountId) -> Result<Access, Unreachable> {
        Ok(Access::Refused { why: "hold 10 FAN more".to_owned() })
    }
}

struct Running {
    _folders: [TempDir; 2],
    runtime: Runtime,
    address: SocketAddr,
    connections: Cell<u32>,
}

impl Running {
    fn new() -> Self {
        let (keys, files) = (folder(), folder());
        KeyFolder::open(keys.path()).and_then(|keys| keys.save(&one_time())).expect("a folder of keys");
        std::fs::write(files.path().join(NAME), content()).expect("a file");
        let mut config = Config::new(SocketAddr::from(([127, 0, 0, 1], 0)), keys.path(), files.path());
        config.requests_per_second = UNLIMITED;
        config.burst = UNLIMITED;
        config.trusted_proxies = vec![IpAddr::V4(Ipv4Addr::LOCALHOST)];
        let runtime = Builder::new_current_thread().enable_all().build().expect("a runtime");
        let gateway = runtime.block_on(Gateway::bind(config, Arc::new(OneContent))).expect("a gateway");
        let address = gateway.address().expect("an address");
        runtime.spawn(gateway.run(std::future::pending()));
        // A client that is gone ends only its connection. Programs in Rust ignore this signal; libFuzzer does not.
        runtime.block_on(async { signal(SignalKind::pipe()).map(drop) }).expect("a handler of signals");
        Self { _folders: [keys, files], runtime, address, connections: Cell::new(0) }
    }

    /// Sends `request` and returns what the gateway sends until the first answer is complete.
    fn answer(&self, request: &[u8]) -> Vec<u8> {
        // Each from another address of this machine, as the system keeps closed connections for a minute. Every second one is that
        // of a trusted proxy.
        let number = self.connections.replace(self.connections.get().wrapping_add(1));
        let [_, high, low, _] = (number << 7).to_be_bytes();
        let from = SocketAddr::from(([127, 0, high, low.max(1)], 0));
        self.runtime.block_on(async {
            let socket = TcpSocket::new_v4().expect("a socket");
            socket.bind(from).expect("an address of this machine");
            let mut stream = socket.connect(self.address).await.expect("a connection");
            let mut answer = Vec::new();
            // The gateway may close the connection before it has read everything.
            if stream.write_all(request).await.is_ok() {
                while !is_complete(&answer) {
                    match timeout(PATIENCE, stream.read_buf(&mut answer)).await {
                        Ok(Ok(1..)) => {}
                        Ok(_) | Err(_) => break,
                    }
                }
            }
            answer
        })
    }
}

/// The head of an answer: its status, and a function of the names of headers.
struct Head<'a> {
    status: u16,
    lines: Vec<&'a str>,
    body: &'a [u8],
}

impl<'a> Head<'a> {
    fn of(answer: &'a [u8]) -> Option<Self> {
        let end = answer.windows(4).position(|bytes| bytes == b"\r\n\r\n")?;
        let head = std::str::from_utf8(&answer[..end]).expect("heads are text");
        let mut lines: Vec<&str> = head.split("\r\n").collect();
        let first = lines.remove(0);
        let status = first.strip_prefix("HTTP/1.1 ").or_else(|| first.strip_prefix("HTTP/1.0 ")).expect("an answer");
        let status = status.get(..3).and_then(|digits| digits.parse().ok()).expect("a status");
        Some(Self { status, lines, body: &answer[end + 4..] })
    }

    fn header(&self, name: &str) -> Option<&'a str> {
        let lines = self.lines.iter().filter_map(|line| line.split_once(": "));
        lines.filter(|(its, _)| its.eq_ignore_ascii_case(name)).map(|(_, value)| value).next()
    }

    fn length(&self) -> Option<usize> {
        self.header("content-length").and_then(|length| length.parse().ok())
    }
}

fn is_complete(answer: &[u8]) -> bool {
    Head::of(answer).is_some_and(|head| head.length().is_none_or(|length| head.body.len() >= length))
}

/// The input is what a client sends, and the end of a head is added.
pub fn check(data: &[u8]) {
    if data.is_empty() {
        return;
    }
    thread_local!(static RUNNING: Running = Running::new());
    let request = [data, b"\r\n\r\n"].concat();
    let answer = RUNNING.with(|running| running.answer(&request));
    assert!(!answer.windows(14).any(|bytes| bytes == b"AGE-SECRET-KEY"), "a secret key");
    let Some(head) = Head::of(&answer) else { return };
    assert_ne!(head.status, 500, "{}", String::from_utf8_lossy(&answer));
    let file = content();
    // Answers to HEAD have no body. What follows is the next answer.
    let bodiless = data.trim_ascii_start().starts_with(b"HEAD ") || head.status == 304;
    let length = if bodiless { 0 } else { head.length().unwrap_or(head.body.len()) };
    let sent = &head.body[..length.min(head.body.len())];
    let is_file = head.header("content-type") == Some("application/octet-stream");
    match head.status {
        // The whole file, or nothing of it for HEAD.
        200 if is_file => {
            assert_eq!(head.length(), Some(file.len()));
            assert!(sent.is_empty() || file.starts_with(sent), "another file");
        }
        206 => match head.header("content-range") {
            Some(range) => {
                let (first, rest) =
                    range.strip_prefix("bytes ").and_then(|range| range.split_once('-')).expect("a range");
                let (last, size) = rest.split_once('/').expect("a size");
                let number = |text: &str| text.parse::<usize>().expect("a number");
                assert_eq!(number(size), file.len());
                let part = &file[number(first)..=number(last)];
                assert_eq!(head.length(), Some(part.len()));
                assert!(part.starts_with(sent), "other bytes than those of {range}");
            }
            None => {
                let kind = head.header("content-type").expect("a type");
                assert!(kind.starts_with("multipart/byteranges; boundary="), "{kind}");
                multipart(kind, sent, head.length().unwrap_or(0), &file);
            }
        },
        304 => assert!(head.header("etag").is_some()),
        416 => assert_eq!(head.header("content-range"), Some(format!("bytes */{}", file.len()).as_str())),
        _ => {}
    }
    // An error says its kind in JSON, and no answer is kept by others.
    if head.status >= 400 && head.header("content-type") == Some("application/json") && sent.len() == length {
        if !sent.is_empty() {
            let problem: serde_json::Value = serde_json::from_slice(sent).expect("JSON");
            assert!(problem["code"].is_string() || problem["status"].is_string(), "{problem}");
        }
        assert_eq!(head.header("cache-control"), Some("no-store"));
    }
}

/// Each part has the bytes that its own header names.
fn multipart(kind: &str, body: &[u8], length: usize, file: &[u8]) {
    if body.len() != length {
        return;
    }
    let boundary = format!("--{}", kind.split_once('=').map_or("", |(_, boundary)| boundary));
    let mut parts = 0;
    let mut rest = body;
    while let Some(at) = rest.windows(boundary.len()).position(|bytes| bytes == boundary.as_bytes()) {
        rest = &rest[at + boundary.len()..];
        let Some(end) = rest.windows(4).position(|bytes| bytes == b"\r\n\r\n") else { break };
        let head = String::from_utf8_lossy(&rest[..end]).to_lowercase();
        let range = head.split("content-range: bytes ").nth(1).expect("a range").lines().next().expect("a range");
        let (first, last) = range.split_once('/').and_then(|(range, _)| range.split_once('-')).expect("a range");
        let part = &file[first.parse().expect("a number")..=last.parse().expect("a number")];
        assert!(rest[end + 4..].starts_with(part), "other bytes than those of {range}");
        parts += 1;
    }
    assert!((2..=16).contains(&parts), "{parts} parts");
}
