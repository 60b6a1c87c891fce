//! Commands that read the index: members, statement, history, and who gives or holds most.

use std::collections::BTreeMap;

use clap::{Args, Subcommand, ValueEnum};
use patronage::{client::Client, error::Error};
use patronage_chain::{
    accounts::address,
    units::{format_time, parse_date, parse_duration, Unit},
};
use patronage_indexer::{
    model::{Entry, Kind, Member},
    query::{EntryFilter, MemberFilter, MemberOrder, Page, Span},
    IndexError,
};
use patronage_interfaces::{vault::Asset, AccountId};

use super::{
    context::{self, at, Context},
    currency::Currency,
    indexed::{failed, IndexArguments, OpenIndex},
    table::{Cell, Format, Table},
    Global,
};

/// Number of rows that are asked for at once.
const PAGE: u32 = 500;

/// Reads all pages of a list.
fn all<T, K: Clone>(
    open: &OpenIndex,
    page: impl AsyncFn(Option<K>) -> Result<Page<T, K>, IndexError>,
    most: usize,
) -> Result<Vec<T>, Error> {
    let mut items = Vec::new();
    let mut after = None;
    loop {
        let Page { items: more, next } = open.runtime.block_on(page(after)).map_err(failed)?;
        items.extend(more);
        if next.is_none() || items.len() >= most {
            items.truncate(most);
            return Ok(items);
        }
        after = next;
    }
}

/// Units of assets, each asked for once. Symbols of foreign tokens come with the token's address.
struct Units<'c, 'a>(&'c mut Client<'a>, BTreeMap<Option<AccountId>, Unit>);

impl Units<'_, '_> {
    fn of(&mut self, asset: &Asset) -> Unit {
        let key = match asset {
            Asset::Native => None,
            Asset::Psp22(token) => Some(*token),
        };
        let Self(client, known) = self;
        known
            .entry(key)
            .or_insert_with(|| match key {
                None => client.units.native.clone(),
                // History can be shown, also if a token no longer answers.
                Some(token) => client.token_unit(token),
            })
            .clone()
    }
}

fn token_of(asset: &Asset) -> Cell {
    match asset {
        Asset::Native => Cell::Empty,
        Asset::Psp22(token) => Cell::Text(address(token)),
    }
}

/// Which members are listed, and how.
#[derive(Args)]
pub struct List {
    /// Only members of the tier with this name or number.
    #[arg(long)]
    tier: Option<String>,
    /// Only members whose time runs out within this duration, such as 7d.
    #[arg(long, value_name = "DURATION", conflicts_with = "lapsed")]
    expiring: Option<String>,
    /// Former members: whose time ran out, and who left.
    #[arg(long)]
    lapsed: bool,
    /// The order: who ends first, who has been a member longest, or who has paid most.
    #[arg(long, value_enum, default_value_t = Sort::End)]
    sort: Sort,
    #[command(flatten)]
    index: IndexArguments,
    #[command(flatten)]
    format: Format,
}

/// An order of members.
#[derive(Clone, Copy, ValueEnum)]
enum Sort {
    /// The first to end.
    End,
    /// The longest membership.
    Since,
    /// The largest payment.
    Paid,
}

impl List {
    /// Lists the members.
    pub fn run(self, global: &Global) -> Result<(), Error> {
        let mut context = Context::open(global)?;
        let open = self.index.open(&mut context)?;
        let names = context::names(&*context.chain);
        let mut client = context.client()?;
        let now = client.chain.time()?;
        let expiring = self.expiring.as_deref().map(parse_duration).transpose().map_err(at("--expiring"))?;
        let filter = MemberFilter {
            now,
            tier: self.tier.as_deref().map(|tier| client.find_tier(tier)).transpose()?,
            expiring_before: expiring.map(|length| now.saturating_add(length)),
            lapsed: self.lapsed,
            order: match self.sort {
                Sort::End => MemberOrder::End,
                Sort::Since => MemberOrder::Since,
                Sort::Paid => MemberOrder::Paid,
            },
        };
        let id = open.followed.id;
        let members = all(&open, async |after| open.index.members(id, &filter, after, PAGE).await, usize::MAX)?;
        let mut units = Units(&mut client, BTreeMap::new());
        let rows = members.iter().map(|member| member_row(member, now, &mut units)).collect::<Result<_, _>>()?;
        let table = Table { name: "members", columns: MEMBER_COLUMNS, shown: MEMBER_SHOWN, rows };
        table.write(global, &self.format, &names)
    }
}

const MEMBER_COLUMNS: &[&str] = &[
    "fan",
    "tier",
    "tier_name",
    "level",
    "since",
    "until",
    "state",
    "price",
    "paid",
    "refundable",
    "currency",
    "token",
    "payer",
    "prunable_from",
];
const MEMBER_SHOWN: &[&str] = &["fan", "tier_name", "since", "until", "state", "price", "refundable", "prunable_from"];

fn member_row(member: &Member, now: u64, units: &mut Units<'_, '_>) -> Result<Vec<Cell>, Error> {
    let held = &member.subscription;
    let unit = units.of(&member.asset);
    let amount = |amount| match held.is_grant() {
        true => Cell::Empty,
        false => Cell::Amount(amount, false, unit.clone()),
    };
    let state = match &member.ended {
        Some(why) => why.clone(),
        None if !member.runs(now) => "expired".to_owned(),
        None if held.is_grant() => "granted".to_owned(),
        None if member.is_gift() => "gift".to_owned(),
        None => "paid".to_owned(),
    };
    // The seat of an expired subscription is taken until somebody frees it.
    let prunable = match member.ended.is_none() && !member.runs(now) {
        true => Cell::Time(units.0.tier(held.tier)?.0.prunable_from(held)),
        false => Cell::Empty,
    };
    Ok(vec![
        Cell::Account(member.fan),
        Cell::Number(held.tier.into()),
        Cell::Text(units.0.tier_name(held.tier)),
        Cell::Number(held.level.into()),
        Cell::Time(held.since),
        Cell::Time(held.stream.end),
        Cell::Text(state),
        amount(held.stream.price),
        amount(held.stream.paid),
        amount(member.refundable),
        Cell::Text(unit.symbol.clone()),
        token_of(&member.asset),
        Cell::Account(member.payer),
        prunable,
    ])
}

/// A statement of income.
#[derive(Args)]
#[command(after_help = "\
Examples:
  patronage statement                                        everything since the launch
  patronage statement --from 2026-01-01 --to 2027-01-01 --csv --out 2026.csv
  patronage statement --by month                             income and payouts, added up
The column amount is the creator's money: income, and with a minus sign what recipients were paid. The column paid is money of fans: for
subscriptions, until it is collected, and for creator tokens. Times are in UTC.")]
pub struct Statement {
    /// The first day or time, such as 2026-01-01.
    #[arg(long, value_name = "TIME")]
    from: Option<String>,
    /// The first day or time after the statement, such as 2027-01-01.
    #[arg(long, value_name = "TIME")]
    to: Option<String>,
    /// Adds up income and payouts.
    #[arg(long, value_enum)]
    by: Option<By>,
    #[command(flatten)]
    index: IndexArguments,
    #[command(flatten)]
    format: Format,
}

/// A span of time.
#[derive(Clone, Copy, ValueEnum)]
enum By {
    /// A day in UTC.
    Day,
    /// A month in UTC.
    Month,
}

impl Statement {
    /// Writes it.
    pub fn run(self, global: &Global) -> Result<(), Error> {
        let from = self.from.as_deref().map(parse_date).transpose().map_err(at("--from"))?;
        let to = self.to.as_deref().map(parse_date).transpose().map_err(at("--to"))?;
        if from.zip(to).is_some_and(|(from, to)| from >= to) {
            return Err(Error::Request(
                "--to: it is not later than --from: name the first day after the statement".to_owned(),
            ));
        }
        let mut context = Context::open(global)?;
        let open = self.index.open(&mut context)?;
        let names = context::names(&*context.chain);
        let mut client = context.client()?;
        let mut units = Units(&mut client, BTreeMap::new());
        let id = open.followed.id;
        let Some(by) = self.by else {
            let filter = EntryFilter { money: true, from, to, ..EntryFilter::default() };
            let entries = all(&open, async |after| open.index.entries(id, &filter, after, PAGE).await, usize::MAX)?;
            let rows = entries.iter().map(|entry| entry_row(entry, &mut units)).collect();
            let table = Table { name: "statement", columns: ENTRY_COLUMNS, shown: ENTRY_SHOWN, rows };
            return table.write(global, &self.format, &names);
        };
        let (span, length) = match by {
            By::Day => (Span::Day, "2026-01-01".len()),
            By::Month => (Span::Month, "2026-01".len()),
        };
        let totals = open.runtime.block_on(open.index.totals(id, span, from, to)).map_err(failed)?;
        let rows = totals.iter().map(|total| {
            let unit = units.of(&total.asset);
            vec![
                Cell::Text(format_time(total.time).chars().take(length).collect::<String>()),
                Cell::Text(total.kind.name().to_owned()),
                Cell::Amount(total.amount, total.kind.sign() < 0, unit.clone()),
                Cell::Text(unit.symbol),
                token_of(&total.asset),
                Cell::Number(total.events),
            ]
        });
        let columns = &["when", "what", "amount", "currency", "token", "events"];
        let shown = &["when", "what", "amount", "events"];
        Table { name: "statement", columns, shown, rows: rows.collect() }.write(global, &self.format, &names)
    }
}

const ENTRY_COLUMNS: &[&str] = &[
    "time",
    "block",
    "what",
    "account",
    "other",
    "amount",
    "currency",
    "token",
    "paid",
    "fee",
    "creator_tokens",
    "tier",
    "tier_name",
    "content",
    "title",
    "until",
    "note",
];
const ENTRY_SHOWN: &[&str] =
    &["time", "what", "account", "amount", "paid", "fee", "creator_tokens", "tier_name", "title", "note"];

fn entry_row(entry: &Entry, units: &mut Units<'_, '_>) -> Vec<Cell> {
    let asset = entry.asset.unwrap_or(Asset::Native);
    let unit = units.of(&asset);
    let amount = |amount: Option<u128>, out: bool| match amount {
        Some(amount) => Cell::Amount(amount, out, unit.clone()),
        None => Cell::Empty,
    };
    let sign = entry.kind.sign();
    // Money of fans: what they get back has a minus sign.
    let back = matches!(entry.kind, Kind::Sold | Kind::Ended | Kind::Withdrawn);
    let tokens = units.0.units.token.clone();
    let currency = entry.amount.map(|_| unit.symbol.clone());
    vec![
        Cell::Time(entry.time),
        Cell::Number(entry.place.block.into()),
        Cell::Text(entry.kind.name().to_owned()),
        Cell::Account(entry.account),
        Cell::account(entry.other),
        amount(entry.amount.filter(|_| sign != 0), sign < 0),
        Cell::text(currency),
        if entry.amount.is_some() { token_of(&asset) } else { Cell::Empty },
        amount(entry.amount.filter(|_| sign == 0), back),
        amount(entry.fee, false),
        entry.tokens.map_or(Cell::Empty, |amount| Cell::Amount(amount, false, tokens)),
        Cell::number(entry.tier),
        Cell::text(entry.tier.map(|tier| units.0.tier_name(tier))),
        Cell::number(entry.content),
        Cell::text(entry.content.map(|content| units.0.content_name(content))),
        entry.until.map_or(Cell::Empty, Cell::Time),
        Cell::text(entry.note.clone()),
    ]
}

/// The history of an account.
#[derive(Args)]
#[command(after_help = "Example:\n  patronage history ana        everything that concerns ana, the newest first")]
pub struct History {
    /// The account.
    account: String,
    /// Maximum number of entries.
    #[arg(long, default_value_t = 100)]
    limit: usize,
    #[command(flatten)]
    index: IndexArguments,
    #[command(flatten)]
    format: Format,
}

impl History {
    /// Shows it.
    pub fn run(self, global: &Global) -> Result<(), Error> {
        let mut context = Context::open(global)?;
        let account = context.account(&self.account)?;
        let open = self.index.open(&mut context)?;
        let names = context::names(&*context.chain);
        let mut client = context.client()?;
        let filter = EntryFilter { account: Some(account), newest_first: true, ..EntryFilter::default() };
        let id = open.followed.id;
        let entries = all(&open, async |after| open.index.entries(id, &filter, after, PAGE).await, self.limit)?;
        let mut units = Units(&mut client, BTreeMap::new());
        let rows = entries.iter().map(|entry| entry_row(entry, &mut units)).collect();
        Table { name: "history", columns: ENTRY_COLUMNS, shown: ENTRY_SHOWN, rows }.write(global, &self.format, &names)
    }
}

/// Who gives or holds most.
#[derive(Args)]
#[command(after_help = "\
Examples:
  patronage top tippers                 the largest sums of tips in the chain's own token
  patronage top tippers --in-tokens     in creator tokens
  patronage top holders --limit 50")]
pub struct Top {
    #[command(subcommand)]
    list: Ranking,
}

/// What is compared.
#[derive(Subcommand)]
enum Ranking {
    /// Sums of tips.
    Tippers {
        #[command(flatten)]
        currency: Currency,
        #[command(flatten)]
        options: TopOptions,
    },
    /// Creator tokens, without those that are staked.
    Holders {
        #[command(flatten)]
        options: TopOptions,
    },
    /// Staked creator tokens.
    Stakers {
        #[command(flatten)]
        options: TopOptions,
    },
}

#[derive(Args)]
struct TopOptions {
    /// Maximum number of accounts.
    #[arg(long, default_value_t = 20)]
    limit: usize,
    #[command(flatten)]
    index: IndexArguments,
    #[command(flatten)]
    format: Format,
}

impl Top {
    /// Shows the list.
    pub fn run(self, global: &Global) -> Result<(), Error> {
        let mut context = Context::open(global)?;
        let (Ranking::Tippers { options, .. } | Ranking::Holders { options } | Ranking::Stakers { options }) =
            &self.list;
        let open = options.index.open(&mut context)?;
        let names = context::names(&*context.chain);
        let mut client = context.client()?;
        let (id, vault) = (open.followed.id, open.followed.contracts.vault);
        let token = client.units.token.clone();
        let (name, unit, ranked) = match &self.list {
            Ranking::Tippers { currency, .. } => {
                let asset = currency.asset(&mut client)?;
                let page = async |after| open.index.top_tippers(id, &asset, after, PAGE).await;
                ("tippers", client.unit(&asset)?, all(&open, page, options.limit)?)
            }
            Ranking::Holders { .. } => {
                let page = async |after| open.index.top_holders(id, &vault, after, PAGE).await;
                ("holders", token, all(&open, page, options.limit)?)
            }
            Ranking::Stakers { .. } => {
                let page = async |after| open.index.top_stakers(id, after, PAGE).await;
                ("stakers", token, all(&open, page, options.limit)?)
            }
        };
        let rows = ranked.iter().zip(1..).map(|(one, rank)| {
            let amount = Cell::Amount(one.amount, false, unit.clone());
            vec![
                Cell::Number(rank),
                Cell::Account(one.account),
                amount,
                Cell::Text(unit.symbol.clone()),
                Cell::Number(one.count),
            ]
        });
        let columns = &["rank", "account", "amount", "currency", "count"];
        let shown: &[&str] =
            if name == "tippers" { &["rank", "account", "amount", "count"] } else { &["rank", "account", "amount"] };
        Table { name, columns, shown, rows: rows.collect() }.write(global, &options.format, &names)
    }
}
