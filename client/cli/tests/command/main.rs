//! The command as a user runs it, on a chain in a folder. The bundles must have been built: `scripts/build --all`.

mod content;
mod dead_ends;
mod folder;
mod foreign;
mod input;
mod launching;
mod limits;
mod many;
mod messages;
mod references;
mod rights;
mod staying;
mod story;
mod strangers;
mod units;
mod wallets;
mod words;
