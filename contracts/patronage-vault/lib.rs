//! The patronage vault: see [`patronage_interfaces::vault::PatronageVault`] for what it promises.
#![cfg_attr(not(feature = "std"), no_std, no_main)]

pub use self::patronage_vault::{PatronageVaultContract, PatronageVaultContractRef};

// ink!'s own test environment knows balances of u128 only.
#[cfg(all(test, not(feature = "balance-u64")))]
mod tests;

#[ink::contract(env = PatronageEnvironment)]
mod patronage_vault {
    use ink::{
        codegen::Env,
        prelude::{vec, vec::Vec},
        storage::Mapping,
    };
    use patronage_core::{
        bp,
        ledger::Ledger,
        splits,
        streams::{Bucket, Buckets, Stream, Sweep, EPOCH},
        tiers,
    };
    use patronage_interfaces::{
        from_balance,
        patronage::{Patronage, Standing},
        to_balance,
        vault::{
            Asset, Cancelled, Claimed, Collected, Obligations, PatronageVault, Share, SplitsChanged, Subscribed,
            Subscription, Tier, TierAdded, TierId, TierTerms, Tipped, VaultError, VaultTerms, MAX_INITIAL_TIERS,
            MAX_TEXT,
        },
        PatronageEnvironment, Stored,
    };

    type Shares = Stored<Vec<Share<AccountId>>>;
    type EpochOfTier = (TierId, u64);
    type Account = (Asset, u32, AccountId);

    #[ink(storage)]
    pub struct PatronageVaultContract {
        /// Everything in the chain's own token. It changes with nearly every call, like the root it is in.
        native: Stored<Ledger>,
        /// Version of the splits that are valid now.
        version: u32,
        tier_count: u32,
        owner: AccountId,
        /// One record per fan.
        fans: Mapping<AccountId, Stored<tiers::Fan>>,
        tiers: Mapping<TierId, Stored<tiers::Tier>>,
        /// What tiers say of themselves, which only people read.
        uris: Mapping<TierId, Vec<u8>>,
        /// The ends of streams, by tier and epoch.
        buckets: Mapping<EpochOfTier, Stored<Bucket>>,
        /// Who gets which part of the income, by version.
        splits: Mapping<u32, Shares>,
        /// What a recipient has taken of the income in an asset under a version of the splits.
        taken: Mapping<Account, u128>,
    }

    impl PatronageVaultContract {
        /// A vault of the caller, who owns it.
        ///
        /// # Errors
        /// `Splits`, `TooManyTiers`, and those of `add_tier`.
        ///
        /// # Events
        /// `SplitsChanged`, and `TierAdded` for each tier.
        #[ink(constructor)]
        pub fn new(terms: VaultTerms) -> Result<Self, VaultError> {
            let mut vault = Self {
                native: Stored::default(),
                version: 0,
                tier_count: 0,
                owner: Self::env().caller(),
                fans: Mapping::default(),
                tiers: Mapping::default(),
                uris: Mapping::default(),
                buckets: Mapping::default(),
                splits: Mapping::default(),
                taken: Mapping::default(),
            };
            let mut shares = terms.splits;
            if shares.is_empty() {
                shares = vec![Share { recipient: vault.owner, bp: bp::WHOLE }];
            }
            vault.set_splits(shares)?;
            if terms.tiers.len() > MAX_INITIAL_TIERS as usize {
                return Err(VaultError::TooManyTiers { most: MAX_INITIAL_TIERS });
            }
            for tier in terms.tiers {
                vault.insert_tier(tier)?;
            }
            Ok(vault)
        }
    }

    impl Patronage for PatronageVaultContract {
        #[ink(message)]
        fn standing_of(&self, fan: AccountId) -> Standing {
            let fan = self.fan(fan);
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
            standing
        }
    }

    impl PatronageVault for PatronageVaultContract {
        #[ink(message, payable)]
        fn tip(&mut self, memo: Vec<u8>) -> Result<(), VaultError> {
            let (giver, amount) = (self.env().caller(), self.env().transferred_value());
            if amount == 0 {
                return Err(VaultError::NothingSent);
            }
            if memo.len() > MAX_TEXT as usize {
                return Err(VaultError::MemoTooLong { most: MAX_TEXT });
            }
            self.native.earn(from_balance(amount)).ok_or(VaultError::Overflow)?;
            let mut fan = self.fan(giver);
            fan.tipped = fan.tipped.saturating_add(from_balance(amount));
            self.set_fan(giver, fan);
            self.env().emit_event(Tipped { fan: giver, amount, memo });
            Ok(())
        }

        #[ink(message, payable)]
        fn subscribe(&mut self, tier: TierId, fan: AccountId, max_price: u128) -> Result<Timestamp, VaultError> {
            let (now, paid) = (self.env().block_timestamp(), from_balance(self.env().transferred_value()));
            let mut terms = self.stored_tier(tier)?;
            if terms.price > max_price {
                return Err(VaultError::PriceTooHigh { price: terms.price });
            }
            let stream = Stream::new(terms.price, terms.earnings.period, now, paid)?;
            let mut record = self.fan(fan);
            match record.subscription {
                Some(old) if old.stream.runs(now) => {
                    return Err(VaultError::AlreadySubscribed { until: old.stream.end });
                }
                Some(old) if old.tier == tier => terms.free_seat(),
                Some(old) => {
                    let mut left = self.stored_tier(old.tier)?;
                    left.free_seat();
                    self.tiers.insert(old.tier, &Stored(left));
                }
                None => {}
            }
            terms.take_seat()?;
            terms.earnings.open(&stream, now, &mut self.buckets_of(tier)).ok_or(VaultError::Overflow)?;
            self.native.prepay(paid).ok_or(VaultError::Overflow)?;
            record.subscription = Some(tiers::Subscription { tier, level: terms.level, since: now, stream });
            self.tiers.insert(tier, &Stored(terms));
            self.set_fan(fan, record);
            self.env().emit_event(Subscribed {
                fan,
                tier,
                payer: self.env().caller(),
                price: stream.price,
                paid,
                until: stream.end,
            });
            Ok(stream.end)
        }

        #[ink(message)]
        fn cancel(&mut self) -> Result<u128, VaultError> {
            let (caller, now) = (self.env().caller(), self.env().block_timestamp());
            let mut fan = self.fan(caller);
            let tiers::Subscription { tier, stream, .. } = fan.subscription.take().ok_or(VaultError::NotSubscribed)?;
            let mut terms = self.stored_tier(tier)?;
            let refund = stream.refund(terms.earnings.period, now);
            if stream.runs(now) {
                terms.earnings.close(&stream, refund, &mut self.buckets_of(tier));
            }
            terms.free_seat();
            self.native.refund(refund).ok_or(VaultError::Overflow)?;
            self.tiers.insert(tier, &Stored(terms));
            self.set_fan(caller, fan);
            self.env().emit_event(Cancelled { fan: caller, tier, refund });
            self.pay(caller, refund)?;
            Ok(refund)
        }

        #[ink(message)]
        fn refund_of(&self, fan: AccountId) -> u128 {
            let Some(subscription) = self.fan(fan).subscription else { return 0 };
            let Ok(tier) = self.stored_tier(subscription.tier) else { return 0 };
            subscription.stream.refund(tier.earnings.period, self.env().block_timestamp())
        }

        #[ink(message)]
        fn subscription_of(&self, fan: AccountId) -> Option<Subscription> {
            let tiers::Subscription { tier, since, stream, .. } = self.fan(fan).subscription?;
            Some(Subscription { tier, price: stream.price, paid: stream.paid, since, until: stream.end })
        }

        #[ink(message)]
        fn add_tier(&mut self, terms: TierTerms) -> Result<TierId, VaultError> {
            self.ensure_owner()?;
            self.insert_tier(terms)
        }

        #[ink(message)]
        fn tier(&self, id: TierId) -> Option<Tier> {
            let tiers::Tier { price, level, seats, taken, earnings } = self.stored_tier(id).ok()?;
            let uri = self.uris.get(id).unwrap_or_default();
            Some(Tier {
                terms: TierTerms { price, period: earnings.period, level, seats, uri },
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
            let mut terms = self.stored_tier(tier)?;
            let now = self.env().block_timestamp();
            let sweep = terms.earnings.collect(now, max_epochs, &mut self.buckets_of(tier));
            self.tiers.insert(tier, &Stored(terms));
            self.native.collect(sweep.amount).ok_or(VaultError::Overflow)?;
            if sweep.amount > 0 {
                self.env().emit_event(Collected { tier, amount: sweep.amount, version: self.version });
            }
            Ok(sweep)
        }

        #[ink(message)]
        fn claim(&mut self, asset: Asset, version: u32) -> Result<u128, VaultError> {
            let recipient = self.env().caller();
            let (amount, taken) = self.account_of(recipient, asset, version);
            if amount == 0 {
                return Err(VaultError::NothingToClaim);
            }
            self.native.pay_out(amount).ok_or(VaultError::Overflow)?;
            let taken = taken.checked_add(amount).ok_or(VaultError::Overflow)?;
            self.taken.insert((asset, version, recipient), &taken);
            self.env().emit_event(Claimed { recipient, asset, version, amount });
            self.pay(recipient, amount)?;
            Ok(amount)
        }

        #[ink(message)]
        fn claimable_of(&self, who: AccountId, asset: Asset, version: u32) -> u128 {
            self.account_of(who, asset, version).0
        }

        #[ink(message)]
        fn splits(&self, version: u32) -> Vec<Share<AccountId>> {
            self.splits.get(version).unwrap_or_default().0
        }

        #[ink(message)]
        fn splits_version(&self) -> u32 {
            self.version
        }

        #[ink(message)]
        fn obligations(&self, asset: Asset) -> Obligations {
            let Ledger { streams, unclaimed, .. } = self.ledger(asset);
            Obligations { streams, unclaimed }
        }

        #[ink(message)]
        fn owner(&self) -> AccountId {
            self.owner
        }
    }

    impl PatronageVaultContract {
        fn ensure_owner(&self) -> Result<(), VaultError> {
            if self.env().caller() != self.owner {
                return Err(VaultError::NotOwner);
            }
            Ok(())
        }

        fn fan(&self, account: AccountId) -> tiers::Fan {
            self.fans.get(account).unwrap_or_default().0
        }

        fn set_fan(&mut self, account: AccountId, fan: tiers::Fan) {
            if fan.is_empty() {
                self.fans.remove(account);
            } else {
                self.fans.insert(account, &Stored(fan));
            }
        }

        fn stored_tier(&self, id: TierId) -> Result<tiers::Tier, VaultError> {
            Ok(self.tiers.get(id).ok_or(VaultError::UnknownTier)?.0)
        }

        fn buckets_of(&mut self, tier: TierId) -> TierBuckets<'_> {
            TierBuckets { vault: self, tier }
        }

        fn insert_tier(&mut self, terms: TierTerms) -> Result<TierId, VaultError> {
            if terms.uri.len() > MAX_TEXT as usize {
                return Err(VaultError::UriTooLong { most: MAX_TEXT });
            }
            let now = self.env().block_timestamp();
            let tier = tiers::Tier::new(terms.price, terms.period, terms.level, terms.seats, now)?;
            let id = self.tier_count;
            self.tier_count = id.checked_add(1).ok_or(VaultError::Overflow)?;
            self.tiers.insert(id, &Stored(tier));
            self.uris.insert(id, &terms.uri);
            self.env().emit_event(TierAdded { tier: id, terms });
            Ok(id)
        }

        fn set_splits(&mut self, shares: Vec<Share<AccountId>>) -> Result<(), VaultError> {
            splits::check(&shares)?;
            let shares = Stored(shares);
            self.splits.insert(self.version, &shares);
            self.env().emit_event(SplitsChanged { version: self.version, shares: shares.0 });
            Ok(())
        }

        /// What the vault holds in `asset`.
        fn ledger(&self, asset: Asset) -> Ledger {
            match asset {
                Asset::Native => self.native.0,
                Asset::Psp22(_) => Ledger::default(),
            }
        }

        /// What `who` can take now, and what `who` has taken before.
        fn account_of(&self, who: AccountId, asset: Asset, version: u32) -> (u128, u128) {
            let shares = self.splits(version);
            let taken = self.taken.get((asset, version, who)).unwrap_or_default();
            (splits::claimable(&shares, &who, self.ledger(asset).income, taken), taken)
        }

        /// Pays out. Nothing is read or written after it.
        fn pay(&self, to: AccountId, amount: u128) -> Result<(), VaultError> {
            if amount == 0 {
                return Ok(());
            }
            let amount = to_balance(amount).ok_or(VaultError::TransferFailed)?;
            self.env().transfer(to, amount).map_err(|_| VaultError::TransferFailed)
        }
    }

    /// The buckets of one tier.
    struct TierBuckets<'a> {
        vault: &'a mut PatronageVaultContract,
        tier: TierId,
    }

    impl Buckets for TierBuckets<'_> {
        fn get(&self, epoch: u64) -> Bucket {
            self.vault.buckets.get((self.tier, epoch)).unwrap_or_default().0
        }

        fn set(&mut self, epoch: u64, bucket: &Bucket) {
            if bucket.ends == 0 {
                self.vault.buckets.remove((self.tier, epoch));
            } else {
                self.vault.buckets.insert((self.tier, epoch), &Stored(*bucket));
            }
        }
    }
}
