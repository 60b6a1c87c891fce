//! The patronage vault: see [`patronage_interfaces::vault::PatronageVault`] for what it promises.
#![cfg_attr(not(feature = "std"), no_std, no_main)]

mod members;
mod money;
mod tokens;
// ink!'s own test environment knows balances of u128 only.
#[cfg(all(test, not(feature = "balance-u64")))]
mod unit_tests;

pub use self::patronage_vault::{PatronageVaultContract, PatronageVaultContractRef};

#[ink::contract(env = PatronageEnvironment)]
mod patronage_vault {
    use crate::{
        members::Members,
        money::{self, Entry, Money},
        tokens,
    };
    use ink::{
        codegen::Env,
        prelude::{vec, vec::Vec},
        storage::Mapping,
    };
    use patronage_core::{
        bp,
        ledger::Ledger,
        splits,
        streams::{Stream, EPOCH},
        tiers::{self, Fan},
    };
    use patronage_interfaces::{
        from_balance,
        patronage::{Patronage, PayError, Standing},
        to_balance,
        vault::{
            Asset, Claimed, Collected, Ended, Obligations, OwnerChanged, OwnerProposed, Paid, PatronageVault,
            PauseChanged, Settings, Share, SplitsChanged, SplitsLocked, Stake, StakeChanged, Subscribed, Subscription,
            Sweep, Tier, TierId, TierOffered, TierTerms, Tipped, ToppedUp, VaultError, VaultTerms, Withdrawn,
            MAX_COOLDOWN, MAX_INITIAL_TIERS, MAX_TEXT, MAX_TIERS,
        },
        PatronageEnvironment, Stored,
    };

    type Shares = Stored<Vec<Share<AccountId>>>;

    /// How many days of a tier a change of the splits sweeps at most: enough where someone collects now and then, and little
    /// enough for all tiers in one call.
    const SWEPT_WITH_SPLITS: u32 = 7;

    /// Every call reads the fields that are no mapping, and most write them.
    #[ink(storage)]
    pub struct PatronageVaultContract {
        money: Money,
        members: Members,
        tier_count: u32,
        settings: Settings,
        owner: AccountId,
        pending_owner: Option<AccountId>,
        /// What tiers say of themselves, which only people read.
        uris: Mapping<TierId, Vec<u8>>,
        /// Who gets which part of the income, by version.
        splits: Mapping<u32, Shares>,
    }

    impl PatronageVaultContract {
        /// A vault of the caller, who owns it.
        ///
        /// # Errors
        /// `Splits`, `CooldownTooLong`, `TooManyTiers`, and those of `add_tier`.
        ///
        /// # Events
        /// `SplitsChanged`, and `TierOffered` for each tier.
        #[ink(constructor)]
        pub fn new(terms: VaultTerms) -> Result<Self, VaultError> {
            let VaultTerms { splits: mut shares, tiers, token, cooldown } = terms;
            let owner = Self::env().caller();
            let mut vault = Self {
                money: Money::default(),
                members: Members::default(),
                tier_count: 0,
                settings: Settings { token, cooldown, paused: false, splits_locked_until: 0 },
                owner,
                pending_owner: None,
                uris: Mapping::default(),
                splits: Mapping::default(),
            };
            if shares.is_empty() {
                shares = vec![Share { recipient: owner, bp: bp::WHOLE }];
            }
            vault.keep_splits(shares)?;
            if cooldown > MAX_COOLDOWN {
                return Err(VaultError::CooldownTooLong { most: MAX_COOLDOWN });
            }
            if tiers.len() > MAX_INITIAL_TIERS as usize {
                return Err(VaultError::TooManyTiers { most: MAX_INITIAL_TIERS });
            }
            for tier in tiers {
                vault.insert_tier(tier)?;
            }
            Ok(vault)
        }
    }

    impl Patronage for PatronageVaultContract {
        #[ink(message)]
        fn standing_of(&self, fan: AccountId) -> Standing {
            let fan = self.members.fan(fan);
            let mut standing = Standing {
                // All the money of a chain has its width; a total that passes it, as money goes round, stays at the top.
                tipped: to_balance(fan.tipped).unwrap_or(Balance::MAX),
                ..Standing::default()
            };
            if let Some(subscription) = fan.subscription {
                standing.level = subscription.level;
                standing.since = subscription.since;
                standing.until = subscription.stream.end;
            }
            if let Some(stake) = fan.stake {
                standing.staked = stake.staked;
                standing.staked_since = stake.since;
            }
            standing
        }

        #[ink(message, payable)]
        fn pay(&mut self, purpose: u64) -> Result<(), PayError> {
            let amount = self.take_some(Asset::Native, 0)?;
            Ok(self.receive(self.env().caller(), purpose, amount)?)
        }
    }

    impl PatronageVault for PatronageVaultContract {
        #[ink(message, payable)]
        fn tip(&mut self, memo: Vec<u8>) -> Result<(), VaultError> {
            self.give(Asset::Native, 0, memo).map(|_| ())
        }

        #[ink(message)]
        fn tip_token(&mut self, token: AccountId, amount: u128, memo: Vec<u8>) -> Result<u128, VaultError> {
            self.give(Asset::Psp22(token), amount, memo)
        }

        #[ink(message)]
        fn tipped_of(&self, fan: AccountId, asset: Asset) -> u128 {
            match asset {
                Asset::Native => self.members.fan(fan).tipped,
                Asset::Psp22(_) => self.money.entry(Entry::Tipped(asset, fan)),
            }
        }

        #[ink(message, payable)]
        fn subscribe(
            &mut self,
            tier: TierId,
            fan: AccountId,
            tokens: u128,
            max_price: u128,
        ) -> Result<Timestamp, VaultError> {
            self.join(fan, tier, tokens, max_price, false)
        }

        #[ink(message, payable)]
        fn top_up(&mut self, fan: AccountId, tokens: u128) -> Result<Timestamp, VaultError> {
            let mut record = self.members.fan(fan);
            let held = record.paid_at(self.env().block_timestamp()).ok_or(VaultError::NotSubscribed)?;
            let tier = self.members.tier(held.tier)?;
            let paid = self.take_some(tier.asset, tokens)?;
            let stream = tier.top_up(&held.stream, paid, &mut self.members.buckets(held.tier))?;
            self.money.book(tier.asset, Ledger::prepay, paid)?;
            record.subscription = Some(tiers::Subscription { stream, ..held });
            self.members.set_fan(fan, record);
            self.env().emit_event(ToppedUp { fan, payer: self.env().caller(), paid, until: stream.end });
            Ok(stream.end)
        }

        #[ink(message, payable)]
        fn switch_tier(&mut self, tier: TierId, tokens: u128, max_price: u128) -> Result<Timestamp, VaultError> {
            self.join(self.env().caller(), tier, tokens, max_price, true)
        }

        #[ink(message)]
        fn cancel(&mut self) -> Result<u128, VaultError> {
            let fan = self.env().caller();
            self.end(fan, self.members.fan(fan), true)
        }

        #[ink(message)]
        fn end_subscription(&mut self, fan: AccountId) -> Result<u128, VaultError> {
            self.ensure_owner()?;
            self.end(fan, self.members.fan(fan), false)
        }

        #[ink(message)]
        fn grant(&mut self, fan: AccountId, tier: TierId, until: Timestamp) -> Result<(), VaultError> {
            self.ensure_owner()?;
            let (id, now) = (tier, self.env().block_timestamp());
            let mut tier = self.members.tier(id)?;
            let record = self.members.fan(fan);
            if let Some(held) = record.paid_at(now) {
                return Err(VaultError::AlreadySubscribed { until: held.stream.end });
            }
            self.members.vacate(&record, id, &mut tier, now)?;
            let stream = tier.grant(now, until)?;
            self.seat(fan, record, id, tier, stream, 0);
            Ok(())
        }

        #[ink(message)]
        fn revoke_grant(&mut self, fan: AccountId) -> Result<(), VaultError> {
            self.ensure_owner()?;
            let record = self.members.fan(fan);
            if !record.subscription.is_some_and(|held| held.is_grant()) {
                return Err(VaultError::NotSubscribed);
            }
            self.end(fan, record, false).map(|_| ())
        }

        #[ink(message)]
        fn prune(&mut self, fan: AccountId) -> Result<(), VaultError> {
            let record = self.members.fan(fan);
            let from = record.subscription.ok_or(VaultError::NotSubscribed)?.prunable_from();
            if self.env().block_timestamp() < from {
                return Err(VaultError::NotExpired { from });
            }
            self.end(fan, record, false).map(|_| ())
        }

        #[ink(message)]
        fn refund_of(&self, fan: AccountId) -> u128 {
            let Some(held) = self.members.fan(fan).subscription else { return 0 };
            let Ok(tier) = self.members.tier(held.tier) else { return 0 };
            tier.refund(&held.stream, self.env().block_timestamp())
        }

        #[ink(message)]
        fn subscription_of(&self, fan: AccountId) -> Option<Subscription> {
            let tiers::Subscription { tier, since, stream, .. } = self.members.fan(fan).subscription?;
            Some(Subscription { tier, price: stream.price, paid: stream.paid, since, until: stream.end })
        }

        #[ink(message)]
        fn withdraw(&mut self, asset: Asset) -> Result<u128, VaultError> {
            let fan = self.env().caller();
            let amount = self.credit_of(fan, asset);
            if amount == 0 {
                return Err(VaultError::NothingToClaim);
            }
            self.money.book(asset, Ledger::withdraw, amount)?;
            self.money.set_entry(Entry::Credit(asset, fan), 0);
            self.env().emit_event(Withdrawn { fan, asset, amount });
            money::pay(asset, fan, amount)?;
            Ok(amount)
        }

        #[ink(message)]
        fn credit_of(&self, who: AccountId, asset: Asset) -> u128 {
            self.money.entry(Entry::Credit(asset, who))
        }

        #[ink(message)]
        fn stake(&mut self, amount: u128) -> Result<u128, VaultError> {
            let (fan, asset) = (self.env().caller(), Asset::Psp22(self.token()?));
            let arrived = self.take_some(asset, amount)?;
            self.money.book(asset, Ledger::stake, arrived)?;
            let record = self.members.fan(fan);
            let mut stake = record.stake.unwrap_or_default();
            stake.add(arrived, self.env().block_timestamp()).ok_or(VaultError::Overflow)?;
            self.set_stake(fan, record, stake);
            Ok(arrived)
        }

        #[ink(message)]
        fn unstake(&mut self, amount: u128) -> Result<Timestamp, VaultError> {
            let (fan, now) = (self.env().caller(), self.env().block_timestamp());
            let record = self.members.fan(fan);
            let mut stake = record.stake.unwrap_or_default();
            let done = stake.unstake(amount, now, self.settings.cooldown);
            done.ok_or(VaultError::InsufficientStake { staked: stake.staked })?;
            self.set_stake(fan, record, stake);
            Ok(stake.ready)
        }

        #[ink(message)]
        fn withdraw_stake(&mut self) -> Result<u128, VaultError> {
            let (fan, asset) = (self.env().caller(), Asset::Psp22(self.token()?));
            let record = self.members.fan(fan);
            let mut stake = record.stake.unwrap_or_default();
            let ready = stake.ready;
            let amount = stake.withdraw(self.env().block_timestamp());
            if amount == 0 {
                return Err(if ready == 0 { VaultError::NothingToClaim } else { VaultError::CoolingDown { ready } });
            }
            self.money.book(asset, Ledger::unstake, amount)?;
            self.set_stake(fan, record, stake);
            money::pay(asset, fan, amount)?;
            Ok(amount)
        }

        #[ink(message)]
        fn stake_of(&self, fan: AccountId) -> Stake {
            self.members.fan(fan).stake.unwrap_or_default()
        }

        #[ink(message)]
        fn add_tier(&mut self, terms: TierTerms) -> Result<TierId, VaultError> {
            self.ensure_owner()?;
            self.insert_tier(terms)
        }

        #[ink(message)]
        fn update_tier(
            &mut self,
            tier: TierId,
            price: u128,
            seats: Option<u32>,
            open: bool,
            uri: Vec<u8>,
        ) -> Result<(), VaultError> {
            self.ensure_owner()?;
            let mut terms = self.members.tier(tier)?;
            terms.offer(price, seats, open)?;
            self.keep_tier(tier, terms, uri)
        }

        #[ink(message)]
        fn tier(&self, id: TierId) -> Option<Tier> {
            let tier = self.members.tier(id).ok()?;
            let tiers::Tier { open, taken, earnings, .. } = tier;
            Some(Tier {
                terms: terms_of(&tier, self.uris.get(id).unwrap_or_default()),
                open,
                taken,
                unswept: earnings.unswept,
                // The epoch of a block time, or one before.
                swept_until: earnings.next.saturating_mul(EPOCH),
            })
        }

        #[ink(message)]
        fn tier_count(&self) -> u32 {
            self.tier_count
        }

        #[ink(message)]
        fn collect(&mut self, tier: TierId, max_epochs: u32) -> Result<Sweep, VaultError> {
            let mut terms = self.members.tier(tier)?;
            let (asset, version) = (terms.asset, self.money.version);
            let room = self.money.ledger(asset).room(version);
            let now = self.env().block_timestamp();
            let sweep = terms.earnings.collect(now, max_epochs, room, &mut self.members.buckets(tier));
            self.members.set_tier(tier, terms);
            self.money.book_income(asset, Ledger::collect, sweep.amount)?;
            if sweep.amount > 0 {
                self.env().emit_event(Collected { tier, amount: sweep.amount, version });
            }
            Ok(sweep)
        }

        #[ink(message)]
        fn collect_sale_fees(&mut self) -> Result<u128, VaultError> {
            let token = self.token()?;
            let amount = from_balance(tokens::claim_fees(token));
            if amount == 0 {
                return Err(VaultError::NothingToClaim);
            }
            self.receive(token, 0, amount)?;
            Ok(amount)
        }

        #[ink(message)]
        fn claim(&mut self, asset: Asset, version: u32) -> Result<u128, VaultError> {
            let recipient = self.env().caller();
            let (amount, taken) = self.account_of(recipient, asset, version);
            if amount == 0 {
                return Err(VaultError::NothingToClaim);
            }
            self.money.book(asset, Ledger::pay_out, amount)?;
            // A part of the income, which fits.
            self.money.set_entry(Entry::Taken(asset, version, recipient), taken.saturating_add(amount));
            self.env().emit_event(Claimed { recipient, asset, version, amount });
            money::pay(asset, recipient, amount)?;
            Ok(amount)
        }

        #[ink(message)]
        fn claimable_of(&self, who: AccountId, asset: Asset, version: u32) -> u128 {
            self.account_of(who, asset, version).0
        }

        #[ink(message)]
        fn set_splits(&mut self, shares: Vec<Share<AccountId>>) -> Result<(), VaultError> {
            self.ensure_owner()?;
            let until = self.settings.splits_locked_until;
            if self.env().block_timestamp() < until {
                return Err(VaultError::SplitsLocked { until });
            }
            // At most MAX_TIERS.
            for tier in 0..self.tier_count {
                if self.collect(tier, SWEPT_WITH_SPLITS)?.more {
                    return Err(VaultError::CollectFirst { tier });
                }
            }
            self.money.version = self.money.version.checked_add(1).ok_or(VaultError::Overflow)?;
            self.keep_splits(shares)
        }

        #[ink(message)]
        fn lock_splits_until(&mut self, time: Timestamp) -> Result<(), VaultError> {
            self.ensure_owner()?;
            let until = self.settings.splits_locked_until;
            if time <= until {
                return Err(VaultError::SplitsLocked { until });
            }
            self.settings.splits_locked_until = time;
            self.env().emit_event(SplitsLocked { until: time });
            Ok(())
        }

        #[ink(message)]
        fn splits(&self, version: u32) -> Vec<Share<AccountId>> {
            self.splits.get(version).unwrap_or_default().0
        }

        #[ink(message)]
        fn splits_version(&self) -> u32 {
            self.money.version
        }

        #[ink(message)]
        fn obligations(&self, asset: Asset) -> Obligations {
            self.money.ledger(asset).owed
        }

        #[ink(message)]
        fn set_paused(&mut self, paused: bool) -> Result<(), VaultError> {
            self.ensure_owner()?;
            self.settings.paused = paused;
            self.env().emit_event(PauseChanged { paused });
            Ok(())
        }

        #[ink(message)]
        fn settings(&self) -> Settings {
            self.settings
        }

        #[ink(message)]
        fn propose_owner(&mut self, candidate: AccountId) -> Result<(), VaultError> {
            self.ensure_owner()?;
            self.pending_owner = Some(candidate);
            self.env().emit_event(OwnerProposed { candidate });
            Ok(())
        }

        #[ink(message)]
        fn accept_ownership(&mut self) -> Result<(), VaultError> {
            let owner = self.env().caller();
            if self.pending_owner != Some(owner) {
                return Err(VaultError::NotProposed);
            }
            self.pending_owner = None;
            self.owner = owner;
            self.env().emit_event(OwnerChanged { owner });
            Ok(())
        }

        #[ink(message)]
        fn owner(&self) -> AccountId {
            self.owner
        }

        #[ink(message)]
        fn pending_owner(&self) -> Option<AccountId> {
            self.pending_owner
        }
    }

    impl PatronageVaultContract {
        fn ensure_owner(&self) -> Result<(), VaultError> {
            if self.env().caller() != self.owner {
                return Err(VaultError::NotOwner);
            }
            Ok(())
        }

        /// The creator token.
        fn token(&self) -> Result<AccountId, VaultError> {
            self.settings.token.ok_or(VaultError::NoToken)
        }

        /// Takes new money in: what was sent along, in a native `asset`, or `tokens` of the caller's. Returns how much
        /// arrived.
        #[inline(never)]
        fn take(&self, asset: Asset, tokens: u128) -> Result<u128, VaultError> {
            let arrived = money::take(asset, tokens)?;
            if arrived > 0 && self.settings.paused {
                return Err(VaultError::Paused);
            }
            Ok(arrived)
        }

        /// As `take` where there must be some.
        fn take_some(&self, asset: Asset, tokens: u128) -> Result<u128, VaultError> {
            match self.take(asset, tokens)? {
                0 => Err(VaultError::NothingSent),
                arrived => Ok(arrived),
            }
        }

        /// A tip.
        #[inline(never)]
        fn give(&mut self, asset: Asset, tokens: u128, memo: Vec<u8>) -> Result<u128, VaultError> {
            if memo.len() > MAX_TEXT as usize {
                return Err(VaultError::MemoTooLong { most: MAX_TEXT });
            }
            let fan = self.env().caller();
            let amount = self.take_some(asset, tokens)?;
            self.money.book_income(asset, Ledger::earn, amount)?;
            if asset == Asset::Native {
                let mut record = self.members.fan(fan);
                record.tipped = record.tipped.saturating_add(amount);
                self.members.set_fan(fan, record);
            } else {
                self.money.add_to_entry(Entry::Tipped(asset, fan), amount);
            }
            self.env().emit_event(Tipped { fan, asset, amount, memo });
            Ok(amount)
        }

        /// Native income from another contract has arrived.
        #[inline(never)]
        fn receive(&mut self, payer: AccountId, purpose: u64, amount: u128) -> Result<(), VaultError> {
            self.money.book_income(Asset::Native, Ledger::earn, amount)?;
            self.env().emit_event(Paid { payer, purpose, amount });
            Ok(())
        }

        /// Subscribes `fan`, in place of what is expired or granted, or `switching` from what is running and paid for.
        #[inline(never)]
        fn join(
            &mut self,
            fan: AccountId,
            id: TierId,
            tokens: u128,
            max_price: u128,
            switching: bool,
        ) -> Result<Timestamp, VaultError> {
            let now = self.env().block_timestamp();
            let mut tier = self.members.tier(id)?;
            let record = self.members.fan(fan);
            // A grant gives way to what the fan pays for, and not to a cheap gift of someone who wants it gone.
            let by_fan = self.env().caller() == fan;
            match if by_fan { record.paid_at(now) } else { record.running_at(now) } {
                Some(held) if !switching => {
                    return Err(VaultError::AlreadySubscribed { until: held.stream.end });
                }
                None if switching => return Err(VaultError::NotSubscribed),
                _ => {}
            }
            let paid = self.take(tier.asset, tokens)?;
            let carried = self.members.vacate(&record, id, &mut tier, now)?;
            let stream = tier.subscribe(max_price, carried, paid, now, &mut self.members.buckets(id))?;
            self.money.book(tier.asset, Ledger::prepay, paid)?;
            self.seat(fan, record, id, tier, stream, paid);
            Ok(stream.end)
        }

        /// What `who` can take now, and what `who` has taken before.
        fn account_of(&self, who: AccountId, asset: Asset, version: u32) -> (u128, u128) {
            let taken = self.money.entry(Entry::Taken(asset, version, who));
            (splits::claimable(&self.splits(version), &who, self.money.income(asset, version), taken), taken)
        }

        /// Gives `fan` the seat in `tier` that was taken for `stream`. What was not `paid` now was carried over.
        #[inline(never)]
        fn seat(
            &mut self,
            fan: AccountId,
            mut record: Fan,
            id: TierId,
            tier: tiers::Tier<AccountId>,
            stream: Stream,
            paid: u128,
        ) {
            let since = record.since(tier.level, stream.start);
            record.subscription = Some(tiers::Subscription { tier: id, level: tier.level, since, stream });
            self.members.set_fan(fan, record);
            self.members.set_tier(id, tier);
            self.env().emit_event(Subscribed {
                fan,
                tier: id,
                payer: self.env().caller(),
                price: stream.price,
                paid,
                carried: stream.paid.saturating_sub(paid),
                until: stream.end,
            });
        }

        /// Ends what `fan`, whose record this is, holds. What is left is paid `at_once`, or waits for the fan.
        #[inline(never)]
        fn end(&mut self, fan: AccountId, mut record: Fan, at_once: bool) -> Result<u128, VaultError> {
            let held = record.subscription.take().ok_or(VaultError::NotSubscribed)?;
            let mut tier = self.members.tier(held.tier)?;
            let asset = tier.asset;
            let now = self.env().block_timestamp();
            let refund = tier.leave(&held.stream, now, &mut self.members.buckets(held.tier));
            self.members.set_tier(held.tier, tier);
            self.members.set_fan(fan, record);
            self.money.book(asset, Ledger::refund, refund)?;
            let paid = at_once && money::pay(asset, fan, refund).is_ok();
            let credited = refund > 0 && !paid;
            if credited {
                self.money.book(asset, Ledger::credit, refund)?;
                self.money.add_to_entry(Entry::Credit(asset, fan), refund);
            }
            self.env().emit_event(Ended { fan, tier: held.tier, by: self.env().caller(), refund, credited });
            Ok(refund)
        }

        #[inline(never)]
        fn set_stake(&mut self, fan: AccountId, mut record: Fan, stake: Stake) {
            record.stake = (!stake.is_empty()).then_some(stake);
            self.members.set_fan(fan, record);
            let Stake { staked, unstaking, ready, .. } = stake;
            self.env().emit_event(StakeChanged { fan, staked, unstaking, ready });
        }

        fn insert_tier(&mut self, terms: TierTerms) -> Result<TierId, VaultError> {
            if self.tier_count >= MAX_TIERS {
                return Err(VaultError::TooManyTiers { most: MAX_TIERS });
            }
            let id = self.tier_count;
            // Below MAX_TIERS.
            self.tier_count = id.saturating_add(1);
            let tier = terms.tier(self.env().block_timestamp())?;
            self.keep_tier(id, tier, terms.uri)?;
            Ok(id)
        }

        #[inline(never)]
        fn keep_tier(&mut self, id: TierId, tier: tiers::Tier<AccountId>, uri: Vec<u8>) -> Result<(), VaultError> {
            if uri.len() > MAX_TEXT as usize {
                return Err(VaultError::UriTooLong { most: MAX_TEXT });
            }
            self.members.set_tier(id, tier);
            self.uris.insert(id, &uri);
            self.env().emit_event(TierOffered { tier: id, terms: terms_of(&tier, uri), open: tier.open });
            Ok(())
        }

        fn keep_splits(&mut self, shares: Vec<Share<AccountId>>) -> Result<(), VaultError> {
            splits::check(&shares)?;
            let (version, shares) = (self.money.version, Stored(shares));
            self.splits.insert(version, &shares);
            self.env().emit_event(SplitsChanged { version, shares: shares.0 });
            Ok(())
        }
    }

    /// A tier's terms as they are offered.
    fn terms_of(tier: &tiers::Tier<AccountId>, uri: Vec<u8>) -> TierTerms {
        let tiers::Tier { asset, price, level, seats, earnings, .. } = *tier;
        TierTerms { asset, price, period: earnings.period, level, seats, uri }
    }
}
