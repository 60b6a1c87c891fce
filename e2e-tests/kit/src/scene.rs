//! A vault on a chain, and what is done with it.

use ink::{
    env::Environment,
    scale::{Decode, Encode},
};
use patronage::contracts as suite;
use patronage_chain::{Message, Receipt};
use patronage_interfaces::{
    patronage::{Patronage, Standing},
    vault::{
        Asset, Obligations, PatronageVault, Settlement, Subscription, Tier, TierId, TierTerms, VaultError, VaultTerms,
    },
    AccountId, Timestamp,
};

use crate::{tier_terms, vault_terms, World, DAY, EXISTENTIAL_DEPOSIT, TOKEN, UNIT};

/// Price of the first tier of [`Scene::default`] for 30 days, so that a day costs one native unit.
pub const PRICE: u128 = 30 * UNIT;
/// A minute in milliseconds, the shortest period.
pub const MINUTE: u64 = 60_000;
/// How long unstaked tokens wait in [`Scene::with_token`], in milliseconds.
pub const COOLDOWN: u64 = 3 * DAY;

/// A vault on a chain. Whatever is done through it, the vault then holds exactly what it owes.
pub struct Scene {
    /// The chain with people on it.
    pub world: World,
    /// The vault.
    pub vault: AccountId,
    /// Honest tokens that are in use.
    pub tokens: Vec<AccountId>,
}

impl Default for Scene {
    /// With two tiers for 30 days: level 1 at [`PRICE`] and level 2 at twice that. All income is the creator's.
    fn default() -> Self {
        Self::of(vec![tier_terms(PRICE, 1), tier_terms(2 * PRICE, 2)])
    }
}

impl Scene {
    /// With these tiers, and all income for the creator.
    pub fn of(tiers: Vec<TierTerms>) -> Self {
        Self::on(World::default(), &vault_terms(tiers, &[]))
    }

    /// In `world`, on these terms.
    #[track_caller]
    pub fn on(mut world: World, terms: &VaultTerms) -> Self {
        let vault = world.vault(terms);
        let mut scene = Self { world, vault, tokens: Vec::new() };
        scene.assert_covered();
        scene
    }

    /// With a token of which everybody has a million, the vault may take them, and fans can stake them. After the tiers of
    /// [`Scene::default`] it has one for 30 tokens, level 1.
    pub fn with_token() -> (Self, AccountId) {
        let mut world = World::default();
        let token = world.foreign_token(1_000_000 * TOKEN);
        let in_tokens = TierTerms { asset: Asset::Psp22(token), ..tier_terms(30 * TOKEN, 1) };
        let tiers = vec![tier_terms(PRICE, 1), tier_terms(2 * PRICE, 2), in_tokens];
        let terms = VaultTerms { token: Some(token), cooldown: COOLDOWN, ..vault_terms(tiers, &[]) };
        let mut scene = Self::on(world, &terms);
        scene.world.allow_all(token, scene.vault);
        scene.tokens = vec![token];
        (scene, token)
    }

    /// Sends `message`: a refusal must change nothing, and the vault must hold what it owes afterwards.
    #[track_caller]
    pub fn send<E, Args, T, Error>(
        &mut self,
        from: AccountId,
        value: u128,
        message: Message<E, Args, Result<T, Error>>,
    ) -> Receipt<Result<T, Error>>
    where
        E: Environment<AccountId = AccountId>,
        Args: Encode,
        T: Decode,
        Error: Decode,
    {
        let before = (self.world.balance(from), self.world.balance(self.vault), self.obligations());
        let receipt = self.world.call(from, value, message);
        if receipt.value.is_err() {
            let after = (self.world.balance(from), self.world.balance(self.vault), self.obligations());
            assert_eq!(before, after, "a refusal changed something");
            assert_eq!(receipt.deposit, 0, "a refusal changed something");
            assert_eq!(receipt.events.len(), 0, "a refusal changed something");
        }
        self.assert_covered();
        receipt
    }

    /// Asserts that the vault holds what it owes, in native money and in tokens.
    #[track_caller]
    pub fn assert_covered(&mut self) {
        let owed = self.obligations().total();
        assert_eq!(self.world.balance(self.vault), owed + EXISTENTIAL_DEPOSIT, "the vault holds what it owes");
        for token in self.tokens.clone() {
            let owed = self.owed(Asset::Psp22(token)).total();
            assert_eq!(self.world.tokens(token, self.vault), owed, "the vault holds what it owes in tokens");
        }
    }

    /// `from` tips.
    #[track_caller]
    pub fn tip(&mut self, from: AccountId, amount: u128, memo: &[u8]) -> Receipt<Result<(), Box<VaultError>>> {
        self.send(from, amount, suite::vault(self.vault).tip(memo.to_vec()))
    }

    /// `fan` subscribes, whatever the price.
    #[track_caller]
    pub fn subscribe(
        &mut self,
        fan: AccountId,
        tier: TierId,
        paid: u128,
    ) -> Receipt<Result<Timestamp, Box<VaultError>>> {
        self.gift(fan, fan, tier, paid)
    }

    /// `payer` subscribes `fan`, whatever the price.
    #[track_caller]
    pub fn gift(
        &mut self,
        payer: AccountId,
        fan: AccountId,
        tier: TierId,
        paid: u128,
    ) -> Receipt<Result<Timestamp, Box<VaultError>>> {
        self.send(payer, paid, suite::vault(self.vault).subscribe(tier, fan, 0, u128::MAX))
    }

    /// `fan` cancels.
    #[track_caller]
    pub fn cancel(&mut self, fan: AccountId) -> Receipt<Result<u128, Box<VaultError>>> {
        self.send(fan, 0, suite::vault(self.vault).cancel())
    }

    /// Someone who gets nothing from it collects.
    #[track_caller]
    pub fn collect(&mut self, tier: TierId, max_epochs: u32) -> Receipt<Result<Settlement, Box<VaultError>>> {
        self.send(self.world.cleo, 0, suite::vault(self.vault).collect(tier, max_epochs))
    }

    /// `who` takes what waits from the first splits.
    #[track_caller]
    pub fn claim(&mut self, who: AccountId) -> Receipt<Result<u128, Box<VaultError>>> {
        self.send(who, 0, suite::vault(self.vault).claim(Asset::Native, 0))
    }

    /// What waits for `who` from the first splits, in planck.
    pub fn claimable(&mut self, who: AccountId) -> u128 {
        self.world.ask(suite::vault(self.vault).claimable_of(who, Asset::Native, 0))
    }

    /// What cancelling would refund to `fan` now, in planck.
    pub fn refund(&mut self, fan: AccountId) -> u128 {
        self.world.ask(suite::vault(self.vault).refund_of(fan))
    }

    /// The subscription of `fan`.
    pub fn subscription(&mut self, fan: AccountId) -> Option<Subscription> {
        self.world.ask(suite::vault(self.vault).fan(fan)).subscription
    }

    /// What other contracts are told of `fan`.
    pub fn standing(&mut self, fan: AccountId) -> Standing {
        self.world.ask(suite::patronage(self.vault).standing_of(fan))
    }

    /// The tier with this number.
    pub fn tier(&mut self, id: TierId) -> Option<Tier> {
        self.world.ask(suite::vault(self.vault).tier(id))
    }

    /// What the vault owes in native money.
    pub fn obligations(&mut self) -> Obligations {
        self.owed(Asset::Native)
    }

    /// What the vault owes in `asset`.
    pub fn owed(&mut self, asset: Asset) -> Obligations {
        self.world.ask(suite::vault(self.vault).obligations(asset))
    }

    /// What waits for `fan` of refunds, in planck or smallest units.
    pub fn credit(&mut self, fan: AccountId, asset: Asset) -> u128 {
        self.world.ask(suite::vault(self.vault).credit_of(fan, asset))
    }

    /// Block time in ms.
    pub fn now(&self) -> Timestamp {
        self.world.chain.now()
    }

    /// Lets `milliseconds` pass.
    pub fn wait(&mut self, milliseconds: u64) {
        self.world.chain.advance(milliseconds);
    }
}
