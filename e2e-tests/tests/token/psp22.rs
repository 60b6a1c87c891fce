//! The token as wallets and indexers use it.

use ::psp22::{Approval, PSP22Burnable as _, PSP22Error, PSP22Metadata as _, Transfer, PSP22 as _};
use ink::{env::Event, primitives::AccountId};
use patronage::contracts::{psp22, psp22_burnable, psp22_metadata, sale};
use patronage_interfaces::token::{CreatorToken as _, TokenError};
use test_kit::{
    assert_events, assert_returned, event, field_topic, token_fixture::TokenFixture, token_terms, TOKEN, UNIT,
};

/// Signatures of the events of every PSP22 token.
const TRANSFER: &str = "990df076cb1e9527aa102cd100c1481efe393eeabb5825f9af1f5e58221864de";
const APPROVAL: &str = "25cdb6c93882e925abbfc9a8b7c85884b73c038c03a2492f238a5e5ba3fbff8c";

/// A token of which ana holds some.
fn fixture() -> (TokenFixture, u128) {
    let mut fixture = TokenFixture::default();
    let tokens = fixture.buy(fixture.env.ana, 100 * UNIT).tokens;
    (fixture, tokens)
}

/// `Transfer` between two people, with its topics.
pub fn transfer(from: AccountId, to: AccountId, value: u128) -> (Vec<[u8; 32]>, Vec<u8>) {
    let topics = [field_topic(&from), field_topic(&to)];
    event(&Transfer { from: Some(from), to: Some(to), value }, &topics)
}

/// `Approval` with its topics.
fn approval(owner: AccountId, spender: AccountId, amount: u128) -> (Vec<[u8; 32]>, Vec<u8>) {
    let topics = [field_topic(&owner), field_topic(&spender)];
    event(&Approval { owner, spender, amount }, &topics)
}

#[test]
fn the_events_have_the_signatures_of_the_standard() {
    let hex = |topic: Option<[u8; 32]>| topic.map(|topic| topic.map(|byte| format!("{byte:02x}")).concat());
    assert_eq!(hex(Transfer::SIGNATURE_TOPIC).as_deref(), Some(TRANSFER));
    assert_eq!(hex(Approval::SIGNATURE_TOPIC).as_deref(), Some(APPROVAL));

    let (mut fixture, tokens) = fixture();
    let (ana, ben) = (fixture.env.ana, fixture.env.ben);
    let sent = fixture.env.call(ana, 0, psp22(fixture.token).transfer(ben, tokens, vec![]));
    assert_eq!(hex(Some(sent.events[0].topics[0])).as_deref(), Some(TRANSFER));
    let approved = fixture.env.call(ana, 0, psp22(fixture.token).approve(ben, 1));
    assert_eq!(hex(Some(approved.events[0].topics[0])).as_deref(), Some(APPROVAL));
}

#[test]
fn wallets_read_name_symbol_and_decimals() {
    let TokenFixture { mut env, token } = TokenFixture::default();
    assert_eq!(env.ask(psp22_metadata(token).token_name()), Some("Mira's Circle".to_owned()));
    assert_eq!(env.ask(psp22_metadata(token).token_symbol()), Some("MIRA".to_owned()));
    assert_eq!(env.ask(psp22_metadata(token).token_decimals()), token_terms().decimals);
}

#[test]
fn a_transfer_moves_tokens_and_keeps_the_supply() {
    let (mut fixture, tokens) = fixture();
    let (ana, ben) = (fixture.env.ana, fixture.env.ben);
    let sent = fixture.env.call(ana, 0, psp22(fixture.token).transfer(ben, TOKEN, b"for you".to_vec()));
    assert_eq!(sent.value, Ok(()));
    assert_events(&sent, fixture.token, &[transfer(ana, ben, TOKEN)]);
    assert_eq!(fixture.tokens_of(ana), tokens - TOKEN);
    assert_eq!(fixture.tokens_of(ben), TOKEN);
    assert_eq!(fixture.supply(), tokens);
}

#[test]
fn an_emptied_balance_returns_its_deposit() {
    let (mut fixture, tokens) = fixture();
    let (ana, ben) = (fixture.env.ana, fixture.env.ben);
    let all = fixture.env.call(ana, 0, psp22(fixture.token).transfer(ben, tokens, vec![]));
    assert!(all.deposit.abs() <= 2, "ben's entry takes the place of ana's");
    let back = fixture.env.call(ben, 0, psp22(fixture.token).transfer(ana, 1, vec![]));
    assert!(back.deposit > 0, "a second entry needs a deposit");
    let merged = fixture.env.call(ana, 0, psp22(fixture.token).transfer(ben, 1, vec![]));
    assert_returned(back.deposit, &[merged.deposit]);
}

#[test]
fn transfers_of_zero_and_to_oneself_emit_no_event() {
    let (mut fixture, tokens) = fixture();
    let (ana, ben) = (fixture.env.ana, fixture.env.ben);
    for message in
        [psp22(fixture.token).transfer(ben, 0, vec![]), psp22(fixture.token).transfer(ana, tokens + 1, vec![])]
    {
        let sent = fixture.env.call(ana, 0, message);
        assert_eq!(sent.value, Ok(()));
        assert_eq!(sent.events, []);
    }
    for message in [psp22(fixture.token).approve(ana, 5), psp22(fixture.token).increase_allowance(ben, 0)] {
        let approved = fixture.env.call(ana, 0, message);
        assert_eq!(approved.value, Ok(()));
        assert_eq!(approved.events, []);
    }
    assert_eq!(fixture.tokens_of(ana), tokens);
    assert_eq!(fixture.env.ask(psp22(fixture.token).allowance(ana, ana)), 0);
}

#[test]
fn a_transfer_above_the_balance_is_refused() {
    let (mut fixture, tokens) = fixture();
    let (ana, ben) = (fixture.env.ana, fixture.env.ben);
    let sent = fixture.env.call(ana, 0, psp22(fixture.token).transfer(ben, tokens + 1, vec![]));
    TokenFixture::assert_refused(sent, PSP22Error::InsufficientBalance);
    assert_eq!(fixture.tokens_of(ana), tokens);
}

#[test]
fn a_spender_moves_tokens_within_the_allowance() {
    let (mut fixture, tokens) = fixture();
    let (ana, ben, cleo) = (fixture.env.ana, fixture.env.ben, fixture.env.cleo);
    let approved = fixture.env.call(ana, 0, psp22(fixture.token).approve(ben, 2 * TOKEN));
    assert_eq!(approved.value, Ok(()));
    assert_events(&approved, fixture.token, &[approval(ana, ben, 2 * TOKEN)]);

    let part = fixture.env.call(ben, 0, psp22(fixture.token).transfer_from(ana, cleo, TOKEN, vec![]));
    assert_eq!(part.value, Ok(()));
    assert_events(&part, fixture.token, &[approval(ana, ben, TOKEN), transfer(ana, cleo, TOKEN)]);

    let rest = fixture.env.call(ben, 0, psp22(fixture.token).transfer_from(ana, cleo, TOKEN, vec![]));
    assert_events(&rest, fixture.token, &[approval(ana, ben, 0), transfer(ana, cleo, TOKEN)]);
    // Cleo already has a record.
    assert_returned(approved.deposit, &[rest.deposit]);
    assert_eq!(fixture.tokens_of(ana), tokens - 2 * TOKEN);
    assert_eq!(fixture.tokens_of(cleo), 2 * TOKEN);
}

#[test]
fn the_allowance_is_checked_before_the_balance() {
    let (mut fixture, tokens) = fixture();
    let (ana, ben) = (fixture.env.ana, fixture.env.ben);
    let none = fixture.env.call(ben, 0, psp22(fixture.token).transfer_from(ana, ben, tokens + 1, vec![]));
    TokenFixture::assert_refused(none, PSP22Error::InsufficientAllowance);
    fixture.env.call(ana, 0, psp22(fixture.token).approve(ben, tokens + 1)).value.unwrap();
    let empty = fixture.env.call(ben, 0, psp22(fixture.token).transfer_from(ana, ben, tokens + 1, vec![]));
    TokenFixture::assert_refused(empty, PSP22Error::InsufficientBalance);
    assert_eq!(fixture.env.ask(psp22(fixture.token).allowance(ana, ben)), tokens + 1);
}

#[test]
fn transfer_many_pays_many_accounts_in_one_call() {
    let (mut fixture, tokens) = fixture();
    let (ana, ben, cleo) = (fixture.env.ana, fixture.env.ben, fixture.env.cleo);
    let list = vec![(ben, TOKEN), (cleo, 2 * TOKEN), (ana, u128::MAX), (cleo, 0), (ben, 3)];
    let sent = fixture.env.call(ana, 0, sale(fixture.token).transfer_many(list));
    assert_eq!(sent.value, Ok(()));
    let expected = [transfer(ana, ben, TOKEN), transfer(ana, cleo, 2 * TOKEN), transfer(ana, ben, 3)];
    assert_events(&sent, fixture.token, &expected);
    let left = tokens - 3 * TOKEN - 3;
    assert_eq!([ana, ben, cleo].map(|who| fixture.tokens_of(who)), [left, TOKEN + 3, 2 * TOKEN]);
    assert_eq!(fixture.supply(), tokens);

    let all = fixture.env.call(ana, 0, sale(fixture.token).transfer_many(vec![(cleo, left)]));
    assert_eq!(all.value, Ok(()));
    assert_returned(17, &[all.deposit]);
    let none = fixture.env.call(ana, 0, sale(fixture.token).transfer_many(vec![]));
    assert_eq!(none.value, Ok(()));
    assert_eq!(none.events, vec![]);
}

#[test]
fn transfer_many_executes_all_transfers_or_none() {
    let (mut fixture, tokens) = fixture();
    let (ana, ben, cleo) = (fixture.env.ana, fixture.env.ben, fixture.env.cleo);
    let list = vec![(ben, tokens - 1), (cleo, 2)];
    let refused = fixture.env.call(ana, 0, sale(fixture.token).transfer_many(list));
    TokenFixture::assert_refused(refused, TokenError::InsufficientBalance { balance: 1 });
    assert_eq!([ana, ben, cleo].map(|who| fixture.tokens_of(who)), [tokens, 0, 0]);
}

#[test]
fn two_hundred_transfers_fit_in_one_call() {
    let (mut fixture, tokens) = fixture();
    let people: Vec<_> = (1..=200u8).map(|n| (AccountId::from([n; 32]), u128::from(n))).collect();
    let ana = fixture.env.ana;
    let sent = fixture.env.call(ana, 0, sale(fixture.token).transfer_many(people.clone()));
    assert_eq!(sent.value, Ok(()));
    assert_eq!(sent.events.len(), 200);
    assert_eq!(fixture.tokens_of(people[199].0), 200);
    assert_eq!(fixture.tokens_of(ana), tokens - 200 * 201 / 2);
}

#[test]
fn burning_lowers_the_supply_and_changes_no_price() {
    let (mut fixture, tokens) = fixture();
    let (creator, ana, ben) = (fixture.env.creator, fixture.env.ana, fixture.env.ben);
    fixture.env.call(ana, 0, psp22(fixture.token).transfer(ben, TOKEN, vec![])).value.unwrap();
    let before = fixture.env.ask(sale(fixture.token).curve());
    let price = fixture.env.ask(sale(fixture.token).spot_price());
    let quote = fixture.env.ask(sale(fixture.token).quote_sell(TOKEN)).unwrap();

    let burned = fixture.env.call(ana, 0, psp22_burnable(fixture.token).burn(2 * TOKEN));
    assert_eq!(burned.value, Ok(()));
    let gone = Transfer { from: Some(ana), to: None, value: 2 * TOKEN };
    assert_events(&burned, fixture.token, &[event(&gone, &[field_topic(&ana), [0; 32]])]);
    assert_eq!(fixture.tokens_of(ana), tokens - 3 * TOKEN);
    assert_eq!(fixture.supply(), tokens - 2 * TOKEN);
    let after = fixture.env.ask(sale(fixture.token).curve());
    assert_eq!(after.sold, before.sold);
    assert_eq!(after.burned, 2 * TOKEN);
    assert_eq!(after.reserve, before.reserve);
    assert_eq!(fixture.env.ask(sale(fixture.token).spot_price()), price);
    assert_eq!(fixture.env.ask(sale(fixture.token).quote_sell(TOKEN)), Ok(quote));

    // Everyone sells. The value of the lowest two tokens of the curve stays, and the price stays at or above theirs.
    fixture.sell(ben, TOKEN, 0).value.unwrap();
    fixture.sell(ana, tokens - 3 * TOKEN, 0).value.unwrap();
    let end = fixture.env.ask(sale(fixture.token).curve());
    assert_eq!(fixture.supply(), 0);
    assert_eq!(end.sold, 2 * TOKEN);
    assert_eq!(end.burned, 2 * TOKEN);
    assert!(end.reserve >= 2 * UNIT + UNIT / 50, "the first two tokens cost 2 and 2 * 2 / 2 * 0.01");
    assert_eq!(fixture.env.ask(sale(fixture.token).spot_price()), UNIT + UNIT / 50);
    fixture.assert_holds_what_it_owes(&[creator]);
}

#[test]
fn burning_more_than_the_balance_fails_and_burning_zero_is_silent() {
    let (mut fixture, tokens) = fixture();
    let ana = fixture.env.ana;
    let too_many = fixture.env.call(ana, 0, psp22_burnable(fixture.token).burn(tokens + 1));
    TokenFixture::assert_refused(too_many, PSP22Error::InsufficientBalance);
    let nothing = fixture.env.call(ana, 0, psp22_burnable(fixture.token).burn(0));
    assert_eq!(nothing.value, Ok(()));
    assert_eq!(nothing.events, vec![]);
    assert_eq!(fixture.supply(), tokens);
    let all = fixture.env.call(ana, 0, psp22_burnable(fixture.token).burn(tokens));
    assert_eq!(all.value, Ok(()));
    assert_eq!(fixture.supply(), 0);
}

#[test]
fn allowances_are_raised_and_lowered() {
    let (mut fixture, _) = fixture();
    let (ana, ben) = (fixture.env.ana, fixture.env.ben);
    let up = fixture.env.call(ana, 0, psp22(fixture.token).increase_allowance(ben, 7));
    assert_events(&up, fixture.token, &[approval(ana, ben, 7)]);
    let down = fixture.env.call(ana, 0, psp22(fixture.token).decrease_allowance(ben, 3));
    assert_events(&down, fixture.token, &[approval(ana, ben, 4)]);
    let below = fixture.env.call(ana, 0, psp22(fixture.token).decrease_allowance(ben, 5));
    TokenFixture::assert_refused(below, PSP22Error::InsufficientAllowance);
    let most = fixture.env.call(ana, 0, psp22(fixture.token).increase_allowance(ben, u128::MAX));
    assert_events(&most, fixture.token, &[approval(ana, ben, u128::MAX)]);
    assert_eq!(fixture.env.ask(psp22(fixture.token).allowance(ana, ben)), u128::MAX);
}
