//! Stakes: tokens that a fan locks for access. They cannot be in two accounts at once, or borrowed for a moment.

/// Stake of a fan, and what is in its cooldown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "codec", derive(parity_scale_codec::Encode, parity_scale_codec::Decode))]
#[cfg_attr(all(feature = "codec", feature = "std"), derive(scale_info::TypeInfo))]
#[cfg_attr(feature = "codec", derive(ink_lite::Decode))]
pub struct Stake {
    /// Staked smallest units.
    pub staked: u128,
    /// The time since which all of `staked` has been staked, in ms; 0 without a stake.
    pub since: u64,
    /// Smallest units that are no longer staked and wait for `ready`.
    pub unstaking: u128,
    /// The first millisecond in which all of `unstaking` can be withdrawn; 0 if there is nothing.
    pub ready: u64,
}

impl Stake {
    /// Whether all amounts are 0.
    pub fn is_empty(&self) -> bool {
        self.staked == 0 && self.unstaking == 0
    }

    /// Adds `amount` at `now` (ms). From then on the whole stake counts as staked since `now`, so a top-up of an old stake
    /// does not count as old.
    pub fn add(&mut self, amount: u128, now: u64) {
        // The ledger counts the sum of all stakes in 128 bits, including cooldowns, before one is added:
        // `ledger::Pot::Stakes`.
        self.staked = self.staked.wrapping_add(amount);
        self.since = now;
    }

    /// Starts the cooldown of `amount`. Everything in its cooldown then waits for `cooldown` ms from `now`, earlier amounts
    /// too. `None`, without a change, for 0 and for more than is staked.
    pub fn unstake(&mut self, amount: u128, now: u64, cooldown: u64) -> Option<()> {
        let staked = self.staked.checked_sub(amount).filter(|_| amount > 0)?;
        // As in `add`.
        self.unstaking = self.unstaking.wrapping_add(amount);
        self.staked = staked;
        if staked == 0 {
            self.since = 0;
        }
        self.ready = now.saturating_add(cooldown);
        Some(())
    }

    /// Withdraws everything in its cooldown, if it is ready at `now` (ms). Otherwise returns 0.
    pub fn withdraw(&mut self, now: u64) -> u128 {
        if now < self.ready {
            return 0;
        }
        self.ready = 0;
        core::mem::take(&mut self.unstaking)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::config;
    use proptest::prelude::*;
    use std::vec::Vec;

    const DAY: u64 = 86_400_000;

    #[test]
    fn a_stake_waits_for_its_cooldown_and_leaves_nothing() {
        let mut stake = Stake::default();
        stake.add(5, 100);
        assert_eq!(stake.unstake(5, 200, DAY), Some(()));
        assert_eq!(stake, Stake { staked: 0, since: 0, unstaking: 5, ready: 200 + DAY });
        assert_eq!(stake.withdraw(200 + DAY - 1), 0);
        assert_eq!(stake.withdraw(200 + DAY), 5);
        assert!(stake.is_empty());
        assert_eq!(stake, Stake::default());
        assert_eq!(stake.withdraw(u64::MAX), 0);
    }

    #[test]
    fn nothing_and_more_than_is_staked_cannot_be_unstaked() {
        let before = Stake { staked: 5, since: 1, unstaking: 2, ready: 9 };
        let mut stake = before;
        assert_eq!(stake.unstake(0, 3, DAY), None);
        assert_eq!(stake.unstake(6, 3, DAY), None);
        assert_eq!(stake, before);
    }

    #[test]
    fn a_stake_is_empty_when_nothing_is_staked_and_nothing_waits() {
        assert!(Stake::default().is_empty());
        assert!(!Stake { staked: 1, ..Stake::default() }.is_empty());
        assert!(!Stake { unstaking: 1, ..Stake::default() }.is_empty());
        assert!(!Stake { staked: 1, unstaking: 1, ..Stake::default() }.is_empty());
        // Times alone are nothing to store.
        assert!(Stake { since: 5, ready: 9, ..Stake::default() }.is_empty());
    }

    #[derive(Debug, Clone)]
    enum Step {
        Wait(u64),
        Add(u128),
        Unstake(u128),
        Withdraw,
    }

    proptest! {
        #![proptest_config(config())]

        /// Compares with a model that remembers when each unit was staked and unstaked.
        #[test]
        fn every_unit_is_staked_or_waits_or_is_back(
            cooldown in 0..3 * DAY,
            steps in prop::collection::vec(prop_oneof![
                (0..2 * DAY).prop_map(Step::Wait),
                (1..50u128).prop_map(Step::Add),
                (0..80u128).prop_map(Step::Unstake),
                Just(Step::Withdraw),
            ], 1..40),
        ) {
            let (mut stake, mut now) = (Stake::default(), 1);
            let (mut added, mut leaving): (Vec<u64>, Vec<u64>) = (Vec::new(), Vec::new());
            for step in steps {
                match step {
                    Step::Wait(ms) => now += ms,
                    Step::Add(amount) => {
                        stake.add(amount, now);
                        added.extend(std::vec![now; amount as usize]);
                    }
                    Step::Unstake(amount) => {
                        let possible = (1..=added.len() as u128).contains(&amount);
                        prop_assert_eq!(stake.unstake(amount, now, cooldown).is_some(), possible);
                        if possible {
                            // It does not matter which units leave: all of them count from the last.
                            added.rotate_left(amount as usize);
                            let last = added.iter().copied().max();
                            added.truncate(added.len() - amount as usize);
                            added.iter_mut().for_each(|since| *since = last.unwrap_or(0));
                            leaving.extend(std::vec![now; amount as usize]);
                        }
                    }
                    Step::Withdraw => {
                        let ready = leaving.iter().all(|began| began + cooldown <= now);
                        let back = if ready { core::mem::take(&mut leaving).len() } else { 0 };
                        prop_assert_eq!(stake.withdraw(now), back as u128);
                    }
                }
                prop_assert_eq!(stake.staked, added.len() as u128);
                prop_assert_eq!(stake.since, added.iter().copied().max().unwrap_or(0));
                prop_assert_eq!(stake.unstaking, leaving.len() as u128);
                prop_assert_eq!(stake.ready, leaving.iter().max().map_or(0, |began| began + cooldown));
            }
        }
    }
}
