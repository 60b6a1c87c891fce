use std::{borrow::Cow, path::Path, sync::Once, time::Duration};

use patronage::contracts::Contracts;
use patronage_chain::{accounts::address, hexadecimal};
use sqlx::{
    any::{install_default_drivers, AnyPoolOptions},
    migrate::{MigrateError, Migration, MigrationType, Migrator},
    AnyPool, Row,
};

use crate::{
    stored::{integer, number},
    IndexError,
};

static DRIVERS: Once = Once::new();

/// Maximum time to wait for a connection.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// Maximum number of connections to a server.
const CONNECTIONS: u32 = 8;

/// A database with the history of creators. Clones share its connections.
#[derive(Debug, Clone)]
pub struct Index {
    pub(crate) pool: AnyPool,
    pub(crate) name: String,
}

/// Number of a creator in an index.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CreatorId(pub(crate) i64);

/// How far a creator is indexed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cursor {
    /// Number of the last indexed block.
    pub block: u32,
    /// Its hash, as 0x and hexadecimal digits. Empty before the first block.
    pub hash: String,
}

/// The versions of the tables, oldest first.
fn migrator() -> Migrator {
    let tables = include_str!("../migrations/0001_tables.sql");
    let migrations = vec![Migration::new(1, "tables".into(), MigrationType::Simple, tables.into(), false)];
    Migrator { migrations: Cow::Owned(migrations), ..Migrator::DEFAULT }
}

/// The URL of the SQLite database in the file at `path`.
pub fn sqlite_url(path: &Path) -> String {
    let mut url = "sqlite://".to_owned();
    for character in path.to_string_lossy().chars() {
        match character {
            '%' => url.push_str("%25"),
            '?' => url.push_str("%3f"),
            '#' => url.push_str("%23"),
            other => url.push(other),
        }
    }
    url
}

/// `url` of a database without the password, for people. The name of a file is shown as it is.
pub fn without_password(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://").filter(|(scheme, _)| *scheme != "sqlite") else {
        return url.to_owned();
    };
    // The last @, as a password that was not escaped may have one, or a slash.
    match rest.rsplit_once('@') {
        Some((user, host)) => format!("{scheme}://{}@{host}", user.split(':').next().unwrap_or_default()),
        None => url.to_owned(),
    }
}

impl Index {
    /// Opens the database at `url`, and makes its tables if they are missing. `url` is `sqlite://FILE`, whose file is made if it is missing
    /// ([`sqlite_url`]), or `postgres://USER:PASSWORD@HOST/DATABASE`.
    ///
    /// # Errors
    ///
    /// If the database can't be opened, or has tables of a newer version.
    pub async fn open(url: &str) -> Result<Self, IndexError> {
        DRIVERS.call_once(install_default_drivers);
        let name = without_password(url);
        let is_file = url.starts_with("sqlite:");
        if !is_file && !url.starts_with("postgres://") && !url.starts_with("postgresql://") {
            return Err(IndexError::Database(format!(
                "{name} is no index: name a file as sqlite://FILE, or a server as postgres://USER:PASSWORD@HOST/DATABASE"
            )));
        }
        let url = match is_file && !url.contains('?') {
            true => format!("{url}?mode=rwc"),
            false => url.to_owned(),
        };
        // SQLite has one writer, and an index in memory one connection.
        let connections = if is_file { 1 } else { CONNECTIONS };
        let options = AnyPoolOptions::new().max_connections(connections).acquire_timeout(CONNECT_TIMEOUT);
        let failed = |error: sqlx::Error| IndexError::of(&name, &error);
        let pool = options.connect(&url).await.map_err(failed)?;
        if is_file {
            // Safe against a loss of power, and one write of the disk for a batch.
            for pragma in ["PRAGMA journal_mode = WAL", "PRAGMA synchronous = NORMAL"] {
                sqlx::query(pragma).fetch_optional(&pool).await.map_err(failed)?;
            }
        }
        migrator().run(&pool).await.map_err(|error| match error {
            MigrateError::VersionMissing(_) | MigrateError::VersionTooNew(..) | MigrateError::VersionMismatch(_) => {
                IndexError::Newer(name.clone())
            }
            MigrateError::Execute(error) => IndexError::of(&name, &error),
            MigrateError::ExecuteMigration(error, _) => IndexError::of(&name, &error),
            error => IndexError::Database(format!("the database {name} can't be used: {error}")),
        })?;
        Ok(Self { pool, name })
    }

    /// The creator with these contracts on the chain with this genesis hash, whose history begins after `from_block`. Adds the creator if the
    /// index does not know it.
    ///
    /// # Errors
    ///
    /// If the database can't be used.
    pub async fn creator(
        &self,
        genesis: &[u8; 32],
        contracts: &Contracts,
        from_block: u32,
    ) -> Result<CreatorId, IndexError> {
        let failed = |error: sqlx::Error| self.failed(&error);
        let Contracts { token, vault, registry } = contracts;
        let keys = [hexadecimal(genesis), address(token), address(vault), address(registry)];
        // Another process may add a creator at the same time, and take the same number.
        for _ in 0..10 {
            let mut found = sqlx::query(
                "SELECT id FROM creators WHERE genesis = $1 AND token = $2 AND vault = $3 AND registry = $4",
            );
            for key in &keys {
                found = found.bind(key);
            }
            if let Some(row) = found.fetch_optional(&self.pool).await.map_err(failed)? {
                return Ok(CreatorId(row.try_get(0).map_err(failed)?));
            }
            let mut added = sqlx::query(
                "INSERT INTO creators (id, genesis, token, vault, registry, block, block_hash) \
                 SELECT COALESCE(MAX(id), 0) + 1, $1, $2, $3, $4, $5, '' FROM creators WHERE true ON CONFLICT DO NOTHING",
            );
            for key in &keys {
                added = added.bind(key);
            }
            added.bind(integer(from_block)).execute(&self.pool).await.map_err(failed)?;
        }
        Err(IndexError::Database(format!("the index {} is busy: run the command again", self.name)))
    }

    /// How far `creator` is indexed.
    ///
    /// # Errors
    ///
    /// If the database can't be used.
    pub async fn cursor(&self, creator: CreatorId) -> Result<Cursor, IndexError> {
        let failed = |error: sqlx::Error| self.failed(&error);
        let row = sqlx::query("SELECT block, block_hash FROM creators WHERE id = $1")
            .bind(creator.0)
            .fetch_one(&self.pool)
            .await
            .map_err(failed)?;
        Ok(Cursor { block: number(row.try_get(0).map_err(failed)?)?, hash: row.try_get(1).map_err(failed)? })
    }

    /// Describes an error of this database.
    pub(crate) fn failed(&self, error: &sqlx::Error) -> IndexError {
        IndexError::of(&self.name, error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_files_are_escaped_and_passwords_are_not_shown() {
        assert_eq!(sqlite_url(Path::new("/a b/100%?#.db")), "sqlite:///a b/100%25%3f%23.db");
        assert_eq!(
            without_password("postgres://mira:secret@host:5432/patronage"),
            "postgres://mira@host:5432/patronage"
        );
        assert_eq!(without_password("postgres://mira:se@cret@host"), "postgres://mira@host");
        assert_eq!(without_password("postgres://mira:se/cret@host/name"), "postgres://mira@host/name");
        assert_eq!(without_password("postgres://host/name"), "postgres://host/name");
        assert_eq!(without_password("sqlite:///tmp/a:b@c.db"), "sqlite:///tmp/a:b@c.db");
    }
}
