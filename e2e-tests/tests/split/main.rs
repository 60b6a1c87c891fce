//! Split contracts: they behave as with one code, and neither code can be misused alone.

mod attacks;
mod cold_code;
mod contracts;
mod differential;
mod forms;
mod input;
mod interface;
mod probe;
