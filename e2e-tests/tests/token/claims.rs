//! Fees of the creator and shares of referrers.

use patronage::contracts::{ownable, sale};
use patronage_interfaces::{
    ownable::Ownable as _,
    token::{Bought, Claimed, CreatorToken as _, TokenError, TokenTerms},
};
use test_kit::{assert_events, assert_returned, event, field_topic, token_fixture::TokenFixture, token_terms, UNIT};

/// A token with fees, of which a referrer gets a fifth.
fn fixture() -> TokenFixture {
    TokenFixture::new(&TokenTerms { referral_bp: 2_000, ..token_terms() })
}

#[test]
fn a_referrer_gets_a_share_of_the_fee_and_the_buyer_pays_no_more() {
    let mut fixture = fixture();
    let (creator, ana, ben) = (fixture.env.creator, fixture.env.ana, fixture.env.ben);
    let quote = fixture.env.ask(sale(fixture.token).quote_buy(UNIT * 11_025 / 1_000)).unwrap();
    let bought = fixture.try_buy(ana, UNIT * 11_025 / 1_000, ana, 0, Some(ben));
    assert_eq!(bought.value, Ok(quote));
    let said = Bought {
        buyer: ana,
        recipient: ana,
        referrer: Some(ben),
        tokens: quote.tokens,
        paid: quote.amount,
        fee: quote.fee,
    };
    let (topics, data) = event(&said, &[]);
    assert_eq!(bought.events[1].topics, topics);
    assert_eq!(bought.events[1].data, data);
    assert_eq!(fixture.claimable(ben), quote.fee / 5);
    assert_eq!(fixture.claimable(creator), quote.fee - quote.fee / 5);
    assert_eq!(fixture.claimable(ana), 0);
    fixture.assert_holds_what_it_owes(&[creator, ben]);
}

#[test]
fn each_claims_their_own_part_and_no_one_twice() {
    let mut fixture = fixture();
    let (creator, ana, ben) = (fixture.env.creator, fixture.env.ana, fixture.env.ben);
    fixture.try_buy(ana, 100 * UNIT, ana, 0, Some(ben)).value.unwrap();
    fixture.try_buy(ana, 100 * UNIT, ana, 0, Some(ben)).value.unwrap();
    let none = fixture.env.call(ana, 0, sale(fixture.token).claim());
    TokenFixture::assert_refused(none, TokenError::NothingToClaim);
    for who in [ben, creator] {
        let (amount, before) = (fixture.claimable(who), fixture.env.balance(who));
        let claimed = fixture.env.call(who, 0, sale(fixture.token).claim());
        assert_eq!(claimed.value, Ok(amount));
        assert_eq!(fixture.env.balance(who).checked_add_signed(claimed.deposit), Some(before + amount));
        let said = event(&Claimed { account: who, amount }, &[field_topic(&who)]);
        assert_events(&claimed, fixture.token, &[said]);
        assert_eq!(fixture.claimable(who), 0);
        let again = fixture.env.call(who, 0, sale(fixture.token).claim());
        TokenFixture::assert_refused(again, TokenError::NothingToClaim);
    }
    fixture.assert_holds_what_it_owes(&[creator, ben]);
}

#[test]
fn a_claim_returns_the_deposit_of_its_record() {
    let mut fixture = fixture();
    let (ana, ben) = (fixture.env.ana, fixture.env.ben);
    let plain = fixture.try_buy(ana, UNIT, ana, 0, None);
    let referred = fixture.try_buy(ana, UNIT, ana, 0, Some(ben));
    assert!(plain.deposit > 0 && referred.deposit > 0);
    let claimed = fixture.env.call(ben, 0, sale(fixture.token).claim());
    assert_returned(referred.deposit, &[claimed.deposit]);
}

#[test]
fn self_referrals_are_refused() {
    let mut fixture = fixture();
    let (ana, ben) = (fixture.env.ana, fixture.env.ben);
    let by_buyer = fixture.try_buy(ana, UNIT, ben, 0, Some(ana));
    TokenFixture::assert_refused(by_buyer, TokenError::SelfReferral);
    let by_recipient = fixture.try_buy(ana, UNIT, ben, 0, Some(ben));
    TokenFixture::assert_refused(by_recipient, TokenError::SelfReferral);
}

#[test]
fn both_fees_go_to_the_creator() {
    let mut fixture = TokenFixture::default();
    let (creator, ana) = (fixture.env.creator, fixture.env.ana);
    let bought = fixture.buy(ana, 100 * UNIT);
    let sold = fixture.sell(ana, bought.tokens, 0).value.unwrap();
    assert_eq!(fixture.claimable(creator), bought.fee + sold.fee);
    assert_eq!(fixture.env.ask(ownable(fixture.token).owner()), creator);
    fixture.assert_holds_what_it_owes(&[creator]);
}
