//! Who holds which tier: one record per fan, one per tier, and one per day on which streams of a tier end.

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

/// A tier as it stands in storage.
pub type KeptTier = Stored<Tier<AccountId>>;

type EpochOfTier = (TierId, u64);

/// Fans, tiers and the ends of streams.
#[ink::storage_item]
#[derive(Debug, Default)]
pub struct Members {
    fans: Mapping<AccountId, Stored<Fan>>,
    tiers: Mapping<TierId, KeptTier>,
    buckets: Mapping<EpochOfTier, Stored<Bucket>>,
}

impl Members {
    /// What is kept of a fan; the default for someone unknown.
    #[inline(never)]
    pub fn fan(&self, account: &AccountId) -> Stored<Fan> {
        self.fans.load_or_zero(account)
    }

    /// Keeps a fan, or deletes who has nothing left here.
    #[inline(never)]
    pub fn set_fan(&mut self, account: &AccountId, fan: &Stored<Fan>) {
        if fan.is_empty() {
            self.fans.delete(account);
        } else {
            self.fans.store(account, fan);
        }
    }

    /// A tier.
    #[inline(never)]
    pub fn tier(&self, id: TierId) -> Result<Box<KeptTier>, Box<VaultError>> {
        match self.tiers.load(&id) {
            Some(tier) => Ok(tier),
            None => Err(Box::new(VaultError::UnknownTier)),
        }
    }

    /// Keeps a tier.
    #[inline(never)]
    pub fn set_tier(&mut self, id: TierId, tier: &KeptTier) {
        self.tiers.store(&id, tier);
    }

    /// The ends of the streams of a tier.
    pub fn buckets(&mut self, tier: TierId) -> TierBuckets<'_> {
        TierBuckets { members: self, tier }
    }

    /// Frees the seat that `fan` holds, before the fan takes one in `tier`. Returns all the money in it that time has not earned,
    /// for the new one.
    #[inline(never)]
    pub fn vacate(
        &mut self,
        fan: &Fan,
        id: TierId,
        tier: &mut KeptTier,
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
