//! `X-Forwarded-For`, compared with the readers of addresses in the standard library.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use axum::http::{HeaderMap, HeaderName, HeaderValue};

use crate::gateway_server::readers::{named, Named};

const HEADER: HeaderName = HeaderName::from_static("x-forwarded-for");
/// The proxies that the gateway trusts here.
const TRUSTED: [IpAddr; 3] = [
    IpAddr::V4(Ipv4Addr::new(10, 0, 0, 1)),
    // 10.0.0.2 as IPv6.
    IpAddr::V6(Ipv6Addr::new(0, 0, 0, 0, 0, 0xffff, 0x0a00, 2)),
    IpAddr::V6(Ipv6Addr::new(0xfd00, 0, 0, 0, 0, 0, 0, 1)),
];

fn headers<'a>(lines: impl Iterator<Item = &'a [u8]>) -> HeaderMap {
    lines.filter_map(|line| Some((HEADER, HeaderValue::from_bytes(line).ok()?))).collect()
}

fn is_trusted(address: IpAddr) -> bool {
    TRUSTED.iter().any(|proxy| proxy.to_canonical() == address)
}

/// Each line is the value of one header.
pub fn check(data: &[u8]) {
    let lines = || data.split(|byte| *byte == b'\n');
    let map = headers(lines());
    let read = named(&map, &TRUSTED);

    // From the end, as far as the standard library can read the entries.
    let entries = map.get_all(HEADER).iter().rev().flat_map(|line| line.as_bytes().rsplit(|byte| *byte == b','));
    let texts = entries.map(|entry| String::from_utf8_lossy(entry).trim().to_owned()).filter(|entry| !entry.is_empty());
    let mut expected = Some(Named::Nobody);
    for text in texts {
        let plain = text.parse::<IpAddr>().or_else(|_| text.parse::<SocketAddr>().map(|with_port| with_port.ip()));
        match plain.map(|address| address.to_canonical()) {
            Ok(address) if is_trusted(address) => continue,
            Ok(address) => expected = Some(Named::Address(address)),
            // Other forms are read by our reader only.
            Err(_) => expected = None,
        }
        break;
    }
    if let Some(expected) = expected {
        assert_eq!(read, expected);
    }
    match &read {
        Named::Address(address) => {
            assert!(!is_trusted(*address) && *address == address.to_canonical(), "{address} is a proxy");
        }
        Named::Other(text) => {
            assert!(!text.trim().is_empty() && text.parse::<IpAddr>().is_err(), "{text} is an address");
        }
        Named::Nobody => return,
    }
    // What a client writes before the entries of the proxies changes nothing.
    for forged in [&b"203.0.113.9"[..], b"10.0.0.1", b"\"", b"[", b",,unknown"] {
        assert_eq!(named(&headers(std::iter::once(forged).chain(lines())), &TRUSTED), read);
    }
}
