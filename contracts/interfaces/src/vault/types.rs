use crate::{AccountId, Stored, Timestamp};
use ink::prelude::{boxed::Box, vec::Vec};
use patronage_core::{error::VaultError, splits::Share, streams::Earnings, tiers};

/// What money is in: the chain's own token, or a PSP22 token. Each asset is counted on its own.
pub type Asset = patronage_core::ledger::Asset<AccountId>;

/// Terms of a tier. Amounts are in planck or in smallest units of the token that it is paid in.
#[derive(Debug, Clone, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
pub struct TierTerms {
    /// What it is paid in. It never changes.
    pub asset: Asset,
    /// Price of one period, at least 1 and below 2^96.
    pub price: u128,
    /// Length of a period in ms, from a minute to 100 years. It never changes.
    pub period: u64,
    /// What a subscriber of the tier is on the creator's scale, from 1; access rules ask for "at least level L". It never
    /// changes.
    pub level: u8,
    /// How many fans can hold the tier at once; `None` for no limit. A seat is held until its subscription is ended, replaced
    /// or pruned, also when it has expired.
    pub seats: Option<u32>,
    /// Minimum stay in ms, at most a period, 0 for none: what the agreed price costs for so long is not refunded to a fan who
    /// cancels early. It never changes.
    pub minimum_stay: u64,
    /// Where the tier is described to people (UTF-8, at most 256 bytes); may be empty.
    pub uri: Vec<u8>,
}

impl TierTerms {
    /// The tier that they make at time `now` (ms), open and without anyone who holds it.
    ///
    /// # Errors
    /// What is not possible about them.
    pub fn tier(&self, now: Timestamp) -> Result<Box<Stored<tiers::Tier<AccountId>>>, Box<VaultError>> {
        let tier = Box::new(Stored(tiers::Tier {
            asset: self.asset,
            price: self.price,
            level: self.level,
            seats: self.seats,
            open: true,
            taken: 0,
            minimum_stay: self.minimum_stay,
            earnings: Earnings::new(self.period, now),
        }));
        tier.check()?;
        Ok(tier)
    }
}

patronage_wire::read!(
    struct TierTerms {
        asset: Asset,
        price: u128,
        period: u64,
        level: u8,
        seats: Option<u32>,
        minimum_stay: u64,
        uri: Vec<u8>,
    }
);

/// A tier as it is now.
#[derive(Debug, Clone, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
pub struct Tier {
    /// Terms that the next subscription gets.
    pub terms: TierTerms,
    /// Whether it can be subscribed to.
    pub open: bool,
    /// Seats that are held now. There can be more than the terms have, where the owner has lowered these.
    pub taken: u32,
    /// Subscriptions, running or ended, whose end `collect` has not yet swept; 0 means that nothing is left to sweep.
    pub unsettled: u32,
    /// `collect` has swept everything that ended before this time, in ms.
    pub settled_until: Timestamp,
}

impl Tier {
    /// From when on anyone can free the seat that `held` holds, in ms.
    pub fn prunable_from(&self, held: &tiers::Subscription) -> Timestamp {
        let full = self.terms.seats.is_some_and(|seats| self.taken >= seats);
        tiers::prunable_from(&held.stream, self.terms.period, full)
    }
}

/// Terms on which a vault is created.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
pub struct VaultTerms {
    /// Who gets which part of the income: at most 16 recipients, parts in basis points that sum to 10,000. Empty for "all
    /// to the owner".
    pub splits: Vec<Share<AccountId>>,
    /// The first tiers, at most 16.
    pub tiers: Vec<TierTerms>,
    /// The creator token, which fans can stake and whose fees the vault can collect. It never changes.
    pub token: Option<AccountId>,
    /// How long unstaked tokens wait, in ms: at most 90 days. It never changes.
    pub cooldown: u64,
}

patronage_wire::read!(
    struct VaultTerms {
        splits: Vec<Share<AccountId>>,
        tiers: Vec<TierTerms>,
        token: Option<AccountId>,
        cooldown: u64,
    }
);

/// What is set for the whole vault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
#[cfg_attr(feature = "std", derive(ink::storage::traits::StorageLayout))]
pub struct Settings {
    /// The creator token, which fans can stake and whose fees the vault can collect.
    pub token: Option<AccountId>,
    /// How long unstaked tokens wait, in ms.
    pub cooldown: u64,
    /// Whether new money is suspended.
    pub paused: bool,
    /// The first millisecond in which the splits can be changed.
    pub splits_locked_until: Timestamp,
}

patronage_wire::read!(
    struct Settings {
        token: Option<AccountId>,
        cooldown: u64,
        paused: bool,
        splits_locked_until: Timestamp,
    }
);
