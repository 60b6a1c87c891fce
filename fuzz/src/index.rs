//! Events of a chain on their way into the index.

use std::cell::{Cell, RefCell};

use patronage_chain::{ContractEvent, PastEvent};
use patronage_indexer::{
    follow::{Applied, Batch},
    model::{Entry, Member, Ranked, Total},
    query::{EntryFilter, MemberFilter, MemberOrder, Span},
    CreatorId, Cursor, Index,
};
use patronage_interfaces::{vault::Asset, AccountId};
use tokio::runtime::{Builder, Runtime};

use crate::{
    events::topics,
    world::{account, contracts, NOW},
};

/// Creators that share a database before it begins anew.
const CREATORS: u32 = 500;
/// More than the items of any list here.
const ALL: u32 = 1_000;
/// Events of an input.
const MOST_EVENTS: usize = 24;

struct Database {
    runtime: Runtime,
    index: RefCell<Index>,
    creators: Cell<u32>,
    topics: Vec<[u8; 32]>,
}

fn open(runtime: &Runtime) -> Index {
    runtime.block_on(Index::open("sqlite::memory:")).expect("a database in memory")
}

impl Database {
    fn new() -> Self {
        let runtime = Builder::new_current_thread().enable_all().build().expect("a runtime");
        let index = RefCell::new(open(&runtime));
        Self { runtime, index, creators: Cell::new(0), topics: topics() }
    }

    /// A new creator. All have the same contracts, each on a chain of its own.
    fn creator(&self) -> CreatorId {
        let number = self.creators.replace(self.creators.get() + 1);
        let mut genesis = [0; 32];
        genesis[..4].copy_from_slice(&number.to_le_bytes());
        let index = self.index.borrow();
        self.runtime.block_on(index.creator(&genesis, &contracts(), 0)).expect("a creator")
    }

    /// Stores the `events` up to `block`, and returns the new cursor.
    fn store(&self, creator: CreatorId, after: &Cursor, events: &[PastEvent], block: u32) -> Cursor {
        let batch = Batch { events: events.to_vec(), block, hash: [9; 32] };
        let index = self.index.borrow();
        let applied = self.runtime.block_on(index.apply(creator, &contracts(), after, &batch));
        assert_eq!(applied.expect("no event stops the index"), Applied::Stored);
        let cursor = self.runtime.block_on(index.cursor(creator)).expect("a cursor");
        assert_eq!(cursor.block, block);
        cursor
    }
}

/// The input is a list of events: each has a byte for its kind, one for its contract, one for blocks and time, one for the length of its data,
/// and its data.
fn events(data: &[u8], topics: &[[u8; 32]]) -> Vec<PastEvent> {
    let (mut events, mut rest, mut block, mut time) = (Vec::new(), data, 1, NOW);
    while let ([kind, contract, step, length, after @ ..], true) = (rest, events.len() < MOST_EVENTS) {
        let (fields, after) = after.split_at(usize::from(*length).min(after.len()));
        if step % 4 == 0 {
            block += 1;
            // Up to years later.
            time += 1_000 << (step / 4 % 32);
        }
        let topics = vec![topics[usize::from(*kind) % topics.len()]];
        let event = ContractEvent { contract: account(contract % 4 + 1), topics, data: fields.to_vec() };
        events.push(PastEvent { block, time, event });
        rest = after;
    }
    events
}

/// What the index knows of a creator.
#[derive(Debug, PartialEq)]
struct Known {
    entries: Vec<Entry>,
    members: Vec<Member>,
    lapsed: Vec<Member>,
    holders: Vec<Ranked>,
    stakers: Vec<Ranked>,
    tippers: Vec<Ranked>,
    totals: Vec<Total>,
}

/// Reads a list in pages of this size.
macro_rules! pages {
    ($size:expr, |$after:ident| $page:expr) => {{
        let (mut items, mut $after) = (Vec::new(), None);
        loop {
            let page = $page.expect("what is stored can be read");
            assert!(page.items.len() <= $size as usize, "more items than wanted");
            items.extend(page.items);
            $after = page.next;
            if $after.is_none() {
                break items;
            }
        }
    }};
}

impl Database {
    /// Everything, in pages of `size`.
    fn known(&self, creator: CreatorId, order: MemberOrder, size: u32) -> Known {
        let (index, wait) = (self.index.borrow(), &self.runtime);
        let vault: AccountId = contracts().vault;
        let filter = EntryFilter::default();
        let members = |lapsed| {
            let filter = MemberFilter { lapsed, order, ..MemberFilter::all(NOW) };
            pages!(size, |after| wait.block_on(index.members(creator, &filter, after, size)))
        };
        Known {
            entries: pages!(size, |after| wait.block_on(index.entries(creator, &filter, after, size))),
            members: members(false),
            lapsed: members(true),
            holders: pages!(size, |after| wait.block_on(index.top_holders(creator, &vault, after, size))),
            stakers: pages!(size, |after| wait.block_on(index.top_stakers(creator, after, size))),
            tippers: pages!(size, |after| wait.block_on(index.top_tippers(creator, &Asset::Native, after, size))),
            totals: wait.block_on(index.totals(creator, Span::Day, None, None)).expect("totals"),
        }
    }
}

/// What is read in one batch or in two, in one page or in many, is the same.
pub fn check(data: &[u8]) {
    let Some(([order, at], data)) = data.split_first_chunk() else { return };
    thread_local!(static DATABASE: Database = Database::new());
    DATABASE.with(|database| {
        if database.creators.get() >= CREATORS {
            database.index.replace(open(&database.runtime));
            database.creators.set(0);
        }
        let order = [MemberOrder::End, MemberOrder::Since, MemberOrder::Paid][usize::from(*order) % 3];
        let events = events(data, &database.topics);
        let Some(last) = events.last().map(|event| event.block) else { return };
        let begin = Cursor { block: 0, hash: String::new() };
        let (one, two) = (database.creator(), database.creator());
        database.store(one, &begin, &events, last);
        let middle = u32::from(*at) % last;
        let split = events.partition_point(|event| event.block <= middle);
        let cursor = match middle {
            0 => begin,
            _ => database.store(two, &begin, &events[..split], middle),
        };
        database.store(two, &cursor, &events[split..], last);
        let known = database.known(one, order, ALL);
        assert_eq!(known, database.known(two, order, ALL), "two batches are not as one");
        assert_eq!(known, database.known(one, order, 2), "pages are not the whole list");
        assert!(known.entries.is_sorted_by_key(|entry| entry.place));
        sums(&known);
    });
}

/// Totals are the sums of the entries.
fn sums(known: &Known) {
    for total in &known.totals {
        let of_it = |entry: &&Entry| {
            let day = entry.time - entry.time % 86_400_000;
            day == total.time && entry.kind == total.kind && entry.asset.as_ref() == Some(&total.asset)
        };
        let entries = known.entries.iter().filter(of_it).filter_map(|entry| entry.amount);
        assert_eq!(entries.clone().count() as u64, total.events);
        assert_eq!(entries.fold(0, u128::saturating_add), total.amount);
    }
    let counted = known.entries.iter().filter(|entry| entry.kind.sign() != 0 && entry.asset.is_some());
    let counted = counted.filter(|entry| entry.amount.is_some()).count() as u64;
    assert_eq!(counted, known.totals.iter().map(|total| total.events).sum::<u64>());
}
