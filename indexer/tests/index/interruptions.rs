//! An index that was interrupted, and several processes that follow the same creator.

use std::{
    env,
    path::Path,
    process::{Command, Stdio},
    thread,
    time::Duration,
};

use patronage_chain::Chain;
use patronage_indexer::{
    follow::{Batch, Followed},
    query::EntryFilter,
    sqlite_url,
};

use super::world::World;

/// The file that a child process writes.
const FILE: &str = "PATRONAGE_TEST_INDEX";

/// A world with a few hundred blocks, the same in each process.
fn world() -> World {
    let mut world = World::default();
    for number in 0..60_u8 {
        world.step(0, (number % 3, number % 16, u16::from(number) * 7));
    }
    world
}

/// Stores all blocks of [`world`], one in a transaction.
fn store(path: &Path, pause: Duration) {
    let mut world = world();
    let index = world.open(&sqlite_url(path)).expect("it can be opened");
    let followed = world.runtime.block_on(Followed::new(&index, &world.deployment(0))).expect("it answers");
    let contracts = followed.contracts;
    let all = [contracts.token, contracts.vault, contracts.registry];
    let newest = world.env.chain.finalized().expect("it answers");
    loop {
        let cursor = world.runtime.block_on(index.cursor(followed.id)).expect("it answers");
        if cursor.block >= newest {
            return;
        }
        let block = cursor.block + 1;
        let events = world.env.chain.history(&all, block..=block).expect("it answers");
        let hash = world.env.chain.block_hash(block).expect("it answers").expect("it is there");
        let batch = Batch { events, block, hash };
        world.runtime.block_on(index.apply(followed.id, &contracts, &cursor, &batch)).expect("it can be stored");
        thread::sleep(pause);
    }
}

/// Everything in the index at `path`.
fn entries(path: &Path) -> String {
    let mut world = world();
    let index = world.open(&sqlite_url(path)).expect("it can be opened");
    let followed = world.follow(&index, 0).expect("it is there");
    let page = world.runtime.block_on(index.entries(followed.id, &EntryFilter::default(), None, 10_000));
    let totals = world.runtime.block_on(index.totals(followed.id, patronage_indexer::query::Span::Day, None, None));
    format!("{:?} {:?}", page.expect("it answers"), totals.expect("it answers"))
}

#[test]
fn an_index_whose_process_is_killed_misses_nothing() {
    // The child process of this test.
    if let Some(path) = env::var_os(FILE) {
        store(Path::new(&path), Duration::from_millis(2));
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    let (whole, killed) = (folder.path().join("whole.sqlite"), folder.path().join("killed.sqlite"));
    for wait in [1_500, 1_900, 2_600, 3_100] {
        let mut child = Command::new(env::current_exe().expect("a test is a file"))
            .args(["--exact", "interruptions::an_index_whose_process_is_killed_misses_nothing"])
            .env(FILE, &killed)
            .stdout(Stdio::null())
            .spawn()
            .expect("it starts");
        thread::sleep(Duration::from_millis(wait));
        child.kill().unwrap_or(());
        child.wait().expect("it was started");
    }
    store(&whole, Duration::ZERO);
    store(&killed, Duration::ZERO);
    assert_eq!(entries(&killed), entries(&whole));
}

#[test]
fn of_two_processes_one_stores_each_batch() {
    let folder = tempfile::tempdir().expect("a folder");
    let (shared, alone) = (folder.path().join("shared.sqlite"), folder.path().join("alone.sqlite"));
    thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| store(&shared, Duration::ZERO));
        }
    });
    store(&alone, Duration::ZERO);
    assert_eq!(entries(&shared), entries(&alone));
}
