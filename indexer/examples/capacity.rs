//! Measures an index with synthetic events, which are stored on the way that events of a chain take: how many it stores in a second, the
//! memory and the space that this takes, and the time of each page of 50.
//!
//! usage: capacity URL EVENTS    prints a row of a table; URL is `sqlite://FILE` or `postgres://..`, and the database is empty

use std::{
    env,
    error::Error,
    fs,
    time::{Duration, Instant},
};

use ink::{env::Event, scale::Encode};
use patronage::contracts::Contracts;
use patronage_chain::{ContractEvent, PastEvent};
use patronage_indexer::{
    follow::Batch,
    model::{Kind, Place},
    query::{EntryFilter, MemberFilter, Span},
    CreatorId, Index,
};
use patronage_interfaces::{
    registry::Purchased,
    token::Bought,
    vault::{Asset, Collected, Subscribed, TierOffered, TierTerms, Tipped},
    AccountId,
};
use psp22::Transfer;

/// Time of the first block in ms, and between two blocks.
const BEGIN: u64 = 1_767_225_600_000;
const BLOCK_TIME: u64 = 6_000;
/// Events of a block, and blocks of a batch.
const BLOCK_EVENTS: u64 = 20;
const BATCH_BLOCKS: u64 = 50;
/// Size of the measured pages.
const PAGE: u32 = 50;
/// How often each question is asked.
const REPEATS: u32 = 21;
const UNIT: u128 = 1_000_000_000_000;
const DAY: u64 = 86_400_000;

type Failure = Box<dyn Error>;

fn contracts() -> Contracts {
    let [token, vault, registry] = [1, 2, 3].map(|number| AccountId::from([number; 32]));
    Contracts { token, vault, registry }
}

fn fan(number: u64) -> AccountId {
    let mut bytes = [7; 32];
    bytes[..8].copy_from_slice(&number.to_be_bytes());
    AccountId::from(bytes)
}

/// `event` of `contract`, as a chain reports it. The index reads the first topic only.
fn emitted<T: Event + Encode>(contract: AccountId, event: &T) -> ContractEvent {
    ContractEvent { contract, topics: T::SIGNATURE_TOPIC.into_iter().collect(), data: event.encode() }
}

/// The event with this number. Every tenth is a subscription of a fan of its own.
fn event(number: u64, members: u64, time: u64) -> ContractEvent {
    let Contracts { token, vault, registry } = contracts();
    let who = fan(number.wrapping_mul(2_654_435_761) % members);
    let amount = UNIT + u128::from(number);
    match number % 10 {
        0 => {
            let fan = fan(number / 10);
            let until = time + DAY * (1 + number % 400);
            emitted(
                vault,
                &Subscribed { fan, tier: 0, payer: fan, price: UNIT, paid: amount, carried: 0, minimum: 0, until },
            )
        }
        1..=3 => emitted(vault, &Tipped { fan: who, asset: Asset::Native, amount, memo: b"thank you".to_vec() }),
        4 | 5 => emitted(token, &Transfer { from: None, to: Some(who), value: amount }),
        6 | 7 => {
            emitted(token, &Bought { buyer: who, recipient: who, referrer: None, tokens: amount, paid: amount, fee: 1 })
        }
        8 => emitted(vault, &Collected { tier: 0, amount, version: 0 }),
        _ => emitted(
            registry,
            &Purchased { id: u32::try_from(number % 100).unwrap_or(0), recipient: who, payer: who, price: UNIT },
        ),
    }
}

/// Stores `events` events. Returns the time it took.
async fn fill(index: &Index, creator: CreatorId, events: u64) -> Result<Duration, Failure> {
    let terms = TierTerms {
        asset: Asset::Native,
        price: UNIT,
        period: 30 * DAY,
        level: 1,
        seats: None,
        minimum_stay: 0,
        uri: Vec::new(),
    };
    let offered = emitted(contracts().vault, &TierOffered { tier: 0, terms, open: true });
    let members = (events / 10).max(1);
    let begun = Instant::now();
    let mut done = 0;
    while done < events {
        let cursor = index.cursor(creator).await?;
        let first = u64::from(cursor.block) + 1;
        let mut all = Vec::new();
        if done == 0 {
            all.push(PastEvent { block: u32::try_from(first)?, time: BEGIN, event: offered.clone() });
        }
        for block in first..first + BATCH_BLOCKS {
            let time = BEGIN + block * BLOCK_TIME;
            for _ in 0..BLOCK_EVENTS.min(events - done) {
                all.push(PastEvent { block: u32::try_from(block)?, time, event: event(done, members, time) });
                done += 1;
            }
        }
        let batch = Batch { events: all, block: u32::try_from(first + BATCH_BLOCKS - 1)?, hash: [5; 32] };
        index.apply(creator, &contracts(), &cursor, &batch).await?;
    }
    Ok(begun.elapsed())
}

/// The median time of `ask` in milliseconds.
async fn median(ask: impl AsyncFn() -> Result<(), Failure>) -> Result<f64, Failure> {
    let mut times = Vec::new();
    for _ in 0..REPEATS {
        let begun = Instant::now();
        ask().await?;
        times.push(begun.elapsed());
    }
    times.sort();
    Ok(times.get(times.len() / 2).copied().unwrap_or_default().as_secs_f64() * 1_000.0)
}

/// The highest memory use of this process in MiB, from the system.
fn memory() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kib = line.and_then(|rest| rest.trim().strip_suffix(" kB")).and_then(|kib| kib.trim().parse::<u64>().ok());
    kib.unwrap_or(0) / 1_024
}

async fn measure(url: &str, events: u64) -> Result<String, Failure> {
    let index = Index::open(url).await?;
    let creator = index.creator(&[1; 32], &contracts(), 0).await?;
    let taken = fill(&index, creator, events).await?;
    let middle = u32::try_from(events / BLOCK_EVENTS / 2)?;
    let now = BEGIN + events / BLOCK_EVENTS * BLOCK_TIME;
    let place = Some(Place { block: middle, position: 0 });
    let somebody = fan(events / 20);
    let entries = async |filter: EntryFilter, after| -> Result<(), Failure> {
        index.entries(creator, &filter, after, PAGE).await?;
        Ok(())
    };
    let members = median(async || {
        index.members(creator, &MemberFilter::all(now), Some((u128::from(now + 30 * DAY), somebody)), PAGE).await?;
        Ok(())
    });
    let statement =
        EntryFilter { money: true, from: Some(BEGIN + u64::from(middle) * BLOCK_TIME), ..EntryFilter::default() };
    let history = EntryFilter { account: Some(somebody), newest_first: true, ..EntryFilter::default() };
    let tips = EntryFilter { kind: Some(Kind::Tip), newest_first: true, ..EntryFilter::default() };
    let figures = [
        members.await?,
        median(async || entries(statement.clone(), None).await).await?,
        median(async || entries(history.clone(), None).await).await?,
        median(async || entries(tips.clone(), place).await).await?,
        median(async || {
            index.top_tippers(creator, &Asset::Native, Some((5 * UNIT, somebody)), PAGE).await?;
            Ok(())
        })
        .await?,
        median(async || {
            index.totals(creator, Span::Month, None, None).await?;
            Ok(())
        })
        .await?,
    ];
    let kind = if url.starts_with("sqlite:") { "SQLite" } else { "PostgreSQL" };
    let rate = events as f64 / taken.as_secs_f64();
    let times: Vec<String> = figures.iter().map(|time| format!("{time:.2}")).collect();
    Ok(format!("| {kind} | {events} | {rate:.0} | {} | {} |", memory(), times.join(" | ")))
}

fn main() -> Result<(), Failure> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [url, events] = &arguments[..] else { return Err("usage: capacity URL EVENTS".into()) };
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
    println!("{}", runtime.block_on(measure(url, events.parse()?))?);
    Ok(())
}
