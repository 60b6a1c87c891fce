//! Makes notices from the index.

use std::{collections::HashSet, time::Duration};

use patronage_gateway::registry::AccountId;
use ring::digest::{digest, SHA256};
use serde_json::{json, Value};

use super::{
    store::{Position, Store},
    Kind, Notice,
};
use crate::{
    api::shapes::Member,
    history::{At, Event, EventKind, History, HistoryError, Order, Which},
    identity::{shown, Identity},
};

/// Events that are read at once.
const BATCH: u32 = 500;
/// Members that are read at once.
const PAGE: u32 = 100;

/// What is announced, and to whom.
#[derive(Debug, Clone)]
pub struct Settings {
    /// How long before its end a membership is announced.
    pub before_end: Duration,
    /// Addresses of the receivers.
    pub urls: Vec<String>,
}

/// Why no notices are made.
#[derive(Debug, thiserror::Error)]
pub enum MakeError {
    /// The index does not answer.
    #[error(transparent)]
    History(#[from] HistoryError),
    /// The database of notices does not answer.
    #[error("the database of notices does not answer: {0}")]
    Store(#[from] sqlx::Error),
}

/// Makes notices of one creator.
pub struct Maker {
    identity: Identity,
    store: Store,
    settings: Settings,
    /// Ids of notices of ends that are stored, so that they are not stored again and again.
    known: HashSet<String>,
}

impl Maker {
    /// Makes notices for the creator `identity` in `store`.
    pub fn new(identity: Identity, store: Store, settings: Settings) -> Self {
        Self { identity, store, settings, known: HashSet::new() }
    }

    /// Makes notices of what the index has new, at the time of day `now` in ms. At the first call for a creator, nothing that
    /// happened before is announced.
    ///
    /// # Errors
    ///
    /// If a database does not answer. What was made stays, and the next call goes on from there.
    pub async fn make(&mut self, history: &dyn History, now: i64) -> Result<(), MakeError> {
        let creator = self.identity.id();
        let as_of = history.as_of().await?;
        let first = Position { event: 0, since: as_of.time };
        let mut position = match self.store.position(&creator).await? {
            Some(position) => position,
            None => {
                self.store.add(&creator, &[], &[], first, now).await?;
                first
            }
        };
        loop {
            let events = history.events_after(position.event, BATCH).await?;
            let Some(last) = events.last() else { break };
            position.event = last.number;
            let recent = events.iter().filter(|event| event.time >= position.since);
            let notices: Vec<Notice> = recent.filter_map(|event| self.of_event(event)).collect();
            self.store.add(&creator, &notices, &self.settings.urls, position, now).await?;
        }
        self.ends(history, position, as_of.time, now).await
    }

    /// Makes notices of memberships that end soon.
    async fn ends(&mut self, history: &dyn History, position: Position, time: i64, now: i64) -> Result<(), MakeError> {
        let horizon = time.saturating_add(i64::try_from(self.settings.before_end.as_millis()).unwrap_or(i64::MAX));
        let which = Which { tier: None, lapsed: false, before: Some(horizon), order: Order::Until };
        let creator = self.identity.id();
        let mut at = At { cursor: None, limit: PAGE };
        let mut current = HashSet::new();
        loop {
            let part = history.members(which, at.clone()).await?;
            let notices: Vec<Notice> = part.items.iter().map(|member| self.of_end(member)).collect();
            let new: Vec<Notice> = notices.iter().filter(|notice| !self.known.contains(&notice.id)).cloned().collect();
            if !new.is_empty() {
                self.store.add(&creator, &new, &self.settings.urls, position, now).await?;
            }
            current.extend(notices.into_iter().map(|notice| notice.id));
            match part.next {
                Some(next) => at.cursor = Some(next),
                None => break,
            }
        }
        self.known = current;
        Ok(())
    }

    fn of_event(&self, event: &Event) -> Option<Notice> {
        let account = shown(&event.account);
        let (kind, title, data) = match &event.kind {
            EventKind::Tip { asset, amount, memo } => {
                let memo_shown = if memo.is_empty() { String::new() } else { format!(": {memo}") };
                let title = format!("{account} tipped {}{memo_shown}", self.amount(asset.as_ref(), *amount));
                let asset = asset.as_ref().map(shown);
                (Kind::Tip, title, json!({ "asset": asset, "amount": amount.to_string(), "memo": memo }))
            }
            EventKind::NewMember { tier, until, paid, payer } => {
                let name = self.identity.tier_name(*tier);
                let title = format!("{account} is a new member of {}", tier_shown(*tier, name.as_deref()));
                let gift_of = payer.as_ref().map(shown);
                let data = json!({ "tier": tier, "tier_name": name, "until": until, "paid": paid.to_string(), "gift_of": gift_of });
                (Kind::NewMember, title, data)
            }
            EventKind::Other => return None,
        };
        let mut data = self.with_creator(&account, data);
        data["block"] = event.block.into();
        Some(Notice { id: self.id_of(kind, &event.number.to_string()), kind, time: event.time, title, data })
    }

    fn of_end(&self, member: &Member) -> Notice {
        let tier = tier_shown(member.tier, member.tier_name.as_deref());
        let title = format!("the time of {} in {tier} ends at {}", member.account, super::rfc3339(member.until));
        let data = json!({ "tier": member.tier, "tier_name": member.tier_name, "until": member.until, "granted": member.granted });
        let id = self.id_of(Kind::Ending, &format!("{} {}", member.account, member.until));
        let before = i64::try_from(self.settings.before_end.as_millis()).unwrap_or(i64::MAX);
        // When it became near, which does not depend on when this is made.
        let time = member.until.saturating_sub(before).max(member.since);
        Notice { id, kind: Kind::Ending, time, title, data: self.with_creator(&member.account, data) }
    }

    fn with_creator(&self, account: &str, mut data: Value) -> Value {
        data["account"] = account.into();
        data["genesis"] = format!("0x{}", hex::encode(self.identity.registry.genesis)).into();
        data["vault"] = shown(&self.identity.vault).into();
        data
    }

    /// An id that is the same each time the notice is made, in every process.
    fn id_of(&self, kind: Kind, key: &str) -> String {
        let hash = digest(&SHA256, format!("{} {} {key}", self.identity.id(), kind.name()).as_bytes());
        format!("{}_{}", kind.name().replace('.', "_"), hex::encode(hash.as_ref().get(..16).unwrap_or_default()))
    }

    /// An amount for people.
    fn amount(&self, asset: Option<&AccountId>, amount: u128) -> String {
        match asset {
            None => self.identity.native.format(amount),
            Some(token) if *token == self.identity.token => self.identity.creator_token.format(amount),
            Some(token) => format!("{amount} smallest units of the token {}", shown(token)),
        }
    }
}

fn tier_shown(tier: u32, name: Option<&str>) -> String {
    match name {
        Some(name) => name.to_owned(),
        None => format!("tier #{tier}"),
    }
}
