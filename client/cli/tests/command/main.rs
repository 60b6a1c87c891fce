//! The command as a user runs it, on a chain in a folder. The bundles must have been built: `scripts/build --all`.

mod content;
mod error_messages;
mod folder;
mod foreign;
mod history;
mod input;
mod launching;
mod limits;
mod messages;
mod minimum_stay;
mod notices;
mod recipients;
mod references;
mod rights;
mod send_many;
mod server;
mod story;
mod units;
mod untrusted_text;
mod uploads;
mod wallets;
