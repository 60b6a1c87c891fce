//! The gateway's queries to the chain.

/// Number of a piece of content in its registry, counted from 0.
pub type ContentId = u32;

/// Account on the chain: the public key of an sr25519 or ed25519 pair.
pub type AccountId = [u8; 32];

/// A registry on a chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RegistryId {
    /// Hash of the chain's first block.
    pub genesis: [u8; 32],
    /// Address of the registry.
    pub registry: [u8; 32],
}

/// What the registry has published about a piece of content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContentInfo {
    /// X25519 public key that the file is encrypted to.
    pub public_key: [u8; 32],
    /// SHA-256 of the encrypted file.
    pub hash: [u8; 32],
    /// Address of the encrypted file: an `http(s)://` URL, or the name of a file that the gateway serves.
    pub uri: String,
}

/// Whether an account may open a piece of content now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Access {
    /// It may.
    Granted,
    /// It may not.
    Refused {
        /// What is missing, as a message for the fan.
        why: String,
    },
}

/// The chain could not be queried. A later attempt may succeed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the registry could not be queried: {0}")]
pub struct Unreachable(pub String);

/// A content registry, as it is at the time of each call. Calls may block; the gateway makes them on threads for blocking
/// work.
pub trait Registry: Send + Sync + 'static {
    /// Returns the registry's identity. It never changes, and needs no query.
    fn identity(&self) -> RegistryId;

    /// Returns what is published about content `id`; `None` for an unknown number.
    ///
    /// # Errors
    /// If the chain does not answer.
    fn content(&self, id: ContentId) -> Result<Option<ContentInfo>, Unreachable>;

    /// Whether `account` may open content `id` now.
    ///
    /// # Errors
    /// If the chain does not answer.
    fn access(&self, id: ContentId, account: &AccountId) -> Result<Access, Unreachable>;
}
