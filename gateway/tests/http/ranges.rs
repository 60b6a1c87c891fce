//! RFC 9110, section 14: ranges.

use std::ops::Range;

use proptest::prelude::*;

use super::{ask, common::noise, fixture_with, Answer, FILE};

/// The answer to a value of `Range` for a file with 10 bytes.
enum Gives {
    /// 200 and the whole file.
    All,
    /// 206 and these bytes.
    Part(Range<usize>),
    /// 206 and several parts.
    Parts(&'static [Range<usize>]),
    /// 416.
    Nothing,
}
use Gives::*;

/// The parts of a `multipart/byteranges` body: `Content-Range` and bytes of each.
fn parts(answer: &Answer) -> Vec<(String, Vec<u8>)> {
    let kind = answer.header("content-type").unwrap();
    let boundary = kind.strip_prefix("multipart/byteranges; boundary=").unwrap();
    let text: String = answer.body.iter().map(|byte| char::from(*byte)).collect();
    let text = text.strip_prefix(&format!("--{boundary}\r\n")).unwrap().to_owned();
    let text = text.strip_suffix(&format!("\r\n--{boundary}--\r\n")).unwrap().to_owned();
    let part = |part: &str| {
        let (head, body) = part.split_once("\r\n\r\n").unwrap();
        assert!(head.contains("content-type: application/octet-stream"), "{head}");
        let range = head.split("\r\n").find_map(|line| line.strip_prefix("content-range: ")).unwrap();
        (range.to_owned(), body.chars().map(|letter| u8::try_from(u32::from(letter)).unwrap()).collect())
    };
    text.split(&format!("\r\n--{boundary}\r\n")).map(part).collect()
}

fn check(bytes: &[u8], value: &str, answer: &Answer, gives: &Gives) {
    let size = bytes.len();
    let words = |range: &Range<usize>| format!("bytes {}-{}/{size}", range.start, range.end - 1);
    assert_eq!(answer.header("accept-ranges"), Some("bytes"), "{value}: {answer:?}");
    let length = answer.header("content-length").map(|length| length.parse().unwrap());
    assert_eq!(length, Some(answer.body.len()), "{value}: {answer:?}");
    match gives {
        All => {
            assert_eq!(answer.status, 200, "{value}: {answer:?}");
            assert_eq!(&answer.body[..], bytes, "{value}: {answer:?}");
            assert_eq!(answer.header("content-range"), None, "{value}");
        }
        Part(range) => {
            assert_eq!(answer.status, 206, "{value}: {answer:?}");
            assert_eq!(answer.body[..], bytes[range.clone()], "{value}: {answer:?}");
            assert_eq!(answer.header("content-range"), Some(&words(range)[..]), "{value}");
            assert_eq!(answer.header("content-type"), Some("application/octet-stream"), "{value}");
        }
        Parts(ranges) => {
            assert_eq!(answer.status, 206, "{value}: {answer:?}");
            assert_eq!(answer.header("content-range"), None, "{value}: {answer:?}");
            let expected: Vec<_> = ranges.iter().map(|range| (words(range), bytes[range.clone()].to_vec())).collect();
            assert_eq!(parts(answer), expected, "{value}");
        }
        Nothing => {
            assert_eq!(answer.status, 416, "{value}: {answer:?}");
            assert_eq!(answer.header("content-range"), Some(&format!("bytes */{size}")[..]), "{value}");
            assert!(answer.text().contains("\"code\":\"range\""), "{value}: {}", answer.text());
        }
    }
}

#[test]
fn a_range_gives_what_rfc_9110_says() {
    let bytes = b"0123456789";
    let fixture = fixture_with(bytes);
    for (value, gives) in [
        // 14.1.2: first and last position, the last clamped to the end.
        ("bytes=0-0", Part(0..1)),
        ("bytes=2-4", Part(2..5)),
        ("bytes=9-9", Part(9..10)),
        ("bytes=0-9", Part(0..10)),
        ("bytes=4-", Part(4..10)),
        ("bytes=0-", Part(0..10)),
        ("bytes=4-10", Part(4..10)),
        ("bytes=4-99999999999999999999999999", Part(4..10)),
        ("bytes=4-18446744073709551615", Part(4..10)),
        ("bytes=0004-0005", Part(4..6)),
        // 14.1.2: suffixes; one longer than the file selects the whole file.
        ("bytes=-1", Part(9..10)),
        ("bytes=-10", Part(0..10)),
        ("bytes=-11", Part(0..10)),
        ("bytes=-99999999999999999999999999", Part(0..10)),
        ("bytes=-003", Part(7..10)),
        // 14.1: units are case-insensitive; an unknown unit is ignored.
        ("Bytes=2-4", Part(2..5)),
        ("BYTES=-1", Part(9..10)),
        ("items=0-3", All),
        ("seconds=1.5-", All),
        ("none", All),
        ("bytes", All),
        ("=0-3", All),
        // 14.1.1: a malformed set is not a range request.
        ("bytes=", All),
        ("bytes=-", All),
        ("bytes=4-2", All),
        ("bytes=0-1,4-2", All),
        ("bytes=0--1", All),
        ("bytes=--1", All),
        ("bytes=+1-2", All),
        ("bytes=1-+2", All),
        ("bytes=0x1-2", All),
        ("bytes=1", All),
        ("bytes=1-2-3", All),
        ("bytes=a-b", All),
        ("bytes=1 - 2", All),
        ("bytes= 1-2", All),
        ("bytes =1-2", All),
        ("bytes=1-2;", All),
        ("bytes=0-1,x", All),
        ("bytes=\u{661}-\u{662}", All),
        // 14.2, 15.5.17: nothing of it is in the file.
        ("bytes=10-", Nothing),
        ("bytes=10-20", Nothing),
        ("bytes=18446744073709551615-", Nothing),
        ("bytes=99999999999999999999999999-", Nothing),
        ("bytes=99999999999999999999999998-99999999999999999999999999", Nothing),
        ("bytes=-0", Nothing),
        ("bytes=-0,10-12", Nothing),
        // 5.6.1: lists, with empty elements and white space.
        ("bytes=2-4,", Part(2..5)),
        ("bytes=,2-4", Part(2..5)),
        ("bytes=, \t,2-4 , ,", Part(2..5)),
        ("bytes=,", All),
        ("bytes=0-1, 4-5", Parts(&[0..2, 4..6])),
        ("bytes=8-,0-1", Parts(&[8..10, 0..2])),
        ("bytes=0-0,-1", Parts(&[0..1, 9..10])),
        // Unsatisfiable ranges are left out if another is satisfiable.
        ("bytes=2-4,20-30", Part(2..5)),
        ("bytes=-0,2-4", Part(2..5)),
        // 15.3.7.2: ranges that overlap or touch are one part.
        ("bytes=0-4,2-6", Part(0..7)),
        ("bytes=2-6,0-4", Part(0..7)),
        ("bytes=0-4,5-9", Part(0..10)),
        ("bytes=0-,-5", Part(0..10)),
        ("bytes=0-1,8-9,1-2", Parts(&[0..3, 8..10])),
        // 14.2: more than two overlapping ranges are not a request of a reader.
        ("bytes=0-,0-,0-", All),
        ("bytes=0-9,1-8,2-7", All),
    ] {
        check(bytes, value, &ask(&fixture, "GET", FILE, &[("range", value)]), &gives);
    }
    // As many small ranges as fit into a head.
    let many = format!("bytes={}", (0..1500).map(|_| "0-0").collect::<Vec<_>>().join(","));
    check(bytes, "many", &ask(&fixture, "GET", FILE, &[("range", &many)]), &All);
    // The field may occur once: several lines are malformed.
    check(bytes, "two lines", &ask(&fixture, "GET", FILE, &[("range", "bytes=0-1"), ("range", "bytes=4-5")]), &All);
}

#[test]
fn an_empty_file_has_no_range() {
    let fixture = fixture_with(b"");
    for (value, gives) in
        [("bytes=0-", Nothing), ("bytes=0-0", Nothing), ("bytes=-0", Nothing), ("bytes=-5", All), ("items=0-", All)]
    {
        check(b"", value, &ask(&fixture, "GET", FILE, &[("range", value)]), &gives);
    }
}

#[test]
fn ranges_are_for_get_alone() {
    let fixture = fixture_with(b"0123456789");
    for value in ["bytes=2-4", "bytes=20-", "bytes=0-0,9-9"] {
        let answer = ask(&fixture, "HEAD", FILE, &[("range", value)]);
        assert_eq!(answer.status, 200, "{answer:?}");
        assert_eq!(answer.header("content-length"), Some("10"), "{answer:?}");
        assert_eq!(answer.header("content-range"), None);
        assert!(answer.body.is_empty());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn the_answer_to_a_range_is_that_slice_of_the_file(
        size in 1..300_000_usize, first in 0..300_000_usize, count in 1..300_000_usize, form in 0..3_u8,
    ) {
        let bytes = noise(size);
        let fixture = fixture_with(&bytes);
        let (value, expected) = match form {
            0 => (format!("bytes={first}-{}", first + count - 1), first.min(size)..(first + count).min(size)),
            1 => (format!("bytes={first}-"), first.min(size)..size),
            _ => (format!("bytes=-{count}"), size.saturating_sub(count)..size),
        };
        let answer = ask(&fixture, "GET", FILE, &[("range", &value)]);
        let gives = if expected.is_empty() { Nothing } else { Part(expected) };
        check(&bytes, &value, &answer, &gives);
    }

    #[test]
    fn no_range_makes_the_gateway_stumble(value in "(bytes=)?[0-9, \t-]{0,40}|[ -~]{0,60}") {
        let bytes = b"0123456789";
        let fixture = fixture_with(bytes);
        let answer = ask(&fixture, "GET", FILE, &[("range", value.trim())]);
        prop_assert!(matches!(answer.status, 200 | 206 | 416), "{answer:?}");
        prop_assert!(answer.status != 200 || answer.body == bytes);
    }
}
