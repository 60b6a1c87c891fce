//! `POST /challenge`, `POST /key`, `GET /health`, and the layers that every request passes.

use std::{
    net::SocketAddr,
    sync::Arc,
    time::{Duration, Instant},
};

use axum::{
    body::Body,
    extract::{Request, State},
    http::{header, HeaderName, Method, StatusCode},
    middleware::{self, Next},
    response::{IntoResponse, Response},
    routing::{get, post},
    Router,
};
use serde::de::DeserializeOwned;
use tower_http::cors::{Any, CorsLayer};
use tracing::{debug, error, info};

use super::{
    content,
    forwarded::{named, trusts, Named},
    limits::Caller,
    problem::{json, RETRY_CHAIN_AFTER},
    target, Shared,
};
use crate::{
    key::PublicKey,
    protocol::{
        self, ChallengeAnswer, ChallengeRequest, Health, KeyAnswer, KeyRequest, Problem, ProblemCode, MOST_REQUEST,
    },
    registry::{Access, AccountId, ContentId},
};

/// How long a health answer is cached, so that health requests cost the chain little.
const HEALTH_LIFETIME: Duration = Duration::from_secs(5);
/// A header of uploads.
const UPLOAD_OFFSET: HeaderName = HeaderName::from_static("upload-offset");
/// How long a browser may cache the answer to a preflight request.
const PREFLIGHT_LIFETIME: Duration = Duration::from_secs(3600);

/// The last health answer, and its time.
pub(super) struct KnownHealth {
    asked: Instant,
    reachable: bool,
}

/// The peer of a connection, which is added to each of its requests.
#[derive(Debug, Clone, Copy)]
pub(super) struct Peer(pub SocketAddr);

pub(super) fn routes(shared: Arc<Shared>, more: Router) -> Router {
    // Any page may send requests: there are no cookies, only the signature counts.
    let cors = CorsLayer::new()
        .allow_origin(Any)
        .allow_methods([Method::GET, Method::HEAD, Method::POST, Method::PATCH, Method::PUT, Method::DELETE])
        .allow_headers([
            header::AUTHORIZATION,
            header::CONTENT_TYPE,
            header::IF_MATCH,
            header::IF_MODIFIED_SINCE,
            header::IF_NONE_MATCH,
            header::IF_RANGE,
            header::IF_UNMODIFIED_SINCE,
            header::RANGE,
            HeaderName::from_static("tus-resumable"),
            HeaderName::from_static("upload-length"),
            HeaderName::from_static("upload-metadata"),
            UPLOAD_OFFSET,
        ])
        .expose_headers([
            header::ACCEPT_RANGES,
            header::CONTENT_RANGE,
            header::ETAG,
            header::LOCATION,
            header::RETRY_AFTER,
            UPLOAD_OFFSET,
        ])
        .max_age(PREFLIGHT_LIFETIME);
    Router::new()
        .route("/health", get(health))
        .route("/challenge", post(challenge))
        .route("/key", post(key))
        .route("/content/{name}", get(content::get))
        .fallback(async || Problem::new(ProblemCode::NotFound, "there is nothing at this path"))
        .method_not_allowed_fallback(async || {
            Problem::new(ProblemCode::Method, "this path does not support the method")
        })
        .with_state(shared.clone())
        .merge(more)
        .layer(middleware::from_fn_with_state(shared, guard))
        // Outside of the limits, so that a page can read their errors.
        .layer(cors)
        .layer(middleware::from_fn(logged))
}

/// Logs a line for each request. Of what a caller sends, only the path is logged.
async fn logged(request: Request, next: Next) -> Response {
    let begin = Instant::now();
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let response = next.run(request).await;
    let problem = response.extensions().get::<ProblemCode>().copied();
    info!(%method, ?path, status = response.status().as_u16(), ?problem, ms = millis(begin), "request");
    response
}

/// Applies the limits of rate and time.
async fn guard(State(shared): State<Arc<Shared>>, request: Request, next: Next) -> Response {
    let caller = caller(&shared, &request);
    let permitted = match caller {
        Some(caller) => shared.rate.permits(caller) && permitted_by_all(&shared, caller).await,
        None => true,
    };
    if !permitted {
        let message = "too many requests from this address: wait a few seconds";
        return Problem::new(ProblemCode::RateLimited, message).into_response();
    }
    if !target::names_its_host(&request) {
        let message = "the request must have exactly one Host header";
        return Problem::new(ProblemCode::Malformed, message).into_response();
    }
    match tokio::time::timeout(shared.config.request_timeout, next.run(request)).await {
        Ok(response) => response,
        Err(_) => Problem::new(ProblemCode::Timeout, "the request took too long: try again").into_response(),
    }
}

/// Whether the shared state permits one more request. If it does not answer, only the limit of this process counts.
async fn permitted_by_all(shared: &Shared, caller: Caller) -> bool {
    shared.state.permits(&caller.to_string()).await.unwrap_or_else(|error| {
        debug!(%error, "the shared limit does not answer");
        true
    })
}

/// Returns the caller: the peer, or for a trusted proxy the client that it names.
fn caller(shared: &Shared, request: &Request) -> Option<Caller> {
    let Peer(peer) = *request.extensions().get::<Peer>()?;
    let trusted = &shared.config.trusted_proxies;
    if !trusts(trusted, peer.ip()) {
        return Some(Caller::new(peer.ip()));
    }
    let named = named(request.headers(), trusted);
    if !matches!(named, Named::Address(_)) {
        shared.proxy_warnings.log(peer, &named);
    }
    Some(Caller::behind(peer.ip(), &named))
}

async fn challenge(State(shared): State<Arc<Shared>>, request: Request) -> Result<Response, Problem> {
    let ChallengeRequest { content, account, recipient } = body(request).await?;
    let challenge = shared.issuer.issue(content, account, recipient).ok_or_else(Problem::internal)?;
    Ok(json(StatusCode::OK, &ChallengeAnswer { challenge: challenge.to_string() }))
}

async fn key(State(shared): State<Arc<Shared>>, request: Request) -> Result<Response, Problem> {
    let request: KeyRequest = body(request).await?;
    let signature = request.signature()?;
    let challenge = request.challenge;
    let (content, account) = (challenge.scope.content, challenge.scope.account);
    // A task of its own, so that it ends even if the fan does not wait: no challenge is asked for more than one answer.
    let task = tokio::spawn(async move {
        let redemption = shared.issuer.redeem(&challenge, &signature).await?;
        let scope = challenge.scope.clone();
        let answer =
            blocking(&shared, move |shared| answer(&shared, scope.content, &scope.account, &scope.recipient)).await;
        // After a failure of the gateway or its chain, the fan need not sign again.
        if !matches!(&answer, Err(Problem { code: ProblemCode::Unreachable | ProblemCode::Internal, .. })) {
            redemption.spend().await?;
        }
        answer
    });
    let answer = task.await.unwrap_or_else(|error| {
        error!(%error, "answering a request failed");
        Err(Problem::internal())
    });
    let refused = answer.as_ref().err().map(|problem| problem.code);
    info!(content, account = hex::encode(account), ?refused, "key");
    answer.map(|answer| json(StatusCode::OK, &answer))
}

/// Returns the key of `content` for `account`, encrypted to `recipient`. Access is queried last, so that it is up to date.
fn answer(
    shared: &Shared,
    content: ContentId,
    account: &AccountId,
    recipient: &PublicKey,
) -> Result<KeyAnswer, Problem> {
    let Some(info) = shared.registry.content(content)? else {
        return Err(Problem::new(ProblemCode::UnknownContent, format!("the registry has no content {content}")));
    };
    if let Access::Refused { why } = shared.registry.access(content, account)? {
        return Err(Problem::new(ProblemCode::NoAccess, why));
    }
    let missing = || {
        let message = "this gateway does not have the key of this content: tell the creator, or use another gateway";
        Problem::new(ProblemCode::NoKey, message)
    };
    let public = PublicKey::from_bytes(info.public_key).map_err(|_| missing())?;
    let secret = match shared.keys.load(&public) {
        Ok(secret) => secret.ok_or_else(missing)?,
        Err(error) => {
            error!(%error, content, "a key can't be read");
            return Err(Problem::internal());
        }
    };
    let key = secret.encrypted_to(recipient).map_err(|error| {
        error!(%error, content, "a key can't be encrypted");
        Problem::internal()
    })?;
    Ok(KeyAnswer { key })
}

/// Returns which registry this is, and whether the chain answers: 200 or 503.
async fn health(State(shared): State<Arc<Shared>>) -> Response {
    // Held during the query, so that many requests at once make one query.
    let mut known = shared.health.lock().await;
    let reachable = match known.as_ref() {
        Some(KnownHealth { asked, reachable }) if asked.elapsed() < HEALTH_LIFETIME => *reachable,
        _ => {
            let asked = blocking(&shared, |shared| Ok(shared.registry.content(0).map(|_| ())?)).await;
            known.insert(KnownHealth { asked: Instant::now(), reachable: asked.is_ok() }).reachable
        }
    };
    drop(known);
    let identity = shared.registry.identity();
    let health = Health {
        status: if reachable { "ok" } else { "unreachable" }.to_owned(),
        genesis: format!("0x{}", hex::encode(identity.genesis)),
        registry: format!("0x{}", hex::encode(identity.registry)),
    };
    let mut response = json(if reachable { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE }, &health);
    if !reachable {
        response.headers_mut().insert(header::RETRY_AFTER, RETRY_CHAIN_AFTER);
    }
    response
}

/// Runs blocking `work` on a thread of its own, when a permit is free.
async fn blocking<T: Send + 'static>(
    shared: &Arc<Shared>,
    work: impl FnOnce(Arc<Shared>) -> Result<T, Problem> + Send + 'static,
) -> Result<T, Problem> {
    let permit = shared.chain_calls.clone().acquire_owned().await.map_err(|_| Problem::internal())?;
    let shared = shared.clone();
    let done = tokio::task::spawn_blocking(move || {
        let _permit = permit;
        work(shared)
    });
    done.await.unwrap_or_else(|error| {
        error!(%error, "answering a request failed");
        Err(Problem::internal())
    })
}

/// Parses the body of a request as `T`, whatever `Content-Type` says.
async fn body<T: DeserializeOwned>(request: Request<Body>) -> Result<T, Problem> {
    let mut codings = request.headers().get_all(header::CONTENT_ENCODING).iter();
    if codings.any(|coding| !coding.as_bytes().eq_ignore_ascii_case(b"identity")) {
        return Err(Problem::new(ProblemCode::ContentCoding, "the body is compressed: send it uncompressed"));
    }
    let bytes = axum::body::to_bytes(request.into_body(), MOST_REQUEST).await.map_err(|error| {
        let too_large =
            std::error::Error::source(&error).is_some_and(|source| source.is::<http_body_util::LengthLimitError>());
        match too_large {
            true => Problem::new(ProblemCode::TooLarge, format!("a request has at most {MOST_REQUEST} bytes")),
            false => Problem::new(ProblemCode::Malformed, "the request is incomplete"),
        }
    })?;
    Ok(protocol::read(&bytes)?)
}

fn millis(since: Instant) -> u64 {
    u64::try_from(since.elapsed().as_millis()).unwrap_or(u64::MAX)
}
