//! The money of the vault: what it has of each asset and for whom, and the one way in and the one way out.

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

/// Kinds of amounts that are kept by themselves. Those without a version have version 0.
#[derive(Debug, Clone, Copy)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
#[derive(ink_lite::MaxEncodedLen)]
pub enum Kind {
    /// What came in under a version of the splits that the ledger no longer counts. It is nobody's.
    Past,
    /// What a recipient has taken of the income under a version of the splits.
    Taken,
    /// Refunds that wait for a fan.
    Credit,
    /// All that a fan ever tipped, of an asset that is not native.
    Tipped,
}

/// What an amount is, what it is in, under which version, and whose it is.
type Entry = (Kind, Asset, u32, AccountId);

/// Whose an amount is that is nobody's.
static NOBODY: AccountId = ink::primitives::AccountId([0; 32]);

/// An asset, and the number of a day on which a part of it was set aside.
type NumberedDay = (Asset, u32);

/// Books of the vault.
#[ink::storage_item]
#[derive(Debug, Default)]
pub struct Money {
    ledgers: Mapping<Asset, Stored<Ledger>>,
    entries: Mapping<Entry, u128>,
    /// What was set aside for the stakers on days that are over and not settled, in their order.
    days: Mapping<NumberedDay, Stored<DayPart>>,
}

impl Money {
    /// Opens the ledger of the native money.
    pub fn open(&mut self) {
        self.ledgers.store(&Asset::Native, &Stored(Ledger::default()));
    }

    /// What the vault has of `asset`.
    #[inline(never)]
    pub fn ledger(&self, asset: &Asset) -> Stored<Ledger> {
        self.ledgers.load_or_zero(asset)
    }

    /// Books that `amount` of `asset` goes from one pot to another.
    #[inline(never)]
    pub fn book(&mut self, asset: &Asset, from: Pot, to: Pot, amount: u128) -> Result<(), Box<VaultError>> {
        let mut ledger = self.ledger(asset);
        self.transfer(asset, &mut ledger, from, to, amount)
    }

    /// Books that `amount` of `asset` in `pot` is paid out.
    #[inline(never)]
    pub fn take_out(&mut self, asset: &Asset, pot: Pot, amount: u128) -> Result<(), Box<VaultError>> {
        if amount == 0 {
            return Err(Box::new(VaultError::NothingToClaim));
        }
        self.book(asset, pot, Pot::Outside, amount)
    }

    /// Books that `amount` of `asset` becomes income, under the splits of `version`, which give the stakers a part on these `terms`.
    #[inline(never)]
    pub fn earn(
        &mut self,
        asset: &Asset,
        from: Pot,
        amount: u128,
        version: u32,
        terms: &Terms,
    ) -> Result<(), Box<VaultError>> {
        let mut ledger = self.ledger(asset);
        if let Some((version, income)) = ledger.roll_version(version) {
            self.set_entry(Kind::Past, asset, version, &NOBODY, income);
        }
        ledger.transfer(from, Pot::Unclaimed, amount).ok_or(VaultError::Overflow)?;
        if terms.share > 0 {
            self.set_aside(asset, &mut ledger, amount, terms);
        }
        // There is income in it.
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
            // It counts the earlier ones, and this one.
            self.days.store(&(asset, ledger.days.wrapping_sub(1)), &Stored(earlier));
        }
    }

    /// What was set aside on day number `index` of those that are over.
    pub fn day(&self, asset: &Asset, index: u32) -> DayPart {
        self.days.load_or_zero(&(asset, index)).0
    }

    /// Deletes it.
    pub fn delete_day(&mut self, asset: &Asset, index: u32) {
        self.days.delete(&(asset, index));
    }

    /// Keeps what the vault has of `asset`.
    #[inline(never)]
    pub fn set_ledger(&mut self, asset: &Asset, ledger: &Stored<Ledger>) {
        self.ledgers.store(asset, ledger);
    }

    /// Adds what was set aside under the splits of `version` to the income of their recipients.
    pub fn give_back(&mut self, asset: &Asset, ledger: &mut Ledger, version: u32, part: u128) {
        // It is a part of what came in, which fits.
        if ledger.version == version {
            ledger.income = ledger.income.wrapping_add(part);
        } else {
            let past = self.entry(Kind::Past, asset, version, &NOBODY).wrapping_add(part);
            self.set_entry(Kind::Past, asset, version, &NOBODY, past);
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
        // That of the native money is the creator's, who has paid its storage deposit.
        if ledger.is_empty() && *asset != Asset::Native {
            self.ledgers.delete(asset);
        } else {
            self.set_ledger(asset, ledger);
        }
        Ok(())
    }

    /// All that ever came in under the splits of `version`.
    pub fn income(&self, asset: &Asset, version: u32) -> u128 {
        let ledger = self.ledger(asset);
        if ledger.version == version {
            return ledger.income;
        }
        self.entry(Kind::Past, asset, version, &NOBODY)
    }

    /// What is kept; 0 where nothing is.
    #[inline(never)]
    pub fn entry(&self, kind: Kind, asset: &Asset, version: u32, who: &AccountId) -> u128 {
        self.entries.amount(&(kind, asset, version, who))
    }

    /// Keeps `amount`, or deletes what is kept where it is 0.
    #[inline(never)]
    pub fn set_entry(&mut self, kind: Kind, asset: &Asset, version: u32, who: &AccountId, amount: u128) {
        self.entries.set_amount(&(kind, asset, version, who), amount);
    }

    /// Keeps `amount` more.
    #[inline(never)]
    pub fn add_to_entry(&mut self, kind: Kind, asset: &Asset, who: &AccountId, amount: u128) {
        // The ledger, or the supply of an honest token, counts the sum of them.
        let sum = self.entry(kind, asset, 0, who).saturating_add(amount);
        self.set_entry(kind, asset, 0, who, sum);
    }
}

/// Takes in what was sent along, in a native `asset`, or `tokens` of the caller's. Returns how much arrived.
#[inline(never)]
pub fn take(asset: &Asset, tokens: u128) -> Result<u128, Box<VaultError>> {
    let sent = env::value();
    match asset {
        Asset::Native if tokens == 0 => Ok(sent),
        Asset::Psp22(_) if sent == 0 && tokens == 0 => Ok(0),
        Asset::Psp22(token) if sent == 0 => tokens::take(token, tokens),
        _ => Err(Box::new(VaultError::WrongAsset)),
    }
}

/// Pays out, and says how much that was. A message reads and writes nothing after it, except what follows from a failure.
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
