//! The state of the suite in plain numbers, from the contracts' events alone.

use std::collections::{BTreeMap, BTreeSet};

use patronage_chain::ContractEvent;
use patronage_interfaces::{
    ownable::{OwnerChanged, OwnerProposed},
    registry::{
        ContentId, FileReplaced, ListChanged, ManagerChanged, Published, Purchased, QuestionLimits,
        QuestionLimitsChanged, TermsChanged, VaultChanged,
    },
    token::{self, Bought, FeeRecipientChanged, FeesLowered, LaunchGuard, Sold, VestingReleased, VestingStarted},
    vault::{self, Asset, Obligations, TierOffered},
    AccountId,
};

/// Addresses of the contracts.
#[derive(Debug, Clone, Copy)]
pub struct Suite {
    pub token: AccountId,
    pub vault: AccountId,
    pub registry: AccountId,
    pub crooked: AccountId,
}

impl Suite {
    /// Asset with this number: native, the creator token, the hostile token.
    pub fn asset(&self, number: usize) -> Asset {
        match number {
            0 => Asset::Native,
            1 => Asset::Psp22(self.token),
            _ => Asset::Psp22(self.crooked),
        }
    }

    /// Number of an asset.
    pub fn number(&self, asset: &Asset) -> usize {
        (0..3).find(|number| self.asset(*number) == *asset).expect("it is one of the three")
    }
}

/// A tier, as last offered.
#[derive(Debug, Clone)]
pub struct TierBook {
    pub asset: usize,
    pub price: u128,
    pub period: u64,
    pub level: u8,
    pub seats: Option<u32>,
}

/// A subscription or grant that was not ended.
#[derive(Debug, Clone, Copy)]
pub struct Held {
    pub tier: usize,
    pub level: u8,
    pub since: u64,
    pub start: u64,
    pub end: u64,
    pub price: u128,
    pub paid: u128,
    pub minimum: u128,
    pub period: u64,
    pub asset: usize,
}

impl Held {
    /// What a fan who leaves at `now` gets back: the payment less the greater of earnings, rounded up, and minimum.
    pub fn refund(&self, now: u64) -> u128 {
        if now >= self.end {
            return 0;
        }
        let earned = (self.price * u128::from(now - self.start)).div_ceil(u128::from(self.period));
        self.paid.saturating_sub(earned.max(self.minimum))
    }
}

/// A person at the vault.
#[derive(Debug, Clone, Default)]
pub struct FanBook {
    pub held: Option<Held>,
    pub tipped: u128,
    pub staked: u128,
    pub staked_since: u64,
    pub unstaking: u128,
    /// When unstaked tokens can be withdrawn.
    pub ready: u64,
    pub credits: [u128; 3],
}

/// Everything that the events say.
#[derive(Debug, Clone, Default)]
pub struct Books {
    /// Creator tokens by holder.
    pub holders: BTreeMap<AccountId, u128>,
    pub vested: BTreeMap<(AccountId, AccountId), u128>,
    /// Allowances of creator tokens by owner and spender.
    pub allowances: BTreeMap<(AccountId, AccountId), u128>,
    /// Creator tokens that were sent to the token and to the vault by a transfer alone.
    pub sent: BTreeMap<AccountId, u128>,
    /// Position on the curve.
    pub sold: u128,
    pub reserve: u128,
    /// Fees and referrers' shares that were not claimed.
    pub fees: u128,
    pub fee_bp: Option<(u16, u16)>,
    pub fee_recipient: Option<AccountId>,
    pub sale_paused: bool,
    pub owed: [Obligations; 3],
    pub tiers: Vec<TierBook>,
    pub fans: BTreeMap<AccountId, FanBook>,
    pub splits: u32,
    /// Recipients by version of the splits.
    pub recipients: BTreeMap<u32, BTreeSet<AccountId>>,
    /// Everybody who has ever staked.
    pub stakers: BTreeSet<AccountId>,
    /// Tokens that an account bought, and those that others bought for it, while the launch guard is active.
    pub guarded: BTreeMap<AccountId, [u128; 2]>,
    pub guard: LaunchGuard,
    pub locked_until: u64,
    pub vault_paused: bool,
    /// Price, release and retirement by content.
    pub contents: BTreeMap<ContentId, (Option<u128>, u64, bool)>,
    /// Hashes of the files.
    pub files: BTreeMap<ContentId, [u8; 32]>,
    /// Who gets the money for purchases.
    pub paid_to: Option<AccountId>,
    pub limits: Option<QuestionLimits>,
    pub bought: BTreeSet<(ContentId, AccountId)>,
    pub listed: BTreeSet<(u32, AccountId)>,
    pub managers: BTreeSet<AccountId>,
    pub owners: BTreeMap<AccountId, AccountId>,
    pub pending: BTreeMap<AccountId, AccountId>,
}

impl Books {
    /// Sum of all balances of creator tokens.
    pub fn supply(&self) -> u128 {
        self.holders.values().sum()
    }

    /// Creator tokens of `who`.
    pub fn tokens(&self, who: AccountId) -> u128 {
        self.holders.get(&who).copied().unwrap_or(0)
    }

    /// How many creator tokens `spender` may take from `owner`.
    pub fn allowance(&self, owner: AccountId, spender: AccountId) -> u128 {
        self.allowances.get(&(owner, spender)).copied().unwrap_or(0)
    }

    /// What the vault knows of `who`.
    pub fn fan(&self, who: AccountId) -> FanBook {
        self.fans.get(&who).cloned().unwrap_or_default()
    }

    /// What `who` gets back of this asset by leaving at `now`: refund and credit.
    pub fn due(&self, who: AccountId, asset: usize, now: u64) -> u128 {
        let fan = self.fan(who);
        fan.credits[asset] + fan.held.filter(|held| held.asset == asset).map_or(0, |held| held.refund(now))
    }

    /// Reads the events of one call.
    pub fn read(&mut self, events: &[ContractEvent], suite: &Suite, now: u64) {
        for event in events {
            let of = event.contract;
            if [suite.token, suite.vault, suite.registry].contains(&of) {
                if let Some(OwnerProposed { candidate, .. }) = event.decode() {
                    self.pending.insert(of, candidate);
                }
                if let Some(OwnerChanged { owner, .. }) = event.decode() {
                    self.owners.insert(of, owner);
                    self.pending.remove(&of);
                    if of == suite.registry {
                        self.managers.clear();
                    }
                }
            }
            if of == suite.token {
                self.read_token(event, now);
                if let Some(psp22::Transfer { from: Some(_), to: Some(to), value }) = event.decode() {
                    // Nothing but the transfer happened there.
                    let alone = !events
                        .iter()
                        .any(|event| event.contract == suite.vault || event.decode::<VestingStarted>().is_some());
                    if alone && [suite.token, suite.vault].contains(&to) {
                        *self.sent.entry(to).or_default() += value;
                    }
                }
            } else if of == suite.vault {
                self.read_money(event, suite);
                self.read_fans(event, suite, now);
            } else if of == suite.registry {
                self.read_registry(event);
            }
        }
    }

    fn read_token(&mut self, event: &ContractEvent, now: u64) {
        if let Some(psp22::Transfer { from, to, value }) = event.decode() {
            if let Some(from) = from {
                *self.holders.entry(from).or_default() -= value;
            }
            if let Some(to) = to {
                *self.holders.entry(to).or_default() += value;
            }
        }
        if let Some(psp22::Approval { owner, spender, amount }) = event.decode() {
            self.allowances.insert((owner, spender), amount);
        }
        if let Some(Bought { buyer, recipient, referrer, tokens, paid, fee }) = event.decode() {
            assert_ne!(referrer, Some(buyer), "a buyer is the own referrer");
            if now < self.guard.until {
                self.guarded.entry(buyer).or_default()[0] += tokens;
                self.guarded.entry(recipient).or_default()[1] += tokens;
                let most = self.guarded.values().flatten().max().copied();
                assert!(most <= Some(self.guard.max_tokens), "{most:?} tokens were bought under the guard");
            }
            self.sold += tokens;
            self.reserve += paid - fee;
            self.fees += fee;
        }
        if let Some(Sold { tokens, payout, fee, .. }) = event.decode() {
            self.sold -= tokens;
            self.reserve -= payout + fee;
            self.fees += fee;
        }
        if let Some(token::Claimed { amount, .. }) = event.decode() {
            self.fees -= amount;
        }
        if let Some(VestingStarted { grantor, beneficiary, tokens, .. }) = event.decode() {
            self.vested.insert((grantor, beneficiary), tokens);
        }
        if let Some(VestingReleased { grantor, beneficiary, tokens }) = event.decode() {
            let left = self.vested.get_mut(&(grantor, beneficiary)).expect("a vesting was started");
            *left -= tokens;
            if *left == 0 {
                self.vested.remove(&(grantor, beneficiary));
            }
        }
        if let Some(FeesLowered { buy_fee_bp, sell_fee_bp }) = event.decode() {
            self.fee_bp = Some((buy_fee_bp, sell_fee_bp));
        }
        if let Some(token::PauseChanged { paused }) = event.decode() {
            self.sale_paused = paused;
        }
        if let Some(FeeRecipientChanged { recipient }) = event.decode() {
            self.fee_recipient = Some(recipient);
        }
    }

    /// What the vault owes.
    fn read_money(&mut self, event: &ContractEvent, suite: &Suite) {
        if let Some(vault::Tipped { asset, amount, .. }) = event.decode() {
            self.owed[suite.number(&asset)].unclaimed += amount;
        }
        if let Some(vault::Paid { amount, .. }) = event.decode() {
            self.owed[0].unclaimed += amount;
        }
        if let Some(vault::Subscribed { tier, paid, .. }) = event.decode() {
            let asset = self.tiers[tier as usize].asset;
            self.owed[asset].streams += paid;
        }
        if let Some(vault::ToppedUp { fan, paid, .. }) = event.decode() {
            let asset = self.fan(fan).held.expect("it was extended").asset;
            self.owed[asset].streams += paid;
        }
        if let Some(vault::Ended { tier, refund, credited, .. }) = event.decode() {
            let owed = &mut self.owed[self.tiers[tier as usize].asset];
            owed.streams -= refund;
            owed.credits += if credited { refund } else { 0 };
        }
        if let Some(vault::Collected { tier, amount, .. }) = event.decode() {
            let owed = &mut self.owed[self.tiers[tier as usize].asset];
            owed.streams -= amount;
            owed.unclaimed += amount;
        }
        if let Some(vault::Claimed { asset, amount, .. }) = event.decode() {
            self.owed[suite.number(&asset)].unclaimed -= amount;
        }
        if let Some(vault::StakeIncomeClaimed { asset, amount, .. }) = event.decode() {
            self.owed[suite.number(&asset)].unclaimed -= amount;
        }
        if let Some(vault::Withdrawn { asset, amount, .. }) = event.decode() {
            self.owed[suite.number(&asset)].credits -= amount;
        }
        if let Some(vault::StakeChanged { fan, staked, unstaking, .. }) = event.decode() {
            let before = self.fan(fan);
            let owed = &mut self.owed[1].stakes;
            *owed = *owed + staked + unstaking - before.staked - before.unstaking;
        }
    }

    fn read_fans(&mut self, event: &ContractEvent, suite: &Suite, now: u64) {
        if let Some(TierOffered { tier, terms, .. }) = event.decode() {
            let asset = suite.number(&terms.asset);
            let book =
                TierBook { asset, price: terms.price, period: terms.period, level: terms.level, seats: terms.seats };
            match self.tiers.get_mut(tier as usize) {
                Some(known) => *known = book,
                None => self.tiers.push(book),
            }
        }
        if let Some(vault::Tipped { fan, asset: Asset::Native, amount, .. }) = event.decode() {
            self.fans.entry(fan).or_default().tipped += amount;
        }
        if let Some(vault::Subscribed { fan, tier, payer, price, paid, carried, minimum, until }) = event.decode() {
            let runs = self.fan(fan).held.is_some_and(|held| now < held.end);
            assert!(payer == fan || price == 0 || !runs, "a gift replaces what runs");
            let TierBook { asset, period, level, .. } = self.tiers[tier as usize];
            let held = &mut self.fans.entry(fan).or_default().held;
            let since = held.filter(|held| now < held.end && held.level >= level).map_or(now, |held| held.since);
            let (paid, tier) = (paid + carried, tier as usize);
            *held = Some(Held { tier, level, since, start: now, end: until, price, paid, minimum, period, asset });
        }
        if let Some(vault::ToppedUp { fan, paid, until, .. }) = event.decode() {
            let held = self.fans.entry(fan).or_default().held.as_mut().expect("it was extended");
            assert!(now < held.end, "what was over is extended");
            held.paid += paid;
            held.end = until;
        }
        if let Some(vault::Ended { fan, tier, refund, credited, .. }) = event.decode() {
            let asset = self.tiers[tier as usize].asset;
            let fan = self.fans.entry(fan).or_default();
            fan.held = None;
            fan.credits[asset] += if credited { refund } else { 0 };
        }
        if let Some(vault::Withdrawn { fan, asset, amount }) = event.decode() {
            self.fans.entry(fan).or_default().credits[suite.number(&asset)] -= amount;
        }
        if let Some(vault::StakeChanged { fan, staked, unstaking, ready }) = event.decode() {
            self.stakers.insert(fan);
            let fan = self.fans.entry(fan).or_default();
            if staked > fan.staked {
                fan.staked_since = now;
            }
            (fan.staked, fan.unstaking, fan.ready) = (staked, unstaking, ready);
            if staked == 0 {
                fan.staked_since = 0;
            }
        }
        if let Some(vault::SplitsChanged { version, shares, .. }) = event.decode() {
            self.splits = version;
            self.recipients.insert(version, shares.into_iter().map(|share| share.recipient).collect());
        }
        if let Some(vault::SplitsLocked { until }) = event.decode() {
            self.locked_until = until;
        }
        if let Some(vault::PauseChanged { paused }) = event.decode() {
            self.vault_paused = paused;
        }
    }

    fn read_registry(&mut self, event: &ContractEvent) {
        if let Some(Published { id, price, release, retired, hash, .. }) = event.decode() {
            self.contents.insert(id, (price, release, retired));
            self.files.insert(id, hash);
        }
        if let Some(FileReplaced { id, hash, .. }) = event.decode() {
            self.files.insert(id, hash);
        }
        if let Some(VaultChanged { vault }) = event.decode() {
            self.paid_to = vault;
        }
        if let Some(QuestionLimitsChanged { ref_time, proof_size }) = event.decode() {
            self.limits = Some(QuestionLimits { ref_time, proof_size });
        }
        if let Some(TermsChanged { id, price, release, retired }) = event.decode() {
            self.contents.insert(id, (price, release, retired));
        }
        if let Some(Purchased { id, recipient, price, .. }) = event.decode() {
            assert_eq!(Some(price), self.contents[&id].0, "another price was paid");
            assert!(self.bought.insert((id, recipient)), "content is sold twice");
        }
        if let Some(ListChanged { list, accounts, listed }) = event.decode() {
            for account in accounts {
                if listed {
                    self.listed.insert((list, account));
                } else {
                    self.listed.remove(&(list, account));
                }
            }
        }
        if let Some(ManagerChanged { account, appointed }) = event.decode() {
            if appointed {
                self.managers.insert(account);
            } else {
                self.managers.remove(&account);
            }
        }
    }
}
