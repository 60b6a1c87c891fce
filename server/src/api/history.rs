//! What the index knows: the creator, accounts, rankings, income, members.

use std::sync::Arc;

use axum::{
    extract::{
        rejection::{PathRejection, QueryRejection},
        Path, Query, State,
    },
    http::HeaderMap,
    response::Response,
};
use chrono::{Days, NaiveDate};
use patronage_gateway::protocol::{Problem, ProblemCode};

use super::{
    access::require_owner,
    http::{json, malformed, Cache},
    page_size, query,
    shapes::{
        self, Account, Creator, HistoryPage, HistoryQuery, Income, IncomeQuery, MemberPage, MemberQuery, RankedPage,
        TopQuery,
    },
    Shared,
};
use crate::{
    history::{At, HistoryError, Order, Period, Ranking, Which},
    identity::{parse_account, shown},
};

impl From<HistoryError> for Problem {
    fn from(error: HistoryError) -> Self {
        match error {
            HistoryError::Malformed(message) => malformed(message),
            HistoryError::Away(why) => away(why),
        }
    }
}

/// The error of a database that does not answer. The log has the cause.
pub(super) fn away(error: impl std::fmt::Display) -> Problem {
    tracing::warn!(%error, "the index does not answer");
    Problem::new(ProblemCode::Unreachable, "the server cannot reach its index now: try again in a minute")
}

/// Returns chain, contracts, units, and how many members there are.
#[utoipa::path(get, path = "/v1/creator", responses((status = 200, body = Creator), (status = "5XX", body = shapes::Problem)))]
pub(super) async fn creator(State(shared): State<Arc<Shared>>, headers: HeaderMap) -> Result<Response, Problem> {
    let (identity, index) = (&shared.identity, &shared.index);
    let creator = Creator {
        genesis: format!("0x{}", hex::encode(identity.registry.genesis)),
        token: shown(&identity.token),
        vault: shown(&identity.vault),
        registry: shown(&identity.registry.registry),
        native: (&identity.native).into(),
        creator_token: (&identity.creator_token).into(),
        members: index.member_count().await?,
        as_of: index.as_of().await?,
    };
    json(&headers, Cache::Public, &creator)
}

/// Returns what is known of an account: membership, tokens, stake, tips.
#[utoipa::path(
    get,
    path = "/v1/accounts/{account}",
    params(("account" = String, Path, description = "SS58 address")),
    responses((status = 200, body = Account), (status = "4XX", body = shapes::Problem))
)]
pub(super) async fn account(
    State(shared): State<Arc<Shared>>,
    account: Result<Path<String>, PathRejection>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let account = shared.index.account(parse_account(&segment(account)?).map_err(malformed)?).await?;
    json(&headers, Cache::Public, &account)
}

/// Returns what an account did, or what was done for it, the newest first.
#[utoipa::path(
    get,
    path = "/v1/accounts/{account}/history",
    params(("account" = String, Path, description = "SS58 address"), HistoryQuery),
    responses((status = 200, body = HistoryPage), (status = "4XX", body = shapes::Problem))
)]
pub(super) async fn history(
    State(shared): State<Arc<Shared>>,
    account: Result<Path<String>, PathRejection>,
    page: Result<Query<HistoryQuery>, QueryRejection>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let account = parse_account(&segment(account)?).map_err(malformed)?;
    let HistoryQuery { limit, before } = query(page)?;
    let as_of = shared.index.as_of().await?;
    let part = shared.index.history(account, At { cursor: before, limit: page_size(limit)? }).await?;
    json(&headers, Cache::Public, &HistoryPage { items: part.items, next: part.next, as_of })
}

/// Returns who tips, holds or stakes most: `tippers`, `holders` or `stakers`.
#[utoipa::path(
    get,
    path = "/v1/top/{by}",
    params(("by" = String, Path, description = "tippers, holders or stakers"), TopQuery),
    responses((status = 200, body = RankedPage), (status = "4XX", body = shapes::Problem))
)]
pub(super) async fn top(
    State(shared): State<Arc<Shared>>,
    by: Result<Path<String>, PathRejection>,
    page: Result<Query<TopQuery>, QueryRejection>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let TopQuery { asset, limit, after } = query(page)?;
    let asset = asset.map(|asset| parse_account(&asset)).transpose().map_err(malformed)?;
    let ranking = match (segment(by)?.as_str(), asset) {
        ("tippers", asset) => Ranking::Tippers(asset),
        ("holders", None) => Ranking::Holders,
        ("stakers", None) => Ranking::Stakers,
        ("holders" | "stakers", Some(_)) => return Err(malformed("asset is for tippers only: leave it out")),
        _ => return Err(Problem::new(ProblemCode::NotFound, "there is only top/tippers, top/holders and top/stakers")),
    };
    let as_of = shared.index.as_of().await?;
    let part = shared.index.top(ranking, At { cursor: after, limit: page_size(limit)? }).await?;
    json(&headers, Cache::Public, &RankedPage { items: part.items, next: part.next, as_of })
}

/// Returns what came in and was claimed, by day, month or year.
#[utoipa::path(
    get,
    path = "/v1/income",
    params(IncomeQuery),
    responses((status = 200, body = Income), (status = "4XX", body = shapes::Problem))
)]
pub(super) async fn income(
    State(shared): State<Arc<Shared>>,
    asked: Result<Query<IncomeQuery>, QueryRejection>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let IncomeQuery { from, to, by } = query(asked)?;
    let period = match by.as_deref() {
        Some("day") => Period::Day,
        None | Some("month") => Period::Month,
        Some("year") => Period::Year,
        Some(_) => return Err(malformed("by must be day, month or year")),
    };
    let from = from.map_or(Ok(0), |day| start_of(&day, 0))?;
    // The last day is included.
    let to = to.map_or(Ok(i64::MAX), |day| start_of(&day, 1))?;
    let items = shared.index.income(from, to, period).await?;
    json(&headers, Cache::Public, &Income { items, as_of: shared.index.as_of().await? })
}

/// Returns members, for the owner.
#[utoipa::path(
    get,
    path = "/v1/members",
    params(MemberQuery),
    security(("owner" = [])),
    responses((status = 200, body = MemberPage), (status = "4XX", body = shapes::Problem))
)]
pub(super) async fn members(
    State(shared): State<Arc<Shared>>,
    asked: Result<Query<MemberQuery>, QueryRejection>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    require_owner(&shared, &headers).await?;
    let MemberQuery { tier, lapsed, before, sort, limit, after } = query(asked)?;
    let order = match sort.as_deref() {
        None | Some("until") => Order::Until,
        Some("since") => Order::Since,
        Some("paid") => Order::Paid,
        Some(_) => return Err(malformed("sort must be until, since or paid")),
    };
    let which = Which { tier, lapsed: lapsed.unwrap_or_default(), before, order };
    let as_of = shared.index.as_of().await?;
    let part = shared.index.members(which, At { cursor: after, limit: page_size(limit)? }).await?;
    json(&headers, Cache::Private, &MemberPage { items: part.items, next: part.next, as_of })
}

fn segment(segment: Result<Path<String>, PathRejection>) -> Result<String, Problem> {
    segment.map(|Path(text)| text).map_err(|error| malformed(error.body_text()))
}

/// The beginning of the day in `text`, such as `2026-01-31`, or of so many days later, in ms.
fn start_of(text: &str, later: u64) -> Result<i64, Problem> {
    let day = NaiveDate::parse_from_str(text, "%Y-%m-%d").ok().filter(|_| text.len() == 10);
    let start = day.and_then(|day| day.checked_add_days(Days::new(later))).and_then(|day| day.and_hms_opt(0, 0, 0));
    start
        .map(|start| start.and_utc().timestamp_millis())
        .ok_or_else(|| malformed(format!("{text:?} is not a day: write one like 2026-01-31")))
}
