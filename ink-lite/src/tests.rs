//! Tests in ink!'s test environment: the storage layout is ink!'s, and events are complete.

use crate::{emit, Amounts, Record, Records};
use ink::{
    env::{test, DefaultEnvironment},
    primitives::AccountId,
    scale::{Decode as _, Encode as _},
    storage::{traits::ManualKey, Lazy, Mapping},
};

type Pair = (AccountId, AccountId);

/// A value in a contract's storage.
#[derive(Debug, Clone, Copy, PartialEq)]
#[ink::scale_derive(Encode)]
#[derive(crate::Decode)]
struct Point {
    x: u128,
    y: Option<u64>,
}

const POINT: Point = Point { x: 7, y: Some(9) };

fn on_chain(check: impl Fn(AccountId, AccountId)) {
    test::run_test::<DefaultEnvironment, _>(|accounts| {
        check(accounts.alice, accounts.bob);
        Ok(())
    })
    .unwrap();
}

#[test]
fn amounts_are_at_inks_keys_and_zero_removes_the_entry() {
    on_chain(|alice, bob| {
        let mut amounts = Mapping::<Pair, u128, ManualKey<1>>::new();
        assert_eq!(amounts.amount(&(alice, bob)), 0);
        amounts.set_amount(&(&alice, &bob), 5);
        assert_eq!(amounts.get((alice, bob)), Some(5));
        assert_eq!(amounts.get((bob, alice)), None);
        amounts.insert((alice, bob), &u128::MAX);
        assert_eq!(amounts.amount(&(alice, bob)), u128::MAX);
        amounts.set_amount(&(alice, bob), 0);
        assert!(!amounts.contains((alice, bob)));
    });
}

#[test]
fn a_record_is_at_inks_key() {
    on_chain(|_, _| {
        let mut record = Lazy::<(u32, u128, bool), ManualKey<2>>::new();
        record.store(&(1, 2, true));
        assert_eq!(record.get(), Some((1, 2, true)));
        record.set(&(3, 4, false));
        assert_eq!(Record::load(&record), (3, 4, false));
    });
}

#[test]
#[should_panic(expected = "stopped")]
fn a_missing_record_ends_the_call() {
    on_chain(|_, _| {
        Record::load(&Lazy::<u32, ManualKey<3>>::new());
    });
}

#[test]
fn records_are_at_inks_keys_until_they_are_deleted() {
    on_chain(|alice, bob| {
        let mut records = Mapping::<AccountId, (u128, Option<u64>), ManualKey<4>>::new();
        assert_eq!(records.load(&alice), None);
        records.store(&alice, &(POINT.x, POINT.y));
        assert_eq!(records.get(alice), Some((POINT.x, POINT.y)));
        records.insert(bob, &(8, None::<u64>));
        assert_eq!(records.load(&bob), Some(Box::new((8, None))));
        assert_eq!(records.load_or_zero(&bob), (8, None));
        assert_eq!(records.load_or_zero(&alice), (POINT.x, POINT.y));
        records.delete(&alice);
        assert!(!records.contains(alice) && records.contains(bob));
        assert_eq!(records.load_or_zero(&alice), (0, None));
    });
}

#[test]
fn a_struct_is_decoded_field_by_field() {
    let bytes = POINT.encode();
    assert_eq!(<Point as crate::Decode>::decode(&mut crate::Reader::new(&bytes, crate::env::abort)), POINT);
    assert!(bytes.len() <= <Point as crate::MaxEncodedLen>::MAX_ENCODED_LEN);
}

#[ink::event]
#[derive(Debug, PartialEq)]
struct Moved {
    #[ink(topic)]
    who: AccountId,
    by: u128,
}

#[test]
fn an_event_is_emitted_as_by_ink() {
    on_chain(|alice, _| {
        emit::<DefaultEnvironment, _>(&Moved { who: alice, by: 3 });
        let ours = test::recorded_events().last().unwrap();
        ink::env::emit_event::<DefaultEnvironment, _>(Moved { who: alice, by: 3 });
        let inks = test::recorded_events().last().unwrap();
        assert_eq!(ours.topics, inks.topics);
        assert_eq!(ours.data, inks.data);
        assert_eq!(Moved::decode(&mut &ours.data[..]), Ok(Moved { who: alice, by: 3 }));
    });
}

#[test]
fn a_message_is_its_selector_and_its_arguments() {
    let amount = 7_u64.to_le_bytes();
    let by_ink = [[1, 2, 3, 4].to_vec(), (AccountId::from([9; 32]), 7_u64).encode()].concat();
    assert_eq!(crate::calls::message([1, 2, 3, 4], &[&[9; 32], &amount]), by_ink);
}

#[test]
#[should_panic(expected = "stopped")]
fn a_too_long_message_ends_the_call() {
    crate::calls::message([0; 4], &[&[0; 129]]);
}
