//! HTTP as in RFC 9110: the gateway's exact answers to requests of any client.

#[path = "../common/mod.rs"]
mod common;
mod conditions;
mod downloads;
mod messages;
mod ranges;

use std::{
    io::{Read, Write},
    net::TcpStream,
    time::Duration,
};

use common::GatewayFixture;

/// An answer as received.
#[derive(Debug, Clone)]
struct Answer {
    status: u16,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

impl Answer {
    /// Returns the header's value, if it occurs once.
    fn header(&self, name: &str) -> Option<&str> {
        let mut values = self.headers.iter().filter(|(its, _)| its == name).map(|(_, value)| value.as_str());
        values.next().filter(|_| values.next().is_none())
    }

    fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

/// Sends `request` and reads until the other side closes.
fn exchange(fixture: &GatewayFixture, request: &[u8]) -> Answer {
    let mut stream = TcpStream::connect(fixture.address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    stream.write_all(request).unwrap();
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).unwrap();
    let end = bytes.windows(4).position(|window| window == b"\r\n\r\n").expect("a head");
    let head = std::str::from_utf8(&bytes[..end]).unwrap();
    let mut lines = head.split("\r\n");
    let status = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
    let headers = lines.map(|line| line.split_once(": ").unwrap());
    Answer {
        status,
        headers: headers.map(|(name, value)| (name.to_lowercase(), value.to_owned())).collect(),
        body: bytes[end + 4..].to_vec(),
    }
}

/// Returns the answer to a request with these header lines.
fn ask(fixture: &GatewayFixture, method: &str, target: &str, headers: &[(&str, &str)]) -> Answer {
    let lines: String = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    let head = format!("{method} {target} HTTP/1.1\r\nhost: a\r\nconnection: close\r\n{lines}\r\n");
    exchange(fixture, head.as_bytes())
}

/// A gateway that serves `bytes` as `/content/a.age`, last changed long ago.
fn fixture_with(bytes: &[u8]) -> GatewayFixture {
    let fixture = GatewayFixture::new();
    let path = fixture.path("content").join("a.age");
    std::fs::write(&path, bytes).unwrap();
    fixture
}

const FILE: &str = "/content/a.age";
