//! Tests against a model that stores every stake change and every payment of every day.

mod vault;

use super::*;
use crate::{
    ledger::{Ledger, Pot},
    testing::config,
};
use primitive_types::U512;
use proptest::prelude::*;
use std::{collections::BTreeMap, vec, vec::Vec};
use vault::Vault;

const FANS: usize = 4;
const ASSETS: usize = 2;
const START: u64 = 20_000;

/// Every day on its own, the long way.
struct Model {
    staked: [u128; FANS],
    /// The least of each fan by day, of days that have begun.
    least: BTreeMap<u64, [u128; FANS]>,
    /// Stakers' part by asset and day, and the version of the last payment.
    parts: BTreeMap<(usize, u64), (u128, u32)>,
    others: BTreeMap<(usize, u32), u128>,
}

impl Model {
    fn begin(&mut self, day: u64) {
        let last = *self.least.keys().last().unwrap();
        for day in last + 1..=day {
            self.least.insert(day, self.staked);
        }
    }

    fn stake(&mut self, fan: usize, staked: u128, day: u64) {
        self.staked[fan] = staked;
        let least = self.least.get_mut(&day).unwrap();
        least[fan] = least[fan].min(staked);
    }

    fn pay(&mut self, asset: usize, amount: u128, share: u16, version: u32, day: u64) {
        let counting: u128 = self.least[&day].iter().sum();
        let part = if counting > 0 { amount * u128::from(share) / 10_000 } else { 0 };
        *self.others.entry((asset, version)).or_default() += amount - part;
        if part > 0 {
            let of_day = self.parts.entry((asset, day)).or_insert((0, 0));
            *of_day = (of_day.0 + part, version);
        }
    }

    /// What each fan has earned until `day`, times 2^128, rounded down for each day.
    fn earned(&self, asset: usize, day: u64) -> [U512; FANS] {
        let mut sums = [U512::zero(); FANS];
        for ((_, on), (part, _)) in self.parts.iter().filter(|((of, on), _)| *of == asset && *on < day) {
            let least = self.least[on];
            let all: u128 = least.iter().sum();
            if all > 0 {
                for (sum, stake) in sums.iter_mut().zip(least) {
                    *sum += (U512::from(*part) << 128) * U512::from(stake) / U512::from(all);
                }
            }
        }
        sums
    }

    /// What the others share when `day` has begun.
    fn others(&self, day: u64) -> BTreeMap<(usize, u32), u128> {
        let mut others = self.others.clone();
        for ((asset, on), (part, version)) in &self.parts {
            if *on < day && self.least[on].iter().sum::<u128>() == 0 {
                *others.entry((*asset, *version)).or_default() += part;
            }
        }
        others.retain(|_, amount| *amount > 0);
        others
    }
}

#[derive(Debug, Clone)]
enum Step {
    Wait(u64),
    Stake(usize, u128),
    Unstake(usize, u128),
    Leave(usize),
    Pay(usize, u128),
    Claim(usize, usize),
    Split(u16),
}

fn steps(most: u128) -> impl Strategy<Value = Vec<Step>> {
    let (fan, asset) = (|| 0..FANS, || 0..ASSETS);
    prop::collection::vec(
        prop_oneof![
            4 => prop_oneof![3 => Just(1), 2 => 2..5u64, 1 => 5..2_000u64].prop_map(Step::Wait),
            4 => (fan(), 1..most).prop_map(|(fan, amount)| Step::Stake(fan, amount)),
            2 => (fan(), 1..most).prop_map(|(fan, amount)| Step::Unstake(fan, amount)),
            2 => fan().prop_map(Step::Leave),
            6 => (asset(), prop_oneof![0..20u128, 1..1u128 << 90]).prop_map(|(asset, amount)| Step::Pay(asset, amount)),
            2 => (fan(), asset()).prop_map(|(fan, asset)| Step::Claim(fan, asset)),
            1 => prop_oneof![Just(0), 1..10_000u16].prop_map(Step::Split),
        ],
        1..80,
    )
}

fn play(steps: &[Step]) {
    let mut vault = Vault::default();
    let mut model = Model {
        staked: [0; FANS],
        least: BTreeMap::from([(START, [0; FANS])]),
        parts: BTreeMap::new(),
        others: BTreeMap::new(),
    };
    let (mut day, mut share, mut version) = (START, 1_000, 0);
    let change = |vault: &mut Vault, model: &mut Model, fan: usize, staked: u128, day: u64| {
        vault.stake(fan, staked, day);
        model.stake(fan, staked, day);
    };
    for step in steps {
        match *step {
            Step::Wait(days) => {
                day += days;
                model.begin(day);
            }
            Step::Stake(fan, amount) => {
                let staked = model.staked[fan] + amount;
                change(&mut vault, &mut model, fan, staked, day);
            }
            Step::Unstake(fan, amount) => {
                let staked = model.staked[fan].saturating_sub(amount);
                change(&mut vault, &mut model, fan, staked, day);
            }
            Step::Leave(fan) => change(&mut vault, &mut model, fan, 0, day),
            Step::Pay(asset, amount) => {
                vault.pay(asset, amount, share, version, day);
                model.pay(asset, amount, share, version, day);
            }
            Step::Claim(fan, asset) => {
                vault.claim(fan, asset, day);
            }
            Step::Split(part) => (share, version) = (part, version + 1),
        }
    }
    day += 1;
    model.begin(day);
    for asset in 0..ASSETS {
        let earned = model.earned(asset, day);
        for (fan, earned) in earned.iter().enumerate() {
            while vault.claim(fan, asset, day) {}
            assert!(!vault.claim(fan, asset, day), "nothing is claimed twice");
            let claimed = U512::from(vault.claimed[asset][fan]) << 128;
            // All claims together round down to a unit, a division to a part of 2^128 for each unit of stake.
            let tiny = U512::from(80u32) << 100;
            assert!(claimed <= *earned + tiny, "{claimed} of {earned}");
            let unit = U512::one() << 128;
            assert!(claimed + unit + tiny >= *earned, "{claimed} of {earned}");
        }
        // Never more than the parts, and the rest of them is dust.
        let parts: u128 = (model.parts.iter())
            .filter(|((of, on), _)| *of == asset && model.least[on].iter().any(|stake| *stake > 0))
            .map(|(_, (part, _))| part)
            .sum();
        let paid: u128 = vault.claimed[asset].iter().sum();
        assert!(paid <= parts && parts - paid <= FANS as u128 + 1, "{paid} of {parts}");
    }
    assert!(vault.days.is_empty(), "a settled day is kept");
    assert_eq!(vault.others(), model.others(day));
}

proptest! {
    #![proptest_config(config())]

    /// Small stakes and large ones: the naive model agrees on what each staker and the others get.
    #[test]
    fn every_staker_gets_the_part_of_every_day(steps in prop_oneof![steps(10), steps(1 << 96)]) {
        play(&steps);
    }

    #[test]
    fn division_loses_nothing(part: u128, rest: u128, stake in crate::testing::any_size()) {
        let Some((quotient, left)) = divide(part, rest, stake) else {
            prop_assert_eq!(stake, 0);
            return Ok(());
        };
        let wide = |value: U256| (U512::from(value.upper()) << 128) + U512::from(value.lower());
        prop_assert!(left < stake);
        let whole = (U512::from(part) << 128) + U512::from(rest);
        prop_assert_eq!(wide(quotient) * U512::from(stake) + U512::from(left), whole);
    }
}

/// A vault in which these fans stake so much on the first day, and a payment of 1,000 with a tenth for stakers on `day`.
fn staked(stakes: &[u128]) -> Vault {
    let mut vault = Vault::default();
    for (fan, stake) in stakes.iter().enumerate() {
        vault.stake(fan, *stake, START);
    }
    vault
}

#[test]
fn a_stake_for_less_than_a_whole_day_earns_nothing() {
    let mut vault = staked(&[1, 0]);
    // Right before midnight until right after it, with all that is collected then.
    vault.stake(1, 1_000_000, START);
    vault.pay(0, 1_000, 1_000, 0, START + 1);
    vault.stake(1, 0, START + 1);
    // On the same day.
    vault.stake(1, 1_000_000, START + 1);
    vault.pay(0, 1_000, 1_000, 0, START + 1);
    vault.stake(1, 0, START + 1);
    vault.claim(0, 0, START + 2);
    vault.claim(1, 0, START + 2);
    assert_eq!(vault.claimed[0], [200, 0, 0, 0]);
}

#[test]
fn a_day_pays_when_it_is_over() {
    let mut vault = staked(&[3, 1]);
    vault.pay(0, 1_000, 1_000, 0, START);
    assert_eq!(vault.others()[&(0, 0)], 1_000, "on the day of the first stake nobody counts");
    vault.pay(0, 1_000, 1_000, 0, START + 1);
    vault.claim(0, 0, START + 1);
    assert_eq!(vault.claimed[0][0], 0);
    vault.claim(0, 0, START + 2);
    vault.claim(1, 0, START + 9);
    assert_eq!(vault.claimed[0], [75, 25, 0, 0]);
    assert_eq!(vault.others()[&(0, 0)], 1_900);
}

#[test]
fn the_part_of_a_day_on_which_all_left_returns_to_the_others() {
    let mut vault = staked(&[3, 1]);
    vault.pay(0, 1_000, 1_000, 4, START + 1);
    vault.stake(0, 0, START + 1);
    vault.stake(1, 0, START + 1);
    let returned = |vault: &Vault, day| vault.settle(0, day).2.iter().map(|day| day.part).sum::<u128>();
    assert_eq!(returned(&vault, START + 1), 0);
    assert_eq!(returned(&vault, START + 2), 100);
    vault.pay(0, 1, 1_000, 5, START + 7);
    assert_eq!(vault.others()[&(0, 4)], 900);
    assert_eq!(vault.others()[&(0, 5)], 1);
    // Anyone can settle it.
    vault.claim(3, 0, START + 8);
    assert_eq!(vault.others()[&(0, 4)], 1_000);
    assert_eq!(vault.others()[&(0, 5)], 1);
    assert_eq!(returned(&vault, START + 9), 0);
    assert_eq!(vault.claimed[0], [0; FANS]);
}

#[test]
fn what_stakes_after_all_left_counts_from_the_next_day_on() {
    let mut vault = staked(&[3, 0]);
    vault.stake(1, 5, START + 1);
    vault.stake(0, 0, START + 1);
    assert_eq!(vault.terms.from, START + 2);
    vault.pay(0, 1_000, 1_000, 0, START + 1);
    assert_eq!(vault.others()[&(0, 0)], 1_000);
    vault.pay(0, 1_000, 1_000, 0, START + 2);
    vault.stake(1, 0, START + 2);
    assert_eq!(vault.terms.from, NEVER);
}

#[test]
fn a_day_without_change_adds_no_record() {
    let mut vault = staked(&[3, 1]);
    for day in 1..100 {
        vault.pay(0, 1_000, 1_000, 0, START + day);
    }
    while vault.claim(0, 0, START + 100) {}
    let of_pool = |vault: &Vault| vault.storage.checkpoints.keys().filter(|key| key.1.is_none()).count();
    assert_eq!(of_pool(&vault), 0);
    assert_eq!(vault.storage.stakes.len(), 3);
    for day in 100..110 {
        vault.stake(0, u128::from(day), START + day);
        vault.pay(0, 1_000, 1_000, 0, START + day);
    }
    while vault.claim(0, 0, START + 110) {}
    assert!(of_pool(&vault) <= 20);
}

#[test]
fn so_many_days_are_settled_in_one_call_and_each_reads_a_few_records() {
    let mut vault = staked(&[1]);
    let days = u64::from(3 * MAX_DAYS);
    for day in 1..=days {
        vault.stake(0, 1 + u128::from(day), START + day);
        vault.pay(0, 1_000, 1_000, 0, START + day);
    }
    // A day on which nothing changed before a long time of changes.
    let quiet = START + days + 1;
    vault.pay(0, 1_000, 1_000, 0, quiet);
    for day in 1..=1_000 {
        vault.stake(0, u128::from(day), quiet + day);
    }
    let end = quiet + 1_001;
    vault.pay(0, 1_000, 1_000, 0, end);
    let mut claims = 1;
    while vault.claim(0, 0, end + 1) {
        claims += 1;
    }
    assert!(claims > 3, "{claims}");
    assert_eq!(vault.claimed[0][0], (u128::from(days) + 2) * 100);
}

#[test]
fn a_claim_goes_through_so_many_records_and_the_next_goes_on() {
    let mut vault = staked(&[0]);
    let days = u64::from(2 * MAX_RECORDS) + 1;
    for day in 0..days {
        vault.stake(0, 1 + u128::from(day), START + day);
    }
    // Nothing came in meanwhile, and what came in later is not out of reach.
    vault.pay(0, 1_000, 1_000, 0, START + days + 5);
    let after = START + days + 6;
    assert_eq!([(); 4].map(|()| vault.claim(0, 0, after)), [true, true, false, false]);
    // A hundred divided by thirty-three and times thirty-three, without losing a unit.
    assert_eq!(vault.claimed[0][0], 100);
    vault.pay(0, 1_000, 1_000, 0, after);
    vault.claim(0, 0, after + 1);
    assert_eq!(vault.claimed[0][0], 200);
    assert_eq!(vec![0; FANS - 1], vault.claimed[0][1..].to_vec());
}
