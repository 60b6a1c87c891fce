//! Databases and chains that can't be used: one clear line each, and nothing is lost.

use std::{fs, os::unix::fs::PermissionsExt};

use patronage_chain::Chain;
use patronage_indexer::{
    follow::{Batch, Followed},
    query::EntryFilter,
    sqlite_url, IndexError,
};
use test_kit::TestEnv;

use super::world::World;

#[test]
fn an_index_of_another_chain_is_named_and_stays_as_it_is() {
    let folder = tempfile::tempdir().expect("a folder");
    let url = sqlite_url(&folder.path().join("index.sqlite"));
    let mut world = World::default();
    world.step(0, (0, 2, 5));
    let index = world.open(&url).expect("a new file");
    let followed = world.runtime.block_on(Followed::new(&index, &world.deployment(0))).expect("it answers");
    let cursor = world.runtime.block_on(index.cursor(followed.id)).expect("it answers");
    // A block that this chain has with another hash.
    let batch = Batch { events: Vec::new(), block: 1, hash: [9; 32] };
    world.runtime.block_on(index.apply(followed.id, &followed.contracts, &cursor, &batch)).expect("it can be stored");
    let error = world.follow(&index, 0).expect_err("it is another chain");
    assert!(matches!(error, IndexError::OtherChain { block: 1 }), "{error}");
    assert!(error.to_string().contains("the chain was started anew"), "{error}");
    // The other creator in the same database is not concerned.
    world.follow(&index, 1).expect("it is there");
}

#[test]
fn a_chain_that_was_started_anew_and_is_shorter_is_named() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut world = World::default();
    let index = world.open(&sqlite_url(&folder.path().join("index.sqlite"))).expect("a new file");
    for number in 0..3 {
        world.step(0, (number, 2, 5));
    }
    world.follow(&index, 0).expect("it is there");
    let followed = world.runtime.block_on(Followed::new(&index, &world.deployment(0))).expect("it answers");
    world.env = TestEnv::default();
    assert!(world.env.chain.block().expect("it answers") < 2);
    let result = patronage_indexer::follow::catch_up(
        &index,
        world.runtime.handle(),
        &mut world.env.chain,
        &followed,
        &mut |_| (),
    );
    assert!(matches!(result, Err(IndexError::OtherChain { .. })), "{result:?}");
}

#[test]
fn databases_that_cannot_be_used_are_named_in_one_line() {
    let world = World::default();
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name);
    let error = |url: &str| {
        let error = world.open(url).expect_err("it can't be used").to_string();
        assert!(!error.contains('\n'), "{error}");
        error
    };
    fs::write(path("text"), "a text file that is long enough to have a header of a database, or so").expect("a file");
    assert!(error(&sqlite_url(&path("text"))).contains("damaged or no index"));
    assert!(error(&sqlite_url(&path("missing/index"))).contains("can't be opened"));
    assert!(error("mysql://host/name").contains("is no index: name a file"));
    let refused = error("postgres://mira:secret@127.0.0.1:1/name");
    assert!(refused.contains("does not answer") && !refused.contains("secret"), "{refused}");

    // Tables of a newer version.
    let url = sqlite_url(&path("newer"));
    let index = world.open(&url).expect("a new file");
    world.runtime.block_on(index.execute(
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) VALUES (999, 'later', 1, x'00', 0)",
    )).expect("it can be written");
    drop(index);
    assert!(error(&url).contains("made by a newer version"));
}

#[test]
fn a_full_disk_loses_nothing() {
    // A database that may not grow is as one on a full disk.
    let folder = tempfile::tempdir().expect("a folder");
    let mut world = World::default();
    for number in 0..40_u8 {
        world.step(0, (number % 3, 2, u16::from(number)));
    }
    let index = world.open(&sqlite_url(&folder.path().join("index.sqlite"))).expect("a new file");
    world.runtime.block_on(index.execute("PRAGMA max_page_count = 10")).expect("it can be limited");
    let error = world.follow(&index, 0).expect_err("there is no room").to_string();
    assert!(error.contains("is full: free some space"), "{error}");
    world.runtime.block_on(index.execute("PRAGMA max_page_count = 100000")).expect("it can grow again");
    let followed = world.follow(&index, 0).expect("there is room");
    let page = world.runtime.block_on(index.entries(followed.id, &EntryFilter::default(), None, 100));
    assert!(page.expect("it answers").items.len() >= 40);
}

#[test]
fn a_file_that_may_not_be_written_is_named() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("index.sqlite");
    let mut world = World::default();
    drop(world.open(&sqlite_url(&path)).expect("a new file"));
    let index = world.open(&format!("{}?mode=ro", sqlite_url(&path)));
    // Root may write every file, so the database is opened for reading only.
    fs::set_permissions(&path, fs::Permissions::from_mode(0o400)).expect("its mode can be set");
    let error = match index {
        Ok(index) => world.follow(&index, 0).expect_err("it may not be written"),
        Err(error) => error,
    };
    assert!(error.to_string().contains("can't be written"), "{error}");
}
