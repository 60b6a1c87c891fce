use patronage_chain::accounts::address;
use patronage_interfaces::{AccountId, Timestamp};
use sqlx::any::AnyRow;

use super::{rows, Page};
use crate::{
    apply::column,
    model::{Entry, Kind, Place},
    sql::Sql,
    stored::{account_of, amount_of, asset_of, integer, number},
    CreatorId, Index, IndexError,
};

/// Which entries are wanted.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct EntryFilter {
    /// Only entries that concern this account.
    pub account: Option<AccountId>,
    /// Only entries of a statement.
    pub money: bool,
    /// Only entries of this kind.
    pub kind: Option<Kind>,
    /// Only entries from this time on.
    pub from: Option<Timestamp>,
    /// Only entries before this time.
    pub to: Option<Timestamp>,
    /// The newest entry comes first.
    pub newest_first: bool,
}

impl Index {
    /// A page of at most `limit` entries, after the place `after` of the page before.
    ///
    /// # Errors
    ///
    /// If the database can't be used.
    pub async fn entries(
        &self,
        creator: CreatorId,
        filter: &EntryFilter,
        after: Option<Place>,
        limit: u32,
    ) -> Result<Page<Entry, Place>, IndexError> {
        let query = entries_query("", creator, filter, after, limit);
        let found = query.fetch_all(&self.pool).await.map_err(|error| self.failed(&error))?;
        let entries = found.iter().map(entry_of).collect::<Result<Vec<_>, IndexError>>()?;
        Ok(Page::of(entries, limit, |entry| entry.place))
    }
}

/// The query of [`Index::entries`], after `prefix`.
pub(super) fn entries_query(
    prefix: &str,
    creator: CreatorId,
    filter: &EntryFilter,
    after: Option<Place>,
    limit: u32,
) -> Sql {
    let mut query = Sql::new(format!("{prefix}SELECT events.* FROM "));
    // The table whose index gives the order.
    let ordered = match &filter.account {
        Some(account) => {
            query.push(
                    "event_accounts JOIN events ON events.creator = event_accounts.creator AND events.block = event_accounts.block AND \
                     events.position = event_accounts.position WHERE event_accounts.creator = ",
                );
            query.push_bind(creator.0).push(" AND event_accounts.account = ").push_bind(address(account));
            "event_accounts"
        }
        None => {
            query.push("events WHERE events.creator = ").push_bind(creator.0);
            "events"
        }
    };
    if filter.money {
        query.push(" AND money = 1");
    }
    if let Some(kind) = filter.kind {
        query.push(" AND kind = ").push_bind(kind.name());
    }
    if let Some(from) = filter.from {
        query.push(" AND time >= ").push_bind(integer(from));
    }
    if let Some(to) = filter.to {
        query.push(" AND time < ").push_bind(integer(to));
    }
    let (comparison, direction) = if filter.newest_first { ("<", "DESC") } else { (">", "ASC") };
    if let Some(Place { block, position }) = after {
        query.push(format!(" AND ({ordered}.block, {ordered}.position) {comparison} ("));
        query.push_bind(integer(block)).push(", ").push_bind(integer(position)).push(")");
    }
    // Times rise with blocks, so that the index by time gives the same order.
    let time = if filter.money && filter.account.is_none() { "time @, " } else { "" }.replace('@', direction);
    query.push(format!(" ORDER BY {time}{ordered}.block {direction}, {ordered}.position {direction} LIMIT "));
    query.push_bind(rows(limit));
    query
}

fn entry_of(row: &AnyRow) -> Result<Entry, IndexError> {
    let amount = |name| column::<Option<&str>>(row, name)?.map(amount_of).transpose();
    let short = |name| column::<Option<i64>>(row, name)?.map(number).transpose();
    let kind: &str = column(row, "kind")?;
    let (other, asset): (Option<&str>, Option<&str>) = (column(row, "other")?, column(row, "asset")?);
    Ok(Entry {
        place: Place { block: number(column(row, "block")?)?, position: number(column(row, "position")?)? },
        time: number(column(row, "time")?)?,
        kind: Kind::named(kind).ok_or_else(|| IndexError::Damaged(format!("\"{kind}\" is no kind of event")))?,
        account: account_of(column(row, "account")?)?,
        other: other.map(account_of).transpose()?,
        asset: asset.map(asset_of).transpose()?,
        amount: amount("amount")?,
        fee: amount("fee")?,
        tokens: amount("tokens")?,
        tier: short("tier")?,
        content: short("content")?,
        note: column(row, "note")?,
        until: column::<Option<i64>>(row, "until_time")?.map(number).transpose()?,
    })
}
