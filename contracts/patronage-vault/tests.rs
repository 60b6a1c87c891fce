//! The shell in ink!'s own test environment: that messages, records and money go together. The rules themselves are
//! tested in `patronage-core`, and the contract on a chain in `e2e-tests`.

use crate::PatronageVaultContract as Vault;
use ink::env::test::{self, DefaultAccounts};
use patronage_interfaces::{
    patronage::{Patronage, Standing},
    vault::{
        Asset, Obligations, PatronageVault, Share, SplitsError, Subscription, TierTerms, VaultError, VaultTerms,
        MAX_INITIAL_TIERS, MAX_TEXT,
    },
    AccountId, Balance, PatronageEnvironment as E,
};

const DAY: u64 = 86_400_000;
const T0: u64 = 20_000 * DAY;
const MONTH: u64 = 30 * DAY;
const PRICE: u128 = 30_000;
/// What the vault has of its own, as every account on a chain has to.
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
    TierTerms { price, period: MONTH, level, seats, uri: b"ipfs://tier".to_vec() }
}

/// A vault of alice with two tiers, at T0.
fn vault_with(splits: Vec<Share<AccountId>>) -> Vault {
    by(accounts().alice);
    at(T0);
    test::set_callee::<E>(accounts().frank);
    let tiers = vec![terms(PRICE, 1, Some(1)), terms(2 * PRICE, 2, None)];
    test::set_account_balance::<E>(test::callee::<E>(), EXISTENCE as Balance);
    Vault::new(VaultTerms { splits, tiers }).unwrap()
}

fn vault() -> Vault {
    vault_with(Vec::new())
}

/// Pays `amount` with the call, and gives it back when the call is refused, as a chain does.
fn paying<T>(amount: u128, call: impl FnOnce() -> Result<T, VaultError>) -> Result<T, VaultError> {
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

/// That the vault has what it owes, and no more than what is its own.
fn assert_covered(vault: &Vault) {
    let owed = EXISTENCE + vault.obligations(Asset::Native).total();
    assert_eq!(balance_of(test::callee::<E>()), owed as Balance);
}

#[ink::test]
fn a_subscription_is_earned_by_time_and_the_rest_goes_back() {
    let (mut vault, fan) = (vault(), accounts().bob);
    by(fan);
    let until = paying(2 * PRICE, || vault.subscribe(0, fan, PRICE)).unwrap();
    assert_eq!(until, T0 + 2 * MONTH);
    assert_eq!(vault.standing_of(fan), Standing { level: 1, since: T0, until, ..Standing::default() });
    let kept = Subscription { tier: 0, price: PRICE, paid: 2 * PRICE, since: T0, until };
    assert_eq!(vault.subscription_of(fan), Some(kept));

    at(T0 + 15 * DAY);
    let sweep = vault.collect(0, 100).unwrap();
    assert_eq!((sweep.amount, sweep.more), (PRICE / 2, false));
    assert_eq!(vault.obligations(Asset::Native), Obligations { streams: PRICE * 3 / 2, unclaimed: PRICE / 2 });
    assert_covered(&vault);

    at(T0 + 45 * DAY);
    assert_eq!(vault.refund_of(fan), PRICE / 2);
    let before = balance_of(fan);
    assert_eq!(vault.cancel(), Ok(PRICE / 2));
    assert_eq!(balance_of(fan) - before, (PRICE / 2) as Balance);
    assert_eq!(vault.standing_of(fan), Standing::default());
    assert_eq!((vault.refund_of(fan), vault.cancel()), (0, Err(VaultError::NotSubscribed)));
    assert_eq!(vault.collect(0, 100).unwrap().amount, PRICE);
    assert_covered(&vault);

    by(accounts().alice);
    assert_eq!(vault.claimable_of(accounts().alice, Asset::Native, 0), PRICE * 3 / 2);
    assert_eq!(vault.claim(Asset::Native, 0), Ok(PRICE * 3 / 2));
    assert_eq!(vault.claim(Asset::Native, 0), Err(VaultError::NothingToClaim));
    assert_eq!(vault.obligations(Asset::Native), Obligations::default());
    assert_covered(&vault);
}

#[ink::test]
fn tips_add_up_for_the_fan_and_are_split_among_the_recipients() {
    let all = accounts();
    let (a, b) = (all.django, all.eve);
    let mut vault = vault_with(vec![Share { recipient: a, bp: 3_333 }, Share { recipient: b, bp: 6_667 }]);
    by(all.bob);
    assert_eq!(vault.tip(Vec::new()), Err(VaultError::NothingSent));
    let long = vec![b'!'; MAX_TEXT as usize + 1];
    assert_eq!(paying(5, || vault.tip(long)), Err(VaultError::MemoTooLong { most: MAX_TEXT }));
    assert_eq!(paying(5, || vault.tip(b"thanks".to_vec())), Ok(()));
    assert_eq!(paying(6, || vault.tip(vec![b'!'; MAX_TEXT as usize])), Ok(()));
    assert_eq!(vault.standing_of(all.bob), Standing { tipped: 11, ..Standing::default() });

    let claimable = |vault: &Vault, who| vault.claimable_of(who, Asset::Native, 0);
    assert_eq!((claimable(&vault, a), claimable(&vault, b), claimable(&vault, all.alice)), (3, 7, 0));
    assert_eq!(vault.claimable_of(a, Asset::Native, 1), 0);
    assert_eq!(vault.claimable_of(a, Asset::Psp22(all.charlie), 0), 0);
    by(b);
    assert_eq!(vault.claim(Asset::Native, 0), Ok(7));
    assert_eq!((claimable(&vault, a), claimable(&vault, b)), (3, 0));
    assert_eq!(vault.obligations(Asset::Native), Obligations { streams: 0, unclaimed: 4 });
    assert_covered(&vault);
}

#[ink::test]
fn a_gift_is_the_fans_and_nobody_can_replace_it_while_it_runs() {
    let (mut vault, all) = (vault(), accounts());
    by(all.charlie);
    let until = paying(PRICE, || vault.subscribe(0, all.bob, PRICE)).unwrap();
    let again = paying(2 * PRICE, || vault.subscribe(1, all.bob, 2 * PRICE));
    assert_eq!(again, Err(VaultError::AlreadySubscribed { until }));
    assert_eq!(vault.cancel(), Err(VaultError::NotSubscribed));
    by(all.bob);
    assert_eq!(vault.cancel(), Ok(PRICE));
    assert_covered(&vault);
}

#[ink::test]
fn a_seat_is_held_until_its_subscription_is_cancelled_or_replaced() {
    let (mut vault, all) = (vault(), accounts());
    let subscribe = |vault: &mut Vault, tier, fan, price| {
        by(fan);
        paying(price, || vault.subscribe(tier, fan, price))
    };
    let first = subscribe(&mut vault, 0, all.bob, PRICE).unwrap();
    assert_eq!(subscribe(&mut vault, 0, all.charlie, PRICE), Err(VaultError::SoldOut));
    // Expired, but nobody has freed it.
    at(first);
    assert_eq!(subscribe(&mut vault, 0, all.charlie, PRICE), Err(VaultError::SoldOut));
    let second = subscribe(&mut vault, 0, all.bob, PRICE).unwrap();
    assert_eq!((second, vault.tier(0).unwrap().taken), (first + MONTH, 1));
    // Moving to another tier after the end frees it.
    at(second);
    subscribe(&mut vault, 1, all.bob, 2 * PRICE).unwrap();
    assert_eq!((vault.tier(0).unwrap().taken, vault.tier(1).unwrap().taken), (0, 1));
    subscribe(&mut vault, 0, all.charlie, PRICE).unwrap();
    by(all.charlie);
    assert_eq!(vault.cancel(), Ok(PRICE));
    assert_eq!(vault.tier(0).unwrap().taken, 0);
    // An expired one pays nothing back, and frees its seat.
    by(all.bob);
    at(second + MONTH);
    assert_eq!(vault.cancel(), Ok(0));
    assert_eq!(vault.tier(1).unwrap().taken, 0);
    // Nothing of it is lost to the creator.
    assert_eq!(vault.collect(0, 1_000).unwrap().amount, 2 * PRICE);
    at(second + MONTH + DAY);
    assert_eq!(vault.collect(1, 1_000).unwrap().amount, 2 * PRICE);
    assert_eq!((vault.tier(0).unwrap().unswept, vault.tier(1).unwrap().unswept), (0, 0));
    assert_eq!(vault.obligations(Asset::Native).streams, 0);
    assert_covered(&vault);
}

#[ink::test]
fn subscribing_is_refused_with_what_would_do() {
    let (mut vault, fan) = (vault(), accounts().bob);
    by(fan);
    let mut subscribe = |tier, amount, max_price| paying(amount, || vault.subscribe(tier, fan, max_price));
    assert_eq!(subscribe(2, PRICE, PRICE), Err(VaultError::UnknownTier));
    assert_eq!(subscribe(0, PRICE, PRICE - 1), Err(VaultError::PriceTooHigh { price: PRICE }));
    assert_eq!(subscribe(0, PRICE - 1, PRICE), Err(VaultError::PaymentTooSmall { least: PRICE }));
    let most = match subscribe(0, PRICE * 1_218, PRICE) {
        Err(VaultError::PaymentTooLarge { most }) => most,
        other => panic!("{other:?}"),
    };
    assert_eq!(subscribe(0, most + 1, PRICE), Err(VaultError::PaymentTooLarge { most }));
    assert!(subscribe(0, most, PRICE).is_ok());
}

#[ink::test]
fn only_the_owner_adds_tiers_and_only_good_ones() {
    let mut vault = vault();
    assert_eq!(vault.owner(), accounts().alice);
    assert_eq!(vault.add_tier(terms(1, 3, None)), Ok(2));
    assert_eq!((vault.tier_count(), vault.tier(2).map(|tier| tier.terms)), (3, Some(terms(1, 3, None))));
    assert_eq!(vault.tier(3), None);
    assert_eq!(vault.add_tier(terms(0, 1, None)), Err(VaultError::PriceOutOfRange { most: (1 << 96) - 1 }));
    assert_eq!(vault.add_tier(terms(1, 0, None)), Err(VaultError::ZeroLevel));
    assert_eq!(vault.add_tier(terms(1, 1, Some(0))), Err(VaultError::ZeroSeats));
    let short = TierTerms { period: 59_999, ..terms(1, 1, None) };
    let bounds = VaultError::PeriodOutOfRange { least: 60_000, most: 3_155_760_000_000 };
    assert_eq!(vault.add_tier(short), Err(bounds));
    let wordy = TierTerms { uri: vec![b'x'; MAX_TEXT as usize + 1], ..terms(1, 1, None) };
    assert_eq!(vault.add_tier(wordy), Err(VaultError::UriTooLong { most: MAX_TEXT }));
    by(accounts().bob);
    assert_eq!(vault.add_tier(terms(1, 3, None)), Err(VaultError::NotOwner));
}

#[ink::test]
fn a_vault_is_created_with_good_terms_or_not_at_all() {
    let owner = accounts().alice;
    by(owner);
    let new = |splits, tiers| Vault::new(VaultTerms { splits, tiers });
    let vault = new(Vec::new(), Vec::new()).unwrap();
    assert_eq!((vault.splits_version(), vault.splits(0)), (0, vec![Share { recipient: owner, bp: 10_000 }]));
    assert_eq!((vault.splits(1), vault.tier_count()), (Vec::new(), 0));
    let part = vec![Share { recipient: owner, bp: 9_999 }];
    let error = new(part, Vec::new()).err();
    assert_eq!(error, Some(VaultError::Splits(SplitsError::NotWhole { sum_bp: 9_999 })));
    let many = vec![terms(1, 1, None); MAX_INITIAL_TIERS as usize + 1];
    assert_eq!(new(Vec::new(), many).err(), Some(VaultError::TooManyTiers { most: MAX_INITIAL_TIERS }));
    assert_eq!(
        new(Vec::new(), vec![terms(0, 1, None)]).err(),
        Some(VaultError::PriceOutOfRange { most: (1 << 96) - 1 })
    );
}
