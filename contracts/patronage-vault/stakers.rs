//! The stakers' share of the income: stake records and claims.

use crate::{accounting, patronage_vault::PatronageVaultContract as Vault, records::State};
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

/// Key of a stake record: the staker, or `None` for the sum of all stakes, and its number.
type NumberedStake = (Option<AccountId>, u32);
/// Key of a checkpoint: the asset, the staker, or `None` for the pool, and its number.
type NumberedCheckpoint = (Asset, Option<AccountId>, u32);

/// Storage of the stakers' share. Payments neither read nor write it.
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

/// A computed claim that is not stored yet.
pub(crate) struct StakeIncome {
    /// Amount to pay.
    pub amount: u128,
    /// Checkpoint of the staker after the claim.
    claimed: Checkpoint,
    ledger: Stored<Ledger>,
    settling: Settling,
    /// Number of the first day that the claim settles.
    first: u32,
    /// Number of days that the claim settles.
    days: u32,
    /// Settled days on which no stake counted. Their parts return to the recipients.
    returned: Vec<DayPart>,
    /// Whether days or records are left for another claim.
    more: bool,
}

impl Vault {
    /// Records the current stake of `fan`, whose record this is.
    #[inline(never)]
    pub(crate) fn record_stake(&mut self, fan: &AccountId, record: &Fan, mut state: Box<Stored<State>>) {
        let staked = record.stake.as_ref().map_or(0, |stake| stake.staked);
        let from = set_stake(&mut self.stakers, fan, staked, env::now() / EPOCH);
        if let Some(from) = from.filter(|from| *from != state.stakers.from) {
            state.stakers.from = from;
            self.set_state(&state);
        }
    }

    /// Computes a claim of `who` in `asset`.
    #[inline(never)]
    pub(crate) fn stake_income(&self, who: &AccountId, asset: &Asset) -> Box<StakeIncome> {
        let today = env::now() / EPOCH;
        let mut ledger = self.accounting.ledger(asset);
        let mut settling = Settling::new(self.stakers.pools.load_or_zero(asset).0);
        let first = settling.pool.settled;
        let mut returned = Vec::with_capacity(MAX_DAYS as usize);
        let (mut days, mut until, mut more) = (0u32, today, true);
        loop {
            let index = settling.pool.settled;
            let stored = index < ledger.days;
            if !stored && (ledger.aside.part == 0 || ledger.aside.day >= today) {
                (until, more) = (today, false);
                break;
            }
            if days == MAX_DAYS {
                break;
            }
            let day = if stored {
                // Below the number of days, so this cannot overflow.
                settling.pool.settled = index.wrapping_add(1);
                self.accounting.day(asset, index)
            } else {
                core::mem::take(&mut ledger.aside)
            };
            if !settling.settle(&self.stakers, &day) {
                put(&mut returned, day);
            }
            // At most the limit, and at most today.
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

    /// Settles past days of `asset`, and pays `fan` what the stake has earned.
    #[inline(never)]
    pub(crate) fn pay_stake_income(&mut self, fan: AccountId, asset: Asset) -> Result<u128, Box<VaultError>> {
        let mut income = self.stake_income(&fan, &asset);
        let amount = income.amount;
        if amount == 0 && income.days == 0 && !income.more {
            return Err(Box::new(VaultError::NothingToClaim));
        }
        for index in income.first..income.settling.pool.settled {
            self.accounting.delete_day(&asset, index);
        }
        income.settling.store_checkpoints(&mut self.stakers, &asset);
        if income.days > 0 {
            self.stakers.pools.store(&asset, &Stored(income.settling.pool));
        }
        for day in &income.returned {
            self.accounting.return_part(&asset, &mut income.ledger, day.version, day.part);
            emit::<Env, _>(&StakeIncomeReturned { asset, version: day.version, amount: day.part });
        }
        income.ledger.transfer(Pot::Unclaimed, Pot::Outside, amount).ok_or(VaultError::Overflow)?;
        self.accounting.set_ledger(&asset, &income.ledger);
        if amount > 0 || income.more {
            self.stakers.set_checkpoint(&asset, Some(&fan), 0, &income.claimed);
        }
        let event = StakeIncomeClaimed { fan, asset, amount, more: income.more };
        emit::<Env, _>(&event);
        if amount == 0 {
            return Ok(0);
        }
        accounting::pay(&event.asset, &event.fan, amount)
    }
}
