//! The suite on a chain behind JSON-RPC, by the libraries that ink!'s own tools are made of. The chain is `devchain/`, which
//! `scripts/chain` starts; `scripts/test` builds what it needs before.

mod failures;
mod official_tool;
mod story;
