//! What is published: its terms, who may publish, the creator's lists, and buying.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use ink::scale::Encode;
use patronage::{
    actions::{content, registry},
    references::parse_number,
    rows::{self, Faults, Field, Once, Place, Row},
    session::{Failure, Session},
};
use patronage_chain::{accounts::parse_address, units::parse_time};
use patronage_interfaces::{registry::Audience, AccountId};

use super::{
    desk::{at, Desk},
    fan::optional,
    field,
    many::{Again, Checked, Many},
    publish::parse_rules,
    Global,
};

/// What is published.
#[derive(Args)]
#[command(after_help = "\
Examples:
  patronage content
  patronage content change \"New song\" --price 3 --as mira
  patronage content change \"New song\" --rule \"level 1\" --rule \"holds 20\" --as mira
  patronage content change \"New song\" --retire --as mira       those who bought it keep it
  patronage content enlist 1 ana ben --as mira                  for the rule \"listed 1\"
  patronage content enlist 1 --file backers.txt --as mira       an account on each line
  patronage content listed 1                                    who is on it
  patronage content appoint juno --as mira                      juno may publish
  patronage content managers                                    who may
  patronage content set-vault none --as mira                    nothing is for sale any more")]
pub struct Contents {
    #[command(subcommand)]
    command: Option<ContentsCommand>,
}

#[derive(Subcommand)]
enum ContentsCommand {
    /// Changes the terms of content. Nobody who has bought it loses it.
    Change {
        /// Its title or number, such as 3, or '#3' where another title is 3.
        content: String,
        /// What access for good costs, or `none` for not for sale.
        #[arg(long)]
        price: Option<String>,
        /// Opens from now on to whoever meets this rule, as in `publish`, and no other; can be given several times.
        #[arg(long = "rule", value_name = "CONDITIONS", conflicts_with = "everyone")]
        rules: Vec<String>,
        /// Opens to everyone.
        #[arg(long)]
        everyone: bool,
        /// Opens to nobody before this day, or before so long from now, or `none`.
        #[arg(long, value_name = "TIME")]
        release: Option<String>,
        /// Withdraws it.
        #[arg(long, conflicts_with = "offer")]
        retire: bool,
        /// Offers it again.
        #[arg(long)]
        offer: bool,
    },
    /// Puts accounts on a list, which rules can ask for.
    Enlist {
        /// Number of the list. It is there as soon as someone is on it.
        #[arg(value_parser = parse_number)]
        list: u32,
        #[command(flatten)]
        accounts: Accounts,
    },
    /// Takes accounts off a list.
    Delist {
        /// Number of the list.
        #[arg(value_parser = parse_number)]
        list: u32,
        #[command(flatten)]
        accounts: Accounts,
    },
    /// Shows who is on a list.
    Listed {
        /// Number of the list.
        #[arg(value_parser = parse_number)]
        list: u32,
        /// Whether these are; without any, everyone who is.
        accounts: Vec<String>,
    },
    /// Appoints a manager, who may publish and change what is published.
    Appoint {
        /// Who.
        account: String,
    },
    /// Dismisses a manager.
    Dismiss {
        /// Who.
        account: String,
    },
    /// Shows who may publish.
    Managers,
    /// Shows what a question of the registry to another contract may cost, or changes it. Needed only where a chain weighs
    /// computing or storage anew, and rules about a token or a vault no longer hold.
    Limits {
        /// Computing time in picoseconds.
        #[arg(long, value_name = "PS")]
        computing_time: Option<u64>,
        /// Size of the proof in bytes.
        #[arg(long, value_name = "BYTES")]
        proof: Option<u64>,
    },
    /// Names the vault that gets the money for what is bought from now on.
    SetVault {
        /// Its address, `own` for that of the launch, or `none`: then nothing is sold.
        vault: String,
    },
}

/// Many accounts.
#[derive(Args)]
struct Accounts {
    /// Who.
    #[arg(required_unless_present = "file")]
    accounts: Vec<String>,
    /// A file with an account on each line. It can have any number of them: they go out in as many transactions as it takes. The
    /// same command goes on where an earlier one was interrupted.
    #[arg(long, value_name = "FILE")]
    file: Option<PathBuf>,
}

impl Accounts {
    /// All of them, which are checked, once each, with the place of the first mention.
    fn all(&self, session: &Session<'_>) -> Result<Vec<(Place, AccountId)>, Failure> {
        let mut faults = Faults::new(self.file.as_deref());
        let argument = |(index, text): (usize, &String)| {
            vec![Field { place: Place::Argument(index.saturating_add(1)), text: text.clone() }]
        };
        let mut rows: Vec<Row> = self.accounts.iter().enumerate().map(argument).collect();
        if let Some(path) = &self.file {
            rows.extend(rows::read(path)?);
        }
        let (mut all, mut once) = (Vec::with_capacity(rows.len()), Once::default());
        for row in &rows {
            let [field] = row.as_slice() else {
                if let Some(second) = row.get(1) {
                    faults.add(second.place, "write one account on each line, and nothing else");
                }
                continue;
            };
            let account = faults.take(field.place, field::account(field, session.chain));
            // Being named twice changes nothing.
            all.extend(
                account.filter(|account| once.before(*account, field.place).is_none()).map(|to| (field.place, to)),
            );
        }
        faults.checked()?;
        match (all.is_empty(), &self.file) {
            (false, _) => Ok(all),
            (true, Some(path)) => Err(Failure::Request(format!("{}: nobody is named: say who", path.display()))),
            (true, None) => Err(Failure::Request("nobody is named: say who".to_owned())),
        }
    }
}

impl Contents {
    /// Runs it.
    pub fn run(self, global: &Global) -> Result<(), Failure> {
        let mut desk = Desk::open(global)?;
        match self.command {
            None => {
                let report = content::list(&mut desk.session()?)?;
                desk.show(&report)
            }
            Some(ContentsCommand::Change { content: text, price, rules, everyone, release, retire, offer }) => desk
                .act(|session, _| {
                    let price = match price.as_deref() {
                        None => None,
                        Some("none") => Some(None),
                        Some(text) => Some(Some(session.units.native.parse(text).map_err(at("--price"))?)),
                    };
                    let audience = match (everyone, rules.is_empty()) {
                        (true, _) => Some(Audience::Everyone),
                        (false, true) => None,
                        (false, false) => Some(Audience::AnyOf(parse_rules(&rules, session)?)),
                    };
                    let now = session.chain.time()?;
                    let release = match release.as_deref() {
                        None => None,
                        Some("none") => Some(0),
                        Some(text) => Some(parse_time(text, now).map_err(at("--release"))?),
                    };
                    let retired = (retire || offer).then_some(retire);
                    let change = content::Change { audience, release, price, retired };
                    if change == content::Change::default() {
                        let fields = "--rule, --everyone, --price, --release, --retire or --offer";
                        return Err(Failure::Request(format!("say what to change: {fields}")));
                    }
                    let id = session.find_content(&text)?;
                    content::change(session, id, change)
                }),
            Some(ContentsCommand::Enlist { list, accounts }) => set_listed(&mut desk, list, &accounts, true),
            Some(ContentsCommand::Delist { list, accounts }) => set_listed(&mut desk, list, &accounts, false),
            Some(ContentsCommand::Appoint { account }) => {
                let account = desk.account(&account)?;
                desk.act(|session, _| registry::set_manager(session, account, true))
            }
            Some(ContentsCommand::Dismiss { account }) => {
                let account = desk.account(&account)?;
                desk.act(|session, _| registry::set_manager(session, account, false))
            }
            Some(ContentsCommand::Listed { list, accounts }) => {
                let accounts = accounts.iter().map(|text| desk.account(text)).collect::<Result<Vec<_>, _>>()?;
                let report = registry::listed(&mut desk.session()?, list, &accounts)?;
                desk.show(&report)
            }
            Some(ContentsCommand::Managers) => {
                let report = registry::managers(&mut desk.session()?)?;
                desk.show(&report)
            }
            Some(ContentsCommand::Limits { computing_time: None, proof: None }) => {
                let report = registry::question_limits(&mut desk.session()?)?;
                desk.show(&report)
            }
            Some(ContentsCommand::Limits { computing_time, proof }) => {
                desk.act(|session, _| registry::set_question_limits(session, computing_time, proof))
            }
            Some(ContentsCommand::SetVault { vault }) => desk.act(|session, _| {
                let vault = match vault.as_str() {
                    "none" => None,
                    "own" => Some(session.suite().vault),
                    text => Some(parse_address(text).map_err(Failure::Request)?),
                };
                registry::set_vault(session, vault)
            }),
        }
    }
}

fn set_listed(desk: &mut Desk<'_>, list: u32, accounts: &Accounts, listed: bool) -> Result<(), Failure> {
    let done = if listed { "listed" } else { "taken off" };
    Many { file: accounts.file.as_deref(), again: Again::Harmless, done }.run(desk, |session, _| {
        let (places, accounts): (Vec<Place>, Vec<AccountId>) = accounts.all(session)?.into_iter().unzip();
        let digest = (list, listed, &accounts).using_encoded(sp_core::hashing::blake2_256);
        Ok(Checked {
            contract: session.suite().registry,
            // Whoever begins to take accounts off a list is not in the middle of putting them on it any more.
            task: format!("list {list}"),
            digest,
            places,
            make: Box::new(move |session, _, from| {
                let left = accounts.get(from..).unwrap_or_default().to_vec();
                Ok(registry::set_listed(session, list, left, listed))
            }),
        })
    })
}

/// Access for good.
#[derive(Args)]
#[command(after_help = "\
Examples:
  patronage purchase \"New song\" --as ana
  patronage purchase 3 --max-price 2 --for ben --as ana")]
pub struct Purchase {
    /// Title or number of the content, such as 3, or '#3' where another title is 3.
    content: String,
    /// Who gets access, if it is someone else.
    #[arg(long = "for", value_name = "ACCOUNT")]
    recipient: Option<String>,
    /// The most to pay. Without it, the price now.
    #[arg(long, value_name = "AMOUNT")]
    max_price: Option<String>,
}

impl Purchase {
    /// Runs it.
    pub fn run(self, global: &Global) -> Result<(), Failure> {
        let mut desk = Desk::open(global)?;
        let recipient = self.recipient.as_deref().map(|text| desk.account(text)).transpose()?;
        desk.act(|session, buyer| {
            let id = session.find_content(&self.content)?;
            let limit = optional(self.max_price.as_ref(), &session.units.native, "--max-price")?;
            content::purchase(session, id, recipient.unwrap_or(buyer), limit)
        })
    }
}
