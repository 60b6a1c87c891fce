//! Stores a batch of blocks: its entries, and what they change.

mod state;
mod write;

use std::collections::BTreeMap;

use patronage::{
    contracts::Contracts,
    events::{event_of, text_of},
};
use patronage_chain::{hexadecimal, ContractEvent, PastEvent};
use patronage_core::{
    streams::Stream,
    tiers::{Fan, Subscription},
};
use patronage_interfaces::{registry, vault};
use sqlx::{Any, Transaction};

use crate::{
    database::{CreatorId, Cursor, Index},
    decode::decode,
    model::{ContentRecord, Entry, Kind, Place, StakeRecord, TierRecord},
    stored::integer,
    IndexError,
};
pub(crate) use state::{column, content_of, subscription_of, tier_of};
use state::{MemberState, State};

/// A millisecond day of UTC.
pub(crate) const DAY: u64 = 86_400_000;

/// Events of a creator in the blocks after the cursor, up to a block.
#[derive(Debug, Clone)]
pub struct Batch {
    /// The events, in order.
    pub events: Vec<PastEvent>,
    /// Number of the last block.
    pub block: u32,
    /// Hash of the last block.
    pub hash: [u8; 32],
}

/// What became of a batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Applied {
    /// It is stored.
    Stored,
    /// Another process has stored these blocks. Read the cursor again.
    Overtaken,
}

impl Index {
    /// Stores `batch`, which follows `after`, in one transaction.
    ///
    /// # Errors
    ///
    /// If the database can't be used. Then nothing of the batch is stored.
    pub async fn apply(
        &self,
        creator: CreatorId,
        contracts: &Contracts,
        after: &Cursor,
        batch: &Batch,
    ) -> Result<Applied, IndexError> {
        let failed = |error: sqlx::Error| self.failed(&error);
        let mut transaction = self.pool.begin().await.map_err(failed)?;
        // First, so that of two processes one waits for the other, and then finds another cursor.
        let moved = sqlx::query(
            "UPDATE creators SET block = $1, block_hash = $2 WHERE id = $3 AND block = $4 AND block_hash = $5",
        )
        .bind(integer(batch.block))
        .bind(hexadecimal(&batch.hash))
        .bind(creator.0)
        .bind(integer(after.block))
        .bind(&after.hash)
        .execute(&mut *transaction)
        .await
        .map_err(failed)?;
        if moved.rows_affected() == 0 {
            return Ok(Applied::Overtaken);
        }
        let mut work = Work {
            state: State::new(&mut transaction, creator, &self.name),
            contracts: *contracts,
            entries: Vec::new(),
            days: BTreeMap::new(),
        };
        for events in batch.events.chunk_by(|one, other| one.block == other.block) {
            let all: Vec<&ContractEvent> = events.iter().map(|past| &past.event).collect();
            for (position, past) in events.iter().enumerate() {
                let place = Place { block: past.block, position: u32::try_from(position).unwrap_or(u32::MAX) };
                work.event(past, place, &all).await?;
            }
        }
        let Work { state, entries, days, .. } = work;
        state.write(&entries, &days).await?;
        transaction.commit().await.map_err(failed)?;
        Ok(Applied::Stored)
    }
}

/// Sum and number of a day's entries, by day, asset and kind.
type Days = BTreeMap<(u64, String, Kind), (u128, u64)>;

/// A batch while it is applied.
struct Work<'t, 'c> {
    state: State<'t, 'c>,
    contracts: Contracts,
    entries: Vec<Entry>,
    days: Days,
}

impl Work<'_, '_> {
    async fn event(&mut self, past: &PastEvent, place: Place, siblings: &[&ContractEvent]) -> Result<(), IndexError> {
        let PastEvent { time, event, .. } = past;
        self.balances(event).await?;
        self.vault(event, *time).await?;
        self.registry(event, *time).await?;
        let Some(mut entry) = decode(event, siblings, &self.contracts, place, *time) else { return Ok(()) };
        self.complete(&mut entry).await?;
        if let (true, Some(asset), Some(amount)) = (entry.kind.sign() != 0, &entry.asset, entry.amount) {
            let key = (entry.time / DAY, crate::stored::asset_text(asset), entry.kind);
            let (sum, count) = self.days.entry(key).or_default();
            // The sum of all amounts of an asset is its supply at most.
            *sum = sum.saturating_add(amount);
            *count = count.saturating_add(1);
        }
        self.entries.push(entry);
        Ok(())
    }

    /// Adds what the event itself does not say: the asset of a tier, and why a subscription ended.
    async fn complete(&mut self, entry: &mut Entry) -> Result<(), IndexError> {
        if entry.kind == Kind::ToppedUp {
            entry.tier = self.state.member(entry.account).await?.map(|member| member.subscription.tier);
        }
        if entry.kind == Kind::Ended {
            entry.note = self.state.member(entry.account).await?.and_then(|member| member.ended.clone());
        }
        if let (Some(tier), None) = (entry.tier, &entry.asset) {
            entry.asset = self.state.tier(tier).await?.map(|tier| tier.asset);
        }
        Ok(())
    }

    async fn balances(&mut self, event: &ContractEvent) -> Result<(), IndexError> {
        let Some(moved) = event_of::<psp22::Transfer>(event, self.contracts.token) else { return Ok(()) };
        if let Some(from) = moved.from {
            let balance = self.state.balance(from).await?;
            *balance = balance.saturating_sub(moved.value);
        }
        if let Some(to) = moved.to {
            let balance = self.state.balance(to).await?;
            // All balances together are below 2^128.
            *balance = balance.saturating_add(moved.value);
        }
        Ok(())
    }

    async fn vault(&mut self, event: &ContractEvent, time: u64) -> Result<(), IndexError> {
        let contract = self.contracts.vault;
        if let Some(offered) = event_of::<vault::TierOffered>(event, contract) {
            let vault::TierOffered { tier, terms, open } = offered;
            let (asset, price, period, level) = (terms.asset, terms.price, terms.period, terms.level);
            self.state.set_tier(TierRecord { tier, asset, price, period, level, open });
        } else if let Some(tip) = event_of::<vault::Tipped>(event, contract) {
            let tipper = self.state.tipper(tip.fan, &tip.asset).await?;
            tipper.total = tipper.total.saturating_add(tip.amount);
            tipper.tips = tipper.tips.saturating_add(1);
            tipper.last = time;
        } else if let Some(stake) = event_of::<vault::StakeChanged>(event, contract) {
            let vault::StakeChanged { fan, staked, unstaking, ready } = stake;
            self.state.set_stake(fan, StakeRecord { staked, unstaking, ready });
        } else if let Some(subscribed) = event_of::<vault::Subscribed>(event, contract) {
            self.subscribed(&subscribed, time).await?;
        } else if let Some(paid) = event_of::<vault::ToppedUp>(event, contract) {
            if let Some(mut member) = self.state.member(paid.fan).await? {
                let stream = &mut member.subscription.stream;
                stream.paid = stream.paid.saturating_add(paid.paid);
                stream.end = paid.until;
                member.payer = paid.payer;
                self.state.set_member(paid.fan, member);
            }
        } else if let Some(ended) = event_of::<vault::Ended>(event, contract) {
            if let Some(mut member) = self.state.member(ended.fan).await? {
                let expired = !member.subscription.stream.runs(time);
                let why = match () {
                    () if expired => "expired, and its seat was freed",
                    () if ended.by == ended.fan => "cancelled by the fan",
                    () => "ended by the owner",
                };
                let stream = &mut member.subscription.stream;
                stream.end = stream.end.min(time);
                member.ended = Some(why.to_owned());
                member.refunded = Some(ended.refund);
                self.state.set_member(ended.fan, member);
            }
        }
        Ok(())
    }

    async fn subscribed(&mut self, event: &vault::Subscribed, time: u64) -> Result<(), IndexError> {
        let level = self.state.tier(event.tier).await?.map_or(0, |tier| tier.level);
        let before = self.state.member(event.fan).await?.filter(|member| member.ended.is_none());
        // The vault's own rule for the time since which a level is held.
        let fan = Fan { subscription: before.map(|member| member.subscription), ..Fan::default() };
        let subscription = Subscription {
            tier: event.tier,
            level,
            since: fan.since(level, time),
            stream: Stream {
                price: event.price,
                start: time,
                end: event.until,
                paid: event.paid.saturating_add(event.carried),
                minimum: event.minimum,
            },
        };
        let member = MemberState { subscription, payer: event.payer, ended: None, refunded: None };
        self.state.set_member(event.fan, member);
        Ok(())
    }

    async fn registry(&mut self, event: &ContractEvent, time: u64) -> Result<(), IndexError> {
        let contract = self.contracts.registry;
        if let Some(new) = event_of::<registry::Published>(event, contract) {
            let registry::Published { id, price, release, retired, .. } = new;
            let uri = text_of(&new.uri);
            self.state.set_content(ContentRecord { content: id, uri, price, release, retired, published: time });
        } else if let Some(changed) = event_of::<registry::TermsChanged>(event, contract) {
            if let Some(content) = self.state.content(changed.id).await? {
                let registry::TermsChanged { price, release, retired, .. } = changed;
                self.state.set_content(ContentRecord { price, release, retired, ..content });
            }
        } else if let Some(replaced) = event_of::<registry::FileReplaced>(event, contract) {
            if let Some(content) = self.state.content(replaced.id).await? {
                self.state.set_content(ContentRecord { uri: text_of(&replaced.uri), ..content });
            }
        } else if let Some(bought) = event_of::<registry::Purchased>(event, contract) {
            self.state.add_purchase(bought.id, bought.recipient, bought.payer, bought.price, time);
        }
        Ok(())
    }
}

/// The transaction of a batch.
type Tx<'c> = Transaction<'c, Any>;
