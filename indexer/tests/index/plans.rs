//! Pages are found by an index of the database: their cost grows as its depth does, and not as the history.

use patronage_indexer::{
    model::Kind,
    query::{EntryFilter, MemberFilter, MemberOrder, Question},
    sqlite_url, Index,
};
use patronage_interfaces::vault::Asset;
use test_kit::postgres::Postgres;

use super::world::World;

/// The plans of all pages, by the name of the question.
fn plans(world: &mut World, index: &Index) -> Vec<(String, String)> {
    let followed = world.follow(index, 0).expect("it is there");
    let id = followed.id;
    let ana = world.env.ana;
    let some_place = Some(patronage_indexer::model::Place { block: 1, position: 0 });
    let filters = [
        ("all", EntryFilter::default()),
        ("of an account", EntryFilter { account: Some(ana), newest_first: true, ..EntryFilter::default() }),
        ("statement", EntryFilter { money: true, from: Some(1), to: Some(u64::MAX / 2), ..EntryFilter::default() }),
        ("of a kind", EntryFilter { kind: Some(Kind::Tip), newest_first: true, ..EntryFilter::default() }),
    ];
    let mut plans = Vec::new();
    for (name, filter) in filters {
        let plan =
            world.runtime.block_on(index.explain(id, &Question::Entries(filter, some_place), 50)).expect("it answers");
        plans.push((format!("entries {name}"), plan));
    }
    for (name, tier, order) in [
        ("by end", None, MemberOrder::End),
        ("of a tier", Some(0), MemberOrder::End),
        ("by payment", None, MemberOrder::Paid),
    ] {
        let filter = MemberFilter { tier, order, ..MemberFilter::all(1_000) };
        let plan = world
            .runtime
            .block_on(index.explain(id, &Question::Members(filter, Some((5, ana))), 50))
            .expect("it answers");
        plans.push((format!("members {name}"), plan));
    }
    let plan = world.runtime.block_on(index.explain(id, &Question::Tippers(Asset::Native, Some((5, ana))), 50));
    plans.push(("tippers".to_owned(), plan.expect("it answers")));
    plans
}

#[test]
fn every_page_is_found_by_an_index_and_nothing_is_sorted() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut world = World::default();
    let index = world.open(&sqlite_url(&folder.path().join("index.sqlite"))).expect("a new file");
    for (name, plan) in plans(&mut world, &index) {
        assert!(plan.contains("SEARCH") && !plan.contains("SCAN") && !plan.contains("TEMP B-TREE"), "{name}: {plan}");
    }
    let Some(server) = Postgres::start() else { return };
    let index = world.open(&server.url()).expect("it runs");
    for (name, plan) in plans(&mut world, &index) {
        assert!(plan.contains("Index") && !plan.contains("Seq Scan") && !plan.contains("Sort"), "{name}: {plan}");
    }
}
