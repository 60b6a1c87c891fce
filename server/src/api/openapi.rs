//! The OpenAPI document, `GET /v1/openapi.json`.

use axum::{http::HeaderMap, response::Response};
use patronage_gateway::protocol::Problem;
use utoipa::{
    openapi::security::{Http, HttpAuthScheme, SecurityScheme},
    Modify, OpenApi,
};

use super::{
    access, history,
    http::{json, Cache},
    offers, uploads,
};

/// Describes `/v1`.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Patronage",
        description = "A creator's history, offers and members. All of it is public on the chain. The list of members is for \
                       the owner, and uploads are for the owner and managers, who sign in."
    ),
    paths(
        history::creator, offers::profile, offers::tiers, offers::content, history::account, history::history, history::top,
        history::income, history::members, access::challenge, access::sign_in, uploads::begin, uploads::progress, uploads::append,
        uploads::cancel, uploads::save_key, offers::feed, openapi
    ),
    modifiers(&Owner)
)]
struct Document;

/// Adds the token of the owner.
struct Owner;

impl Modify for Owner {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let components = document.components.get_or_insert_with(Default::default);
        components.add_security_scheme("owner", SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer)));
    }
}

/// Returns the OpenAPI document.
pub fn document() -> utoipa::openapi::OpenApi {
    Document::openapi()
}

/// Returns this document.
#[utoipa::path(get, path = "/v1/openapi.json", responses((status = 200, body = Object)))]
pub(super) async fn openapi(headers: HeaderMap) -> Result<Response, Problem> {
    json(&headers, Cache::Public, &document())
}
