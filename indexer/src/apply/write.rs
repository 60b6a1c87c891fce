//! Writes the rows that a batch changed, many in a statement.

use patronage_chain::accounts::address;

use super::{state::State, Days};
use crate::{
    model::Entry,
    sql::Sql,
    stored::{amount_text, asset_text, integer},
    IndexError,
};

/// Maximum number of rows in a statement. With at most 17 columns it is far below the limits of both databases.
const ROWS: usize = 200;

/// A value of a row.
enum Value {
    Number(i64),
    Text(String),
    NoNumber,
    NoText,
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Number(number)
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<Option<i64>> for Value {
    fn from(number: Option<i64>) -> Self {
        number.map_or(Self::NoNumber, Self::Number)
    }
}

impl From<Option<String>> for Value {
    fn from(text: Option<String>) -> Self {
        text.map_or(Self::NoText, Self::Text)
    }
}

/// Makes a row of values.
macro_rules! row {
    ($($value:expr),* $(,)?) => { vec![$(Value::from($value)),*] };
}

/// Text of a stranger as both databases take it: PostgreSQL has no zero byte in text.
fn clean(text: &str) -> String {
    text.replace('\0', "\u{fffd}")
}

impl State<'_, '_> {
    /// Writes the entries and everything that has changed.
    pub(super) async fn write(mut self, entries: &[Entry], days: &Days) -> Result<(), IndexError> {
        let creator = self.creator;
        let rows = entries.iter().map(|entry| entry_row(creator, entry)).collect();
        let columns = "creator, block, position, time, kind, account, other, asset, amount, sign, fee, tokens, tier, content, note, \
                       until_time, money";
        self.insert("events", columns, rows, "").await?;
        let rows = entries.iter().flat_map(|entry| account_rows(creator, entry)).collect();
        self.insert("event_accounts", "creator, account, block, position", rows, "").await?;
        self.write_people().await?;
        self.write_offers().await?;
        let rows = days.iter().map(|((day, asset, kind), (amount, count))| {
            row![creator, integer(*day), asset.clone(), kind.name().to_owned(), amount_text(*amount), integer(*count)]
        });
        self.add_days(rows.collect()).await
    }

    async fn write_people(&mut self) -> Result<(), IndexError> {
        let creator = self.creator;
        let rows = self.members.iter().filter_map(|(fan, member)| {
            let member = member.as_ref()?;
            let held = &member.subscription;
            Some(row![
                creator,
                address(fan),
                integer(held.tier),
                integer(held.level),
                integer(held.since),
                integer(held.stream.start),
                integer(held.stream.end),
                amount_text(held.stream.price),
                amount_text(held.stream.paid),
                amount_text(held.stream.minimum),
                address(&member.payer),
                member.ended.clone(),
                member.refunded.map(amount_text),
            ])
        });
        let rows = rows.collect();
        let columns =
            "creator, fan, tier, level, since, started, until_time, price, paid, minimum, payer, ended, refund";
        self.insert("members", columns, rows, "creator, fan").await?;

        let rows = self.balances.iter().map(|(who, amount)| row![creator, address(who), amount_text(*amount)]);
        let rows = rows.collect();
        self.insert("holders", "creator, account, balance", rows, "creator, account").await?;

        let rows = self.stakes.iter().map(|(who, stake)| {
            row![creator, address(who), amount_text(stake.staked), amount_text(stake.unstaking), integer(stake.ready)]
        });
        let rows = rows.collect();
        self.insert("stakes", "creator, account, staked, unstaking, ready", rows, "creator, account").await?;

        let rows = self.tippers.iter().map(|((who, asset), tipper)| {
            let (tips, last) = (integer(tipper.tips), integer(tipper.last));
            row![creator, address(who), asset.clone(), amount_text(tipper.total), tips, last]
        });
        let rows = rows.collect();
        let columns = "creator, account, asset, total, tips, last_time";
        self.insert("tippers", columns, rows, "creator, account, asset").await?;

        let rows = self.purchases.iter().map(|((id, who), bought)| {
            let (payer, price) = (address(&bought.payer), amount_text(bought.price));
            row![creator, integer(*id), address(who), payer, price, integer(bought.time)]
        });
        let rows = rows.collect();
        let columns = "creator, content, account, payer, price, time";
        self.insert("purchases", columns, rows, "creator, content, account").await
    }

    async fn write_offers(&mut self) -> Result<(), IndexError> {
        let creator = self.creator;
        let rows = self.tiers.values().flatten().map(|tier| {
            let (period, level) = (integer(tier.period), integer(tier.level));
            let (asset, price) = (asset_text(&tier.asset), amount_text(tier.price));
            row![creator, integer(tier.tier), asset, price, period, level, i64::from(tier.open)]
        });
        let rows = rows.collect();
        let columns = "creator, tier, asset, price, period, level, open";
        self.insert("tiers", columns, rows, "creator, tier").await?;

        let rows = self.contents.values().flatten().map(|content| {
            row![
                creator,
                integer(content.content),
                clean(&content.uri),
                content.price.map(amount_text),
                integer(content.release),
                i64::from(content.retired),
                integer(content.published),
            ]
        });
        let rows = rows.collect();
        let columns = "creator, content, uri, price, release_time, retired, published";
        self.insert("contents", columns, rows, "creator, content").await
    }

    /// Inserts `rows`. With `key`, a row with the same key is replaced.
    async fn insert(&mut self, table: &str, columns: &str, rows: Vec<Vec<Value>>, key: &str) -> Result<(), IndexError> {
        let keys: Vec<&str> = key.split(", ").collect();
        let changed = columns.split(", ").map(str::trim).filter(|column| !keys.contains(column));
        let changed: Vec<String> = changed.map(|column| format!("{column} = excluded.{column}")).collect();
        let conflict = match key {
            "" => String::new(),
            key => format!(" ON CONFLICT ({key}) DO UPDATE SET {}", changed.join(", ")),
        };
        self.run(&format!("INSERT INTO {table} ({columns}) "), rows, &conflict).await
    }

    /// Adds to the sums of days. The sums are read first, as the databases can't add amounts of 128 bits.
    async fn add_days(&mut self, rows: Vec<Vec<Value>>) -> Result<(), IndexError> {
        let mut all = Vec::with_capacity(rows.len());
        for mut row in rows {
            if let [Value::Number(creator), Value::Number(day), Value::Text(asset), Value::Text(kind), Value::Text(amount), Value::Number(count)] =
                &mut row[..]
            {
                let found: Option<(String, i64)> = sqlx::query_as(
                    "SELECT amount, events FROM days WHERE creator = $1 AND day = $2 AND asset = $3 AND kind = $4",
                )
                .bind(*creator)
                .bind(*day)
                .bind(&*asset)
                .bind(&*kind)
                .fetch_optional(&mut **self.tx)
                .await
                .map_err(|error| IndexError::of(&self.name, &error))?;
                if let Some((before, events)) = found {
                    let sum = crate::stored::amount_of(&before)?.saturating_add(crate::stored::amount_of(amount)?);
                    *amount = amount_text(sum);
                    *count = count.saturating_add(events);
                }
            }
            all.push(row);
        }
        self.insert("days", "creator, day, asset, kind, amount, events", all, "creator, day, asset, kind").await
    }

    async fn run(&mut self, start: &str, rows: Vec<Vec<Value>>, end: &str) -> Result<(), IndexError> {
        let mut rows = rows.into_iter().peekable();
        while rows.peek().is_some() {
            let mut statement = Sql::new(format!("{start}VALUES "));
            for (number, row) in rows.by_ref().take(ROWS).enumerate() {
                statement.push(if number == 0 { "(" } else { ", (" });
                for (column, value) in row.into_iter().enumerate() {
                    if column > 0 {
                        statement.push(", ");
                    }
                    match value {
                        Value::Number(number) => statement.push_bind(number),
                        Value::Text(text) => statement.push_bind(text),
                        Value::NoNumber => statement.push_bind(None::<i64>),
                        Value::NoText => statement.push_bind(None::<String>),
                    };
                }
                statement.push(")");
            }
            statement.push(end);
            let done = statement.fetch_all(&mut **self.tx).await;
            done.map_err(|error| IndexError::of(&self.name, &error))?;
        }
        Ok(())
    }
}

fn entry_row(creator: i64, entry: &Entry) -> Vec<Value> {
    row![
        creator,
        integer(entry.place.block),
        integer(entry.place.position),
        integer(entry.time),
        entry.kind.name().to_owned(),
        address(&entry.account),
        entry.other.as_ref().map(address),
        entry.asset.as_ref().map(asset_text),
        entry.amount.map(amount_text),
        i64::from(entry.kind.sign()),
        entry.fee.map(amount_text),
        entry.tokens.map(amount_text),
        entry.tier.map(integer),
        entry.content.map(integer),
        entry.note.as_deref().map(clean),
        entry.until.map(integer),
        i64::from(entry.kind.is_money()),
    ]
}

/// The rows that find `entry` by the accounts concerned.
fn account_rows(creator: i64, entry: &Entry) -> Vec<Vec<Value>> {
    let other = entry.other.filter(|other| *other != entry.account);
    let place = (integer(entry.place.block), integer(entry.place.position));
    [Some(entry.account), other].iter().flatten().map(|who| row![creator, address(who), place.0, place.1]).collect()
}
