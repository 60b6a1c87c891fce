//! Accounting of a vault for one asset: what it holds, and for whom.
//!
//! A method that returns `None` would overflow, or would transfer more than there is.

use crate::stake_income::DayPart;

/// An asset. Each asset is counted separately.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "codec", derive(parity_scale_codec::Encode, parity_scale_codec::Decode))]
#[cfg_attr(all(feature = "codec", feature = "std"), derive(scale_info::TypeInfo))]
#[cfg_attr(feature = "codec", derive(ink_lite::Decode))]
pub enum Asset<A> {
    /// The native token, in planck.
    Native,
    /// The PSP22 token of this contract, in its smallest units.
    Psp22(A),
}

/// Everything that a vault owes in one asset.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "codec", derive(parity_scale_codec::Encode, parity_scale_codec::Decode))]
#[cfg_attr(all(feature = "codec", feature = "std"), derive(scale_info::TypeInfo))]
pub struct Obligations {
    /// Payments for subscriptions that are neither refunded nor collected: all refunds, and earnings that are not collected
    /// yet.
    pub streams: u128,
    /// Income that its recipients have not claimed.
    pub unclaimed: u128,
    /// Refunds that wait for their fans.
    pub credits: u128,
    /// Stakes, including those in their cooldown.
    pub stakes: u128,
}

impl Obligations {
    /// Returns the sum.
    pub fn total(&self) -> u128 {
        // The parts are counted from money that came in, so u128 holds their sum. Only a dishonest token can exceed it.
        self.streams.saturating_add(self.unclaimed).saturating_add(self.credits).saturating_add(self.stakes)
    }
}

/// Where the vault counts money. All money in the vault is owed to someone: see [`Obligations`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pot {
    /// [`Obligations::streams`]
    Streams,
    /// [`Obligations::unclaimed`]
    Unclaimed,
    /// [`Obligations::credits`]
    Credits,
    /// [`Obligations::stakes`]
    Stakes,
    /// Outside the vault: money of a fan or of a recipient.
    Outside,
}

/// Accounts of a vault for one asset.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "codec", derive(parity_scale_codec::Encode, parity_scale_codec::Decode))]
#[cfg_attr(all(feature = "codec", feature = "std"), derive(scale_info::TypeInfo))]
#[cfg_attr(feature = "codec", derive(ink_lite::Decode))]
pub struct Ledger {
    /// What the vault owes, by [`Pot`].
    pots: [u128; 4],
    /// The sum of all income under the splits of `version`, without the parts set aside for the stakers.
    pub income: u128,
    /// Version of the splits that `income` belongs to. It can be behind the present version: see [`Ledger::roll_version`].
    pub version: u32,
    /// The part set aside for the stakers on the last day with income. It is 0 if there is none, or if it is settled.
    pub aside: DayPart,
    /// Number of earlier days that [`Ledger::set_aside`] has returned.
    pub days: u32,
}

impl Ledger {
    /// Returns what the vault owes.
    pub fn owed(&self) -> Obligations {
        let [streams, unclaimed, credits, stakes] = self.pots;
        Obligations { streams, unclaimed, credits, stakes }
    }

    /// Whether all amounts are 0.
    pub fn is_empty(&self) -> bool {
        self.income == 0 && self.pots.iter().all(|pot| *pot == 0)
    }

    /// Starts to count the income of `version`, unless it already does. Returns the previous version and its income, for
    /// the caller to store, if that income is not 0.
    ///
    /// The vault calls it before each income. So a change of the splits touches no ledger, whatever the number of assets.
    pub fn roll_version(&mut self, version: u32) -> Option<(u32, u128)> {
        if self.version == version {
            return None;
        }
        let past = (self.version, self.income);
        (self.version, self.income) = (version, 0);
        (past.1 > 0).then_some(past)
    }

    /// Sets `part` of new income aside for the stakers of `day`. Returns the part of an earlier day, which the caller
    /// stores under the number `days - 1`.
    pub fn set_aside(&mut self, part: u128, day: u64) -> Option<DayPart> {
        let earlier = self.aside;
        let over = earlier.part > 0 && earlier.day != day;
        // At most one for each day. The part is included in the income, and both are in the pot of unclaimed amounts.
        if over {
            self.days = self.days.wrapping_add(1);
            self.aside.part = 0;
        }
        self.income = self.income.wrapping_sub(part);
        self.aside = DayPart { day, part: self.aside.part.wrapping_add(part), version: self.version };
        over.then_some(earlier)
    }

    /// Returns how much income can still come in under `version` without an overflow.
    pub fn room(&self, version: u32) -> u128 {
        let income = if self.version == version { self.income } else { 0 };
        let [_, unclaimed, ..] = self.pots;
        // No number exceeds the largest, so this does not wrap.
        u128::MAX.wrapping_sub(income.max(unclaimed))
    }

    /// Transfers `amount` `from` one pot `to` another. What goes to [`Pot::Unclaimed`] is income. After `None` the ledger
    /// must not be stored.
    pub fn transfer(&mut self, from: Pot, to: Pot, amount: u128) -> Option<()> {
        if let Some(source) = self.pots.get_mut(from as usize) {
            *source = source.checked_sub(amount)?;
        }
        if let Some(target) = self.pots.get_mut(to as usize) {
            *target = target.checked_add(amount)?;
        }
        if to == Pot::Unclaimed {
            self.income = self.income.checked_add(amount)?;
        }
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::{Pot::*, *};
    use crate::{
        splits::{claimable, Share},
        testing::{any_size, config},
    };
    use primitive_types::U256 as Wide;
    use proptest::prelude::*;
    use std::{collections::BTreeMap, vec, vec::Vec};

    fn ledger(streams: u128, unclaimed: u128, credits: u128, stakes: u128, income: u128) -> Ledger {
        Ledger { pots: [streams, unclaimed, credits, stakes], income, ..Ledger::default() }
    }

    #[test]
    fn money_moves_from_streams_to_income_to_recipients_or_back() {
        let mut ledger = Ledger::default();
        assert!(ledger.is_empty());
        assert_eq!(ledger.transfer(Outside, Streams, 100), Some(()));
        assert_eq!(ledger.transfer(Streams, Unclaimed, 30), Some(()));
        assert_eq!(ledger.transfer(Streams, Outside, 60), Some(()));
        assert_eq!(ledger.transfer(Outside, Credits, 20), Some(()));
        assert_eq!(ledger.transfer(Outside, Unclaimed, 5), Some(()));
        assert_eq!(ledger.transfer(Unclaimed, Outside, 20), Some(()));
        assert_eq!(ledger.transfer(Outside, Stakes, 7), Some(()));
        assert_eq!(ledger, self::ledger(10, 15, 20, 7, 35));
        assert_eq!(ledger.owed().total(), 52);
        assert_eq!(ledger.transfer(Credits, Outside, 20), Some(()));
        assert_eq!(ledger.transfer(Stakes, Outside, 7), Some(()));
        assert_eq!(ledger, self::ledger(10, 15, 0, 0, 35));
        assert!(!ledger.is_empty());
    }

    #[test]
    fn more_than_is_there_does_not_leave() {
        let ledger = ledger(10, 15, 20, 25, 35);
        for (from, most) in [(Streams, 10), (Unclaimed, 15), (Credits, 20), (Stakes, 25)] {
            let shift = |to, amount| { ledger }.transfer(from, to, amount);
            assert_eq!(shift(Outside, most), Some(()));
            assert_eq!(shift(Outside, most + 1), None);
        }
        assert_eq!({ ledger }.transfer(Streams, Unclaimed, 11), None);
    }

    #[test]
    fn more_than_can_be_counted_does_not_come_in() {
        let most = u128::MAX;
        let full = ledger(1, 1, most, most, most);
        for to in [Unclaimed, Credits, Stakes] {
            assert_eq!({ full }.transfer(Outside, to, 1), None);
        }
        assert_eq!({ full }.transfer(Outside, Streams, most), None);
        assert_eq!({ full }.transfer(Streams, Unclaimed, 1), None);
        assert_eq!(full.owed().total(), most);
        assert_eq!(ledger(1, most, 0, 0, 0).transfer(Streams, Unclaimed, 1), None);
    }

    #[test]
    fn what_came_in_under_a_version_is_given_out_once() {
        let mut ledger = Ledger::default();
        assert_eq!(ledger.roll_version(3), None);
        assert_eq!(ledger.transfer(Outside, Unclaimed, 5), Some(()));
        assert_eq!(ledger.roll_version(3), None);
        assert_eq!(ledger.roll_version(7), Some((3, 5)));
        assert_eq!(ledger.income, 0);
        assert_eq!(ledger.version, 7);
        assert_eq!(ledger.owed().unclaimed, 5);
        assert_eq!(ledger.roll_version(8), None);
    }

    #[test]
    fn there_is_room_for_what_can_be_counted() {
        let full = ledger(9, 5, 9, 9, u128::MAX - 2);
        assert_eq!(full.room(0), 2);
        assert_eq!(full.room(1), u128::MAX - 5);
        assert_eq!(Ledger::default().room(0), u128::MAX);
        let mut under_a_new_version = full;
        under_a_new_version.roll_version(1);
        for (mut ledger, version) in [(full, 0), (under_a_new_version, 1)] {
            let room = ledger.room(version);
            assert_eq!(ledger.transfer(Outside, Unclaimed, room), Some(()));
            assert_eq!(ledger.room(version), 0);
            assert_eq!(ledger.transfer(Outside, Unclaimed, 1), None);
        }
    }

    /// An event in the history of a vault's income.
    #[derive(Debug, Clone)]
    enum Step {
        /// This amount comes in.
        Earn(u128),
        /// The splits change: one of three recipients gets so many basis points, and the next the rest.
        Change(usize, u16),
        /// One of three recipients claims under one of the versions.
        Claim(usize, usize),
    }

    fn step() -> impl Strategy<Value = Step> {
        prop_oneof![
            3 => any_size().prop_map(|amount| Step::Earn(amount >> 8)),
            1 => (0..3usize, 1..10_000u16).prop_map(|(who, bp)| Step::Change(who, bp)),
            3 => (0..3usize, any::<usize>()).prop_map(|(who, version)| Step::Claim(who, version)),
        ]
    }

    fn shares(first: usize, bp: u16) -> Vec<Share<usize>> {
        vec![Share { recipient: first, bp }, Share { recipient: (first + 1) % 3, bp: 10_000 - bp }]
    }

    #[test]
    fn a_ledger_is_empty_without_income_and_without_anything_owed() {
        assert!(Ledger::default().is_empty());
        // Versions and days of the past are no amounts.
        assert!(Ledger { version: 7, days: 3, ..Ledger::default() }.is_empty());
        assert!(!Ledger { income: 1, ..Ledger::default() }.is_empty());
        for pot in [Streams, Unclaimed, Credits, Stakes] {
            let mut ledger = Ledger::default();
            ledger.transfer(Outside, pot, 5).expect("it fits");
            assert!(!ledger.is_empty(), "{pot:?}");
            // What came in stays in the sum of the income after it was claimed.
            ledger.transfer(pot, Outside, 5).expect("it is there");
            assert_eq!(ledger.is_empty(), pot != Unclaimed, "{pot:?}");
        }
    }

    proptest! {
        #![proptest_config(config())]

        /// The model keeps a total for every version from the start, and what each recipient has claimed.
        #[test]
        fn each_recipient_gets_its_part_of_what_came_in_under_each_version(
            steps in prop::collection::vec(step(), 1..100),
        ) {
            let mut ledger = Ledger::default();
            let mut past = BTreeMap::new();
            let mut totals = vec![(shares(0, 10_000 - 1), 0u128)];
            let mut taken = BTreeMap::new();
            let income = |ledger: &Ledger, past: &BTreeMap<u32, u128>, version: usize| {
                let version = version as u32;
                if ledger.version == version { ledger.income } else { past.get(&version).copied().unwrap_or(0) }
            };
            for step in steps {
                match step {
                    Step::Earn(amount) => {
                        if let Some((version, income)) = ledger.roll_version(totals.len() as u32 - 1) {
                            prop_assert_eq!(past.insert(version, income), None);
                        }
                        prop_assert_eq!(ledger.transfer(Outside, Unclaimed, amount), Some(()));
                        totals.last_mut().unwrap().1 += amount;
                    }
                    Step::Change(who, bp) => totals.push((shares(who, bp), 0)),
                    Step::Claim(who, version) => {
                        let version = version % totals.len();
                        let (shares, total) = &totals[version];
                        let taken = taken.entry((who, version)).or_insert(0);
                        let due = claimable(shares, &who, income(&ledger, &past, version), *taken);
                        let bp = shares.iter().find(|share| share.recipient == who).map_or(0, |share| share.bp);
                        let exact = Wide::from(*total) * Wide::from(bp) / 10_000;
                        prop_assert_eq!(Wide::from(due + *taken), exact);
                        prop_assert_eq!(ledger.transfer(Unclaimed, Outside, due), Some(()));
                        *taken += due;
                    }
                }
            }
            for (version, (shares, total)) in totals.iter().enumerate() {
                prop_assert_eq!(income(&ledger, &past, version), *total);
                for share in shares {
                    let taken = taken.get(&(share.recipient, version)).copied().unwrap_or(0);
                    prop_assert_eq!(ledger.transfer(Unclaimed, Outside, claimable(shares, &share.recipient, *total, taken)), Some(()));
                }
            }
            // Each version leaves less than a unit for each of its two recipients.
            prop_assert!(ledger.owed().unclaimed < 2 * totals.len() as u128);
        }
    }
}
