//! Encrypted content: files encrypted for publishing, the gateway that gives their keys to accounts with access, and the
//! fan's side. [docs/gateway.md](../../docs/gateway.md) describes the protocol.
//!
//! | step | module |
//! |---|---|
//! | a creator encrypts a file and keeps its secret key | [`seal`], [`key_folder`] |
//! | the gateway serves ciphertexts and answers signed challenges with keys | [`server`], [`challenge`], [`signature`] |
//! | several processes share used challenges | [`state`] |
//! | a fan gets the key, verifies it, downloads and decrypts the file | [`client`], [`open`] |
//!
//! This crate does not depend on a chain. The gateway queries a [`registry::Registry`], and a fan's program passes in what
//! it has read on the chain.

pub mod challenge;
pub mod client;
pub mod file;
pub mod file_name;
pub mod files;
pub mod issuer;
pub mod key;
pub mod key_folder;
pub mod open;
pub mod protocol;
pub mod registry;
pub mod seal;
pub mod server;
pub mod signature;
pub mod state;
