//! The width of native balances, and with it everything that is an amount: the feature `balance-u64` decides here alone.

use frame_support::weights::{Weight, WeightToFee};

/// Native amounts, in planck.
#[cfg(not(feature = "balance-u64"))]
pub type Balance = u128;
/// Native amounts, in planck.
#[cfg(feature = "balance-u64")]
pub type Balance = u64;

/// Decimals of the unit that wallets show: 12 as on most chains, 9 as on Bittensor where 64 bits have to do.
pub const DECIMALS: u32 = if Balance::BITS == 64 { 9 } else { 12 };

/// One unit, in planck.
pub const UNIT: Balance = (10 as Balance).pow(DECIMALS);

/// The symbol of the unit that wallets show.
pub const SYMBOL: &str = "UNIT";

/// What an account must hold to exist, in planck: a thousandth of the unit.
pub const EXISTENTIAL_DEPOSIT: Balance = UNIT / 1_000;

/// What each development account holds at the start, in planck: a million units.
pub const ENDOWMENT: Balance = 1_000_000 * UNIT;

/// What the chain keeps for as long as a contract stores so many `items` of so many `bytes` in all, in planck.
///
/// A tenth of the unit for an item and 5 millionths for a byte, as the template node with pallet-contracts has it.
pub const fn deposit(items: u32, bytes: u32) -> Balance {
    // Widening, and below 2^32 * UNIT / 10 < 2^64 in both widths.
    (items as Balance) * (UNIT / 10) + (bytes as Balance) * (UNIT / 200_000)
}

/// Picoseconds of computation for a planck: about two thousandths of the unit for a call of a contract, whatever a unit is.
const PICOSECONDS_PER_PLANCK: u64 = 10_u64.pow(12 - DECIMALS);

/// What computation costs.
pub struct ComputationFee;

impl WeightToFee for ComputationFee {
    type Balance = Balance;

    fn weight_to_fee(weight: &Weight) -> Balance {
        // `from` widens to u128, and for u64 is the identity.
        Balance::from(weight.ref_time() / PICOSECONDS_PER_PLANCK)
    }
}
