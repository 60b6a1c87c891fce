use ink::env::{DefaultEnvironment, Environment};
use patronage_core::limits::Limits;

/// Amounts of the native token, in planck (its smallest unit).
#[cfg(not(feature = "balance-u64"))]
pub type Balance = u128;
/// Amounts of the native token, in planck (its smallest unit).
#[cfg(feature = "balance-u64")]
pub type Balance = u64;

/// Limits of the chain that the contracts are built for.
pub const LIMITS: Limits = Limits { max_balance: balance_to_u128(Balance::MAX) };

/// The chain that the contracts are built for.
///
/// A contract decodes native amounts in the width of its environment, so code that is built for the other width traps on the
/// first payment. The width is chosen here: u128, or u64 with the feature `balance-u64`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PatronageEnvironment {}

impl Environment for PatronageEnvironment {
    // One for the event's signature, and three for what wallets and indexers filter by.
    const MAX_EVENT_TOPICS: usize = 4;

    type AccountId = <DefaultEnvironment as Environment>::AccountId;
    type Balance = Balance;
    type Hash = <DefaultEnvironment as Environment>::Hash;
    type Timestamp = crate::Timestamp;
    type BlockNumber = <DefaultEnvironment as Environment>::BlockNumber;
    type ChainExtension = <DefaultEnvironment as Environment>::ChainExtension;
}

/// Converts `amount` (planck) to the chain's width. Returns `None` if it does not fit, which happens with u64 balances only.
pub fn try_into_balance(amount: u128) -> Option<Balance> {
    Balance::try_from(amount).ok()
}

/// Converts `amount` (planck) to 128 bits, the width in which `patronage-core` counts money.
// With u128 balances this converts nothing.
#[allow(clippy::unnecessary_cast)]
pub const fn balance_to_u128(amount: Balance) -> u128 {
    amount as u128
}
