//! The contract in `examples/members-area`, which asks a registry for access.

use ink::{codegen::TraitCallBuilder, env::call::FromAccountId};
use members_area::{Error, MembersAreaRef};
use patronage_interfaces::{registry::Audience, AccountId};
use test_kit::{
    access::{any_of, subscribed},
    tier_terms, vault_terms, World, DAY, UNIT,
};

/// A guest book for content of subscribers. Returns vault, registry and guest book.
fn guest_book(world: &mut World) -> (AccountId, AccountId, AccountId) {
    let vault = world.vault(&vault_terms(vec![tier_terms(30 * UNIT, 1)], &[]));
    let registry = world.registry();
    let content = world.publish(registry, any_of(&[&[subscribed(vault, 1)]]));
    let book = world.deploy("members_area", &(registry, content));
    (vault, registry, book)
}

#[test]
fn a_guest_book_admits_accounts_with_access() {
    let mut world = World::default();
    let (ana, ben) = (world.ana, world.ben);
    let (vault, _, book) = guest_book(&mut world);
    let mut contract = MembersAreaRef::from_account_id(book);
    let refused = world.call(ana, 0, contract.call_mut().sign("first".into())).value;
    assert_eq!(refused, Err(Error::NotMember));

    world.subscribe(ana, vault, 0, 30 * DAY);
    assert!(world.ask(contract.call().is_member(ana)));
    assert!(!world.ask(contract.call().is_member(ben)));
    assert_eq!(world.call(ana, 0, contract.call_mut().sign("hello".into())).value, Ok(0));
    let too_long = world.call(ana, 0, contract.call_mut().sign("x".repeat(201))).value;
    assert_eq!(too_long, Err(Error::TextTooLong));
    let refused = world.call(ben, 0, contract.call_mut().sign("me too".into())).value;
    assert_eq!(refused, Err(Error::NotMember));

    world.chain.advance(100 * DAY);
    let refused = world.call(ana, 0, contract.call_mut().sign("again".into())).value;
    assert_eq!(refused, Err(Error::NotMember), "the subscription has ended");
    assert_eq!(world.ask(contract.call().entries(0)), [(ana, "hello".to_owned())]);
}

#[test]
fn changed_terms_of_the_content_apply_to_the_guest_book_at_once() {
    let mut world = World::default();
    let ana = world.ana;
    let (_, registry, book) = guest_book(&mut world);
    let mut contract = MembersAreaRef::from_account_id(book);
    assert!(!world.ask(contract.call().is_member(ana)));
    world.change_terms(registry, 0, Audience::Everyone.into());
    assert!(world.ask(contract.call().is_member(ana)));
    assert_eq!(world.call(ana, 0, contract.call_mut().sign("open day".into())).value, Ok(0));
}
