//! `POST /v1/sign-in/challenge`, `POST /v1/sign-in`, and the check of tokens.

use std::sync::Arc;

use axum::{
    body::Body,
    extract::{Request, State},
    http::{header, HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use patronage_gateway::{
    challenge::{NotAChallenge, SignIn},
    protocol::{Problem, ProblemCode},
    registry::AccountId,
    signature::{Scheme, Signature},
};

use super::{
    body,
    http::malformed,
    shapes::{ChallengeAnswer, ChallengeRequest, SignInAnswer, SignInRequest},
    Shared,
};
use crate::identity::parse_account;

/// Returns a text for the owner to sign.
#[utoipa::path(
    post,
    path = "/v1/sign-in/challenge",
    request_body = ChallengeRequest,
    responses((status = 200, body = ChallengeAnswer), (status = "4XX", body = super::shapes::Problem))
)]
pub(super) async fn challenge(State(shared): State<Arc<Shared>>, request: Request<Body>) -> Result<Response, Problem> {
    let ChallengeRequest { account } = body(request).await?;
    let account = parse_account(&account).map_err(malformed)?;
    let challenge = shared.sessions.challenge(account).ok_or_else(Problem::internal)?;
    Ok(fresh(&ChallengeAnswer { challenge: challenge.to_string() }))
}

/// Returns a token, if the owner of the vault, the owner of the registry or one of its managers has signed the text.
#[utoipa::path(
    post,
    path = "/v1/sign-in",
    request_body = SignInRequest,
    responses((status = 200, body = SignInAnswer), (status = "4XX", body = super::shapes::Problem))
)]
pub(super) async fn sign_in(State(shared): State<Arc<Shared>>, request: Request<Body>) -> Result<Response, Problem> {
    let SignInRequest { challenge, scheme, signature } = body(request).await?;
    let challenge: SignIn =
        challenge.parse().map_err(|error: NotAChallenge| malformed(format!("challenge: {error}")))?;
    let scheme = scheme.parse::<Scheme>().map_err(|error| malformed(format!("scheme: {error}")))?;
    let signature = Signature::from_hex(scheme, &signature)
        .ok_or_else(|| malformed("signature must be 0x and 128 hexadecimal digits"))?;
    // Before the challenge is used, so that a chain that is away costs no signature.
    if !is_owner(&shared, &challenge.account).await? {
        check_publisher(&shared, &challenge.account).await?;
    }
    let token = shared.sessions.sign_in(&challenge, &signature).await?;
    Ok(fresh(&SignInAnswer { token }))
}

/// Checks that the request has a token of the owner.
pub(super) async fn require_owner(shared: &Shared, headers: &HeaderMap) -> Result<(), Problem> {
    let account = signed_in(shared, headers, "the list of members is for the owner")?;
    match is_owner(shared, &account).await? {
        true => Ok(()),
        false => Err(no_access("this account does not own the vault: sign in as the owner")),
    }
}

/// Checks that the request has a token of who may publish.
pub(super) async fn require_publisher(shared: &Shared, headers: &HeaderMap) -> Result<(), Problem> {
    let account = signed_in(shared, headers, "only the owner and managers send files")?;
    check_publisher(shared, &account).await
}

/// The account of the request's token.
fn signed_in(shared: &Shared, headers: &HeaderMap, why: &str) -> Result<AccountId, Problem> {
    let value = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let token = value.and_then(|value| value.split_once(' ')).filter(|(kind, _)| kind.eq_ignore_ascii_case("bearer"));
    let account = token.and_then(|(_, token)| shared.sessions.account(token.trim()));
    account.ok_or_else(|| {
        let message = format!("{why}: sign in by /v1/sign-in/challenge and /v1/sign-in");
        Problem::new(ProblemCode::BadSignature, message)
    })
}

/// Whether `account` owns the vault now.
async fn is_owner(shared: &Shared, account: &AccountId) -> Result<bool, Problem> {
    Ok(shared.offers.owner().await? == *account)
}

/// Checks that `account` may publish now.
async fn check_publisher(shared: &Shared, account: &AccountId) -> Result<(), Problem> {
    match shared.offers.may_publish(*account).await? {
        true => Ok(()),
        false => {
            Err(no_access("this account neither owns these contracts nor manages content: sign in as one who does"))
        }
    }
}

fn no_access(message: &str) -> Problem {
    Problem::new(ProblemCode::NoAccess, message)
}

/// An answer that nobody may keep.
fn fresh(value: &impl serde::Serialize) -> Response {
    let headers = [(header::CONTENT_TYPE, "application/json"), (header::CACHE_CONTROL, "no-store")];
    (StatusCode::OK, headers, serde_json::to_vec(value).unwrap_or_default()).into_response()
}
