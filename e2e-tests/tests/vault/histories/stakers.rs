//! The stakers' share as each staker sees it: every day, every payment and every stake on its own.

use patronage_core::stake_income::MAX_DAYS;
use std::collections::BTreeMap;
use test_kit::DAY;

/// Precision of sums of what days have earned: units times 2^-20.
const SCALE: u32 = 20;

/// What four people have staked and earned, in two assets.
#[derive(Default)]
pub struct Stakers {
    /// What each has staked after each change, by the time of the change.
    stakes: [Vec<(u64, u128)>; 4],
    /// The part of each day, and the version of the splits that was last added to it.
    parts: [BTreeMap<u64, (u128, usize)>; 2],
    /// The days before this one are settled.
    settled: [u64; 2],
    claimed: [[u128; 4]; 2],
}

impl Stakers {
    pub fn set(&mut self, who: usize, staked: u128, now: u64) {
        self.stakes[who].push((now, staked));
    }

    /// The least that `who` had staked on `day`, as far as is known.
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

    /// Takes the stakers' part out of an income of `amount`, and returns the rest.
    pub fn part(&mut self, asset: usize, amount: u128, bp: u16, version: usize, now: u64) -> u128 {
        let day = now / DAY;
        let part = if self.counting(day) > 0 { amount * u128::from(bp) / 10_000 } else { 0 };
        if part > 0 {
            let of_day = self.parts[asset].entry(day).or_insert((0, version));
            *of_day = (of_day.0 + part, version);
        }
        amount - part
    }

    /// Settles days as a claim does. Returns what nobody staked for, with the version that it goes to, how many days it settles,
    /// and whether it is all.
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

    /// What `who` has earned on settled days, in units times 2^-[`SCALE`], rounded down for each day, and how many days these are.
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

    /// That `amount` can be what `who` claims after the days were settled: never more than was earned, and less by a unit at the
    /// most where it is `all`.
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

    /// Whether a day is over that is not settled.
    pub fn is_open(&self, asset: usize, now: u64) -> bool {
        self.parts[asset].range(self.settled[asset]..now / DAY).next().is_some()
    }

    /// What was set aside and neither claimed nor returned.
    pub fn owed(&self, asset: usize) -> u128 {
        let open = |day: u64| day >= self.settled[asset] || self.counting(day) > 0;
        let parts: u128 = self.parts[asset].iter().filter(|(day, _)| open(**day)).map(|(_, (part, _))| part).sum();
        parts - self.claimed[asset].iter().sum::<u128>()
    }

    /// The most that rounding can leave: less than a unit for each of the four, and of a division.
    pub fn most_dust(&self, asset: usize) -> u128 {
        if self.parts[asset].is_empty() {
            0
        } else {
            5
        }
    }
}
