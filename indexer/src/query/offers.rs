use patronage_chain::accounts::address;
use patronage_interfaces::AccountId;

use crate::{
    apply::{column, content_of, tier_of},
    model::{ContentRecord, TierRecord},
    stored::{integer, number},
    CreatorId, Index, IndexError,
};

impl Index {
    /// All tiers, by number. An owner pays a deposit for each, so there are few.
    ///
    /// # Errors
    ///
    /// If the database can't be used.
    pub async fn tiers(&self, creator: CreatorId) -> Result<Vec<TierRecord>, IndexError> {
        let query = sqlx::query("SELECT * FROM tiers WHERE creator = $1 ORDER BY tier").bind(creator.0);
        let found = query.fetch_all(&self.pool).await.map_err(|error| self.failed(&error))?;
        found.iter().map(tier_of).collect()
    }

    /// At most `limit` contents, the newest first, that are older than the content `before`.
    ///
    /// # Errors
    ///
    /// If the database can't be used.
    pub async fn contents(
        &self,
        creator: CreatorId,
        before: Option<u32>,
        limit: u32,
    ) -> Result<Vec<ContentRecord>, IndexError> {
        let query =
            sqlx::query("SELECT * FROM contents WHERE creator = $1 AND content < $2 ORDER BY content DESC LIMIT $3")
                .bind(creator.0)
                .bind(before.map_or(i64::MAX, integer))
                .bind(i64::from(limit));
        let found = query.fetch_all(&self.pool).await.map_err(|error| self.failed(&error))?;
        found.iter().map(content_of).collect()
    }

    /// Numbers of the contents that were bought for `account`.
    ///
    /// # Errors
    ///
    /// If the database can't be used.
    pub async fn purchases(&self, creator: CreatorId, account: &AccountId) -> Result<Vec<u32>, IndexError> {
        let query = sqlx::query("SELECT content FROM purchases WHERE creator = $1 AND account = $2 ORDER BY content")
            .bind(creator.0)
            .bind(address(account));
        let found = query.fetch_all(&self.pool).await.map_err(|error| self.failed(&error))?;
        found.iter().map(|row| number(column(row, "content")?)).collect()
    }
}
