//! The token as wallets and indexers see it.

use ::psp22::{Approval, PSP22Burnable as _, PSP22Error, PSP22Metadata as _, Transfer, PSP22 as _};
use ink::{env::Event, primitives::AccountId};
use patronage::contracts::{psp22, psp22_burnable, psp22_metadata, sale};
use patronage_interfaces::token::{CreatorToken as _, TokenError};
use test_kit::{assert_events, assert_returned, event, field_topic, market::Market, token_terms, TOKEN, UNIT};

/// The signatures under which every PSP22 token's events are found, whoever made it.
const TRANSFER: &str = "990df076cb1e9527aa102cd100c1481efe393eeabb5825f9af1f5e58221864de";
const APPROVAL: &str = "25cdb6c93882e925abbfc9a8b7c85884b73c038c03a2492f238a5e5ba3fbff8c";

/// A market in which ana has some tokens.
fn market() -> (Market, u128) {
    let mut market = Market::default();
    let tokens = market.buy(market.world.ana, 100 * UNIT).tokens;
    (market, tokens)
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

    let (mut market, tokens) = market();
    let (ana, ben) = (market.world.ana, market.world.ben);
    let sent = market.world.call(ana, 0, psp22(market.token).transfer(ben, tokens, vec![]));
    assert_eq!(hex(Some(sent.events[0].topics[0])).as_deref(), Some(TRANSFER));
    let approved = market.world.call(ana, 0, psp22(market.token).approve(ben, 1));
    assert_eq!(hex(Some(approved.events[0].topics[0])).as_deref(), Some(APPROVAL));
}

#[test]
fn wallets_read_name_symbol_and_decimals() {
    let Market { mut world, token } = Market::default();
    assert_eq!(world.ask(psp22_metadata(token).token_name()), Some("Mira's Circle".to_owned()));
    assert_eq!(world.ask(psp22_metadata(token).token_symbol()), Some("MIRA".to_owned()));
    assert_eq!(world.ask(psp22_metadata(token).token_decimals()), token_terms().decimals);
}

#[test]
fn a_transfer_moves_tokens_and_leaves_the_supply() {
    let (mut market, tokens) = market();
    let (ana, ben) = (market.world.ana, market.world.ben);
    let sent = market.world.call(ana, 0, psp22(market.token).transfer(ben, TOKEN, b"for you".to_vec()));
    assert_eq!(sent.value, Ok(()));
    assert_events(&sent, market.token, &[transfer(ana, ben, TOKEN)]);
    assert_eq!(market.tokens_of(ana), tokens - TOKEN);
    assert_eq!(market.tokens_of(ben), TOKEN);
    assert_eq!(market.supply(), tokens);
}

#[test]
fn a_balance_that_goes_to_zero_gives_its_deposit_back() {
    let (mut market, tokens) = market();
    let (ana, ben) = (market.world.ana, market.world.ben);
    let all = market.world.call(ana, 0, psp22(market.token).transfer(ben, tokens, vec![]));
    assert!(all.deposit.abs() <= 2, "ben's entry takes the place of ana's");
    let back = market.world.call(ben, 0, psp22(market.token).transfer(ana, 1, vec![]));
    assert!(back.deposit > 0, "a second entry needs a deposit");
    let merged = market.world.call(ana, 0, psp22(market.token).transfer(ben, 1, vec![]));
    assert_returned(back.deposit, &[merged.deposit]);
}

#[test]
fn nothing_and_oneself_are_silent() {
    let (mut market, tokens) = market();
    let (ana, ben) = (market.world.ana, market.world.ben);
    for message in [psp22(market.token).transfer(ben, 0, vec![]), psp22(market.token).transfer(ana, tokens + 1, vec![])]
    {
        let sent = market.world.call(ana, 0, message);
        assert_eq!(sent.value, Ok(()));
        assert_eq!(sent.events, []);
    }
    for message in [psp22(market.token).approve(ana, 5), psp22(market.token).increase_allowance(ben, 0)] {
        let approved = market.world.call(ana, 0, message);
        assert_eq!(approved.value, Ok(()));
        assert_eq!(approved.events, []);
    }
    assert_eq!(market.tokens_of(ana), tokens);
    assert_eq!(market.world.ask(psp22(market.token).allowance(ana, ana)), 0);
}

#[test]
fn more_than_one_has_is_refused() {
    let (mut market, tokens) = market();
    let (ana, ben) = (market.world.ana, market.world.ben);
    let sent = market.world.call(ana, 0, psp22(market.token).transfer(ben, tokens + 1, vec![]));
    Market::assert_refused(sent, PSP22Error::InsufficientBalance);
    assert_eq!(market.tokens_of(ana), tokens);
}

#[test]
fn a_spender_moves_tokens_within_the_allowance() {
    let (mut market, tokens) = market();
    let (ana, ben, cleo) = (market.world.ana, market.world.ben, market.world.cleo);
    let approved = market.world.call(ana, 0, psp22(market.token).approve(ben, 2 * TOKEN));
    assert_eq!(approved.value, Ok(()));
    assert_events(&approved, market.token, &[approval(ana, ben, 2 * TOKEN)]);

    let part = market.world.call(ben, 0, psp22(market.token).transfer_from(ana, cleo, TOKEN, vec![]));
    assert_eq!(part.value, Ok(()));
    assert_events(&part, market.token, &[approval(ana, ben, TOKEN), transfer(ana, cleo, TOKEN)]);

    let rest = market.world.call(ben, 0, psp22(market.token).transfer_from(ana, cleo, TOKEN, vec![]));
    assert_events(&rest, market.token, &[approval(ana, ben, 0), transfer(ana, cleo, TOKEN)]);
    // Cleo has an entry already.
    assert_returned(approved.deposit, &[rest.deposit]);
    assert_eq!(market.tokens_of(ana), tokens - 2 * TOKEN);
    assert_eq!(market.tokens_of(cleo), 2 * TOKEN);
}

#[test]
fn a_missing_allowance_is_refused_before_a_missing_balance() {
    let (mut market, tokens) = market();
    let (ana, ben) = (market.world.ana, market.world.ben);
    let none = market.world.call(ben, 0, psp22(market.token).transfer_from(ana, ben, tokens + 1, vec![]));
    Market::assert_refused(none, PSP22Error::InsufficientAllowance);
    market.world.call(ana, 0, psp22(market.token).approve(ben, tokens + 1)).value.unwrap();
    let empty = market.world.call(ben, 0, psp22(market.token).transfer_from(ana, ben, tokens + 1, vec![]));
    Market::assert_refused(empty, PSP22Error::InsufficientBalance);
    assert_eq!(market.world.ask(psp22(market.token).allowance(ana, ben)), tokens + 1);
}

#[test]
fn tokens_go_to_many_in_one_call() {
    let (mut market, tokens) = market();
    let (ana, ben, cleo) = (market.world.ana, market.world.ben, market.world.cleo);
    let list = vec![(ben, TOKEN), (cleo, 2 * TOKEN), (ana, u128::MAX), (cleo, 0), (ben, 3)];
    let sent = market.world.call(ana, 0, sale(market.token).transfer_many(list));
    assert_eq!(sent.value, Ok(()));
    let expected = [transfer(ana, ben, TOKEN), transfer(ana, cleo, 2 * TOKEN), transfer(ana, ben, 3)];
    assert_events(&sent, market.token, &expected);
    let left = tokens - 3 * TOKEN - 3;
    assert_eq!([ana, ben, cleo].map(|who| market.tokens_of(who)), [left, TOKEN + 3, 2 * TOKEN]);
    assert_eq!(market.supply(), tokens);

    let all = market.world.call(ana, 0, sale(market.token).transfer_many(vec![(cleo, left)]));
    assert_eq!(all.value, Ok(()));
    assert_returned(17, &[all.deposit]);
    let none = market.world.call(ana, 0, sale(market.token).transfer_many(vec![]));
    assert_eq!(none.value, Ok(()));
    assert_eq!(none.events, vec![]);
}

#[test]
fn of_many_transfers_all_happen_or_none() {
    let (mut market, tokens) = market();
    let (ana, ben, cleo) = (market.world.ana, market.world.ben, market.world.cleo);
    let list = vec![(ben, tokens - 1), (cleo, 2)];
    let refused = market.world.call(ana, 0, sale(market.token).transfer_many(list));
    Market::assert_refused(refused, TokenError::InsufficientBalance { balance: 1 });
    assert_eq!([ana, ben, cleo].map(|who| market.tokens_of(who)), [tokens, 0, 0]);
}

#[test]
fn two_hundred_transfers_fit_in_one_call() {
    let (mut market, tokens) = market();
    let people: Vec<_> = (1..=200u8).map(|n| (AccountId::from([n; 32]), u128::from(n))).collect();
    let ana = market.world.ana;
    let sent = market.world.call(ana, 0, sale(market.token).transfer_many(people.clone()));
    assert_eq!(sent.value, Ok(()));
    assert_eq!(sent.events.len(), 200);
    assert_eq!(market.tokens_of(people[199].0), 200);
    assert_eq!(market.tokens_of(ana), tokens - 200 * 201 / 2);
}

#[test]
fn burned_tokens_leave_the_supply_and_no_price_moves() {
    let (mut market, tokens) = market();
    let (creator, ana, ben) = (market.world.creator, market.world.ana, market.world.ben);
    market.world.call(ana, 0, psp22(market.token).transfer(ben, TOKEN, vec![])).value.unwrap();
    let before = market.world.ask(sale(market.token).curve());
    let price = market.world.ask(sale(market.token).spot_price());
    let quote = market.world.ask(sale(market.token).quote_sell(TOKEN)).unwrap();

    let burned = market.world.call(ana, 0, psp22_burnable(market.token).burn(2 * TOKEN));
    assert_eq!(burned.value, Ok(()));
    let gone = Transfer { from: Some(ana), to: None, value: 2 * TOKEN };
    assert_events(&burned, market.token, &[event(&gone, &[field_topic(&ana), [0; 32]])]);
    assert_eq!(market.tokens_of(ana), tokens - 3 * TOKEN);
    assert_eq!(market.supply(), tokens - 2 * TOKEN);
    let after = market.world.ask(sale(market.token).curve());
    assert_eq!(after.sold, before.sold);
    assert_eq!(after.burned, 2 * TOKEN);
    assert_eq!(after.reserve, before.reserve);
    assert_eq!(market.world.ask(sale(market.token).spot_price()), price);
    assert_eq!(market.world.ask(sale(market.token).quote_sell(TOKEN)), Ok(quote));

    // Everyone leaves: what the lowest two tokens of the curve cost stays, and their price is the lowest from now on.
    market.sell(ben, TOKEN, 0).value.unwrap();
    market.sell(ana, tokens - 3 * TOKEN, 0).value.unwrap();
    let end = market.world.ask(sale(market.token).curve());
    assert_eq!(market.supply(), 0);
    assert_eq!(end.sold, 2 * TOKEN);
    assert_eq!(end.burned, 2 * TOKEN);
    assert!(end.reserve >= 2 * UNIT + UNIT / 50, "the first two tokens cost 2 and 2 * 2 / 2 * 0.01");
    assert_eq!(market.world.ask(sale(market.token).spot_price()), UNIT + UNIT / 50);
    market.assert_holds_what_it_owes(&[creator]);
}

#[test]
fn nobody_burns_more_than_they_have_and_burning_nothing_is_silent() {
    let (mut market, tokens) = market();
    let ana = market.world.ana;
    let too_many = market.world.call(ana, 0, psp22_burnable(market.token).burn(tokens + 1));
    Market::assert_refused(too_many, PSP22Error::InsufficientBalance);
    let nothing = market.world.call(ana, 0, psp22_burnable(market.token).burn(0));
    assert_eq!(nothing.value, Ok(()));
    assert_eq!(nothing.events, vec![]);
    assert_eq!(market.supply(), tokens);
    let all = market.world.call(ana, 0, psp22_burnable(market.token).burn(tokens));
    assert_eq!(all.value, Ok(()));
    assert_eq!(market.supply(), 0);
}

#[test]
fn an_allowance_goes_up_and_down() {
    let (mut market, _) = market();
    let (ana, ben) = (market.world.ana, market.world.ben);
    let up = market.world.call(ana, 0, psp22(market.token).increase_allowance(ben, 7));
    assert_events(&up, market.token, &[approval(ana, ben, 7)]);
    let down = market.world.call(ana, 0, psp22(market.token).decrease_allowance(ben, 3));
    assert_events(&down, market.token, &[approval(ana, ben, 4)]);
    let below = market.world.call(ana, 0, psp22(market.token).decrease_allowance(ben, 5));
    Market::assert_refused(below, PSP22Error::InsufficientAllowance);
    let most = market.world.call(ana, 0, psp22(market.token).increase_allowance(ben, u128::MAX));
    assert_events(&most, market.token, &[approval(ana, ben, u128::MAX)]);
    assert_eq!(market.world.ask(psp22(market.token).allowance(ana, ben)), u128::MAX);
}
