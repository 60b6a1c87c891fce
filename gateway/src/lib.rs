//! Content that really opens: files encrypted for publishing, the gateway that hands out their keys to whom the registry
//! lets in, and the fan's side of it. [docs/gateway.md](../../docs/gateway.md) is the protocol.
//!
//! | step | here |
//! |---|---|
//! | a creator encrypts a file and keeps its secret key | [`seal`], [`key_folder`] |
//! | the gateway serves ciphertexts and answers signed challenges with keys | [`server`], [`challenge`], [`signature`] |
//! | a fan gets the key, checks it, downloads and opens the file | [`client`], [`open`] |
//!
//! Nothing here knows a chain: the gateway asks a [`registry::Registry`], and a fan's program brings what it has read there.

pub mod challenge;
pub mod client;
pub mod file;
pub mod file_name;
pub mod issuer;
pub mod key;
pub mod key_folder;
pub mod open;
pub mod protocol;
pub mod registry;
pub mod seal;
pub mod server;
pub mod signature;
