//! The stakers' share as each staker sees it: every day, payment and stake separately.

use patronage_core::stake_income::MAX_DAYS;
use std::collections::BTreeMap;
use test_kit::DAY;

/// Precision of sums of daily earnings: units times 2^-20.
const SCALE: u32 = 20;

/// Stakes and earnings of four people in two assets.
#[derive(Default)]
pub struct Stakers {
    /// Each person's stake after each change, with the time of the change.
    stakes: [Vec<(u64, u128)>; 4],
    /// The stakers' part of each day, and the latest version of the splits that added to it.
    parts: [BTreeMap<u64, (u128, usize)>; 2],
    /// Days before this one are settled.
    settled: [u64; 2],
    claimed: [[u128; 4]; 2],
}

impl Stakers {
    pub fn set(&mut self, who: usize, staked: u128, now: u64) {
        self.stakes[who].push((now, staked));
    }

    /// The least stake of `who` on `day`, as far as it is known.
    fn least(&self, who: usize, day: u64) -> u128 {
        let begins = day * DAY;
        let changes = &self.stakes[who];
        let before = changes.iter().rev().find(|(time, _)| *time < begins).map_or(0, |(_, staked)| *staked);
        let during = changes.iter().filter(|(time, _)| time / DAY == day).map(|(_, staked)| *staked);
        during.fold(before, u128::min)
    }

    fn counting(&self, day: u64) -> u128 {
        (0..4).map(|who| self.least(who, day)).sum()
    }

    /// Takes the stakers' part out of an income of `amount`. Returns the rest.
    pub fn part(&mut self, asset: usize, amount: u128, bp: u16, version: usize, now: u64) -> u128 {
        let day = now / DAY;
        let part = if self.counting(day) > 0 { amount * u128::from(bp) / 10_000 } else { 0 };
        if part > 0 {
            let of_day = self.parts[asset].entry(day).or_insert((0, version));
            *of_day = (of_day.0 + part, version);
        }
        amount - part
    }

    /// Settles days as a claim does. Returns the parts without a counting stake with their version, the number of
    /// settled days, and whether all past days are settled.
    pub fn settle(&mut self, asset: usize, now: u64) -> (Vec<(usize, u128)>, usize, bool) {
        let today = now / DAY;
        let open: Vec<u64> = self.parts[asset].range(self.settled[asset]..today).map(|(day, _)| *day).collect();
        let days = &open[..open.len().min(MAX_DAYS as usize)];
        let returned = days.iter().filter(|day| self.counting(**day) == 0);
        let returned = returned.map(|day| self.parts[asset][day]).map(|(part, version)| (version, part)).collect();
        let all = days.len() == open.len();
        self.settled[asset] = if all { today } else { days[days.len() - 1] + 1 };
        (returned, days.len(), all)
    }

    /// Earnings of `who` on settled days in units times 2^-[`SCALE`], rounded down for each day, and the number of
    /// these days.
    fn earned(&self, who: usize, asset: usize) -> (u128, u128) {
        let (mut earned, mut count) = (0, 0);
        for (day, (part, _)) in self.parts[asset].range(..self.settled[asset]) {
            let all = self.counting(*day);
            if let Some(part) = ((part * self.least(who, *day)) << SCALE).checked_div(all) {
                earned += part;
                count += 1;
            }
        }
        (earned, count)
    }

    /// Asserts that `amount` can be the claim of `who` after settling: never more than was earned, and at most one unit
    /// less if it is `all`.
    pub fn claim(&mut self, who: usize, asset: usize, amount: u128, all: bool) {
        let claimed = self.claimed[asset][who] + amount;
        let (earned, days) = self.earned(who, asset);
        assert!(claimed << SCALE <= earned + days + 1, "{who} got {claimed} of {earned}");
        if all {
            assert!((claimed + 1) << SCALE >= earned, "{who} got {claimed} of {earned}");
        }
        self.claimed[asset][who] = claimed;
    }

    /// Whether `who` can have something to claim.
    pub fn waits(&self, who: usize, asset: usize) -> bool {
        (self.claimed[asset][who] + 1) << SCALE <= self.earned(who, asset).0
    }

    /// Whether a past day is not settled.
    pub fn is_open(&self, asset: usize, now: u64) -> bool {
        self.parts[asset].range(self.settled[asset]..now / DAY).next().is_some()
    }

    /// What was set aside and neither claimed nor returned.
    pub fn owed(&self, asset: usize) -> u128 {
        let open = |day: u64| day >= self.settled[asset] || self.counting(day) > 0;
        let parts: u128 = self.parts[asset].iter().filter(|(day, _)| open(**day)).map(|(_, (part, _))| part).sum();
        parts - self.claimed[asset].iter().sum::<u128>()
    }

    /// The maximum that rounding can leave: less than a unit for each of the four people and for a division.
    pub fn most_dust(&self, asset: usize) -> u128 {
        if self.parts[asset].is_empty() {
            0
        } else {
            5
        }
    }
}
