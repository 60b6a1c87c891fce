//! TITLES (Sherlock 2024-04): submission 405, which the judges excluded, and what the contest found about fees that are divided when
//! something is minted: what is divided, what is sent too much, and who is paid.

use patronage::contracts;
use patronage_interfaces::{
    registry::{Audience, ContentRegistry, RegistryError, Terms},
    token::{CreatorToken, TokenTerms},
    vault::{Asset, PatronageVault},
};
use test_kit::{token_fixture::TokenFixture, token_terms, vault_terms, TestEnv, UNIT};

fn for_sale(price: u128) -> Terms {
    Terms { audience: Audience::Nobody, price: Some(price), release: 0, retired: false }
}

/// 405: creators and buyers named any account as the referrer, such as one of their own, and so took a part of the protocol's
/// fee. Here no protocol takes a fee. A referrer gets the part of the creator's own fee that the creator has offered, and
/// nothing of the reserve or of the buyer's money. A purchase of content has no referrer.
#[test]
fn finding_405_a_referrer_takes_no_more_than_the_creator_offered() {
    for offered in [0, 1, 2_500, 10_000] {
        let mut sale = TokenFixture::new(&TokenTerms { referral_bp: offered, ..token_terms() });
        let (ana, ben, creator, token) = (sale.env.ana, sale.env.ben, sale.env.creator, sale.token);
        let quote = sale.env.ask(contracts::sale(token).quote_buy(50 * UNIT)).unwrap();
        let trade = sale.try_buy(ana, 50 * UNIT, ana, 0, Some(ben)).value.unwrap();
        assert_eq!(trade, quote);
        let share = trade.fee * u128::from(offered) / 10_000;
        assert_eq!(sale.claimable(ben), share);
        assert_eq!(sale.claimable(creator), trade.fee - share);
        assert_eq!(sale.env.ask(contracts::sale(token).reserve()), trade.amount - trade.fee);
        sale.assert_holds_what_it_owes(&[ben, creator]);
    }
}

/// The price is divided among the recipients to the last planck, and the change returns to the payer.
#[test]
fn of_a_purchase_the_whole_price_arrives_and_the_change_returns() {
    let mut env = TestEnv::default();
    let (ana, ben, cleo, creator) = (env.ana, env.ben, env.cleo, env.creator);
    let vault = env.vault(&vault_terms(vec![], &[(creator, 3_334), (ben, 3_333), (cleo, 3_333)]));
    let registry = env.registry_for(Some(vault));
    let (mut sum, before) = (0, env.balance(ana));
    let mut deposits = 0;
    for price in [1, 2, 9_999, 10_001, 7 * UNIT + 1] {
        let id = env.publish_on(registry, for_sale(price));
        let bought = env.call(ana, price + UNIT, contracts::registry(registry).purchase(id, ana, price, u64::MAX));
        bought.value.unwrap();
        deposits += bought.deposit;
        sum += price;
    }
    assert_eq!(env.balance(ana).checked_add_signed(deposits), Some(before - sum));
    assert_eq!(env.balance(registry), test_kit::EXISTENTIAL_DEPOSIT);
    assert_eq!(env.ask(contracts::vault(vault).obligations(Asset::Native)).unclaimed, sum);
    let mut claimed = 0;
    for who in [creator, ben, cleo] {
        claimed += env.call(who, 0, contracts::vault(vault).claim(Asset::Native, 0)).value.unwrap();
    }
    assert!(claimed <= sum && sum - claimed < 3, "{claimed} of {sum}");
}

/// A payment counts for one purchase: less than the price buys nothing, and moves nothing.
#[test]
fn one_payment_does_not_buy_twice() {
    let mut env = TestEnv::default();
    let (ana, creator) = (env.ana, env.creator);
    let vault = env.vault(&vault_terms(vec![], &[(creator, 10_000)]));
    let registry = env.registry_for(Some(vault));
    let ids = [env.publish_on(registry, for_sale(UNIT)), env.publish_on(registry, for_sale(UNIT))];
    let buy = |id, most| contracts::registry(registry).purchase(id, ana, most, u64::MAX);
    env.call(ana, UNIT, buy(ids[0], UNIT)).value.unwrap();
    for value in [0, UNIT - 1] {
        let refused = env.call(ana, value, buy(ids[1], UNIT)).value;
        assert_eq!(refused, Err(RegistryError::PaymentTooSmall { least: UNIT }.into()));
    }
    assert_eq!(env.call(ana, UNIT, buy(ids[0], UNIT)).value, Err(RegistryError::AlreadyBought.into()));
    assert!(!env.ask(contracts::registry(registry).has_bought(ids[1], ana)));
    assert_eq!(env.ask(contracts::vault(vault).obligations(Asset::Native)).total(), UNIT);
}
