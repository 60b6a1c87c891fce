use ink::{
    prelude::{boxed::Box, vec::Vec},
    primitives::AccountId,
};
use patronage_core::{ownership::Ownership, stake_income::Terms};
use patronage_interfaces::vault::{Asset, Settings, Share, VaultError};

/// What changes with the owner's decisions only. Whoever brings money reads it and does not write it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
#[derive(ink_lite::Decode)]
pub struct State {
    /// The creator, and who can accept the ownership.
    pub ownership: Ownership<AccountId>,
    /// What everybody can see.
    pub settings: Settings,
    /// Version of the splits that income belongs to now.
    pub version: u32,
    /// What it gives the stakers.
    pub stakers: Terms,
    /// How many tiers there are.
    pub tier_count: u32,
}

impl State {
    /// What is staked: the creator token.
    pub fn stake_asset(&self) -> Result<Box<Asset>, Box<VaultError>> {
        match self.settings.token {
            Some(token) => Ok(Box::new(Asset::Psp22(token))),
            None => Err(Box::new(VaultError::NoToken)),
        }
    }
}

/// The recipients of one version, at most 16. What their parts lack to the whole is the stakers'.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
#[cfg_attr(feature = "std", derive(ink::storage::traits::StorageLayout))]
#[derive(ink_lite::Decode)]
#[ink_lite(max_encoded_len = 1
    + patronage_core::splits::MAX_RECIPIENTS * <Share<AccountId> as ink_lite::MaxEncodedLen>::MAX_ENCODED_LEN)]
pub struct Splits(pub Vec<Share<AccountId>>);
