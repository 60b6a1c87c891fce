use patronage_interfaces::vault::Asset;
use sqlx::Row;

use super::{
    entries::{entries_query, EntryFilter},
    members::{members_query, MemberFilter, MemberKey},
    ranks::{tippers_query, RankKey},
};
use crate::{model::Place, sql::Sql, CreatorId, Index, IndexError};

/// A question whose plan can be asked for, with the key of the page before.
#[derive(Debug, Clone)]
pub enum Question {
    /// [`Index::entries`].
    Entries(EntryFilter, Option<Place>),
    /// [`Index::members`].
    Members(MemberFilter, Option<MemberKey>),
    /// [`Index::top_tippers`].
    Tippers(Asset, Option<RankKey>),
}

impl Index {
    /// How the database finds a page of at most `limit` items, in its own words. PostgreSQL reads small tables as a whole, so it is asked for
    /// the plan that it has for large ones.
    ///
    /// # Errors
    ///
    /// If the database can't be used.
    pub async fn explain(&self, creator: CreatorId, question: &Question, limit: u32) -> Result<String, IndexError> {
        let is_file = self.name.starts_with("sqlite:");
        let prefix = if is_file { "EXPLAIN QUERY PLAN " } else { "EXPLAIN " };
        let failed = |error: sqlx::Error| self.failed(&error);
        let query: Sql = match question {
            Question::Entries(filter, after) => entries_query(prefix, creator, filter, *after, limit),
            Question::Members(filter, after) => members_query(prefix, creator, filter, *after, limit),
            Question::Tippers(asset, after) => tippers_query(prefix, creator, asset, *after, limit),
        };
        let mut transaction = self.pool.begin().await.map_err(failed)?;
        if !is_file {
            for setting in ["seqscan", "bitmapscan", "sort", "hashjoin", "mergejoin"] {
                let set = format!("SET LOCAL enable_{setting} = off");
                sqlx::query(&set).execute(&mut *transaction).await.map_err(failed)?;
            }
        }
        let found = query.fetch_all(&mut *transaction).await.map_err(failed)?;
        // SQLite's plan is in the fourth column.
        let column = if is_file { 3 } else { 0 };
        let lines = found.iter().map(|row| row.try_get::<String, _>(column));
        Ok(lines.collect::<Result<Vec<_>, _>>().map_err(failed)?.join("\n"))
    }

    /// Runs one statement of SQL, for maintenance.
    ///
    /// # Errors
    ///
    /// If the database can't be used, or refuses the statement.
    pub async fn execute(&self, statement: &str) -> Result<(), IndexError> {
        sqlx::query(statement).fetch_all(&self.pool).await.map_err(|error| self.failed(&error))?;
        Ok(())
    }
}
