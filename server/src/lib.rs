//! The creator's server beside the gateway: history and offers under `/v1`, notices by webhooks and as a feed, and a state of
//! the gateway that several processes share.
//!
//! | what | module |
//! |---|---|
//! | `/v1/...` as JSON, with its OpenAPI document | [`api`] |
//! | what it asks the index, and the chain | [`history`], [`indexed`], [`creator`] |
//! | the chain is followed | [`background`] |
//! | sign-in of the owner, for the list of members | [`sign_in`] |
//! | notices: made, stored, sent, fed | [`notices`] |
//! | used challenges, their key and rates in PostgreSQL | [`state`] |
//! | encrypted files in an S3-compatible store | [`s3`] |
//! | files and keys that the creator sends | [`upload`] |
//!
//! An unlock needs none of it: without an index, the gateway works as it does alone.

pub mod api;
pub mod background;
pub mod creator;
mod error;
pub mod history;
pub mod identity;
pub mod indexed;
pub mod notices;
pub mod s3;
pub mod sign_in;
pub mod state;
pub mod upload;

pub use error::ServerError;
