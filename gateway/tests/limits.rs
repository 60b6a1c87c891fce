//! Requests that are too large, too many or too slow, and folders in the wrong place.

mod common;

use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpStream},
    num::NonZeroU32,
    time::{Duration, Instant},
};

use common::{noise, until, Fan, GatewayFixture};
use patronage_gateway::{
    protocol::MOST_REQUEST,
    server::{Config, Gateway, StartError},
};

/// Sends bytes, and returns everything until the other side closes.
fn raw(address: SocketAddr, bytes: &[u8]) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
    // The other side may close before it has read everything.
    let _ = stream.write_all(bytes);
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    String::from_utf8_lossy(&answer).into_owned()
}

fn get(fixture: &GatewayFixture, target: &str, header: &str) -> String {
    raw(fixture.address, format!("GET {target} HTTP/1.1\r\nhost: a\r\nconnection: close\r\n{header}\r\n").as_bytes())
}

fn post(fixture: &GatewayFixture, target: &str, body: &str) -> String {
    let length = body.len();
    let head = format!("POST {target} HTTP/1.1\r\nhost: a\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n");
    raw(fixture.address, (head + body).as_bytes())
}

#[test]
fn malformed_requests_are_answered_in_words() {
    let fixture = GatewayFixture::new();
    for body in ["", "{", "[]", "null", "\"\"", r#"{"content":1}"#, r#"{"content":1e9,"account":"","recipient":""}"#] {
        for path in ["/challenge", "/key"] {
            let answer = post(&fixture, path, body);
            assert!(answer.starts_with("HTTP/1.1 400 ") && answer.contains("malformed"), "{path} {body}: {answer}");
        }
    }
    assert!(get(&fixture, "/nothing", "").starts_with("HTTP/1.1 404 "));
    let answer = get(&fixture, "/key", "");
    assert!(answer.starts_with("HTTP/1.1 405 ") && answer.contains("does not support the method"), "{answer}");
    for nonsense in ["\0\0\0\0\r\n\r\n", "GET\r\n\r\n", "GET / HTTP/9.9\r\n\r\n"] {
        let answer = raw(fixture.address, nonsense.as_bytes());
        assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 400 "), "{nonsense:?}: {answer}");
    }
    assert_eq!(fixture.client().health().unwrap().status, "ok");
}

#[test]
fn oversized_requests_are_refused() {
    let fixture = GatewayFixture::new();
    let answer = post(&fixture, "/challenge", &" ".repeat(MOST_REQUEST + 1));
    assert!(answer.starts_with("HTTP/1.1 413 ") && answer.contains("8192 bytes"), "{answer}");
    let head =
        format!("POST /key HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n4000\r\n{}", " ".repeat(0x4000));
    let answer = raw(fixture.address, head.as_bytes());
    assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 413 "), "{answer}");
    let answer = get(&fixture, "/health", &format!("x: {}\r\n", "a".repeat(100_000)));
    assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 431 "), "{answer}");
    let answer = get(&fixture, &format!("/{}", "a".repeat(100_000)), "");
    assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 4"), "{answer}");
}

#[test]
fn files_are_served_whole_and_in_ranges() {
    let fixture = GatewayFixture::new();
    let bytes = noise(5000);
    std::fs::write(fixture.path("content").join("a.age"), &bytes).unwrap();
    let answer = ureq::get(format!("{}/content/a.age", fixture.url())).call().unwrap();
    assert_eq!(answer.headers()["accept-ranges"], "bytes");
    assert_eq!(answer.headers()["content-type"], "application/octet-stream");
    assert_eq!(answer.into_body().read_to_vec().unwrap(), bytes);
    for (range, part) in [("0-99", &bytes[..100]), ("4000-", &bytes[4000..]), ("-10", &bytes[4990..])] {
        let request = ureq::get(format!("{}/content/a.age", fixture.url())).header("range", format!("bytes={range}"));
        let answer = request.call().unwrap();
        assert_eq!(answer.status(), 206, "{range}");
        assert_eq!(answer.into_body().read_to_vec().unwrap(), part, "{range}");
    }
    for range in ["bytes=9000-", "bytes=5000-5000", "bytes=99999999999999999999-"] {
        let answer = get(&fixture, "/content/a.age", &format!("range: {range}\r\n"));
        assert!(answer.starts_with("HTTP/1.1 416 "), "{range}: {answer}");
    }
}

#[test]
fn nothing_outside_the_folder_is_served() {
    let fixture = GatewayFixture::new();
    let sealed = fixture.publish(0, b"words");
    let key = sealed.key_path.file_name().unwrap().to_str().unwrap();
    let content = fixture.path("content");
    std::fs::write(fixture.path("secret"), "SECRET").unwrap();
    std::fs::write(content.join(".hidden"), "SECRET").unwrap();
    std::fs::create_dir(content.join("folder")).unwrap();
    std::fs::write(content.join("folder").join("a"), "SECRET").unwrap();
    std::os::unix::fs::symlink(fixture.path("secret"), content.join("link")).unwrap();
    std::os::unix::fs::symlink(fixture.path("keys"), content.join("keys")).unwrap();
    for target in [
        "/content/../secret",
        "/content/..%2fsecret",
        "/content/%2e%2e/secret",
        "/content/%2e%2e%2fsecret",
        "/content/..%5csecret",
        "/content//etc/passwd",
        "/content/%2fetc%2fpasswd",
        "/content/.hidden",
        "/content/folder/a",
        "/content/folder%2fa",
        "/content/folder",
        "/content/",
        "/content",
        "/content/link",
        "/content/a%00.age",
        "/content/%ff",
        &format!("/content/keys/{key}"),
        &format!("/content/keys%2f{key}"),
        &format!("/content/..%2fkeys%2f{key}"),
    ] {
        let answer = get(&fixture, target, "");
        assert!(answer.starts_with("HTTP/1.1 404 ") && !answer.contains("SECRET"), "{target}: {answer}");
    }
}

#[test]
fn who_asks_too_often_has_to_wait() {
    let fixture = GatewayFixture::with(|config| {
        config.requests_per_second = NonZeroU32::MIN;
        config.burst = NonZeroU32::new(3).unwrap();
    });
    let answers: Vec<_> = (0..6).map(|_| get(&fixture, "/health", "")).collect();
    assert!(answers[..3].iter().all(|answer| answer.starts_with("HTTP/1.1 200 ")));
    assert!(answers[4].starts_with("HTTP/1.1 429 ") && answers[4].contains("retry-after"), "{}", answers[4]);
}

#[test]
fn slow_clients_are_cut_off_and_hold_up_nobody() {
    let fixture = GatewayFixture::with(|config| {
        config.header_timeout = Duration::from_millis(300);
        config.request_timeout = Duration::from_millis(300);
        config.write_timeout = Duration::from_millis(300);
    });
    // More than the system buffers for a client that does not read.
    std::fs::write(fixture.path("content").join("large.age"), noise(40 << 20)).unwrap();
    let begin = Instant::now();
    for (head, answer) in [
        ("", ""),
        ("GET /health HT", ""),
        ("POST /key HTTP/1.1\r\nhost: a\r\ncontent-length: 100\r\n\r\n{", "HTTP/1.1 504 "),
        ("GET /health HTTP/1.1\r\nhost: a\r\n\r\n", "HTTP/1.1 200 "),
    ] {
        let got = raw(fixture.address, head.as_bytes());
        assert!(got.starts_with(answer), "{head}: {got}");
    }
    assert!(begin.elapsed() < Duration::from_secs(8), "each was cut off");

    let mut sleeper = TcpStream::connect(fixture.address).unwrap();
    sleeper.write_all(b"GET /content/large.age HTTP/1.1\r\nhost: a\r\n\r\n").unwrap();
    std::thread::sleep(Duration::from_secs(2));
    let mut got = Vec::new();
    let _ = sleeper.read_to_end(&mut got);
    assert!(got.len() < 40 << 20, "a client that does not read is cut off");
    assert_eq!(fixture.client().health().unwrap().status, "ok");
}

#[test]
fn connections_are_limited_for_each_address() {
    let fixture = GatewayFixture::with(|config| config.most_connections_per_address = 2);
    // Connections are accepted in the order of their arrival.
    let held: Vec<_> = (0..2).map(|_| TcpStream::connect(fixture.address).unwrap()).collect();
    assert_eq!(get(&fixture, "/health", ""), "");
    drop(held);
    until("there is room again", || get(&fixture, "/health", "").starts_with("HTTP/1.1 200 "));
}

#[test]
fn connections_that_come_while_none_can_be_taken_wait() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("content")).unwrap();
    let mut config =
        Config::new(([127, 0, 0, 1], 0).into(), &folder.path().join("keys"), &folder.path().join("content"));
    config.most_connections_per_address = config.most_connections;
    config.burst = NonZeroU32::MAX;
    // Both ends are in this process, which may have 1024 open files on many systems. Old systems queue only 128
    // connections.
    let allowed: usize = std::fs::read_to_string("/proc/sys/net/core/somaxconn").unwrap().trim().parse().unwrap();
    let count = allowed.min(400);
    let gateway =
        runtime.block_on(Gateway::bind(config, std::sync::Arc::new(common::TestRegistry::default()))).unwrap();
    let address = gateway.address().unwrap();
    let mut streams: Vec<_> = (0..count)
        .map(|number| {
            let stream = TcpStream::connect_timeout(&address, Duration::from_secs(1));
            let mut stream = stream.unwrap_or_else(|error| panic!("connection {number} of {count}: {error}"));
            stream.write_all(b"GET /health HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n").unwrap();
            stream
        })
        .collect();
    runtime.spawn(gateway.run(std::future::pending()));
    for (number, stream) in streams.iter_mut().enumerate() {
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap_or_else(|error| panic!("answer {number} of {count}: {error}"));
        assert!(answer.starts_with("HTTP/1.1 200 "), "{number}: {answer}");
    }
    runtime.shutdown_background();
}

#[test]
fn a_stop_lets_open_requests_come_to_their_end() {
    let mut fixture = GatewayFixture::new();
    fixture.publish(0, b"words");
    let fan = Fan::sr25519(1);
    fixture.registry.grant(0, fan.account());
    fixture.registry.set_delay(Duration::from_millis(400));
    let (client, request) = (fixture.client(), fixture.unlock_request(0, &fan));
    let before = fixture.registry.begun();
    let unlock = std::thread::spawn(move || client.key(&request, fan.signer()).map(|_| ()));
    until("the key is asked for", || fixture.registry.begun() > before);
    let idle = TcpStream::connect(fixture.address).unwrap();
    fixture.ask_to_stop();
    let begin = Instant::now();
    fixture.wait();
    unlock.join().unwrap().unwrap();
    assert!(begin.elapsed() < Duration::from_secs(5), "an idle connection does not hold it up");
    drop(idle);
    assert!(TcpStream::connect(fixture.address).is_err());
}

#[test]
fn a_stop_breaks_off_what_takes_too_long() {
    let mut fixture = GatewayFixture::with(|config| config.stop_timeout = Duration::from_millis(300));
    std::fs::write(fixture.path("content").join("large.age"), noise(40 << 20)).unwrap();
    let mut sleeper = TcpStream::connect(fixture.address).unwrap();
    sleeper.write_all(b"GET /content/large.age HTTP/1.1\r\nhost: a\r\n\r\n").unwrap();
    std::thread::sleep(Duration::from_millis(200));
    fixture.ask_to_stop();
    let begin = Instant::now();
    fixture.wait();
    assert!(begin.elapsed() < Duration::from_secs(3));
}

#[test]
fn a_download_goes_on_where_it_broke_off() {
    // A gateway that stops during requests, and starts again.
    let mut fixture = GatewayFixture::with(|config| config.stop_timeout = Duration::from_millis(1));
    let plain = noise(30 << 20);
    fixture.publish(0, &plain);
    let info = fixture.unlock_request(0, &Fan::sr25519(1)).info;
    let (client, output) = (fixture.client(), fixture.path("file"));
    let (tell, told) = std::sync::mpsc::channel();
    let copy = output.clone();
    let download = std::thread::spawn(move || {
        let mut steps = 0;
        client.download(&info, &copy, |_, _| {
            steps += 1;
            if steps == 4 {
                tell.send(()).unwrap();
                std::thread::sleep(Duration::from_millis(500));
            }
        })
    });
    told.recv().unwrap();
    fixture.restart();
    let size = download.join().unwrap().unwrap();
    assert_eq!(size, output.metadata().unwrap().len());
}

#[test]
fn a_gateway_with_leaky_secrets_or_bad_limits_does_not_start() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let (content, keys) = (folder.path().join("content"), folder.path().join("content/keys"));
    std::fs::create_dir(&content).unwrap();
    let start = |keys: &std::path::Path, change: fn(&mut Config)| {
        let mut config = Config::new(([127, 0, 0, 1], 0).into(), keys, &content);
        change(&mut config);
        let registry = std::sync::Arc::new(common::TestRegistry::default());
        runtime.block_on(Gateway::bind(config, registry)).map(|_| ())
    };
    let error = start(&keys, |_| ()).unwrap_err();
    assert!(matches!(error, StartError::Nested { .. }), "{error}");
    let keys = folder.path().join("keys");
    assert!(matches!(start(&keys, |config| config.most_chain_calls = 0), Err(StartError::Zero(_))));
    start(&keys, |_| ()).unwrap();
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(&keys, std::fs::Permissions::from_mode(0o755)).unwrap();
    let error = start(&keys, |_| ()).unwrap_err().to_string();
    assert!(error.contains("chmod 700"), "{error}");
    std::fs::remove_dir_all(&content).unwrap();
    std::fs::set_permissions(&keys, std::fs::Permissions::from_mode(0o700)).unwrap();
    assert!(matches!(start(&keys, |_| ()), Err(StartError::Content { .. })));
}
