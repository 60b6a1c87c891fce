//! Encrypted files in an S3-compatible store: Amazon's, MinIO, Ceph, Garage, R2 and others.

use std::{
    fmt,
    io::{self, Read},
    ops::Range,
    path::Path,
    sync::Arc,
    time::Duration,
};

use axum::body::Bytes;
use patronage_gateway::files::{Files, FilesFuture, ReadRange, StoredFile};
use rusty_s3::{Bucket, Credentials, S3Action, UrlStyle};
use ureq::http::{header, HeaderMap, StatusCode};

use crate::error::ServerError;

/// Lifetime of a signed request.
const LIFETIME: Duration = Duration::from_secs(60);
/// The maximum time of a request.
const TIMEOUT: Duration = Duration::from_secs(30);
/// The maximum time in which a file is sent to the store.
const UPLOAD_TIMEOUT: Duration = Duration::from_secs(60 * 60);
/// Bytes of a file that are read at once. Each read is a request to the store.
const CHUNK: u64 = 1024 * 1024;

/// How to reach a store.
#[derive(Clone)]
pub struct Access {
    /// Key id. AWS_ACCESS_KEY_ID.
    pub key: String,
    /// Secret key. AWS_SECRET_ACCESS_KEY.
    pub secret: String,
    /// Token of a session, if the key is a temporary one. AWS_SESSION_TOKEN.
    pub token: Option<String>,
    /// Region. AWS_REGION.
    pub region: String,
    /// Address of the store, if it is not Amazon's. AWS_ENDPOINT_URL.
    pub endpoint: Option<String>,
}

impl Access {
    /// Reads it from the environment, with the names of Amazon's own tools.
    ///
    /// # Errors
    ///
    /// If the key is missing.
    pub fn from_environment() -> Result<Self, ServerError> {
        let read = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
        let need = |name: &str| read(name).ok_or_else(|| ServerError::Store(format!("set {name} in the environment")));
        Ok(Self {
            key: need("AWS_ACCESS_KEY_ID")?,
            secret: need("AWS_SECRET_ACCESS_KEY")?,
            token: read("AWS_SESSION_TOKEN"),
            region: read("AWS_REGION").or_else(|| read("AWS_DEFAULT_REGION")).unwrap_or("us-east-1".to_owned()),
            endpoint: read("AWS_ENDPOINT_URL"),
        })
    }
}

/// Settings of the connections to a store.
pub(crate) fn config() -> ureq::config::Config {
    let config = ureq::Agent::config_builder().timeout_global(Some(TIMEOUT)).max_redirects(0);
    config.http_status_as_error(false).build()
}

/// The files of a bucket, directly under a prefix.
pub struct S3Files(Arc<Inner>);

struct Inner {
    bucket: Bucket,
    credentials: Credentials,
    prefix: String,
    agent: ureq::Agent,
}

impl S3Files {
    /// The files at `url`, such as `s3://bucket` or `s3://bucket/folder`.
    ///
    /// # Errors
    ///
    /// If `url` or the endpoint is malformed.
    pub fn new(url: &str, access: Access) -> Result<Self, ServerError> {
        Self::with_agent(url, access, config().new_agent())
    }

    /// As [`Self::new`], over the connections of `agent`, which has the settings of [`config`].
    pub(crate) fn with_agent(url: &str, access: Access, agent: ureq::Agent) -> Result<Self, ServerError> {
        let malformed =
            || ServerError::Store(format!("\"{url}\" is not a store: write s3://BUCKET or s3://BUCKET/FOLDER"));
        let (name, prefix) = match url.strip_prefix("s3://").ok_or_else(malformed)?.split_once('/') {
            Some((name, folder)) => (name, folder.trim_matches('/')),
            None => (url.strip_prefix("s3://").ok_or_else(malformed)?, ""),
        };
        if name.is_empty() {
            return Err(malformed());
        }
        let prefix = if prefix.is_empty() { String::new() } else { format!("{prefix}/") };
        let (endpoint, style) = match &access.endpoint {
            // Stores of one's own seldom have a name for each bucket.
            Some(endpoint) => (endpoint.clone(), UrlStyle::Path),
            None => (format!("https://s3.{}.amazonaws.com", access.region), UrlStyle::VirtualHost),
        };
        let wrong = |error: &dyn fmt::Display| ServerError::Store(format!("AWS_ENDPOINT_URL: \"{endpoint}\": {error}"));
        let parsed = endpoint.parse::<url::Url>().map_err(|error| wrong(&error))?;
        let bucket = Bucket::new(parsed, style, name.to_owned(), access.region).map_err(|error| wrong(&error))?;
        let credentials = match access.token {
            Some(token) => Credentials::new_with_token(access.key, access.secret, token),
            None => Credentials::new(access.key, access.secret),
        };
        Ok(Self(Arc::new(Inner { bucket, credentials, prefix, agent })))
    }
}

impl S3Files {
    /// The maximum length of a file that a store takes in one request, in bytes: that of Amazon's.
    pub const MAX_PUT: u64 = 5 * 1024 * 1024 * 1024;

    /// Returns the length of a file, in bytes.
    ///
    /// # Errors
    ///
    /// If the store does not answer.
    pub async fn length(&self, name: &str) -> io::Result<Option<u64>> {
        let (store, name) = (self.0.clone(), name.to_owned());
        blocking(move || Ok(store.head(&name)?.map(|head| head.size))).await
    }

    /// Stores the file at `path` under `name`, in one request: up to [`Self::MAX_PUT`] bytes.
    ///
    /// # Errors
    ///
    /// If the file can't be read, or the store refuses it.
    pub async fn put(&self, name: &str, path: &Path) -> io::Result<()> {
        let (store, name, path) = (self.0.clone(), name.to_owned(), path.to_owned());
        blocking(move || store.put(&name, &path)).await
    }
}

/// A file as a store describes it.
struct Head {
    size: u64,
    /// The store's tag, with its quotes.
    tag: String,
    modified: Option<std::time::SystemTime>,
}

impl Inner {
    fn head(&self, name: &str) -> io::Result<Option<Head>> {
        let key = format!("{}{name}", self.prefix);
        let url = self.bucket.head_object(Some(&self.credentials), &key).sign(LIFETIME);
        let answer = self.agent.head(url.as_str()).call().map_err(io::Error::other)?;
        match answer.status() {
            StatusCode::OK => {}
            StatusCode::NOT_FOUND => return Ok(None),
            // Without the right to list, a store answers so for a file that it does not have, too.
            status => return Err(io::Error::other(format!("the store answers {}", status.as_u16()))),
        }
        let text = |name: header::HeaderName| answer.headers().get(name).and_then(|value| value.to_str().ok());
        let size = text(header::CONTENT_LENGTH).and_then(|size| size.parse().ok());
        let (Some(size), Some(tag)) = (size, text(header::ETAG)) else {
            return Err(io::Error::other("the store names neither length nor tag"));
        };
        let modified = text(header::LAST_MODIFIED).and_then(|date| httpdate::parse_http_date(date).ok());
        Ok(Some(Head { size, tag: tag.to_owned(), modified }))
    }

    fn put(&self, name: &str, path: &Path) -> io::Result<()> {
        let key = format!("{}{name}", self.prefix);
        let url = self.bucket.put_object(Some(&self.credentials), &key).sign(LIFETIME);
        let file = std::fs::File::open(path)?;
        let request = self.agent.put(url.as_str()).config().timeout_global(Some(UPLOAD_TIMEOUT)).build();
        let answer =
            request.header(header::CONTENT_LENGTH, file.metadata()?.len()).send(file).map_err(io::Error::other)?;
        match answer.status() {
            StatusCode::OK => Ok(()),
            status => Err(io::Error::other(format!("the store answers {}", status.as_u16()))),
        }
    }

    fn read(&self, name: &str, tag: &str, range: &Range<u64>) -> io::Result<Bytes> {
        let key = format!("{}{name}", self.prefix);
        let url = self.bucket.get_object(Some(&self.credentials), &key).sign(LIFETIME);
        let last = range.end.saturating_sub(1);
        // A file that was replaced meanwhile is not mixed with the earlier one.
        let request = self.agent.get(url.as_str()).header("range", format!("bytes={}-{last}", range.start));
        let answer = request.header("if-match", tag).call().map_err(io::Error::other)?;
        if answer.status() != StatusCode::PARTIAL_CONTENT || !covers(answer.headers(), range) {
            return Err(io::Error::other(format!("the store answers {}", answer.status().as_u16())));
        }
        let length = range.end.saturating_sub(range.start);
        let mut bytes = Vec::with_capacity(usize::try_from(length).unwrap_or(0));
        answer.into_body().into_reader().take(length).read_to_end(&mut bytes)?;
        match bytes.len() as u64 == length {
            true => Ok(bytes.into()),
            false => Err(io::ErrorKind::UnexpectedEof.into()),
        }
    }
}

/// Whether the answer has exactly `range`.
fn covers(headers: &HeaderMap, range: &Range<u64>) -> bool {
    let value = headers.get(header::CONTENT_RANGE).and_then(|value| value.to_str().ok());
    value.is_some_and(|value| value.starts_with(&format!("bytes {}-{}/", range.start, range.end.saturating_sub(1))))
}

/// Runs blocking `work` on a thread of its own.
async fn blocking<T: Send + 'static>(work: impl FnOnce() -> io::Result<T> + Send + 'static) -> io::Result<T> {
    tokio::task::spawn_blocking(work).await.unwrap_or_else(|error| Err(io::Error::other(error)))
}

impl Files for S3Files {
    fn open<'a>(&'a self, name: &'a str) -> FilesFuture<'a, Option<StoredFile>> {
        let (store, name) = (self.0.clone(), name.to_owned());
        Box::pin(async move {
            let (asked, key) = (store.clone(), name.clone());
            let Some(head) = blocking(move || asked.head(&key)).await? else { return Ok(None) };
            let plain = |letter: &char| letter.is_ascii_alphanumeric() || *letter == '-';
            Ok(Some(StoredFile {
                size: head.size,
                tag: head.tag.trim_start_matches("W/").chars().filter(plain).collect(),
                strong: head.tag.starts_with('"'),
                modified: head.modified,
                bytes: Box::new(Object { store, name, tag: head.tag }),
            }))
        })
    }
}

/// A file of a bucket.
struct Object {
    store: Arc<Inner>,
    name: String,
    tag: String,
}

impl ReadRange for Object {
    fn read(&mut self, range: Range<u64>) -> FilesFuture<'_, Bytes> {
        let (store, name, tag) = (self.store.clone(), self.name.clone(), self.tag.clone());
        let part = range.start..range.end.min(range.start.saturating_add(CHUNK));
        Box::pin(blocking(move || store.read(&name, &tag, &part)))
    }
}
