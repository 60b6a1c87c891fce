//! The stakers' share of the income: by stake and by whole days, at the same cost for any number of stakers.
//!
//! **The rule.** Splits can give a part to the stakers. On each UTC day a stake counts with the least that was staked at any
//! moment of that day ([`StakeRecord::on`]). So a stake counts from the next midnight on, and what is unstaked has not counted
//! since the last midnight. A stake for a block or for less than a whole UTC day earns nothing, whenever it is made. The
//! stakers' part of a day's income is shared by what counted on that day, once the day is over.
//!
//! **Nobody staked.** While nothing counts, all of a payment is the other recipients' ([`Terms::part`]). Where something counted
//! and all of it is unstaked before the day ends, the day's part returns to the other recipients, under the splits of the last
//! payment that added to it. Both are exact. A day can be settled by anyone, so nothing waits for a staker who may never come.
//!
//! **A payment** divides nothing. It adds the stakers' part to the running day ([`DayPart`]), which is in the asset's ledger.
//! The first payment of a later day also keeps the day before as a record of its own. It reads no stake.
//!
//! **Settling** divides such days by what counted on them, the oldest first, [`MAX_DAYS`] in one call. Each asset has one
//! [`Pool`]: the sum over all settled days of `part * 2^128 / stake`. Between two days a stake of `s` has earned `s` times the
//! difference of two such sums. What a division leaves over is carried to the next one ([`Pool::rest`]), so that all parts
//! that were ever settled are `sum over days (quotient * stake) + rest` exactly.
//!
//! **Every asset.** A staker claims one asset at a time, and a change of a stake touches no asset. So both sides keep history:
//! a staker's past [`StakeRecord`]s, one for each day on which the stake changed, at the staker's deposit; and for an asset the
//! sums before and after such days, as [`Checkpoint`]s. A sum that no change of a stake can ask for is not kept, so there are
//! at most two checkpoints for each day on which anyone changed a stake, and never more than days with income. Who settles pays
//! for them, and gets the deposits of the settled days. A claim goes through the staker's own records only, [`MAX_RECORDS`] in
//! one call, and finds each sum by binary search.
//!
//! **Never too much.** On each day the stakes that count sum to the total that the day's part is divided by, quotients are
//! rounded down, and so is what a claim pays (but for `TOLERANCE`). So all claims together never exceed the parts. What
//! rounding keeps back of a staker's due is less than a unit of the asset in all, however often the staker claims.

use crate::{bp, wide::U256};
use alloc::vec::Vec;
use ink_lite::put;

#[cfg(test)]
mod tests;

/// Index under which the current record of a staker, or of everyone, is kept. The past ones are kept under 0, 1, and so on.
pub const CURRENT: u32 = u32::MAX;

/// Most records of a staker that one claim goes through: with two binary searches each this fits a block many times over.
pub const MAX_RECORDS: u32 = 16;

/// Most days that are settled in one call. Each is a record that is read and deleted, a binary search, and at most one checkpoint.
pub const MAX_DAYS: u32 = 32;

/// What may lack to a whole unit that a claim pays, in units times 2^-128. Quotients are rounded down, so that otherwise a quarter
/// of a hundred would often be paid as 24.
///
/// A claim gains less than 2^-64 units by it. What is paid is whole, so all claims together would exceed the parts by a unit only
/// after 2^64 of them.
const TOLERANCE: u128 = 1 << 64;

/// What someone, or everyone together, has staked: on the day of a change, and on all days after it until the next one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "codec", derive(parity_scale_codec::Encode, parity_scale_codec::Decode))]
#[cfg_attr(all(feature = "codec", feature = "std"), derive(scale_info::TypeInfo))]
#[cfg_attr(feature = "codec", derive(ink_lite::Decode))]
pub struct StakeRecord {
    /// The day of the change, counted from 1970-01-01 (UTC).
    pub day: u64,
    /// What counts on that day: the least that was staked at any moment of it.
    pub least: u128,
    /// What is staked since the last change of that day, and counts on the days after it.
    pub staked: u128,
    /// How many records came before it.
    pub index: u32,
}

impl StakeRecord {
    /// What counts on `day`, which is the day of the record or a later one before the next record.
    pub fn on(&self, day: u64) -> u128 {
        if day == self.day {
            self.least
        } else {
            self.staked
        }
    }
}

/// Stakers' part of an asset's income of one day, which is not divided among them yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "codec", derive(parity_scale_codec::Encode, parity_scale_codec::Decode))]
#[cfg_attr(all(feature = "codec", feature = "std"), derive(scale_info::TypeInfo))]
#[cfg_attr(feature = "codec", derive(ink_lite::Decode))]
pub struct DayPart {
    /// The day, counted from 1970-01-01 (UTC).
    pub day: u64,
    /// How much, in planck or smallest units.
    pub part: u128,
    /// Version of the splits under which it was last added to.
    pub version: u32,
}

/// What stakers get of new income.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "codec", derive(parity_scale_codec::Encode, parity_scale_codec::Decode))]
#[cfg_attr(all(feature = "codec", feature = "std"), derive(scale_info::TypeInfo))]
#[cfg_attr(feature = "codec", derive(ink_lite::Decode))]
pub struct Terms {
    /// Their part, in basis points.
    pub share: u16,
    /// The first day on which a stake counts; [`NEVER`] while nothing is staked.
    pub from: u64,
}

/// Later than every day.
pub const NEVER: u64 = u64::MAX;

impl Terms {
    /// The stakers' part of an income of `amount` on `day`, rounded down.
    pub fn part(&self, amount: u128, day: u64) -> u128 {
        if day < self.from {
            0
        } else {
            bp::share_down(amount, self.share)
        }
    }
}

/// What an asset's income has earned for stakers on the days that are settled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "codec", derive(parity_scale_codec::Encode, parity_scale_codec::Decode))]
#[cfg_attr(all(feature = "codec", feature = "std"), derive(scale_info::TypeInfo))]
#[cfg_attr(feature = "codec", derive(ink_lite::Decode))]
pub struct Pool {
    /// Sum over all settled days of `part / stake`, times 2^128, modulo 2^256: only differences count.
    pub per_unit: U256,
    /// The last day that is in `per_unit`.
    pub closed: u64,
    /// What the last division left over, in units times 2^-128.
    pub rest: u128,
    /// Index of everyone's record that was in force on `closed`.
    pub index: u32,
    /// How many checkpoints there are.
    pub checkpoints: u32,
    /// How many records of days are settled.
    pub settled: u32,
}

/// A sum at some point: the pool's after a day, or a staker's at the last claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "codec", derive(parity_scale_codec::Encode, parity_scale_codec::Decode))]
#[cfg_attr(all(feature = "codec", feature = "std"), derive(scale_info::TypeInfo))]
#[cfg_attr(feature = "codec", derive(ink_lite::Decode))]
pub struct Checkpoint {
    /// The day after which the pool had that sum; or how many of the staker's records are settled.
    pub at: u64,
    /// The sum, as [`Pool::per_unit`].
    pub per_unit: U256,
    /// What the staker's claims have left over, in units times 2^-128, so that it does not matter how often one claims; 0 for a
    /// pool.
    pub rest: u128,
}

/// Where the records of one vault are kept. What is not there is the default.
pub trait Store {
    /// An account.
    type Account;
    /// What money is in.
    type Asset;

    /// A record of `who`'s, or of everyone's together.
    fn stake(&self, who: Option<&Self::Account>, index: u32) -> StakeRecord;
    /// Keeps it.
    fn set_stake(&mut self, who: Option<&Self::Account>, index: u32, record: &StakeRecord);
    /// A checkpoint of the pool of `asset`, or where `who`'s claims of it are (index 0).
    fn checkpoint(&self, asset: &Self::Asset, who: Option<&Self::Account>, index: u32) -> Checkpoint;
    /// Keeps it.
    fn set_checkpoint(&mut self, asset: &Self::Asset, who: Option<&Self::Account>, index: u32, checkpoint: &Checkpoint);
}

/// `fan` has `staked` units from now on, on `day`. Returns from which day on something counts ([`Terms::from`]), or `None` where
/// that is as it was.
pub fn set_stake<S: Store>(store: &mut S, fan: &S::Account, staked: u128, day: u64) -> Option<u64> {
    let own = store.stake(Some(fan), CURRENT);
    if own.staked == staked {
        return None;
    }
    let counted = own.on(day);
    let least = counted.min(staked);
    let all = store.stake(None, CURRENT);
    // Everyone's is the sum of all fans', each of which is in it. All that is staked is counted in 128 bits.
    let everyone = all.staked.wrapping_sub(own.staked).wrapping_add(staked);
    let counting = all.on(day).wrapping_sub(counted).wrapping_add(least);
    turn(store, Some(fan), own, day, (least, staked));
    turn(store, None, all, day, (counting, everyone));
    match (counting, everyone) {
        (0, 0) => Some(NEVER),
        // A block time's day, and the next.
        (0, _) => Some(day.wrapping_add(1)),
        _ => None,
    }
}

/// Replaces the `current` record, and keeps it as a past one if it is of an earlier day.
#[inline(never)]
fn turn<S: Store>(
    store: &mut S,
    who: Option<&S::Account>,
    current: StakeRecord,
    day: u64,
    (least, staked): (u128, u128),
) {
    let mut index = current.index;
    if current.day != day && current != StakeRecord::default() {
        store.set_stake(who, index, &current);
        // One for each day.
        index = index.wrapping_add(1);
    }
    store.set_stake(who, CURRENT, &StakeRecord { day, least, staked, index });
}

/// Record number `index`, where `current` is the current one.
#[inline(never)]
fn record<S: Store>(store: &S, who: Option<&S::Account>, current: &StakeRecord, index: u32) -> StakeRecord {
    if index == current.index {
        *current
    } else {
        store.stake(who, index)
    }
}

/// A pool that is being settled, with the checkpoints that it counts already and that are not kept yet.
#[derive(Debug, Clone)]
pub struct Settling {
    /// The pool.
    pub pool: Pool,
    fresh: Vec<Checkpoint>,
}

impl Settling {
    /// Settles `pool`, as far as it was settled before, by at most [`MAX_DAYS`] days more.
    pub fn new(pool: Pool) -> Self {
        Self { pool, fresh: Vec::with_capacity(MAX_DAYS as usize) }
    }

    /// Divides the part of a `day` that is over by what counted on it. Days must come in their order, each once. Returns whether
    /// anything counted; if nothing did, the part is income of the other recipients.
    #[inline(never)]
    pub fn settle<S: Store>(&mut self, store: &S, day: &DayPart) -> bool {
        let pool = &mut self.pool;
        let in_force = in_force(store, pool.index, day.day);
        let Some((quotient, rest)) = divide(day.part, pool.rest, in_force.on(day.day)) else { return false };
        // The sum before is asked for only by a stake that changed between the two days or on one of them.
        if in_force.day >= pool.closed && pool.per_unit != U256::ZERO {
            put(&mut self.fresh, Checkpoint { at: pool.closed, per_unit: pool.per_unit, rest: 0 });
            // At most one for each settled day, which are counted in 32 bits.
            pool.checkpoints = pool.checkpoints.wrapping_add(1);
        }
        pool.per_unit.add(&quotient);
        (pool.rest, pool.closed, pool.index) = (rest, day.day, in_force.index);
        true
    }

    /// How many checkpoints are kept already.
    fn kept(&self) -> u32 {
        // Those that are fresh are counted in `checkpoints`.
        self.pool.checkpoints.wrapping_sub(self.fresh.len() as u32)
    }

    /// Keeps the checkpoints. The pool is left to the caller.
    pub fn keep<S: Store>(&self, store: &mut S, asset: &S::Asset) {
        let mut index = self.kept();
        for checkpoint in &self.fresh {
            store.set_checkpoint(asset, None, index, checkpoint);
            index = index.wrapping_add(1);
        }
    }

    /// The pool's sum after `day`, which is the day of a change of a stake or the day before.
    fn after<S: Store>(&self, store: &S, asset: &S::Asset, day: u64) -> U256 {
        if day >= self.pool.closed {
            return self.pool.per_unit;
        }
        if let Some(fresh) = self.fresh.iter().rev().find(|checkpoint| checkpoint.at <= day) {
            return fresh.per_unit;
        }
        // Of those below `low` all are at `day` or before, of those from `high` on none is.
        let (mut low, mut high, mut sum) = (0, self.kept(), U256::ZERO);
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

/// Everyone's record in force on `day`: the last that is of that day or earlier. That is `first` or a later one.
fn in_force<S: Store>(store: &S, first: u32, day: u64) -> StakeRecord {
    let current = store.stake(None, CURRENT);
    let mut found = record(store, None, &current, first);
    // There is at most one for each day.
    let days = u32::try_from(day.saturating_sub(found.day)).unwrap_or(u32::MAX);
    let mut last = found.index.saturating_add(days).min(current.index);
    while found.index < last {
        // Half of the way, rounded up: from 1 to all of it.
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

/// `(part * 2^128 + rest) / stake`, rounded down, and what is left over; `None` without a stake.
fn divide(part: u128, rest: u128, stake: u128) -> Option<(U256, u128)> {
    let (high, left) = U256::from(part).div_rem(stake.into())?;
    // What is left is below the stake, so this quotient is below 2^128.
    let (low, left) = U256::new(left.to_u128()?, rest).div_rem(stake.into())?;
    Some((U256::new(high, low), left.to_u128()?))
}

/// What a staker can claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Due {
    /// How much.
    pub amount: u128,
    /// Where the staker's claims are after it.
    pub claimed: Checkpoint,
    /// Whether there are records left, for another claim.
    pub more: bool,
}

/// What `fan` has earned in `asset` on the days before `until`, all of which are settled, as far as `most` records go.
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
