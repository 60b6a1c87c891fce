use patronage_chain::accounts::address;
use patronage_interfaces::{vault::Asset, AccountId};
use sqlx::any::AnyRow;

use super::{rows, Page};
use crate::{
    apply::column,
    model::{Ranked, StakeRecord},
    sql::Sql,
    stored::{account_of, amount_of, amount_text, asset_text, number},
    CreatorId, Index, IndexError,
};

/// Where a page of ranks ends.
pub type RankKey = (u128, AccountId);

impl Index {
    /// Who has tipped most in `asset`, the largest first.
    ///
    /// # Errors
    ///
    /// If the database can't be used.
    pub async fn top_tippers(
        &self,
        creator: CreatorId,
        asset: &Asset,
        after: Option<RankKey>,
        limit: u32,
    ) -> Result<Page<Ranked, RankKey>, IndexError> {
        self.ranked(tippers_query("", creator, asset, after, limit), limit).await
    }

    /// Who holds most tokens, the largest first, without the contract at `vault`, which holds the staked tokens.
    ///
    /// # Errors
    ///
    /// If the database can't be used.
    pub async fn top_holders(
        &self,
        creator: CreatorId,
        vault: &AccountId,
        after: Option<RankKey>,
        limit: u32,
    ) -> Result<Page<Ranked, RankKey>, IndexError> {
        let mut query = Sql::new("SELECT account, balance AS amount FROM holders WHERE creator = ");
        query.push_bind(creator.0).push(" AND account <> ").push_bind(address(vault));
        query.push(" AND balance > ").push_bind(amount_text(0));
        self.ranked(ranked_query(query, "balance", after, limit), limit).await
    }

    /// Who has staked most, the largest first.
    ///
    /// # Errors
    ///
    /// If the database can't be used.
    pub async fn top_stakers(
        &self,
        creator: CreatorId,
        after: Option<RankKey>,
        limit: u32,
    ) -> Result<Page<Ranked, RankKey>, IndexError> {
        let mut query = Sql::new("SELECT account, staked AS amount FROM stakes WHERE creator = ");
        query.push_bind(creator.0).push(" AND staked > ").push_bind(amount_text(0));
        self.ranked(ranked_query(query, "staked", after, limit), limit).await
    }

    /// Tokens of `account` in smallest units.
    ///
    /// # Errors
    ///
    /// If the database can't be used.
    pub async fn balance(&self, creator: CreatorId, account: &AccountId) -> Result<u128, IndexError> {
        let mut query = Sql::new("SELECT balance FROM holders WHERE creator = ");
        query.push_bind(creator.0).push(" AND account = ").push_bind(address(account));
        let found = query.fetch_optional(&self.pool).await.map_err(|error| self.failed(&error))?;
        found.map_or(Ok(0), |row| amount_of(column(&row, "balance")?))
    }

    /// The stake of `account`. `None` if it has never staked.
    ///
    /// # Errors
    ///
    /// If the database can't be used.
    pub async fn stake(&self, creator: CreatorId, account: &AccountId) -> Result<Option<StakeRecord>, IndexError> {
        let mut query = Sql::new("SELECT * FROM stakes WHERE creator = ");
        query.push_bind(creator.0).push(" AND account = ").push_bind(address(account));
        let found = query.fetch_optional(&self.pool).await.map_err(|error| self.failed(&error))?;
        let stake = |row: AnyRow| {
            Ok(StakeRecord {
                staked: amount_of(column(&row, "staked")?)?,
                unstaking: amount_of(column(&row, "unstaking")?)?,
                ready: number(column(&row, "ready")?)?,
            })
        };
        found.map(stake).transpose()
    }

    async fn ranked(&self, query: Sql, limit: u32) -> Result<Page<Ranked, RankKey>, IndexError> {
        let found = query.fetch_all(&self.pool).await.map_err(|error| self.failed(&error))?;
        let ranked = found.iter().map(|row| {
            Ok(Ranked {
                account: account_of(column(row, "account")?)?,
                amount: amount_of(column(row, "amount")?)?,
                // Only tips are counted.
                count: column::<i64>(row, "tips").map_or(Ok(1), number)?,
            })
        });
        Ok(Page::of(ranked.collect::<Result<Vec<_>, IndexError>>()?, limit, |one| (one.amount, one.account)))
    }
}

/// Adds the place after `after` and the order by the column `name`.
fn ranked_query(mut query: Sql, name: &str, after: Option<RankKey>, limit: u32) -> Sql {
    if let Some((amount, account)) = after {
        query.push(format!(" AND ({name}, account) < (")).push_bind(amount_text(amount));
        query.push(", ").push_bind(address(&account)).push(")");
    }
    query.push(format!(" ORDER BY {name} DESC, account DESC LIMIT ")).push_bind(rows(limit));
    query
}

/// The query of [`Index::top_tippers`], after `prefix`.
pub(super) fn tippers_query(
    prefix: &str,
    creator: CreatorId,
    asset: &Asset,
    after: Option<RankKey>,
    limit: u32,
) -> Sql {
    let select = format!("{prefix}SELECT account, total AS amount, tips FROM tippers WHERE creator = ");
    let mut query = Sql::new(select);
    query.push_bind(creator.0).push(" AND asset = ").push_bind(asset_text(asset));
    ranked_query(query, "total", after, limit)
}
