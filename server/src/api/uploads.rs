//! `/v1/uploads` and `/v1/keys`: encrypted files and their keys from the creator. Uploads follow the tus protocol 1.0
//! (<https://tus.io/protocols/resumable-upload>) with its extensions creation and termination; the name of the file is the name of the
//! upload.

use std::sync::Arc;

use axum::{
    body::Body,
    extract::{Path, Request, State},
    http::{header, HeaderMap, HeaderName, HeaderValue, StatusCode},
    response::{IntoResponse, Response},
};
use base64::{engine::general_purpose::STANDARD, Engine};
use patronage_gateway::{
    key::PublicKey,
    protocol::{Problem, MOST_REQUEST},
};

use super::{access::require_publisher, http::malformed, Shared};
use crate::upload::Progress;

const RESUMABLE: HeaderName = HeaderName::from_static("tus-resumable");
const LENGTH: HeaderName = HeaderName::from_static("upload-length");
const OFFSET: HeaderName = HeaderName::from_static("upload-offset");
const METADATA: HeaderName = HeaderName::from_static("upload-metadata");
const VERSION: HeaderValue = HeaderValue::from_static("1.0.0");
const PART: &str = "application/offset+octet-stream";

fn answer(status: StatusCode, progress: Option<Progress>) -> Response {
    let mut response =
        (status, [(RESUMABLE, VERSION), (header::CACHE_CONTROL, HeaderValue::from_static("no-store"))]).into_response();
    if let Some(Progress { offset, length }) = progress {
        response.headers_mut().insert(OFFSET, offset.into());
        response.headers_mut().insert(LENGTH, length.into());
    }
    response
}

/// A number in a header.
fn number(headers: &HeaderMap, name: &HeaderName) -> Result<u64, Problem> {
    let text = headers.get(name).and_then(|value| value.to_str().ok());
    let digits = text.filter(|text| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()));
    digits.and_then(|text| text.parse().ok()).ok_or_else(|| malformed(format!("{name} must be a number of bytes")))
}

/// The value of `filename` in the metadata: pairs of a name and base64, with commas between them.
fn file_name(headers: &HeaderMap) -> Result<String, Problem> {
    let text = headers.get(METADATA).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let named = text.split(',').filter_map(|pair| pair.trim().strip_prefix("filename ")).next();
    let bytes = named.and_then(|value| STANDARD.decode(value.trim()).ok());
    bytes
        .and_then(|bytes| String::from_utf8(bytes).ok())
        .ok_or_else(|| malformed("upload-metadata needs filename with its value in base64"))
}

/// Begins the upload of an encrypted file, or finds it. For the owner of the registry and its managers.
#[utoipa::path(
    post,
    path = "/v1/uploads",
    params(
        ("upload-length" = u64, Header, description = "Number of bytes of the file"),
        ("upload-metadata" = String, Header, description = "`filename` and the file's name in base64")
    ),
    responses((status = 201, description = "`Location` is the upload"), (status = "4XX", body = super::shapes::Problem)),
    security(("owner" = []))
)]
pub(super) async fn begin(State(shared): State<Arc<Shared>>, headers: HeaderMap) -> Result<Response, Problem> {
    require_publisher(&shared, &headers).await?;
    let (length, name) = (number(&headers, &LENGTH)?, file_name(&headers)?);
    let progress = shared.uploads.begin(&name, length).await?;
    let mut response = answer(StatusCode::CREATED, Some(progress));
    // A name that can be served is its own spelling in a path.
    let location = HeaderValue::try_from(format!("/v1/uploads/{name}")).map_err(|_| Problem::internal())?;
    response.headers_mut().insert(header::LOCATION, location);
    Ok(response)
}

/// Returns how many bytes of the upload are here.
#[utoipa::path(
    head,
    path = "/v1/uploads/{name}",
    params(("name" = String, Path, description = "Name of the file")),
    responses((status = 200, description = "`Upload-Offset` and `Upload-Length`"), (status = "4XX")),
    security(("owner" = []))
)]
pub(super) async fn progress(
    State(shared): State<Arc<Shared>>,
    Path(name): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    require_publisher(&shared, &headers).await?;
    Ok(answer(StatusCode::OK, Some(shared.uploads.progress(&name).await?)))
}

/// Appends the body to the upload. With the last byte the file is served.
#[utoipa::path(
    patch,
    path = "/v1/uploads/{name}",
    params(
        ("name" = String, Path, description = "Name of the file"),
        ("upload-offset" = u64, Header, description = "Where the body begins: the number of bytes that are here")
    ),
    request_body(content_type = "application/offset+octet-stream"),
    responses((status = 204, description = "`Upload-Offset` is the new one"), (status = "4XX", body = super::shapes::Problem)),
    security(("owner" = []))
)]
pub(super) async fn append(
    State(shared): State<Arc<Shared>>,
    Path(name): Path<String>,
    request: Request<Body>,
) -> Result<Response, Problem> {
    let headers = request.headers();
    require_publisher(&shared, headers).await?;
    let kind = headers.get(header::CONTENT_TYPE).map(HeaderValue::as_bytes);
    if kind != Some(PART.as_bytes()) {
        return Err(malformed(format!("content-type must be {PART}")));
    }
    let offset = number(headers, &OFFSET)?;
    let progress = shared.uploads.append(&name, offset, request.into_body()).await?;
    Ok(answer(StatusCode::NO_CONTENT, Some(progress)))
}

/// Deletes an upload that is not complete.
#[utoipa::path(
    delete,
    path = "/v1/uploads/{name}",
    params(("name" = String, Path, description = "Name of the file")),
    responses((status = 204), (status = "4XX", body = super::shapes::Problem)),
    security(("owner" = []))
)]
pub(super) async fn cancel(
    State(shared): State<Arc<Shared>>,
    Path(name): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    require_publisher(&shared, &headers).await?;
    shared.uploads.cancel(&name)?;
    Ok(answer(StatusCode::NO_CONTENT, None))
}

/// Returns what the server supports.
pub(super) async fn capabilities(State(shared): State<Arc<Shared>>) -> Response {
    let mut response = answer(StatusCode::NO_CONTENT, None);
    response.headers_mut().insert("tus-version", VERSION);
    response.headers_mut().insert("tus-extension", HeaderValue::from_static("creation,termination"));
    response.headers_mut().insert("tus-max-size", shared.uploads.max_length().into());
    response
}

/// Stores the secret key of a file. For the owner of the registry and its managers.
#[utoipa::path(
    put,
    path = "/v1/keys/{public}",
    params(("public" = String, Path, description = "The public key, `age1...`")),
    request_body(content = String, content_type = "text/plain", description = "The secret key, in age's format of identities"),
    responses((status = 204), (status = "4XX", body = super::shapes::Problem)),
    security(("owner" = []))
)]
pub(super) async fn save_key(
    State(shared): State<Arc<Shared>>,
    Path(public): Path<String>,
    request: Request<Body>,
) -> Result<Response, Problem> {
    require_publisher(&shared, request.headers()).await?;
    let public: PublicKey = public.parse().map_err(|_| malformed("the path must end in a public key, age1..."))?;
    let bytes = axum::body::to_bytes(request.into_body(), MOST_REQUEST)
        .await
        .map_err(|_| malformed("the request is incomplete or too large for a key"))?;
    shared.uploads.save_key(&public, &bytes)?;
    Ok(answer(StatusCode::NO_CONTENT, None))
}
