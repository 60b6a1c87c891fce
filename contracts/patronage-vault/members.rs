//! Storage of fans, tiers and buckets: one record per fan, one per tier, and one per day on which streams of a tier
//! end.

use ink::{prelude::boxed::Box, storage::Mapping};
use ink_lite::Records;
use patronage_core::{
    streams::{Bucket, Buckets},
    tiers::{Fan, Tier},
};
use patronage_interfaces::{
    vault::{TierId, VaultError},
    AccountId, Stored, Timestamp,
};

/// A tier in storage.
pub type StoredTier = Stored<Tier<AccountId>>;

type EpochOfTier = (TierId, u64);

/// Records of fans, tiers and buckets.
#[ink::storage_item]
#[derive(Debug, Default)]
pub struct Members {
    fans: Mapping<AccountId, Stored<Fan>>,
    tiers: Mapping<TierId, StoredTier>,
    buckets: Mapping<EpochOfTier, Stored<Bucket>>,
}

impl Members {
    /// Returns the record of a fan; the default if there is none.
    #[inline(never)]
    pub fn fan(&self, account: &AccountId) -> Stored<Fan> {
        self.fans.load_or_zero(account)
    }

    /// Stores the record of a fan. Deletes it if it is empty.
    #[inline(never)]
    pub fn set_fan(&mut self, account: &AccountId, fan: &Stored<Fan>) {
        if fan.is_empty() {
            self.fans.delete(account);
        } else {
            self.fans.store(account, fan);
        }
    }

    /// Returns a tier. Fails with `UnknownTier`.
    #[inline(never)]
    pub fn tier(&self, id: TierId) -> Result<Box<StoredTier>, Box<VaultError>> {
        match self.tiers.load(&id) {
            Some(tier) => Ok(tier),
            None => Err(Box::new(VaultError::UnknownTier)),
        }
    }

    /// Stores a tier.
    #[inline(never)]
    pub fn set_tier(&mut self, id: TierId, tier: &StoredTier) {
        self.tiers.store(&id, tier);
    }

    /// Returns access to the buckets of a tier.
    pub fn buckets(&mut self, tier: TierId) -> TierBuckets<'_> {
        TierBuckets { members: self, tier }
    }

    /// Frees the seat that `fan` holds, before the fan gets one in `tier`. Returns the unearned rest of the payment,
    /// which moves to the new subscription.
    #[inline(never)]
    pub fn vacate(
        &mut self,
        fan: &Fan,
        id: TierId,
        tier: &mut StoredTier,
        now: Timestamp,
    ) -> Result<u128, Box<VaultError>> {
        let Some(held) = &fan.subscription else { return Ok(0) };
        if held.tier == id {
            return Ok(tier.leave(&held.stream, now, false, &mut self.buckets(id)));
        }
        let mut left = self.tier(held.tier)?;
        let carried = left.leave(&held.stream, now, false, &mut self.buckets(held.tier));
        if carried > 0 && left.asset != tier.asset {
            return Err(Box::new(VaultError::WrongAsset));
        }
        self.set_tier(held.tier, &left);
        Ok(carried)
    }
}

/// The buckets of one tier.
pub struct TierBuckets<'a> {
    members: &'a mut Members,
    tier: TierId,
}

impl Buckets for TierBuckets<'_> {
    #[inline(never)]
    fn get(&self, epoch: u64) -> Bucket {
        self.members.buckets.load_or_zero(&(self.tier, epoch)).0
    }

    #[inline(never)]
    fn set(&mut self, epoch: u64, bucket: &Bucket) {
        if bucket.ends == 0 {
            self.members.buckets.delete(&(self.tier, epoch));
        } else {
            self.members.buckets.store(&(self.tier, epoch), &Stored(*bucket));
        }
    }
}
