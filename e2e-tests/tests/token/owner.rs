//! Permissions of the owner, and what the owner cannot change.

use ::psp22::PSP22 as _;
use patronage::contracts::{self, psp22, sale};
use patronage_interfaces::{
    ownable::{Ownable as _, OwnerChanged, OwnerProposed, OwnershipError},
    token::{CreatorToken as _, FeeRecipientChanged, FeesLowered, PauseChanged, TermsError, TokenError, TokenTerms},
    vault::{PatronageVault as _, VaultError},
};
use test_kit::{assert_events, event, token_fixture::TokenFixture, token_terms, vault_terms, UNIT};

/// A token that ana holds. The creator has fees to claim.
fn fixture() -> TokenFixture {
    let mut fixture = TokenFixture::default();
    fixture.buy(fixture.env.ana, 100 * UNIT);
    fixture
}

#[test]
fn fees_can_only_be_lowered() {
    let mut fixture = fixture();
    let (creator, ana) = (fixture.env.creator, fixture.env.ana);
    let dear = fixture.env.ask(sale(fixture.token).quote_buy_exact(1_000)).unwrap();
    let lowered = fixture.env.call(creator, 0, sale(fixture.token).lower_fees(100, 200));
    assert_eq!(lowered.value, Ok(()));
    assert_events(&lowered, fixture.token, &[event(&FeesLowered { buy_fee_bp: 100, sell_fee_bp: 200 }, &[])]);
    let cheap = fixture.env.ask(sale(fixture.token).quote_buy_exact(1_000)).unwrap();
    assert_eq!(cheap.fee, dear.fee / 5);
    assert_eq!(cheap.amount, dear.amount - dear.fee + dear.fee / 5);

    let up = fixture.env.call(creator, 0, sale(fixture.token).lower_fees(101, 0));
    TokenFixture::assert_refused(up, TokenError::InvalidTerms(TermsError::FeeTooHigh { max_bp: 100 }));
    let up = fixture.env.call(creator, 0, sale(fixture.token).lower_fees(0, 201));
    TokenFixture::assert_refused(up, TokenError::InvalidTerms(TermsError::FeeTooHigh { max_bp: 200 }));
    let stranger = fixture.env.call(ana, 0, sale(fixture.token).lower_fees(0, 0));
    TokenFixture::assert_refused(stranger, TokenError::NotOwner);
    let state = fixture.env.ask(sale(fixture.token).curve());
    assert_eq!(state.buy_fee_bp, 100);
    assert_eq!(state.sell_fee_bp, 200);
    fixture.env.call(creator, 0, sale(fixture.token).lower_fees(0, 0)).value.unwrap();
    assert_eq!(fixture.buy(ana, UNIT).fee, 0);
    fixture.assert_holds_what_it_owes(&[creator]);
}

#[test]
fn a_pause_stops_buys_and_nothing_else() {
    let mut fixture = fixture();
    let (creator, ana, ben) = (fixture.env.creator, fixture.env.ana, fixture.env.ben);
    let paused = fixture.env.call(creator, 0, sale(fixture.token).set_paused(true));
    assert_eq!(paused.value, Ok(()));
    assert_events(&paused, fixture.token, &[event(&PauseChanged { paused: true }, &[])]);
    assert!(fixture.env.ask(sale(fixture.token).curve()).paused);

    let before = fixture.env.balance(ben);
    let buy = fixture.try_buy(ben, UNIT, ben, 0, None);
    TokenFixture::assert_refused(buy, TokenError::Paused);
    let exact = fixture.env.call(ben, UNIT, sale(fixture.token).buy_exact(ben, 1, None));
    TokenFixture::assert_refused(exact, TokenError::Paused);
    assert_eq!(fixture.env.balance(ben), before);
    assert_eq!(fixture.env.ask(sale(fixture.token).quote_buy(UNIT)), Err(TokenError::Paused.into()));
    assert_eq!(fixture.env.ask(sale(fixture.token).quote_buy_exact(1)), Err(TokenError::Paused.into()));

    fixture.sell(ana, 1_000, 0).value.unwrap();
    fixture.env.call(ana, 0, psp22(fixture.token).transfer(ben, 1, vec![])).value.unwrap();
    fixture.env.call(creator, 0, sale(fixture.token).claim()).value.unwrap();

    let stranger = fixture.env.call(ana, 0, sale(fixture.token).set_paused(false));
    TokenFixture::assert_refused(stranger, TokenError::NotOwner);
    let resumed = fixture.env.call(creator, 0, sale(fixture.token).set_paused(false));
    assert_events(&resumed, fixture.token, &[event(&PauseChanged { paused: false }, &[])]);
    fixture.buy(ben, UNIT);
}

#[test]
fn the_ownership_changes_when_the_proposed_owner_accepts() {
    let mut fixture = fixture();
    let (creator, ana, ben) = (fixture.env.creator, fixture.env.ana, fixture.env.ben);
    assert_eq!(fixture.env.ask(contracts::ownable(fixture.token).pending_owner()), None);
    let stranger = fixture.env.call(ana, 0, contracts::ownable(fixture.token).propose_owner(ana));
    TokenFixture::assert_refused(stranger, OwnershipError::NotOwner);
    let uninvited = fixture.env.call(ana, 0, contracts::ownable(fixture.token).accept_ownership());
    TokenFixture::assert_refused(uninvited, OwnershipError::NotProposed);

    fixture.env.call(creator, 0, contracts::ownable(fixture.token).propose_owner(ana)).value.unwrap();
    let proposed = fixture.env.call(creator, 0, contracts::ownable(fixture.token).propose_owner(ben));
    assert_eq!(proposed.value, Ok(()));
    assert_events(&proposed, fixture.token, &[event(&OwnerProposed { owner: creator, candidate: ben }, &[])]);
    assert_eq!(fixture.env.ask(contracts::ownable(fixture.token).owner()), creator);
    assert_eq!(fixture.env.ask(contracts::ownable(fixture.token).pending_owner()), Some(ben));
    let replaced = fixture.env.call(ana, 0, contracts::ownable(fixture.token).accept_ownership());
    TokenFixture::assert_refused(replaced, OwnershipError::NotProposed);

    let accepted = fixture.env.call(ben, 0, contracts::ownable(fixture.token).accept_ownership());
    assert_eq!(accepted.value, Ok(()));
    let changed = OwnerChanged { previous: creator, owner: ben };
    let said = [event(&changed, &[]), event(&FeeRecipientChanged { recipient: ben }, &[])];
    assert_events(&accepted, fixture.token, &said);
    assert_eq!(fixture.env.ask(contracts::ownable(fixture.token).owner()), ben);
    assert_eq!(fixture.env.ask(contracts::ownable(fixture.token).pending_owner()), None);
    let twice = fixture.env.call(ben, 0, contracts::ownable(fixture.token).accept_ownership());
    TokenFixture::assert_refused(twice, OwnershipError::NotProposed);
    let former = fixture.env.call(creator, 0, sale(fixture.token).set_paused(true));
    TokenFixture::assert_refused(former, TokenError::NotOwner);
}

#[test]
fn earlier_fees_stay_with_the_previous_owner() {
    let mut fixture = fixture();
    let (creator, ana, ben) = (fixture.env.creator, fixture.env.ana, fixture.env.ben);
    let earned = fixture.claimable(creator);
    assert!(earned > 0);
    fixture.hand_over(creator, ben);
    assert_eq!(fixture.claimable(creator), earned);
    assert_eq!(fixture.claimable(ben), 0);
    assert_eq!(fixture.env.ask(sale(fixture.token).fee_recipient()), ben);
    let fee = fixture.buy(ana, UNIT).fee;
    assert_eq!(fixture.claimable(creator), earned);
    assert_eq!(fixture.claimable(ben), fee);
    fixture.assert_holds_what_it_owes(&[creator, ben]);
    for (who, amount) in [(creator, earned), (ben, fee)] {
        assert_eq!(fixture.env.call(who, 0, sale(fixture.token).claim()).value, Ok(amount));
    }
    fixture.assert_holds_what_it_owes(&[creator, ben]);
}

#[test]
fn the_owner_sets_the_recipient_of_later_fees() {
    let mut fixture = fixture();
    let (creator, ana, ben, cleo) = (fixture.env.creator, fixture.env.ana, fixture.env.ben, fixture.env.cleo);
    let earned = fixture.claimable(creator);
    let stranger = fixture.env.call(ana, 0, sale(fixture.token).set_fee_recipient(ana));
    TokenFixture::assert_refused(stranger, TokenError::NotOwner);
    let named = fixture.env.call(creator, 0, sale(fixture.token).set_fee_recipient(ben));
    assert_eq!(named.value, Ok(()));
    assert_events(&named, fixture.token, &[event(&FeeRecipientChanged { recipient: ben }, &[])]);
    let fee = fixture.buy(ana, UNIT).fee;
    assert_eq!(fixture.claimable(creator), earned);
    assert_eq!(fixture.claimable(ben), fee);
    assert_eq!(fixture.env.call(ben, 0, sale(fixture.token).claim()).value, Ok(fee));

    let fee = fixture.buy(ana, UNIT).fee;
    fixture.hand_over(creator, cleo);
    assert_eq!(fixture.env.ask(sale(fixture.token).fee_recipient()), ben, "fees that the owner gave away stay there");
    let more = fixture.buy(ana, UNIT).fee;
    assert_eq!([ben, cleo].map(|who| fixture.claimable(who)), [fee + more, 0]);
    // Setting ben again changes nothing for him.
    let again = fixture.env.call(cleo, 0, sale(fixture.token).set_fee_recipient(ben));
    assert_eq!(again.value, Ok(()));
    assert_eq!(again.events, vec![]);
    // A recipient that has claimed once keeps what was earned since.
    fixture.env.call(cleo, 0, sale(fixture.token).set_fee_recipient(cleo)).value.unwrap();
    assert_eq!([ben, cleo].map(|who| fixture.claimable(who)), [fee + more, 0]);
    fixture.assert_holds_what_it_owes(&[creator, ben, cleo]);
}

#[test]
fn fees_of_a_recipient_that_never_claimed_return_to_the_owner() {
    let mut fixture = fixture();
    let (creator, ana) = (fixture.env.creator, fixture.env.ana);
    let token = fixture.token;
    let earned = fixture.claimable(creator);
    // A vault that was created without this token never claims from it.
    let vault = fixture.env.vault(&vault_terms(vec![], &[]));
    fixture.env.call(creator, 0, sale(token).set_fee_recipient(vault)).value.unwrap();
    let fee = fixture.buy(ana, UNIT).fee;
    let refused = fixture.env.call(ana, 0, contracts::vault(vault).collect_sale_fees());
    assert_eq!(refused.value, Err(VaultError::NoToken.into()));
    assert_eq!(fixture.claimable(vault), fee);
    assert_eq!(fixture.claimable(creator), earned);
    fixture.env.call(creator, 0, sale(token).set_fee_recipient(creator)).value.unwrap();
    assert_eq!(fixture.claimable(vault), 0);
    assert_eq!(fixture.claimable(creator), earned + fee);
    assert_eq!(fixture.env.call(creator, 0, sale(token).claim()).value, Ok(earned + fee));
    fixture.assert_holds_what_it_owes(&[creator]);
}

#[test]
fn a_new_owner_can_redirect_fees_that_were_never_claimed() {
    let mut fixture = fixture();
    let (creator, ana, ben, cleo) = (fixture.env.creator, fixture.env.ana, fixture.env.ben, fixture.env.cleo);
    let earned = fixture.claimable(creator);
    fixture.env.call(creator, 0, sale(fixture.token).set_fee_recipient(ben)).value.unwrap();
    let fee = fixture.buy(ana, UNIT).fee;
    // Fees that the owner has assigned stay assigned, even if they are not claimed yet.
    fixture.hand_over(creator, cleo);
    assert_eq!(fixture.env.ask(sale(fixture.token).fee_recipient()), ben);
    assert_eq!([creator, ben, cleo].map(|who| fixture.claimable(who)), [earned, fee, 0]);
    fixture.env.call(cleo, 0, sale(fixture.token).set_fee_recipient(cleo)).value.unwrap();
    assert_eq!([creator, ben, cleo].map(|who| fixture.claimable(who)), [earned, 0, fee]);
    fixture.assert_holds_what_it_owes(&[creator, ben, cleo]);
}

#[test]
fn a_recipient_who_also_refers_claims_both_at_once() {
    let mut fixture = TokenFixture::new(&TokenTerms { referral_bp: 5_000, ..token_terms() });
    let (creator, ana) = (fixture.env.creator, fixture.env.ana);
    let fee = fixture.try_buy(ana, 100 * UNIT, ana, 0, Some(creator)).value.unwrap().fee;
    assert_eq!(fixture.claimable(creator), fee);
    assert_eq!(fixture.env.call(creator, 0, sale(fixture.token).claim()).value, Ok(fee));
    fixture.assert_holds_what_it_owes(&[]);
}
