//! The suite seen from outside: a chain in process, the launch file of a creator, typed calls, what creators and fans can do,
//! and the demo's story.

pub mod actions;
pub mod bundle;
pub mod chain;
pub mod demo;
pub mod deployment;
pub mod embedded;
pub mod explain;
pub mod happenings;
pub mod launch;
pub mod plan;
pub mod report;
pub mod session;
pub mod suite;
pub mod units;
