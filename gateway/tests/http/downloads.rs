//! RFC 9110 on the client's side: downloads from servers that close connections, change their file, or do not support
//! ranges.

use std::{
    io::{BufRead, BufReader, Write},
    net::TcpListener,
    time::{Duration, Instant},
};

use patronage_gateway::{
    client::{Client, ClientError},
    registry::ContentInfo,
};
use ring::digest::{digest, SHA256};

const FILE: &[u8] = b"0123456789";
const OTHER: &[u8] = b"abcdefghij";
const DATE: &str = "date: Tue, 14 Nov 2023 22:13:20 GMT";
const CHANGED: &str = "last-modified: Tue, 14 Nov 2023 22:13:19 GMT";

/// Headers of a request that a download depends on.
#[derive(Debug, PartialEq, Eq)]
struct Asked {
    path: String,
    range: Option<String>,
    if_range: Option<String>,
}

/// Sends one answer after the other, each on a connection of its own that is then closed. Returns the requests.
fn serve(answers: Vec<Vec<u8>>) -> (String, std::thread::JoinHandle<Vec<Asked>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let url = format!("http://{}/file", listener.local_addr().unwrap());
    let server = std::thread::spawn(move || {
        let answer = |answer: Vec<u8>| {
            let begin = Instant::now();
            let mut stream = loop {
                match listener.accept() {
                    Ok((stream, _)) => break stream,
                    Err(_) => assert!(begin.elapsed() < Duration::from_secs(15), "a request is missing"),
                }
                std::thread::sleep(Duration::from_millis(5));
            };
            stream.set_nonblocking(false).unwrap();
            let lines = BufReader::new(stream.try_clone().unwrap()).lines();
            let head: Vec<String> = lines.map(Result::unwrap).take_while(|line| !line.is_empty()).collect();
            let header = |name: &str| {
                let mut values = head.iter().filter_map(|line| line.split_once(": "));
                values.find(|(its, _)| its.eq_ignore_ascii_case(name)).map(|(_, value)| value.to_owned())
            };
            assert_eq!(header("accept-encoding").as_deref(), Some("identity"));
            stream.write_all(&answer).unwrap();
            let path = head[0].split(' ').nth(1).unwrap().to_owned();
            Asked { path, range: header("range"), if_range: header("if-range") }
        };
        answers.into_iter().map(answer).collect()
    });
    (url, server)
}

/// An answer with these header lines, of whose body `sent` arrives.
fn answer(status: u16, headers: &[&str], sent: &[u8]) -> Vec<u8> {
    let lines: String = headers.iter().map(|line| format!("{line}\r\n")).collect();
    [format!("HTTP/1.1 {status} Status\r\nconnection: close\r\n{lines}\r\n").as_bytes(), sent].concat()
}

/// The first four bytes of a file of ten, with these header lines too, and then nothing more.
fn first_four(headers: &[&str]) -> Vec<u8> {
    answer(200, &[&["content-length: 10"], headers].concat(), &FILE[..4])
}

/// The range that continues there, with these header lines too.
fn the_rest(headers: &[&str]) -> Vec<u8> {
    answer(206, &[&["content-length: 6", "content-range: bytes 4-9/10"], headers].concat(), &FILE[4..])
}

fn whole(file: &[u8]) -> Vec<u8> {
    answer(200, &["content-length: 10"], file)
}

/// Downloads a file, whose hash the registry has, from a server with these answers.
fn download(answers: Vec<Vec<u8>>, registered: &[u8]) -> (Result<Vec<u8>, ClientError>, Vec<Asked>) {
    let (url, server) = serve(answers);
    let hash = digest(&SHA256, registered).as_ref().try_into().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let output = folder.path().join("file");
    let info = ContentInfo { public_key: [9; 32], hash, uri: url.clone() };
    let size = Client::new("http://127.0.0.1:1").unwrap().download(&info, &output, |_, _| ());
    let asked = server.join().unwrap();
    (size.map(|_| std::fs::read(&output).unwrap()), asked)
}

fn asked(requests: &[(Option<&str>, Option<&str>)]) -> Vec<Asked> {
    let own = |text: &Option<&str>| text.map(str::to_owned);
    let asked =
        |(range, if_range): &(_, _)| Asked { path: "/file".to_owned(), range: own(range), if_range: own(if_range) };
    requests.iter().map(asked).collect()
}

#[test]
fn a_download_goes_on_under_a_strong_validator_alone() {
    for (headers, if_range) in [
        (&["etag: \"a\""][..], Some("\"a\"")),
        (&["etag: \"a\"", DATE, CHANGED], Some("\"a\"")),
        (&[DATE, CHANGED], Some("Tue, 14 Nov 2023 22:13:19 GMT")),
        // A weak tag, and a time within the same second, can belong to another file.
        (&["etag: W/\"a\""], None),
        (&["etag: W/\"a\"", DATE, CHANGED], None),
        (&[DATE, "last-modified: Tue, 14 Nov 2023 22:13:20 GMT"], None),
        (&[CHANGED], None),
        (&[], None),
    ] {
        let (got, requests) = download(vec![first_four(headers), the_rest(headers)], FILE);
        assert_eq!(got.unwrap(), FILE, "{headers:?}");
        assert_eq!(requests, asked(&[(None, None), (Some("bytes=4-"), if_range)]), "{headers:?}");
    }
}

#[test]
fn the_whole_file_in_answer_to_a_range_is_the_whole_file() {
    let etag = &["etag: \"a\""][..];
    for file in [FILE, OTHER] {
        let (got, requests) = download(vec![first_four(etag), whole(file)], file);
        assert_eq!(got.unwrap(), file);
        assert_eq!(requests, asked(&[(None, None), (Some("bytes=4-"), Some("\"a\""))]));
    }
}

#[test]
fn a_part_that_does_not_fit_is_no_part_of_the_file() {
    let etag = &["etag: \"a\""][..];
    for part in [
        answer(206, &["content-length: 10", "content-range: bytes 0-9/10"], FILE),
        answer(206, &["content-length: 5", "content-range: bytes 5-9/10"], &FILE[5..]),
        answer(206, &["content-length: 6", "content-range: bytes 4-9/11"], &FILE[4..]),
        answer(206, &["content-length: 6", "content-range: items 4-9/10"], &FILE[4..]),
        answer(206, &["content-length: 6"], &FILE[4..]),
        answer(206, &["content-length: 9", "content-type: multipart/byteranges; boundary=a"], b"--a\r\n\r\n--"),
        the_rest(&["etag: \"b\""]),
        answer(416, &["content-length: 0", "content-range: bytes */3"], b""),
        answer(416, &["content-length: 0"], b""),
    ] {
        let text = String::from_utf8_lossy(&part).into_owned();
        let (got, requests) = download(vec![first_four(etag), part, whole(FILE)], FILE);
        assert_eq!(got.unwrap(), FILE, "{text}");
        let expected = asked(&[(None, None), (Some("bytes=4-"), Some("\"a\"")), (None, None)]);
        assert_eq!(requests, expected, "{text}");
    }
}

#[test]
fn a_server_may_give_less_than_it_is_asked_for() {
    let part = |range: &str, bytes: &[u8]| {
        let (length, range) = (format!("content-length: {}", bytes.len()), format!("content-range: Bytes {range}"));
        answer(206, &[&length, &range], bytes)
    };
    let begin = Instant::now();
    let answers = vec![first_four(&[]), part("4-4/10", b"4"), part("5-6/*", b"56"), part("7-9/10", b"789")];
    let (got, requests) = download(answers, FILE);
    assert_eq!(got.unwrap(), FILE);
    let ranges: Vec<_> = requests.iter().filter_map(|asked| asked.range.as_deref()).collect();
    assert_eq!(ranges, ["bytes=4-", "bytes=5-", "bytes=7-"]);
    assert!(begin.elapsed() < Duration::from_secs(2), "no pause where nothing broke off");
    // Only as many bytes are accepted as it announces.
    let (got, _) = download(vec![first_four(&[]), answer(206, &["content-range: bytes 4-9/10"], b"456789XYZ")], FILE);
    assert_eq!(got.unwrap(), FILE);
}

#[test]
fn a_download_that_broke_off_behind_the_last_byte_is_done() {
    let chunked = answer(200, &["transfer-encoding: chunked"], b"a\r\n0123456789\r\n");
    let nothing = answer(416, &["content-length: 0", "content-range: bytes */10"], b"");
    let (got, requests) = download(vec![chunked, nothing], FILE);
    assert_eq!(got.unwrap(), FILE);
    assert_eq!(requests, asked(&[(None, None), (Some("bytes=10-"), None)]));
}

#[test]
fn a_file_that_changed_midway_unseen_is_downloaded_anew_once() {
    let mixed = || answer(206, &["content-length: 6", "content-range: bytes 4-9/10"], &OTHER[4..]);
    let (got, requests) = download(vec![first_four(&[]), mixed(), whole(OTHER)], OTHER);
    assert_eq!(got.unwrap(), OTHER);
    assert_eq!(requests, asked(&[(None, None), (Some("bytes=4-"), None), (None, None)]));
    // And only once: the server has another file.
    let (got, _) = download(vec![first_four(&[]), mixed(), whole(FILE)], OTHER);
    assert!(matches!(got, Err(ClientError::OtherFile { .. })), "{got:?}");
    let (got, _) = download(vec![whole(FILE)], OTHER);
    assert!(matches!(got, Err(ClientError::OtherFile { .. })), "{got:?}");
}

#[test]
fn a_server_without_ranges_that_always_breaks_off_is_given_up() {
    let broken = || first_four(&[]);
    let (got, requests) = download((0..5).map(|_| broken()).collect(), FILE);
    assert!(matches!(&got, Err(ClientError::NotContinued { done: 4, .. })), "{got:?}");
    assert!(requests[2..].iter().all(|asked| asked.range.is_none()), "{requests:?}");
}

#[test]
fn a_part_that_nobody_asked_for_is_no_file() {
    let (got, _) = download(vec![the_rest(&[])], FILE);
    assert!(matches!(&got, Err(ClientError::NoFile { status: 206, .. })), "{got:?}");
    let (got, _) = download(vec![answer(204, &[], b"")], FILE);
    assert!(matches!(&got, Err(ClientError::NoFile { status: 204, .. })), "{got:?}");
}

#[test]
fn a_range_goes_along_where_the_file_has_moved() {
    let moved = || answer(302, &["content-length: 0", "location: /moved"], b"");
    let answers = vec![moved(), first_four(&["etag: \"a\""]), moved(), the_rest(&[])];
    let (got, requests) = download(answers, FILE);
    assert_eq!(got.unwrap(), FILE);
    let last = requests.last().unwrap();
    assert_eq!(&*last.path, "/moved");
    assert_eq!(last.range.as_deref(), Some("bytes=4-"));
    assert_eq!(last.if_range.as_deref(), Some("\"a\""));
}

#[test]
fn who_is_sent_away_for_a_while_comes_back_after_it() {
    let begin = Instant::now();
    let busy = answer(503, &["content-length: 0", "retry-after: 2"], b"");
    let (got, _) = download(vec![busy, whole(FILE)], FILE);
    assert_eq!(got.unwrap(), FILE);
    assert!(begin.elapsed() >= Duration::from_secs(2));
}
