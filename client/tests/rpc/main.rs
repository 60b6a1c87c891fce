//! The command and its library on a chain behind a node, which `scripts/chain` starts. The first start compiles the chain's
//! runtime; `scripts/test` does that before.

mod deploying;
mod failures;
mod node;
mod story;
