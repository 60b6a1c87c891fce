//! What the processes of one gateway share: the key of challenges, used challenges, and rates of callers.
//!
//! One process needs only [`MemoryState`], the default. Several processes behind one name need a state that all of them
//! reach, such as a database.

use std::{
    collections::BTreeSet,
    fmt,
    future::Future,
    pin::Pin,
    sync::{Mutex, MutexGuard, PoisonError},
};

use chrono::{DateTime, Utc};
use ring::rand::{SecureRandom, SystemRandom};
use zeroize::Zeroizing;

use crate::challenge::Nonce;

/// The answer of a state.
pub type StateFuture<'a, T> = Pin<Box<dyn Future<Output = Result<T, StateUnreachable>> + Send + 'a>>;

/// The state did not answer. A later attempt may succeed. The text is for the operator.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the gateway's shared state could not be reached: {0}")]
pub struct StateUnreachable(pub String);

/// The system has no randomness.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the system has no source of random numbers, which the gateway needs")]
pub struct NoRandomness;

/// The secret that authenticates challenges. Nothing prints it.
#[derive(Clone)]
pub struct ChallengeKey(Zeroizing<[u8; 32]>);

impl ChallengeKey {
    /// The key with these `bytes`.
    pub fn new(bytes: [u8; 32]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// A random key.
    ///
    /// # Errors
    /// `NoRandomness`.
    pub fn generate() -> Result<Self, NoRandomness> {
        let mut bytes = [0; 32];
        SystemRandom::new().fill(&mut bytes).map_err(|_| NoRandomness)?;
        Ok(Self::new(bytes))
    }

    /// Its bytes.
    pub fn bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Debug for ChallengeKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ChallengeKey")
    }
}

/// What a state knows about a challenge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// It was not used before.
    Fresh,
    /// It was used before.
    Used,
    /// Too many used ones are remembered, so it can't be told apart from them later.
    Full,
}

/// What the processes of one gateway share.
pub trait State: Send + Sync + 'static {
    /// Returns the key of challenges: the same one for each process.
    fn challenge_key(&self) -> StateFuture<'_, ChallengeKey>;

    /// Whether the challenge with this `nonce` and expiry can be used at the time `now`. Does not make it used.
    fn look(&self, nonce: Nonce, expires: DateTime<Utc>, now: DateTime<Utc>) -> StateFuture<'_, Mark>;

    /// Makes the challenge with this `nonce` used. Of all calls for one nonce, in all processes, exactly one is answered
    /// with [`Mark::Fresh`]. After `expires`, the nonce may be forgotten.
    fn mark(&self, nonce: Nonce, expires: DateTime<Utc>, now: DateTime<Utc>) -> StateFuture<'_, Mark>;

    /// Whether `caller` may send one more request now, counting those to other processes. The gateway calls it for requests
    /// that its own limit permits.
    fn permits<'a>(&'a self, caller: &'a str) -> StateFuture<'a, bool> {
        let _ = caller;
        Box::pin(async { Ok(true) })
    }

    /// Deletes what has expired. The gateway calls it every few seconds.
    fn forget(&self) -> StateFuture<'_, ()> {
        Box::pin(async { Ok(()) })
    }
}

/// The state of a gateway of one process. It ends with the process, so challenges of an earlier process are invalid.
#[derive(Debug)]
pub struct MemoryState {
    key: ChallengeKey,
    most_used: usize,
    /// Used challenges by expiry and nonce, so the first are forgotten first.
    used: Mutex<BTreeSet<(DateTime<Utc>, Nonce)>>,
}

impl MemoryState {
    /// A state with a random key that remembers at most `most_used` used challenges. Each takes about 100 bytes.
    ///
    /// # Errors
    /// `NoRandomness`.
    pub fn new(most_used: usize) -> Result<Self, NoRandomness> {
        Ok(Self { key: ChallengeKey::generate()?, most_used, used: Mutex::default() })
    }

    /// A panic elsewhere leaves the set consistent: each change is one call.
    pub(crate) fn used(&self) -> MutexGuard<'_, BTreeSet<(DateTime<Utc>, Nonce)>> {
        self.used.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn look_at(&self, used: &mut BTreeSet<(DateTime<Utc>, Nonce)>, entry: &(DateTime<Utc>, Nonce)) -> Mark {
        if used.contains(entry) {
            return Mark::Used;
        }
        match used.len() < self.most_used {
            true => Mark::Fresh,
            false => Mark::Full,
        }
    }

    /// As [`Self::used`], without those that have expired at the time `now`.
    fn unexpired(&self, now: DateTime<Utc>) -> MutexGuard<'_, BTreeSet<(DateTime<Utc>, Nonce)>> {
        let mut used = self.used();
        while used.first().is_some_and(|(expires, _)| *expires <= now) {
            used.pop_first();
        }
        used
    }
}

impl State for MemoryState {
    fn challenge_key(&self) -> StateFuture<'_, ChallengeKey> {
        let key = self.key.clone();
        Box::pin(async { Ok(key) })
    }

    fn look(&self, nonce: Nonce, expires: DateTime<Utc>, now: DateTime<Utc>) -> StateFuture<'_, Mark> {
        let mark = self.look_at(&mut self.unexpired(now), &(expires, nonce));
        Box::pin(async move { Ok(mark) })
    }

    fn mark(&self, nonce: Nonce, expires: DateTime<Utc>, now: DateTime<Utc>) -> StateFuture<'_, Mark> {
        let mut used = self.unexpired(now);
        let entry = (expires, nonce);
        let mark = self.look_at(&mut used, &entry);
        if mark == Mark::Fresh {
            used.insert(entry);
        }
        drop(used);
        Box::pin(async move { Ok(mark) })
    }
}
