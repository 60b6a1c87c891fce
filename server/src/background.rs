//! Follows the chain in the background: brings the index up to date, and makes notices.

use std::{
    sync::{
        atomic::{AtomicI64, Ordering},
        Arc,
    },
    time::Duration,
};

use chrono::Utc;
use patronage_chain::{Chain, ChainError};
use patronage_indexer::{
    follow::{catch_up, Followed, Progress},
    Index, IndexError,
};
use tokio::runtime::Handle;
use tracing::{error, info, warn};

use crate::{history::History, notices::Maker};

/// Pause between two looks at the chain.
const EVERY: Duration = Duration::from_secs(2);
/// Pause after a failure.
const AFTER_FAILURE: Duration = Duration::from_secs(10);
/// A line of the log for so many blocks.
const LOG_EVERY: u32 = 50_000;

/// Opens the chain again.
pub type Open = Arc<dyn Fn() -> Result<Box<dyn Chain + Send>, ChainError> + Send + Sync>;

/// Follows the chain for one creator.
pub struct Follower {
    /// The index.
    pub index: Index,
    /// The creator in it.
    pub followed: Followed,
    /// Opens the chain. The caller keeps another reference until the runtime has ended, as a chain can own a runtime.
    pub open: Open,
    /// Set to the time of the chain in ms.
    pub now: Arc<AtomicI64>,
    /// What the notices are made from.
    pub history: Arc<dyn History>,
    /// Makes the notices.
    pub maker: Maker,
}

/// A chain that is open between two looks.
type Kept = Option<Box<dyn Chain + Send>>;

impl Follower {
    /// Follows the chain. Ends only when it is dropped.
    pub async fn run(mut self) {
        let mut kept: Kept = None;
        let mut last = None;
        loop {
            match self.step(&mut kept).await {
                Ok(()) => {
                    last = None;
                    tokio::time::sleep(EVERY).await;
                }
                Err(message) => {
                    // The same failure again and again is one line of the log.
                    if last.as_ref() != Some(&message) {
                        error!(message, "the index is not up to date; the gateway works without it");
                    }
                    last = Some(message);
                    tokio::time::sleep(AFTER_FAILURE).await;
                }
            }
        }
    }

    /// Brings the index up to date, and makes notices.
    async fn step(&mut self, kept: &mut Kept) -> Result<(), String> {
        let (index, followed, open, runtime) =
            (self.index.clone(), self.followed.clone(), self.open.clone(), Handle::current());
        let taken = kept.take();
        let work = move || {
            // If it fails, the chain is closed here, and opened again the next time.
            let mut chain = taken.map_or_else(|| open(), Ok)?;
            let mut logged = 0;
            catch_up(&index, &runtime, &mut *chain, &followed, &mut |progress| log(progress, &mut logged))?;
            let now = chain.time()?;
            Ok::<_, IndexError>((chain, now))
        };
        let (chain, now) = tokio::task::spawn_blocking(work)
            .await
            .map_err(|error| error.to_string())?
            .map_err(|error| error.to_string())?;
        *kept = Some(chain);
        self.now.store(i64::try_from(now).unwrap_or(i64::MAX), Ordering::Relaxed);
        if let Err(error) = self.maker.make(&*self.history, Utc::now().timestamp_millis()).await {
            warn!(%error, "notices are not made now");
        }
        Ok(())
    }
}

fn log(progress: Progress, logged: &mut u32) {
    if progress.block.saturating_sub(progress.from) >= logged.saturating_add(LOG_EVERY) {
        *logged = progress.block.saturating_sub(progress.from);
        info!(block = progress.block, newest = progress.newest, "indexing");
    }
}
