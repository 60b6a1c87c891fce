use patronage_chain::accounts::address;
use patronage_interfaces::{vault::Asset, AccountId, Timestamp};

use crate::{
    apply::column,
    stored::{amount_of, asset_of, integer, number},
    CreatorId, Index, IndexError,
};

impl Index {
    /// Number of members at `now`.
    ///
    /// # Errors
    ///
    /// If the database can't be used.
    pub async fn member_count(&self, creator: CreatorId, now: Timestamp) -> Result<u64, IndexError> {
        let query = sqlx::query("SELECT COUNT(*) AS running FROM members WHERE creator = $1 AND until_time > $2")
            .bind(creator.0)
            .bind(integer(now));
        let row = query.fetch_one(&self.pool).await.map_err(|error| self.failed(&error))?;
        number(column(&row, "running")?)
    }

    /// What `account` has tipped, by asset.
    ///
    /// # Errors
    ///
    /// If the database can't be used.
    pub async fn tips_of(&self, creator: CreatorId, account: &AccountId) -> Result<Vec<(Asset, u128)>, IndexError> {
        let query = sqlx::query("SELECT asset, total FROM tippers WHERE creator = $1 AND account = $2 ORDER BY asset")
            .bind(creator.0)
            .bind(address(account));
        let found = query.fetch_all(&self.pool).await.map_err(|error| self.failed(&error))?;
        found.iter().map(|row| Ok((asset_of(column(row, "asset")?)?, amount_of(column(row, "total")?)?))).collect()
    }
}
