//! What the owner can do, what others then see, and what nobody can take away.

use ::psp22::PSP22 as _;
use patronage::contracts::{self as suite, psp22, sale};
use patronage_interfaces::{
    ownable::{Ownable as _, OwnerChanged, OwnerProposed, OwnershipError},
    token::{CreatorToken as _, FeeRecipientChanged, FeesLowered, PauseChanged, TermsError, TokenError, TokenTerms},
    vault::{PatronageVault as _, VaultError},
};
use test_kit::{assert_events, event, market::Market, token_terms, vault_terms, UNIT};

/// A market in which ana has tokens, and with them the creator fees.
fn market() -> Market {
    let mut market = Market::default();
    market.buy(market.world.ana, 100 * UNIT);
    market
}

#[test]
fn fees_go_down_and_never_up() {
    let mut market = market();
    let (creator, ana) = (market.world.creator, market.world.ana);
    let dear = market.world.ask(sale(market.token).quote_buy_exact(1_000)).unwrap();
    let lowered = market.world.call(creator, 0, sale(market.token).lower_fees(100, 200));
    assert_eq!(lowered.value, Ok(()));
    assert_events(&lowered, market.token, &[event(&FeesLowered { buy_fee_bp: 100, sell_fee_bp: 200 }, &[])]);
    let cheap = market.world.ask(sale(market.token).quote_buy_exact(1_000)).unwrap();
    assert_eq!(cheap.fee, dear.fee / 5);
    assert_eq!(cheap.amount, dear.amount - dear.fee + dear.fee / 5);

    let up = market.world.call(creator, 0, sale(market.token).lower_fees(101, 0));
    Market::assert_refused(up, TokenError::InvalidTerms(TermsError::FeeTooHigh { max_bp: 100 }));
    let up = market.world.call(creator, 0, sale(market.token).lower_fees(0, 201));
    Market::assert_refused(up, TokenError::InvalidTerms(TermsError::FeeTooHigh { max_bp: 200 }));
    let stranger = market.world.call(ana, 0, sale(market.token).lower_fees(0, 0));
    Market::assert_refused(stranger, TokenError::NotOwner);
    let state = market.world.ask(sale(market.token).curve());
    assert_eq!(state.buy_fee_bp, 100);
    assert_eq!(state.sell_fee_bp, 200);
    market.world.call(creator, 0, sale(market.token).lower_fees(0, 0)).value.unwrap();
    assert_eq!(market.buy(ana, UNIT).fee, 0);
    market.assert_holds_what_it_owes(&[creator]);
}

#[test]
fn pausing_stops_buys_and_nothing_else() {
    let mut market = market();
    let (creator, ana, ben) = (market.world.creator, market.world.ana, market.world.ben);
    let paused = market.world.call(creator, 0, sale(market.token).set_paused(true));
    assert_eq!(paused.value, Ok(()));
    assert_events(&paused, market.token, &[event(&PauseChanged { paused: true }, &[])]);
    assert!(market.world.ask(sale(market.token).curve()).paused);

    let before = market.world.balance(ben);
    let buy = market.try_buy(ben, UNIT, ben, 0, None);
    Market::assert_refused(buy, TokenError::Paused);
    let exact = market.world.call(ben, UNIT, sale(market.token).buy_exact(ben, 1, None));
    Market::assert_refused(exact, TokenError::Paused);
    assert_eq!(market.world.balance(ben), before);
    assert_eq!(market.world.ask(sale(market.token).quote_buy(UNIT)), Err(TokenError::Paused.into()));
    assert_eq!(market.world.ask(sale(market.token).quote_buy_exact(1)), Err(TokenError::Paused.into()));

    market.sell(ana, 1_000, 0).value.unwrap();
    market.world.call(ana, 0, psp22(market.token).transfer(ben, 1, vec![])).value.unwrap();
    market.world.call(creator, 0, sale(market.token).claim()).value.unwrap();

    let stranger = market.world.call(ana, 0, sale(market.token).set_paused(false));
    Market::assert_refused(stranger, TokenError::NotOwner);
    let resumed = market.world.call(creator, 0, sale(market.token).set_paused(false));
    assert_events(&resumed, market.token, &[event(&PauseChanged { paused: false }, &[])]);
    market.buy(ben, UNIT);
}

#[test]
fn the_ownership_changes_when_the_candidate_accepts() {
    let mut market = market();
    let (creator, ana, ben) = (market.world.creator, market.world.ana, market.world.ben);
    assert_eq!(market.world.ask(suite::ownable(market.token).pending_owner()), None);
    let stranger = market.world.call(ana, 0, suite::ownable(market.token).propose_owner(ana));
    Market::assert_refused(stranger, OwnershipError::NotOwner);
    let uninvited = market.world.call(ana, 0, suite::ownable(market.token).accept_ownership());
    Market::assert_refused(uninvited, OwnershipError::NotProposed);

    market.world.call(creator, 0, suite::ownable(market.token).propose_owner(ana)).value.unwrap();
    let proposed = market.world.call(creator, 0, suite::ownable(market.token).propose_owner(ben));
    assert_eq!(proposed.value, Ok(()));
    assert_events(&proposed, market.token, &[event(&OwnerProposed { owner: creator, candidate: ben }, &[])]);
    assert_eq!(market.world.ask(suite::ownable(market.token).owner()), creator);
    assert_eq!(market.world.ask(suite::ownable(market.token).pending_owner()), Some(ben));
    let replaced = market.world.call(ana, 0, suite::ownable(market.token).accept_ownership());
    Market::assert_refused(replaced, OwnershipError::NotProposed);

    let accepted = market.world.call(ben, 0, suite::ownable(market.token).accept_ownership());
    assert_eq!(accepted.value, Ok(()));
    let changed = OwnerChanged { previous: creator, owner: ben };
    let said = [event(&changed, &[]), event(&FeeRecipientChanged { recipient: ben }, &[])];
    assert_events(&accepted, market.token, &said);
    assert_eq!(market.world.ask(suite::ownable(market.token).owner()), ben);
    assert_eq!(market.world.ask(suite::ownable(market.token).pending_owner()), None);
    let twice = market.world.call(ben, 0, suite::ownable(market.token).accept_ownership());
    Market::assert_refused(twice, OwnershipError::NotProposed);
    let former = market.world.call(creator, 0, sale(market.token).set_paused(true));
    Market::assert_refused(former, TokenError::NotOwner);
}

#[test]
fn fees_earned_before_a_handover_stay_the_old_owners() {
    let mut market = market();
    let (creator, ana, ben) = (market.world.creator, market.world.ana, market.world.ben);
    let earned = market.claimable(creator);
    assert!(earned > 0);
    market.hand_over(creator, ben);
    assert_eq!(market.claimable(creator), earned);
    assert_eq!(market.claimable(ben), 0);
    assert_eq!(market.world.ask(sale(market.token).fee_recipient()), ben);
    let fee = market.buy(ana, UNIT).fee;
    assert_eq!(market.claimable(creator), earned);
    assert_eq!(market.claimable(ben), fee);
    market.assert_holds_what_it_owes(&[creator, ben]);
    for (who, amount) in [(creator, earned), (ben, fee)] {
        assert_eq!(market.world.call(who, 0, sale(market.token).claim()).value, Ok(amount));
    }
    market.assert_holds_what_it_owes(&[creator, ben]);
}

#[test]
fn the_owner_names_who_gets_the_fees_from_now_on() {
    let mut market = market();
    let (creator, ana, ben, cleo) = (market.world.creator, market.world.ana, market.world.ben, market.world.cleo);
    let earned = market.claimable(creator);
    let stranger = market.world.call(ana, 0, sale(market.token).set_fee_recipient(ana));
    Market::assert_refused(stranger, TokenError::NotOwner);
    let named = market.world.call(creator, 0, sale(market.token).set_fee_recipient(ben));
    assert_eq!(named.value, Ok(()));
    assert_events(&named, market.token, &[event(&FeeRecipientChanged { recipient: ben }, &[])]);
    let fee = market.buy(ana, UNIT).fee;
    assert_eq!(market.claimable(creator), earned);
    assert_eq!(market.claimable(ben), fee);
    assert_eq!(market.world.call(ben, 0, sale(market.token).claim()).value, Ok(fee));

    let fee = market.buy(ana, UNIT).fee;
    market.hand_over(creator, cleo);
    assert_eq!(market.world.ask(sale(market.token).fee_recipient()), ben, "fees that the owner gave away stay there");
    let more = market.buy(ana, UNIT).fee;
    assert_eq!([ben, cleo].map(|who| market.claimable(who)), [fee + more, 0]);
    // Naming ben again takes nothing from him.
    let again = market.world.call(cleo, 0, sale(market.token).set_fee_recipient(ben));
    assert_eq!(again.value, Ok(()));
    assert_eq!(again.events, vec![]);
    // Who has claimed once keeps what was earned since.
    market.world.call(cleo, 0, sale(market.token).set_fee_recipient(cleo)).value.unwrap();
    assert_eq!([ben, cleo].map(|who| market.claimable(who)), [fee + more, 0]);
    market.assert_holds_what_it_owes(&[creator, ben, cleo]);
}

#[test]
fn fees_for_who_cannot_claim_them_are_the_owners_again() {
    let mut market = market();
    let (creator, ana) = (market.world.creator, market.world.ana);
    let token = market.token;
    let earned = market.claimable(creator);
    // A vault that was created without this token never claims from it.
    let vault = market.world.vault(&vault_terms(vec![], &[]));
    market.world.call(creator, 0, sale(token).set_fee_recipient(vault)).value.unwrap();
    let fee = market.buy(ana, UNIT).fee;
    let refused = market.world.call(ana, 0, suite::vault(vault).collect_sale_fees());
    assert_eq!(refused.value, Err(VaultError::NoToken.into()));
    assert_eq!(market.claimable(vault), fee);
    assert_eq!(market.claimable(creator), earned);
    market.world.call(creator, 0, sale(token).set_fee_recipient(creator)).value.unwrap();
    assert_eq!(market.claimable(vault), 0);
    assert_eq!(market.claimable(creator), earned + fee);
    assert_eq!(market.world.call(creator, 0, sale(token).claim()).value, Ok(earned + fee));
    market.assert_holds_what_it_owes(&[creator]);
}

#[test]
fn what_waits_for_who_never_claimed_is_the_new_owners_to_redirect() {
    let mut market = market();
    let (creator, ana, ben, cleo) = (market.world.creator, market.world.ana, market.world.ben, market.world.cleo);
    let earned = market.claimable(creator);
    market.world.call(creator, 0, sale(market.token).set_fee_recipient(ben)).value.unwrap();
    let fee = market.buy(ana, UNIT).fee;
    // Fees that the owner gave away stay there, also where they were not claimed yet.
    market.hand_over(creator, cleo);
    assert_eq!(market.world.ask(sale(market.token).fee_recipient()), ben);
    assert_eq!([creator, ben, cleo].map(|who| market.claimable(who)), [earned, fee, 0]);
    market.world.call(cleo, 0, sale(market.token).set_fee_recipient(cleo)).value.unwrap();
    assert_eq!([creator, ben, cleo].map(|who| market.claimable(who)), [earned, 0, fee]);
    market.assert_holds_what_it_owes(&[creator, ben, cleo]);
}

#[test]
fn a_recipient_who_also_refers_claims_both_at_once() {
    let mut market = Market::new(&TokenTerms { referral_bp: 5_000, ..token_terms() });
    let (creator, ana) = (market.world.creator, market.world.ana);
    let fee = market.try_buy(ana, 100 * UNIT, ana, 0, Some(creator)).value.unwrap().fee;
    assert_eq!(market.claimable(creator), fee);
    assert_eq!(market.world.call(creator, 0, sale(market.token).claim()).value, Ok(fee));
    market.assert_holds_what_it_owes(&[]);
}
