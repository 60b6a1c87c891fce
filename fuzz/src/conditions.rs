//! Conditional requests (RFC 9110, section 13): entity tags and dates in headers.

use std::time::{Duration, SystemTime};

use axum::{
    body::Bytes,
    http::{header, HeaderMap, HeaderName, HeaderValue, Method},
};
use patronage_gateway::files::{FilesFuture, ReadRange, StoredFile};

use crate::gateway_server::readers::{evaluate, Verdict};

const TAG: &str = "0123abc";
/// 2026-01-01 00:00:00 UTC.
const CHANGED: u64 = 1_767_225_600;

struct Nothing;

impl ReadRange for Nothing {
    fn read(&mut self, _: std::ops::Range<u64>) -> FilesFuture<'_, Bytes> {
        Box::pin(async { Ok(Bytes::new()) })
    }
}

fn file(strong: bool) -> StoredFile {
    let modified = Some(SystemTime::UNIX_EPOCH + Duration::from_secs(CHANGED));
    StoredFile { size: 10, tag: TAG.to_owned(), strong, modified, bytes: Box::new(Nothing) }
}

/// Each line is a header: the first letter chooses its name, and the rest is its value. The first byte chooses the method, and whether
/// the file's validators are strong.
pub fn check(data: &[u8]) {
    let Some((first, rest)) = data.split_first() else { return };
    let strong = first & 1 == 1;
    let method = if first & 2 == 2 { Method::HEAD } else { Method::GET };
    let mut headers = HeaderMap::new();
    for line in rest.split(|byte| *byte == b'\n') {
        let Some((name, value)) = line.split_first() else { continue };
        let name: HeaderName = match name {
            b'm' => header::IF_MATCH,
            b'n' => header::IF_NONE_MATCH,
            b'u' => header::IF_UNMODIFIED_SINCE,
            b's' => header::IF_MODIFIED_SINCE,
            b'r' => header::IF_RANGE,
            _ => continue,
        };
        if let Ok(value) = HeaderValue::from_bytes(value) {
            headers.append(name, value);
        }
    }
    let now = SystemTime::UNIX_EPOCH + Duration::from_secs(CHANGED + 1_000);
    let verdict = evaluate(&method, &headers, &file(strong), now);
    let has = |name: HeaderName| headers.contains_key(name);
    let values = |name: HeaderName| headers.get_all(name).iter().map(HeaderValue::as_bytes).collect::<Vec<_>>();
    let (own, own_weak) = (format!("\"{TAG}\""), format!("W/\"{TAG}\""));
    match verdict {
        Verdict::Failed => {
            assert!(has(header::IF_MATCH) || has(header::IF_UNMODIFIED_SINCE));
            assert!(!values(header::IF_MATCH).contains(&&b"*"[..]), "every file matches *");
            assert!(!strong || !values(header::IF_MATCH).contains(&own.as_bytes()), "the file's own tag matches");
        }
        Verdict::NotModified => assert!(has(header::IF_NONE_MATCH) || has(header::IF_MODIFIED_SINCE)),
        Verdict::Proceed { ranges } => {
            for tag in [&own, &own_weak] {
                assert!(!values(header::IF_NONE_MATCH).contains(&tag.as_bytes()), "the client has this file");
            }
            assert!(!ranges || method == Method::GET, "ranges are defined for GET only");
            if ranges && has(header::IF_RANGE) {
                assert!(strong, "a part of a file that may have changed");
                assert_eq!(values(header::IF_RANGE).len(), 1);
            }
            if !has(header::IF_RANGE) {
                assert_eq!(ranges, method == Method::GET);
            }
        }
    }
    if has(header::IF_MATCH) && !strong && verdict != Verdict::Failed {
        let any = values(header::IF_MATCH).contains(&&b"*"[..]);
        assert!(any, "a weak tag matches strongly");
    }
    // A date is compared as the one library reads it, and as it is written again.
    if let [value] = values(header::IF_UNMODIFIED_SINCE)[..] {
        let date = std::str::from_utf8(value).ok().and_then(|text| httpdate::parse_http_date(text).ok());
        if let (Some(date), false) = (date, has(header::IF_MATCH)) {
            let changed = SystemTime::UNIX_EPOCH + Duration::from_secs(CHANGED) > date;
            assert_eq!(verdict == Verdict::Failed, changed, "{date:?}");
        }
    }
}
