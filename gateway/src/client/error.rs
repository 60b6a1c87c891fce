//! Why content was not opened.

use std::io::ErrorKind;

use crate::{
    challenge::NotAChallenge,
    file::FileError,
    key::KeyError,
    open::OpenError,
    protocol::{Problem, ProblemCode},
};

/// An error of the signer.
pub type SigningError = Box<dyn std::error::Error + Send + Sync>;

/// Why content was not opened. No output exists, and a new attempt loses nothing.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// It is not the address of a gateway.
    #[error(
        "{0} is not the address of a gateway: it begins with http:// or https:// and has neither ? nor #, as in \
         https://content.example.org"
    )]
    Address(String),
    /// There was no answer.
    #[error("no answer from {url}: {source}. Check the address and the connection, and try again")]
    Network {
        /// The URL.
        url: String,
        /// The error.
        source: Box<ureq::Error>,
    },
    /// The gateway refused. Its code gives the reason to programs.
    #[error("the gateway says: {}", .0.message)]
    Refused(Problem),
    /// The answer is not that of a gateway.
    #[error("{url} is not a gateway (status {status}): check the address")]
    NotAGateway {
        /// The URL.
        url: String,
        /// HTTP status.
        status: u16,
    },
    /// The gateway asks for a signature for something else.
    #[error("the gateway asks for a signature for another {0}: nothing was signed; do not use this gateway")]
    OtherChallenge(&'static str),
    /// The gateway asks for a signature of a text that is not a challenge.
    #[error(
        "the gateway asks for a signature of a text that is not a challenge: nothing was signed; do not use this gateway"
    )]
    NoChallenge(#[from] NotAChallenge),
    /// The gateway asks for a signature that is valid for too long.
    #[error("the gateway asks for a signature that is valid until {0}: nothing was signed; check this machine's clock, or do not use this gateway")]
    LongChallenge(chrono::DateTime<chrono::Utc>),
    /// Signing failed.
    #[error("signing failed: {0}")]
    Signing(SigningError),
    /// The signature is not the account's.
    #[error("the signature is not the account's: use the account's own key and scheme")]
    WrongSignature,
    /// The key is not usable.
    #[error("the gateway has sent an unusable key: {0}")]
    Key(#[from] KeyError),
    /// The key is wrong, or the file cannot be decrypted.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// A file cannot be written.
    #[error(transparent)]
    File(#[from] FileError),
    /// The URI cannot be downloaded.
    #[error("the file is at {0}, which this program cannot download: get it with another program, and open it from the disk")]
    Uri(String),
    /// The server does not have the file, or does not give it.
    #[error("{url} does not have the file (status {status}): tell the creator, or try again later")]
    NoFile {
        /// The URL.
        url: String,
        /// HTTP status.
        status: u16,
    },
    /// The server cannot resume a download.
    #[error("the download stopped after {done} bytes, and {url} cannot resume it: try again with a better connection")]
    NotContinued {
        /// The URL.
        url: String,
        /// Number of bytes received.
        done: u64,
    },
    /// The file is larger than allowed.
    #[error("the file at {url} is larger than {most} bytes: allow more if you expect that")]
    TooLarge {
        /// The URL.
        url: String,
        /// The limit.
        most: u64,
    },
    /// It is not the published file.
    #[error("the file at {url} is not the published one: its SHA-256 is {}, the registry has {}. Tell the creator", hex::encode(.hash), hex::encode(.registered))]
    OtherFile {
        /// The URL.
        url: String,
        /// Hash of what was received.
        hash: [u8; 32],
        /// Hash in the registry.
        registered: [u8; 32],
    },
}

impl ClientError {
    /// Returns the gateway's code, if the gateway refused.
    pub fn code(&self) -> Option<ProblemCode> {
        match self {
            ClientError::Refused(problem) => Some(problem.code),
            _ => None,
        }
    }

    /// Whether an existing connection was closed. It is another error if nobody listens at the address; a retry does not
    /// help then.
    pub(super) fn broke_off(&self) -> bool {
        let ClientError::Network { source, .. } = self else { return false };
        let ureq::Error::Io(error) = &**source else { return false };
        matches!(
            error.kind(),
            ErrorKind::ConnectionReset
                | ErrorKind::ConnectionAborted
                | ErrorKind::BrokenPipe
                | ErrorKind::NotConnected
                | ErrorKind::UnexpectedEof
        )
    }
}
