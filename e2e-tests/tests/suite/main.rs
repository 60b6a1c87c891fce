//! The three contracts together: what fans do at the token and the vault opens and closes content in the registry.

mod extremes;
mod story;
mod walks;
