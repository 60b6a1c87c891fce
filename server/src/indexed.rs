//! Answers what the server asks, from the index of the chain's events.

use std::{
    collections::BTreeMap,
    sync::{
        atomic::{AtomicI64, Ordering},
        Arc,
    },
};

use chrono::{DateTime, Datelike};
use patronage_gateway::registry::AccountId;
use patronage_indexer::{
    model::{self, Entry, Kind, Place},
    query::{EntryFilter, MemberFilter, MemberOrder, Span},
    CreatorId, Index, IndexError,
};
use patronage_interfaces::vault::Asset;

use crate::{
    api::shapes::{Account, AsOf, AssetAmount, Happened, IncomeSum, Member, Ranked},
    history::{At, Event, EventKind, History, HistoryError, HistoryFuture, Order, Part, Period, Ranking, Which},
    identity::{parse_account, shown, Identity},
};

/// Events of an account that are read to find out whether it was a member before.
const LOOK_BACK: u32 = 100;
/// Bits of a position in a block, in the number of an event.
const POSITION_BITS: u32 = 31;

/// The history of one creator in an index.
pub struct Indexed {
    index: Index,
    creator: CreatorId,
    identity: Identity,
    /// Time of the chain when it was last read, in ms.
    now: Arc<AtomicI64>,
}

impl Indexed {
    /// The history of `creator` in `index`. `now` is the time of the chain in ms, which changes while the index follows it.
    pub fn new(index: Index, creator: CreatorId, identity: Identity, now: Arc<AtomicI64>) -> Self {
        Self { index, creator, identity, now }
    }

    /// The time of the chain in ms.
    fn now(&self) -> u64 {
        u64::try_from(self.now.load(Ordering::Relaxed)).unwrap_or(0)
    }

    fn member(&self, member: &model::Member) -> Member {
        let (subscription, now) = (&member.subscription, self.now());
        let stream = &subscription.stream;
        let gift = member.is_gift().then(|| shown(member.payer.as_ref()));
        Member {
            account: shown(member.fan.as_ref()),
            tier: subscription.tier,
            tier_name: self.identity.tier_name(subscription.tier),
            running: member.runs(now),
            since: signed(subscription.since),
            until: signed(stream.end),
            ended: member.ended.as_ref().map(|_| signed(stream.end)),
            asset: asset_shown(&member.asset),
            price: stream.price.to_string(),
            paid: stream.paid.to_string(),
            refundable: member.refundable.to_string(),
            granted: subscription.is_grant(),
            gift_of: gift,
        }
    }

    /// Whether the account of `entry` was a member just before it.
    async fn was_member(&self, entry: &Entry) -> Result<bool, IndexError> {
        let filter = EntryFilter { account: Some(entry.account), newest_first: true, ..EntryFilter::default() };
        let before = self.index.entries(self.creator, &filter, Some(entry.place), LOOK_BACK).await?;
        let mut changes = before.items.iter().filter(|earlier| earlier.account == entry.account);
        let last = changes.find(|earlier| matches!(earlier.kind, Kind::Subscribed | Kind::ToppedUp | Kind::Ended));
        Ok(last.is_some_and(|last| last.kind != Kind::Ended && last.until.is_some_and(|until| until > entry.time)))
    }

    async fn event(&self, entry: Entry) -> Result<Event, IndexError> {
        let kind = match entry.kind {
            Kind::Tip => EventKind::Tip {
                asset: entry.asset.as_ref().and_then(token_of),
                amount: entry.amount.unwrap_or_default(),
                memo: entry.note.clone().unwrap_or_default(),
            },
            Kind::Subscribed if !self.was_member(&entry).await? => EventKind::NewMember {
                tier: entry.tier.unwrap_or_default(),
                until: signed(entry.until.unwrap_or_default()),
                paid: entry.amount.unwrap_or_default(),
                payer: entry.other.map(|payer| *payer.as_ref()),
            },
            _ => EventKind::Other,
        };
        Ok(Event {
            number: number_of(entry.place),
            block: entry.place.block.into(),
            time: signed(entry.time),
            account: *entry.account.as_ref(),
            kind,
        })
    }

    fn happened(&self, entry: &Entry) -> Happened {
        let mut details = serde_json::Map::new();
        let mut add =
            |name: &str, value: Option<serde_json::Value>| details.extend(value.map(|value| (name.to_owned(), value)));
        let amount = |amount: Option<u128>| amount.map(|amount| amount.to_string().into());
        add("account", Some(shown(entry.account.as_ref()).into()));
        add("other", entry.other.map(|other| shown(other.as_ref()).into()));
        add("asset", entry.asset.as_ref().map(|asset| asset_shown(asset).into()));
        add("amount", amount(entry.amount));
        add("fee", amount(entry.fee));
        add("tokens", amount(entry.tokens));
        add("tier", entry.tier.map(Into::into));
        add("tier_name", entry.tier.and_then(|tier| self.identity.tier_name(tier)).map(Into::into));
        add("content", entry.content.map(Into::into));
        add("title", entry.content.and_then(|content| self.identity.title(content)).map(Into::into));
        add("note", entry.note.clone().map(Into::into));
        add("until", entry.until.map(Into::into));
        Happened {
            block: entry.place.block.into(),
            time: signed(entry.time),
            kind: entry.kind.name().to_owned(),
            details: details.into(),
        }
    }
}

impl From<IndexError> for HistoryError {
    fn from(error: IndexError) -> Self {
        Self::Away(error.to_string())
    }
}

/// A time or a number of the chain, far below 2^63.
fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

fn token_of(asset: &Asset) -> Option<AccountId> {
    match asset {
        Asset::Native => None,
        Asset::Psp22(token) => Some(*token.as_ref()),
    }
}

fn asset_shown(asset: &Asset) -> Option<String> {
    token_of(asset).as_ref().map(shown)
}

/// Numbers events in their order.
fn number_of(place: Place) -> i64 {
    (i64::from(place.block) << POSITION_BITS) | i64::from(place.position & (u32::MAX >> 1))
}

/// The place of [`number_of`].
fn place_of(number: i64) -> Place {
    let mask = (1_i64 << POSITION_BITS) - 1;
    Place {
        block: u32::try_from(number >> POSITION_BITS).unwrap_or(0),
        position: u32::try_from(number & mask).unwrap_or(0),
    }
}

/// Parses a cursor of two parts.
fn cursor<A, B>(
    text: Option<&str>,
    first: impl Fn(&str) -> Option<A>,
    second: impl Fn(&str) -> Option<B>,
) -> Result<Option<(A, B)>, HistoryError> {
    let Some(text) = text else { return Ok(None) };
    let parts = text.split_once('-').and_then(|(one, other)| Some((first(one)?, second(other)?)));
    parts.map(Some).ok_or_else(|| HistoryError::Malformed("this is not `next` of a page".to_owned()))
}

fn number<T: std::str::FromStr>(text: &str) -> Option<T> {
    text.parse().ok()
}

fn key_account(text: &str) -> Option<patronage_interfaces::AccountId> {
    parse_account(text).ok().map(Into::into)
}

impl History for Indexed {
    fn as_of(&self) -> HistoryFuture<'_, AsOf> {
        Box::pin(async {
            let cursor = self.index.cursor(self.creator).await?;
            Ok(AsOf { block: cursor.block.into(), time: signed(self.now()) })
        })
    }

    fn member_count(&self) -> HistoryFuture<'_, i64> {
        Box::pin(async { Ok(signed(self.index.member_count(self.creator, self.now()).await?)) })
    }

    fn account(&self, account: AccountId) -> HistoryFuture<'_, Account> {
        Box::pin(async move {
            let (who, now) = (account.into(), self.now());
            let membership = self.index.member(self.creator, &who, now).await?;
            let stake = self.index.stake(self.creator, &who).await?;
            let (staked, unstaking) = stake.map_or((0, 0), |stake| (stake.staked, stake.unstaking));
            let tipped = self.index.tips_of(self.creator, &who).await?;
            let amount =
                |(asset, amount): &(Asset, u128)| AssetAmount { asset: asset_shown(asset), amount: amount.to_string() };
            Ok(Account {
                account: shown(&account),
                membership: membership.as_ref().map(|member| self.member(member)),
                tokens: self.index.balance(self.creator, &who).await?.to_string(),
                staked: staked.to_string(),
                unstaking: unstaking.to_string(),
                tipped: tipped.iter().map(amount).collect(),
                bought: self.index.purchases(self.creator, &who).await?,
                as_of: self.as_of().await?,
            })
        })
    }

    fn history(&self, account: AccountId, at: At) -> HistoryFuture<'_, Part<Happened>> {
        Box::pin(async move {
            let filter = EntryFilter { account: Some(account.into()), newest_first: true, ..EntryFilter::default() };
            let after = cursor(at.cursor.as_deref(), number, number)?;
            let after = after.map(|(block, position)| Place { block, position });
            let page = self.index.entries(self.creator, &filter, after, at.limit).await?;
            let next = page.next.map(|Place { block, position }| format!("{block}-{position}"));
            Ok(Part { items: page.items.iter().map(|entry| self.happened(entry)).collect(), next })
        })
    }

    fn top(&self, ranking: Ranking, at: At) -> HistoryFuture<'_, Part<Ranked>> {
        Box::pin(async move {
            let after = cursor(at.cursor.as_deref(), number, key_account)?;
            let (index, creator, limit) = (&self.index, self.creator, at.limit);
            let page = match ranking {
                Ranking::Tippers(asset) => {
                    let asset = asset.map_or(Asset::Native, |token| Asset::Psp22(token.into()));
                    index.top_tippers(creator, &asset, after, limit).await?
                }
                Ranking::Holders => index.top_holders(creator, &self.identity.vault.into(), after, limit).await?,
                Ranking::Stakers => index.top_stakers(creator, after, limit).await?,
            };
            let ranked =
                |one: &model::Ranked| Ranked { account: shown(one.account.as_ref()), amount: one.amount.to_string() };
            let next = page.next.map(|(amount, account)| format!("{amount}-{}", shown(account.as_ref())));
            Ok(Part { items: page.items.iter().map(ranked).collect(), next })
        })
    }

    fn income(&self, from: i64, to: i64, period: Period) -> HistoryFuture<'_, Vec<IncomeSum>> {
        Box::pin(async move {
            let span = if period == Period::Day { Span::Day } else { Span::Month };
            let (from, to) = (u64::try_from(from).unwrap_or(0), u64::try_from(to).unwrap_or(0));
            let totals = self.index.totals(self.creator, span, Some(from), Some(to)).await?;
            let mut sums: BTreeMap<(String, Option<String>, Kind), (u128, u64)> = BTreeMap::new();
            for total in &totals {
                let key = (period_of(total.time, period), asset_shown(&total.asset), total.kind);
                let sum = sums.entry(key).or_default();
                *sum = (sum.0.saturating_add(total.amount), sum.1.saturating_add(total.events));
            }
            let sum =
                |((period, asset, kind), (amount, events)): ((String, Option<String>, Kind), (u128, u64))| IncomeSum {
                    period,
                    kind: kind.name().to_owned(),
                    comes_in: kind.sign() > 0,
                    asset,
                    amount: amount.to_string(),
                    lines: signed(events),
                };
            Ok(sums.into_iter().map(sum).collect())
        })
    }

    fn members(&self, which: Which, at: At) -> HistoryFuture<'_, Part<Member>> {
        Box::pin(async move {
            let filter = MemberFilter {
                now: self.now(),
                tier: which.tier,
                expiring_before: which.before.map(|time| u64::try_from(time).unwrap_or(0)),
                lapsed: which.lapsed,
                order: match which.order {
                    Order::Until => MemberOrder::End,
                    Order::Since => MemberOrder::Since,
                    Order::Paid => MemberOrder::Paid,
                },
            };
            let after = cursor(at.cursor.as_deref(), number, key_account)?;
            let page = self.index.members(self.creator, &filter, after, at.limit).await?;
            let next = page.next.map(|(value, fan)| format!("{value}-{}", shown(fan.as_ref())));
            Ok(Part { items: page.items.iter().map(|member| self.member(member)).collect(), next })
        })
    }

    fn events_after(&self, after: i64, most: u32) -> HistoryFuture<'_, Vec<Event>> {
        Box::pin(async move {
            let filter = EntryFilter::default();
            let page = self.index.entries(self.creator, &filter, Some(place_of(after)), most).await?;
            let mut events = Vec::with_capacity(page.items.len());
            for entry in page.items {
                events.push(self.event(entry).await?);
            }
            Ok(events)
        })
    }
}

/// The day, month or year of `time`, such as `2026-01-31`.
fn period_of(time: u64, period: Period) -> String {
    let date = DateTime::from_timestamp_millis(signed(time)).unwrap_or_default();
    match period {
        Period::Day => date.format("%Y-%m-%d").to_string(),
        Period::Month => date.format("%Y-%m").to_string(),
        Period::Year => date.year().to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_events_keep_their_order_and_places() {
        let places = [(0, 0), (0, 1), (1, 0), (7, 1 << 20), (8, 0), (u32::MAX, 5)];
        let places = places.map(|(block, position)| Place { block, position });
        let numbers = places.map(number_of);
        assert!(numbers.is_sorted());
        assert_eq!(numbers.map(place_of), places);
    }

    #[test]
    fn cursors_that_no_page_gave_are_refused() {
        let read = |text| cursor::<u32, u32>(text, number, number);
        assert_eq!(read(None), Ok(None));
        assert_eq!(read(Some("7-3")), Ok(Some((7, 3))));
        for text in ["", "-", "7", "7-", "-3", "7-3-1", "a-b", "99999999999-1"] {
            assert!(read(Some(text)).is_err(), "{text}");
        }
    }
}
