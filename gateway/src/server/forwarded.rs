//! Clients behind proxies: `X-Forwarded-For`, in the forms that proxies write.

use std::{
    collections::HashMap,
    fmt,
    net::{IpAddr, SocketAddr},
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use axum::http::HeaderMap;
use tracing::warn;

/// The header.
const HEADER: &str = "x-forwarded-for";
/// How often the log repeats that a proxy does not name its clients.
const LOG_EVERY: Duration = Duration::from_secs(3600);
/// The maximum length of an entry in the log, in characters.
const MOST_SHOWN: usize = 64;

/// The client that a trusted proxy names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Named {
    /// An address.
    Address(IpAddr),
    /// Other text in place of an address, such as `unknown` or a pseudonym.
    Other(String),
    /// Only trusted proxies: one of them sends a request of its own, or names no client.
    Nobody,
}

/// Returns the last entry that is not one of the `trusted` proxies. Each proxy appends what it has seen, so everything
/// before that entry can be forged.
pub(super) fn named(headers: &HeaderMap, trusted: &[IpAddr]) -> Named {
    let lines = headers.get_all(HEADER).iter().rev();
    // Bytes that are not text in one entry do not affect the others.
    let entries = lines.flat_map(|line| line.as_bytes().rsplit(|byte| *byte == b','));
    let entries = entries.map(|entry| String::from_utf8_lossy(entry)).filter(|entry| !entry.trim().is_empty());
    for entry in entries {
        match address(&entry) {
            Some(address) if trusts(trusted, address) => {}
            Some(address) => return Named::Address(address),
            None => return Named::Other(entry.trim().to_owned()),
        }
    }
    Named::Nobody
}

/// Whether `address` is one of the `trusted`, written as IPv4 or as IPv6.
pub(super) fn trusts(trusted: &[IpAddr], address: IpAddr) -> bool {
    trusted.iter().any(|its| its.to_canonical() == address.to_canonical())
}

/// Parses the address in an entry: alone, with a port, in brackets, in quotes, or with a zone.
fn address(entry: &str) -> Option<IpAddr> {
    let entry = entry.trim();
    let entry = entry.strip_prefix('"').and_then(|entry| entry.strip_suffix('"')).unwrap_or(entry).trim();
    let plain = |text: &str| text.split('%').next()?.parse::<IpAddr>().ok();
    let address = match entry.strip_prefix('[') {
        Some(rest) => {
            let (address, port) = rest.split_once(']')?;
            is_port(port).then(|| plain(address)).flatten().filter(IpAddr::is_ipv6)
        }
        None => plain(entry).or_else(|| {
            let (address, port) = entry.split_at_checked(entry.find(':')?)?;
            is_port(port).then(|| plain(address)).flatten().filter(IpAddr::is_ipv4)
        }),
    };
    address.map(|address| address.to_canonical())
}

/// Whether `text` is empty, or a colon and a port. Some proxies obfuscate the port as `_x` (RFC 7239, section 6).
fn is_port(text: &str) -> bool {
    let hidden = |name: &str| name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte));
    match text.strip_prefix(':') {
        None => text.is_empty(),
        Some(port) => port.parse::<u16>().is_ok() || port.strip_prefix('_').is_some_and(hidden),
    }
}

/// What was logged about proxies that name no clients. It is bounded by the number of trusted proxies.
#[derive(Debug, Default)]
pub(super) struct ProxyWarnings(Mutex<HashMap<IpAddr, Instant>>);

impl ProxyWarnings {
    /// Logs that clients of `proxy` cannot be distinguished, unless it was logged recently.
    pub fn log(&self, proxy: SocketAddr, named: &Named) {
        let mut logged = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if logged.get(&proxy.ip()).is_some_and(|last| last.elapsed() < LOG_EVERY) {
            return;
        }
        logged.insert(proxy.ip(), Instant::now());
        drop(logged);
        let proxy = proxy.ip();
        match named {
            Named::Address(_) => {}
            Named::Other(entry) => warn!(
                %proxy, entry = ?Shown(entry),
                "the last entry of X-Forwarded-For is not an address. Clients with the same entry share one limit. \
                 Configure the proxy to append the address of its client"
            ),
            Named::Nobody => warn!(
                %proxy,
                "a trusted proxy sent no client address in X-Forwarded-For. All such requests share one limit. \
                 Configure the proxy to append the address of its client"
            ),
        }
    }
}

/// A text of others, shortened.
struct Shown<'a>(&'a str);

impl fmt::Debug for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0.chars().take(MOST_SHOWN).collect::<String>(), f)
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;
    use proptest::prelude::*;

    use super::*;

    const PROXIES: [&str; 3] = ["10.0.0.1", "::ffff:10.0.0.2", "fd00::1"];

    fn read<T: AsRef<[u8]>>(lines: &[T]) -> Named {
        let trusted = PROXIES.map(|proxy| proxy.parse().unwrap());
        let lines = lines.iter().filter_map(|line| HeaderValue::from_bytes(line.as_ref()).ok());
        named(&lines.map(|line| (HEADER.parse().unwrap(), line)).collect(), &trusted)
    }

    #[test]
    fn an_entry_is_read_in_every_form_in_which_proxies_write_one() {
        for (entry, address) in [
            ("198.51.100.7", "198.51.100.7"),
            ("198.51.100.7:5678", "198.51.100.7"),
            ("198.51.100.7:_hidden", "198.51.100.7"),
            ("  198.51.100.7\t", "198.51.100.7"),
            ("\"198.51.100.7:80\"", "198.51.100.7"),
            ("2001:db8::1", "2001:db8::1"),
            ("[2001:db8::1]", "2001:db8::1"),
            ("[2001:db8::1]:443", "2001:db8::1"),
            ("\"[2001:db8::1]:443\"", "2001:db8::1"),
            ("\" [2001:DB8::1]:_x \"", "2001:db8::1"),
            ("::ffff:198.51.100.7", "198.51.100.7"),
            ("[::ffff:198.51.100.7]:80", "198.51.100.7"),
            ("fe80::1%eth0", "fe80::1"),
            ("[fe80::1%25eth0]:80", "fe80::1"),
        ] {
            assert_eq!(read(&[entry]), Named::Address(address.parse().unwrap()), "{entry}");
        }
        for entry in [
            "unknown",
            "_hidden",
            "localhost",
            "198.51.100.7:",
            "198.51.100.7:65536",
            "198.51.100.7:x",
            "198.51.100",
            "198.51.100.07",
            "[198.51.100.7]:80",
            "[2001:db8::1",
            "2001:db8::1]",
            "[2001:db8::1]443",
            "for=1.2.3.4",
            "\"",
        ] {
            assert_eq!(read(&[entry]), Named::Other(entry.to_owned()), "{entry}");
        }
    }

    #[test]
    fn the_last_entry_that_is_no_trusted_proxy_counts() {
        for (lines, address) in [
            (&["1.1.1.1", "2.2.2.2, 198.51.100.7"][..], "198.51.100.7"),
            (&["1.1.1.1, 198.51.100.7", "10.0.0.1"], "198.51.100.7"),
            (&["198.51.100.7, 10.0.0.2:80, [::ffff:10.0.0.1], [fd00::1]:99"], "198.51.100.7"),
            (&["198.51.100.7, ,", " , "], "198.51.100.7"),
            (&["unknown, 198.51.100.7"], "198.51.100.7"),
        ] {
            assert_eq!(read(lines), Named::Address(address.parse().unwrap()), "{lines:?}");
        }
        assert_eq!(read(&[&b"\xff\xfe, 198.51.100.7"[..]]), Named::Address("198.51.100.7".parse().unwrap()));
        assert_eq!(read(&["198.51.100.7, unknown, 10.0.0.1"]), Named::Other("unknown".to_owned()));
        for lines in [&[][..], &[""], &[" , "], &["10.0.0.1"], &["10.0.0.2, fd00::1"]] {
            assert_eq!(read(lines), Named::Nobody, "{lines:?}");
        }
    }

    proptest! {
        #[test]
        fn no_header_makes_it_panic(lines in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..60), 0..4)) {
            let _ = read(&lines);
        }

        #[test]
        fn any_address_is_read_in_any_form(bits in any::<[u8; 16]>(), four in any::<bool>(), port in any::<u16>(), form in 0..4_u8) {
            let address = match four {
                true => IpAddr::from([bits[0], bits[1], bits[2], bits[3]]),
                false => IpAddr::from(bits),
            };
            let with_port = SocketAddr::new(address, port).to_string();
            let entry = match form {
                0 => address.to_string(),
                1 => with_port,
                2 => format!("\"{with_port}\""),
                _ => format!("\t{address} "),
            };
            prop_assert_eq!(read(&[&entry]), Named::Address(address.to_canonical()));
        }
    }
}
