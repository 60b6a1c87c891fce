use patronage_chain::accounts::address;
use patronage_interfaces::{vault::Asset, AccountId, Timestamp};
use sqlx::any::AnyRow;

use super::{rows, Page};
use crate::{
    apply::{column, subscription_of},
    model::Member,
    sql::Sql,
    stored::{account_of, amount_of, amount_text, asset_of, integer, number},
    CreatorId, Index, IndexError,
};

/// The order of a list of members.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum MemberOrder {
    /// The first to end comes first.
    #[default]
    End,
    /// Who has been a member longest comes first.
    Since,
    /// Who has paid most for the current subscription comes first.
    Paid,
}

/// Which members are wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MemberFilter {
    /// The time for which the list is made: who runs, and what is refundable.
    pub now: Timestamp,
    /// Only members of this tier.
    pub tier: Option<u32>,
    /// Only members whose time runs out before this time.
    pub expiring_before: Option<Timestamp>,
    /// Former members in place of members.
    pub lapsed: bool,
    /// The order.
    pub order: MemberOrder,
}

impl MemberFilter {
    /// All members at `now`.
    pub fn all(now: Timestamp) -> Self {
        Self { now, tier: None, expiring_before: None, lapsed: false, order: MemberOrder::default() }
    }
}

/// Where a page of members ends: the value that they are sorted by, and the fan.
pub type MemberKey = (u128, AccountId);

/// The columns of a member, with the period and the asset of the tier.
const COLUMNS: &str =
    "SELECT members.*, tiers.period AS tier_period, tiers.asset AS tier_asset FROM members JOIN tiers ON \
                       tiers.creator = members.creator AND tiers.tier = members.tier WHERE members.creator = ";

impl Index {
    /// A page of at most `limit` members, after the key `after` of the page before.
    ///
    /// # Errors
    ///
    /// If the database can't be used.
    pub async fn members(
        &self,
        creator: CreatorId,
        filter: &MemberFilter,
        after: Option<MemberKey>,
        limit: u32,
    ) -> Result<Page<Member, MemberKey>, IndexError> {
        let query = members_query("", creator, filter, after, limit);
        let found = query.fetch_all(&self.pool).await.map_err(|error| self.failed(&error))?;
        let members: Vec<Member> =
            found.iter().map(|row| member_of(row, filter.now)).collect::<Result<_, IndexError>>()?;
        Ok(Page::of(members, limit, |member| {
            let stream = &member.subscription.stream;
            let value = match filter.order {
                MemberOrder::End => stream.end.into(),
                MemberOrder::Since => member.subscription.since.into(),
                MemberOrder::Paid => stream.paid,
            };
            (value, member.fan)
        }))
    }

    /// The last subscription of `fan`, as of `now`. `None` if there was none.
    ///
    /// # Errors
    ///
    /// If the database can't be used.
    pub async fn member(
        &self,
        creator: CreatorId,
        fan: &AccountId,
        now: Timestamp,
    ) -> Result<Option<Member>, IndexError> {
        let mut query = Sql::new(COLUMNS);
        query.push_bind(creator.0).push(" AND members.fan = ").push_bind(address(fan));
        let found = query.fetch_optional(&self.pool).await.map_err(|error| self.failed(&error))?;
        found.as_ref().map(|row| member_of(row, now)).transpose()
    }
}

/// The query of [`Index::members`], after `prefix`.
pub(super) fn members_query(
    prefix: &str,
    creator: CreatorId,
    filter: &MemberFilter,
    after: Option<MemberKey>,
    limit: u32,
) -> Sql {
    let mut query = Sql::new(format!("{prefix}{COLUMNS}"));
    query.push_bind(creator.0);
    if let Some(tier) = filter.tier {
        query.push(" AND members.tier = ").push_bind(integer(tier));
    }
    query.push(if filter.lapsed { " AND until_time <= " } else { " AND until_time > " });
    query.push_bind(integer(filter.now));
    if let Some(before) = filter.expiring_before {
        query.push(" AND until_time < ").push_bind(integer(before));
    }
    // The largest payment comes first, and the earliest time.
    let (name, comparison, direction) = match filter.order {
        MemberOrder::End => ("until_time", ">", "ASC"),
        MemberOrder::Since => ("since", ">", "ASC"),
        MemberOrder::Paid => ("paid", "<", "DESC"),
    };
    if let Some((value, fan)) = after {
        query.push(format!(" AND (members.{name}, members.fan) {comparison} ("));
        match filter.order {
            MemberOrder::Paid => query.push_bind(amount_text(value)),
            _ => query.push_bind(integer(u64::try_from(value).unwrap_or(u64::MAX))),
        };
        query.push(", ").push_bind(address(&fan)).push(")");
    }
    query.push(format!(" ORDER BY members.{name} {direction}, members.fan {direction} LIMIT ")).push_bind(rows(limit));
    query
}

fn member_of(row: &AnyRow, now: Timestamp) -> Result<Member, IndexError> {
    let subscription = subscription_of(row)?;
    let period = number(column(row, "tier_period")?)?;
    let asset: Asset = asset_of(column(row, "tier_asset")?)?;
    let refund: Option<&str> = column(row, "refund")?;
    let ended: Option<String> = column(row, "ended")?;
    let refundable = match ended {
        Some(_) => 0,
        None => subscription.stream.refund(period, now),
    };
    Ok(Member {
        fan: account_of(column(row, "fan")?)?,
        subscription,
        payer: account_of(column(row, "payer")?)?,
        ended,
        refunded: refund.map(amount_of).transpose()?,
        asset,
        refundable,
    })
}
