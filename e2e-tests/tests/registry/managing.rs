//! Who may change what, and that it is told: files, terms, lists, managers, the vault, the ownership.

use hostile::Behaviour;
use patronage::contracts as suite;
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
    assert_events, event, field_topic, World,
};

type Changed = Receipt<Result<(), Box<RegistryError>>>;

/// Asserts that `receipt` was refused with `error` and that nothing was said or stored.
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
) -> impl FnOnce(&mut World, AccountId) -> Changed {
    let message = suite::registry(registry).set_listed(list, accounts.to_vec(), listed);
    move |world, from| world.call(from, 0, message)
}

fn other_file() -> Content {
    Content { uri: b"https://example.org/2".to_vec(), hash: [3; 32], public_key: [4; 32] }
}

#[test]
fn a_manager_does_all_about_content_and_nothing_else() {
    let mut world = World::default();
    let (creator, ana, ben, registry) = (world.creator, world.ana, world.ben, world.registry());
    let receipt = world.call(creator, 0, suite::registry(registry).set_manager(ana, true));
    assert_events(&receipt, registry, &[event(&ManagerChanged { account: ana, appointed: true }, &[])]);
    assert!(world.ask(suite::registry(registry).is_manager(ana)));
    assert!(!world.ask(suite::registry(registry).is_manager(creator)));

    let publish = || suite::registry(registry).publish(file(), Audience::Everyone.into());
    assert_eq!(world.call(ana, 0, publish()).value, Ok(0));
    world.call(ana, 0, suite::registry(registry).replace_file(0, other_file())).value.unwrap();
    world.call(ana, 0, suite::registry(registry).change_terms(0, Audience::Nobody.into())).value.unwrap();
    listing(registry, 1, &[ben], true)(&mut world, ana).value.unwrap();

    for message in [suite::registry(registry).set_manager(ben, true), suite::registry(registry).set_manager(ana, false)]
    {
        assert_refused(world.call(ana, 0, message), RegistryError::NotOwner);
    }
    assert_refused(world.call(ana, 0, suite::registry(registry).set_vault(Some(ana))), RegistryError::NotOwner);
    assert_refused(world.call(ana, 0, suite::ownable(registry).propose_owner(ana)), OwnershipError::NotOwner);

    let receipt = world.call(creator, 0, suite::registry(registry).set_manager(ana, false));
    assert_events(&receipt, registry, &[event(&ManagerChanged { account: ana, appointed: false }, &[])]);
    assert_refused(world.call(ana, 0, publish()), RegistryError::NotManager);
}

#[test]
fn only_the_owner_and_managers_change_content() {
    let mut world = World::default();
    let registry = world.registry();
    world.publish(registry, Audience::Everyone);
    for stranger in [world.ana, registry] {
        world.chain.fund(&stranger, 1_000_000_000_000).unwrap();
        let publish = suite::registry(registry).publish(file(), Audience::Everyone.into());
        assert_refused(world.call(stranger, 0, publish), RegistryError::NotManager);
        let replace = suite::registry(registry).replace_file(0, file());
        assert_refused(world.call(stranger, 0, replace), RegistryError::NotManager);
        let change = suite::registry(registry).change_terms(0, Audience::Nobody.into());
        assert_refused(world.call(stranger, 0, change), RegistryError::NotManager);
        assert_refused(listing(registry, 0, &[stranger], true)(&mut world, stranger), RegistryError::NotManager);
    }
    assert_eq!(world.ask(suite::registry(registry).content_count()), 1);
    assert_eq!(world.ask(suite::registry(registry).content(0)), Some(file()));
}

#[test]
fn a_new_file_with_a_new_key_takes_the_place_of_the_old_one() {
    let mut world = World::default();
    let (creator, registry) = (world.creator, world.registry());
    let id = world.publish(registry, Audience::Nobody);
    let receipt = world.call(creator, 0, suite::registry(registry).replace_file(id, other_file()));
    assert_eq!(receipt.value, Ok(()));
    let Content { uri, hash, public_key } = other_file();
    let replaced = FileReplaced { id, uri, hash, public_key };
    assert_events(&receipt, registry, &[event(&replaced, &[field_topic(&id)])]);
    assert_eq!(world.ask(suite::registry(registry).content(id)), Some(other_file()));
    assert_eq!(world.ask(suite::registry(registry).terms(id)), Some(Audience::Nobody.into()));

    for (content, error) in [
        (Content { uri: vec![], ..file() }, RegistryError::UriEmpty),
        (Content { uri: vec![b'u'; 257], ..file() }, RegistryError::UriTooLong { most: MAX_URI }),
        (Content { public_key: [0; 32], ..file() }, RegistryError::InvalidKey),
    ] {
        assert_refused(world.call(creator, 0, suite::registry(registry).replace_file(id, content)), error);
    }
    let unknown = suite::registry(registry).replace_file(id + 1, file());
    assert_refused(world.call(creator, 0, unknown), RegistryError::UnknownContent);
    assert_eq!(world.ask(suite::registry(registry).content(id + 1)), None);
}

#[test]
fn new_terms_hold_from_the_moment_they_are_set() {
    let mut world = World::default();
    let (creator, ana, registry) = (world.creator, world.ana, world.registry());
    let id = world.publish(registry, Audience::Nobody);
    let release = world.chain.now() + 5;
    let terms = Terms { release, ..Audience::Everyone.into() };
    let receipt = world.call(creator, 0, suite::registry(registry).change_terms(id, terms.clone()));
    let changed = TermsChanged { id, price: None, release, retired: false };
    assert_events(&receipt, registry, &[event(&changed, &[field_topic(&id)])]);
    assert_eq!(world.ask(suite::registry(registry).terms(id)), Some(terms));
    let early = denied(Condition::NotBefore { time: release }, Shortfall::Time { wait: 5 });
    assert_eq!(world.access(registry, id, ana), early);
    world.chain.advance(5);
    assert!(world.access(registry, id, ana).is_granted());

    let change = |id, audience: Audience| suite::registry(registry).change_terms(id, audience.into());
    let unknown = world.call(creator, 0, change(id + 1, Audience::Everyone));
    assert_refused(unknown, RegistryError::UnknownContent);
    let empty = world.call(creator, 0, change(id, any_of(&[])));
    assert_refused(empty, RegistryError::Audience(InvalidAudience::NoRules));
    let itself = Condition::Tipped { vault: registry, amount: 1 };
    let itself = world.call(creator, 0, change(id, any_of(&[&[itself]])));
    assert_refused(itself, RegistryError::NamesRegistry);
}

#[test]
fn a_list_opens_to_those_who_are_on_it_and_to_no_other_list() {
    let mut world = World::default();
    let (creator, ana, ben, cleo, registry) = (world.creator, world.ana, world.ben, world.cleo, world.registry());
    let press = Condition::Listed { list: 3 };
    let id = world.publish(registry, any_of(&[&[press]]));
    assert_eq!(world.access(registry, id, ana), denied(press, Shortfall::NotListed));
    let receipt = listing(registry, 3, &[ana, ben, ana], true)(&mut world, creator);
    let changed = ListChanged { list: 3, accounts: vec![ana, ben, ana], listed: true };
    assert_events(&receipt, registry, &[event(&changed, &[field_topic(&3_u32)])]);
    listing(registry, 4, &[cleo], true)(&mut world, creator).value.unwrap();
    for (who, expected) in [(ana, by_rule(0)), (ben, by_rule(0)), (cleo, denied(press, Shortfall::NotListed))] {
        assert_eq!(world.access(registry, id, who), expected);
        assert_eq!(world.ask(suite::registry(registry).is_listed(3, who)), expected.is_granted());
    }
    let receipt = listing(registry, 3, &[ana, cleo], false)(&mut world, creator);
    let changed = ListChanged { list: 3, accounts: vec![ana, cleo], listed: false };
    assert_events(&receipt, registry, &[event(&changed, &[field_topic(&3_u32)])]);
    assert_eq!(world.access(registry, id, ana), denied(press, Shortfall::NotListed));
    assert_eq!(world.access(registry, id, ben), by_rule(0));
    assert!(world.ask(suite::registry(registry).is_listed(4, cleo)));
}

#[test]
fn a_call_lists_as_many_as_it_may_and_one_more_is_refused() {
    let mut world = World::default();
    let (creator, registry) = (world.creator, world.registry());
    let accounts: Vec<_> = (0..=MAX_LISTED as u8).map(|index| AccountId::from([index; 32])).collect();
    let too_many = listing(registry, 0, &accounts, true)(&mut world, creator);
    assert_refused(too_many, RegistryError::TooManyAtOnce { most: MAX_LISTED });
    let (last, most) = accounts.split_last().unwrap();
    let receipt = listing(registry, 0, most, true)(&mut world, creator);
    assert_eq!(receipt.value, Ok(()));
    assert_eq!(receipt.events.len(), 1);
    assert!(most.iter().all(|who| world.ask(suite::registry(registry).is_listed(0, *who))));
    assert!(!world.ask(suite::registry(registry).is_listed(0, *last)));
    // Taking them off brings the deposit back, but for a planck that the chain may lose of bytes and of items each.
    let charged = receipt.deposit;
    let receipt = listing(registry, 0, most, false)(&mut world, creator);
    assert!(charged > 2 && (0..=2).contains(&(charged + receipt.deposit)), "{charged} and {}", receipt.deposit);
}

#[test]
fn the_owner_names_the_vault_and_the_registry_is_none() {
    let mut world = World::default();
    let (creator, ana, registry) = (world.creator, world.ana, world.registry());
    assert_eq!(world.ask(suite::registry(registry).vault()), None);
    for vault in [Some(ana), None] {
        let receipt = world.call(creator, 0, suite::registry(registry).set_vault(vault));
        assert_events(&receipt, registry, &[event(&VaultChanged { vault }, &[])]);
        assert_eq!(world.ask(suite::registry(registry).vault()), vault);
    }
    let itself = world.call(creator, 0, suite::registry(registry).set_vault(Some(registry)));
    assert_refused(itself, RegistryError::NamesRegistry);
    let other = world.registry_for(Some(ana));
    assert_eq!(world.ask(suite::registry(other).vault()), Some(ana));
}

#[test]
fn the_ownership_changes_when_the_proposed_owner_accepts() {
    let mut world = World::default();
    let (creator, ana, ben, registry) = (world.creator, world.ana, world.ben, world.registry());
    let state = |world: &mut World| {
        (world.ask(suite::ownable(registry).owner()), world.ask(suite::ownable(registry).pending_owner()))
    };
    world.call(creator, 0, suite::registry(registry).set_vault(Some(ben))).value.unwrap();
    assert_refused(world.call(ana, 0, suite::ownable(registry).accept_ownership()), OwnershipError::NotProposed);
    for candidate in [ben, ana] {
        let receipt = world.call(creator, 0, suite::ownable(registry).propose_owner(candidate));
        assert_events(&receipt, registry, &[event(&OwnerProposed { owner: creator, candidate }, &[])]);
        assert_eq!(state(&mut world), (creator, Some(candidate)));
    }
    assert_refused(world.call(ben, 0, suite::ownable(registry).accept_ownership()), OwnershipError::NotProposed);
    let receipt = world.call(ana, 0, suite::ownable(registry).accept_ownership());
    assert_events(&receipt, registry, &[event(&OwnerChanged { previous: creator, owner: ana }, &[])]);
    assert_eq!(state(&mut world), (ana, None));
    assert_eq!(world.ask(suite::registry(registry).vault()), Some(ben));
    let set = suite::registry(registry).set_manager(ben, true);
    assert_refused(world.call(creator, 0, set), RegistryError::NotOwner);
    world.call(ana, 0, suite::registry(registry).set_manager(ben, true)).value.unwrap();
}

#[test]
fn a_new_owner_starts_without_managers() {
    let mut world = World::default();
    let (creator, ana, ben, cleo, registry) = (world.creator, world.ana, world.ben, world.cleo, world.registry());
    let appoint = |world: &mut World, by, who, appointed| {
        world.call(by, 0, suite::registry(registry).set_manager(who, appointed)).value.unwrap();
    };
    let managers = |world: &mut World| {
        let those = [ben, cleo].map(|who| world.ask(suite::registry(registry).is_manager(who)));
        (those, world.ask(suite::registry(registry).manager_count()))
    };
    // Twice is as once.
    for (who, count) in [(ben, 1), (ben, 1), (cleo, 2)] {
        appoint(&mut world, creator, who, true);
        assert_eq!(world.ask(suite::registry(registry).manager_count()), count);
    }
    world.call(creator, 0, suite::ownable(registry).propose_owner(ana)).value.unwrap();
    assert_eq!(managers(&mut world), ([true, true], 2));
    world.call(ana, 0, suite::ownable(registry).accept_ownership()).value.unwrap();
    assert_eq!(managers(&mut world), ([false, false], 0));
    let publish = || suite::registry(registry).publish(file(), Audience::Everyone.into());
    for former in [ben, cleo, creator] {
        assert_refused(world.call(former, 0, publish()), RegistryError::NotManager);
    }
    appoint(&mut world, ana, ben, false);
    appoint(&mut world, ana, cleo, true);
    assert_eq!(managers(&mut world), ([false, true], 1));
    assert_eq!(world.call(cleo, 0, publish()).value, Ok(0));
    appoint(&mut world, ana, cleo, false);
    assert_eq!(managers(&mut world), ([false, false], 0));
}

#[test]
fn the_owner_sets_what_a_question_may_cost_within_bounds() {
    let mut world = World::default();
    let (creator, ana, registry) = (world.creator, world.ana, world.registry());
    let set = |limits| suite::registry(registry).set_question_limits(limits);
    assert_eq!(world.ask(suite::registry(registry).question_limits()), QuestionLimits::LEAST);
    assert_refused(world.call(ana, 0, set(QuestionLimits::MOST)), RegistryError::NotOwner);
    for limits in [
        QuestionLimits { ref_time: QuestionLimits::LEAST.ref_time - 1, ..QuestionLimits::LEAST },
        QuestionLimits { proof_size: QuestionLimits::MOST.proof_size + 1, ..QuestionLimits::LEAST },
    ] {
        assert_refused(world.call(creator, 0, set(limits)), RegistryError::LimitsOutOfRange);
    }
    let limits = QuestionLimits { ref_time: 20_000_000_000, proof_size: 1024 * 1024 };
    let receipt = world.call(creator, 0, set(limits));
    let changed = QuestionLimitsChanged { ref_time: limits.ref_time, proof_size: limits.proof_size };
    assert_events(&receipt, registry, &[event(&changed, &[])]);
    assert_eq!(world.ask(suite::registry(registry).question_limits()), limits);
}

#[test]
fn raised_limits_let_a_dear_contract_answer() {
    let mut world = World::default();
    let (creator, ana, registry) = (world.creator, world.ana, world.registry());
    // It computes until its gas is used up, whatever that is.
    let endless = world.hostile(&Behaviour::BurnGas);
    let id = world.publish(registry, any_of(&[&[holds(endless, 1)]]));
    let used = |world: &mut World| world.chain.preview(&ana, 0, suite::registry(registry).has_access(id, ana)).unwrap();
    let before = used(&mut world).weight.ref_time();
    let limits = QuestionLimits { ref_time: 30_000_000_000, ..QuestionLimits::LEAST };
    world.call(creator, 0, suite::registry(registry).set_question_limits(limits)).value.unwrap();
    let after = used(&mut world);
    assert!(!after.value);
    let more = after.weight.ref_time() - before;
    assert!((29_000_000_000..32_000_000_000).contains(&more), "{more} ps more for the question");
}

#[test]
fn no_message_that_is_not_for_sale_takes_money() {
    fn assert_denied<E, A, R>(world: &mut World, from: AccountId, message: Message<E, A, R>)
    where
        E: ink::env::Environment<AccountId = AccountId>,
        A: ink::scale::Encode,
        R: ink::scale::Decode,
    {
        assert!(world.chain.send(&from.into(), 5, message).is_err());
    }
    let mut world = World::default();
    let (creator, ana, registry) = (world.creator, world.ana, world.registry());
    world.publish(registry, Audience::Everyone);
    let messages = || suite::registry(registry);
    let before = world.balance(registry);
    assert_denied(&mut world, creator, messages().publish(file(), Audience::Everyone.into()));
    assert_denied(&mut world, creator, messages().replace_file(0, file()));
    assert_denied(&mut world, creator, messages().change_terms(0, Audience::Everyone.into()));
    assert_denied(&mut world, creator, messages().set_listed(0, vec![ana], true));
    assert_denied(&mut world, creator, messages().set_manager(ana, true));
    assert_denied(&mut world, creator, messages().set_vault(None));
    assert_denied(&mut world, creator, suite::ownable(registry).propose_owner(ana));
    assert_denied(&mut world, creator, messages().has_access(0, ana));
    assert_denied(&mut world, creator, messages().check(0, ana));
    assert_denied(&mut world, creator, messages().check_many(vec![0], ana));
    assert_denied(&mut world, creator, messages().content(0));
    assert_eq!(world.balance(registry), before);
}
