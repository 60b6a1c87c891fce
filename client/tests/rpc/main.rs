//! The command and its library on a chain behind a node, which `scripts/chain` starts. The first start compiles the chain's
//! runtime; `scripts/test` does that before.

mod content;
mod deploying;
mod failures;
mod foreign;
#[path = "../common/gateway.rs"]
mod gateway;
mod keys;
mod many;
mod node;
#[path = "../common/rows.rs"]
mod rows;
mod story;
