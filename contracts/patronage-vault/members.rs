//! Who holds which tier: one record per fan, one per tier, and one per day on which streams of a tier end.

use ink::storage::Mapping;
use patronage_core::{
    streams::{Bucket, Buckets},
    tiers::{Fan, Tier},
};
use patronage_interfaces::{
    vault::{TierId, VaultError},
    AccountId, Stored, Timestamp,
};

type EpochOfTier = (TierId, u64);

/// Fans, tiers and the ends of streams.
#[ink::storage_item]
#[derive(Debug, Default)]
pub struct Members {
    fans: Mapping<AccountId, Stored<Fan>>,
    tiers: Mapping<TierId, Stored<Tier<AccountId>>>,
    buckets: Mapping<EpochOfTier, Stored<Bucket>>,
}

impl Members {
    /// What is kept of a fan; the default for someone unknown.
    #[inline(never)]
    pub fn fan(&self, account: AccountId) -> Fan {
        self.fans.get(account).unwrap_or_default().0
    }

    /// Keeps a fan, or deletes who has nothing left here.
    #[inline(never)]
    pub fn set_fan(&mut self, account: AccountId, fan: Fan) {
        if fan.is_empty() {
            self.fans.remove(account);
        } else {
            self.fans.insert(account, &Stored(fan));
        }
    }

    /// A tier.
    #[inline(never)]
    pub fn tier(&self, id: TierId) -> Result<Tier<AccountId>, VaultError> {
        Ok(self.tiers.get(id).ok_or(VaultError::UnknownTier)?.0)
    }

    /// Keeps a tier.
    #[inline(never)]
    pub fn set_tier(&mut self, id: TierId, tier: Tier<AccountId>) {
        self.tiers.insert(id, &Stored(tier));
    }

    /// The ends of the streams of a tier.
    pub fn buckets(&mut self, tier: TierId) -> TierBuckets<'_> {
        TierBuckets { members: self, tier }
    }

    /// Frees the seat that `fan` holds, before the fan takes one in `tier`. Returns the money in it, for the new one.
    pub fn vacate(
        &mut self,
        fan: &Fan,
        id: TierId,
        tier: &mut Tier<AccountId>,
        now: Timestamp,
    ) -> Result<u128, VaultError> {
        let Some(held) = fan.subscription else { return Ok(0) };
        if held.tier == id {
            return Ok(tier.leave(&held.stream, now, &mut self.buckets(id)));
        }
        let mut left = self.tier(held.tier)?;
        let carried = left.leave(&held.stream, now, &mut self.buckets(held.tier));
        if carried > 0 && left.asset != tier.asset {
            return Err(VaultError::WrongAsset);
        }
        self.set_tier(held.tier, left);
        Ok(carried)
    }
}

/// The buckets of one tier.
pub struct TierBuckets<'a> {
    members: &'a mut Members,
    tier: TierId,
}

impl Buckets for TierBuckets<'_> {
    fn get(&self, epoch: u64) -> Bucket {
        self.members.buckets.get((self.tier, epoch)).unwrap_or_default().0
    }

    fn set(&mut self, epoch: u64, bucket: &Bucket) {
        if bucket.ends == 0 {
            self.members.buckets.remove((self.tier, epoch));
        } else {
            self.members.buckets.insert((self.tier, epoch), &Stored(*bucket));
        }
    }
}
