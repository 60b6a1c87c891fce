//! What a registry stores, and what it refuses.

use patronage::contracts;
use patronage_chain::Messages;
use patronage_interfaces::{
    ownable::Ownable as _,
    registry::{
        Access, Audience, Condition, Content, ContentRegistry, Grant, InvalidAudience, Published, RegistryError,
        Shortfall, Terms, MAX_CONDITIONS, MAX_RULES, MAX_URI,
    },
    AccountId,
};
use test_kit::{
    access::{any_of, by_rule, denied, file, holds, subscribed},
    assert_events, event, field_topic, TestEnv,
};

#[test]
fn a_new_registry_is_empty_and_belongs_to_its_creator() {
    let mut env = TestEnv::default();
    let registry = env.registry();
    assert_eq!(env.ask(contracts::ownable(registry).owner()), env.creator);
    assert_eq!(env.ask(contracts::registry(registry).content_count()), 0);
    assert_eq!(env.ask(contracts::registry(registry).content(0)), None);
    assert_eq!(env.ask(contracts::registry(registry).terms(0)), None);
}

#[test]
fn published_content_gets_the_next_number_and_can_be_read() {
    let mut env = TestEnv::default();
    let (registry, token, vault) = (env.registry(), AccountId::from([8; 32]), AccountId::from([9; 32]));
    let audiences = [
        Audience::Everyone,
        Audience::Nobody,
        any_of(&[
            &[
                holds(token, 1),
                Condition::Staked { vault, amount: u128::MAX },
                Condition::HoldsOrStaked { token, vault, amount: 3 },
                subscribed(vault, u8::MAX),
            ],
            &[
                Condition::SubscribedFor { vault, level: 1, lasting: u64::MAX },
                Condition::Tipped { vault, amount: 4 },
                Condition::NotBefore { time: u64::MAX },
                Condition::Subscribed { vault, level: 1, grace: u64::MAX },
                Condition::Bought { content: u32::MAX },
                Condition::Listed { list: u32::MAX },
            ],
        ]),
    ];
    for (id, audience) in (0..).zip(&audiences) {
        let content = Content { uri: vec![b'u'; id as usize + 1], ..file() };
        let terms = Terms { audience: audience.clone(), price: None, release: u64::from(id) * 5, retired: id == 2 };
        let publish = contracts::registry(registry).publish(content.clone(), terms.clone());
        assert_eq!(env.call(env.creator, 0, publish).value, Ok(id));
        assert_eq!(env.ask(contracts::registry(registry).content_count()), id + 1);
        assert_eq!(env.ask(contracts::registry(registry).content(id)), Some(content));
        assert_eq!(env.ask(contracts::registry(registry).terms(id)), Some(terms));
    }
}

#[test]
fn publishing_emits_one_event_with_the_number_as_its_topic() {
    let mut env = TestEnv::default();
    let registry = env.registry();
    env.publish(registry, Audience::Everyone);
    let terms = Terms { release: 7, retired: true, ..Audience::Nobody.into() };
    let receipt = env.call(env.creator, 0, contracts::registry(registry).publish(file(), terms));
    let Content { uri, hash, public_key } = file();
    let (publisher, price) = (env.creator, None);
    let published = Published { id: 1, publisher, uri, hash, public_key, price, release: 7, retired: true };
    assert_events(&receipt, registry, &[event(&published, &[field_topic(&1_u32)])]);
    assert_eq!(receipt.events.len(), 1);
}

#[test]
fn invalid_content_is_refused_with_the_reason_and_changes_nothing() {
    let mut env = TestEnv::default();
    let registry = env.registry();
    let (token, vault) = (AccountId::from([8; 32]), AccountId::from([9; 32]));
    let now = Condition::NotBefore { time: 0 };
    let refused = |fault, rules: &[&[Condition]]| (file(), any_of(rules), RegistryError::Audience(fault));
    let many = |rules, conditions| Audience::AnyOf(vec![vec![now; conditions]; rules]);
    let audience = |fault, audience| (file(), audience, RegistryError::Audience(fault));
    let content = |fault, content| (content, Audience::Everyone, fault);
    let itself = |condition| (file(), any_of(&[&[now], &[now, condition]]), RegistryError::NamesRegistry);
    let cases = [
        content(RegistryError::UriEmpty, Content { uri: vec![], ..file() }),
        content(RegistryError::UriTooLong { most: MAX_URI }, Content { uri: vec![b'u'; 257], ..file() }),
        content(RegistryError::InvalidKey, Content { public_key: [0; 32], ..file() }),
        refused(InvalidAudience::NoRules, &[]),
        audience(InvalidAudience::TooManyRules, many(MAX_RULES + 1, 1)),
        refused(InvalidAudience::EmptyRule { rule: 1 }, &[&[now], &[]]),
        audience(InvalidAudience::TooManyConditions { rule: 0 }, many(1, MAX_CONDITIONS + 1)),
        refused(InvalidAudience::ZeroAmount { rule: 0 }, &[&[now, holds(token, 0)]]),
        refused(InvalidAudience::ZeroAmount { rule: 1 }, &[&[now], &[Condition::Staked { vault, amount: 0 }]]),
        refused(InvalidAudience::ZeroAmount { rule: 0 }, &[&[Condition::HoldsOrStaked { token, vault, amount: 0 }]]),
        refused(InvalidAudience::ZeroAmount { rule: 0 }, &[&[Condition::Tipped { vault, amount: 0 }]]),
        refused(InvalidAudience::ZeroLevel { rule: 0 }, &[&[subscribed(vault, 0)]]),
        refused(InvalidAudience::ZeroLevel { rule: 0 }, &[&[Condition::SubscribedFor { vault, level: 0, lasting: 1 }]]),
        itself(holds(registry, 1)),
        itself(Condition::Staked { vault: registry, amount: 1 }),
        itself(Condition::HoldsOrStaked { token: registry, vault, amount: 1 }),
        itself(Condition::HoldsOrStaked { token, vault: registry, amount: 1 }),
        itself(subscribed(registry, 1)),
        itself(Condition::SubscribedFor { vault: registry, level: 1, lasting: 1 }),
        itself(Condition::Tipped { vault: registry, amount: 1 }),
    ];
    for (content, audience, error) in cases {
        let publish = contracts::registry(registry).publish(content, audience.into());
        let receipt = env.call(env.creator, 0, publish);
        assert_eq!(receipt.value, Err(error.into()));
        assert_eq!(receipt.events, vec![], "{error:?}");
        assert_eq!(receipt.deposit, 0, "{error:?}");
    }
    assert_eq!(env.ask(contracts::registry(registry).content_count()), 0);
}

#[test]
fn a_registry_refuses_transferred_value() {
    let mut env = TestEnv::default();
    let registry = env.registry();
    let id = env.publish(registry, Audience::Everyone);
    let (before, ana) = (env.balance(registry), env.ana);
    let publish = contracts::registry(registry).publish(file(), Audience::Everyone.into());
    assert!(env.chain.send(&env.creator.into(), 5, publish).is_err());
    assert!(env.chain.send(&ana.into(), 5, contracts::registry(registry).has_access(id, ana)).is_err());
    assert_eq!(env.balance(registry), before);
}

#[test]
fn the_largest_content_is_published_checked_and_read() {
    let mut env = TestEnv::default();
    let registry = env.registry();
    let account = |rule: usize, condition: usize, kind: u8| {
        let mut id = [kind; 32];
        (id[0], id[1]) = (rule as u8, condition as u8);
        AccountId::from(id)
    };
    // The largest conditions, each with another contract: 128 queries, to accounts without code.
    let widest = |rule, condition| Condition::HoldsOrStaked {
        token: account(rule, condition, 1),
        vault: account(rule, condition, 2),
        amount: u128::MAX,
    };
    let rules = (0..MAX_RULES).map(|rule| (0..MAX_CONDITIONS).map(|condition| widest(rule, condition)).collect());
    let audience = Audience::AnyOf(rules.collect());
    let content = Content { uri: vec![b'u'; MAX_URI as usize], ..file() };
    let publish = contracts::registry(registry).publish(content.clone(), audience.clone().into());
    assert_eq!(env.call(env.creator, 0, publish).value, Ok(0));
    assert_eq!(env.ask(contracts::registry(registry).content(0)), Some(content));
    assert_eq!(env.ask(contracts::registry(registry).terms(0)), Some(audience.into()));

    let Access::Denied(missing) = env.access(registry, 0, env.ana) else { panic!("nobody has that much") };
    assert_eq!(missing.len(), MAX_RULES);
    for (rule, missing) in missing.iter().enumerate() {
        assert_eq!(missing.len(), MAX_CONDITIONS);
        for (condition, missing) in missing.iter().enumerate() {
            assert_eq!(missing.condition, widest(rule, condition));
            assert_eq!(missing.shortfall, Shortfall::Unavailable { contract: account(rule, condition, 1) });
        }
    }
}

#[test]
fn unknown_content_grants_no_access_and_check_fails() {
    let mut env = TestEnv::default();
    let registry = env.registry();
    env.publish(registry, Audience::Everyone);
    for id in [1, u32::MAX] {
        for who in [env.ana, env.creator] {
            assert!(!env.ask(contracts::registry(registry).has_access(id, who)));
            assert_eq!(
                env.ask(contracts::registry(registry).check(id, who)),
                Err(RegistryError::UnknownContent.into())
            );
        }
        assert_eq!(env.ask(contracts::registry(registry).content(id)), None);
        assert_eq!(env.ask(contracts::registry(registry).terms(id)), None);
    }
}

#[test]
fn everyone_and_nobody_include_the_owner() {
    let mut env = TestEnv::default();
    for who in [env.ana, env.creator, AccountId::from([0; 32])] {
        assert_eq!(env.access_by(Audience::Everyone, who), Access::Granted(Grant::Everyone));
        assert_eq!(env.access_by(Audience::Nobody, who), Access::Denied(vec![]));
    }
}

#[test]
fn a_release_time_grants_from_its_very_millisecond() {
    let mut env = TestEnv::default();
    let registry = env.registry();
    let condition = Condition::NotBefore { time: env.chain.now() + 1_000 };
    let id = env.publish(registry, any_of(&[&[condition]]));
    let (ana, creator) = (env.ana, env.creator);
    assert_eq!(env.access(registry, id, ana), denied(condition, Shortfall::Time { wait: 1_000 }));
    assert_eq!(env.access(registry, id, creator), denied(condition, Shortfall::Time { wait: 1_000 }));
    env.chain.advance(999);
    assert_eq!(env.access(registry, id, ana), denied(condition, Shortfall::Time { wait: 1 }));
    env.chain.advance(1);
    assert_eq!(env.access(registry, id, ana), by_rule(0));
}
