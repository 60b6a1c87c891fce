use ink::env::{DefaultEnvironment, Environment};

/// Native amounts, in planck: the smallest unit of the chain's own token.
#[cfg(not(feature = "balance-u64"))]
pub type Balance = u128;
/// Native amounts, in planck: the smallest unit of the chain's own token.
#[cfg(feature = "balance-u64")]
pub type Balance = u64;

/// The chain that the contracts are built for.
///
/// A contract decodes native amounts with the width that its environment names, so code built for the other width traps
/// on the first payment. This is the one place where the width is chosen: u128, or u64 with the feature `balance-u64`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PatronageEnvironment {}

impl Environment for PatronageEnvironment {
    // One for the event's signature and three for what wallets and indexers filter by.
    const MAX_EVENT_TOPICS: usize = 4;

    type AccountId = <DefaultEnvironment as Environment>::AccountId;
    type Balance = Balance;
    type Hash = <DefaultEnvironment as Environment>::Hash;
    type Timestamp = crate::Timestamp;
    type BlockNumber = <DefaultEnvironment as Environment>::BlockNumber;
    type ChainExtension = <DefaultEnvironment as Environment>::ChainExtension;
}

/// `amount` (planck) in the chain's own width, or `None` where it does not fit, which only happens with u64 balances.
pub fn try_into_balance(amount: u128) -> Option<Balance> {
    Balance::try_from(amount).ok()
}

/// `amount` (planck) in 128 bits, the width that the rules in `patronage-core` count money in.
// A conversion to itself where balances are u128, and a widening where they are u64.
#[allow(clippy::useless_conversion)]
pub fn balance_to_u128(amount: Balance) -> u128 {
    amount.into()
}
