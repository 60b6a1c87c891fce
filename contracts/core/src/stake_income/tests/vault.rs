//! A vault that stores in maps what the rules give it.

use super::*;

#[derive(Default)]
pub struct Storage {
    pub stakes: BTreeMap<(Option<usize>, u32), StakeRecord>,
    pub checkpoints: BTreeMap<(usize, Option<usize>, u32), Checkpoint>,
    pub reads: core::cell::Cell<u32>,
}

impl Storage {
    fn touched(&self) {
        self.reads.set(self.reads.get() + 1);
    }
}

impl Store for Storage {
    type Account = usize;
    type Asset = usize;

    fn stake(&self, who: Option<&usize>, index: u32) -> StakeRecord {
        self.touched();
        self.stakes.get(&(who.copied(), index)).copied().unwrap_or_default()
    }

    fn set_stake(&mut self, who: Option<&usize>, index: u32, record: &StakeRecord) {
        self.stakes.insert((who.copied(), index), *record);
    }

    fn checkpoint(&self, asset: &usize, who: Option<&usize>, index: u32) -> Checkpoint {
        self.touched();
        self.checkpoints.get(&(*asset, who.copied(), index)).copied().unwrap_or_default()
    }

    fn set_checkpoint(&mut self, asset: &usize, who: Option<&usize>, index: u32, checkpoint: &Checkpoint) {
        self.checkpoints.insert((*asset, who.copied(), index), *checkpoint);
    }
}

/// What the vault does with its storage.
pub struct Vault {
    pub storage: Storage,
    pub ledgers: [Ledger; ASSETS],
    pub pools: [Pool; ASSETS],
    /// Past days that are not settled.
    pub days: BTreeMap<(usize, u32), DayPart>,
    pub terms: Terms,
    /// Income of the recipients, by asset and version.
    pub others: BTreeMap<(usize, u32), u128>,
    pub claimed: [[u128; FANS]; ASSETS],
}

impl Default for Vault {
    fn default() -> Self {
        Self {
            storage: Storage::default(),
            ledgers: Default::default(),
            pools: Default::default(),
            days: BTreeMap::new(),
            terms: Terms { share: 1_000, from: NEVER },
            others: BTreeMap::new(),
            claimed: Default::default(),
        }
    }
}

impl Vault {
    pub fn stake(&mut self, fan: usize, staked: u128, day: u64) {
        if let Some(from) = set_stake(&mut self.storage, &fan, staked, day) {
            self.terms.from = from;
        }
    }

    pub fn pay(&mut self, asset: usize, amount: u128, share: u16, version: u32, day: u64) {
        self.terms.share = share;
        let ledger = &mut self.ledgers[asset];
        if let Some((version, income)) = ledger.roll_version(version) {
            *self.others.entry((asset, version)).or_default() += income;
        }
        ledger.transfer(Pot::Outside, Pot::Unclaimed, amount).unwrap();
        let part = self.terms.part(amount, day);
        if part > 0 {
            if let Some(earlier) = ledger.set_aside(part, day) {
                assert_eq!(self.days.insert((asset, ledger.days - 1), earlier), None);
            }
        }
    }

    /// Settles what one call can. Returns the returned parts, the first day that is not settled, and whether more is left.
    pub fn settle(&self, asset: usize, today: u64) -> (Settling, Ledger, Vec<DayPart>, u64, bool) {
        let (mut ledger, mut settling) = (self.ledgers[asset], Settling::new(self.pools[asset]));
        let (mut returned, mut until) = (Vec::new(), today);
        for _ in 0..MAX_DAYS {
            let day = match self.days.get(&(asset, settling.pool.settled)) {
                Some(day) => {
                    settling.pool.settled += 1;
                    *day
                }
                None if ledger.aside.part > 0 && ledger.aside.day < today => core::mem::take(&mut ledger.aside),
                None => return (settling, ledger, returned, today, false),
            };
            until = day.day + 1;
            self.storage.reads.set(0);
            if !settling.settle(&self.storage, &day) {
                returned.push(day);
            }
            // Everyone's current record, the first one, and a binary search among a thousand.
            assert!(self.storage.reads.get() <= 12, "{} reads", self.storage.reads.get());
        }
        let more = ledger.days > settling.pool.settled || (ledger.aside.part > 0 && ledger.aside.day < today);
        (settling, ledger, returned, if more { until } else { today }, more)
    }

    /// Claims what one call pays. Returns whether more is left.
    pub fn claim(&mut self, fan: usize, asset: usize, day: u64) -> bool {
        let (settling, ledger, returned, until, more) = self.settle(asset, day);
        let due = due(&self.storage, &settling, &asset, &fan, until, MAX_RECORDS);
        settling.store_checkpoints(&mut self.storage, &asset);
        for settled in self.pools[asset].settled..settling.pool.settled {
            assert!(self.days.remove(&(asset, settled)).is_some());
        }
        (self.ledgers[asset], self.pools[asset]) = (ledger, settling.pool);
        for day in returned {
            *self.others.entry((asset, day.version)).or_default() += day.part;
        }
        if due.amount > 0 || due.more {
            self.storage.set_checkpoint(&asset, Some(&fan), 0, &due.claimed);
        }
        self.claimed[asset][fan] += due.amount;
        self.ledgers[asset].transfer(Pot::Unclaimed, Pot::Outside, due.amount).unwrap();
        more || due.more
    }

    /// What the others share, when all is settled.
    pub fn others(&self) -> BTreeMap<(usize, u32), u128> {
        let mut others = self.others.clone();
        for (asset, ledger) in self.ledgers.iter().enumerate() {
            *others.entry((asset, ledger.version)).or_default() += ledger.income;
        }
        others.retain(|_, amount| *amount > 0);
        others
    }
}
