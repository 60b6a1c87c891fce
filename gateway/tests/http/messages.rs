//! RFC 9110 and 9112 beside ranges and conditions: methods, header fields, targets, and what browsers may read.

use std::num::NonZeroU32;

use super::{ask, common::GatewayFixture, exchange, fixture_with, FILE};

const PAGE: (&str, &str) = ("origin", "https://page.example");

#[test]
fn head_says_what_get_says() {
    let fixture = fixture_with(b"0123456789");
    for target in [FILE, "/health", "/content/absent.age", "/nothing"] {
        let (get, head) = (ask(&fixture, "GET", target, &[]), ask(&fixture, "HEAD", target, &[]));
        let without_date = |headers: &[(String, String)]| {
            headers.iter().filter(|(name, _)| name != "date").cloned().collect::<Vec<_>>()
        };
        assert_eq!(get.status, head.status, "{target}");
        assert_eq!(without_date(&get.headers), without_date(&head.headers), "{target}");
        assert!(head.body.is_empty() && !get.body.is_empty(), "{target}");
        assert!(get.header("date").is_some(), "{target}");
    }
}

#[test]
fn a_wrong_method_is_refused_with_the_allowed_ones() {
    let fixture = fixture_with(b"0123456789");
    for (target, takes) in [(FILE, "GET,HEAD"), ("/health", "GET,HEAD"), ("/key", "POST"), ("/challenge", "POST")] {
        for method in ["GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "TRACE", "BREW"] {
            if takes.contains(method) {
                continue;
            }
            let answer = ask(&fixture, method, target, &[]);
            assert_eq!(answer.status, 405, "{method} {target}");
            assert_eq!(answer.header("allow"), Some(takes), "{method} {target}");
        }
    }
}

#[test]
fn targets_that_mean_the_same_are_the_same() {
    let fixture = fixture_with(b"0123456789");
    for (target, status) in [
        ("/content/%61.age", 200),
        ("/content/a%2Eage", 200),
        ("/content/a%2eage?query=1", 200),
        ("/c%6Fntent/a.age", 200),
        ("/%68ealth", 200),
        ("http://a/content/a.age", 200),
        ("HTTP://A/content/a.age", 200),
        // An encoded slash separates nothing.
        ("/content%2Fa.age", 404),
        ("/content/%2e%2e/a.age", 404),
        ("/content/a.age/", 404),
        ("/content/a.ag%", 404),
        ("/content/a.ag%6", 404),
        ("/content/a.ag%zz", 404),
        ("/content/%2561.age", 404),
    ] {
        assert_eq!(ask(&fixture, "GET", target, &[]).status, status, "{target}");
    }
}

#[test]
fn a_request_names_its_host_once() {
    let fixture = fixture_with(b"0123456789");
    for (head, status) in [
        ("GET /health HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n", 200),
        ("GET /health HTTP/1.1\r\nhost: [::1]:8484\r\nconnection: close\r\n\r\n", 200),
        ("GET /health HTTP/1.1\r\nhost:\r\nconnection: close\r\n\r\n", 200),
        ("GET /health HTTP/1.0\r\n\r\n", 200),
        ("GET /health HTTP/1.1\r\nconnection: close\r\n\r\n", 400),
        ("GET /health HTTP/1.1\r\nhost: a\r\nhost: b\r\nconnection: close\r\n\r\n", 400),
        ("GET /health HTTP/1.1\r\nhost: a b\r\nconnection: close\r\n\r\n", 400),
        ("GET /health HTTP/1.1\r\nhost: user@a\r\nconnection: close\r\n\r\n", 400),
        ("GET /health HTTP/1.1\r\nhost: a/b\r\nconnection: close\r\n\r\n", 400),
    ] {
        let answer = exchange(&fixture, head.as_bytes());
        assert_eq!(answer.status, status, "{head}: {answer:?}");
    }
}

#[test]
fn bodies_are_read_whatever_form_they_travel_in() {
    let fixture = GatewayFixture::new();
    let recipient = patronage_gateway::key::SecretKey::generate().public().unwrap();
    let body = format!(r#"{{"content":1,"account":"0x{}","recipient":"{recipient}"}}"#, "33".repeat(32));
    let length = body.len();
    let chunked = format!("{:x}; name=value\r\n{body}\r\n0\r\ntrailer: x\r\n\r\n", body.len());
    for (headers, body, status) in [
        (format!("content-length: {length}\r\n"), &body, 200),
        (format!("content-type: application/json\r\ncontent-length: {length}\r\n"), &body, 200),
        (format!("content-type: Application/JSON; Charset=\"UTF-8\"\r\ncontent-length: {length}\r\n"), &body, 200),
        (format!("content-type: text/plain\r\ncontent-length: {length}\r\n"), &body, 200),
        (format!("content-encoding: identity\r\ncontent-length: {length}\r\n"), &body, 200),
        ("transfer-encoding: chunked\r\n".to_owned(), &chunked, 200),
        ("transfer-encoding: Chunked\r\n".to_owned(), &chunked, 200),
        (format!("expect: 100-Continue\r\ncontent-length: {length}\r\n"), &body, 100),
        (format!("content-encoding: gzip\r\ncontent-length: {length}\r\n"), &body, 415),
        (format!("content-encoding: GZIP, br\r\ncontent-length: {length}\r\n"), &body, 415),
    ] {
        let head = format!("POST /challenge HTTP/1.1\r\nhost: a\r\nconnection: close\r\n{headers}\r\n{body}");
        let answer = exchange(&fixture, head.as_bytes());
        assert_eq!(answer.status, status, "{headers}: {answer:?}");
        if status == 100 {
            assert!(answer.text().starts_with("HTTP/1.1 200 "), "{answer:?}");
        }
        if status == 415 {
            assert_eq!(answer.header("accept-encoding"), Some("identity"), "{answer:?}");
        }
    }
}

#[test]
fn pages_may_ask_for_all_that_the_client_asks_for_and_read_all_answers() {
    let fixture = fixture_with(b"0123456789");
    let preflight = |method: &str, headers: &str| {
        let lines = [PAGE, ("access-control-request-method", method), ("access-control-request-headers", headers)];
        ask(&fixture, "OPTIONS", FILE, &lines)
    };
    let names = "content-type,if-match,if-modified-since,if-none-match,if-range,if-unmodified-since,range";
    for (method, headers) in [("GET", names), ("POST", "content-type"), ("HEAD", "range")] {
        let answer = preflight(method, headers);
        assert_eq!(answer.status, 200);
        assert_eq!(answer.header("access-control-allow-origin"), Some("*"));
        let allowed = answer.header("access-control-allow-methods").unwrap();
        assert!(allowed.split(',').any(|its| its == method), "{allowed}");
        let allowed = answer.header("access-control-allow-headers").unwrap();
        assert!(headers.split(',').all(|name| allowed.split(',').any(|its| its == name)), "{allowed}");
        assert!(answer.header("access-control-max-age").is_some());
    }
    for (target, range) in [(FILE, "bytes=0-1"), (FILE, "bytes=20-"), ("/nothing", "bytes=0-1")] {
        let answer = ask(&fixture, "GET", target, &[PAGE, ("range", range)]);
        assert_eq!(answer.header("access-control-allow-origin"), Some("*"), "{answer:?}");
        let exposed = answer.header("access-control-expose-headers").unwrap();
        for name in ["accept-ranges", "content-range", "etag", "retry-after"] {
            assert!(exposed.split(',').any(|its| its == name), "{name} in {exposed}");
        }
    }
}

#[test]
fn a_page_that_asks_too_often_can_read_that_it_does() {
    let fixture = GatewayFixture::with(|config| {
        config.requests_per_second = NonZeroU32::MIN;
        config.burst = NonZeroU32::MIN;
    });
    assert_eq!(ask(&fixture, "GET", "/health", &[PAGE]).status, 200);
    let answer = ask(&fixture, "GET", "/health", &[PAGE]);
    assert_eq!(answer.status, 429, "{answer:?}");
    assert_eq!(answer.header("access-control-allow-origin"), Some("*"), "{answer:?}");
    assert!(answer.header("retry-after").unwrap().parse::<u64>().unwrap() > 0);
}

#[test]
fn who_is_sent_away_for_a_while_is_told_for_how_long() {
    let fixture = GatewayFixture::new();
    fixture.registry.set_unreachable(true);
    let answer = ask(&fixture, "GET", "/health", &[]);
    assert_eq!(answer.status, 503);
    assert!(answer.header("retry-after").unwrap().parse::<u64>().unwrap() > 0, "{answer:?}");
}
