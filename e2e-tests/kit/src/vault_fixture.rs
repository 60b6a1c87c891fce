//! A vault on a chain, and calls of it.

use ink::{
    env::Environment,
    scale::{Decode, Encode},
};
use patronage::contracts;
use patronage_chain::{Message, Receipt};
use patronage_interfaces::{
    patronage::{Patronage, Standing},
    vault::{
        Asset, Obligations, PatronageVault, Settlement, Subscription, Tier, TierId, TierTerms, VaultError, VaultTerms,
    },
    AccountId, Timestamp,
};

use crate::{tier_terms, vault_terms, TestEnv, DAY, EXISTENTIAL_DEPOSIT, TOKEN, UNIT};

/// Price of the first tier of [`VaultFixture::default`] for 30 days, so that a day costs one native unit.
pub const PRICE: u128 = 30 * UNIT;
/// A minute in milliseconds, the shortest period.
pub const MINUTE: u64 = 60_000;
/// Cooldown of [`VaultFixture::with_token`], in milliseconds.
pub const COOLDOWN: u64 = 3 * DAY;

/// A vault on a chain. After each call it is asserted that the vault holds exactly what it owes.
pub struct VaultFixture {
    /// The chain and its accounts.
    pub env: TestEnv,
    /// The vault.
    pub vault: AccountId,
    /// Honest tokens that the vault can hold.
    pub tokens: Vec<AccountId>,
}

impl Default for VaultFixture {
    /// Two tiers for 30 days: level 1 at [`PRICE`], and level 2 at twice that. The creator gets all income.
    fn default() -> Self {
        Self::of(vec![tier_terms(PRICE, 1), tier_terms(2 * PRICE, 2)])
    }
}

impl VaultFixture {
    /// A vault with these tiers. The creator gets all income.
    pub fn of(tiers: Vec<TierTerms>) -> Self {
        Self::on(TestEnv::default(), &vault_terms(tiers, &[]))
    }

    /// A vault on these terms, in `env`.
    #[track_caller]
    pub fn on(mut env: TestEnv, terms: &VaultTerms) -> Self {
        let vault = env.vault(terms);
        let mut fixture = Self { env, vault, tokens: Vec::new() };
        fixture.assert_covered();
        fixture
    }

    /// A vault that takes stakes of a foreign token. Each account has a million tokens, and has approved the vault.
    /// After the tiers of [`VaultFixture::default`] there is one for 30 tokens, level 1.
    pub fn with_token() -> (Self, AccountId) {
        let mut env = TestEnv::default();
        let token = env.foreign_token(1_000_000 * TOKEN);
        let in_tokens = TierTerms { asset: Asset::Psp22(token), ..tier_terms(30 * TOKEN, 1) };
        let tiers = vec![tier_terms(PRICE, 1), tier_terms(2 * PRICE, 2), in_tokens];
        let terms = VaultTerms { token: Some(token), cooldown: COOLDOWN, ..vault_terms(tiers, &[]) };
        let mut fixture = Self::on(env, &terms);
        fixture.env.allow_all(token, fixture.vault);
        fixture.tokens = vec![token];
        (fixture, token)
    }

    /// Sends `message`. Asserts that a failure changes nothing, and that the vault holds what it owes.
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
        let before = (self.env.balance(from), self.env.balance(self.vault), self.obligations());
        let receipt = self.env.call(from, value, message);
        if receipt.value.is_err() {
            let after = (self.env.balance(from), self.env.balance(self.vault), self.obligations());
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
        assert_eq!(self.env.balance(self.vault), owed + EXISTENTIAL_DEPOSIT, "the vault holds what it owes");
        for token in self.tokens.clone() {
            let owed = self.owed(Asset::Psp22(token)).total();
            assert_eq!(self.env.tokens(token, self.vault), owed, "the vault holds what it owes in tokens");
        }
    }

    /// `from` tips.
    #[track_caller]
    pub fn tip(&mut self, from: AccountId, amount: u128, memo: &[u8]) -> Receipt<Result<(), Box<VaultError>>> {
        self.send(from, amount, contracts::vault(self.vault).tip(memo.to_vec()))
    }

    /// `fan` subscribes at any price.
    #[track_caller]
    pub fn subscribe(
        &mut self,
        fan: AccountId,
        tier: TierId,
        paid: u128,
    ) -> Receipt<Result<Timestamp, Box<VaultError>>> {
        self.gift(fan, fan, tier, paid)
    }

    /// `payer` subscribes `fan` at any price.
    #[track_caller]
    pub fn gift(
        &mut self,
        payer: AccountId,
        fan: AccountId,
        tier: TierId,
        paid: u128,
    ) -> Receipt<Result<Timestamp, Box<VaultError>>> {
        self.send(payer, paid, contracts::vault(self.vault).subscribe(tier, fan, 0, u128::MAX))
    }

    /// `fan` cancels.
    #[track_caller]
    pub fn cancel(&mut self, fan: AccountId) -> Receipt<Result<u128, Box<VaultError>>> {
        self.send(fan, 0, contracts::vault(self.vault).cancel())
    }

    /// Collects the income of `tier`, as an account that gets no part of it.
    #[track_caller]
    pub fn collect(&mut self, tier: TierId, max_epochs: u32) -> Receipt<Result<Settlement, Box<VaultError>>> {
        self.send(self.env.cleo, 0, contracts::vault(self.vault).collect(tier, max_epochs))
    }

    /// `who` claims under the first splits.
    #[track_caller]
    pub fn claim(&mut self, who: AccountId) -> Receipt<Result<u128, Box<VaultError>>> {
        self.send(who, 0, contracts::vault(self.vault).claim(Asset::Native, 0))
    }

    /// What `who` can claim under the first splits, in planck.
    pub fn claimable(&mut self, who: AccountId) -> u128 {
        self.env.ask(contracts::vault(self.vault).claimable_of(who, Asset::Native, 0))
    }

    /// Refund that `fan` would get now, in planck.
    pub fn refund(&mut self, fan: AccountId) -> u128 {
        self.env.ask(contracts::vault(self.vault).refund_of(fan))
    }

    /// The subscription of `fan`.
    pub fn subscription(&mut self, fan: AccountId) -> Option<Subscription> {
        self.env.ask(contracts::vault(self.vault).fan(fan)).subscription
    }

    /// Standing of `fan`, as other contracts see it.
    pub fn standing(&mut self, fan: AccountId) -> Standing {
        self.env.ask(contracts::patronage(self.vault).standing_of(fan))
    }

    /// The tier with this number.
    pub fn tier(&mut self, id: TierId) -> Option<Tier> {
        self.env.ask(contracts::vault(self.vault).tier(id))
    }

    /// Obligations in native money.
    pub fn obligations(&mut self) -> Obligations {
        self.owed(Asset::Native)
    }

    /// Obligations in `asset`.
    pub fn owed(&mut self, asset: Asset) -> Obligations {
        self.env.ask(contracts::vault(self.vault).obligations(asset))
    }

    /// Refunds that `fan` can withdraw, in planck or smallest units.
    pub fn credit(&mut self, fan: AccountId, asset: Asset) -> u128 {
        self.env.ask(contracts::vault(self.vault).credit_of(fan, asset))
    }

    /// Block time in ms.
    pub fn now(&self) -> Timestamp {
        self.env.chain.now()
    }

    /// Advances the block time.
    pub fn wait(&mut self, milliseconds: u64) {
        self.env.chain.advance(milliseconds);
    }
}
