//! What is offered now, the profile, and the feed of notices.

use std::sync::Arc;

use axum::{
    extract::{rejection::QueryRejection, Query, State},
    http::HeaderMap,
    response::Response,
};
use patronage_gateway::protocol::{Problem, ProblemCode};
use tokio::io::AsyncReadExt;

use super::{
    http::{json, malformed, tagged, Cache},
    page_size, query,
    shapes::{ContentPage, PageQuery, Tiers},
    Shared,
};
use crate::notices::feed::atom;

/// Number of notices in the feed.
const FEED: i64 = 50;
/// The maximum size of a profile, in bytes.
const MOST_PROFILE: u64 = 64 * 1024;

/// Returns all tiers.
#[utoipa::path(get, path = "/v1/tiers", responses((status = 200, body = Tiers), (status = "5XX", body = super::shapes::Problem)))]
pub(super) async fn tiers(State(shared): State<Arc<Shared>>, headers: HeaderMap) -> Result<Response, Problem> {
    let tiers = shared.offers.tiers().await?;
    json(&headers, Cache::Public, &Tiers { items: tiers.to_vec() })
}

/// Returns the content, by its numbers.
#[utoipa::path(
    get,
    path = "/v1/content",
    params(PageQuery),
    responses((status = 200, body = ContentPage), (status = "4XX", body = super::shapes::Problem))
)]
pub(super) async fn content(
    State(shared): State<Arc<Shared>>,
    page: Result<Query<PageQuery>, QueryRejection>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let PageQuery { limit, after } = query(page)?;
    let limit = page_size(limit)?;
    let first = match after {
        None => 0,
        Some(after) => after
            .parse::<u32>()
            .ok()
            .and_then(|last| last.checked_add(1))
            .ok_or_else(|| malformed("after: give `next` of the page before"))?,
    };
    // One more shows whether there is a next page.
    let more = shared.offers.content(first, limit.saturating_add(1)).await?;
    let items: Vec<_> = more.iter().take(limit as usize).cloned().collect();
    let next = (more.len() > items.len()).then(|| items.last().map(|last| last.content.to_string())).flatten();
    json(&headers, Cache::Public, &ContentPage { items, next })
}

/// Returns the signed profile. Whoever reads it checks its signature, and that its account owns the vault.
#[utoipa::path(
    get,
    path = "/v1/profile",
    responses(
        (status = 200, body = Object, description = "The file that `patronage profile write` writes"),
        (status = "4XX", body = super::shapes::Problem)
    )
)]
pub(super) async fn profile(State(shared): State<Arc<Shared>>, headers: HeaderMap) -> Result<Response, Problem> {
    let none = || Problem::new(ProblemCode::NotFound, "the creator has no profile here");
    let path = shared.profile.as_ref().ok_or_else(none)?;
    let mut text = Vec::new();
    let file = tokio::fs::File::open(path).await.map_err(|_| none())?;
    file.take(MOST_PROFILE.saturating_add(1)).read_to_end(&mut text).await.map_err(|_| none())?;
    // It can have been replaced since the start.
    let valid = text.len() as u64 <= MOST_PROFILE && serde_json::from_slice::<serde::de::IgnoredAny>(&text).is_ok();
    match valid {
        true => Ok(tagged(&headers, Cache::Public, "application/json", text.into())),
        false => {
            tracing::error!(path = %path.display(), "the profile is too large or not JSON: write it again");
            Err(Problem::internal())
        }
    }
}

/// Returns the newest notices as an Atom feed.
#[utoipa::path(
    get,
    path = "/v1/feed.atom",
    responses((status = 200, content_type = "application/atom+xml", body = String), (status = "5XX", body = super::shapes::Problem))
)]
pub(super) async fn feed(State(shared): State<Arc<Shared>>, headers: HeaderMap) -> Result<Response, Problem> {
    let creator = shared.identity.id();
    let notices = shared.notices.newest(&creator, FEED).await.map_err(super::history::away)?;
    let name = format!("{}: members and tips", shared.identity.creator_token.symbol);
    let feed = atom(&name, &creator, &notices);
    Ok(tagged(&headers, Cache::Public, "application/atom+xml; charset=utf-8", feed.into()))
}
