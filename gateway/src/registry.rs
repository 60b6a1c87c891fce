//! What the gateway asks the chain.

/// Number of a piece of content in its registry, counted from 0.
pub type ContentId = u32;

/// A chain's account: the public key of an sr25519 or ed25519 pair.
pub type AccountId = [u8; 32];

/// Which registry, on which chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RegistryId {
    /// Hash of the chain's first block.
    pub genesis: [u8; 32],
    /// Address of the registry's contract.
    pub registry: [u8; 32],
}

/// What the registry says of a piece of content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContentInfo {
    /// X25519 public key that the file is encrypted to.
    pub public_key: [u8; 32],
    /// SHA-256 of the encrypted file.
    pub hash: [u8; 32],
    /// Where the encrypted file is: an `http(s)://` address, or the name of a file that the gateway serves.
    pub uri: String,
}

/// Whether an account may open a piece of content at this moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Access {
    /// It may.
    Granted,
    /// It may not.
    Refused {
        /// What is missing, in words for the fan.
        why: String,
    },
}

/// The chain could not be asked; trying again later may help.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the registry could not be asked: {0}")]
pub struct Unreachable(pub String);

/// A content registry, as it is at the moment of each call. Calls may block; each is made on a thread where that is allowed.
pub trait Registry: Send + Sync + 'static {
    /// Which registry this is. Never changes, and asks nobody.
    fn identity(&self) -> RegistryId;

    /// What the registry says of content `id`; `None` for an unknown number.
    ///
    /// # Errors
    /// When the chain does not answer.
    fn content(&self, id: ContentId) -> Result<Option<ContentInfo>, Unreachable>;

    /// Whether `account` may open content `id` now.
    ///
    /// # Errors
    /// When the chain does not answer.
    fn access(&self, id: ContentId, account: &AccountId) -> Result<Access, Unreachable>;
}
