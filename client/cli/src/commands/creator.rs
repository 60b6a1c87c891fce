//! Commands of creators.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use patronage::{
    actions::{income, launch::Launching, tiers},
    contracts,
    deployment::Deployment,
    error::Error,
    launch::Launch as LaunchFile,
    report::Report,
};
use patronage_chain::units::{parse_duration, parse_part};
use patronage_interfaces::{
    vault::{PatronageVault, Share, TierTerms},
    AccountId,
};

use super::{
    context::{at, Context},
    currency::{Currency, Others},
    transaction::{self, ReceiptView},
    Global,
};

/// A launch.
#[derive(Args)]
#[command(after_help = "\
Examples:
  patronage launch examples/creator.toml --dry-run     shows terms and costs, and sends nothing
  patronage launch examples/creator.toml
Run an interrupted launch again to resume it. The rules of content in the file have the form of `patronage publish --rule`.")]
pub struct Launch {
    /// The launch file: copy examples/creator.toml and change it.
    file: PathBuf,
    /// Distinguishes launches that are equal otherwise.
    #[arg(long, value_name = "TEXT", default_value = "")]
    salt: String,
}

impl Launch {
    /// Runs it.
    pub fn run(self, global: &Global) -> Result<(), Error> {
        let mut context = Context::open(global)?;
        let launch = LaunchFile::read(&self.file, &mut *context.chain);
        let launch = launch.map_err(|error| Error::Request(error.to_string()))?;
        let creator = context.account(&launch.creator)?;
        if let Some(text) = &global.signer {
            if context.account(text)? != creator {
                return Err(Error::Request(format!(
                    "the launch file names {} as the creator, and --as names {text}: change one of them",
                    launch.creator
                )));
            }
        }
        let launching = Launching::new(&launch, creator, &self.salt, context.chain.properties().width)?;
        let deployment = planned(&mut context, &launching)?;
        let signer = context.signer_named(&launch.creator)?;
        let path = context.deployment_path().to_owned();
        let mut client = launching.client(&mut *context.chain, deployment.clone());
        let plan = launching.plan(&mut client)?;
        let dependent = plan.dependent_count();
        let note = (dependent > 0).then(|| format!("for the first transactions; up to {dependent} more follow"));
        if !transaction::propose(global, &mut client, &signer, &plan, (note.as_deref(), !global.yes))? {
            return Ok(());
        }
        // Written before anything is sent, so that an interrupted launch can be resumed.
        deployment.write(&path).map_err(Error::Request)?;
        let quote = plan.quote.clone();
        let cost = transaction::execute(global, &mut client, &signer, plan)?.cost;
        let report = Report::new("launched")
            .account("token", deployment.contracts.token)
            .account("vault", deployment.contracts.vault)
            .account("registry", deployment.contracts.registry)
            .text("written_to", path.display().to_string());
        let fields = vec![("launched", report.json())];
        let view = ReceiptView { quote: &quote, cost, fields, summary: Some(report), events: Vec::new() };
        view.show(global, client.chain)
    }
}

/// The deployment of the launch. Reads it from the file if an earlier run has written it. The file of another launch must not be
/// overwritten, because its addresses would be lost.
fn planned(context: &mut Context<'_>, launching: &Launching<'_>) -> Result<Deployment, Error> {
    let genesis = context.chain.properties().genesis;
    let block = context.chain.block()?;
    if !context.deployment_path().exists() {
        return Ok(launching.deployment(genesis, block));
    }
    let there = Deployment::read(context.deployment_path(), &genesis).map_err(Error::Request)?;
    if there.is_outdated(context.chain.properties(), block) {
        return Ok(launching.deployment(genesis, block));
    }
    match there.contracts == launching.contracts() {
        true => Ok(there),
        false => Err(Error::Request(format!(
            "{} belongs to another launch: name another file with --deployment",
            context.deployment_path().display()
        ))),
    }
}

/// Earnings to collect.
#[derive(Args)]
#[command(after_help = "Examples:\n  patronage collect --as mira\n  patronage collect Listener --as mira")]
pub struct Collect {
    /// Names or numbers of tiers. Without them, all tiers and the token's fees.
    tiers: Vec<String>,
}

impl Collect {
    /// Runs it.
    pub fn run(self, global: &Global) -> Result<(), Error> {
        Context::open(global)?.act(|client, from| {
            let mut ids = self.tiers.iter().map(|tier| client.find_tier(tier)).collect::<Result<Vec<_>, _>>()?;
            // A tier can be named twice, by its name and by its number.
            ids.sort_unstable();
            ids.dedup();
            income::collect(client, from, &ids)
        })
    }
}

/// Amounts to claim.
#[derive(Args)]
#[command(after_help = "Examples:\n  patronage claim --as mira\n  patronage claim --token 5Ea9... --as mira")]
pub struct Claim {
    #[command(flatten)]
    others: Others,
}

impl Claim {
    /// Runs it.
    pub fn run(self, global: &Global) -> Result<(), Error> {
        Context::open(global)?.act(|client, who| {
            let others = self.others.tokens()?;
            income::claim(client, who, &others)
        })
    }
}

/// The splits of the income.
#[derive(Args)]
#[command(after_help = "\
Examples:
  patronage splits                                 shows the splits
  patronage splits set mira=80% juno=20% --as mira
  patronage splits set mira=75% juno=20% --stakers 5% --as mira     stakers share 5 %
  patronage splits lock 180d --as mira             locks the splits for 180 days")]
pub struct Splits {
    #[command(subcommand)]
    command: Option<SplitsCommand>,
}

#[derive(Subcommand)]
enum SplitsCommand {
    /// Sets the splits of later income. Income that was collected before is not affected.
    Set {
        /// Recipients with their shares, such as mira=80% or mira=8000bp (basis points).
        #[arg(required = true, value_name = "ACCOUNT=PART")]
        shares: Vec<String>,
        /// The stakers' share, such as 5%. Default 0. While nobody is staked, the recipients share all income.
        #[arg(long, value_name = "PART")]
        stakers: Option<String>,
    },
    /// Locks the splits. A lock can't be shortened.
    Lock {
        /// The duration, such as 180d.
        duration: String,
    },
}

impl Splits {
    /// Runs it.
    pub fn run(self, global: &Global) -> Result<(), Error> {
        let mut context = Context::open(global)?;
        match self.command {
            None => {
                let report = income::splits(&mut context.client()?)?;
                context.show(&report)
            }
            Some(SplitsCommand::Set { shares, stakers }) => {
                let shares = shares.iter().map(|text| share(&context, text)).collect::<Result<Vec<_>, _>>()?;
                let stakers = stakers.as_deref().map(parse_part).transpose().map_err(at("--stakers"))?.unwrap_or(0);
                context.act(|client, _| income::set_splits(client, shares, stakers))
            }
            Some(SplitsCommand::Lock { duration }) => {
                let duration = parse_duration(&duration).map_err(Error::Request)?;
                context.act(|client, _| income::lock_splits(client, duration))
            }
        }
    }
}

fn share(context: &Context<'_>, text: &str) -> Result<Share<AccountId>, Error> {
    let wrong = |why: &str| Error::Request(format!("\"{text}\" is not a share: {why}"));
    let (account, part) = text.split_once('=').ok_or_else(|| wrong("write mira=80% or mira=8000bp"))?;
    Ok(Share { recipient: context.account(account)?, bp: parse_part(part).map_err(|why| wrong(&why))? })
}

/// Tiers.
#[derive(Args)]
#[command(after_help = "\
Examples:
  patronage tiers
  patronage tiers add Patron --price 50 --period 30d --level 3 --as mira
  patronage tiers add Guest --price 9 --period 30d --minimum-stay 7d --level 1 --as mira
  patronage tiers add Insider --price 20 --in-tokens --period 30d --level 2 --as mira
  patronage tiers change Patron --price 60 --as mira            existing subscriptions keep their price
  patronage tiers change Patron --close --as mira")]
pub struct Tiers {
    #[command(subcommand)]
    command: Option<TiersCommand>,
}

#[derive(Subcommand)]
enum TiersCommand {
    /// Adds a tier.
    Add {
        /// Its name, which must be unique.
        name: String,
        /// Price of a period.
        #[arg(long)]
        price: String,
        #[command(flatten)]
        currency: Currency,
        /// Length of a period, such as 30d. It can't be changed later.
        #[arg(long)]
        period: String,
        /// Level for access rules, from 1. It can't be changed later.
        #[arg(long)]
        level: u8,
        /// Maximum number of members at a time.
        #[arg(long)]
        seats: Option<u32>,
        /// Minimum stay, such as 7d, at most a period. The price of this time is not refunded to a fan who cancels earlier. It can't be
        /// changed later.
        #[arg(long, value_name = "DURATION")]
        minimum_stay: Option<String>,
        /// Address of a page about it.
        #[arg(long, default_value = "")]
        uri: String,
    },
    /// Changes the terms for new subscriptions.
    Change {
        /// Name or number of the tier, such as 1, or '#1' where another tier is called 1.
        tier: String,
        /// Price of a period.
        #[arg(long)]
        price: Option<String>,
        /// Maximum number of members at a time, or `any`.
        #[arg(long)]
        seats: Option<String>,
        /// Closes the tier for new subscriptions.
        #[arg(long, conflicts_with = "open")]
        close: bool,
        /// Opens the tier for new subscriptions.
        #[arg(long)]
        open: bool,
        /// Address of a page about it.
        #[arg(long)]
        uri: Option<String>,
    },
}

impl Tiers {
    /// Runs it.
    pub fn run(self, global: &Global) -> Result<(), Error> {
        let mut context = Context::open(global)?;
        match self.command {
            None => {
                let report = tiers::list(&mut context.client()?)?;
                context.show(&report)
            }
            Some(TiersCommand::Add { name, price, currency, period, level, seats, minimum_stay, uri }) => {
                let minimum_stay = minimum_stay.as_deref().map(parse_duration).transpose();
                let minimum_stay = minimum_stay.map_err(at("--minimum-stay"))?.unwrap_or(0);
                let period = parse_duration(&period).map_err(at("--period"))?;
                let count = {
                    let mut client = context.client()?;
                    let vault = client.contracts().vault;
                    client.query(contracts::vault(vault).tier_count())?
                };
                context.act_and(
                    |client, _| {
                        let asset = currency.asset(client)?;
                        let price = client.unit(&asset)?.parse(&price).map_err(at("--price"))?;
                        let uri = uri.into_bytes();
                        let terms = TierTerms { asset, price, period, level, seats, minimum_stay, uri };
                        tiers::add(client, &name, terms)
                    },
                    |deployment| {
                        // The names of tiers that were added without this file are not known.
                        if deployment.tiers.len() < count as usize {
                            deployment.tiers.resize(count as usize, String::new());
                        }
                        deployment.tiers.push(name.clone());
                        Ok(())
                    },
                )
            }
            Some(TiersCommand::Change { tier, price, seats, close, open, uri }) => {
                let wrong =
                    |text: &str| Error::Request(format!("--seats: \"{text}\" is not a number: write one, or `any`"));
                let seats = match seats.as_deref() {
                    None => None,
                    Some("any") => Some(None),
                    Some(text) => Some(Some(text.parse().map_err(|_| wrong(text))?)),
                };
                let open = (close || open).then_some(open);
                let change = tiers::Change { price, seats, open, uri };
                if change == tiers::Change::default() {
                    return Err(Error::Request(
                        "nothing to change: give --price, --seats, --open, --close or --uri".to_owned(),
                    ));
                }
                context.act(|client, _| {
                    let id = client.find_tier(&tier)?;
                    tiers::update(client, id, &change)
                })
            }
        }
    }
}
