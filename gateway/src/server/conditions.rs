//! Validators of files, and conditional requests (RFC 9110, sections 8.8 and 13).

use std::time::SystemTime;

use axum::http::{header, HeaderMap, HeaderName, HeaderValue, Method};

use crate::files::StoredFile;

/// Validators of one state of a file.
#[derive(Debug, Clone)]
pub(super) struct Validators {
    /// The entity tag with its quotes, without the prefix of a weak one.
    tag: String,
    /// Time of the last change, in whole seconds; `None` before 1970, which headers cannot express.
    modified: Option<SystemTime>,
    /// Whether equal validators mean equal bytes.
    strong: bool,
}

impl Validators {
    /// The validators of `file`, at the time `now`.
    pub fn of(file: &StoredFile, now: SystemTime) -> Self {
        Self {
            tag: format!("\"{}\"", file.tag),
            // A time in the future is replaced by that of the answer (section 8.8.2.1).
            modified: file.modified.map(|modified| modified.min(now)),
            strong: file.strong,
        }
    }

    /// Returns the headers `ETag` and `Last-Modified`.
    pub fn headers(&self) -> impl Iterator<Item = (HeaderName, HeaderValue)> {
        let weak = if self.strong { "" } else { "W/" };
        let tag = HeaderValue::try_from(format!("{weak}{}", self.tag)).ok();
        let modified = self.modified.and_then(|time| HeaderValue::try_from(httpdate::fmt_http_date(time)).ok());
        [(header::ETAG, tag), (header::LAST_MODIFIED, modified)]
            .into_iter()
            .filter_map(|(name, value)| Some((name, value?)))
    }

    fn equals_strongly(&self, tag: &[u8]) -> bool {
        self.strong && tag == self.tag.as_bytes()
    }

    fn equals_weakly(&self, tag: &[u8]) -> bool {
        tag.strip_prefix(b"W/").unwrap_or(tag) == self.tag.as_bytes()
    }

    /// Whether the file has changed after `time`; `None` if its time of change is not known.
    fn changed_after(&self, time: SystemTime) -> Option<bool> {
        Some(seconds(self.modified?) > seconds(time))
    }
}

/// How to answer a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    /// Answer it.
    Proceed {
        /// Whether a requested range applies.
        ranges: bool,
    },
    /// The client has the file already (304).
    NotModified,
    /// The file is not the one that the client means (412).
    Failed,
}

/// Evaluates the conditions of a GET or HEAD request, in the order of section 13.2.2.
pub(super) fn evaluate(method: &Method, headers: &HeaderMap, file: &Validators) -> Verdict {
    if headers.contains_key(header::IF_MATCH) {
        if !any(headers, header::IF_MATCH, |tag| file.equals_strongly(tag)) {
            return Verdict::Failed;
        }
    } else if date(headers, header::IF_UNMODIFIED_SINCE).and_then(|time| file.changed_after(time)) == Some(true) {
        return Verdict::Failed;
    }
    if headers.contains_key(header::IF_NONE_MATCH) {
        if any(headers, header::IF_NONE_MATCH, |tag| file.equals_weakly(tag)) {
            return Verdict::NotModified;
        }
    } else if date(headers, header::IF_MODIFIED_SINCE).and_then(|time| file.changed_after(time)) == Some(false) {
        return Verdict::NotModified;
    }
    // Ranges are defined for GET only (section 14.2).
    Verdict::Proceed { ranges: *method == Method::GET && if_range(headers, file) }
}

/// Whether `If-Range` is absent, or matches the file (section 13.1.5).
fn if_range(headers: &HeaderMap, file: &Validators) -> bool {
    let mut values = headers.get_all(header::IF_RANGE).iter();
    let Some(value) = values.next() else { return true };
    if values.next().is_some() {
        return false;
    }
    match date(headers, header::IF_RANGE) {
        // The date must be equal: another date belongs to another file.
        Some(time) => file.strong && file.modified.is_some_and(|modified| seconds(modified) == seconds(time)),
        None => file.equals_strongly(value.as_bytes()),
    }
}

/// Whether the header is `*`, or one of its entity tags `equals` the file's.
fn any(headers: &HeaderMap, name: HeaderName, equals: impl Fn(&[u8]) -> bool) -> bool {
    headers.get_all(name).iter().any(|value| value == "*" || tags(value.as_bytes()).any(&equals))
}

/// Parses a list of entity tags (section 8.8.3), up to the first error. Tags can contain commas.
fn tags(mut list: &[u8]) -> impl Iterator<Item = &[u8]> {
    std::iter::from_fn(move || {
        while let [b',' | b' ' | b'\t', rest @ ..] = list {
            list = rest;
        }
        let opening = if list.starts_with(b"W/") { 2 } else { 0_usize };
        let quoted = list.get(opening..)?.strip_prefix(b"\"")?;
        let length = quoted.iter().position(|byte| *byte == b'"')?;
        // Both quotes, and what is between and before them.
        let (tag, rest) = list.split_at_checked(opening.checked_add(length)?.checked_add(2)?)?;
        list = rest;
        Some(tag)
    })
}

/// Parses the date in a header; `None` if it is absent, malformed, or repeated. It is ignored then.
fn date(headers: &HeaderMap, name: HeaderName) -> Option<SystemTime> {
    let mut values = headers.get_all(name).iter();
    let (value, None) = (values.next()?, values.next()) else { return None };
    httpdate::parse_http_date(value.to_str().ok()?).ok()
}

/// Returns whole seconds since 1970, the precision of headers.
fn seconds(time: SystemTime) -> u64 {
    time.duration_since(SystemTime::UNIX_EPOCH).map_or(0, |since| since.as_secs())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{prop, proptest};

    use super::*;

    #[test]
    fn tags_are_read_up_to_where_a_list_is_none() {
        let read =
            |list: &'static str| tags(list.as_bytes()).map(|tag| std::str::from_utf8(tag).unwrap()).collect::<Vec<_>>();
        assert_eq!(read(r#""a", W/"b,c" ,,"""#), [r#""a""#, r#"W/"b,c""#, r#""""#]);
        assert_eq!(read(r#""a", b, "c""#), [r#""a""#]);
        for list in ["", ",", "a", "\"", "W/", "W/\"", "w/\"a\"", "*"] {
            assert!(read(list).is_empty(), "{list}");
        }
    }

    proptest! {
        #[test]
        fn no_list_of_tags_makes_it_panic(list in prop::collection::vec(0..=u8::MAX, 0..40), near in "[W/\", \ta]{0,40}") {
            tags(&list).for_each(|_| ());
            tags(near.as_bytes()).for_each(|_| ());
        }
    }
}
