//! The stakers' share of the income: their records, and what of it is theirs.

use crate::{money, patronage_vault::PatronageVaultContract as Vault, records::State};
use ink::{
    prelude::{boxed::Box, vec::Vec},
    storage::Mapping,
};
use ink_lite::{emit, env, put, Records};
use patronage_core::{
    ledger::{Ledger, Pot},
    stake_income::{due, set_stake, Checkpoint, DayPart, Pool, Settling, StakeRecord, Store, MAX_DAYS, MAX_RECORDS},
    streams::EPOCH,
    tiers::Fan,
};
use patronage_interfaces::{
    vault::{Asset, StakeIncomeClaimed, StakeIncomeReturned, VaultError},
    AccountId, PatronageEnvironment as Env, Stored,
};

/// Whose a record is, or everyone's, and its number.
type NumberedStake = (Option<AccountId>, u32);
/// Whose a checkpoint is, or the pool's, what it is in, and its number.
type NumberedCheckpoint = (Asset, Option<AccountId>, u32);

/// Books of the stakers' share, which no payment reads or writes.
#[ink::storage_item]
#[derive(Debug, Default)]
pub struct Stakers {
    stakes: Mapping<NumberedStake, Stored<StakeRecord>>,
    pools: Mapping<Asset, Stored<Pool>>,
    checkpoints: Mapping<NumberedCheckpoint, Stored<Checkpoint>>,
}

impl Store for Stakers {
    type Account = AccountId;
    type Asset = Asset;

    #[inline(never)]
    fn stake(&self, who: Option<&AccountId>, index: u32) -> StakeRecord {
        self.stakes.load_or_zero(&(who, index)).0
    }

    #[inline(never)]
    fn set_stake(&mut self, who: Option<&AccountId>, index: u32, record: &StakeRecord) {
        self.stakes.store(&(who, index), &Stored(*record));
    }

    #[inline(never)]
    fn checkpoint(&self, asset: &Asset, who: Option<&AccountId>, index: u32) -> Checkpoint {
        self.checkpoints.load_or_zero(&(asset, who, index)).0
    }

    #[inline(never)]
    fn set_checkpoint(&mut self, asset: &Asset, who: Option<&AccountId>, index: u32, checkpoint: &Checkpoint) {
        self.checkpoints.store(&(asset, who, index), &Stored(*checkpoint));
    }
}

/// What a claim does, before anything of it is kept.
pub(crate) struct StakeIncome {
    /// What is paid.
    pub amount: u128,
    /// Where the staker's claims are after it.
    claimed: Checkpoint,
    ledger: Stored<Ledger>,
    settling: Settling,
    /// Number of the first day that it settles.
    first: u32,
    /// How many days it settles.
    days: u32,
    /// Those of them on which nothing counted.
    returned: Vec<DayPart>,
    /// Whether there is more to settle or to claim.
    more: bool,
}

impl Vault {
    /// Counts what `fan`, whose record this is, has staked now.
    #[inline(never)]
    pub(crate) fn count_stake(&mut self, fan: &AccountId, record: &Fan, mut state: Box<Stored<State>>) {
        let staked = record.stake.as_ref().map_or(0, |stake| stake.staked);
        let from = set_stake(&mut self.stakers, fan, staked, env::now() / EPOCH);
        if let Some(from) = from.filter(|from| *from != state.stakers.from) {
            state.stakers.from = from;
            self.set_state(&state);
        }
    }

    /// What a claim of `who` in `asset` would do now.
    #[inline(never)]
    pub(crate) fn stake_income(&self, who: &AccountId, asset: &Asset) -> Box<StakeIncome> {
        let today = env::now() / EPOCH;
        let mut ledger = self.money.ledger(asset);
        let mut settling = Settling::new(self.stakers.pools.load_or_zero(asset).0);
        let first = settling.pool.settled;
        let mut returned = Vec::with_capacity(MAX_DAYS as usize);
        let (mut days, mut until, mut more) = (0u32, today, true);
        loop {
            let index = settling.pool.settled;
            let kept = index < ledger.days;
            if !kept && (ledger.aside.part == 0 || ledger.aside.day >= today) {
                (until, more) = (today, false);
                break;
            }
            if days == MAX_DAYS {
                break;
            }
            let day = if kept {
                // Below the number of days.
                settling.pool.settled = index.wrapping_add(1);
                self.money.day(asset, index)
            } else {
                core::mem::take(&mut ledger.aside)
            };
            if !settling.settle(&self.stakers, &day) {
                put(&mut returned, day);
            }
            // Neither more than the limit nor later than today.
            (days, until) = (days.wrapping_add(1), day.day.wrapping_add(1));
        }
        let due = due(&self.stakers, &settling, asset, who, until, MAX_RECORDS);
        more |= due.more;
        Box::new(StakeIncome {
            amount: due.amount,
            claimed: due.claimed,
            ledger,
            settling,
            first,
            days,
            returned,
            more,
        })
    }

    /// Settles days of `asset` that are over, and pays `fan` what was earned on them.
    #[inline(never)]
    pub(crate) fn pay_stake_income(&mut self, fan: AccountId, asset: Asset) -> Result<u128, Box<VaultError>> {
        let mut income = self.stake_income(&fan, &asset);
        let amount = income.amount;
        if amount == 0 && income.days == 0 && !income.more {
            return Err(Box::new(VaultError::NothingToClaim));
        }
        for index in income.first..income.settling.pool.settled {
            self.money.delete_day(&asset, index);
        }
        income.settling.keep(&mut self.stakers, &asset);
        if income.days > 0 {
            self.stakers.pools.store(&asset, &Stored(income.settling.pool));
        }
        for day in &income.returned {
            self.money.give_back(&asset, &mut income.ledger, day.version, day.part);
            emit::<Env, _>(&StakeIncomeReturned { asset, version: day.version, amount: day.part });
        }
        income.ledger.transfer(Pot::Unclaimed, Pot::Outside, amount).ok_or(VaultError::Overflow)?;
        self.money.set_ledger(&asset, &income.ledger);
        if amount > 0 || income.more {
            self.stakers.set_checkpoint(&asset, Some(&fan), 0, &income.claimed);
        }
        let event = StakeIncomeClaimed { fan, asset, amount, more: income.more };
        emit::<Env, _>(&event);
        if amount == 0 {
            return Ok(0);
        }
        money::pay(&event.asset, &event.fan, amount)
    }
}
