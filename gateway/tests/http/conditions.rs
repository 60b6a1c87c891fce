//! RFC 9110, sections 8.8 and 13: validators, and conditional requests.

use std::{
    fs::File,
    time::{Duration, SystemTime},
};

use super::{ask, common::GatewayFixture, fixture_with, Answer, FILE};

const BYTES: &[u8] = b"0123456789";
/// The time of the file's last change, and a second before and after.
const CHANGED: (u64, &str) = (1_700_000_000, "Tue, 14 Nov 2023 22:13:20 GMT");
const BEFORE: &str = "Tue, 14 Nov 2023 22:13:19 GMT";
const AFTER: &str = "Tue, 14 Nov 2023 22:13:21 GMT";

fn set_changed(fixture: &GatewayFixture, seconds: u64) {
    let file = File::options().append(true).open(fixture.path("content").join("a.age")).unwrap();
    file.set_modified(SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)).unwrap();
}

/// A gateway whose file has been unchanged long enough that both validators are strong.
fn settled() -> (GatewayFixture, String) {
    let fixture = fixture_with(BYTES);
    set_changed(&fixture, CHANGED.0);
    std::thread::sleep(Duration::from_millis(2100));
    let tag = get(&fixture, &[]).header("etag").unwrap().to_owned();
    assert!(tag.starts_with('"'), "strong: {tag}");
    (fixture, tag)
}

fn get(fixture: &GatewayFixture, headers: &[(&str, &str)]) -> Answer {
    ask(fixture, "GET", FILE, headers)
}

#[test]
fn a_file_has_validators_that_change_with_it() {
    let fixture = fixture_with(BYTES);
    let fresh = get(&fixture, &[]);
    // Within the second of its change, the file may change again without a difference.
    assert!(fresh.header("etag").unwrap().starts_with("W/\""), "{fresh:?}");
    set_changed(&fixture, CHANGED.0);
    std::thread::sleep(Duration::from_millis(2100));
    let before = get(&fixture, &[]);
    assert!(before.header("etag").unwrap().starts_with('"'), "{before:?}");
    assert_eq!(before.header("last-modified"), Some(CHANGED.1));
    assert_eq!(get(&fixture, &[]).header("etag"), before.header("etag"));
    // Another file of the same size and time.
    std::fs::write(fixture.path("content").join("b.age"), b"9876543210").unwrap();
    std::fs::rename(fixture.path("content").join("b.age"), fixture.path("content").join("a.age")).unwrap();
    set_changed(&fixture, CHANGED.0);
    std::thread::sleep(Duration::from_millis(2100));
    let after = get(&fixture, &[]);
    assert_eq!(after.header("last-modified"), Some(CHANGED.1));
    assert_ne!(after.header("etag"), before.header("etag"));
}

#[test]
fn a_future_file_was_changed_now_and_one_before_1970_never() {
    let fixture = fixture_with(BYTES);
    set_changed(&fixture, 40_000_000_000);
    let answer = get(&fixture, &[]);
    assert_eq!(answer.header("last-modified"), answer.header("date"), "{answer:?}");
    assert!(answer.header("etag").unwrap().starts_with("W/"));
    let file = File::options().append(true).open(fixture.path("content").join("a.age")).unwrap();
    file.set_modified(SystemTime::UNIX_EPOCH - Duration::from_secs(1000)).unwrap();
    let answer = get(&fixture, &[]);
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("last-modified"), None);
}

#[test]
fn conditions_are_evaluated_as_rfc_9110_says() {
    let (fixture, tag) = settled();
    let tag = tag.as_str();
    let weak = format!("W/{tag}");
    let weak = weak.as_str();
    let list = format!("\"other\", {tag}");
    let spaced = format!(", \t{weak} ,, \"a,b\"");
    for (headers, status) in [
        // 13.1.2: If-None-Match compares weakly, in lists too.
        (&[("if-none-match", tag)][..], 304),
        (&[("if-none-match", weak)], 304),
        (&[("if-none-match", "*")], 304),
        (&[("if-none-match", &list)], 304),
        (&[("if-none-match", &spaced)], 304),
        (&[("if-none-match", "\"other\""), ("if-none-match", tag)], 304),
        (&[("if-none-match", "\"other\"")], 200),
        (&[("if-none-match", tag.trim_matches('"'))], 200),
        (&[("if-none-match", "\"a b\", \"\t\", \"")], 200),
        // 13.1.1: If-Match compares strongly.
        (&[("if-match", tag)], 200),
        (&[("if-match", "*")], 200),
        (&[("if-match", &list)], 200),
        (&[("if-match", weak)], 412),
        (&[("if-match", "\"other\"")], 412),
        // 13.1.3: If-Modified-Since. Malformed and repeated dates are ignored.
        (&[("if-modified-since", CHANGED.1)], 304),
        (&[("if-modified-since", AFTER)], 304),
        (&[("if-modified-since", BEFORE)], 200),
        (&[("if-modified-since", "yesterday")], 200),
        (&[("if-modified-since", CHANGED.1), ("if-modified-since", CHANGED.1)], 200),
        // 5.6.7: the two obsolete formats of dates.
        (&[("if-modified-since", "Tuesday, 14-Nov-23 22:13:20 GMT")], 304),
        (&[("if-modified-since", "Tue Nov 14 22:13:20 2023")], 304),
        // 13.1.4: If-Unmodified-Since.
        (&[("if-unmodified-since", CHANGED.1)], 200),
        (&[("if-unmodified-since", BEFORE)], 412),
        (&[("if-unmodified-since", "yesterday")], 200),
        // 13.2.2: precedence of several conditions.
        (&[("if-none-match", "\"other\""), ("if-modified-since", AFTER)], 200),
        (&[("if-none-match", tag), ("if-modified-since", BEFORE)], 304),
        (&[("if-match", tag), ("if-unmodified-since", BEFORE)], 200),
        (&[("if-match", "\"other\""), ("if-none-match", tag)], 412),
        (&[("if-match", tag), ("if-none-match", tag)], 304),
        (&[("if-none-match", tag), ("range", "bytes=0-1")], 304),
        (&[("if-match", "\"other\""), ("range", "bytes=0-1")], 412),
        (&[("if-match", tag), ("range", "bytes=0-1")], 206),
        // 13.1.5: If-Range compares strongly; a date must be equal.
        (&[("if-range", tag), ("range", "bytes=0-1")], 206),
        (&[("if-range", CHANGED.1), ("range", "bytes=0-1")], 206),
        (&[("if-range", weak), ("range", "bytes=0-1")], 200),
        (&[("if-range", "\"other\""), ("range", "bytes=0-1")], 200),
        (&[("if-range", BEFORE), ("range", "bytes=0-1")], 200),
        (&[("if-range", AFTER), ("range", "bytes=0-1")], 200),
        (&[("if-range", "*"), ("range", "bytes=0-1")], 200),
        (&[("if-range", &list), ("range", "bytes=0-1")], 200),
        (&[("if-range", tag), ("if-range", tag), ("range", "bytes=0-1")], 200),
        (&[("if-range", ""), ("range", "bytes=0-1")], 200),
        // Also if the range cannot be satisfied: it was meant for another file.
        (&[("if-range", "\"other\""), ("range", "bytes=20-")], 200),
        (&[("if-range", tag), ("range", "bytes=20-")], 416),
        (&[("if-range", "\"other\"")], 200),
    ] {
        for method in ["GET", "HEAD"] {
            let answer = ask(&fixture, method, FILE, headers);
            // Ranges are defined for GET only.
            let expected = if method == "HEAD" && matches!(status, 206 | 416) { 200 } else { status };
            assert_eq!(answer.status, expected, "{method} {headers:?}: {answer:?}");
            if matches!(expected, 200 | 206 | 304) {
                assert_eq!(answer.header("etag"), Some(tag), "{headers:?}: {answer:?}");
            }
            // 15.4.5: a header of the 200 that it stands for.
            if expected == 304 {
                assert!(answer.header("content-length").is_none_or(|its| its == "10"), "{headers:?}: {answer:?}");
                assert_eq!(answer.header("content-type"), None, "{headers:?}: {answer:?}");
            }
            match (method, expected) {
                ("GET", 200) => assert_eq!(answer.body, BYTES),
                ("GET", 206) => assert_eq!(answer.body, b"01"),
                ("GET", 412) => assert!(answer.text().contains("\"code\":\"precondition\""), "{}", answer.text()),
                ("HEAD", _) | (_, 304) => assert!(answer.body.is_empty(), "{headers:?}"),
                _ => {}
            }
        }
    }
}

#[test]
fn a_validator_that_is_not_strong_yet_continues_no_download() {
    let fixture = fixture_with(BYTES);
    let fresh = get(&fixture, &[]);
    for name in ["etag", "last-modified"] {
        let value = fresh.header(name).unwrap();
        let answer = get(&fixture, &[("if-range", value), ("range", "bytes=4-")]);
        assert_eq!(answer.status, 200, "{name}: {value}");
        assert_eq!(&answer.body[..], BYTES, "{name}: {value}");
    }
}
