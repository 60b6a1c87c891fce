//! The patronage vault: see [`patronage_interfaces::vault::PatronageVault`] for what it promises.
#![cfg_attr(not(feature = "std"), no_std, no_main)]

mod accounting;
mod income;
mod members;
mod records;
mod stakers;
mod subscribing;
mod tokens;
// ink!'s own test environment knows balances of u128 only.
#[cfg(all(test, not(feature = "balance-u64")))]
mod unit_tests;

#[ink_lite::contract(env = patronage_interfaces::PatronageEnvironment)]
pub mod patronage_vault {
    use crate::{
        accounting::{self, Accounting, EntryKind},
        members::Members,
        records::{Splits as Recipients, State},
        stakers::Stakers,
        subscribing::terms_of,
        tokens,
    };
    use ink::{
        prelude::{boxed::Box, vec, vec::Vec},
        storage::{Lazy, Mapping},
    };
    use ink_lite::{emit, env, Record, Records};
    use patronage_core::{
        bp,
        ledger::Pot,
        ownership::Ownership,
        splits,
        stake_income::{Terms, NEVER},
        streams::EPOCH,
    };
    use patronage_interfaces::{
        ownable::{Ownable, OwnerChanged, OwnerProposed, OwnershipError},
        patronage::{Patronage, PayError, Standing},
        vault::{
            Asset, Claimed, Fan, Obligations, PatronageVault, PauseChanged, Settings, Settlement, Share, Splits,
            SplitsLocked, Tier, TierId, TierTerms, ToppedUp, VaultError, VaultTerms, Withdrawn,
        },
        PatronageEnvironment as Env, Stored,
    };

    /// Maximum number of days of each tier that a change of the splits settles. Few enough for all tiers in one call.
    const MAX_DAYS_WITH_SPLITS: u32 = 7;

    /// A call reads and writes only the fields that it uses.
    #[ink(storage)]
    pub struct PatronageVaultContract {
        pub(crate) state: Lazy<Stored<State>>,
        pub(crate) accounting: Accounting,
        pub(crate) members: Members,
        /// URIs of the tiers.
        pub(crate) uris: Mapping<TierId, Vec<u8>>,
        /// Recipients of the income, by version of the splits.
        pub(crate) splits: Mapping<u32, Recipients>,
        pub(crate) stakers: Stakers,
    }

    impl PatronageVaultContract {
        /// Creates a vault that the caller owns.
        ///
        /// # Errors
        /// `Splits`, `NothingToStake`, `CooldownTooLong`, `TooManyTiers`, and those of `add_tier`.
        ///
        /// # Events
        /// `SplitsChanged`, and `TierOffered` for each tier.
        #[ink(constructor)]
        pub fn new(mut terms: VaultTerms) -> Result<Self, Box<VaultError>> {
            let owner = env::caller();
            let mut vault = Self {
                state: Lazy::new(),
                accounting: Accounting::default(),
                members: Members::default(),
                uris: Mapping::default(),
                splits: Mapping::default(),
                stakers: Stakers::default(),
            };
            let mut shares = core::mem::take(&mut terms.splits);
            if shares.is_empty() {
                shares = vec![Share { recipient: owner, bp: bp::WHOLE.saturating_sub(terms.stakers) }];
            }
            let settings =
                Settings { token: terms.token, cooldown: terms.cooldown, paused: false, splits_locked_until: 0 };
            vault.accounting.open();
            vault.store_splits(0, shares, terms.stakers, &settings)?;
            terms.validate_limits()?;
            let ownership = Ownership::new(owner);
            let stakers = Terms { share: terms.stakers, from: NEVER };
            let mut state = Stored(State { ownership, settings, version: 0, stakers, tier_count: 0 });
            for tier in terms.tiers {
                vault.insert_tier(state.tier_count, tier)?;
                // At most MAX_INITIAL_TIERS.
                state.tier_count = state.tier_count.wrapping_add(1);
            }
            vault.set_state(&state);
            Ok(vault)
        }
    }

    impl Patronage for PatronageVaultContract {
        #[ink(message)]
        fn standing_of(&self, fan: AccountId) -> Standing {
            let fan = self.members.fan(&fan);
            let (level, since, until) =
                fan.subscription.as_ref().map_or((0, 0, 0), |held| (held.level, held.since, held.stream.end));
            let (staked, staked_since) = fan.stake.as_ref().map_or((0, 0), |stake| (stake.staked, stake.since));
            Standing { level, since, until, tipped: fan.tipped, staked, staked_since }
        }

        #[ink(message, payable)]
        fn pay(&mut self, purpose: u64) -> Result<(), PayError> {
            let state = self.state();
            let amount = self.deposit(&state, &Asset::Native, 0, true)?;
            Ok(self.record_income(&state, env::caller(), purpose, amount)?)
        }
    }

    // Fans pay and leave, and whoever likes collects what the days have earned. All else is rare, or up to the creator's side.
    #[ink_lite(cold)]
    impl PatronageVault for PatronageVaultContract {
        #[ink_lite(hot)]
        #[ink(message, payable)]
        fn tip(&mut self, memo: Vec<u8>) -> Result<(), Box<VaultError>> {
            self.tip_native(memo)
        }

        #[ink(message)]
        fn tip_token(&mut self, token: AccountId, amount: u128, memo: Vec<u8>) -> Result<u128, Box<VaultError>> {
            self.tip_tokens(token, amount, memo)
        }

        #[ink(message)]
        fn tipped_of(&self, fan: AccountId, asset: Asset) -> u128 {
            match asset {
                Asset::Native => self.members.fan(&fan).tipped,
                Asset::Psp22(_) => self.accounting.entry(EntryKind::Tipped, &asset, 0, &fan),
            }
        }

        #[ink_lite(hot)]
        #[ink(message, payable)]
        fn subscribe(
            &mut self,
            tier: TierId,
            fan: AccountId,
            tokens: u128,
            max_price: u128,
        ) -> Result<Timestamp, Box<VaultError>> {
            self.join(&fan, tier, tokens, max_price, false)
        }

        #[ink_lite(hot)]
        #[ink(message, payable)]
        fn top_up(
            &mut self,
            fan: AccountId,
            tier: TierId,
            tokens: u128,
            max_price: u128,
        ) -> Result<Timestamp, Box<VaultError>> {
            let mut record = self.members.fan(&fan);
            let held = record.subscription.as_mut().filter(|held| held.is_paid_at(env::now()));
            let Some(held) = held else { return Err(Box::new(VaultError::NotSubscribed)) };
            if held.tier != tier {
                return Err(Box::new(VaultError::OtherTier { tier: held.tier }));
            }
            if held.stream.price > max_price {
                return Err(Box::new(VaultError::PriceTooHigh { price: held.stream.price }));
            }
            let tier = self.members.tier(held.tier)?;
            let paid = self.deposit(&self.state(), &tier.asset, tokens, true)?;
            tier.top_up(&mut held.stream, paid, &mut self.members.buckets(held.tier))?;
            let event = ToppedUp { fan, payer: env::caller(), paid, until: held.stream.end };
            self.accounting.record(&tier.asset, Pot::Outside, Pot::Streams, paid)?;
            self.members.set_fan(&event.fan, &record);
            emit::<Env, _>(&event);
            Ok(event.until)
        }

        #[ink(message, payable)]
        fn switch_tier(&mut self, tier: TierId, tokens: u128, max_price: u128) -> Result<Timestamp, Box<VaultError>> {
            self.join(&env::caller(), tier, tokens, max_price, true)
        }

        #[ink_lite(hot)]
        #[ink(message)]
        fn cancel(&mut self) -> Result<u128, Box<VaultError>> {
            let fan = env::caller();
            self.end(&fan, &mut self.members.fan(&fan), None)
        }

        #[ink(message)]
        fn end_subscription(&mut self, fan: AccountId) -> Result<u128, Box<VaultError>> {
            self.state_for_owner()?;
            self.end(&fan, &mut self.members.fan(&fan), Some(&env::caller()))
        }

        #[ink(message)]
        fn grant(&mut self, fan: AccountId, tier: TierId, until: Timestamp) -> Result<(), Box<VaultError>> {
            self.state_for_owner()?;
            let (id, now) = (tier, env::now());
            let mut tier = self.members.tier(id)?;
            let mut record = self.members.fan(&fan);
            if let Some(held) = record.paid_at(now) {
                return Err(Box::new(VaultError::AlreadySubscribed { until: held.stream.end }));
            }
            self.members.vacate(&record, id, &mut tier, now)?;
            let stream = tier.grant(now, until)?;
            self.store_subscription(&fan, &mut record, id, &tier, stream, 0);
            Ok(())
        }

        #[ink(message)]
        fn revoke_grant(&mut self, fan: AccountId) -> Result<(), Box<VaultError>> {
            self.state_for_owner()?;
            let mut record = self.members.fan(&fan);
            if !record.subscription.as_ref().is_some_and(|held| held.is_grant()) {
                return Err(Box::new(VaultError::NotSubscribed));
            }
            self.end(&fan, &mut record, Some(&env::caller())).map(|_| ())
        }

        #[ink(message)]
        fn prune(&mut self, fan: AccountId) -> Result<(), Box<VaultError>> {
            let mut record = self.members.fan(&fan);
            let held = record.subscription.as_ref().ok_or(VaultError::NotSubscribed)?;
            let from = self.members.tier(held.tier)?.prunable_from(&held.stream);
            if env::now() < from {
                return Err(Box::new(VaultError::NotExpired { from }));
            }
            self.end(&fan, &mut record, Some(&env::caller())).map(|_| ())
        }

        #[ink(message)]
        fn refund_of(&self, fan: AccountId) -> u128 {
            let Some(held) = self.members.fan(&fan).subscription else { return 0 };
            self.members.tier(held.tier).map_or(0, |tier| tier.refund(&held.stream, env::now()))
        }

        #[ink(message)]
        fn fan(&self, account: AccountId) -> Fan {
            self.members.fan(&account).0
        }

        #[ink(message)]
        fn withdraw(&mut self, asset: Asset) -> Result<u128, Box<VaultError>> {
            let event = Withdrawn { fan: env::caller(), asset, amount: self.credit_of(env::caller(), asset) };
            self.accounting.record_withdrawal(&event.asset, Pot::Credits, event.amount)?;
            self.accounting.set_entry(EntryKind::Credit, &event.asset, 0, &event.fan, 0);
            emit::<Env, _>(&event);
            accounting::pay(&event.asset, &event.fan, event.amount)
        }

        #[ink(message)]
        fn credit_of(&self, who: AccountId, asset: Asset) -> u128 {
            self.accounting.entry(EntryKind::Credit, &asset, 0, &who)
        }

        #[ink(message)]
        fn stake(&mut self, amount: u128) -> Result<u128, Box<VaultError>> {
            let state = self.state();
            let asset = state.stake_asset()?;
            let arrived = self.deposit(&state, &asset, amount, true)?;
            self.accounting.record(&asset, Pot::Outside, Pot::Stakes, arrived)?;
            let fan = env::caller();
            let mut record = self.members.fan(&fan);
            record.stake.get_or_insert_default().add(arrived, env::now());
            self.record_stake(&fan, &record, state);
            self.set_stake(fan, &mut record);
            Ok(arrived)
        }

        #[ink(message)]
        fn unstake(&mut self, amount: u128) -> Result<Timestamp, Box<VaultError>> {
            let fan = env::caller();
            let mut record = self.members.fan(&fan);
            let stake = record.stake.get_or_insert_default();
            let state = self.state();
            if stake.unstake(amount, env::now(), state.settings.cooldown).is_none() {
                return Err(Box::new(VaultError::InsufficientStake { staked: stake.staked }));
            }
            let ready = stake.ready;
            self.record_stake(&fan, &record, state);
            self.set_stake(fan, &mut record);
            Ok(ready)
        }

        #[ink(message)]
        fn withdraw_stake(&mut self) -> Result<u128, Box<VaultError>> {
            let asset = self.state().stake_asset()?;
            let fan = env::caller();
            let mut record = self.members.fan(&fan);
            let stake = record.stake.get_or_insert_default();
            let ready = stake.ready;
            let amount = stake.withdraw(env::now());
            if amount == 0 && ready != 0 {
                return Err(Box::new(VaultError::CoolingDown { ready }));
            }
            self.accounting.record_withdrawal(&asset, Pot::Stakes, amount)?;
            let event = self.set_stake(fan, &mut record);
            accounting::pay(&asset, &event.fan, amount)
        }

        #[ink(message)]
        fn claim_stake_income(&mut self, asset: Asset) -> Result<u128, Box<VaultError>> {
            self.pay_stake_income(env::caller(), asset)
        }

        #[ink(message)]
        fn stake_income_of(&self, who: AccountId, asset: Asset) -> u128 {
            self.stake_income(&who, &asset).amount
        }

        #[ink(message)]
        fn add_tier(&mut self, terms: TierTerms) -> Result<TierId, Box<VaultError>> {
            let mut state = self.state_for_owner()?;
            let id = state.tier_count;
            self.insert_tier(id, terms)?;
            // `id` is below MAX_TIERS.
            state.tier_count = id.wrapping_add(1);
            self.set_state(&state);
            Ok(id)
        }

        #[ink(message)]
        fn update_tier(
            &mut self,
            tier: TierId,
            price: u128,
            seats: Option<u32>,
            open: bool,
            uri: Vec<u8>,
        ) -> Result<(), Box<VaultError>> {
            self.state_for_owner()?;
            let mut terms = self.members.tier(tier)?;
            terms.offer(price, seats, open)?;
            self.store_tier(tier, &terms, terms_of(&terms, uri))
        }

        #[ink(message)]
        fn tier(&self, id: TierId) -> Option<Tier> {
            let tier = self.members.tier(id).ok()?;
            Some(Tier {
                terms: terms_of(&tier, self.uris.load_or_zero(&id)),
                open: tier.open,
                taken: tier.taken,
                unsettled: tier.earnings.unsettled,
                // An epoch of a block time or the one before it, so this fits.
                settled_until: tier.earnings.next.wrapping_mul(EPOCH),
            })
        }

        #[ink(message)]
        fn tier_count(&self) -> u32 {
            self.state().tier_count
        }

        #[ink_lite(hot)]
        #[ink(message)]
        fn collect(&mut self, tier: TierId, max_epochs: u32) -> Result<Settlement, Box<VaultError>> {
            self.collect_tier(tier, max_epochs, &self.state())
        }

        #[ink(message)]
        fn collect_sale_fees(&mut self) -> Result<u128, Box<VaultError>> {
            let state = self.state();
            let Some(token) = &state.settings.token else { return Err(Box::new(VaultError::NoToken)) };
            let amount = tokens::claim_fees(token);
            if amount == 0 {
                return Err(Box::new(VaultError::NothingToClaim));
            }
            self.record_income(&state, *token, 0, amount)?;
            Ok(amount)
        }

        #[ink(message)]
        fn claim(&mut self, asset: Asset, version: u32) -> Result<u128, Box<VaultError>> {
            let recipient = env::caller();
            let (amount, claimed) = self.claims_of(&recipient, &asset, version);
            let event = Claimed { recipient, asset, version, amount };
            self.accounting.record_withdrawal(&event.asset, Pot::Unclaimed, amount)?;
            // At most the income, so this cannot overflow.
            let claimed = claimed.wrapping_add(amount);
            self.accounting.set_entry(EntryKind::Claimed, &event.asset, version, &event.recipient, claimed);
            emit::<Env, _>(&event);
            accounting::pay(&event.asset, &event.recipient, amount)
        }

        #[ink(message)]
        fn claimable_of(&self, who: AccountId, asset: Asset, version: u32) -> u128 {
            self.claims_of(&who, &asset, version).0
        }

        #[ink(message)]
        fn set_splits(&mut self, shares: Vec<Share<AccountId>>, stakers: u16) -> Result<(), Box<VaultError>> {
            let mut state = self.state_for_owner()?;
            let until = state.settings.splits_locked_until;
            if env::now() < until {
                return Err(Box::new(VaultError::SplitsLocked { until }));
            }
            // At most MAX_TIERS.
            for tier in 0..state.tier_count {
                if self.collect_tier(tier, MAX_DAYS_WITH_SPLITS, &state)?.more {
                    return Err(Box::new(VaultError::CollectFirst { tier }));
                }
            }
            state.version = state.version.checked_add(1).ok_or(VaultError::Overflow)?;
            self.store_splits(state.version, shares, stakers, &state.settings)?;
            state.stakers.share = stakers;
            self.set_state(&state);
            Ok(())
        }

        #[ink(message)]
        fn lock_splits_until(&mut self, time: Timestamp) -> Result<(), Box<VaultError>> {
            let mut state = self.state_for_owner()?;
            let until = state.settings.splits_locked_until;
            if time <= until {
                return Err(Box::new(VaultError::SplitsLocked { until }));
            }
            state.settings.splits_locked_until = time;
            self.set_state(&state);
            emit::<Env, _>(&SplitsLocked { until: time });
            Ok(())
        }

        #[ink(message)]
        fn splits(&self, version: u32) -> Splits {
            let shares = self.splits_of(version);
            Splits { stakers: splits::stakers(&shares), shares }
        }

        #[ink(message)]
        fn splits_version(&self) -> u32 {
            self.state().version
        }

        #[ink(message)]
        fn obligations(&self, asset: Asset) -> Obligations {
            self.accounting.ledger(&asset).owed()
        }

        #[ink(message)]
        fn set_paused(&mut self, paused: bool) -> Result<(), Box<VaultError>> {
            let mut state = self.state_for_owner()?;
            state.settings.paused = paused;
            self.set_state(&state);
            emit::<Env, _>(&PauseChanged { paused });
            Ok(())
        }

        #[ink(message)]
        fn settings(&self) -> Settings {
            self.state().settings
        }
    }

    #[ink_lite(cold)]
    impl Ownable for PatronageVaultContract {
        #[ink(message)]
        fn propose_owner(&mut self, candidate: AccountId) -> Result<(), OwnershipError> {
            let mut state = self.state();
            let event = OwnerProposed { owner: env::caller(), candidate };
            state.ownership.propose(&event.owner, &event.candidate)?;
            self.set_state(&state);
            emit::<Env, _>(&event);
            Ok(())
        }

        #[ink(message)]
        fn accept_ownership(&mut self) -> Result<(), OwnershipError> {
            let owner = env::caller();
            let mut state = self.state();
            let previous = state.ownership.accept(&owner)?;
            self.set_state(&state);
            emit::<Env, _>(&OwnerChanged { previous, owner });
            Ok(())
        }

        #[ink(message)]
        fn owner(&self) -> AccountId {
            self.state().ownership.owner
        }

        #[ink(message)]
        fn pending_owner(&self) -> Option<AccountId> {
            self.state().ownership.candidate
        }
    }

    impl PatronageVaultContract {
        #[inline(never)]
        pub(crate) fn state(&self) -> Box<Stored<State>> {
            Box::new(self.state.load())
        }

        #[inline(never)]
        pub(crate) fn set_state(&mut self, state: &Stored<State>) {
            self.state.store(state);
        }

        /// Returns the state. Fails if the caller is not the owner.
        #[inline(never)]
        fn state_for_owner(&self) -> Result<Box<Stored<State>>, Box<VaultError>> {
            let state = self.state();
            if !state.ownership.is_owner(&env::caller()) {
                return Err(Box::new(VaultError::NotOwner));
            }
            Ok(state)
        }
    }
}
