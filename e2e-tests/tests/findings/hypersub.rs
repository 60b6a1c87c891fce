//! Hypersub (Fabric's subscription token): the report of Quantstamp on version 1, 2023-10, and a commit of version 2.

use crooked_token::Trick;
use patronage::contracts;
use patronage_interfaces::{
    token::{CreatorToken, TokenError, TokenTerms},
    vault::{Asset, Obligations, PatronageVault, Share, TierTerms, VaultError, VaultTerms},
};
use test_kit::{
    tier_terms,
    token_fixture::TokenFixture,
    token_terms,
    vault_fixture::{VaultFixture, COOLDOWN, PRICE},
    vault_terms, TestEnv, DAY, TOKEN, UNIT,
};

use super::input;

/// A vault at midnight whose stakers get a fifth of the income.
fn shared() -> VaultFixture {
    let (mut fixture, _) = VaultFixture::with_token();
    let (creator, vault) = (fixture.env.creator, fixture.vault);
    let shares = vec![Share { recipient: creator, bp: 8_000 }];
    fixture.send(creator, 0, contracts::vault(vault).set_splits(shares, 2_000)).value.unwrap();
    let to_midnight = DAY - fixture.now() % DAY;
    fixture.wait(to_midnight);
    fixture
}

/// SUB-1: when the sum of reward points fell, rewards were distributed wrongly and a part of them stayed in the contract for
/// good. Here each day's part is divided by the stakes that count on that day, and a day without one returns its part.
#[test]
fn sub_1_stakes_that_fall_lock_up_no_rewards() {
    let mut fixture = shared();
    let (ana, ben, cleo, creator, vault) =
        (fixture.env.ana, fixture.env.ben, fixture.env.cleo, fixture.env.creator, fixture.vault);
    let messages = || contracts::vault(vault);
    fixture.send(ana, 0, messages().stake(30 * TOKEN)).value.unwrap();
    fixture.send(ben, 0, messages().stake(10 * TOKEN)).value.unwrap();
    fixture.wait(DAY);
    fixture.tip(cleo, 100 * UNIT, b"").value.unwrap();
    fixture.wait(DAY);
    // The sum falls by three quarters, and then to nothing, while there are unclaimed rewards.
    fixture.tip(cleo, 100 * UNIT, b"").value.unwrap();
    fixture.send(ana, 0, messages().unstake(30 * TOKEN)).value.unwrap();
    fixture.wait(DAY);
    fixture.tip(cleo, 100 * UNIT, b"").value.unwrap();
    fixture.send(ben, 0, messages().unstake(10 * TOKEN)).value.unwrap();
    fixture.wait(DAY);
    let claim = || messages().claim_stake_income(Asset::Native);
    assert_eq!(fixture.send(ben, 0, claim()).value, Ok(25 * UNIT));
    assert_eq!(fixture.send(ana, 0, claim()).value, Ok(15 * UNIT));
    for who in [ana, ben] {
        assert_eq!(fixture.send(who, 0, claim()).value, Err(VaultError::NothingToClaim.into()));
    }
    // The last day had no stake to its end, so its part is the creator's.
    assert_eq!(fixture.send(creator, 0, messages().claim(Asset::Native, 1)).value, Ok(260 * UNIT));
    fixture.wait(COOLDOWN);
    assert_eq!(fixture.send(ana, 0, messages().withdraw_stake()).value, Ok(30 * TOKEN));
    assert_eq!(fixture.send(ben, 0, messages().withdraw_stake()).value, Ok(10 * TOKEN));
    assert_eq!(fixture.obligations(), Obligations::default());
}

/// The creator of a Hypersub could withdraw money whose refund was still possible, and then had to send it back for refunds.
/// Here the owner's own calls can't reach it, whatever is called first.
#[test]
fn refunds_do_not_depend_on_money_that_the_creator_sends_back() {
    let mut fixture = shared();
    let (ana, ben, cleo, creator, vault) =
        (fixture.env.ana, fixture.env.ben, fixture.env.cleo, fixture.env.creator, fixture.vault);
    for fan in [ana, ben, cleo] {
        fixture.subscribe(fan, 0, 90 * UNIT).value.unwrap();
    }
    fixture.wait(DAY / 2);
    let all = vec![Share { recipient: creator, bp: 10_000 }];
    fixture.send(creator, 0, contracts::vault(vault).set_splits(all, 0)).value.unwrap();
    for tier in [0, 1, 2] {
        fixture.collect(tier, u32::MAX).value.unwrap();
    }
    for version in [0, 1, 2] {
        fixture.send(creator, 0, contracts::vault(vault).claim(Asset::Native, version)).value.ok();
    }
    for fan in [ana, ben, cleo] {
        assert_eq!(fixture.cancel(fan).value, Ok(90 * UNIT - UNIT / 2));
    }
}

/// SUB-2: a buyer named itself as the referrer, and so paid less than the price. Here neither the payer nor the recipient can
/// be the referrer. A second account of the same person can, so the creator chooses how much of the fee a referrer gets.
#[test]
fn sub_2_nobody_is_the_referrer_of_their_own_purchase() {
    let mut sale = TokenFixture::new(&TokenTerms { referral_bp: 5_000, ..token_terms() });
    let (ana, ben, cleo, token) = (sale.env.ana, sale.env.ben, sale.env.cleo, sale.token);
    for referrer in [ana, ben] {
        let bought = sale.try_buy(ana, 20 * UNIT, ben, 0, Some(referrer)).value;
        assert_eq!(bought, Err(TokenError::SelfReferral.into()));
        let exact = contracts::sale(token).buy_exact(ben, TOKEN, Some(referrer));
        assert_eq!(sale.env.call(ana, 20 * UNIT, exact).value, Err(TokenError::SelfReferral.into()));
        assert_eq!(sale.claimable(referrer), 0);
    }
    // The price is the same with a referrer.
    let quote = sale.env.ask(contracts::sale(token).quote_buy(20 * UNIT));
    assert_eq!(sale.try_buy(ana, 20 * UNIT, ben, 0, Some(cleo)).value, quote);
}

/// SUB-3: a refund was sent, and the receiver of a new token called, before the subscription was stored. Code that ran in
/// between worked on old records. Here records are stored before money leaves, a transfer of native money runs no code, and
/// a token that calls the vault back has failed. Then a refund becomes a credit, and other payments can be repeated.
#[test]
fn sub_3_a_token_that_calls_back_during_a_payment_gains_nothing() {
    let mut env = TestEnv::default();
    let bad = env.crooked_token(1_000 * TOKEN);
    let asset = Asset::Psp22(bad);
    let tiers = vec![TierTerms { asset, ..tier_terms(30 * TOKEN, 1) }];
    let mut fixture = VaultFixture::on(env, &VaultTerms { token: Some(bad), ..vault_terms(tiers, &[]) });
    fixture.env.allow_all(bad, fixture.vault);
    let (ana, ben, creator, vault) = (fixture.env.ana, fixture.env.ben, fixture.env.creator, fixture.vault);
    let messages = || contracts::vault(vault);
    for fan in [ana, ben] {
        fixture.send(fan, 0, messages().subscribe(0, fan, 60 * TOKEN, u128::MAX)).value.unwrap();
        fixture.send(fan, 0, messages().stake(10 * TOKEN)).value.unwrap();
    }
    fixture.wait(10 * DAY);
    fixture.collect(0, u32::MAX).value.unwrap();
    fixture.send(ana, 0, messages().unstake(10 * TOKEN)).value.unwrap();
    // Anyone can collect, so the token can.
    let back = input(messages().collect(0, u32::MAX));
    fixture.env.play(bad, Trick::Calls { contract: vault, input: back });
    fixture.wait(DAY);
    assert_eq!(fixture.cancel(ana).value, Ok(49 * TOKEN));
    assert_eq!(fixture.credit(ana, asset), 49 * TOKEN);
    assert_eq!(fixture.cancel(ana).value, Err(VaultError::NotSubscribed.into()));
    let owed = fixture.owed(asset);
    let failed = Err(VaultError::TokenFailed.into());
    assert_eq!(fixture.send(ana, 0, messages().withdraw(asset)).value, failed);
    assert_eq!(fixture.send(ana, 0, messages().withdraw_stake()).value, failed);
    assert_eq!(fixture.send(creator, 0, messages().claim(asset, 0)).value, failed);
    assert_eq!(fixture.owed(asset), owed);
    // Everybody gets everything, once, as soon as the token is honest.
    fixture.env.play(bad, Trick::None);
    assert_eq!(fixture.send(ana, 0, messages().withdraw(asset)).value, Ok(49 * TOKEN));
    assert_eq!(fixture.send(ana, 0, messages().withdraw_stake()).value, Ok(10 * TOKEN));
    assert_eq!(fixture.collect(0, u32::MAX).value.unwrap().amount, 2 * TOKEN);
    assert_eq!(fixture.send(creator, 0, messages().claim(asset, 0)).value, Ok(22 * TOKEN));
    assert_eq!(fixture.cancel(ben).value, Ok(49 * TOKEN));
    assert_eq!(fixture.owed(asset).total(), 10 * TOKEN, "the stake of ben is left");
    assert_eq!(fixture.env.tokens(bad, vault), 10 * TOKEN);
}

/// SUB-9: fees and rewards were divided when the creator withdrew, so they were locked if the creator had lost the key. Here
/// anyone can collect, income is divided when it comes in, and everybody claims alone.
#[test]
fn sub_9_a_creator_without_a_key_locks_up_nothing_of_others() {
    let (mut fixture, _) = VaultFixture::with_token();
    let (ana, ben, cleo, creator) = (fixture.env.ana, fixture.env.ben, fixture.env.cleo, fixture.env.creator);
    let vault = fixture.vault;
    let messages = || contracts::vault(vault);
    let shares = vec![Share { recipient: creator, bp: 5_000 }, Share { recipient: ben, bp: 3_000 }];
    fixture.send(creator, 0, messages().set_splits(shares, 2_000)).value.unwrap();
    // From here on the creator does nothing.
    let to_midnight = DAY - fixture.now() % DAY;
    fixture.wait(to_midnight);
    fixture.send(ana, 0, messages().stake(10 * TOKEN)).value.unwrap();
    fixture.wait(DAY);
    fixture.subscribe(cleo, 0, 3 * PRICE).value.unwrap();
    fixture.wait(10 * DAY);
    assert_eq!(fixture.collect(0, u32::MAX).value.unwrap().amount, 10 * UNIT);
    fixture.wait(DAY);
    assert_eq!(fixture.send(ana, 0, messages().claim_stake_income(Asset::Native)).value, Ok(2 * UNIT));
    assert_eq!(fixture.send(ben, 0, messages().claim(Asset::Native, 1)).value, Ok(3 * UNIT));
    assert_eq!(fixture.cancel(cleo).value, Ok(79 * UNIT));
    // What is left is the creator's part, and the day that was not collected.
    assert_eq!(fixture.env.ask(messages().claimable_of(creator, Asset::Native, 1)), 5 * UNIT);
    assert_eq!(fixture.obligations().total(), 6 * UNIT);
}

/// Commit cb5470d of version 2 (finding STP-2 of its audit): whoever paid for another account's subscription could move it to
/// another tier. Here a gift neither replaces nor moves a subscription or a grant that runs, and a payment names the tier.
#[test]
fn commit_cb5470d_a_gift_moves_nobody_to_another_tier() {
    let mut fixture = VaultFixture::default();
    let (ana, ben, cleo, creator) = (fixture.env.ana, fixture.env.ben, fixture.env.cleo, fixture.env.creator);
    let vault = fixture.vault;
    let messages = || contracts::vault(vault);
    let end = fixture.subscribe(ana, 0, PRICE).value.unwrap();
    for tier in [0, 1] {
        let gift = fixture.gift(ben, ana, tier, 2 * PRICE).value;
        assert_eq!(gift, Err(VaultError::AlreadySubscribed { until: end }.into()));
    }
    let elsewhere = fixture.send(ben, 2 * PRICE, messages().top_up(ana, 1, 0, u128::MAX)).value;
    assert_eq!(elsewhere, Err(VaultError::OtherTier { tier: 0 }.into()));
    let switch = fixture.send(ben, 2 * PRICE, messages().switch_tier(1, 0, u128::MAX)).value;
    assert_eq!(switch, Err(VaultError::NotSubscribed.into()));
    let more = fixture.send(ben, PRICE, messages().top_up(ana, 0, 0, u128::MAX)).value;
    assert_eq!(more, Ok(end + 30 * DAY));
    let until = fixture.now() + 9 * DAY;
    fixture.send(creator, 0, messages().grant(cleo, 1, until)).value.unwrap();
    let gift = fixture.gift(ben, cleo, 0, PRICE).value;
    assert_eq!(gift, Err(VaultError::AlreadySubscribed { until }.into()));
    assert_eq!([fixture.standing(ana).level, fixture.standing(cleo).level], [1, 2]);
    // Once it is over, whoever pays chooses the tier.
    fixture.wait(60 * DAY);
    fixture.gift(ben, ana, 1, 2 * PRICE).value.unwrap();
    assert_eq!(fixture.standing(ana).level, 2);
}
