//! Answers: JSON with an entity tag, and errors of the gateway's form.

use axum::{
    body::Bytes,
    http::{header, HeaderMap, HeaderName, HeaderValue, StatusCode},
    response::{IntoResponse, Response},
};
use patronage_gateway::protocol::{Problem, ProblemCode};
use ring::digest::{digest, SHA256};
use serde::Serialize;

/// Number of bytes of a hash in a tag.
const TAG_BYTES: usize = 16;
/// Who may keep an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cache {
    /// Everyone, who asks before each use whether it has changed.
    Public,
    /// The browser of who has signed in.
    Private,
}

/// Answers a request with `headers` with the JSON of `value`, or with 304 if the client has it.
pub fn json(headers: &HeaderMap, cache: Cache, value: &impl Serialize) -> Result<Response, Problem> {
    let body = serde_json::to_vec(value).map_err(|error| {
        tracing::error!(%error, "an answer can't be written");
        Problem::internal()
    })?;
    Ok(tagged(headers, cache, "application/json", body.into()))
}

/// Answers a request with `headers` with `body`, or with 304 if the client has it.
pub fn tagged(headers: &HeaderMap, cache: Cache, kind: &'static str, body: Bytes) -> Response {
    let hash = digest(&SHA256, &body);
    let tag = format!("\"{}\"", hex::encode(hash.as_ref().get(..TAG_BYTES).unwrap_or_default()));
    let control = match cache {
        Cache::Public => "no-cache",
        Cache::Private => "private, no-cache",
    };
    let common: [(HeaderName, HeaderValue); 4] = [
        // Hexadecimal digits in quotes are always a valid value.
        (header::ETAG, HeaderValue::try_from(&tag).unwrap_or(HeaderValue::from_static(""))),
        (header::CACHE_CONTROL, HeaderValue::from_static(control)),
        (header::VARY, HeaderValue::from_static("authorization")),
        (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    ];
    if matches(headers, &tag) {
        return (StatusCode::NOT_MODIFIED, common).into_response();
    }
    (common, [(header::CONTENT_TYPE, HeaderValue::from_static(kind))], body).into_response()
}

/// Whether `If-None-Match` has the tag (RFC 9110, section 13.1.2).
fn matches(headers: &HeaderMap, tag: &str) -> bool {
    let values = headers.get_all(header::IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    // Our tags have no commas.
    let mut tags = values.flat_map(|value| value.split(',')).map(str::trim);
    tags.any(|known| known == "*" || known.strip_prefix("W/").unwrap_or(known) == tag)
}

/// The error of a malformed request.
pub fn malformed(message: impl Into<String>) -> Problem {
    Problem::new(ProblemCode::Malformed, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_that_the_client_has_is_not_sent_again() {
        let first = json(&HeaderMap::new(), Cache::Public, &[1]).unwrap();
        assert_eq!(first.status(), StatusCode::OK);
        let tag = first.headers()[header::ETAG].to_str().unwrap().to_owned();
        let status = |value: &str, body: u8| {
            let headers = [(header::IF_NONE_MATCH, value.parse().unwrap())].into_iter().collect();
            json(&headers, Cache::Public, &[body]).unwrap().status()
        };
        for value in [tag.clone(), format!("W/{tag}"), format!("\"a\", {tag}"), "*".to_owned()] {
            assert_eq!(status(&value, 1), StatusCode::NOT_MODIFIED, "{value}");
        }
        assert_eq!(status(&tag, 2), StatusCode::OK);
        assert_eq!(status("\"a\"", 1), StatusCode::OK);
    }
}
