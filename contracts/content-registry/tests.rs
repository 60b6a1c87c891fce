//! Tests that need no other contract. The others are in `e2e-tests`.

use ink::{
    env::test::{default_accounts, recorded_events, set_block_timestamp, set_callee, set_caller},
    primitives::AccountId,
    scale::Decode,
};
use patronage_interfaces::{
    ownable::Ownable,
    registry::{
        Access, Audience, Condition, Content, ContentRegistry, Grant, InvalidAudience, Missing, Published,
        RegistryError, Shortfall, Terms, MAX_URI,
    },
    PatronageEnvironment,
};

use crate::content_registry::ContentRegistryContract;

type Env = PatronageEnvironment;

fn registry_of_alice() -> ContentRegistryContract {
    set_caller::<Env>(alice());
    set_callee::<Env>(this());
    ContentRegistryContract::new(None).unwrap()
}

fn alice() -> AccountId {
    default_accounts::<Env>().alice
}

fn bob() -> AccountId {
    default_accounts::<Env>().bob
}

fn this() -> AccountId {
    [77; 32].into()
}

fn file() -> Content {
    Content { uri: b"ipfs://song".to_vec(), hash: [1; 32], public_key: [2; 32] }
}

fn from_time(time: u64) -> Audience {
    Audience::AnyOf(vec![vec![Condition::NotBefore { time }]])
}

#[ink::test]
fn what_the_owner_publishes_can_be_read_back() {
    let mut registry = registry_of_alice();
    assert_eq!(registry.owner(), alice());
    assert_eq!(registry.content_count(), 0);
    let other = Content { uri: b"https://example.org/2".to_vec(), ..file() };
    assert_eq!(registry.publish(file(), Audience::Everyone.into()), Ok(0));
    assert_eq!(registry.publish(other.clone(), from_time(5).into()), Ok(1));
    assert_eq!(registry.content_count(), 2);
    assert_eq!(registry.content(0), Some(file()));
    assert_eq!(registry.terms(0), Some(Audience::Everyone.into()));
    assert_eq!(registry.content(1), Some(other));
    assert_eq!(registry.terms(1), Some(from_time(5).into()));
    assert_eq!(registry.content(2), None);
    assert_eq!(registry.terms(2), None);
}

#[ink::test]
fn publishing_emits_one_event_with_the_number_as_topic() {
    let mut registry = registry_of_alice();
    registry.publish(file(), Audience::Nobody.into()).unwrap();
    registry.publish(file(), Audience::Nobody.into()).unwrap();
    let events: Vec<_> = recorded_events().collect();
    assert_eq!(events.len(), 2);
    assert_eq!(events[1].topics.len(), 2);
    assert_eq!(events[1].topics[1][..4], 1u32.to_le_bytes());
    let published = <Published as Decode>::decode(&mut &events[1].data[..]).unwrap();
    assert_eq!(published.id, 1);
    assert_eq!(published.publisher, alice());
    assert_eq!(published.uri, file().uri);
    assert_eq!(published.hash, file().hash);
}

#[ink::test]
fn a_refused_publication_names_its_cause_and_changes_nothing() {
    let mut registry = registry_of_alice();
    let terms = Terms::from;
    let longest = vec![b'u'; MAX_URI as usize];
    let too_long = [&longest[..], b"u"].concat();
    let itself = Audience::AnyOf(vec![vec![Condition::Holds { token: this(), amount: 1 }]]);
    let everyone = || terms(Audience::Everyone);
    let for_nothing = Terms { price: Some(0), ..everyone() };
    for (content, terms, error) in [
        (Content { uri: vec![], ..file() }, everyone(), RegistryError::UriEmpty),
        (Content { uri: too_long, ..file() }, everyone(), RegistryError::UriTooLong { most: MAX_URI }),
        (Content { public_key: [0; 32], ..file() }, everyone(), RegistryError::InvalidKey),
        (file(), terms(Audience::AnyOf(vec![])), RegistryError::Audience(InvalidAudience::NoRules)),
        (file(), terms(itself), RegistryError::NamesRegistry),
        (file(), for_nothing, RegistryError::PriceOutOfRange { most: u128::MAX }),
        (file(), Terms { price: Some(1), ..everyone() }, RegistryError::NoVault),
    ] {
        assert_eq!(registry.publish(content, terms), Err(error.into()));
    }
    set_caller::<Env>(bob());
    assert_eq!(registry.publish(file(), everyone()), Err(RegistryError::NotManager.into()));
    assert_eq!(registry.content_count(), 0);
    assert_eq!(registry.content(0), None);
    assert_eq!(recorded_events().count(), 0);

    set_caller::<Env>(alice());
    assert_eq!(registry.publish(Content { uri: longest, ..file() }, everyone()), Ok(0));
}

#[ink::test]
fn rules_without_contracts_are_decided_at_once() {
    let mut registry = registry_of_alice();
    for audience in [Audience::Everyone, Audience::Nobody, from_time(100)] {
        registry.publish(file(), audience.into()).unwrap();
    }
    set_block_timestamp::<Env>(99);
    let too_early = Missing { condition: Condition::NotBefore { time: 100 }, shortfall: Shortfall::Time { wait: 1 } };
    let access = |id| (registry.has_access(id, bob()), registry.check(id, bob()).unwrap());
    assert_eq!(access(0), (true, Access::Granted(Grant::Everyone)));
    assert_eq!(access(1), (false, Access::Denied(vec![])));
    assert_eq!(access(2), (false, Access::Denied(vec![vec![too_early]])));
    set_block_timestamp::<Env>(100);
    assert_eq!(access(2), (true, Access::Granted(Grant::Rule(0))));
}

#[ink::test]
fn unknown_content_is_nobodys_and_an_error_to_check() {
    let registry = registry_of_alice();
    assert!(!registry.has_access(0, alice()));
    assert_eq!(registry.check(0, alice()), Err(RegistryError::UnknownContent.into()));
}
