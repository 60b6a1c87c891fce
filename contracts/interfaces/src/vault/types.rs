use crate::{AccountId, Timestamp};
use ink::prelude::vec::Vec;
use patronage_core::{splits::Share, tiers, vault_terms};

/// An asset: the native token, or a PSP22 token. Each asset is counted separately.
pub type Asset = patronage_core::ledger::Asset<AccountId>;

/// Terms of a tier.
pub type TierTerms = vault_terms::TierTerms<AccountId>;

/// Terms on which a vault is created.
pub type VaultTerms = vault_terms::VaultTerms<AccountId>;

/// Terms and state of a tier.
#[derive(Debug, Clone, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
pub struct Tier {
    /// Terms of the next subscription.
    pub terms: TierTerms,
    /// Whether it accepts new subscriptions.
    pub open: bool,
    /// Held seats. They can exceed `terms.seats`, as the owner can lower these.
    pub taken: u32,
    /// Number of subscriptions, running or ended, whose end `collect` has not settled; 0 if nothing is left to settle.
    pub unsettled: u32,
    /// `collect` has settled everything that ended before this time, in ms.
    pub settled_until: Timestamp,
}

impl Tier {
    /// Returns the time (ms) from which anyone can free the seat of `held`.
    pub fn prunable_from(&self, held: &tiers::Subscription) -> Timestamp {
        let full = self.terms.seats.is_some_and(|seats| self.taken >= seats);
        tiers::prunable_from(&held.stream, self.terms.period, full)
    }
}

/// Splits of the income.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
pub struct Splits {
    /// The recipients and their parts, in basis points.
    pub shares: Vec<Share<AccountId>>,
    /// The stakers' part, in basis points. While nobody's stake counts, the recipients share everything.
    pub stakers: u16,
}

/// Settings of the vault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
#[cfg_attr(feature = "std", derive(ink::storage::traits::StorageLayout))]
#[derive(ink_lite::Decode)]
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
