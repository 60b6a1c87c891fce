//! Income: how it comes in, and whose it is.

use crate::{
    money::{self, Kind},
    patronage_vault::PatronageVaultContract as Vault,
    records::{Splits, State},
};
use ink::prelude::{boxed::Box, vec::Vec};
use ink_lite::{emit, env, Records};
use patronage_core::{ledger::Pot, splits};
use patronage_interfaces::{
    vault::{Asset, Collected, Paid, Settings, Settlement, Share, SplitsChanged, TierId, Tipped, VaultError, MAX_TEXT},
    AccountId, PatronageEnvironment as Env,
};

impl Vault {
    /// Takes new money in: what was sent along, in a native `asset`, or `tokens` of the caller's. Returns how much arrived,
    /// which can be nothing unless it is `needed`.
    #[inline(never)]
    pub(crate) fn take(
        &self,
        state: &State,
        asset: &Asset,
        tokens: u128,
        needed: bool,
    ) -> Result<u128, Box<VaultError>> {
        let arrived = money::take(asset, tokens)?;
        if arrived > 0 && state.settings.paused {
            return Err(Box::new(VaultError::Paused));
        }
        if arrived == 0 && needed {
            return Err(Box::new(VaultError::NothingSent));
        }
        Ok(arrived)
    }

    /// Takes a tip in as income. The caller keeps who gave it, and emits the event.
    #[inline(never)]
    fn take_tip(&mut self, asset: Asset, tokens: u128, memo: Vec<u8>) -> Result<Box<Tipped>, Box<VaultError>> {
        if memo.len() > MAX_TEXT as usize {
            return Err(Box::new(VaultError::MemoTooLong { most: MAX_TEXT }));
        }
        let state = self.state();
        let amount = self.take(&state, &asset, tokens, true)?;
        let event = Box::new(Tipped { fan: env::caller(), asset, amount, memo });
        self.money.earn(&event.asset, Pot::Outside, amount, state.version, &state.stakers)?;
        Ok(event)
    }

    /// A tip in native money, which counts for the fan's standing.
    pub(crate) fn tip_native(&mut self, memo: Vec<u8>) -> Result<(), Box<VaultError>> {
        let event = self.take_tip(Asset::Native, 0, memo)?;
        let mut record = self.members.fan(&event.fan);
        record.tipped = record.tipped.saturating_add(event.amount);
        self.members.set_fan(&event.fan, &record);
        emit::<Env, _>(&*event);
        Ok(())
    }

    /// A tip in tokens.
    pub(crate) fn tip_tokens(
        &mut self,
        token: AccountId,
        tokens: u128,
        memo: Vec<u8>,
    ) -> Result<u128, Box<VaultError>> {
        let event = self.take_tip(Asset::Psp22(token), tokens, memo)?;
        self.money.add_to_entry(Kind::Tipped, &event.asset, &event.fan, event.amount);
        emit::<Env, _>(&*event);
        Ok(event.amount)
    }

    /// Native income from another contract has arrived.
    #[inline(never)]
    pub(crate) fn receive(
        &mut self,
        state: &State,
        payer: AccountId,
        purpose: u64,
        amount: u128,
    ) -> Result<(), Box<VaultError>> {
        self.money.earn(&Asset::Native, Pot::Outside, amount, state.version, &state.stakers)?;
        emit::<Env, _>(&Paid { payer, purpose, amount });
        Ok(())
    }

    /// Makes what `tier` has earned income under the splits of now.
    #[inline(never)]
    pub(crate) fn collect_tier(
        &mut self,
        tier: TierId,
        max_epochs: u32,
        state: &State,
    ) -> Result<Settlement, Box<VaultError>> {
        let version = state.version;
        let mut terms = self.members.tier(tier)?;
        let room = self.money.ledger(&terms.asset).room(version);
        let sweep = terms.earnings.collect(env::now(), max_epochs, room, &mut self.members.buckets(tier));
        self.members.set_tier(tier, &terms);
        if sweep.amount > 0 {
            self.money.earn(&terms.asset, Pot::Streams, sweep.amount, version, &state.stakers)?;
            emit::<Env, _>(&Collected { tier, amount: sweep.amount, version });
        }
        Ok(sweep)
    }

    /// What `who` can take now, and what `who` has taken before.
    #[inline(never)]
    pub(crate) fn account_of(&self, who: &AccountId, asset: &Asset, version: u32) -> (u128, u128) {
        let taken = self.money.entry(Kind::Taken, asset, version, who);
        (splits::claimable(&self.splits_of(version), who, self.money.income(asset, version), taken), taken)
    }

    #[inline(never)]
    pub(crate) fn splits_of(&self, version: u32) -> Vec<Share<AccountId>> {
        self.splits.load_or_zero(&version).0
    }

    /// Keeps the splits of `version`, under which the stakers get `stakers` basis points.
    #[inline(never)]
    pub(crate) fn keep_splits(
        &mut self,
        version: u32,
        shares: Vec<Share<AccountId>>,
        stakers: u16,
        settings: &Settings,
    ) -> Result<(), Box<VaultError>> {
        splits::check(&shares, stakers).map_err(VaultError::Splits)?;
        if stakers > 0 && settings.token.is_none() {
            return Err(Box::new(VaultError::NothingToStake));
        }
        let shares = Splits(shares);
        self.splits.store(&version, &shares);
        emit::<Env, _>(&SplitsChanged { version, shares: shares.0, stakers });
        Ok(())
    }
}
