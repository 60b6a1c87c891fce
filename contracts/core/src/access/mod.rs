//! Who may open a piece of content.
//!
//! Access is granted if **any** rule of an [`Audience`] holds. A rule holds if **all** of its conditions hold. Besides that,
//! whoever has bought content can always open it once it is released ([`Terms`](crate::content::Terms)).
//!
//! The facts that conditions ask about are in other contracts: balances in tokens, standings in vaults. Each question is a call
//! to another contract, which is expensive. So an [`Evaluator`] asks only while the answer can still change the result, and it
//! caches every answer.
//!
//! - `model`: rules, conditions, and the answer to "may this account open it?"
//! - `evaluate`: whether access is granted
//! - `explain`: what is missing if it is denied
//!
//! Everything is generic over `Id`, the account of a contract.

#[cfg(feature = "codec")]
mod encoded_len;
mod evaluate;
mod explain;
mod model;
#[cfg(test)]
mod tests;

pub use evaluate::{AccessOracle, Evaluator};
pub use model::{
    Access, Audience, Condition, Grant, InvalidAudience, ListId, Missing, Rule, Shortfall, Standing, MAX_CONDITIONS,
    MAX_RULES,
};
