//! Downloading a published file: goes on where it broke off, and is done only when the hash is the registry's.

use std::{
    io::{Read, Write},
    path::Path,
};

use ureq::{
    http::{header, HeaderMap, Response},
    Body,
};

use super::{waits, Client, ClientError};
use crate::{
    file::{copy, failed, CopyError, FileError, Hashing, NewFile},
    registry::ContentInfo,
    server::servable,
};

impl Client {
    /// Downloads the ciphertext to `output`, which must not exist yet, and checks that it is the published one. `progress` is
    /// told how many bytes of how many have come. Returns the size in bytes.
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

    /// Where to download from: the URI itself, or for the name of a file, this gateway.
    pub(super) fn url_of(&self, uri: &str) -> Result<String, ClientError> {
        if uri.starts_with("https://") || uri.starts_with("http://") {
            return Ok(uri.to_owned());
        }
        match servable(uri) {
            true => Ok(format!("{}/content/{uri}", self.gateway)),
            false => Err(ClientError::Uri(super::shortened(uri))),
        }
    }

    /// Writes what is at `url` to `sink`; `output` is for errors.
    pub(super) fn fetch(
        &self,
        url: &str,
        registered: &[u8; 32],
        sink: &mut impl Write,
        output: &Path,
        progress: &mut dyn FnMut(u64, Option<u64>),
    ) -> Result<u64, ClientError> {
        let mut sink = Hashing::new(sink);
        let mut pauses = waits();
        loop {
            let before = sink.size();
            let broken = match self.attempt(url, &mut sink, output, progress) {
                Ok(()) => break,
                Err(Attempt::Fatal(error)) => return Err(error),
                Err(Attempt::Broken(error)) => error,
            };
            if sink.size() > before {
                pauses = waits();
            }
            let Some(pause) = pauses.next() else { return Err(broken) };
            std::thread::sleep(pause);
        }
        let (hash, size) = sink.finish();
        match hash == *registered {
            true => Ok(size),
            false => Err(ClientError::OtherFile { url: url.to_owned(), hash, registered: *registered }),
        }
    }

    /// Gets what is missing, or a part of it.
    fn attempt(
        &self,
        url: &str,
        sink: &mut Hashing<impl Write>,
        output: &Path,
        progress: &mut dyn FnMut(u64, Option<u64>),
    ) -> Result<(), Attempt> {
        let start = sink.size();
        let mut request = self.agent.get(url);
        if start > 0 {
            request = request.header(header::RANGE, format!("bytes={start}-"));
        }
        let network = |source| ClientError::Network { url: url.to_owned(), source: Box::new(source) };
        let response = request.call().map_err(|error| match error {
            error @ (ureq::Error::BadUri(_) | ureq::Error::Http(_) | ureq::Error::TooManyRedirects) => {
                Attempt::Fatal(network(error))
            }
            error => Attempt::Broken(network(error)),
        })?;
        let total = self.total(url, start, &response)?;
        let too_large = || Attempt::Fatal(ClientError::TooLarge { url: url.to_owned(), most: self.most_download });
        if total.is_some_and(|total| total > self.most_download) {
            return Err(too_large());
        }
        // One byte more than may come shows that it is too much.
        let room = self.most_download.saturating_sub(start).saturating_add(1);
        let mut source = response.into_body().into_with_config().limit(u64::MAX).reader().take(room);
        let copied = copy(&mut source, sink, &mut |done| progress(start.saturating_add(done), total));
        if sink.size() > self.most_download {
            return Err(too_large());
        }
        match copied {
            Err(CopyError::Writing(error)) => {
                let error: FileError = failed("write", output)(error);
                Err(Attempt::Fatal(error.into()))
            }
            Err(CopyError::Reading(error)) => Err(Attempt::Broken(network(ureq::Error::Io(error)))),
            Ok(_) if total.is_some_and(|total| sink.size() < total) => {
                Err(Attempt::Broken(network(ureq::Error::Io(std::io::ErrorKind::UnexpectedEof.into()))))
            }
            Ok(_) => Ok(()),
        }
    }

    /// How large the whole file is, where the answer goes on from byte `start` and says so.
    fn total(&self, url: &str, start: u64, response: &Response<Body>) -> Result<Option<u64>, Attempt> {
        let status = response.status().as_u16();
        let no_file = || ClientError::NoFile { url: url.to_owned(), status };
        match status {
            200 if start == 0 => Ok(response.body().content_length()),
            206 if start > 0 => match range(response.headers()) {
                Some((from, total)) if from == start => Ok(total),
                _ => Err(Attempt::Fatal(ClientError::NotContinued { url: url.to_owned(), done: start })),
            },
            200 | 416 => Err(Attempt::Fatal(ClientError::NotContinued { url: url.to_owned(), done: start })),
            // Too many requests, and servers that are busy or about to restart.
            408 | 429 | 500 | 502 | 503 | 504 => Err(Attempt::Broken(no_file())),
            _ => Err(Attempt::Fatal(no_file())),
        }
    }
}

/// Why a download is not done.
enum Attempt {
    /// Trying again may help.
    Broken(ClientError),
    /// It will not.
    Fatal(ClientError),
}

/// First byte and size of the whole, as in `Content-Range: bytes 5-9/10` (RFC 9110, section 14.4).
fn range(headers: &HeaderMap) -> Option<(u64, Option<u64>)> {
    let text = headers.get(header::CONTENT_RANGE)?.to_str().ok()?.strip_prefix("bytes ")?;
    let (span, total) = text.split_once('/')?;
    let (from, _) = span.split_once('-')?;
    Some((from.parse().ok()?, total.parse().ok()))
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
        assert_eq!(range(&headers("bytes 5-9/10")), Some((5, Some(10))));
        assert_eq!(range(&headers("bytes 5-9/*")), Some((5, None)));
        for other in ["", "bytes", "bytes */10", "items 5-9/10", "bytes -9/10"] {
            assert_eq!(range(&headers(other)), None, "{other}");
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
            let _ = range(&headers(&value));
        }
    }
}
