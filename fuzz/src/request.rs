//! The target of a request, its host, and the name of a file in it.

use std::path::{Component, Path};

use axum::{
    body::Body,
    extract::Request,
    http::{header, HeaderValue, Uri, Version},
};
use patronage_gateway::file_name::servable;

use crate::gateway_server::readers::{names_its_host, normalize};

/// Whether `rest`, which follows a percent sign, begins with the two digits of an octet.
fn is_octet(rest: &str) -> bool {
    rest.get(..2).is_some_and(|digits| digits.bytes().all(|digit| digit.is_ascii_hexdigit()))
}

/// All octets of `path` decoded.
fn octets(path: &str) -> Vec<u8> {
    let (mut decoded, bytes) = (Vec::new(), path.as_bytes());
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        let digits = path.get(at + 1..at + 3).filter(|digits| *byte == b'%' && is_octet(digits));
        match digits.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(octet) => {
                decoded.push(octet);
                at += 3;
            }
            None => {
                decoded.push(*byte);
                at += 1;
            }
        }
    }
    decoded
}

/// The first line is the target, and every other one the value of a header `Host`.
pub fn check(data: &[u8]) {
    let mut lines = data.split(|byte| *byte == b'\n');
    let first = lines.next().unwrap_or_default();
    if let Ok(given) = Uri::try_from(first) {
        let mut uri = given.clone();
        normalize(&mut uri);
        let (before, after) = (given.path(), uri.path());
        assert_eq!(octets(before), octets(after), "{given} became {uri}");
        let separators = |path: &str| path.bytes().filter(|byte| *byte == b'/').count();
        assert_eq!(separators(before), separators(after), "{given} became {uri}");
        assert_eq!(given.query(), uri.query(), "{given} became {uri}");
        assert_eq!(given.authority(), uri.authority(), "{given} became {uri}");
        let mut again = uri.clone();
        normalize(&mut again);
        assert_eq!(again, uri, "normalizing {given} twice differs");
        if let Some(name) = uri.path().strip_prefix("/content/") {
            file_name(&String::from_utf8_lossy(&octets(name)));
        }
    }
    file_name(&String::from_utf8_lossy(first));

    let hosts: Vec<HeaderValue> = lines.filter_map(|line| HeaderValue::from_bytes(line).ok()).collect();
    for version in [Version::HTTP_10, Version::HTTP_11] {
        let mut request = Request::new(Body::empty());
        *request.version_mut() = version;
        for host in &hosts {
            request.headers_mut().append(header::HOST, host.clone());
        }
        let named = names_its_host(&request);
        match (version, &hosts[..]) {
            (Version::HTTP_10, _) => assert!(named),
            (_, [host]) if named => {
                let text = host.to_str().expect("a host is ASCII");
                assert!(!text.contains(['@', '/', ' ', '?', '#', '\\']), "{text} is no host");
            }
            (_, [host]) => assert!(!host.is_empty()),
            (_, _) => assert!(!named, "{hosts:?}"),
        }
    }
}

/// A name that is served leads to a file directly in its folder.
fn file_name(name: &str) {
    let plain = |letter: char| matches!(letter, 'a'..='z' | 'A'..='Z' | '0'..='9' | '.' | '-' | '_');
    let expected = (1..=128).contains(&name.len()) && !name.starts_with('.') && name.chars().all(plain);
    assert_eq!(servable(name), expected, "{name:?}");
    if expected {
        let folder = Path::new("/content");
        let path = folder.join(name);
        assert_eq!(path.parent(), Some(folder), "{name:?}");
        assert!(path.components().skip(1).all(|part| matches!(part, Component::Normal(_))), "{name:?}");
        assert_eq!(path.components().count(), 3, "{name:?}");
        // It is the same in a URI.
        let uri: Uri = format!("/content/{name}").parse().expect("a name needs no escapes");
        assert_eq!(uri.path().strip_prefix("/content/"), Some(name));
    }
}
