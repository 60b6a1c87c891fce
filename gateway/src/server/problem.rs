//! Errors as answers: a status, a code for programs, a message for people.

use axum::{
    http::{header, HeaderValue, StatusCode},
    response::{IntoResponse, Response},
};

use crate::{
    issuer::ChallengeError,
    protocol::{Malformed, Problem, ProblemCode},
    registry::Unreachable,
    state::StateUnreachable,
};

/// Seconds until a retry after too many requests.
const RETRY_AFTER: HeaderValue = HeaderValue::from_static("5");
/// Seconds until a retry if the chain does not answer.
pub(super) const RETRY_CHAIN_AFTER: HeaderValue = HeaderValue::from_static("30");

impl Problem {
    /// The problem of this kind, with a message for people.
    pub fn new(code: ProblemCode, message: impl Into<String>) -> Self {
        Self { code, message: message.into() }
    }

    /// An error that only the operator can fix. The log has the cause.
    pub fn internal() -> Self {
        Self::new(ProblemCode::Internal, "the gateway has an internal error: tell the creator, whose log has the cause")
    }

    fn status(&self) -> StatusCode {
        match self.code {
            ProblemCode::Malformed => StatusCode::BAD_REQUEST,
            ProblemCode::BadSignature => StatusCode::UNAUTHORIZED,
            ProblemCode::NoAccess => StatusCode::FORBIDDEN,
            ProblemCode::NotFound | ProblemCode::UnknownContent | ProblemCode::NoKey => StatusCode::NOT_FOUND,
            ProblemCode::Method => StatusCode::METHOD_NOT_ALLOWED,
            ProblemCode::OtherRegistry
            | ProblemCode::UnknownChallenge
            | ProblemCode::Expired
            | ProblemCode::Used
            | ProblemCode::Conflict => StatusCode::CONFLICT,
            ProblemCode::Precondition => StatusCode::PRECONDITION_FAILED,
            ProblemCode::ContentCoding => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            ProblemCode::Range => StatusCode::RANGE_NOT_SATISFIABLE,
            ProblemCode::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            ProblemCode::RateLimited => StatusCode::TOO_MANY_REQUESTS,
            ProblemCode::Busy | ProblemCode::Unreachable => StatusCode::SERVICE_UNAVAILABLE,
            ProblemCode::Timeout => StatusCode::GATEWAY_TIMEOUT,
            ProblemCode::Internal | ProblemCode::Other => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = json(self.status(), &self);
        let told = match self.code {
            ProblemCode::RateLimited | ProblemCode::Busy => Some((header::RETRY_AFTER, RETRY_AFTER)),
            ProblemCode::Unreachable => Some((header::RETRY_AFTER, RETRY_CHAIN_AFTER)),
            ProblemCode::ContentCoding => Some((header::ACCEPT_ENCODING, HeaderValue::from_static("identity"))),
            _ => None,
        };
        response.headers_mut().extend(told);
        // For the log of requests.
        response.extensions_mut().insert(self.code);
        response
    }
}

impl From<Malformed> for Problem {
    fn from(error: Malformed) -> Self {
        Self::new(ProblemCode::Malformed, error.to_string())
    }
}

impl From<Unreachable> for Problem {
    fn from(error: Unreachable) -> Self {
        tracing::warn!(%error, "the chain does not answer");
        Self::new(ProblemCode::Unreachable, "the gateway cannot reach its chain now: try again in a minute")
    }
}

impl From<StateUnreachable> for Problem {
    fn from(error: StateUnreachable) -> Self {
        tracing::warn!(%error, "the shared state does not answer");
        Self::new(ProblemCode::Unreachable, "the gateway cannot reach its database now: try again in a minute")
    }
}

impl From<ChallengeError> for Problem {
    fn from(error: ChallengeError) -> Self {
        let code = match error {
            ChallengeError::OtherRegistry => ProblemCode::OtherRegistry,
            ChallengeError::Unknown => ProblemCode::UnknownChallenge,
            ChallengeError::Expired => ProblemCode::Expired,
            ChallengeError::Signature => ProblemCode::BadSignature,
            ChallengeError::Used => ProblemCode::Used,
            ChallengeError::Full => ProblemCode::Busy,
            ChallengeError::State(error) => return error.into(),
        };
        Self::new(code, error.to_string())
    }
}

/// A JSON answer that must not be cached.
pub(super) fn json(status: StatusCode, body: &impl serde::Serialize) -> Response {
    // Answers are structs of strings, which always serialize.
    let body = serde_json::to_vec(body).unwrap_or_default();
    let headers = [(header::CONTENT_TYPE, "application/json"), (header::CACHE_CONTROL, "no-store")];
    (status, headers, body).into_response()
}
