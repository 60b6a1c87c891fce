//! The contracts on a chain behind JSON-RPC, by the libraries of ink!'s own tools. The chain is `devchain/`, which
//! `scripts/chain` starts. `scripts/test` builds it before.

mod failures;
mod official_tool;
mod story;
