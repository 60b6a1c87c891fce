//! Income of the vault: how it is recorded, and who can claim it.

use crate::{
    accounting::{self, EntryKind},
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
    /// Deposits the caller's payment: the transferred value for native money, or `tokens` of a PSP22 token. Returns the
    /// amount that arrived. It can be 0 unless it is `required`.
    #[inline(never)]
    pub(crate) fn deposit(
        &self,
        state: &State,
        asset: &Asset,
        tokens: u128,
        required: bool,
    ) -> Result<u128, Box<VaultError>> {
        let arrived = accounting::deposit(asset, tokens)?;
        if arrived > 0 && state.settings.paused {
            return Err(Box::new(VaultError::Paused));
        }
        if arrived == 0 && required {
            return Err(Box::new(VaultError::NothingSent));
        }
        Ok(arrived)
    }

    /// Deposits a tip and records it as income. The caller keeps who gave it, and emits the event.
    #[inline(never)]
    fn deposit_tip(&mut self, asset: Asset, tokens: u128, memo: Vec<u8>) -> Result<Box<Tipped>, Box<VaultError>> {
        if memo.len() > MAX_TEXT as usize {
            return Err(Box::new(VaultError::MemoTooLong { most: MAX_TEXT }));
        }
        let state = self.state();
        let amount = self.deposit(&state, &asset, tokens, true)?;
        let event = Box::new(Tipped { fan: env::caller(), asset, amount, memo });
        self.accounting.add_income(&event.asset, Pot::Outside, amount, state.version, &state.stakers)?;
        Ok(event)
    }

    /// A tip in native money, which counts for the fan's standing.
    pub(crate) fn tip_native(&mut self, memo: Vec<u8>) -> Result<(), Box<VaultError>> {
        let event = self.deposit_tip(Asset::Native, 0, memo)?;
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
        let event = self.deposit_tip(Asset::Psp22(token), tokens, memo)?;
        self.accounting.add_to_entry(EntryKind::Tipped, &event.asset, &event.fan, event.amount);
        emit::<Env, _>(&*event);
        Ok(event.amount)
    }

    /// Records `amount` planck of native income that another contract has paid.
    #[inline(never)]
    pub(crate) fn record_income(
        &mut self,
        state: &State,
        payer: AccountId,
        purpose: u64,
        amount: u128,
    ) -> Result<(), Box<VaultError>> {
        self.accounting.add_income(&Asset::Native, Pot::Outside, amount, state.version, &state.stakers)?;
        emit::<Env, _>(&Paid { payer, purpose, amount });
        Ok(())
    }

    /// Settles past days of `tier`, and records what they earned as income under the current splits.
    #[inline(never)]
    pub(crate) fn collect_tier(
        &mut self,
        tier: TierId,
        max_epochs: u32,
        state: &State,
    ) -> Result<Settlement, Box<VaultError>> {
        let version = state.version;
        let mut terms = self.members.tier(tier)?;
        let room = self.accounting.ledger(&terms.asset).room(version);
        let settlement = terms.earnings.collect(env::now(), max_epochs, room, &mut self.members.buckets(tier));
        self.members.set_tier(tier, &terms);
        if settlement.amount > 0 {
            self.accounting.add_income(&terms.asset, Pot::Streams, settlement.amount, version, &state.stakers)?;
            emit::<Env, _>(&Collected { tier, amount: settlement.amount, version });
        }
        Ok(settlement)
    }

    /// Returns what `who` can claim now, and what `who` has claimed before.
    #[inline(never)]
    pub(crate) fn claims_of(&self, who: &AccountId, asset: &Asset, version: u32) -> (u128, u128) {
        let claimed = self.accounting.entry(EntryKind::Claimed, asset, version, who);
        (splits::claimable(&self.splits_of(version), who, self.accounting.income(asset, version), claimed), claimed)
    }

    #[inline(never)]
    pub(crate) fn splits_of(&self, version: u32) -> Vec<Share<AccountId>> {
        self.splits.load_or_zero(&version).0
    }

    /// Stores the splits of `version`, under which stakers get `stakers` basis points.
    #[inline(never)]
    pub(crate) fn store_splits(
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
