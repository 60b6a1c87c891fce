//! The suite seen from outside: a chain in process, the launch file of a creator, typed calls, and the demo's story.

pub mod bundle;
pub mod chain;
pub mod demo;
pub mod embedded;
pub mod explain;
pub mod launch;
pub mod suite;
pub mod units;
