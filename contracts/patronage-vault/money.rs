//! The money of the vault: what it has of each asset and for whom, and the one way in and the one way out.

use crate::tokens;
use ink::{env, storage::Mapping};
use patronage_core::ledger::Ledger;
use patronage_interfaces::{
    from_balance, to_balance,
    vault::{Asset, VaultError},
    AccountId, PatronageEnvironment as E, Stored,
};

/// An amount that is kept by itself.
#[derive(Debug, Clone, Copy)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
pub enum Entry {
    /// What came in under a version of the splits that the ledger no longer counts.
    Past(Asset, u32),
    /// What a recipient has taken of the income under a version of the splits.
    Taken(Asset, u32, AccountId),
    /// Refunds that wait for a fan.
    Credit(Asset, AccountId),
    /// All that a fan ever tipped, of an asset that is not native.
    Tipped(Asset, AccountId),
}

/// One of the ledger's rules.
type Rule = fn(&mut Ledger, u128) -> Option<()>;

/// Books of the vault.
#[ink::storage_item]
#[derive(Debug, Default)]
pub struct Money {
    /// Everything in the chain's own token. It changes with nearly every call, like the root it is in.
    native: Stored<Ledger>,
    /// Version of the splits that income belongs to now.
    pub version: u32,
    ledgers: Mapping<AccountId, Stored<Ledger>>,
    entries: Mapping<Entry, u128>,
}

impl Money {
    /// What the vault has of `asset`.
    pub fn ledger(&self, asset: Asset) -> Ledger {
        match asset {
            Asset::Native => self.native.0,
            Asset::Psp22(token) => self.ledgers.get(token).unwrap_or_default().0,
        }
    }

    #[inline(never)]
    fn set_ledger(&mut self, asset: Asset, ledger: Ledger) {
        match asset {
            Asset::Native => self.native.0 = ledger,
            Asset::Psp22(token) if ledger.is_empty() => self.ledgers.remove(token),
            Asset::Psp22(token) => drop(self.ledgers.insert(token, &Stored(ledger))),
        }
    }

    /// Books `amount` by one of the ledger's rules.
    pub fn book(&mut self, asset: Asset, rule: Rule, amount: u128) -> Result<(), VaultError> {
        self.change(asset, rule, amount, false)
    }

    /// Books `amount` of income by one of the ledger's rules, under the splits that are valid now.
    pub fn book_income(&mut self, asset: Asset, rule: Rule, amount: u128) -> Result<(), VaultError> {
        self.change(asset, rule, amount, true)
    }

    #[inline(never)]
    fn change(&mut self, asset: Asset, rule: Rule, amount: u128, is_income: bool) -> Result<(), VaultError> {
        if amount == 0 {
            return Ok(());
        }
        let mut ledger = self.ledger(asset);
        if is_income {
            if let Some((version, income)) = ledger.turn_to(self.version) {
                self.set_entry(Entry::Past(asset, version), income);
            }
        }
        rule(&mut ledger, amount).ok_or(VaultError::Overflow)?;
        self.set_ledger(asset, ledger);
        Ok(())
    }

    /// All that ever came in under the splits of `version`.
    pub fn income(&self, asset: Asset, version: u32) -> u128 {
        let ledger = self.ledger(asset);
        if ledger.version == version {
            return ledger.income;
        }
        self.entry(Entry::Past(asset, version))
    }

    /// What is kept; 0 where nothing is.
    #[inline(never)]
    pub fn entry(&self, entry: Entry) -> u128 {
        self.entries.get(entry).unwrap_or_default()
    }

    /// Keeps `amount`, or deletes what is kept where it is 0.
    #[inline(never)]
    pub fn set_entry(&mut self, entry: Entry, amount: u128) {
        if amount == 0 {
            self.entries.remove(entry);
        } else {
            self.entries.insert(entry, &amount);
        }
    }

    /// Keeps `amount` more.
    pub fn add_to_entry(&mut self, entry: Entry, amount: u128) {
        // The ledger, or the supply of an honest token, counts the sum of them.
        self.set_entry(entry, self.entry(entry).saturating_add(amount));
    }
}

/// Takes in what was sent along, in a native `asset`, or `tokens` of the caller's. Returns how much arrived.
pub fn take(asset: Asset, tokens: u128) -> Result<u128, VaultError> {
    let sent = from_balance(env::transferred_value::<E>());
    match asset {
        Asset::Native if tokens == 0 => Ok(sent),
        Asset::Psp22(_) if sent == 0 && tokens == 0 => Ok(0),
        Asset::Psp22(token) if sent == 0 => tokens::take(token, tokens),
        _ => Err(VaultError::WrongAsset),
    }
}

/// Pays out. A message reads and writes nothing after it, except what follows from a failure.
#[inline(never)]
pub fn pay(asset: Asset, to: AccountId, amount: u128) -> Result<(), VaultError> {
    match asset {
        _ if amount == 0 => Ok(()),
        Asset::Native => {
            let amount = to_balance(amount).ok_or(VaultError::TransferFailed)?;
            env::transfer::<E>(to, amount).map_err(|_| VaultError::TransferFailed)
        }
        Asset::Psp22(token) => tokens::send(token, to, amount),
    }
}
