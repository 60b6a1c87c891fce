//! Limits that depend on the chain.

/// What a chain can express. Contracts take it from their balance type, clients from the chain they are connected to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// The largest balance of the native token, in planck: the maximum of a `u128`, or of a `u64` on some chains.
    pub max_balance: u128,
}
