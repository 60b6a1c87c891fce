//! The rows that a batch changes: each is read once, changed in memory, and written once.

use std::collections::{BTreeMap, HashMap};

use patronage_chain::accounts::address;
use patronage_core::{streams::Stream, tiers::Subscription};
use patronage_interfaces::{vault::Asset, AccountId};
use sqlx::{any::AnyRow, query::Query, Any, Row};

use super::Tx;
use crate::{
    database::CreatorId,
    model::{ContentRecord, StakeRecord, TierRecord},
    stored::{account_of, amount_of, asset_of, asset_text, integer, number},
    IndexError,
};

/// The last subscription of a fan.
#[derive(Debug, Clone)]
pub(super) struct MemberState {
    pub(super) subscription: Subscription,
    pub(super) payer: AccountId,
    pub(super) ended: Option<String>,
    pub(super) refunded: Option<u128>,
}

/// The tips of a fan in an asset.
#[derive(Debug, Clone, Default)]
pub(super) struct TipperState {
    pub(super) total: u128,
    pub(super) tips: u64,
    pub(super) last: u64,
}

/// A purchase.
#[derive(Debug, Clone)]
pub(super) struct PurchaseState {
    pub(super) payer: AccountId,
    pub(super) price: u128,
    pub(super) time: u64,
}

/// Rows that were read or changed. Maps are ordered, so that processes that write at the same time lock rows in the same order.
pub(super) struct State<'t, 'c> {
    pub(super) tx: &'t mut Tx<'c>,
    pub(super) creator: i64,
    pub(super) name: String,
    pub(super) tiers: HashMap<u32, Option<TierRecord>>,
    pub(super) members: BTreeMap<AccountId, Option<MemberState>>,
    pub(super) balances: BTreeMap<AccountId, u128>,
    pub(super) stakes: BTreeMap<AccountId, StakeRecord>,
    pub(super) tippers: BTreeMap<(AccountId, String), TipperState>,
    pub(super) contents: BTreeMap<u32, Option<ContentRecord>>,
    pub(super) purchases: BTreeMap<(u32, AccountId), PurchaseState>,
}

/// Reads a column.
pub(crate) fn column<'r, T>(row: &'r AnyRow, name: &str) -> Result<T, IndexError>
where
    T: sqlx::Decode<'r, Any> + sqlx::Type<Any>,
{
    row.try_get(name).map_err(|error| IndexError::Damaged(error.to_string()))
}

/// Reads the stream and the level of a row of `members`.
pub(crate) fn subscription_of(row: &AnyRow) -> Result<Subscription, IndexError> {
    let amount = |name| amount_of(column::<&str>(row, name)?);
    Ok(Subscription {
        tier: number(column(row, "tier")?)?,
        level: number(column(row, "level")?)?,
        since: number(column(row, "since")?)?,
        stream: Stream {
            price: amount("price")?,
            start: number(column(row, "started")?)?,
            end: number(column(row, "until_time")?)?,
            paid: amount("paid")?,
            minimum: amount("minimum")?,
        },
    })
}

impl<'t, 'c> State<'t, 'c> {
    pub(super) fn new(tx: &'t mut Tx<'c>, creator: CreatorId, name: &str) -> Self {
        Self {
            tx,
            creator: creator.0,
            name: name.to_owned(),
            tiers: HashMap::new(),
            members: BTreeMap::new(),
            balances: BTreeMap::new(),
            stakes: BTreeMap::new(),
            tippers: BTreeMap::new(),
            contents: BTreeMap::new(),
            purchases: BTreeMap::new(),
        }
    }

    async fn row<'q>(
        &mut self,
        query: Query<'q, Any, sqlx::any::AnyArguments<'q>>,
    ) -> Result<Option<AnyRow>, IndexError> {
        query.fetch_optional(&mut **self.tx).await.map_err(|error| IndexError::of(&self.name, &error))
    }

    pub(super) async fn tier(&mut self, tier: u32) -> Result<Option<TierRecord>, IndexError> {
        if let Some(known) = self.tiers.get(&tier) {
            return Ok(known.clone());
        }
        let query = sqlx::query("SELECT * FROM tiers WHERE creator = $1 AND tier = $2");
        let row = self.row(query.bind(self.creator).bind(integer(tier))).await?;
        let found = row.as_ref().map(tier_of).transpose()?;
        self.tiers.insert(tier, found.clone());
        Ok(found)
    }

    pub(super) fn set_tier(&mut self, tier: TierRecord) {
        self.tiers.insert(tier.tier, Some(tier));
    }

    pub(super) async fn member(&mut self, fan: AccountId) -> Result<Option<MemberState>, IndexError> {
        if let Some(known) = self.members.get(&fan) {
            return Ok(known.clone());
        }
        let query = sqlx::query("SELECT * FROM members WHERE creator = $1 AND fan = $2");
        let row = self.row(query.bind(self.creator).bind(address(&fan))).await?;
        let found = row.as_ref().map(member_of).transpose()?;
        self.members.insert(fan, found.clone());
        Ok(found)
    }

    pub(super) fn set_member(&mut self, fan: AccountId, member: MemberState) {
        self.members.insert(fan, Some(member));
    }

    pub(super) async fn balance(&mut self, who: AccountId) -> Result<&mut u128, IndexError> {
        if !self.balances.contains_key(&who) {
            let query = sqlx::query("SELECT balance FROM holders WHERE creator = $1 AND account = $2");
            let row = self.row(query.bind(self.creator).bind(address(&who))).await?;
            let found = row.map_or(Ok(0), |row| amount_of(column(&row, "balance")?))?;
            self.balances.insert(who, found);
        }
        Ok(self.balances.entry(who).or_default())
    }

    pub(super) fn set_stake(&mut self, fan: AccountId, stake: StakeRecord) {
        self.stakes.insert(fan, stake);
    }

    pub(super) async fn tipper(&mut self, fan: AccountId, asset: &Asset) -> Result<&mut TipperState, IndexError> {
        let key = (fan, asset_text(asset));
        if !self.tippers.contains_key(&key) {
            let query = sqlx::query("SELECT * FROM tippers WHERE creator = $1 AND account = $2 AND asset = $3");
            let row = self.row(query.bind(self.creator).bind(address(&fan)).bind(&key.1)).await?;
            let found = row.map(|row| {
                Ok::<_, IndexError>(TipperState {
                    total: amount_of(column(&row, "total")?)?,
                    tips: number(column(&row, "tips")?)?,
                    last: number(column(&row, "last_time")?)?,
                })
            });
            self.tippers.insert(key.clone(), found.transpose()?.unwrap_or_default());
        }
        Ok(self.tippers.entry(key).or_default())
    }

    pub(super) async fn content(&mut self, id: u32) -> Result<Option<ContentRecord>, IndexError> {
        if let Some(known) = self.contents.get(&id) {
            return Ok(known.clone());
        }
        let query = sqlx::query("SELECT * FROM contents WHERE creator = $1 AND content = $2");
        let row = self.row(query.bind(self.creator).bind(integer(id))).await?;
        let found = row.as_ref().map(content_of).transpose()?;
        self.contents.insert(id, found.clone());
        Ok(found)
    }

    pub(super) fn set_content(&mut self, content: ContentRecord) {
        self.contents.insert(content.content, Some(content));
    }

    pub(super) fn add_purchase(&mut self, id: u32, recipient: AccountId, payer: AccountId, price: u128, time: u64) {
        self.purchases.insert((id, recipient), PurchaseState { payer, price, time });
    }
}

/// Reads a row of `tiers`.
pub(crate) fn tier_of(row: &AnyRow) -> Result<TierRecord, IndexError> {
    Ok(TierRecord {
        tier: number(column(row, "tier")?)?,
        asset: asset_of(column(row, "asset")?)?,
        price: amount_of(column(row, "price")?)?,
        period: number(column(row, "period")?)?,
        level: number(column(row, "level")?)?,
        open: column::<i64>(row, "open")? != 0,
    })
}

/// Reads a row of `contents`.
pub(crate) fn content_of(row: &AnyRow) -> Result<ContentRecord, IndexError> {
    let price: Option<&str> = column(row, "price")?;
    Ok(ContentRecord {
        content: number(column(row, "content")?)?,
        uri: column(row, "uri")?,
        price: price.map(amount_of).transpose()?,
        release: number(column(row, "release_time")?)?,
        retired: column::<i64>(row, "retired")? != 0,
        published: number(column(row, "published")?)?,
    })
}

fn member_of(row: &AnyRow) -> Result<MemberState, IndexError> {
    let refund: Option<&str> = column(row, "refund")?;
    Ok(MemberState {
        subscription: subscription_of(row)?,
        payer: account_of(column(row, "payer")?)?,
        ended: column(row, "ended")?,
        refunded: refund.map(amount_of).transpose()?,
    })
}
