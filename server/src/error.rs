//! Why the server does not start. Each text is one line that says what to do.

/// Why the server does not start.
#[derive(Debug, thiserror::Error)]
pub enum ServerError {
    /// The address of a database is malformed.
    #[error("{what}: this is not the address of a database: {error}")]
    Url {
        /// The option.
        what: &'static str,
        /// The reason.
        error: sqlx::Error,
    },
    /// The database of the shared state does not answer.
    #[error("--state: the database does not answer: {0}. Check that PostgreSQL runs, and its address")]
    State(sqlx::Error),
    /// The database of notices does not answer.
    #[error("the database of notices does not answer: {0}")]
    Notices(sqlx::Error),
    /// The database was made by a newer version.
    #[error(
        "{what}: the database has version {found}, but this command knows version {known}: use a newer `patronage`"
    )]
    Newer {
        /// The option or the part.
        what: &'static str,
        /// Version of the database.
        found: i32,
        /// Version of this program.
        known: i32,
    },
    /// A webhook can't be used.
    #[error("--webhook: {0}")]
    Webhook(String),
    /// The store of files can't be used.
    #[error("--store: {0}")]
    Store(String),
    /// The system has no randomness, or the state does not answer.
    #[error(transparent)]
    Shared(#[from] patronage_gateway::state::StateUnreachable),
    /// The index does not answer.
    #[error("the index does not answer: {0}")]
    Index(String),
}
