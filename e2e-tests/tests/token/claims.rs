//! The creator's fees and what referrers get of them.

use patronage::contracts::{ownable, sale};
use patronage_interfaces::{
    ownable::Ownable as _,
    token::{Bought, Claimed, CreatorToken as _, TokenError, TokenTerms},
};
use test_kit::{assert_events, assert_returned, event, field_topic, market::Market, token_terms, UNIT};

/// A referrer gets a fifth of the fee.
fn market() -> Market {
    Market::new(&TokenTerms { referral_bp: 2_000, ..token_terms() })
}

#[test]
fn a_referrer_gets_a_share_of_the_fee_and_the_buyer_pays_no_more() {
    let mut market = market();
    let (creator, ana, ben) = (market.world.creator, market.world.ana, market.world.ben);
    let quote = market.world.ask(sale(market.token).quote_buy(UNIT * 11_025 / 1_000)).unwrap();
    let bought = market.try_buy(ana, UNIT * 11_025 / 1_000, ana, 0, Some(ben));
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
    assert_eq!(market.claimable(ben), quote.fee / 5);
    assert_eq!(market.claimable(creator), quote.fee - quote.fee / 5);
    assert_eq!(market.claimable(ana), 0);
    market.assert_holds_what_it_owes(&[creator, ben]);
}

#[test]
fn each_claims_their_own_and_no_one_twice() {
    let mut market = market();
    let (creator, ana, ben) = (market.world.creator, market.world.ana, market.world.ben);
    market.try_buy(ana, 100 * UNIT, ana, 0, Some(ben)).value.unwrap();
    market.try_buy(ana, 100 * UNIT, ana, 0, Some(ben)).value.unwrap();
    let none = market.world.call(ana, 0, sale(market.token).claim());
    Market::assert_refused(none, TokenError::NothingToClaim);
    for who in [ben, creator] {
        let (amount, before) = (market.claimable(who), market.world.balance(who));
        let claimed = market.world.call(who, 0, sale(market.token).claim());
        assert_eq!(claimed.value, Ok(amount));
        assert_eq!(market.world.balance(who).checked_add_signed(claimed.deposit), Some(before + amount));
        let said = event(&Claimed { account: who, amount }, &[field_topic(&who)]);
        assert_events(&claimed, market.token, &[said]);
        assert_eq!(market.claimable(who), 0);
        let again = market.world.call(who, 0, sale(market.token).claim());
        Market::assert_refused(again, TokenError::NothingToClaim);
    }
    market.assert_holds_what_it_owes(&[creator, ben]);
}

#[test]
fn what_is_claimed_gives_its_deposit_back() {
    let mut market = market();
    let (ana, ben) = (market.world.ana, market.world.ben);
    let plain = market.try_buy(ana, UNIT, ana, 0, None);
    let referred = market.try_buy(ana, UNIT, ana, 0, Some(ben));
    assert!(plain.deposit > 0 && referred.deposit > 0);
    let claimed = market.world.call(ben, 0, sale(market.token).claim());
    assert_returned(referred.deposit, &[claimed.deposit]);
}

#[test]
fn nobody_refers_themselves() {
    let mut market = market();
    let (ana, ben) = (market.world.ana, market.world.ben);
    let by_buyer = market.try_buy(ana, UNIT, ben, 0, Some(ana));
    Market::assert_refused(by_buyer, TokenError::SelfReferral);
    let by_recipient = market.try_buy(ana, UNIT, ben, 0, Some(ben));
    Market::assert_refused(by_recipient, TokenError::SelfReferral);
}

#[test]
fn both_fees_go_to_the_creator() {
    let mut market = Market::default();
    let (creator, ana) = (market.world.creator, market.world.ana);
    let bought = market.buy(ana, 100 * UNIT);
    let sold = market.sell(ana, bought.tokens, 0).value.unwrap();
    assert_eq!(market.claimable(creator), bought.fee + sold.fee);
    assert_eq!(market.world.ask(ownable(market.token).owner()), creator);
    market.assert_holds_what_it_owes(&[creator]);
}
