//! The command and its library on a chain behind a node, which `scripts/chain` starts. The first start compiles the chain's
//! runtime; `scripts/test` does that before.

mod bounds;
mod content;
mod deploying;
mod dev;
mod failures;
mod foreign;
#[path = "../common/gateway.rs"]
mod gateway;
mod keys;
mod limits;
mod many;
mod node;
#[path = "../common/rows.rs"]
mod rows;
mod story;
mod sweep;
