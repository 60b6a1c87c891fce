//! Permissions and events of changes: files, terms, lists, managers, the vault, the ownership.

use hostile::Behaviour;
use patronage::contracts;
use patronage_chain::{Message, Messages, Receipt};
use patronage_interfaces::{
    ownable::{Ownable as _, OwnerChanged, OwnerProposed, OwnershipError},
    registry::{
        Audience, Condition, Content, ContentRegistry, FileReplaced, InvalidAudience, ListChanged, ManagerChanged,
        QuestionLimits, QuestionLimitsChanged, RegistryError, Shortfall, Terms, TermsChanged, VaultChanged, MAX_LISTED,
        MAX_URI,
    },
    AccountId,
};
use test_kit::{
    access::{any_of, by_rule, denied, file, holds},
    assert_events, event, field_topic, TestEnv,
};

type Changed = Receipt<Result<(), Box<RegistryError>>>;

/// Asserts that the call failed with `error`, emitted no event and stored nothing.
#[track_caller]
fn assert_refused<T: std::fmt::Debug + PartialEq, E: std::fmt::Debug + PartialEq>(
    receipt: Receipt<Result<T, E>>,
    error: impl Into<E>,
) {
    assert_eq!(receipt.value, Err(error.into()));
    assert_eq!(receipt.events, vec![]);
    assert_eq!(receipt.deposit, 0);
}

fn listing(
    registry: AccountId,
    list: u32,
    accounts: &[AccountId],
    listed: bool,
) -> impl FnOnce(&mut TestEnv, AccountId) -> Changed {
    let message = contracts::registry(registry).set_listed(list, accounts.to_vec(), listed);
    move |env, from| env.call(from, 0, message)
}

fn other_file() -> Content {
    Content { uri: b"https://example.org/2".to_vec(), hash: [3; 32], public_key: [4; 32] }
}

#[test]
fn a_manager_manages_content_and_nothing_else() {
    let mut env = TestEnv::default();
    let (creator, ana, ben, registry) = (env.creator, env.ana, env.ben, env.registry());
    let receipt = env.call(creator, 0, contracts::registry(registry).set_manager(ana, true));
    assert_events(&receipt, registry, &[event(&ManagerChanged { account: ana, appointed: true }, &[])]);
    assert!(env.ask(contracts::registry(registry).is_manager(ana)));
    assert!(!env.ask(contracts::registry(registry).is_manager(creator)));

    let publish = || contracts::registry(registry).publish(file(), Audience::Everyone.into());
    assert_eq!(env.call(ana, 0, publish()).value, Ok(0));
    env.call(ana, 0, contracts::registry(registry).replace_file(0, other_file())).value.unwrap();
    env.call(ana, 0, contracts::registry(registry).change_terms(0, Audience::Nobody.into())).value.unwrap();
    listing(registry, 1, &[ben], true)(&mut env, ana).value.unwrap();

    for message in
        [contracts::registry(registry).set_manager(ben, true), contracts::registry(registry).set_manager(ana, false)]
    {
        assert_refused(env.call(ana, 0, message), RegistryError::NotOwner);
    }
    assert_refused(env.call(ana, 0, contracts::registry(registry).set_vault(Some(ana))), RegistryError::NotOwner);
    assert_refused(env.call(ana, 0, contracts::ownable(registry).propose_owner(ana)), OwnershipError::NotOwner);

    let receipt = env.call(creator, 0, contracts::registry(registry).set_manager(ana, false));
    assert_events(&receipt, registry, &[event(&ManagerChanged { account: ana, appointed: false }, &[])]);
    assert_refused(env.call(ana, 0, publish()), RegistryError::NotManager);
}

#[test]
fn only_the_owner_and_managers_change_content() {
    let mut env = TestEnv::default();
    let registry = env.registry();
    env.publish(registry, Audience::Everyone);
    for stranger in [env.ana, registry] {
        env.chain.fund(&stranger, 1_000_000_000_000).unwrap();
        let publish = contracts::registry(registry).publish(file(), Audience::Everyone.into());
        assert_refused(env.call(stranger, 0, publish), RegistryError::NotManager);
        let replace = contracts::registry(registry).replace_file(0, file());
        assert_refused(env.call(stranger, 0, replace), RegistryError::NotManager);
        let change = contracts::registry(registry).change_terms(0, Audience::Nobody.into());
        assert_refused(env.call(stranger, 0, change), RegistryError::NotManager);
        assert_refused(listing(registry, 0, &[stranger], true)(&mut env, stranger), RegistryError::NotManager);
    }
    assert_eq!(env.ask(contracts::registry(registry).content_count()), 1);
    assert_eq!(env.ask(contracts::registry(registry).content(0)), Some(file()));
}

#[test]
fn a_new_file_with_a_new_key_replaces_the_old_one() {
    let mut env = TestEnv::default();
    let (creator, registry) = (env.creator, env.registry());
    let id = env.publish(registry, Audience::Nobody);
    let receipt = env.call(creator, 0, contracts::registry(registry).replace_file(id, other_file()));
    assert_eq!(receipt.value, Ok(()));
    let Content { uri, hash, public_key } = other_file();
    let replaced = FileReplaced { id, uri, hash, public_key };
    assert_events(&receipt, registry, &[event(&replaced, &[field_topic(&id)])]);
    assert_eq!(env.ask(contracts::registry(registry).content(id)), Some(other_file()));
    assert_eq!(env.ask(contracts::registry(registry).terms(id)), Some(Audience::Nobody.into()));

    for (content, error) in [
        (Content { uri: vec![], ..file() }, RegistryError::UriEmpty),
        (Content { uri: vec![b'u'; 257], ..file() }, RegistryError::UriTooLong { most: MAX_URI }),
        (Content { public_key: [0; 32], ..file() }, RegistryError::InvalidKey),
    ] {
        assert_refused(env.call(creator, 0, contracts::registry(registry).replace_file(id, content)), error);
    }
    let unknown = contracts::registry(registry).replace_file(id + 1, file());
    assert_refused(env.call(creator, 0, unknown), RegistryError::UnknownContent);
    assert_eq!(env.ask(contracts::registry(registry).content(id + 1)), None);
}

#[test]
fn new_terms_apply_at_once() {
    let mut env = TestEnv::default();
    let (creator, ana, registry) = (env.creator, env.ana, env.registry());
    let id = env.publish(registry, Audience::Nobody);
    let release = env.chain.now() + 5;
    let terms = Terms { release, ..Audience::Everyone.into() };
    let receipt = env.call(creator, 0, contracts::registry(registry).change_terms(id, terms.clone()));
    let changed = TermsChanged { id, price: None, release, retired: false };
    assert_events(&receipt, registry, &[event(&changed, &[field_topic(&id)])]);
    assert_eq!(env.ask(contracts::registry(registry).terms(id)), Some(terms));
    let early = denied(Condition::NotBefore { time: release }, Shortfall::Time { wait: 5 });
    assert_eq!(env.access(registry, id, ana), early);
    env.chain.advance(5);
    assert!(env.access(registry, id, ana).is_granted());

    let change = |id, audience: Audience| contracts::registry(registry).change_terms(id, audience.into());
    let unknown = env.call(creator, 0, change(id + 1, Audience::Everyone));
    assert_refused(unknown, RegistryError::UnknownContent);
    let empty = env.call(creator, 0, change(id, any_of(&[])));
    assert_refused(empty, RegistryError::Audience(InvalidAudience::NoRules));
    let itself = Condition::Tipped { vault: registry, amount: 1 };
    let itself = env.call(creator, 0, change(id, any_of(&[&[itself]])));
    assert_refused(itself, RegistryError::NamesRegistry);
}

#[test]
fn a_list_grants_access_to_its_accounts_and_no_others() {
    let mut env = TestEnv::default();
    let (creator, ana, ben, cleo, registry) = (env.creator, env.ana, env.ben, env.cleo, env.registry());
    let press = Condition::Listed { list: 3 };
    let id = env.publish(registry, any_of(&[&[press]]));
    assert_eq!(env.access(registry, id, ana), denied(press, Shortfall::NotListed));
    let receipt = listing(registry, 3, &[ana, ben, ana], true)(&mut env, creator);
    let changed = ListChanged { list: 3, accounts: vec![ana, ben, ana], listed: true };
    assert_events(&receipt, registry, &[event(&changed, &[field_topic(&3_u32)])]);
    listing(registry, 4, &[cleo], true)(&mut env, creator).value.unwrap();
    for (who, expected) in [(ana, by_rule(0)), (ben, by_rule(0)), (cleo, denied(press, Shortfall::NotListed))] {
        assert_eq!(env.access(registry, id, who), expected);
        assert_eq!(env.ask(contracts::registry(registry).is_listed(3, who)), expected.is_granted());
    }
    let receipt = listing(registry, 3, &[ana, cleo], false)(&mut env, creator);
    let changed = ListChanged { list: 3, accounts: vec![ana, cleo], listed: false };
    assert_events(&receipt, registry, &[event(&changed, &[field_topic(&3_u32)])]);
    assert_eq!(env.access(registry, id, ana), denied(press, Shortfall::NotListed));
    assert_eq!(env.access(registry, id, ben), by_rule(0));
    assert!(env.ask(contracts::registry(registry).is_listed(4, cleo)));
}

#[test]
fn the_number_of_accounts_in_one_listing_is_limited() {
    let mut env = TestEnv::default();
    let (creator, registry) = (env.creator, env.registry());
    let accounts: Vec<_> = (0..=MAX_LISTED as u8).map(|index| AccountId::from([index; 32])).collect();
    let too_many = listing(registry, 0, &accounts, true)(&mut env, creator);
    assert_refused(too_many, RegistryError::TooManyAtOnce { most: MAX_LISTED });
    let (last, most) = accounts.split_last().unwrap();
    let receipt = listing(registry, 0, most, true)(&mut env, creator);
    assert_eq!(receipt.value, Ok(()));
    assert_eq!(receipt.events.len(), 1);
    assert!(most.iter().all(|who| env.ask(contracts::registry(registry).is_listed(0, *who))));
    assert!(!env.ask(contracts::registry(registry).is_listed(0, *last)));
    // Removing them returns the deposit. The chain can lose a planck for bytes and one for items.
    let charged = receipt.deposit;
    let receipt = listing(registry, 0, most, false)(&mut env, creator);
    assert!(charged > 2 && (0..=2).contains(&(charged + receipt.deposit)), "{charged} and {}", receipt.deposit);
}

#[test]
fn the_owner_sets_the_vault_which_cannot_be_the_registry() {
    let mut env = TestEnv::default();
    let (creator, ana, registry) = (env.creator, env.ana, env.registry());
    assert_eq!(env.ask(contracts::registry(registry).vault()), None);
    for vault in [Some(ana), None] {
        let receipt = env.call(creator, 0, contracts::registry(registry).set_vault(vault));
        assert_events(&receipt, registry, &[event(&VaultChanged { vault }, &[])]);
        assert_eq!(env.ask(contracts::registry(registry).vault()), vault);
    }
    let itself = env.call(creator, 0, contracts::registry(registry).set_vault(Some(registry)));
    assert_refused(itself, RegistryError::NamesRegistry);
    let other = env.registry_for(Some(ana));
    assert_eq!(env.ask(contracts::registry(other).vault()), Some(ana));
}

#[test]
fn the_ownership_changes_when_the_proposed_owner_accepts() {
    let mut env = TestEnv::default();
    let (creator, ana, ben, registry) = (env.creator, env.ana, env.ben, env.registry());
    let state = |env: &mut TestEnv| {
        (env.ask(contracts::ownable(registry).owner()), env.ask(contracts::ownable(registry).pending_owner()))
    };
    env.call(creator, 0, contracts::registry(registry).set_vault(Some(ben))).value.unwrap();
    assert_refused(env.call(ana, 0, contracts::ownable(registry).accept_ownership()), OwnershipError::NotProposed);
    for candidate in [ben, ana] {
        let receipt = env.call(creator, 0, contracts::ownable(registry).propose_owner(candidate));
        assert_events(&receipt, registry, &[event(&OwnerProposed { owner: creator, candidate }, &[])]);
        assert_eq!(state(&mut env), (creator, Some(candidate)));
    }
    assert_refused(env.call(ben, 0, contracts::ownable(registry).accept_ownership()), OwnershipError::NotProposed);
    let receipt = env.call(ana, 0, contracts::ownable(registry).accept_ownership());
    assert_events(&receipt, registry, &[event(&OwnerChanged { previous: creator, owner: ana }, &[])]);
    assert_eq!(state(&mut env), (ana, None));
    assert_eq!(env.ask(contracts::registry(registry).vault()), Some(ben));
    let set = contracts::registry(registry).set_manager(ben, true);
    assert_refused(env.call(creator, 0, set), RegistryError::NotOwner);
    env.call(ana, 0, contracts::registry(registry).set_manager(ben, true)).value.unwrap();
}

#[test]
fn a_new_owner_starts_without_managers() {
    let mut env = TestEnv::default();
    let (creator, ana, ben, cleo, registry) = (env.creator, env.ana, env.ben, env.cleo, env.registry());
    let appoint = |env: &mut TestEnv, by, who, appointed| {
        env.call(by, 0, contracts::registry(registry).set_manager(who, appointed)).value.unwrap();
    };
    let managers = |env: &mut TestEnv| {
        let those = [ben, cleo].map(|who| env.ask(contracts::registry(registry).is_manager(who)));
        (those, env.ask(contracts::registry(registry).manager_count()))
    };
    // Setting a manager twice counts once.
    for (who, count) in [(ben, 1), (ben, 1), (cleo, 2)] {
        appoint(&mut env, creator, who, true);
        assert_eq!(env.ask(contracts::registry(registry).manager_count()), count);
    }
    env.call(creator, 0, contracts::ownable(registry).propose_owner(ana)).value.unwrap();
    assert_eq!(managers(&mut env), ([true, true], 2));
    env.call(ana, 0, contracts::ownable(registry).accept_ownership()).value.unwrap();
    assert_eq!(managers(&mut env), ([false, false], 0));
    let publish = || contracts::registry(registry).publish(file(), Audience::Everyone.into());
    for former in [ben, cleo, creator] {
        assert_refused(env.call(former, 0, publish()), RegistryError::NotManager);
    }
    appoint(&mut env, ana, ben, false);
    appoint(&mut env, ana, cleo, true);
    assert_eq!(managers(&mut env), ([false, true], 1));
    assert_eq!(env.call(cleo, 0, publish()).value, Ok(0));
    appoint(&mut env, ana, cleo, false);
    assert_eq!(managers(&mut env), ([false, false], 0));
}

#[test]
fn the_owner_sets_the_limits_of_a_question_within_bounds() {
    let mut env = TestEnv::default();
    let (creator, ana, registry) = (env.creator, env.ana, env.registry());
    let set = |limits| contracts::registry(registry).set_question_limits(limits);
    assert_eq!(env.ask(contracts::registry(registry).question_limits()), QuestionLimits::LEAST);
    assert_refused(env.call(ana, 0, set(QuestionLimits::MOST)), RegistryError::NotOwner);
    for limits in [
        QuestionLimits { ref_time: QuestionLimits::LEAST.ref_time - 1, ..QuestionLimits::LEAST },
        QuestionLimits { proof_size: QuestionLimits::MOST.proof_size + 1, ..QuestionLimits::LEAST },
    ] {
        assert_refused(env.call(creator, 0, set(limits)), RegistryError::LimitsOutOfRange);
    }
    let limits = QuestionLimits { ref_time: 20_000_000_000, proof_size: 1024 * 1024 };
    let receipt = env.call(creator, 0, set(limits));
    let changed = QuestionLimitsChanged { ref_time: limits.ref_time, proof_size: limits.proof_size };
    assert_events(&receipt, registry, &[event(&changed, &[])]);
    assert_eq!(env.ask(contracts::registry(registry).question_limits()), limits);
}

#[test]
fn raised_limits_let_an_expensive_contract_answer() {
    let mut env = TestEnv::default();
    let (creator, ana, registry) = (env.creator, env.ana, env.registry());
    // It uses all gas that it gets.
    let endless = env.hostile(&Behaviour::BurnGas);
    let id = env.publish(registry, any_of(&[&[holds(endless, 1)]]));
    let used =
        |env: &mut TestEnv| env.chain.preview(&ana, 0, contracts::registry(registry).has_access(id, ana)).unwrap();
    let before = used(&mut env).weight.ref_time();
    let limits = QuestionLimits { ref_time: 30_000_000_000, ..QuestionLimits::LEAST };
    env.call(creator, 0, contracts::registry(registry).set_question_limits(limits)).value.unwrap();
    let after = used(&mut env);
    assert!(!after.value);
    let more = after.weight.ref_time() - before;
    assert!((29_000_000_000..32_000_000_000).contains(&more), "{more} ps more for the question");
}

#[test]
fn messages_that_are_not_payable_refuse_value() {
    fn assert_denied<E, A, R>(env: &mut TestEnv, from: AccountId, message: Message<E, A, R>)
    where
        E: ink::env::Environment<AccountId = AccountId>,
        A: ink::scale::Encode,
        R: ink::scale::Decode,
    {
        assert!(env.chain.send(&from.into(), 5, message).is_err());
    }
    let mut env = TestEnv::default();
    let (creator, ana, registry) = (env.creator, env.ana, env.registry());
    env.publish(registry, Audience::Everyone);
    let messages = || contracts::registry(registry);
    let before = env.balance(registry);
    assert_denied(&mut env, creator, messages().publish(file(), Audience::Everyone.into()));
    assert_denied(&mut env, creator, messages().replace_file(0, file()));
    assert_denied(&mut env, creator, messages().change_terms(0, Audience::Everyone.into()));
    assert_denied(&mut env, creator, messages().set_listed(0, vec![ana], true));
    assert_denied(&mut env, creator, messages().set_manager(ana, true));
    assert_denied(&mut env, creator, messages().set_vault(None));
    assert_denied(&mut env, creator, contracts::ownable(registry).propose_owner(ana));
    assert_denied(&mut env, creator, messages().has_access(0, ana));
    assert_denied(&mut env, creator, messages().check(0, ana));
    assert_denied(&mut env, creator, messages().check_many(vec![0], ana));
    assert_denied(&mut env, creator, messages().content(0));
    assert_eq!(env.balance(registry), before);
}
