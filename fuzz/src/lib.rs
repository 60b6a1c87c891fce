//! The checks behind the targets in `fuzz_targets`. Each reads bytes as a stranger could send them, and panics if a reader of the
//! project does not do what it promises.
//!
//! Private readers are compiled into this crate from their source files (`#[path]`), so nothing has to be public for it.

pub mod age_file;
pub mod age_key;
pub mod api;
pub mod challenge;
pub mod conditions;
pub mod contract_input;
pub mod deployment;
pub mod download;
pub mod events;
pub mod forwarded;
pub mod index;
pub mod journal;
pub mod key_text;
pub mod launch_file;
pub mod node;
pub mod node_events;
pub mod profile;
pub mod protocol;
pub mod ranges;
pub mod records;
pub mod request;
pub mod rows;
pub mod rules;
pub mod server;
pub mod store;
pub mod texts;
pub mod uploads;
pub mod wallet_export;

mod decoding;
mod gateway_server;
mod http_answers;
mod node_reader;
mod private_records;
mod world;

/// What `gateway/src/server` calls `crate::files`.
mod files {
    pub use patronage_gateway::files::StoredFile;
}

/// What `gateway/src/client` calls `crate::file`: its own source file, of which parts are private.
#[allow(dead_code, missing_docs, unreachable_pub)]
#[path = "../../gateway/src/file.rs"]
mod file;

/// What `gateway/src/client` calls `crate::file_name` and `crate::registry`.
mod file_name {
    pub use patronage_gateway::file_name::servable;
}
mod registry {
    pub use patronage_gateway::registry::ContentInfo;
}

/// What `server/src/s3.rs` calls `crate::error`.
mod error {
    pub use patronage_server::ServerError;
}
