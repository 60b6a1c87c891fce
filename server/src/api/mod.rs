//! `/v1`: what pages and programs ask the server, as JSON.

mod access;
mod history;
mod http;
mod offers;
mod openapi;
pub mod shapes;
mod uploads;

use std::{path::PathBuf, sync::Arc};

use axum::{
    body::Body,
    extract::Request,
    routing::{get, head, post, put},
    Router,
};
use patronage_gateway::protocol::{Problem, MOST_REQUEST};
use serde::de::DeserializeOwned;

use self::http::malformed;
use crate::{
    creator::Offers, history::History, identity::Identity, notices::store::Store, sign_in::Sessions, upload::Uploads,
};

pub use openapi::document;

/// Number of items of a page without `limit`.
const USUAL_LIMIT: u32 = 50;
/// The maximum number of items of a page.
const MOST_LIMIT: u32 = 100;

/// What the answers come from.
pub struct Shared {
    /// The creator.
    pub identity: Identity,
    /// The index of the chain's events.
    pub index: Arc<dyn History>,
    /// What is offered now.
    pub offers: Offers,
    /// Notices, for the feed.
    pub notices: Store,
    /// Sign-in of the owner.
    pub sessions: Sessions,
    /// Files and keys that the creator sends.
    pub uploads: Uploads,
    /// The signed profile, if the creator has one.
    pub profile: Option<PathBuf>,
}

/// Returns the routes under `/v1`.
pub fn routes(shared: Arc<Shared>) -> Router {
    Router::new()
        .route("/v1/creator", get(history::creator))
        .route("/v1/profile", get(offers::profile))
        .route("/v1/tiers", get(offers::tiers))
        .route("/v1/content", get(offers::content))
        .route("/v1/accounts/{account}", get(history::account))
        .route("/v1/accounts/{account}/history", get(history::history))
        .route("/v1/top/{by}", get(history::top))
        .route("/v1/income", get(history::income))
        .route("/v1/members", get(history::members))
        .route("/v1/sign-in/challenge", post(access::challenge))
        .route("/v1/sign-in", post(access::sign_in))
        .route("/v1/uploads", post(uploads::begin).options(uploads::capabilities))
        .route("/v1/uploads/{name}", head(uploads::progress).patch(uploads::append).delete(uploads::cancel))
        .route("/v1/keys/{public}", put(uploads::save_key))
        .route("/v1/feed.atom", get(offers::feed))
        .route("/v1/openapi.json", get(openapi::openapi))
        .with_state(shared)
}

/// Checks `limit`.
fn page_size(limit: Option<u32>) -> Result<u32, Problem> {
    match limit {
        None => Ok(USUAL_LIMIT),
        Some(limit @ 1..=MOST_LIMIT) => Ok(limit),
        Some(_) => Err(malformed(format!("limit must be 1 to {MOST_LIMIT}"))),
    }
}

/// Parses a query; the error says what is wrong.
fn query<T>(query: Result<axum::extract::Query<T>, axum::extract::rejection::QueryRejection>) -> Result<T, Problem> {
    query.map(|axum::extract::Query(query)| query).map_err(|error| malformed(error.body_text()))
}

/// Parses the body of a request as `T`.
async fn body<T: DeserializeOwned>(request: Request<Body>) -> Result<T, Problem> {
    let bytes = axum::body::to_bytes(request.into_body(), MOST_REQUEST)
        .await
        .map_err(|_| malformed(format!("the request is incomplete, or has more than {MOST_REQUEST} bytes")))?;
    Ok(patronage_gateway::protocol::read(&bytes)?)
}
