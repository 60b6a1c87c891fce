//! The command and its library on a chain behind a node, which `scripts/chain` starts. The first start compiles the chain's
//! runtime, which `scripts/test` does before.

mod bounds;
mod content;
mod deploying;
mod failures;
mod faults;
mod foreign;
mod keys;
mod limits;
mod send_many;
mod story;
mod sweep;
