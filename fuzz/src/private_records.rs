//! Records that the contracts keep to themselves, from their own source files.
#![allow(dead_code, missing_docs)]

#[path = "../../contracts/content-registry/records.rs"]
pub mod registry;
#[path = "../../contracts/creator-token/records.rs"]
pub mod token;
#[path = "../../contracts/patronage-vault/records.rs"]
pub mod vault;
