use patronage_chain::ChainError;

/// Why the index can't be used. Each message says what to do.
#[derive(Debug, thiserror::Error)]
pub enum IndexError {
    /// The database can't be opened, read or written.
    #[error("{0}")]
    Database(String),
    /// A newer version of this software has made the database.
    #[error("the index {0} was made by a newer version of this command: use that version, or name another index with --index")]
    Newer(String),
    /// The chain's block at the place where the index ends is another one.
    #[error(
        "the index knows another block {block} than this chain: the chain was started anew, or it is another chain; delete the index, or name \
         another one with --index"
    )]
    OtherChain {
        /// Number of the last indexed block.
        block: u32,
    },
    /// A record of the database is malformed.
    #[error("the index is damaged ({0}): delete it, and it is made again from the chain")]
    Damaged(String),
    /// The chain can't be read.
    #[error("{0}")]
    Chain(#[from] ChainError),
}

impl IndexError {
    /// Describes an error of the database called `name`.
    pub(crate) fn of(name: &str, error: &sqlx::Error) -> Self {
        let code = error.as_database_error().and_then(|error| error.code()).map(|code| code.into_owned());
        // The lower byte of an extended result code of SQLite is the primary code.
        let sqlite = code.as_deref().and_then(|code| code.parse::<u32>().ok()).map(|code| code & 0xff);
        let is_file = name.starts_with("sqlite:");
        Self::Database(match (sqlite, code.as_deref()) {
            (Some(13), _) if is_file => {
                format!("the disk with the index {name} is full: free some space, and run the command again")
            }
            (Some(8), _) if is_file => {
                format!("the index {name} can't be written: check the rights of the file and its folder")
            }
            (Some(14), _) if is_file => {
                format!("the index {name} can't be opened: check that its folder exists and can be written")
            }
            (Some(26 | 11), _) if is_file => {
                format!("{name} is damaged or no index: delete the file, and it is made again, or name another one with --index")
            }
            (Some(5), _) if is_file => format!("another process uses the index {name}: run the command again later"),
            (_, Some("53100")) => {
                format!("the disk of the database {name} is full: free some space, and run the command again")
            }
            _ => match error {
                sqlx::Error::Io(_) | sqlx::Error::PoolTimedOut | sqlx::Error::Tls(_) => {
                    format!("the database {name} does not answer: check the address, and that the server is running ({error})")
                }
                _ => format!("the database {name} can't be used: {error}"),
            },
        })
    }
}
