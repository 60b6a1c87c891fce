//! Subscriptions and the terms of tiers.

use crate::{accounting, accounting::EntryKind, members::StoredTier, patronage_vault::PatronageVaultContract as Vault};
use ink::prelude::{boxed::Box, vec::Vec};
use ink_lite::{emit, env, Records};
use patronage_core::{
    ledger::Pot,
    streams::Stream,
    tiers::{self, Fan},
};
use patronage_interfaces::{
    vault::{validate_uri, Ended, StakeChanged, Subscribed, TierId, TierOffered, TierTerms, VaultError, MAX_TIERS},
    AccountId, PatronageEnvironment as Env, Stored, Timestamp,
};

impl Vault {
    /// Subscribes `fan`. This replaces an expired or granted subscription, or, when `switching`, a paid one.
    #[inline(never)]
    pub(crate) fn join(
        &mut self,
        fan: &AccountId,
        id: TierId,
        tokens: u128,
        max_price: u128,
        switching: bool,
    ) -> Result<Timestamp, Box<VaultError>> {
        let now = env::now();
        let mut tier = self.members.tier(id)?;
        let mut record = self.members.fan(fan);
        // Only a payment of the fan replaces a running grant. A stranger must not end it with a cheap gift.
        let by_fan = env::caller() == *fan;
        match if by_fan { record.paid_at(now) } else { record.running_at(now) } {
            Some(held) if !switching => {
                return Err(Box::new(VaultError::AlreadySubscribed { until: held.stream.end }));
            }
            None if switching => return Err(Box::new(VaultError::NotSubscribed)),
            _ => {}
        }
        let paid = self.deposit(&self.state(), &tier.asset, tokens, false)?;
        let carried = self.members.vacate(&record, id, &mut tier, now)?;
        // Without a switch there is no paid subscription here.
        let held = if switching { record.paid_at(now) } else { None };
        let stream = tier.subscribe(max_price, held, carried, paid, now, &mut self.members.buckets(id))?;
        if paid > 0 {
            self.accounting.record(&tier.asset, Pot::Outside, Pot::Streams, paid)?;
        }
        self.store_subscription(fan, &mut record, id, &tier, stream, paid);
        Ok(stream.end)
    }

    /// Stores the subscription of `fan` to `tier` with this `stream`. What was not `paid` now was carried over.
    #[inline(never)]
    pub(crate) fn store_subscription(
        &mut self,
        fan: &AccountId,
        record: &mut Stored<Fan>,
        id: TierId,
        tier: &StoredTier,
        stream: Stream,
        paid: u128,
    ) {
        let since = record.since(tier.level, stream.start);
        record.subscription = Some(tiers::Subscription { tier: id, level: tier.level, since, stream });
        self.members.set_fan(fan, record);
        self.members.set_tier(id, tier);
        emit::<Env, _>(&Subscribed {
            fan: *fan,
            tier: id,
            payer: env::caller(),
            price: stream.price,
            paid,
            // `paid` is a part of it, so this cannot underflow.
            carried: stream.paid.wrapping_sub(paid),
            minimum: stream.minimum,
            until: stream.end,
        });
    }

    /// Ends the subscription in this `record` of `fan`. If the fan ends it, `other` is `None`: the minimum stay applies, and
    /// the refund is paid at once. If an `other` account does, the whole unearned rest becomes a credit of the fan.
    #[inline(never)]
    pub(crate) fn end(
        &mut self,
        fan: &AccountId,
        record: &mut Stored<Fan>,
        other: Option<&AccountId>,
    ) -> Result<u128, Box<VaultError>> {
        let by_fan = other.is_none();
        let Some(held) = &record.subscription else { return Err(Box::new(VaultError::NotSubscribed)) };
        let id = held.tier;
        let mut tier = self.members.tier(id)?;
        let refund = tier.leave(&held.stream, env::now(), by_fan, &mut self.members.buckets(id));
        self.members.set_tier(id, &tier);
        record.subscription = None;
        self.members.set_fan(fan, record);
        let mut credited = false;
        if refund > 0 {
            self.accounting.record(&tier.asset, Pot::Streams, Pot::Outside, refund)?;
            credited = !by_fan || accounting::pay(&tier.asset, fan, refund).is_err();
            if credited {
                self.accounting.record(&tier.asset, Pot::Outside, Pot::Credits, refund)?;
                self.accounting.add_to_entry(EntryKind::Credit, &tier.asset, fan, refund);
            }
        }
        emit::<Env, _>(&Ended { fan: *fan, tier: id, by: *other.unwrap_or(fan), refund, credited });
        Ok(refund)
    }

    /// Stores the changed stake of `fan`, whose record this is.
    #[inline(never)]
    pub(crate) fn set_stake(&mut self, fan: AccountId, record: &mut Stored<Fan>) -> Box<StakeChanged> {
        let stake = record.stake.get_or_insert_default();
        let event =
            Box::new(StakeChanged { fan, staked: stake.staked, unstaking: stake.unstaking, ready: stake.ready });
        if stake.is_empty() {
            record.stake = None;
        }
        self.members.set_fan(&event.fan, record);
        emit::<Env, _>(&*event);
        event
    }

    /// Stores a new tier on these terms under the number `id`.
    #[inline(never)]
    pub(crate) fn insert_tier(&mut self, id: TierId, terms: TierTerms) -> Result<(), Box<VaultError>> {
        if id >= MAX_TIERS {
            return Err(Box::new(VaultError::TooManyTiers { most: MAX_TIERS }));
        }
        let tier = Box::new(Stored(terms.tier(env::now())));
        tier.check()?;
        self.store_tier(id, &tier, terms)
    }

    /// Stores a tier that is offered on these terms.
    #[inline(never)]
    pub(crate) fn store_tier(
        &mut self,
        tier: TierId,
        stored: &StoredTier,
        terms: TierTerms,
    ) -> Result<(), Box<VaultError>> {
        validate_uri(&terms.uri)?;
        self.members.set_tier(tier, stored);
        self.uris.store(&tier, &terms.uri);
        emit::<Env, _>(&TierOffered { tier, terms, open: stored.open });
        Ok(())
    }
}

/// Returns the terms on which a tier is offered.
#[inline(never)]
pub(crate) fn terms_of(tier: &StoredTier, uri: Vec<u8>) -> TierTerms {
    let tiers::Tier { asset, price, level, seats, minimum_stay, earnings, .. } = tier.0;
    TierTerms { asset, price, period: earnings.period, level, seats, minimum_stay, uri }
}
