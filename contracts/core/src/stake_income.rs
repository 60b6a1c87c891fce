//! The stakers' share of the income, by stake and by whole days. The cost does not depend on the number of stakers.
//!
//! **The rule.** Splits can give a part of the income to the stakers. On each UTC day a stake counts with the least
//! amount that was staked at any moment of that day ([`StakeRecord::on`]). So a stake counts from the next midnight on,
//! and an unstaked amount has not counted since the last midnight. A stake for less than a whole UTC day earns nothing.
//! The stakes that counted on a day share the stakers' part of its income, once the day is over.
//!
//! **Without stakes.** While no stake counts, the recipients get the whole of each payment ([`Terms::part`]). If stakes
//! counted and all of them are unstaked before the day ends, the day's part returns to the recipients, under the splits
//! of the last payment that added to it. Both are exact. Anyone can settle a day, so nothing waits for a staker who
//! never claims.
//!
//! **A payment** divides nothing and reads no stake. It adds the stakers' part to the current day ([`DayPart`]), which
//! is in the asset's ledger. The first payment of a later day stores the previous day as a separate record.
//!
//! **Settling** divides the parts of past days by the stakes that counted on them, the oldest day first, [`MAX_DAYS`]
//! in one call. Each asset has one [`Pool`]: the sum over all settled days of `part * 2^128 / stake`. Between two days
//! a stake of `s` has earned `s` times the difference of two such sums. The remainder of a division is added to the
//! next one ([`Pool::rest`]). So the sum of all settled parts is exactly `sum over days (quotient * stake) + rest`.
//!
//! **Every asset.** A staker claims one asset at a time, and a change of a stake touches no asset. So both sides store
//! history. A staker has past [`StakeRecord`]s, one for each day on which the stake changed, at the staker's deposit.
//! An asset has the sums before and after such days, as [`Checkpoint`]s. Sums that no change of a stake can need are
//! not stored. So there are at most two checkpoints for each day on which a stake changed, and never more than days
//! with income. Whoever settles pays for them, and gets the deposits of the settled days. A claim reads only the
//! staker's own records, [`MAX_RECORDS`] in one call, and finds each sum by binary search.
//!
//! **Never too much.** On each day the counting stakes sum to the divisor of the day's part. Quotients and payments are
//! rounded down, except for `TOLERANCE`. So all claims together never exceed the parts. Rounding keeps back less than
//! one unit of the asset from a staker in total, however often the staker claims.

use crate::{bp, wide::U256};
use alloc::vec::Vec;
use ink_lite::put;

#[cfg(test)]
mod tests;

/// Index of the current record of a staker, or of everyone. Past records have the indices 0, 1, and so on.
pub const CURRENT: u32 = u32::MAX;

/// The maximum number of a staker's records that one claim reads. With two binary searches each, this fits into a block
/// many times.
pub const MAX_RECORDS: u32 = 16;

/// The maximum number of days that one call settles. Each is a record that is read and deleted, a binary search, and at
/// most one checkpoint.
pub const MAX_DAYS: u32 = 32;

/// The maximum that a claim rounds up to a whole unit, in units times 2^-128. Quotients are rounded down, so a quarter
/// of a hundred would otherwise often be paid as 24.
///
/// A claim gains less than 2^-64 units by it. Payments are whole units, so all claims together could exceed the parts
/// by a unit only after 2^64 claims.
const TOLERANCE: u128 = 1 << 64;

/// The stake of one staker, or the sum of all stakes: on the day of a change, and on all days until the next change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "codec", derive(parity_scale_codec::Encode, parity_scale_codec::Decode))]
#[cfg_attr(all(feature = "codec", feature = "std"), derive(scale_info::TypeInfo))]
#[cfg_attr(feature = "codec", derive(ink_lite::Decode))]
pub struct StakeRecord {
    /// The day of the change, counted from 1970-01-01 (UTC).
    pub day: u64,
    /// The stake that counts on that day: the least amount at any moment of it.
    pub least: u128,
    /// The stake after the last change of that day, which counts on later days.
    pub staked: u128,
    /// Number of records before this one.
    pub index: u32,
}

impl StakeRecord {
    /// Returns the stake that counts on `day`, which is the day of the record or a later one before the next record.
    pub fn on(&self, day: u64) -> u128 {
        if day == self.day {
            self.least
        } else {
            self.staked
        }
    }
}

/// The stakers' part of an asset's income on one day, before it is divided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "codec", derive(parity_scale_codec::Encode, parity_scale_codec::Decode))]
#[cfg_attr(all(feature = "codec", feature = "std"), derive(scale_info::TypeInfo))]
#[cfg_attr(feature = "codec", derive(ink_lite::Decode))]
pub struct DayPart {
    /// The day, counted from 1970-01-01 (UTC).
    pub day: u64,
    /// The part, in planck or smallest units.
    pub part: u128,
    /// Version of the splits of the last payment that added to it.
    pub version: u32,
}

/// The stakers' part of new income.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "codec", derive(parity_scale_codec::Encode, parity_scale_codec::Decode))]
#[cfg_attr(all(feature = "codec", feature = "std"), derive(scale_info::TypeInfo))]
#[cfg_attr(feature = "codec", derive(ink_lite::Decode))]
pub struct Terms {
    /// The part, in basis points.
    pub share: u16,
    /// The first day on which a stake counts; [`NEVER`] while nothing is staked.
    pub from: u64,
}

/// A day after all days.
pub const NEVER: u64 = u64::MAX;

impl Terms {
    /// Returns the stakers' part of an income of `amount` on `day`, rounded down.
    pub fn part(&self, amount: u128, day: u64) -> u128 {
        if day < self.from {
            0
        } else {
            bp::share_down(amount, self.share)
        }
    }
}

/// Earnings of stakes in one asset on the settled days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "codec", derive(parity_scale_codec::Encode, parity_scale_codec::Decode))]
#[cfg_attr(all(feature = "codec", feature = "std"), derive(scale_info::TypeInfo))]
#[cfg_attr(feature = "codec", derive(ink_lite::Decode))]
pub struct Pool {
    /// Sum over all settled days of `part / stake`, times 2^128, modulo 2^256. Only differences are used.
    pub per_unit: U256,
    /// The last day that is included in `per_unit`.
    pub closed: u64,
    /// Remainder of the last division, in units times 2^-128.
    pub rest: u128,
    /// Index of everyone's record for the day `closed`.
    pub index: u32,
    /// Number of checkpoints.
    pub checkpoints: u32,
    /// Number of settled records of days.
    pub settled: u32,
}

/// A sum at one point: that of the pool after a day, or that of a staker at the last claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "codec", derive(parity_scale_codec::Encode, parity_scale_codec::Decode))]
#[cfg_attr(all(feature = "codec", feature = "std"), derive(scale_info::TypeInfo))]
#[cfg_attr(feature = "codec", derive(ink_lite::Decode))]
pub struct Checkpoint {
    /// The day after which the pool had that sum, or the number of the staker's settled records.
    pub at: u64,
    /// The sum, as [`Pool::per_unit`].
    pub per_unit: U256,
    /// Remainder of the staker's claims, in units times 2^-128, so that the frequency of claims does not matter; 0 for
    /// a pool.
    pub rest: u128,
}

/// Storage of one vault. A missing record is the default.
pub trait Store {
    /// An account.
    type Account;
    /// An asset.
    type Asset;

    /// Returns a stake record of `who`, or of everyone.
    fn stake(&self, who: Option<&Self::Account>, index: u32) -> StakeRecord;
    /// Stores a stake record of `who`, or of everyone.
    fn set_stake(&mut self, who: Option<&Self::Account>, index: u32, record: &StakeRecord);
    /// Returns a checkpoint of the pool of `asset`, or the checkpoint of `who`'s claims (index 0).
    fn checkpoint(&self, asset: &Self::Asset, who: Option<&Self::Account>, index: u32) -> Checkpoint;
    /// Stores a checkpoint.
    fn set_checkpoint(&mut self, asset: &Self::Asset, who: Option<&Self::Account>, index: u32, checkpoint: &Checkpoint);
}

/// Sets the stake of `fan` to `staked` units from now on, on `day`. Returns the day from which a stake counts
/// ([`Terms::from`]), or `None` if it does not change.
pub fn set_stake<S: Store>(store: &mut S, fan: &S::Account, staked: u128, day: u64) -> Option<u64> {
    let own = store.stake(Some(fan), CURRENT);
    if own.staked == staked {
        return None;
    }
    let counted = own.on(day);
    let least = counted.min(staked);
    let all = store.stake(None, CURRENT);
    // Everyone's stake is the sum of all stakes, which includes this one and fits into 128 bits.
    let everyone = all.staked.wrapping_sub(own.staked).wrapping_add(staked);
    let counting = all.on(day).wrapping_sub(counted).wrapping_add(least);
    replace(store, Some(fan), own, day, (least, staked));
    replace(store, None, all, day, (counting, everyone));
    match (counting, everyone) {
        (0, 0) => Some(NEVER),
        // The day of a block time plus one, so this fits.
        (0, _) => Some(day.wrapping_add(1)),
        _ => None,
    }
}

/// Replaces the `current` record. Stores it as a past one if it is of an earlier day.
#[inline(never)]
fn replace<S: Store>(
    store: &mut S,
    who: Option<&S::Account>,
    current: StakeRecord,
    day: u64,
    (least, staked): (u128, u128),
) {
    let mut index = current.index;
    if current.day != day && current != StakeRecord::default() {
        store.set_stake(who, index, &current);
        // At most one for each day.
        index = index.wrapping_add(1);
    }
    store.set_stake(who, CURRENT, &StakeRecord { day, least, staked, index });
}

/// Returns record number `index`, if `current` is the current one.
#[inline(never)]
fn record<S: Store>(store: &S, who: Option<&S::Account>, current: &StakeRecord, index: u32) -> StakeRecord {
    if index == current.index {
        *current
    } else {
        store.stake(who, index)
    }
}

/// A pool during settlement, with new checkpoints that are counted and not yet stored.
#[derive(Debug, Clone)]
pub struct Settling {
    /// The pool.
    pub pool: Pool,
    fresh: Vec<Checkpoint>,
}

impl Settling {
    /// Starts from the stored `pool`, to settle at most [`MAX_DAYS`] more days.
    pub fn new(pool: Pool) -> Self {
        Self { pool, fresh: Vec::with_capacity(MAX_DAYS as usize) }
    }

    /// Divides the part of a past `day` by the stakes that counted on it. Days must be given in order, each once.
    /// Returns whether a stake counted; if not, the part is income of the recipients.
    #[inline(never)]
    pub fn settle<S: Store>(&mut self, store: &S, day: &DayPart) -> bool {
        let pool = &mut self.pool;
        let in_force = in_force(store, pool.index, day.day);
        let Some((quotient, rest)) = divide(day.part, pool.rest, in_force.on(day.day)) else { return false };
        // The previous sum is needed only if a stake changed between the two days or on one of them.
        if in_force.day >= pool.closed && pool.per_unit != U256::ZERO {
            put(&mut self.fresh, Checkpoint { at: pool.closed, per_unit: pool.per_unit, rest: 0 });
            // At most one for each settled day, and days are counted in 32 bits.
            pool.checkpoints = pool.checkpoints.wrapping_add(1);
        }
        pool.per_unit.add(&quotient);
        (pool.rest, pool.closed, pool.index) = (rest, day.day, in_force.index);
        true
    }

    /// Number of stored checkpoints.
    fn stored_checkpoints(&self) -> u32 {
        // `checkpoints` includes the new ones.
        self.pool.checkpoints.wrapping_sub(self.fresh.len() as u32)
    }

    /// Stores the new checkpoints. The caller stores the pool.
    pub fn store_checkpoints<S: Store>(&self, store: &mut S, asset: &S::Asset) {
        let mut index = self.stored_checkpoints();
        for checkpoint in &self.fresh {
            store.set_checkpoint(asset, None, index, checkpoint);
            index = index.wrapping_add(1);
        }
    }

    /// Returns the pool's sum after `day`, which is the day of a change of a stake or the day before.
    fn after<S: Store>(&self, store: &S, asset: &S::Asset, day: u64) -> U256 {
        if day >= self.pool.closed {
            return self.pool.per_unit;
        }
        if let Some(fresh) = self.fresh.iter().rev().find(|checkpoint| checkpoint.at <= day) {
            return fresh.per_unit;
        }
        // All checkpoints below `low` are at `day` or before, and all from `high` on are after it.
        let (mut low, mut high, mut sum) = (0, self.stored_checkpoints(), U256::ZERO);
        while low < high {
            let middle = low.wrapping_add(high.wrapping_sub(low) >> 1);
            let checkpoint = store.checkpoint(asset, None, middle);
            if checkpoint.at <= day {
                (low, sum) = (middle.wrapping_add(1), checkpoint.per_unit);
            } else {
                high = middle;
            }
        }
        sum
    }
}

/// Returns everyone's record for `day`: the last one of that day or earlier. It is `first` or a later one.
fn in_force<S: Store>(store: &S, first: u32, day: u64) -> StakeRecord {
    let current = store.stake(None, CURRENT);
    let mut found = record(store, None, &current, first);
    // At most one for each day.
    let days = u32::try_from(day.saturating_sub(found.day)).unwrap_or(u32::MAX);
    let mut last = found.index.saturating_add(days).min(current.index);
    while found.index < last {
        // Half of the distance, rounded up: from 1 to the whole distance.
        let way = last.wrapping_sub(found.index);
        let middle = found.index.wrapping_add(way.wrapping_sub(way >> 1));
        let record = record(store, None, &current, middle);
        if record.day <= day {
            found = record;
        } else {
            last = middle.wrapping_sub(1);
        }
    }
    found
}

/// Returns `(part * 2^128 + rest) / stake`, rounded down, and the remainder; `None` without a stake.
fn divide(part: u128, rest: u128, stake: u128) -> Option<(U256, u128)> {
    let (high, left) = U256::from(part).div_rem(stake.into())?;
    // The remainder is below the stake, so this quotient is below 2^128.
    let (low, left) = U256::new(left.to_u128()?, rest).div_rem(stake.into())?;
    Some((U256::new(high, low), left.to_u128()?))
}

/// A claim of a staker.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Due {
    /// Amount to pay.
    pub amount: u128,
    /// Checkpoint of the staker's claims after this claim.
    pub claimed: Checkpoint,
    /// Whether records are left for another claim.
    pub more: bool,
}

/// Computes what `fan` has earned in `asset` on the days before `until`, which must be settled. Reads at most `most`
/// records.
#[inline(never)]
pub fn due<S: Store>(store: &S, settled: &Settling, asset: &S::Asset, fan: &S::Account, until: u64, most: u32) -> Due {
    let current = store.stake(Some(fan), CURRENT);
    let mut claimed = store.checkpoint(asset, Some(fan), 0);
    // Records are counted in 32 bits.
    let mut next = claimed.at as u32;
    let first = next;
    let mut stake = match next.checked_sub(1) {
        Some(last) => record(store, Some(fan), &current, last).staked,
        None => 0,
    };
    // In units times 2^-128. All that was ever added to the pool is below 2^128 units.
    let mut sum = U256::from(claimed.rest);
    let mut earn = |stake: u128, to: U256| {
        sum.add(&to.wrapping_sub(claimed.per_unit).wrapping_mul(stake));
        claimed.per_unit = to;
    };
    let mut more = false;
    while next <= current.index {
        let change = record(store, Some(fan), &current, next);
        if change.day >= until {
            break;
        }
        if next.wrapping_sub(first) == most {
            more = true;
            break;
        }
        earn(stake, settled.after(store, asset, change.day.saturating_sub(1)));
        earn(change.least, settled.after(store, asset, change.day));
        stake = change.staked;
        next = next.wrapping_add(1);
    }
    if !more {
        earn(stake, settled.pool.per_unit);
    }
    sum.add(&TOLERANCE.into());
    (claimed.at, claimed.rest) = (next.into(), sum.lower().saturating_sub(TOLERANCE));
    Due { amount: sum.upper(), claimed, more }
}
