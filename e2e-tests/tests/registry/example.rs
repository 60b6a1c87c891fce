//! The contract in `examples/members-area`, which asks a registry for access.

use ink::{codegen::TraitCallBuilder, env::call::FromAccountId};
use members_area::{Error, MembersAreaRef};
use patronage_interfaces::{registry::Audience, AccountId};
use test_kit::{
    access::{any_of, subscribed},
    tier_terms, vault_terms, TestEnv, DAY, UNIT,
};

/// A guest book for content of subscribers. Returns vault, registry and guest book.
fn guest_book(env: &mut TestEnv) -> (AccountId, AccountId, AccountId) {
    let vault = env.vault(&vault_terms(vec![tier_terms(30 * UNIT, 1)], &[]));
    let registry = env.registry();
    let content = env.publish(registry, any_of(&[&[subscribed(vault, 1)]]));
    let book = env.deploy("members_area", &(registry, content));
    (vault, registry, book)
}

#[test]
fn a_guest_book_admits_accounts_with_access() {
    let mut env = TestEnv::default();
    let (ana, ben) = (env.ana, env.ben);
    let (vault, _, book) = guest_book(&mut env);
    let mut contract = MembersAreaRef::from_account_id(book);
    let refused = env.call(ana, 0, contract.call_mut().sign("first".into())).value;
    assert_eq!(refused, Err(Error::NotMember));

    env.subscribe(ana, vault, 0, 30 * DAY);
    assert!(env.ask(contract.call().is_member(ana)));
    assert!(!env.ask(contract.call().is_member(ben)));
    assert_eq!(env.call(ana, 0, contract.call_mut().sign("hello".into())).value, Ok(0));
    let too_long = env.call(ana, 0, contract.call_mut().sign("x".repeat(201))).value;
    assert_eq!(too_long, Err(Error::TextTooLong));
    let refused = env.call(ben, 0, contract.call_mut().sign("me too".into())).value;
    assert_eq!(refused, Err(Error::NotMember));

    env.chain.advance(100 * DAY);
    let refused = env.call(ana, 0, contract.call_mut().sign("again".into())).value;
    assert_eq!(refused, Err(Error::NotMember), "the subscription has ended");
    assert_eq!(env.ask(contract.call().entries(0)), [(ana, "hello".to_owned())]);
}

#[test]
fn changed_terms_of_the_content_apply_to_the_guest_book_at_once() {
    let mut env = TestEnv::default();
    let ana = env.ana;
    let (_, registry, book) = guest_book(&mut env);
    let mut contract = MembersAreaRef::from_account_id(book);
    assert!(!env.ask(contract.call().is_member(ana)));
    env.change_terms(registry, 0, Audience::Everyone.into());
    assert!(env.ask(contract.call().is_member(ana)));
    assert_eq!(env.call(ana, 0, contract.call_mut().sign("open day".into())).value, Ok(0));
}
