//! Accounting of the vault: what it holds of each asset and for whom. All deposits and payments use this module.

use crate::tokens;
use ink::{prelude::boxed::Box, storage::Mapping};
use ink_lite::{env, Amounts, Records};
use patronage_core::{
    ledger::{Ledger, Pot},
    stake_income::{DayPart, Terms},
    streams::EPOCH,
};
use patronage_interfaces::{
    try_into_balance,
    vault::{Asset, VaultError},
    AccountId, Stored,
};

/// Kinds of stored amounts. Amounts without a version of the splits have version 0.
#[derive(Debug, Clone, Copy)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
#[derive(ink_lite::MaxEncodedLen)]
pub enum EntryKind {
    /// Income under a version of the splits that is no longer the ledger's. It has no owner.
    PastIncome,
    /// What a recipient has claimed of the income under a version of the splits.
    Claimed,
    /// Refunds that a fan can withdraw.
    Credit,
    /// All that a fan has tipped in an asset other than the native one.
    Tipped,
}

/// Key of an amount: kind, asset, version of the splits, owner.
type Entry = (EntryKind, Asset, u32, AccountId);

/// Sentinel account for amounts without an owner.
static NO_OWNER: AccountId = ink::primitives::AccountId([0; 32]);

/// Key of a past day: the asset, and the number of the day among those with a part set aside.
type NumberedDay = (Asset, u32);

/// Ledgers and amounts of the vault.
#[ink::storage_item]
#[derive(Debug, Default)]
pub struct Accounting {
    ledgers: Mapping<Asset, Stored<Ledger>>,
    entries: Mapping<Entry, u128>,
    /// Parts set aside for stakers on past days that are not settled, by number.
    days: Mapping<NumberedDay, Stored<DayPart>>,
}

impl Accounting {
    /// Creates the ledger of the native asset.
    pub fn open(&mut self) {
        self.ledgers.store(&Asset::Native, &Stored(Ledger::default()));
    }

    /// Returns the ledger of `asset`.
    #[inline(never)]
    pub fn ledger(&self, asset: &Asset) -> Stored<Ledger> {
        self.ledgers.load_or_zero(asset)
    }

    /// Records a transfer of `amount` of `asset` from one pot to another.
    #[inline(never)]
    pub fn record(&mut self, asset: &Asset, from: Pot, to: Pot, amount: u128) -> Result<(), Box<VaultError>> {
        let mut ledger = self.ledger(asset);
        self.transfer(asset, &mut ledger, from, to, amount)
    }

    /// Records a payment of `amount` of `asset` out of `pot`. Fails if the amount is 0.
    #[inline(never)]
    pub fn record_withdrawal(&mut self, asset: &Asset, pot: Pot, amount: u128) -> Result<(), Box<VaultError>> {
        if amount == 0 {
            return Err(Box::new(VaultError::NothingToClaim));
        }
        self.record(asset, pot, Pot::Outside, amount)
    }

    /// Records `amount` of `asset` as income under the splits of `version`. Sets the stakers' part aside by these
    /// `terms`.
    #[inline(never)]
    pub fn add_income(
        &mut self,
        asset: &Asset,
        from: Pot,
        amount: u128,
        version: u32,
        terms: &Terms,
    ) -> Result<(), Box<VaultError>> {
        let mut ledger = self.ledger(asset);
        if let Some((version, income)) = ledger.roll_version(version) {
            self.set_entry(EntryKind::PastIncome, asset, version, &NO_OWNER, income);
        }
        ledger.transfer(from, Pot::Unclaimed, amount).ok_or(VaultError::Overflow)?;
        if terms.share > 0 {
            self.set_aside(asset, &mut ledger, amount, terms);
        }
        // The ledger has income, so it is not empty.
        self.set_ledger(asset, &ledger);
        Ok(())
    }

    /// Sets the stakers' part of an income of `amount` aside.
    #[inline(never)]
    fn set_aside(&mut self, asset: &Asset, ledger: &mut Ledger, amount: u128, terms: &Terms) {
        let today = env::now() / EPOCH;
        let part = terms.part(amount, today);
        if part == 0 {
            return;
        }
        if let Some(earlier) = ledger.set_aside(part, today) {
            // `days` includes this day, so its number is one less.
            self.days.store(&(asset, ledger.days.wrapping_sub(1)), &Stored(earlier));
        }
    }

    /// Returns what was set aside on the past day with number `index`.
    pub fn day(&self, asset: &Asset, index: u32) -> DayPart {
        self.days.load_or_zero(&(asset, index)).0
    }

    /// Deletes the record of the past day with number `index`.
    pub fn delete_day(&mut self, asset: &Asset, index: u32) {
        self.days.delete(&(asset, index));
    }

    /// Stores the ledger of `asset`.
    #[inline(never)]
    pub fn set_ledger(&mut self, asset: &Asset, ledger: &Stored<Ledger>) {
        self.ledgers.store(asset, ledger);
    }

    /// Returns a `part` that was set aside to the income under the splits of `version`.
    pub fn return_part(&mut self, asset: &Asset, ledger: &mut Ledger, version: u32, part: u128) {
        // A part of recorded income, so this cannot overflow.
        if ledger.version == version {
            ledger.income = ledger.income.wrapping_add(part);
        } else {
            let past = self.entry(EntryKind::PastIncome, asset, version, &NO_OWNER).wrapping_add(part);
            self.set_entry(EntryKind::PastIncome, asset, version, &NO_OWNER, past);
        }
    }

    #[inline(never)]
    fn transfer(
        &mut self,
        asset: &Asset,
        ledger: &mut Stored<Ledger>,
        from: Pot,
        to: Pot,
        amount: u128,
    ) -> Result<(), Box<VaultError>> {
        ledger.transfer(from, to, amount).ok_or(VaultError::Overflow)?;
        // The native ledger stays: the creator has paid its storage deposit.
        if ledger.is_empty() && *asset != Asset::Native {
            self.ledgers.delete(asset);
        } else {
            self.set_ledger(asset, ledger);
        }
        Ok(())
    }

    /// Returns the total income under the splits of `version`.
    pub fn income(&self, asset: &Asset, version: u32) -> u128 {
        let ledger = self.ledger(asset);
        if ledger.version == version {
            return ledger.income;
        }
        self.entry(EntryKind::PastIncome, asset, version, &NO_OWNER)
    }

    /// Returns an amount; 0 if there is no entry.
    #[inline(never)]
    pub fn entry(&self, kind: EntryKind, asset: &Asset, version: u32, who: &AccountId) -> u128 {
        self.entries.amount(&(kind, asset, version, who))
    }

    /// Stores an amount. Deletes the entry if the amount is 0.
    #[inline(never)]
    pub fn set_entry(&mut self, kind: EntryKind, asset: &Asset, version: u32, who: &AccountId, amount: u128) {
        self.entries.set_amount(&(kind, asset, version, who), amount);
    }

    /// Adds to an amount.
    #[inline(never)]
    pub fn add_to_entry(&mut self, kind: EntryKind, asset: &Asset, who: &AccountId, amount: u128) {
        // The ledger, or the supply of an honest token, bounds the sum.
        let sum = self.entry(kind, asset, 0, who).saturating_add(amount);
        self.set_entry(kind, asset, 0, who, sum);
    }
}

/// Deposits the transferred value of a native `asset`, or `tokens` of the caller. Returns the amount that arrived.
#[inline(never)]
pub fn deposit(asset: &Asset, tokens: u128) -> Result<u128, Box<VaultError>> {
    let sent = env::value();
    match asset {
        Asset::Native if tokens == 0 => Ok(sent),
        Asset::Psp22(_) if sent == 0 && tokens == 0 => Ok(0),
        Asset::Psp22(token) if sent == 0 => tokens::deposit(token, tokens),
        _ => Err(Box::new(VaultError::WrongAsset)),
    }
}

/// Pays out, and returns the amount. After it a message accesses storage only to handle a failure.
#[inline(never)]
pub fn pay(asset: &Asset, to: &AccountId, amount: u128) -> Result<u128, Box<VaultError>> {
    let (paid, error) = match asset {
        Asset::Native => {
            let paid = try_into_balance(amount).is_some_and(|amount| env::transfer(to, &amount.to_le_bytes()));
            (paid, VaultError::TransferFailed)
        }
        Asset::Psp22(token) => (tokens::send(token, to, amount), VaultError::TokenFailed),
    };
    if !paid {
        return Err(Box::new(error));
    }
    Ok(amount)
}
