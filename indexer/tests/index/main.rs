//! The index of real contracts on the embedded chain, on SQLite and on PostgreSQL.

mod bad_input;
mod interruptions;
mod plans;
mod state;
mod world;
