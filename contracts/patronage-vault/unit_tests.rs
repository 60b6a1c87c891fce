//! Tests in ink!'s test environment: messages, records and payments agree. The rules are tested in `patronage-core`,
//! and the contract on a chain in `e2e-tests`.

mod income;
mod owner;
mod subscriptions;

use crate::patronage_vault::PatronageVaultContract as Vault;
use ink::env::test::{self, DefaultAccounts};
use patronage_interfaces::{
    patronage::{Patronage, Standing},
    vault::{
        Asset, Fan, Obligations, PatronageVault, Share, Splits, SplitsError, Stream, Subscription, TierTerms,
        VaultError, VaultTerms, MAX_INITIAL_TIERS, MAX_TEXT,
    },
    AccountId, Balance, PatronageEnvironment as E,
};

const DAY: u64 = 86_400_000;
const T0: u64 = 20_000 * DAY;
const MONTH: u64 = 30 * DAY;
const PRICE: u128 = 30_000;
/// The vault's own balance, which it never pays out.
const EXISTENCE: u128 = 1_000_000;

fn accounts() -> DefaultAccounts<E> {
    test::default_accounts::<E>()
}

fn at(time: u64) {
    test::set_block_timestamp::<E>(time);
}

fn by(caller: AccountId) {
    test::set_caller::<E>(caller);
}

fn balance_of(account: AccountId) -> Balance {
    test::get_account_balance::<E>(account).unwrap_or_default()
}

fn terms(price: u128, level: u8, seats: Option<u32>) -> TierTerms {
    TierTerms {
        asset: Asset::Native,
        price,
        period: MONTH,
        level,
        seats,
        minimum_stay: 0,
        uri: b"ipfs://tier".to_vec(),
    }
}

/// A vault of alice with two tiers, at T0.
fn vault_with(splits: Vec<Share<AccountId>>) -> Vault {
    by(accounts().alice);
    at(T0);
    test::set_callee::<E>(accounts().frank);
    let tiers = vec![terms(PRICE, 1, Some(1)), terms(2 * PRICE, 2, None)];
    test::set_account_balance::<E>(test::callee::<E>(), EXISTENCE as Balance);
    Vault::new(VaultTerms { splits, tiers, ..VaultTerms::default() }).unwrap()
}

fn vault() -> Vault {
    vault_with(Vec::new())
}

/// Pays `amount` with the call, and returns it if the call fails, as a chain does.
fn paying<T>(amount: u128, call: impl FnOnce() -> Result<T, Box<VaultError>>) -> Result<T, Box<VaultError>> {
    let (callee, amount) = (test::callee::<E>(), amount as Balance);
    test::set_account_balance::<E>(callee, balance_of(callee) + amount);
    test::set_value_transferred::<E>(amount);
    let result = call();
    test::set_value_transferred::<E>(0);
    if result.is_err() {
        test::set_account_balance::<E>(callee, balance_of(callee) - amount);
    }
    result
}

/// Asserts that the vault's balance covers exactly what it owes and its own balance.
fn assert_covered(vault: &Vault) {
    let owed = EXISTENCE + vault.obligations(Asset::Native).total();
    assert_eq!(balance_of(test::callee::<E>()), owed as Balance);
}
