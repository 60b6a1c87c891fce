use ink::{
    prelude::{boxed::Box, vec::Vec},
    primitives::AccountId,
};
use patronage_core::{ownership::Ownership, stake_income::Terms};
use patronage_interfaces::vault::{Asset, Settings, Share, VaultError};

/// State that payments read and do not write. The owner changes it, and so do the first and the last stake.
#[derive(Debug, Clone, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
#[derive(ink_lite::Decode)]
pub struct State {
    /// The owner, and the proposed owner.
    pub ownership: Ownership<AccountId>,
    /// Public settings.
    pub settings: Settings,
    /// Version of the splits that new income belongs to.
    pub version: u32,
    /// Share of the stakers under that version.
    pub stakers: Terms,
    /// Number of tiers.
    pub tier_count: u32,
}

impl State {
    /// Returns the asset that fans stake: the creator token. Fails with `NoToken`.
    pub fn stake_asset(&self) -> Result<Box<Asset>, Box<VaultError>> {
        match self.settings.token {
            Some(token) => Ok(Box::new(Asset::Psp22(token))),
            None => Err(Box::new(VaultError::NoToken)),
        }
    }
}

/// Recipients under one version of the splits, at most 16. The rest up to the whole is the stakers' share.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
#[cfg_attr(feature = "std", derive(ink::storage::traits::StorageLayout))]
#[derive(ink_lite::Decode)]
#[ink_lite(max_encoded_len = 1
    + patronage_core::splits::MAX_RECIPIENTS * <Share<AccountId> as ink_lite::MaxEncodedLen>::MAX_ENCODED_LEN)]
pub struct Splits(pub Vec<Share<AccountId>>);
