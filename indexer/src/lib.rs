//! The history of creators' contracts in SQL: members, holders, stakes, tips, purchases, income.
//!
//! [`Index`] is a database, in an SQLite file or on a PostgreSQL server. [`follow::catch_up`] reads the final blocks of a chain, and stores
//! their events and what follows from them. A batch of blocks is one transaction of the database, with the number of its last block: after an
//! interruption at any time, nothing is missing and nothing is there twice. All of it can be made again from the chain.

mod apply;
mod database;
mod decode;
mod error;
pub mod follow;
pub mod model;
pub mod query;
mod sql;
mod stored;

pub use database::{sqlite_url, without_password, CreatorId, Cursor, Index};
pub use error::IndexError;
