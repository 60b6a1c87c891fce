//! Downloads of a published file, from servers that answer anything.

use std::{
    fs, iter,
    path::{Path, PathBuf},
    time::Duration,
};

use patronage_gateway::{client::Client as PublicClient, registry::ContentInfo};
use ring::digest::{digest, SHA256};
use tempfile::TempDir;
use ureq::Agent;

use crate::{
    file::FileError,
    http_answers::HttpAnswers,
    world::{folder, separated},
};

#[allow(dead_code, missing_docs)]
#[path = "../../gateway/src/client/download.rs"]
mod reader;

/// The size of the published file.
const SIZE: u16 = 512;
/// The largest file that is downloaded.
const MOST: u64 = 2_000;

/// As the client of the crate, with a server in memory.
struct Client {
    gateway: String,
    agent: Agent,
    most_download: u64,
}

/// As the error of the crate.
#[derive(Debug)]
#[allow(dead_code)]
enum ClientError {
    Network { url: String, source: Box<ureq::Error> },
    File(FileError),
    Uri(String),
    NoFile { url: String, status: u16 },
    NotContinued { url: String, done: u64 },
    TooLarge { url: String, most: u64 },
    OtherFile { url: String, hash: [u8; 32], registered: [u8; 32] },
}

impl From<FileError> for ClientError {
    fn from(error: FileError) -> Self {
        Self::File(error)
    }
}

/// As many retries as the crate makes, without waiting.
fn waits() -> impl Iterator<Item = Duration> {
    iter::repeat_n(Duration::ZERO, 4)
}

fn shortened(words: &str) -> String {
    words.to_owned()
}

/// The published file.
fn content() -> Vec<u8> {
    (0..SIZE).map(|position| (position % 251) as u8).collect()
}

struct Setup {
    folder: TempDir,
    answers: HttpAnswers,
    client: Client,
    info: ContentInfo,
}

impl Setup {
    fn new() -> Self {
        let answers = HttpAnswers::default();
        let agent = answers.agent(Agent::config_builder().http_status_as_error(false).build());
        let client = Client { gateway: "http://gateway.example".to_owned(), agent, most_download: MOST };
        let hash = digest(&SHA256, &content()).as_ref().try_into().expect("a hash");
        let info = ContentInfo { public_key: [9; 32], hash, uri: "diary.age".to_owned() };
        Self { folder: folder(), answers, client, info }
    }

    fn output(&self) -> PathBuf {
        self.folder.path().join("diary")
    }
}

/// The input is what a server sends to one connection after the other, separated by a zero byte and a newline. The byte 0xff and two more
/// stand for a part of the published file.
pub fn check(data: &[u8]) {
    // Waits up to a minute.
    if data.windows(11).any(|name| name.eq_ignore_ascii_case(b"retry-after")) {
        return;
    }
    thread_local!(static SETUP: Setup = Setup::new());
    SETUP.with(|setup| {
        address(&setup.client, data);
        setup.answers.set(separated(data).iter().map(|answer| expanded(answer)));
        let output = setup.output();
        let mut most = 0;
        let done = setup.client.download(&setup.info, &output, |done, _| most = most.max(done));
        assert!(most <= MOST + 1, "{most} bytes are stored");
        match done {
            Ok(size) => {
                assert_eq!(size, u64::from(SIZE));
                assert_eq!(fs::read(&output).expect("a file"), content(), "another file than the published one");
                fs::remove_file(&output).expect("a file");
            }
            Err(error) => assert!(!output.exists(), "{error:?}"),
        }
        assert_eq!(left(setup.folder.path()), 0, "a part of a file is left");
    });
}

fn left(folder: &Path) -> usize {
    fs::read_dir(folder).expect("a folder").count()
}

fn expanded(answer: &[u8]) -> Vec<u8> {
    let (file, mut rest, mut whole) = (content(), answer, Vec::new());
    while let [first, after @ ..] = rest {
        match (first, after) {
            (0xff, [begin, end, after @ ..]) => {
                let range = usize::from(*begin) * 2..usize::from(*end) * 2 + 2;
                whole.extend(file.get(range).unwrap_or_default());
                rest = after;
            }
            _ => {
                whole.push(*first);
                rest = after;
            }
        }
    }
    whole
}

/// The address of a gateway, and of a file in the registry.
fn address(client: &Client, data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    if PublicClient::new(text).is_ok() {
        let scheme = text.split(':').next().unwrap_or_default();
        assert!(["http", "https"].iter().any(|name| scheme.eq_ignore_ascii_case(name)), "{text:?} is an address");
        assert!(!text.contains(['?', '#', ' ', '\n']), "{text:?} is an address");
    }
    let Ok(url) = client.url_of(text) else { return };
    if url == text {
        assert!(url.starts_with("http://") || url.starts_with("https://"), "{text:?}");
        return;
    }
    // A name stays in the gateway's folder.
    let name = url.strip_prefix(&client.gateway).and_then(|path| path.strip_prefix("/content/")).expect("a path");
    assert!(name == text && !name.starts_with('.') && !name.contains(['/', '\\', '%']), "{text:?}");
}
