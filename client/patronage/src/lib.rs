//! The suite seen from outside: a chain in process or behind a node, the launch file of a creator, typed calls, what creators
//! and fans can do, what a gateway needs of a chain, and the demo's story.

pub mod actions;
pub mod batch;
pub mod bundle;
pub mod chain;
pub mod demo;
pub mod deployment;
pub mod embedded;
pub mod escape;
pub mod explain;
pub mod folders;
pub mod foreign;
pub mod funds;
pub mod gate;
pub mod happenings;
pub mod journal;
pub mod keys;
pub mod launch;
pub mod plan;
pub mod recipients;
pub mod references;
pub mod report;
pub mod rows;
pub mod rpc;
pub mod rules;
pub mod session;
pub mod submission;
pub mod suite;
pub mod units;
