//! Questions to an index. Lists come in pages: [`Page`].

mod counts;
mod entries;
mod members;
mod offers;
mod plans;
mod ranks;
mod totals;

pub use entries::EntryFilter;
pub use members::{MemberFilter, MemberKey, MemberOrder};
pub use plans::Question;
pub use ranks::RankKey;
pub use totals::Span;

/// A part of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T, K> {
    /// The items.
    pub items: Vec<T>,
    /// The key to continue after the last item. `None` if there are no more.
    pub next: Option<K>,
}

impl<T, K> Page<T, K> {
    /// The page of `items`, of which `limit` were wanted and one more was asked for. `key` is the key of an item.
    fn of(mut items: Vec<T>, limit: u32, key: impl Fn(&T) -> K) -> Self {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let more = items.len() > limit;
        items.truncate(limit);
        let next = items.last().filter(|_| more).map(key);
        Self { items, next }
    }
}

/// The number of rows to ask for: one more than wanted tells whether there are more.
fn rows(limit: u32) -> i64 {
    i64::from(limit).saturating_add(1)
}
