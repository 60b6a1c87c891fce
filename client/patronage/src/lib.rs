//! The suite for programs: where a creator's contracts are, the launch file, typed calls, what creators and fans can do as plans
//! and what came of them, events and errors in words, and what a gateway needs of a chain.
//!
//! Nothing here is a chain: whoever uses this brings one, such as that of `patronage-rpc` or `patronage-embedded`.

pub mod actions;
pub mod batch;
pub mod bundle;
pub mod deployment;
pub mod escape;
pub mod explain;
pub mod folders;
pub mod foreign;
pub mod gate;
pub mod happenings;
pub mod journal;
pub mod launch;
pub mod plan;
pub mod recipients;
pub mod references;
pub mod report;
pub mod rows;
pub mod rules;
pub mod session;
pub mod suite;
