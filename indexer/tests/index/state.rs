//! The index says what the contracts say.

use std::cell::Cell;

use patronage::contracts;
use patronage_chain::Chain;
use patronage_indexer::{
    follow::Followed,
    model::{Entry, Kind},
    query::{EntryFilter, MemberFilter, MemberOrder, Page, Span},
    Index,
};
use patronage_interfaces::{
    registry::ContentRegistry,
    vault::{Asset, PatronageVault},
};
use proptest::{collection::vec, prelude::*, test_runner::TestRunner};
use psp22::PSP22;
use test_kit::{histories, postgres::Postgres};

use super::world::{Step, World};

/// Asserts that `index` agrees with the contracts of a creator about everybody.
fn assert_agrees(world: &mut World, index: &Index, followed: &Followed) {
    let (id, all) = (followed.id, followed.contracts);
    let now = world.env.chain.time().expect("it answers");
    for who in world.people() {
        let fan = world.env.ask(contracts::vault(all.vault).fan(who));
        let member = world.runtime.block_on(index.member(id, &who, now)).expect("it answers");
        let running = member.as_ref().filter(|member| member.ended.is_none()).map(|member| member.subscription);
        assert_eq!(running, fan.subscription, "the subscription of {who:?}");
        let refund = world.env.ask(contracts::vault(all.vault).refund_of(who));
        assert_eq!(member.map_or(0, |member| member.refundable), refund, "the refund of {who:?}");
        let balance = world.env.ask(contracts::psp22(all.token).balance_of(who));
        assert_eq!(world.runtime.block_on(index.balance(id, &who)).expect("it answers"), balance);
        let stake = world.runtime.block_on(index.stake(id, &who)).expect("it answers");
        let staked = fan.stake.map_or((0, 0), |stake| (stake.staked, stake.unstaking));
        assert_eq!(stake.map_or((0, 0), |stake| (stake.staked, stake.unstaking)), staked, "the stake of {who:?}");
        let tips = world.runtime.block_on(index.top_tippers(id, &Asset::Native, None, 50)).expect("it answers").items;
        let tipped = tips.iter().find(|one| one.account == who).map_or(0, |one| one.amount);
        assert_eq!(tipped, fan.tipped, "the tips of {who:?}");
    }
}

/// All entries, in pages of `limit`.
fn entries(world: &World, index: &Index, followed: &Followed, filter: &EntryFilter, limit: u32) -> Vec<Entry> {
    let (mut all, mut after) = (Vec::new(), None);
    loop {
        let page = world.runtime.block_on(index.entries(followed.id, filter, after, limit)).expect("it answers");
        let Page { items, next } = page;
        assert!(items.len() <= limit as usize);
        all.extend(items);
        match next {
            Some(next) => after = Some(next),
            None => return all,
        }
    }
}

fn steps(most: usize) -> impl Strategy<Value = Vec<Step>> {
    vec((0_u8..3, 0_u8..16, 0_u16..10_000), 1..most)
}

#[test]
fn the_index_agrees_with_the_contracts_after_any_history() {
    let folder = tempfile::tempdir().expect("a folder");
    let number = Cell::new(0);
    TestRunner::new(histories(4))
        .run(&(steps(25), steps(15)), |(mut first, more)| {
            // Each kind of step at least once.
            first.extend((0..16).map(|what| (what % 3, what, 500)));
            number.set(number.get() + 1);
            let url = patronage_indexer::sqlite_url(&folder.path().join(format!("{}.sqlite", number.get())));
            let mut world = World::default();
            let index = world.open(&url).expect("a new file");
            for (count, step) in first.into_iter().enumerate() {
                world.step(count % 2, step);
            }
            // In parts, as a server does, and the second creator at once.
            let mut followed = world.follow(&index, 0).expect("it is there");
            for step in more {
                world.step(0, step);
                followed = world.follow(&index, 0).expect("it is there");
            }
            assert_agrees(&mut world, &index, &followed);
            let second = world.follow(&index, 1).expect("it is there");
            assert_agrees(&mut world, &index, &second);
            assert_agrees(&mut world, &index, &followed);

            // Pages of every size are the same list, and the newest first is its reverse.
            let all = entries(&world, &index, &followed, &EntryFilter::default(), 1_000);
            assert_eq!(entries(&world, &index, &followed, &EntryFilter::default(), 3), all);
            let newest = EntryFilter { newest_first: true, ..EntryFilter::default() };
            assert!(entries(&world, &index, &followed, &newest, 7).iter().eq(all.iter().rev()));
            for who in world.people() {
                let of = EntryFilter { account: Some(who), ..EntryFilter::default() };
                let wanted = all.iter().filter(|entry| entry.account == who || entry.other == Some(who));
                assert!(entries(&world, &index, &followed, &of, 4).iter().eq(wanted));
            }
            // Days and months add up to the entries.
            let sum = |entries: &mut dyn Iterator<Item = (Kind, u128)>| -> i128 {
                entries.map(|(kind, amount)| i128::from(kind.sign()) * amount as i128).sum()
            };
            let single = sum(&mut all.iter().filter_map(|entry| Some((entry.kind, entry.amount?))));
            for span in [Span::Day, Span::Month] {
                let totals = world.runtime.block_on(index.totals(followed.id, span, None, None)).expect("it answers");
                assert_eq!(sum(&mut totals.iter().map(|total| (total.kind, total.amount))), single);
            }
            Ok(())
        })
        .unwrap_or_else(|error| panic!("{error}"));
}

/// A story with members of both tiers at both creators.
fn story() -> World {
    let mut world = World::default();
    for (creator, step) in
        [(0, (0, 4, 0)), (0, (1, 5, 0)), (1, (1, 4, 2)), (0, (0, 0, 40)), (0, (0, 2, 500)), (0, (1, 15, 3))]
    {
        world.step(creator, step);
    }
    world
}

/// Everything that both databases answer about the story, as text.
fn answers(world: &mut World, index: &Index) -> String {
    let followed = world.follow(index, 0).expect("it is there");
    let now = world.env.chain.time().expect("it answers");
    let mut all = format!("{:?}", entries(world, index, &followed, &EntryFilter::default(), 2));
    for order in [MemberOrder::End, MemberOrder::Since, MemberOrder::Paid] {
        for (lapsed, tier) in [(false, None), (true, None), (false, Some(0))] {
            let filter = MemberFilter { order, lapsed, tier, ..MemberFilter::all(now) };
            let (mut after, mut fans) = (None, Vec::new());
            loop {
                let page = world.runtime.block_on(index.members(followed.id, &filter, after, 1)).expect("it answers");
                fans.extend(page.items);
                if page.next.is_none() {
                    break;
                }
                after = page.next;
            }
            let at_once = world.runtime.block_on(index.members(followed.id, &filter, None, 50)).expect("it answers");
            assert_eq!(at_once.items, fans, "{order:?}");
            all.push_str(&format!("{order:?} {fans:?}"));
        }
    }
    let holders = world.runtime.block_on(index.top_holders(followed.id, &followed.contracts.vault, None, 5));
    let content = world.runtime.block_on(index.contents(followed.id, None, 5)).expect("it answers");
    let tiers = world.runtime.block_on(index.tiers(followed.id)).expect("it answers");
    all.push_str(&format!("{:?} {content:?} {tiers:?}", holders.expect("it answers")));
    assert_agrees(world, index, &followed);
    all
}

#[test]
fn both_databases_give_the_same_answers() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut world = story();
    let sqlite = world.open(&patronage_indexer::sqlite_url(&folder.path().join("a.sqlite"))).expect("a new file");
    let here = answers(&mut world, &sqlite);
    let Some(server) = Postgres::start() else { return };
    let postgres = world.open(&server.url()).expect("it runs");
    assert_eq!(answers(&mut world, &postgres), here);
    // Reading the chain again gives the same.
    let again = world.open(&patronage_indexer::sqlite_url(&folder.path().join("b.sqlite"))).expect("a new file");
    assert_eq!(answers(&mut world, &again), here);
}

#[test]
fn a_purchase_that_another_vault_is_paid_for_is_no_income() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut world = World::default();
    let index = world.open(&patronage_indexer::sqlite_url(&folder.path().join("a.sqlite"))).expect("a new file");
    // The same purchase with the own vault, and with that of the other creator.
    world.step(0, (0, 13, 0));
    let (registry, other) = (world.creators[0].registry, world.creators[1].vault);
    let owner = world.env.creator;
    world.env.call(owner, 0, contracts::registry(registry).set_vault(Some(other))).value.expect("the owner may");
    world.step(0, (1, 13, 0));
    let followed = world.follow(&index, 0).expect("it is there");
    let bought = EntryFilter { kind: Some(Kind::Purchased), ..EntryFilter::default() };
    let amounts: Vec<_> =
        entries(&world, &index, &followed, &bought, 10).iter().map(|entry| entry.amount.is_some()).collect();
    assert_eq!(amounts, [true, false]);
    let totals = world.runtime.block_on(index.totals(followed.id, Span::Day, None, None)).expect("it answers");
    let counted: u64 = totals.iter().filter(|total| total.kind == Kind::Purchased).map(|total| total.events).sum();
    assert_eq!(counted, 1);
}
