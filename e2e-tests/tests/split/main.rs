//! Contracts in two codes: the same contract as in one, which nobody can take apart.

mod attacks;
mod cold_code;
mod contracts;
mod differential;
mod input;
mod interface;
mod lab;
mod probe;
