//! What the server asks the chain for: who owns the vault, and what is offered now.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use patronage_gateway::{
    protocol::Problem,
    registry::{AccountId, Unreachable},
};
use tokio::sync::Semaphore;

use crate::api::shapes::{Content, Tier};

/// How long an answer of the chain is kept, so that many readers cost the chain little.
const LIFETIME: Duration = Duration::from_secs(5);
/// The maximum number of pages of content that are kept.
const MOST_PAGES: usize = 200;
/// The maximum number of concurrent queries. Others wait.
const MOST_QUERIES: usize = 4;

/// A creator's contracts on a chain. Calls may block; the server makes them on threads for blocking work.
pub trait CreatorChain: Send + Sync + 'static {
    /// Returns the owner of the vault.
    ///
    /// # Errors
    ///
    /// If the chain does not answer.
    fn owner(&self) -> Result<AccountId, Unreachable>;

    /// Whether `account` may publish: it owns the registry, or is one of its managers.
    ///
    /// # Errors
    ///
    /// If the chain does not answer.
    fn may_publish(&self, account: AccountId) -> Result<bool, Unreachable>;

    /// Returns all tiers, by their numbers.
    ///
    /// # Errors
    ///
    /// If the chain does not answer.
    fn tiers(&self) -> Result<Vec<Tier>, Unreachable>;

    /// Returns at most `most` pieces of content from number `first` on.
    ///
    /// # Errors
    ///
    /// If the chain does not answer.
    fn content(&self, first: u32, most: u32) -> Result<Vec<Content>, Unreachable>;
}

/// An answer, and when it was asked for.
type Kept<T> = (Instant, Arc<Vec<T>>);

/// Answers of the chain, kept for a few seconds.
pub struct Offers {
    chain: Arc<dyn CreatorChain>,
    queries: Semaphore,
    tiers: Mutex<Option<Kept<Tier>>>,
    content: Mutex<HashMap<(u32, u32), Kept<Content>>>,
}

impl Offers {
    /// The offers of the creator on `chain`.
    pub fn new(chain: Arc<dyn CreatorChain>) -> Self {
        Self { chain, queries: Semaphore::new(MOST_QUERIES), tiers: Mutex::default(), content: Mutex::default() }
    }

    /// Returns the owner of the vault. It is not kept, as it decides who signs in.
    ///
    /// # Errors
    ///
    /// If the chain does not answer.
    pub async fn owner(&self) -> Result<AccountId, Problem> {
        self.query(|chain| chain.owner()).await
    }

    /// Whether `account` may publish. It is not kept, as the owner's.
    ///
    /// # Errors
    ///
    /// If the chain does not answer.
    pub async fn may_publish(&self, account: AccountId) -> Result<bool, Problem> {
        self.query(move |chain| chain.may_publish(account)).await
    }

    /// Returns all tiers.
    ///
    /// # Errors
    ///
    /// If the chain does not answer.
    pub async fn tiers(&self) -> Result<Arc<Vec<Tier>>, Problem> {
        let kept = || self.tiers.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, tiers)) = kept().as_ref().filter(|(asked, _)| asked.elapsed() < LIFETIME) {
            return Ok(tiers.clone());
        }
        let tiers = Arc::new(self.query(|chain| chain.tiers()).await?);
        *kept() = Some((Instant::now(), tiers.clone()));
        Ok(tiers)
    }

    /// Returns at most `most` pieces of content from number `first` on.
    ///
    /// # Errors
    ///
    /// If the chain does not answer.
    pub async fn content(&self, first: u32, most: u32) -> Result<Arc<Vec<Content>>, Problem> {
        let kept = || self.content.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, page)) = kept().get(&(first, most)).filter(|(asked, _)| asked.elapsed() < LIFETIME) {
            return Ok(page.clone());
        }
        let page = Arc::new(self.query(move |chain| chain.content(first, most)).await?);
        let mut pages = kept();
        if pages.len() >= MOST_PAGES {
            pages.retain(|_, (asked, _)| asked.elapsed() < LIFETIME);
        }
        if pages.len() < MOST_PAGES {
            pages.insert((first, most), (Instant::now(), page.clone()));
        }
        Ok(page)
    }

    async fn query<T: Send + 'static>(
        &self,
        query: impl FnOnce(&dyn CreatorChain) -> Result<T, Unreachable> + Send + 'static,
    ) -> Result<T, Problem> {
        let _permit = self.queries.acquire().await.map_err(|_| Problem::internal())?;
        let chain = self.chain.clone();
        let answer = tokio::task::spawn_blocking(move || query(&*chain)).await;
        let answer = answer.map_err(|error| {
            tracing::error!(%error, "a query to the chain failed");
            Problem::internal()
        })?;
        Ok(answer?)
    }
}
