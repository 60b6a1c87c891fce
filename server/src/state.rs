//! The state that several processes of one gateway share, in PostgreSQL.
//!
//! A challenge is used by inserting its nonce, which is a primary key. So of all processes, exactly one uses it, and a process
//! that is killed at any time loses at most its own answer.

use std::{
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use chrono::{DateTime, Utc};
use patronage_gateway::{
    challenge::Nonce,
    state::{ChallengeKey, Mark, State, StateFuture, StateUnreachable},
};
use sqlx::{
    postgres::{PgConnectOptions, PgPool, PgPoolOptions},
    Row,
};

use crate::error::ServerError;

/// The maximum time until a connection to the database is free.
const PATIENCE: Duration = Duration::from_secs(3);
/// After a failure, rates are not shared for so long, so that requests do not wait for a database that is away.
const PAUSE: Duration = Duration::from_secs(2);
/// Key of the lock under which tables are created.
const SCHEMA_LOCK: i64 = 0x7061_7472_6f6e;
/// Version of the tables.
const SCHEMA: i32 = 1;
const TABLES: [&str; 5] = [
    "CREATE TABLE IF NOT EXISTS gateway_schema (version INTEGER PRIMARY KEY)",
    "CREATE TABLE IF NOT EXISTS gateway_key (id INTEGER PRIMARY KEY CHECK (id = 1), key BYTEA NOT NULL)",
    "CREATE TABLE IF NOT EXISTS gateway_used_challenge (nonce BYTEA PRIMARY KEY, expires BIGINT NOT NULL)",
    "CREATE INDEX IF NOT EXISTS gateway_used_challenge_expires ON gateway_used_challenge (expires)",
    // A crash of the database empties it, which does no harm.
    "CREATE UNLOGGED TABLE IF NOT EXISTS gateway_rate (caller TEXT PRIMARY KEY, idle_at BIGINT NOT NULL)",
];
/// Time of the database in ms.
macro_rules! now {
    () => {
        "(extract(epoch FROM clock_timestamp()) * 1000)::bigint"
    };
}
/// Moves the time at which a caller counts as idle on by $2 ms, unless it would be more than $3 ms ahead.
const PERMITS: &str = concat!(
    "INSERT INTO gateway_rate AS rate (caller, idle_at) VALUES ($1, ",
    now!(),
    " + $2) ",
    "ON CONFLICT (caller) DO UPDATE SET idle_at = greatest(rate.idle_at, ",
    now!(),
    ") + $2 ",
    "WHERE greatest(rate.idle_at, ",
    now!(),
    ") + $2 <= ",
    now!(),
    " + $3"
);
const FORGET: [&str; 2] = [
    // Kept for ten minutes longer, which is more than the clocks of two machines differ.
    concat!("DELETE FROM gateway_used_challenge WHERE expires < ", now!(), " - 600000"),
    concat!("DELETE FROM gateway_rate WHERE idle_at < ", now!()),
];

/// The state of a gateway in a PostgreSQL database.
pub struct PostgresState {
    pool: PgPool,
    /// Time between two requests of a caller, in ms.
    interval: i64,
    /// How far a caller may be ahead of that, in ms.
    ahead: i64,
    failed: Mutex<Option<Instant>>,
}

impl PostgresState {
    /// Connects to the database at `url`, and creates the tables that are missing. A caller may send `per_second` requests, and
    /// `burst` at once, over all processes.
    ///
    /// # Errors
    ///
    /// If the database does not answer, or has tables of a newer version.
    pub async fn connect(url: &str, per_second: u32, burst: u32) -> Result<Self, ServerError> {
        let wrong = |error| ServerError::Url { what: "--state", error };
        if !url.starts_with("postgres://") && !url.starts_with("postgresql://") {
            return Err(wrong(sqlx::Error::Configuration("write postgres://USER:PASSWORD@HOST/DATABASE".into())));
        }
        let options: PgConnectOptions = url.parse().map_err(wrong)?;
        let pool = PgPoolOptions::new()
            .max_connections(16)
            .acquire_timeout(PATIENCE)
            .connect_with(options)
            .await
            .map_err(ServerError::State)?;
        migrate(&pool).await?;
        let interval = 1000_i64.checked_div(per_second.into()).unwrap_or(1000).max(1);
        let ahead = interval.saturating_mul(burst.into());
        Ok(Self { pool, interval, ahead, failed: Mutex::default() })
    }

    /// Number of used challenges that are remembered.
    ///
    /// # Errors
    ///
    /// If the database does not answer.
    pub async fn used(&self) -> Result<i64, ServerError> {
        let row = sqlx::query("SELECT count(*) FROM gateway_used_challenge").fetch_one(&self.pool).await;
        row.and_then(|row| row.try_get(0)).map_err(ServerError::State)
    }
}

/// Creates the tables that are missing.
async fn migrate(pool: &PgPool) -> Result<(), ServerError> {
    let mut transaction = pool.begin().await.map_err(ServerError::State)?;
    // Several processes can start at once, and `IF NOT EXISTS` alone does not make them wait.
    let lock = sqlx::query("SELECT pg_advisory_xact_lock($1)").bind(SCHEMA_LOCK);
    lock.execute(&mut *transaction).await.map_err(ServerError::State)?;
    for table in TABLES {
        sqlx::query(table).execute(&mut *transaction).await.map_err(ServerError::State)?;
    }
    let newest = sqlx::query("SELECT coalesce(max(version), 0) FROM gateway_schema").fetch_one(&mut *transaction).await;
    let newest: i32 = newest.and_then(|row| row.try_get(0)).map_err(ServerError::State)?;
    if newest > SCHEMA {
        return Err(ServerError::Newer { what: "--state", found: newest, known: SCHEMA });
    }
    let insert = sqlx::query("INSERT INTO gateway_schema (version) VALUES ($1) ON CONFLICT DO NOTHING").bind(SCHEMA);
    insert.execute(&mut *transaction).await.map_err(ServerError::State)?;
    transaction.commit().await.map_err(ServerError::State)
}

fn unreachable(error: sqlx::Error) -> StateUnreachable {
    StateUnreachable(error.to_string())
}

impl State for PostgresState {
    fn challenge_key(&self) -> StateFuture<'_, ChallengeKey> {
        Box::pin(async {
            let key = ChallengeKey::generate().map_err(|error| StateUnreachable(error.to_string()))?;
            let insert = sqlx::query("INSERT INTO gateway_key (id, key) VALUES (1, $1) ON CONFLICT DO NOTHING");
            insert.bind(key.bytes().as_slice()).execute(&self.pool).await.map_err(unreachable)?;
            let row = sqlx::query("SELECT key FROM gateway_key").fetch_one(&self.pool).await.map_err(unreachable)?;
            let bytes: Vec<u8> = row.try_get(0).map_err(unreachable)?;
            let bytes =
                bytes.try_into().map_err(|_| StateUnreachable("the key of challenges is damaged".to_owned()))?;
            Ok(ChallengeKey::new(bytes))
        })
    }

    fn look(&self, nonce: Nonce, _: DateTime<Utc>, _: DateTime<Utc>) -> StateFuture<'_, Mark> {
        Box::pin(async move {
            let found = sqlx::query("SELECT 1 FROM gateway_used_challenge WHERE nonce = $1").bind(nonce.as_slice());
            let found = found.fetch_optional(&self.pool).await.map_err(unreachable)?;
            Ok(if found.is_some() { Mark::Used } else { Mark::Fresh })
        })
    }

    fn mark(&self, nonce: Nonce, expires: DateTime<Utc>, _: DateTime<Utc>) -> StateFuture<'_, Mark> {
        Box::pin(async move {
            let insert = "INSERT INTO gateway_used_challenge (nonce, expires) VALUES ($1, $2) ON CONFLICT DO NOTHING";
            let insert = sqlx::query(insert).bind(nonce.as_slice()).bind(expires.timestamp_millis());
            let inserted = insert.execute(&self.pool).await.map_err(unreachable)?.rows_affected();
            Ok(if inserted == 1 { Mark::Fresh } else { Mark::Used })
        })
    }

    fn permits<'a>(&'a self, caller: &'a str) -> StateFuture<'a, bool> {
        let failed = || self.failed.lock().unwrap_or_else(PoisonError::into_inner);
        if failed().is_some_and(|at| at.elapsed() < PAUSE) {
            return Box::pin(async { Err(StateUnreachable("it has just failed".to_owned())) });
        }
        Box::pin(async move {
            let insert = sqlx::query(PERMITS).bind(caller).bind(self.interval);
            match insert.bind(self.ahead).execute(&self.pool).await {
                Ok(done) => Ok(done.rows_affected() == 1),
                Err(error) => {
                    *failed() = Some(Instant::now());
                    Err(unreachable(error))
                }
            }
        })
    }

    fn forget(&self) -> StateFuture<'_, ()> {
        Box::pin(async {
            for statement in FORGET {
                sqlx::query(statement).execute(&self.pool).await.map_err(unreachable)?;
            }
            Ok(())
        })
    }
}
