//! Downloads a published file. It resumes after interruptions, and succeeds only if the hash is the registry's.

use std::{
    fs::File,
    io::Read,
    path::Path,
    time::{Duration, SystemTime},
};

use ureq::{
    http::{header, HeaderMap, HeaderValue, Response},
    Body,
};

use super::{waits, Client, ClientError};
use crate::{
    file::{copy, failed, CopyError, FileError, Hashing, NewFile},
    file_name::servable,
    registry::ContentInfo,
};

/// The maximum wait that a server can ask for.
const LONGEST_PAUSE: Duration = Duration::from_secs(60);

impl Client {
    /// Downloads the ciphertext to the new file `output`, and verifies that it is the published one. `progress` gets the
    /// number of bytes received and the total. Returns the size in bytes.
    ///
    /// # Errors
    /// `OtherFile`, `Uri`, `NoFile`, `NotContinued`, `TooLarge`, `Network`, `File`.
    pub fn download(
        &self,
        info: &ContentInfo,
        output: &Path,
        mut progress: impl FnMut(u64, Option<u64>),
    ) -> Result<u64, ClientError> {
        let url = self.url_of(&info.uri)?;
        let mut sink = NewFile::create(output, 0o666)?;
        let size = self.fetch(&url, &info.hash, sink.as_file(), output, &mut progress)?;
        sink.finish()?;
        Ok(size)
    }

    /// Returns the URL to download from: the URI itself, or this gateway for the name of a file.
    pub(super) fn url_of(&self, uri: &str) -> Result<String, ClientError> {
        if uri.starts_with("https://") || uri.starts_with("http://") {
            return Ok(uri.to_owned());
        }
        match servable(uri) {
            true => Ok(format!("{}/content/{uri}", self.gateway)),
            false => Err(ClientError::Uri(super::shortened(uri))),
        }
    }

    /// Writes the file at `url` to `file`, which is empty. `output` is for errors.
    pub(super) fn fetch(
        &self,
        url: &str,
        registered: &[u8; 32],
        file: &mut File,
        output: &Path,
        progress: &mut dyn FnMut(u64, Option<u64>),
    ) -> Result<u64, ClientError> {
        let mut download = Download::new(file, output);
        let mut pauses = waits();
        let mut most = 0;
        loop {
            let (error, wanted_pause) = match self.attempt(url, &mut download, progress) {
                Ok(()) => {
                    let (hash, size) = download.sink.so_far();
                    if hash == *registered {
                        return Ok(size);
                    }
                    // Parts that fit together can still be parts of different files.
                    if !download.combined {
                        return Err(ClientError::OtherFile { url: url.to_owned(), hash, registered: *registered });
                    }
                    download.restart()?;
                    continue;
                }
                Err(Attempt::Fatal(error)) => return Err(error),
                Err(Attempt::Broken(error, pause)) => (error, pause),
            };
            // Bytes that come again are no progress. Otherwise a server that always closes would be retried forever.
            let size = download.sink.size();
            if size > most {
                (most, pauses) = (size, waits());
            }
            match pauses.next() {
                Some(pause) => std::thread::sleep(pause.max(wanted_pause)),
                None if download.whole_only && most > 0 => {
                    return Err(ClientError::NotContinued { url: url.to_owned(), done: most });
                }
                None => return Err(error),
            }
        }
    }

    /// Requests the missing bytes.
    fn attempt(
        &self,
        url: &str,
        download: &mut Download<'_>,
        progress: &mut dyn FnMut(u64, Option<u64>),
    ) -> Result<(), Attempt> {
        loop {
            let response = self.send_request(url, download)?;
            let span = self.span(url, download, &response)?;
            let start = download.sink.size();
            let too_large = || Attempt::Fatal(ClientError::TooLarge { url: url.to_owned(), most: self.most_download });
            let Span { length, total } = match span {
                Some(span) => span,
                None => return Ok(()),
            };
            if total.is_some_and(|total| total > self.most_download) {
                return Err(too_large());
            }
            // One byte more than allowed shows that the file is too large.
            let room = self.most_download.saturating_sub(start).saturating_add(1);
            let room = length.map_or(room, |length| length.min(room));
            let mut source = response.into_body().into_with_config().limit(u64::MAX).reader().take(room);
            let mut told = |done| progress(start.saturating_add(done), total);
            let copied = copy(&mut source, &mut download.sink, &mut told);
            if download.sink.size() > self.most_download {
                return Err(too_large());
            }
            let broken = |error| Err(Attempt::broken(network(url)(ureq::Error::Io(error))));
            match copied {
                Err(CopyError::Writing(error)) => {
                    let error: FileError = failed("write", download.output)(error);
                    return Err(Attempt::Fatal(error.into()));
                }
                Err(CopyError::Reading(error)) => return broken(error),
                Ok(count) if length.is_some_and(|length| count < length) => {
                    return broken(std::io::ErrorKind::UnexpectedEof.into());
                }
                // A server may send less than requested. The rest is requested next.
                Ok(1..) if total.is_some_and(|total| download.sink.size() < total) => {}
                Ok(_) => return Ok(()),
            }
        }
    }

    /// Sends a request for the missing bytes.
    fn send_request(&self, url: &str, download: &Download<'_>) -> Result<Response<Body>, Attempt> {
        // The registry has the hash of the unencoded bytes.
        let mut request = self.agent.get(url).header(header::ACCEPT_ENCODING, "identity");
        if download.continues() {
            request = request.header(header::RANGE, format!("bytes={}-", download.sink.size()));
            if let Some(validator) = &download.validator {
                request = request.header(header::IF_RANGE, validator);
            }
        }
        request.call().map_err(|error| match error {
            error @ (ureq::Error::BadUri(_) | ureq::Error::Http(_) | ureq::Error::TooManyRedirects) => {
                Attempt::Fatal(network(url)(error))
            }
            error => Attempt::broken(network(url)(error)),
        })
    }

    /// Returns what the answer contains, if it is usable; `None` if nothing is missing any more.
    fn span(&self, url: &str, download: &mut Download<'_>, response: &Response<Body>) -> Result<Option<Span>, Attempt> {
        let (status, headers) = (response.status().as_u16(), response.headers());
        let no_file = || ClientError::NoFile { url: url.to_owned(), status };
        let done = download.sink.size();
        let not_continued = || Attempt::broken(ClientError::NotContinued { url: url.to_owned(), done });
        match (status, download.continues()) {
            // The whole file: it has changed, or the server does not support ranges.
            (200, continues) => {
                download.restart()?;
                download.whole_only |= continues;
                let total = response.body().content_length();
                (download.validator, download.total) = (validator(headers), total);
                Ok(Some(Span { length: total, total }))
            }
            (206, true) => match download.fits(headers) {
                Some(span) => {
                    download.combined = true;
                    Ok(Some(span))
                }
                None => {
                    download.restart()?;
                    download.whole_only = true;
                    Err(not_continued())
                }
            },
            (416, true) if unsatisfied(headers) == Some(done) => Ok(None),
            (416, true) => {
                download.restart()?;
                download.whole_only = true;
                Err(not_continued())
            }
            // Too many requests, and servers that are busy or about to restart.
            (408 | 429 | 500 | 502 | 503 | 504, _) => Err(Attempt::Broken(no_file(), retry_after(headers))),
            _ => Err(Attempt::Fatal(no_file())),
        }
    }
}

/// State of a download.
struct Download<'a> {
    sink: Hashing<&'a mut File>,
    /// Path of the output, for errors.
    output: &'a Path,
    /// Value for `If-Range`: a strong validator of the first answer.
    validator: Option<HeaderValue>,
    /// Size of the whole file, if the first answer had it.
    total: Option<u64>,
    /// Whether the received bytes come from several answers.
    combined: bool,
    /// Whether ranges are no longer requested.
    whole_only: bool,
}

impl<'a> Download<'a> {
    fn new(file: &'a mut File, output: &'a Path) -> Self {
        Self { sink: Hashing::new(file), output, validator: None, total: None, combined: false, whole_only: false }
    }

    /// Whether the next request is for a range.
    fn continues(&self) -> bool {
        self.sink.size() > 0 && !self.whole_only
    }

    /// Discards what was received. If it came from several answers, later requests are for the whole file.
    fn restart(&mut self) -> Result<(), FileError> {
        self.whole_only |= self.combined;
        (self.combined, self.validator, self.total) = (false, None, None);
        self.sink.restart().map_err(failed("write", self.output))
    }

    /// Returns what a partial answer contains, if it continues here and belongs to the same file by its headers (RFC 9110,
    /// section 15.3.7.3).
    fn fits(&self, headers: &HeaderMap) -> Option<Span> {
        let part = range(headers)?;
        let same_size = match (self.total, part.total) {
            (Some(known), Some(total)) => known == total,
            _ => true,
        };
        let tag = headers.get(header::ETAG);
        let same_tag = match (&self.validator, tag) {
            (Some(known), Some(tag)) if is_strong(known) => known == tag,
            _ => true,
        };
        let fits = part.first == self.sink.size() && same_size && same_tag;
        fits.then_some(Span { length: Some(part.length), total: part.total.or(self.total) })
    }
}

/// Extent of an answer.
struct Span {
    /// Number of bytes, if given.
    length: Option<u64>,
    /// Size of the whole file, if known.
    total: Option<u64>,
}

/// Why a download is not complete.
enum Attempt {
    /// A later attempt may succeed, after this wait at least.
    Broken(ClientError, Duration),
    /// A later attempt will not succeed.
    Fatal(ClientError),
}

impl Attempt {
    fn broken(error: ClientError) -> Self {
        Self::Broken(error, Duration::ZERO)
    }
}

impl From<FileError> for Attempt {
    fn from(error: FileError) -> Self {
        Self::Fatal(error.into())
    }
}

fn network(url: &str) -> impl Fn(ureq::Error) -> ClientError + '_ {
    |source| ClientError::Network { url: url.to_owned(), source: Box::new(source) }
}

/// Returns the value for `If-Range` (RFC 9110, section 13.1.5): the entity tag if it is strong; without a tag the time of
/// change, if the answer is at least a second younger.
fn validator(headers: &HeaderMap) -> Option<HeaderValue> {
    if let Some(tag) = headers.get(header::ETAG) {
        return is_strong(tag).then(|| tag.clone());
    }
    let time = |name| httpdate::parse_http_date(headers.get(name)?.to_str().ok()?).ok();
    let age = time(header::DATE)?.duration_since(time(header::LAST_MODIFIED)?).ok()?;
    (age >= Duration::from_secs(1)).then(|| headers.get(header::LAST_MODIFIED).cloned()).flatten()
}

/// Whether `tag` is a strong entity tag.
fn is_strong(tag: &HeaderValue) -> bool {
    tag.as_bytes().starts_with(b"\"")
}

/// Returns how long the server asks to wait, in seconds or until a time, up to a maximum.
fn retry_after(headers: &HeaderMap) -> Duration {
    let text = headers.get(header::RETRY_AFTER).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let until = || httpdate::parse_http_date(text).ok()?.duration_since(SystemTime::now()).ok();
    let seconds = text.parse().map(Duration::from_secs).ok();
    seconds.or_else(until).unwrap_or_default().min(LONGEST_PAUSE)
}

/// A range of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Part {
    first: u64,
    length: u64,
    total: Option<u64>,
}

/// Parses the range of an answer, such as `Content-Range: bytes 5-9/10` (RFC 9110, section 14.4).
fn range(headers: &HeaderMap) -> Option<Part> {
    let (span, total) = content_range(headers)?;
    let (first, last) = span.split_once('-')?;
    let (first, last) = (number(first)?, number(last)?);
    let total = if total == "*" { None } else { Some(number(total)?) };
    let length = last.checked_sub(first)?.checked_add(1)?;
    total.is_none_or(|total| last < total).then_some(Part { first, length, total })
}

/// Parses the size of a file that has none of the requested bytes, such as `Content-Range: bytes */10`.
fn unsatisfied(headers: &HeaderMap) -> Option<u64> {
    content_range(headers).filter(|(span, _)| *span == "*").and_then(|(_, total)| number(total))
}

/// Returns what is before and after the slash in `Content-Range`.
fn content_range(headers: &HeaderMap) -> Option<(&str, &str)> {
    let (unit, range) = headers.get(header::CONTENT_RANGE)?.to_str().ok()?.split_once(' ')?;
    unit.eq_ignore_ascii_case("bytes").then(|| range.split_once('/')).flatten()
}

fn number(digits: &str) -> Option<u64> {
    digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn headers(value: &str) -> HeaderMap {
        value.parse().map(|value| (header::CONTENT_RANGE, value)).into_iter().collect()
    }

    #[test]
    fn ranges_are_read_as_servers_write_them() {
        let part = |total| Some(Part { first: 5, length: 5, total });
        assert_eq!(range(&headers("bytes 5-9/10")), part(Some(10)));
        assert_eq!(range(&headers("Bytes 5-9/*")), part(None));
        for other in
            ["", "bytes", "bytes */10", "items 5-9/10", "bytes -9/10", "bytes 5-4/10", "bytes 5-9/9", "bytes 5-9/x"]
        {
            assert_eq!(range(&headers(other)), None, "{other}");
        }
        assert_eq!(unsatisfied(&headers("bytes */10")), Some(10));
        for other in ["", "bytes 0-9/10", "bytes */*", "items */10", "bytes */-1", "bytes */+1"] {
            assert_eq!(unsatisfied(&headers(other)), None, "{other}");
        }
    }

    #[test]
    fn a_name_is_a_file_of_the_gateway_and_other_places_are_told_to_the_fan() {
        let client = Client::new("http://gateway.example/").unwrap();
        assert_eq!(client.url_of("song.age").unwrap(), "http://gateway.example/content/song.age");
        assert_eq!(client.url_of("https://cdn.example/a?b").unwrap(), "https://cdn.example/a?b");
        for other in ["ipfs://bafy", "../key", "file:///etc/passwd", "/etc/passwd", ""] {
            assert!(matches!(client.url_of(other), Err(ClientError::Uri(_))), "{other}");
        }
    }

    proptest! {
        #[test]
        fn no_range_makes_it_panic(value in "(bytes )?[0-9*/-]{0,30}|.{0,20}") {
            let _ = (range(&headers(&value)), unsatisfied(&headers(&value)));
        }
    }
}
