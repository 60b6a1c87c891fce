//! `GET /content/NAME`: the encrypted files, whole or in ranges.

use std::{collections::VecDeque, io, ops::Range, sync::Arc, time::SystemTime};

use axum::{
    body::{Body, Bytes},
    extract::{Path as Segment, Request, State},
    http::{header, HeaderMap, HeaderValue, StatusCode},
    response::{IntoResponse, Response},
};
use ring::rand::{SecureRandom, SystemRandom};
use tracing::error;

use super::{
    conditions::{evaluate, Validators, Verdict},
    ranges::{select, Selection},
    Shared,
};
use crate::{
    file_name::servable,
    files::ReadRange,
    protocol::{Problem, ProblemCode},
};

/// The media type of every file, as all are encrypted.
const TYPE: &str = "application/octet-stream";

pub(super) async fn get(
    State(shared): State<Arc<Shared>>,
    name: Result<Segment<String>, axum::extract::rejection::PathRejection>,
    request: Request,
) -> Result<Response, Problem> {
    let opened = match name {
        Ok(Segment(name)) if servable(&name) => shared.files.open(&name).await.map_err(|error| {
            error!(%error, name, "the store of files does not answer");
            Problem::new(ProblemCode::Unreachable, "the gateway cannot reach its files now: try again in a minute")
        })?,
        _ => None,
    };
    let file = opened.ok_or_else(|| Problem::new(ProblemCode::NotFound, "there is no such file"))?;
    let (size, validators) = (file.size, Validators::of(&file, SystemTime::now()));
    let selection = match evaluate(request.method(), request.headers(), &validators) {
        Verdict::Failed => {
            let message = "the file has changed: request it again without a condition";
            return Err(Problem::new(ProblemCode::Precondition, message));
        }
        // `Content-Length` would describe the file, and the answer has no body.
        Verdict::NotModified => {
            let headers: HeaderMap = validators.headers().chain([(header::CONTENT_LENGTH, size.into())]).collect();
            return Ok((StatusCode::NOT_MODIFIED, headers).into_response());
        }
        Verdict::Proceed { ranges: true } => select(request.headers(), size),
        Verdict::Proceed { ranges: false } => Selection::Whole,
    };
    let mut headers: HeaderMap = validators.headers().collect();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(TYPE));
    headers.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    let (status, pieces) = match selection {
        Selection::Whole => (StatusCode::OK, vec![Piece::File(0..size)]),
        Selection::Unsatisfiable => return Ok(unsatisfiable(size)),
        Selection::Parts(parts) => match &parts[..] {
            [part] => {
                headers.insert(header::CONTENT_RANGE, value(content_range(part, size))?);
                (StatusCode::PARTIAL_CONTENT, vec![Piece::File(part.clone())])
            }
            parts => {
                let boundary = boundary()?;
                let kind = format!("multipart/byteranges; boundary={boundary}");
                headers.insert(header::CONTENT_TYPE, value(kind)?);
                (StatusCode::PARTIAL_CONTENT, multipart(&boundary, parts, size))
            }
        },
    };
    let length = pieces.iter().map(Piece::len).fold(0, u64::saturating_add);
    headers.insert(header::CONTENT_LENGTH, length.into());
    Ok((status, headers, body(file.bytes, pieces)).into_response())
}

/// The answer to a range outside of a file with `size` bytes.
fn unsatisfiable(size: u64) -> Response {
    let message = format!("the file has {size} bytes, and none of the requested ones");
    let mut response = Problem::new(ProblemCode::Range, message).into_response();
    response.headers_mut().insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    // Digits and signs are always a valid value.
    response.headers_mut().extend(value(format!("bytes */{size}")).map(|value| (header::CONTENT_RANGE, value)));
    response
}

fn content_range(part: &Range<u64>, size: u64) -> String {
    format!("bytes {}-{}/{size}", part.start, part.end.saturating_sub(1))
}

fn value(text: String) -> Result<HeaderValue, Problem> {
    HeaderValue::try_from(text).map_err(|_| Problem::internal())
}

/// Returns a random boundary that nobody can predict, so that it occurs in no file.
fn boundary() -> Result<String, Problem> {
    let mut bytes = [0; 16];
    SystemRandom::new().fill(&mut bytes).map_err(|_| {
        error!("the system has no randomness");
        Problem::internal()
    })?;
    Ok(hex::encode(bytes))
}

/// A piece of a body: a part of the file, or text between parts.
#[derive(Debug)]
enum Piece {
    Text(Bytes),
    File(Range<u64>),
}

impl Piece {
    fn len(&self) -> u64 {
        match self {
            Piece::Text(text) => text.len() as u64,
            Piece::File(part) => part.end.saturating_sub(part.start),
        }
    }
}

/// Returns the `parts` of a file with `size` bytes as one message (RFC 9110, section 14.6).
fn multipart(boundary: &str, parts: &[Range<u64>], size: u64) -> Vec<Piece> {
    let mut pieces = Vec::new();
    // Each delimiter begins with the end of the previous line; the first has no previous line.
    let mut end = "";
    for part in parts {
        let range = content_range(part, size);
        let head = format!("{end}--{boundary}\r\ncontent-type: {TYPE}\r\ncontent-range: {range}\r\n\r\n");
        pieces.extend([Piece::Text(head.into()), Piece::File(part.clone())]);
        end = "\r\n";
    }
    pieces.push(Piece::Text(format!("\r\n--{boundary}--\r\n").into()));
    pieces
}

/// A body of `pieces` of `file`, which is read as the client receives it. If the file ends early, the connection is closed,
/// so that the client does not take the answer for complete.
fn body(file: Box<dyn ReadRange>, pieces: Vec<Piece>) -> Body {
    // The file, and the remaining pieces.
    let state = (file, VecDeque::from(pieces));
    Body::from_stream(futures_util::stream::try_unfold(state, async |(mut file, mut pieces)| loop {
        let part = match pieces.pop_front() {
            None => return Ok(None),
            Some(Piece::Text(text)) => return Ok(Some((text, (file, pieces)))),
            Some(Piece::File(part)) if part.is_empty() => continue,
            Some(Piece::File(part)) => part,
        };
        let bytes = file.read(part.clone()).await?;
        let next = part.start.saturating_add(bytes.len() as u64);
        if bytes.is_empty() || next > part.end {
            return Err(io::Error::from(io::ErrorKind::InvalidData));
        }
        pieces.push_front(Piece::File(next..part.end));
        return Ok(Some((bytes, (file, pieces))));
    }))
}
