//! Why an action was not carried out.

use patronage_chain::ChainError;

use crate::messages;

/// Why an action was not carried out. The text says what to do.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The chain returned no answer.
    #[error("{}", messages::chain(.0))]
    Chain(#[from] ChainError),
    /// A contract or a gateway refused. Nothing has changed.
    #[error("{message}")]
    Refused {
        /// The error's name in the contract's interface, or the gateway's code.
        error: String,
        /// The error as text.
        message: String,
    },
    /// The request is invalid.
    #[error("{0}")]
    Request(String),
    /// The user declined.
    #[error("nothing was done")]
    Declined,
}

impl Error {
    /// A contract's own `error`, with its text.
    pub fn refused(error: &impl std::fmt::Debug, message: String) -> Self {
        let name = format!("{error:?}");
        let end = name.find(|letter: char| !letter.is_ascii_alphanumeric()).unwrap_or(name.len());
        Self::Refused { error: name[..end].to_owned(), message }
    }

    /// The same error with `more` appended to its text.
    pub fn with(self, more: &str) -> Self {
        match self {
            Self::Refused { error, message } => Self::Refused { error, message: format!("{message}; {more}") },
            Self::Chain(error) => Self::Chain(ChainError::Unavailable(format!("{}; {more}", messages::chain(&error)))),
            other => Self::Request(format!("{other}; {more}")),
        }
    }

    /// The kind of error, for programs: `chain`, `refused`, `request` or `declined`.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Chain(_) => "chain",
            Self::Refused { .. } => "refused",
            Self::Request(_) => "request",
            Self::Declined => "declined",
        }
    }
}
