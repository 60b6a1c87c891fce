//! Keeps notices and their deliveries in the database of the index, SQLite or PostgreSQL.

use std::time::Duration;

use sqlx::{
    any::{AnyPoolOptions, AnyRow},
    AnyPool, Row,
};

use super::Notice;
use crate::error::ServerError;

/// Version of the tables.
const SCHEMA: i32 = 1;
/// Key of PostgreSQL's lock under which tables are created.
const SCHEMA_LOCK: i64 = 0x7061_7472_6f6f;
const TABLES: [&str; 6] = [
    "CREATE TABLE IF NOT EXISTS notice_schema (version INTEGER PRIMARY KEY)",
    "CREATE TABLE IF NOT EXISTS notice (id TEXT PRIMARY KEY, creator TEXT NOT NULL, kind TEXT NOT NULL, \
     happened BIGINT NOT NULL, title TEXT NOT NULL, data TEXT NOT NULL)",
    "CREATE INDEX IF NOT EXISTS notice_newest ON notice (creator, happened, id)",
    "CREATE TABLE IF NOT EXISTS notice_delivery (notice TEXT NOT NULL, url TEXT NOT NULL, attempts BIGINT NOT NULL, \
     next_at BIGINT NOT NULL, status TEXT NOT NULL, error TEXT NOT NULL, PRIMARY KEY (notice, url))",
    "CREATE INDEX IF NOT EXISTS notice_delivery_due ON notice_delivery (status, url, next_at)",
    "CREATE TABLE IF NOT EXISTS notice_position (creator TEXT PRIMARY KEY, position BIGINT NOT NULL, since BIGINT NOT NULL)",
];
/// The maximum time until a connection to the database is free.
const PATIENCE: Duration = Duration::from_secs(10);

/// Notices and their deliveries. Clones share the connections.
#[derive(Debug, Clone)]
pub struct Store {
    pool: AnyPool,
}

/// Up to where notices of a creator were made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Position {
    /// Number of the newest event that was looked at.
    pub event: i64,
    /// Nothing that happened before this time, in ms, is announced.
    pub since: i64,
}

/// A notice that is to be sent to a receiver.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// The notice.
    pub notice: Notice,
    /// The receiver.
    pub url: String,
    /// Number of attempts so far.
    pub attempts: i64,
    /// When it is due, in ms.
    next_at: i64,
}

/// How a delivery ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// The receiver has taken it.
    Taken,
    /// The receiver wants no more.
    Gone,
    /// There were too many attempts.
    GivenUp,
}

impl End {
    fn name(self) -> &'static str {
        match self {
            Self::Taken => "taken",
            Self::Gone => "gone",
            Self::GivenUp => "given up",
        }
    }
}

/// Status of a delivery that has not ended.
const OPEN: &str = "open";

impl Store {
    /// Opens the database at `url`, and creates the tables that are missing.
    ///
    /// # Errors
    ///
    /// If the database does not answer, or has tables of a newer version.
    pub async fn open(url: &str) -> Result<Self, ServerError> {
        sqlx::any::install_default_drivers();
        let options = AnyPoolOptions::new().max_connections(4).acquire_timeout(PATIENCE);
        let store = Self { pool: options.connect(url).await.map_err(ServerError::Notices)? };
        match store.migrate(url.starts_with("postgres")).await.map_err(ServerError::Notices)? {
            newest if newest > SCHEMA => Err(ServerError::Newer { what: "--index", found: newest, known: SCHEMA }),
            _ => Ok(store),
        }
    }

    /// Creates the tables that are missing. Returns the newest version in the database.
    async fn migrate(&self, postgres: bool) -> Result<i32, sqlx::Error> {
        let mut transaction = self.pool.begin().await?;
        if postgres {
            // Several processes can start at once, and `IF NOT EXISTS` alone does not make them wait.
            sqlx::query("SELECT pg_advisory_xact_lock($1)").bind(SCHEMA_LOCK).execute(&mut *transaction).await?;
        }
        for table in TABLES {
            sqlx::query(table).execute(&mut *transaction).await?;
        }
        let insert = "INSERT INTO notice_schema (version) VALUES ($1) ON CONFLICT DO NOTHING";
        sqlx::query(insert).bind(SCHEMA).execute(&mut *transaction).await?;
        let newest = sqlx::query("SELECT max(version) FROM notice_schema").fetch_one(&mut *transaction).await?;
        transaction.commit().await?;
        // SQLite returns a number of 64 bits.
        newest
            .try_get::<i32, _>(0)
            .or_else(|_| newest.try_get::<i64, _>(0).map(|version| version.try_into().unwrap_or(i32::MAX)))
    }

    /// Returns up to where notices of `creator` were made; `None` before the first ones.
    ///
    /// # Errors
    ///
    /// If the database does not answer.
    pub async fn position(&self, creator: &str) -> Result<Option<Position>, sqlx::Error> {
        let select = sqlx::query("SELECT position, since FROM notice_position WHERE creator = $1").bind(creator);
        let row = select.fetch_optional(&self.pool).await?;
        row.map(|row| Ok(Position { event: row.try_get(0)?, since: row.try_get(1)? })).transpose()
    }

    /// Adds `notices` of `creator`, to be sent to the receivers at `urls` from `now` on, and moves the position to `position`.
    /// Notices that are there already, such as from another process, are left as they are.
    ///
    /// # Errors
    ///
    /// If the database does not answer. Then nothing has changed.
    pub async fn add(
        &self,
        creator: &str,
        notices: &[Notice],
        urls: &[String],
        position: Position,
        now: i64,
    ) -> Result<(), sqlx::Error> {
        let mut transaction = self.pool.begin().await?;
        // First a change, so that two transactions of SQLite do not wait for each other.
        let upsert = "INSERT INTO notice_position (creator, position, since) VALUES ($1, $2, $3) \
                      ON CONFLICT (creator) DO UPDATE SET position = excluded.position \
                      WHERE notice_position.position < excluded.position";
        let upsert = sqlx::query(upsert).bind(creator).bind(position.event).bind(position.since);
        upsert.execute(&mut *transaction).await?;
        for notice in notices {
            let insert =
                "INSERT INTO notice (id, creator, kind, happened, title, data) VALUES ($1, $2, $3, $4, $5, $6) \
                          ON CONFLICT DO NOTHING";
            let insert = sqlx::query(insert).bind(&notice.id).bind(creator).bind(notice.kind.name()).bind(notice.time);
            // PostgreSQL has no texts with a zero. JSON writes it as an escape.
            let insert = insert.bind(notice.title.replace('\0', "\u{fffd}")).bind(notice.data.to_string());
            if insert.execute(&mut *transaction).await?.rows_affected() == 0 {
                continue;
            }
            for url in urls {
                let insert = "INSERT INTO notice_delivery (notice, url, attempts, next_at, status, error) \
                              VALUES ($1, $2, 0, $3, $4, '') ON CONFLICT DO NOTHING";
                let insert = sqlx::query(insert).bind(&notice.id).bind(url).bind(now).bind(OPEN);
                insert.execute(&mut *transaction).await?;
            }
        }
        transaction.commit().await
    }

    /// Returns at most `most` notices of `creator`, the newest first.
    ///
    /// # Errors
    ///
    /// If the database does not answer.
    pub async fn newest(&self, creator: &str, most: i64) -> Result<Vec<Notice>, sqlx::Error> {
        let select = "SELECT id, kind, happened, title, data FROM notice WHERE creator = $1 \
                      ORDER BY happened DESC, id DESC LIMIT $2";
        let rows = sqlx::query(select).bind(creator).bind(most).fetch_all(&self.pool).await?;
        rows.iter().map(notice).collect()
    }

    /// Returns at most `most` deliveries to `url` that are due at `now`, in ms, the oldest first.
    ///
    /// # Errors
    ///
    /// If the database does not answer.
    pub async fn due(&self, url: &str, now: i64, most: i64) -> Result<Vec<Delivery>, sqlx::Error> {
        let select = "SELECT id, kind, happened, title, data, url, attempts, next_at FROM notice_delivery \
                      JOIN notice ON id = notice WHERE status = $1 AND url = $2 AND next_at <= $3 \
                      ORDER BY next_at, id LIMIT $4";
        let rows = sqlx::query(select).bind(OPEN).bind(url).bind(now).bind(most).fetch_all(&self.pool).await?;
        let delivery = |row: &AnyRow| {
            Ok(Delivery {
                notice: notice(row)?,
                url: row.try_get("url")?,
                attempts: row.try_get("attempts")?,
                next_at: row.try_get("next_at")?,
            })
        };
        rows.iter().map(delivery).collect()
    }

    /// Begins one more attempt of `delivery`. If it does not end, the next one is due at `next_at`. Returns whether this process
    /// may make the attempt: another one may have begun it.
    ///
    /// # Errors
    ///
    /// If the database does not answer.
    pub async fn begin(&self, delivery: &mut Delivery, next_at: i64) -> Result<bool, sqlx::Error> {
        let update = "UPDATE notice_delivery SET attempts = attempts + 1, next_at = $1 \
                      WHERE notice = $2 AND url = $3 AND next_at = $4 AND attempts = $5 AND status = $6";
        let update = sqlx::query(update).bind(next_at).bind(&delivery.notice.id).bind(&delivery.url);
        let update = update.bind(delivery.next_at).bind(delivery.attempts).bind(OPEN);
        let begun = update.execute(&self.pool).await?.rows_affected() == 1;
        if begun {
            (delivery.attempts, delivery.next_at) = (delivery.attempts.saturating_add(1), next_at);
        }
        Ok(begun)
    }

    /// Ends `delivery`.
    ///
    /// # Errors
    ///
    /// If the database does not answer. Then it is sent again.
    pub async fn end(&self, delivery: &Delivery, end: End) -> Result<(), sqlx::Error> {
        let update = sqlx::query("UPDATE notice_delivery SET status = $1 WHERE notice = $2 AND url = $3");
        update.bind(end.name()).bind(&delivery.notice.id).bind(&delivery.url).execute(&self.pool).await.map(drop)
    }

    /// Records why an attempt of `delivery` failed, and that the next one is due at `next_at`.
    ///
    /// # Errors
    ///
    /// If the database does not answer.
    pub async fn failed(&self, delivery: &Delivery, why: &str, next_at: i64) -> Result<(), sqlx::Error> {
        let update =
            "UPDATE notice_delivery SET error = $1, next_at = $2 WHERE notice = $3 AND url = $4 AND status = $5";
        let update = sqlx::query(update).bind(why.replace('\0', "\u{fffd}")).bind(next_at).bind(&delivery.notice.id);
        update.bind(&delivery.url).bind(OPEN).execute(&self.pool).await.map(drop)
    }
}

fn notice(row: &AnyRow) -> Result<Notice, sqlx::Error> {
    let kind: String = row.try_get("kind")?;
    let data: String = row.try_get("data")?;
    let damaged = |error: serde_json::Error| sqlx::Error::Decode(Box::new(error));
    Ok(Notice {
        id: row.try_get("id")?,
        kind: serde_json::from_value(kind.into()).map_err(damaged)?,
        time: row.try_get("happened")?,
        title: row.try_get("title")?,
        data: serde_json::from_str(&data).map_err(damaged)?,
    })
}
