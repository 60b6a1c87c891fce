//! The three contracts together: actions at the token and the vault open and close content in the registry.

mod extremes;
mod story;
mod walks;
