//! The token on a chain: each message, each error, each event with its topics.

mod actions;
mod claims;
mod figures;
mod histories;
mod model;
mod owner;
mod psp22;
mod sale;
mod terms;
mod vesting;
