//! Subscriptions and grants in the model: start, extension and end.

use super::*;

impl Model {
    pub fn join(
        &mut self,
        (by, fan): (usize, usize),
        tier: usize,
        more: u128,
        now: u64,
        switching: bool,
    ) -> Result<u64, Box<VaultError>> {
        let (asset, _, period, level, _, stay) = TIERS[tier];
        let rest = |paid: &Paid| paid.minimum.saturating_sub(paid.earned_up(now));
        // A running subscription that is replaced carries over its unearned rest, and the rest of its minimum.
        let paid = self.paid_at(fan, now).map(|(held, paid)| (held, (paid.unearned(now), rest(paid))));
        if switching && paid.is_none() {
            return Err(VaultError::NotSubscribed.into());
        }
        let running = self.held[fan].filter(|held| now < held.end);
        let kept = if by == fan { paid.map(|(held, _)| held) } else { running };
        if let Some(held) = kept.filter(|_| !switching) {
            return Err(VaultError::AlreadySubscribed { until: held.end }.into());
        }
        self.deposit(more)?;
        let (carried, rest) = paid.map_or((0, 0), |(_, left)| left);
        if carried > 0 && self.asset_of(fan) != asset {
            return Err(VaultError::WrongAsset.into());
        }
        let Offer { price, open, .. } = self.offers[tier];
        if !open {
            return Err(VaultError::TierClosed.into());
        }
        if carried + more < price {
            return Err(VaultError::PaymentTooSmall { least: price - carried }.into());
        }
        let end = Self::end(price, period, now, carried, more)?;
        self.seat(fan, tier)?;
        if let Some(old) = paid.and_then(|(held, _)| held.paid) {
            self.paid[old].refunded = Some(carried);
        }
        let joins = paid.is_none_or(|(held, _)| TIERS[held.tier].3 < level);
        let own = if joins { (price * u128::from(stay)).div_ceil(period.into()) } else { 0 };
        let since = self.since(fan, tier, now);
        self.held[fan] = Some(Held { tier, since, end, paid: Some(self.paid.len()) });
        self.paid.push(Paid {
            tier,
            price,
            start: now,
            end,
            paid: carried + more,
            minimum: own.max(rest),
            refunded: None,
        });
        Ok(end)
    }

    /// End of a stream, if `had` was paid before and `more` is paid now.
    fn end(price: u128, period: u64, start: u64, had: u128, more: u128) -> Result<u64, Box<VaultError>> {
        let most = (price * (u128::from(MAX_DURATION) + 1) - 1) / u128::from(period);
        if had + more > most {
            return Err(VaultError::PaymentTooLarge { most: most.saturating_sub(had) }.into());
        }
        Ok(start + ((had + more) * u128::from(period) / price) as u64)
    }

    /// `tier` and the maximum price are the caller's.
    pub fn top_up(
        &mut self,
        fan: usize,
        (tier, most): (usize, u128),
        more: u128,
        now: u64,
    ) -> Result<u64, Box<VaultError>> {
        let Some((held, paid)) = self.paid_at(fan, now) else { return Err(VaultError::NotSubscribed.into()) };
        if held.tier != tier {
            return Err(VaultError::OtherTier { tier: held.tier as u32 }.into());
        }
        if paid.price > most {
            return Err(VaultError::PriceTooHigh { price: paid.price }.into());
        }
        self.deposit_some(more)?;
        let end = Self::end(paid.price, paid.period(), paid.start, paid.paid, more)?;
        let number = held.paid.expect("it is paid");
        self.paid[number].paid += more;
        self.paid[number].end = end;
        self.held[fan] = Some(Held { end, ..held });
        Ok(end)
    }

    /// `fan` cancels. Returns the refund.
    pub fn leave(&mut self, fan: usize, now: u64) -> Result<u128, Box<VaultError>> {
        self.end_with(fan, self.refund(fan, now), now)
    }

    /// Ends the subscription of `fan` with this refund.
    fn end_with(&mut self, fan: usize, refund: u128, now: u64) -> Result<u128, Box<VaultError>> {
        if let Some((Held { paid: Some(number), .. }, _)) = self.paid_at(fan, now) {
            self.paid[number].refunded = Some(refund);
        }
        self.held[fan].take().map(|_| refund).ok_or(VaultError::NotSubscribed.into())
    }

    /// The owner ends the subscription of `fan`.
    pub fn end_by_owner(&mut self, fan: usize, now: u64) -> Result<u128, Box<VaultError>> {
        let asset = self.asset_of(fan);
        let unearned = self.paid_at(fan, now).map_or(0, |(_, paid)| paid.unearned(now));
        let refund = self.end_with(fan, unearned, now)?;
        self.credits[asset][fan] += refund;
        Ok(refund)
    }

    pub fn revoke(&mut self, fan: usize, now: u64) -> Result<(), Box<VaultError>> {
        if self.held[fan].is_none_or(|held| held.paid.is_some()) {
            return Err(VaultError::NotSubscribed.into());
        }
        self.leave(fan, now).map(|_| ())
    }

    pub fn prune(&mut self, fan: usize, now: u64) -> Result<(), Box<VaultError>> {
        let held = self.held[fan].ok_or(VaultError::NotSubscribed)?;
        let claimed = self.held.iter().flatten().filter(|other| other.tier == held.tier).count();
        let full = self.offers[held.tier].seats.is_some_and(|seats| claimed >= seats as usize);
        let kept = if full { TIERS[held.tier].2.min(PRUNE_AFTER) } else { PRUNE_AFTER };
        let from = held.end + kept;
        if now < from {
            return Err(VaultError::NotExpired { from }.into());
        }
        self.leave(fan, now).map(|_| ())
    }

    pub fn grant(&mut self, fan: usize, tier: usize, until: u64, now: u64) -> Result<(), Box<VaultError>> {
        if let Some((held, _)) = self.paid_at(fan, now) {
            return Err(VaultError::AlreadySubscribed { until: held.end }.into());
        }
        if until <= now {
            return Err(VaultError::EndsInPast.into());
        }
        self.seat(fan, tier)?;
        self.held[fan] = Some(Held { tier, since: self.since(fan, tier, now), end: until, paid: None });
        Ok(())
    }
}
