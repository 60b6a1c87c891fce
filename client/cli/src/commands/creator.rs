//! What creators do.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use patronage::{
    actions::{income, launch::Launching, tiers},
    deployment::Deployment,
    launch::Launch as LaunchFile,
    report::Report,
    session::Failure,
    suite,
};
use patronage_chain::units::{parse_duration, parse_part};
use patronage_interfaces::{
    vault::{PatronageVault, Share, TierTerms},
    AccountId,
};

use super::{
    currency::{Currency, Others},
    desk::{at, Desk},
    transaction::{self, Receipt},
    Global,
};

/// A launch.
#[derive(Args)]
#[command(after_help = "\
Examples:
  patronage launch examples/creator.toml --dry-run     the terms and the costs, and nothing happens
  patronage launch examples/creator.toml
A launch that was interrupted goes on where it stopped when it is run again. Rules of content in the file are written as in
`patronage publish --rule`.")]
pub struct Launch {
    /// The launch file: copy examples/creator.toml and change it.
    file: PathBuf,
    /// Tells apart launches that are the same in everything else.
    #[arg(long, value_name = "TEXT", default_value = "")]
    salt: String,
}

impl Launch {
    /// Runs it.
    pub fn run(self, global: &Global) -> Result<(), Failure> {
        let mut desk = Desk::open(global)?;
        let launch = LaunchFile::read(&self.file, &mut *desk.chain);
        let launch = launch.map_err(|error| Failure::Request(error.to_string()))?;
        let creator = desk.account(&launch.creator)?;
        if let Some(text) = &global.signer {
            if desk.account(text)? != creator {
                return Err(Failure::Request(format!(
                    "the launch file says that {} launches, and --as says {text}: change one of them",
                    launch.creator
                )));
            }
        }
        let launching = Launching::new(&launch, creator, &self.salt, desk.chain.properties().width)?;
        let deployment = planned(&mut desk, &launching)?;
        let signer = desk.signer_named(&launch.creator)?;
        let path = desk.suite().to_owned();
        let mut session = launching.session(&mut *desk.chain, deployment.clone());
        let plan = launching.plan(&mut session)?;
        let later = plan.untried();
        let note = (later > 0).then(|| format!("for the contracts; up to {later} small transactions follow"));
        if !transaction::propose(global, &mut session, &signer, &plan, (note.as_deref(), !global.yes))? {
            return Ok(());
        }
        // Before anything is sent, so that an interrupted launch is known by it.
        deployment.write(&path).map_err(Failure::Request)?;
        let quote = plan.quote.clone();
        let cost = transaction::carry_out(global, &mut session, &signer, plan)?.cost;
        let report = Report::new("launched")
            .account("token", deployment.suite.token)
            .account("vault", deployment.suite.vault)
            .account("registry", deployment.suite.registry)
            .text("written_to", path.display().to_string());
        let fields = vec![("launched", report.json())];
        let receipt = Receipt { quote: &quote, cost, fields, summary: Some(report), told: Vec::new() };
        receipt.show(global, session.chain)
    }
}

/// What is written down of a launch: by an earlier run, if there was one. The file of another launch must not be written over,
/// as it is how that is found again.
fn planned(desk: &mut Desk<'_>, launching: &Launching<'_>) -> Result<Deployment, Failure> {
    let genesis = desk.chain.properties().genesis;
    let block = desk.chain.block()?;
    if !desk.suite().exists() {
        return Ok(launching.deployment(genesis, block));
    }
    let there = Deployment::read(desk.suite(), &genesis).map_err(Failure::Request)?;
    if there.is_outlived(desk.chain.properties(), block) {
        return Ok(launching.deployment(genesis, block));
    }
    match there.suite == launching.suite() {
        true => Ok(there),
        false => Err(Failure::Request(format!(
            "{} belongs to another launch: name another file with --suite",
            desk.suite().display()
        ))),
    }
}

/// Earned money.
#[derive(Args)]
#[command(after_help = "Examples:\n  patronage collect --as mira\n  patronage collect Listener --as mira")]
pub struct Collect {
    /// Names or numbers of tiers; without any, all of them and the token's fees.
    tiers: Vec<String>,
}

impl Collect {
    /// Runs it.
    pub fn run(self, global: &Global) -> Result<(), Failure> {
        Desk::open(global)?.act(|session, from| {
            let mut ids = self.tiers.iter().map(|tier| session.find_tier(tier)).collect::<Result<Vec<_>, _>>()?;
            // A tier may be named twice, by its name and by its number.
            ids.sort_unstable();
            ids.dedup();
            income::collect(session, from, &ids)
        })
    }
}

/// What waits for the account.
#[derive(Args)]
#[command(after_help = "Examples:\n  patronage claim --as mira\n  patronage claim --token 5Ea9... --as mira")]
pub struct Claim {
    #[command(flatten)]
    others: Others,
}

impl Claim {
    /// Runs it.
    pub fn run(self, global: &Global) -> Result<(), Failure> {
        Desk::open(global)?.act(|session, who| {
            let others = self.others.tokens()?;
            income::claim(session, who, &others)
        })
    }
}

/// Who shares the income.
#[derive(Args)]
#[command(after_help = "\
Examples:
  patronage splits                                 who shares the income
  patronage splits set mira=80% juno=20% --as mira
  patronage splits set mira=75% juno=20% --stakers 5% --as mira     the fans who stake share 5 %
  patronage splits lock 180d --as mira             promises that nothing changes for so long")]
pub struct Splits {
    #[command(subcommand)]
    command: Option<SplitsCommand>,
}

#[derive(Subcommand)]
enum SplitsCommand {
    /// Shares income from now on in a new way. What was earned before stays whose it is.
    Set {
        /// Each recipient with a part, such as mira=80% or mira=8000bp (basis points).
        #[arg(required = true, value_name = "ACCOUNT=PART")]
        shares: Vec<String>,
        /// The part of the fans who stake, by stake and time, such as 5%; nothing without it. While nobody is staked, the others
        /// share all.
        #[arg(long, value_name = "PART")]
        stakers: Option<String>,
    },
    /// Promises not to change the splits for so long. Nobody can take it back.
    Lock {
        /// How long, such as 180d.
        duration: String,
    },
}

impl Splits {
    /// Runs it.
    pub fn run(self, global: &Global) -> Result<(), Failure> {
        let mut desk = Desk::open(global)?;
        match self.command {
            None => {
                let report = income::splits(&mut desk.session()?)?;
                desk.show(&report)
            }
            Some(SplitsCommand::Set { shares, stakers }) => {
                let shares = shares.iter().map(|text| share(&desk, text)).collect::<Result<Vec<_>, _>>()?;
                let stakers = stakers.as_deref().map(parse_part).transpose().map_err(at("--stakers"))?.unwrap_or(0);
                desk.act(|session, _| income::set_splits(session, shares, stakers))
            }
            Some(SplitsCommand::Lock { duration }) => {
                let duration = parse_duration(&duration).map_err(Failure::Request)?;
                desk.act(|session, _| income::lock_splits(session, duration))
            }
        }
    }
}

fn share(desk: &Desk<'_>, text: &str) -> Result<Share<AccountId>, Failure> {
    let wrong = |why: &str| Failure::Request(format!("\"{text}\" is no share: {why}"));
    let (account, part) = text.split_once('=').ok_or_else(|| wrong("write mira=80% or mira=8000bp"))?;
    Ok(Share { recipient: desk.account(account)?, bp: parse_part(part).map_err(|why| wrong(&why))? })
}

/// What is on offer.
#[derive(Args)]
#[command(after_help = "\
Examples:
  patronage tiers
  patronage tiers add Patron --price 50 --period 30d --level 3 --as mira
  patronage tiers add Guest --price 9 --period 30d --minimum-stay 7d --level 1 --as mira
  patronage tiers add Insider --price 20 --in-tokens --period 30d --level 2 --as mira
  patronage tiers change Patron --price 60 --as mira            those who have it keep their price
  patronage tiers change Patron --close --as mira")]
pub struct Tiers {
    #[command(subcommand)]
    command: Option<TiersCommand>,
}

#[derive(Subcommand)]
enum TiersCommand {
    /// Offers a new tier.
    Add {
        /// Its name, for people: no other tier has the same.
        name: String,
        /// Price of a period.
        #[arg(long)]
        price: String,
        #[command(flatten)]
        currency: Currency,
        /// Length of a period, such as 30d. It never changes.
        #[arg(long)]
        period: String,
        /// Level that access rules ask for, from 1. It never changes.
        #[arg(long)]
        level: u8,
        /// Most subscribers at a time.
        #[arg(long)]
        seats: Option<u32>,
        /// How long a fan pays for in any case, such as 7d, at most a period: what it costs is not refunded to who cancels sooner.
        /// It never changes.
        #[arg(long, value_name = "DURATION")]
        minimum_stay: Option<String>,
        /// Address of a page about it.
        #[arg(long, default_value = "")]
        uri: String,
    },
    /// Changes what new subscriptions get.
    Change {
        /// Its name or number, such as 1, or '#1' where another tier is called 1.
        tier: String,
        /// Price of a period.
        #[arg(long)]
        price: Option<String>,
        /// Most subscribers at a time, or `any`.
        #[arg(long)]
        seats: Option<String>,
        /// Takes no new subscriptions.
        #[arg(long, conflicts_with = "open")]
        close: bool,
        /// Takes new subscriptions again.
        #[arg(long)]
        open: bool,
        /// Address of a page about it.
        #[arg(long)]
        uri: Option<String>,
    },
}

impl Tiers {
    /// Runs it.
    pub fn run(self, global: &Global) -> Result<(), Failure> {
        let mut desk = Desk::open(global)?;
        match self.command {
            None => {
                let report = tiers::list(&mut desk.session()?)?;
                desk.show(&report)
            }
            Some(TiersCommand::Add { name, price, currency, period, level, seats, minimum_stay, uri }) => {
                let minimum_stay = minimum_stay.as_deref().map(parse_duration).transpose();
                let minimum_stay = minimum_stay.map_err(at("--minimum-stay"))?.unwrap_or(0);
                let period = parse_duration(&period).map_err(at("--period"))?;
                let count = {
                    let mut session = desk.session()?;
                    let vault = session.suite().vault;
                    session.ask(suite::vault(vault).tier_count())?
                };
                desk.act_and(
                    |session, _| {
                        let asset = currency.asset(session)?;
                        let price = session.unit(&asset)?.parse(&price).map_err(at("--price"))?;
                        let uri = uri.into_bytes();
                        let terms = TierTerms { asset, price, period, level, seats, minimum_stay, uri };
                        tiers::add(session, &name, terms)
                    },
                    |deployment| {
                        // Tiers that others have added since have no name here.
                        if deployment.tiers.len() < count as usize {
                            deployment.tiers.resize(count as usize, String::new());
                        }
                        deployment.tiers.push(name.clone());
                        Ok(())
                    },
                )
            }
            Some(TiersCommand::Change { tier, price, seats, close, open, uri }) => {
                let wrong = |text: &str| Failure::Request(format!("--seats: \"{text}\" is no number, nor `any`"));
                let seats = match seats.as_deref() {
                    None => None,
                    Some("any") => Some(None),
                    Some(text) => Some(Some(text.parse().map_err(|_| wrong(text))?)),
                };
                let open = (close || open).then_some(open);
                let change = tiers::Change { price, seats, open, uri };
                if change == tiers::Change::default() {
                    return Err(Failure::Request(
                        "say what to change: --price, --seats, --open, --close or --uri".to_owned(),
                    ));
                }
                desk.act(|session, _| {
                    let id = session.find_tier(&tier)?;
                    tiers::update(session, id, &change)
                })
            }
        }
    }
}
