//! A simple model of the vault without streams, buckets or epochs: it stores every subscription and adds them up.

mod subscriptions;

use super::{
    paid::{Paid, Scaled, TIERS},
    stakers::Stakers,
    COOLDOWN,
};
use patronage_core::streams::MAX_DURATION;
use patronage_interfaces::{
    patronage::Standing,
    vault::{Obligations, VaultError, PRUNE_AFTER},
};

/// Splits that the owner can choose, in basis points of the first four people and of the stakers. The first are the
/// initial ones.
pub const SPLITS: [([u16; 4], u16); 5] = [
    ([3_033, 0, 3_033, 3_034], 900),
    ([10_000, 0, 0, 0], 0),
    ([1, 9_997, 1, 1], 0),
    ([2_500, 2_500, 2_499, 2_500], 1),
    ([1, 0, 0, 0], 9_999),
];

/// A subscription that a person holds, running or expired.
#[derive(Clone, Copy)]
struct Held {
    tier: usize,
    since: u64,
    end: u64,
    /// Index of its payment; `None` for a grant.
    paid: Option<usize>,
}

#[derive(Clone, Copy, Default)]
struct Stake {
    staked: u128,
    since: u64,
    unstaking: u128,
    ready: u64,
}

/// Present terms of a tier.
#[derive(Clone, Copy)]
struct Offer {
    price: u128,
    seats: Option<u32>,
    open: bool,
}

/// Income under one version of the splits, in each asset.
struct Income {
    shares: [u16; 4],
    stakers: u16,
    total: [u128; 2],
    claimed: [[u128; 4]; 2],
}

/// Five people and a vault. The first one owns it, and the first four have money.
pub struct Model {
    offers: [Offer; 5],
    paid: Vec<Paid>,
    held: [Option<Held>; 5],
    stakes: [Stake; 5],
    tipped: [[u128; 5]; 2],
    credits: [[u128; 5]; 2],
    collected: [u128; 5],
    income: Vec<Income>,
    pub stakers: Stakers,
    pub paused: bool,
}

impl Model {
    pub fn new() -> Self {
        let offers = TIERS.map(|(_, price, _, _, seats, _)| Offer { price, seats, open: true });
        let mut model = Self {
            offers,
            paid: Vec::new(),
            held: [None; 5],
            stakes: [Stake::default(); 5],
            tipped: [[0; 5]; 2],
            credits: [[0; 5]; 2],
            collected: [0; 5],
            income: Vec::new(),
            stakers: Stakers::default(),
            paused: false,
        };
        model.split(0);
        model
    }

    pub fn price(&self, tier: usize) -> u128 {
        self.offers[tier].price
    }

    /// Agreed price of the last subscription of `fan`; 1 if there was none.
    pub fn agreed_price(&self, fan: usize) -> u128 {
        self.held[fan].and_then(|held| held.paid).map_or(1, |number| self.paid[number].price)
    }

    /// Tier of the subscription of `fan`; the first tier if there is none.
    pub fn tier_of(&self, fan: usize) -> usize {
        self.held[fan].map_or(0, |held| held.tier)
    }

    pub fn versions(&self) -> usize {
        self.income.len()
    }

    /// The paid subscription of `fan` that runs at `now`.
    fn paid_at(&self, fan: usize, now: u64) -> Option<(Held, &Paid)> {
        let held = self.held[fan].filter(|held| now < held.end)?;
        Some((held, &self.paid[held.paid?]))
    }

    /// One of the people with a running paid subscription, if there is one.
    pub fn someone_paying(&self, index: usize, now: u64) -> usize {
        self.someone(index, |who| self.paid_at(who, now).is_some())
    }

    /// One of the people with an ended subscription, or else a grant.
    pub fn someone_idle(&self, index: usize, now: u64) -> usize {
        let ended = self.someone(index, |who| self.held[who].is_some_and(|held| held.end <= now));
        self.someone(ended, |who| self.held[who].is_some_and(|held| held.end <= now || held.paid.is_none()))
    }

    fn someone(&self, index: usize, is: impl Fn(usize) -> bool) -> usize {
        let found: Vec<_> = (0..5).filter(|who| is(*who)).collect();
        index.checked_rem(found.len()).map_or(index, |index| found[index])
    }

    /// Whether `who` holds a subscription.
    pub fn holds(&self, who: usize) -> bool {
        self.held[who].is_some()
    }

    pub fn waits(&self, who: usize, asset: usize) -> bool {
        self.credits[asset][who] > 0
    }

    pub fn unstaking(&self, who: usize) -> bool {
        self.stakes[who].unstaking > 0
    }

    pub fn due(&self, who: usize, asset: usize, version: usize) -> u128 {
        let Some(income) = self.income.get(version) else { return 0 };
        let all = 10_000 - u128::from(income.stakers);
        income.total[asset] * u128::from(income.shares[who]) / all - income.claimed[asset][who]
    }

    /// The asset of a refund of `fan`.
    pub fn asset_of(&self, fan: usize) -> usize {
        self.held[fan].map_or(0, |held| TIERS[held.tier].0)
    }

    pub fn refund(&self, fan: usize, now: u64) -> u128 {
        self.paid_at(fan, now).map_or(0, |(_, paid)| paid.refund(now))
    }

    fn deposit(&self, amount: u128) -> Result<(), Box<VaultError>> {
        if amount > 0 && self.paused {
            return Err(VaultError::Paused.into());
        }
        Ok(())
    }

    fn deposit_some(&self, amount: u128) -> Result<(), Box<VaultError>> {
        self.deposit(amount)?;
        if amount == 0 {
            return Err(VaultError::NothingSent.into());
        }
        Ok(())
    }

    fn seat(&self, fan: usize, tier: usize) -> Result<(), Box<VaultError>> {
        let others =
            self.held.iter().enumerate().filter(|(who, held)| *who != fan && held.is_some_and(|h| h.tier == tier));
        match self.offers[tier].seats.is_some_and(|seats| others.count() >= seats as usize) {
            true => Err(VaultError::SoldOut.into()),
            false => Ok(()),
        }
    }

    fn since(&self, fan: usize, tier: usize, now: u64) -> u64 {
        let level = TIERS[tier].3;
        self.held[fan].filter(|held| now < held.end && TIERS[held.tier].3 >= level).map_or(now, |held| held.since)
    }

    pub fn tip(&mut self, who: usize, asset: usize, amount: u128, now: u64) -> Result<(), Box<VaultError>> {
        self.deposit_some(amount)?;
        self.tipped[asset][who] += amount;
        self.earn(asset, amount, now);
        Ok(())
    }

    fn earn(&mut self, asset: usize, amount: u128, now: u64) {
        let version = self.income.len() - 1;
        let income = self.income.last_mut().expect("there are splits from the start");
        income.total[asset] += self.stakers.part(asset, amount, income.stakers, version, now);
    }

    /// `who` claims `amount` of stake income. `all` is whether the vault reported that nothing is left.
    pub fn claim_stake_income(
        &mut self,
        who: usize,
        asset: usize,
        (answer, more): (Result<u128, Box<VaultError>>, bool),
        now: u64,
    ) {
        let (returned, days, all) = self.stakers.settle(asset, now);
        for (version, part) in returned {
            self.income[version].total[asset] += part;
        }
        match answer {
            Ok(amount) => {
                assert!(all || more, "days are left");
                assert!(amount > 0 || days > 0 || more, "nothing was done");
                self.stakers.claim(who, asset, amount, !more);
            }
            Err(error) => {
                assert_eq!(*error, VaultError::NothingToClaim);
                assert_eq!(days, 0);
                self.stakers.claim(who, asset, 0, true);
            }
        }
    }

    pub fn withdraw(&mut self, fan: usize, asset: usize) -> Result<u128, Box<VaultError>> {
        some(std::mem::take(&mut self.credits[asset][fan]))
    }

    pub fn stake(&mut self, fan: usize, amount: u128, now: u64) -> Result<u128, Box<VaultError>> {
        self.deposit_some(amount)?;
        let stake = &mut self.stakes[fan];
        (stake.staked, stake.since) = (stake.staked + amount, now);
        self.stakers.set(fan, stake.staked, now);
        Ok(amount)
    }

    pub fn unstake(&mut self, fan: usize, amount: u128, now: u64) -> Result<u64, Box<VaultError>> {
        let stake = &mut self.stakes[fan];
        if amount == 0 || amount > stake.staked {
            return Err(VaultError::InsufficientStake { staked: stake.staked }.into());
        }
        (stake.staked, stake.unstaking, stake.ready) =
            (stake.staked - amount, stake.unstaking + amount, now + COOLDOWN);
        self.stakers.set(fan, stake.staked, now);
        Ok(stake.ready)
    }

    pub fn staked(&self, fan: usize) -> u128 {
        self.stakes[fan].staked
    }

    pub fn withdraw_stake(&mut self, fan: usize, now: u64) -> Result<u128, Box<VaultError>> {
        let stake = &mut self.stakes[fan];
        if stake.unstaking > 0 && now < stake.ready {
            return Err(VaultError::CoolingDown { ready: stake.ready }.into());
        }
        some(std::mem::take(&mut stake.unstaking))
    }

    pub fn offer(&mut self, tier: usize, price: u128, seats: Option<u32>, open: bool) {
        self.offers[tier] = Offer { price, seats, open };
    }

    pub fn split(&mut self, splits: usize) {
        let (shares, stakers) = SPLITS[splits];
        self.income.push(Income { shares, stakers, total: [0; 2], claimed: [[0; 4]; 2] });
    }

    /// Asserts that `amount` can be what is collected from `tier` now: never more than was earned, and exactly the
    /// promised amount if no days are left.
    pub fn collect(&mut self, tier: usize, amount: u128, more: bool, now: u64) {
        let (mut sure, mut most) = (0, 0);
        for paid in self.paid.iter().filter(|paid| paid.tier == tier) {
            sure += paid.surely_earned(now);
            most += paid.earned(now);
        }
        let (asset, _, period, ..) = TIERS[tier];
        let promised = (sure.max(0) / Scaled::from(period)) as u128;
        let sum = self.collected[tier] + amount;
        assert!(sum <= (most / Scaled::from(period)) as u128, "more than was earned");
        if !more {
            assert_eq!(sum, promised.max(self.collected[tier]));
        }
        self.collected[tier] = sum;
        self.earn(asset, amount, now);
    }

    pub fn claim(&mut self, who: usize, asset: usize, version: usize) -> Result<u128, Box<VaultError>> {
        let due = some(self.due(who, asset, version))?;
        self.income[version].claimed[asset][who] += due;
        Ok(due)
    }

    pub fn obligations(&self, asset: usize) -> Obligations {
        let tiers = || (0..TIERS.len()).filter(|tier| TIERS[*tier].0 == asset);
        let paid = self.paid.iter().filter(|paid| TIERS[paid.tier].0 == asset);
        let still: u128 = paid.map(|paid| paid.paid - paid.refunded.unwrap_or(0)).sum();
        let income = self.income.iter().map(|i| i.total[asset] - i.claimed[asset].iter().sum::<u128>());
        let stakes = self.stakes.iter().filter(|_| asset == 1).map(|stake| stake.staked + stake.unstaking);
        Obligations {
            streams: still - tiers().map(|tier| self.collected[tier]).sum::<u128>(),
            unclaimed: income.sum::<u128>() + self.stakers.owed(asset),
            credits: self.credits[asset].iter().sum(),
            stakes: stakes.sum(),
        }
    }

    pub fn standing(&self, fan: usize) -> Standing {
        let Stake { staked, since, .. } = self.stakes[fan];
        let staked_since = if staked > 0 { since } else { 0 };
        let standing = Standing { tipped: self.tipped[0][fan], staked, staked_since, ..Standing::default() };
        let Some(Held { tier, since, end, .. }) = self.held[fan] else { return standing };
        Standing { level: TIERS[tier].3, since, until: end, ..standing }
    }

    /// The maximum that rounding can leave of an asset. For each version with income it is less than a unit for each
    /// recipient, so at most one unit less than there are recipients. The stakers' share adds its own.
    pub fn most_dust(&self, asset: usize) -> u128 {
        let recipients = |income: &Income| income.shares.iter().filter(|bp| **bp > 0).count() as u128;
        let income = self.income.iter().filter(|income| income.total[asset] > 0);
        income.map(|income| recipients(income) - 1).sum::<u128>() + self.stakers.most_dust(asset)
    }
}

fn some(amount: u128) -> Result<u128, Box<VaultError>> {
    match amount {
        0 => Err(VaultError::NothingToClaim.into()),
        amount => Ok(amount),
    }
}
