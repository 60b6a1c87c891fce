//! The library for programs. It finds a creator's contracts, reads launch files, sends typed calls, plans what creators and fans do,
//! describes events and errors as text, and answers a gateway's questions.
//!
//! This crate contains no chain. The caller provides one, such as `patronage-rpc` or `patronage-embedded`.

pub mod actions;
pub mod batch;
pub mod bundle;
pub mod client;
pub mod content_store;
pub mod contracts;
pub mod deployment;
pub mod error;
pub mod escape;
pub mod events;
pub mod foreign;
pub mod journal;
pub mod launch;
pub mod messages;
pub mod plan;
pub mod profile;
pub mod recipients;
pub mod references;
pub mod registry_adapter;
pub mod report;
pub mod rows;
pub mod rules;
