//! Shared code of the tests, the benchmark and the tests of the command: chains with funded accounts, contracts on
//! ordinary terms, assertions about events, nodes, and the command. Needs the bundles: `scripts/build --all`.

pub mod access;
pub mod command;
pub mod deploy;
pub mod dev;
pub mod gateway;
pub mod node;
pub mod node_env;
pub mod postgres;
pub mod proxy;
pub mod rows;
pub mod token_fixture;
pub mod tokens;
pub mod vault_fixture;

use std::sync::LazyLock;

use ink::{
    env::{Environment, Event},
    scale::{Decode, Encode},
};
pub use patronage_chain::ContractEvent;
use patronage_chain::{accounts::account, Message, Messages, Receipt, Width};
use patronage_embedded::EmbeddedChain;
use patronage_interfaces::{
    token::{LaunchGuard, TokenTerms},
    vault::{Asset, Share, TierTerms, VaultTerms},
    AccountId,
};
use proptest::test_runner::Config;

/// A native unit in planck.
pub const UNIT: u128 = 1_000_000_000_000;
/// A token of [`token_terms`] in smallest units.
pub const TOKEN: u128 = 1_000_000;
/// A day in milliseconds.
pub const DAY: u64 = 86_400_000;

/// Existential deposit in planck. A contract never pays it out.
pub const EXISTENTIAL_DEPOSIT: u128 = 1;

/// An embedded chain with accounts that have a million native units each.
pub struct TestEnv {
    /// The chain.
    pub chain: EmbeddedChain,
    /// Owner of the contracts.
    pub creator: AccountId,
    /// A fan.
    pub ana: AccountId,
    /// Another fan.
    pub ben: AccountId,
    /// A third fan.
    pub cleo: AccountId,
}

/// Accounts of [`TestEnv`]. Derived once, as key derivation is slow in test builds.
static PEOPLE: LazyLock<[AccountId; 4]> =
    LazyLock::new(|| ["mira", "ana", "ben", "cleo"].map(|name| account(name).expect("a name of letters")));

impl Default for TestEnv {
    fn default() -> Self {
        Self::with_width(Width::U128)
    }
}

impl TestEnv {
    /// A chain with balances of this width.
    pub fn with_width(width: Width) -> Self {
        let mut chain = EmbeddedChain::with_width(width);
        for who in &*PEOPLE {
            chain.fund(who, 1_000_000 * UNIT).expect("the amount is above the existential deposit");
        }
        let [creator, ana, ben, cleo] = *PEOPLE;
        Self { chain, creator, ana, ben, cleo }
    }

    /// A chain with the same state, which goes on by itself.
    pub fn fork(&mut self) -> Self {
        Self { chain: self.chain.fork(), ..*self }
    }

    /// Sends `message`. Panics if the contract gives no answer. The contract's own errors are the receipt's value.
    #[track_caller]
    pub fn call<E, Args, R>(&mut self, from: AccountId, value: u128, message: Message<E, Args, R>) -> Receipt<R>
    where
        E: Environment<AccountId = AccountId>,
        Args: Encode,
        R: Decode,
    {
        self.chain.send(&from.into(), value, message).expect("the contract answers")
    }

    /// Returns the answer of a message that only reads.
    #[track_caller]
    pub fn ask<E, Args, R>(&mut self, message: Message<E, Args, R>) -> R
    where
        E: Environment<AccountId = AccountId>,
        Args: Encode,
        R: Decode,
    {
        self.chain.query(message).expect("the contract answers")
    }

    /// Free native balance of `who`, in planck.
    pub fn balance(&mut self, who: AccountId) -> u128 {
        self.chain.balance(&who)
    }

    /// Deploys a creator token as the creator.
    #[track_caller]
    pub fn token(&mut self, terms: &TokenTerms) -> AccountId {
        deploy::deploy_token(&mut self.chain, &self.creator, terms).expect("possible terms").value
    }

    /// Deploys a vault as the creator.
    #[track_caller]
    pub fn vault(&mut self, terms: &VaultTerms) -> AccountId {
        deploy::deploy_vault(&mut self.chain, &self.creator, terms).expect("possible terms").value
    }

    /// Deploys an empty registry as the creator, without a vault: nothing can be purchased.
    #[track_caller]
    pub fn registry(&mut self) -> AccountId {
        self.registry_for(None)
    }

    /// Deploys an empty registry as the creator. Purchases are paid to `vault`.
    #[track_caller]
    pub fn registry_for(&mut self, vault: Option<AccountId>) -> AccountId {
        deploy::deploy_registry(&mut self.chain, &self.creator, vault).expect("possible terms").value
    }
}

/// Configuration of random histories: `PATRONAGE_HISTORIES` cases, or `default`.
pub fn histories(default: u32) -> Config {
    let cases = std::env::var("PATRONAGE_HISTORIES").ok().and_then(|cases| cases.parse().ok());
    Config { cases: cases.unwrap_or(default), max_shrink_iters: 100, failure_persistence: None, ..Config::default() }
}

/// Ordinary terms: 6 decimals, 1 native unit for the first token, 0.01 more for each token sold, fees of 5 % and 2 %.
pub fn token_terms() -> TokenTerms {
    TokenTerms {
        name: "Mira's Circle".into(),
        symbol: "MIRA".into(),
        decimals: 6,
        base_price: UNIT,
        slope: UNIT / 100,
        cap: Some(1_000 * TOKEN),
        buy_fee_bp: 500,
        sell_fee_bp: 200,
        referral_bp: 0,
        launch_guard: LaunchGuard::default(),
    }
}

/// A native tier at `price` planck for 30 days.
pub fn tier_terms(price: u128, level: u8) -> TierTerms {
    TierTerms { asset: Asset::Native, price, period: 30 * DAY, level, seats: None, minimum_stay: 0, uri: Vec::new() }
}

/// A vault with these tiers, and with these shares of the income in basis points.
pub fn vault_terms(tiers: Vec<TierTerms>, shares: &[(AccountId, u16)]) -> VaultTerms {
    let splits = shares.iter().map(|(recipient, bp)| Share { recipient: *recipient, bp: *bp }).collect();
    VaultTerms { splits, stakers: 0, tiers, token: None, cooldown: 0 }
}

/// Asserts that `receipt` has exactly these events of `contract`, in this order. [`event`] makes each of them.
#[track_caller]
pub fn assert_events<R>(receipt: &Receipt<R>, contract: AccountId, expected: &[(Vec<[u8; 32]>, Vec<u8>)]) {
    let found: Vec<_> = receipt
        .events
        .iter()
        .filter(|event| event.contract == contract)
        .map(|event| (event.topics.clone(), event.data.clone()))
        .collect();
    assert_eq!(found, expected);
}

/// Returns the topics and the data of `event`. The topics are its signature and the given fields.
pub fn event<T: Event>(event: &T, topics: &[[u8; 32]]) -> (Vec<[u8; 32]>, Vec<u8>) {
    let signature = T::SIGNATURE_TOPIC.expect("no event of the suite is anonymous");
    ([&[signature], topics].concat(), event.encode())
}

/// Returns the topic of a field: the encoded value padded with zeros, or its BLAKE2b-256 hash if it is longer than 32
/// bytes.
pub fn field_topic(value: &impl Encode) -> [u8; 32] {
    let encoded = value.encode();
    match encoded.len() {
        0..=32 => {
            let mut topic = [0; 32];
            topic[..encoded.len()].copy_from_slice(&encoded);
            topic
        }
        _ => sp_core::hashing::blake2_256(&encoded),
    }
}

/// An account without funds. It does not exist on the chain.
pub fn stranger(number: u32) -> AccountId {
    let mut bytes = *b"someone who has no account: ....";
    bytes[28..].copy_from_slice(&number.to_be_bytes());
    AccountId::from(bytes)
}

/// Asserts that the storage deposit was returned. In each call the chain rounds down what it returns for bytes and for
/// items.
#[track_caller]
pub fn assert_returned(paid: i128, returned: &[i128]) {
    let sum: i128 = returned.iter().sum();
    let rounding = 2 * returned.len() as i128;
    assert!(paid > 0 && (0..=rounding).contains(&(paid + sum)), "{paid} planck were paid, {returned:?} came back");
}
