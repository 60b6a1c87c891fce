//! The checks behind the targets in `fuzz_targets`. Each reads bytes as a stranger could send them, and panics if a reader of the
//! project does not do what it promises.
//!
//! Private readers are compiled into this crate from their source files (`#[path]`), so nothing has to be public for it.

pub mod age_file;
pub mod age_key;
pub mod challenge;
pub mod conditions;
pub mod contract_input;
pub mod deployment;
pub mod events;
pub mod forwarded;
pub mod journal;
pub mod key_text;
pub mod launch_file;
pub mod profile;
pub mod protocol;
pub mod ranges;
pub mod records;
pub mod request;
pub mod rows;
pub mod rules;
pub mod server;
pub mod texts;
pub mod wallet_export;

mod decoding;
mod gateway_server;
mod private_records;
mod world;

/// What `gateway/src/server` calls `crate::files`.
mod files {
    pub use patronage_gateway::files::StoredFile;
}
