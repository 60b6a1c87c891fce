//! Answers of an S3-compatible store.

use patronage_gateway::files::Files;
use tokio::runtime::{Builder, Runtime};

use self::s3::{Access, S3Files};
use crate::{http_answers::HttpAnswers, world::separated};

#[allow(dead_code, missing_docs)]
#[path = "../../server/src/s3.rs"]
mod s3;

/// The name of the file.
const NAME: &str = "diary.age";

fn access(endpoint: Option<&str>) -> Access {
    let endpoint = endpoint.map(str::to_owned);
    let [key, secret, region] = ["key", "secret", "eu-west-1"].map(str::to_owned);
    Access { key, secret, token: None, region, endpoint }
}

struct Setup {
    runtime: Runtime,
    answers: HttpAnswers,
    files: S3Files,
}

impl Setup {
    fn new() -> Self {
        let answers = HttpAnswers::default();
        let access = access(Some("http://store.example"));
        let files = S3Files::with_agent("s3://bucket/folder", access, answers.agent(s3::config())).expect("a store");
        let runtime = Builder::new_current_thread().enable_all().max_blocking_threads(1).build().expect("a runtime");
        Self { runtime, answers, files }
    }
}

/// The first two bytes are a position in the file and a length. The rest is what the store sends to one connection after the other, separated
/// by a zero byte and a newline: a description of the file, and a part of it.
pub fn check(data: &[u8]) {
    addresses(data);
    let Some(([start, length], data)) = data.split_first_chunk() else { return };
    thread_local!(static SETUP: Setup = Setup::new());
    SETUP.with(|setup| {
        let answers = separated(data);
        setup.answers.set(answers.iter().cloned());
        let Ok(found) = setup.runtime.block_on(setup.files.open(NAME)) else { return };
        let head = answers.iter().map(|answer| Head::of(answer)).find(|head| head.status.as_deref() != Some("100"));
        let head = head.expect("an answer");
        let Some(mut file) = found else {
            assert_eq!(head.status.as_deref(), Some("404"), "a file that is not missing");
            return;
        };
        assert_eq!(head.status.as_deref(), Some("200"), "a file from another answer");
        let sizes = head.values("content-length");
        assert!(sizes.iter().any(|size| size.parse() == Ok(file.size)), "{sizes:?} is not {}", file.size);
        assert!(file.tag.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '-'), "{:?}", file.tag);
        let tags = head.values("etag");
        assert!(!file.strong || tags.iter().any(|tag| tag.starts_with('"')), "{tags:?} is not a strong tag");
        let start = u64::from(*start);
        let range = start..start + u64::from(*length) + 1;
        let Ok(bytes) = setup.runtime.block_on(file.bytes.read(range.clone())) else { return };
        // The bytes of exactly this range.
        assert_eq!(bytes.len() as u64, range.end - range.start);
        let last = range.end - 1;
        let expected = format!("bytes {}-{last}/", range.start);
        let of_range = |answer: &&Vec<u8>| {
            let head = Head::of(answer);
            let ranges = head.values("content-range");
            head.status.as_deref() == Some("206") && ranges.iter().any(|range| range.starts_with(&expected))
        };
        let answer = answers.iter().find(of_range).expect("a part of another range");
        let chunked = !Head::of(answer).values("transfer-encoding").is_empty();
        assert!(chunked || answer.windows(bytes.len()).any(|part| part == bytes), "bytes that the store did not send");
    });
}

/// The head of an answer, as a reader of lines sees it.
struct Head {
    status: Option<String>,
    lines: Vec<(String, String)>,
}

impl Head {
    fn of(answer: &[u8]) -> Self {
        let text = String::from_utf8_lossy(answer).into_owned();
        let mut lines = text.split('\n').map(str::trim).skip_while(|line| line.is_empty());
        let first = lines.next().unwrap_or_default();
        let status = first.split_ascii_whitespace().nth(1).map(str::to_owned);
        let lines = lines.take_while(|line| !line.is_empty()).filter_map(|line| line.split_once(':'));
        let lines = lines.map(|(name, value)| (name.trim().to_ascii_lowercase(), value.trim().to_owned()));
        Self { status, lines: lines.collect() }
    }

    fn values(&self, name: &str) -> Vec<&str> {
        self.lines.iter().filter(|(its, _)| its == name).map(|(_, value)| value.as_str()).collect()
    }
}

/// The input as the address of a store, and of a server.
fn addresses(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    if S3Files::new(text, access(Some("http://store.example"))).is_ok() {
        let name = text.strip_prefix("s3://").expect("the address of a store");
        assert!(!name.is_empty() && !name.starts_with('/'), "{text:?} has no bucket");
    }
    if let Err(error) = S3Files::new("s3://bucket", access(Some(text))) {
        assert!(!error.to_string().contains("secret"), "{error}");
    }
}
